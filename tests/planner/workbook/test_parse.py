"""From cells to a campaign: what is read, what is asked, where, and in which words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.campaign.inputs import Campaign, Default
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.plan import read_insertions

VEHICLES = (
    "Vehicle",
    "Medium",
    "Genre",
    "Groups",
    "Unit",
    "Unit cost",
    "Discount %",
    "Audience (000)",
    "Rating %",
    "Audience base",
    "Ad seen %",
    "Repeat audience %",
    "Appears",
    "Min",
    "Max",
    "Locked",
    "Must buy",
    "Sample size",
    "Basis",
    "Source",
)
LETTER = {heading: "ABCDEFGHIJKLMNOPQRST"[place] for place, heading in enumerate(VEHICLES)}


def vehicle(name: str, medium: str, cost: object, audience: object, **more: object) -> list[object]:
    row = dict.fromkeys(VEHICLES) | {
        "Vehicle": name,
        "Medium": medium,
        "Unit cost": cost,
        "Audience (000)": audience,
    }
    return list((row | {"Max": 4} | more).values())


BOOK: dict[str, list[list[object]]] = {
    "Brief": [
        ["Category", "food"],
        ["Currency", "EUR"],
        ["Universe (000)", 1000],
        ["Budget", 5000],
        ["Weeks", 4],
    ],
    "Traits": [
        ["Trait", "Role", "Category", "Band of", "Share of universe %", "Weight", "Duplication factor"],
        ["customer", "customer", None, None, "20 %", None, None],
        ["catalyst", "catalyst", None, None, "10 %", None, None],
        ["expert: food", "expert", "food", None, "20 %", None, None],
        ["young", "demographic", None, "age", "40 %", None, None],
        ["old", "demographic", None, "age", "60 %", None, None],
    ],
    "Overlaps": [["Trait A", "Trait B", "Share of universe %"], ["catalyst", "expert: food", "3 %"]],
    "Audiences": [["Audience", "Definition"], ["future", "influencers and not customer"]],
    "Media": [
        ["Medium", "Duplication", "Repeat audience %", "Colour"],
        ["TV", 1.6, "50 %", "#112233"],
        ["Magazine", 2.5, "60 %", None],
        ["between media", 1.35, None, None],
    ],
    "Vehicles": [
        list(VEHICLES),
        vehicle("Quiz", "TV", 100, 100, Genre="fun", Groups="prime; family"),
        vehicle("News", "TV", 200, 200, Genre="news"),
        vehicle("Cook", "Magazine", 300, 50, Genre="food", Groups="family"),
    ],
    "Composition": [
        ["Vehicle", "customer", "catalyst", "expert: food", "young", "old"],
        ["Quiz", "20 %", "8 %", "20 %", "50 %", "50 %"],
        ["News", "20 %", "12 %", "20 %", "30 %", "70 %"],
        ["Cook", "30 %", "15 %", "50 %", "40 %", "60 %"],
    ],
    "Rules": [
        ["Rule", "Applies to", "At least", "At most", "Unit", "Note"],
        ["print", "medium: Magazine", "20 %", None, "% of spend", None],
        ["family", "family", None, 1000, "money", None],
    ],
}

Edits = Mapping[str, object]


def written(path: Path, edits: Edits | None = None, without: tuple[str, ...] = ()) -> Path:
    """The book above with some cells changed ("Sheet!A1": value, or (value, number format))."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in BOOK.items():
        if name not in without:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
    for address, value in (edits or {}).items():
        name, _, place = address.rpartition("!")
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        put(sheet[place], value)
    book.save(path)
    return path


def put(cell: Any, value: object) -> None:
    cell.value, number_format = value if isinstance(value, tuple) else (value, None)
    if number_format:
        cell.number_format = number_format


def only(path: Path, sheets: Mapping[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def problems(path: Path) -> dict[str, str]:
    """Problems by cell."""
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    return {problem.cell: problem.text for problem in caught.value.problems}


def defaults(campaign: Campaign, sheet: str) -> dict[tuple[str, str], str]:
    return {(found.row, found.attribute): found.text for found in campaign.defaults if found.sheet == sheet}


def at(heading: str, row: int) -> str:
    return f"Vehicles!{LETTER[heading]}{row}"


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
    ({"Traits!E2": None}, "Traits!E2", 'share of the universe that has the trait "customer" is needed'),
    ({"Traits!E2": "0 %"}, "Traits!E2", "above 0 %"),
    ({"Traits!E2": "120 %"}, "Traits!E2", "at most 99.99 %"),
    ({"Traits!E2": 0.2}, "Traits!E2", "is that 0.2 % or 20 %?"),
    ({"Traits!B2": "client"}, "Traits!B2", "is not one of customer, catalyst, expert and demographic"),
    ({"Traits!F2": -1}, "Traits!F2", "at least 0"),
    ({"Traits!G2": 0}, "Traits!G2", "above 0"),
    ({"Traits!E5": "50 %"}, "Traits!E6", "add up to 110 %"),
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
    ({"Media!B2": 0}, "Media!B2", "above 0"),
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
    ({at("Vehicle", 5): "Note: prices are net"}, at("Vehicle", 5), "nothing but the name"),
    ({at("Sample size", 2): 0}, at("Sample size", 2), "above 0"),
    ({"Vehicles!U1": "Unit costs"}, "Vehicles!U1", 'did you mean "Unit cost"?'),
    ({"Vehicles!U1": "Unit cost"}, "Vehicles!U1", "is there twice (also Vehicles!F1)"),
    ({"Vehicles!H1": "Audience (mn)"}, "Vehicles!H1", 'expected "Audience (000)"'),
    ({"Vehicles!F1": "Unit cost (GBP)"}, "Vehicles!F1", "has another unit"),
    ({"Vehicles!B1": None}, "Vehicles", 'There is no column "Medium"'),
    ({"Vehicles!A1": "Name of it"}, "Vehicles", "No row of headings was found"),
    # Composition
    ({"Composition!B1": "customer [GRP]"}, "Composition!B1", "a unit that is not understood"),
    ({"Composition!B1": "customer (millions)"}, "Composition!B1", "a unit that is not understood"),
    ({"Composition!C1": "customer [index]"}, "Composition!C1", "has two columns (also Composition!B1)"),
    ({"Composition!A5": "Quizz", "Composition!B5": "20 %"}, "Composition!A5", 'did you mean "Quiz"?'),
    ({"Composition!A4": "News"}, "Composition!A4", "is there twice (also Composition!A3)"),
    ({"Composition!B2": "120 %"}, "Composition!B2", "makes 120.0% of the audience"),
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
    # sheets of later versions
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


# --- the least campaign and defaults ---------------------------------------------------------------

LEAST: dict[str, list[list[object]]] = {
    "Brief": [["Universe (000)", 1000], ["Budget", 500]],
    "Vehicles": [
        ["Vehicle", "Medium", "Unit cost", "Rating %"],
        ["Quiz", "TV", 100, "10 %"],
        ["Cook", "Food magazines", 50, "5 %"],
    ],
    "Composition": [["Vehicle", "Catalysts"], ["Quiz", "8 %"]],
}


def test_the_least_campaign_is_enough(tmp_path: Path) -> None:
    campaign = read_campaign(only(tmp_path / "a.xlsx", LEAST))
    assert [vehicle.audience_000 for vehicle in campaign.vehicles] == [100.0, 50.0]
    assert [vehicle.maximum for vehicle in campaign.vehicles] == [4.0, 4.0]
    (trait,) = campaign.traits
    assert (trait.name, trait.role, trait.share) == ("Catalysts", "catalyst", 0.1)
    assert campaign.composition[1].shares == (None,)
    assert [medium.duplication for medium in campaign.media] == [1.7, 2.0]


def test_every_default_of_the_least_campaign_is_listed(tmp_path: Path) -> None:
    campaign = read_campaign(only(tmp_path / "a.xlsx", LEAST))
    assert {found.row for found in campaign.defaults if found.sheet == "Brief"} == {
        "Currency",
        "Budget is (net / gross)",
        "Commission %",
        "Start",
        "Weeks",
        "Objective",
        "Target audience",
        "Customers first (keep %)",
        "Effective frequency",
        "Whole insertions (yes/no)",
        "Influence preset",
        "Flighting",
    }
    assert {attribute for _, attribute in defaults(campaign, "Vehicles")} == {
        "discount",
        "minimum",
        "must_buy",
        "fixed_cost",
        "smallest_buy",
        "ad_seen",
        "maximum",
    }
    assert {("Catalysts", "share"), ("Catalysts", "role"), ("Catalysts", "weight")} <= set(
        defaults(campaign, "Traits")
    )
    assert defaults(campaign, "Composition")["", "Catalysts"].startswith(
        "1 of 2 vehicles have no Catalysts figure"
    )
    assert {row for row, _ in defaults(campaign, "Media")} == {"TV", "Food magazines", "between media"}


def test_catalysts_and_experts_overlap_more_than_by_chance_unless_stated(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", without=("Overlaps",)))
    (overlap,) = campaign.overlaps
    assert (overlap.trait_a, overlap.trait_b, overlap.share) == ("catalyst", "expert: food", 0.03)
    assert ("catalyst / expert: food", "share") in defaults(campaign, "Overlaps")


def test_an_overlap_by_default_stays_within_what_is_possible(tmp_path: Path) -> None:
    edits = {"Traits!E3": "90 %", "Traits!E4": "90 %", "Composition!C1": None, "Composition!D1": None}
    edits |= {f"Composition!{column}{row}": None for column in "CD" for row in (2, 3, 4)}
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits, without=("Overlaps",)))
    assert campaign.overlaps[0].share == 0.9


@pytest.mark.parametrize("edits", [{"Brief!B4": None}, {"Brief!A4": None, "Brief!B4": None}])
def test_a_budget_given_elsewhere_stands_for_a_blank_or_missing_one(edits: Edits, tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits), {"budget": 700.0})
    assert campaign.brief.budget == 700
    assert "Budget is 700, from the command line; the Brief leaves it blank." in campaign.notices


def test_a_default_that_is_given_elsewhere_is_none_and_a_cell_is_overruled_aloud(tmp_path: Path) -> None:
    changes = {"objective": "reach", "weeks": 8}
    campaign = read_campaign(written(tmp_path / "a.xlsx"), changes)
    assert (campaign.brief.objective, campaign.brief.weeks) == ("reach", 8)
    assert ("Objective", "objective") not in defaults(campaign, "Brief")
    assert "Weeks was set to 8 on the command line; the Brief says otherwise." in campaign.notices


def test_a_wrong_cell_stays_a_problem_whatever_is_given_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_campaign(written(tmp_path / "a.xlsx", {"Brief!B4": "much"}), {"budget": 700.0})
    assert [problem.cell for problem in caught.value.problems] == ["Brief!B4"]


@pytest.mark.parametrize("typed", ["word of mouth", "Word-of-mouth"])
def test_word_of_mouth_is_an_objective(typed: str, tmp_path: Path) -> None:
    edits = {"Brief!A6": "Objective", "Brief!B6": typed}
    assert read_campaign(written(tmp_path / "a.xlsx", edits)).brief.objective == "word of mouth"


def test_a_budget_of_zero_is_a_value(tmp_path: Path) -> None:
    assert read_campaign(written(tmp_path / "a.xlsx", {"Brief!B4": 0})).brief.budget == 0


def test_a_composition_of_zero_is_a_value(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {"Composition!C2": 0}))
    assert campaign.composition[0].shares[1] == 0.0
    assert defaults(campaign, "Composition") == {}


def test_a_question_mark_is_a_price_not_quoted(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {at("Unit cost", 2): " ? "}))
    assert campaign.vehicles[0].unit_cost is None


@pytest.mark.parametrize(
    ("appears", "weeks", "most"),
    [
        ("daily", 4, 28),
        ("5 a week", 4, 20),
        ("3 per week", 2, 6),
        ("2x/week", 3, 6),
        ("Weekdays", 4, 20),
        ("weekly", 6, 6),
        ("every two weeks", 5, 3),
        ("Fortnightly", 4, 2),
        ("monthly", 4, 1),
        ("monthly", 8, 2),
        ("monthly", 9, 3),
        ("monthly", 52, 12),
        ("monthly", 1, 1),
        ("quarterly", 4, 1),
        ("3 times", 4, 3),
        ("once", 4, 1),
    ],
)
def test_how_often_a_vehicle_appears_gives_its_maximum(
    appears: str, weeks: int, most: int, tmp_path: Path
) -> None:
    edits = {at("Appears", 2): appears, at("Max", 2): None, "Brief!B5": weeks}
    assert read_campaign(written(tmp_path / "a.xlsx", edits)).vehicles[0].maximum == most


def test_a_fractional_campaign_takes_fractional_limits(tmp_path: Path) -> None:
    edits = {"Brief!A6": "Whole insertions (yes/no)", "Brief!B6": "No", at("Max", 2): 2.5}
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert (campaign.brief.whole, campaign.vehicles[0].maximum) == (False, 2.5)


# --- composition in every unit ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "value", "share"),
    [
        ("catalyst", 8, 0.08),
        ("Catalyst [%]", "8 %", 0.08),
        ("catalyst (%)", (0.08, "0%"), 0.08),
        ("catalyst %", 8, 0.08),
        ("catalyst [index]", 80, 0.08),
        ("catalyst (Index)", "80", 0.08),
        ("catalyst [coverage %]", "8 %", 0.08),
        ("catalyst [000]", 8, 0.08),
        ("catalyst\n[000]*", "8,0", 0.08),
    ],
)
def test_composition_is_read_in_every_unit(heading: str, value: object, share: float, tmp_path: Path) -> None:
    edits = {
        "Composition!C1": heading,
        "Composition!C2": value,
        "Composition!C3": None,
        "Composition!C4": None,
    }
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert campaign.composition[0].shares[1] == pytest.approx(share, rel=1e-14)
    assert campaign.composition_traits[1] == "catalyst"


def test_a_bracket_that_is_part_of_a_traits_name_is_no_unit(tmp_path: Path) -> None:
    edits = {
        "Traits!A2": "men (18-34)",
        "Traits!B2": "demographic",
        "Composition!B1": "Men (18-34) [index]",
        "Composition!B2": 100,
        "Composition!B3": 100,
        "Composition!B4": 100,
        "Audiences!B2": "men (18-34)",
    }
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert campaign.composition_traits[0] == "men (18-34)"
    assert campaign.composition[0].shares[0] == 0.2


def test_a_band_within_a_point_of_100_percent_is_rescaled_and_noted(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {"Composition!E3": "30.5 %"}))
    assert sum(share or 0 for share in campaign.composition[1].shares[3:]) == pytest.approx(1, abs=1e-12)
    assert any("rescaled for News" in notice for notice in campaign.notices)


def test_a_vehicle_without_a_row_in_composition_is_blank_throughout(tmp_path: Path) -> None:
    edits = {f"Composition!{column}4": None for column in "ABCDEF"}
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert campaign.composition[2].shares == (None,) * 5


# --- notices ---------------------------------------------------------------------------------------


NOTICED: list[tuple[Edits, str]] = [
    ({at("Audience (000)", 2): 0}, "reaches nobody"),
    (
        {at("Audience base", 2): "adults", at("Audience base", 3): "viewers 2+"},
        "different bases (adults and viewers 2+)",
    ),
    ({"Media!B2": 0.8}, "less than chance"),
    ({"Media!A5": "Radio", "Media!B5": 2}, "Media lists Radio, which no vehicle uses"),
    ({"Brief!B1": "cars"}, 'No trait is an expert of the category "cars"'),
    ({"Brief!B1": None}, "no expert counts: expert: food"),
    (
        {"Traits!A7": "expert: cars", "Traits!E7": "20 %"},
        'Experts of other categories than "food" do not count',
    ),
    ({"My notes!A1": "remember"}, 'The sheet "My notes" is not ours'),
    ({at("Vehicle", 5): "Total", at("Unit cost", 5): 600}, "taken for a total"),
    ({at("Vehicle", 5): "Total TV", at("Audience (000)", 5): 600}, "taken for a total"),
    ({at("Medium", 5): "Subtotal TV", at("Audience (000)", 5): 600}, "taken for a total"),
    ({"Vehicles!W1": "Buyer", "Vehicles!W2": "Ann"}, 'the column "Buyer" is not one of ours'),
    ({at("Appears", 2): "weekly", at("Max", 2): 9}, "Max 9 is more than weekly over 4 weeks"),
]


@pytest.mark.parametrize(("edits", "words"), NOTICED, ids=[words for _, words in NOTICED])
def test_what_stops_nothing_is_noticed(edits: Edits, words: str, tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert any(words in notice for notice in campaign.notices), campaign.notices


def test_sheets_of_a_result_are_passed_over_in_silence(tmp_path: Path) -> None:
    edits = {
        f"{name}!A1": "x"
        for name in ("Summary", "Plan", "Reach", "Notes", "Help", "Sources", "Ranking", "Prices")
    }
    assert read_campaign(written(tmp_path / "a.xlsx", edits)).notices == ()


def test_a_vehicle_with_total_in_its_name_is_a_vehicle(tmp_path: Path) -> None:
    edits = {at("Vehicle", 3): "Total Film", "Composition!A3": "Total Film"}
    assert read_campaign(written(tmp_path / "a.xlsx", edits)).vehicles[1].name == "Total Film"


# --- tables as planners make them ------------------------------------------------------------------


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(written(path))
    change(book)
    book.save(path)
    return path


def same_but_for_cells(campaign: Campaign) -> Campaign:
    return replace(campaign, notices=(), rules=tuple(replace(rule, cell="") for rule in campaign.rules))


def messy(book: Any) -> None:
    """A title above, everything from column B on, a blank row within, headings as people type them."""
    sheet = book["Vehicles"]
    sheet.insert_rows(4)
    sheet.insert_rows(1, 8)
    sheet.insert_cols(1)
    sheet["B2"] = "Autumn plan"
    sheet["C3"] = "prices in EUR"
    sheet["B9"] = "VEHICLE *"
    sheet["G9"] = "Unit\u00a0 cost\n(EUR)"
    sheet["I9"] = "Audience(000)"
    book["Brief"].insert_rows(1, 3)
    book["Brief"].insert_cols(1, 2)
    book["Brief"]["C1"] = "Media brief"
    book["Brief"]["C4"] = "category :"
    book["Composition"].insert_cols(1)
    book["Composition"].insert_rows(1, 2)


def two_row_headings(book: Any) -> None:
    sheet = book["Vehicles"]
    sheet.insert_rows(2)
    sheet["H1"], sheet["H2"] = "Audience", "(000)"
    sheet["F1"], sheet["F2"] = "Unit", "cost"
    sheet["E1"], sheet["E2"] = "Unit", None


def two_row_composition(book: Any) -> None:
    sheet = book["Composition"]
    sheet.insert_rows(2)
    sheet["C2"] = "[%]"
    sheet["B2"] = "[%]"


def merged_media(book: Any) -> None:
    book["Vehicles"]["B3"] = None
    book["Vehicles"].merge_cells("B2:B3")


def hidden_parts(book: Any) -> None:
    book["Vehicles"].row_dimensions[3].hidden = True
    book["Vehicles"].column_dimensions["H"].hidden = True
    book["Traits"].sheet_state = "hidden"


@pytest.mark.parametrize("change", [messy, two_row_headings, two_row_composition, merged_media, hidden_parts])
def test_a_table_is_read_as_planners_make_it(change: Callable[[Any], None], tmp_path: Path) -> None:
    plain = read_campaign(written(tmp_path / "plain.xlsx"))
    campaign = read_campaign(changed(tmp_path / "messy.xlsx", change))
    assert same_but_for_cells(campaign) == same_but_for_cells(plain)


def test_hidden_parts_and_merged_cells_are_read_and_noticed(tmp_path: Path) -> None:
    notices = " ".join(read_campaign(changed(tmp_path / "a.xlsx", hidden_parts)).notices)
    assert "hidden rows (3)" in notices
    assert "hidden columns (H)" in notices
    assert "sheet Traits is hidden" in notices
    merged = " ".join(read_campaign(changed(tmp_path / "b.xlsx", merged_media)).notices)
    assert "merged cells (B2:B3)" in merged


def test_dates_and_names_keep_the_planners_spelling(tmp_path: Path) -> None:
    edits = {"Brief!A6": "Start", "Brief!B6": datetime(2027, 3, 1), at("Medium", 3): "tv", "Media!A2": "TV"}
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert campaign.brief.start == date(2027, 3, 1)
    assert {vehicle.medium for vehicle in campaign.vehicles} == {"TV", "Magazine"}


# --- the Plan sheet --------------------------------------------------------------------------------

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


def test_a_campaign_without_a_plan_sheet_cannot_be_evaluated(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx")
    with pytest.raises(WorkbookError) as caught:
        read_insertions(path, read_campaign(path))
    assert "no sheet Plan" in caught.value.problems[0].text


def test_a_default_says_where_it_was_taken(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {"Media!C2": None}))
    assert Default("Media", "TV", "repeat", defaults(campaign, "Media")["TV", "repeat"]) in campaign.defaults


def test_an_overlap_just_out_of_bounds_is_told_finely(tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {"Overlaps!C2": "10.02 %"}))
    assert "is 10.0200 %" in found["Overlaps!C2"]
    assert "to 10.0000 %" in found["Overlaps!C2"]


def test_a_unit_cost_of_three_digits_after_the_decimal_mark_is_asked_for(tmp_path: Path) -> None:
    edits = {at("Unit cost", 2): "€ 12.500,00", at("Unit cost", 3): "8,000", at("Unit cost", 4): "6.000"}
    found = problems(written(tmp_path / "a.xlsx", edits))
    assert list(found) == [at("Unit cost", 3)]
    assert found[at("Unit cost", 3)].startswith('Unit cost "8,000" can be read as 8 or as 8,000')


REACH_ONLY: dict[str, list[list[object]]] = {
    "Brief": [*BOOK["Brief"], ["Objective", "reach"]],
    "Vehicles": BOOK["Vehicles"],
}
CUSTOMER_ONLY: list[list[object]] = [["Trait", "Share of universe %"], ["customer", "20 %"]]


def with_columns(path: Path, *headings: str, share: object = "8 %") -> Path:
    names = [row[0] for row in BOOK["Vehicles"][1:]]
    sheets = REACH_ONLY | {
        "Traits": CUSTOMER_ONLY,
        "Composition": [["Vehicle", *headings], *([name, *[share] * len(headings)] for name in names)],
    }
    return only(path, sheets)


def test_influencers_that_traits_leaves_out_keep_their_defaults(tmp_path: Path) -> None:
    campaign = read_campaign(with_columns(tmp_path / "a.xlsx", "customer", "catalyst", "expert: food"))
    assert [(trait.name, trait.role, trait.category) for trait in campaign.traits] == [
        ("customer", "customer", ""),
        ("catalyst", "catalyst", ""),
        ("expert: food", "expert", "food"),
    ]
    assert campaign.composition[0].shares == (0.08, 0.08, 0.08)
    listed = defaults(campaign, "Traits")
    assert {(name, what) for name in ("catalyst", "expert: food") for what in ("role", "share")} <= set(
        listed
    )


def test_a_column_that_is_no_influencer_must_still_be_on_traits(tmp_path: Path) -> None:
    found = problems(with_columns(tmp_path / "a.xlsx", "customer", "left-handed"))
    assert "no such trait; add it there" in found["Composition!C1"]


@pytest.mark.parametrize(
    ("heading", "hint"), [("catalysts", "catalyst"), ("experts: food", "expert: food"), ("expert: fod", "")]
)
def test_another_spelling_of_a_listed_influencer_is_no_new_trait(
    heading: str, hint: str, tmp_path: Path
) -> None:
    found = problems(written(tmp_path / "a.xlsx", {"Composition!G1": heading, "Composition!G2": "5 %"}))
    assert "no such trait" in found["Composition!G1"]
    assert hint in found["Composition!G1"]


def test_a_blank_column_of_an_influencer_that_is_not_listed_is_not_a_trait(tmp_path: Path) -> None:
    campaign = read_campaign(with_columns(tmp_path / "a.xlsx", "catalyst", share=None))
    assert [trait.name for trait in campaign.traits] == ["customer"]


def test_answers_from_the_command_line_are_said_as_a_planner_writes_them(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx")
    notices = read_campaign(path, {"whole": False, "customers_first": 0.9}).notices
    assert "Whole insertions (yes/no) is no, from the command line; the Brief leaves it blank." in notices
    assert "Customers first (keep %) is 90 %, from the command line; the Brief leaves it blank." in notices
    given = {"Brief!A6": "Whole insertions (yes/no)", "Brief!B6": "yes"}
    notices = read_campaign(written(tmp_path / "b.xlsx", given), {"whole": False}).notices
    assert "Whole insertions (yes/no) was set to no on the command line; the Brief says otherwise." in notices


def test_an_error_or_a_formula_without_value_is_named_once(tmp_path: Path) -> None:
    edits = {"Brief!B4": "=A1+1", at("Unit cost", 2): "#N/A", "Brief!B7": "=A1+1"}
    found = problems(written(tmp_path / "a.xlsx", edits))
    assert found["Brief!B4"].startswith("Budget holds a formula without a value;")
    assert found[at("Unit cost", 2)].startswith("Unit cost holds the error #N/A;")
    assert found["Brief!B7"].startswith("a formula without a value has no key beside it")


@pytest.mark.parametrize("typed", ["Quiz, TV", "Quiz or TV", "Quiz + TV", "Quiz and TV", "Quiz/TV"])
def test_a_list_of_known_names_is_told_about_the_semicolon(typed: str, tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {"Rules!B2": typed}))
    assert found["Rules!B2"] == (f'"{typed}" is no name; separate several names with a semicolon: Quiz; TV.')


def test_without_customers_the_default_says_that_customers_first_is_off(tmp_path: Path) -> None:
    text = "no trait is a customer: customers first is off"
    place = ("Customers first (keep %)", "customers_first")
    assert text in defaults(read_campaign(only(tmp_path / "a.xlsx", REACH_ONLY)), "Brief")[place]
    assert text not in defaults(read_campaign(written(tmp_path / "b.xlsx")), "Brief")[place]


@pytest.mark.parametrize("word", ["Nonsense", "Colour", "Weather"])
def test_a_silly_suggestion_is_not_made(word: str, tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {"Brief!A6": word, "Brief!B6": 1}))
    assert "did you mean" not in found["Brief!A6"]


def test_a_sheet_with_a_blank_at_its_end_is_quoted_in_messages(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "brief ": [*BOOK["Brief"][:3], ["Budget", "lots"]],
        "Vehicles": BOOK["Vehicles"],
    }
    assert "'brief '!B4" in problems(only(tmp_path / "a.xlsx", sheets))
