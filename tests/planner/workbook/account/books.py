"""Small workbooks to spoil: every cell of a campaign's sheets is read, named once, or a problem."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from planner.errors import WorkbookError

Rows = Sequence[Sequence[object]]
HEADINGS = ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max")
VEHICLES: Rows = [
    ("Breakfast", "TV", 10000, 3000, 10),
    ("Late News", "TV", 25000, 6000, 10),
    ("Herald", "Newspapers", 9000, 1500, 6),
    ("Garden", "Magazines", 7000, 1200, 4),
]
BRIEF: Rows = [
    ("Currency", "EUR"),
    ("Universe (000)", 50000),
    ("Budget", 150000),
    ("Weeks", 4),
    ("Objective", "reach"),
]
RULES: Rows = [("Rule", "Applies to", "At least", "At most", "Unit"), ("cap", "TV", None, 20000, "money")]
TRAITS: Rows = [
    ("Trait", "Role", "Share of universe %"),
    ("catalyst", "catalyst", "10 %"),
    ("young", None, "30 %"),
]
COMPOSITION: Rows = [
    ("Vehicle", "catalyst", "young"),
    ("Breakfast", "12 %", "20 %"),
    ("Late News", "9 %", "25 %"),
    ("Herald", "15 %", "28 %"),
    ("Garden", "18 %", "22 %"),
]


def written(path: Path, sheets: Mapping[str, Rows], edits: Mapping[str, Any] | None = None) -> Path:
    """A workbook of these sheets, some cells changed ("Sheet!A1": value, or (value, number format))."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Brief": BRIEF, "Vehicles": [HEADINGS, *VEHICLES], **sheets}.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    for place, value in (edits or {}).items():
        name, _, cell = place.rpartition("!")
        typed, shown = value if isinstance(value, tuple) else (value, "General")
        book[name][cell].value, book[name][cell].number_format = typed, shown
    book.save(path)
    return path


def by_cell(error: WorkbookError) -> dict[str, str]:
    return {problem.cell: problem.text for problem in error.problems}
