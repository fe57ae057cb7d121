"""How many vehicles of one value of a group may be bought at all: at most 2 titles of each publisher.

sum over the value's vehicles of b_j   >= or <= amount,   b_j = 1 where x_j > 0

One rule a value (a publisher, say), so that what binds and what conflicts is told of that value alone.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import IntArray
from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, limit_word
from models.rules.rule import Measured


@dataclass(frozen=True, eq=False)
class TitlesPerGroup(Measured):
    """group: what the vehicles have in common ("publisher"); value: which ("Example House"). members: indices. amount:
    vehicles. columns: how plans lie. whole: insertions are whole."""

    id: str
    group: str
    value: str
    members: IntArray
    sense: Side
    amount: float
    columns: Columns
    whole: bool = True
    unit: str = "bought"

    def rows(self) -> tuple[Row, ...]:
        bought = self.columns.plan_size + self.members
        return (Row(bought, np.ones(len(bought)), self.sense, self.amount),)

    def reached(self, outcome: Outcome) -> float:
        least = self.columns.least_bought(self.whole, self.sense == ">=")
        return float((outcome.plan[self.members] >= least).sum())

    def sentence(self) -> str:
        noun = "vehicle" if self.amount == 1 else "vehicles"
        there = len(self.members)
        return f"{self.group} {self.value}: {limit_word(self.sense)} {self.amount:g} {noun} bought, of {there} on offer"
