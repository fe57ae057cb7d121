"""Limits on one vehicle: minimum, maximum, must-buy, locked number of insertions.

    at least:  x_j >= insertions        at most:  x_j <= insertions
A must-buy is at least one; a locked number is both.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.rules.row import TOLERANCE, Row, Sense, number_text


@dataclass(frozen=True)
class VehicleLimit:
    """vehicle: index; name: its label. why: "minimum", "maximum", "must-buy" or "locked"."""

    id: str
    vehicle: int
    name: str
    why: str
    sense: Sense
    insertions: float
    unit: str = "insertions"

    def rows(self) -> tuple[Row, ...]:
        return (Row(np.array([self.vehicle]), np.ones(1), self.sense, self.insertions),)

    def slack(self, insertions: FloatArray) -> float:
        bought = float(insertions[self.vehicle])
        return bought - self.insertions if self.sense == ">=" else self.insertions - bought

    def holds(self, insertions: FloatArray) -> bool:
        return self.slack(insertions) >= -TOLERANCE * max(self.insertions, 1.0)

    def sentence(self) -> str:
        word = "at least" if self.sense == ">=" else "at most"
        noun = "insertion" if self.insertions == 1 else "insertions"
        return f"{self.name}: {word} {number_text(self.insertions)} {noun} ({self.why})"
