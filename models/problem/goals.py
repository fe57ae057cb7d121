"""What an audience must get: floors on reach, caps on frequency, floors on n+ reach.

reach:      sum_c people_c R_c >= least                                        concave: outer-approximated exactly
frequency:  GRP <= 100 f R, that is f sum_c people_c R_c - sum_j contacts_j x_j >= 0       concave as well
n+ reach:   sum_c people_c F_c >= least,  F_c the share met n times or more     not concave

A least frequency is not convex, so there is none. For n+ reach F_c <= R_c and F_c <= (contacts per person of c)/n
must hold; that bounds it, and the plan itself is checked by the distribution of contacts. Their rows hold reach, which
is no column of a plan: the programme states them itself (models.programme).
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from models.arrays import FloatArray, freeze, frozen_floats
from models.reach.contacts import effective_shares
from models.reach.gamma import ReachModel
from models.rules.outcome import Outcome
from models.rules.rounding import outwards
from models.rules.row import Row, number_text
from models.rules.rule import Limit

FLOOR_TOLERANCE = 1e-9  # of the floor's size: rounding, not a licence
SHARE, CONTACTS = "share of the audience", "contacts per person"


class _Goal(Limit):
    """A limit on reach. people: (n_segments,) (000) of the audience. audience: its name."""

    people: FloatArray
    audience: str
    zero_is_none: ClassVar[bool] = False

    def rows(self) -> tuple[Row, ...]:
        return ()

    @property
    def everyone(self) -> float:
        """People (000) of the audience."""
        return float(self.people.sum()) or 1.0

    def _said(self, text: str) -> str:
        return f"{self.audience}: {text}" if self.audience else text


@dataclass(frozen=True, eq=False)
class Floor(_Goal):
    """people . R + contacts . x >= least.

    id: opaque. people: (n_segments,) people (000) of the audience in each segment, times what a person reached
    counts. least: people (000), or contacts (000). contacts: (n_vehicles,) (000) that one insertion counts; None
    where only reach counts. stated: of a cap on frequency, the contacts per person reached that it allows. audience:
    its name, for people.
    """

    id: str
    people: FloatArray
    least: float
    contacts: FloatArray | None = None
    stated: float = 0.0
    audience: str = ""

    def __post_init__(self) -> None:
        freeze(self, people=frozen_floats("people", self.people, np.shape(self.people)))

    @property
    def size(self) -> float:
        """What the tolerance is a share of."""
        return self.least if self.contacts is None else max(self.least, float(self.people.sum()))

    @property
    def unit(self) -> str:
        return SHARE if self.contacts is None else CONTACTS

    def activity(self, reach: FloatArray, insertions: FloatArray) -> FloatArray:
        """people . R + contacts . x, from reach shares (n_segments, ...) and insertions (n_vehicles,)."""
        linear = 0.0 if self.contacts is None else float(self.contacts @ insertions)
        return np.asarray(np.tensordot(self.people, reach, 1) + linear)

    def above(self, reach: FloatArray, insertions: FloatArray) -> float:
        """How far above the floor, in the unit of `least`, from reach shares (n_segments,)."""
        return float(self.activity(reach, insertions)) - self.least

    def margin(self, outcome: Outcome) -> float:
        return self.above(outcome.reach, outcome.insertions) / max(self.size, 1e-300)

    def holds(self, outcome: Outcome) -> bool:
        return self.above(outcome.reach, outcome.insertions) >= -FLOOR_TOLERANCE * self.size

    def slack(self, outcome: Outcome) -> float:
        """As a share of the audience; of a cap on frequency, in contacts per person reached."""
        if self.contacts is not None:
            return self.stated - self._frequency(outcome)
        return self.above(outcome.reach, outcome.insertions) / self.everyone

    def _frequency(self, outcome: Outcome) -> float:
        """Of a cap: contacts per person reached, 0 where nobody is."""
        assert self.contacts is not None
        reached = float(self.people @ outcome.reach) / self.stated if self.stated else 0.0
        return float(-self.contacts @ outcome.insertions) / reached if reached > 0 else 0.0

    # --- a limit that may give way ---

    @property
    def limit(self) -> float:
        return self.least / self.everyone if self.contacts is None else self.stated

    @property
    def multiplies(self) -> bool:
        return self.contacts is not None

    def eased(self, limit: float) -> "Floor":
        if self.contacts is None:
            return replace(self, least=self.everyone * limit)
        return replace(self, people=self.people * (limit / self.stated), stated=limit)

    def eased_for(self, outcome: Outcome) -> "Floor":
        if self.holds(outcome):
            return self
        if self.contacts is not None:
            return self.eased(outwards(self._frequency(outcome), "<=", CONTACTS))
        return self.eased(outwards(float(self.people @ outcome.reach) / self.everyone, ">=", SHARE))

    def sentence(self) -> str:
        if self.contacts is not None:
            return self._said(f"at most {number_text(self.stated)} contacts per person reached")
        return self._said(f"at least {number_text(100 * self.limit)} % reached")


def frequency_cap(
    floor_id: str, people: FloatArray, rating: FloatArray, most: float, audience: str = ""
) -> Floor:
    """Average frequency of an audience at most `most`: people (n_segments,) (000), rating (n_segments, n_vehicles)."""
    return Floor(floor_id, most * people, 0.0, -(people @ rating), most, audience)


@dataclass(frozen=True, eq=False)
class Effective:
    """Effective reach: people (n_segments,), counted where met `times` times or more."""

    people: FloatArray
    times: int

    def people_reached(self, model: ReachModel, insertions: FloatArray) -> float:
        """People (000), each counted as often as `people` says."""
        return float(self.people @ effective_shares(model, insertions, self.times))

    def most_reached(self, model: ReachModel, insertions: FloatArray) -> float:
        """No fewer people (000): those reached at all, or contacts / times where that is less, per segment."""
        contacts = model.audiences.contacts @ insertions
        return float(self.people @ np.minimum(model.reach_shares(insertions), contacts / self.times))


@dataclass(frozen=True, eq=False)
class EffectiveFloor(_Goal):
    """people . F >= least, F the share of each segment met `times` times or more.

    people: (n_segments,) people (000) of the audience. least: people (000). audience: its name, for people.
    """

    id: str
    people: FloatArray
    times: int
    least: float
    audience: str = ""
    unit: str = SHARE

    @property
    def counted(self) -> Effective:
        """Whom it counts, as an objective does."""
        return Effective(self.people, self.times)

    def met(self, outcome: Outcome) -> float:
        """People (000) met so often."""
        return float(self.people @ outcome.met(self.times))

    def is_met(self, people: float) -> bool:
        """True if `people` (000) meet the goal."""
        # 2e-8: the accuracy of the distribution of contacts
        return people - self.least >= -2e-8 * max(self.least, 1.0)

    def holds(self, outcome: Outcome) -> bool:
        return self.is_met(self.met(outcome))

    def slack(self, outcome: Outcome) -> float:
        """As a share of the audience."""
        return (self.met(outcome) - self.least) / self.everyone

    def margin(self, outcome: Outcome) -> float:
        return (self.met(outcome) - self.least) / max(self.least, 1.0)

    @property
    def limit(self) -> float:
        return self.least / self.everyone

    def eased(self, limit: float) -> "EffectiveFloor":
        return replace(self, least=self.everyone * limit)

    def eased_to(self, people: float) -> "EffectiveFloor":
        """The goal that so many people (000) meet."""
        return self.eased(outwards(people / self.everyone, ">=", SHARE))

    def eased_for(self, outcome: Outcome) -> "EffectiveFloor":
        return self if self.holds(outcome) else self.eased_to(self.met(outcome))

    def sentence(self) -> str:
        return self._said(f"at least {number_text(100 * self.limit)} % reached {self.times} times or more")
