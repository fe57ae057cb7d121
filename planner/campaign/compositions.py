"""Compositions of audiences: as the planner has them, with sampling error taken off, and by segment."""

import numpy as np

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.people.audience import Segments, split_audiences
from models.people.shrinkage import ShrunkCompositions, expected_composition, shrink_compositions
from planner.campaign import assumptions
from planner.campaign.influence import shrinks_indices
from planner.campaign.inputs import Campaign, TraitRow
from planner.formats import count_of

_MOVES = 5  # of a vehicle's composition


def composition_given(campaign: Campaign, rows: tuple[TraitRow, ...]) -> FloatArray:
    """(n_vehicles, n_traits) as the planner has it; nan where the figure was left blank."""
    shares = {row.vehicle: row.shares for row in campaign.composition}
    columns = {name: i for i, name in enumerate(campaign.composition_traits)}
    figures = [
        [_figure(shares.get(vehicle.name), columns.get(row.name)) for row in rows]
        for vehicle in campaign.vehicles
    ]
    return np.array(figures, dtype=float).reshape(len(campaign.vehicles), len(rows))


def _figure(shares: tuple[float | None, ...] | None, column: int | None) -> float:
    share = shares[column] if shares is not None and column is not None else None
    return np.nan if share is None else share


def composition_used(
    campaign: Campaign, rows: tuple[TraitRow, ...], given: FloatArray, implied: FloatArray | None
) -> tuple[FloatArray, tuple[str, ...]]:
    """The composition to calculate with: blanks are the universe's share, small samples are moved towards the mean.

    implied: (n_vehicles, n_traits) what audience types say, instead of both; None without types.
    """
    used, notes = given, tuple[str, ...]()
    if shrinks_indices(campaign) and any(vehicle.sample_size is not None for vehicle in campaign.vehicles):
        found = _shrinkage(campaign, rows, given, implied)
        used, notes = found.composition, _shrinkage_notes(rows, found, implied is not None)
    blank = np.array([row.share for row in rows]) if implied is None else implied
    return np.where(np.isnan(used), blank, used), notes


def _shrinkage(
    campaign: Campaign, rows: tuple[TraitRow, ...], given: FloatArray, implied: FloatArray | None
) -> ShrunkCompositions:
    """Small samples moved towards the vehicles' mean, or towards what audience types imply."""
    sizes = np.array([np.nan if v.sample_size is None else v.sample_size for v in campaign.vehicles])
    few, bands = assumptions.SHRINKAGE_FEW_VEHICLES.value, [row.band for row in rows]
    if implied is not None:
        known = np.full(len(rows), assumptions.SHRINKAGE_WITH_TYPES.value)
        return shrink_compositions(given, sizes, implied, bands, few, known)
    audience = np.array([vehicle.audience_000 for vehicle in campaign.vehicles])
    expected = expected_composition(given, audience, np.array([row.share for row in rows]))
    return shrink_compositions(given, sizes, expected, bands, few, None)


def _shrinkage_notes(rows: tuple[TraitRow, ...], found: ShrunkCompositions, typed: bool) -> tuple[str, ...]:
    """What was moved and by how much, a sentence a trait."""
    notes = []
    for at, row in enumerate(rows):
        moved = int(found.shrunk[:, at].sum())
        if not moved:
            continue
        toward = "the vehicles' mean" if found.estimated[at] else "the universe's share"
        toward = "what its audience types imply" if typed else toward
        if np.isinf(found.k[at]):
            how = f"the vehicles differ by no more than chance, so all take {toward}"
        else:
            assumed = assumptions.SHRINKAGE_WITH_TYPES if typed else assumptions.SHRINKAGE_FEW_VEHICLES
            basis = "measured" if found.estimated[at] else assumed.basis
            how = f"{toward} counts as {found.k[at]:.3g} respondents ({basis})"
        notes.append(
            f"Composition, {row.name}: sampling error taken off for {count_of(moved, 'vehicle')}; {how}."
        )
    return tuple(notes)


def audience_by_segment(
    campaign: Campaign, segments: Segments, used: FloatArray, implied: FloatArray | None, beside: FloatArray
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """(n_vehicles, n_traits) the composition by traits, (n_segments, n_vehicles) people (000) of one insertion, and the
    vehicles whose composition was moved for that.

    A sample may contradict audience types: then what was measured is moved half the way to what they imply, again and
    again; what they imply can be. beside: (n_vehicles, ...) composition by types and users. Raises InvalidInput whose
    subject is the vehicle of which that is no sample's doing.
    """
    names, moved = [vehicle.name for vehicle in campaign.vehicles], list[str]()
    audience, used = np.array([vehicle.audience_000 for vehicle in campaign.vehicles]), used.copy()
    while True:
        try:
            by_segment = split_audiences(segments, names, audience, np.hstack([used, beside]))
            return used, by_segment, tuple(dict.fromkeys(moved))
        except InvalidInput as trouble:
            at = names.index(str(trouble.subject[0]))
            sampled = campaign.vehicles[at].sample_size is not None and shrinks_indices(campaign)
            if implied is None or not sampled or len(moved) >= _MOVES * len(names):
                raise
            used[at] = (used[at] + implied[at]) / 2
            moved.append(names[at])
