"""Effective reach where few schedules can be bought: each is valued, and the best of those that a plan can have is
certain.

What a plan is worth depends on its insertions alone. So all insertions that may be are listed
(models.problem.schedule_rows), valued together (models.reach.many_plans), and looked at from the best on: whether
weeks, packages and discounts complete them to a plan. The first that has one is the best. Where parts of a week or of
a package do not either, the reason rules out others as well (models.programme.plans.completion).
"""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.problem.schedule_rows import schedule_rows
from models.programme.plans.completion import Completion
from models.programme.plans.listing import every_schedule
from models.reach.contacts import Contacts
from models.reach.frequency import COARSE, FINE
from models.reach.many_plans import met_by_each
from models.search.work import Work

MANY = 500_000  # schedules, half made ones too
_FEW = 20_000  # with more, they are told apart roughly first
_LOOKED, _IN_VAIN = 3_000, 200  # at most; that are worth less than they were said to be, and than the best
_ASKED, _SEARCH = 300, 5  # questions whether schedules can be completed, at most; a search counts as so many
_WAYS, _VERY_FEW = 1e10, 2_000  # with more numbers between bounds, rows must leave very few
_FOR_MOVES = 0.5  # of the time, where the best is not certain by then
_FINE, _ROUGH = 1e-7, 3e-6  # of the people counted: what contacts worked out together may be off by


def by_listing(work: Work) -> bool:
    """Keep the best of all plans, as certain, where few schedules can be bought; whether all that may be worth more was
    looked at."""
    problem, effective = work.problem, work.problem.objective.effective
    if effective is None or not problem.whole:
        return False
    ways = float(np.prod(problem.system.upper[: problem.n_vehicles] + 1))
    many = MANY if ways <= _WAYS else min(MANY, _VERY_FEW)
    with work.kept_back(_FOR_MOVES):
        plans = every_schedule(problem, schedule_rows(problem), many, work.deadline)
        if plans is None or not len(plans):
            return False
        work.tell("every schedule")
        return look_at(work, plans)


def look_at(work: Work, plans: IntArray, others: float = -np.inf) -> bool:
    """Keep the best plan that has one of these schedules (n, n_vehicles), and the bound that follows, where all others
    are worth no more than so much; whether none of these may be worth more than the best. The objective is n+ reach, or
    least money for goals on it."""
    if work.problem.objective.effective is None:
        plans = plans[_saved(work.problem, plans) > work.value]
    if not len(plans):
        work.bound = min(work.bound, max(others, work.value))
        return True
    most = _most(work.problem, plans, work.deadline)
    return most is not None and _looked_at(work, plans, most, others)


def _most(problem: Problem, plans: IntArray, deadline: float) -> FloatArray | None:
    """(n,) that schedules (n, n_vehicles) can be worth at most, minus infinity where a goal on n+ reach is missed; None
    where that takes too much memory or time."""
    effective = problem.objective.effective
    if effective is not None:
        return _met(problem, effective, plans, deadline)
    worth = _saved(problem, plans)
    for goal in problem.effective:
        met = _met(problem, goal.counted, plans, deadline)
        if met is None:
            return None
        worth[[not goal.is_met(people) for people in met.tolist()]] = -np.inf
    return worth


def _saved(problem: Problem, plans: IntArray) -> FloatArray:
    """(n,) that schedules (n, n_vehicles) are worth at most where money counts."""
    tariff = problem.tariff
    return np.asarray(-(plans @ tariff.cheapest()) - (plans > 0) @ tariff.fixed)


def _met(problem: Problem, effective: Effective, plans: IntArray, deadline: float) -> FloatArray | None:
    """(n,) people (000) whom schedules (n, n_vehicles) meet often enough, at most; None as of _most."""
    counted, upper, everyone = effective.people > 0, plans.max(axis=0).astype(float), effective.people.sum()
    for grid, accuracy in ((FINE, _FINE), (COARSE, _ROUGH)) if len(plans) <= _FEW else ((COARSE, _ROUGH),):
        contacts = Contacts(problem.model, effective.times, upper, counted, grid=grid)
        found = met_by_each(contacts, effective.people[counted], plans, deadline)
        if found is not None:
            return np.asarray(found + accuracy * everyone)
    return None


def _looked_at(work: Work, plans: IntArray, most: FloatArray, others: float) -> bool:
    """The same. most: (n,) that each can be worth."""
    look = _Look(work, plans)
    rest, unknown = np.argsort(-most, kind="stable"), -np.inf
    for _ in range(_LOOKED):
        rest = rest[most[rest] > work.value]
        if not len(rest) or work.left() <= 0 or look.ends:
            break
        settled, left = look.at(rest)
        unknown = unknown if settled else max(unknown, float(most[rest[0]]))
        rest = left
    if work.best is None:
        return False
    unknown = max(unknown, float(most[rest].max(initial=-np.inf)))
    work.bound = min(work.bound, max(unknown, others, work.value))
    return unknown <= work.value


class _Look:
    """At one schedule (n_vehicles,) of many after the other."""

    def __init__(self, work: Work, plans: IntArray) -> None:
        self._work, self._plans, self._asked, self._in_vain = work, plans, 0, 0
        self._completion = None if work.problem.insertions_only else Completion(work.problem)

    @property
    def ends(self) -> bool:
        """Whether there were questions enough, or schedules enough that rounding alone had told to be worth more."""
        return self._asked >= _ASKED or self._in_vain >= _IN_VAIN

    def at(self, rest: IntArray) -> tuple[bool, IntArray]:
        """At the first of the rest (n,), by their places: whether it is certain now whether a better plan has it, which
        is kept then; and which are left to be looked at."""
        work, problem = self._work, self._work.problem
        insertions, left = self._plans[rest[0]].astype(float), rest[1:]
        alone = problem.columns.alone(insertions)
        if problem.value(alone) <= work.value:
            self._in_vain += 1
            return True, left
        if not all(goal.holds(problem.outcome(alone)) for goal in problem.goals):
            return True, left
        if self._completion is None:
            work.offer(insertions)
            return True, left
        self._asked += 1
        impossible = self._completion.impossible(insertions, self._plans[rest])
        if impossible[0]:
            return True, left[~impossible[1:]]
        self._asked += _SEARCH
        plan, never = self._completion.cheapest(insertions, seconds=max(work.left(), 0.0))
        return never if plan is None else work.offer(plan), left
