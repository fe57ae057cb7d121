"""Weeks: when insertions can stand and when they should; limits and prices by the week.

The rows are recognised by their names, wherever they stand in the table; every other row is a vehicle with
its most insertions in each week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from planner.campaign.calendar import Calendar, WeekLimit
from planner.campaign.inputs import Brief, Flighting, VehicleRow
from planner.campaign.weeks import LOCKED
from planner.excel.read import Cell
from planner.formats import month_of
from planner.names import key, listing, nearest
from planner.workbook.campaign.calendar.columns import (
    Flight,
    WeekColumns,
    mondays_of,
    week_columns,
    week_labels,
)
from planner.workbook.campaign.calendar.price_factors import price_factors
from planner.workbook.campaign.calendar.rows import LIMITS, NAMES, WEIGHTS, WeekRow, WeekRows, sorted_rows
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Number, Trouble, is_blank, read_numbers
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import FLIGHTINGS

SHEET = "Weeks"
MARKED = Trouble(
    "says that it is available, not how often; write the most insertions of the week as a number"
)
UNSETTLED = Trouble("says nothing of how often; write the insertions of the week, or clear the cell")
_MARKS = frozenset({"x", "yes", "y", "✓", "✔", "ok", "true"})
_WORDS: Mapping[str, Flighting] = {key(word): word for word in FLIGHTINGS} | {"front loaded": "front-loaded"}

Numbers = tuple[float | None, ...]


def parse_weeks(table: Table, brief: Brief, vehicles: Sequence[VehicleRow]) -> tuple[Calendar | None, Brief]:
    """The calendar, and the Brief with a flighting that Weeks gives by a word.

    No calendar where the sheet has no filled row and the Brief neither Start and Weeks nor a flighting nor a longest
    gap; then its headings do not matter.
    """
    findings = table.findings
    asked = _asks_for_calendar(brief, findings)
    plain = Calendar(week_labels(brief), mondays_of(brief))
    filled = list(filter(_is_filled, table.records))
    _notice_bare(table, vehicles)
    if not filled:
        return (plain if asked else None), brief
    columns = _columns(table, plain.mondays)
    if columns is None:
        return None, brief
    rows = sorted_rows(filled, columns, vehicles)
    calendar, with_word = _calendar(rows, columns, brief, vehicles, findings)
    says_something = calendar != replace(plain, labels=columns.labels)
    return calendar if says_something or asked or with_word.flighting is not None else None, with_word


def _calendar(
    rows: WeekRows, columns: WeekColumns, brief: Brief, vehicles: Sequence[VehicleRow], findings: Findings
) -> tuple[Calendar, Brief]:
    """What the filled rows say, and the Brief with the flighting that one of them gives by a word."""
    _remember_cells(rows, findings)
    mondays, whole = mondays_of(brief), brief.whole
    weights, brief = _weights(rows.weights, brief, findings)
    calendar = Calendar(
        columns.labels,
        mondays,
        weights,
        _limits(rows.limits, mondays, brief.currency, findings),
        price_factors(rows.factors, vehicles),
        _most_by_vehicle(rows.vehicles, whole, findings),
        {row.covers: _locked(row, whole) for row in rows.locked},
    )
    return calendar, brief


def _columns(table: Table, mondays: tuple[date | None, ...]) -> WeekColumns | None:
    """Where the flight's weeks stand; None where that, or which weeks there are, is not known."""
    findings = table.findings
    weeks, start = (findings.cell("Brief", name, "value") for name in ("weeks", "start"))
    if findings.is_wrong(weeks) or findings.is_wrong(start):
        return None
    return week_columns(table.sheet, table.header, Flight(mondays, weeks), findings)


def _asks_for_calendar(brief: Brief, findings: Findings) -> bool:
    """Whether the Brief alone asks for a calendar."""
    dated = brief.start is not None and not findings.taken("Brief", "weeks")
    return dated or brief.flighting is not None or brief.longest_gap is not None


def _is_filled(record: Record) -> bool:
    """Whether a row has anything beside its name."""
    name = record.header.columns["name"]
    return any(not is_blank(cell) for column, cell in record.cells.items() if column != name)


def _notice_bare(table: Table, vehicles: Sequence[VehicleRow]) -> None:
    """Rows with nothing but a name that is neither a vehicle's nor a row's of ours: titles, most likely."""
    known = {*(key(vehicle.name) for vehicle in vehicles), *map(key, NAMES)}
    bare = [
        f'{record.row} ("{record.text("name")}")'
        for record in (table.records if vehicles else ())
        if not _is_filled(record) and key(record.text("name").partition(":")[0]) not in {*known, LOCKED}
    ]
    if bare:
        has, it_is = ("has", "it was") if len(bare) == 1 else ("have", "they were")
        table.findings.notice(
            f"{SHEET} row{'' if len(bare) == 1 else 's'} {listing(bare)} {has} nothing but a name; {it_is} taken for a "
            "title and not read."
        )


def _remember_cells(rows: WeekRows, findings: Findings) -> None:
    """Where each value stands: (Weeks, row, label of the week), and the row itself under its own name."""
    for row in (
        *filter(None, [rows.weights]),
        *rows.limits.values(),
        *rows.factors,
        *rows.vehicles,
        *rows.locked,
    ):
        findings.cells[SHEET, row.name, "row"] = row.cell
        for week in row.filled:
            findings.cells[SHEET, row.name, row.columns.labels[week]] = row.address(week)


def _numbers(row: WeekRow, values: Sequence[Number]) -> tuple[Numbers, bool]:
    """The numbers of a row, and whether all of them are sound; what is wrong becomes a problem."""
    report_troubles(row.name, row.cells, values, row.findings)
    sound = not any(isinstance(value, Trouble) for value in values)
    return tuple(None if isinstance(value, Trouble) else value for value in values), sound


def _not_negative(value: Number) -> Number:
    return Trouble("is negative; expected 0 or more") if isinstance(value, float) and value < 0 else value


# --- flighting --------------------------------------------------------------------------------------


def _weights(row: WeekRow | None, brief: Brief, findings: Findings) -> tuple[tuple[float, ...] | None, Brief]:
    """The planner's own weights per week, or a flighting by its name, which goes to the Brief."""
    if row is None:
        return None, brief
    first = row.cells[0]
    typed = first.value if first and not first.error else None
    word = _WORDS.get(key(typed)) if isinstance(typed, str) else None
    if word is not None:
        return None, _with_word(row, word, brief)
    if brief.flighting is not None:
        findings.notice(
            f"{row.cell} gives weights by the week; the Brief's flighting {brief.flighting} is not used."
        )
    return _own_weights(row), brief


def _own_weights(row: WeekRow) -> tuple[float, ...]:
    """A weight for each week, blanks as 0."""
    read = zip(row.cells, read_numbers(row.cells, False), strict=True)
    weights, sound = _numbers(row, [_weight(cell, value) for cell, value in read])
    if sound and not any(weights):
        row.problem(row.filled[0], "The flighting weights are all 0; give at least one week a weight.")
    if sound and None in weights:
        row.findings.default(SHEET, "", "weights", f"{WEIGHTS}: a week left blank weighs 0")
    return tuple(weight or 0.0 for weight in weights)


def _weight(cell: Cell | None, value: Number) -> Number:
    if isinstance(value, Trouble) and cell is not None and isinstance(cell.value, str):
        hint = (
            nearest(cell.value, FLIGHTINGS).rstrip("?")
            or f"; expected a number, or one of {', '.join(FLIGHTINGS)}"
        )
        place = " in the first week's cell, the others blank"
        return Trouble(f"{value.text}{hint}{place}") if value.text == "is not a number" else value
    return _not_negative(value)


def _with_word(row: WeekRow, word: Flighting, brief: Brief) -> Brief:
    findings = row.findings
    others = [row.address(week) for week in row.filled if week > 0]
    if others:
        findings.problem(
            others[0],
            f"The flighting is {word} ({row.address(0)}), so the other weeks are left blank; clear this cell, "
            "or write a weight for every week.",
        )
    if brief.flighting not in (None, word):
        cell = findings.cell("Brief", "flighting", "value")
        wrong = f"The flighting is {word} here and {brief.flighting} on the Brief ({cell}); write it in one place."
        row.problem(0, wrong)
    findings.cells[SHEET, WEIGHTS, "word"] = row.address(0)
    return replace(brief, flighting=word)


# --- limits -----------------------------------------------------------------------------------------


def _limits(
    rows: Mapping[str, WeekRow], mondays: Sequence[object], currency: str, findings: Findings
) -> tuple[WeekLimit, ...]:
    """The limits of single weeks and of months, in the order of LIMITS."""
    limits: list[WeekLimit] = []
    for name in LIMITS:
        if name not in rows:
            continue
        if LIMITS[name].monthly and mondays[0] is None:
            wrong = f"{name} needs a Start on the Brief: without it nobody knows which weeks make a month."
            findings.problem(rows[name].cell, wrong)
            continue
        limits += _limits_of(rows[name], currency)
    for limit in limits:
        _check_against(limit, limits, findings)
    return tuple(limits)


def _limits_of(row: WeekRow, currency: str) -> list[WeekLimit]:
    kind = LIMITS[row.name]
    money = currency if kind.measure == "money" else ""
    values = [_not_negative(value) for value in read_numbers(row.cells, False, money)]
    amounts, _ = _numbers(row, values)
    limits: dict[str, WeekLimit] = {}
    for week, amount in enumerate(amounts):
        if amount is None:
            continue
        period, weeks = _period(row, week, kind.monthly)
        limit = WeekLimit(kind.measure, kind.sense, weeks, amount, period, row.address(week))
        earlier = limits.setdefault(period, limit)
        if earlier.amount != amount:
            row.problem(
                week,
                f"{row.name} is {amount:,.10g} here and {earlier.amount:,.10g} in {earlier.cell}, both in "
                f"{period}; a month has one limit.",
            )
    return list(limits.values())


def _period(row: WeekRow, week: int, monthly: bool) -> tuple[str, tuple[int, ...]]:
    """The week or month of a limit in words, and the weeks in it."""
    mondays = row.columns.mondays
    monday = mondays[week]
    if monday is None:
        return f"week {week + 1}", (week,)
    if not monthly:
        return f"the week of {monday.day} {month_of(monday)}", (week,)
    month = month_of(monday)
    return month, tuple(at for at, other in enumerate(mondays) if other and month_of(other) == month)


def _check_against(limit: WeekLimit, limits: Iterable[WeekLimit], findings: Findings) -> None:
    """At least may not be more than at most, for the same weeks."""
    if limit.sense != ">=":
        return
    for other in limits:
        same = (other.measure, other.weeks, other.sense) == (limit.measure, limit.weeks, "<=")
        if same and limit.amount > other.amount:
            findings.problem(
                limit.cell,
                f"At least {limit.amount:,.10g} is more than at most {other.amount:,.10g} ({other.cell}) in "
                f"{limit.period}; change one of them.",
            )


# --- prices and availability ------------------------------------------------------------------------


def _most_by_vehicle(
    rows: Iterable[WeekRow], whole: bool, findings: Findings
) -> dict[str, tuple[float, ...]]:
    """Each vehicle's most insertions per week, blanks as 0; rows with problems are left out."""
    found: dict[str, tuple[float, ...]] = {}
    for row in rows:
        most, sound = _numbers(row, _counts(row, MARKED, whole))
        if sound and None in most:
            findings.retell(SHEET, "most", lambda _: None)
            text = "a week left blank in a vehicle's row that has others: not available (0)"
            findings.default(SHEET, "", "most", text)
        if sound:
            found[row.name] = tuple(number or 0.0 for number in most)
    return found


def _counts(row: WeekRow, marked: Trouble, whole: bool) -> list[Number]:
    """A vehicle's insertions per week. marked: what is wrong with a cell that is only ticked."""
    read = read_numbers([None if _is_mark(cell) else cell for cell in row.cells], False)
    return [
        marked if _is_mark(cell) else _most_trouble(value, whole)
        for cell, value in zip(row.cells, read, strict=True)
    ]


def _locked(row: WeekRow, whole: bool) -> Numbers:
    """A vehicle's settled insertions per week, None where they are free."""
    return _numbers(row, _counts(row, UNSETTLED, whole))[0]


def _is_mark(cell: Cell | None) -> bool:
    if cell is None or cell.error or cell.uncached:
        return False
    return cell.value is True or (isinstance(cell.value, str) and key(cell.value) in _MARKS)


def _most_trouble(value: Number, whole: bool) -> Number:
    if isinstance(value, float) and whole and value != round(value):
        return Trouble("is not a whole number, but the Brief asks for whole insertions")
    if isinstance(value, Trouble) and value.text == "is not a number":
        return Trouble("is not a number; expected the most insertions of the week, 0 where there can be none")
    return _not_negative(value)
