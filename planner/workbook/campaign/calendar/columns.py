"""The weeks of a flight, and the columns that stand for them on the sheets Weeks and Flowchart.

A week is that of its Monday; a flight that starts on another day belongs to the week of the Monday before.
"""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from planner.campaign.inputs import Brief
from planner.excel.read import Cell, Sheet, address
from planner.names import heading_key, key, listing
from planner.workbook.cells.dates import read_date
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header
from planner.workbook.cells.numbers import Trouble, found, is_blank, no_value

_NUMBERED = re.compile(r"(?:w|wk|week)?[ .]*(\d{1,3})")
_OF_THE_YEAR = re.compile(r"(?:kw|cw|uge|uke|vecka)[ .]*(\d{1,2})")  # weeks of the calendar, by their number
NO_START = Trouble("is a date, but the Brief has no Start; give it there, or head the weeks W1, W2 and so on")
NO_WEEK = "is not a week"
TOTALS = frozenset({"total", "totals", "sum"})  # a planner's own, right of the weeks


@dataclass(frozen=True, eq=False)
class WeekColumns:
    """Where the weeks stand, per week. labels: "W1" or the Monday in ISO form. mondays: None without a Start."""

    columns: tuple[int, ...]
    labels: tuple[str, ...]
    mondays: tuple[date | None, ...]


@dataclass(frozen=True)
class Flight:
    """The weeks that headings may name. mondays: None each without a Start. cell: where Weeks stands."""

    mondays: tuple[date | None, ...]
    cell: str

    @property
    def in_words(self) -> str:
        """How many weeks it has, and who says so."""
        said = self.cell if "!" in self.cell else "the default"
        return f"{len(self.mondays)} week{'s' if len(self.mondays) != 1 else ''} ({said})"

    def named(self, week: int) -> str:
        """A week by its number and, if known, its Monday.

        >>> Flight((date(2027, 3, 1), date(2027, 3, 8)), "Brief!B9").named(1)
        'W2 (2027-03-08)'
        """
        monday = self.mondays[week]
        return f"W{week + 1}" if monday is None else f"W{week + 1} ({monday})"


def mondays_of(brief: Brief) -> tuple[date | None, ...]:
    """The Monday of every week of the flight; None each without a Start.

    >>> mondays_of(Brief(start=date(2027, 3, 3), weeks=2))
    (datetime.date(2027, 3, 1), datetime.date(2027, 3, 8))
    """
    if brief.start is None:
        return (None,) * brief.weeks
    first = brief.start - timedelta(days=brief.start.weekday())
    return tuple(first + timedelta(weeks=week) for week in range(brief.weeks))


def week_labels(brief: Brief) -> tuple[str, ...]:
    """How the weeks are headed where no sheet says otherwise: by their Mondays, or W1, W2, ...

    >>> week_labels(Brief(weeks=2))
    ('W1', 'W2')
    """
    return tuple(
        f"W{place}" if monday is None else monday.isoformat()
        for place, monday in enumerate(mondays_of(brief), 1)
    )


def week_columns(
    sheet: Sheet, header: Header, flight: Flight, findings: Findings, *, ours: Iterable[str] | None = None
) -> WeekColumns | None:
    """The columns of the flight's weeks; None when one is missing, twice or wrong (those are problems).

    Columns of the planner's own are passed over, since every week must have a column: headings of words without
    a digit (they are noticed); with `ours`, headings that the program writes there, any text that is no week.
    """
    read = [(cell, _week(cell, flight)) for cell in _open_headings(sheet, header)]
    weeks = [(cell, week) for cell, week in read if not _is_own(cell, week, ours, findings)]
    places, troubles = _by_week(weeks, flight)
    _say_troubles(troubles, findings)
    if troubles or not _check_complete(sheet, header, flight, places, findings):
        return None
    cells = [places[week] for week in range(len(flight.mondays))]
    labels = tuple(_label(cell, week, flight) for week, cell in enumerate(cells))
    return WeekColumns(tuple(cell.column for cell in cells), labels, flight.mondays)


def _open_headings(sheet: Sheet, header: Header) -> list[Cell]:
    """The headings beside those that the sheet's own columns have."""
    known = header.columns.values()
    return [cell for at, cell in sheet.row(header.row).items() if at not in known and not is_blank(cell)]


def _by_week(
    read: Iterable[tuple[Cell, int | Trouble]], flight: Flight
) -> tuple[dict[int, Cell], list[tuple[Cell, Trouble]]]:
    """The heading of each week, and what is wrong with headings."""
    places: dict[int, Cell] = {}
    troubles: list[tuple[Cell, Trouble]] = []
    for cell, week in read:
        if isinstance(week, Trouble):
            troubles.append((cell, week))
        elif week in places:
            also = f"which has a column already ({places[week].address}); keep one of them"
            troubles.append((cell, Trouble(f"is {flight.named(week)}, {also}")))
        else:
            places[week] = cell
    return places, troubles


def _is_own(cell: Cell, week: int | Trouble, ours: Iterable[str] | None, findings: Findings) -> bool:
    """Whether a heading is of another column than a week's; of the sheet Weeks that is noticed."""
    if _passed_over(cell, ours):
        what = "is taken for a total"
    elif isinstance(week, int):
        return False
    elif ours is not None:
        return week.text.startswith(NO_WEEK) and isinstance(cell.value, str)
    elif _is_wordy(cell):
        what = "is no week"
    else:
        return False
    if ours is None:
        findings.notice(f"{cell.address}: the column {found(cell)} {what}; it was not read.")
    return True


def _say_troubles(troubles: Sequence[tuple[Cell, Trouble]], findings: Findings) -> None:
    """What is wrong with headings, each kind of trouble once."""
    kinds: dict[str, list[Cell]] = {}
    for cell, trouble in troubles:
        kinds.setdefault(trouble.text, []).append(cell)
    for text, (cell, *others) in kinds.items():
        held = "" if no_value(cell) else f" {found(cell).removeprefix('the date ')}"
        more = f" (and {len(others):,} more in this row)" if others and text != NO_START.text else ""
        findings.problem(
            cell.address, f"The heading{held} {text}{more}.", [other.address for other in others]
        )


def _label(cell: Cell, week: int, flight: Flight) -> str:
    """A week as its heading names it: by its number or by its Monday."""
    monday = flight.mondays[week]
    return f"W{week + 1}" if monday is None or _number_of(cell) is not None else monday.isoformat()


def _is_wordy(cell: Cell) -> bool:
    """Whether a heading is words, which can mean no week."""
    return isinstance(cell.value, str) and not cell.error and not any(map(str.isdigit, cell.value))


def _passed_over(cell: Cell, ours: Iterable[str] | None) -> bool:
    """Whether a heading is a text that cannot mean a week."""
    if not isinstance(cell.value, str) or cell.error or cell.uncached:
        return False
    words = heading_key(cell.value)
    return words in TOTALS or words in {heading_key(heading) for heading in ours or ()}


def _check_complete(
    sheet: Sheet, header: Header, flight: Flight, places: Mapping[int, Cell], findings: Findings
) -> bool:
    """Whether every week has a column; a problem where one has not."""
    missing = [flight.named(week) for week in range(len(flight.mondays)) if week not in places]
    if missing:
        last = max((cell.column for cell in places.values()), default=min(header.columns.values()))
        findings.problem(
            address(sheet.name, header.row, last),
            f"The flight has {flight.in_words}, but there is no column for {listing(missing)}; "
            "every week needs a column, headed W1, W2 and so on, or by its Monday.",
        )
    return not missing


def _number_of(cell: Cell) -> int | None:
    """The number of a week in a heading such as 3, "W3" or "Week 3"."""
    value = cell.value
    if isinstance(value, str) and not cell.error:
        match = _NUMBERED.fullmatch(key(value))
        return int(match[1]) if match else None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000:
        return int(value) if value == int(value) else None
    return None


def _week(cell: Cell, flight: Flight) -> int | Trouble:
    """The week (from 0) that a heading means."""
    trouble = no_value(cell)
    if trouble:
        return trouble
    number = _number_of(cell)
    if number is not None:
        if 1 <= number <= len(flight.mondays):
            return number - 1
        return Trouble(
            f"is no week of the flight, which has {flight.in_words}; remove the column or change one"
        )
    day = read_date(cell)
    if not isinstance(day, Trouble):
        return _week_of_day(day, flight)
    if not isinstance(cell.value, str):
        return day
    week = _without_year(cell, flight)
    if week is not None:
        return week
    expected = f"{NO_WEEK}; expected W1 to W{len(flight.mondays)}, or the Mondays of the flight's weeks"
    return day if "month" in day.text else Trouble(expected)


def _without_year(heading: Cell, flight: Flight) -> int | None:
    """The week of the flight that a heading such as KW 36, 6.9. or 6 Sep means; None where none is."""
    week = _OF_THE_YEAR.fullmatch(key(str(heading.value)))
    for place, monday in enumerate(flight.mondays):
        if monday is None:
            return None
        whole = (heading._replace(value=f"{heading.value}{between}{monday.year}") for between in ("", " "))
        if (week and monday.isocalendar().week == int(week[1])) or monday in map(read_date, whole):
            return place
    return None


def _week_of_day(day: date, flight: Flight) -> int | Trouble:
    first = flight.mondays[0]
    if first is None:
        return NO_START
    if day in flight.mondays:
        return flight.mondays.index(day)
    monday = day - timedelta(days=day.weekday())
    if monday in flight.mondays:
        return Trouble(f"is a {calendar.day_name[day.weekday()]}; head the week by its Monday, {monday}")
    last = flight.mondays[-1]
    return Trouble(
        f"is no week of the flight, whose {len(flight.mondays)} Mondays run from {first} to {last}; "
        "mend the heading, or Start and Weeks on the Brief"
    )
