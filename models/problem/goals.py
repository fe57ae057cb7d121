"""What an audience must get: floors on reach, caps on frequency, floors on n+ reach.

reach:      sum_c people_c R_c >= least                                        concave: outer-approximated exactly
frequency:  GRP <= 100 f R, that is f sum_c people_c R_c - sum_j contacts_j x_j >= 0       concave as well
n+ reach:   sum_c people_c F_c >= least,  F_c the share met n times or more     not concave

A least frequency is not convex, so there is none. For n+ reach F_c <= R_c and F_c <= (contacts per person of c)/n
must hold; that bounds it, and the plan itself is checked by the distribution of contacts.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, freeze, frozen_floats
from models.reach.contacts import effective_shares
from models.reach.gamma import ReachModel
from models.rules.outcome import Outcome

FLOOR_TOLERANCE = 1e-9  # of the floor's size: rounding, not a licence


@dataclass(frozen=True, eq=False)
class Floor:
    """people . R + contacts . x >= least.

    id: opaque. people: (n_segments,) people (000) of the audience in each segment, times what a person reached
    counts. least: people (000), or contacts (000). contacts: (n_vehicles,) (000) that one insertion counts; None
    where only reach counts. stated: of a cap on frequency, the contacts per person reached that it allows.
    """

    id: str
    people: FloatArray
    least: float
    contacts: FloatArray | None = None
    stated: float = 0.0

    def __post_init__(self) -> None:
        freeze(self, people=frozen_floats("people", self.people, np.shape(self.people)))

    @property
    def size(self) -> float:
        """What the tolerance is a share of."""
        return self.least if self.contacts is None else max(self.least, float(self.people.sum()))

    def activity(self, reach: FloatArray, insertions: FloatArray) -> FloatArray:
        """people . R + contacts . x, from reach shares (n_segments, ...) and insertions (n_vehicles,)."""
        linear = 0.0 if self.contacts is None else float(self.contacts @ insertions)
        return np.asarray(np.tensordot(self.people, reach, 1) + linear)

    def above(self, reach: FloatArray, insertions: FloatArray) -> float:
        """How far above the floor, in the unit of `least`, from reach shares (n_segments,)."""
        return float(self.activity(reach, insertions)) - self.least

    def slack(self, outcome: Outcome) -> float:
        """As a share of the audience; of a cap on frequency, in contacts per person reached."""
        if self.contacts is None:
            return self.above(outcome.reach, outcome.insertions) / max(float(self.people.sum()), 1e-300)
        return self.stated - self.contacts_each(outcome)

    def contacts_each(self, outcome: Outcome) -> float:
        """Of a cap on frequency: contacts per person reached, 0 where nobody is."""
        assert self.contacts is not None
        reached = float(self.people @ outcome.reach) / self.stated if self.stated else 0.0
        return float(-self.contacts @ outcome.insertions) / reached if reached > 0 else 0.0

    def holds(self, outcome: Outcome) -> bool:
        return self.above(outcome.reach, outcome.insertions) >= -FLOOR_TOLERANCE * self.size


def frequency_cap(floor_id: str, people: FloatArray, rating: FloatArray, most: float) -> Floor:
    """Average frequency of an audience at most `most`: people (n_segments,) (000), rating (n_segments, n_vehicles)."""
    return Floor(floor_id, most * people, 0.0, -(people @ rating), most)


@dataclass(frozen=True, eq=False)
class EffectiveFloor:
    """people . F >= least, F the share of each segment met `times` times or more.

    people: (n_segments,) people (000) of the audience. least: people (000).
    """

    id: str
    people: FloatArray
    times: int
    least: float

    def slack(self, outcome: Outcome) -> float:
        """As a share of the audience."""
        return (self.met(outcome) - self.least) / max(float(self.people.sum()), 1e-300)

    def met(self, outcome: Outcome) -> float:
        """People (000) met so often."""
        return float(self.people @ outcome.met(self.times))

    def is_met(self, people: float) -> bool:
        """Whether so many people (000) are enough."""
        # 1e-8: the accuracy of the distribution of contacts
        return people - self.least >= -1e-8 * max(self.least, 1.0)

    def holds(self, outcome: Outcome) -> bool:
        return self.is_met(self.met(outcome))


@dataclass(frozen=True, eq=False)
class Effective:
    """The objective effective reach: people (n_segments,), counted where met `times` times or more."""

    people: FloatArray
    times: int

    def people_reached(self, model: ReachModel, insertions: FloatArray) -> float:
        """People (000), each counted as often as `people` says."""
        return float(self.people @ effective_shares(model, insertions, self.times))

    def most_reached(self, model: ReachModel, insertions: FloatArray) -> float:
        """No fewer people (000): those reached at all, or contacts / times where that is less, per segment."""
        contacts = model.audiences.rating @ insertions
        return float(self.people @ np.minimum(model.reach_shares(insertions), contacts / self.times))
