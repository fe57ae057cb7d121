"""The plan in hand against its nearest neighbours: one more insertion, one less, or one for another.

A search ends where its plan is within the gap; a better plan may then be one exchange away. The best neighbour that
keeps everything takes the plan's place, until none is better. Where plans hold further choices, these stay as they are
if they may; else others are looked for.
"""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.problem.response import Standing, response_of
from models.respondents.model import RespondentModel
from models.search.admissible import Admissible, Moves
from models.search.reach_gains import ReachGains
from models.search.work import Work

_ROUNDING = 1e-12  # relative
_AT_ONCE = 1_000_000  # numbers in a table of reach
_COMPLETIONS = 5  # plans whose other choices a solver looks for, at most

Steps = tuple[tuple[int, int], ...]  # vehicles, and how many insertions more or less


def last_climb(work: Work) -> None:
    """The best plan bettered until no neighbour is better: plans of whole insertions whose worth is of reach. Where an
    answer within the gap is enough, it stays as it is."""
    if work.best is None or work.settings.quick or not _is_of_reach(work.problem):
        return
    climb = _Climb(work)
    while work.left() > 0 and work.value < work.bound - _ROUNDING * abs(work.bound) and climb.step():
        work.tell("exchanges")


def _is_of_reach(problem: Problem) -> bool:
    """Whether plans are whole insertions, and their worth and goals of reach in a population that a curve describes."""
    several = problem.objective.effective is not None or problem.effective
    otherwise = several or problem.objective.saves_money or isinstance(problem.model, RespondentModel)
    return problem.whole and not otherwise


class _Climb:
    """Of one search."""

    def __init__(self, work: Work) -> None:
        self.work, self.problem = work, work.problem
        self.response = response_of(work.problem)
        self.gains, self.within = ReachGains(work.problem, self.response), Admissible(work.problem)

    def step(self) -> bool:
        """Whether a neighbour was better."""
        work, before = self.work, self.work.value
        assert work.best is not None
        standing = self.response.standing(np.rint(work.insertions(work.best)).astype(np.int64))
        goal = before + _ROUNDING * abs(before) + _ROUNDING
        for _, moves in sorted(self._neighbours(standing, goal), reverse=True):
            changed = standing.insertions.astype(float)
            for vehicle, step in moves:
                changed[vehicle] += step
            plan = self._plan_of(changed, work.best)
            if (plan is not None and work.offer(plan) and work.value > before) or work.left() <= 0:
                break
        return work.value > before

    def _neighbours(self, standing: Standing, goal: float) -> Iterator[tuple[float, Steps]]:
        """What each neighbour that is worth more than the goal is worth, and its moves (vehicle, insertions)."""
        fewest = self.within.fewest(standing.insertions)
        more = np.flatnonzero(standing.insertions + fewest <= self.within.upper)
        out = self.within.given_back(standing.insertions)
        vehicles, steps = np.append(more, out[0]), np.append(fewest[more], -out[1])
        worth = self.gains.worth(standing) + self.gains.of(standing, vehicles, steps)
        for i in np.flatnonzero(worth > goal):
            yield worth[i], ((vehicles[i], steps[i]),)
        value, gained = self.gains.without(standing, out)
        hope = (value[:, None] + gained * fewest)[:, more]
        first, second = np.nonzero((hope > goal) & (out[0][:, None] != more))
        given, into = (out[0][first], out[1][first]), (more[second], fewest[more[second]])
        use = self._may_be_allowed(standing.insertions, given, into)
        given, into = (given[0][use], given[1][use]), (into[0][use], into[1][use])
        many = max(_AT_ONCE // max(len(self.response.segments), 1), 1)
        for at in range(0, len(use), many):
            own = slice(at, at + many)
            gone, come = (given[0][own], given[1][own]), (into[0][own], into[1][own])
            worth = self.gains.exchanged(standing, gone, come)
            for i in np.flatnonzero(worth > goal):
                yield worth[i], ((gone[0][i], -gone[1][i]), (come[0][i], come[1][i]))

    def _may_be_allowed(self, insertions: IntArray, out: Moves, into: Moves) -> IntArray:
        """Places of the exchanges that rows allow, or, where plans hold further choices, the budget at the least that
        insertions can cost."""
        if self.within.rows is not None:
            return np.flatnonzero(self.within.exchanges_allowed(insertions, out, into))
        price, amount = self.within.prices.cheapest, self.within.prices.amount
        spent = price @ insertions - price[out[0]] * out[1] + price[into[0]] * into[1]
        return np.flatnonzero(spent <= amount * (1 + 1e-9))

    def _plan_of(self, insertions: FloatArray, like: FloatArray) -> FloatArray | None:
        """A plan of these insertions that may keep everything, with the other choices of the plan it is `like` if they
        allow that."""
        columns = self.problem.columns
        if self.within.rows is not None:
            return insertions if self.within.rows.feasible(insertions) else None
        if not columns.weeks:
            plan = np.append(insertions, columns.packages_of(like))
            if not columns.packages or not self.problem.broken(plan):
                return plan
        return self.within.plan(insertions) if self.within.completed < _COMPLETIONS else None
