"""What is known while a problem is searched: the best plan and the lowest bound so far, and what betters both."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan, NoPlanInTime, SolverFailure
from models.problem.certificate import Allocation, Duals, contradicts, relative_gap
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.plans.completion import cheapest_completion
from models.programme.plans.feasible import FEW
from models.programme.plans.listing import best_listed, every_plan
from models.programme.reduced_costs import Charges
from models.programme.relaxation import Relaxation, keeps_everything
from models.programme.solvers.highs_quiet import SolverName
from models.search.alike import cheaper_alike, without_idle

FRACTIONAL_GAP = 1e-8  # relative; below the solvers' own tolerances nothing is gained
LISTED = 20_000  # plans half made: with more, a search is as soon done
_SHARP = 0.01  # of the gap asked for
_TRACE = 0.01  # of an insertion
_TRACES_WORTH = 0.1  # of the gap asked for


@dataclass(frozen=True)
class Settings:
    """gap: relative gap that counts as optimal. seconds: time limit. solver: highs or cbc.
    thorough: polish and round even where a known plan is within the gap already. sharpen: search a small
    campaign further than asked; neither: an answer within the gap is enough (models.search.again). progress: told a
    sentence now and then. enough: a worth of n+ reach at which the search for it may end. proof: whether the bound is
    asked for, and not a plan alone."""

    gap: float = 1e-3
    seconds: float = 300.0
    solver: SolverName = "highs"
    thorough: bool = True
    sharpen: bool = True
    progress: Callable[[str], None] = lambda _: None
    enough: float = np.inf
    proof: bool = True

    @property
    def quick(self) -> bool:
        """Whether an answer within the gap is enough."""
        return not (self.thorough or self.sharpen)


Ask = Callable[[Problem, Settings, Sequence[FloatArray], Relaxation | None], Allocation]


class Work:
    """best: (plan_size,) None while none is known; value: its exact worth. bound: no plan is worth more. gap: at which
    the work ends. starts: plans (plan_size,) known before. ask: solves another problem of the same people."""

    def __init__(
        self,
        problem: Problem,
        settings: Settings,
        starts: Sequence[FloatArray],
        relaxation: Relaxation | None,
        ask: Ask,
    ) -> None:
        self.problem, self.settings, self.starts, self.ask = problem, settings, list(starts), ask
        self.deadline = time.monotonic() + settings.seconds
        self._cut_short = False
        system = problem.system
        if system.bounds_cross:
            raise InfeasiblePlan("a minimum exceeds what may be bought", ())
        self.integer = bool(system.whole[system.used[: len(system.whole)]].any())
        self.gap = settings.gap if self.integer else min(settings.gap, FRACTIONAL_GAP)
        self.best: FloatArray | None = None
        self.value = -np.inf
        self.bound = problem.objective.ceiling(system.upper[: problem.n_vehicles])
        self._proven = self.bound
        self.duals: Duals | None = None
        self._charged_by: Relaxed | None = None
        self._relaxation = relaxation
        self._before = (0, 0) if relaxation is None else (relaxation.relaxations, relaxation.searches)
        for start in starts:
            if len(start) == problem.columns.plan_size:  # a neighbour's plan may say other weeks, or none
                self.offer(start)

    @property
    def relaxation(self) -> Relaxation:
        """The campaign's programme, asked about this problem."""
        before = None if self._relaxation is None else self._relaxation.problem
        if self._relaxation is None:
            self.settings.progress("stating the programme")
            self._relaxation = Relaxation(self.problem, solver=self.settings.solver)
        elif before is not self.problem:
            self._relaxation.restate(self.problem)
        if before is not self.problem and self.best is not None:
            self._relaxation.cut_at(self.best)
        self._relaxation.deadline = self.deadline
        return self._relaxation

    @property
    def charged(self) -> Charges:
        """What the last relaxation charges for every number of insertions."""
        system = self.problem.system
        found = self._charged_by
        return Charges(np.inf, system.lower, system.upper) if found is None else found.charged

    @property
    def relaxed_point(self) -> FloatArray | None:
        """(n_vehicles,) insertions of the last relaxation of the whole problem; None where there is none."""
        found = self._charged_by
        return None if found is None or found.point is None else self.insertions(found.point)

    def list_better(self, worth: float, many: int = LISTED) -> bool:
        """Keep the best of all plans that may be worth more than so much, where no more than so many half made are to
        be looked at, and the bound that follows; whether they are so few."""
        if self._charged_by is None or self._relaxation is None:
            return False
        listed = best_listed(
            self.problem, self._relaxation.response, self._charged_by, worth, many, self.deadline
        )
        if listed is None:
            return False
        if listed[0] is not None:
            self.offer(listed[0])
        self.bound = min(self.bound, max(listed[1], self.value))
        return True

    def tried_each(self, few: int) -> bool:
        """Keep the best of all plans, as certain, where no more than so few half made are to be looked at; whether they
        are so few and one keeps everything."""
        plans = every_plan(self.problem, few)
        for plan in () if plans is None else plans.astype(float):
            if self.left() <= 0:
                return False
            self.offer(plan)
        if plans is None or self.best is None:
            return False
        self.bound = min(self.bound, self.value)
        return True

    def left(self) -> float:
        """Seconds until the time limit."""
        return self.deadline - time.monotonic()

    @contextmanager
    def kept_back(self, share: float) -> Iterator[None]:
        """Work that leaves a share of the time for what comes after it."""
        end = self.deadline
        if np.isfinite(end):
            self.deadline -= share * max(self.left(), 0.0)
        try:
            yield
        finally:
            self._cut_short |= self.left() <= 0
            self.deadline = end

    def closed(self) -> bool:
        """Whether the best plan is within the gap."""
        return self.best is not None and relative_gap(self.value, self.bound) <= self.gap

    def sharp(self) -> bool:
        """Whether the best plan is so near the bound that no search is worth its while."""
        return self.best is not None and relative_gap(self.value, self.bound) <= _SHARP * self.settings.gap

    def offer(self, plan: FloatArray) -> bool:
        """Keep a plan (plan_size,) if it keeps all rules, by their own check, and is worth more than the best.
        Returns whether it keeps them."""
        if not keeps_everything(self.problem, plan):
            return False
        value = self.problem.value(plan)
        if value > self.value:
            self.best, self.value = plan.astype(float), value
        if contradicts(value, self.bound):
            self.bound = self._proven  # a search's that this plan contradicts is none
        return True

    def learn(self, found: Relaxed) -> None:
        """The bound, prices and reduced costs of a relaxation of the whole problem. Raises InfeasiblePlan."""
        if found.status == "infeasible":
            raise InfeasiblePlan
        self.bound, self._proven = min(self.bound, found.bound), min(self._proven, found.bound)
        if found.settled:
            self.duals = found.duals or self.duals
            if self.problem.whole:
                self._charged_by = found
        self.tell("lowering the bound")

    def tell(self, doing: str) -> None:
        """Say how far the best plan is from the bound, and what is being done."""
        gap = f"gap {100 * relative_gap(self.value, self.bound):.2g} %, " if self.best is not None else ""
        self.settings.progress(gap + doing)

    def rounds(self, tolerance: float) -> Iterator[Relaxed]:
        """The relaxation's answers while tangents are added, each learned from; they end where time does, or where the
        best plan is within the gap and that is enough. Raises InfeasiblePlan."""
        for found in self.relaxation.rounds(tolerance):
            self.learn(found)
            if not found.settled or (self.closed() and not self.settings.thorough):
                return
            yield found

    def insertions(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) of a plan."""
        return self.problem.columns.insertions(plan)

    def _spend_less(self, best: FloatArray) -> None:
        """The best plan with cheaper lines in place of those they are like, and without insertions in vain, where
        rounding leaves it within the gap."""
        plan, asked = cheaper_alike(self.problem, best, self.value), self.settings.gap
        plan = without_idle(self.problem, plan)
        if plan is best:
            return
        value = self.problem.value(plan)
        if relative_gap(value, self.bound) <= asked or relative_gap(self.value, self.bound) > asked:
            self.best, self.value = plan, value

    def _some_plan(self, ended: bool) -> FloatArray:
        """The best plan. Raises InfeasiblePlan where plans are few and none keeps the rules, else SolverFailure where
        none was found."""
        if self.best is None and ended:
            raise NoPlanInTime("The time limit ended the search before a plan was found; allow more time.")
        if self.best is None and not self.tried_each(FEW):
            if every_plan(self.problem, FEW) is not None:
                raise InfeasiblePlan
            raise SolverFailure("the solver's answers keep the rules only roughly; try the other solver.")
        assert self.best is not None
        return self.best

    def finish(self) -> Allocation:
        """The best plan with its certificate. Raises as _some_plan does, where there is none."""
        ended = self._cut_short or self.left() <= 0
        self.best = _cheapest_of(self.problem, self._some_plan(ended))
        self._spend_less(self.best)
        if not self.integer:
            self.best = _tidied(
                self.problem, self.best, short_of(self.value, _TRACES_WORTH * self.settings.gap)
            )
            self.value = self.problem.value(self.best)
        bound = max(self.bound, self.value)
        timed_out = ended and relative_gap(self.value, bound) > self.settings.gap
        asked = self._relaxation
        counts = (0, 0) if asked is None else (asked.relaxations, asked.searches)
        rounds, searches = (now - before for now, before in zip(counts, self._before, strict=True))
        return Allocation(
            self.insertions(self.best), self.value, bound, self.settings.gap, timed_out, rounds, searches,
            self.best, self.duals,
        )  # fmt: skip


def _tidied(problem: Problem, plan: FloatArray, enough: float) -> FloatArray:
    """Where insertions may be parts: the plan with the money for traces of a vehicle given to the rest, where that is
    worth enough. A trace of a second unit lets the first be worth all of its parts (models.reach.units)."""
    traces = (plan > 0) & (plan < _TRACE) & (problem.system.lower[: len(plan)] <= 0)
    if not problem.plain or not traces.any():
        return plan
    freed, rest = float(problem.cost[traces] @ plan[traces]), np.where(traces, 0.0, plan)
    larger = rest * (1 + freed / max(float(problem.cost @ rest), 1e-300))
    tidy = np.minimum(larger, problem.system.upper[: len(plan)])
    return tidy if keeps_everything(problem, tidy) and problem.value(tidy) >= enough else plan


def _cheapest_of(problem: Problem, plan: FloatArray) -> FloatArray:
    """The same insertions in the same weeks, in packages where that is cheaper: worth says nothing of money."""
    columns = problem.columns
    if not columns.packages:
        return plan
    weekly = columns.weekly(plan) if columns.weeks else None
    cheaper = cheapest_completion(problem, columns.insertions(plan), weekly)
    if cheaper is None or problem.tariff.total(cheaper) >= problem.tariff.total(plan):
        return plan
    return cheaper if keeps_everything(problem, cheaper) else plan


def short_of(worth: float, share: float) -> float:
    """A share of it less than a worth, which is negative where it is money."""
    return worth - share * abs(worth)
