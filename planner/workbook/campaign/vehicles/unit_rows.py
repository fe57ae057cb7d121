"""Rows of Vehicles that are units of one vehicle: named `Vehicle | Unit`, and what they share stated once.

Audience, repeat audience, Bought as, Cume, Appears, Min and Max are the vehicle's: they stand on one of its rows, or on
several alike. Price, Ad seen % and Contacts are each unit's own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.campaign.inputs import VehicleRow
from planner.campaign.units import unit_name, units_of
from planner.names import key, listing
from planner.workbook.campaign.vehicles.limits import issue_text
from planner.workbook.cells.columns import Value
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import grouped
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import VEHICLES

_SHARED = (
    "medium", "genre", "groups", "audience_base", "repeat", "bought_as", "cume", "appears", "minimum", "maximum",
    "sample_size",
)  # fmt: skip
_SIZE = ("audience_000", "rating")  # either says it
SAME_AUDIENCE = 0.01
# What tells lengths and sizes in a name: :30, 30", 30s, 30 sec, full page, 1/2 page, page 4c, half-page.
_LENGTH = re.compile(
    r"""(?<!\w)(?::\d{1,3}|\d{1,3}\s?(?:["”″]|s|sec|secs|seconds?|sek)|(?:full|half|quarter|double|third|1/\d)[\s-]?pages?"""
    r"""|pages?(?:\s?(?:4c|2c|b/?w|1/\d))?)(?!\w)""",
    re.IGNORECASE,
)


def named_by_unit(table: Table) -> Table:
    """The table with units named so, where a vehicle has several rows of several units."""
    new: dict[int, Record] = {}
    for own in grouped((record for record in table.records if record.text("name")), "name"):
        if len({key(record.text("unit")) for record in own}) > 1:
            new |= {record.row: record for record in _units(own)}
    return replace(table, records=tuple(new.get(record.row, record) for record in table.records))


def _units(rows: Sequence[Record]) -> list[Record]:
    """The rows of one vehicle, each with its unit's name and with what the others say of all."""
    _ask_for_units(rows)
    own = [_with_issue_dates(record) for record in rows]
    one_question = rows[0].findings if all(record.text("unit") for record in own) else Findings()
    filled = {attribute: _shared(own, attribute, one_question) for attribute in (*_SHARED, "issue_dates")}
    sized = next((r for r in own if any(r.values.get(size) is not None for size in _SIZE)), None)
    return [_named(record, own[0].text("name"), filled, sized) for record in own]


def _with_issue_dates(record: Record) -> Record:
    cell = record.raw("issue_dates")
    if cell is None or is_blank(cell):
        return record
    return replace(record, values={**record.values, "issue_dates": issue_text(cell)})


def _ask_for_units(own: Sequence[Record]) -> None:
    for record in own:
        if record.leaves_out("unit"):
            others = listing([other.address("name") for other in own if other is not record])
            record.problem(
                "unit",
                f'"{record.text("name")}" has several rows (also {others}), and this one no unit; write what is '
                "bought: a length, a size.",
            )


def _shared(own: Sequence[Record], attribute: str, findings: Findings) -> Value:
    """What the rows say, None where none does; where two differ, a problem that names both cells."""
    given = [record for record in own if record.values.get(attribute) not in (None, "")]
    if not given:
        return None
    first, value = given[0], given[0].values[attribute]
    for record in given[1:]:
        if not _same(record.values[attribute], value):
            heading = VEHICLES.column(attribute).heading
            findings.problem(
                record.address(attribute),
                f'{heading} is "{_said(record, attribute)}" here and "{_said(first, attribute)}" in '
                f'{first.address(attribute)}, but both are units of "{record.text("name")}", which has one; write it '
                "once, or give the vehicles different names.",
            )
    return value


def _said(record: Record, attribute: str) -> str:
    cell = record.raw(attribute)
    return "" if cell is None else str(cell.value)


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return key(one) == key(other)
    return bool(one == other)


def _named(record: Record, vehicle: str, filled: Mapping[str, Value], sized: Record | None) -> Record:
    values = dict(record.values)
    values |= {attribute: value for attribute, value in filled.items() if record.leaves_out(attribute)}
    if sized is not None and all(map(record.leaves_out, _SIZE)):
        values |= {attribute: sized.values.get(attribute) for attribute in _SIZE}
    values |= {"vehicle": vehicle, "name": unit_name(vehicle, record.text("unit"))}
    return replace(record, values=values)


def check_units(vehicles: Sequence[VehicleRow], findings: Findings) -> None:
    """Units that say different audiences; and the cells of a vehicle, under its own name too."""
    for name, places in units_of(vehicles).items():
        first, *others = (vehicles[place] for place in places)
        for attribute in VehicleRow.__dataclass_fields__:
            cell = findings.cells.get(("Vehicles", first.name, attribute))
            if cell is not None:
                findings.cells.setdefault(("Vehicles", name, attribute), cell)
        if first.unit and all(row.unit for row in others):
            for row in others:
                _check_same_people(first, row, findings)


def _check_same_people(first: VehicleRow, row: VehicleRow, findings: Findings) -> None:
    both = first.audience_000, row.audience_000
    if 0 in both or abs(both[0] - both[1]) <= SAME_AUDIENCE * max(both):
        return
    cells = [findings.cells["Vehicles", one.name, "audience_000"] for one in (row, first)]
    findings.problem(
        cells[0],
        f'"{row.name}" has {row.audience_000:,.6g} thousand people and "{first.name}" '
        f"{first.audience_000:,.6g} ({cells[1]}); the units of a vehicle share its people, so mend one of "
        "them. Who of them sees a unit is its Ad seen %.",
    )


def ask_about_alike_units(vehicles: Sequence[VehicleRow], findings: Findings) -> None:
    """One question about vehicles whose units are noticed alike at different prices."""
    units = [[vehicles[place] for place in places] for places in units_of(vehicles).values()]
    alike = [rows[0] for rows in units if _noticed_alike(rows, findings)]
    if alike:
        names = listing([row.vehicle for row in alike], 3)
        findings.ask(
            f"{findings.cell('Vehicles', alike[0].name, 'ad_seen')}: the units of {names} are taken to be noticed "
            "alike, so that the cheapest always does as well. If fewer people notice a shorter or smaller one, write "
            "Ad seen % for each."
        )


def _noticed_alike(rows: Sequence[VehicleRow], findings: Findings) -> bool:
    """Whether units of one vehicle differ in price alone, and Ad seen % is not asked for already."""
    if any(findings.is_wrong(findings.cell("Vehicles", row.name, "ad_seen")) for row in rows):
        return False
    prices = {row.unit_cost for row in rows if row.unit_cost}
    return len(prices) > 1 and len({(row.ad_seen, row.contacts) for row in rows}) == 1


def ask_about_units_in_names(vehicles: Sequence[VehicleRow], findings: Findings) -> None:
    """One question about all pairs of vehicles whose names differ by a unit only: Quiz :30 and Quiz :10."""
    asked = _differing_by_a_unit(vehicles)
    if not asked:
        return
    pairs = [[findings.cell("Vehicles", one.name, "name") for one in pair] for pair in asked]
    (row, other), (cell, earlier) = asked[0], pairs[0]
    also = [f'"{one.name}" ({at})' for (one, _), (at, _) in zip(asked[1:], pairs[1:], strict=True)]
    likewise = f" Likewise {listing(also, 3)}." if also else ""
    findings.ask(
        f'{cell}: is "{row.name}" another unit of "{other.name}" ({earlier})? They were taken as two vehicles, '
        f"each with people of its own. If they are one, give both one name and tell them apart under Unit.{likewise}"
    )


def _differing_by_a_unit(vehicles: Sequence[VehicleRow]) -> list[tuple[VehicleRow, VehicleRow]]:
    """Vehicles with an earlier one whose name differs by a unit only."""
    first: dict[tuple[str, str], VehicleRow] = {}
    found: list[tuple[VehicleRow, VehicleRow]] = []
    for row in vehicles:
        without = _without_unit(row)
        if row.vehicle or not without:
            continue
        other = first.setdefault((without, key(row.medium)), row)
        if other is not row and _plain(key(other.name)) != _plain(key(row.name)):
            found.append((row, other))
    return found


def _without_unit(row: VehicleRow) -> str:
    """A name's key without lengths and sizes, and without the row's own unit."""
    name = key(row.name)
    if row.unit and key(row.unit) != name:
        name = re.sub(rf"(?<!\w){re.escape(key(row.unit))}(?!\w)", " ", name)
    return _plain(_LENGTH.sub(" ", name))


def _plain(text: str) -> str:
    """Words and figures alone."""
    return re.sub(r"[^\w]+", " ", text).strip()
