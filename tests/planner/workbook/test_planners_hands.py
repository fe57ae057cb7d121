"""Numbers and tables as planners type them in Paris, Berlin, Mumbai and Chicago: read as what they are, or asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.cells.numbers import Trouble, read_amount

HEADINGS = ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max")
COSTS = [10000.0, 25000.0, 9000.0]
ROWS = [
    ("Morning", "TV", 10000, 3000, 10),
    ("Evening", "TV", 25000, 6000, 10),
    ("Herald", "Press", 9000, 1500, 6),
]
BRIEF = {"Currency": "EUR", "Universe (000)": 50000, "Budget": 150000, "Weeks": 4, "Objective": "reach"}
Sheets = dict[str, list[tuple[Any, ...]]]
Read = Callable[..., Campaign]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the campaign with other answers, prices or audiences, and further sheets."""

    def made(
        answers: dict[str, Any] | None = None,
        costs: list[Any] | None = None,
        audiences: list[Any] | None = None,
        sheets: Sheets | None = None,
    ) -> Campaign:
        book = openpyxl.Workbook()
        brief = book.active
        assert brief is not None
        brief.title = "Brief"
        for answer in (BRIEF | (answers or {})).items():
            brief.append(answer)
        page = book.create_sheet("Vehicles")
        page.append(HEADINGS)
        for at, (name, medium, cost, audience, most) in enumerate(ROWS):
            page.append(
                (name, medium, costs[at] if costs else cost, audiences[at] if audiences else audience, most)
            )
        for title, rows in (sheets or {}).items():
            more = book.create_sheet(title)
            for row in rows:
                more.append(row)
        book.save(tmp_path / "own.xlsx")
        return read_campaign(tmp_path / "own.xlsx")

    return made


@pytest.mark.parametrize(
    "costs",
    [
        ["10 k€", "25 k€", "9 k€"],
        ["€10k", "€25k", "€9k"],
        ["10.000 €", "25.000 €", "9.000 €"],
        ["10.000", "25.000", "9.000"],  # of money: no price has thousandths of a euro
        ["10,000", "25,000", "9,000"],
        ["10 000,00", "25 000,00", "9 000,00"],
        ["10\u00a0000", "25\u202f000", "9\u00a0000"],
        ["10'000", "25'000", "9'000"],
    ],
)
def test_prices_as_they_are_typed(costs: list[Any], read: Read) -> None:
    assert [row.unit_cost for row in read(costs=costs).vehicles] == COSTS


@pytest.mark.parametrize(
    ("currency", "universe", "budget", "read_as"),
    [
        ("EUR", "50.000", "150.000 €", (50000, 150000)),  # what the budget has, the universe has
        ("USD", "50,000", "$150,000", (50000, 150000)),
        ("EUR", 50000, "1,5 M€", (50000, 1_500_000)),
        ("EUR", 50000, "150 k€", (50000, 150000)),
        ("EUR", 50000, "150 TEUR", (50000, 150000)),
        ("EUR", 50000, "1,5 MEUR", (50000, 1_500_000)),
        ("CHF", 50000, "150TCHF", (50000, 150000)),
        ("SEK", 50000, "150000 kr", (50000, 150000)),  # no thousands
        ("USD", 50000, "$1.5MM", (50000, 1_500_000)),
        ("INR", "5,00,000", "Rs. 15,00,000", (500000, 1_500_000)),
        ("INR", 50000, "1.5 crore", (50000, 15_000_000)),
    ],
)
def test_a_brief_as_it_is_typed(
    currency: str, universe: Any, budget: Any, read_as: tuple[float, float], read: Read
) -> None:
    brief = read({"Currency": currency, "Universe (000)": universe, "Budget": budget}).brief
    assert (brief.universe_000, brief.budget) == read_as


@pytest.mark.parametrize(
    "unit", ["(TEUR)", "in TEUR", "(k€)", "(Tsd. €)", "(000 EUR)", "(€m)", "(1,000)", "in 1.000 €"]
)
def test_a_budget_that_counts_in_thousands_is_told_what_to_write(unit: str, read: Read) -> None:
    with pytest.raises(WorkbookError) as caught:
        read({"Currency": "EUR", "Budget": None, f"Budget {unit}": 150})
    assert 'counts in thousands or millions; head it "Budget"' in caught.value.problems[0].text


@pytest.mark.parametrize(
    ("weeks", "whole", "read_as"),
    [("4 semaines", "ja", (4, True)), ("6 Wochen", "nein", (6, False)), ("8 settimane", "oui", (8, True))],
)
def test_a_brief_in_another_language(weeks: str, whole: str, read_as: tuple[float, bool], read: Read) -> None:
    """A number of weeks, and a yes or no, can mean nothing else."""
    brief = read({"Weeks": weeks, "Whole insertions (yes/no)": whole}).brief
    assert (brief.weeks, brief.whole) == read_as


@pytest.mark.parametrize(
    ("answers", "costs"),
    [
        ({"Currency": "KWD"}, ["1.250", "2.500", "3.125"]),  # a dinar has a thousand fils
        ({}, ["1.5", "2.500", 9000]),  # the dot is a decimal mark elsewhere in the column
        ({}, ["2.500", 7.5, 9.1]),  # 2.5 beside 7.5, or 2,500?
    ],
)
def test_prices_that_may_have_three_decimals_are_asked_about(
    answers: dict[str, Any], costs: list[Any], read: Read
) -> None:
    with pytest.raises(WorkbookError) as caught:
        read(answers, costs=costs)
    assert "can be read as" in caught.value.problems[0].text


def test_audiences_alone_do_not_say_what_a_comma_is(read: Read) -> None:
    with pytest.raises(WorkbookError) as caught:
        read(audiences=["3,000", "6,000", "1,500"])
    (problem,) = caught.value.problems
    assert problem.cell == "Vehicles!D2"
    assert "can be read as 3 or as 3,000" in problem.text


def test_an_amount_on_the_command_line_is_money() -> None:
    assert read_amount("150,000") == (150000.0, "")
    assert read_amount("1.500.000") == (1_500_000.0, "")
    assert read_amount("150 k€") == (150000.0, "€")
    assert isinstance(read_amount("1,50,00"), Trouble)


def ages(rows: list[tuple[float, float]]) -> Sheets:
    return {
        "Traits": [
            ("Trait", "Role", "Band of", "Share of universe %"),
            ("young", "demographic", "age", "40 %"),
            ("old", "demographic", "age", "60 %"),
        ],
        "Composition": [
            ("Vehicle", "young", "old"),
            *((row[0], *pair) for row, pair in zip(ROWS, rows, strict=True)),
        ],
    }


def test_a_whole_band_that_adds_up_to_one_is_of_shares(read: Read) -> None:
    campaign = read(sheets=ages([(0.3, 0.7), (0.45, 0.55), (0.5, 0.5)]))
    assert [row.shares for row in campaign.composition] == [(0.3, 0.7), (0.45, 0.55), (0.5, 0.5)]
    assert any("young and old add up to 1 in every row" in notice for notice in campaign.notices)


def test_a_whole_band_that_adds_up_to_a_hundred_is_of_percents(read: Read) -> None:
    """0.5 and 99.5: beside figures of one column alone, 0.5 would be asked about."""
    campaign = read(sheets=ages([(0.5, 99.5), (0.8, 99.2), (1, 99)]))
    assert campaign.composition[0].shares == (0.005, 0.995)


def test_a_band_that_adds_up_to_neither_is_asked_about(read: Read) -> None:
    with pytest.raises(WorkbookError) as caught:
        read(sheets=ages([(0.3, 0.5), (0.45, 0.55), (0.5, 0.5)]))
    assert "is that 0.3 % or 30 %?" in caught.value.problems[0].text


def test_another_column_of_the_sheet_settles_what_a_dot_is(read: Read) -> None:
    found = read(costs=["10.000,00", "25.000,00", "9.000,00"], audiences=["3.000", "6.000", "1.500"])
    assert [row.audience_000 for row in found.vehicles] == [3000.0, 6000.0, 1500.0]
    assert [row.unit_cost for row in found.vehicles] == COSTS
