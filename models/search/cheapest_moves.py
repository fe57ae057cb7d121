"""Local search for the least money that meets goals on reach and n+ reach.

A plan is a set of insertions that meets every goal. It is made cheaper by moves that end in such a plan again:

    strip    single insertions out, the dearest first, as long as everything is still met
    swap     one insertion of a vehicle out, or all of them; then the cheapest single purchase that makes up for it,
             or else, again and again, what makes up most per money; strip
    force    more of a vehicle in, then strip the others

From the plans given and from what is bought greedily for the goals alone. Every plan is checked by every rule's
own arithmetic, and n+ reach by the exact distribution, before it counts.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem
from models.reach.contacts import Contacts, Tally
from models.reach.frequency import COARSE
from models.search.admissible import Admissible

_STEPS = (1, 2, 3)
_FORCED = 30
_PATIENCE = 300
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

    def __init__(self, problem: Problem, deadline: float = np.inf) -> None:
        self.problem, self.deadline = problem, deadline
        self.within = Admissible(problem)
        self.price = self.within.price
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
        return self.within.spent(tally.insertions)

    # --- the search ---

    def improve(self, start: FloatArray) -> FloatArray:
        """The cheapest plan found, from a plan that keeps everything; never a dearer one."""
        best, total = start, self.problem.tariff.total(start)
        insertions = self.problem.columns.insertions(start)
        # The cheapest first: a start far dearer than a greedy plan would take all the time.
        starts = (self.contacts.tally(np.rint(insertions)), *self._greedy())
        for tally in sorted(starts, key=self.cost):
            found = self._climb(tally)
            plan = None if found is None else self.plan(found)
            if plan is not None and self.problem.tariff.total(plan) < total:
                best, total = plan, self.problem.tariff.total(plan)
        shaken = self.plan(self._shaken_up(self.contacts.tally(self.problem.columns.insertions(best))))
        return shaken if shaken is not None and self.problem.tariff.total(shaken) < total else best

    def first(self) -> FloatArray | None:
        """A plan bought greedily for all goals at once, None where that leads to none."""
        plans = (self.plan(tally) for tally in self._greedy())
        return next((plan for plan in plans if plan is not None), None)

    def _shaken_up(self, best: Tally) -> Tally:
        """A plan with a few vehicles out at random, made up for by others, until that helps no more."""
        rng = np.random.default_rng(0)  # the same plan every time
        in_vain = 0
        while in_vain < _SHAKES and not self._late():
            bought = np.flatnonzero(best.insertions > self.within.lower)
            if len(bought) == 0:
                break
            out = rng.choice(bought, size=min(len(bought), int(rng.integers(1, 4))), replace=False)
            insertions = best.insertions.copy()
            insertions[out] = np.ceil(self.within.lower[out] - 1e-9) + 0.0
            # A little dearer at first: the climb that follows makes it cheaper.
            closed = out if rng.random() < 0.5 else None
            made = self._made_up(
                self.contacts.tally(insertions), 1.2 * self.cost(best), closed, float(rng.random())
            )
            found = None if made is None else self._climb(made)
            better = found is not None and self._cheaper(found, best)
            in_vain = 0 if better else in_vain + 1
            best = found if better and found is not None else best
        return best

    def _greedy(self) -> Iterator[Tally]:
        """Bought for the goals alone, from the least that the rules ask for."""
        nothing = self.contacts.tally(np.ceil(self.within.lower - 1e-9) + 0.0)
        for soft in (0.0, 1.0, 0.5):
            found = self._made_up(nothing, np.inf, None, soft)
            if found is not None:
                yield found

    def _climb(self, tally: Tally) -> Tally | None:
        """Moves until none makes it cheaper; None where it does not keep everything."""
        if self.plan(tally) is None:
            return None
        stripped = self._stripped(tally)  # where plans hold further choices, rows may be broken then
        tally = tally if self.plan(stripped) is None else stripped
        improved, in_vain = True, 0
        while improved:
            improved = False
            for found in self._neighbours(tally):
                in_vain += 1
                if self._late() or in_vain > _PATIENCE:
                    return tally
                if found is not None and self._cheaper(found, tally):
                    tally, improved, in_vain = found, True, 0
                    break
        return tally

    def _late(self) -> bool:
        return time.monotonic() > self.deadline or self.within.tired

    def _cheaper(self, found: Tally, than: Tally) -> bool:
        if self.problem.insertions_only:
            return self.cost(found) < self.cost(than) * (1 - 1e-9) and self.plan(found) is not None
        return self._total(found) < self._total(than) * (1 - 1e-9)

    def _total(self, tally: Tally) -> float:
        """Money of the cheapest plan of these insertions; infinite where there is none."""
        plan = self.plan(tally)
        return np.inf if plan is None else self.problem.tariff.total(plan)

    def _neighbours(self, tally: Tally) -> Iterator[Tally | None]:
        bought = np.flatnonzero(tally.insertions > self.within.lower)
        bought = bought[np.argsort(-self.price[bought], kind="stable")]
        for j in bought:
            free = tally.insertions[j] - self.within.lower[j]
            for out in {1.0, float(free)}:
                base = self.contacts.moved(tally, int(j), -out)
                found = self._made_up(base, self.cost(tally), np.array([j]))
                yield None if found is None else self._stripped(found)
        gains = self._gains(tally, 0.5, np.ones(len(self.goals), dtype=bool))[:, 0] / self.price
        for j in np.argsort(-np.nan_to_num(gains, nan=-1.0), kind="stable")[:_FORCED]:
            for step in self.steps:
                if tally.insertions[j] + step <= self.most[j]:
                    yield self._stripped(self.contacts.moved(tally, int(j), step), kept=int(j))

    def _stripped(self, tally: Tally, kept: int = -1) -> Tally:
        """Single insertions out, the dearest first, as long as rows and goals hold."""
        while not self._late():
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
        while not self._late():
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
        once = self.within.once * (tally.insertions == 0)
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
