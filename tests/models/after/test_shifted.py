"""What one relaxation says of other prices of a vehicle, against every plan there."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.after.price_range import at_any_price_from
from models.after.questions import Questions
from models.after.shifted import relaxed_at, relaxed_from
from models.programme.relaxation import keeps_everything
from models.purchase.tariff import Tariff
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.vehicle_limit import VehicleLimit

PLANS = [np.array(plan, dtype=float) for plan in product(range(3), repeat=4)]
ROUNDING = 1e-7  # of a bound, as lists allow for


def problem_at(problem, cost, price, sense=None, insertions=0.0):
    """The first vehicle at a price, limited to at least or at most so many insertions."""
    tariff = Tariff(np.append(price, cost[1:]))
    rules = [
        Budget("budget", tariff, 0.6 * float(cost.sum())),
        GroupLimit("most", "a", np.array([0, 1]), "money", "<=", 0.4 * float(cost.sum()), tariff),
        GroupLimit("share", "b", np.array([2, 3]), "share", "<=", 0.55, tariff),
    ]
    if sense:
        rules.append(VehicleLimit("own", 0, "a", "minimum", sense, insertions))
    return replace(problem, tariff=tariff, rules=tuple(rules), floors=(), buyable=np.full(4, 2.0))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("bought", [True, False])
def test_no_plan_at_another_price_is_worth_more_than_one_relaxation_says(make_problem, seed, bought):
    """From the relaxation without the vehicle (bought), or with it at its own price: of one price, and of all above."""
    people, rng = make_problem(seed, 4, 3).problem, np.random.default_rng([44, seed])
    cost = np.round(rng.uniform(30.0, 90.0, 4))
    own = problem_at(people, cost, cost[0], *(("<=", 0.0) if bought else ()))
    relaxed = Questions(problem_at(people, cost, 0.5 * cost[0])).bound(own, 60.0, tolerance=1e-7)
    told = 0
    for price in cost[0] * np.array([0.6, 0.9, 1.0, 1.2, 2.0]):
        here, dearer = (problem_at(people, cost, times * price, ">=", 1.0) for times in (1.0, 2.0))
        there = relaxed_at(own, here, relaxed, 0)
        if there is None:  # at which it cannot be bought, or more of it than the relaxation has
            continue
        joined = at_any_price_from(here, dearer)
        above = relaxed_from(here, dearer, joined, there)
        for plan in PLANS:
            worth = people.value(plan) if plan[0] > 0 else -np.inf
            if keeps_everything(here, plan):
                told += 1
                assert worth <= (there.bound - there.charged.of(plan).sum()) * (1 + ROUNDING)
            if above is not None and keeps_everything(joined, plan):
                assert worth <= (above.bound - above.charged.of(plan).sum()) * (1 + ROUNDING)
    assert told


class Counting(Questions):
    """Questions that count how often a relaxation is asked."""

    asked = 0

    def _asked(self, problem, deadline):
        self.asked += 1
        return super()._asked(problem, deadline)


def test_the_best_plan_at_another_price_is_listed_by_what_one_relaxation_says(make_problem, monkeypatch):
    """Of four vehicles, whole plans lie further below a relaxation than lists go elsewhere."""
    monkeypatch.setattr("models.after.beating._WIDEST", 1.0)
    listed = 0
    for seed in range(12):
        people, rng = make_problem(seed, 4, 3).problem, np.random.default_rng([45, seed])
        cost = np.round(rng.uniform(30.0, 90.0, 4))
        own = problem_at(people, cost, cost[0])
        relaxed = Questions(problem_at(people, cost, 0.5 * cost[0])).bound(own, 60.0, tolerance=1e-7)
        for price in cost[0] * np.array([0.9, 1.1]):
            here = problem_at(people, cost, price)
            known, questions = relaxed_at(own, here, relaxed, 0), Counting(here)
            found = questions.best_plan(here, np.zeros(4), 0.01, 60.0, 1e-9, known)
            best = max(here.value(plan) for plan in PLANS if keeps_everything(here, plan))
            assert found.settled
            assert here.value(found.plan) == pytest.approx(best, rel=ROUNDING)
            listed += not questions.asked
    assert listed
