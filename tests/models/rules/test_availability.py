"""Availability, by hand: a monthly that appears in weeks 1 and 3 of three, at most one and two insertions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.availability import Availability
from models.rules.outcome import Outcome

COST = np.array([100.0, 250.0])
WEEKS = Tariff(COST, Columns(2, 3))
FLIGHT = Tariff(COST)
MOST = np.array([1.0, 0.0, 2.0])


def monthly(tariff: Tariff) -> Availability:
    return Availability("cell", 1, "Monthly", MOST, tariff.columns)


@pytest.mark.parametrize(("bought", "slack"), [(0, 3), (2, 1), (3, 0), (4, -1)])
def test_of_the_flight_no_more_can_be_bought_than_all_weeks_hold(bought, slack, rows_kept) -> None:
    plan, rule = np.array([9.0, bought]), monthly(FLIGHT)
    assert rule.slack(Outcome(plan)) == slack
    assert rule.holds(Outcome(plan)) == rows_kept(rule, FLIGHT, plan) == (slack >= 0)


@pytest.mark.parametrize(
    ("weeks", "slack"), [([1, 0, 2], 0), ([0, 0, 1], 0), ([1, 1, 0], -1), ([2, 0, 0], -1), ([0, 0, 3], -1)]
)
def test_where_weeks_are_bought_each_holds_what_it_can(weeks, slack, rows_kept) -> None:
    """The weeks that are left alone have no slack where nothing can stand in week 2."""
    weekly = np.array([[5.0, 5.0, 5.0], weeks])
    plan, rule = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0)), monthly(WEEKS)
    assert rule.slack(Outcome(plan)) == slack
    assert rule.holds(Outcome(plan)) == rows_kept(rule, WEEKS, plan) == (slack >= 0)


def test_it_is_told_with_the_weeks_that_are_there() -> None:
    assert monthly(FLIGHT).sentence() == "Monthly: at most 3 insertions in the 2 weeks in which it can be had"
    never = replace(monthly(FLIGHT), most=np.zeros_like(monthly(FLIGHT).most))
    assert never.sentence() == "Monthly: it can be had in no week"
    once = Availability("cell", 1, "Monthly", np.array([0.0, 4.0]), FLIGHT.columns)
    assert once.sentence() == "Monthly: at most 4 insertions in the 1 week in which it can be had"


@pytest.mark.parametrize(
    ("weeks", "told"),
    [
        ([1, 1, 0], "Monthly: 1 insertion in week 2, when it cannot be had"),
        ([0, 0, 4], "Monthly: 4 insertions in week 3, when at most 2 can be had"),
        (
            [2, 3, 3],
            "Monthly: 3 insertions in week 2, when it cannot be had; too many in week 1, week 3 also",
        ),
    ],
)
def test_whoever_has_broken_it_is_told_the_week(weeks, told) -> None:
    weekly = np.array([[5.0, 5.0, 5.0], weeks])
    plan = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    assert monthly(WEEKS).broken_sentence(Outcome(plan)) == told
    of_flight = monthly(FLIGHT)
    assert of_flight.broken_sentence(Outcome(np.array([9.0, 4.0]))) == of_flight.sentence()


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_its_rows_are_kept_exactly_where_it_holds(rows_kept, weeks) -> None:
    weekly = np.array(weeks, dtype=float).reshape(2, 3)
    plan = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    assert rows_kept(monthly(WEEKS), WEEKS, plan) == monthly(WEEKS).holds(Outcome(plan))
