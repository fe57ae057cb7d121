"""Plans as commands ask for them: made, or evaluated as they stand in a workbook; and how they are told."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.shared.files import Csv, tables_written, written
from planner.cli.shared.terminal import tell

if TYPE_CHECKING:  # imported where they are used: help must not wait for numpy and PuLP
    from planner.campaign.inputs import Campaign
    from planner.explaining.explained import Explanation
    from planner.planning.options import Options
    from planner.planning.results import PlanResult
    from planner.table import Table
    from planner.workbook.page.files import Target


def made(campaign: "Campaign", options: "Options") -> "PlanResult":
    """The best plan of a campaign."""
    from planner.planning.plan import make_plan

    return make_plan(campaign, options, campaign.file_hash)


def evaluated(path: Path, options: "Options") -> "PlanResult":
    """The figures of a plan workbook's insertions, as they stand in it."""
    from dataclasses import replace

    from planner.planning.edits import edited_weeks
    from planner.planning.evaluate import evaluate_plan
    from planner.workbook.plan.edits import read_plan

    campaign, given = read_plan(path)
    result = evaluate_plan(
        campaign, given.insertions, given.optimised, options, campaign.file_hash, given.weekly, given.proof
    )
    moved = bool(edited_weeks(campaign, given).any())
    return replace(result, optimised_weekly=given.planned) if moved else result


def files_said(
    result: "PlanResult",
    report: "Target | None",
    tables: Csv | None,
    said: str,
    explanation: "Explanation | None" = None,
) -> str:
    """Write a plan's report and tables, where they are asked for; said (where the plan is), and where these are."""

    def page() -> str:
        from planner.report.html.plan import plan_page

        return plan_page(result)

    def made_now() -> "Sequence[Table]":
        from planner.report.plan.json_result import plan_tables

        return plan_tables(result, explanation)

    said = written(report, page, said)
    return tables_written(tables, result.campaign, made_now, said)


def show(result: "PlanResult", as_json: bool, quiet: bool, last: str) -> None:
    """The result, as JSON or as a table on standard output."""
    from planner.report.assumed import assumed
    from planner.report.plan.json_result import plan_json
    from planner.report.plan.text import plan_table

    forms, repeated = (plan_json, plan_table), assumed(result.campaign)
    tell(as_json, forms, result, said=last, quiet=quiet, repeated=repeated)
