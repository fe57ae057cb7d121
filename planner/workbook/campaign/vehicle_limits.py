"""How often a vehicle can be bought: its maximum, and what its limits say together."""

from collections.abc import Callable, Sequence
from datetime import date

from planner.campaign.appears import appearances, is_estimated
from planner.campaign.inputs import Brief, VehicleRow
from planner.formats import count_of
from planner.names import listing
from planner.workbook.cells.columns import more_in_column
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.table import Record, Table, has_only_a_name
from planner.workbook.schema.sheets import VEHICLES

MOST_INSERTIONS = 10_000  # of a vehicle: more are asked about, for every one of them is searched and shown


def states_limits(table: Table) -> bool:
    """Whether any row says how often it can be bought, or has a cell for it that cannot be read."""
    return any(
        record.values.get(attribute) is not None or attribute in record.bad
        for record in table.records
        for attribute in ("maximum", "appears")
    )


def maximum_of(
    record: Record, limited: bool, brief: Brief, issues: Sequence[date] | None, findings: Findings
) -> float:
    """The most insertions: Max; else the issue dates; else how often it appears; else, where no row says it (limited),
    one a week, or as many as the row asks for."""
    maximum, appears = record.number("maximum"), record.text("appears")
    by_appears = _by_appears(record, brief)
    if maximum is not None:
        if by_appears is not None and maximum > by_appears:
            findings.notice(
                f"{record.address('maximum')}: Max {maximum:g} is more than {appears} over "
                f"{count_of(brief.weeks, 'week')} ({by_appears:g}); Max was taken."
            )
        return maximum
    if issues is not None:
        return float(len(issues))
    if by_appears is not None:
        if is_estimated(appears):
            name, flight = record.text("name"), count_of(brief.weeks, "week")
            text = f"{name}: Max {by_appears:g}, the issues that can fall into {flight} ({appears})"
            findings.default("Vehicles", name, "maximum", text)
        return float(by_appears)
    if limited:
        return record.number("locked") or 0.0
    asked = (record.number(attribute) or 0.0 for attribute in ("minimum", "locked", "smallest_buy"))
    return max(float(brief.weeks), *asked)


def check_appears(records: Sequence[Record], brief: Brief, findings: Findings) -> None:
    """What Appears says that is not understood: one problem for all."""
    odd = [
        record
        for record in records
        if record.text("appears") and appearances(record.text("appears"), brief.weeks) is None
    ]
    if odd:
        findings.problem(
            odd[0].address("appears"),
            f'Appears is "{odd[0].text("appears")}"; expected daily, weekdays, 5 a week, Sundays, weekly, every two '
            f"weeks, monthly, every two months, quarterly or 3 times{more_in_column(odd[1:])}.",
            [record.address("appears") for record in odd[1:]],
        )


def _by_appears(record: Record, brief: Brief) -> float | None:
    """Insertions that can fall into the flight; None where Appears does not say."""
    appears = record.text("appears")
    return appearances(appears, brief.weeks) if appears else None


def check_limited(records: Sequence[Record], findings: Findings) -> None:
    """Lines of which nothing says how often they can be bought, where others say it: one problem for all."""
    lacking = [record for record in records if _lacks_limit(record)]
    if not lacking:
        return
    attribute = "maximum" if "maximum" in lacking[0].header.columns else "appears"
    cells = [record.address(attribute) for record in lacking]
    more = f" (and {len(cells) - 1:,} more in this column)" if len(cells) > 1 else ""
    findings.problem(
        cells[0],
        f'"{lacking[0].text("name")}" has neither Max nor Appears{more}; write how many '
        "insertions there can be at most, or how often it appears (or Issue dates).",
        cells[1:],
    )


def _lacks_limit(record: Record) -> bool:
    said = any(
        record.values.get(attribute) is not None or attribute in record.bad
        for attribute in ("maximum", "appears", "locked")
    )
    issues = record.raw("issue_dates")
    dated = (issues is not None and not is_blank(issues)) or bool(record.text("issue_dates"))
    return not said and not dated and not has_only_a_name(record)


def check_whole(record: Record, findings: Findings) -> None:
    for attribute in ("minimum", "maximum", "locked", "smallest_buy"):
        value = record.number(attribute)
        if value is not None and value != int(value):
            heading = VEHICLES.column(attribute).heading
            findings.problem(
                record.address(attribute),
                f"{heading} is {value:g}; expected a whole number, because the "
                "Brief asks for whole insertions.",
            )


# A row cannot have both: condition, the two attributes, and the sentence.
_Conflict = tuple[Callable[[VehicleRow], bool], str, str, str]
_CONFLICTS: tuple[_Conflict, ...] = (
    (
        lambda v: v.minimum > v.maximum,
        "minimum",
        "maximum",
        "minimum {v.minimum:g} exceeds maximum {v.maximum:g}",
    ),
    (
        lambda v: v.locked is not None and v.locked > v.maximum,
        "locked",
        "maximum",
        "locked at {v.locked:g}, above maximum {v.maximum:g}",
    ),
    (
        lambda v: v.locked is not None and v.locked < v.minimum,
        "locked",
        "minimum",
        "locked at {v.locked:g}, below minimum {v.minimum:g}",
    ),
    (
        lambda v: 0 < v.maximum < v.smallest_buy,
        "smallest_buy",
        "maximum",
        "smallest buy {v.smallest_buy:g} exceeds maximum {v.maximum:g}",
    ),
    (
        lambda v: v.locked is not None and 0 < v.locked < v.smallest_buy,
        "locked",
        "smallest_buy",
        "locked at {v.locked:g}, below the smallest buy {v.smallest_buy:g}",
    ),
    (
        lambda v: v.must_buy and v.locked is not None and v.locked < 1,
        "must_buy",
        "locked",
        "a must-buy, but locked at {v.locked:g}",
    ),
    (lambda v: v.must_buy and v.maximum < 1, "must_buy", "maximum", "a must-buy, but maximum {v.maximum:g}"),
    (
        lambda v: v.unit_cost is None and bool(v.locked),
        "locked",
        "unit_cost",
        "locked at {v.locked:g}, but its price is not quoted",
    ),
    (
        lambda v: v.unit_cost is None and v.minimum > 0,
        "minimum",
        "unit_cost",
        "minimum {v.minimum:g}, but its price is not quoted",
    ),
    (
        lambda v: v.unit_cost is None and v.must_buy,
        "must_buy",
        "unit_cost",
        "a must-buy, but its price is not quoted",
    ),
)


def check_limits(record: Record, vehicle: VehicleRow, packaged: bool, findings: Findings) -> None:
    for holds, attribute, other, sentence in _CONFLICTS:
        # Of a vehicle in several units another one may have the price.
        elsewhere = other == "unit_cost" and (packaged or (vehicle.vehicle and attribute != "locked"))
        if holds(vehicle) and not elsewhere:
            other_cell = record.address(other if other in record.header.columns else "appears")
            findings.problem(
                record.address(attribute),
                f'"{vehicle.name}": {sentence.format(v=vehicle)} ({other_cell}); change one of them.',
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
