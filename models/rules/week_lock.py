"""A locked week of a vehicle: so many insertions in it, no more and no fewer.

at least:  w_jt >= insertions        at most:  w_jt <= insertions        a lock is both
Only where insertions are decided by week; elsewhere the calendar has the locks (models.after.calendar).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import Row, Side, number_text
from models.rules.rule import OWN_WISH, Measured, OfVehicle, Treatment


@dataclass(frozen=True)
class WeekLock(OfVehicle, Measured):
    """One side of a lock. vehicle, week: indices; name, period: their labels. amount: insertions. columns: how plans
    lie."""

    id: str
    vehicle: int
    name: str
    week: int
    period: str
    sense: Side
    amount: float
    columns: Columns
    unit: str = "insertions"
    impressions: float = 0.0
    zero_is_none: ClassVar[bool] = False
    treatment = Treatment(keeping=OWN_WISH)

    def rows(self) -> tuple[Row, ...]:
        week = self.columns.week(self.vehicle, self.week)
        return (Row(np.array([week]), np.ones(1), self.sense, self.amount),)

    def reached(self, outcome: Outcome) -> float:
        return float(self.columns.weekly(outcome.plan)[self.vehicle, self.week])

    @property
    def demand(self) -> object:
        return ("locked", self.vehicle, self.week)

    def sentence(self) -> str:
        return f"{self.name}, {self.period}: locked at {number_text(self.amount * (self.impressions or 1.0))}"
