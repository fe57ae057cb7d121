"""The order of work: from a problem to a plan with a certificate.

1. Greedy gives a plan; the programme gets tangents at its point.
2. The linear relaxation is solved again and again, tangents added where its solution lies above a curve,
   until it lies on the curves: its optimum bounds every plan.
3. Unless greedy is at the bound already, local search on the exact value improves it and every plan known
   before; and whole plans come from the relaxation's solution: each number rounded down or up by a small
   whole-number search over these two choices only, then polished likewise.
4. Only if the gap is still wider than asked: a whole-number search over every number of insertions that could
   still be part of a better plan, with tangents added at its answers, until the gap is closed or the time is
   up. Which numbers could, the reduced costs of the relaxation say: a plan that buys k of a vehicle is worth
   at most the bound less what the reduced costs charge for it (reduced-cost fixing, Nemhauser and Wolsey 1988).

A fractional plan is the relaxation's own solution, to the tolerance of its tangents. Floors on reach are
outer-approximated by the same tangents, so a candidate may miss one by a little: it is checked exactly, and
tangents are added at its point; a fractional one is moved towards a known plan that keeps the floor. The floor
in the programme is never tightened, so the bound holds for every plan.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.certificate import Allocation, Duals, relative_gap
from models.errors import InfeasiblePlan, SolverFailure
from models.feasible import feasible_plan
from models.polish import Search
from models.problem import Problem
from models.programme import Programme
from models.reach import reached, saturate
from models.response import Response
from models.solver import NO_LIMIT, Answer, SolverName, open_session

FRACTIONAL_GAP = 1e-8  # relative; below the solvers' own tolerances nothing is gained
_MOST_ROUNDS = 60
_ROUNDINGS = 4
_SHARP = 0.01  # of the gap asked for
_FAR_BEHIND = 0.03
_SMALL = 100  # vehicles
_SMALL_GAP, _SMALL_SEARCHES, _SMALL_NODES = 1e-4, 2, 300
_INSIDE = 1e-4


@dataclass(frozen=True)
class Settings:
    """gap: relative gap that counts as optimal. seconds: time limit. solver: highs or cbc.
    thorough: polish and round even where a known plan is within the gap already. sharpen: search a small
    campaign further than asked. progress: told a sentence now and then."""

    gap: float = 1e-3
    seconds: float = 300.0
    solver: SolverName = "highs"
    thorough: bool = True
    sharpen: bool = True
    progress: Callable[[str], None] = lambda _: None


def allocate(problem: Problem, settings: Settings, starts: Sequence[FloatArray] = ()) -> Allocation:
    """The best plan found and a bound on all plans.

    starts: known plans (n_vehicles,) that keep all rules; the answer is never worth less than they are.
    Raises InfeasiblePlan when no plan keeps the rules, SolverFailure when the time limit leaves none.
    """
    return _Allocator(problem, settings).run(starts)


class _Allocator:
    """One run: the best plan and the lowest bound so far."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        self.problem = problem
        self.settings = settings
        self.deadline = time.monotonic() + settings.seconds
        system = problem.system
        if (system.lower > system.upper + 1e-9).any():
            raise InfeasiblePlan("a minimum exceeds what may be bought", ())
        counted = problem.objective.counts
        for floor in problem.floors:
            counted = counted | (floor.people > 0)
        self.response = Response(problem.model, system.upper, counted)
        self.search = Search(problem, self.response, self.deadline)
        self.best: FloatArray | None = None
        self.value = -np.inf
        self.bound = problem.objective.ceiling(system.upper)
        self.rounds = self.searches = 0
        self.charges: list[FloatArray] = []
        self.charged_bound = np.inf
        self.inside: FloatArray | None = None
        self.duals: Duals | None = None
        self.gap = settings.gap if problem.whole else min(settings.gap, FRACTIONAL_GAP)

    def run(self, starts: Sequence[FloatArray]) -> Allocation:
        self.starts = list(starts)
        for start in starts:
            self._offer(start)
        if self.settings.thorough or self.best is None:
            self._start()
        self.settings.progress("stating the programme")
        self.programme = Programme(self.problem, self.response)
        self.session = open_session(self.programme, self.settings.solver)
        if self.best is not None:
            self._cut_at(self.best)
        self._relax()
        if self.problem.whole and not self._closed():
            self._search_everything()
        if self.problem.whole and self.settings.sharpen and self.problem.n_vehicles <= _SMALL:
            self._sharpen()
        return self._finish()

    def _finish(self) -> Allocation:
        if self.best is None:
            if self._seconds_left() <= 0:
                raise SolverFailure(
                    "the time limit ended the search before a plan was found; allow more time."
                )
            raise SolverFailure("the solver's answers keep the rules only roughly; try the other solver.")
        bound = max(self.bound, self.value)
        timed_out = relative_gap(self.value, bound) > self.settings.gap and self._seconds_left() <= 0
        return Allocation(
            self.best, self.value, bound, self.settings.gap, timed_out, self.rounds, self.searches, self.duals
        )

    def _seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def _closed(self) -> bool:
        return self.best is not None and relative_gap(self.value, self.bound) <= self.gap

    def _offer(self, insertions: FloatArray) -> None:
        """Keep a plan if it keeps all rules, by their own check, and is worth more than the best."""
        if self._keeps_everything(insertions):
            value = self.problem.value(insertions)
            if value > self.value:
                self.best, self.value = insertions.astype(float), value

    def _keeps_everything(self, insertions: FloatArray) -> bool:
        return self.problem.system.feasible(insertions) and not self.problem.broken(insertions)

    def _sharp(self) -> bool:
        """Whether the best plan is so near the bound that no search is worth its while."""
        return self.best is not None and relative_gap(self.value, self.bound) <= _SHARP * self.gap

    def _start(self) -> None:
        """Greedy, from the least that the rules ask for."""
        if not self.problem.whole:
            # A plan inside the rules, to move towards where a solver's answer is outside by a rounding.
            for margin in (_INSIDE, 0.0):
                inside = feasible_plan(self.problem, margin=margin)
                if inside is not None:
                    self._offer(inside)
                    self.inside = inside
                    return
            raise InfeasiblePlan("no plan keeps all the rules", ())
        self.settings.progress("greedy")
        start: FloatArray | None = self.problem.system.lower
        if not self.problem.system.feasible(self.problem.system.lower):
            start = (
                self.best if self.best is not None else feasible_plan(self.problem, self.search.first_gains())
            )
        if start is None:
            raise InfeasiblePlan("no plan keeps all the rules", ())
        greedy = self.search.greedy(start.astype(np.int64))
        self.starts.append(greedy.astype(float))
        self._offer(self.starts[-1])

    def _polish(self, insertions: FloatArray) -> None:
        """Local search from a plan that keeps everything, the better plan kept."""
        plan = np.rint(insertions).astype(np.int64)
        if self.search.acceptable(plan):
            enough = self.bound * (1 - _SHARP * self.gap)
            self._offer(self.search.improve(plan, enough).astype(float))

    def _levels(self, insertions: FloatArray) -> tuple[FloatArray, FloatArray]:
        """S (n_segments, n_media) and T (n_segments,) of a schedule."""
        intensity = self.response.medium_intensity(insertions)
        return intensity, saturate(intensity, self.response.k_medium).sum(axis=1)

    def _cut_at(self, insertions: FloatArray) -> None:
        intensity, total = self._levels(insertions)
        wanted = np.ones((len(total), intensity.shape[1] + 1), dtype=bool)
        wanted[:, :-1] = np.isfinite(self.response.k_medium) & (intensity > 0)
        wanted[:, -1] = total > 0
        self.session.add(self.programme.tangents_at(intensity, total, wanted))

    def _approximate_worth(self, insertions: FloatArray) -> float:
        """Exact worth of a (fractional) schedule in the segments that count."""
        intensity = self.response.medium_intensity(insertions)
        reach = reached(saturate(intensity, self.response.k_medium).sum(axis=1), self.response.k_person)
        return self.problem.objective.within(self.response.segments).value(reach, insertions)

    def _relax(self) -> None:
        """Step 2 (and 3 for whole plans): tangents until the relaxation lies on its curves."""
        tolerance = 0.1 * self.gap if self.problem.whole else self.gap
        rounded_at = np.inf
        for _ in range(_MOST_ROUNDS):
            answer = self.session.solve(whole=False, gap=0.0, seconds=self._seconds_left())
            self.rounds += 1
            if answer.status == "infeasible":
                raise InfeasiblePlan("no plan keeps all the rules", ())
            self.bound = min(self.bound, answer.bound)
            if answer.insertions is None or answer.status != "optimal":
                return
            if self._closed() and not self.settings.thorough:
                return
            self._note_duals(answer)
            self._note_charges(answer)
            relaxed = np.clip(answer.insertions, self.problem.system.lower, self.problem.system.upper)
            loose = (self.bound - self._approximate_worth(relaxed)) / max(self.bound, 1e-300)
            self.settings.progress(f"bound {self.bound:,.1f}, best plan {max(self.value, 0):,.1f}")
            if not self.problem.whole:
                self._offer(self._fractional_candidate(relaxed))
            elif loose < 5 * self.gap and loose < 0.3 * rounded_at and not self._sharp():
                rounded_at = loose
                self._round(relaxed)
                self._polish_starts()
            settled = max(loose, self._floors_missed(relaxed)) <= tolerance
            if self._closed() or settled or self._seconds_left() <= 0:
                return
            self._cut_at(relaxed)

    def _floors_missed(self, insertions: FloatArray) -> float:
        """By what share of it a schedule misses a floor; the tangents let it."""
        if not self.problem.floors:
            return 0.0
        reach = self.problem.model.reach_shares(insertions)
        return max(-floor.slack(reach) / max(floor.least, 1e-300) for floor in self.problem.floors)

    def _polish_starts(self) -> None:
        """Local search, once, from every plan known before that is not far behind."""
        for start in self.starts:
            if not self._sharp() and self.problem.value(start) >= (1 - _FAR_BEHIND) * self.value:
                self.settings.progress("local search")
                self._polish(start)
        self.starts = []

    def _round(self, relaxed: FloatArray) -> None:
        """Whole plans next to a relaxed one: each number rounded down or up, the best such choice, polished."""
        system = self.problem.system
        near = np.rint(relaxed)
        settled = np.abs(relaxed - near) < 1e-6
        low = np.clip(np.where(settled, near, np.floor(relaxed)), system.lower, system.upper)
        high = np.clip(np.where(settled, near, np.ceil(relaxed)), system.lower, system.upper)
        self.session.limit(low, high)
        for _ in range(_ROUNDINGS):
            answer = self.session.solve(
                whole=True,
                gap=self.gap / 4,
                seconds=self._seconds_left(),
                enough=self.bound * (1 - self.gap / 2),
            )
            self.searches += 1
            if answer.insertions is None:
                break
            plan = np.rint(answer.insertions)
            self._polish(plan)
            if self.search.acceptable(plan.astype(np.int64)):
                break
            self._cut_at(plan)  # it misses a floor by the tangents' error
        self.session.limit(system.lower, system.upper)

    def _note_duals(self, answer: Answer) -> None:
        """Shadow prices of the relaxation, in the problem's own units."""
        if answer.insertion_cost is None or answer.increment_cost is None or answer.row_worth is None:
            return
        system, response = self.problem.system, self.response
        cost = np.where(system.upper > 0, answer.insertion_cost, np.nan)
        if len(answer.increment_cost):
            offered = np.flatnonzero(system.upper > 0)
            cost[offered] += answer.increment_cost[response.offset[offered]]
        self.duals = Duals(answer.row_worth / system.scale, cost)

    def _note_charges(self, answer: Answer) -> None:
        """Per vehicle and number of insertions, what the relaxation's reduced costs charge against its bound."""
        if not self.problem.whole or answer.increment_cost is None or answer.insertion_cost is None:
            return
        system, response = self.problem.system, self.response
        charges = []
        for j in range(self.problem.n_vehicles):
            each = np.full(int(system.upper[j]), answer.insertion_cost[j])
            if len(answer.increment_cost):
                each = each + answer.increment_cost[response.offset[j] : response.offset[j + 1]]
            total = np.concatenate([[0.0], np.cumsum(np.sort(each))])
            charges.append(total - total[int(system.lower[j]) :].min())
        self.charges, self.charged_bound = charges, answer.bound

    def _promising(self, room: float) -> tuple[FloatArray, FloatArray]:
        """Fewest and most insertions of each vehicle that a plan within `room` of the bound can have."""
        lower, upper = self.problem.system.lower.copy(), self.problem.system.upper.copy()
        room += 1e-7 * abs(self.charged_bound)
        for j, charge in enumerate(self.charges):
            possible = np.flatnonzero(charge[int(lower[j]) :] <= room) + lower[j]
            lower[j], upper[j] = possible.min(), possible.max()
        return lower, upper

    def _sharpen(self) -> None:
        """A small campaign is searched a little further than asked: a better plan is often at hand."""
        self.gap = min(self.gap, max(_SMALL_GAP, self.gap / 10))
        self._search_everything(_SMALL_SEARCHES, _SMALL_NODES)

    def _search_everything(self, most: int = NO_LIMIT, nodes: int = NO_LIMIT) -> None:
        """Step 4: whole-number search, tangents at its answers, until closed or after `most` searches.

        First where the reduced costs charge little, then wider, at last wherever a better plan can be.
        """
        gap, near = self.gap / 2, max(2 * self.gap, _SMALL_GAP)
        previous: FloatArray | None = None
        last = self.searches + most
        while not self._closed() and self._seconds_left() > 0 and self.searches < last:
            self.settings.progress(f"whole-number search, gap {relative_gap(self.value, self.bound):.3%}")
            room = min(self.charged_bound - self.value, near * abs(self.charged_bound))
            self.session.limit(*self._promising(room))
            answer = self.session.solve(whole=True, gap=gap, seconds=self._seconds_left(), nodes=nodes)
            self.searches += 1
            # What was left out of the search is worth no more than the best plan, or than the bound less the room.
            everything = room >= self.charged_bound - self.value
            outside = self.value if everything else self.charged_bound - room
            self.bound = min(self.bound, max(answer.bound, outside, self.value))
            near *= 4
            if answer.insertions is None:
                if everything and self.best is None and answer.status == "infeasible":
                    raise InfeasiblePlan("no plan keeps all the rules", ())
                if everything:
                    return
                continue
            plan = np.rint(answer.insertions)
            self._offer(plan)
            self._polish(plan)
            if everything and previous is not None and np.array_equal(plan, previous):
                if gap < 1e-9:
                    return
                gap /= 10
            previous = plan
            self._cut_at(plan)

    def _fractional_candidate(self, relaxed: FloatArray) -> FloatArray:
        """The relaxed plan, moved towards a known one just as far as a missed floor or a rounding needs.

        Rows and bounds are linear and reach is concave, so every plan between the two keeps the rules,
        and some plan between keeps the floors.
        """
        plan = np.clip(relaxed, self.problem.system.lower, self.problem.system.upper)
        plan[plan < 1e-9] = 0.0
        plan = np.maximum(plan, self.problem.system.lower)
        for anchor in (self.inside, self.best):
            if anchor is not None and not self._keeps_everything(plan) and self._keeps_everything(anchor):
                plan = self._moved_towards(anchor, plan)
        return plan

    def _moved_towards(self, anchor: FloatArray, plan: FloatArray) -> FloatArray:
        """The plan nearest to `plan`, on the way to `anchor`, that keeps everything as `anchor` does."""
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            if self._keeps_everything(plan + middle * (anchor - plan)):
                high = middle
            else:
                low = middle
        return np.asarray(plan + high * (anchor - plan))
