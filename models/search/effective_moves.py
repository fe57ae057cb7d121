"""Greedy and local search for effective reach: most people met n times or more.

F, the share met n times or more, is not concave in what is bought, nor are its increments falling: the first
insertions of a plan gain nothing at all. So no programme finds its best plan, and greedy alone can be led astray.
What is searched with:

1. A pull that is nearly concave: E min(N, n) / n, contacts up to the n-th of each person. It lies between F and the
   programme's approximation, F <= E min(N, n)/n <= min(R, contacts/n), for 1{N >= n} <= min(N, n)/n.
2. Steps of several insertions at once, of one vehicle.
3. Local search from every start (greedy by either, halfway between the two, the plans given, the programme's), by
   moves on the exact F: exchange, drop and fill, force in; then swaps of whole vehicles, where only so many may
   be bought, and shakes, a few vehicles out at random and filled up again.

No start and no move is a proof; that the result is not worth less than any start is certain. All numbers of
neighbours are exact (models.reach.contacts).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.reach.contacts import Tally
from models.search.admissible import Admissible, Moves, one_or_all
from models.search.effective_filling import EffectiveFilling
from models.search.local_search import Candidate, LocalSearch

_TRIED = 3  # exchanges filled up per insertion taken out
_FORCED = 20  # vehicles forced in per round
_PATIENCE = 100  # moves tried in vain, one after the other, before a plan is left as it is
_CLIMBS = (3, 200)  # starts that local search goes on from, the best ones: fewest, and by so many vehicles
_PAIRS, _ROOM = 60, 30  # vehicles swapped where only so many may be bought; of insertions given back for one
_SHAKES = (4, 40, 200)  # in vain, before the search ends: fewest, most, and by so many vehicles


class EffectiveValuation(EffectiveFilling):
    """What plans are worth to local search by people met often enough; they are completed by filling up."""

    patience = _PATIENCE

    def __init__(
        self, problem: Problem, effective: Effective, deadline: float, besides: FloatArray | None
    ) -> None:
        self.local = LocalSearch(self, deadline)
        super().__init__(problem, effective, Admissible(problem), besides, lambda: self.local.late)

    def moved(self, state: Tally, vehicle: int, step: int) -> Tally:
        return self.contacts.moved(state, vehicle, step)

    def begun(self, state: Tally) -> Tally:
        filled = self.filled(state, self.sharp)
        return filled if self.keeps(filled) else state

    def goal(self, state: Tally) -> float:
        return self.worth(state) + 10 * self.tiny

    def outs(self, state: Tally) -> Sequence[Moves]:
        """One insertion (or block) of each bought vehicle, and all of them."""
        bought = np.flatnonzero(state.insertions > self.within.lower)
        return one_or_all(state.insertions, bought, self.within.lower, self.steps.block)

    def likely(self, state: Tally) -> Sequence[Moves]:
        """One more, or as many as meet a person often enough, of those with most pull per money."""
        block = self.steps.block
        gains = -self._changes(state, self.soft, block) / (self.price * block)
        room = np.flatnonzero(np.nan_to_num(gains, nan=-1.0) > 0)
        order = room[np.argsort(-gains[room], kind="stable")][:_FORCED]
        steps = np.array(sorted({1, self.effective.times}))
        fewest = self.within.fewest(state.insertions.astype(np.int64))
        return [(np.full(len(steps), j), np.maximum(steps * block[j], fewest[j])) for j in order]

    def exchanges(self, state: Tally, out: Moves) -> Iterator[Candidate[Tally]]:
        """For one or more of another vehicle: those that, with the money then left at a hopeful rate, could be
        better."""
        goal = self.goal(state)
        for vehicle, less in zip(out[0].tolist(), out[1].tolist(), strict=True):
            base = self.moved(state, vehicle, -less)
            open_ = self.open(base, np.array([vehicle]))
            if not open_.any():
                continue
            gains = self.gains(base, self.sharp, open_)
            hope = self.worth(base) + gains + self.hope(base, gains, self.money)
            for place in np.argsort(-hope, axis=None, kind="stable")[:_TRIED]:
                j, i = np.unravel_index(int(place), hope.shape)
                if hope[j, i] <= goal:
                    break
                yield Candidate(self.moved(base, int(j), self.steps.sizes[i]), state, screened=True)

    def least_missed(self, state: Tally, kept: int) -> tuple[int, int] | None:
        """Of those with which rows are kept again the one that loses least, else the one that loses least per money."""
        free = state.insertions - self.within.lower
        size = np.where(free < self.steps.block, 1, self.steps.block)
        lost = self._changes(state, self.sharp, -size)
        lost[(free <= 0) | (np.arange(len(lost)) == kept)] = np.nan
        if np.isnan(lost).all():
            return None
        back, place = np.unique(-size, return_inverse=True)
        room = self.within.room(state.insertions, back.tolist())
        enough = np.where(room[np.arange(len(lost)), place], lost, np.nan)
        if np.isnan(enough).all():
            enough = lost / (self.price * size)
        best = int(np.nanargmin(enough))
        return best, int(size[best])

    def _changes(self, state: Tally, loss: FloatArray, step: IntArray) -> FloatArray:
        """(n_vehicles,) change of a loss if each vehicle alone moved by a step (n_vehicles,) of its own."""
        steps, place = np.unique(step, return_inverse=True)
        found = self.contacts.changes(state, loss, steps.tolist(), step[:, None] == steps)
        return np.asarray(found[np.arange(len(step)), place])

    def hopeless(self, candidate: Candidate[Tally], goal: float) -> bool:
        """Whether the money left, at a hopeful rate, leaves a plan short of the goal."""
        state = candidate.state
        worth, open_ = self.worth(state), self.open(state, candidate.closed)
        if worth > goal or not open_.any():
            return worth <= goal
        return bool(worth + self.hope(state, self.gains(state, self.sharp, open_)) <= goal)

    def completed(self, candidate: Candidate[Tally], goal: float) -> Tally | None:
        """Filled up: with others than those closed first. As it is where the goal is out of sight."""
        state = candidate.state
        if candidate.closed is not None:
            state = self.filled(state, self.sharp, candidate.closed)
        if self.within.rows is not None and not self.within.rows_allow(state.insertions):
            return None
        return self.filled(state, self.sharp, goal=goal)


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
        self.filling = EffectiveValuation(problem, effective, deadline, besides)
        self.within, self.local = self.filling.within, self.filling.local

    def best_of(
        self, base: FloatArray, starts: Sequence[FloatArray], enough: float = np.inf
    ) -> Iterator[FloatArray]:
        """Plans (n_vehicles,), to be judged exactly: each start, each greedy plan from base (which keeps all rows),
        local optima from the best of them, and the best of these swapped and shaken; then one from a greedy plan that
        floors are weighed in. Ends with a plan worth `enough`."""
        given = [self.filling.contacts.tally(self._within_bounds(start)) for start in starts]
        greedy = list(self.filling.greedy_plans(base))
        pool = {tally.insertions.tobytes(): tally for tally in (*given, *greedy)}
        kept = {key: tally for key, tally in pool.items() if self.filling.keeps(tally)}
        yield from (tally.insertions for tally in kept.values())
        optima: list[Tally] = []
        climbs = max(_CLIMBS[1] // len(self.filling.price), _CLIMBS[0])
        for start in sorted(kept.values(), key=self.filling.worth, reverse=True)[:climbs]:
            optima.append(self.local.climb(start, enough))
            yield optima[-1].insertions
            if self.local.late or self.filling.worth(optima[-1]) >= enough:
                return
        for best in self._made_good(optima, enough):
            yield best.insertions
            if self.local.late or self.filling.worth(best) >= enough:
                return
        if any(tally.insertions.tobytes() not in kept for tally in greedy):
            weighed = max(self.filling.weighed_plans(base), key=self.filling.worth, default=None)
            if weighed is not None:
                yield self.local.climb(weighed, enough).insertions

    def _made_good(self, optima: Sequence[Tally], enough: float) -> Iterator[Tally]:
        """The best plan shaken, until that has been in vain so often as the campaign's size asks for; then swapped, and
        shaken again where that helped."""
        fewest, most, parts = _SHAKES
        shakes = min(max(parts // len(self.filling.price), fewest), most)
        best = max(optima, key=self.filling.worth, default=None)
        swapped = None
        while best is not None and swapped is not best:
            shaken = self.local.shaken(best, self._shaken, shakes, enough, ("exchange",))
            yield shaken
            swapped = shaken
            best = self._swapped(shaken, enough)
            yield best

    def _within_bounds(self, plan: FloatArray) -> FloatArray:
        return np.clip(np.rint(plan), np.ceil(self.within.lower - 1e-9) + 0.0, self.filling.most)

    def greedy(self, base: FloatArray) -> FloatArray:
        """(n_vehicles,) bought greedily on top of base (n_vehicles,)."""
        return self.filling.fill(self.filling.contacts.tally(base), self.filling.sharp).insertions

    def local_optimum(self, start: FloatArray) -> FloatArray:
        """(n_vehicles,) one, from a start that keeps everything."""
        return self.local.climb(self.filling.contacts.tally(self._within_bounds(start))).insertions

    def _swapped(self, best: Tally, enough: float) -> Tally:
        """The best plan with a vehicle bought in place of another where only so many may be, made good by exchanges,
        until none is better: to fill up at once seldom shows what such a plan is worth."""
        before = None
        while best is not before and self.filling.worth(best) < enough:
            before = best
            for out, into in self._pairs(best):
                state = self._in_place_of(best, out, into)
                found = None if state is None else self.local.climb(state, enough, ("exchange",))
                if found is not None and self.filling.worth(found) > self.filling.goal(best):
                    best = self.local.climb(found, enough) if self.filling.keeps(found) else best
                if best is not before or self.local.late:
                    break
        return best

    def _pairs(self, tally: Tally) -> list[tuple[int, int]]:
        """Vehicles to give back, and to buy in their place: first where most more contacts can be had."""
        filling, audiences = self.filling, self.filling.problem.model.audiences
        most = np.minimum(filling.most, self.within.prices.amount / filling.price)
        contacts = (filling.effective.people @ audiences.contacts) * most
        pairs = self.within.in_place_of(tally.insertions)
        return sorted(pairs, key=lambda pair: contacts[pair[0]] - contacts[pair[1]])[:_PAIRS]

    def _in_place_of(self, tally: Tally, out: int, into: int) -> Tally | None:
        """With as many insertions of a vehicle in place of another as meet people often enough, room made for them,
        filled up; None where that fails."""
        step = self.filling.effective.times * int(self.filling.steps.block[into])
        step = min(max(step, int(self.within.smallest[into])), int(self.within.upper[into]))
        state = self.filling.moved(tally, out, -int(tally.insertions[out]))
        state = self.filling.moved(state, into, step)
        for _ in range(_ROOM):
            if self.filling.may_stay(state):
                return self.filling.filled(state, self.filling.sharp)
            least = self.filling.least_missed(state, into)
            if least is None:
                return None
            state = self.filling.moved(state, least[0], -least[1])
        return None

    def _shaken(self, tally: Tally, rng: np.random.Generator) -> Tally | None:
        """Two or three bought vehicles out, filled up with others than before."""
        taken = self.local.taken_out(tally, rng)
        if taken is None:
            return None
        insertions, out = taken
        weight = float(rng.random())
        closed = out if rng.random() < 0.5 else None
        pull = weight * self.filling.sharp + (1 - weight) * self.filling.soft
        return self.filling.filled(
            self.filling.filled(self.filling.contacts.tally(insertions), pull, closed), self.filling.sharp
        )
