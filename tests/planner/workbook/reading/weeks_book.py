"""A small workbook with a sheet Weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign

HEADINGS: list[object] = ["Vehicle", "W1", "W2", "W3", "W4"]
START = datetime(2027, 3, 3)  # a Wednesday: its Monday is 1 March
MONDAYS = [datetime(2027, 3, 1), datetime(2027, 3, 8), datetime(2027, 3, 15), datetime(2027, 3, 22)]
Row = Sequence[object]


def book(
    path: Path, rows: Sequence[Row], headings: Row = HEADINGS, brief: Mapping[str, object] | None = None
) -> Path:
    """A small campaign: Quiz and News (TV; genres fun, news; Quiz in the group prime) and Cook (Magazine)."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    answers = {"Universe (000)": 1000, "Budget": 5000, "Currency": "EUR", "Objective": "reach", "Weeks": 4}
    sheets: dict[str, list[Row]] = {
        "Brief": [[name, value] for name, value in (answers | dict(brief or {})).items()],
        "Vehicles": [
            ["Vehicle", "Medium", "Genre", "Groups", "Unit cost", "Audience (000)", "Max"],
            ["Quiz", "TV", "fun", "prime; family", 100, 100, 9],
            ["News", "TV", "news", None, 200, 200, 9],
            ["Cook", "Magazine", "food", "family", 300, 50, 9],
        ],
        "Weeks": [headings, *rows],
    }
    for name, content in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in content:
            sheet.append(list(row))
    for row in workbook["Weeks"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("%"):
                cell.value, cell.number_format = float(cell.value[1:]) / 100, "0%"
    workbook.save(path)
    return path


def read(path: Path, *rows: Row, **more: Any) -> Campaign:
    return read_campaign(book(path / "a.xlsx", rows, **more))


def problems(path: Path, *rows: Row, **more: Any) -> dict[str, str]:
    with pytest.raises(WorkbookError) as caught:
        read(path, *rows, **more)
    return {problem.cell: problem.text for problem in caught.value.problems}


def content(campaign: Campaign) -> Campaign:
    """The campaign without the addresses in its calendar."""
    found = campaign.calendar
    if found is None:
        return campaign
    limits = tuple(replace(limit, cell="") for limit in found.limits)
    factors = tuple(replace(factor, cell="") for factor in found.factors)
    return replace(campaign, calendar=replace(found, limits=limits, factors=factors), notices=())
