"""Fixed cost: money once, if a vehicle is bought at all.

spend_j contains amount * b_j,   b_j = 1 where x_j > 0     (the money itself is in models.purchase.tariff)
"""

from dataclasses import dataclass

import numpy as np

from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import Private, Row, Simple, number_text


@dataclass(frozen=True)
class FixedCost(Simple):
    """vehicle: index; name: its label. amount: money. A price, so that a plan cannot break it: its row only says
    that it is owed by whoever buys (x_j <= most * b_j)."""

    id: str
    vehicle: int
    name: str
    amount: float
    columns: Columns
    currency: str = ""
    unit: str = "money"

    def rows(self) -> tuple[Row, ...]:
        # b_j itself is held to x_j by models.problem.problem, for every rule that asks what is bought; this row says
        # no more than that, and is here so that the column is there.
        return (Row(np.array([self.columns.bought(self.vehicle)]), np.ones(1), "<=", 1.0),)

    def private(self) -> tuple[Private, ...]:
        return ()

    def slack(self, outcome: Outcome) -> float:
        return 0.0 if outcome.plan[self.vehicle] > 1e-9 else self.amount

    def holds(self, outcome: Outcome) -> bool:
        return True

    def sentence(self) -> str:
        money = f"{self.currency} {number_text(self.amount)}".strip()
        return f"{self.name}: {money} once if bought at all"
