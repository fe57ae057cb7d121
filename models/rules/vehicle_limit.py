"""Limits on one vehicle: minimum, maximum, must-buy, locked number of insertions.

    at least:  x_j >= insertions        at most:  x_j <= insertions
A must-buy is at least one; a locked number is both.
"""

from dataclasses import dataclass

import numpy as np

from models.rules.outcome import Outcome
from models.rules.row import Row, Side, insertions_text, limit_word, number_text
from models.rules.rule import ON_OFFER, OWN_WISH, Limit, Measured, OfVehicle, Treatment


@dataclass(frozen=True)
class VehicleLimit(OfVehicle, Measured):
    """vehicle: index; name: its label. why: "minimum", "maximum", "must-buy" or "locked". amount: insertions."""

    id: str
    vehicle: int
    name: str
    why: str
    sense: Side
    amount: float
    unit: str = "insertions"
    impressions: float = 0.0

    def rows(self) -> tuple[Row, ...]:
        return (Row(np.array([self.vehicle]), np.ones(1), self.sense, self.amount),)

    def reached(self, outcome: Outcome) -> float:
        return float(outcome.plan[self.vehicle])

    @property
    def offers(self) -> bool:
        return self.sense == "<="

    @property
    def demand(self) -> object:
        return ("locked", self.vehicle) if self.why == "locked" else self.id

    @property
    def treatment(self) -> Treatment:
        if self.why == "maximum":
            return Treatment(told="when binding", keeping=ON_OFFER)
        asked = self.why in ("must-buy", "minimum", "locked")
        return Treatment(priced="always" if asked else "when binding", keeping=OWN_WISH)

    def change_text(self, new: Limit | None, by: str) -> str:
        if self.why == "must-buy":
            return f"{self.name}: drop the must-buy"
        if self.why == "locked" and new is not None and new.limit > 0:
            return f"{self.name}: locked at {number_text(new.limit * (self.impressions or 1.0))} ({by})"
        return super().change_text(new, by)

    def sentence(self) -> str:
        if self.why == "locked":  # one demand, whichever side of it this is
            return f"{self.name}: locked at {insertions_text(self.amount, self.impressions)}"
        return f"{self.name}: {limit_word(self.sense)} {insertions_text(self.amount, self.impressions)} ({self.why})"
