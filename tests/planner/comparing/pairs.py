"""Two plans to compare."""

from collections.abc import Callable
from typing import Any

from planner.comparing.side_by_side import SideBySide, side_by_side
from planner.planning.results import PlanResult
from planner.workbook.campaign.differences import campaign_differences

Maker = Callable[..., Any]


def compared(a: PlanResult, b: PlanResult) -> SideBySide:
    return side_by_side(("a.xlsx", "b.xlsx"), a, b, campaign_differences(a.campaign, b.campaign))
