"""Something is bought: a plan of nothing satisfies many rules and helps nobody.

sum_j x_j >= 1         (whole insertions)
sum_j cost_j x_j >= amount   (fractions: a small part of the money)
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.rules.row import TOLERANCE, Row


@dataclass(frozen=True, eq=False)
class SomethingBought:
    """each: (n_vehicles,) what one insertion counts; least: how much of it must be bought."""

    id: str
    each: FloatArray
    least: float
    unit: str = "insertions"

    def rows(self) -> tuple[Row, ...]:
        return (Row(np.arange(len(self.each)), self.each, ">=", self.least),)

    def slack(self, insertions: FloatArray) -> float:
        return sum(float(a) * float(x) for a, x in zip(self.each, insertions, strict=True) if x) - self.least

    def holds(self, insertions: FloatArray) -> bool:
        return self.slack(insertions) >= -TOLERANCE * max(self.least, 1.0)

    def sentence(self) -> str:
        return "something is bought"
