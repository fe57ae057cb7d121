"""The order of work where people count who are met several times: as the objective, or in goals.

The programme knows of n+ reach only what is necessary (reach, and contacts / n), so its optimum is an upper limit,
loose by its nature, and its plans are mere starts:

1. Its relaxation, to its curves, bounds every plan. No whole-number search follows: it could not close the gap.
2. Goals. The programme's rows are raised until its plan meets each goal exactly; where no plan does, every goal in
   turn is the objective, those before it kept. A goal above its own bound is impossible; one that is merely not
   reached is said to be so (GoalNotReached).
3. From all plans known, local search: on exact n+ reach (models.search.effective_moves), on money
(models.search.cheapest_moves), or on    reach while the goals hold (models.search.reach_moves).

The search ends by itself; that is no time-out, and no certificate either.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.errors import GoalNotReached, InfeasiblePlan, PlanningError, SolverFailure
from models.problem.certificate import Allocation
from models.problem.goals import Effective, EffectiveFloor
from models.problem.objectives import Objective
from models.problem.problem import Problem, rounded
from models.programme.feasible import feasible_plan
from models.programme.session import Answer
from models.purchase.columns import SMALLEST
from models.search.allocate import Allocator, Settings, allocate
from models.search.cheapest_moves import CheapestSearch
from models.search.effective_moves import EffectiveSearch
from models.search.fractions import moved_inside
from models.search.reach_moves import Search

_RAISES = 12  # of the programme's goals, before local search takes over
_OVERSHOOT = 0.2  # of what is missed, so that the next plan is through
_WEIGHTS = 5  # of a goal against the objective
_PARTS = 30  # vehicles that a rest of money is tried on
_NEXT_TO_NOTHING = 1e-6
_NODES = 200
_BOXES, _BOX_NODES = 6, 400
_SHORT_SEARCH = 5.0  # seconds of a whole-number search for a start


class EffectiveAllocator(Allocator):
    """One run; step numbers as above."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        super().__init__(problem, settings)
        self.search = None  # its moves value reach alone
        # What the programme asks of goals beyond what they ask themselves, (n_goals,) people (000).
        self.raised = np.zeros(len(problem.effective))

    def run(self, starts: Sequence[FloatArray]) -> Allocation:
        for start in starts:
            self._offer(start)
        self.known = [self._insertions(start) for start in starts]
        self._state_programme()
        try:
            self._relax()
        except InfeasiblePlan:
            self._which_goal()
            raise
        if self.best is None and self.problem.effective:
            self._raise_goals()
        if self.best is None and self.problem.whole and self.problem.objective.saves_money:
            found = CheapestSearch(self.problem, self.deadline).first()
            if found is not None:
                self._offer(found)
        if self.best is None:
            self._seek()
        if self.problem.objective.effective is not None:
            self._search_effective(self.problem.objective.effective)
        else:
            self._search_otherwise()
        return self._finish()

    # --- 1: the bound, and whole plans next to its relaxation ---

    def _polish_starts(self) -> None:
        """Nothing yet: local search comes once, from all starts."""

    def _try_within(self, lower: FloatArray, upper: FloatArray, nodes: int = _NODES) -> None:
        """A plan of the programme within bounds (n_columns,), as a start."""
        self.session.limit(lower, upper)
        seconds = min(self._seconds_left(), _SHORT_SEARCH)
        answer = self.session.solve(whole=True, gap=self.gap, seconds=seconds, nodes=min(nodes, _NODES))
        self.searches += 1
        if answer.point is not None:
            plan = rounded(self.problem, answer.point)
            self.known.append(self._insertions(plan))
            self._offer(plan)

    def _above_curves(self, answer: Answer) -> float:
        """Where the objective is n+ reach, by what share of it the bound lies above what reach and contacts of the
        schedule allow: that much more tangents can find. How far it lies above n+ reach is no matter of theirs."""
        effective = self.problem.objective.effective
        if effective is None:
            return super()._above_curves(answer)
        assert answer.point is not None
        insertions = self._insertions(
            np.clip(answer.point, self.problem.system.lower, self.problem.system.upper)
        )
        worth = effective.most_reached(self.problem.model, insertions)
        return (answer.bound - worth) / max(abs(answer.bound), 1e-300)

    def _offer_relaxed(self, plan: FloatArray) -> None:
        if not self.integer:
            anchors = [] if self.best is None else [self.best]
            self._offer(moved_inside(plan, self.problem.system, anchors, self._keeps_everything))

    # --- 2: goals ---

    def _raise_goals(self) -> None:
        """The programme's goals raised by what its plan misses of them, until one meets them all."""
        problem, raised = self.problem, self.raised
        for _ in range(_RAISES):
            answer = self.session.solve(whole=False, gap=0.0, seconds=self._seconds_left())
            self.rounds += 1
            if answer.point is None or answer.status != "optimal":
                break
            point = np.clip(answer.point, problem.system.lower, problem.system.upper)
            insertions = self._insertions(point)
            if self.integer:
                self._round(point)
            self._offer_relaxed(rounded(problem, point))
            if self.best is not None or self._seconds_left() <= 0:
                break
            outcome = problem.outcome(insertions)
            missed = np.array([goal.least - goal.met(outcome) for goal in problem.effective])
            least = np.array([0.01 * goal.least for goal in problem.effective])
            raised += np.maximum((1 + _OVERSHOOT) * missed, least)
            self._set_goals(raised)
            self._cut_at(insertions)
        self._set_goals(np.zeros_like(raised))

    def _set_goals(self, raised: FloatArray) -> None:
        kept = self.response.segments
        for i, (goal, more) in enumerate(zip(self.problem.effective, raised, strict=True)):
            scale = float(goal.people[kept].sum()) or 1.0
            self.session.set_effective(i, (goal.least + float(more)) / scale)

    def _seek(self) -> None:
        """A plan that keeps everything, each goal in turn the objective. Raises GoalNotReached."""
        plan = self._without_goals()
        met: list[EffectiveFloor] = []
        for goal in self.problem.effective:
            # The search's own values are right to a millionth.
            found = self._best_for(goal, tuple(met), plan, goal.least * (1 + 1e-6))
            reached = goal.met(self.problem.outcome(found.insertions))
            if not goal.is_met(reached):
                proven, broken = not goal.is_met(found.bound), set(self.problem.broken(found.decision))
                raise GoalNotReached(goal.id, reached, found.bound, proven, broken == {goal.id})
            met.append(goal)
            plan = found.decision
        self._offer(plan)
        if self.best is None:
            raise SolverFailure("the plan found keeps the rules only roughly; try the other solver.")

    def _without_goals(self) -> FloatArray:
        """A good plan that need not keep the goals on n+ reach."""
        effective = self.problem.objective.effective
        if effective is None:
            start = feasible_plan(self.problem)
            if start is None:
                raise InfeasiblePlan("no plan keeps all the rules", ())
            if not self.problem.floors and not self.problem.objective.counts_reach:
                return start
            if (
                self.problem.objective.saves_money
            ):  # most reach would be bought without end where money is no limit
                cheap = replace(self._brief_settings(), seconds=self._seconds_left() / 4)
                return allocate(replace(self.problem, effective=()), cheap).decision
        people = effective.people if effective is not None else self.problem.effective[0].people
        reach = replace(self.problem, objective=_reach_of(people, self.problem), effective=())
        settings = replace(self._brief_settings(), seconds=self._seconds_left() / 4)
        return allocate(reach, settings).decision

    def _best_for(
        self, goal: EffectiveFloor, kept: tuple[EffectiveFloor, ...], plan: FloatArray, enough: float
    ) -> Allocation:
        """The plan that reaches most of a goal, goals `kept` kept, or one that reaches `enough` people (000)."""
        n = self.problem.n_vehicles
        objective = Objective(
            "goal",
            "",
            np.zeros(len(goal.people)),
            np.zeros(n),
            effective=Effective(goal.people, goal.times),
        )
        problem = replace(self.problem, objective=objective, effective=kept)
        settings = replace(self._brief_settings(), enough=enough, seconds=self._seconds_left() / 2)
        return allocate(problem, settings, [plan, *self._complete_known(problem)])

    def _complete_known(self, problem: Problem) -> list[FloatArray]:
        return [plan for plan in self.known if len(plan) == problem.columns.plan_size]

    def _which_goal(self) -> None:
        """Why the programme has no plan: raises GoalNotReached for a goal that its own bound rules out."""
        if feasible_plan(self.problem) is None:
            return
        plan = self._without_goals()
        for goal in self.problem.effective:
            found = self._best_for(goal, (), plan, enough=0.0)
            if not goal.is_met(found.bound):
                reached = goal.met(self.problem.outcome(found.insertions))
                alone = set(self.problem.broken(found.decision)) == {goal.id}
                raise GoalNotReached(goal.id, reached, found.bound, True, alone)

    def _brief_settings(self) -> Settings:
        return replace(self.settings, thorough=False, sharpen=False, enough=np.inf)

    # --- 3: local search ---

    def _search_effective(self, effective: Effective) -> None:
        """From all plans known, on exact n+ reach."""
        whole = replace(self.problem, whole=True)
        search = EffectiveSearch(whole, effective, self.deadline)
        self.settings.progress("local search on those met often enough")
        assert self.best is not None
        starts = [np.floor(self._insertions(self.best)), *(np.floor(plan) for plan in self.known)]
        for insertions in search.best_of(self._base(), starts, self.settings.enough):
            plan = search.within.plan(insertions)
            if plan is not None:
                self._offer(plan)
        if not self.problem.whole and self.problem.plain:
            self._spend_the_rest(effective)

    def _spend_the_rest(self, effective: Effective) -> None:
        """Where fractions are allowed: what the best plan leaves, on the parts of insertions that gain most."""
        assert self.best is not None
        price = np.where(self.problem.cost > 0, self.problem.cost, 1.0)
        rate = effective.people @ self.problem.model.audiences.rating / price
        for j in np.argsort(-rate, kind="stable")[:_PARTS]:
            low, high, plan = 0.0, float(self.problem.system.upper[j] - self.best[j]), self.best
            for _ in range(30):  # as much as the rules allow, by halving
                middle = (low + high) / 2
                part = plan.copy()
                part[j] += middle
                low, high = (middle, high) if self._keeps_everything(part) else (low, middle)
            part = plan.copy()
            part[j] += low
            if low >= SMALLEST:
                self._offer(part)

    def _search_otherwise(self) -> None:
        """From the best plan that meets the goals, on money or on what the objective counts, while they are met."""
        assert self.best is not None
        problem = self.problem
        if not problem.whole:
            self._search_wholes()
        elif not problem.insertions_only:
            self._set_goals(self.raised)
            self._search_boxes()
            self._set_goals(np.zeros_like(self.raised))
        if problem.whole and problem.objective.saves_money:
            self.settings.progress("making the plan cheaper")
            self._offer(CheapestSearch(problem, self.deadline).improve(self.best))
        elif problem.whole and problem.insertions_only:
            if self.settings.thorough:
                self._weigh_goals()
            self.settings.progress("local search")
            search = Search(problem, self.response, self.deadline)
            insertions = np.rint(self._insertions(self.best)).astype(np.int64)
            self._offer(search.improve(insertions).astype(float))

    def _search_boxes(self) -> None:
        """Whole-number searches within one insertion more or less of the best plan, until none is better."""
        system = self.problem.system
        for _ in range(_BOXES):
            if self.best is None or self._closed() or self._seconds_left() <= 0:
                break
            before = self.value
            self.settings.progress("near the best plan")
            box = self._around(self._insertions(self.best), system.lower, system.upper)
            self._try_within(*box, nodes=_BOX_NODES)
            if self.value <= before:
                break
        self.session.limit(system.lower, system.upper)

    def _search_wholes(self) -> None:
        """Where fractions are allowed: the best plan of whole insertions, and for least money each insertion less as
        far as everything still holds."""
        settings = replace(self.settings, seconds=max(self._seconds_left() / 2, 0.05))
        with suppress(PlanningError):
            self._offer(allocate(replace(self.problem, whole=True), settings).decision)
        if not self.problem.objective.saves_money or not self.problem.plain:
            return
        assert self.best is not None
        for j in np.argsort(-self.problem.cost, kind="stable"):
            low, high = self.problem.system.lower[j], float(self.best[j])
            plan = self.best.copy()
            for _ in range(30):
                plan[j] = (low + high) / 2
                low, high = (low, plan[j]) if self._keeps_everything(plan) else (plan[j], high)
            plan[j] = high
            self._offer(plan)

    def _weigh_goals(self) -> None:
        """The objective and the first goal weighed against each other in one worth, to find the weight at which the
        goal is just met: the best plan there is the best of those that reach so much of it (Lagrange). Then local
        search on the objective from all plans on the way that keep the goals."""
        assert self.best is not None
        goal, base = self.problem.effective[0], self._base()
        worth = self._worth_of_reach()
        if not worth.any():
            return
        weight = float(worth.sum()) / max(float(goal.people.sum()), 1e-300)
        least, most, at_most = 0.0, np.inf, None
        found = [self._insertions(self.best)]
        for _ in range(_WEIGHTS):
            if self._seconds_left() <= 0:
                return
            self.settings.progress("weighing the goal")
            effective = Effective(weight * goal.people, goal.times)
            weighed = replace(self.problem, effective=())
            search = EffectiveSearch(weighed, effective, self.deadline, worth)
            found.append(search.greedy(base))
            self._offer(found[-1])
            if goal.holds(self.problem.outcome(found[-1])):
                most, at_most = weight, search
            else:
                least = weight
            weight = weight * 4 if np.isinf(most) else (least * most) ** 0.5 if least else weight / 4
        if at_most is not None:
            found.append(at_most.local_optimum(found[-1]))
        weightless = Effective(_NEXT_TO_NOTHING * weight * goal.people, goal.times)
        search = EffectiveSearch(self.problem, weightless, self.deadline, worth)
        for plan in search.best_of(base, found):
            self._offer(plan)

    def _worth_of_reach(self) -> FloatArray:
        """(n_segments,) worth of a little more reach, at the best plan."""
        assert self.best is not None
        objective = self.problem.objective
        reach = self.problem.model.reach_shares(self._insertions(self.best))
        earned = objective.earned
        if not len(earned.worth):
            return objective.segment_worth
        return np.asarray(
            objective.segment_worth + (earned.worth * np.exp(-earned.hearing @ reach)) @ earned.hearing
        )

    def _base(self) -> FloatArray:
        """(n_vehicles,) little bought, to buy greedily from."""
        assert self.best is not None
        lower = np.ceil(self.problem.system.lower[: self.problem.n_vehicles] - 1e-9) + 0.0
        whole = replace(self.problem, whole=True)
        if self.problem.insertions_only and self.problem.system.feasible(lower):
            return lower
        price = np.where(self.problem.cost > 0, self.problem.cost, 1.0)
        cheap = feasible_plan(whole, -price)
        return np.floor(self._insertions(self.best)) if cheap is None else self._insertions(cheap)


def _reach_of(people: FloatArray, problem: Problem) -> Objective:
    """The objective reach of people (n_segments,)."""
    return Objective("reach", "", people, np.zeros(problem.n_vehicles))
