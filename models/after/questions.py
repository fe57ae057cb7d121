"""Questions about problems of the same people, at other prices, limits and rules.

The curves of reach depend on no price and on no limit. So many questions share one relaxation: only its numbers change.
Local search helps where it knows the problem (models.problem.problem, `insertions_only`).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from models.after.beating import (
    MANY,
    SETTLED,
    SHARPLY,
    Beating,
    Effort,
    Target,
    best_of_few,
    known_beating,
    plan_beating,
)
from models.after.room import with_room
from models.arrays import FloatArray, IntArray
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.problem.response import Response, segments_of
from models.programme.answers import Relaxed
from models.programme.plans.listing import likely_worth_more, plans_worth_more
from models.programme.relaxation import Relaxation, keeps_everything
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.search.allocate import Settings, allocate
from models.search.reach_moves import Search

MARGIN = 1e-5  # of the target, unless said otherwise
_ENOUGH = 1e-3  # above the target by this share of it, an answer of the search ends it: further in, prices fall sooner


def _covers(response: Response, segments: IntArray, upper: FloatArray) -> bool:
    """Whether a table has these segments and so many insertions (n_vehicles,)."""
    return bool((upper <= response.upper).all() and np.isin(segments, response.segments).all())


class Questions:
    """Questions about problems of the same people, at other prices, limits and rules: one relaxation answers them.

    roomy: a problem that allows as many insertions of each vehicle as any that is asked about; another makes the
    programme be stated anew. points: (plan_size,) plans, fractions allowed, at which tangents are put first.
    relaxation: the campaign's, if there is one already. nodes, searches: as of Effort. spacing: of tangents, where
    hundreds of questions are asked. late: seconds, at most, that a plan has taken longer than it was given (a solver
    looks at the clock now and then).
    """

    def __init__(
        self,
        roomy: Problem,
        points: Sequence[FloatArray] = (),
        relaxation: Relaxation | None = None,
        nodes: int = NO_LIMIT,
        searches: int = NO_LIMIT,
        spacing: float = 0.0,
    ) -> None:
        self.effort, self.spacing = Effort(nodes, searches), spacing
        self.roomy = roomy
        self.points = list(points)
        self._relaxation = relaxation
        self._response: Response | None = None
        self.late = 0.0

    def plan_worth_more(
        self,
        problem: Problem,
        target: float,
        seconds: float,
        starts: Sequence[FloatArray] = (),
        margin: float = MARGIN,
        window: float = np.inf,
    ) -> Beating:
        """A plan within the rules that is worth more than `target`, any will do; none only where no plan is worth over
        target * (1 + margin). starts: (plan_size,) plans to try. window: where the search begins, as a share of the
        relaxation's bound below it."""
        deadline = time.monotonic() + seconds
        if problem.system.bounds_cross:
            return Beating(None, True, -np.inf)
        known = known_beating(problem, starts, target)
        if known is not None:
            return known
        beaten = Target(target, margin, target + _ENOUGH * abs(target), window)
        return plan_beating(self._asked(problem, deadline), beaten, self.effort)

    def best_plan(
        self,
        problem: Problem,
        near: FloatArray,
        gap: float,
        seconds: float,
        margin: float = MARGIN,
        known: Relaxed | None = None,
    ) -> Beating:
        """The best whole-number plan, to `margin`, and whether that is settled; none where there is none, or none was
        found. near: (n_vehicles,) a plan that the best may be near to, whether it keeps everything here or not. gap:
        about how far below its relaxation the best plan lies, as a share: so near the search begins. known: what a
        relaxation is known to say of the problem; none is solved where plans are few by it."""
        deadline = time.monotonic() + seconds
        plan = self._start(problem, near)
        target = Target(-np.inf if plan is None else problem.value(plan), margin, window=gap)
        found = None if known is None else best_of_few(problem, self._table(problem), known, target, deadline)
        if found is None:
            found = plan_beating(self._asked(problem, deadline), target, self.effort)
        return found if found.plan is not None else replace(found, plan=plan)

    def within_gap(
        self, problem: Problem, gap: float, seconds: float, starts: Sequence[FloatArray] = ()
    ) -> Allocation:
        """A plan within a relative gap of the bound on all, and that bound, as plans are searched
        (models.search.allocate). starts: (plan_size,) plans to begin with, where they keep the rules. Raises
        InfeasiblePlan, SolverFailure."""
        deadline = time.monotonic() + seconds
        relaxation = self._asked(problem, deadline)
        settings = Settings(gap, max(seconds, 0.1), thorough=False, sharpen=False)
        try:
            return allocate(problem, settings, starts, relaxation)
        finally:
            self.late = max(self.late, time.monotonic() - deadline)

    def all_worth_more(
        self,
        problem: Problem,
        target: float,
        seconds: float,
        many: int = MANY,
        known: Relaxed | None = None,
        learn: Callable[[Relaxed], None] = lambda _: None,
    ) -> FloatArray | None:
        """(n, n_vehicles) all plans worth more than the target, among others that may be and keep all rows; None where
        they cannot be listed, or more than so many half made are to be looked at. known: what a relaxation is known to
        say of the problem; none is solved where plans are few by it. learn: told what one that was solved says."""
        none = np.zeros((0, problem.n_vehicles))
        if problem.system.bounds_cross:
            return none
        if known is not None:
            listed = none if known.bound <= target else self._listed(problem, known, target, many)
            if listed is not None:
                return listed
        relaxation = self._asked(problem, time.monotonic() + seconds)
        relaxed = relaxation.relax(SHARPLY, above=target)
        if relaxed.status == "infeasible" or relaxed.bound <= target:
            return none
        learn(relaxed)
        return self._listed(problem, relaxed, target, many)

    def _listed(self, problem: Problem, relaxed: Relaxed, target: float, many: int) -> FloatArray | None:
        """(n, n_vehicles) plans that may be worth more by a relaxation, and by about what they reach."""
        listed = plans_worth_more(problem, relaxed, target, many)
        if listed is None:
            return None
        return likely_worth_more(problem, self._table(problem), listed[0], target).astype(float)

    def bound(
        self, problem: Problem, seconds: float, above: float = -np.inf, tolerance: float = SETTLED
    ) -> Relaxed:
        """The relaxation, until it lies on its curves, or its bound is no more than `above`."""
        if problem.system.bounds_cross:
            return Relaxed("infeasible", -np.inf, problem.system.lower, problem.system.upper)
        return self._asked(problem, time.monotonic() + seconds).relax(tolerance, above=above)

    def improved(self, problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
        """A plan (n_vehicles,) that keeps everything, made as good as local search makes it."""
        self.effort.searches -= 1
        search = self._moves(problem, seconds)
        whole = np.rint(plan).astype(np.int64)
        return search.improve(whole).astype(float) if search.acceptable(whole) else plan

    def exchanged(self, problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
        """A plan (n_vehicles,) that keeps everything, filled up and made as good as exchanges alone make it."""
        search = self._moves(problem, seconds)
        filled = search.greedy(np.rint(plan).astype(np.int64))
        return search.climbed(filled, np.inf, ("exchange",)).astype(float)

    def cheapened(
        self, problem: Problem, plan: FloatArray, least: float, kept: int, seconds: float
    ) -> FloatArray:
        """A plan that keeps everything, made as cheap as exchanges make it while it is worth more than `least`; the
        insertions of the vehicle `kept` stay."""
        search = self._moves(problem, seconds)
        return search.cheapened(np.rint(plan).astype(np.int64), least, kept).astype(float)

    def with_room(self, problem: Problem, plan: FloatArray) -> FloatArray | None:
        """A plan (n_vehicles,) of whole insertions only that keeps everything, from one that need not
        (models.after.room); None where that leads to none."""
        return with_room(problem, plan, self._table(problem))

    def _moves(self, problem: Problem, seconds: float) -> Search:
        """Local search for a problem."""
        return Search(problem, self._table(problem), time.monotonic() + max(seconds, 0.0))

    def _table(self, problem: Problem) -> Response:
        """Increments of reach up to a problem's most insertions, made once."""
        counted, upper = np.flatnonzero(segments_of(problem)), problem.system.upper[: problem.n_vehicles]
        known = (self._response, None if self._relaxation is None else self._relaxation.response)
        made = next((each for each in known if each is not None and _covers(each, counted, upper)), None)
        if made is None:
            most = np.maximum(upper, self.roomy.system.upper[: problem.n_vehicles])
            made = self._response = Response(
                problem.model, most, segments_of(problem) | segments_of(self.roomy)
            )
        return made

    def _start(self, problem: Problem, near: FloatArray) -> FloatArray | None:
        """A plan (plan_size,) that keeps everything, from one near to the best."""
        if keeps_everything(problem, near):
            return near
        return self.with_room(problem, near) if problem.insertions_only and problem.whole else None

    def _asked(self, problem: Problem, deadline: float) -> Relaxation:
        """The relaxation, asked about a problem."""
        if self._relaxation is None:
            self._relaxation = Relaxation(problem, [self.roomy], spacing=self.spacing)
            for point in self.points:
                self._relaxation.cut_at(point)
        else:
            self._relaxation.restate(problem)
        self._relaxation.deadline = deadline
        return self._relaxation
