"""Plans as commands ask for them: made, or evaluated as they stand in a workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported where they are used: help must not wait for numpy and PuLP
    from planner.campaign.inputs import Campaign
    from planner.planning.results import PlanResult
    from planner.planning.solve import Options


def made(campaign: "Campaign", options: "Options") -> "PlanResult":
    """The best plan of a campaign."""
    from planner.planning.plan import make_plan

    return make_plan(campaign, options, campaign.file_hash)


def evaluated(path: Path, options: "Options") -> "PlanResult":
    """The figures of a plan workbook's insertions, as they stand in it."""
    from dataclasses import replace

    from planner.planning.edits import edited_weeks
    from planner.planning.plan import evaluate_plan
    from planner.workbook.plan.edits import read_plan

    campaign, given = read_plan(path)
    result = evaluate_plan(
        campaign, given.insertions, given.optimised, options, campaign.file_hash, given.weekly, given.proof
    )
    moved = bool(edited_weeks(campaign, given).any())
    return replace(result, optimised_weekly=given.planned) if moved else result
