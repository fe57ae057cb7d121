"""A date from a date cell, or from text that can be read in one way only."""

import re
from datetime import date, datetime, timedelta

from planner.excel.read import Cell
from planner.names import tidy
from planner.workbook.cells.numbers import Trouble, no_value

_DAY_FIRST = ("%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d", "%Y/%m/%d")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def read_date(cell: Cell) -> date | Trouble:
    """A date from a date cell or from text that can be read in one way only."""
    value = cell.value
    trouble = no_value(cell)
    if trouble:
        return trouble
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _date_in_text(tidy(value).replace(",", ""))
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 <= value <= 80_000:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return Trouble(
            f"is a plain number; if it is meant as the date {day:%Y-%m-%d}, format the cell as a date"
        )
    return Trouble("is not a date; expected one such as 2027-03-01")


def _date_in_text(text: str) -> date | Trouble:
    for form in _DAY_FIRST:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    match = _SLASHED.fullmatch(text)
    if not match:
        return Trouble("is not a date; expected one such as 2027-03-01")
    first, second, year = map(int, match.groups())
    readings = {(day, month) for day, month in ((first, second), (second, first)) if month <= 12}
    if len(readings) == 2:
        return Trouble(
            f"can be day {first} of month {second} or day {second} of month {first}; "
            f"write {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
        )
    try:
        day, month = readings.pop()
        return date(year, month, day)
    except (ValueError, KeyError):
        return Trouble("is not a date; expected one such as 2027-03-01")
