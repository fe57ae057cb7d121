"""Every plan that may be worth more than so much, listed: where a relaxation's duals leave few, no search is needed.

A relaxation's reduced costs charge each number of insertions, and its duals what a plan leaves of each row's limit
(models.programme.reduced_costs). So a plan x of whole insertions that keeps the rows is worth at most

    most(x) = bound - sum_j charge_j(x_j) - sum_r |dual_r| slack_r(x)

Plans are put together vehicle by vehicle; one half made is dropped where it charges too much, beside the least that the
vehicles to come charge and leave, or where they cannot make it keep a row. That least is a knapsack
(models.programme.plans.knapsack) in the row whose slack is worth most, the budget as a rule; in the other rows it is
what the most that they can take leaves. What remains in the end are all plans whose `most` is more than asked; their
exact worth says which is best.

What a vehicle takes of a row is a number for each number of its insertions, so rows may count what is bought at all.
What groups count once (models.problem.insertion_rows) is taken to be there or not until a plan is whole.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.insertion_rows import InsertionRows
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.answers import Relaxed
from models.programme.plans.knapsack import Knapsack, Offered, knapsack
from models.programme.reduced_costs import Charges
from models.programme.relaxation import keeps_everything
from models.programme.solvers.matrix import Index
from models.purchase.columns import WHOLE

_ROUNDING = 1e-7  # of the bound, as in models.programme.reduced_costs
_AT_ONCE = 500  # plans whose worth is worked out
_WAYS = 1e10  # schedules between bounds
_AT_EACH = 20  # times as many plans as may be half made are looked at with a vehicle's numbers
_ALWAYS = 400_000  # so many, at least
_NUMBERS = 8_000_000  # activities of rows, at most where they are more
_IN_PART = 1_000_000  # of these worked out at once
_STORED = 20_000_000  # numbers that plans half made are known by


@dataclass(frozen=True, eq=False)
class _Rows:
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

    def only(self, own: BoolArray) -> "_Rows":
        """Some of them (n_rows,)."""
        return _Rows(
            self.of, self.which[own], self.least[own], self.most[own], self.upper[own], self.lower[own]
        )

    def dearest(self, fewest: FloatArray) -> int | None:
        """The row whose upper limit's slack may be worth most, beside activities (n_rows,) at least; None where none is
        worth anything."""
        slack = np.where(self.upper > 0, self.most - fewest, 0.0)
        slack[self.of.group[self.which].any(axis=1)] = 0.0
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
    """Whether plans can be listed: whole insertions that all else follows from, people who count once reached."""
    reached_once = not problem.effective and problem.objective.effective is None
    return problem.whole and problem.insertions_only and reached_once


def plans_worth_more(
    problem: Problem, relaxed: Relaxed, worth: float, many: int, deadline: float = np.inf
) -> tuple[IntArray, FloatArray] | None:
    """(n, n_vehicles) all plans that keep the rows and may be worth more, and (n,) the most each can be worth, the
    largest first; floors are not looked at. None where the relaxation says nothing of them, more than so many half
    made are to be looked at, or time (time.monotonic) ends."""
    room, system = relaxed.bound - worth + _ROUNDING * abs(relaxed.bound), problem.system
    if not listable(problem) or len(relaxed.charged.each) != problem.n_vehicles or not np.isfinite(room):
        return None
    assert system.insertion_rows is not None
    rows = _rows(system.insertion_rows, system.scale, relaxed.row_worth)
    listed = _charged_less(rows, relaxed.charged, room, many, deadline)
    return None if listed is None else (listed[0], relaxed.bound - listed[1])


def schedules_charged_less(
    problem: Problem,
    own: InsertionRows,
    charged: Charges,
    row_worth: FloatArray | None,
    room: float,
    many: int,
    deadline: float = np.inf,
) -> IntArray | None:
    """(n, n_vehicles) all whole insertions that keep rows and are charged no more than there is room for; None as of
    plans_worth_more, or where bounds leave so many that no rows make them few. row_worth: of the system's rows, where
    `own` are its insertions' rows."""
    if _ways(_numbers(charged, room)) > _WAYS:
        return None
    listed = _charged_less(_rows(own, problem.system.scale, row_worth), charged, room, many, deadline)
    return None if listed is None else listed[0]


def _charged_less(
    rows: _Rows, charged: Charges, room: float, many: int, deadline: float
) -> tuple[IntArray, FloatArray] | None:
    """The same, and (n,) what they are charged, the least first."""
    each = charged.each
    numbers = _numbers(charged, room)
    if not all(map(len, numbers)):
        return np.zeros((0, len(each)), dtype=np.int64), np.zeros(0)
    every = [Offered(j, number, each[j][number], rows.taken(j, number)) for j, number in enumerate(numbers)]
    matter = rows.that_matter(*(end[0] for end in _to_come(rows, every)))
    rows, every = rows.only(matter), [replace(offer, taken=offer.taken[matter]) for offer in every]
    return _put_together(rows, every, room, many, deadline)


def every_plan(problem: Problem, many: int) -> IntArray | None:
    """(n, n_vehicles) all plans that keep the rows, where insertions are whole and all else follows from them; goals
    are not looked at. None where more than so many half made are to be looked at."""
    own = problem.system.insertion_rows
    return None if own is None else every_schedule(problem, own, many)


def every_schedule(
    problem: Problem, own: InsertionRows, many: int, deadline: float = np.inf
) -> IntArray | None:
    """(n, n_vehicles) all whole insertions that keep rows; None as of every_plan, or where time (time.monotonic)
    ends."""
    system, n = problem.system, problem.n_vehicles
    if not (problem.whole and (system.upper[:n] < many).all()):
        return None
    rows = _rows(own, system.scale, None)
    ends = zip(system.lower[:n], system.upper[:n], strict=True)
    numbers = [np.arange(int(np.ceil(low - WHOLE)), int(np.floor(high + WHOLE)) + 1) for low, high in ends]
    if not all(map(len, numbers)):
        return np.zeros((0, n), dtype=np.int64)
    every = [
        Offered(j, number, np.zeros(len(number)), rows.taken(j, number)) for j, number in enumerate(numbers)
    ]
    listed = _put_together(rows, every, 1.0, many, deadline)
    return None if listed is None else listed[0]


def _ways(numbers: Sequence[IntArray]) -> float:
    """How many schedules there are, rows aside."""
    return float(np.prod([float(len(number)) for number in numbers]))


def _numbers(charged: Charges, room: float) -> list[IntArray]:
    """Of each vehicle, the numbers of insertions that may be bought and are charged no more than there is room for."""
    found = []
    for j, charge in enumerate(charged.each):
        number = np.arange(int(charged.lower[j]), len(charge))
        found.append(number[charge[number] <= room])
    return found


@dataclass(frozen=True, eq=False)
class _Made:
    """Plans half made (n, n_vehicles): what they charge (n,), what they take of the knapsack's row (n,) and of the
    others (n_rows, n)."""

    plans: Index
    charged: FloatArray
    spent: FloatArray
    activity: FloatArray

    def part(self, own: slice) -> "_Made":
        """Some of them."""
        return _Made(self.plans[own], self.charged[own], self.spent[own], self.activity[:, own])


def _joined(parts: Sequence[_Made]) -> _Made:
    """Parts together."""
    if len(parts) == 1:
        return parts[0]
    return _Made(
        np.concatenate([part.plans for part in parts]),
        np.concatenate([part.charged for part in parts]),
        np.concatenate([part.spent for part in parts]),
        np.concatenate([part.activity for part in parts], axis=1),
    )


def _put_together(
    rows: _Rows, every: Sequence[Offered], room: float, many: int, deadline: float
) -> tuple[IntArray, FloatArray] | None:
    """(n, n_vehicles) plans that keep the rows and charge no more than there is room for, and (n,) what they charge,
    the least first; None where more than so many half made are to be looked at, or time ends."""
    offers = [every[j] for j in _order(rows) if len(every[j].numbers) > 1]
    made = _begun(rows, every)
    sack, rows = _apart(rows, made.activity[:, 0], offers)
    made = replace(made, spent=np.full(1, sack.settled))
    ends = _to_come(rows, offers)
    most = min(_AT_EACH * many, max(_ALWAYS, _NUMBERS // (len(rows.most) + 1)))
    many = min(many, _STORED // (len(every) + len(rows.most) + 3))
    for place, offer in enumerate(offers, 1):
        if len(made.charged) * len(offer.numbers) > most:
            return None
        at_ends = ends[0][place], ends[1][place]
        more = _with_all(made, offer, (sack, place), rows, at_ends, (room, many, deadline))
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


def _begun(rows: _Rows, every: Sequence[Offered]) -> _Made:
    """One plan of the vehicles of which one number alone may be bought."""
    alone = [offer for offer in every if len(offer.numbers) == 1]
    plan = np.zeros((1, len(every)), dtype=np.int32)
    plan[0, [offer.vehicle for offer in alone]] = [offer.numbers[0] for offer in alone]
    taken = sum((offer.taken for offer in alone), np.zeros((len(rows.most), 1)))
    return _Made(plan, np.full(1, sum(float(offer.charged[0]) for offer in alone)), np.zeros(1), taken)


def _with_all(
    made: _Made,
    offer: Offered,
    sack: tuple[Knapsack, int],
    rows: _Rows,
    ends: tuple[FloatArray, FloatArray],
    limits: tuple[float, int, float],
) -> _Made | None:
    """As _with, some at a time; None where they are too many or time ends. limits: room, how many, deadline."""
    room, many, deadline = limits
    at_once = max(_IN_PART // (len(offer.numbers) * (len(rows.most) + 1)), 1)
    parts, found = [], 0
    for first in range(0, max(len(made.charged), 1), at_once):
        parts.append(_with(made.part(slice(first, first + at_once)), offer, sack, rows, ends, room))
        found += len(parts[-1].charged)
        if found > many or time.monotonic() > deadline:
            return None
    return _joined(parts)


def _with(
    made: _Made,
    offer: Offered,
    sack: tuple[Knapsack, int],
    rows: _Rows,
    ends: tuple[FloatArray, FloatArray],
    room: float,
) -> _Made:
    """Plans with every number of one more vehicle, but those that charge too much or cannot keep a row. sack: with the
    place of the vehicles to come; ends: (n_rows,) least and largest that these take."""
    own, (knapsack_row, place) = len(offer.numbers), sack
    charged = (made.charged[:, None] + offer.charged).ravel()
    spent = (made.spent[:, None] + knapsack_row.taken[place - 1]).ravel()
    least = charged + knapsack_row.completed(place, spent)
    kept = np.flatnonzero(least <= room)
    moved = made.activity[:, kept // own] + offer.taken[:, kept % own]
    inside = least[kept] + rows.charge(moved + ends[0][:, None], moved + ends[1][:, None]) <= room
    kept, activity = kept[inside], moved[:, inside]
    plans = made.plans[kept // own]
    plans[:, offer.vehicle] = offer.numbers[kept % own]
    return _Made(plans, charged[kept], spent[kept], activity)


def _order(rows: _Rows) -> IntArray:
    """Vehicles as plans are put together: those in rows, beside the knapsack's, whose slack is worth most are first, so
    that it is soon known; of these the largest first."""
    worth = np.maximum(rows.upper, rows.lower)
    worth[worth == worth.max(initial=0.0)] = 0.0
    first = np.abs(rows.of.matrix[rows.which]) + np.abs(rows.of.first[rows.which])
    return np.lexsort((-first.max(axis=0, initial=0.0), -(worth @ (first != 0))))


def _apart(rows: _Rows, start: FloatArray, offers: Sequence[Offered]) -> tuple[Knapsack, _Rows]:
    """The row whose slack may be worth most as a knapsack, of nothing where no slack is; and the rows without it.
    start: (n_rows,) taken by vehicles that are not on offer."""
    main = rows.dearest(start + _to_come(rows, offers)[0][0])
    charged = [offer.charged for offer in offers]
    if main is None:
        return knapsack(0.0, 0.0, 0.0, [np.zeros(len(own)) for own in charged], charged), rows
    limits = float(rows.most[main]), float(rows.upper[main]), float(start[main])
    return knapsack(*limits, [offer.taken[main] for offer in offers], charged), rows.but_for(main)


def _to_come(rows: _Rows, offers: Sequence[Offered]) -> tuple[FloatArray, FloatArray]:
    """(n + 1, n_rows) least and largest that vehicles from each place on, and groups, take."""
    ends = [np.array([end]) for end in rows.by_groups()]
    if offers:
        taken = np.hstack([offer.taken for offer in offers[::-1]])
        starts = np.cumsum([0, *(len(offer.numbers) for offer in offers[:0:-1])])
        for side, most in enumerate((np.minimum, np.maximum)):
            ends[side] = np.vstack([ends[side], most.reduceat(taken, starts, axis=1).T])
    low, high = (np.cumsum(end, axis=0)[::-1] for end in ends)
    return low, high


def best_listed(
    problem: Problem, response: Response, relaxed: Relaxed, worth: float, many: int, deadline: float = np.inf
) -> tuple[FloatArray | None, float] | None:
    """The best plan (n_vehicles,) worth more than so much and its worth; no plan, and so much, where there is none.
    None where plans are not listed, for more than so many half made would be, or time (time.monotonic) ends."""
    listed = plans_worth_more(problem, relaxed, worth, many, deadline)
    if listed is None:
        return None
    best: FloatArray | None = None
    for first in range(0, len(listed[0]), _AT_ONCE):
        if listed[1][first] <= worth - _ROUNDING * abs(relaxed.bound):
            break
        if time.monotonic() > deadline:
            return None
        plans = listed[0][first : first + _AT_ONCE]
        about = _worths(problem, response, plans)
        for place in np.argsort(-about, kind="stable"):
            if about[place] <= worth - _ROUNDING * abs(worth):
                break
            plan = plans[place].astype(float)
            value = problem.value(plan)
            if value > worth and keeps_everything(problem, plan):
                best, worth = plan, value
    return best, worth


def likely_worth_more(problem: Problem, response: Response, plans: IntArray, worth: float) -> IntArray:
    """Those of whole plans (n, n_vehicles) that may be worth more than so much, but for rounding: none is lost that
    is."""
    chunks = [plans[first : first + _AT_ONCE] for first in range(0, len(plans), _AT_ONCE)]
    least = worth - _ROUNDING * abs(worth)
    kept = [chunk[_worths(problem, response, chunk) > least] for chunk in chunks]
    return np.concatenate([plans[:0], *kept])


def _worths(problem: Problem, response: Response, plans: IntArray) -> FloatArray:
    """(n_plans,) worth of plans (n_plans, n_vehicles), but for rounding; minus infinity of those that miss a floor."""
    reach, objective = response.reach_of(plans), problem.objective.within(response.segments)
    worth = np.asarray(objective.of_reach(reach) + plans @ objective.insertion_worth)
    for floor in problem.floors:
        people = floor.people[response.segments] @ reach
        people += 0.0 if floor.contacts is None else plans @ floor.contacts
        worth[people < floor.least - _ROUNDING * floor.size] = -np.inf
    if problem.objective.saves_money:
        worth = worth - np.array([problem.tariff.total(plan) for plan in plans.astype(float)])
    return worth


def _rows(own: InsertionRows, scale: FloatArray, row_worth: FloatArray | None) -> _Rows:
    """The rows of insertions, with what their slack is worth, as far as that is known. scale: of the system's rows."""
    per_unit = np.zeros(len(own.most))
    if row_worth is not None:  # a bound's is counted with its column; rows are divided by it
        per_unit = np.where(own.places >= 0, (row_worth * scale)[own.places], 0.0)
    upper = np.where(np.isfinite(own.most), np.maximum(per_unit, 0.0), 0.0)
    lower = np.where(np.isfinite(own.least), np.maximum(-per_unit, 0.0), 0.0)
    which = np.arange(len(own.most))
    return _Rows(own, which, own.least - own.tolerance, own.most + own.tolerance, upper, lower)
