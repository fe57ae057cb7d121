"""Overlaps of traits: the stated ones, and the default one of catalysts with the category's experts."""

import itertools
import math
from collections.abc import Mapping, Sequence

from models.people.audience import overlap_bounds
from planner.campaign import assumptions
from planner.campaign.inputs import Brief, OverlapRow, TraitRow, counts_for
from planner.formats import percent
from planner.names import key, nearest
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import exact
from planner.workbook.cells.table import Record, Table

_TOLERANCE = 1e-9


def parse_overlaps(table: Table, traits: Sequence[TraitRow], brief: Brief) -> tuple[OverlapRow, ...]:
    """Stated overlaps, and the default one of catalysts with the category's experts."""
    by_key = {key(trait.name): trait for trait in traits}
    stated: dict[frozenset[str], str] = {}
    rows = []
    for record in table.records:
        overlap = _overlap(record, by_key)
        if overlap is None:
            continue
        pair = frozenset((overlap.trait_a, overlap.trait_b))
        if pair in stated:
            record.problem(
                "trait_a",
                f"The overlap of {overlap.trait_a} and {overlap.trait_b} is there "
                f"twice (also {stated[pair]}); keep one.",
            )
            continue
        stated[pair] = record.address("share")
        record.stands_for(f"{overlap.trait_a} / {overlap.trait_b}", "share")
        rows.append(overlap)
    return (*rows, *_default_overlaps(traits, brief, set(stated), table.findings))


def _overlap(record: Record, by_key: Mapping[str, TraitRow]) -> OverlapRow | None:
    a, b = (_trait(record, attribute, by_key) for attribute in ("trait_a", "trait_b"))
    share = record.number("share")
    if record.leaves_out("share"):
        record.problem(
            "share", "The share of the universe that has both traits is missing; write it or remove the row."
        )
    if a is None or b is None or share is None:
        return None
    return _checked_overlap(record, a, b, share)


def _trait(record: Record, attribute: str, by_key: Mapping[str, TraitRow]) -> TraitRow | None:
    """The trait that a cell names; None where it names none, which is a problem."""
    text = record.text(attribute)
    found = by_key.get(key(text))
    if found is None and attribute not in record.bad:
        names = [trait.name for trait in by_key.values()]
        what = f'"{text}" is not a trait{nearest(text, names)}' if text else "A trait is missing"
        wrong = what if what.endswith("?") else f"{what}; write a name from the sheet Traits."
        record.problem(attribute, wrong)
    return found


def _checked_overlap(record: Record, a: TraitRow, b: TraitRow, share: float) -> OverlapRow | None:
    if a is b:
        record.problem("trait_b", f"{a.name} is paired with itself; name two traits.")
        return None
    same_band = _same_band(a, b)
    if math.isnan(a.share + b.share):
        return OverlapRow(a.name, b.name, share)  # their shares are a problem already
    low, high = overlap_bounds(a.share, b.share, same_band)
    if not low - _TOLERANCE <= share <= high + _TOLERANCE:
        near = min(abs(share - low), abs(share - high)) < 0.001
        why = (
            f"both belong to the band {a.band} and exclude each other"
            if same_band
            else f"{a.name} are {_percent(a.share, near)} and {b.name} {_percent(b.share, near)} of the universe"
        )
        record.problem(
            "share",
            f"The overlap of {a.name} and {b.name} is {_percent(share, near)}; {why}, so it "
            f"must be from {_percent(low, near)} to {_percent(high, near)}.",
        )
        return None
    return OverlapRow(a.name, b.name, share)


def _percent(share: float, finely: bool) -> str:
    """A share in percent with one decimal, or with four where one would hide the difference."""
    return f"{share * 100:.{4 if finely else 1}f} %"


def _default_overlaps(
    traits: Sequence[TraitRow], brief: Brief, stated: set[frozenset[str]], findings: Findings
) -> list[OverlapRow]:
    catalysts = [trait for trait in traits if trait.role == "catalyst"]
    experts = [trait for trait in traits if trait.role == "expert" and counts_for(trait, brief)]
    rows = []
    for a, b in itertools.product(catalysts, experts):
        if frozenset((a.name, b.name)) in stated or _same_band(a, b) or math.isnan(a.share + b.share):
            continue
        low, high = overlap_bounds(a.share, b.share)
        lift = assumptions.CATALYST_EXPERT_LIFT
        share = exact(min(max(lift.value * a.share * b.share, low), high))
        told = f"{percent(share, 2)} of the universe are both {a.name} and {b.name}; {lift.basis}"
        findings.default("Overlaps", f"{a.name} / {b.name}", "share", told)
        rows.append(OverlapRow(a.name, b.name, share))
    return rows


def _same_band(a: TraitRow, b: TraitRow) -> bool:
    """Whether nobody has both."""
    return bool(a.band) and key(a.band) == key(b.band)
