"""Reach of airtime beside a rule of thumb: R = GRP / (100 + GRP), of spots spread over many programmes.

The rule is a memory aid for TV (100 GRP reach 50 %, 300 reach 75, 600 reach 86): published campaigns lie near it. It
stands beside our reach of the rotations and dayparts of a medium, never in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from planner.campaign.bought import AIRTIME
from planner.campaign.inputs import Campaign
from planner.campaign.population import Population
from planner.formats import number, percent


@dataclass(frozen=True)
class Airtime:
    """A medium's rotations and dayparts in an audience. grp: rating points bought. reach: of them alone, 0..1."""

    medium: str
    audience: str
    grp: float
    reach: float

    @property
    def rule_of_thumb(self) -> float:
        """GRP / (100 + GRP), 0..1.

        >>> Airtime("TV", "everyone", 300.0, 0.72).rule_of_thumb
        0.75
        """
        return self.grp / (100 + self.grp)


def airtime_of(
    campaign: Campaign, people: Population, insertions: FloatArray, audience: str, share: FloatArray
) -> tuple[Airtime, ...]:
    """Per medium of which airtime is bought, in the order of the media. insertions: (n_vehicles,). share: (n_segments,)
    of the audience, summing to 1."""
    rows, found = campaign.vehicles, []
    for medium in campaign.media:
        own = np.array([row.bought_as in AIRTIME and row.medium == medium.name for row in rows])
        bought = np.where(own, insertions, 0.0)
        if bought.any():
            grp = 100 * float(share @ (people.model.audiences.contacts @ bought))
            reach = float(share @ people.model.reach_shares(bought))
            found.append(Airtime(medium.name, audience, grp, reach))
    return tuple(found)


def airtime_sentence(airtime: Sequence[Airtime]) -> str:
    """Our reach beside the rule of thumb, "" where no airtime is bought."""
    told = [
        f"{own.medium}'s rotations and dayparts: {number(own.grp, 1)} GRP reach {percent(own.reach)} of "
        f"{own.audience}; GRP / (100 + GRP), the rule of thumb for spots spread over many programmes and stations, "
        f"says {percent(own.rule_of_thumb)}."
        for own in airtime
    ]
    return " ".join(told)


def airtime_json(airtime: Sequence[Airtime]) -> list[dict[str, object]]:
    """Plain values."""
    return [
        {"medium": own.medium, "audience": own.audience, "grp": own.grp, "reach_pct": 100 * own.reach,
         "rule_of_thumb_pct": 100 * own.rule_of_thumb}
        for own in airtime
    ]  # fmt: skip
