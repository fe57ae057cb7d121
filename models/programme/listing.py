"""Every plan that may be worth more than so much, listed: where a relaxation's duals leave few, no search is needed.

A relaxation's reduced costs charge each number of insertions, and its duals what a plan leaves of each row's limit
(models.programme.charges). So a plan x of whole insertions that keeps the rows is worth at most

    most(x) = bound - sum_j charge_j(x_j) - sum_r |dual_r| slack_r(x)

Plans are put together vehicle by vehicle; one half made is dropped where it charges too much, beside the least that the
vehicles to come charge and leave, or where they cannot make it keep a row. That least is a knapsack
(models.programme.knapsack) in the row whose slack is worth most, the budget as a rule; in the other rows it is what the
most that they can take leaves. What remains in the end are all plans whose `most` is more than asked; their exact worth
says which is best.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.knapsack import Knapsack, Offered, knapsack
from models.programme.relaxation import keeps_everything

_ROUNDING = 1e-7  # of the bound, as in models.programme.charges


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows that may bind: least <= matrix x <= most (n_rows,). upper, lower: (n_rows,) worth of one left of each limit,
    0 where it has none."""

    matrix: FloatArray
    least: FloatArray
    most: FloatArray
    upper: FloatArray
    lower: FloatArray

    def that_matter(self, fewest: FloatArray, largest: FloatArray) -> "_Rows":
        """Those that activities (n_rows,) between two may break, or whose slack is worth something."""
        own = (self.upper > 0) | (self.lower > 0) | (largest > self.most) | (fewest < self.least)
        return _Rows(self.matrix[own], self.least[own], self.most[own], self.upper[own], self.lower[own])

    def dearest(self, fewest: FloatArray) -> int | None:
        """The row whose upper limit's slack may be worth most, beside activities (n_rows,) at least; None where none is
        worth anything."""
        slack = np.where(self.upper > 0, self.most - fewest, 0.0)
        return int(np.argmax(self.upper * slack)) if (self.upper * slack > 0).any() else None

    def but_for(self, row: int) -> "_Rows":
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


def listable(problem: Problem) -> bool:
    """Whether plans can be listed: whole insertions, rows over insertions alone, people who count once reached."""
    return problem.whole and problem.plain and not problem.effective and problem.objective.effective is None


def plans_worth_more(
    problem: Problem, relaxed: Relaxed, worth: float, many: int
) -> tuple[IntArray, FloatArray] | None:
    """(n, n_vehicles) all plans that keep the rows and may be worth more, and (n,) the most each can be worth, the
    largest first; floors are not looked at. None where the relaxation says nothing of them, or more than so many half
    made are to be looked at."""
    room = relaxed.bound - worth + _ROUNDING * abs(relaxed.bound)
    each, n = relaxed.charged.each, problem.n_vehicles
    if not listable(problem) or relaxed.row_worth is None or len(each) != n or not np.isfinite(room):
        return None
    settled, high = (bounds[:n].astype(np.int64) for bounds in relaxed.charged.possible(worth))
    numbers = [_charged_so_little(*ends, room) for ends in zip(each, settled, high, strict=True)]
    rows = _rows(problem, relaxed.row_worth)
    rows = rows.that_matter(*_ends(rows.matrix, numbers))
    offers = [Offered(j, numbers[j], each[j][numbers[j]]) for j in _order(rows) if len(numbers[j]) > 1]
    settled[[offer.vehicle for offer in offers]] = 0
    listed = _put_together(rows, settled, offers, room, many)
    return None if listed is None else (listed[0], relaxed.bound - listed[1])


def _charged_so_little(charge: FloatArray, fewest: int, most: int, room: float) -> IntArray:
    """Numbers of insertions from the fewest to the most that are charged no more than there is room for."""
    numbers = np.arange(fewest, most + 1)
    return np.asarray(numbers[charge[numbers] <= room])


def _put_together(
    rows: _Rows, settled: IntArray, offers: Sequence[Offered], room: float, many: int
) -> tuple[IntArray, FloatArray] | None:
    """(n, n_vehicles) plans that keep the rows and charge no more than there is room for, and (n,) what they charge,
    the least first; None where more than so many half made are to be looked at. settled: (n_vehicles,) what is bought
    of vehicles that are not on offer."""
    sack, rows = _apart(rows, settled, offers)
    fewest, largest = _to_come(rows.matrix, offers)
    plans, charged = settled[None, :].copy(), np.zeros(1)
    spent, activity = np.full(1, sack.row @ settled), (rows.matrix @ settled)[:, None]
    for place, offer in enumerate(offers, 1):
        j, own = offer.vehicle, offer.numbers
        charged = (charged[:, None] + offer.charged).ravel()
        spent = (spent[:, None] + sack.row[j] * own).ravel()
        least = charged + sack.completed(place, spent)
        kept = np.flatnonzero(least <= room)
        moved = activity[:, kept // len(own)] + rows.matrix[:, j, None] * own[kept % len(own)]
        further = rows.charge(moved + fewest[place][:, None], moved + largest[place][:, None])
        inside = least[kept] + further <= room
        kept, activity = kept[inside], moved[:, inside]
        if len(kept) > many:
            return None
        plans = plans[kept // len(own)]
        plans[:, j] = own[kept % len(own)]
        charged, spent = charged[kept], spent[kept]
    charged = charged + sack.completed(len(offers), spent) + rows.charge(activity, activity)
    first = np.argsort(charged, kind="stable")
    first = first[charged[first] <= room]
    return plans[first], charged[first]


def _order(rows: _Rows) -> IntArray:
    """Vehicles as plans are put together: those in rows, beside the knapsack's, whose slack is worth most are first, so
    that it is soon known; of these the largest first."""
    worth = np.maximum(rows.upper, rows.lower)
    worth[worth == worth.max(initial=0.0)] = 0.0
    size = np.abs(rows.matrix).max(axis=0, initial=0.0)
    return np.lexsort((-size, -(worth @ (rows.matrix != 0))))


def _apart(rows: _Rows, settled: IntArray, offers: Sequence[Offered]) -> tuple[Knapsack, _Rows]:
    """The row whose slack may be worth most as a knapsack, of nothing where no slack is; and the rows without it."""
    start = rows.matrix @ settled
    main = rows.dearest(start + _to_come(rows.matrix, offers)[0][0])
    if main is None:
        return knapsack(np.zeros(len(settled)), 0.0, 0.0, 0.0, offers), rows
    sack = knapsack(
        rows.matrix[main], float(rows.most[main]), float(rows.upper[main]), float(start[main]), offers
    )
    return sack, rows.but_for(main)


def _to_come(matrix: FloatArray, offers: Sequence[Offered]) -> tuple[FloatArray, FloatArray]:
    """(n + 1, n_rows) least and largest activity of the vehicles from each place on."""
    ends = np.zeros((2, len(offers) + 1, len(matrix)))
    for place in range(len(offers) - 1, -1, -1):
        activity = np.outer(offers[place].numbers, matrix[:, offers[place].vehicle])
        ends[0, place] = ends[0, place + 1] + activity.min(axis=0)
        ends[1, place] = ends[1, place + 1] + activity.max(axis=0)
    return ends[0], ends[1]


def best_listed(
    problem: Problem, relaxed: Relaxed, worth: float, many: int
) -> tuple[FloatArray | None, float] | None:
    """The best plan (n_vehicles,) worth more than so much and its worth; no plan, and so much, where there is none.
    None where plans are not listed, for more than so many half made would be."""
    listed = plans_worth_more(problem, relaxed, worth, many)
    if listed is None:
        return None
    best: FloatArray | None = None
    for plan, most in zip(listed[0].astype(float), listed[1], strict=True):
        if most <= worth - _ROUNDING * abs(relaxed.bound):
            break
        value = problem.value(plan)
        if value > worth and keeps_everything(problem, plan):
            best, worth = plan, value
    return best, worth


def _rows(problem: Problem, row_worth: FloatArray) -> _Rows:
    """The rows, as the problem's system states them."""
    system = problem.system
    per_unit = row_worth * system.scale  # rows are divided by it
    upper = np.where(np.isfinite(system.most), np.maximum(per_unit, 0.0), 0.0)
    lower = np.where(np.isfinite(system.least), np.maximum(-per_unit, 0.0), 0.0)
    return _Rows(system.matrix, system.least - system.tolerance, system.most + system.tolerance, upper, lower)


def _ends(coefficients: FloatArray, numbers: Sequence[IntArray]) -> tuple[FloatArray, FloatArray]:
    """(n_rows,) least and largest activity of vehicles of which some numbers of insertions each may be bought."""
    fewest = np.array([own.min() for own in numbers], dtype=float)
    largest = np.array([own.max() for own in numbers], dtype=float)
    down, up = np.minimum(coefficients, 0.0), np.maximum(coefficients, 0.0)
    return up @ fewest + down @ largest, up @ largest + down @ fewest
