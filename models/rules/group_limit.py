"""Limits on a group of vehicles (a medium, a genre, any list), in money, share of spend or budget, insertions or GRP.

money:       sum over the group of spend_j           >= or <= amount
share:       sum over the group of spend_j           >= or <= amount * sum over all of spend_j
budget:      sum over the group of spend_j           >= or <= amount * budget
insertions:  sum over the group of x_j               >= or <= amount
grp:         sum over the group of rating_j * x_j    >= or <= amount
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.arrays import FloatArray, IntArray
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, insertions_text, limit_word, money_text, number_text
from models.rules.rule import Measured, OfMoney

Measure = Literal["money", "share", "budget", "insertions", "grp"]
UNITS: Mapping[Measure, str] = {
    "money": "money", "share": "share of spend", "budget": "share of budget", "insertions": "insertions", "grp": "GRP",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class GroupLimit(OfMoney, Measured):
    """group: its name, for people. members: indices. tariff: what a plan costs. amount: money, a share
    0..1, insertions or rating points, by measure. currency: for people. rating: (n_vehicles,) rating points
    of one insertion, where GRP is measured. budget: money, where shares of it are."""

    id: str
    group: str
    members: IntArray
    measure: Measure
    sense: Side
    amount: float
    tariff: Tariff
    currency: str = ""
    rating: FloatArray | None = None
    budget: float = 0.0
    impressions: float = 0.0

    @property
    def unit(self) -> str:
        return UNITS[self.measure]

    def rows(self) -> tuple[Row, ...]:
        inside = np.isin(np.arange(len(self.tariff.cost)), self.members).astype(float)
        if self.measure == "share":
            return (Row(*self.tariff.money(inside - self.amount), self.sense, 0.0),)
        if self.measure in ("money", "budget"):
            most = self.amount if self.measure == "money" else self.amount * self.budget
            return (Row(*self.tariff.money(inside), self.sense, most),)
        return (Row(self.members, self._each(), self.sense, self.amount),)

    def _each(self) -> FloatArray:
        """What one insertion of each member counts."""
        return np.ones(len(self.members)) if self.rating is None else self.rating[self.members]

    def reached(self, outcome: Outcome) -> float:
        plan = outcome.plan
        if self.measure in ("insertions", "grp"):
            counted = zip(self.members, self._each(), strict=True)
            return sum(float(each) * float(plan[j]) for j, each in counted)
        spend = self.tariff.spend(plan)
        in_group = sum(float(spend[j]) for j in self.members)
        if self.measure == "money":
            return in_group
        total = float(spend.sum()) if self.measure == "share" else self.budget
        # Of no spend at all every share is kept: nothing was bought outside the group either.
        return in_group / total if total > 0 else self.amount

    def with_money(self, tariff: Tariff, budget: float | None = None) -> "GroupLimit":
        return replace(self, tariff=tariff, budget=self.budget if budget is None else budget)

    @property
    def multiplies(self) -> bool:
        return self.measure == "share"

    def row_slack(self, outcome: Outcome) -> float:
        return self.slack(outcome) * (self.tariff.total(outcome.plan) if self.multiplies else 1.0)

    def sentence(self) -> str:
        amount = {
            "money": money_text(self.currency or "money", self.amount),
            "share": f"{self.amount * 100:g} % of spend",
            "budget": f"{self.amount * 100:g} % of the budget",
            "insertions": insertions_text(self.amount, self.impressions),
            "grp": f"{number_text(self.amount)} GRP",
        }[self.measure]
        return f"{self.group}: {limit_word(self.sense)} {amount}"
