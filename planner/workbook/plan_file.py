"""A plan's workbook read back: the campaign in it, its insertions, and what the planner changed.

The file is opened once, and its sheets are handed on.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.campaign.inputs import Campaign
from planner.planning.edits import PlanEdits
from planner.workbook.cells.read import read_book
from planner.workbook.parse import campaign_of
from planner.workbook.plan.edits import plan_edits, with_edits
from planner.workbook.plan.plan import PlanSheetValues, has_plan, plan_insertions


def is_plan(path: Path) -> bool:
    """Whether a workbook has a Plan sheet."""
    return has_plan(read_book(path))


def read_plan(path: Path) -> tuple[Campaign, PlanEdits]:
    """A result workbook's campaign, told what was changed on Plan that does not count, and its insertions.

    Raises WorkbookError with every problem found, also where there is no sheet Plan.
    """
    book = read_book(path)
    campaign = campaign_of(book)
    edits = plan_edits(book, campaign)
    return replace(campaign, notices=(*campaign.notices, *edits.notices)), edits


def read_insertions(path: Path) -> tuple[Campaign, PlanSheetValues]:
    """A result workbook's campaign and the insertions of its Flowchart, else of its Plan.

    Raises WorkbookError with every problem found.
    """
    book = read_book(path)
    campaign = campaign_of(book)
    return campaign, plan_insertions(book, campaign)


def read_to_plan(path: Path, changes: Mapping[str, Any] | None = None, keep: bool = False) -> Campaign:
    """A campaign to plan. Of a plan's workbook the edits are locked (keep), or a notice says that they are not kept.

    Raises WorkbookError with every problem found.
    """
    book = read_book(path)
    return with_edits(book, campaign_of(book, changes), keep)
