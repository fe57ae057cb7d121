"""Every plan that may be worth more than so much, listed: where a relaxation's duals leave few, no search is needed.

A relaxation's reduced costs charge each number of insertions, and its duals what a plan leaves of each row's limit
(models.programme.charges). So a plan x of whole insertions that keeps the rows is worth at most

    most(x) = bound - sum_j charge_j(x_j) - sum_r |dual_r| slack_r(x)

Plans are put together vehicle by vehicle, those of the largest coefficients first; one half made is dropped where it
charges too much already, beside the least slack that the vehicles to come leave, or where they cannot make it keep a
row. What is left in the end are all plans whose `most` is more than asked; their exact worth says which is best.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
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
    low, high = (bounds[:n].astype(np.int64) for bounds in relaxed.charged.possible(worth))
    numbers = [np.arange(low[j], high[j] + 1) for j in range(n)]
    numbers = [number[each[j][number] <= room] for j, number in enumerate(numbers)]
    free = np.array([j for j in range(n) if len(numbers[j]) > 1], dtype=np.int64)
    rows = _rows(problem, relaxed.row_worth)
    ends = _ends(rows.matrix, numbers)
    rows = rows.that_matter(*ends)
    order = free[np.argsort(-np.abs(rows.matrix[:, free]).max(axis=0, initial=0.0), kind="stable")]
    plans, charged = low[None, :].copy(), np.zeros(1)
    activity = (rows.matrix @ low)[:, None]
    for place, j in enumerate(order):
        own, later = numbers[j], order[place + 1 :]
        steps = np.outer(rows.matrix[:, j], own - low[j])
        activity = (activity[:, :, None] + steps[:, None, :]).reshape(len(steps), len(charged) * len(own))
        charged = (charged[:, None] + each[j][own][None, :]).ravel()
        fewest, largest = _ends(rows.matrix[:, later], [numbers[i] - low[i] for i in later])
        spare = rows.charge(activity + fewest[:, None], activity + largest[:, None])
        kept = np.flatnonzero(charged + spare <= room)
        if len(kept) > many:
            return None
        plans = plans[kept // len(own)]
        plans[:, j] = own[kept % len(own)]
        activity, charged = activity[:, kept], charged[kept]
    charged = charged + rows.charge(activity, activity)
    first = np.argsort(charged, kind="stable")
    first = first[charged[first] <= room]
    return plans[first], relaxed.bound - charged[first]


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
