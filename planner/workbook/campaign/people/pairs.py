"""Pairs: who shares which two vehicles, or a vehicle and a trait."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.reach.gamma import BETWEEN
from planner.campaign.inputs import Default, MediumRow, PairRow, TraitRow, TypesTable, VehicleRow
from planner.formats import count_of
from planner.names import key, nearest
from planner.workbook.campaign.people.types import trait_named
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.people_sheets import PAIRS, TRAIT_ROW

ROUNDING = 0.005
_AGREEMENT = 0.01
_CLOSE, _CLOSE_SHARE = 0.25, 0.02  # of people with a trait, of an audience: figures further apart contradict
_MEASURED = 0.5  # share of a medium's pairs that must be there before its duplication is read from them


@dataclass(frozen=True)
class PairPeople:
    """Whom pairs are of: vehicles by key, traits, and the shares of audiences that Composition states, by the names of
    vehicle and trait."""

    vehicles: Mapping[str, VehicleRow]
    traits: Sequence[TraitRow]
    universe_000: float
    composed: Mapping[tuple[str, str], float]

    def trait_size(self, name: str) -> float:
        """People (000) with a trait."""
        return self.universe_000 * next(trait.share for trait in self.traits if trait.name == name)


def parse_pairs(table: Table, people: PairPeople, types: TypesTable | None) -> tuple[PairRow, ...]:
    """The sheet's pairs; none where Types is filled too (said)."""
    if not table.records:
        return ()
    if types is not None:
        table.findings.problem(
            PAIRS.name, "Both Types and Pairs are filled in; types are taken from one of them: clear one."
        )
        return ()
    rows: dict[frozenset[str], tuple[PairRow, str]] = {}
    for record in table.records:
        pair = _pair(record, people)
        if pair is None:
            continue
        both = frozenset((key(pair.a), f"{TRAIT_ROW if pair.b_is_trait else ''}{key(pair.b)}"))
        earlier = rows.setdefault(both, (pair, record.address("a")))
        if earlier[0] is not pair:
            record.problem(
                "a", f"{pair.a} and {pair.b} are there twice (also {earlier[1]}); keep one of them."
            )
    return tuple(pair for pair, _ in rows.values())


def _pair(record: Record, people: PairPeople) -> PairRow | None:
    first = _vehicle(record, "a", people)
    trait = trait_named(record.text("b"), people.traits, record.address("b"), record.findings)
    second = None if trait is not None else _vehicle(record, "b", people)
    if first is None:
        return None
    if trait:
        row = _sized(record, first, PairRow(first.name, trait, True, people.trait_size(trait)))
        return None if row is None or _contradicts(record, first, row, people) else row
    if second is first:
        record.problem("b", f'"{first.name}" is paired with itself; name two vehicles.')
        return None
    if second is None:
        return None
    return _sized(record, first, PairRow(first.name, second.name, False, second.audience_000))


def _contradicts(record: Record, first: VehicleRow, pair: PairRow, people: PairPeople) -> bool:
    """Whether Composition says otherwise of how many of an audience have a trait."""
    share = people.composed.get((first.name, pair.b))
    if share is None:
        return False
    stated = share * first.audience_000
    if (
        abs(stated - pair.people_000)
        <= _CLOSE * max(stated, pair.people_000) + _CLOSE_SHARE * first.audience_000
    ):
        return False
    composition = record.findings.cells.get(("Composition", first.name, pair.b), "Composition")
    record.problem(
        "people" if record.number("people") is not None else "percent",
        f"{first.name} and {pair.b} share {pair.people_000:,.6g} thousand people, but {composition} says {stated:,.6g} "
        f"({100 * share:.4g} % of its audience); mend one of them.",
    )
    return True


def _sized(record: Record, first: VehicleRow, pair: PairRow) -> PairRow | None:
    """The pair with the people whom they share; None where that is a problem. pair: with all people of its second."""
    shared = _people(record, first)
    if shared is None:
        return None
    most = min(first.audience_000, pair.people_000)
    if shared > most * (1 + ROUNDING):
        record.problem(
            "people" if record.number("people") is not None else "percent",
            f"{first.name} and {pair.b} share {shared:,.6g} thousand people, but the smaller of them has only "
            f"{most:,.6g}; mend one of them, or write the people in thousands.",
        )
        return None
    return replace(pair, people_000=min(shared, most))


def _vehicle(record: Record, attribute: str, people: PairPeople) -> VehicleRow | None:
    name = record.text(attribute)
    found = people.vehicles.get(key(name))
    if found is None and people.vehicles and attribute not in record.bad:
        hint = nearest(name, [vehicle.name for vehicle in people.vehicles.values()])
        what = f'"{name}" is not a vehicle of the sheet Vehicles' if name else "A vehicle is missing"
        mend = "; write a name from there or remove the row."
        if attribute == "b":
            mend = f'; write a name from there, or a trait as "{TRAIT_ROW} NAME", or remove the row.'
        elif name.casefold().startswith(TRAIT_ROW):
            hint, mend = "", "; a trait stands under Vehicle B, and the vehicle under Vehicle A."
        record.problem(attribute, what + (hint or mend))
    return found


def _people(record: Record, first: VehicleRow) -> float | None:
    """People (000) of a row, from either column."""
    people, percent = record.number("people"), record.number("percent")
    by_percent = None if percent is None else percent * first.audience_000
    if people is None and by_percent is None:
        if not {"people", "percent"} & record.bad:
            record.problem(
                "people", "Neither People (000) nor Percent of A is given; write one or remove the row."
            )
        return None
    if (
        people is not None
        and by_percent is not None
        and abs(people - by_percent) > _AGREEMENT * max(people, by_percent)
    ):
        record.problem(
            "percent",
            f"Percent of A makes {by_percent:,.6g} thousand people, but People (000) ({record.address('people')}) says "
            f"{people:,.6g}; keep one of them.",
        )
        return None
    return people if people is not None else by_percent


def pair_row(pair: PairRow) -> dict[str, Any]:
    """A pair as a row of its sheet."""
    b = f"{TRAIT_ROW} {pair.b}" if pair.b_is_trait else pair.b
    return {"a": pair.a, "b": b, "people": pair.people_000}


def measured_duplication(
    pairs: Sequence[PairRow],
    vehicles: Sequence[VehicleRow],
    media: Sequence[MediumRow],
    universe_000: float,
    findings: Findings,
) -> tuple[tuple[MediumRow, ...], float | None]:
    """The media with duplications read from the pairs where Media leaves them blank, and that between media (None:
    not to be read). Only where half of a medium's pairs are there."""
    stated = _stated(pairs, vehicles, universe_000)
    counts = _pair_counts(vehicles, media)
    blank = findings.taken("Media", "duplication")
    measured: dict[str, float] = {}
    for name, found in stated.items():
        shared, chance = (sum(column) for column in zip(*found, strict=True))
        if name in blank and len(found) >= _MEASURED * counts[name] and chance > 0:
            measured[name] = shared / chance
    findings.retell("Media", "duplication", lambda default: _told(default, measured, stated))
    changed = tuple(
        replace(medium, duplication=measured.get(medium.name, medium.duplication)) for medium in media
    )
    return changed, measured.get(BETWEEN)


def _stated(
    pairs: Sequence[PairRow], vehicles: Sequence[VehicleRow], universe_000: float
) -> dict[str, list[tuple[float, float]]]:
    """Per medium, and between media, the pairs of vehicles: people (000) whom they share, and by chance."""
    of = {vehicle.name: vehicle for vehicle in vehicles}
    stated: dict[str, list[tuple[float, float]]] = {}
    for pair in (pair for pair in pairs if not pair.b_is_trait):
        a, b = of[pair.a], of[pair.b]
        where = a.medium if a.medium == b.medium else BETWEEN
        chance = a.audience_000 * b.audience_000 / universe_000
        stated.setdefault(where, []).append((pair.people_000, chance))
    return stated


def _pair_counts(vehicles: Sequence[VehicleRow], media: Sequence[MediumRow]) -> dict[str, int]:
    """How many pairs of vehicles there are in each medium, and between media."""
    sizes = Counter(vehicle.medium for vehicle in vehicles)
    counts = {medium.name: math.comb(sizes[medium.name], 2) for medium in media}
    return {**counts, BETWEEN: math.comb(len(vehicles), 2) - sum(counts.values())}


def _told(default: Default, measured: Mapping[str, float], stated: Mapping[str, Sequence[Any]]) -> Default:
    if default.row not in measured:
        return default
    count = len(stated[default.row])
    on = f"measured on {count_of(count, 'pair')} of the sheet Pairs"
    text = f"{default.row}: duplication {measured[default.row]:.3g}, {on}"
    return replace(default, text=text, measured=True)
