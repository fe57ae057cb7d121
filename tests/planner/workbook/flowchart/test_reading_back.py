"""A flowchart that comes back: edits, rearranged rows, and what is wrong with its cell."""

import math
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.planning.edits import PlanEdits
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.edits import read_plan_edits
from planner.workbook.plan.plan import read_insertions
from planner.workbook.write import write_plan
from tests.planner.workbook.account.test_faulty_files import rezipped
from tests.planner.workbook.flowchart.sheets import (
    LABEL,
    MEDIUM,
    WEEK_1,
    Edit,
    Maker,
    heading,
    notes_between,
    put,
    row_of,
    sorted_rows,
)


def edited(plan: tuple[Path, Campaign], edit: Edit, *, values_kept: bool = False) -> PlanEdits:
    """What is read after an edit. values_kept: as a spreadsheet saves it, and not as openpyxl, without values."""
    path, campaign = plan
    book = openpyxl.load_workbook(path, data_only=values_kept)
    edit(book)
    book.save(path)
    return read_insertions(path, campaign)


@pytest.mark.parametrize("values_kept", [True, False])
def test_an_unedited_flowchart_is_the_plan(plan: tuple[Path, Campaign], values_kept: bool) -> None:
    found = edited(plan, lambda _: None, values_kept=values_kept)
    assert found.insertions.tolist() == found.optimised.tolist() == [1, 1, 1, 0]
    assert found.weekly is not None
    assert found.weekly.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_an_edited_week_counts_though_no_formula_was_recalculated(plan: tuple[Path, Campaign]) -> None:
    found = edited(plan, put("Flowchart", "Idle", WEEK_1 + 3, 5))
    assert found.insertions.tolist() == [1, 1, 1, 5]
    assert found.optimised.tolist() == [1, 1, 1, 0]
    assert found.weekly is not None
    assert found.weekly[3].tolist() == [0, 0, 0, 5]


def test_a_number_typed_over_plans_sum_must_be_the_sum(plan: tuple[Path, Campaign]) -> None:
    assert edited(plan, put("Plan", "News", 6, 1)).insertions.tolist() == [1, 1, 1, 0]
    with pytest.raises(WorkbookError) as caught:
        edited(plan, put("Plan", "News", 6, 3))
    (problem,) = caught.value.problems
    assert problem.cell.startswith("Plan!F")
    assert '"News" has 3 insertions here, but its weeks on the Flowchart (Flowchart!F' in problem.text
    assert "add up to 1" in problem.text


@pytest.mark.parametrize(("shown", "kind"), [(b"0", b""), (b"#REF!", b' t="e"')])
def test_what_a_formula_of_plan_shows_beside_the_weeks_is_told_and_does_not_count(
    shown: bytes, kind: bytes, plan: tuple[Path, Campaign]
) -> None:
    """A spreadsheet's sum passes over a week that is a text, and shows an error where a row was deleted."""
    path, campaign = plan
    sums = re.compile(rb'(<c r="F\d+"[^>]*?)(><f>[^<]*</f><v>)1\.0(?=</v>)')

    def changed(name: str, xml: bytes) -> bytes:
        return sums.sub(rb"\g<1>" + kind + rb"\g<2>" + shown, xml) if name.endswith("sheet2.xml") else xml

    rezipped(path, changed)
    found = read_plan_edits(path, campaign)
    assert found.insertions.tolist() == [1, 1, 1, 0]
    told = [notice for notice in found.notices if "show other insertions than the weeks" in notice]
    assert len(told) == 1
    assert told[0].count("Plan!F") == 3


def test_a_text_typed_over_plans_sum_is_a_problem(plan: tuple[Path, Campaign]) -> None:
    with pytest.raises(WorkbookError, match="1 problem") as caught:
        edited(plan, put("Plan", "News", 6, "two"))
    assert '"two" is not a number' in caught.value.problems[0].text


def hidden_rows(book: openpyxl.Workbook) -> None:
    for row in range(8, 14):
        book["Flowchart"].row_dimensions[row].hidden = True
    book["Flowchart"].column_dimensions["G"].hidden = True


def without_blanks(book: openpyxl.Workbook) -> None:
    put("Flowchart", "Idle", WEEK_1, 0)(book)
    put("Flowchart", "Idle", WEEK_1 + 1, "-")(book)


@pytest.mark.parametrize("edit", [sorted_rows, notes_between, hidden_rows, without_blanks])
def test_a_rearranged_flowchart_still_reads(edit: Edit, plan: tuple[Path, Campaign]) -> None:
    found = edited(plan, edit)
    assert found.weekly is not None
    assert found.weekly.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def new_row(*cells: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book["Flowchart"]
        row = sheet.max_row + 1
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)

    return edit


def remove(label: str) -> Edit:
    return lambda book: book["Flowchart"].delete_rows(row_of(book["Flowchart"], label))


@pytest.mark.parametrize(
    ("edit", "cell", "words"),
    [
        (put("Flowchart", "News", WEEK_1, -1), "Flowchart!F", "is negative"),
        (put("Flowchart", "News", WEEK_1, 1e9), "Flowchart!F", "expected at most 10,000 insertions"),
        (put("Flowchart", "News", WEEK_1, 0.5), "Flowchart!F", "the Brief asks for whole insertions"),
        (put("Flowchart", "News", WEEK_1, "x"), "Flowchart!F", "is not a number of insertions"),
        (put("Flowchart", "News", WEEK_1, "#N/A"), "Flowchart!F", "the error #N/A"),
        (put("Flowchart", "News", WEEK_1, "=1+1"), "Flowchart!F", "formula without a value"),
        (put("Flowchart", "News", MEDIUM, None), "Flowchart!B", 'of "News" is blank here and "TV" on Vehicles'),
        (put("Flowchart", "News", MEDIUM, "Radio"), "Flowchart!B", 'is "Radio" here and "TV" on Vehicles'),
        (put("Flowchart", "News", LABEL, "Newz"), "Flowchart!A", 'did you mean "News"?'),
        (new_row("Brand new", "TV"), "Flowchart!A", '"Brand new" is not a vehicle of the sheet Vehicles'),
        (new_row("Brand new", None, None, None, None, 3), "Flowchart!A", "is not a vehicle of the sheet Vehicles"),
        (new_row(None, None, None, None, None, 3), "Flowchart!A", "There are numbers (in Flowchart!F"),
        (new_row("news", "TV", None, None, None, 3), "Flowchart!A", '"news" is there twice (also Flowchart!A'),
        (remove("Idle"), "Flowchart", "There is no row for Idle; every vehicle needs one"),
        (heading(WEEK_1 + 1, None), "Flowchart!I7", "there is no column for W2 (2027-03-08)"),
        (heading(WEEK_1 + 8, "W5"), "Flowchart!N7", "is no week of the flight, which has 4 weeks"),
        (heading(WEEK_1 + 3, datetime(2027, 3, 29)), "Flowchart!I7", "is no week of the flight"),
        (heading(WEEK_1 + 1, datetime(2027, 3, 1)), "Flowchart!G7", "which has a column already (Flowchart!F7)"),
    ],
)  # fmt: skip
def test_a_flowchart_with_something_wrong_names_the_cell(
    edit: Edit, cell: str, words: str, plan: tuple[Path, Campaign]
) -> None:
    with pytest.raises(WorkbookError) as caught:
        edited(plan, edit)
    found = [(problem.cell, problem.text) for problem in caught.value.problems]
    assert any(where.startswith(cell) and words in text for where, text in found), found
    assert len(found) == 1 or "did you mean" not in words, found  # a renamed row is not missing besides


@pytest.mark.parametrize(
    ("sheet", "name", "words"),
    [
        (
            "Flowchart",
            "Flowchart (2)",
            "did you mean Flowchart? It is not read under this name. Flowchart is there too",
        ),
        ("Plan", "Plan_2", "did you mean Plan? It is not read under this name. Plan is there too"),
        ("Flowchart", "", "did you mean Flowchart? It is not read under this name. Rename it"),
    ],
)
def test_a_copy_of_the_sheet_that_is_edited_is_asked_about(
    sheet: str, name: str, words: str, plan: tuple[Path, Campaign]
) -> None:
    book = openpyxl.load_workbook(plan[0])
    if name:
        book.copy_worksheet(book[sheet]).title = name
    else:
        book[sheet].title = "For the client"
    book.save(plan[0])
    with pytest.raises(WorkbookError) as caught:
        read_campaign(plan[0])
    (problem,) = caught.value.problems
    assert words in problem.text


def test_a_copy_of_a_sheet_that_only_the_program_writes_is_no_question(plan: tuple[Path, Campaign]) -> None:
    book = openpyxl.load_workbook(plan[0])
    book.copy_worksheet(book["Line items"]).title = "Line items (2)"
    book.save(plan[0])
    assert any('"Line items (2)" is not ours' in notice for notice in read_campaign(plan[0]).notices)


def test_a_flowchart_that_is_not_ours_is_left_alone(made_result: Maker, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(made_result(), path)
    campaign = read_campaign(path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Flowchart").append(["Programme", "March", "April"])
    book.save(path)
    found = read_insertions(path, campaign)
    assert found.weekly is None
    assert found.insertions.tolist() == made_result().vehicles.insertions.tolist()


def test_a_number_typed_over_a_sum_that_disagrees_names_the_cell_and_the_weeks(
    plan: tuple[Path, Campaign],
) -> None:
    with pytest.raises(WorkbookError) as caught:
        edited(plan, put("Flowchart", "News", WEEK_1 + 4, 3))  # its weeks are followed by its sum
    (problem,) = caught.value.problems
    assert problem.cell.startswith("Flowchart!J")
    assert "3 insertions typed over its sum" in problem.text
    assert "Flowchart!F" in problem.text
    assert "add up to 1" in problem.text


def test_other_formulas_of_the_flowchart_that_are_numbers_now_are_named_and_change_nothing(
    plan: tuple[Path, Campaign],
) -> None:
    path, campaign = plan
    for label, column in (("News", WEEK_1 + 5), ("TV total", WEEK_1), ("Total insertions", WEEK_1 + 4)):
        edited(plan, put("Flowchart", label, column, 9))
    found = read_plan_edits(path, campaign)
    told = " ".join(found.notices)
    assert all(cell in told for cell in ("Flowchart!K", "(weeks of TV total)", "(Insertions of Total"))
    assert found.insertions.tolist() == [1, 1, 1, 0]
    assert found.weekly is not None


def test_nothing_is_named_of_a_flowchart_as_it_was_written(plan: tuple[Path, Campaign]) -> None:
    assert not any("Flowchart" in notice for notice in read_plan_edits(*plan).notices)


@pytest.fixture
def endless(made_campaign: Maker, made_weeks: Maker, tmp_path: Path) -> tuple[Path, Campaign]:
    """The least money, without a budget."""
    path, campaign = tmp_path / "plan.xlsx", made_campaign(4, budget=math.inf, objective="minimum cost")
    write_plan(made_weeks(campaign, insertions=[1, 1, 1, 0]), path)
    return path, campaign


def type_over(path: Path, sheet: str, address: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][address] = value
    book.save(path)


def test_a_flowchart_without_a_budget_is_as_it_was_written(endless: tuple[Path, Campaign]) -> None:
    assert not any("Flowchart" in notice for notice in read_plan_edits(*endless).notices)


def test_a_budget_typed_over_on_the_flowchart_points_to_the_brief(plan: tuple[Path, Campaign]) -> None:
    type_over(plan[0], "Flowchart", "A5", 123_456)
    (notice,) = read_plan_edits(*plan).notices
    assert notice.startswith("Flowchart!A5 (Budget) is 123456, but the Brief says ")


def test_a_budget_changed_on_the_brief_is_one_notice_of_plan_and_flowchart(
    plan: tuple[Path, Campaign],
) -> None:
    path, _ = plan
    sheet, _, address = read_campaign(path).brief_cell("budget").partition("!")
    type_over(path, sheet, address, 123_456)
    (notice,) = read_plan_edits(path, read_campaign(path)).notices
    assert notice.startswith("Plan!A4 and Flowchart!A5 (Budget) are ")


def test_a_budget_asked_for_on_the_command_line_is_not_said_to_be_the_briefs(
    plan: tuple[Path, Campaign],
) -> None:
    path, _ = plan
    assert read_plan_edits(path, read_campaign(path, {"budget": 123_456.0})).notices == ()


def test_a_budget_typed_where_the_brief_has_none_is_told(endless: tuple[Path, Campaign]) -> None:
    type_over(endless[0], "Flowchart", "A5", 123_456)
    (notice,) = read_plan_edits(*endless).notices
    assert notice.startswith("Flowchart!A5 (Budget) is 123456, but the Brief names none ")
