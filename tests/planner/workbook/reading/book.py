"""An unbroken workbook to spoil, one cell at a time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.sheets import write_campaign_sheets

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


def rewritten(campaign: Campaign, path: Path) -> Campaign:
    """A campaign written to a workbook of its own sheets, and read back."""
    with xlsxwriter.Workbook(path) as book:
        write_campaign_sheets(book, campaign)
    return read_campaign(path)


@contextmanager
def opened(path: Path) -> Iterator[openpyxl.Workbook]:
    """The workbook, to be changed and saved in place."""
    book = openpyxl.load_workbook(path)
    yield book
    book.save(path)
