"""Weeks in which nothing can be had, for longer than the Brief lets a gap be: told before anything is planned."""

import pytest

from planner.campaign.prepare import prepare
from planner.errors import NoPlan
from planner.no_plan.possible import check_possible

NAMES = ("Quiz", "News", "Cook", "Drive")


@pytest.mark.parametrize(("gap", "told"), [(0, True), (1, True), (2, False)])
def test_a_gap_that_no_vehicle_can_fill_is_no_plan(gap, told, buyers_campaign):
    """Nothing stands on offer in weeks 2 and 3."""
    rows = {"Weeks": [[name, 1, 0, 0, 1] for name in NAMES]}
    prepared = prepare(buyers_campaign(rows, **{"Longest gap (weeks)": gap}))
    if not told:
        check_possible(prepared, 0)
        return
    with pytest.raises(NoPlan) as caught:
        check_possible(prepared, 0)
    weeks = "1 week" if gap == 1 else "0 weeks"
    assert str(caught.value) == (
        f"At most {weeks} in a row may be without an insertion (Brief!B6), but nothing can be had in 2 weeks in a row: "
        "W2, W3."
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["budget at most", None, 0, 0, None]], True),
        ([["budget at most", None, 10, 10, None]], True),  # the cheapest insertion costs more
        ([["budget at most", None, 0, 1000, None]], False),
        ([[f"locked: {name}", None, 0, 0, None] for name in NAMES], True),
        ([[f"locked: {name}", None, 0, 0, None] for name in NAMES[1:]], False),
    ],
)
def test_weeks_that_a_limit_or_locks_leave_empty_are_dark(rows, told, buyers_campaign):
    prepared = prepare(buyers_campaign({"Weeks": rows}, **{"Longest gap (weeks)": 1}))
    if not told:
        check_possible(prepared, 0)
        return
    with pytest.raises(NoPlan, match="in 2 weeks in a row: W2, W3"):
        check_possible(prepared, 0)


def test_a_vehicle_that_is_not_on_weeks_fills_any(buyers_campaign):
    rows = {"Weeks": [[name, 1, 0, 0, 1] for name in NAMES[1:]]}
    check_possible(prepare(buyers_campaign(rows, **{"Longest gap (weeks)": 0})), 0)


@pytest.mark.parametrize(("least", "room"), [(1, None), (4, None), (5, "4 insertions")])
def test_a_vehicle_of_which_the_weeks_hold_too_few_is_no_plan(least, room, buyers_campaign):
    """One insertion of Drive, the cheapest, in each of the four weeks, and no more money than that."""
    cost = float(buyers_campaign().vehicles[3].unit_cost)
    rows = {"Weeks": [["budget at most", *[1.5 * cost] * 4]]}
    prepared = prepare(buyers_campaign(rows, {"Vehicles!L5": least}))
    if room is None:
        check_possible(prepared, 0)
        return
    with pytest.raises(NoPlan, match=f"Vehicles!L5.*, but the limits of the weeks leave room for {room}"):
        check_possible(prepared, 0)
