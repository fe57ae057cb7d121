"""Availability: most insertions of a vehicle in each week, such as the issue dates of a monthly.

w_jt <= most_t                 where insertions are decided by week
x_j <= sum over t of most_t    where only their number is decided: the weeks are found afterwards
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, frozen_floats
from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import TOLERANCE, Row, Simple, number_text


@dataclass(frozen=True, eq=False)
class Availability(Simple):
    """vehicle: index; name: its label. most: (n_weeks,) insertions. columns: how plans lie."""

    id: str
    vehicle: int
    name: str
    most: FloatArray
    columns: Columns
    unit: str = "insertions"

    def __post_init__(self) -> None:
        object.__setattr__(self, "most", frozen_floats("availability", self.most, np.shape(self.most)))

    def rows(self) -> tuple[Row, ...]:
        whole_flight = Row(np.array([self.vehicle]), np.ones(1), "<=", float(self.most.sum()))
        weeks = (np.array([self.columns.week(self.vehicle, t)]) for t in range(self.columns.weeks))
        by_week = (
            Row(week, np.ones(1), "<=", float(most)) for week, most in zip(weeks, self.most, strict=False)
        )
        return (whole_flight, *by_week)

    def slack(self, outcome: Outcome) -> float:
        plan = outcome.plan
        left = float(self.most.sum()) - float(plan[self.vehicle])
        if not self.columns.weeks:
            return left
        return min(left, float((self.most - self.columns.weekly(plan)[self.vehicle]).min(initial=np.inf)))

    def holds(self, outcome: Outcome) -> bool:
        return self.slack(outcome) >= -TOLERANCE * max(float(self.most.max(initial=1.0)), 1.0)

    def sentence(self) -> str:
        weeks = int((self.most > 0).sum())
        return (
            f"{self.name}: at most {number_text(float(self.most.sum()))} insertions in the {weeks} "
            f"week{'s' if weeks != 1 else ''} in which it can be had"
        )
