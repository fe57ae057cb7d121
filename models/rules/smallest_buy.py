"""Smallest buy: if a vehicle is bought at all, then at least so many insertions.

x_j >= amount * b_j,   b_j = 1 where x_j > 0
"""

from dataclasses import dataclass

import numpy as np

from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import TOLERANCE, Row, insertions_text
from models.rules.rule import TERMS, OfAmount, OfVehicle, Treatment


@dataclass(frozen=True)
class SmallestBuy(OfVehicle, OfAmount):
    """vehicle: index; name: its label. amount: insertions. columns: how plans lie."""

    id: str
    vehicle: int
    name: str
    amount: float
    columns: Columns
    unit: str = "insertions"
    impressions: float = 0.0
    treatment = Treatment(keeping=TERMS)

    def rows(self) -> tuple[Row, ...]:
        columns = np.array([self.vehicle, self.columns.bought(self.vehicle)])
        return (Row(columns, np.array([1.0, -self.amount]), ">=", 0.0),)

    def slack(self, outcome: Outcome) -> float:
        bought = float(outcome.plan[self.vehicle])
        return bought - self.amount if bought > TOLERANCE else 0.0

    def eased_for(self, outcome: Outcome) -> "SmallestBuy":
        return self if self.holds(outcome) else self.eased(float(outcome.plan[self.vehicle]))

    def sentence(self) -> str:
        least = insertions_text(self.amount, self.impressions)
        return f"{self.name}: at least {least} if bought at all"
