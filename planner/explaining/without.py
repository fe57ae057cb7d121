"""What plans without a vehicle are worth: a plan with it that is worth more proves that it belongs in."""

from collections.abc import Callable

import numpy as np

from models.after.beating import SHARPLY
from models.after.questions import Questions
from models.after.respondent_questions import Asked
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, NoPlanInTime
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.plans.feasible import feasible_plan
from models.programme.relaxation import keeps_everything
from planner.explaining.pricing import MARGIN, PART, SHARP, Base
from planner.planning.variants import searched_by_moves, with_limit

_AGAIN = 3  # searches, each from the best plan of the one before


class Without:
    """plan: (plan_size,) one without the vehicle, which keeps the rules once worth is finite. worth: what it is worth.
    most: what any can be worth. questions: of whom all is asked, at their own prices too."""

    def __init__(self, base: Base, place: int, questions: Callable[[], Asked]) -> None:
        self.base, self.place, self.questions = base, place, questions
        self.worth, self.most = -np.inf, np.inf
        self._relaxed: Relaxed | None = None
        self.by_moves = searched_by_moves(base.prepared.problem)
        self.settles = base.settles
        self.plan: FloatArray = base.best.decision * self.others()

    def bracket(self) -> None:
        """Plans without the vehicle: one, and a bound on all. Raises InfeasiblePlan where there are none."""
        base, problem = self.base, self.problem()
        if base.plan[self.place] <= (0 if problem.whole else PART):
            self.worth, self.most = base.best.value, base.best.bound
            return
        relaxed = self.relaxed()
        if relaxed.status == "infeasible":
            raise InfeasiblePlan
        self.most = min(relaxed.bound, base.best.bound)
        self._offer(problem, self._start(problem, relaxed))

    def relaxed(self) -> Relaxed:
        """The relaxation without the vehicle, solved once."""
        if self._relaxed is None:
            sharply = {"tolerance": SHARPLY} if self.settles and self.base.dear else {}
            self._relaxed = self.questions().bound(self.problem(), self.base.left(), **sharply)
        return self._relaxed

    def _start(self, problem: Problem, relaxed: Relaxed) -> FloatArray | None:
        """(plan_size,) one without the vehicle, from the best plan or the relaxed one; as good as local search makes it
        where searches do not settle the best. It may break a rule where no other is known."""
        if not self.by_moves:
            return self.plan
        start = self.questions().with_room(problem, self.plan)
        if self.settles:
            return self.plan if start is None else start
        if start is None and relaxed.point is not None:
            start = self.questions().with_room(problem, relaxed.point[: problem.n_vehicles])
        start = feasible_plan(problem) if start is None else start
        return None if start is None else self.questions().improved(problem, start, self.base.local())

    def _offer(self, problem: Problem, plan: FloatArray | None) -> None:
        """A plan (plan_size,) without the vehicle, where it keeps the rules."""
        if plan is None or not keeps_everything(problem, plan):
            return
        value = problem.value(plan)
        if value > self.worth:
            self.worth, self.most, self.plan = value, max(self.most, value), plan

    def others(self) -> FloatArray:
        """(plan_size,) 0 at the vehicle's insertions and weeks, 1 elsewhere."""
        columns = self.base.prepared.problem.columns
        kept = np.ones(columns.plan_size)
        kept[self.place] = 0.0
        kept[[columns.week(self.place, week) for week in range(columns.weeks)]] = 0.0
        return kept

    def problem(self) -> Problem:
        """The problem that does not offer the vehicle."""
        return with_limit(self.base.prepared.problem, self.place, "<=", 0.0)

    @property
    def beaten(self) -> float:
        """A plan worth more than this belongs in: more than any plan without the vehicle, as sharply as is known."""
        return self.worth if self.most <= self.worth * (1 + SHARP) else self.most

    def solve(self, gap: float) -> None:
        """A plan without the vehicle within a gap of the bound on all. Raises InfeasiblePlan, SolverFailure."""
        base, questions = self.base, self.questions()
        if base.plan[self.place] <= 0 or self.most <= self.worth * (1 + gap):
            return
        assert isinstance(questions, Questions)
        problem = self.problem()
        found = questions.within_gap(problem, gap, base.one_solve(), [self.plan])
        self.most = min(self.most, found.bound)
        self._offer(problem, found.decision)

    def search(self, margin: float = MARGIN) -> None:
        """The best plan without the vehicle, to a margin of its worth where searches settle it."""
        base = self.base
        if base.plan[self.place] <= 0 or self.most <= self.worth * (1 + margin):
            return
        problem, relaxed = self.problem(), self.relaxed() if self.settles else None
        for _ in range(_AGAIN if self.by_moves and not self.settles else 1):
            known = (self.worth, self.most)
            near = base.plan if self.settles else self.plan
            found = self.questions().best_plan(problem, near, base.whole_gap, base.left(), margin, relaxed)
            if found.settled and found.plan is None and not np.isfinite(self.worth):
                raise InfeasiblePlan
            self.most = min(self.most, found.bound)
            self._offer(problem, found.plan)
            if found.settled or known == (self.worth, self.most):
                break
        if self.settles and not found.settled and base.left() <= 0:
            raise NoPlanInTime("The time limit ended the search for the best plan without the vehicle.")
