"""Contacts that an audience must get, or may get at most: GRP, impressions, or a share of all impressions.

sum_j contacts_j x_j >= or <= amount                   contacts_j: rating points, or impressions (000), of one insertion
sum_j contacts_j x_j >= or <= amount * sum_j whole_j x_j    of a share; whole_j: everyone's contacts with one insertion
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, frozen_floats
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, limit_word, number_text
from models.rules.rule import Measured


@dataclass(frozen=True, eq=False)
class ContactGoal(Measured):
    """audience: its name. contacts: (n_vehicles,) of one insertion in it, in `unit`: GRP, impressions (000)
    or share of impressions. whole: (n_vehicles,) of one insertion in everyone, where amount is a share 0..1 of them."""

    id: str
    audience: str
    contacts: FloatArray
    sense: Side
    amount: float
    unit: str
    whole: FloatArray | None = None

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "contacts", frozen_floats("contacts", self.contacts, np.shape(self.contacts))
        )

    def rows(self) -> tuple[Row, ...]:
        each = self.contacts if self.whole is None else self.contacts - self.amount * self.whole
        used = np.flatnonzero(each)
        return (Row(used, each[used], self.sense, self.amount if self.whole is None else 0.0),)

    def reached(self, outcome: Outcome) -> float:
        contacts = _of_plan(self.contacts, outcome)
        if self.whole is None:
            return contacts
        whole = _of_plan(self.whole, outcome)
        return contacts / whole if whole > 0 else self.amount

    @property
    def multiplies(self) -> bool:
        return self.whole is not None

    def row_slack(self, outcome: Outcome) -> float:
        return self.slack(outcome) * (1.0 if self.whole is None else _of_plan(self.whole, outcome))

    def sentence(self) -> str:
        if self.whole is not None:
            return f"{self.audience}: {limit_word(self.sense)} {100 * self.amount:g} % of impressions"
        return f"{self.audience}: {limit_word(self.sense)} {number_text(self.amount)} {self.unit}"


def _of_plan(each: FloatArray, outcome: Outcome) -> float:
    return sum(float(one) * float(x) for one, x in zip(each, outcome.plan, strict=False) if x)
