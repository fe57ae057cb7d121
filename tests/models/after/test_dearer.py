"""A higher price of one vehicle: what a relaxation loses, and how long plans and rows keep."""

from dataclasses import replace

import numpy as np
import pytest

from models.after.dearer import eased_by_price, kept_for, worth_lost
from models.after.questions import Questions
from models.programme.relaxation import keeps_everything
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.volume_discount import VolumeDiscount


def at_price(problem, price, *rules):
    """The problem where the first vehicle costs so much. rules: of a tariff, beside the budget."""
    cost = problem.cost.copy()
    cost[0] = price
    tariff = Tariff(cost)
    made = (Budget("budget", tariff, 1_000.0), *(rule(tariff) for rule in rules))
    return replace(problem, tariff=tariff, rules=made)


def group(measure, sense, right, members=(0, 2)):
    """A rule on money, or its share of the spend."""
    return lambda tariff: GroupLimit("group", "group", np.array(members), measure, sense, right, tariff)


@pytest.mark.parametrize(
    ("rule", "eased"),
    [
        (group("money", "<=", 200.0), False),
        (group("money", ">=", 200.0), True),
        (group("money", ">=", 200.0, (0,)), True),
        (group("money", ">=", 200.0, (1, 2)), False),
        (group("share", "<=", 0.4), False),
        (group("share", ">=", 0.4), True),
        (group("share", "<=", 0.4, (1, 2)), True),
        (group("share", ">=", 0.4, (1, 2)), False),
        (group("insertions", ">=", 2.0), False),
    ],
)
def test_a_higher_price_eases_rules_that_ask_for_its_money_or_share_out_the_spend(make_problem, rule, eased):
    problem = make_problem(3, 4, 3).problem
    cheap, dear = (at_price(problem, price, rule) for price in (50.0, 60.0))
    assert [rule.id for rule in eased_by_price(cheap, dear)] == ["group"] * eased


def charged(problem, price, by):
    """The problem where the first vehicle costs so much, it and the third have a discount, and at most so much may be
    spent on both."""
    start = np.array([3.0 if by == "insertions" else 300.0])
    steps = Steps("some", np.array([0, 2]), by, start, np.array([0.1]), problem.columns.private_from)
    cost = problem.cost.copy()
    cost[0] = price
    tariff = Tariff(cost, problem.columns, discounts=(steps,))
    discount = VolumeDiscount("discount", 0, tariff, np.full(4, 9.0))
    cap = group("money", "<=", 500.0)(tariff)
    return replace(problem, tariff=tariff, rules=(Budget("budget", tariff, 1_000.0), discount, cap))


@pytest.mark.parametrize("by", ["insertions", "money"])
def test_a_higher_price_eases_a_discounts_steps_of_money_not_those_of_insertions(make_problem, by):
    problem = make_problem(3, 4, 3).problem
    eased = eased_by_price(charged(problem, 50.0, by), charged(problem, 60.0, by))
    assert [rule.id for rule in eased] == ["discount"] * (by == "money")


@pytest.mark.parametrize("sense", ["<=", ">="])
def test_a_higher_price_eases_no_cap_on_money_where_packages_or_weeks_make_it_cheaper(make_problem, sense):
    problem = make_problem(3, 4, 3).problem
    packed = {
        "columns": Columns(4, packages=1),
        "packages": (Package("pair", np.array([1.0, 0, 1, 0]), 70.0),),
    }
    weekly = {"columns": Columns(4, weeks=2), "factor": np.array([[1.0, 0.8]] * 4)}
    for kind in (packed, weekly):
        tariffs = [Tariff(np.array([price, 40.0, 30.0, 20.0]), **kind) for price in (50.0, 60.0)]
        limits = (group("money", sense, 200.0)(tariff) for tariff in tariffs)
        priced = [
            replace(problem, tariff=tariff, rules=(limit,))
            for tariff, limit in zip(tariffs, limits, strict=True)
        ]
        assert [rule.id for rule in eased_by_price(*priced)] == ["group"] * (sense == ">=")


@pytest.mark.parametrize("rules", [(), (group("share", "<=", 0.4),), (group("share", ">=", 0.2),)])
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


@pytest.mark.parametrize("rules", [(), (group("share", "<=", 0.3),)])
def test_what_a_relaxation_loses_to_a_price_is_its_finite_difference(make_problem, rules):
    problem = replace(make_problem(5, 6, 3).problem, whole=False)
    cheap, dearer = (at_price(problem, price, *rules) for price in (40.0, 40.1))
    relaxed, then = (Questions(problem).bound(each, 60.0, tolerance=1e-9) for each in (cheap, dearer))
    lost = worth_lost(cheap, dearer, 0.1, relaxed)
    assert lost > 0
    # the slope changes by about the step's share of the price, 0.25 %, over the step
    assert lost == pytest.approx((relaxed.bound - then.bound) / 0.1, rel=1e-2)
