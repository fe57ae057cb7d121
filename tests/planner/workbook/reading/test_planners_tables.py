"""Tables as planners make them, and the messages about what cannot be read in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import BOOK, at, only, problems, written


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


def test_an_overlap_just_out_of_bounds_is_told_finely(tmp_path: Path) -> None:
    found = problems(written(tmp_path / "a.xlsx", {"Overlaps!C2": "10.02 %"}))
    assert "is 10.0200 %" in found["Overlaps!C2"]
    assert "to 10.0000 %" in found["Overlaps!C2"]


def test_a_unit_cost_of_three_digits_after_the_decimal_mark_is_asked_for(tmp_path: Path) -> None:
    edits = {at("Unit cost", 2): "€ 12.500,00", at("Unit cost", 3): "8,000", at("Unit cost", 4): "6.000"}
    found = problems(written(tmp_path / "a.xlsx", edits))
    assert list(found) == [at("Unit cost", 3)]
    assert found[at("Unit cost", 3)].startswith('Unit cost "8,000" can be read as 8 or as 8,000')


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
