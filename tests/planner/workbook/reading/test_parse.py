"""A workbook is read whole: its problems name their cells, and its defaults are listed."""

from datetime import datetime
from pathlib import Path

import pytest

from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import Edits, at, defaults, problems, written


def test_the_unbroken_book_is_a_campaign(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx"))
    assert campaign.brief.universe_000 == 1000
    assert campaign.brief.currency == "EUR"
    assert [trait.share for trait in campaign.traits] == [0.2, 0.1, 0.2, 0.4, 0.6]
    assert campaign.vehicles[0].groups == ("prime", "family")
    assert campaign.composition[1].shares == (0.2, 0.12, 0.2, 0.3, 0.7)
    assert campaign.between_media == 1.35
    print_rule, family = campaign.rules
    assert (print_rule.vehicles, print_rule.at_least, print_rule.unit) == (("Cook",), 0.2, "share")
    assert (family.vehicles, family.at_most, family.cell) == (("Quiz", "Cook"), 1000.0, "Rules!B3")
    assert campaign.notices == ()


def test_cells_say_where_a_value_stands(tmp_path: Path) -> None:
    cells = read_campaign(written(tmp_path / "a.xlsx")).cells
    assert cells["Vehicles", "News", "audience_000"] == at("Audience (000)", 3)
    assert cells["Brief", "budget", "value"] == "Brief!B4"
    assert cells["Composition", "Cook", "catalyst"] == "Composition!C4"
    assert cells["Media", "TV", "duplication"] == "Media!B2"
    assert cells["Traits", "young", "share"] == "Traits!E5"
    assert cells["Rules", "Rules!B2", "at_least"] == "Rules!C2"
    assert cells["Overlaps", "catalyst / expert: food", "share"] == "Overlaps!C2"


BROKEN: list[tuple[Edits, str, str]] = [
    # Brief
    ({"Brief!B3": None}, "Brief!B3", "Universe (000) is missing"),
    ({"Brief!B4": None}, "Brief!B4", "Budget is missing"),
    ({"Brief!B3": 0}, "Brief!B3", "expected a number above 0"),
    ({"Brief!B4": -1}, "Brief!B4", "expected a number at least 0"),
    ({"Brief!B3": "5.000"}, "Brief!B3", "can be read as"),
    ({"Brief!B4": "lots"}, "Brief!B4", 'Budget "lots" is not a number'),
    ({"Brief!B4": datetime(2026, 1, 5)}, "Brief!B4", "is a date or a time"),
    ({"Brief!B4": True}, "Brief!B4", "is a yes/no value"),
    ({"Brief!B4": "=A1+1"}, "Brief!B4", "formula without a value"),
    ({"Brief!B4": "#REF!"}, "Brief!B4", "the error #REF!"),
    ({"Brief!B5": 2.5}, "Brief!B5", "whole number"),
    ({"Brief!B5": 0}, "Brief!B5", "at least 1"),
    ({"Brief!A6": "Budgte", "Brief!B6": 1}, "Brief!A6", 'did you mean "Budget"?'),
    ({"Brief!A6": "Shoe size", "Brief!B6": 1}, "Brief!A6", "is not a key of the Brief"),
    ({"Brief!A6": "Budget", "Brief!B6": 1}, "Brief!A6", "is there twice (also Brief!A4)"),
    ({"Brief!B6": 12}, "Brief!B6", "no key beside it"),
    ({"Brief!A6": "Objective", "Brief!B6": "reech"}, "Brief!B6", 'did you mean "reach"?'),
    ({"Brief!A6": "Budget is", "Brief!B6": "both"}, "Brief!B6", "is not one of net and gross"),
    ({"Brief!A6": "Commission %", "Brief!B6": 0.15}, "Brief!B6", "is that 0.15 % or 15 %?"),
    ({"Brief!A6": "Commission %", "Brief!B6": 120}, "Brief!B6", "at most 99 %"),
    ({"Brief!A6": "Start", "Brief!B6": "05/01/2027"}, "Brief!B6", "2027-01-05 or 2027-05-01"),
    ({"Brief!A6": "Start", "Brief!B6": 46027}, "Brief!B6", "format the cell as a date"),
    ({"Brief!A6": "Start", "Brief!B6": "1.1.1026"}, "Brief!B6", "expected a date of this century"),
    ({"Brief!A6": "Whole insertions", "Brief!B6": "maybe"}, "Brief!B6", "neither yes nor no"),
    ({"Brief!A6": "Target audience", "Brief!B6": "futrue"}, "Brief!B6", "is not the name of an audience"),
    ({"Brief!B2": "European euros"}, "Brief!B2", "expected a code such as EUR"),
    ({"Brief!A6": "Effective frequency", "Brief!B6": 0}, "Brief!B6", "at least 1"),
    # Traits
    ({"Traits!E2": None}, "Traits!E2", 'share of the universe is needed of the trait "customer"'),
    ({"Traits!E2": "0 %"}, "Traits!E2", "above 0 %"),
    ({"Traits!E2": "120 %"}, "Traits!E2", "at most 99.99 %"),
    ({"Traits!E2": 0.2}, "Traits!E2", "is that 0.2 % or 20 %?"),
    ({"Traits!B2": "client"}, "Traits!B2", "is not one of customer, catalyst, expert and demographic"),
    ({"Traits!F2": -1}, "Traits!F2", "at least 0"),
    ({"Traits!G2": 0}, "Traits!G2", "above 0"),
    ({"Traits!E5": "50 %"}, "Traits!E6", "add up to 110 %"),
    (
        {"Traits!E5": "40.01 %"},
        "Traits!E6",
        "add up to 100.01 % of the universe; traits that exclude each other cannot be more than 100 %.",
    ),
    ({"Traits!A7": "Customer", "Traits!E7": "9 %"}, "Traits!A7", "is there twice (also Traits!A2)"),
    ({"Traits!A2": "client [x]"}, "Traits!A2", "square brackets"),
    ({"Traits!A2": "others"}, "Traits!A2", "meaning of its own"),
    ({"Traits!A7": "expert", "Traits!E7": "9 %"}, "Traits!C7", "an expert, but in what?"),
    ({"Traits!A5": None}, "Traits!A5", "no Trait; name it"),
    ({"Composition!B1": "custmer"}, "Composition!B1", 'did you mean "customer"?'),
    ({"Composition!G1": "left-handed"}, "Composition!G1", "no such trait; add it there"),
    # Overlaps
    (
        {"Overlaps!C2": "15 %"},
        "Overlaps!C2",
        "is 15.0 %; catalyst are 10.0 % and expert: food 20.0 % of the universe, so it must be from 0.0 % to 10.0 %.",
    ),
    ({"Overlaps!C2": None}, "Overlaps!C2", "is missing"),
    ({"Overlaps!A2": "catalist"}, "Overlaps!A2", 'did you mean "catalyst"?'),
    ({"Overlaps!B2": None}, "Overlaps!B2", "A trait is missing"),
    ({"Overlaps!B2": "catalyst"}, "Overlaps!B2", "paired with itself"),
    (
        {"Overlaps!A3": "young", "Overlaps!B3": "old", "Overlaps!C3": "1 %"},
        "Overlaps!C3",
        "exclude each other",
    ),
    (
        {"Overlaps!A3": "expert: food", "Overlaps!B3": "catalyst", "Overlaps!C3": "3 %"},
        "Overlaps!A3",
        "twice",
    ),
    # Audiences
    ({"Audiences!B2": "customer and (catalyst"}, "Audiences!B2", '")" is missing'),
    ({"Audiences!B2": "customers or martians"}, "Audiences!B2", "martians"),
    ({"Audiences!A2": "Catalysts"}, "Audiences!A2", "meaning of its own"),
    ({"Audiences!A2": "young"}, "Audiences!A2", "already a trait"),
    (
        {"Audiences!A3": "Future", "Audiences!B3": "old"},
        "Audiences!A3",
        "already the name of an audience (Audiences!A2)",
    ),
    ({"Audiences!B2": None}, "Audiences!B2", "is empty"),
    # Media
    ({"Media!B2": 0}, "Media!B2", "above 0 and at most 100, such as 1.7 (1 is chance)."),
    ({"Media!C2": "100 %"}, "Media!C2", "at most 99.9 %"),
    ({"Media!A3": "tv"}, "Media!A3", "is there twice (also Media!A2)"),
    ({"Media!C4": "50 %"}, "Media!C4", "takes only a Duplication"),
    ({"Media!D2": "blue-ish"}, "Media!D2", "is not a colour"),
    # Vehicles
    ({at("Medium", 2): None}, at("Medium", 2), '"Quiz" has no medium'),
    ({at("Unit cost", 2): None}, at("Unit cost", 2), '"Quiz" has no unit cost'),
    ({at("Unit cost", 2): 0}, at("Unit cost", 2), "Unit cost 0 is out of bounds; expected a number above 0"),
    ({at("Unit cost", 2): "12,5o"}, at("Unit cost", 2), '"12,5o" is not a number; expected a number above 0'),
    ({at("Unit cost", 2): "n/a"}, at("Unit cost", 2), "or ? if it is not quoted"),
    ({at("Unit cost", 2): (0.5, "0%")}, at("Unit cost", 2), "formatted as a percentage"),
    ({at("Audience (000)", 2): None}, at("Audience (000)", 2), '"Quiz" has no audience'),
    ({at("Audience (000)", 2): 2000}, at("Audience (000)", 2), "more than the universe of 1,000 thousand"),
    ({at("Rating %", 2): "12 %"}, at("Rating %", 2), "The rating gives 120 thousand people"),
    ({at("Rating %", 2): "120 %"}, at("Rating %", 2), "at most 100 %"),
    ({at("Ad seen %", 2): "0 %"}, at("Ad seen %", 2), "above 0 %"),
    ({at("Repeat audience %", 2): "100 %"}, at("Repeat audience %", 2), "at most 99.9 %"),
    ({at("Discount %", 2): "100 %"}, at("Discount %", 2), "at most 99.9 %"),
    ({at("Appears", 2): "sometimes"}, at("Appears", 2), "expected daily, weekdays"),
    ({at("Max", 2): None}, at("Max", 2), "neither Max nor Appears"),
    ({at("Max", 2): 1.5}, at("Max", 2), "expected a whole number"),
    ({at("Max", 2): -1}, at("Max", 2), "at least 0"),
    ({at("Max", 2): 1_000_000}, at("Max", 2), "up to 1,000,000 insertions, more than 10,000. Write the most"),
    (
        {at("Max", 2): 20_000, at("Max", 3): 10_000, at("Max", 4): 10_001},
        at("Max", 2),
        f"more than 10,000 (so are {at('Max', 4)})",
    ),
    ({at("Max", 2): 20_000, at("Locked", 2): 20_000}, at("Max", 2), "up to 20,000 insertions"),
    ({at("Min", 2): 0.5}, at("Min", 2), "expected a whole number"),
    ({at("Min", 2): 8, at("Max", 2): 6}, at("Min", 2), f"minimum 8 exceeds maximum 6 ({at('Max', 2)})"),
    ({at("Locked", 2): 5}, at("Locked", 2), f"locked at 5, above maximum 4 ({at('Max', 2)})"),
    (
        {at("Locked", 2): 1, at("Min", 2): 2},
        at("Locked", 2),
        f"locked at 1, below minimum 2 ({at('Min', 2)})",
    ),
    ({at("Locked", 2): 1, at("Unit cost", 2): "?"}, at("Locked", 2), "its price is not quoted"),
    ({at("Min", 2): 1, at("Unit cost", 2): "?"}, at("Min", 2), "its price is not quoted"),
    ({at("Must buy", 2): "yes", at("Unit cost", 2): "?"}, at("Must buy", 2), "its price is not quoted"),
    ({at("Must buy", 2): "yes", at("Locked", 2): 0}, at("Must buy", 2), "a must-buy, but locked at 0"),
    ({at("Must buy", 2): "yes", at("Max", 2): 0}, at("Must buy", 2), "a must-buy, but maximum 0"),
    ({at("Must buy", 2): "perhaps"}, at("Must buy", 2), "neither yes nor no"),
    ({at("Basis", 2): "guess"}, at("Basis", 2), "is not one of published and estimate"),
    ({at("Vehicle", 3): " QUIZ\u00a0"}, at("Vehicle", 3), f"is there twice (also {at('Vehicle', 2)})"),
    ({at("Vehicle", 3): "Quiz", at("Unit", 3): ":10"}, at("Unit", 2), "and this one no unit"),
    ({at("Vehicle", 2): None}, at("Vehicle", 2), "no Vehicle; name it"),
    ({at("Vehicle", 2): datetime(2026, 1, 2)}, at("Vehicle", 2), "is not a text"),
    ({at("Vehicle", 5): "Prices are net"}, at("Vehicle", 5), "nothing but the name"),
    ({at("Sample size", 2): 0}, at("Sample size", 2), "above 0"),
    ({"Brief!B3": "x"}, "Brief!B3", "at most 9,000,000"),
    ({"Vehicles!U1": "Unit costs"}, "Vehicles!U1", 'did you mean "Unit cost"?'),
    ({"Vehicles!U1": "Unit cost"}, "Vehicles!U1", "is there twice (also Vehicles!F1)"),
    ({"Vehicles!H1": "Audience (mn)"}, "Vehicles!H1", 'expected "Audience (000)"'),
    ({"Vehicles!F1": "Unit cost (GBP)"}, "Vehicles!F1", "has another unit"),
    ({"Vehicles!B1": None}, "Vehicles", 'There is no column "Medium"'),
    (
        {"Vehicles!A1": "Name of it"},
        "Vehicles",
        'no column "Vehicle" among the headings in row 1; not read: "Name',
    ),
    ({"Vehicles!A1": "Show", "Vehicles!F1": "Net rate"}, "Vehicles", '"Net rate" (F1, like "Unit cost")'),
    # Composition
    ({"Composition!B1": "customer [GRP]"}, "Composition!B1", "a unit that is not understood"),
    ({"Composition!B1": "customer (millions)"}, "Composition!B1", "a unit that is not understood"),
    ({"Composition!C1": "customer [index]"}, "Composition!C1", "has two columns (also Composition!B1)"),
    ({"Composition!A5": "Quizz", "Composition!B5": "20 %"}, "Composition!A5", 'did you mean "Quiz"?'),
    ({"Composition!A4": "News"}, "Composition!A4", "is there twice (also Composition!A3)"),
    ({"Composition!B2": "120 %"}, "Composition!B2", "is 120.0 % of the audience"),
    ({"Composition!B2": "-5 %"}, "Composition!B2", "is negative"),
    ({"Composition!B2": 0.2}, "Composition!B2", "is that 0.2 % or 20 %?"),
    ({"Composition!C3": "60 %"}, "Composition!C3", "has only 100 thousand (10.00% of 1,000)"),
    ({"Composition!E3": None}, "Composition!E3", 'the band "age" is blank for young but not for the rest'),
    ({"Composition!E3": "20 %"}, "Composition!E3", "adds up to 90 %; expected 100 %"),
    (
        {"Composition!F1": None, "Composition!F2": None, "Composition!F3": None, "Composition!F4": None},
        "Composition!E1",
        "Composition has young but not old",
    ),
    ({"Composition!B2": "=1/0"}, "Composition!B2", "formula without a value"),
    # Rules
    ({"Rules!B2": "medium: radio"}, "Rules!B2", "is no vehicle, medium, genre or group"),
    ({"Rules!B2": "Quizz"}, "Rules!B2", 'did you mean "Quiz"?'),
    ({"Rules!B2": "Quiz; Nexs"}, "Rules!B2", 'did you mean "News"?'),
    (
        {"Vehicles!C2": "family", "Rules!B3": "family"},
        "Rules!B3",
        "means different vehicles as genre and group",
    ),
    ({"Rules!B2": None}, "Rules!B2", "The rule applies to nothing"),
    ({"Rules!E3": None}, "Rules!E3", "The rule has no unit"),
    ({"Rules!E3": "monye"}, "Rules!E3", 'did you mean "money"?'),
    ({"Rules!D3": None}, "Rules!C3", "neither At least nor At most"),
    ({"Rules!C3": 2000}, "Rules!C3", "At least 2,000 is more than At most 1,000 (Rules!D3)"),
    ({"Rules!C2": "120 %"}, "Rules!C2", "from 0 to 100"),
    ({"Rules!C2": 0.2}, "Rules!C2", "is that 0.2 % or 20 %?"),
    ({"Rules!D3": -1}, "Rules!D3", "is negative"),
    ({"Rules!D3": "20 %"}, "Rules!D3", "percent sign"),
]


@pytest.mark.parametrize(
    ("edits", "cell", "words"), BROKEN, ids=[f"{cell} {words}" for _, cell, words in BROKEN]
)
def test_every_problem_names_its_cell_and_says_what_is_expected(
    edits: Edits, cell: str, words: str, tmp_path: Path
) -> None:
    found = problems(written(tmp_path / "a.xlsx", edits))
    assert words in found.get(cell, f"nothing at {cell}, but {found}")
    assert found[cell].endswith((".", "?"))
    assert len(found) <= 2  # one thing wrong is not reported as many


def test_all_problems_are_gathered(tmp_path: Path) -> None:
    found = problems(
        written(tmp_path / "a.xlsx", {"Brief!B4": "x", at("Unit cost", 2): "y", "Rules!E3": "z"})
    )
    assert set(found) == {"Brief!B4", at("Unit cost", 2), "Rules!E3"}


def test_a_message_about_a_very_long_text_stays_short(tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {at("Appears", 2): "x" * 30_000}))
    assert len(found[at("Appears", 2)]) < 1000


def test_the_same_question_about_a_column_is_asked_once(tmp_path: Path) -> None:
    edits = {"Composition!B2": 0.2, "Composition!B3": 0.2, "Composition!B4": 0.3}
    found = problems(written(tmp_path / "a.xlsx", edits))
    assert list(found) == ["Composition!B2"]
    assert "(and 2 more in this column), also B3 and B4" in found["Composition!B2"]


@pytest.mark.parametrize(
    ("heading", "value"), [("Max", None), ("Max", 1.5), ("Min", 99), ("Locked", 99), ("Unit cost", None)]
)
def test_what_is_wrong_in_a_column_is_said_once(heading: str, value: object, tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {at(heading, row): value for row in (2, 3)}))
    assert list(found) == [at(heading, 2)]
    assert "and 1 more" in found[at(heading, 2)] or 'Quiz" and' in found[at(heading, 2)]


def test_a_maximum_that_is_missing_is_no_second_problem_of_the_minimum(tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {at("Max", 2): None, at("Min", 2): 1}))
    assert list(found) == [at("Max", 2)]


@pytest.mark.parametrize("sheet", ["Brief", "Vehicles"])
def test_a_needed_sheet_that_is_missing_is_a_problem(sheet: str, tmp_path: Path) -> None:
    assert sheet in problems(
        written(tmp_path / "a.xlsx", without=(sheet, "Composition", "Rules", "Audiences"))
    )


def test_influence_without_any_composition_is_a_problem_but_reach_is_not(tmp_path: Path) -> None:
    assert "Composition" in problems(written(tmp_path / "a.xlsx", without=("Composition",)))
    reach = {"Brief!A6": "Objective", "Brief!B6": "reach"}
    campaign = read_campaign(written(tmp_path / "b.xlsx", reach, without=("Composition",)))
    assert "the universe's share" in defaults(campaign, "Composition")["", "catalyst"]
