"""The cells of the sheets of a plan's workbook."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from planner.workbook.plan.plan_columns import FIRST_ROW, HEADER_ROW

Maker = Callable[..., Any]
OURS = ["Summary", "Plan", "Recap", "Reach", "Influence", "Notes"]
WITH_RANKING = ["Summary", "Plan", "Recap", "Reach", "Influence", "Ranking", "Notes"]


def values(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def plan_column(sheet: Worksheet, heading: str) -> int:
    """The column (from 1) under a heading of the Plan sheet."""
    return next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)


def plan_row(sheet: Worksheet, name: str) -> int:
    """The row (from 1) of a vehicle, of "Total", or of "Subtotal <medium>"."""
    for row in range(FIRST_ROW + 1, sheet.max_row + 1):
        first, second = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        if name in (first, f"{first} {second}"):
            return row
    raise LookupError(name)


def figure(sheet: Worksheet, name: str, heading: str) -> Any:
    return sheet.cell(plan_row(sheet, name), plan_column(sheet, heading)).value


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
