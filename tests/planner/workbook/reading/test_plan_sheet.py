"""The sheet Plan of a workbook that comes back."""

from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.plan import read_insertions
from tests.planner.workbook.reading.book import Edits, written

PLAN: list[list[object]] = [
    ["Plan: autumn"],
    ["Medium", "Vehicle", "Optimised (fixed)", "Insertions (editable)", "Cost"],
    ["TV", "Quiz", 2, 3, 300],
    ["TV", "news ", 1, 1, 200],
    ["Magazine", "Cook", 0, 0, 0],
    ["Total", None, 3, 4, 500],
]


def plan(path: Path, edits: Edits | None = None) -> tuple[Path, Campaign]:
    campaign = read_campaign(written(path))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Plan")
    for row in PLAN:
        sheet.append(row)
    for place, value in (edits or {}).items():
        sheet[place] = value
    book.save(path)
    return path, campaign


def test_insertions_come_in_the_order_of_the_vehicles(tmp_path: Path) -> None:
    found = read_insertions(*plan(tmp_path / "a.xlsx"))
    assert found.insertions.tolist() == [3.0, 1.0, 0.0]
    assert found.optimised.tolist() == [2.0, 1.0, 0.0]
    assert found.weekly is None


@pytest.mark.parametrize(
    ("edits", "cell", "words"),
    [
        ({"D3": -1}, "Plan!D3", "at least 0"),
        ({"D3": "three"}, "Plan!D3", "is not a number"),
        ({"D3": None}, "Plan!D3", "has no Insertions"),
        ({"C3": None}, "Plan!C3", "has no Optimised"),
        ({"B3": "Quizz"}, "Plan!B3", 'did you mean "Quiz"?'),
        ({"B4": "Quiz"}, "Plan!B4", "is there twice (also Plan!B3)"),
        ({"A5": None, "B5": None, "C5": None, "D5": None, "E5": None}, "Plan", "There is no row for Cook"),
        ({"D2": "Spots"}, "Plan", 'There is no column "Insertions (editable)"'),
    ],
)
def test_a_plan_sheet_with_something_wrong_names_the_cell(
    edits: Edits, cell: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_insertions(*plan(tmp_path / "a.xlsx", edits))
    found = {problem.cell: problem.text for problem in caught.value.problems}
    assert words in found.get(cell, f"nothing at {cell}, but {found}")
    assert "Plan" not in found or "did you mean" not in words  # a renamed row is not missing besides


def test_a_campaign_without_a_plan_sheet_cannot_be_evaluated(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_insertions(path, read_campaign(path))
    assert "no sheet Plan" in caught.value.problems[0].text
