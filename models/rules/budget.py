"""Budget: the plan costs no more than there is.

sum_j spend_j <= amount
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, money_text
from models.rules.rule import Measured, OfMoney, Treatment


@dataclass(frozen=True, eq=False)
class Budget(OfMoney, Measured):
    """tariff: what a plan costs. amount: money to spend. currency: for people."""

    id: str
    tariff: Tariff
    amount: float
    currency: str = ""
    unit: str = "money"
    sense: Side = "<="
    treatment = Treatment(priced="never")  # what more money buys is told by itself

    def rows(self) -> tuple[Row, ...]:
        columns, coefficients = self.tariff.money(np.ones(len(self.tariff.cost)))
        return (Row(columns, coefficients, "<=", self.amount),)

    def reached(self, outcome: Outcome) -> float:
        return self.tariff.total(outcome.plan)

    def affordable(self) -> FloatArray:
        """(n_vehicles,) no plan within the budget buys more insertions of a vehicle."""
        tariff = self.tariff
        cheapest = np.where(tariff.cost > 0, tariff.cheapest(), np.inf)
        singly = np.where(np.isinf(cheapest), 0.0, max(self.amount, 0.0) / cheapest)
        return np.asarray(singly + tariff.in_packages.sum(axis=0))

    def sentence(self) -> str:
        return f"the plan costs at most {money_text(self.currency, self.amount)}"
