"""Ratios between groups: radio at least 200 % of TV's insertions.

sum over the group of each_j x_j    >= or <=  amount * sum over the base of each_j x_j

each_j: 1 (insertions), rating points of one insertion (GRP), or money (spend_j in place of each_j x_j). A vehicle in
both groups counts in both. Of a base of nothing, "at least" asks for nothing and "at most" leaves nothing.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.arrays import FloatArray, IntArray
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.rounding import outwards
from models.rules.row import TOLERANCE, Row, Side, limit_word
from models.rules.rule import OfAmount, OfMoney


@dataclass(frozen=True, eq=False)
class Ratio(OfMoney, OfAmount):
    """group, base: names, for people. members, base_members: indices. of: what is compared. amount: 1 = as
    much. tariff: what a plan costs. rating: (n_vehicles,) rating points of one insertion."""

    id: str
    group: str
    members: IntArray
    base: str
    base_members: IntArray
    of: Literal["money", "insertions", "grp"]
    sense: Side
    amount: float
    tariff: Tariff
    rating: FloatArray
    limit_unit = "ratio"
    multiplies = True

    @property
    def unit(self) -> str:
        return {"money": "money", "insertions": "insertions", "grp": "GRP"}[self.of]

    def rows(self) -> tuple[Row, ...]:
        places = np.arange(len(self.rating))
        weight = np.isin(places, self.members) - self.amount * np.isin(places, self.base_members)
        if self.of == "money":
            return (Row(*self.tariff.money(weight), self.sense, 0.0),)
        each = weight if self.of == "insertions" else weight * self.rating
        used = np.flatnonzero(each)
        return (Row(used, each[used], self.sense, 0.0),)

    def compared(self, outcome: Outcome) -> tuple[float, float]:
        """What the group has, and what the base has, in the rule's unit."""
        plan = outcome.plan
        if self.of == "money":
            each = self.tariff.spend(plan)
        else:
            insertions = plan[: len(self.rating)]
            each = insertions if self.of == "insertions" else self.rating * insertions
        return sum(float(each[j]) for j in self.members), sum(float(each[j]) for j in self.base_members)

    def slack(self, outcome: Outcome) -> float:
        group, base = self.compared(outcome)
        return group - self.amount * base if self.sense == ">=" else self.amount * base - group

    def holds(self, outcome: Outcome) -> bool:
        group, base = self.compared(outcome)
        return self.slack(outcome) >= -TOLERANCE * max(abs(group), abs(self.amount * base), 1.0)

    def eased_for(self, outcome: Outcome) -> "Ratio | None":
        if self.holds(outcome):
            return self
        group, base = self.compared(outcome)
        return self.eased(outwards(group / base, self.sense, "ratio")) if base > 0 else None

    def sentence(self) -> str:
        of = {"money": "spend", "insertions": "insertions", "grp": "GRP"}[self.of]
        return f"{self.group}: {limit_word(self.sense)} {self.amount * 100:g} % of the {of} of {self.base}"
