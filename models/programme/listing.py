"""Every plan that may be worth more than so much, listed: where a relaxation's duals leave few, no search is needed.

A relaxation's reduced costs charge each number of insertions, and its duals what a plan leaves of each row's limit
(models.programme.charges). So a plan x of whole insertions that keeps the rows is worth at most

    most(x) = bound - sum_j charge_j(x_j) - sum_r |dual_r| slack_r(x)

Plans are put together vehicle by vehicle, those in most rows first; one half made is dropped where it charges too much
already, beside the least that the vehicles to come still lose: all that they can do with what is left of the row whose
price weighs most (models.programme.filling), and the least slack of the others; or where they cannot make it keep a
row. What is left in the end are all plans whose `most` is more than asked; their exact worth says which is best.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.filling import Filling, filling
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

    def left(self, row: int, activity: FloatArray, fewest: FloatArray, largest: FloatArray) -> FloatArray:
        """Of a row's priced limit, if activities become the least of it that they may: what vehicles to come take of it
        lies between two."""
        if self.upper[row] >= self.lower[row]:
            return np.asarray(self.most[row] - (activity + fewest))
        return np.asarray(activity + largest - self.least[row])

    def charge(self, fewest: FloatArray, largest: FloatArray, but: int) -> FloatArray:
        """(n,) least worth of slack, infinite where no row can be kept, of activities (n_rows, n) between two. but: a
        row whose slack is charged elsewhere, -1 for none."""
        broken = (fewest > self.most[:, None]).any(axis=0) | (largest < self.least[:, None]).any(axis=0)
        charge = np.where(broken, np.inf, 0.0)
        for row in np.flatnonzero((self.upper > 0) | (self.lower > 0)):
            if row == but:
                continue
            if self.upper[row] > 0:
                charge += self.upper[row] * np.maximum(self.most[row] - largest[row], 0.0)
            if self.lower[row] > 0:
                charge += self.lower[row] * np.maximum(fewest[row] - self.least[row], 0.0)
        return charge


@dataclass(frozen=True, eq=False)
class _Choices:
    """Vehicles in the order they are placed. numbers: (n_choices,) of insertions of each; charges: what each is
    charged; steps: (n_rows, n_choices) what each takes of the rows. fewest, largest: (n_rows, n + 1) what the vehicles
    to come take of them, by how many are placed."""

    vehicles: IntArray
    numbers: tuple[IntArray, ...]
    charges: tuple[FloatArray, ...]
    steps: tuple[FloatArray, ...]
    fewest: FloatArray
    largest: FloatArray


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
    numbers = _possible(relaxed, room)
    if min(map(len, numbers)) == 0:
        return np.zeros((0, n), dtype=np.int64), np.zeros(0)
    low = np.array([own[0] for own in numbers])
    rows = _rows(problem, relaxed.row_worth)
    rows = rows.that_matter(*_ends(rows.matrix, numbers))
    choices = _choices(rows.matrix, numbers, each)
    plans, charged = low[None, :].copy(), np.zeros(1)
    activity = (rows.matrix @ low)[:, None]
    filled, row = _filled(rows, choices, room)
    for place, j in enumerate(choices.vehicles):
        steps, total = choices.steps[place], charged[:, None] + choices.charges[place]
        fewest, largest = (ends[:, place + 1, None] for ends in (choices.fewest, choices.largest))
        if filled is not None:
            taken = activity[row][:, None] + steps[row]
            total = total + filled.loss(place + 1, rows.left(row, taken, fewest[row], largest[row]))
        plan, choice = np.nonzero(total <= room)
        after = activity[:, plan] + steps[:, choice]
        kept = np.flatnonzero(total[plan, choice] + rows.charge(after + fewest, after + largest, row) <= room)
        if len(kept) > many:
            return None
        plan, choice, activity = plan[kept], choice[kept], after[:, kept]
        plans, charged = plans[plan], charged[plan] + choices.charges[place][choice]
        plans[:, j] = choices.numbers[place][choice]
    charged = charged + rows.charge(activity, activity, -1)
    first = np.argsort(charged, kind="stable")
    first = first[charged[first] <= room]
    return plans[first], relaxed.bound - charged[first]


def _possible(relaxed: Relaxed, room: float) -> list[IntArray]:
    """(n_choices,) numbers of insertions of each vehicle that are charged no more than so much."""
    charged = relaxed.charged
    return [
        int(charged.lower[j]) + np.flatnonzero(own[int(charged.lower[j]) : int(charged.upper[j]) + 1] <= room)
        for j, own in enumerate(charged.each)
    ]


def _choices(matrix: FloatArray, numbers: Sequence[IntArray], each: Sequence[FloatArray]) -> _Choices:
    """The vehicles with more than one number: those in most rows first, and of these those that take most of one."""
    free = np.array([j for j, own in enumerate(numbers) if len(own) > 1], dtype=np.int64)
    taken = np.abs(matrix[:, free])
    order = free[np.lexsort([-taken.max(axis=0, initial=0.0), -(taken > 0).sum(axis=0)])]
    steps = [np.outer(matrix[:, j], numbers[j] - numbers[j][0]) for j in order]
    fewest, largest = np.zeros((2, len(matrix), len(order) + 1))
    for place in range(len(order) - 1, -1, -1):
        fewest[:, place] = fewest[:, place + 1] + steps[place].min(axis=1)
        largest[:, place] = largest[:, place + 1] + steps[place].max(axis=1)
    own = tuple(numbers[j] for j in order)
    return _Choices(order, own, tuple(each[j][numbers[j]] for j in order), tuple(steps), fewest, largest)


def _filled(rows: _Rows, choices: _Choices, room: float) -> tuple[Filling | None, int]:
    """What the vehicles to come still lose by the row whose price weighs most, and the row; -1 where there is none."""
    weight = np.maximum(rows.upper, rows.lower) * (choices.largest - choices.fewest)[:, 0]
    if not len(choices.vehicles) or not weight.max(initial=0.0) > 0:
        return None, -1
    row = int(np.argmax(weight))
    sign = 1.0 if rows.upper[row] >= rows.lower[row] else -1.0
    steps = [(sign * own[row]) - (sign * own[row]).min() for own in choices.steps]
    found = filling(max(rows.upper[row], rows.lower[row]), steps, choices.charges, room)
    return found, -1 if found is None else row


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
