"""Audience types of a campaign: from its sheet Types, or fitted to its sheet Pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from models.arrays import FloatArray, IntArray
from models.people.audience import Segments
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


# --- users of media ---------------------------------------------------------------------------------

_ROOM = 0.05  # of those whom a medium's largest vehicle does not reach, this many use the medium all the same
_HALVINGS = 100


@dataclass(frozen=True, eq=False)
class MediaUsers:
    """names, bands: a pair a medium, of one medium or of all. share: (2 n,) of the universe. composition:
    (n_vehicles, 2 n) of the audiences. joints: pairs crossed with audience types."""

    names: tuple[str, ...]
    bands: tuple[str, ...]
    share: FloatArray
    composition: FloatArray
    joints: tuple[JointShares, ...] = ()

    def added_to(self, traits: Traits) -> Traits:
        """The traits and, behind them, the pairs."""
        share = np.concatenate([traits.share, self.share])
        return Traits((*traits.names, *self.names), share, (*traits.band, *self.bands))


def users_of(campaign: Campaign, types: CampaignTypes | None) -> MediaUsers:
    """Users and non-users of every medium that states its Users %; none where none does. campaign: a row a vehicle."""
    found = [
        _users_of_one(campaign, types, medium.name, medium.users)
        for medium in campaign.media
        if medium.users is not None
    ]
    return MediaUsers(
        tuple(chain.from_iterable(one.names for one in found)),
        tuple(chain.from_iterable(one.bands for one in found)),
        np.concatenate([np.empty(0), *(one.share for one in found)]),
        np.hstack([np.empty((len(campaign.vehicles), 0)), *(one.composition for one in found)]),
        tuple(chain.from_iterable(one.joints for one in found)),
    )


def apart_in_surveys(campaign: Campaign, segments: Segments) -> IntArray:
    """(n_segments,) numbers 0, 1, ...: one for all segments that differ only in the media that their people use, for no
    survey of audiences and compositions tells them apart."""
    of_users = (
        0
        if campaign.respondents is not None
        else 2 * sum(medium.users is not None for medium in campaign.media)
    )
    if not of_users:
        return np.arange(len(segments.population))
    return np.unique(segments.has[:, :-of_users], axis=0, return_inverse=True)[1].reshape(-1)


def _users_of_one(campaign: Campaign, types: CampaignTypes | None, medium: str, users: float) -> MediaUsers:
    """The pair of one medium. users: its share of the universe."""
    names, band = (f"users of {medium}", f"non-users of {medium}"), f"users of {medium}"
    share = np.array([users, 1 - users])
    own = [j for j, vehicle in enumerate(campaign.vehicles) if vehicle.medium == medium]
    either = _either_by_type(campaign, types, own, users)
    composition, joints = np.tile(share, (len(campaign.vehicles), 1)), tuple[JointShares, ...]()
    if types is not None and either is not None:
        joints = (JointShares(names, types.names, either * types.share),)
        composition = types.composition @ either.T
    composition[own] = (1.0, 0.0)
    return MediaUsers(names, (band, band), share, composition, joints)


def _either_by_type(
    campaign: Campaign, types: CampaignTypes | None, own: list[int], users: float
) -> FloatArray | None:
    """(2, n_types) users and non-users of each type; None without types, or where users are of any type by chance.

    own: the medium's vehicles.
    """
    if types is None or not own:
        return None
    using = _using(_by_type(campaign, types)[own], types.share, users)
    return None if using is None else np.array([using, 1 - using])


def _by_type(campaign: Campaign, types: CampaignTypes) -> FloatArray:
    """(n_vehicles, n_types) ratings."""
    rating = np.array([row.audience_000 for row in campaign.vehicles]) / campaign.brief.universe_000
    return np.minimum(rating[:, None] * types.composition / np.maximum(types.share, 1e-12), 1.0)


def _using(rating: FloatArray, share: FloatArray, users: float) -> FloatArray | None:
    """(n_types,) share of each type's people who use a medium; None where that is too few for its ratings in the types,
    and users are of any type by chance. rating: (n_vehicles, n_types) of its vehicles."""
    largest = rating.max(axis=0)
    least, missed = largest + _ROOM * (1 - largest), np.prod(1 - rating, axis=0)
    if share @ least >= users:
        return None
    low, high = 0.0, 1e6
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if share @ np.maximum(least, 1 - missed**middle) < users:
            low = middle
        else:
            high = middle
    return np.asarray(np.maximum(least, 1 - missed**high))
