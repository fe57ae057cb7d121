"""Every plan that may be worth more than so much, listed: where a relaxation's duals leave few, no search is needed.

A relaxation's reduced costs charge each number of insertions, and its duals what a plan leaves of each row's limit
(models.programme.reduced_costs). So a plan x of whole insertions that keeps the rows is worth at most

    most(x) = bound - sum_j charge_j(x_j) - sum_r |dual_r| slack_r(x)

Plans are put together vehicle by vehicle (models.programme.plans.half_made). What remains in the end are all plans
whose `most` is more than asked; their exact worth says which is best.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.insertion_rows import InsertionRows
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.answers import Relaxed
from models.programme.plans.half_made import SlackRows, put_together, to_come
from models.programme.plans.knapsack import Offered
from models.programme.reduced_costs import Charges
from models.programme.relaxation import keeps_everything
from models.purchase.columns import WHOLE

_ROUNDING = 1e-7  # of the bound, as in models.programme.reduced_costs
_AT_ONCE = 500  # plans whose worth is worked out
_WAYS = 1e10  # schedules between bounds


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
    rows: SlackRows, charged: Charges, room: float, many: int, deadline: float
) -> tuple[IntArray, FloatArray] | None:
    """The same, and (n,) what they are charged, the least first."""
    each = charged.each
    numbers = _numbers(charged, room)
    if not all(map(len, numbers)):
        return np.zeros((0, len(each)), dtype=np.int64), np.zeros(0)
    every = [Offered(j, number, each[j][number], rows.taken(j, number)) for j, number in enumerate(numbers)]
    matter = rows.that_matter(*(end[0] for end in to_come(rows, every)))
    rows, every = rows.only(matter), [replace(offer, taken=offer.taken[matter]) for offer in every]
    return put_together(rows, every, room, many, deadline)


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
    listed = put_together(rows, every, 1.0, many, deadline)
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


def _rows(own: InsertionRows, scale: FloatArray, row_worth: FloatArray | None) -> SlackRows:
    """The rows of insertions, with what their slack is worth, as far as that is known. scale: of the system's rows."""
    per_unit = np.zeros(len(own.most))
    if row_worth is not None:  # a bound's is counted with its column; rows are divided by it
        per_unit = np.where(own.places >= 0, (row_worth * scale)[own.places], 0.0)
    upper = np.where(np.isfinite(own.most), np.maximum(per_unit, 0.0), 0.0)
    lower = np.where(np.isfinite(own.least), np.maximum(-per_unit, 0.0), 0.0)
    which = np.arange(len(own.most))
    return SlackRows(own, which, own.least - own.tolerance, own.most + own.tolerance, upper, lower)
