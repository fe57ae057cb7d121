"""Plans of some weekly insertions: 16 vehicles in 10 weeks, prices that differ by week, a cap on each week's money."""

import numpy as np
import pytest

from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.availability import Availability
from models.rules.budget import Budget
from models.rules.week_limit import WeekLimit
from models.search.allocate import Settings, allocate

VEHICLES, WEEKS, GAP = 16, 10, 1e-3
SEARCHES = 4  # one everywhere, one around the plan, and two to spare


@pytest.fixture(params=range(6))
def problem(request, make_model, make_objective) -> Problem:
    rng = np.random.default_rng([1610, request.param])
    model = make_model(rng, VEHICLES, 8)
    contacts = model.population @ model.audiences.contacts
    cost = np.maximum(np.round(contacts * rng.lognormal(0, 0.25, VEHICLES) * 12), 5.0)
    factor = np.round(1 + 0.25 * np.sin(np.arange(WEEKS) + rng.random((VEHICLES, 1)) * 6), 2)
    columns = Columns(VEHICLES, WEEKS)
    tariff = Tariff(cost, columns, factor)
    most = rng.integers(1, 3, VEHICLES)
    budget = float(np.round(0.2 * WEEKS * (cost @ most)))
    rating = 100 * contacts / model.population.sum()
    rules = [Budget("budget", tariff, budget)]
    rules += [
        WeekLimit(f"week {t}", f"week {t}", (t,), "money", "<=", 0.13 * budget, tariff, rating)
        for t in range(WEEKS)
    ]
    rules += [
        Availability(f"weeks of {j}", j, str(j), np.full(WEEKS, float(n)), columns)
        for j, n in enumerate(most)
    ]
    objective = make_objective(rng, "influence", model)
    return Problem(model, tariff, (WEEKS * most).astype(float), objective, tuple(rules))


def test_a_few_searches_certify_a_plan(problem):
    found = allocate(problem, Settings(GAP, 120.0))
    assert found.gap <= GAP
    assert not problem.broken(found.decision)
    assert found.searches <= SEARCHES
