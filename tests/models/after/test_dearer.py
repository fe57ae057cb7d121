"""A higher price of one vehicle: what a relaxation loses, and how long plans and rows keep."""

from dataclasses import replace

import numpy as np
import pytest

from models.after.dearer import kept_for, only_dearer, worth_lost
from models.after.questions import Questions
from models.programme.relaxation import keeps_everything
from models.purchase.tariff import Tariff
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit


def at_price(problem, price, *rules):
    """The problem where the first vehicle costs so much. rules: of a tariff, beside the budget."""
    cost = problem.cost.copy()
    cost[0] = price
    tariff = Tariff(cost)
    made = (Budget("budget", tariff, 1_000.0), *(rule(tariff) for rule in rules))
    return replace(problem, tariff=tariff, rules=made)


def test_a_dearer_vehicle_is_only_dearer_where_no_rule_asks_for_money_to_be_spent(make_problem):
    problem = make_problem(3, 4, 3).problem

    def group(sense):
        return lambda tariff: GroupLimit("group", "group", np.array([0, 2]), "money", sense, 200.0, tariff)

    assert only_dearer(at_price(problem, 50.0), at_price(problem, 60.0))
    assert not only_dearer(at_price(problem, 60.0), at_price(problem, 50.0))
    assert only_dearer(at_price(problem, 50.0, group("<=")), at_price(problem, 60.0, group("<=")))
    assert not only_dearer(at_price(problem, 50.0, group(">=")), at_price(problem, 60.0, group(">=")))


def share(sense, right):
    """A rule on the first and third vehicle's money as a share of the spend."""
    return lambda tariff: GroupLimit("share", "share", np.array([0, 2]), "share", sense, right, tariff)


def test_a_dearer_vehicle_is_only_dearer_where_plans_are_counted_too(make_problem):
    problem = make_problem(3, 4, 3).problem
    entries = tuple(np.array([j]) for j in range(4))

    def count(_):
        return BoughtCount("count", "all", entries, "<=", 2.0, problem.columns)

    cheap, dear = at_price(problem, 50.0, count), at_price(problem, 60.0, count)
    assert not cheap.plain
    assert only_dearer(cheap, dear)
    assert not only_dearer(dear, cheap)


@pytest.mark.parametrize("rules", [(), (share("<=", 0.4),), (share(">=", 0.2),)])
def test_a_plan_is_kept_until_its_first_row_breaks_and_no_longer(make_problem, rules):
    problem = make_problem(3, 4, 3).problem
    cheap, dearer = (at_price(problem, price, *rules) for price in (50.0, 51.0))
    plans = np.array(np.meshgrid(*[np.arange(4)] * 4)).reshape(4, -1).T.astype(float)
    plans = plans[[keeps_everything(cheap, plan) and plan[0] > 0 for plan in plans]]
    rise = kept_for(cheap, dearer, 1.0, plans)
    assert np.isfinite(rise).all()
    for plan, by in zip(plans, rise, strict=True):
        assert keeps_everything(at_price(problem, 50.0 + by * (1 - 1e-6), *rules), plan)
        assert not keeps_everything(at_price(problem, 50.0 + by * (1 + 1e-6) + 1e-3, *rules), plan)


@pytest.mark.parametrize("rules", [(), (share("<=", 0.3),)])
def test_what_a_relaxation_loses_to_a_price_is_its_finite_difference(make_problem, rules):
    problem = replace(make_problem(5, 6, 3).problem, whole=False)
    cheap, dearer = (at_price(problem, price, *rules) for price in (40.0, 40.1))
    relaxed, then = (Questions(problem).bound(each, 60.0, tolerance=1e-9) for each in (cheap, dearer))
    lost = worth_lost(cheap, dearer, 0.1, relaxed)
    assert lost > 0
    # the slope changes by about the step's share of the price, 0.25 %, over the step
    assert lost == pytest.approx((relaxed.bound - then.bound) / 0.1, rel=1e-2)
