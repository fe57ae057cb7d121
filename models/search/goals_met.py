"""Plans that meet goals on reach n times or more, and what is known where none was found."""

from dataclasses import dataclass, field, replace

import numpy as np

from models.arrays import FloatArray
from models.errors import GoalNotReached, InfeasiblePlan, SolverFailure
from models.problem.certificate import Allocation
from models.problem.goals import EffectiveFloor
from models.problem.objectives import Objective
from models.problem.problem import Problem, rounded
from models.programme.answers import Found, Relaxed
from models.programme.plans.feasible import feasible_plan
from models.search.everywhere import around
from models.search.fractions import moved_inside
from models.search.work import Settings, Work

_RAISES = 12  # of the programme's goals, before local search takes over
_OVERSHOOT = 0.2  # of what is missed, so that the next plan is through
_NODES = 200
_SHORT_SEARCH = 5.0  # seconds of a whole-number search for a start


@dataclass(eq=False)
class OftenWork:
    """Work on a problem in which people count who are met several times. known: insertions (n_vehicles,) of every plan
    seen; raised: (n_floors + n_goals,) people (000) that the programme's goals ask beyond what they ask themselves."""

    work: Work
    known: list[FloatArray] = field(default_factory=list)
    raised: FloatArray = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        problem = self.work.problem
        self.known = [self.work.insertions(start) for start in self.work.starts]
        self.raised = np.zeros(len(problem.floors) + len(problem.effective))

    def near(self, found: Relaxed) -> None:
        """A plan of the programme next to a relaxed one, as a start; or the relaxed one itself."""
        work, problem = self.work, self.work.problem
        assert found.point is not None
        if problem.whole:
            step = 0.0 if problem.plain else 1.0  # what is chosen besides may need one more or less
            self.within(around(work.problem, work.insertions(found.point), step))
        elif not work.integer:
            anchors = [] if work.best is None else [work.best]
            work.offer(moved_inside(problem, rounded(problem, found.point), anchors))

    def within(self, bounds: tuple[FloatArray, FloatArray]) -> Found:
        """A plan of the programme within bounds (n_columns,), as a start."""
        work = self.work
        found = work.relaxation.search(*bounds, work.gap, _NODES, seconds=min(work.left(), _SHORT_SEARCH))
        if found.plan is not None:
            self.known.append(work.insertions(found.plan))
            work.offer(found.plan)
        return found

    def raise_goals(self) -> None:
        """The programme's goals raised by what its plan misses of them, until one meets them all."""
        work, problem = self.work, self.work.problem
        goals = slice(len(problem.floors), None)
        for _ in range(_RAISES):
            found = work.relaxation.relax_once()
            if not found.settled:
                break
            assert found.point is not None
            self.near(found)
            if work.best is not None or work.left() <= 0:
                break
            insertions = work.insertions(found.point)
            outcome = problem.outcome(insertions)
            missed = np.array([goal.least - goal.met(outcome) for goal in problem.effective])
            least = np.array([0.01 * goal.least for goal in problem.effective])
            self.raised[goals] += np.maximum((1 + _OVERSHOOT) * missed, least)
            work.relaxation.cut_at(found.point)
            work.relaxation.raise_floors(self.raised)
        work.relaxation.raise_floors(np.zeros_like(self.raised))

    def seek(self) -> None:
        """A plan that keeps everything, each goal in turn the objective. Raises GoalNotReached."""
        work, problem = self.work, self.work.problem
        plan = self._without_goals()
        met: list[EffectiveFloor] = []
        for goal in problem.effective:
            # The search's own values are right to a millionth.
            found = self._best_for(goal, tuple(met), plan, goal.least * (1 + 1e-6))
            reached = goal.met(problem.outcome(found.insertions))
            if not goal.is_met(reached):
                proven, broken = not goal.is_met(found.bound), set(problem.broken(found.decision))
                raise GoalNotReached(goal.id, reached, found.bound, proven, broken == {goal.id})
            met.append(goal)
            plan = found.decision
        work.offer(plan)
        if work.best is None:
            raise SolverFailure("the plan found keeps the rules only roughly; try the other solver.")

    def which_goal(self) -> None:
        """Why the programme has no plan: raises GoalNotReached for a goal that its own bound rules out."""
        problem = self.work.problem
        if feasible_plan(problem) is None:
            return
        plan = self._without_goals()
        for goal in problem.effective:
            found = self._best_for(goal, (), plan, enough=0.0)
            if not goal.is_met(found.bound):
                reached = goal.met(problem.outcome(found.insertions))
                alone = set(problem.broken(found.decision)) == {goal.id}
                raise GoalNotReached(goal.id, reached, found.bound, True, alone)

    def _without_goals(self) -> FloatArray:
        """A good plan that need not keep the goals on n+ reach."""
        problem, objective = self.work.problem, self.work.problem.objective
        brief = replace(self._brief(), seconds=self.work.left() / 4)
        if objective.effective is None:
            start = feasible_plan(problem)
            if start is None:
                raise InfeasiblePlan
            if not problem.floors and not objective.counts_reach:
                return start
            if objective.saves_money:  # most reach would be bought without end where money is no limit
                return self.work.ask(replace(problem, effective=()), brief, (), None).decision
        people = objective.effective.people if objective.effective else problem.effective[0].people
        reach = Objective("reach", "", people, np.zeros(problem.n_vehicles))
        return self.work.ask(replace(problem, objective=reach, effective=()), brief, (), None).decision

    def _best_for(
        self, goal: EffectiveFloor, kept: tuple[EffectiveFloor, ...], plan: FloatArray, enough: float
    ) -> Allocation:
        """The plan that reaches most of a goal, goals `kept` kept, or one that reaches `enough` people (000)."""
        n, problem = self.work.problem.n_vehicles, self.work.problem
        objective = Objective("goal", "", np.zeros(len(goal.people)), np.zeros(n), effective=goal.counted)
        asked: Problem = replace(problem, objective=objective, effective=kept)
        settings = replace(self._brief(), enough=enough, seconds=self.work.left() / 2)
        complete = [known for known in self.known if len(known) == problem.columns.plan_size]
        return self.work.ask(asked, settings, [plan, *complete], None)

    def _brief(self) -> Settings:
        return replace(self.work.settings, thorough=False, sharpen=False, enough=np.inf)
