"""Composition in every unit, and what is noticed beside it."""

from pathlib import Path

import pytest

from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import Edits, at, written


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
