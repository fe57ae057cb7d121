"""Contacts that an audience must get, or may get at most: GRP or impressions.

sum_j contacts_j x_j >= or <= amount,   contacts_j: rating points, or impressions (000), of one insertion
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, frozen_floats
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, limit_word, number_text
from models.rules.rule import Measured


@dataclass(frozen=True, eq=False)
class ContactGoal(Measured):
    """audience: its name. contacts: (n_vehicles,) of one insertion in it, in `unit`: GRP or impressions (000)."""

    id: str
    audience: str
    contacts: FloatArray
    sense: Side
    amount: float
    unit: str

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "contacts", frozen_floats("contacts", self.contacts, np.shape(self.contacts))
        )

    def rows(self) -> tuple[Row, ...]:
        used = np.flatnonzero(self.contacts)
        return (Row(used, self.contacts[used], self.sense, self.amount),)

    def reached(self, outcome: Outcome) -> float:
        return sum(float(each) * float(x) for each, x in zip(self.contacts, outcome.plan, strict=False) if x)

    def sentence(self) -> str:
        return f"{self.audience}: {limit_word(self.sense)} {number_text(self.amount)} {self.unit}"
