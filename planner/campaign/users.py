"""People who never use a medium: one more exclusive pair of segments for each medium that states its users.

A gamma-distributed intensity has nobody who never watches, so heavy schedules reach too many. Among a medium's
non-users its vehicles' ratings are structural zeros; the other media's audiences have the universe's share of users.

Audience types know much of that already: who never uses a medium is of the types that its vehicles hardly reach. Were
the pair independent of types, its duplication would be counted twice. So a type's users are those whom a schedule of
the medium would reach, u_k = 1 - (1 - m_k)^c, m_k what one insertion in each of its vehicles reaches of type k, with
the c at which they add up to Users %; never fewer than the largest of its vehicles' ratings in the type needs.
"""

from dataclasses import dataclass
from itertools import chain

import numpy as np

from models.arrays import FloatArray, IntArray
from models.people.audience import Segments
from models.people.raking import JointShares
from models.people.traits import Traits
from planner.campaign.inputs import Campaign
from planner.campaign.types import CampaignTypes

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
