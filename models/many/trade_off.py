"""The trade-off between two audiences' reach: plans of which nothing is won in one without losing in the other.

Epsilon constraints (Haimes, Lasdon and Wismer 1971): most of the second audience among plans that reach at least so
many of the first; then, among plans that reach as many of the second, most of the first. Unlike weighted sums this
finds also the plans below the concave hull. Every point carries what no plan can have more of, so it is certified.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import Allocation
from models.problem.goals import Floor
from models.problem.objectives import Objective
from models.problem.problem import Problem

_NEXT = 1e-6  # of a floor, which solvers do not tell apart: the next point has so much more of the first
FLOOR = "trade-off"  # the id of its floor

Ask = Callable[[Problem, Sequence[FloatArray]], Allocation]


@dataclass(frozen=True, eq=False)
class Point:
    """An efficient plan (plan_size,). first, second: people (000) reached of either audience. most_second: no plan
    that reaches `least` of the first reaches more of the second; most_first: no plan that reaches as many of the second
    (to a millionth) reaches more of the first; of the first's end, no plan at all."""

    plan: FloatArray
    least: float
    first: float
    second: float
    most_first: float
    most_second: float


@dataclass(frozen=True, eq=False)
class TradeOff:
    """problem: with its rules and goals. first, second: (n_segments,) people (000) of either audience. ask: the best
    plan of a problem from known ones on; raises InfeasiblePlan."""

    problem: Problem
    first: FloatArray
    second: FloatArray
    ask: Ask

    def most(self, people: FloatArray, floors: Sequence[Floor] = ()) -> Problem:
        """Most of an audience (n_segments,) reached, above further floors."""
        objective = Objective("reach", "thousand people reached", people, np.zeros(self.problem.n_vehicles))
        return replace(self.problem, objective=objective, floors=(*self.problem.floors, *floors))

    def reached(self, people: FloatArray, plan: FloatArray) -> float:
        """People (000) of an audience that a plan (plan_size,) reaches."""
        insertions = self.problem.columns.insertions(plan)
        return float(people @ self.problem.model.reach_shares(insertions))

    def ends(self) -> tuple[Point, Point]:
        """The points where the second audience is reached best, and the first. Raises InfeasiblePlan."""
        least, most = self.point(0.0, ()), self.ask(self.most(self.first), ())
        last = self.point(most.value, [least.plan, most.decision])
        return least, replace(last, most_first=max(most.bound, last.first))

    def point(self, least: float, starts: Sequence[FloatArray]) -> Point:
        """The efficient plan of most of the second among those that reach `least` people (000) of the first. starts:
        known plans (plan_size,). Raises InfeasiblePlan."""
        floor = (Floor(FLOOR, self.first, least),) if least > 0 else ()
        best = self.ask(self.most(self.second, floor), self._usable(starts, floor))
        kept = (Floor(FLOOR, self.second, self.reached(self.second, best.decision) * (1 - _NEXT)),)
        ended = self.ask(self.most(self.first, kept), self._usable([best.decision, *starts], kept))
        plan = ended.decision
        first, second = self.reached(self.first, plan), self.reached(self.second, plan)
        return Point(plan, least, first, second, max(ended.bound, first), max(best.bound, second))

    def _usable(self, plans: Sequence[FloatArray], floors: Sequence[Floor]) -> list[FloatArray]:
        problem = self.most(self.first, floors)
        return [plan for plan in plans if not problem.broken(plan)]


def efficient(points: Sequence[Point]) -> list[Point]:
    """Those that no other has at least as much of both and more of one, each once, the first audience rising."""
    best, kept = -np.inf, []
    for found in sorted(points, key=lambda point: (-point.first, -point.second)):
        if found.second > best * (1 + _NEXT):
            kept.append(found)
            best = found.second
    return kept[::-1]
