"""A plan's calendar as JSON."""

from typing import Any

from planner.planning.results import PlanResult
from planner.planning.tables import finite
from planner.report.influence_json import bought


def weeks_json(result: PlanResult) -> dict[str, Any]:
    """The weeks and the flighting they follow; null where the plan has no calendar. monday: null without a Start."""
    weeks = result.weeks
    if weeks is None:
        return {"calendar": None, "weeks": None}
    listed = [
        {
            "label": label,
            "monday": None if monday is None else monday.isoformat(),
            "insertions": bought(weeks.insertions[:, week], result.campaign.vehicles),
            "cost": finite(float(weeks.cost[week])),
            "grp": finite(float(weeks.grp[week])),
            "reach_pct": finite(100 * float(weeks.reach_share[week])),
            "cumulative_reach_pct": finite(100 * float(weeks.cumulative_share[week])),
            "pattern_pct": finite(100 * float(weeks.pattern[week])),
        }
        for week, (label, monday) in enumerate(zip(weeks.labels, weeks.mondays, strict=True))
    ]
    calendar = {
        "pattern": weeks.pattern_name,
        "off_pattern_pct": finite(100 * weeks.off_pattern),
        "audience": weeks.audience,
    }
    return {"calendar": calendar, "weeks": listed}
