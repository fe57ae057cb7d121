"""What a plan says of a calendar that is far from the flighting."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from planner.report.plan.notices import calendar_notices, result_notices
from tests.planner.by_hand import build_weeks

Maker = Callable[..., Any]


def test_a_calendar_far_from_the_flighting_for_its_weeks_prices_says_what_the_flighting_would_cost(
    made_result: Maker,
) -> None:
    """Two insertions of 100 in the first week of two; in the second they cost 150, so that one there is 50 more."""
    dated = build_weeks(made_result())
    assert dated.weeks is not None
    insertions, prices = (
        np.zeros((len(dated.weeks.insertions), 2)),
        np.full((len(dated.weeks.insertions), 2), 100.0),
    )
    insertions[0, 0], prices[:, 1] = 2.0, 150.0
    weeks = replace(dated.weeks, insertions=insertions, unit_cost=prices, pattern=np.array([0.5, 0.5]), off_pattern=0.5,
                    labels=("W1", "W2"), mondays=(None, None))  # fmt: skip
    (_, told) = calendar_notices(replace(dated, weeks=weeks))
    assert "50 more" in told
    assert "because of" not in told


def test_insertions_in_weeks_that_the_flighting_leaves_dark_are_told_with_their_vehicles(
    made_weeks: Maker, made_campaign: Maker
) -> None:
    result = made_weeks(made_campaign(2, weeks=4, start=None, names=("News", "Quiz")), insertions=[2, 1])
    insertions = np.array([[1.0, 1, 0, 0], [1, 0, 0, 0]])
    for pattern, told in (([0.5, 0, 0.5, 0], 1), ([0.5, 0.5, 0, 0], 0)):
        weeks = replace(
            result.weeks, insertions=insertions, pattern=np.array(pattern), pattern_name="own weights"
        )
        notices = [
            notice for notice in calendar_notices(replace(result, weeks=weeks)) if "asks nothing" in notice
        ]
        assert len(notices) == told
        assert all("1 of 2 weeks" in notice and "insertions of News: W2." in notice for notice in notices)


def test_moved_weeks_are_told_with_their_vehicles(made_weeks: Maker, made_campaign: Maker) -> None:
    result = made_weeks(made_campaign(2, weeks=3, start=None, names=("News", "Quiz")), insertions=[2, 1])
    now, before = np.array([[1.0, 1, 0], [0, 0, 1]]), np.array([[1.0, 0, 1], [0, 0, 1]])
    result = replace(result, weeks=replace(result.weeks, insertions=now), optimised_weekly=before)
    assert "Weeks edited by the planner: News (1 in W2, 0 in W3)." in result_notices(result)
