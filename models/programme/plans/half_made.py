"""Schedules put together vehicle by vehicle, by what each number of insertions takes of rows and is charged.

One half made is dropped where it charges too much, beside the least that the vehicles to come charge and leave, or
where they cannot make it keep a row. That least is a knapsack (models.programme.plans.knapsack) in the row whose slack
is worth most, the budget as a rule; in the other rows it is what the most that they can take leaves.

What a vehicle takes of a row is a number for each number of its insertions, so rows may count what is bought at all.
What groups count once (models.problem.insertion_rows) is taken to be there or not until a plan is whole.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.insertion_rows import InsertionRows
from models.programme.plans.knapsack import Knapsack, Offered, knapsack
from models.programme.solvers.matrix import Index

_AT_ONCE = 500  # plans held against rows
_AT_EACH = 20  # times as many plans as may be half made are looked at with a vehicle's numbers
_ALWAYS = 400_000  # so many, at least
_NUMBERS = 8_000_000  # activities of rows, at most where they are more
_IN_PART = 1_000_000  # of these worked out at once
_STORED = 20_000_000  # numbers that plans half made are known by


@dataclass(frozen=True, eq=False)
class SlackRows:
    """Rows that may bind: least <= taken + groups <= most (n_rows,). of: the insertions' rows, and which of them these
    are. upper, lower: (n_rows,) worth of one left of each limit, 0 where it has none."""

    of: InsertionRows
    which: IntArray
    least: FloatArray
    most: FloatArray
    upper: FloatArray
    lower: FloatArray

    def taken(self, vehicle: int, numbers: IntArray) -> FloatArray:
        """(n_rows, n) what numbers (n,) of a vehicle's insertions take."""
        each, once = (part[self.which, vehicle, None] for part in (self.of.matrix, self.of.first))
        return np.asarray(each * numbers + once * (numbers > 0))

    def by_groups(self) -> tuple[FloatArray, FloatArray]:
        """(n_rows,) least and largest that groups count once."""
        group = self.of.group[self.which]
        return np.minimum(group, 0.0).sum(axis=1), np.maximum(group, 0.0).sum(axis=1)

    def that_matter(self, fewest: FloatArray, largest: FloatArray) -> BoolArray:
        """(n_rows,) which activities (n_rows,) between two may break, or whose slack is worth something."""
        worth = (self.upper > 0) | (self.lower > 0)
        return np.asarray(worth | (largest > self.most) | (fewest < self.least))

    def only(self, own: BoolArray) -> "SlackRows":
        """Some of them (n_rows,)."""
        return SlackRows(
            self.of, self.which[own], self.least[own], self.most[own], self.upper[own], self.lower[own]
        )

    def dearest(self, fewest: FloatArray) -> int | None:
        """The row whose upper limit's slack may be worth most, beside activities (n_rows,) at least; None where none is
        worth anything."""
        slack = np.where(self.upper > 0, self.most - fewest, 0.0)
        slack[self.of.group[self.which].any(axis=1)] = 0.0
        return int(np.argmax(self.upper * slack)) if (self.upper * slack > 0).any() else None

    def but_for(self, row: int) -> "SlackRows":
        """With no upper limit in a row."""
        most, upper = self.most.copy(), self.upper.copy()
        most[row], upper[row] = np.inf, 0.0
        return replace(self, most=most, upper=upper)

    def charge(self, fewest: FloatArray, largest: FloatArray) -> FloatArray:
        """(n,) least worth of slack, infinite where no row can be kept, of activities (n_rows, n) between two."""
        charge = np.zeros(fewest.shape[1])
        rows = zip(fewest, largest, self.least, self.most, self.lower, self.upper, strict=True)
        for low, high, least, most, under, over in rows:
            if np.isfinite(most):
                charge[low > most] = np.inf
            if np.isfinite(least):
                charge[high < least] = np.inf
            if over > 0:
                charge += over * np.maximum(most - high, 0.0)
            if under > 0:
                charge += under * np.maximum(low - least, 0.0)
        return charge


@dataclass(frozen=True, eq=False)
class HalfMade:
    """Plans half made (n, n_vehicles): what they charge (n,), what they take of the knapsack's row (n,) and of the
    others (n_rows, n)."""

    plans: Index
    charged: FloatArray
    spent: FloatArray
    activity: FloatArray

    def part(self, own: slice) -> "HalfMade":
        """Some of them."""
        return HalfMade(self.plans[own], self.charged[own], self.spent[own], self.activity[:, own])


def _joined(parts: Sequence[HalfMade]) -> HalfMade:
    """Parts together."""
    if len(parts) == 1:
        return parts[0]
    return HalfMade(
        np.concatenate([part.plans for part in parts]),
        np.concatenate([part.charged for part in parts]),
        np.concatenate([part.spent for part in parts]),
        np.concatenate([part.activity for part in parts], axis=1),
    )


def put_together(
    rows: SlackRows, every: Sequence[Offered], room: float, many: int, deadline: float
) -> tuple[IntArray, FloatArray] | None:
    """(n, n_vehicles) plans that keep the rows and charge no more than there is room for, and (n,) what they charge,
    the least first; None where more than so many half made are to be looked at, or time ends."""
    offers = [every[j] for j in _order(rows) if len(every[j].numbers) > 1]
    made = _begun(rows, every)
    sack, rows = _apart(rows, made.activity[:, 0], offers)
    made = replace(made, spent=np.full(1, sack.settled))
    ends = to_come(rows, offers)
    most = min(_AT_EACH * many, max(_ALWAYS, _NUMBERS // (len(rows.most) + 1)))
    many = min(many, _STORED // (len(every) + len(rows.most) + 3))
    for place, offer in enumerate(offers, 1):
        if len(made.charged) * len(offer.numbers) > most:
            return None
        step = _Step(offer, sack, place, rows, ends[0][place], ends[1][place], room)
        more = step.with_every(made, many, deadline)
        if more is None:
            return None
        made = more
    low, high = (made.activity + end[-1][:, None] for end in ends)
    charged = made.charged + sack.completed(len(offers), made.spent) + rows.charge(low, high)
    first = np.argsort(charged, kind="stable")
    first = first[charged[first] <= room]
    chunks = np.array_split(first, len(first) // _AT_ONCE + 1)
    keeps = np.concatenate(
        [rows.of.allows(rows.of.activity(made.plans[chunk].T.astype(np.int64))) for chunk in chunks]
    )
    first = first[keeps]
    found = np.empty((len(first), len(every)), dtype=np.int64)
    for j in range(len(every)):
        found[:, j] = made.plans[first, j]
    return found, charged[first]


def _begun(rows: SlackRows, every: Sequence[Offered]) -> HalfMade:
    """One plan of the vehicles of which one number alone may be bought."""
    alone = [offer for offer in every if len(offer.numbers) == 1]
    plan = np.zeros((1, len(every)), dtype=np.int32)
    plan[0, [offer.vehicle for offer in alone]] = [offer.numbers[0] for offer in alone]
    taken = sum((offer.taken for offer in alone), np.zeros((len(rows.most), 1)))
    return HalfMade(plan, np.full(1, sum(float(offer.charged[0]) for offer in alone)), np.zeros(1), taken)


@dataclass(frozen=True, eq=False)
class _Step:
    """What is on offer of one more vehicle. place: of the vehicles to come, in the knapsack. low, high: (n_rows,) least
    and largest that these take. room: for charges."""

    offer: Offered
    sack: Knapsack
    place: int
    rows: SlackRows
    low: FloatArray
    high: FloatArray
    room: float

    def with_every(self, made: HalfMade, many: int, deadline: float) -> HalfMade | None:
        """Plans half made with every number of the vehicle, some at a time; None where they are too many or time
        ends."""
        at_once = max(_IN_PART // (len(self.offer.numbers) * (len(self.rows.most) + 1)), 1)
        parts, found = [], 0
        for first in range(0, max(len(made.charged), 1), at_once):
            parts.append(self._with(made.part(slice(first, first + at_once))))
            found += len(parts[-1].charged)
            if found > many or time.monotonic() > deadline:
                return None
        return _joined(parts)

    def _with(self, made: HalfMade) -> HalfMade:
        """The same, but for those that charge too much or cannot keep a row."""
        own = len(self.offer.numbers)
        charged = (made.charged[:, None] + self.offer.charged).ravel()
        spent = (made.spent[:, None] + self.sack.taken[self.place - 1]).ravel()
        least = charged + self.sack.completed(self.place, spent)
        kept = np.flatnonzero(least <= self.room)
        moved = made.activity[:, kept // own] + self.offer.taken[:, kept % own]
        slack = self.rows.charge(moved + self.low[:, None], moved + self.high[:, None])
        inside = least[kept] + slack <= self.room
        kept, activity = kept[inside], moved[:, inside]
        plans = made.plans[kept // own]
        plans[:, self.offer.vehicle] = self.offer.numbers[kept % own]
        return HalfMade(plans, charged[kept], spent[kept], activity)


def _order(rows: SlackRows) -> IntArray:
    """Vehicles as plans are put together: those in rows, beside the knapsack's, whose slack is worth most are first, so
    that it is soon known; of these the largest first."""
    worth = np.maximum(rows.upper, rows.lower)
    worth[worth == worth.max(initial=0.0)] = 0.0
    first = np.abs(rows.of.matrix[rows.which]) + np.abs(rows.of.first[rows.which])
    return np.lexsort((-first.max(axis=0, initial=0.0), -(worth @ (first != 0))))


def _apart(rows: SlackRows, start: FloatArray, offers: Sequence[Offered]) -> tuple[Knapsack, SlackRows]:
    """The row whose slack may be worth most as a knapsack, of nothing where no slack is; and the rows without it.
    start: (n_rows,) taken by vehicles that are not on offer."""
    main = rows.dearest(start + to_come(rows, offers)[0][0])
    charged = [offer.charged for offer in offers]
    if main is None:
        return knapsack(0.0, 0.0, 0.0, [np.zeros(len(own)) for own in charged], charged), rows
    limits = float(rows.most[main]), float(rows.upper[main]), float(start[main])
    return knapsack(*limits, [offer.taken[main] for offer in offers], charged), rows.but_for(main)


def to_come(rows: SlackRows, offers: Sequence[Offered]) -> tuple[FloatArray, FloatArray]:
    """(n + 1, n_rows) least and largest that vehicles from each place on, and groups, take."""
    ends = [np.array([end]) for end in rows.by_groups()]
    if offers:
        taken = np.hstack([offer.taken for offer in offers[::-1]])
        starts = np.cumsum([0, *(len(offer.numbers) for offer in offers[:0:-1])])
        for side, most in enumerate((np.minimum, np.maximum)):
            ends[side] = np.vstack([ends[side], most.reduceat(taken, starts, axis=1).T])
    low, high = (np.cumsum(end, axis=0)[::-1] for end in ends)
    return low, high
