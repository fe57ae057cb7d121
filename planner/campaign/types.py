"""Audience types of a campaign: from its sheet Types, or fitted to its sheet Pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.people.pair_types import types_from_pairs
from models.people.raking import JointShares
from models.people.traits import Traits
from models.people.types import AudienceTypes, type_names
from planner.campaign import assumptions
from planner.campaign.inputs import Campaign, TraitRow

BAND = "audience types"


@dataclass(frozen=True, eq=False)
class CampaignTypes:
    """Audience types beside the traits in use.

    names: of the types. share: (n_types,) of the universe. composition: (n_vehicles, n_types) of the audiences.
    traits: (n_traits, n_types) share of each trait's people in each type, nan where it is not known.
    """

    names: tuple[str, ...]
    share: FloatArray
    composition: FloatArray
    traits: FloatArray

    def added_to(self, traits: Traits) -> Traits:
        """The traits and, behind them, the types as one complete band."""
        bands = (*traits.band, *[BAND] * len(self.names))
        return Traits((*traits.names, *self.names), np.concatenate([traits.share, self.share]), bands)

    def joints(self, traits: Traits) -> list[JointShares]:
        """Traits by types, one table a band."""
        known = np.asarray(np.isfinite(self.traits).all(axis=1))
        return [
            JointShares(
                tuple(traits.names[i] for i in members),
                self.names,
                np.array([traits.share[i] * (self.traits[i] if known[i] else self.share) for i in members]),
            )
            for members in traits.dimensions()
            if any(known[i] for i in members)
        ]

    def implied(self, traits: Traits) -> FloatArray:
        """(n_vehicles, n_traits) composition that the types of a vehicle's audience imply."""
        found = np.tile(traits.share, (len(self.composition), 1))
        for joint in self.joints(traits):
            rows = [traits.names.index(name) for name in joint.rows]
            table = joint.within(traits.share[rows], self.share)[:-1, :-1]
            found[:, rows] = self.composition @ (table / self.share).T
        return found


def types_of(campaign: Campaign, rows: tuple[TraitRow, ...]) -> CampaignTypes | None:
    """The campaign's audience types; None where it has neither Types nor Pairs. rows: traits in use."""
    if campaign.types is not None:
        return _stated(campaign, rows)
    if campaign.pairs:
        return _fitted(campaign, rows)
    return None


def _stated(campaign: Campaign, rows: tuple[TraitRow, ...]) -> CampaignTypes:
    table = campaign.types
    assert table is not None
    share = np.array(table.share)
    unknown = tuple([np.nan] * len(share))
    return CampaignTypes(
        table.names,
        share / share.sum(),
        np.array([table.vehicles.get(vehicle.name, table.share) for vehicle in campaign.vehicles]),
        np.array([table.traits.get(row.name, unknown) for row in rows]).reshape(len(rows), len(share)),
    )


def _fitted(campaign: Campaign, rows: tuple[TraitRow, ...]) -> CampaignTypes:
    """Types by the pairs; a vehicle that nobody meets, and a trait in no pair, is spread as everyone."""
    universe = campaign.brief.universe_000
    audience = {row.name: row.audience_000 for row in campaign.vehicles if row.audience_000 > 0}
    paired = {pair.b for pair in campaign.pairs if pair.b_is_trait}
    traits = [row for row in rows if row.name in paired]
    columns = list(audience)
    rating = np.array([*(people / universe for people in audience.values()), *(row.share for row in traits)])
    shared = _shared(campaign, columns, [row.name for row in traits])
    asked = assumptions.PAIRS_RESPONDENTS.value
    fitted = types_from_pairs(rating, shared, len(traits), asked).types
    return _beside_everything(campaign, rows, fitted, columns, traits)


def _shared(campaign: Campaign, vehicles: Sequence[str], traits: Sequence[str]) -> FloatArray:
    """(n, n) share of the universe that two columns have in common, vehicles before traits; nan where not given."""
    columns = [*((name, False) for name in vehicles), *((name, True) for name in traits)]
    place = {column: at for at, column in enumerate(columns)}
    shared = np.full((len(columns), len(columns)), np.nan)
    for pair in campaign.pairs:
        a, b = place.get((pair.a, False)), place.get((pair.b, pair.b_is_trait))
        if a is not None and b is not None:
            shared[a, b] = shared[b, a] = pair.people_000 / campaign.brief.universe_000
    return shared


def _beside_everything(
    campaign: Campaign,
    rows: tuple[TraitRow, ...],
    fitted: AudienceTypes,
    columns: list[str],
    traits: list[TraitRow],
) -> CampaignTypes:
    of_vehicles = dict(zip(columns, fitted.composition(), strict=True))
    of_traits = dict(zip([row.name for row in traits], fitted.of_traits(), strict=True))
    unknown = np.full(len(fitted.share), np.nan)
    taken = {row.name.casefold() for row in rows}
    names = tuple(f"{name}*" if name in taken else name for name in type_names(len(fitted.share)))
    return CampaignTypes(
        names,
        fitted.share,
        np.array([of_vehicles.get(vehicle.name, fitted.share) for vehicle in campaign.vehicles]),
        np.array([of_traits.get(row.name, unknown) for row in rows]).reshape(len(rows), len(unknown)),
    )
