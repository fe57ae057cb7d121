"""Is any plan worth more than so much? A question that is often settled long before the best plan is found.

Known plans may say yes. Else the relaxation of models.programme.programme may say no: its bound is below the target.
Else its reduced costs say how many insertions of each vehicle a plan worth the target can have (reduced-cost fixing,
Nemhauser and Wolsey 1988), and a whole-number search over these, for nothing worth less than the target, settles it:
it finds a plan worth more, or a bound below. Its tangents lie above their curves, so an answer may be worth less than
it says: then tangents are added at it and the search goes on. For simple problems of whole insertions
(models.problem.problem).

The curves depend on no price and on no limit. So many questions about problems alike (`Questions`) share a programme
that stays in the solver's hands, and its tangents: only numbers of its rows change.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.highs import HighsSession
from models.programme.programme import Programme
from models.programme.session import Answer
from models.search.reach_moves import Search
from models.search.reduced_costs import reduced_costs

MARGIN = 1e-5  # of the target, unless said otherwise
_ROUNDS = 60
_SETTLED = 3e-5  # relaxations nearer to their curves than this share are searched for whole plans
_WIDER = 1.6  # times as far a search looks where it found nothing
_WIDEST = 0.02  # of the bound: from there on a search looks everywhere
_ENOUGH = 1e-3  # above the target by this share of it, an answer of the search ends it: further in, prices fall sooner


@dataclass(frozen=True, eq=False)
class Beating:
    """plan: (n_vehicles,) one worth more than the target, None where none was found. settled: False where time
    ended before it was clear that there is none, or that it is the best where that was asked. bound: no plan is worth
    more (infinite where not known, minus infinite where no plan keeps the rules)."""

    plan: FloatArray | None
    settled: bool
    bound: float = np.inf


def plan_worth_more(
    problem: Problem, target: float, seconds: float, starts: Sequence[FloatArray] = (), margin: float = MARGIN
) -> Beating:
    """A whole-number plan within the rules that is worth more than `target`; none only where no plan is worth
    over target * (1 + margin). starts: (n_vehicles,) plans to try, and where to put tangents first."""
    return Questions(problem, starts).plan_worth_more(problem, target, seconds, starts, margin)


def best_plan(
    problem: Problem, near: FloatArray, gap: float, seconds: float, margin: float = MARGIN
) -> Beating:
    """The best whole-number plan, to `margin`, and whether that is settled; none where there is none, or none was
    found.

    near: (n_vehicles,) a plan that the best may be near to, whether it keeps everything here or not. gap: about how
    far below its relaxation the best plan lies, as a share: so near the search begins.
    """
    return Questions(problem, [near]).best_plan(problem, near, gap, seconds, margin)


def improved(problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
    """A plan (n_vehicles,) that keeps everything, made as good as local search makes it."""
    return Questions(problem).improved(problem, plan, seconds)


def with_room(problem: Problem, plan: FloatArray) -> FloatArray | None:
    """The plan with as many insertions less, or more, as the rules need: again and again the one that loses least per
    amount by which it makes the rules broken less. None where that does not lead to a plan that keeps everything."""
    lower, upper = problem.system.lower, problem.system.upper
    found = np.clip(np.rint(plan), lower, upper)
    steps = np.concatenate([-np.eye(len(found)), np.eye(len(found))])
    for _ in range(int(found.sum()) + 1):
        if _keeps(problem, found):
            return np.asarray(found)
        there = found + steps
        there = there[((there >= lower) & (there <= upper)).all(axis=1)]
        better = _missed(problem, found) - _missed(problem, there.T)
        there, better = there[better > 1e-12], better[better > 1e-12]
        if not len(there):
            return None
        lost = problem.value(found) - np.array([problem.value(candidate) for candidate in there])
        found = there[int(np.argmin(np.where(lost > 0, lost / better, lost)))]
    return None


def _missed(problem: Problem, plans: FloatArray) -> FloatArray:
    """By how much plans (n_vehicles, ...) miss the rows of the rules, in all, each row divided by its size."""
    system = problem.system
    activity = (system.matrix @ plans).T
    missed = np.maximum(activity - system.most, 0.0) + np.maximum(system.least - activity, 0.0)
    limit = np.where(np.isfinite(system.most), system.most, system.least)
    return np.asarray((missed / np.maximum(np.abs(limit), 1.0)).sum(axis=-1))


def _keeps(problem: Problem, plan: FloatArray) -> bool:
    return problem.system.feasible(plan) and not problem.broken(plan)


class Questions:
    """Questions about problems alike: of the same people, objective and goals, at other prices and limits.

    roomy: a problem that allows as many insertions of each vehicle as any that is asked about; another makes the
    programme be stated anew. points: (n_vehicles,) plans, fractions allowed, at which tangents are put first.
    """

    def __init__(self, roomy: Problem, points: Sequence[FloatArray] = ()) -> None:
        self.roomy = roomy
        self.points = list(points)
        self.response = _response(roomy)
        self.programme: Programme | None = None

    def plan_worth_more(
        self,
        problem: Problem,
        target: float,
        seconds: float,
        starts: Sequence[FloatArray] = (),
        margin: float = MARGIN,
    ) -> Beating:
        """As the function of this name; any such plan will do."""
        deadline = time.monotonic() + seconds
        if (problem.system.lower > problem.system.upper + 1e-9).any():
            return Beating(None, True, -np.inf)
        for start in starts:
            if _keeps(problem, start) and problem.value(start) > target * (1 + 1e-12):
                return Beating(start, True)
        return self._search(problem, target, margin, deadline, target + _ENOUGH * abs(target))

    def best_plan(
        self, problem: Problem, near: FloatArray, gap: float, seconds: float, margin: float = MARGIN
    ) -> Beating:
        """As the function of this name."""
        deadline = time.monotonic() + seconds
        plan = with_room(problem, near)
        if plan is None:
            return self._search(problem, -np.inf, margin, deadline, window=gap)
        plan = self.improved(problem, plan, seconds)
        found = self._search(problem, problem.value(plan), margin, deadline, window=gap)
        return found if found.plan is not None else replace(found, plan=plan)

    def improved(self, problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
        """As the function of this name."""
        self._make_room(problem)
        search = Search(problem, self.response, time.monotonic() + max(seconds, 0.0))
        whole = np.rint(plan).astype(np.int64)
        return search.improve(whole).astype(float) if search.acceptable(whole) else plan

    def cheapened(
        self, problem: Problem, plan: FloatArray, least: float, kept: int, seconds: float
    ) -> FloatArray:
        """A plan that keeps everything, made as cheap as exchanges make it while it is worth more than `least`; the
        insertions of the vehicle `kept` stay."""
        self._make_room(problem)
        search = Search(problem, self.response, time.monotonic() + max(seconds, 0.0))
        return search.cheapened(np.rint(plan).astype(np.int64), least, kept).astype(float)

    def _search(
        self,
        problem: Problem,
        target: float,
        margin: float,
        deadline: float,
        enough: float = np.inf,
        window: float = np.inf,
    ) -> Beating:
        """A plan worth more than the target: the best to `margin`, or the first that the search says is worth
        `enough`. window: the search begins with plans this near to the relaxation's bound, as a share of it; while
        there is none it looks further."""
        session, gap, best = self._asked(problem), margin, None
        relaxed = self._relaxed(problem, target, margin, deadline)
        if relaxed.status == "infeasible" or relaxed.bound <= target * (1 + margin):
            return Beating(None, True, relaxed.bound)
        charged = reduced_costs(problem.system, self.response, relaxed)
        for _ in range(_ROUNDS):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            above = max(target, relaxed.bound * (1 - window))
            session.limit(*charged.possible(above))
            found = session.solve(whole=True, gap=gap, seconds=left, enough=enough, above=above)
            if found.status == "infeasible" or found.bound <= above * (1 + margin):
                if above <= target:
                    return Beating(best, True, found.bound)
                window = _WIDER * window if window < _WIDEST else np.inf
                continue
            if found.point is None:
                break
            plan = np.rint(np.clip(found.point, problem.system.lower, problem.system.upper))
            gap /= 4
            self._cut_at(plan)
            if _keeps(problem, plan) and problem.value(plan) > target * (1 + 1e-12):
                best, target = plan, problem.value(plan)
                if enough < np.inf or found.bound <= target * (1 + margin):
                    return Beating(best, True, found.bound)
        return Beating(best, False)

    def _relaxed(self, problem: Problem, target: float, margin: float, deadline: float) -> Answer:
        """The relaxation, with tangents until it lies on its curves, or its bound is no more than the target."""
        for _ in range(_ROUNDS):
            found = self.session.solve(whole=False, gap=0.0, seconds=deadline - time.monotonic())
            if found.point is None or found.bound <= target * (1 + margin):
                break
            plan = np.clip(found.point, problem.system.lower, problem.system.upper)
            if self._close(problem, found.bound, plan):
                break
            self._cut_at(plan)
        return found

    def _asked(self, problem: Problem) -> HighsSession:
        """The session, its programme's numbers those of a problem."""
        self._make_room(problem)
        if self.programme is None or not alike(problem, self.roomy):
            self.roomy = problem if not alike(problem, self.roomy) else self.roomy
            self.programme = Programme(self.roomy, self.response)
            self.session = HighsSession(self.programme, plain=True)
            for point in self.points:
                self._add_tangents(point)
        self.session.restate(problem)
        return self.session

    def _make_room(self, problem: Problem) -> None:
        """Increments for as many insertions as a problem allows."""
        if (problem.system.upper > self.response.upper).any():
            self.roomy, self.response, self.programme = problem, _response(problem), None

    def _close(self, problem: Problem, bound: float, plan: FloatArray) -> bool:
        """Whether the programme says of this schedule hardly more than the truth."""
        return bound - self.response.worth(problem.objective, plan) <= _SETTLED * bound

    def _cut_at(self, plan: FloatArray) -> None:
        self.points.append(plan)
        self._add_tangents(plan)

    def _add_tangents(self, plan: FloatArray) -> None:
        assert self.programme is not None
        self.session.add(self.programme.tangents_of(plan))


def alike(problem: Problem, other: Problem) -> bool:
    """Whether one programme states both, but for the numbers of its rows, its bounds and how much floors ask."""
    same_rows = len(problem.system.rows) == len(other.system.rows) and all(
        row.sense == twin.sense for row, twin in zip(problem.system.rows, other.system.rows, strict=True)
    )
    same_floors = len(problem.floors) == len(other.floors) and all(
        floor.people is twin.people and floor.contacts is twin.contacts
        for floor, twin in zip(problem.floors, other.floors, strict=True)
    )
    return same_rows and same_floors and problem.objective is other.objective and problem.model is other.model


def _response(problem: Problem) -> Response:
    counted = problem.objective.counts
    for floor in problem.floors:
        counted = counted | (floor.people > 0)
    return Response(problem.model, problem.system.upper[: problem.n_vehicles], counted)
