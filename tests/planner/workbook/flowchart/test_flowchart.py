"""What stands on the sheets of a plan by week."""

import zipfile
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import openpyxl
import pytest

from planner.report.plan.json_result import plan_json
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.edits import read_plan
from planner.workbook.plan.flowchart_layout import FIRST_ROW, HEADER_ROW
from planner.workbook.plan.plan import read_insertions
from tests.planner.workbook.flowchart.sheets import LABEL, WEEK_1, Maker, by_week, values


def test_a_plan_without_a_calendar_has_neither_sheet(made_result: Maker, written: Maker) -> None:
    names = openpyxl.load_workbook(written(made_result())).sheetnames
    assert "Flowchart" not in names
    assert "Line items" not in names
    assert "Weeks" in names


def test_the_flowchart_stands_behind_the_plan(made_weeks: Maker, written: Maker) -> None:
    assert openpyxl.load_workbook(written(made_weeks())).sheetnames[:4] == [
        "Summary", "Plan", "Flowchart", "Line items"
    ]  # fmt: skip


def test_the_tab_of_the_sheet_to_edit_is_yellow_and_charts_are_told_in_words(
    made_result: Maker, made_weeks: Maker, written: Maker
) -> None:
    for made, edited in ((made_result(), "Plan"), (made_weeks(), "Flowchart")):
        path = written(made)
        sheets = openpyxl.load_workbook(path).worksheets
        assert [s.title for s in sheets if s.sheet_properties.tabColor.rgb == "FFF2C200"] == [edited]
        with zipfile.ZipFile(path) as parts:
            drawings = [
                parts.read(name).decode()
                for name in parts.namelist()
                if "drawings/drawing" in name and "rels" not in name
            ]
        assert (
            sum(text.count("<c:chart ") for text in drawings)
            == sum(text.count('descr="Chart: ') for text in drawings)
            > 0
        )


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
        "Not bought: 2 rows. Insertions typed here count above. This part is not printed.", "Evening News", "City News"
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


@pytest.mark.parametrize(("count", "told"), [(1, "15 Mar"), (2, "15 Mar, 29 Mar"), (4, "15 Mar to 12 Apr")])
def test_the_summary_names_one_week_or_two_and_the_ends_of_more(
    made_campaign: Maker, made_weeks: Maker, written: Maker, count: int, told: str
) -> None:
    result = made_weeks(made_campaign(1, 1, weeks=6, start=date(2027, 3, 17)), insertions=[count])
    rows = list(values(written(result))["Summary"].iter_rows(values_only=True))
    head = next(row for row in rows if row[0] == "Vehicle")
    shown = next(row for row in rows if row[0] == "Morning News")
    assert shown[head.index("When")] == told


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


@pytest.mark.parametrize(("weeks", "paper", "pages"), [(4, 9, 1), (26, 8, 1), (52, 8, 2)])
def test_it_prints_landscape_as_wide_as_can_be_read_with_its_headings(
    weeks: int, paper: int, pages: int, made_campaign: Maker, made_weeks: Maker, written: Maker
) -> None:
    book = openpyxl.load_workbook(written(made_weeks(made_campaign(weeks=weeks, currency="EUR"))))
    for name, rows in (("Flowchart", "$6:$7"), ("Line items", "$4:$4")):
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.fitToWidth or 1) == (pages if name == "Flowchart" else 1)
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


def test_the_chart_of_reach_by_week_stands_on_recap_and_flowchart_prints_what_is_bought_alone(
    made_weeks: Maker, written: Maker
) -> None:
    path = written(made_weeks())
    book = openpyxl.load_workbook(path)
    drawn = {sheet.title: len(sheet._charts) for sheet in book}
    assert drawn["Flowchart"] == 0
    assert drawn["Recap"] == 1
    sheet = book["Flowchart"]
    idle = next(
        r for r in range(1, sheet.max_row + 1) if str(sheet.cell(r, 1).value).startswith("Not bought")
    )
    last = max(row for row in range(1, idle) if sheet.cell(row, 1).value)
    assert sheet.print_area.endswith(f"${last}")  # what is not bought is for the planner alone


def test_plan_and_notes_say_where_to_edit(made_weeks: Maker, made_result: Maker, written: Maker) -> None:
    book = values(written(made_weeks()))
    assert "Flowchart: change them there" in book["Plan"]["C1"].value
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


def test_prices_and_ratings_typed_over_point_to_vehicles(made_weeks: Maker, written: Maker) -> None:
    path = written(made_weeks())
    before = read_plan(path)[0].notices
    book = openpyxl.load_workbook(path)
    sheet = book["Flowchart"]
    row = next(row for row in range(1, 30) if sheet.cell(row, LABEL).value == "Morning News")
    sheet.cell(row, 4).value, sheet.cell(row, 5).value = 1.0, 99.0
    book.save(path)
    price, rating = (told for told in read_plan(path)[0].notices if told not in before)
    assert price.startswith(
        f"Flowchart!D{row} (Net cost per insertion of Morning News) is 1, but Vehicles gives "
    )
    assert rating.startswith(f"Flowchart!E{row} (Rating % of Morning News) is 99, but Vehicles gives ")
