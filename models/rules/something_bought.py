"""Something is bought: a plan of nothing satisfies many rules and helps nobody.

sum_j each_j x_j >= amount     an insertion, or a small part of one where insertions are fractions
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.rules.outcome import Outcome
from models.rules.row import TOLERANCE, Row
from models.rules.rule import Rule, Treatment


@dataclass(frozen=True, eq=False)
class SomethingBought(Rule):
    """each: (n_vehicles,) what one insertion counts; amount: how much of it must be bought."""

    id: str
    each: FloatArray
    amount: float
    unit: str = "insertions"
    treatment = Treatment(priced="never")

    def rows(self) -> tuple[Row, ...]:
        return (Row(np.arange(len(self.each)), self.each, ">=", self.amount),)

    def slack(self, outcome: Outcome) -> float:
        bought = sum(float(a) * float(x) for a, x in zip(self.each, outcome.plan, strict=False) if x)
        return bought - self.amount

    def holds(self, outcome: Outcome) -> bool:
        return self.slack(outcome) >= -TOLERANCE * max(abs(self.amount), 1.0)

    def sentence(self) -> str:
        return "something is bought"
