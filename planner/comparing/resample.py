"""Another campaign that the same evidence might have given: compositions, ratings and shares of other surveys of the
same size, assumptions within their ranges, prices about those quoted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from models.many.draws import drawn_share, drawn_shares, drawn_triangular
from models.people.audience import overlap_bounds
from planner.campaign import assumptions
from planner.campaign.influence import SHRINKAGE, parameters_of, with_parameter
from planner.campaign.inputs import Campaign, CompositionRow, OverlapRow, TraitRow, VehicleRow
from planner.campaign.population import Population
from planner.campaign.units import stands_for
from planner.planning.turning import with_assumption

_ROOM = 0.98  # of a trait's people that one vehicle's audience may hold, at most
Values = Mapping[str, float]


# --- surveys --------------------------------------------------------------------------------------------


def survey_draw(campaign: Campaign, people: Population, rng: Generator, size: float | None) -> Campaign:
    """The campaign as another survey of the same size might have measured it. size: respondents of vehicles without a
    Sample size; None = those stay as they are."""
    sizes = [size if row.sample_size is None else row.sample_size for row in campaign.vehicles]
    universe = campaign.brief.universe_000
    asked = max((n / (row.audience_000 / universe) for row, n in _measured(campaign, sizes)), default=0.0)
    if asked <= 0:
        return campaign
    traits = _drawn_traits(campaign.traits, rng, asked)
    vehicles = tuple(
        row if n is None else _drawn_audience(row, universe, rng, n)
        for row, n in zip(campaign.vehicles, sizes, strict=True)
    )
    heads = stands_for(vehicles).tolist()  # units of a vehicle have its audience
    vehicles = tuple(
        replace(row, audience_000=vehicles[head].audience_000)
        for row, head in zip(vehicles, heads, strict=True)
    )
    composition = _drawn_composition(campaign, people, traits, vehicles, sizes, rng)
    overlaps = tuple(_overlap(row, campaign.traits, traits) for row in campaign.overlaps)
    drawn = replace(campaign, traits=traits, vehicles=vehicles, composition=composition, overlaps=overlaps)
    return with_parameter(drawn, SHRINKAGE, 0.0)  # what is drawn is taken for the truth


def has_samples(campaign: Campaign) -> bool:
    """Whether any vehicle states the size of its sample, or the respondents themselves are known."""
    return campaign.respondents is not None or any(row.sample_size is not None for row in campaign.vehicles)


def _measured(campaign: Campaign, sizes: Sequence[float | None]) -> list[tuple[VehicleRow, float]]:
    return [
        (row, n)
        for row, n in zip(campaign.vehicles, sizes, strict=True)
        if n is not None and row.audience_000 > 0
    ]


def _drawn_traits(traits: tuple[TraitRow, ...], rng: Generator, asked: float) -> tuple[TraitRow, ...]:
    """Shares of the universe; traits of a band together."""
    found = [row.share for row in traits]
    for members in _bands([row.band for row in traits]):
        shares = drawn_shares(rng, np.array([traits[i].share for i in members]), asked)
        for i, share in zip(members, shares.tolist(), strict=True):
            found[i] = share
    return tuple(replace(row, share=share) for row, share in zip(traits, found, strict=True))


def _drawn_audience(row: VehicleRow, universe: float, rng: Generator, size: float) -> VehicleRow:
    """Its rating, from so many respondents among all that were asked."""
    rating = row.audience_000 / universe
    if not 0 < rating < 1:
        return row
    return replace(row, audience_000=universe * drawn_share(rng, rating, size / rating))


def _drawn_composition(
    campaign: Campaign,
    people: Population,
    traits: Sequence[TraitRow],
    vehicles: Sequence[VehicleRow],
    sizes: Sequence[float | None],
    rng: Generator,
) -> tuple[CompositionRow, ...]:
    """Compositions of vehicles with a sample; a figure left blank stays blank, a trait not in use as it is."""
    heads = stands_for(campaign.vehicles).tolist()
    places = {row.vehicle_name: at for row, at in zip(campaign.vehicles, heads, strict=True)}
    column = {row.name: at for at, row in enumerate(people.traits)}
    bands = {row.name: row.band for row in campaign.traits}
    share = {row.name: row.share for row in traits}
    names = campaign.composition_traits
    rows = []
    for row in campaign.composition:
        j = places.get(row.vehicle)
        n = None if j is None else sizes[j]
        if j is None or n is None:
            rows.append(row)
            continue
        shares: list[float | None] = list(row.shares)
        rating = vehicles[j].audience_000 / campaign.brief.universe_000
        for members in _bands([bands.get(name, "") for name in names]):
            known = [i for i in members if names[i] in column and row.shares[i] is not None]
            used = np.array([people.composition_used[j, column[names[i]]] for i in known])
            for i, drawn in zip(known, drawn_shares(rng, used, n).tolist(), strict=True):
                shares[i] = _possible(drawn, share[names[i]], rating)
        rows.append(CompositionRow(row.vehicle, tuple(shares)))
    return tuple(rows)


def _possible(composition: float, share: float, rating: float) -> float:
    """The composition, no more of the trait's people, nor of all others, than there are."""
    most = _ROOM * share / rating
    least = 1 - _ROOM * (1 - share) / rating
    return float(min(max(composition, least, 0.0), most, 1.0))


def _overlap(row: OverlapRow, before: Sequence[TraitRow], after: Sequence[TraitRow]) -> OverlapRow:
    """As much more or less than by chance as before."""
    old, new = ({each.name: each.share for each in traits} for traits in (before, after))
    a, b = new[row.trait_a], new[row.trait_b]
    least, most = overlap_bounds(a, b)
    lift = row.share / (old[row.trait_a] * old[row.trait_b])
    return replace(row, share=float(min(max(lift * a * b, least), most)))


def _bands(bands: Sequence[str]) -> list[list[int]]:
    """Places of those of one band, and of each without one."""
    found: dict[str, list[int]] = {}
    for at, band in enumerate(bands):
        found.setdefault(f"band {band}" if band else f"alone {at}", []).append(at)
    return list(found.values())


# --- assumptions and prices -----------------------------------------------------------------------------


def ranges_of(campaign: Campaign) -> dict[str, tuple[float, float, float]]:
    """Low, used and high of every assumption that has a range."""
    named = zip(assumptions.TALK, parameters_of(campaign), strict=True)
    return {name: (row.low, row.used, row.high) for name, row in named if row.high > row.low}


def assumption_draw(campaign: Campaign, rng: Generator) -> Values:
    """A value for every assumption that has a range."""
    return {name: drawn_triangular(rng, *three) for name, three in ranges_of(campaign).items()}


def assumption_sets(campaign: Campaign) -> dict[str, Values]:
    """The sets that plans are held against: as used, the presets, all low, all high."""
    ranges = ranges_of(campaign)
    sets: dict[str, Values] = {"as used": {}}
    for preset in assumptions.PRESETS:
        sets[preset] = {name: assumptions.TALK[name].taken(preset) for name in ranges}
    sets["all low"] = {name: low for name, (low, _, _) in ranges.items()}
    sets["all high"] = {name: high for name, (_, _, high) in ranges.items()}
    return sets


def with_values(campaign: Campaign, values: Values) -> Campaign:
    """The campaign under other assumptions."""
    for name, value in values.items():
        campaign = with_assumption(campaign, name, value)
    return campaign


def price_draw(campaign: Campaign, rng: Generator, spread: float) -> Campaign:
    """The campaign with every unit cost between (1 - spread) and (1 + spread) times what is quoted."""
    times = rng.uniform(1 - spread, 1 + spread, len(campaign.vehicles)).tolist()
    vehicles = tuple(
        row if row.unit_cost is None else replace(row, unit_cost=row.unit_cost * factor)
        for row, factor in zip(campaign.vehicles, times, strict=True)
    )
    return replace(campaign, vehicles=vehicles)
