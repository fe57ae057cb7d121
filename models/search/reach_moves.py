"""Greedy and local search on the exact value: where a plan starts, and what the programme's plan must beat.

Local search improves a plan by moves until none helps: exchange one insertion for another and fill up; take a
vehicle out altogether and fill up; force one in, make room by the least loss per money, and fill up. Every
plan on the way keeps all rules and floors; the value never falls. The same tangents show most moves to be
hopeless before anything is worked out.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.goals import FLOOR_TOLERANCE
from models.problem.problem import Problem
from models.problem.response import Response, Standing
from models.search.admissible import Admissible, Moves
from models.search.greedy import Greedy
from models.search.local_search import Candidate, LocalSearch
from models.search.reach_gains import ReachGains

_PATIENCE = 300  # moves tried in vain, one after the other, before a large plan is left as it is
_BATCH = 16  # exact gains worked out at a time, best tangents first
_TRIED = 4  # exchanges filled up per insertion taken out
_EXCHANGES = 100  # filled up at most, before the plan is left as it is
_FORCED = 60  # vehicles forced in per round
_SAVED = 1e-9  # money saved by a move that is rounding
_NOTHING = 1e-15  # value per money that is rounding


class ReachValuation:
    """What plans are worth to local search by reach; they are completed by filling up."""

    patience = _PATIENCE

    def __init__(self, problem: Problem, within: Admissible, gains: ReachGains, deadline: float) -> None:
        self.problem, self.within, self.gains, self.response = problem, within, gains, gains.response
        self.upper, self.price = within.upper, within.prices.price
        self.local = LocalSearch(self, deadline)
        self.greedy = Greedy(within, gains, lambda: self.local.late)

    def worth(self, state: Standing) -> float:
        return self.gains.worth(state)

    def keeps(self, standing: Standing) -> bool:
        """Whether a schedule keeps every floor; those on n+ reach last, for they take long."""
        insertions = standing.insertions.astype(float)
        for floor in self.problem.floors:
            reached = float(floor.people[self.response.segments] @ standing.reach)
            linear = 0.0 if floor.contacts is None else float(floor.contacts @ insertions)
            if reached + linear - floor.least < -FLOOR_TOLERANCE * floor.size:
                return False
        outcome = self.problem.outcome(insertions)
        return all(floor.holds(outcome) for floor in self.problem.effective)

    def moved(self, state: Standing, vehicle: int, step: int) -> Standing:
        return self.response.moved(state, vehicle, step)

    def begun(self, state: Standing) -> Standing:
        return state

    def goal(self, state: Standing) -> float:
        return self.worth(state) * (1 + 1e-12) + 1e-12

    def outs(self, state: Standing) -> Sequence[Moves]:
        """All at once: the tangents of all exchanges are worked out together."""
        out = self.within.given_back(state.insertions)
        return [out] if len(out[0]) else []

    def likely(self, state: Standing) -> Sequence[Moves]:
        """The fewest insertions of those of most value per money."""
        fewest = self.within.fewest(state.insertions)
        room = np.flatnonzero(state.insertions + fewest <= self.upper)
        rate = self.gains.most(state) / self.price
        order = room[np.argsort(-rate[room], kind="stable")][:_FORCED]
        return [(order[i : i + 1], fewest[order[i : i + 1]]) for i in range(len(order))]

    def may_stay(self, state: Standing) -> bool:
        assert self.within.rows is not None
        return bool(self.within.rows.allows(self.within.activity(state.insertions)))

    def least_missed(self, state: Standing, kept: int) -> tuple[int, int] | None:
        """By the least loss per money."""
        vehicles, steps = self.within.given_back(state.insertions)
        use = np.flatnonzero(vehicles != kept)
        if len(use) == 0:
            return None
        out, less = vehicles[use], steps[use]
        saved = self.within.prices.back(state.insertions, (out, less))
        lost = self.gains.least_lost(state)[out] * less / saved
        best = np.argsort(lost, kind="stable")[:_BATCH]
        lost = -self.gains.of(state, out[best], -less[best]) / saved[best]
        top = best[int(np.argmin(lost))]
        return int(out[top]), int(less[top])

    def hopeless(self, candidate: Candidate[Standing], goal: float) -> bool:
        """Whether the tangents leave no hope."""
        state = candidate.state
        left = np.full((1, 1), self.within.prices.left(state.insertions))
        rest = self._rest(state.insertions, left, self.gains.most(state)[None, :])
        return self.worth(state) + float(rest[0, 0]) <= goal

    def completed(self, candidate: Candidate[Standing], goal: float) -> Standing | None:
        """Filled up, where rows allow it; as far as the goal is in reach."""
        if not self.may_stay(candidate.state):
            return None
        return self.greedy.filled(candidate.state, candidate.gained, goal)

    def exchanges(self, state: Standing, _: Moves) -> Iterator[Candidate[Standing]]:
        """One purchase for another, the most hopeful first, of all pairs.

        The tangents leave hope to few: the value without the one, plus the gain of the other, plus the money then left
        at the best rate. Of these the exact value is worked out, all at once.
        """
        insertions = state.insertions
        out, goal = self.within.given_back(insertions), self.goal(state)
        pairs, gained, rest = self._hopes(state, out, goal)
        fewest = self.within.fewest(insertions)
        given, bought = (out[0][pairs[0]], out[1][pairs[0]]), (pairs[1], fewest[pairs[1]])
        some = _first_of_each(pairs[0], self.within.exchanges_allowed(insertions, given, bought), _BATCH)
        given, bought = (given[0][some], given[1][some]), (bought[0][some], bought[1][some])
        hope = self.gains.exchanged(state, given, bought) + rest[some]
        order = np.argsort(-hope, kind="stable")
        order = order[hope[order] > goal]
        order = order[_first_of_each(pairs[0][some][order], np.ones(len(order), dtype=bool), _TRIED)]
        for i in order[:_EXCHANGES]:
            base = self.moved(state, int(given[0][i]), -int(given[1][i]))
            candidate = self.moved(base, int(bought[0][i]), int(bought[1][i]))
            yield Candidate(candidate, state, gained=gained[pairs[0][some[i]]], screened=True)

    def _hopes(self, standing: Standing, out: Moves, goal: float) -> tuple[Moves, FloatArray, FloatArray]:
        """Pairs (place in out, vehicle in) that the tangents leave hope, the most hopeful first; (n_out, n_vehicles)
        most gained by an insertion after each out; (n_pairs,) what money left may gain."""
        insertions, n = standing.insertions, len(standing.insertions)
        value, gained = self.gains.without(standing, out)
        fewest = self.within.fewest(insertions)
        open_ = (insertions + fewest <= self.upper) & (out[0][:, None] != np.arange(n))
        money = self.within.prices.of(insertions, (np.arange(n), fewest))
        left = self.within.prices.left(insertions) + self.within.prices.back(insertions, out)
        rest = self._rest(insertions, left[:, None] - money, gained)
        hope = np.where(open_, value[:, None] + gained * fewest + rest, -np.inf)
        first, second = np.nonzero(hope > goal)
        order = np.argsort(-hope[first, second], kind="stable")
        pairs = (first[order], second[order])
        return pairs, gained, rest[pairs]

    def _rest(self, insertions: IntArray, left: FloatArray, gained: FloatArray) -> FloatArray:
        """(n_out, n) no less than money left (n_out, n) can gain, of what costs no more than that. gained: (n_out,
        n_vehicles) most gained by an insertion."""
        by_price = np.argsort(self.price, kind="stable")
        rates = np.where(insertions < self.upper, gained / self.price, 0.0)[:, by_price]
        best = np.maximum.accumulate(np.maximum(rates, 0.0), axis=1) + _NOTHING
        affordable = np.searchsorted(self.price[by_price], left, side="right")
        rate = np.take_along_axis(best, np.maximum(affordable - 1, 0), axis=1)
        return np.where(affordable > 0, np.maximum(left, 0.0) * rate, 0.0)


class Search:
    """Greedy and local search for one problem whose plans are whole insertions only."""

    def __init__(self, problem: Problem, response: Response, deadline: float = np.inf) -> None:
        self.problem = problem
        self.response = response
        self.deadline = deadline
        self.within = Admissible(problem)
        self.gains = ReachGains(problem, response)
        self.valuation = ReachValuation(problem, self.within, self.gains, deadline)
        self.local, self.fill = self.valuation.local, self.valuation.greedy.filled
        self.searched: set[bytes] = set()  # plans at which local search has begun or ended

    def worth(self, standing: Standing) -> float:
        """Worth of a schedule."""
        return self.gains.worth(standing)

    def acceptable(self, insertions: IntArray) -> bool:
        """Whether a plan keeps bounds, rows and floors."""
        if not self.within.rows_allow(insertions.astype(float)):
            return False
        return self.valuation.keeps(self.response.standing(insertions))

    def greedy(self, start: IntArray, first: bool = False) -> IntArray:
        """Filled up from a start that keeps all rows; a first plan however late it is, in tenths of a second."""
        fill = Search(self.problem, self.response).fill if first else self.fill
        return fill(self.response.standing(start)).insertions

    def improve(self, insertions: IntArray, enough: float = np.inf) -> IntArray:
        """A local optimum, or a plan worth `enough`, or the best before many moves in vain (large campaigns);
        never worth less than the acceptable plan it starts from. The same search is not made twice: a plan
        at which one began or ended is filled up only."""
        standing = self.fill(self.response.standing(insertions))
        start = standing.insertions.tobytes()
        if start in self.searched:
            return standing.insertions
        standing = self.local.climb(standing, enough)
        if not self.local.late and self.worth(standing) < enough:
            self.searched |= {start, standing.insertions.tobytes()}
        return standing.insertions

    def climbed(self, insertions: IntArray, enough: float, moves: Sequence[str]) -> IntArray:
        """A local optimum of some moves, or a plan worth `enough`, from a plan that keeps everything."""
        return self.local.climb(self.response.standing(insertions), enough, moves).insertions

    def cheapened(self, insertions: IntArray, least: float, kept: int) -> IntArray:
        """A plan that costs less and is still worth more than `least`: again and again the one purchase out, or
        exchanged for another, that saves most. kept: a vehicle whose insertions stay."""
        standing = self.response.standing(insertions)
        while not self.local.late:
            cheaper, most = standing, _SAVED
            vehicles, steps = self.within.given_back(standing.insertions)
            saved = self.within.prices.back(standing.insertions, (vehicles, steps))
            for out, step, saving in zip(vehicles, steps, saved, strict=True):
                if out == kept or saving <= most:
                    continue
                found = self._cheaper(standing, (int(out), int(step), float(saving)), least, (kept, most))
                if found is not None:
                    cheaper, most = found
            if cheaper is standing:
                break
            standing = cheaper
        return standing.insertions

    def _cheaper(
        self, standing: Standing, given: tuple[int, int, float], least: float, than: tuple[int, float]
    ) -> tuple[Standing, float] | None:
        """The plan without one purchase (vehicle, insertions, money), or with the cheapest other in its place, and the
        money saved. than: the vehicle that stays, and what must be saved at least."""
        (out, step, saving), (kept, most) = given, than
        base = self.response.moved(standing, out, -step)
        activity = self.within.activity(base.insertions)
        assert self.within.rows is not None
        if self.worth(base) > least and self.within.rows.allows(activity) and self.valuation.keeps(base):
            return base, saving
        vehicles, steps = self.within.purchases(base.insertions, activity)
        saved = saving - self.within.prices.of(base.insertions, (vehicles, steps))
        use = np.flatnonzero((saved > most) & (vehicles != kept) & (vehicles != out))
        use = use[self.worth(base) + self.gains.of(base, vehicles[use], steps[use]) > least]
        for i in use[np.argsort(-saved[use], kind="stable")]:
            exchanged = self.response.moved(base, int(vehicles[i]), int(steps[i]))
            if self.valuation.keeps(exchanged):
                return exchanged, float(saved[i])
        return None


def _first_of_each(group: IntArray, usable: BoolArray, most: int) -> IntArray:
    """Places of the first `most` usable ones of each group, in their order."""
    places = np.flatnonzero(usable)
    order = np.argsort(group[places], kind="stable")
    sorted_ = group[places][order]
    starts = np.searchsorted(sorted_, sorted_)
    rank = np.arange(len(sorted_)) - starts
    return np.sort(places[order[rank < most]])
