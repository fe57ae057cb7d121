"""Reads Line items back: the optimised calendar, which edits on Flowchart are told from.

The sheet is an extract that does not follow edits; filtered, sorted or moved it still reads. Nothing there is ever a
problem: what cannot be read is not known.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime

import numpy as np

from models.arrays import FloatArray
from planner.campaign.inputs import Campaign
from planner.excel.read import Cell, Sheet
from planner.names import heading_key, key
from planner.workbook.campaign.week_columns import mondays_of
from planner.workbook.cells.numbers import is_blank

SHEET = "Line items"
_HEADINGS = ("Vehicle", "Week", "Insertions")
_BEFORE = heading_key("As optimised")  # stands for Insertions, of a plan whose weeks were edited
_NUMBERED = re.compile(r"W(\d+)", re.IGNORECASE)


def parse_line_items(sheet: Sheet, campaign: Campaign) -> FloatArray | None:
    """(n_vehicles, n_weeks) insertions as optimised; None where the sheet is not as it was written."""
    rows = _rows(sheet)
    if rows is None:
        return None
    weekly = np.zeros((len(campaign.vehicles), campaign.brief.weeks))
    vehicles = {key(vehicle.name): at for at, vehicle in enumerate(campaign.vehicles)}
    for vehicle, week, count in rows:
        if vehicle is None or week is None:
            continue  # totals
        at, when = vehicles.get(key(str(vehicle))), _week(week, campaign)
        if at is None or when is None or not isinstance(count, int | float):
            return None
        weekly[at, when] += float(count)
    return weekly


def _rows(sheet: Sheet) -> list[tuple[object, ...]] | None:
    """Vehicle, week and insertions of each row below the headings; None without them."""
    rows = [cells for _, cells in sheet.rows()]
    head = next((at for at, cells in enumerate(rows) if _places(cells)), None)
    if head is None:
        return None
    places = _places(rows[head])
    return [tuple(_value(cells.get(at)) for at in places) for cells in rows[head + 1 :]]


def _value(cell: Cell | None) -> object:
    return None if cell is None or is_blank(cell) else cell.value


def _places(cells: Mapping[int, Cell]) -> list[int]:
    """The columns of the headings, where this is their row; none elsewhere."""
    texts = {heading_key(str(cell.value)): at for at, cell in cells.items() if not is_blank(cell)}
    wanted = [heading_key(heading) for heading in _HEADINGS]
    if not set(wanted) <= set(texts):
        return []
    return [*(texts[heading] for heading in wanted[:2]), texts.get(_BEFORE, texts[wanted[2]])]


def _week(week: object, campaign: Campaign) -> int | None:
    """A week's place in the flight."""
    if isinstance(week, datetime | date):
        day = week.date() if isinstance(week, datetime) else week
        mondays = mondays_of(campaign.brief)
        return mondays.index(day) if day in mondays else None
    numbered = _NUMBERED.fullmatch(str(week).strip())
    place = int(numbered.group(1)) - 1 if numbered else -1
    return place if 0 <= place < campaign.brief.weeks else None
