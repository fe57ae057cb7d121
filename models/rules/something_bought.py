"""Something is bought: a plan of nothing satisfies many rules and helps nobody.

sum_j x_j >= 1         (whole insertions)
sum_j cost_j x_j >= amount   (fractions: a small part of the money)
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.rules.outcome import Outcome
from models.rules.row import Measured, Row, Side


@dataclass(frozen=True, eq=False)
class SomethingBought(Measured):
    """each: (n_vehicles,) what one insertion counts; amount: how much of it must be bought."""

    id: str
    each: FloatArray
    amount: float
    unit: str = "insertions"
    sense: Side = ">="

    def rows(self) -> tuple[Row, ...]:
        return (Row(np.arange(len(self.each)), self.each, ">=", self.amount),)

    def reached(self, outcome: Outcome) -> float:
        return sum(float(a) * float(x) for a, x in zip(self.each, outcome.plan, strict=False) if x)

    def sentence(self) -> str:
        return "something is bought"
