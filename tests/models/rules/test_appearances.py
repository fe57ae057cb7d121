"""Appearances, by hand: a show's :30 and :10 share one episode a week, a monthly has one issue in four weeks."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.after.calendar import by_hand, calendar
from models.after.wish import Wish
from models.errors import NoCalendar
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.appearances import Appearances, Spacing
from models.rules.outcome import Outcome

COST = np.array([100.0, 60.0, 250.0])
WEEKS = Tariff(COST, Columns(3, 4))
FLIGHT = Tariff(COST)
BOTH = np.array([0, 1])
EPISODES = Spacing(BOTH, np.ones(4))
MONTHLY = Spacing(np.array([2]), np.full(8, np.inf), 4, 1.0)


def rule(spacing: Spacing, tariff: Tariff) -> Appearances:
    return Appearances("cell", "Show", spacing, spacing.flight, tariff.columns)


@pytest.mark.parametrize(
    ("weeks", "apart", "each", "flight"), [(8, 4, 1, 2), (9, 4, 1, 3), (5, 2, 1, 3), (5, 4, 2, 4)]
)
def test_the_flight_holds_what_the_windows_allow(weeks, apart, each, flight) -> None:
    assert Spacing(BOTH, np.full(weeks, np.inf), apart, float(each)).flight == flight


@given(
    st.lists(st.sampled_from([None, None, 0, 1]), min_size=6, max_size=6),
    st.lists(st.sampled_from([0, 1, 2]), min_size=6, max_size=6),
    st.integers(1, 4),
)
def test_beside_settled_weeks_the_flight_is_the_fullest_of_all_calendars(settled, most, apart) -> None:
    fixed = np.array([[np.nan if number is None else number for number in settled]])
    room = np.maximum(np.array(most, dtype=float), np.nan_to_num(fixed[0]))
    spacing = Spacing(np.array([0]), room, apart, 1.0 if apart > 1 else np.inf).loosened_for(
        np.nan_to_num(fixed)
    )
    free = [
        range(int(high) + 1) if number is None else (number,)
        for number, high in zip(settled, room, strict=True)
    ]
    weeks = (np.array([ways], dtype=float) for ways in itertools.product(*free))
    assert spacing.flight_beside(fixed) == max(w.sum() for w in weeks if spacing.over(w) <= 0)


@pytest.mark.parametrize(("bought", "slack"), [((2, 2), 0), ((1, 1), 2), ((4, 1), -1)])
def test_of_the_flight_both_units_count(bought, slack, rows_kept) -> None:
    plan, episodes = np.array([*bought, 9.0]), rule(EPISODES, FLIGHT)
    assert episodes.slack(Outcome(plan)) == slack
    assert episodes.holds(Outcome(plan)) == rows_kept(episodes, FLIGHT, plan) == (slack >= 0)


@given(st.lists(st.integers(0, 2), min_size=12, max_size=12), st.sampled_from([1, 2, 3]))
def test_its_rows_are_kept_exactly_where_it_holds(rows_kept, weeks, apart) -> None:
    weekly = np.array(weeks, dtype=float).reshape(3, 4)
    plan = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    made = rule(Spacing(BOTH, np.array([2.0, 2, 1, 2]), apart, 2.0), WEEKS)
    assert rows_kept(made, WEEKS, plan) == made.holds(Outcome(plan))


@given(st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_eased_for_a_plan_it_holds(weeks) -> None:
    weekly = np.array(weeks, dtype=float).reshape(3, 4)
    plan = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    made = rule(Spacing(BOTH, np.ones(4), 2, 1.0), WEEKS)
    assert made.eased_for(Outcome(plan)).holds(Outcome(plan))
    assert made.eased(made.limit + 3).limit == made.limit + 3


def test_it_is_told_with_how_far_apart_issues_are() -> None:
    assert rule(EPISODES, FLIGHT).sentence() == "Show: at most 4 insertions in the flight"
    assert (
        replace(rule(EPISODES, FLIGHT), most_in_flight=1.0).sentence()
        == "Show: at most 1 insertion in the flight"
    )
    assert rule(MONTHLY, FLIGHT).sentence() == "Show: at most 2 insertions in the flight, 1 in any 4 weeks"


def problem() -> Problem:
    audiences = Audiences(
        ("a", "b", "c"), ("TV",), np.zeros(3, dtype=int), np.array([1000.0]), np.full((1, 3), 0.1), np.full(3, 0.5),
        np.zeros(3, dtype=bool),
    )  # fmt: skip
    model = calibrate(audiences, Duplication(1.0, np.array([1.5]), np.ones(1)))
    return Problem(
        model, FLIGHT, np.full(3, 8.0), Objective("reach", "people", np.array([1000.0]), np.zeros(3)), ()
    )


def test_the_calendar_keeps_issues_apart_and_units_in_episodes_of_their_own() -> None:
    """Front-loaded, so that without spacing both issues, and all episodes, would stand in the first weeks."""
    pattern = np.array([8.0, 7, 6, 5, 4, 3, 2, 1]) / 36
    episodes = Spacing(BOTH, np.ones(8))
    wish = Wish(np.full((3, 8), np.inf), pattern, np.array([10.0, 6, 8]), spacing=(episodes, MONTHLY))
    laid = calendar(problem(), np.array([2.0, 3, 2]), wish)
    found = laid.weekly
    assert found.sum(axis=1).tolist() == [2, 3, 2]
    assert episodes.over(found) <= 0
    assert MONTHLY.over(found) <= 0


def test_issues_that_find_no_room_where_points_are_missing_stand_as_early_as_they_can() -> None:
    """Two issues in five weeks stand in the first and the last, although the heaviest week is the middle."""
    monthly = Spacing(np.array([2]), np.full(5, np.inf), 4, 1.0)
    pattern = np.array([1.0, 1, 6, 1, 1]) / 10
    wish = Wish(np.full((3, 5), np.inf), pattern, np.array([10.0, 6, 8]), spacing=(monthly,))
    found = by_hand(np.array([0.0, 0, 2]), wish)
    assert found is not None
    assert found[2].tolist() == [1, 0, 0, 0, 1]
    assert by_hand(np.array([0.0, 0, 3]), wish) is None
    with pytest.raises(NoCalendar):
        calendar(problem(), np.array([0.0, 0, 3]), wish)


def test_where_a_hand_made_calendar_finds_no_way_a_search_does() -> None:
    """Two units share issues three weeks apart; the second can stand in week 1 alone, where by hand the first is."""
    shared = Spacing(BOTH, np.full(5, np.inf), 3, 1.0)
    most = np.full((3, 5), np.inf)
    most[BOTH[1], 1:] = 0.0
    wish = Wish(most, np.array([1.0, 1, 6, 1, 1]) / 10, np.array([10.0, 6, 8]), spacing=(shared,))
    plan = np.zeros(3)
    plan[BOTH] = 1.0
    assert by_hand(plan, wish) is None
    found = calendar(problem(), plan, wish)
    assert found is not None
    assert found.weekly[BOTH[1]].tolist() == [1, 0, 0, 0, 0]
    assert found.weekly[BOTH[0], 3:].sum() == 1


@pytest.mark.parametrize(
    ("weeks", "told"),
    [
        ([1, 0, 1, 0], "Show: 2 insertions in week 1 to week 3, when at most 1 can be had"),
        ([0, 0, 0, 2], "Show: 2 insertions in week 2 to week 4, when at most 1 can be had"),
    ],
)
def test_whoever_has_broken_it_is_told_the_weeks_that_count_together(weeks, told) -> None:
    """One in any three weeks, both units together."""
    weekly = np.array([weeks, [0] * 4, [0] * 4], dtype=float)
    plan = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    apart = rule(Spacing(BOTH, np.full(4, np.inf), 3, 1.0), WEEKS)
    assert apart.broken_sentence(Outcome(plan)) == told
    dated = replace(apart, names=("the week of 1 March", "8", "15", "the week of 22 March"))
    assert dated.broken_sentence(Outcome(plan)).count("March") == 1


def test_a_single_week_that_holds_too_many_is_told_by_its_name() -> None:
    """One :30 and one :10 in the same episode."""
    weekly = np.array([[0, 1, 0, 0], [0, 1, 0, 0], [0] * 4], dtype=float)
    plan = WEEKS.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    assert rule(EPISODES, WEEKS).broken_sentence(Outcome(plan)) == (
        "Show: 2 insertions in week 2, when at most 1 can be had"
    )
