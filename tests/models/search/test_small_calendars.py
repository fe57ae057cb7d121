"""Small calendars beside all their plans: insertions are decided first, then their weeks, and no plan is lost by it."""

from itertools import product

import numpy as np
import pytest

from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.availability import Availability
from models.rules.budget import Budget
from models.rules.week_limit import WeekLimit
from models.search.allocate import Settings, allocate

VEHICLES, WEEKS, MOST, GAP = 3, 4, 1, 1e-4
EVERY = np.array(list(product(range(MOST + 1), repeat=VEHICLES * WEEKS)), float)
TWICE = np.array(list(product(range(3), repeat=VEHICLES * 3)), float)


def drawn(seed: int, make_model, make_objective) -> tuple[Problem, np.ndarray]:
    """Three vehicles in three weeks (two insertions each at most) or four (one); weeks of two prices; money at most in
    each week, sometimes GRP at most, or money at least in one week. And all (n, n_vehicles, n_weeks) calendars."""
    rng = np.random.default_rng([1714, seed])
    weeks, most, every = (3, 2, TWICE) if seed % 2 else (WEEKS, MOST, EVERY)
    model = make_model(rng, VEHICLES, 6)
    columns = Columns(VEHICLES, weeks)
    cost = rng.integers(4, 16, VEHICLES).astype(float)
    factor = np.tile(np.where(rng.random(weeks) < 0.4, 1.25, 1.0), (VEHICLES, 1))
    tariff = Tariff(cost, columns, factor)
    rating = rng.integers(2, 9, VEHICLES).astype(float)
    budget = float(np.round(0.45 * weeks * most * cost.sum()))

    def limit(week: int, measure: str, sense: str, amount: float) -> WeekLimit:
        name = f"{measure} {sense} {week}"
        return WeekLimit(name, name, (week,), measure, sense, amount, tariff, rating)

    per_week = float(np.round(0.55 * most * cost.sum()))
    rules = [Budget("budget", tariff, budget), *(limit(t, "money", "<=", per_week) for t in range(weeks))]
    rules += [
        Availability(f"weeks of {j}", j, str(j), np.full(weeks, float(most)), columns)
        for j in range(VEHICLES)
    ]
    if seed % 3 == 0:
        rules += [limit(t, "grp", "<=", float(np.round(0.7 * most * rating.sum()))) for t in range(weeks)]
    if seed % 5 == 0:
        rules.append(limit(int(rng.integers(weeks)), "money", ">=", 4.0))
    objective = make_objective(rng, "influence", model)
    problem = Problem(model, tariff, np.full(VEHICLES, float(weeks * most)), objective, tuple(rules))
    return problem, every.reshape(-1, VEHICLES, weeks)


def best_of_all(problem: Problem, every: np.ndarray) -> float:
    """The worth of the best calendar that keeps the rules, by the rules' own checks: schedules in order of worth."""
    totals, which = np.unique(every.sum(axis=2), axis=0, return_inverse=True)
    worth = np.array([problem.value(problem.columns.alone(total)) for total in totals])
    for place in np.argsort(-worth):
        for weekly in every[which.ravel() == place]:
            plan = problem.columns.join(totals[place], weekly, np.zeros(0))
            if not problem.broken(plan):
                return float(worth[place])
    return -np.inf


@pytest.mark.parametrize("seed", range(16))
def test_the_best_calendar_lies_between_the_plan_and_its_bound(seed, make_model, make_objective):
    problem, every = drawn(seed, make_model, make_objective)
    best = best_of_all(problem, every)
    found = allocate(problem, Settings(GAP, 60.0, sharpen=False))
    assert not problem.broken(found.decision)
    assert found.gap <= GAP
    # Worths are sums of some numbers of about this size: rounding.
    assert found.value <= best * (1 + 1e-12)
    assert best <= found.bound * (1 + 1e-12)
