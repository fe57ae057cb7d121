"""The budget, by hand: news costs 100 an insertion, sport 250, and there are 1,000."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Package, Tariff
from models.rules.budget import Budget
from models.rules.outcome import Outcome

RULE = Budget("budget", Tariff(np.array([100.0, 250.0])), 1000.0)


def test_what_is_left_is_the_slack() -> None:
    assert RULE.slack(Outcome(np.array([5.0, 1.0]))) == 250
    assert RULE.slack(Outcome(np.array([0.0, 0.0]))) == 1000
    assert RULE.slack(Outcome(np.array([5.0, 3.0]))) == -250


def test_the_last_unit_of_money_may_be_spent_and_no_more() -> None:
    assert RULE.holds(Outcome(np.array([5.0, 2.0])))
    assert not RULE.holds(Outcome(np.array([5.1, 2.0])))
    assert not RULE.holds(Outcome(np.array([5.00001, 2.0])))


def test_rounding_of_sums_does_not_break_a_budget() -> None:
    assert Budget("budget", Tariff(np.full(3, 0.1)), 0.3).holds(Outcome(np.ones(3)))


def test_a_budget_of_nothing_buys_nothing() -> None:
    nothing = Budget("budget", Tariff(np.array([100.0, 250.0])), 0.0)
    assert nothing.holds(Outcome(np.zeros(2)))
    assert not nothing.holds(Outcome(np.array([0.001, 0.0])))


def test_a_vehicle_not_bought_costs_nothing_whatever_its_price() -> None:
    assert (
        Budget("budget", Tariff(np.array([100.0, 0.0])), 1000.0).slack(Outcome(np.array([2.0, 0.0]))) == 800
    )


def test_it_is_told_with_its_amount() -> None:
    assert RULE.sentence() == "the plan costs at most 1,000"
    assert (
        Budget("budget", Tariff(np.ones(1)), 1000.0, "EUR").sentence() == "the plan costs at most EUR 1,000"
    )
    assert Budget("budget", Tariff(np.ones(1)), 1250000.5).sentence() == "the plan costs at most 1,250,000.50"


def test_no_plan_within_the_budget_buys_more_than_is_affordable() -> None:
    """News costs 100, 50 in the cheap week; the duo holds one of it for 40. So 90 buy two, the second at 50."""
    factor = np.array([[1.0, 0.5], [1.0, 1.0]])
    duo = Package("duo", np.array([1.0, 1.0]), 40.0)
    tariff = Tariff(np.array([100.0, 250.0]), Columns(2, 2, 1), factor, (duo,))
    rule = Budget("budget", tariff, 90.0)
    weekly = np.array([[1.0, 1.0], [1.0, 0.0]])
    plan = tariff.columns.join(weekly.sum(axis=1), weekly, np.ones(1))
    assert rule.slack(Outcome(plan)) == 0
    assert (rule.affordable() >= tariff.columns.insertions(plan)).all()
    assert Budget("budget", Tariff(np.array([100.0, 250.0])), 1000.0).affordable().tolist() == [10.0, 4.0]


@given(
    st.lists(st.floats(0, 40), min_size=2, max_size=2).map(np.array),
    st.floats(0, 5000),
)
def test_its_row_says_the_same_as_its_slack(insertions, amount) -> None:
    rule = Budget("budget", Tariff(np.array([100.0, 250.0])), amount)
    (row,) = rule.rows()
    left = row.right - float(row.coefficients @ insertions[row.columns])
    assert row.sense == "<="
    # 1e-9: the rule's own tolerance for sums
    assert left == pytest.approx(rule.slack(Outcome(insertions)), abs=1e-9 * max(amount, 10_000))
    if abs(left) > 1e-5:
        assert rule.holds(Outcome(insertions)) == (left > 0)
