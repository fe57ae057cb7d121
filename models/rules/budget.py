"""Budget: the plan costs no more than there is.

sum_j cost_j x_j <= amount
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.rules.row import TOLERANCE, Row, number_text


@dataclass(frozen=True, eq=False)
class Budget:
    """cost: (n_vehicles,) money per insertion. amount: money to spend. currency: for people."""

    id: str
    cost: FloatArray
    amount: float
    currency: str = ""
    unit: str = "money"

    def rows(self) -> tuple[Row, ...]:
        return (Row(np.arange(len(self.cost)), self.cost, "<=", self.amount),)

    def slack(self, insertions: FloatArray) -> float:
        return self.amount - sum(float(c) * float(x) for c, x in zip(self.cost, insertions, strict=True) if x)

    def holds(self, insertions: FloatArray) -> bool:
        return self.slack(insertions) >= -TOLERANCE * max(self.amount, 1.0)

    def sentence(self) -> str:
        return " ".join(f"the plan costs at most {self.currency} {number_text(self.amount)}".split())
