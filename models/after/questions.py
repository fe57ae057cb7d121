"""Is any plan worth more than so much? A question that is often settled long before the best plan is found.

Known plans may say yes. Else the relaxation (models.programme.relaxation) may say no: its bound is below the target.
Else its reduced costs say how many insertions of each vehicle a plan worth the target can have (reduced-cost fixing,
Nemhauser and Wolsey 1988), and a whole-number search over these, for nothing worth less than the target, settles it:
it finds a plan worth more, or a bound below. Its tangents lie above their curves, so an answer may be worth less than
it says: then tangents are added at it and the search goes on.

The curves depend on no price and on no limit. So many questions (`Questions`) share one relaxation: only its numbers
change. Local search helps where it knows the problem (models.problem.problem, `insertions_only`).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.after.exchanges import plans_exchanged
from models.after.room import with_room
from models.arrays import FloatArray, IntArray
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.problem.response import Response, segments_of
from models.programme.answers import Relaxed
from models.programme.plans.listing import best_listed, likely_worth_more, listable, plans_worth_more
from models.programme.relaxation import Relaxation, keeps_everything
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.search.allocate import Settings, allocate
from models.search.everywhere import around
from models.search.reach_moves import Search

MARGIN = 1e-5  # of the target, unless said otherwise
_ROUNDS, _FEW_ROUNDS = 60, 3  # searches a question, and where each may look at so many nodes only
_SETTLED = 3e-5  # relaxations nearer to their curves than this share are searched for whole plans
_SHARPLY = 3e-6  # relaxations nearer to their curves than this share: plans are listed
_FEW, _MANY = 5_000, 100_000  # plans half made: of a first list, and where a search is sooner done
_FURTHER = 1.5  # times as far a list looks where it found nothing
_WIDER = 1.6  # times as far a search looks where it found nothing
_SAME = 1e-7  # a search that finds no more than this above where it began has found nothing
_WIDEST = 0.02  # of the bound: from there on a search looks everywhere
_JUST_MORE = 1e-9  # of a target
_NEARBY_NODES = 8  # of the tree of a search next to a relaxed plan: more took twice as long and told no more
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
    problem: Problem,
    target: float,
    seconds: float,
    starts: Sequence[FloatArray] = (),
    margin: float = MARGIN,
    relaxation: Relaxation | None = None,
) -> Beating:
    """A plan within the rules that is worth more than `target`; none only where no plan is worth over target * (1 +
    margin). starts: (plan_size,) plans to try. relaxation: the campaign's; one of its own, with tangents at the starts,
    where there is none."""
    points = starts if relaxation is None else ()
    return Questions(problem, points, relaxation).plan_worth_more(problem, target, seconds, starts, margin)


def nearby_plan_worth_more(
    problem: Problem,
    target: float,
    margin: float,
    relaxation: Relaxation,
    starts: Sequence[FloatArray],
) -> Beating:
    """A quick answer to the same: known plans, the relaxation's bound, whole plans next to the relaxed one, and local
    search from all of these; nothing further. Not settled where a better plan may lie elsewhere. relaxation: the
    campaign's, its deadline set."""
    for start in starts:
        if keeps_everything(problem, start) and problem.value(start) > target:
            return Beating(start, True)
    relaxation.restate(problem)
    relaxed = relaxation.relax(margin / 4, above=target * (1 + margin))
    if relaxed.point is None or relaxed.bound <= target * (1 + margin):
        return Beating(None, relaxed.settled, relaxed.bound)
    plan = _moved_to(problem, target, relaxation, relaxed.point, starts)
    if plan is not None:
        return Beating(plan, True, relaxed.bound)
    for step in (0.0, 1.0) if problem.plain else (1.0,):
        box = around(problem, relaxed.point[: problem.n_vehicles], step)
        found = relaxation.search(*box, gap=margin / 2, nodes=_NEARBY_NODES, above=target)
        if found.plan is not None and found.value > target:
            return Beating(found.plan, True, relaxed.bound)
    return Beating(None, False, relaxed.bound)


def _moved_to(
    problem: Problem, target: float, relaxation: Relaxation, relaxed: FloatArray, known: Sequence[FloatArray]
) -> FloatArray | None:
    """A plan worth more than the target that exchanges lead to from the relaxed plan made whole and filled up, or
    from the best known; None where they lead to none."""
    enough = target + _JUST_MORE * abs(target)
    plans = plans_exchanged(problem, relaxation.response, relaxation.deadline, relaxed, known, enough)
    return next((plan for plan in plans if problem.value(plan) > target), None)


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


def _covers(response: Response, segments: IntArray, upper: FloatArray) -> bool:
    """Whether a table has these segments and so many insertions (n_vehicles,)."""
    return bool((upper <= response.upper).all() and np.isin(segments, response.segments).all())


class Questions:
    """Questions about problems of the same people, at other prices, limits and rules: one relaxation answers them.

    roomy: a problem that allows as many insertions of each vehicle as any that is asked about; another makes the
    programme be stated anew. points: (plan_size,) plans, fractions allowed, at which tangents are put first.
    relaxation: the campaign's, if there is one already. nodes: of each search's tree, at most. searches: that are left,
    of trees and by moves; where none is, relaxations and short lists answer alone. spacing: of tangents, where hundreds
    of questions are asked. late: seconds, at most, that a plan has taken longer than it was given (a solver looks at
    the clock now and then).
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
        self.nodes, self.searches, self.spacing = nodes, searches, spacing
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
        """As the function of this name; any such plan will do. window: where the search begins, as a share of the
        relaxation's bound below it."""
        deadline = time.monotonic() + seconds
        if (problem.system.lower > problem.system.upper + 1e-9).any():
            return Beating(None, True, -np.inf)
        for start in starts:
            if keeps_everything(problem, start) and problem.value(start) > target * (1 + 1e-12):
                return Beating(start, True)
        return self._search(problem, target, margin, deadline, target + _ENOUGH * abs(target), window)

    def best_plan(
        self, problem: Problem, near: FloatArray, gap: float, seconds: float, margin: float = MARGIN
    ) -> Beating:
        """As the function of this name."""
        deadline = time.monotonic() + seconds
        plan = self._start(problem, near)
        if plan is None:
            return self._search(problem, -np.inf, margin, deadline, window=gap)
        found = self._search(problem, problem.value(plan), margin, deadline, window=gap)
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
        self, problem: Problem, target: float, seconds: float, many: int = _MANY
    ) -> FloatArray | None:
        """(n, n_vehicles) all plans worth more than the target, among others that may be and keep all rows; None where
        they cannot be listed, or more than so many half made are to be looked at."""
        none = np.zeros((0, problem.n_vehicles))
        if (problem.system.lower > problem.system.upper + 1e-9).any():
            return none
        relaxation = self._asked(problem, time.monotonic() + seconds)
        relaxed = relaxation.relax(_SHARPLY, above=target)
        if relaxed.status == "infeasible" or relaxed.bound <= target:
            return none
        listed = plans_worth_more(problem, relaxed, target, many)
        if listed is None:
            return None
        return likely_worth_more(problem, relaxation.response, listed[0], target).astype(float)

    def bound(
        self, problem: Problem, seconds: float, above: float = -np.inf, tolerance: float = _SETTLED
    ) -> Relaxed:
        """The relaxation, until it lies on its curves, or its bound is no more than `above`."""
        if (problem.system.lower > problem.system.upper + 1e-9).any():
            return Relaxed("infeasible", -np.inf, problem.system.lower, problem.system.upper)
        return self._asked(problem, time.monotonic() + seconds).relax(tolerance, above=above)

    def improved(self, problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
        """As the function of this name."""
        self.searches -= 1
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
        relaxation = self._asked(problem, deadline)
        near = _SHARPLY if listable(problem) else _SETTLED
        relaxed = relaxation.relax(near, above=target * (1 + margin))
        if relaxed.status == "infeasible" or relaxed.bound <= target * (1 + margin):
            return Beating(None, True, relaxed.bound)
        best = None
        if relaxed.point is not None and listable(problem):
            listed = self._listed(problem, relaxed, target, margin, window, enough < np.inf)
            if listed.settled:
                return listed
            best = listed.plan
        return self._searched(problem, relaxed, target, margin, enough, window, best)

    def _searched(
        self,
        problem: Problem,
        relaxed: Relaxed,
        target: float,
        margin: float,
        enough: float,
        window: float,
        best: FloatArray | None,
    ) -> Beating:
        """The same by whole-number searches from a relaxation's answer. best: a plan worth more than the target, where
        one is known: then only a better one is looked for."""
        relaxation, gap, known = self._relaxation, margin / 2, np.inf
        assert relaxation is not None
        target = target if best is None else max(target, problem.value(best))
        for _ in range(_ROUNDS if self.nodes == NO_LIMIT else _FEW_ROUNDS):
            if relaxation.left() <= 0 or self.searches <= 0:
                break
            self.searches -= 1
            above = max(target, relaxed.bound * (1 - window))
            found = relaxation.search(
                *relaxed.charged.possible(above),
                gap=gap,
                enough=min(enough, max(relaxed.bound * (1 - margin), above)),
                above=above,
                nodes=self.nodes,
            )
            known = min(known, max(found.bound, above))
            if found.keeps and found.value > target * (1 + 1e-12):
                best, target = found.plan, found.value
                if enough < np.inf:
                    return Beating(best, True, known)
            if known <= target * (1 + margin):
                return Beating(best, True, known)
            if found.status == "infeasible" or found.bound <= above * (1 + _SAME):
                window = _WIDER * window if window < _WIDEST else np.inf
            elif found.plan is None:
                break
            else:
                gap /= 4
        return Beating(best, False, min(known, relaxed.bound))

    def _listed(
        self, problem: Problem, relaxed: Relaxed, target: float, margin: float, window: float, any_: bool
    ) -> Beating:
        """The best plan worth more than the target, of all that may be by the margin, listed; not settled where they
        are many. window: as in `_search`. Where even those near to the bound are many, exchanges say what is to be
        beaten; they settle it where any plan will do."""
        assert self._relaxation is not None
        response, deadline, least = (
            self._relaxation.response,
            self._relaxation.deadline,
            target * (1 + margin),
        )
        while window < _WIDEST:
            level = max(least, relaxed.bound * (1 - window))
            found = best_listed(problem, response, relaxed, level, _FEW, deadline)
            if found is None:
                break
            if found[0] is not None or level <= least:
                return Beating(found[0], True, max(found[1], target))
            window *= _FURTHER
        best, value = self._exchanged_near(problem, relaxed, target)
        if any_ and best is not None:
            return Beating(best, True, relaxed.bound)
        found = best_listed(problem, response, relaxed, max(least, value), self._most_listed, deadline)
        if found is None:
            return Beating(best, False, relaxed.bound)
        return Beating(best if found[0] is None else found[0], True, max(found[1], value))

    @property
    def _most_listed(self) -> int:
        return _MANY if self.searches > 0 else _FEW

    def _exchanged_near(
        self, problem: Problem, relaxed: Relaxed, target: float
    ) -> tuple[FloatArray | None, float]:
        """The best plan worth more than the target to which exchanges lead from the relaxed one, and its worth; None
        and the target where there is none."""
        assert self._relaxation is not None
        assert relaxed.point is not None
        best: FloatArray | None = None
        response, deadline = self._relaxation.response, self._relaxation.deadline
        for plan in plans_exchanged(problem, response, deadline, relaxed.point, ()):
            value = problem.value(plan)
            if value > target * (1 + _SAME):
                best, target = plan, value
        return best, target

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
