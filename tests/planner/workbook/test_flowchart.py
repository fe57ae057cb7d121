"""The Flowchart: its live formulas tell the truth, and what a planner edits there is read back."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.campaign.calendar import Calendar
from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.planning.results import ExtraCost, PlanResult
from planner.report.json_result import plan_json
from planner.report.text import result_notices
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.week_columns import mondays_of, week_labels
from planner.workbook.plan.edits import read_plan_edits, with_edits
from planner.workbook.plan.flowchart_layout import FIRST_ROW, HEADER_ROW
from planner.workbook.plan.plan import PlanSheetValues, read_insertions
from planner.workbook.write import write_plan

Maker = Callable[..., Any]
OURS = ("Plan", "Flowchart", "Line items")
LABEL, MEDIUM, WEEK_1 = 1, 2, 6  # columns, from 1


@pytest.fixture
def written(tmp_path: Path) -> Callable[[PlanResult], Path]:
    def write_to(result: PlanResult) -> Path:
        path = tmp_path / "plan.xlsx"
        write_plan(result, path)
        return path

    return write_to


def values(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def row_of(sheet: Worksheet, label: str) -> int:
    """The row of a vehicle or of a label."""
    return next(
        row for row in range(1, sheet.max_row + 1)
        if str(sheet.cell(row, LABEL).value or "").startswith(label) and row > 1
    )  # fmt: skip


def right(sheet: Worksheet, heading: str) -> int:
    """The column (from 1) under a heading."""
    return next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)


def figure(sheet: Worksheet, label: str, heading: str) -> Any:
    return sheet.cell(row_of(sheet, label), right(sheet, heading)).value


def by_week(sheet: Worksheet, label: str, weeks: int = 4) -> list[Any]:
    row = row_of(sheet, label)
    return [sheet.cell(row, WEEK_1 + week).value for week in range(weeks)]


def weeks_of(path: Path, insertions: list[float], made_campaign: Maker, made_weeks: Maker) -> Path:
    write_plan(made_weeks(made_campaign(len(insertions)), insertions=insertions), path)
    return path


# --- live formulas -------------------------------------------------------------------------------


CASES = {
    "plain": {"vehicles": 12, "media": 3},
    "prices by week": {"vehicles": 7, "media": 2, "by_week": True},
    "unquoted": {"vehicles": 6, "unquoted": (1, 4), "by_week": True},
    "nothing bought": {"vehicles": 4, "insertions": [0, 0, 0, 0]},
    "everything bought": {"vehicles": 4, "insertions": [1, 2, 3, 4]},
    "fractional": {"vehicles": 3, "whole": False, "insertions": [1.25, 0, 2.5]},
    "without a start": {"vehicles": 5, "start": None, "weeks": 6},
    "one week": {"vehicles": 3, "weeks": 1},
    "many weeks": {"vehicles": 9, "media": 4, "weeks": 30, "by_week": True},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_formulas_recalculated_by_libreoffice_show_what_we_wrote(
    case: str, made_campaign: Maker, made_weeks: Maker, written: Maker, recalculated: Maker
) -> None:
    asked = dict(CASES[case])
    more = {name: asked.pop(name) for name in ("insertions", "by_week") if name in asked}
    path = written(made_weeks(made_campaign(**asked), **more))
    formulas, ours, theirs = openpyxl.load_workbook(path), values(path), recalculated(path)
    cells = [cell for name in OURS for row in formulas[name].iter_rows() for cell in row]
    live = [(cell.parent.title, cell.coordinate) for cell in cells if cell.data_type == "f"]
    assert len(live) > 40
    for name, where in live:
        mine, other = ours[name][where].value, theirs[name][where].value
        # Both add the same few doubles, in another order.
        same = mine == pytest.approx(other, rel=1e-9, abs=1e-9) if isinstance(mine, float | int) else (
            (mine or "") == (other or "")
        )  # fmt: skip
        assert same, f"{name}!{where}: {mine!r}, LibreOffice {other!r}"


def test_the_figures_are_the_calendars(made_campaign: Maker, made_weeks: Maker, written: Maker) -> None:
    result = made_weeks(made_campaign(12, 3), by_week=True)
    sheet = values(written(result))["Flowchart"]
    weeks = result.weeks
    assert by_week(sheet, "Total insertions") == weeks.insertions.sum(axis=0).tolist()
    assert by_week(sheet, "Cost (") == pytest.approx(weeks.cost.tolist())
    assert by_week(sheet, "GRP") == pytest.approx(weeks.grp.tolist())
    assert by_week(sheet, "GRP, cumulative") == pytest.approx(np.cumsum(weeks.grp).tolist())
    assert by_week(sheet, "GRP, share asked for (front-loaded)") == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert by_week(sheet, "Reach of the week, target") == pytest.approx(weeks.reach_share.tolist())
    assert by_week(sheet, "Reach, cumulative, target") == pytest.approx(weeks.cumulative_share.tolist())
    assert figure(sheet, "Total insertions", "Cost") == pytest.approx(result.cost)
    assert figure(sheet, "Total insertions", "Share of spend") == pytest.approx(1.0)


def test_an_edit_changes_cost_grp_subtotals_and_the_plan(
    made_campaign: Maker, made_weeks: Maker, recalculated: Maker, tmp_path: Path
) -> None:
    # Morning News (TV) costs 4,000 and reaches 1.8 % of the universe, Evening News (Magazines) 5,500 and 2.06 %,
    # Weekly News (TV), not bought, 7,000 and 2.32 %.
    path = weeks_of(tmp_path / "plan.xlsx", [1, 2, 0], made_campaign, made_weeks)
    book = openpyxl.load_workbook(path)
    sheet = book["Flowchart"]
    assert not values(path)["Flowchart"].cell(5, WEEK_1).value
    sheet.cell(row_of(sheet, "Weekly News"), WEEK_1 + 2, 2)
    book.save(tmp_path / "changed.xlsx")
    book = recalculated(tmp_path / "changed.xlsx")
    sheet, plan = book["Flowchart"], book["Plan"]
    assert by_week(sheet, "TV total") == [1, 0, 2, 0]
    assert by_week(sheet, "Cost (") == [4_000, 5_500, 5_500 * figure_of(sheet, "Evening News", 2) + 14_000, 0]
    assert figure(sheet, "TV total", "Cost") == 4_000 + 14_000
    assert figure(sheet, "Total insertions", "GRP") == pytest.approx(1.8 + 2 * 2.06 + 2 * 2.32)
    assert "planner evaluate" in sheet.cell(5, WEEK_1).value
    rows = {plan.cell(row, 1).value: row for row in range(7, 10)}
    assert plan.cell(rows["Weekly News"], 6).value == 2
    assert plan.cell(rows["Weekly News"], 8).value == 14_000
    assert plan.cell(4, 4).value == 1  # edited


def figure_of(sheet: Worksheet, label: str, week: int) -> float:
    return sheet.cell(row_of(sheet, label), WEEK_1 + week).value or 0


def test_prices_by_week_are_paid_by_week(made_campaign: Maker, made_weeks: Maker, written: Maker) -> None:
    # TV's price rises by 10 % a week: three insertions from the first week on cost 4,000 x (1 + 1.1 + 1.2).
    result = made_weeks(made_campaign(1, 1), insertions=[3], by_week=True)
    book = values(written(result))
    assert figure(book["Flowchart"], "Morning News", "Cost") == pytest.approx(13_200)
    assert book["Plan"].cell(7, 8).value == pytest.approx(13_200)
    assert [book["Line items"].cell(row, 7).value for row in (5, 6, 7)] == pytest.approx(
        [4_000, 4_400, 4_800]
    )


def test_rows_sorted_on_either_sheet_keep_their_sums(
    made_campaign: Maker, made_weeks: Maker, recalculated: Maker, tmp_path: Path
) -> None:
    path = weeks_of(tmp_path / "plan.xlsx", [1, 2, 3, 4], made_campaign, made_weeks)
    book = openpyxl.load_workbook(path)
    sheet = book["Flowchart"]
    swap(sheet, row_of(sheet, "Morning News"), row_of(sheet, "Home News"), WEEK_1 + 3)
    book.save(tmp_path / "sorted.xlsx")
    plan = recalculated(tmp_path / "sorted.xlsx")["Plan"]
    assert {plan.cell(row, 1).value: plan.cell(row, 6).value for row in range(7, 11)} == {
        "Morning News": 1, "Evening News": 2, "Weekly News": 3, "Home News": 4
    }  # fmt: skip


def swap(sheet: Worksheet, one: int, other: int, last: int) -> None:
    for column in range(1, last + 1):
        first, second = sheet.cell(one, column), sheet.cell(other, column)
        first.value, second.value = second.value, first.value


@pytest.mark.parametrize("medium", ["TV*", ">5", 'say "TV"', "x" * 300])
def test_media_with_odd_names_keep_their_subtotals(
    medium: str, made_campaign: Maker, made_weeks: Maker, written: Maker, recalculated: Maker
) -> None:
    campaign = made_campaign(4)
    names = {"TV": medium, "Magazines": "Magazines"}
    campaign = replace(
        campaign,
        media=tuple(replace(row, name=names[row.name]) for row in campaign.media),
        vehicles=tuple(replace(vehicle, medium=names[vehicle.medium]) for vehicle in campaign.vehicles),
    )
    sheet = recalculated(written(made_weeks(campaign, insertions=[1, 1, 0, 1])))["Flowchart"]
    assert figure(sheet, f"{medium} total", "Cost") == 4_000
    assert figure(sheet, "Magazines total", "Cost") == 5_500 + 8_500


def test_fixed_costs_are_in_the_money_of_their_vehicle_its_medium_and_its_weeks(
    made_campaign: Maker, made_weeks: Maker, written: Maker, recalculated: Maker
) -> None:
    result = made_weeks(made_campaign(2), insertions=[1, 1])
    fixed = (ExtraCost(250.0, (), 0.0), ExtraCost(0.0, (), 0.0))
    spent = result.weeks.insertions * result.weeks.unit_cost
    vehicles = replace(result.vehicles, extra=fixed, cost=spent.sum(axis=1) + np.array([250.0, 0.0]))
    path = written(replace(result, cost=result.cost + 250, vehicles=vehicles))
    for book in (values(path), recalculated(path)):
        sheet, plan = book["Flowchart"], book["Plan"]
        assert sheet.cell(5, 2).value == pytest.approx(9_750)
        assert sheet.cell(5, 4).value == pytest.approx(1_000_000 - 9_750)
        assert figure(sheet, "TV total", "Cost") == pytest.approx(spent[0].sum() + 250)
        assert figure(sheet, "TV total", "Cost") == pytest.approx(
            next(
                row[7].value for row in plan.iter_rows() if (row[0].value, row[1].value) == ("Subtotal", "TV")
            )
        )
        row = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("Cost ("))
        assert sum(cell.value for cell in row[1:] if isinstance(cell.value, float | int)) == pytest.approx(
            9_750
        )


# --- what stands on the sheets --------------------------------------------------------------------


def test_a_plan_without_a_calendar_has_neither_sheet(made_result: Maker, written: Maker) -> None:
    names = openpyxl.load_workbook(written(made_result())).sheetnames
    assert "Flowchart" not in names
    assert "Line items" not in names
    assert "Weeks" in names


def test_the_flowchart_stands_behind_the_plan(made_weeks: Maker, written: Maker) -> None:
    assert openpyxl.load_workbook(written(made_weeks())).sheetnames[:4] == [
        "Summary", "Plan", "Flowchart", "Line items"
    ]  # fmt: skip


def test_rows_stand_by_medium_below_their_bands_and_idle_vehicles_last(
    made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    sheet = values(written(made_weeks(made_campaign(6, 2), insertions=[1, 0, 2, 3, 0, 4])))["Flowchart"]
    labels = [sheet.cell(row, LABEL).value for row in range(FIRST_ROW + 1, FIRST_ROW + 8)]
    assert labels == [
        "Magazines total", "Sports News", "Home News", "TV total", "Weekly News", "Morning News", "Total insertions"
    ]  # fmt: skip
    below = [sheet.cell(row, LABEL).value for row in range(FIRST_ROW + 9, sheet.max_row + 1)]
    assert [label for label in below if label][-3:] == [
        "Not bought: 2 vehicles. Insertions typed here count above.", "Evening News", "City News"
    ]  # fmt: skip


def test_months_stand_above_mondays_and_empty_weeks_are_blank(
    made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    result = made_weeks(made_campaign(1, 1, weeks=6, start=date(2027, 3, 17)), insertions=[2])
    sheet = values(written(result))["Flowchart"]
    mondays = [sheet.cell(HEADER_ROW + 1, WEEK_1 + week).value for week in range(6)]
    assert mondays[0] == datetime(2027, 3, 15)
    assert mondays[5] == datetime(2027, 4, 19)
    assert [sheet.cell(HEADER_ROW, WEEK_1 + week).value for week in (0, 3)] == ["March 2027", "April 2027"]
    assert by_week(sheet, "Morning News", 6) == [1, None, 1, None, None, None]


def test_only_the_weeks_of_vehicles_are_unlocked(made_weeks: Maker, written: Maker) -> None:
    book = openpyxl.load_workbook(written(made_weeks()))
    unlocked = {
        (cell.row, cell.column)
        for row in book["Flowchart"].iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    rows = {row for row, _ in unlocked}
    assert len(rows) == 6
    assert {column for _, column in unlocked} == set(range(WEEK_1, WEEK_1 + 4))
    assert not [cell for row in book["Plan"].iter_rows() for cell in row if not cell.protection.locked]


@pytest.mark.parametrize(("weeks", "paper"), [(4, 9), (26, 8)])
def test_it_prints_landscape_one_page_wide_with_its_headings(
    weeks: int, paper: int, made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    book = openpyxl.load_workbook(written(made_weeks(made_campaign(weeks=weeks, currency="EUR"))))
    for name, rows in (("Flowchart", "$6:$7"), ("Line items", "$4:$4")):
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_title_rows == rows
        assert sheet.freeze_panes
    assert int(book["Flowchart"].page_setup.paperSize) == paper


def test_reach_by_week_has_a_chart_with_units(made_weeks: Maker, written: Maker) -> None:
    with zipfile.ZipFile(written(made_weeks())) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    chart = next(xml for xml in charts if "Reach by week and cumulative reach" in xml)
    assert "Week, by its Monday" in chart
    assert "People reached (% of target)" in chart


def test_line_items_are_the_calendar_as_a_list(
    made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    result = made_weeks(made_campaign(2), insertions=[1, 2])
    sheet = values(written(result))["Line items"]
    rows = [[cell.value for cell in sheet[row]] for row in (5, 6, 7)]
    assert rows[0] == [
        "Evening News",
        "Magazines",
        "page 4C",
        datetime(2027, 3, 8),
        1,
        5_500,
        5_500,
        pytest.approx(2.06),
    ]
    assert rows[2] == ["Morning News", "TV", ":30", datetime(2027, 3, 1), 1, 4_000, 4_000, pytest.approx(1.8)]
    assert [sheet.cell(9, column).value for column in (1, 5, 7)] == ["Total shown", 3, 15_000]
    assert "does not follow edits" in sheet["A2"].value
    assert sheet.auto_filter.ref == "A4:H7"


def test_plan_and_notes_say_where_to_edit(made_weeks: Maker, made_result: Maker, written: Maker) -> None:
    book = values(written(made_weeks()))
    assert "Flowchart: change them there" in book["Plan"]["A2"].value
    notes = " ".join(str(cell.value) for row in book["Notes"].iter_rows() for cell in row if cell.value)
    assert "Flowchart, yellow cells" in notes
    assert "Plan, column Insertions" not in notes
    notes = " ".join(
        str(c.value) for row in values(written(made_result()))["Notes"].iter_rows() for c in row if c.value
    )
    assert "Flowchart" not in notes


def test_the_json_has_the_weeks_and_the_pattern(
    made_campaign: Maker, made_weeks: Maker, made_result: Maker
) -> None:
    result = made_weeks(made_campaign(2), insertions=[1, 2])
    found = plan_json(result)
    assert found["calendar"] == {"pattern": "front-loaded", "off_pattern_pct": 4.0, "audience": "target"}
    assert found["weeks"][1]["label"] == found["weeks"][1]["monday"] == "2027-03-08"
    assert found["weeks"][1]["insertions"] == {"Evening News": 1}
    assert found["weeks"][1]["grp"] == pytest.approx(2.06)
    assert found["weeks"][1]["reach_pct"] == pytest.approx(100 * (1 - np.exp(-0.0206)))
    dateless = plan_json(made_weeks(made_campaign(2, start=None)))["weeks"][0]
    assert (dateless["label"], dateless["monday"]) == ("W1", None)
    without = plan_json(made_result())
    assert without["calendar"] is without["weeks"] is None


@pytest.mark.parametrize(("vehicles", "weeks"), [(1, 1), (120, 26), (3, 60)])
def test_calendars_of_many_sizes_are_written_and_read_back(
    vehicles: int, weeks: int, made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    names = tuple(f"Vehicle {n}" for n in range(vehicles))
    campaign = replace(made_campaign(vehicles, 3, names=names, weeks=weeks), defaults=())
    result = made_weeks(campaign, by_week=True)
    path = written(result)
    found = read_insertions(path, read_campaign(path))
    assert found.weekly is not None
    assert found.weekly.tolist() == result.weeks.insertions.tolist()
    assert found.insertions.tolist() == result.vehicles.insertions.tolist()


@pytest.mark.parametrize(
    "name", ["x" * 255, "読売新聞" * 60, "=1+1", "Total Film", "GRP, cumulative", 'say "TV"']
)
def test_vehicles_with_unruly_names_are_written_and_read_back(
    name: str, made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    path = written(made_weeks(made_campaign(3, names=(name,)), insertions=[1, 0, 2]))
    found = read_insertions(path, read_campaign(path))
    assert found.insertions.tolist() == [1, 0, 2]


# --- reading back ---------------------------------------------------------------------------------

NAMES = ("Total Film", "Cost", "News", "Idle")  # TV, Magazines, TV, Magazines


@pytest.fixture
def plan(made_campaign: Maker, made_weeks: Maker, tmp_path: Path) -> tuple[Path, Campaign]:
    """A workbook in which Total Film, Cost and News have one insertion in weeks 1, 2, 3, and Idle has none."""
    path = tmp_path / "plan.xlsx"
    write_plan(made_weeks(made_campaign(4, names=NAMES), insertions=[1, 1, 1, 0]), path)
    return path, read_campaign(path)


Edit = Callable[[openpyxl.Workbook], object]


def edited(plan: tuple[Path, Campaign], edit: Edit, *, values_kept: bool = False) -> PlanSheetValues:
    """What is read after an edit. values_kept: as a spreadsheet saves it, and not as openpyxl, without values."""
    path, campaign = plan
    book = openpyxl.load_workbook(path, data_only=values_kept)
    edit(book)
    book.save(path)
    return read_insertions(path, campaign)


def put(sheet: str, label: str, column: int, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        found = book[sheet]
        row = next(r for r in range(7, found.max_row + 1) if found.cell(r, 1).value == label)
        found.cell(row, column).value = value

    return edit


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


def test_a_text_typed_over_plans_sum_is_a_problem(plan: tuple[Path, Campaign]) -> None:
    with pytest.raises(WorkbookError, match="1 problem") as caught:
        edited(plan, put("Plan", "News", 6, "two"))
    assert '"two" is not a number' in caught.value.problems[0].text


def sorted_rows(book: openpyxl.Workbook) -> None:
    sheet = book["Flowchart"]
    swap(sheet, row_of(sheet, "Total Film"), row_of(sheet, "News"), WEEK_1 + 3)
    swap(sheet, row_of(sheet, "TV total"), row_of(sheet, "Idle"), WEEK_1 + 3)


def notes_between(book: openpyxl.Workbook) -> None:
    sheet = book["Flowchart"]
    sheet.insert_rows(9)
    sheet.cell(9, 1, "Holiday weeks: nothing on air")
    sheet.cell(9, WEEK_1 + 1, "Easter")
    sheet.insert_rows(9)
    sheet.cell(9, WEEK_1 + 2, "see mail")
    sheet.insert_cols(WEEK_1 + 2)
    sheet.cell(HEADER_ROW + 1, WEEK_1 + 2, "Remarks 2")
    sheet.cell(10, WEEK_1 + 2, 17)
    sheet.insert_cols(1)


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


def heading(column: int, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        book["Flowchart"].cell(HEADER_ROW + 1, column).value = value

    return edit


@pytest.mark.parametrize(
    ("edit", "cell", "words"),
    [
        (put("Flowchart", "News", WEEK_1, -1), "Flowchart!F", "is negative"),
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


# --- kept edits -------------------------------------------------------------------------------------


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
