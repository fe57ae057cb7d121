"""The sheet Weeks: its headings, its rows, and their problems by cell."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.campaign.calendar import Calendar, WeekLimit
from planner.campaign.inputs import Brief, VehicleRow
from planner.excel.read import read_book
from planner.workbook.campaign.calendar.columns import WeekColumns, mondays_of, week_labels
from planner.workbook.campaign.calendar.price_factors import price_factors
from planner.workbook.campaign.calendar.rows import NAMES, WeekRow
from planner.workbook.campaign.calendar.weeks import parse_weeks
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header
from planner.workbook.cells.table import Record, no_table, read_table
from planner.workbook.schema.sheets import WEEKS
from planner.workbook.template import write_example, write_template
from tests.planner.workbook.reading.weeks_book import HEADINGS, MONDAYS, START, Row, book, problems, read


def calendar(path: Path, *rows: Row, **more: Any) -> Calendar:
    found = read(path, *rows, **more).calendar
    assert found is not None
    return found


# --- no calendar ------------------------------------------------------------------------------------


@pytest.mark.parametrize("headings", [HEADINGS, ["Vehicle"], ["Vehicle", "W1", "W9", "Any"]])
def test_headings_alone_make_no_calendar(headings: Row, tmp_path: Path) -> None:
    assert read(tmp_path, headings=headings).calendar is None


def test_a_row_that_is_all_blank_is_as_if_not_listed(tmp_path: Path) -> None:
    assert read(tmp_path, ["Quiz"], ["price factor", None, "-", None, None]).calendar is None
    found = calendar(tmp_path, ["Quiz"], ["News", 1, 1, 1, 1])
    assert dict(found.most) == {"News": (1.0, 1.0, 1.0, 1.0)}


@pytest.mark.parametrize("write", [write_template, write_example])
def test_the_template_has_headings_and_the_example_the_calendar_of_its_start(
    write: Any, tmp_path: Path
) -> None:
    write(tmp_path / "new.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "new.xlsx")
    assert [cell.value for cell in workbook["Weeks"][1]] == HEADINGS
    listed = [row[1] for row in workbook["Help"].iter_rows(values_only=True) if row[0] == "Weeks"]
    assert set(NAMES) <= set(listed)
    if write is write_example:
        found = read_campaign(tmp_path / "new.xlsx")
        assert found.calendar == Calendar(week_labels(found.brief), mondays_of(found.brief))


def test_a_flighting_or_start_and_weeks_on_the_brief_make_a_calendar_without_a_sheet() -> None:
    brief = Brief(start=date(2027, 3, 3), weeks=2, flighting="pulsed")
    found, same = parse_weeks(no_table(WEEKS, Findings()), brief, ())
    assert same == brief
    assert found == Calendar(("2027-03-01", "2027-03-08"), (date(2027, 3, 1), date(2027, 3, 8)))
    dated, undated = replace(brief, flighting=None), replace(brief, flighting=None, start=None)
    assert parse_weeks(no_table(WEEKS, Findings()), dated, ())[0] == found
    assert parse_weeks(no_table(WEEKS, Findings()), undated, ())[0] is None
    assert parse_weeks(no_table(WEEKS, Findings()), replace(undated, longest_gap=1), ())[0] is not None
    assumed = Findings()
    assumed.default("Brief", "Weeks", "weeks", "Weeks: 4")
    assert parse_weeks(no_table(WEEKS, assumed), dated, ())[0] is None


# --- headings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ["Vehicle", "W1", "w 2", "Week 3", "4"],
        ["Vehicle", 1, 2, 3, 4],
        [None, "Vehicle", "Week 1", "WEEK 2", "wk 3", "W.4"],
    ],
)
def test_weeks_are_headed_by_numbers_in_many_spellings(headings: Row, tmp_path: Path) -> None:
    row = [None] * (len(headings) - 5) + ["Quiz", 1, 2, 3, 4]
    found = calendar(tmp_path, row, headings=headings)
    assert found.labels == ("W1", "W2", "W3", "W4")
    assert found.mondays == (None,) * 4
    assert found.most["Quiz"] == (1.0, 2.0, 3.0, 4.0)


def test_weeks_are_headed_by_mondays_as_dates_or_texts_in_any_order(tmp_path: Path) -> None:
    headings = ["Vehicle", "2027-03-08", "1 March 2027", MONDAYS[3], "W3"]
    found = calendar(tmp_path, ["Quiz", 2, 1, 4, 3], headings=headings, brief={"Start": START})
    assert found.labels == ("2027-03-01", "2027-03-08", "W3", "2027-03-22")
    assert found.mondays == tuple(monday.date() for monday in MONDAYS)
    assert found.most["Quiz"] == (1.0, 2.0, 3.0, 4.0)


def test_a_total_and_a_column_of_notes_are_passed_over(tmp_path: Path) -> None:
    campaign = read(tmp_path, ["Quiz", 1, 1, 1, 1, 4, "late"], headings=[*HEADINGS, "Total", "Remark"])
    assert campaign.calendar is not None
    assert any('"Remark" is no week' in notice for notice in campaign.notices)


DATED = {"Start": START}


@pytest.mark.parametrize(
    ("headings", "brief", "cell", "words"),
    [
        (HEADINGS[:4], {}, "Weeks!D1", "4 weeks (Brief!B5), but there is no column for W4"),
        (["Vehicle", "W1"], {}, "Weeks!B1", "no column for W2, W3 and W4"),
        ([*HEADINGS, "W5"], {}, "Weeks!F1", "is no week of the flight, which has 4 weeks (Brief!B5)"),
        (["Vehicle", "W1", "W2", "W2", "W4"], {}, "Weeks!D1", "is W2, which has a column already (Weeks!C1)"),
        (["Vehicle", *MONDAYS], {}, "Weeks!B1", "the Brief has no Start"),
        (["Vehicle", *MONDAYS[:3], datetime(2027, 3, 24)], DATED, "Weeks!E1", "is a Wednesday; head the week by"),
        (["Vehicle", *MONDAYS[:3], datetime(2027, 3, 29)], DATED, "Weeks!E1", "run from 2027-03-01 to 2027-03-22"),
        (["Vehicle", *MONDAYS[:3], "03/04/2027"], DATED, "Weeks!E1", "2027-04-03 or 2027-03-04"),
        (["Vehicle", *HEADINGS[1:4], "Q4"], {}, "Weeks!E1", "expected W1 to W4, or the Mondays"),
        (["Vehicle", *HEADINGS[1:4], 46027], {}, "Weeks!E1", "format the cell as a date"),
        (["Vehicle", *HEADINGS[1:4], "=B1+1"], {}, "Weeks!E1", "formula without a value"),
        (["Vehicle", *HEADINGS[1:4], "#REF!"], {}, "Weeks!E1", "the error #REF!"),
        (["Vehicle", *HEADINGS[1:4], "last"], {}, "Weeks!D1", "no column for W4"),
        (["Programme", *HEADINGS[1:]], {}, "Weeks", 'No row of headings was found; expected one with "Vehicle"'),
    ],
)  # fmt: skip
def test_a_heading_that_is_no_week_is_named(
    headings: Row, brief: Mapping[str, object], cell: str, words: str, tmp_path: Path
) -> None:
    found = problems(tmp_path, ["Quiz", 1, 1, 1, 1], headings=headings, brief=brief)
    assert words in found.get(cell, f"nothing at {cell}, but {found}")


def test_dates_without_a_start_are_asked_about_once(tmp_path: Path) -> None:
    assert list(problems(tmp_path, ["Quiz", 1], headings=["Vehicle", *MONDAYS])) == ["Weeks!B1"]


# --- rows -------------------------------------------------------------------------------------------


def test_a_blank_week_among_filled_ones_is_not_available_and_listed_once(tmp_path: Path) -> None:
    campaign = read(tmp_path, ["quiz", 1, None, "-", 2], ["Cook", None, 1, None, None])
    assert campaign.calendar is not None
    assert dict(campaign.calendar.most) == {"Quiz": (1.0, 0.0, 0.0, 2.0), "Cook": (0.0, 1.0, 0.0, 0.0)}
    listed = [default.text for default in campaign.defaults if default.sheet == "Weeks"]
    assert listed == ["a week left blank in a vehicle's row that has others: not available (0)"]
    assert campaign.cells["Weeks", "Quiz", "W4"] == "Weeks!E2"
    assert campaign.cells["Weeks", "Cook", "row"] == "Weeks!A3"


def test_fractions_are_read_where_the_brief_allows_them(tmp_path: Path) -> None:
    found = calendar(tmp_path, ["Quiz", 0.5, 1, 1, 1], brief={"Whole insertions": "no"})
    assert found.most["Quiz"] == (0.5, 1.0, 1.0, 1.0)


def test_flighting_weights_are_read_wherever_they_stand(tmp_path: Path) -> None:
    campaign = read(tmp_path, ["Quiz", 1, 1, 1, 1], [" Flighting  WEIGHT:", 3, 2, None, 1])
    assert campaign.calendar is not None
    assert campaign.calendar.weights == (3.0, 2.0, 0.0, 1.0)
    assert campaign.brief.flighting is None
    assert campaign.cells["Weeks", "flighting weight", "W2"] == "Weeks!C3"
    assert "flighting weight: a week left blank weighs 0" in [d.text for d in campaign.defaults]


@pytest.mark.parametrize(
    ("word", "flighting"),
    [
        ("even", "even"),
        ("Front loaded", "front-loaded"),
        ("front-loaded", "front-loaded"),
        ("PULSED", "pulsed"),
    ],
)
def test_a_word_for_the_flighting_goes_to_the_brief(word: str, flighting: str, tmp_path: Path) -> None:
    campaign = read(tmp_path, ["flighting weight", word])
    assert campaign.brief.flighting == flighting
    assert campaign.calendar is not None
    assert campaign.calendar.weights is None


def test_limits_are_of_a_week_or_of_a_month(tmp_path: Path) -> None:
    brief = {"Start": datetime(2027, 3, 15), "Weeks": 4}  # Mondays 15, 22, 29 March and 5 April
    rows: list[Row] = [
        ["GRP at most per month", None, None, 300, 90],
        ["budget at least per month", 100, 100, None, None],
        ["Budget at most", None, "€ 1.500,50", None, 0],
    ]
    found = calendar(tmp_path, *rows, brief=brief)
    assert found.limits == (
        WeekLimit("money", "<=", (1,), 1500.5, "the week of 22 March 2027", "Weeks!C4"),
        WeekLimit("money", "<=", (3,), 0.0, "the week of 5 April 2027", "Weeks!E4"),
        WeekLimit("money", ">=", (0, 1, 2), 100.0, "March 2027", "Weeks!B3"),
        WeekLimit("grp", "<=", (0, 1, 2), 300.0, "March 2027", "Weeks!D2"),
        WeekLimit("grp", "<=", (3,), 90.0, "April 2027", "Weeks!E2"),
    )
    assert found.binds_the_buy
    assert calendar(tmp_path, ["GRP at most", 7]).limits[0].period == "week 1"


def test_a_vehicle_takes_the_narrowest_price_factor_and_no_other(tmp_path: Path) -> None:
    found = calendar(
        tmp_path,
        ["price factor", 2, None, None, None],
        ["Price Factor: TV", "%120", "80 %", 1.5, None],
        ["price factor: genre: news", 3, 3, 3, 3],
        ["price factor: Quiz", None, None, None, 0.5],
    )
    assert [(f.name, f.vehicles, f.factors) for f in found.factors] == [
        ("", ("Cook",), (2.0, 1.0, 1.0, 1.0)),
        ("genre: news", ("News",), (3.0, 3.0, 3.0, 3.0)),
        ("Quiz", ("Quiz",), (1.0, 1.0, 1.0, 0.5)),
    ]
    assert found.factors[0].cell == "Weeks!A2"


def test_a_price_factor_of_nobody_is_noticed(tmp_path: Path) -> None:
    campaign = read(tmp_path, ["price factor: Magazine", 2], ["price factor: Cook", 3])
    assert any(
        "Weeks!A2: every vehicle of this price factor has a narrower one" in n for n in campaign.notices
    )


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (["Quizz", 1], "Weeks!A2", 'did you mean "Quiz"?'),
        (["budgte at most", 1], "Weeks!A2", 'did you mean "budget at most"?'),
        (["Something else entirely", 1], "Weeks!A2", "the Help sheet of a new workbook lists them"),
        ([None, 1], "Weeks!A2", "but no Vehicle; name it"),
        (["Quiz", "x"], "Weeks!B2", '"x" says that it is available, not how often'),
        (["Quiz", 1, True], "Weeks!C2", "says that it is available, not how often"),
        (["Quiz", 1, "yes"], "Weeks!C2", "says that it is available, not how often"),
        (["Quiz", 1, "some"], "Weeks!C2", "expected the most insertions of the week"),
        (["Quiz", 1.5], "Weeks!B2", "the Brief asks for whole insertions"),
        (["Quiz", -1], "Weeks!B2", "is negative"),
        (["Quiz", "#N/A"], "Weeks!B2", "the error #N/A"),
        (["Quiz", "=A1"], "Weeks!B2", "formula without a value"),
        (["Quiz", "%50"], "Weeks!B2", "formatted as a percentage"),
        (["flighting weight", 0, 0, 0, 0], "Weeks!B2", "weights are all 0"),
        (["flighting weight", -1, 2], "Weeks!B2", "is negative"),
        (["flighting weight", "pulsd"], "Weeks!B2", 'did you mean "pulsed"'),
        (["flighting weight", None, "even"], "Weeks!C2", "in the first week's cell"),
        (["flighting weight", "even", 1], "Weeks!C2", "the other weeks are left blank"),
        (["budget at most", -5], "Weeks!B2", "is negative"),
        (["GRP at most", "1.234"], "Weeks!B2", "can be read as"),
        (["GRP at least", "many"], "Weeks!B2", "is not a number"),
        (["GRP at most per month", 5], "Weeks!A2", "needs a Start on the Brief"),
        (["price factor", 0], "Weeks!B2", "is not above 0"),
        (["price factor: TV", "dear"], "Weeks!B2", "expected a factor above 0"),
        (["price factor: TV", 120], "Weeks!B2", "is that 120 % or 120 times the price?"),
        (["price factor", "10 %"], "Weeks!B2", "is that 0.1 times the price, or 10 % more? Write 0.1 or 1.1"),
        (["price factor", "+20 %"], "Weeks!B2", "or 20 % more"),
        (["price factor: TVs", 1.2], "Weeks!A2", 'did you mean "TV"?'),
        (["locked: Quizz", 1], "Weeks!A2", 'did you mean "locked: Quiz"?'),
        (["locked: Quiz", "x"], "Weeks!B2", "says nothing of how often"),
        (["locked: Quiz", 1.5], "Weeks!B2", "the Brief asks for whole insertions"),
        (["locked: Quiz", 5, 5], "Weeks!A2", "add up to 10, above its maximum of 9 (Vehicles!G2)"),
        (["price factor: genre: drama", 1.2], "Weeks!A2", "which is no vehicle, medium, genre or group"),
    ],
)
def test_a_row_with_something_wrong_names_its_cell(row: Row, cell: str, words: str, tmp_path: Path) -> None:
    found = problems(tmp_path, row)
    assert words in found.get(cell, f"nothing at {cell}, but {found}")
    assert len(found) == 1


def test_two_rows_that_contradict_each_other_are_named_together(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        ["Quiz", 1],
        ["QUIZ", 2],
        ["GRP at least", None, 8],
        ["GRP at most", None, 5],
        ["budget at most per month", 100, 200],
        ["price factor: prime", 2],
        ["price factor: family", 2],
        brief={"Start": START},
    )
    assert found["Weeks!A3"] == '"QUIZ" is there twice (also Weeks!A2); keep one of them.'
    assert "At least 8 is more than at most 5 (Weeks!C5) in the week of 8 March 2027" in found["Weeks!C4"]
    assert "is 200 here and 100 in Weeks!B6, both in March 2027" in found["Weeks!C6"]
    assert '"Quiz" is covered by two price factors of groups, this one and Weeks!A7' in found["Weeks!A8"]


def test_a_name_of_two_different_kinds_is_asked_about() -> None:
    vehicles = [VehicleRow("Radio", "Radio", 1.0, 1.0, 1.0), VehicleRow("Wave", "Radio", 1.0, 1.0, 1.0)]
    findings = Findings()
    record = Record("Weeks", 2, Header({"name": 1}, {}, 1), {}, {}, frozenset(), findings)
    price_factors([WeekRow("price factor: radio", record, (), WeekColumns((), (), ()))], vehicles)
    assert 'write one of "price factor: vehicle: radio" and "price factor: medium: radio"' in (
        findings.problems[0].text
    )


@pytest.mark.parametrize(
    ("row", "problem", "notice"),
    [
        (["flighting weight", "pulsed"], "The flighting is pulsed here and even on the Brief (Brief)", ""),
        (["flighting weight", "even"], "", ""),
        (["flighting weight", 2, 1], "", "the Brief's flighting even is not used"),
    ],
)
def test_the_briefs_flighting_and_weeks_may_not_disagree(
    row: Row, problem: str, notice: str, tmp_path: Path
) -> None:
    sheet = next(s for s in read_book(book(tmp_path / "a.xlsx", [row])).sheets if s.name == "Weeks")
    findings = Findings()
    parse_weeks(
        read_table(sheet, WEEKS, findings) or no_table(WEEKS, Findings()), Brief(flighting="even"), ()
    )
    texts = [found.text for found in findings.problems]
    assert [problem in text for text in texts] == [True] * bool(problem)
    assert [notice in text for text in findings.notices] == [True] * bool(notice)
