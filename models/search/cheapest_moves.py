"""Local search for the least money that meets goals on reach and n+ reach.

A plan is a set of insertions that meets every goal. It is made cheaper by moves that end in such a plan again:

    strip    single insertions out, the dearest first, as long as everything is still met
    swap     one insertion of a vehicle out, or all of them; then the cheapest single purchase that makes up for it,
             or else, again and again, what makes up most per money; strip
    force    more of a vehicle in, then strip the others

From the plans given and from what is bought greedily for the goals alone. Every plan is checked by every rule's
own arithmetic, and n+ reach by the exact distribution, before it counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem
from models.reach.contacts import Contacts, Tally
from models.reach.frequency import COARSE
from models.search.admissible import Admissible, Moves, one_or_all
from models.search.local_search import Candidate, LocalSearch

_STEPS = (1, 2, 3)
_FORCED = 30
_PATIENCE = 100
_MOVES = ("exchange", "force")  # an exchange makes up for what is given back, all of a vehicle included
_SHAKES = 8  # in vain, before the search ends
_CLOSE = 2e-6  # of a goal: how far the search's own n+ reach may be from the exact


@dataclass(frozen=True, eq=False)
class _Goal:
    """people: (n_segments counted,) wanted `times` times or more; least: people (000). sharp, soft: losses, of people
    met too seldom, and of the contacts that they lack (models.search.effective_moves)."""

    people: FloatArray
    times: int
    least: float
    sharp: FloatArray
    soft: FloatArray


class CheapestSearch:
    """For one problem of minimum cost; whole insertions."""

    patience = _PATIENCE

    def __init__(self, problem: Problem, deadline: float = np.inf) -> None:
        self.problem = problem
        self.local = LocalSearch(self, deadline)
        self.within = Admissible(problem)
        self.price = self.within.prices.price
        self.most = np.floor(self.within.upper + 1e-9)
        self.steps = tuple(sorted({*_STEPS, *self.within.smallest.tolist()}))
        self.money = self.price[:, None] * np.asarray(self.steps)
        wanted = [(floor.people, 1, floor.least) for floor in problem.floors if floor.contacts is None]
        wanted += [(goal.people, goal.times, goal.least) for goal in problem.effective]
        counted = np.zeros(len(problem.model.population), dtype=bool)
        for people, _, _ in wanted:
            counted |= people > 0
        times = max((times for _, times, _ in wanted), default=1)
        self.contacts = Contacts(problem.model, times, self.most, counted, self.most > 0, COARSE)
        self.goals = [
            _goal(people[self.contacts.segments], own, least, times) for people, own, least in wanted
        ]

    # --- what is met, and what a plan costs ---

    def met(self, tally: Tally) -> FloatArray:
        """(n_goals,) share of each goal that is met, 1 = just."""
        shares = [float(g.people @ self.contacts.shares(tally, g.times)) / g.least for g in self.goals]
        return np.array(shares)

    def plan(self, tally: Tally) -> FloatArray | None:
        """The cheapest plan (plan_size,) of these insertions, if it keeps everything, exactly."""
        plan = self.within.plan(tally.insertions)
        if plan is None or (self.met(tally) < 1 - _CLOSE).any():
            return None
        outcome = self.problem.outcome(plan)
        return plan if all(goal.holds(outcome) for goal in self.problem.effective) else None

    def cost(self, tally: Tally) -> float:
        """Money, at single prices: exact where a plan is insertions only, else a hint."""
        return self.within.prices.spent(tally.insertions)

    # --- the search ---

    def improve(self, start: FloatArray) -> FloatArray:
        """The cheapest plan found, from a plan that keeps everything; never a dearer one."""
        best, total = start, self.problem.tariff.total(start)
        insertions = self.problem.columns.insertions(start)
        # The cheapest first: a start far dearer than a greedy plan would take all the time.
        starts = (self.contacts.tally(np.rint(insertions)), *self._greedy())
        for tally in sorted(starts, key=self.cost):
            plan = self.plan(self.local.climb(tally, moves=_MOVES)) if self.keeps(tally) else None
            if plan is not None and self.problem.tariff.total(plan) < total:
                best, total = plan, self.problem.tariff.total(plan)
        kept = self.contacts.tally(self.problem.columns.insertions(best))
        shaken = self.plan(self.local.shaken(kept, self._shaken, _SHAKES, moves=_MOVES))
        return shaken if shaken is not None and self.problem.tariff.total(shaken) < total else best

    def first(self) -> FloatArray | None:
        """A plan bought greedily for all goals at once, None where that leads to none."""
        plans = (self.plan(tally) for tally in self._greedy())
        return next((plan for plan in plans if plan is not None), None)

    def _shaken(self, tally: Tally, rng: np.random.Generator) -> Tally | None:
        """A few vehicles out at random, made up for by others."""
        taken = self.local.taken_out(tally, rng)
        if taken is None:
            return None
        # A little dearer at first: the climb that follows makes it cheaper.
        closed = taken[1] if rng.random() < 0.5 else None
        made = self._made_up(
            self.contacts.tally(taken[0]), 1.2 * self.cost(tally), closed, float(rng.random())
        )
        return made if made is not None and self.keeps(made) else None

    def _greedy(self) -> Iterator[Tally]:
        """Bought for the goals alone, from the least that the rules ask for."""
        nothing = self.contacts.tally(np.ceil(self.within.lower - 1e-9) + 0.0)
        for soft in (0.0, 1.0, 0.5):
            found = self._made_up(nothing, np.inf, None, soft)
            if found is not None:
                yield found

    # --- what local search asks ---

    def moved(self, state: Tally, vehicle: int, step: int) -> Tally:
        return self.contacts.moved(state, vehicle, step)

    def worth(self, state: Tally) -> float:
        """Less money: of insertions, or of the cheapest plan of them (minus infinity where there is none)."""
        if self.within.rows is not None:
            return -self.cost(state)
        plan = self.plan(state)
        return -np.inf if plan is None else -self.problem.tariff.total(plan)

    def goal(self, state: Tally) -> float:
        return self.worth(state) * (1 - 1e-9)

    def keeps(self, state: Tally) -> bool:
        return self.plan(state) is not None

    def begun(self, state: Tally) -> Tally:
        stripped = self._stripped(state)  # where plans hold further choices, rules may be broken then
        return stripped if self.keeps(stripped) else state

    def outs(self, state: Tally) -> Sequence[Moves]:
        """One insertion of each bought vehicle, and all of them, the dearest first."""
        bought = np.flatnonzero(state.insertions > self.within.lower)
        dearest = bought[np.argsort(-self.price[bought], kind="stable")]
        return one_or_all(state.insertions, dearest, self.within.lower)

    def likely(self, state: Tally) -> Sequence[Moves]:
        """A few more of those that add most to the goals per money."""
        gains = self._gains(state, 0.5, np.ones(len(self.goals), dtype=bool))[:, 0] / self.price
        order = np.argsort(-np.nan_to_num(gains, nan=-1.0), kind="stable")[:_FORCED]
        steps = np.array(self.steps)
        return [(np.full(len(steps), j), steps) for j in order.tolist()]

    def exchanges(self, state: Tally, out: Moves) -> Iterator[Candidate[Tally]]:
        """Without what is given back: what makes up for it is bought in completing."""
        for vehicle, less in zip(out[0].tolist(), out[1].tolist(), strict=True):
            base = self.moved(state, vehicle, -less)
            yield Candidate(base, state, closed=np.array([vehicle]), screened=True)

    def may_stay(self, state: Tally) -> bool:
        """More is never too much here: others are given back for it."""
        return True

    def least_missed(self, state: Tally, kept: int) -> tuple[int, int] | None:
        return None

    def hopeless(self, candidate: Candidate[Tally], goal: float) -> bool:
        return False

    def completed(self, candidate: Candidate[Tally], goal: float) -> Tally | None:
        """Made up for, by others than those closed and for less money; and what is not needed any more given back."""
        made: Tally | None = candidate.state
        if candidate.closed is not None:
            made = self._made_up(candidate.state, self.cost(candidate.than), candidate.closed)
        return None if made is None else self._stripped(made, candidate.kept)

    def _stripped(self, tally: Tally, kept: int = -1) -> Tally:
        """Single insertions out, the dearest first, as long as rows and goals hold."""
        while not self.local.late:
            out = self.within.room(tally.insertions, (-1,))[:, 0]
            out[kept] = out[kept] and kept < 0
            if not self.problem.insertions_only:
                out &= tally.insertions > self.within.lower
            for goal, met in zip(self.goals, self.met(tally), strict=True):
                lost = self.contacts.changes(tally, goal.sharp, (-1,), out[:, None])[:, 0]
                out &= np.nan_to_num(goal.least * met - lost, nan=-np.inf) >= goal.least
            open_ = np.flatnonzero(out)
            if len(open_) == 0:
                return tally
            tally = self.contacts.moved(tally, int(open_[np.argmax(self.price[open_])]), -1)
        return tally

    def _made_up(
        self, tally: Tally, below: float, closed: IntArray | None, soft: float = 0.0
    ) -> Tally | None:
        """Insertions added until rows and goals hold, for less than `below` in all; None where that fails."""
        while not self.local.late:
            unmet = self.met(tally) < 1
            lacking = self._lacking(tally)
            if not unmet.any() and not lacking.any():
                return tally
            open_ = self._room(tally, below, closed)
            if not open_.any():
                return None
            gains = self._gains(tally, soft, unmet, open_) + self._row_gains(tally, lacking)
            j, i = self._enough_at_once(tally, unmet, lacking, open_) or np.unravel_index(
                int(np.argmax(np.where(open_, gains / self.money, -np.inf))), gains.shape
            )
            if not gains[j, i] > 1e-12:
                return None
            tally = self.contacts.moved(tally, int(j), self.steps[i])
        return None

    def _room(self, tally: Tally, below: float, closed: IntArray | None) -> BoolArray:
        """(n_vehicles, n_steps) purchases within what rows allow at most and for less than `below` in all."""
        open_ = self.within.room_above(tally.insertions, self.steps)
        once = self.within.prices.once * (tally.insertions == 0)
        open_ &= self.cost(tally) + self.money + once[:, None] < below * (1 - 1e-9)
        if closed is not None:
            open_[closed] = False
        return open_

    def _gains(
        self, tally: Tally, soft: float, unmet: BoolArray, open_: BoolArray | None = None
    ) -> FloatArray:
        """(n_vehicles, n_steps) what each purchase adds to the shares of the goals unmet."""
        found = np.zeros(self.money.shape)
        for goal, wanted in zip(self.goals, unmet, strict=True):
            if wanted:
                loss = (1 - soft) * goal.sharp + soft * goal.soft
                found -= (
                    np.nan_to_num(self.contacts.changes(tally, loss, self.steps, open_), nan=0.0) / goal.least
                )
        return found

    def _lacking(self, tally: Tally) -> FloatArray:
        """(n_rows,) what rows lack to their least, 0 where nothing, and where plans hold further choices."""
        rows = self.within.rows
        if rows is None or len(rows.matrix) == 0:
            return np.zeros(0)
        lacks = rows.least - rows.tolerance - rows.activity(tally.insertions)
        return np.where(lacks > 0, lacks + rows.tolerance, 0.0)

    def _row_gains(self, tally: Tally, lacking: FloatArray) -> FloatArray | float:
        """(n_vehicles, n_steps) what each purchase adds, as shares of what rows lack."""
        rows = np.flatnonzero(lacking > 0)
        if len(rows) == 0:
            return 0.0
        each = self._added_to_rows(tally)[rows]
        return np.asarray((np.minimum(each / lacking[rows][:, None, None], 1.0)).sum(axis=0))

    def _added_to_rows(self, tally: Tally) -> FloatArray:
        """(n_rows, n_vehicles, n_steps) what each purchase adds to the rows."""
        rows = self.within.rows
        assert rows is not None
        whole = tally.insertions.astype(np.int64)
        now, vehicles = rows.activity(whole), np.arange(len(whole))
        return np.stack([rows.after(whole, now, vehicles, s) - now[:, None] for s in self.steps], axis=2)

    def _enough_at_once(
        self, tally: Tally, unmet: BoolArray, lacking: FloatArray, open_: BoolArray
    ) -> tuple[int, int] | None:
        """The cheapest single purchase after which nothing is wanting, None where there is none."""
        enough = open_.copy()
        rows = np.flatnonzero(lacking > 0)
        if len(rows):
            each = self._added_to_rows(tally)[rows]
            enough &= (each >= lacking[rows][:, None, None]).all(axis=0)
        for goal, met, wanted in zip(self.goals, self.met(tally), unmet, strict=True):
            if wanted and enough.any():
                gained = -self.contacts.changes(tally, goal.sharp, self.steps, enough)
                enough &= np.nan_to_num(goal.least * met + gained, nan=-np.inf) >= goal.least
        if not enough.any():
            return None
        j, i = np.unravel_index(int(np.argmin(np.where(enough, self.money, np.inf))), enough.shape)
        return int(j), int(i)


def _goal(people: FloatArray, times: int, least: float, classes: int) -> _Goal:
    missing = np.zeros(classes)
    missing[:times] = (times - np.arange(times)) / times
    sharp, soft = (missing > 0)[:, None] * people, missing[:, None] * people
    return _Goal(people, times, max(least, 1e-9), sharp, soft)
