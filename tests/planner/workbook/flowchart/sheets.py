"""The cells of Flowchart and Plan, and edits of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from planner.workbook.plan.flowchart_layout import HEADER_ROW

Maker = Callable[..., Any]
LABEL, MEDIUM, WEEK_1 = 1, 2, 6  # columns, from 1


def values(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def row_of(sheet: Worksheet, label: str) -> int:
    """The row of a vehicle or of a label."""
    return next(
        row for row in range(1, sheet.max_row + 1)
        if str(sheet.cell(row, LABEL).value or "").startswith(label) and row > 1
    )  # fmt: skip


def by_week(sheet: Worksheet, label: str, weeks: int = 4) -> list[Any]:
    row = row_of(sheet, label)
    return [sheet.cell(row, WEEK_1 + week).value for week in range(weeks)]


def swap(sheet: Worksheet, one: int, other: int, last: int) -> None:
    for column in range(1, last + 1):
        first, second = sheet.cell(one, column), sheet.cell(other, column)
        first.value, second.value = second.value, first.value


NAMES = ("Total Film", "Cost", "News", "Idle")  # TV, Magazines, TV, Magazines


Edit = Callable[[openpyxl.Workbook], object]


def put(sheet: str, label: str, column: int, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        found = book[sheet]
        row = next(r for r in range(7, found.max_row + 1) if found.cell(r, 1).value == label)
        found.cell(row, column).value = value

    return edit


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


def heading(column: int, value: object) -> Edit:
    def edit(book: openpyxl.Workbook) -> None:
        book["Flowchart"].cell(HEADER_ROW + 1, column).value = value

    return edit
