"""Limits on a group of vehicles (a medium, a genre, any list), in money, share of spend or insertions.

money:       sum over the group of cost_j x_j        >= or <= amount
share:       sum over the group of cost_j x_j        >= or <= amount * sum over all of cost_j x_j
insertions:  sum over the group of x_j               >= or <= amount
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.arrays import FloatArray, IntArray
from models.rules.row import TOLERANCE, Row, Sense, number_text

Measure = Literal["money", "share", "insertions"]


@dataclass(frozen=True, eq=False)
class GroupLimit:
    """group: its name, for people. members: indices. cost: (n_vehicles,) money per insertion.
    amount: money, a share 0..1, or insertions, by measure. currency: for people."""

    id: str
    group: str
    members: IntArray
    measure: Measure
    sense: Sense
    amount: float
    cost: FloatArray
    currency: str = ""

    @property
    def unit(self) -> str:
        return {"money": "money", "share": "share of spend", "insertions": "insertions"}[self.measure]

    def rows(self) -> tuple[Row, ...]:
        if self.measure == "share":
            inside = np.isin(np.arange(len(self.cost)), self.members)
            return (Row(np.arange(len(self.cost)), self.cost * (inside - self.amount), self.sense, 0.0),)
        each = self.cost[self.members] if self.measure == "money" else np.ones(len(self.members))
        return (Row(self.members, each, self.sense, self.amount),)

    def slack(self, insertions: FloatArray) -> float:
        spend = [float(c) * float(x) for c, x in zip(self.cost, insertions, strict=True)]
        in_group = sum(spend[j] for j in self.members)
        total = sum(spend)
        reached = {
            "money": in_group,
            # Of no spend at all every share is kept: nothing was bought outside the group either.
            "share": in_group / total if total > 0 else self.amount,
            "insertions": sum(float(insertions[j]) for j in self.members),
        }[self.measure]
        return float(reached - self.amount if self.sense == ">=" else self.amount - reached)

    def holds(self, insertions: FloatArray) -> bool:
        return self.slack(insertions) >= -TOLERANCE * max(self.amount, 1.0)

    def sentence(self) -> str:
        word = "at least" if self.sense == ">=" else "at most"
        amount = {
            "money": f"{self.currency or 'money'} {number_text(self.amount)}",
            "share": f"{self.amount * 100:g} % of spend",
            "insertions": f"{number_text(self.amount)} insertions",
        }[self.measure]
        return f"{self.group}: {word} {amount}"
