"""The order of work: from a problem to a plan with a certificate.

1. Greedy gives a plan; the programme gets tangents at its point.
2. The linear relaxation is solved again and again, tangents added where its solution lies above a curve,
   until it lies on the curves: its optimum bounds every plan.
3. Unless greedy is at the bound already, local search on the exact value improves it and every plan known
   before; and whole plans come from the relaxation's solution: each number rounded down or up by a small
   whole-number search over these two choices only, then polished likewise.
4. Only if the gap is still wider than asked: a whole-number search over every number of insertions that could
   still be part of a better plan, with tangents added at its answers, until the gap is closed or the time is
   up. Which numbers could, the reduced costs of the relaxation say (models.search.reduced_costs).

Floors on reach are outer-approximated by the same tangents, so a candidate may miss one by a little: it is checked
exactly, and tangents are added at its point. The floor in the programme is never tightened, so the bound holds for
every plan.

Three kinds of problem go another way from step 2 on: whole plans that moves do not search, with weeks, packages,
discounts, fixed costs or counts of what is bought (models.search.tree); fractional plans
(models.search.fractions); and people who count when they are met several times (models.search.several_contacts).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan, NoPlanInTime, SolverFailure
from models.problem.certificate import Allocation, Duals, relative_gap
from models.problem.goals import Effective
from models.problem.problem import Problem, rounded
from models.problem.response import Response
from models.programme.completion import cheapest_completion
from models.programme.feasible import feasible_plan
from models.programme.programme import Programme
from models.programme.session import NO_LIMIT, Answer
from models.programme.solver import SolverName, open_session
from models.purchase.columns import WHOLE
from models.search.reach_moves import Search, first_gains
from models.search.reduced_costs import ReducedCosts, duals, reduced_costs

FRACTIONAL_GAP = 1e-8  # relative; below the solvers' own tolerances nothing is gained
_MOST_ROUNDS = 60
_ROUNDINGS = 4
_SHARP = 0.01  # of the gap asked for
_FAR_BEHIND = 0.03
_SMALL = 100  # vehicles
_SMALL_GAP, _SMALL_SEARCHES, _SMALL_NODES = 1e-4, 2, 300


@dataclass(frozen=True)
class Settings:
    """gap: relative gap that counts as optimal. seconds: time limit. solver: highs or cbc.
    thorough: polish and round even where a known plan is within the gap already. sharpen: search a small
    campaign further than asked. progress: told a sentence now and then. enough: a worth of n+ reach at which the
    search for it may end."""

    gap: float = 1e-3
    seconds: float = 300.0
    solver: SolverName = "highs"
    thorough: bool = True
    sharpen: bool = True
    progress: Callable[[str], None] = lambda _: None
    enough: float = np.inf


def allocate(problem: Problem, settings: Settings, starts: Sequence[FloatArray] = ()) -> Allocation:
    """The best plan found and a bound on all plans.

    starts: known plans (n_vehicles,) that keep all rules; the answer is never worth less than they are.
    Raises InfeasiblePlan when no plan keeps the rules, SolverFailure when the time limit leaves none.
    """
    if problem.objective.effective is not None or problem.effective:
        from models.search.several_contacts import EffectiveAllocator  # it builds on this module

        return EffectiveAllocator(problem, settings).run(starts)
    if not problem.whole:
        from models.search.fractions import FractionalAllocator

        return FractionalAllocator(problem, settings).run(starts)
    if not _searched_by_moves(problem):
        from models.search.tree import StructuredAllocator

        return StructuredAllocator(problem, settings).run(starts)
    return Allocator(problem, settings).run(starts)


class Allocator:
    """One run: the best plan and the lowest bound so far."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem = problem
        self.settings = settings
        self.deadline = time.monotonic() + settings.seconds
        system, n = problem.system, problem.n_vehicles
        if (system.lower > system.upper + 1e-9).any():
            raise InfeasiblePlan("a minimum exceeds what may be bought", ())
        counted = problem.objective.counts
        for people in (floor.people for goals in (problem.floors, problem.effective) for floor in goals):
            counted = counted | (people > 0)
        self.response = Response(problem.model, system.upper[:n], counted)
        self.integer = bool(system.whole[system.used[: len(system.whole)]].any())
        by_moves = _searched_by_moves(problem)
        self.search = Search(problem, self.response, self.deadline) if by_moves else None
        self.starts: list[FloatArray] = []
        self.best: FloatArray | None = None
        self.value = -np.inf
        self.bound = problem.objective.ceiling(system.upper[:n])
        self.rounds = self.searches = 0
        self.charged = ReducedCosts(np.inf, system.lower, system.upper, ())
        self.duals: Duals | None = None
        self.gap = settings.gap if self.integer else min(settings.gap, FRACTIONAL_GAP)

    def run(self, starts: Sequence[FloatArray]) -> Allocation:
        """The best plan from these starts on (plan_size,)."""
        self.starts = list(starts)
        for start in starts:
            self._offer(start)
        self._search_plans()
        self._sharpen()
        return self._finish()

    def _search_plans(self) -> None:
        """The steps in their order."""
        if self.settings.thorough or self.best is None:
            self._start()
        self._state_programme()
        self._relax()
        if self.integer and not self._closed():
            self._search_everything()

    def _state_programme(self) -> None:
        self.settings.progress("stating the programme")
        self.programme = Programme(self.problem, self.response)
        self.session = open_session(self.programme, self.settings.solver)
        if self.best is not None:
            self._cut_at(self._insertions(self.best))

    def _insertions(self, plan: FloatArray) -> FloatArray:
        return self.problem.columns.insertions(plan)

    def _plan_at(self, point: FloatArray) -> FloatArray | None:
        """A plan at a search's answer (n_columns,); None where there is none."""
        return rounded(self.problem, point)

    def _finish(self) -> Allocation:
        if self.best is None:
            if self._seconds_left() <= 0:
                raise NoPlanInTime(
                    "The time limit ended the search before a plan was found; allow more time."
                )
            raise SolverFailure("the solver's answers keep the rules only roughly; try the other solver.")
        self.best = self._cheapest_of(self.best)
        bound = max(self.bound, self.value)
        timed_out = relative_gap(self.value, bound) > self.settings.gap and self._seconds_left() <= 0
        return Allocation(
            self._insertions(self.best),
            self.value,
            bound,
            self.settings.gap,
            timed_out,
            self.rounds,
            self.searches,
            self.best,
            self.duals,
        )

    def _cheapest_of(self, plan: FloatArray) -> FloatArray:
        """The same insertions in the same weeks, in packages where that is cheaper: worth says nothing of money."""
        columns = self.problem.columns
        if not columns.packages:
            return plan
        weekly = columns.weekly(plan) if columns.weeks else None
        cheaper = cheapest_completion(self.problem, self._insertions(plan), weekly)
        if cheaper is None or self.problem.tariff.total(cheaper) >= self.problem.tariff.total(plan):
            return plan
        return cheaper if self._keeps_everything(cheaper) else plan

    def _seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def _closed(self) -> bool:
        return self.best is not None and relative_gap(self.value, self.bound) <= self.gap

    def _offer(self, plan: FloatArray) -> bool:
        """Keep a plan (plan_size,) if it keeps all rules, by their own check, and is worth more than the best.
        Returns whether it keeps them."""
        if not self._keeps_everything(plan):
            return False
        value = self.problem.value(plan)
        if value > self.value:
            self.best, self.value = plan.astype(float), value
        return True

    def _keeps_everything(self, plan: FloatArray) -> bool:
        system = self.problem.system
        return (not self.problem.insertions_only or system.feasible(plan)) and not self.problem.broken(plan)

    def _sharp(self) -> bool:
        """Whether the best plan is so near the bound that no search is worth its while."""
        return self.best is not None and relative_gap(self.value, self.bound) <= _SHARP * self.gap

    def _start(self) -> None:
        """Greedy, from the least that the rules ask for."""
        self.settings.progress("greedy")
        assert self.search is not None
        start: FloatArray | None = self.search.within.lower.astype(float)
        if not self.search.within.rows_allow(self.search.within.lower.astype(float)):
            gains = first_gains(self.problem, self.response)
            start = self.best if self.best is not None else feasible_plan(self.problem, gains)
        if start is None:
            raise InfeasiblePlan("no plan keeps all the rules", ())
        greedy = self.search.greedy(start.astype(np.int64))
        self.starts.append(greedy.astype(float))
        self._offer(self.starts[-1])

    def _polish(self, insertions: FloatArray) -> None:
        """Local search from a plan that keeps everything, the better plan kept."""
        plan = np.rint(insertions).astype(np.int64)
        if self.search is not None and self.search.acceptable(plan):
            enough = short_of(self.bound, _SHARP * self.gap)
            self._offer(self.search.improve(plan, enough).astype(float))

    def _cut_at(self, insertions: FloatArray) -> None:
        self.session.add(self.programme.tangents_of(insertions))

    def _relax(self) -> None:
        """Step 2 (and 3 for whole plans): tangents until the relaxation lies on its curves."""
        tolerance = 0.1 * self.gap if self.integer else self.gap
        rounded_at = np.inf
        for _ in range(_MOST_ROUNDS):
            answer = self.session.solve(whole=False, gap=0.0, seconds=self._seconds_left())
            self.rounds += 1
            if answer.status == "infeasible":
                raise InfeasiblePlan("no plan keeps all the rules", ())
            self.bound = min(self.bound, answer.bound)
            if answer.point is None or answer.status != "optimal":
                return
            if self._closed() and not self.settings.thorough:
                return
            self.duals = duals(self.problem, self.response, answer) or self.duals
            if self.problem.whole:
                self.charged = reduced_costs(self.problem.system, self.response, answer)
            relaxed = np.clip(answer.point, self.problem.system.lower, self.problem.system.upper)
            insertions = self._insertions(relaxed)
            loose = self._above_curves(answer)
            self.settings.progress(f"bound {abs(self.bound):,.1f}, best plan {abs(self._shown()):,.1f}")
            self._offer_relaxed(rounded(self.problem, relaxed))
            settled = max(loose, self._floors_missed(insertions)) <= tolerance
            near = settled if self.search is None else loose < 5 * self.gap and loose < 0.3 * rounded_at
            if self.problem.whole and near and not self._sharp():
                rounded_at = loose
                self._round(relaxed)
                self._polish_starts()
            if self._closed() or settled or self._seconds_left() <= 0:
                return
            self._cut_at(insertions)

    def _offer_relaxed(self, plan: FloatArray) -> None:
        """The relaxation's own plan (plan_size,), where that may be one."""

    def _shown(self) -> float:
        return self.value if np.isfinite(self.value) else 0.0

    def _above_curves(self, answer: Answer) -> float:
        """By what share of it a relaxation's worth lies above the exact worth of its own insertions."""
        if self.problem.objective.saves_money:
            return 0.0  # money is linear; what reach is granted too much shows in the floors
        assert answer.point is not None
        insertions = self._insertions(
            np.clip(answer.point, self.problem.system.lower, self.problem.system.upper)
        )
        worth = self.response.worth(self.problem.objective, insertions)
        return (answer.bound - worth) / max(abs(answer.bound), 1e-300)

    def _floors_missed(self, insertions: FloatArray) -> float:
        """By what share of it a schedule misses a floor, or what an n+ goal needs; the tangents let it."""
        problem = self.problem
        if not problem.floors and not problem.effective:
            return 0.0
        reach = problem.model.reach_shares(insertions)
        missed = [-floor.above(reach, insertions) / max(floor.size, 1e-300) for floor in problem.floors]
        for goal in problem.effective:
            granted = Effective(goal.people, goal.times).most_reached(problem.model, insertions)
            missed.append(1 - granted / max(goal.least, 1e-300))
        return max(missed)

    def _polish_starts(self) -> None:
        """Local search, once, from every plan known before that is not far behind."""
        if self.search is None:
            return
        for start in self.starts:
            if not self._sharp() and self.problem.value(start) >= short_of(self.value, _FAR_BEHIND):
                self.settings.progress("local search")
                self._polish(start)
        self.starts = []

    def _round(self, relaxed: FloatArray) -> None:
        """Whole plans next to a relaxed one: each number rounded down or up, the best such choice, polished."""
        system = self.problem.system
        # What is chosen besides, where moves do not search, may need one more or less.
        step = 0.0 if self.problem.plain else 1.0
        self._try_within(*self._around(self._insertions(relaxed), system.lower, system.upper, step))
        self.session.limit(system.lower, system.upper)

    def _around(
        self, insertions: FloatArray, lower: FloatArray, upper: FloatArray, step: float = 1.0
    ) -> tuple[FloatArray, FloatArray]:
        """Bounds (n_columns,) of whole insertions around some (n_vehicles,), down and up to the next and `step` more,
        where those given allow it."""
        lower, upper, n = lower.copy(), upper.copy(), len(insertions)
        lower[:n] = np.minimum(np.maximum(np.floor(insertions + WHOLE) - step, lower[:n]), upper[:n])
        upper[:n] = np.maximum(np.minimum(np.ceil(insertions - WHOLE) + step, upper[:n]), lower[:n])
        return lower, upper

    def _try_within(self, lower: FloatArray, upper: FloatArray, nodes: int = NO_LIMIT) -> None:
        """The best plan within bounds (n_columns,), polished; tangents at it where it misses a floor by their error."""
        self.session.limit(lower, upper)
        for _ in range(_ROUNDINGS):
            answer = self.session.solve(
                whole=True,
                gap=self.gap / 4,
                seconds=self._seconds_left(),
                enough=short_of(self.bound, self.gap / 2),
                nodes=nodes,
            )
            self.searches += 1
            if answer.point is None:
                break
            plan = rounded(self.problem, answer.point)
            kept = self._offer(plan)
            self._polish(self._insertions(plan))
            self._cut_at(self._insertions(plan))
            if kept:
                break

    def _sharpen(self) -> None:
        """A small campaign is searched a little further than asked: a better plan is often at hand."""
        if not self.integer or not self.settings.sharpen or self.problem.n_vehicles > _SMALL:
            return
        self.gap = min(self.gap, max(_SMALL_GAP, self.gap / 10))
        self._search_everything(_SMALL_SEARCHES, _SMALL_NODES)

    def _search_everything(self, most: int = NO_LIMIT, nodes: int = NO_LIMIT) -> None:
        """Step 4: whole-number search, tangents at its answers, until closed or after `most` searches.

        First where the reduced costs charge little, then wider, at last wherever a better plan can be.
        """
        # What moves cannot search takes long, and its answers are near their exact worth: no sharper than asked.
        gap, near = self.gap * (0.5 if self.search is not None else 0.75), max(2 * self.gap, _SMALL_GAP)
        previous: FloatArray | None = None
        last = self.searches + most
        while not self._closed() and self._seconds_left() > 0 and self.searches < last:
            self.settings.progress(f"whole-number search, gap {relative_gap(self.value, self.bound):.3%}")
            room = self.charged.bound - self.value
            if self.best is not None:
                room = min(room, near * abs(self.charged.bound))
            self.session.limit(*self.charged.possible(self.charged.bound - room))
            self._suggest()
            answer = self.session.solve(whole=True, gap=gap, seconds=self._seconds_left(), nodes=nodes)
            self.searches += 1
            # What was left out of the search is worth no more than the best plan, or than the bound less the room.
            everything = room >= self.charged.bound - self.value
            outside = self.value if everything else self.charged.bound - room
            self.bound = min(self.bound, max(answer.bound, outside, self.value))
            near *= 4
            if answer.point is None:
                if everything and self.best is None and answer.status == "infeasible":
                    raise InfeasiblePlan("no plan keeps all the rules", ())
                if everything:
                    return
                continue
            plan = self._offered(answer.point)
            again = previous is not None and plan is not None and np.array_equal(plan, previous)
            if everything and (plan is None or (again and gap < 1e-9)):
                return
            gap = gap / 10 if everything and again else gap
            previous = plan
            if plan is not None:
                self._cut_at(self._insertions(plan))

    def _suggest(self) -> None:
        """Tell the solver of the best plan, where it cannot know it."""

    def _offered(self, point: FloatArray) -> FloatArray | None:
        """The plan at a search's answer, kept if it is the best; None where there is none."""
        plan = self._plan_at(point)
        if plan is None:
            return None
        self._offer(plan)
        self._polish(self._insertions(plan))
        return plan


def _searched_by_moves(problem: Problem) -> bool:
    return problem.whole and problem.insertions_only and not problem.objective.saves_money


def short_of(worth: float, share: float) -> float:
    """A share of it less than a worth, which is negative where it is money."""
    return worth - share * abs(worth)
