"""Availability: most insertions of a vehicle in each week, such as the issue dates of a monthly.

w_jt <= most_t                 where insertions are decided by week
x_j <= sum over t of most_t    where only their number is decided: the weeks are found afterwards
"""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray, frozen_floats
from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import TOLERANCE, Row, insertions_text, too_many_text
from models.rules.rule import ON_OFFER, Limit, OfVehicle, Treatment


@dataclass(frozen=True, eq=False)
class Availability(OfVehicle, Limit):
    """vehicle: index; name: its label. most: (n_weeks,) insertions. columns: how plans lie. usual: it is only how often
    the vehicle appears, which nobody has to be told. names: of the weeks, for people; (): their numbers."""

    id: str
    vehicle: int
    name: str
    most: FloatArray
    columns: Columns
    unit: str = "insertions"
    usual: bool = False
    impressions: float = 0.0
    names: tuple[str, ...] = ()
    offers = True

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
        if not self.columns.weeks:
            return float(self.most.sum()) - float(outcome.plan[self.vehicle])
        weekly = self.columns.weekly(outcome.plan)[self.vehicle]  # where each is kept, so is the flight
        return float((self.most - weekly).min())

    def holds(self, outcome: Outcome) -> bool:
        return self.slack(outcome) >= -TOLERANCE * max(float(self.most.max(initial=1.0)), 1.0)

    @property
    def treatment(self) -> Treatment:
        return Treatment(told="when broken" if self.usual else "when binding", keeping=ON_OFFER)

    @property
    def limit(self) -> float:
        return float(self.most.sum())

    @property
    def loosened(self) -> tuple[tuple[int, ...], ...]:
        """Each week, and the flight with it."""
        return tuple((0, 1 + t) for t in range(self.columns.weeks)) or ((0,),)

    def eased(self, limit: float) -> "Availability":
        most = self.most.copy()
        most[int(np.argmax(most))] += limit - float(most.sum())
        return replace(self, most=most)

    def eased_for(self, outcome: Outcome) -> "Availability":
        if self.columns.weeks:
            weekly = self.columns.weekly(outcome.plan)[self.vehicle]
            return self if self.holds(outcome) else replace(self, most=np.maximum(self.most, weekly))
        return self if self.holds(outcome) else self.eased(float(outcome.plan[self.vehicle]))

    def sentence(self) -> str:
        weeks = int((self.most > 0).sum())
        if not weeks:
            return f"{self.name}: it can be had in no week"
        return (
            f"{self.name}: at most {insertions_text(float(self.most.sum()), self.impressions)} in the {weeks} "
            f"week{'s' if weeks != 1 else ''} in which it can be had"
        )

    def broken_sentence(self, outcome: Outcome) -> str:
        """Of the week that has most too many, where there is one, and the other such weeks."""
        if not self.columns.weeks:
            return self.sentence()
        weekly = self.columns.weekly(outcome.plan)[self.vehicle]
        week = int(np.argmax(weekly - self.most))
        if weekly[week] <= self.most[week]:
            return self.sentence()
        names = self.names or tuple(f"week {t + 1}" for t in range(len(weekly)))
        others = [names[t] for t in np.flatnonzero(weekly > self.most + TOLERANCE) if t != week]
        also = f"; too many in {', '.join(others)} also" if others else ""
        bought, most = float(weekly[week]), float(self.most[week])
        return too_many_text(self.name, bought, most, names[week], self.impressions) + also
