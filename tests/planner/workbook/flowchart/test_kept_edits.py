"""Edited weeks are kept: locked, and told in the workbook of the edited plan."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner.campaign.calendar import Calendar
from planner.campaign.inputs import Campaign
from planner.report.plan.notices import result_notices
from planner.workbook.campaign.calendar.columns import mondays_of, week_labels
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.edits import read_plan_edits, with_edits
from planner.workbook.write import write_plan
from tests.planner.workbook.flowchart.sheets import (
    NAMES,
    WEEK_1,
    Edit,
    Maker,
    notes_between,
    put,
    sorted_rows,
    values,
)


@pytest.fixture
def dated_plan(made_campaign: Maker, made_weeks: Maker, tmp_path: Path) -> Path:
    """As plan, of a campaign with a flighting, so that its calendar is read back."""
    path = tmp_path / "dated.xlsx"
    campaign = made_campaign(4, names=NAMES)
    campaign = replace(campaign, brief=replace(campaign.brief, flighting="even"))
    campaign = replace(campaign, calendar=Calendar(week_labels(campaign.brief), mondays_of(campaign.brief)))
    write_plan(made_weeks(campaign, insertions=[1, 1, 1, 0]), path)
    return path


def locked(path: Path, *edits: Edit) -> dict[str, tuple[float | None, ...]]:
    """The weeks that are locked after edits."""
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book)
    book.save(path)
    calendar = with_edits(path, read_campaign(path), True).calendar
    assert calendar is not None
    return dict(calendar.locked)


def test_a_changed_cell_is_locked_and_no_other(dated_plan: Path) -> None:
    """News, in week 3, is moved to week 4; Cost keeps its own and gets one more in week 1."""
    moved = (put("Flowchart", "News", WEEK_1 + 2, None), put("Flowchart", "News", WEEK_1 + 3, 1))
    found = locked(dated_plan, *moved, put("Flowchart", "Cost", WEEK_1, 1))
    assert found == {"News": (None, None, 0, 1), "Cost": (1, None, None, None)}


def test_an_unedited_calendar_locks_nothing(dated_plan: Path) -> None:
    assert locked(dated_plan) == {}
    assert locked(dated_plan, sorted_rows, notes_between) == {}


def test_without_line_items_the_weeks_of_edited_vehicles_are_locked(dated_plan: Path) -> None:
    def without(book: openpyxl.Workbook) -> None:
        del book["Line items"]

    assert locked(dated_plan, without, put("Flowchart", "Cost", WEEK_1, 1)) == {"Cost": (1, 1, 0, 0)}


def test_moved_weeks_are_still_edits_in_the_workbook_of_the_edited_plan(
    made_campaign: Maker, made_weeks: Maker, tmp_path: Path
) -> None:
    """The workbook that `evaluate -o` writes after News was moved from week 3 to week 4 keeps both calendars."""
    path = tmp_path / "final.xlsx"
    now = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    before = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]], float)
    result = made_weeks(made_campaign(4, names=NAMES), insertions=[1, 1, 1, 0])
    assert result.weeks is not None
    weeks = replace(result.weeks, insertions=np.array(now, float))
    result = replace(result, weeks=weeks, optimised_weekly=before)
    write_plan(result, path)
    edits = read_plan_edits(path, read_campaign(path))
    assert edits.planned is not None
    assert edits.planned.tolist() == before.tolist()
    assert edits.weekly is not None
    assert edits.weekly.tolist() == now
    assert "as edited" in values(path)["Line items"]["A2"].value
    assert values(path)["Plan"]["A1"].value.endswith(", edited")
    assert values(path)["Summary"]["A1"].value.endswith(", edited plan")
    assert any(notice.startswith("Weeks edited by the planner") for notice in result_notices(result))


def test_a_workbook_of_an_unedited_plan_has_one_calendar(plan: tuple[Path, Campaign]) -> None:
    sheet = values(plan[0])["Line items"]
    assert "As optimised" not in [cell.value for cell in sheet[4]]
