"""Greedy and local search on the exact value: where a plan starts, and what the programme's plan must beat.

Greedy buys, again and again, the insertion that adds most value per money while all rules hold. With nothing
but a budget it is nearly optimal, for reach has diminishing returns; lazily (Minoux 1978): a gain only falls
as the plan grows, so stale gains are upper bounds and few need to be worked out anew. The first bounds, for all
vehicles at once, are the tangents of reach: one product of a matrix and a vector.

Local search improves a plan by moves until none helps: exchange one insertion for another and fill up; take a
vehicle out altogether and fill up; force one in, make room by the least loss per money, and fill up. Every
plan on the way keeps all rules and floors; the value never falls. The same tangents show most moves to be
hopeless before anything is worked out.
"""

import time

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.goals import FLOOR_TOLERANCE
from models.problem.problem import Problem
from models.problem.response import Response, Standing
from models.search.admissible import Admissible, Moves

_PATIENCE = 300  # moves tried in vain, one after the other, before a large plan is left as it is
_BATCH = 16  # exact gains worked out at a time, best tangents first
_TRIED = 4  # exchanges filled up per insertion taken out
_EXCHANGES = 100  # filled up at most, before the plan is left as it is
_FORCED = 60  # vehicles forced in per round
_SAVED = 1e-9  # money saved by a move that is rounding
_NUMBERS = (2, 3, 5, 8)  # times the fewest: of a vehicle that costs something once
_NOTHING = 1e-15  # value per money that is rounding


class Search:
    """Greedy and local search for one problem whose plans are whole insertions only."""

    def __init__(self, problem: Problem, response: Response, deadline: float = np.inf) -> None:
        self.problem = problem
        self.response = response
        self.deadline = deadline
        self.within = Admissible(problem)
        self.objective = problem.objective.within(response.segments)
        self.insertion_worth = self.objective.insertion_worth
        self.lower, self.upper = self.within.lower, self.within.upper
        self.price, self.once = self.within.price, self.within.once
        self.floors = problem.floors
        self.searched: set[bytes] = set()  # plans at which local search has begun or ended

    def value(self, standing: Standing) -> float:
        """Worth of a schedule."""
        return self.objective.value(standing.reach, standing.insertions.astype(float))

    def keeps_floors(self, standing: Standing) -> bool:
        """Whether a schedule keeps every floor; those on n+ reach last, for they take long."""
        insertions = standing.insertions.astype(float)
        for floor in self.floors:
            reached = float(floor.people[self.response.segments] @ standing.reach)
            linear = 0.0 if floor.contacts is None else float(floor.contacts @ insertions)
            if reached + linear - floor.least < -FLOOR_TOLERANCE * floor.size:
                return False
        outcome = self.problem.outcome(insertions)
        return all(floor.holds(outcome) for floor in self.problem.effective)

    def acceptable(self, insertions: IntArray) -> bool:
        """Whether a plan keeps bounds, rows and floors."""
        if not self.within.rows_allow(insertions.astype(float)):
            return False
        return self.keeps_floors(self.response.standing(insertions))

    def greedy(self, start: IntArray) -> IntArray:
        """Filled up from a start that keeps all rows."""
        return self._fill(self.response.standing(start)).insertions

    def improve(self, insertions: IntArray, enough: float = np.inf) -> IntArray:
        """A local optimum, or a plan worth `enough`, or the best before many moves in vain (large campaigns);
        never worth less than the acceptable plan it starts from. The same search is not made twice: a plan
        at which one began or ended is filled up only."""
        standing = self._fill(self.response.standing(insertions))
        start = standing.insertions.tobytes()
        if start in self.searched:
            return standing.insertions
        improved, in_vain = True, 0
        failed: set[tuple[object, int]] = set()  # moves tried on this very plan
        while improved and in_vain < _PATIENCE:
            improved = False
            for move in (self._exchange, self._drop, self._force):
                for vehicle in self._order(move, standing):
                    if self._late() or self.value(standing) >= enough:
                        return standing.insertions
                    if in_vain >= _PATIENCE:
                        break
                    trial = (move, int(vehicle))
                    better = None if trial in failed else move(standing, trial[1])
                    failed.add(trial)
                    tried = (
                        len(self.within.given_back(standing.insertions)[0]) if move == self._exchange else 1
                    )
                    in_vain = in_vain + tried if better is None else 0
                    while better is not None:
                        standing, improved = better, True
                        failed.clear()
                        better = move(standing, trial[1]) if move == self._exchange else None
        self.searched |= {start, standing.insertions.tobytes()}
        return standing.insertions

    def cheapened(self, insertions: IntArray, least: float, kept: int) -> IntArray:
        """A plan that costs less and is still worth more than `least`: again and again the one purchase out, or
        exchanged for another, that saves most. kept: a vehicle whose insertions stay."""
        standing = self.response.standing(insertions)
        while not self._late():
            cheaper, most = standing, _SAVED
            vehicles, steps = self.within.given_back(standing.insertions)
            saved = self.within.money_back(standing.insertions, (vehicles, steps))
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
        if self.value(base) > least and self.within.rows.allows(activity) and self.keeps_floors(base):
            return base, saving
        vehicles, steps = self.within.purchases(base.insertions, activity)
        saved = saving - self.within.money(base.insertions, (vehicles, steps))
        use = np.flatnonzero((saved > most) & (vehicles != kept) & (vehicles != out))
        use = use[self.value(base) + self._gains(base, vehicles[use], steps[use]) > least]
        for i in use[np.argsort(-saved[use], kind="stable")]:
            exchanged = self.response.moved(base, int(vehicles[i]), int(steps[i]))
            if self.keeps_floors(exchanged):
                return exchanged, float(saved[i])
        return None

    def _late(self) -> bool:
        return time.monotonic() > self.deadline

    def _order(self, move: object, standing: Standing) -> IntArray:
        """Vehicles a move is tried on: bought ones, or for forcing in those of most value per money; exchanges are
        all tried at once."""
        if move == self._exchange:
            return np.zeros(1, dtype=np.int64)
        if move == self._force:
            room = np.flatnonzero(standing.insertions < self.upper)
            rate = self._most_gained(standing) / self.price
            return room[np.argsort(-rate[room], kind="stable")][:_FORCED]
        return np.flatnonzero(standing.insertions > self.lower)

    def _gains(self, standing: Standing, vehicles: IntArray, steps: IntArray | int) -> FloatArray:
        """(n,) change of value if each vehicle alone moved by its step (n,)."""
        change = steps * self.insertion_worth[vehicles]
        if self.objective.counts_reach and len(vehicles):
            after = self.response.reach_after(standing, vehicles, steps)
            change = change + self.objective.of_reach(after) - self.objective.of_reach(standing.reach)
        return np.asarray(change)

    def _most_gained(self, standing: Standing) -> FloatArray:
        """(n_vehicles,) no less than each further insertion gains, in this plan and in every larger one."""
        worth = self.objective.worth_of_reach(standing.reach)
        return self.insertion_worth + self.response.steepness(standing, worth, +1)

    def _least_lost(self, standing: Standing) -> FloatArray:
        """(n_vehicles,) no more than one insertion less loses."""
        worth = self.objective.worth_of_reach(standing.reach)
        return self.insertion_worth + self.response.steepness(standing, worth, -1)

    # --- filling up ---

    def _fill(
        self, standing: Standing, most_gained: FloatArray | None = None, goal: float = -np.inf
    ) -> Standing:
        """Lazy greedy from here until nothing more fits or helps, the goal is out of reach or the time is up.

        most_gained: (n_vehicles,) known upper bounds of the gains, from a plan that this one holds.
        goal: what the plan must be worth to be of use; the money left at the best rate tells.
        """
        activity = self.within.activity(standing.insertions)
        offered = self.within.purchases(standing.insertions, activity)
        if len(offered[0]) == 0:
            return standing
        worth = (self._most_gained(standing) if most_gained is None else most_gained).copy()
        while len(offered[0]) and not self._late():
            best, step, rate = self._best_rate(standing, activity, offered, worth)
            hope = self.value(standing) + self.within.money_left(standing.insertions) * self._hopeful(
                rate, offered[0], worth
            )
            if rate <= _NOTHING or hope <= goal:
                return standing
            bought = (np.array([best]), np.array([step]))
            activity = self.within.rows_after(standing.insertions, activity, bought)[:, 0]
            standing = self.response.moved(standing, best, step)
            offered = self.within.purchases(standing.insertions, activity)
        return standing

    def _hopeful(self, rate: float, vehicles: IntArray, worth: FloatArray) -> float:
        """What money can gain at best: once what costs once is paid, more than now."""
        if not self.once.any():
            return rate
        return max(rate, float((worth / self.price)[vehicles].max(initial=0.0)))

    def _best_rate(
        self, standing: Standing, activity: FloatArray, offered: Moves, worth: FloatArray
    ) -> tuple[int, int, float]:
        """The purchase that gains most per money: vehicle, insertions, rate. worth: (n_vehicles,) upper bounds of the
        gain of one insertion, brought up to date for those that came into question."""
        vehicles = offered[0]
        likely = worth[vehicles] / self._least_price(standing, offered)
        order = np.argsort(-likely, kind="stable")
        best = (-1, 0, -np.inf)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            if best[0] >= 0 and best[2] >= likely[batch[0]]:
                break
            some = self._numbers(standing, activity, (vehicles[batch], offered[1][batch]))
            gains = self._gains(standing, *some)
            worth[some[0]] = gains / some[1]  # of several numbers the largest, the last, holds for more
            rate = gains / self.within.money(standing.insertions, some)
            top = int(np.argmax(rate))
            if rate[top] > best[2]:
                best = (int(some[0][top]), int(some[1][top]), float(rate[top]))
        return best

    def _least_price(self, standing: Standing, offered: Moves) -> FloatArray:
        """(n,) no more than an insertion of each vehicle costs here, in whatever number it is bought."""
        vehicles = offered[0]
        price = self.price[vehicles]
        if not self.once.any():
            return price
        once = self.once[vehicles] * (standing.insertions[vehicles] == 0)
        return np.asarray(price + once / np.maximum(self.upper[vehicles], 1))

    def _numbers(self, standing: Standing, activity: FloatArray, offered: Moves) -> Moves:
        """What is offered; and of vehicles that cost something once, also larger numbers, as far as rows allow."""
        vehicles, steps = offered
        dear = (self.once[vehicles] > 0) & (standing.insertions[vehicles] == 0)
        if not dear.any():
            return offered
        more = [
            (vehicles[dear], np.minimum(times * steps[dear], self.upper[vehicles[dear]]))
            for times in _NUMBERS
        ]
        larger = (np.concatenate([v for v, _ in more]), np.concatenate([s for _, s in more]))
        larger = self.within.allowed(standing.insertions, activity, larger)
        return np.concatenate([vehicles, larger[0]]), np.concatenate([steps, larger[1]])

    # --- moves ---

    def _goal(self, standing: Standing) -> float:
        """What a plan must be worth to count as better."""
        return self.value(standing) * (1 + 1e-12) + 1e-12

    def _better(self, candidate: Standing, goal: float, most_gained: FloatArray) -> Standing | None:
        """The candidate filled up, if it keeps everything and is worth more than the goal."""
        if not self._rows_hold(candidate):
            return None
        filled = self._fill(candidate, most_gained, goal)
        return filled if self.value(filled) > goal and self.keeps_floors(filled) else None

    def _rows_hold(self, standing: Standing) -> bool:
        assert self.within.rows is not None
        return bool(self.within.rows.allows(self.within.activity(standing.insertions)))

    def _exchange(self, standing: Standing, _: int = 0) -> Standing | None:
        """One purchase for another, then fill: the first that makes the plan better, the most hopeful first.

        All pairs at once. The tangents leave hope to few: the value without the one, plus the gain of the other, plus
        the money then left at the best rate.
        """
        goal, insertions = self._goal(standing), standing.insertions
        out = self.within.given_back(insertions)
        if len(out[0]) == 0:
            return None
        pairs, hope, gained, rest = self._hopes(standing, out, goal)
        if len(pairs[0]) == 0:
            return None
        fewest = self.within.fewest(insertions)
        given, bought = (out[0][pairs[0]], out[1][pairs[0]]), (pairs[1], fewest[pairs[1]])
        some = self._first_of_each(pairs[0], self.within.exchanges_allowed(insertions, given, bought), _BATCH)
        given, bought = (given[0][some], given[1][some]), (bought[0][some], bought[1][some])
        hope = self._exchanged_value(standing, given, bought) + rest[some]
        order = np.argsort(-hope, kind="stable")
        order = order[hope[order] > goal]
        order = order[self._first_of_each(pairs[0][some][order], np.ones(len(order), dtype=bool), _TRIED)]
        for i in order[:_EXCHANGES]:
            base = self.response.moved(standing, int(given[0][i]), -int(given[1][i]))
            candidate = self.response.moved(base, int(bought[0][i]), int(bought[1][i]))
            better = self._better(candidate, goal, gained[pairs[0][some[i]]])
            if better is not None:
                return better
        return None

    def _hopes(
        self, standing: Standing, out: Moves, goal: float
    ) -> tuple[Moves, FloatArray, FloatArray, FloatArray]:
        """Pairs (place in out, vehicle in) that the tangents leave hope, the most hopeful first; (n_pairs,) hope;
        (n_out, n_vehicles) most gained by an insertion after each out; (n_pairs,) what money left may gain."""
        insertions, n = standing.insertions, len(standing.insertions)
        reach = self.response.reach_after(standing, out[0], -out[1])
        value = self._value_of(reach, standing, (out[0], -out[1]))
        gained = self.response.steepness_without(standing, out, reach, self.objective.worth_of_reach(reach))
        gained += self.insertion_worth
        fewest = self.within.fewest(insertions)
        open_ = (insertions + fewest <= self.upper) & (out[0][:, None] != np.arange(n))
        money = self.within.money(insertions, (np.arange(n), fewest))
        left = self.within.money_left(insertions) + self.within.money_back(insertions, out)
        rest = self._rest(insertions, left[:, None] - money, gained)
        hope = np.where(open_, value[:, None] + gained * fewest + rest, -np.inf)
        first, second = np.nonzero(hope > goal)
        order = np.argsort(-hope[first, second], kind="stable")
        pairs = (first[order], second[order])
        return pairs, hope[pairs], gained, rest[pairs]

    def _rest(self, insertions: IntArray, left: FloatArray, gained: FloatArray) -> FloatArray:
        """(n_out, n) no less than money left (n_out, n) can gain, of what costs no more than that. gained: (n_out,
        n_vehicles) most gained by an insertion."""
        by_price = np.argsort(self.price, kind="stable")
        rates = np.where(insertions < self.upper, gained / self.price, 0.0)[:, by_price]
        best = np.maximum.accumulate(np.maximum(rates, 0.0), axis=1) + _NOTHING
        affordable = np.searchsorted(self.price[by_price], left, side="right")
        rate = np.take_along_axis(best, np.maximum(affordable - 1, 0), axis=1)
        return np.where(affordable > 0, np.maximum(left, 0.0) * rate, 0.0)

    def _first_of_each(self, group: IntArray, usable: BoolArray, most: int) -> IntArray:
        """Places of the first `most` usable ones of each group, in their order."""
        places = np.flatnonzero(usable)
        order = np.argsort(group[places], kind="stable")
        sorted_ = group[places][order]
        starts = np.searchsorted(sorted_, sorted_)
        rank = np.arange(len(sorted_)) - starts
        return np.sort(places[order[rank < most]])

    def _value_of(self, reach: FloatArray, standing: Standing, moves: Moves) -> FloatArray:
        """(n,) value from reach (n_segments, n) after each move alone."""
        linear = self.insertion_worth @ standing.insertions + moves[1] * self.insertion_worth[moves[0]]
        return np.asarray(self.objective.of_reach(reach) + linear)

    def _exchanged_value(self, standing: Standing, out: Moves, into: Moves) -> FloatArray:
        """(n,) exact value after each exchange alone."""
        if len(out[0]) == 0:
            return np.zeros(0)
        reach = self.response.reach_exchanged(standing, out, into)
        value = self._value_of(reach, standing, (into[0], into[1]))
        return np.asarray(value - out[1] * self.insertion_worth[out[0]])

    def _worth_filling(self, candidate: Standing, goal: float) -> Standing | None:
        """The candidate filled up and better than the goal; not tried where the tangents leave no hope."""
        gained = self._most_gained(candidate)
        left = np.full((1, 1), self.within.money_left(candidate.insertions))
        rest = self._rest(candidate.insertions, left, gained[None, :])
        if self.value(candidate) + float(rest[0, 0]) <= goal:
            return None
        return self._better(candidate, goal, gained)

    def _drop(self, standing: Standing, vehicle: int) -> Standing | None:
        """All free insertions of a vehicle out, then fill."""
        free = int(standing.insertions[vehicle] - self.lower[vehicle])
        if free <= 0:
            return None
        return self._worth_filling(self.response.moved(standing, vehicle, -free), self._goal(standing))

    def _force(self, standing: Standing, vehicle: int) -> Standing | None:
        """More of a vehicle, room made by the least loss per money, then fill."""
        step = int(self.within.fewest(standing.insertions)[vehicle])
        if standing.insertions[vehicle] + step > self.upper[vehicle]:
            return None
        candidate = self.response.moved(standing, vehicle, step)
        for _ in range(8 * step):
            if self._rows_hold(candidate):
                return self._worth_filling(candidate, self._goal(standing))
            vehicles, steps = self.within.given_back(candidate.insertions)
            use = np.flatnonzero(vehicles != vehicle)
            if len(use) == 0:
                return None
            out, less = vehicles[use], steps[use]
            saved = self.within.money_back(candidate.insertions, (out, less))
            lost = self._least_lost(candidate)[out] * less / saved
            best = np.argsort(lost, kind="stable")[:_BATCH]
            lost = -self._gains(candidate, out[best], -less[best]) / saved[best]
            top = best[int(np.argmin(lost))]
            candidate = self.response.moved(candidate, int(out[top]), -int(less[top]))
        return None


def first_gains(problem: Problem, response: Response) -> FloatArray:
    """(n_vehicles,) worth of one insertion of each vehicle alone; 0 of those not on offer."""
    gains = problem.objective.insertion_worth.astype(float)
    objective = problem.objective.within(response.segments)
    offered = np.flatnonzero(response.upper > 0)
    nothing = response.standing(np.zeros(problem.n_vehicles, dtype=np.int64))
    if len(response.segments) and len(offered):
        reach = response.reach_after(nothing, offered, 1)
        worth = objective.of_reach(reach) if objective.counts_reach else np.zeros(len(offered))
        if objective.effective is not None:
            worth = objective.effective.people[response.segments] @ reach
        gains[offered] += worth - (objective.of_reach(nothing.reach) if objective.counts_reach else 0.0)
    gains[response.upper <= 0] = 0.0
    return gains
