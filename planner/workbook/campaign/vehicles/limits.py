"""How often a vehicle can be bought: its maximum, its issue dates, and what its limits say together."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from planner.campaign.appears import SEPARATORS, appearances, days_within, pattern_of, weeks_apart
from planner.campaign.inputs import MOST_INSERTIONS, Brief, VehicleRow
from planner.excel.read import Cell
from planner.formats import count_of
from planner.names import key, listing, tidy
from planner.workbook.cells.dates import read_date
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Trouble, is_blank
from planner.workbook.cells.table import Record, Table, has_only_a_name
from planner.workbook.schema.sheets import VEHICLES


def states_limits(table: Table) -> bool:
    """Whether any row says how often it can be bought, or has a cell for it that cannot be read."""
    return not all(record.leaves_out("maximum") and record.leaves_out("appears") for record in table.records)


def maximum_of(record: Record, limited: bool, brief: Brief, issues: Sequence[date] | None) -> float:
    """The most insertions: Max; else the issue dates; else how often it appears; else, where no row says it (limited),
    one a week, or as many as the row asks for."""
    maximum, appears = record.number("maximum"), record.text("appears")
    by_appears = _by_appears(record, brief)
    if maximum is not None:
        _notice_rarer(record, maximum, by_appears, brief)
        return maximum
    if issues is not None:
        return float(len(issues))
    if by_appears is not None:
        if weeks_apart(appears) > 1:  # how many issues fall into a flight depends on its dates
            name, flight = record.text("name"), count_of(brief.weeks, "week")
            text = f"{name}: Max {by_appears:g}, the issues that can fall into {flight} ({appears})"
            record.findings.default("Vehicles", name, "maximum", text)
        return float(by_appears)
    if limited:
        return record.number("locked") or 0.0
    asked = max(record.number("minimum") or 0.0, record.number("locked") or 0.0)
    if asked <= brief.weeks:
        return float(brief.weeks)
    name = record.text("name")
    record.findings.default(
        "Vehicles", name, "maximum", f"{name}: Max {asked:g}, for it must be bought so often"
    )
    return asked


def _notice_rarer(record: Record, maximum: float, by_appears: float | None, brief: Brief) -> None:
    """A Max above the insertions that can fall into the flight."""
    if by_appears is not None and maximum > by_appears:
        record.findings.notice(
            f"{record.address('maximum')}: Max {maximum:g} is more than {record.text('appears')} over "
            f"{count_of(brief.weeks, 'week')} ({by_appears:g}); Max was taken."
        )


def check_appears(records: Sequence[Record], brief: Brief, findings: Findings) -> None:
    """What Appears says that is not understood: one problem for all."""
    odd = [
        record
        for record in records
        if record.text("appears") and appearances(record.text("appears"), brief.weeks) is None
    ]
    if odd:
        findings.of_column(
            [record.address("appears") for record in odd],
            f'Appears is "{odd[0].text("appears")}"; expected daily, weekdays, 5 a week, Sundays, weekly, every two '
            "weeks, monthly, every two months, quarterly or 3 times{more}.",
        )


def _by_appears(record: Record, brief: Brief) -> float | None:
    """Insertions that can fall into the flight; None where Appears does not say."""
    appears = record.text("appears")
    return appearances(appears, brief.weeks) if appears else None


def check_limited(records: Sequence[Record], brief: Brief, findings: Findings) -> None:
    """Lines of which nothing says how often they can be bought, where others say it: one problem for all."""
    if all(record.number("maximum") is None and _by_appears(record, brief) is None for record in records):
        return  # what others say cannot be read, which is a problem of its own
    lacking = [record for record in records if _lacks_limit(record)]
    if lacking:
        attribute = "maximum" if "maximum" in lacking[0].header.columns else "appears"
        findings.of_column(
            [record.address(attribute) for record in lacking],
            f'"{lacking[0].text("name")}" has neither Max nor Appears{{more}}; write how many insertions there can be '
            "at most, or how often it appears (or Issue dates).",
        )


def _lacks_limit(record: Record) -> bool:
    said = not all(map(record.leaves_out, ("maximum", "appears", "locked")))
    issues = record.raw("issue_dates")
    dated = (issues is not None and not is_blank(issues)) or bool(record.text("issue_dates"))
    return not said and not dated and not has_only_a_name(record)


def check_whole(records: Sequence[Record], findings: Findings) -> None:
    """Parts of insertions, where the Brief asks for whole ones."""
    for attribute in ("minimum", "maximum", "locked", "smallest_buy"):
        stated = [(record.address(attribute), record.number(attribute)) for record in records]
        parts = [(cell, value) for cell, value in stated if value is not None and value != int(value)]
        if parts:
            findings.of_column(
                [cell for cell, _ in parts],
                f"{VEHICLES.column(attribute).heading} is {parts[0][1]:g}; expected a whole number, because the Brief "
                "asks for whole insertions{more}.",
            )


# A row cannot have both: condition, the two attributes, and the sentence.
_Conflict = tuple[Callable[[VehicleRow], bool], str, str, str]
_CONFLICTS: tuple[_Conflict, ...] = (
    (lambda v: v.minimum > v.maximum, "minimum", "maximum", "minimum {v.minimum:g} exceeds maximum {v.maximum:g}"),
    (lambda v: v.locked is not None and v.locked > v.maximum, "locked", "maximum",
     "locked at {v.locked:g}, above maximum {v.maximum:g}"),
    (lambda v: v.locked is not None and v.locked < v.minimum, "locked", "minimum",
     "locked at {v.locked:g}, below minimum {v.minimum:g}"),
    (lambda v: 0 < v.maximum < v.smallest_buy, "smallest_buy", "maximum",
     "smallest buy {v.smallest_buy:g} exceeds maximum {v.maximum:g}"),
    (lambda v: v.locked is not None and 0 < v.locked < v.smallest_buy, "locked", "smallest_buy",
     "locked at {v.locked:g}, below the smallest buy {v.smallest_buy:g}"),
    (lambda v: v.must_buy and v.locked is not None and v.locked < 1, "must_buy", "locked",
     "a must-buy, but locked at {v.locked:g}"),
    (lambda v: v.must_buy and v.maximum < 1, "must_buy", "maximum", "a must-buy, but maximum {v.maximum:g}"),
    (lambda v: v.unit_cost is None and bool(v.locked), "locked", "unit_cost",
     "locked at {v.locked:g}, but its price is not quoted"),
    (lambda v: v.unit_cost is None and v.minimum > 0, "minimum", "unit_cost",
     "minimum {v.minimum:g}, but its price is not quoted"),
    (lambda v: v.unit_cost is None and v.must_buy, "must_buy", "unit_cost",
     "a must-buy, but its price is not quoted"),
)  # fmt: skip


def check_limits(
    rows: Sequence[tuple[Record, VehicleRow]], packaged: Collection[str], findings: Findings
) -> None:
    """What limits of a row say together, one problem for all rows; nothing of a cell that has a problem of its own.

    packaged: keys of the vehicles that packages hold.
    """
    for contradict, attribute, other, sentence in _CONFLICTS:
        found = []
        for record, vehicle in rows:
            if contradict(vehicle) and not _priced_elsewhere(vehicle, attribute, other, packaged):
                cell = record.address(attribute)
                other_cell = record.address(other if other in record.header.columns else "appears")
                if not findings.is_wrong(cell) and not findings.is_wrong(other_cell):
                    found.append((cell, f'"{vehicle.name}": {sentence.format(v=vehicle)} ({other_cell})'))
        if found:
            findings.of_column([cell for cell, _ in found], f"{found[0][1]}{{more}}; change one of them.")


def _priced_elsewhere(vehicle: VehicleRow, attribute: str, other: str, packaged: Collection[str]) -> bool:
    """Whether a package, or another unit of the vehicle, may have the price that a row lacks."""
    return other == "unit_cost" and (
        key(vehicle.name) in packaged or bool(vehicle.vehicle and attribute != "locked")
    )


def ask_about_many(rows: Sequence[tuple[Record, VehicleRow]], findings: Findings) -> None:
    """A Max like 1,000,000 means "no limit", or a unit so small that nobody buys it singly: one question for all."""
    many = [
        (vehicle, record.address("locked" if record.number("maximum") is None else "maximum"))
        for record, vehicle in rows
        if vehicle.maximum > MOST_INSERTIONS and not record.bad
    ]
    if not many:
        return
    (first, cell), others = many[0], [cell for _, cell in many[1:]]
    also = f" (so are {listing(others)})" if others else ""
    findings.problem(
        cell,
        f'"{first.name}": up to {first.maximum:,.10g} insertions, more than {MOST_INSERTIONS:,}{also}. Write the most '
        "that you would buy; if it is sold by the thousand contacts, count it in larger units, such as 100,000 "
        "contacts at 100 times the price.",
    )


# --- issue dates: dates, or first Thursday, and the issues that fall into the flight -----------------

_EXPECTED = "write dates such as 2027-03-04; 2027-04-01, or a day such as first Thursday"


def read_issues(record: Record, brief: Brief) -> tuple[str, tuple[date, ...]]:
    """What stands there, as it is written again, and the issues of the flight; ("", ()) where nothing (sound) does.

    A problem where they cannot be read, or the flight's Start is not known.
    """
    cell, text = record.raw("issue_dates"), record.text("issue_dates")  # a text alone: of another unit's row
    if cell is not None and not is_blank(cell):
        text = issue_text(cell)
    return _of_text(text, record, brief) if text else ("", ())


def issue_text(cell: Cell) -> str:
    """A cell's text, a date as 2027-03-04."""
    if isinstance(cell.value, date | datetime):
        return f"{cell.value:%Y-%m-%d}"
    return tidy(str(cell.value))


def _issues(text: str, record: Record, days: Sequence[date]) -> tuple[set[date], list[str]]:
    """The days of a flight that a text names, by dates or by a pattern, and what of it is neither."""
    issues: set[date] = set()
    wrong: list[str] = []
    for part in filter(None, map(tidy, SEPARATORS.split(text))):
        pattern = pattern_of(part)
        if pattern is not None:
            issues.update(filter(pattern, days))
            continue
        day = read_date(Cell(record.sheet, record.row, 0, part))
        if isinstance(day, Trouble):
            wrong.append(f'"{part}" {day.text}')
        elif day in days:
            issues.add(day)
    return issues, wrong


def _of_text(text: str, record: Record, brief: Brief) -> tuple[str, tuple[date, ...]]:
    findings = record.findings
    where = record.address("issue_dates")
    if brief.start is None:
        start = findings.cell("Brief", "start", "value")
        if not findings.is_wrong(start):
            findings.problem(
                where, f"Issue dates tell weeks only where the flight has a Start; write it ({start})."
            )
        return "", ()
    issues, wrong = _issues(text, record, days_within(brief.start, brief.weeks))
    if wrong:
        findings.problem(where, f"Issue dates: {'; '.join(wrong)}; {_EXPECTED}.")
        return "", ()
    if not issues:
        findings.notice(
            f'{where}: no issue of "{record.text("name")}" falls into the flight; it cannot be bought.'
        )
    return text, tuple(sorted(issues))
