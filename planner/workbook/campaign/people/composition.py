"""Composition: which share of each vehicle's audience has each trait.

A column is headed by its trait, perhaps with a unit: catalyst, catalyst [%], catalyst [index],
catalyst [coverage %], catalyst [000]. Whatever the unit, the result is a share of the audience.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.campaign.inputs import Brief, CompositionRow, TraitRow, VehicleRow
from planner.excel.read import Cell, address
from planner.names import heading_key, key, listing, tidy
from planner.workbook.campaign.people.composition_figures import (
    BAND_TOLERANCE,
    MORE_THAN_ALL,
    MORE_THAN_THERE_ARE,
    Figure,
    asked_about_ratios,
    asked_about_scale,
    proven_scales,
)
from planner.workbook.campaign.people.traits import bands_of, is_influencer
from planner.workbook.cells.columns import ask_about_fractions, report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import of_vehicles
from planner.workbook.cells.numbers import Number, Reading, exact, read_column
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.people_sheets import COMPOSITION, COMPOSITION_UNITS

_UNIT = re.compile(r"^(?P<name>.*?)\s*(?P<bracket>[(\[])(?P<unit>[^()\[\]]*)[)\]]$", re.S)
_INDEX = re.compile(r"^index (of |:)?| (index|idx)$", re.IGNORECASE)
_PERCENT = re.compile(r" comp(osition|\.)?( ?%)?$", re.IGNORECASE)
_UNITS = {unit: unit for unit in COMPOSITION_UNITS} | {
    "percent": "%",
    "coverage": "coverage %",
    "'000": "000",
}


@dataclass(frozen=True)
class TraitColumn:
    """A column of Composition: the trait that it is about and its unit (one of COMPOSITION_UNITS).

    stated: the heading says the unit; without one figures are percents. heading: as it stands.
    """

    name: str
    unit: str
    column: int
    cell: str
    heading: str
    stated: bool = True


Shares = dict[str, dict[str, float | None]]  # by vehicle's key, by trait


def trait_columns(table: Table, trait_names: Iterable[str]) -> list[TraitColumn]:
    """The trait columns that Composition has; a unit that is not understood is a problem.

    trait_names: names on the sheet Traits, so that "men (18-34)" there is a name and not a unit.
    """
    names = {heading_key(name): name for name in trait_names}
    columns: dict[str, TraitColumn] = {}
    for number, heading in table.header.others.items():
        where = address(table.sheet.name, table.header.row, number)
        found = _trait_column(heading, number, where, names, table.findings)
        if found is None or (_is_optional(found, names) and table.is_blank(number)):
            continue
        earlier = columns.setdefault(key(found.name), found)
        if earlier is not found:
            table.findings.problem(
                where, f'"{found.name}" has two columns (also {earlier.cell}); keep one of them.'
            )
    return list(columns.values())


def _is_optional(column: TraitColumn, names: Mapping[str, str]) -> bool:
    """Whether a column may be left empty: without a sheet Traits, or of an influencer that it does not list."""
    return not names or (heading_key(column.name) not in names and is_influencer(column.name))


def _trait_column(
    heading: str, number: int, where: str, names: Mapping[str, str], findings: Findings
) -> TraitColumn | None:
    text = tidy(heading.replace("*", " "))
    if heading_key(text) in names:
        return TraitColumn(names[heading_key(text)], "%", number, where, heading, stated=False)
    match = _UNIT.match(text)
    if match is None:
        return _bare_column(text, number, where, names)
    unit = _UNITS.get(heading_key(match["unit"]))
    name = match["name"]
    if unit is None or not name:
        units = listing([f"[{unit}]" for unit in COMPOSITION_UNITS])
        findings.problem(
            where,
            f'The heading "{text}" has a unit that is not understood; expected a trait with '
            f"{units}, or no unit for percent.",
        )
        return None
    return TraitColumn(names.get(heading_key(name), name), unit, number, where, heading)


def _bare_column(heading: str, number: int, where: str, names: Mapping[str, str]) -> TraitColumn:
    """A column whose heading has no brackets: a trait, a trait and %, a trait and the word index or comp."""
    indexed = heading_key(tidy(_INDEX.sub("", heading)))
    if _INDEX.search(heading) and indexed in names:
        return TraitColumn(names[indexed], "index", number, where, heading)
    composed = heading_key(_PERCENT.sub("", heading))
    if _PERCENT.search(heading) and composed in names:
        return TraitColumn(names[composed], "%", number, where, heading)
    name = tidy(heading.removesuffix("%"))
    return TraitColumn(
        names.get(heading_key(name), name), "%", number, where, heading, stated=heading.endswith("%")
    )


@dataclass(frozen=True)
class People:
    """What the sheet is about: the brief's universe, the traits and the vehicles."""

    brief: Brief
    traits: Sequence[TraitRow]
    vehicles: Sequence[VehicleRow]


def parse_composition(
    table: Table, columns: Sequence[TraitColumn], people: People
) -> tuple[tuple[str, ...], tuple[CompositionRow, ...]]:
    """Traits in the order of the columns, and a row for every vehicle (blank where the sheet has none)."""
    findings = table.findings
    by_key = {key(trait.name): trait for trait in people.traits}
    used = {by_key[key(column.name)].name: column for column in columns if key(column.name) in by_key}
    for trait in people.traits:
        if trait.name not in used:
            told = f"{trait.name}: no column in Composition; every vehicle has the universe's share, {trait.share:.1%}"
            findings.default("Composition", "", trait.name, told)
    names = [vehicle.name for vehicle in people.vehicles]
    rows = table.records if names else ()  # that there are no vehicles is said already
    records = of_vehicles(
        rows, names, "add it there or remove the row (shares of the universe stand on Traits)."
    )
    shares = _read_traits(used, records, people, findings)
    _check_bands(people, used, shares, findings)
    found = tuple(CompositionRow(name, tuple(map(shares[key(name)].get, used))) for name in names)
    _count_blanks(tuple(used), found, findings)
    return tuple(used), found


def _read_traits(
    used: Mapping[str, TraitColumn], records: Mapping[str, Record], people: People, findings: Findings
) -> Shares:
    """All columns to shares of the audiences. used: by the trait's name."""
    bare = {name: column.column for name, column in used.items() if column.unit == "%" and not column.stated}
    cells = [record.cells for record in records.values()]
    proven = proven_scales(bands_of(people.traits).values(), bare, cells, findings)
    traits = {trait.name: trait for trait in people.traits}
    shares: Shares = {key(vehicle.name): {} for vehicle in people.vehicles}
    for name, column in used.items():
        for vehicle, share in _read_trait(column, traits[name], proven.get(name), records, people, findings):
            shares[key(vehicle.name)][name] = share
    return shares


def _read_trait(
    column: TraitColumn,
    trait: TraitRow,
    proven: float | None,
    records: Mapping[str, Record],
    people: People,
    findings: Findings,
) -> list[tuple[VehicleRow, float | None]]:
    """One column to shares of the audience. proven: what its figures are known to be a part of."""
    listed = [vehicle for vehicle in people.vehicles if key(vehicle.name) in records]
    cells = [records[key(vehicle.name)].cells.get(column.column) for vehicle in listed]
    values = _figures_of(column, cells, trait, proven, findings)
    report_troubles(column.name, cells, values, findings)
    shares: list[tuple[VehicleRow, float | None]] = []
    troubles: list[tuple[str, str]] = []
    for vehicle, value in zip(listed, values, strict=True):
        record = records[key(vehicle.name)]
        where = address(COMPOSITION.name, record.row, column.column)
        findings.cells["Composition", vehicle.name, trait.name] = where
        findings.cells["Composition", vehicle.name, ""] = record.address("name")
        share = None
        if isinstance(value, float):
            figure = Figure(value, column.unit, trait, vehicle, people.brief.universe_000)
            wrong = figure.trouble()
            share = figure.share() if not wrong else None
            troubles += [(where, wrong)] if wrong else []
        shares.append((vehicle, share))
    _report_figures(column, trait, troubles, findings)
    return shares


def _figures_of(
    column: TraitColumn,
    cells: Sequence[Cell | None],
    trait: TraitRow,
    proven: float | None,
    findings: Findings,
) -> list[Number]:
    """A column's figures in its unit; what may be of another is asked about."""
    percent = "%" in column.unit and proven is None
    values = read_column(cells, Reading(percent=percent, thousands=column.unit == "000"))
    if proven is not None:
        return [exact(value / proven) if isinstance(value, float) else value for value in values]
    if column.unit == "index":
        return asked_about_scale(values)
    if not column.stated:
        values = asked_about_ratios(values, cells, trait)
        ask_about_fractions(column.name, values, cells, findings)
    return values


def _kind_of(wrong: str) -> str:
    """What is said once for a column: more than all of an audience, more people than there are, anything else."""
    return next((end for end in (MORE_THAN_ALL, MORE_THAN_THERE_ARE) if wrong.endswith(end)), wrong)


def _report_figures(
    column: TraitColumn, trait: TraitRow, figures: Iterable[tuple[str, str]], findings: Findings
) -> None:
    """One problem for each kind; figures above 100 without a unit are rather indices, and explain the others."""
    troubles: dict[str, list[tuple[str, str]]] = {}
    for where, wrong in figures:
        troubles.setdefault(_kind_of(wrong), []).append((where, wrong))
    indices = MORE_THAN_ALL in troubles and not column.stated
    if indices:
        troubles[MORE_THAN_ALL] += troubles.pop(MORE_THAN_THERE_ARE, [])
    for kind, found in troubles.items():
        hint = f' If these are indices, head the column "{trait.name} [index]".' if indices else ""
        text = f"{found[0][1].removesuffix('.')}{{more}}.{hint if kind == MORE_THAN_ALL else ''}"
        findings.of_column([cell for cell, _ in found], text)


def _check_bands(people: People, used: Mapping[str, TraitColumn], shares: Shares, findings: Findings) -> None:
    for band, members in bands_of(people.traits).items():
        have = [trait.name for trait in members if trait.name in used]
        lacking = [trait.name for trait in members if trait.name not in used]
        if have and lacking:
            findings.problem(
                used[have[0]].cell,
                f'Of the band "{band}", Composition has {listing(have)} but not '
                f"{listing(lacking)}; add the missing column.",
            )
        elif len(have) > 1:
            _check_band(band, members, people.vehicles, shares, findings)


def _check_band(
    band: str, members: Sequence[TraitRow], vehicles: Sequence[VehicleRow], shares: Shares, findings: Findings
) -> None:
    """A band of which every trait has its column: it adds up for every vehicle, or is rescaled where it is within
    rounding of 100 %."""
    names = [trait.name for trait in members]
    complete = abs(sum(trait.share for trait in members) - 1) < 1e-6
    rescaled = []
    for vehicle in vehicles:
        own = shares[key(vehicle.name)]
        given = {name: share for name in names if (share := own.get(name)) is not None}
        wrong = _band_trouble(names, given, complete)
        total = sum(given.values())
        if wrong:
            first = min(names, key=given.__contains__)  # a blank, where there is one
            cell = findings.cell("Composition", vehicle.name, first)
            findings.problem(cell, f'"{vehicle.name}": the band "{band}" {wrong}')
        elif _is_off(total, complete):
            own.update((name, exact(share / total)) for name, share in given.items())
            rescaled.append(vehicle.name)
    if rescaled:
        findings.notice(
            f'The band "{band}" did not add up to quite 100 % and was rescaled for {listing(rescaled)}.'
        )


def _is_off(total: float, complete: bool) -> bool:
    """Whether shares of a band are off what they should add up to; 0 where none are given."""
    return total > 0 and abs(total - 1) >= 1e-9 and (total > 1 or complete)


def _band_trouble(names: Sequence[str], given: Mapping[str, float], complete: bool) -> str:
    """What is wrong with a vehicle's shares of a band; "" where they add up, or there are none."""
    blank, total = [name for name in names if name not in given], sum(given.values())
    if given and blank:
        return f"is blank for {listing(blank)} but not for the rest; fill in the whole band, or leave all of it blank."
    low, expected = (1 - BAND_TOLERANCE, "100 %") if complete else (0.0, "at most 100 %")
    if not given or low - 1e-9 <= total <= 1 + BAND_TOLERANCE + 1e-9:
        return ""
    return f"({listing(names)}) adds up to {total * 100:.4g} %; expected {expected}."


def _count_blanks(names: Sequence[str], rows: Sequence[CompositionRow], findings: Findings) -> None:
    for at, name in enumerate(names):
        blank = sum(row.shares[at] is None for row in rows)
        if blank:
            have = "has" if blank == 1 else "have"
            told = f"{blank} of {len(rows)} vehicles {have} no {name} figure; the universe's share is used"
            findings.default("Composition", "", name, told)
