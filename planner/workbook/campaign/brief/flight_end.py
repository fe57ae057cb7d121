"""A date on the Brief for the end of the flight, beside Start and Weeks, which say it already."""

from datetime import date, timedelta

from planner.excel.read import Cell
from planner.formats import count_of
from planner.workbook.cells.dates import read_date


def differing_end(end: Cell, start: Cell | None, weeks: Cell | None) -> str:
    """What is wrong with an end in another week than that in which a flight of so many weeks ends; "" where it is in
    that week, or one of them is no date or number."""
    day, first = read_date(end), None if start is None else read_date(start)
    number = None if weeks is None else weeks.value
    if weeks is None or not isinstance(day, date) or not isinstance(first, date):
        return ""
    if not isinstance(number, int | float) or not 1 <= number <= 1000:
        return ""
    last = first + timedelta(days=7 * int(number) - 1 - first.weekday())
    if timedelta() <= last - day < timedelta(weeks=1):
        return ""
    return (
        f"says {day}, but {count_of(int(number), 'week')} ({weeks.address}) from {first}, each from Monday to Sunday, "
        f"end on {last}; change one of them."
    )
