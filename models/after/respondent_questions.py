"""Is any plan on respondents worth more than so much? The questions of models.after.questions, where each respondent is
a segment of his own and no curve is stated.

Tangents of the worth, and of the roof that no whole plan passes (models.respondents.curves), hang on people and worth
alone. So what one question has made holds for all that follow, whatever their prices and rules: a bound takes a linear
programme and few further tangents. Plans come from local search (models.search.respondent_moves) and from short
whole-number searches over what reduced costs allow. Where these end unsettled the answer says so: what is proven in and
what is proven out stay certain, only further apart.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from models.after.beating import Beating, Effort, known_beating
from models.after.questions import MARGIN, Questions
from models.after.room import with_room
from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.problem import Problem, rounded
from models.programme.answers import Relaxed
from models.programme.plans.completion import cheapest_completion
from models.programme.reduced_costs import Costs
from models.programme.relaxation import keeps_everything
from models.programme.respondents.relaxation import Bounded, Known, RespondentRelaxation
from models.programme.rows.pieces import no_pieces
from models.respondents.curves import Above, Curve, Roof
from models.respondents.exposure import Exposure
from models.search.respondent_moves import RespondentMoves

_SETTLED = 3e-5  # how near value and bound of a relaxation must come, relative
_CLEAR = 0.2  # of what a bound lies above a target: nearer it need not be known
_SEARCH_SECONDS, _ROUNDS = 3.0, 12  # whole-number searches of a question


class RespondentQuestions:
    """Questions about problems of the same respondents, at other prices, limits and rules. nodes: of each search's
    tree, at most. known: tangents of each roof, of questions asked before."""

    late = 0.0  # its plans are not looked for within a gap

    def __init__(self, exposure: Exposure, nodes: int, known: tuple[Known, Known] | None = None) -> None:
        self.exposure, self.effort = exposure, Effort(nodes)
        self._curve, self._roof = known or ({}, {})
        self._near: FloatArray | None = None  # the last answer, in the columns of its problem

    def another(self) -> "RespondentQuestions":
        """Begins with what these have learnt, and shares nothing that either learns afterwards."""
        found = RespondentQuestions(self.exposure, self.effort.nodes, (dict(self._curve), dict(self._roof)))
        found._near = self._near
        return found

    def bound(
        self, problem: Problem, seconds: float, above: float = -np.inf, tolerance: float = _SETTLED
    ) -> Relaxed:
        """The relaxation, until its point is worth the bound, or its bound is no more than `above`."""
        return self._bounded(problem, time.monotonic() + seconds, above, tolerance, _CLEAR)[0]

    def _bounded(
        self, problem: Problem, deadline: float, above: float, tolerance: float = _SETTLED, clear: float = 0.0
    ) -> tuple[Relaxed, RespondentRelaxation | None]:
        """The same, with the programme that bounds most; the roof only where the worth's own curve leaves it open.
        clear: as models.programme.respondents.relaxation has it, of the roof."""
        system = problem.system
        none = Relaxed("infeasible", -np.inf, system.lower, system.upper)
        if system.bounds_cross:
            return none, None
        best: tuple[Relaxed, RespondentRelaxation] | None = None
        for roof, known, enough in self._roofs(problem, clear):
            asked = RespondentRelaxation(problem, self.exposure, roof, deadline, known)
            self._begin(asked, None if best is None else best[0])
            try:
                found = _relaxed(problem, asked.relax(tolerance, above, enough))
            except InfeasiblePlan:
                return none, None
            if not problem.whole and found.point is not None:
                found = replace(found, point=asked.within_rules(found.point))
            if best is None or found.bound < best[0].bound:
                best = found, asked
            if best[0].bound <= above:
                break
        assert best is not None
        self._near = best[0].point
        return best

    def _roofs(self, problem: Problem, clear: float) -> list[tuple[Above, Known, float]]:
        """What bounds a plan's worth from above, with its tangents and how clear of a target it need be known."""
        if problem.whole and not problem.objective.saves_money:
            return [(Curve(), self._curve, np.inf), (Roof(), self._roof, clear)]
        return [(Curve(), self._curve, clear)]

    def _begin(self, asked: RespondentRelaxation, before: Relaxed | None) -> None:
        """Begin where the other roof's answer lies, or near the last question's."""
        if before is not None and before.point is not None:
            asked.best = asked.cut_at(before.point)
        elif self._near is not None and len(self._near) == len(asked.problem.system.lower):
            asked.begin_near(self._near)

    def plan_worth_more(
        self,
        problem: Problem,
        target: float,
        seconds: float,
        starts: Sequence[FloatArray] = (),
        margin: float = MARGIN,
        window: float = np.inf,
    ) -> Beating:
        """A plan within the rules that is worth more than `target`; none only where no plan is worth over target * (1 +
        margin). starts: (plan_size,) plans to try. window: not needed here."""
        known = known_beating(problem, starts, target)
        return known or self._search(problem, target, margin, time.monotonic() + seconds, first=True)

    def best_plan(
        self,
        problem: Problem,
        near: FloatArray,
        gap: float,
        seconds: float,
        margin: float = MARGIN,
        known: Relaxed | None = None,
    ) -> Beating:
        """The best whole-number plan, to `margin`, and whether that is settled. near: (plan_size,) a plan that the best
        may be near to. gap, known: not needed here."""
        deadline = time.monotonic() + seconds
        start = near if keeps_everything(problem, near) else self.with_room(problem, near)
        if start is not None:
            start = self.improved(problem, start, seconds)
        target = -np.inf if start is None else problem.value(start)
        found = self._search(problem, target, margin, deadline)
        return found if found.plan is not None else replace(found, plan=start)

    def all_worth_more(
        self,
        problem: Problem,
        target: float,
        seconds: float,
        many: int = 0,
        known: Relaxed | None = None,
        learn: Callable[[Relaxed], None] = lambda _: None,
    ) -> FloatArray | None:
        """None: plans on respondents are not listed."""

    def _search(
        self, problem: Problem, target: float, margin: float, deadline: float, first: bool = False
    ) -> Beating:
        """Whole-number searches for plans worth more than the target, which each that is found raises. first: one is
        enough."""
        relaxed, asked = self._bounded(problem, deadline, target + margin * abs(target))
        best, bound = None, relaxed.bound
        end = min(deadline, time.monotonic() + _SEARCH_SECONDS)
        for _ in range(_ROUNDS):
            if asked is None or bound <= target + margin * abs(target):
                return Beating(best, True, bound)
            if time.monotonic() >= end:
                break
            box = relaxed.charged.possible(target) if np.isfinite(target) else (relaxed.lower, relaxed.upper)
            seconds = end - time.monotonic()
            point, least = asked.search(*box, margin / 2, seconds, above=target, nodes=self.effort.nodes)
            bound = min(bound, max(least, target))
            plan = None if point is None else _made_whole(problem, asked, point)
            value = -np.inf if plan is None else problem.value(plan)
            if plan is not None and value > target + 1e-12 * abs(target):
                best, target = plan, value
                if first:
                    return Beating(best, True, bound)
            elif point is None:
                break
        return Beating(best, bound <= target + margin * abs(target), bound)

    def improved(self, problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
        """A plan that keeps everything, made as good as local search makes it; as it stands where that does not know
        the problem."""
        if not (problem.insertions_only and problem.whole) or problem.objective.saves_money:
            return plan
        moves = RespondentMoves(problem, self.exposure, time.monotonic() + max(seconds, 0.0))
        found = moves.improved(np.rint(plan).astype(np.int64)).insertions.astype(float)
        keeps = keeps_everything(problem, found)
        return found if keeps and problem.value(found) >= problem.value(plan) else plan

    def with_room(self, problem: Problem, plan: FloatArray) -> FloatArray | None:
        """A plan (n_vehicles,) that keeps everything, from one that need not (models.after.room); None where plans are
        more than whole insertions, or that leads to none."""
        return with_room(problem, plan) if problem.insertions_only and problem.whole else None

    def exchanged(self, problem: Problem, plan: FloatArray, seconds: float) -> FloatArray:
        """The same: its moves are exchanges already."""
        return self.improved(problem, plan, seconds)

    def cheapened(
        self, problem: Problem, plan: FloatArray, least: float, kept: int, seconds: float
    ) -> FloatArray:
        """A plan that keeps everything, with purchases given back that it can do without: it stays worth more than
        `least`; the insertions of the vehicle `kept` stay."""
        moves = RespondentMoves(problem, self.exposure, time.monotonic() + max(seconds, 0.0))
        found = moves.cheapened(np.rint(plan).astype(np.int64), least, kept)
        return found.insertions.astype(float)


Asked = Questions | RespondentQuestions


def _relaxed(problem: Problem, found: Bounded) -> Relaxed:
    """As other relaxations are told: a programme without pieces, for reach is no sum of columns here."""
    n, system = problem.n_vehicles, problem.system
    none = no_pieces(len(problem.model.population))
    costs = Costs(none, np.zeros(0), found.reduced[:n], np.zeros(n))
    return Relaxed(
        "optimal" if found.settled else "feasible", found.bound, system.lower, system.upper, found.point,
        found.loose, costs, found.duals.row_worth,
    )  # fmt: skip


def _made_whole(problem: Problem, asked: RespondentRelaxation, point: FloatArray) -> FloatArray | None:
    """A search's point as a plan (plan_size,) that keeps everything, None where none does; tangents are added there."""
    whole = np.where(problem.system.whole, np.rint(point), point)
    asked.cut_at(whole)
    plan = rounded(problem, whole)
    if not keeps_everything(problem, plan) and not problem.insertions_only:
        completed = cheapest_completion(problem, problem.columns.insertions(plan))
        plan = plan if completed is None else completed
    return plan if keeps_everything(problem, plan) else None
