"""Which traits are in use, and which of them make segments.

Segments are all combinations of traits, so that each trait more doubles them. Traits that the campaign asks about
always make segments: those with a role, a weight or a duplication factor of their own (beside audience types no factor
applies), and those that the target, an audience or a goal names. The others only tell a little of how vehicles share
people (two vehicles of the young share more of them); of these, those in which the audiences differ most make segments
as long as there is room.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from models.arrays import FloatArray
from models.people.audience import MOST_SEGMENTS
from models.people.expressions import parse_expression
from models.people.pair_types import TYPES_FROM_PAIRS
from planner.campaign.inputs import Campaign, TraitRow, counts_for

MOST_RATINGS = 250_000
"""Vehicles times segments up to which traits that nobody asks about make segments: 5,000 vehicles by 48 segments, which
are planned in 25 seconds."""

# Words in an audience's definition that stand for every trait of a role.
ROLE_WORDS = {
    "customer": "customer", "customers": "customer",
    "catalyst": "catalyst", "catalysts": "catalyst",
    "expert": "expert", "experts": "expert",
}  # fmt: skip


def free_words() -> list[str]:
    """Words of definitions that are no traits."""
    return [*ROLE_WORDS, "influencers", "everyone", "others"]


def traits_in_use(campaign: Campaign) -> tuple[TraitRow, ...]:
    """Traits that take part: those that count in the brief's category, and those that an audience names."""
    mentioned = _mentioned(campaign)
    return tuple(
        trait for trait in campaign.traits if counts_for(trait, campaign.brief) or trait.name in mentioned
    )


def _mentioned(campaign: Campaign) -> set[str]:
    """Traits that an audience, the target or a goal names."""
    labels = [trait.name for trait in campaign.traits] + free_words()
    definitions = [row.definition for row in campaign.audiences]
    definitions += [campaign.brief.target_audience, *(goal.audience for goal in campaign.goals)]
    named = {row.name for row in campaign.audiences} | {"target"}  # whose definition is another of these
    found: set[str] = set()
    for definition in definitions:
        if definition not in named:
            found.update(parse_expression(definition, labels).names())
    return found


def segment_traits(campaign: Campaign) -> tuple[TraitRow, ...]:
    """Traits in use that make segments, in the order of Traits."""
    rows = traits_in_use(campaign)
    others, typed = _other_segments(campaign), campaign.types is not None or bool(campaign.pairs)
    kept, plain = _by_whether_asked(campaign, rows, typed)
    room = min(MOST_SEGMENTS, MOST_RATINGS / max(len(campaign.vehicles), 1)) / others
    for members in sorted(plain, key=lambda members: -_tells(campaign, members)):
        if _combinations([*kept, members]) <= room:
            kept.append(members)
    chosen = list(chain.from_iterable(kept))
    return tuple(row for row in rows if row in chosen)


def without_segments(campaign: Campaign) -> str:
    """A notice of the traits in use that make no segments; empty where all do."""
    kept = {row.name for row in segment_traits(campaign)}
    rows = traits_in_use(campaign)
    left = [row.name for row in rows if row.name not in kept]
    if not left:
        return ""
    count = segment_count(rows) * _other_segments(campaign)
    return (
        f"All traits together would make {count:,} segments for {len(campaign.vehicles):,} vehicles. These make none, "
        "for no target, audience, goal or weight asks about them, and the audiences differ least in them: "
        f"{', '.join(left)}. An audience that names one makes it count."
    )


def room_for_types(campaign: Campaign, enough: int) -> int:
    """How many audience types the segments that can be planned leave room for, beside users of media and all traits;
    where that is fewer than `enough`, so many beside those traits that are asked about."""
    rows, most = traits_in_use(campaign), MOST_SEGMENTS // _other_segments(campaign)
    alone, _ = _by_whether_asked(campaign, rows, typed=True)
    return max(most // segment_count(rows), min(most // _combinations(alone), enough))


def segment_count(rows: Sequence[TraitRow]) -> int:
    """How many combinations of these traits there are."""
    return _combinations(_dimensions(rows))


def _combinations(dimensions: Iterable[Sequence[TraitRow]]) -> int:
    return math.prod(map(_classes, dimensions))


def _other_segments(campaign: Campaign) -> int:
    """Times as many segments as audience types and users of media make of them."""
    fitted = TYPES_FROM_PAIRS if campaign.pairs else 1
    types = fitted if campaign.types is None else len(campaign.types.names)
    users = sum(medium.users is not None for medium in campaign.media)
    return int(types * 2**users)


def _dimensions(rows: Iterable[TraitRow]) -> list[list[TraitRow]]:
    """Traits that exclude each other together, any other by itself."""
    found: dict[tuple[str, str], list[TraitRow]] = {}
    for row in rows:
        found.setdefault((row.band, "" if row.band else row.name), []).append(row)
    return list(found.values())


def _classes(members: Sequence[TraitRow]) -> int:
    """Into how many classes these traits, exclusive of each other, divide everyone."""
    whole = len(members) > 1 and abs(sum(row.share for row in members) - 1) <= 1e-9
    return len(members) + (not whole)


def _by_whether_asked(
    campaign: Campaign, rows: Sequence[TraitRow], typed: bool
) -> tuple[list[list[TraitRow]], list[list[TraitRow]]]:
    """Dimensions of which a trait is asked about, and the others."""
    asked = _asked_about(campaign, rows, typed)
    found: tuple[list[list[TraitRow]], list[list[TraitRow]]] = [], []
    for members in _dimensions(rows):
        found[asked.isdisjoint(row.name for row in members)].append(members)
    return found


def _asked_about(campaign: Campaign, rows: Iterable[TraitRow], typed: bool) -> set[str]:
    """typed: audience types carry the duplication."""
    return _mentioned(campaign) | {
        row.name
        for row in rows
        if row.role != "demographic"
        or row.weight not in (None, 1.0)
        or (row.duplication_factor is not None and not typed)
    }


def _tells(campaign: Campaign, members: Sequence[TraitRow]) -> float:
    """How far audiences differ in these traits: the mean over them, by size, of sum over classes (c - s)^2 / s."""
    audience = {vehicle.vehicle_name: vehicle.audience_000 for vehicle in campaign.vehicles}
    universe = np.array([row.share for row in members])
    given = _composition(campaign, members)
    away = np.where(np.isnan(given), 0.0, given - universe)
    rest, outside = max(1 - float(universe.sum()), 0.0), away.sum(axis=1) ** 2
    # Of nobody, audiences have nobody: no difference.
    distance = (away**2 / np.where(universe > 0, universe, np.inf)).sum(axis=1)
    distance += outside / rest if rest > 1e-9 else 0.0
    sizes = np.array([audience.get(row.vehicle, 0.0) for row in campaign.composition])
    return float(sizes @ distance / max(float(sizes.sum()), 1e-300))


def _composition(campaign: Campaign, members: Sequence[TraitRow]) -> FloatArray:
    """(n_rows, n_members) of the sheet Composition; nan where it is blank."""
    columns = {name: place for place, name in enumerate(campaign.composition_traits)}
    places = [columns.get(row.name) for row in members]
    shares = [
        [None if place is None else row.shares[place] for place in places] for row in campaign.composition
    ]
    return np.array(shares, dtype=float).reshape(-1, len(members))
