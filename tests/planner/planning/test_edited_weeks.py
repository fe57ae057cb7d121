"""An edited calendar keeps, or breaks, what is said of single weeks, also where weeks are not decided with the buy."""

from collections.abc import Callable

import numpy as np
import pytest

from planner.campaign.inputs import Campaign
from planner.planning.evaluate import plan_figures
from planner.planning.options import Options
from planner.planning.plan import make_plan

Build = Callable[..., Campaign]
DATED = {"Weeks": 4, "Start": "2027-03-01", "Budget": 1200}
MOST: dict[str, list[list[object]]] = {"Weeks": [["Quiz", 0, 1, 1, 2]]}


def week_by_week(campaign: Campaign, *quiz: float) -> list[tuple[str, str]]:
    """What a calendar breaks that has these insertions of the first vehicle and no others."""
    weekly = np.zeros((len(campaign.vehicles), 4))
    weekly[0] = quiz
    bought = weekly.sum(axis=1)
    result = plan_figures(campaign, bought, bought, weekly=weekly)
    return [(rule.cell, rule.text) for rule in result.rules if not rule.holds]


@pytest.mark.parametrize(
    ("quiz", "text"),
    [
        ((1, 0, 0, 0), "Quiz: 1 insertion in the week of 1 March 2027, when it cannot be had"),
        ((0, 2, 0, 1), "Quiz: 2 insertions in the week of 8 March 2027, when at most 1 can be had"),
    ],
)
def test_an_insertion_moved_to_a_week_in_which_it_cannot_be_had_breaks_a_rule(
    quiz: tuple[float, ...], text: str, buyers_campaign: Build
) -> None:
    """Its number in the flight, four at most, is kept."""
    assert week_by_week(buyers_campaign(MOST, **DATED), *quiz) == [("Weeks!A2", text)]


def test_issues_closer_than_they_appear_break_a_rule(buyers_campaign: Build) -> None:
    monthly = {"Vehicles!M1": "Appears", "Vehicles!M2": "fortnightly", "Vehicles!G2": None}
    campaign = buyers_campaign({}, monthly, **DATED)
    weeks = "the week of 1 March 2027 to the week of 8 March 2027"
    told = f"Quiz: 2 insertions in {weeks}, when at most 1 can be had"
    assert week_by_week(campaign, 1, 1, 0, 0) == [("Vehicles!M2", told)]
    assert week_by_week(campaign, 1, 0, 1, 0) == []


def test_the_programs_own_calendar_breaks_none(buyers_campaign: Build) -> None:
    result = make_plan(buyers_campaign(MOST, **DATED), Options(break_even=False))
    assert result.vehicles.insertions[0] > 0
    assert all(rule.holds for rule in result.rules)
