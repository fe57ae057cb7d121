"""Greedy and local search for effective reach: most people met n times or more.

F, the share met n times or more, is not concave in what is bought, nor are its increments falling: the first
insertions of a plan gain nothing at all. So no programme finds its best plan, and greedy alone can be led astray.
What is searched with:

1. A pull that is nearly concave: E min(N, n) / n, contacts up to the n-th of each person. It lies between F and the
   programme's approximation, F <= E min(N, n)/n <= min(R, contacts/n), for 1{N >= n} <= min(N, n)/n.
2. Steps of several insertions at once, of one vehicle.
3. Local search from every start (greedy by either, halfway between the two, the plans given, the programme's), by
   moves on the exact F: exchange, drop and fill, force in; then shakes, a few vehicles out at random and filled
   up again.

No start and no move is a proof; that the result is not worth less than any start is certain. All numbers of
neighbours are exact (models.reach.contacts).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.reach.contacts import Contacts, Tally
from models.reach.frequency import COARSE
from models.search.admissible import Admissible, Moves, one_or_all
from models.search.local_search import Candidate, LocalSearch

_TABLES = 3e7  # numbers in tables of first insertions: 240 MB
_TRIED = 3  # exchanges filled up per insertion taken out
_HOPE = 1.0  # times the best rate here: what money left is hoped to gain; increments may rise, but seldom do
_FORCED = 20  # vehicles forced in per round
_PATIENCE = 100  # moves tried in vain, one after the other, before a plan is left as it is
_CLIMBS = 3  # starts that local search goes on from, the best ones
_SHAKES = (4, 40, 200)  # in vain, before the search ends: fewest, most, and by so many vehicles
_NOTHING = 1e-12  # of the people: rounding


class EffectiveSearch:
    """Greedy and local search for one problem; whole insertions. effective: what counts (the objective, or a goal to
    be met). besides: (n_segments,) what it counts for in addition that a segment is reached at all. Goals on n+
    reach in the problem are kept, where a plan keeps them."""

    patience = _PATIENCE

    def __init__(
        self,
        problem: Problem,
        effective: Effective,
        deadline: float = np.inf,
        besides: FloatArray | None = None,
    ) -> None:
        self.problem, self.effective = problem, effective
        self.local = LocalSearch(self, deadline)
        self.within = Admissible(problem)
        self.price = self.within.prices.price
        self.most = np.floor(self.within.upper + 1e-9)
        self.times = max([effective.times, *(goal.times for goal in problem.effective)])
        counted = effective.people > 0 if besides is None else (effective.people > 0) | (besides > 0)
        for goal in problem.effective:
            counted = counted | (goal.people > 0)
        n = effective.times
        self.capped = any(floor.contacts is not None for floor in problem.floors)
        numbers = {1, 2, n} if n > 4 else set(range(1, n + 1))
        self.steps = tuple(sorted(numbers | set(self.within.smallest[self.most > 0].tolist())))
        self.money = self.price[:, None] * np.asarray(self.steps)  # (n_vehicles, n_steps)
        self.contacts = Contacts(
            problem.model, self.times, self.most, counted, self._worth_trying(counted), COARSE
        )
        people = effective.people[self.contacts.segments]
        self.goals = [(goal, goal.people[self.contacts.segments]) for goal in problem.effective]
        missing = np.zeros(self.times)
        missing[:n] = (n - np.arange(n)) / n
        self.sharp = (missing > 0)[:, None] * people
        self.soft = missing[:, None] * people
        if besides is not None:
            self.sharp[0] += besides[self.contacts.segments]
            self.soft[0] += besides[self.contacts.segments]
        self.all = float(self.sharp[0].sum())
        self._last: tuple[Tally, FloatArray, BoolArray, FloatArray] | None = None  # gains asked for last
        self.tiny = _NOTHING * max(self.all, 1e-300)

    def _worth_trying(self, counted: BoolArray) -> BoolArray:
        """(n_vehicles,) all, or in a large campaign those of most contacts per money."""
        model = self.problem.model
        each = Contacts(model, self.times, self.most, counted, grid=COARSE).numbers_each * len(self.steps)
        offered = self.most > 0
        rate = np.where(offered, (self.effective.people @ model.audiences.contacts) / self.price, -1.0)
        best = np.argsort(-rate, kind="stable")[: max(int(_TABLES / max(each, 1)), 50)]
        found = np.zeros(len(rate), dtype=bool)
        found[best] = True
        return np.asarray(found & offered)

    # --- what a plan is worth ---

    def worth(self, tally: Tally) -> float:
        """People (000) met so often, and what is counted besides."""
        return self.all - float((self.sharp * tally.classes).sum())

    def keeps(self, tally: Tally) -> bool:
        """Whether a plan keeps every rule, floor and n+ goal."""
        for goal, people in self.goals:
            if not goal.is_met(float(people @ self.contacts.shares(tally, goal.times))):
                return False
        return self.within.plan(tally.insertions) is not None

    def acceptable(self, insertions: IntArray | FloatArray) -> bool:
        """Whether a plan keeps everything."""
        return self.keeps(self.contacts.tally(np.asarray(insertions, dtype=float)))

    # --- the search ---

    def best_of(
        self, base: FloatArray, starts: Sequence[FloatArray], enough: float = np.inf
    ) -> Iterator[FloatArray]:
        """Plans (n_vehicles,), to be judged exactly: each start, each greedy plan from base (which keeps all rows),
        local optima from the best of them, and the best of these shaken. Ends with a plan worth `enough`."""
        given = [self.contacts.tally(self._within_bounds(start)) for start in starts]
        pool = {tally.insertions.tobytes(): tally for tally in (*given, *self.greedy_plans(base))}
        kept = [tally for tally in pool.values() if self.keeps(tally)]
        yield from (tally.insertions for tally in kept)
        optima: list[Tally] = []
        for start in sorted(kept, key=self.worth, reverse=True)[:_CLIMBS]:
            optima.append(self.local.climb(start, enough))
            yield optima[-1].insertions
            if self.local.late or self.worth(optima[-1]) >= enough:
                return
        if optima:
            fewest, most, parts = _SHAKES
            shakes = min(max(parts // len(self.price), fewest), most)
            best = max(optima, key=self.worth)
            yield self.local.shaken(best, self._shaken, shakes, enough, ("exchange",)).insertions

    def _within_bounds(self, plan: FloatArray) -> FloatArray:
        return np.clip(np.rint(plan), np.ceil(self.within.lower - 1e-9) + 0.0, self.most)

    def greedy(self, base: FloatArray) -> FloatArray:
        """(n_vehicles,) bought greedily on top of base (n_vehicles,)."""
        return self._fill(self.contacts.tally(base), self.sharp).insertions

    def local_optimum(self, start: FloatArray) -> FloatArray:
        """(n_vehicles,) one, from a start that keeps everything."""
        return self.local.climb(self.contacts.tally(self._within_bounds(start))).insertions

    def greedy_plans(self, start: FloatArray) -> Iterator[Tally]:
        """Filled up from a start that keeps all rows: by what counts, by the pull, by both; and first with what
        counts most whatever its price, which makes a plan of few vehicles."""
        tally = self.contacts.tally(start)
        yield self._filled(self._few_vehicles(tally), self.sharp)
        for loss in (self.sharp, self.soft, (self.sharp + self.soft) / 2):
            yield self._filled(tally, loss)

    def _few_vehicles(self, tally: Tally) -> Tally:
        """The steps that gain most, one after the other, as long as one is found."""
        while not self.local.late:
            open_ = self._open(tally)
            if not open_.any():
                break
            gains = self._gains(tally, self.sharp, open_)
            j, i = np.unravel_index(int(np.argmax(gains)), gains.shape)
            moved = self.contacts.moved(tally, int(j), self.steps[i])
            if gains[j, i] <= self.tiny or not self.may_stay(moved):
                break
            tally = moved
        return tally

    def _shaken(self, tally: Tally, rng: np.random.Generator) -> Tally | None:
        """Two or three bought vehicles out, filled up with others than before."""
        taken = self.local.taken_out(tally, rng)
        if taken is None:
            return None
        insertions, out = taken
        weight = float(rng.random())
        closed = out if rng.random() < 0.5 else None
        pull = weight * self.sharp + (1 - weight) * self.soft
        return self._filled(self._filled(self.contacts.tally(insertions), pull, closed), self.sharp)

    def _open(self, tally: Tally, closed: IntArray | None = None) -> BoolArray:
        """(n_vehicles, n_steps) which steps may be taken; none of vehicles that are closed."""
        found = self.within.room(tally.insertions, self.steps)
        if closed is not None:
            found[closed] = False
        return found

    def _gains(self, tally: Tally, loss: FloatArray, open_: BoolArray) -> FloatArray:
        """(n_vehicles, n_steps) gain of each step that may be taken, -inf elsewhere."""
        known = self._last
        if known is not None and known[0] is tally and known[1] is loss and np.array_equal(known[2], open_):
            return known[3].copy()
        gains = -self.contacts.changes(tally, loss, self.steps, open_)
        gains = np.where(np.isnan(gains) | ~open_, -np.inf, gains)
        self._last = (tally, loss, open_, gains)
        return gains.copy()

    def _fill(
        self,
        tally: Tally,
        loss: FloatArray,
        closed: IntArray | None = None,
        path: list[Tally] | None = None,
    ) -> Tally:
        """Greedy from here, the step that gains most per money, until nothing more fits or helps. closed:
        vehicles of which no more is bought. path: told every plan on the way."""
        refused = np.zeros(self.money.shape, dtype=bool)
        while not self.local.late:
            open_ = self._open(tally, closed) & ~refused
            if not open_.any():
                return tally
            gains = self._gains(tally, loss, open_)
            j, i = np.unravel_index(int(np.argmax(gains / self.money)), gains.shape)
            if gains[j, i] <= self.tiny:
                return tally
            after = tally.insertions.copy()
            after[j] += self.steps[i]
            if not self.problem.insertions_only and not self.within.rows_allow(after):
                refused[j, i:] = True
                continue
            tally = self.contacts.moved(tally, int(j), self.steps[i])
            if path is not None:
                path.append(tally)
        return tally

    def _filled(self, tally: Tally, loss: FloatArray, closed: IntArray | None = None) -> Tally:
        """Filled up; where contacts per person are capped, as far as everything is kept."""
        if not self.capped:
            return self._fill(tally, loss, closed)
        path = [tally]
        self._fill(tally, loss, closed, path)
        return next((step for step in reversed(path) if self.keeps(step)), path[-1])

    # --- what local search asks ---

    def moved(self, state: Tally, vehicle: int, step: int) -> Tally:
        return self.contacts.moved(state, vehicle, step)

    def begun(self, state: Tally) -> Tally:
        filled = self._filled(state, self.sharp)
        return filled if self.keeps(filled) else state

    def goal(self, state: Tally) -> float:
        return self.worth(state) + 10 * self.tiny

    def outs(self, state: Tally) -> Sequence[Moves]:
        """One insertion of each bought vehicle, and all of them."""
        bought = np.flatnonzero(state.insertions > self.within.lower)
        return one_or_all(state.insertions, bought, self.within.lower)

    def likely(self, state: Tally) -> Sequence[Moves]:
        """One more, or as many as meet a person often enough, of those with most pull per money."""
        gains = -self.contacts.changes(state, self.soft, (1,))[:, 0] / self.price
        room = np.flatnonzero(np.nan_to_num(gains, nan=-1.0) > 0)
        order = room[np.argsort(-gains[room], kind="stable")][:_FORCED]
        steps = np.array(sorted({1, self.effective.times}))
        fewest = self.within.fewest(state.insertions.astype(np.int64))
        return [(np.full(len(steps), j), np.maximum(steps, fewest[j])) for j in order]

    def exchanges(self, state: Tally, out: Moves) -> Iterator[Candidate[Tally]]:
        """For one or more of another vehicle: those that, with the money then left at a hopeful rate, could be
        better."""
        goal = self.goal(state)
        for vehicle, less in zip(out[0].tolist(), out[1].tolist(), strict=True):
            base = self.moved(state, vehicle, -less)
            open_ = self._open(base, np.array([vehicle]))
            if not open_.any():
                continue
            gains = self._gains(base, self.sharp, open_)
            hope = self.worth(base) + gains + self._hope(base, gains, self.money)
            for place in np.argsort(-hope, axis=None, kind="stable")[:_TRIED]:
                j, i = np.unravel_index(int(place), hope.shape)
                if hope[j, i] <= goal:
                    break
                yield Candidate(self.moved(base, int(j), self.steps[i]), state, screened=True)

    def may_stay(self, state: Tally) -> bool:
        """Whether rows allow it; where only a completed plan tells, whether its single prices fit the budget."""
        if self.within.rows is not None:
            return self.within.rows_allow(state.insertions)
        return float(self.within.prices.cheapest @ state.insertions) <= self.within.prices.amount * (1 + 1e-9)

    def least_missed(self, state: Tally, kept: int) -> tuple[int, int] | None:
        """Of those with which rows are kept again the one that loses least, else the one that loses least per money."""
        lost = self.contacts.changes(state, self.sharp, (-1,))[:, 0]
        lost[(state.insertions <= self.within.lower) | (np.arange(len(lost)) == kept)] = np.nan
        if np.isnan(lost).all():
            return None
        enough = np.where(self.within.room(state.insertions, (-1,))[:, 0], lost, np.nan)
        return int(np.nanargmin(lost / self.price if np.isnan(enough).all() else enough)), 1

    def hopeless(self, candidate: Candidate[Tally], goal: float) -> bool:
        """Whether the money left, at a hopeful rate, leaves a plan short of the goal."""
        state = candidate.state
        worth, open_ = self.worth(state), self._open(state, candidate.closed)
        if worth > goal or not open_.any():
            return worth <= goal
        return bool(worth + self._hope(state, self._gains(state, self.sharp, open_), 0.0) <= goal)

    def completed(self, candidate: Candidate[Tally], _: float) -> Tally | None:
        """Filled up: with others than those closed first."""
        state = candidate.state
        if candidate.closed is not None:
            state = self._filled(state, self.sharp, candidate.closed)
        if self.within.rows is not None and not self.within.rows_allow(state.insertions):
            return None
        return self._filled(state, self.sharp)

    def _hope(self, tally: Tally, gains: FloatArray, spent: FloatArray | float) -> FloatArray:
        """What the money left after `spent` may gain: at a hopeful rate, if it buys anything. gains: of steps."""
        left = np.asarray(self.within.prices.left(tally.insertions) - spent)
        enough = left >= self.price[gains.max(axis=1) > 0].min(initial=np.inf)
        rate = max(float((gains / self.money).max(initial=0.0)), 0.0)
        return np.where(enough, _HOPE * rate * np.where(np.isfinite(left), left, self.money.max()), 0.0)
