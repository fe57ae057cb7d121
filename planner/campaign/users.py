"""People who never use a medium: one more exclusive pair of segments for each medium that states its users.

A gamma-distributed intensity has nobody who never watches, so heavy schedules reach too many. Among a medium's
non-users its vehicles' ratings are structural zeros; the other media's audiences have the universe's share of users.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.people.audience import Traits
from planner.campaign.inputs import Campaign


@dataclass(frozen=True, eq=False)
class MediaUsers:
    """names, bands: a pair a medium. share: (2 n,) of the universe. composition: (n_vehicles, 2 n) of the audiences."""

    names: tuple[str, ...]
    bands: tuple[str, ...]
    share: FloatArray
    composition: FloatArray

    def added_to(self, traits: Traits) -> Traits:
        """The traits and, behind them, the pairs."""
        share = np.concatenate([traits.share, self.share])
        return Traits((*traits.names, *self.names), share, (*traits.band, *self.bands))


def users_of(campaign: Campaign) -> MediaUsers:
    """Users and non-users of every medium that states its Users %; none where none does."""
    stated = [(row.name, row.users) for row in campaign.media if row.users is not None]
    names = [name for medium, _ in stated for name in (f"users of {medium}", f"non-users of {medium}")]
    share = np.array([part for _, users in stated for part in (users, 1 - users)], dtype=float)
    composition = np.tile(share, (len(campaign.vehicles), 1)).reshape(len(campaign.vehicles), len(share))
    for place, (medium, _) in enumerate(stated):
        own = [j for j, vehicle in enumerate(campaign.vehicles) if vehicle.medium == medium]
        composition[own, 2 * place : 2 * place + 2] = (1.0, 0.0)
    bands = tuple(f"users of {medium}" for medium, _ in stated for _ in range(2))
    return MediaUsers(tuple(names), bands, share, composition)
