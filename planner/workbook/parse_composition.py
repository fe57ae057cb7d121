"""Composition: which share of each vehicle's audience has each trait.

A column is headed by its trait, perhaps with a unit: catalyst, catalyst [%], catalyst [index],
catalyst [coverage %], catalyst [000]. Whatever the unit, the result is a share of the audience.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.inputs import Brief, CompositionRow, TraitRow, VehicleRow
from planner.workbook.findings import Findings, listing, nearest
from planner.workbook.names import heading_key, key, tidy
from planner.workbook.numbers import Trouble, exact, is_blank, read_numbers
from planner.workbook.parse_people import NamedTrait, bands_of
from planner.workbook.read import Sheet, address
from planner.workbook.schema import COMPOSITION_UNITS
from planner.workbook.table import Record, Table, report_troubles

POPULATION_TOLERANCE = 0.005
BAND_TOLERANCE = 0.01
_UNIT = re.compile(r"^(?P<name>.*?)\s*(?P<bracket>[(\[])(?P<unit>[^()\[\]]*)[)\]]$", re.S)
_UNITS = {"%": "%", "percent": "%", "index": "index", "coverage %": "coverage %", "coverage": "coverage %",
          "000": "000", "'000": "000"}  # fmt: skip


@dataclass(frozen=True)
class TraitColumn:
    """A column of Composition: the trait that it is about and its unit (one of COMPOSITION_UNITS)."""

    name: str
    unit: str
    column: int
    cell: str

    @property
    def named(self) -> NamedTrait:
        """For the parser of traits."""
        return NamedTrait(self.name, self.cell)


Shares = dict[str, dict[str, float | None]]  # by vehicle's key, by trait


def trait_columns(
    sheet: Sheet | None, table: Table | None, trait_names: Iterable[str], findings: Findings
) -> list[TraitColumn]:
    """The trait columns that the sheet has; a unit that is not understood is a problem.

    trait_names: names on the sheet Traits, so that "men (18-34)" there is a name and not a unit.
    """
    if sheet is None or table is None:
        return []
    names = {heading_key(name): name for name in trait_names}
    columns: dict[str, TraitColumn] = {}
    for number, heading in table.header.others.items():
        where = address(sheet.name, table.header.row, number)
        found = _trait_column(heading, number, where, names, findings)
        if found is None or (not trait_names and _is_empty(sheet, table, number)):
            continue
        earlier = columns.setdefault(key(found.name), found)
        if earlier is not found:
            findings.problem(where, f'"{found.name}" has two columns (also {earlier.cell}); keep one of them.')
    return list(columns.values())


def _is_empty(sheet: Sheet, table: Table, column: int) -> bool:
    """A column of the template that nobody filled in: not a trait of this campaign."""
    return all(is_blank(sheet.cells.get((record.row, column))) for record in table.records)


def _trait_column(
    heading: str, number: int, where: str, names: Mapping[str, str], findings: Findings
) -> TraitColumn | None:
    text = tidy(heading.replace("*", " "))
    if heading_key(text) in names:
        return TraitColumn(names[heading_key(text)], "%", number, where)
    match = _UNIT.match(text)
    if match is None:
        name = tidy(text.removesuffix("%"))
        return TraitColumn(names.get(heading_key(name), name), "%", number, where)
    unit = _UNITS.get(heading_key(match["unit"]))
    name = match["name"]
    if unit is None or not name:
        units = listing([f"[{unit}]" for unit in COMPOSITION_UNITS])
        findings.problem(where, f'The heading "{text}" has a unit that is not understood; expected a trait with '
                                f"{units}, or no unit for percent.")  # fmt: skip
        return None
    return TraitColumn(names.get(heading_key(name), name), unit, number, where)


def parse_composition(
    sheet: Sheet | None,
    table: Table | None,
    columns: Sequence[TraitColumn],
    traits: Sequence[TraitRow],
    vehicles: Sequence[VehicleRow],
    brief: Brief,
    findings: Findings,
) -> tuple[tuple[str, ...], tuple[CompositionRow, ...]]:
    """Traits in the order of the columns, and a row for every vehicle (blank where the sheet has none)."""
    by_key = {key(trait.name): trait for trait in traits}
    used = [column for column in columns if key(column.name) in by_key]
    _default_traits(traits, used, findings)
    records = _records_by_vehicle(table, vehicles, findings)
    shares: Shares = {key(vehicle.name): {} for vehicle in vehicles}
    for column in used:
        if sheet is not None:
            _read_trait(sheet, column, by_key[key(column.name)], records, vehicles, brief, shares, findings)
    _check_bands(traits, used, vehicles, shares, findings)
    names = tuple(by_key[key(column.name)].name for column in used)
    rows = tuple(CompositionRow(vehicle.name, tuple(shares[key(vehicle.name)].get(name) for name in names))
                 for vehicle in vehicles)  # fmt: skip
    _count_blanks(names, rows, findings)
    return names, rows


def _default_traits(traits: Sequence[TraitRow], used: Sequence[TraitColumn], findings: Findings) -> None:
    with_column = {key(column.name) for column in used}
    for trait in traits:
        if key(trait.name) not in with_column:
            findings.default("Composition", "", trait.name, f"{trait.name}: no column in Composition; every vehicle has "
                                                            f"the universe's share, {trait.share:.1%}")  # fmt: skip


def _records_by_vehicle(
    table: Table | None, vehicles: Sequence[VehicleRow], findings: Findings
) -> dict[str, Record]:
    known = {key(vehicle.name): vehicle.name for vehicle in vehicles}
    records: dict[str, Record] = {}
    for record in table.records if table else ():
        name = record.text("name")
        if key(name) not in known:
            hint = nearest(name, known.values()) or "; add it there or remove the row."
            findings.problem(record.address("name"), f'"{name}" is not a vehicle of the sheet Vehicles{hint}')
        elif key(name) in records:
            findings.problem(record.address("name"), f'"{name}" is there twice (also '
                             f"{records[key(name)].address('name')}); keep one of them.")  # fmt: skip
        else:
            records[key(name)] = record
    return records


def _read_trait(
    sheet: Sheet, column: TraitColumn, trait: TraitRow, records: Mapping[str, Record],
    vehicles: Sequence[VehicleRow], brief: Brief, shares: Shares, findings: Findings,
) -> None:  # fmt: skip
    """One column to shares of the audience."""
    listed = [vehicle for vehicle in vehicles if key(vehicle.name) in records]
    rows = [records[key(vehicle.name)].row for vehicle in listed]
    cells = [sheet.cells.get((row, column.column)) for row in rows]
    values = read_numbers(cells, percent="%" in column.unit)
    report_troubles(column.name, cells, values, findings)
    for vehicle, row, value in zip(listed, rows, values, strict=True):
        where = address(sheet.name, row, column.column)
        findings.cells["Composition", vehicle.name, trait.name] = where
        share = None if isinstance(value, Trouble) else value
        if share is not None:
            share = _share(share, column.unit, trait, vehicle, brief, where, findings)
        shares[key(vehicle.name)][trait.name] = share


def _share(
    value: float, unit: str, trait: TraitRow, vehicle: VehicleRow, brief: Brief, where: str, findings: Findings
) -> float | None:
    """A figure in its unit to a share of the audience, or None with a problem."""
    population = trait.share * brief.universe_000
    audience = vehicle.audience_000
    if value < 0:
        findings.problem(where, f"{trait.name} is negative ({value:g}); expected 0 or more.")
        return None
    if unit in ("coverage %", "000") and audience == 0:
        if value > 0:
            findings.problem(where, f'"{vehicle.name}" has an audience of 0, but people with the trait {trait.name}; '
                                    "mend one of them.")  # fmt: skip
        return None
    shares = {"%": value, "index": value / 100 * trait.share}
    if audience:
        shares |= {"coverage %": value * population / audience, "000": value / audience}
    share = exact(shares[unit])
    if share > 1 + 1e-9:
        findings.problem(where, f'{_in_words(value, unit, trait)}: that makes {share:.1%} of the audience of '
                                f'"{vehicle.name}"; expected at most 100 %.')  # fmt: skip
        return None
    if population and share * audience > population * (1 + POPULATION_TOLERANCE):
        findings.problem(where, f'"{vehicle.name}": {share:.2%} of its {audience:,.6g} thousand people are '
                         f"{share * audience:,.6g} thousand with the trait {trait.name}, but the whole universe has only "
                         f"{population:,.6g} thousand ({trait.share:.2%} of {brief.universe_000:,.10g}); mend the audience, "
                         "the composition or the share.")  # fmt: skip
        return None
    return min(share, 1.0)


def _in_words(value: float, unit: str, trait: TraitRow) -> str:
    words = {"%": f"{value:.4%} {trait.name}", "index": f"An index of {value:g} on {trait.share:.2%} {trait.name}",
             "coverage %": f"A coverage of {value:.4%} of all {trait.name}",
             "000": f"{value:,.10g} thousand {trait.name}"}  # fmt: skip
    return words[unit]


def _check_bands(
    traits: Sequence[TraitRow], used: Sequence[TraitColumn], vehicles: Sequence[VehicleRow], shares: Shares,
    findings: Findings,
) -> None:  # fmt: skip
    with_column = {key(column.name): column for column in used}
    for band, members in bands_of(traits).items():
        names = [trait.name for trait in members]
        have = [name for name in names if key(name) in with_column]
        if have and len(have) < len(names):
            lacking = [name for name in names if name not in have]
            findings.problem(with_column[key(have[0])].cell, f'Of the band "{band}", Composition has {listing(have)} but not '
                             f"{listing(lacking)}; add the missing column.")  # fmt: skip
        elif len(have) > 1:
            complete = abs(sum(trait.share for trait in members) - 1) < 1e-6
            rescaled = [vehicle.name for vehicle in vehicles
                        if _check_band(band, names, complete, vehicle, shares, findings)]  # fmt: skip
            if rescaled:
                findings.notice(f'The band "{band}" did not add up to quite 100 % and was rescaled for '
                                f"{listing(rescaled)}.")  # fmt: skip


def _check_band(
    band: str, names: Sequence[str], complete: bool, vehicle: VehicleRow, shares: Shares, findings: Findings
) -> bool:
    """Check one vehicle's band; rescale a complete one that is near 100 %. True when it was rescaled."""
    own = shares[key(vehicle.name)]
    values = [own.get(name) for name in names]
    given = [value for value in values if value is not None]
    if not given:
        return False
    blank = [name for name, value in zip(names, values, strict=True) if value is None]
    where = findings.cells.get(("Composition", vehicle.name, (blank or names)[0]), "Composition")
    if blank:
        findings.problem(where, f'"{vehicle.name}": the band "{band}" is blank for {listing(blank)} but not for the rest; '
                                "fill in the whole band, or leave all of it blank.")  # fmt: skip
        return False
    total = sum(given)
    low = 1 - BAND_TOLERANCE if complete else 0.0
    if not low - 1e-9 <= total <= 1 + BAND_TOLERANCE + 1e-9:
        expected = "100 %" if complete else "at most 100 %"
        findings.problem(where, f'"{vehicle.name}": the band "{band}" ({listing(names)}) adds up to {total:.2%}; expected '
                                f"{expected}.")  # fmt: skip
        return False
    if abs(total - 1) < 1e-9 or (not complete and total < 1):
        return False
    for name, value in zip(names, given, strict=True):
        own[name] = exact(value / total)
    return True


def _count_blanks(names: Sequence[str], rows: Sequence[CompositionRow], findings: Findings) -> None:
    for at, name in enumerate(names):
        blank = sum(row.shares[at] is None for row in rows)
        if blank:
            findings.default("Composition", "", name, f"{blank} of {len(rows)} vehicles have no {name} figure; the "
                                                      "universe's share is used")  # fmt: skip
