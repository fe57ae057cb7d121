"""Appearances: issues or episodes that all units of a vehicle share, and how far apart they are.

sum over its units of w_ut                  <= most_t      in every week      where insertions are decided by week
sum over its units and weeks t of w_ut      <= each        in any `apart` weeks in a row (a monthly: one in four weeks)
sum over its units of x_u                   <= flight      what these allow in the whole flight

Where only numbers are decided, the last row alone is stated; the weeks are found afterwards, and keep the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from models.arrays import FloatArray, IntArray, frozen_floats
from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import Row, insertions_text, number_text, too_many_text
from models.rules.rule import ON_OFFER, Limit, Treatment


@dataclass(frozen=True, eq=False)
class Spacing:
    """members: (n,) places of a vehicle's units. most: (n_weeks,) insertions of all of them, inf where only the flight
    limits them. apart, each: in any so many weeks in a row so many insertions at most."""

    members: IntArray
    most: FloatArray
    apart: int = 1
    each: float = np.inf

    def sums(self, weekly: FloatArray) -> FloatArray:
        """(n_weeks,) insertions of all units in a calendar (n_vehicles, n_weeks)."""
        return np.asarray(weekly[self.members].sum(axis=0))

    def windows(self) -> list[IntArray]:
        """The weeks in a row that count together."""
        weeks = len(self.most)
        return [np.arange(t, min(t + self.apart, weeks)) for t in range(max(weeks - self.apart, 0) + 1)]

    def limits(self) -> Iterator[tuple[IntArray, float]]:
        """Weeks that count together, and the most insertions of all units in them, where there is a limit."""
        alone = ((np.array([t]), float(most)) for t, most in enumerate(self.most))
        together = ((window, self.each) for window in self.windows())
        return ((weeks, most) for weeks, most in chain(alone, together) if np.isfinite(most))

    def over(self, weekly: FloatArray) -> float:
        """By how many insertions a calendar has too many, at worst; not above 0 where it keeps all."""
        sums = self.sums(weekly)
        worst = float((sums - self.most).max(initial=-np.inf))
        return max([worst, *(float(sums[window].sum()) - self.each for window in self.windows())])

    def room(self, weekly: FloatArray) -> FloatArray:
        """(n_weeks,) insertions that still fit into each week."""
        sums = self.sums(weekly)
        left = self.most - sums
        for window in self.windows():
            left[window] = np.minimum(left[window], self.each - float(sums[window].sum()))
        return np.asarray(left)

    @property
    def flight(self) -> float:
        """Most insertions in the whole flight.

        >>> Spacing(np.array([0]), np.full(9, np.inf), apart=4, each=1.0).flight
        3.0
        """
        return self.flight_beside(np.full((1 + int(self.members.max()), len(self.most)), np.nan))

    def flight_beside(self, settled: FloatArray) -> float:
        """The same, beside weeks (n_vehicles, n_weeks) that are settled, nan where they are free: as early as can be
        is best, for all windows are alike.

        >>> third = np.array([[np.nan, 1.0, *[np.nan] * 7]])  # week 2: so the next one stands in week 6
        >>> Spacing(np.array([0]), np.full(9, np.inf), apart=4, each=1.0).flight_beside(third)
        2.0
        """
        taken = self.sums(np.nan_to_num(settled))
        for t in np.flatnonzero(np.isnan(settled[self.members]).any(axis=0)).tolist():
            room = float(self.most[t] - taken[t])
            for window in self.windows() if self.apart > 1 else ():
                if window[0] <= t <= window[-1]:
                    room = min(room, self.each - float(taken[window].sum()))
            taken[t] += max(room, 0.0)
        return float(taken.sum())

    def loosened_for(self, weekly: FloatArray) -> "Spacing":
        """The nearest that a calendar keeps."""
        sums = self.sums(weekly)
        fullest = max((float(sums[window].sum()) for window in self.windows()), default=0.0)
        return replace(self, most=np.maximum(self.most, sums), each=max(self.each, fullest))


@dataclass(frozen=True, eq=False)
class Appearances(Limit):
    """name: of the vehicle. columns: how plans lie. most_in_flight: insertions of all units. usual: it is only how
    often the vehicle appears, which nobody has to be told. names: of the weeks, for people; (): their numbers."""

    id: str
    name: str
    spacing: Spacing
    most_in_flight: float
    columns: Columns
    usual: bool = True
    unit: str = "insertions"
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        frozen_floats("availability", self.spacing.most, np.shape(self.spacing.most))

    def rows(self) -> tuple[Row, ...]:
        members, columns = self.spacing.members, self.columns
        flight = Row(members, np.ones(len(members)), "<=", self.most_in_flight)
        if not columns.weeks:
            return (flight,)
        spans = [
            (np.array([t]), float(most)) for t, most in enumerate(self.spacing.most) if np.isfinite(most)
        ]
        if self.spacing.apart > 1:
            spans += [(window, self.spacing.each) for window in self.spacing.windows()]
        rows = [flight]
        for weeks, most in spans:
            places = np.array([columns.week(int(j), int(t)) for j in members for t in weeks])
            rows.append(Row(places, np.ones(len(places)), "<=", most))
        return tuple(rows)

    def slack(self, outcome: Outcome) -> float:
        left = self.most_in_flight - float(self.columns.insertions(outcome.plan)[self.spacing.members].sum())
        if not self.columns.weeks:
            return left
        return min(left, -self.spacing.over(self.columns.weekly(outcome.plan)))

    @property
    def of_vehicle(self) -> int | None:
        return int(self.spacing.members[0]) if len(self.spacing.members) == 1 else None

    @property
    def offers(self) -> bool:
        return len(self.spacing.members) == 1

    @property
    def treatment(self) -> Treatment:
        return Treatment(told="when broken" if self.usual else "when binding", keeping=ON_OFFER)

    @property
    def limit(self) -> float:
        return self.most_in_flight

    @property
    def loosened(self) -> tuple[tuple[int, ...], ...]:
        """All of them together."""
        return (tuple(range(len(self.rows()))),)

    def eased(self, limit: float) -> "Appearances":
        more = limit - self.most_in_flight
        spacing = replace(self.spacing, most=self.spacing.most + more, each=self.spacing.each + more)
        return replace(self, most_in_flight=limit, spacing=spacing)

    def eased_for(self, outcome: Outcome) -> "Appearances":
        if self.holds(outcome):
            return self
        bought = float(self.columns.insertions(outcome.plan)[self.spacing.members].sum())
        eased = replace(self, most_in_flight=max(self.most_in_flight, bought))
        if not self.columns.weeks:
            return eased
        return replace(eased, spacing=self.spacing.loosened_for(self.columns.weekly(outcome.plan)))

    def sentence(self) -> str:
        apart, each = self.spacing.apart, self.spacing.each
        how = f", {number_text(each)} in any {apart} weeks" if apart > 1 and np.isfinite(each) else ""
        return f"{self.name}: at most {insertions_text(self.most_in_flight)} in the flight{how}"

    def broken_sentence(self, outcome: Outcome) -> str:
        """Of the weeks that count together and have most too many, where there are such."""
        if not self.columns.weeks:
            return self.sentence()
        sums = self.spacing.sums(self.columns.weekly(outcome.plan))
        worst = max(self.spacing.limits(), key=lambda own: float(sums[own[0]].sum()) - own[1], default=None)
        if worst is None or float(sums[worst[0]].sum()) <= worst[1]:
            return self.sentence()
        weeks, most = worst
        first, last = (self.names[t] if self.names else f"week {t + 1}" for t in (weeks[0], weeks[-1]))
        when = first if len(weeks) == 1 else f"{first} to {last}"
        return too_many_text(self.name, float(sums[weeks].sum()), most, when)
