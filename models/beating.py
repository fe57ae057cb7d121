"""Is any plan worth more than so much? A question that is often settled long before the best plan is found.

Known plans and local search from them may say yes. Else the relaxation of models.programme may say no: its bound is
below the target. Else its reduced costs say how many insertions of each vehicle a plan worth the target can have
(reduced-cost fixing, Nemhauser and Wolsey 1988), and a whole-number search over these settles it: it finds a plan
worth more, or a bound below. Its tangents lie above their curves, so an answer may be worth less than it says: then
tangents are added at it and the search goes on. For simple problems of whole insertions (models.problem).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.polish import Search
from models.problem import Problem
from models.programme import Programme
from models.reach import reached, saturate
from models.response import Response
from models.solver import Answer, open_session

MARGIN = 1e-5  # of the target, unless said otherwise
_ROUNDS = 60
_SETTLED = 3e-5  # relaxations nearer to their curves than this share are searched for whole plans


@dataclass(frozen=True, eq=False)
class Beating:
    """plan: (n_vehicles,) one worth more than the target, None where none was found. settled: False where time
    ended before it was clear that there is none. bound: no plan is worth more (infinite where not known, minus
    infinite where no plan keeps the rules)."""

    plan: FloatArray | None
    settled: bool
    bound: float = np.inf


def plan_worth_more(
    problem: Problem, target: float, seconds: float, starts: Sequence[FloatArray] = (), margin: float = MARGIN
) -> Beating:
    """A whole-number plan within the rules that is worth more than `target`; none only where no plan is worth
    over target * (1 + margin). starts: (n_vehicles,) plans to try, and where to put tangents first."""
    return _Question(problem, target, margin, seconds).answer(starts)


def best_plan(
    problem: Problem, near: FloatArray, worth: float, seconds: float, margin: float = MARGIN
) -> tuple[FloatArray, bool] | None:
    """The best whole-number plan, to `margin`, and whether that is proven; None where none worth `worth` was found.

    near: (n_vehicles,) a plan to search around, whether it keeps everything here or not.
    """
    deadline = time.monotonic() + seconds
    start = with_room(problem, near)
    if start is None:
        start = plan_worth_more(problem, worth, seconds, [near], margin).plan
    if start is None:
        return None
    plan = improved(problem, start, max(deadline - time.monotonic(), 0.0))
    while True:
        found = plan_worth_more(problem, problem.value(plan), deadline - time.monotonic(), [plan], margin)
        if found.plan is None:
            return plan, found.settled
        plan = improved(problem, found.plan, max(deadline - time.monotonic(), 0.0))


def improved(problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
    """A plan (n_vehicles,) that keeps everything, made as good as local search makes it."""
    search = Search(problem, _response(problem), time.monotonic() + seconds)
    whole = np.rint(plan).astype(np.int64)
    return search.improve(whole).astype(float) if search.acceptable(whole) else plan


def _response(problem: Problem) -> Response:
    counted = problem.objective.counts
    for floor in problem.floors:
        counted = counted | (floor.people > 0)
    return Response(problem.model, problem.system.upper, counted)


def with_room(problem: Problem, plan: FloatArray) -> FloatArray | None:
    """The plan with as many insertions less as the rules need: again and again the one that loses least per money.
    None where that does not lead to a plan that keeps everything."""
    lower, upper = problem.system.lower, problem.system.upper
    found = np.clip(np.rint(plan), lower, upper)
    for _ in range(int(found.sum()) + 1):
        if problem.system.feasible(found) and not problem.broken(found):
            return np.asarray(found)
        out = np.flatnonzero(found > lower)
        if not len(out):
            return None
        without = [found - (np.arange(len(found)) == j) for j in out]
        lost = problem.value(found) - np.array([problem.value(candidate) for candidate in without])
        found = without[int(np.argmin(lost / problem.cost[out]))]
    return None


class _Question:
    """One question, its programme and its time."""

    def __init__(self, problem: Problem, target: float, margin: float, seconds: float) -> None:
        self.problem, self.target, self.margin = problem, target, margin
        self.deadline = time.monotonic() + seconds
        self.response = _response(problem)

    def answer(self, starts: Sequence[FloatArray]) -> Beating:
        if (self.problem.system.lower > self.problem.system.upper + 1e-9).any():
            return Beating(None, True, -np.inf)
        for start in starts:
            if self._beats(start):
                return Beating(start, True)
        return self._solve(starts)

    def _beats(self, plan: FloatArray) -> bool:
        kept = self.problem.system.feasible(plan) and not self.problem.broken(plan)
        return kept and self.problem.value(plan) > self.target * (1 + 1e-12)

    def _solve(self, starts: Sequence[FloatArray]) -> Beating:
        self.programme = Programme(self.problem, self.response)
        self.session = open_session(self.programme, "highs", restarts=False)
        for start in starts:
            self._cut_at(start)
        whole, gap = False, self.margin
        for _ in range(_ROUNDS):
            left = self.deadline - time.monotonic()
            if left <= 0:
                break
            found = self.session.solve(whole=whole, gap=gap, seconds=left)
            if found.status == "infeasible" or found.bound <= self.target * (1 + self.margin):
                return Beating(None, True, found.bound)
            if found.point is None:
                break
            plan = np.clip(found.point, self.problem.system.lower, self.problem.system.upper)
            if whole:
                plan = np.rint(plan)
                gap /= 4
            if whole and self._beats(plan):
                return Beating(plan, True)
            if not whole and self._close(found.bound, plan):
                whole = True
                self.session.limit(*self._possible(found))
            self._cut_at(plan)
        return Beating(None, False)

    def _close(self, bound: float, plan: FloatArray) -> bool:
        """Whether the programme says of this schedule hardly more than the truth."""
        level = saturate(self.response.medium_intensity(plan), self.response.k_medium)
        reach = reached(level.sum(axis=1), self.response.k_person)
        exact = self.problem.objective.within(self.response.segments).value(reach, plan)
        return bound - exact <= _SETTLED * bound

    def _possible(self, answer: Answer) -> tuple[FloatArray, FloatArray]:
        """Fewest and most insertions of each vehicle in a plan worth more than the target: one that buys k of a
        vehicle is worth at most the relaxation's bound less what the reduced costs charge for it."""
        lower, upper = self.problem.system.lower.copy(), self.problem.system.upper.copy()
        if answer.increment_cost is None or answer.insertion_cost is None:
            return lower, upper
        room = answer.bound - self.target + 1e-7 * abs(answer.bound)
        for j in range(len(lower)):
            each = np.full(int(upper[j]), answer.insertion_cost[j])
            if len(answer.increment_cost):
                each = each + answer.increment_cost[self.response.offset[j] : self.response.offset[j + 1]]
            total = np.concatenate([[0.0], np.cumsum(np.sort(each))])
            possible = (
                np.flatnonzero(total[int(lower[j]) :] - total[int(lower[j]) :].min() <= room) + lower[j]
            )
            lower[j], upper[j] = possible.min(), possible.max()
        return lower, upper

    def _cut_at(self, plan: FloatArray) -> None:
        intensity = self.response.medium_intensity(plan)
        total = saturate(intensity, self.response.k_medium).sum(axis=1)
        wanted = np.ones((len(total), intensity.shape[1] + 1), dtype=bool)
        wanted[:, :-1] = np.isfinite(self.response.k_medium) & (intensity > 0)
        wanted[:, -1] = total > 0
        self.session.add(self.programme.tangents_at(intensity, total, wanted))
