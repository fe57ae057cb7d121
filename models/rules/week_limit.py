"""Limits on some weeks together (a week, a month), in money or GRP.

money:  sum over the weeks and vehicles of cost_j factor_jt w_jt     >= or <= amount
grp:    sum over the weeks and vehicles of rating_j w_jt             >= or <= amount

Money of a week is what its insertions cost singly: fixed costs, packages' own prices and volume discounts belong
to the whole flight.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.arrays import FloatArray
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, limit_word, money_text, number_text
from models.rules.rule import TERMS, Measured, OfMoney, Treatment


@dataclass(frozen=True, eq=False)
class WeekLimit(OfMoney, Measured):
    """weeks: from 0. period: for people ("the week of 2 March 2027"). tariff: prices, and how plans lie.
    rating: (n_vehicles,) rating points of one insertion. currency: for people."""

    id: str
    period: str
    weeks: tuple[int, ...]
    measure: Literal["money", "grp"]
    sense: Side
    amount: float
    tariff: Tariff
    rating: FloatArray
    currency: str = ""
    treatment = Treatment(keeping=TERMS)

    @property
    def unit(self) -> str:
        return "money" if self.measure == "money" else "GRP"

    def each(self, week: int) -> FloatArray:
        """(n_vehicles,) what one insertion of each vehicle counts in a week."""
        if self.measure == "grp":
            return self.rating
        factor = self.tariff.factor
        return self.tariff.cost if factor is None else self.tariff.cost * factor[:, week]

    def rows(self) -> tuple[Row, ...]:
        columns, coefficients = [], []
        for week in self.weeks:
            each = self.each(week)
            for j in np.flatnonzero(each):
                columns.append(self.tariff.columns.week(int(j), week))
                coefficients.append(float(each[j]))
        return (
            Row(np.array(columns, dtype=np.int64), np.array(coefficients, float), self.sense, self.amount),
        )

    def reached(self, outcome: Outcome) -> float:
        weekly = self.tariff.columns.weekly(outcome.plan)
        return float(sum(self.each(week) @ weekly[:, week] for week in self.weeks))

    def sentence(self) -> str:
        grp = self.measure == "grp"
        said = f"{number_text(self.amount)} GRP" if grp else money_text(self.currency or "money", self.amount)
        otherwise = self.tariff.packages or self.tariff.discounts or self.tariff.fixed.any()
        how = (
            " for insertions at their single price" if otherwise and not grp else ""
        )  # what is billed differs
        return f"{self.period}: {limit_word(self.sense)} {said}{how}"
