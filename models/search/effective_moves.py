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

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.reach.contacts import Contacts, Tally
from models.reach.frequency import COARSE
from models.search.admissible import Admissible

_TABLES = 3e7  # numbers in tables of first insertions: 240 MB
_TRIED = 3  # exchanges filled up per insertion taken out
_HOPE = 1.0  # times the best rate here: what money left is hoped to gain; increments may rise, but seldom do
_FORCED = 20  # vehicles forced in per round
_PATIENCE = 100  # moves tried in vain, one after the other, before a plan is left as it is
_CLIMBS = 3  # starts that local search goes on from, the best ones
_SHAKES = (4, 40, 200)  # in vain, before the search ends: fewest, most, and by so many vehicles
_NOTHING = 1e-12  # of the people: rounding


Move = Callable[[Tally, int], Tally | None]  # of a plan by a vehicle: a better plan, if there is one


class EffectiveSearch:
    """Greedy and local search for one problem; whole insertions. effective: what counts (the objective, or a goal to
    be met). besides: (n_segments,) what it counts for in addition that a segment is reached at all. Goals on n+
    reach in the problem are kept, where a plan keeps them."""

    def __init__(
        self,
        problem: Problem,
        effective: Effective,
        deadline: float = np.inf,
        besides: FloatArray | None = None,
    ) -> None:
        self.problem, self.effective, self.deadline = problem, effective, deadline
        self.within = Admissible(problem)
        self.price = self.within.price
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
        rate = np.where(offered, (self.effective.people @ model.audiences.rating) / self.price, -1.0)
        best = np.argsort(-rate, kind="stable")[: max(int(_TABLES / max(each, 1)), 50)]
        found = np.zeros(len(rate), dtype=bool)
        found[best] = True
        return np.asarray(found & offered)

    # --- what a plan is worth ---

    def value(self, tally: Tally) -> float:
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
        for start in sorted(kept, key=self.value, reverse=True)[:_CLIMBS]:
            optima.append(self._climb(start, enough))
            yield optima[-1].insertions
            if self._late() or self.value(optima[-1]) >= enough:
                return
        if optima:
            yield self._shaken_up(max(optima, key=self.value), enough).insertions

    def _within_bounds(self, plan: FloatArray) -> FloatArray:
        return np.clip(np.rint(plan), np.ceil(self.within.lower - 1e-9) + 0.0, self.most)

    def greedy(self, base: FloatArray) -> FloatArray:
        """(n_vehicles,) bought greedily on top of base (n_vehicles,)."""
        return self._fill(self.contacts.tally(base), self.sharp).insertions

    def local_optimum(self, start: FloatArray) -> FloatArray:
        """(n_vehicles,) one, from a start that keeps everything."""
        return self._climb(self.contacts.tally(self._within_bounds(start)), np.inf).insertions

    def greedy_plans(self, start: FloatArray) -> Iterator[Tally]:
        """Filled up from a start that keeps all rows: by what counts, by the pull, by both; and first with what
        counts most whatever its price, which makes a plan of few vehicles."""
        tally = self.contacts.tally(start)
        yield self._filled(self._few_vehicles(tally), self.sharp)
        for loss in (self.sharp, self.soft, (self.sharp + self.soft) / 2):
            yield self._filled(tally, loss)

    def _few_vehicles(self, tally: Tally) -> Tally:
        """The steps that gain most, one after the other, as long as one is found."""
        while not self._late():
            open_ = self._open(tally)
            if not open_.any():
                break
            gains = self._gains(tally, self.sharp, open_)
            j, i = np.unravel_index(int(np.argmax(gains)), gains.shape)
            moved = self.contacts.moved(tally, int(j), self.steps[i])
            if gains[j, i] <= self.tiny or not self._may_stay(moved):
                break
            tally = moved
        return tally

    def _shaken_up(self, best: Tally, enough: float) -> Tally:
        """A plan taken apart a little and put together again, until that helps no more."""
        rng = np.random.default_rng(0)  # the same plan every time
        in_vain = 0
        fewest, most, parts = _SHAKES
        shakes = min(max(parts // len(self.price), fewest), most)
        while in_vain < shakes and not self._late() and self.value(best) < enough:
            shaken = self._shaken(best, rng)
            if shaken is None:
                break
            found = self._climb(shaken, enough, (self._exchange,))
            better = self.value(found) > self._goal(best) and self.keeps(found)
            in_vain = 0 if better else in_vain + 1
            best = self._climb(found, enough) if better else best
        return best

    def _shaken(self, tally: Tally, rng: np.random.Generator) -> Tally | None:
        """Two or three bought vehicles out, filled up with others than before."""
        bought = np.flatnonzero(tally.insertions > self.within.lower)
        if len(bought) == 0:
            return None
        out = rng.choice(bought, size=min(len(bought), int(rng.integers(1, 4))), replace=False)
        insertions = tally.insertions.copy()
        insertions[out] = self.within.lower[out]
        weight = float(rng.random())
        closed = out if rng.random() < 0.5 else None
        pull = weight * self.sharp + (1 - weight) * self.soft
        return self._filled(self._filled(self.contacts.tally(insertions), pull, closed), self.sharp)

    def _climb(self, tally: Tally, enough: float, moves: tuple[Move, ...] = ()) -> Tally:
        """Moves (all of them, if none are named) until none makes it better."""
        filled = self._filled(tally, self.sharp)
        tally = filled if self.keeps(filled) else tally
        moves = moves or (self._exchange, self._drop, self._force)
        improved, in_vain = True, 0
        while improved:
            improved = False
            for move in moves:
                for vehicle in self._order(move, tally):
                    if self._late() or in_vain >= _PATIENCE or self.value(tally) >= enough:
                        return tally
                    better = move(tally, int(vehicle))
                    in_vain = in_vain + 1 if better is None else 0
                    if better is not None:
                        tally, improved = better, True
        return tally

    def _late(self) -> bool:
        return time.monotonic() > self.deadline or self.within.tired

    def _goal(self, tally: Tally) -> float:
        """What a plan must be worth to count as better."""
        return self.value(tally) + 10 * self.tiny

    def _order(self, move: object, tally: Tally) -> IntArray:
        """Vehicles a move is tried on: bought ones, or for forcing in those of most value per money."""
        if move == self._force:
            gains = -self.contacts.changes(tally, self.soft, (1,))[:, 0] / self.price
            room = np.flatnonzero(np.nan_to_num(gains, nan=-1.0) > 0)
            return room[np.argsort(-gains[room], kind="stable")][:_FORCED]
        return np.flatnonzero(tally.insertions > self.within.lower)

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
        while not self._late():
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

    def _better(self, candidate: Tally, goal: float) -> Tally | None:
        """The candidate filled up, if it keeps everything and is worth more than the goal."""
        if self.problem.insertions_only and not self.within.rows_allow(candidate.insertions):
            return None
        filled = self._filled(candidate, self.sharp)
        return filled if self.value(filled) > goal and self.keeps(filled) else None

    def _exchange(self, tally: Tally, vehicle: int) -> Tally | None:
        """One insertion of a vehicle, or all of them, for one or more of another that fit, then fill."""
        for out in sorted({1.0, float(tally.insertions[vehicle] - self.within.lower[vehicle])}):
            better = self._exchanged(tally, vehicle, out)
            if better is not None:
                return better
        return None

    def _exchanged(self, tally: Tally, vehicle: int, out: float) -> Tally | None:
        """Tried on those that, with the money then left at a hopeful rate, could be better."""
        goal, base = self._goal(tally), self.contacts.moved(tally, vehicle, -out)
        open_ = self._open(base, np.array([vehicle]))
        if not open_.any():
            return None
        gains = self._gains(base, self.sharp, open_)
        hope = self.value(base) + gains + self._hope(base, gains, self.money)
        for place in np.argsort(-hope, axis=None, kind="stable")[:_TRIED]:
            j, i = np.unravel_index(int(place), hope.shape)
            if hope[j, i] <= goal:
                break
            better = self._better(self.contacts.moved(base, int(j), self.steps[i]), goal)
            if better is not None:
                return better
        return None

    def _hope(self, tally: Tally, gains: FloatArray, spent: FloatArray | float) -> FloatArray:
        """What the money left after `spent` may gain: at a hopeful rate, if it buys anything. gains: of steps."""
        left = np.asarray(self.within.money_left(tally.insertions) - spent)
        enough = left >= self.price[gains.max(axis=1) > 0].min(initial=np.inf)
        rate = max(float((gains / self.money).max(initial=0.0)), 0.0)
        return np.where(enough, _HOPE * rate * np.where(np.isfinite(left), left, self.money.max()), 0.0)

    def _hopeless(self, tally: Tally, goal: float, closed: IntArray | None = None) -> bool:
        """Whether the money left, at a hopeful rate, leaves a plan short of the goal."""
        value, open_ = self.value(tally), self._open(tally, closed)
        if value > goal or not open_.any():
            return value <= goal
        return bool(value + self._hope(tally, self._gains(tally, self.sharp, open_), 0.0) <= goal)

    def _drop(self, tally: Tally, vehicle: int) -> Tally | None:
        """All free insertions of a vehicle out, then fill with others."""
        free = tally.insertions[vehicle] - self.within.lower[vehicle]
        closed, base = np.array([vehicle]), self.contacts.moved(tally, vehicle, -free)
        if self._hopeless(base, self._goal(tally), closed):
            return None
        return self._better(self._filled(base, self.sharp, closed), self._goal(tally))

    def _force(self, tally: Tally, vehicle: int) -> Tally | None:
        """One more of a vehicle, or as many as meet a person often enough; room made by the least loss per money,
        then fill."""
        for step in {1, self.effective.times}:
            if tally.insertions[vehicle] + step <= self.most[vehicle]:
                better = self._forced(tally, vehicle, step)
                if better is not None:
                    return better
        return None

    def _forced(self, tally: Tally, vehicle: int, step: int) -> Tally | None:
        candidate = self.contacts.moved(tally, vehicle, step)
        for _ in range(8 * step):
            if self._may_stay(candidate):
                goal = self._goal(tally)
                return None if self._hopeless(candidate, goal) else self._better(candidate, goal)
            out = self._least_missed(candidate, vehicle)
            if out is None:
                return None
            candidate = self.contacts.moved(candidate, out, -1)
        return None

    def _least_missed(self, tally: Tally, kept: int) -> int | None:
        """The vehicle to take an insertion from, not `kept`: of those with which rows are kept again the one that
        loses least, else the one that loses least per money; None where nothing can go."""
        lost = self.contacts.changes(tally, self.sharp, (-1,))[:, 0]
        lost[(tally.insertions <= self.within.lower) | (np.arange(len(lost)) == kept)] = np.nan
        if np.isnan(lost).all():
            return None
        enough = np.where(self.within.room(tally.insertions, (-1,))[:, 0], lost, np.nan)
        return int(np.nanargmin(lost / self.price if np.isnan(enough).all() else enough))

    def _may_stay(self, candidate: Tally) -> bool:
        """Whether rows allow it; where only a completed plan tells, whether its single prices fit the budget."""
        if self.problem.insertions_only:
            return self.within.rows_allow(candidate.insertions)
        return float(self.within.cheapest @ candidate.insertions) <= self.within.amount * (1 + 1e-9)
