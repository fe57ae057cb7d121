"""Fixed cost: money once, if a vehicle is bought at all.

spend_j contains amount * b_j,   b_j = 1 where x_j > 0     (the money itself is in models.purchase.tariff)
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.row import Row, money_text
from models.rules.rule import ON_OFFER, OfAmount, OfVehicle, Treatment


@dataclass(frozen=True)
class FixedCost(OfVehicle, OfAmount):
    """vehicle: index; name: its label. amount: money. A price, so that a plan cannot break it: its row only says
    that it is owed by whoever buys (x_j <= most * b_j)."""

    id: str
    vehicle: int
    name: str
    amount: float
    columns: Columns
    currency: str = ""
    unit: str = "money"
    zero_is_none: ClassVar[bool] = False
    treatment = Treatment(priced="never", keeping=ON_OFFER, charge=True)

    def rows(self) -> tuple[Row, ...]:
        # b_j itself is held to x_j by models.problem.problem, for every rule that asks what is bought; this row says
        # no more than that, and is here so that the column is there.
        return (Row(np.array([self.columns.bought(self.vehicle)]), np.ones(1), "<=", 1.0),)

    def slack(self, outcome: Outcome) -> float:
        return 0.0 if outcome.plan[self.vehicle] > 1e-9 else self.amount

    def holds(self, outcome: Outcome) -> bool:
        return True

    def eased_for(self, outcome: Outcome) -> "FixedCost":
        return self

    def charged(self, tariff: Tariff) -> Tariff:
        fixed = tariff.fixed.copy()
        fixed[self.vehicle] = self.amount
        return tariff if (fixed == tariff.fixed).all() else replace(tariff, fixed=fixed)

    def is_paid(self, outcome: Outcome) -> bool:
        return bool(outcome.plan[self.vehicle] > 1e-9)

    def sentence(self) -> str:
        money = money_text(self.currency, self.amount)
        return f"{self.name}: {money} once if bought at all"
