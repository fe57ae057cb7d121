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
from collections.abc import Callable

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.goals import FLOOR_TOLERANCE
from models.problem.problem import Problem
from models.problem.response import Response, Standing

_PATIENCE = 300  # moves tried in vain, one after the other, before a large plan is left as it is
_BATCH = 16  # exact gains worked out at a time, best tangents first
_TRIED = 4  # exchanges filled up per insertion taken out
_FORCED = 60  # vehicles forced in per round
_SAVED = 1e-9  # money saved by a move that is rounding
_NOTHING = 1e-15  # value per money that is rounding


class Search:
    """Greedy and local search for one problem; whole insertions."""

    def __init__(self, problem: Problem, response: Response, deadline: float = np.inf) -> None:
        self.problem = problem
        self.response = response
        self.deadline = deadline
        self.system = problem.system
        self.objective = problem.objective.within(response.segments)
        self.insertion_worth = self.objective.insertion_worth
        self.lower = self.system.lower.astype(np.int64)
        self.upper = self.system.upper.astype(np.int64)
        self.budgets = problem.budgets
        self.price = np.where(problem.cost > 0, problem.cost, 1.0)  # what is not on offer has none
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
        if not self.system.feasible(insertions.astype(float)):
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
        moves: tuple[Callable[[Standing, int], Standing | None], ...] = (
            self._exchange,
            self._drop,
            self._force,
        )
        improved, in_vain = True, 0
        failed: set[tuple[object, int]] = set()  # moves tried on this very plan
        while improved and in_vain < _PATIENCE:
            improved = False
            for move in moves:
                for vehicle in self._order(move, standing):
                    if self._late() or self.value(standing) >= enough:
                        return standing.insertions
                    if in_vain >= _PATIENCE:
                        break
                    trial = (move, int(vehicle))
                    better = None if trial in failed else move(standing, trial[1])
                    failed.add(trial)
                    in_vain = in_vain + 1 if better is None else 0
                    if better is not None:
                        standing, improved = better, True
                        failed.clear()
        self.searched |= {start, standing.insertions.tobytes()}
        return standing.insertions

    def cheapened(self, insertions: IntArray, least: float, kept: int) -> IntArray:
        """A plan that costs less and is still worth more than `least`: again and again the one insertion out, or
        exchanged for another, that saves most. kept: a vehicle whose insertions stay."""
        standing = self.response.standing(insertions)
        while not self._late():
            cheaper, most = standing, _SAVED
            for out in np.flatnonzero(standing.insertions > self.lower):
                if out == kept or self.price[out] <= most:
                    continue
                base = self.response.moved(standing, int(out), -1)
                activity = self.system.matrix @ base.insertions
                if self.value(base) > least and self.system.allows(activity) and self.keeps_floors(base):
                    cheaper, most = base, float(self.price[out])
                    continue
                room = self._room(base, activity)
                room = room[(self.price[out] - self.price[room] > most) & (room != kept)]
                room = room[self.value(base) + self._gains(base, room) > least]
                for other in room[np.argsort(self.price[room], kind="stable")]:
                    exchanged = self.response.moved(base, int(other), +1)
                    if self.keeps_floors(exchanged):
                        cheaper, most = exchanged, float(self.price[out] - self.price[other])
                        break
            if cheaper is standing:
                break
            standing = cheaper
        return standing.insertions

    def _late(self) -> bool:
        return time.monotonic() > self.deadline

    def _order(self, move: object, standing: Standing) -> IntArray:
        """Vehicles a move is tried on: bought ones, or for forcing in those of most value per money."""
        if move == self._force:
            room = np.flatnonzero(standing.insertions < self.upper)
            rate = self._most_gained(standing) / self.price
            return room[np.argsort(-rate[room], kind="stable")][:_FORCED]
        return np.flatnonzero(standing.insertions > self.lower)

    def _gains(self, standing: Standing, vehicles: IntArray, step: int = 1) -> FloatArray:
        """(n,) change of value if each vehicle alone moved one step."""
        change = step * self.insertion_worth[vehicles].astype(float)
        if self.objective.counts_reach and len(vehicles):
            after = self.response.reach_after(standing, vehicles, step)
            change = change + self.objective.of_reach(after) - self.objective.of_reach(standing.reach)
        return np.asarray(change)

    def _most_gained(self, standing: Standing) -> FloatArray:
        """(n_vehicles,) no less than one more insertion gains, in this plan and in every larger one."""
        return self.insertion_worth + self.response.steepness(standing, self._worth_of_reach(standing), +1)

    def _least_lost(self, standing: Standing) -> FloatArray:
        """(n_vehicles,) no more than one insertion less loses."""
        return self.insertion_worth + self.response.steepness(standing, self._worth_of_reach(standing), -1)

    def _worth_of_reach(self, standing: Standing) -> FloatArray:
        """(n_segments,) worth of a little more reach share."""
        worth, earned = self.objective.segment_worth, self.objective.earned
        if len(earned.worth):
            worth = worth + (earned.worth * np.exp(-earned.hearing @ standing.reach)) @ earned.hearing
        return worth

    def _room(self, standing: Standing, activity: FloatArray) -> IntArray:
        """Vehicles of which one more keeps bounds and rows."""
        vehicles = np.flatnonzero(standing.insertions < self.upper)
        if len(self.system.matrix) == 0:
            return vehicles
        return vehicles[self.system.allows(activity[:, None] + self.system.matrix[:, vehicles])]

    def _fill(
        self, standing: Standing, most_gained: FloatArray | None = None, goal: float = -np.inf
    ) -> Standing:
        """Lazy greedy from here until nothing more fits or helps, or the goal is out of reach.

        most_gained: (n_vehicles,) known upper bounds of the gains, from a plan that this one holds.
        goal: what the plan must be worth to be of use; the money left at the best rate tells.
        """
        activity = self.system.matrix @ standing.insertions
        room = self._room(standing, activity)
        if len(room) == 0:
            return standing
        rate = (self._most_gained(standing) if most_gained is None else most_gained) / self.price
        while len(room):
            best = self._best_rate(standing, room, rate)
            hope = self.value(standing) + self._money_left(standing) * rate[best]
            if rate[best] <= _NOTHING or hope <= goal:
                return standing
            standing = self.response.moved(standing, best, +1)
            activity = activity + self.system.matrix[:, best]
            room = self._room(standing, activity)
        return standing

    def _best_rate(self, standing: Standing, room: IntArray, rate: FloatArray) -> int:
        """The vehicle in `room` that gains most per money; `rate` (n_vehicles,), upper bounds, is brought up
        to date for those that came into question."""
        order = room[np.argsort(-rate[room], kind="stable")]
        best = -1
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            if best >= 0 and rate[best] >= rate[batch[0]]:
                break
            rate[batch] = self._gains(standing, batch) / self.price[batch]
            top = int(batch[np.argmax(rate[batch])])
            best = top if best < 0 or rate[top] > rate[best] else best
        return best

    def _money_left(self, standing: Standing) -> float:
        """Money that the budget leaves; infinite where there is none."""
        return min(
            (b.amount - float(self.problem.cost @ standing.insertions) for b in self.budgets), default=np.inf
        )

    def _goal(self, standing: Standing) -> float:
        """What a plan must be worth to count as better."""
        return self.value(standing) * (1 + 1e-12) + 1e-12

    def _better(self, candidate: Standing, goal: float, most_gained: FloatArray) -> Standing | None:
        """The candidate filled up, if it keeps everything and is worth more than the goal."""
        if not self.system.allows(self.system.matrix @ candidate.insertions):
            return None
        filled = self._fill(candidate, most_gained, goal)
        return filled if self.value(filled) > goal and self.keeps_floors(filled) else None

    def _exchange(self, standing: Standing, vehicle: int) -> Standing | None:
        """One insertion of a vehicle for another that fits, then fill.

        Tried on those of which the tangents leave hope: value without the one, plus the gain of the other,
        plus the money then left at the best rate.
        """
        if standing.insertions[vehicle] <= self.lower[vehicle]:
            return None
        goal, base = self._goal(standing), self.response.moved(standing, vehicle, -1)
        room = self._room(base, self.system.matrix @ base.insertions)
        room = room[room != vehicle]
        gained, value = self._most_gained(base), self.value(base)
        rest = np.maximum(self._money_left(base) - self.price[room], 0) * self._best_hope(base, gained)
        hope = value + gained[room] + rest
        promising = np.argsort(-hope, kind="stable")[:_BATCH]
        promising = promising[hope[promising] > goal]
        hope = value + self._gains(base, room[promising]) + rest[promising]
        for i in np.argsort(-hope, kind="stable")[:_TRIED]:
            if hope[i] <= goal:
                break
            better = self._better(self.response.moved(base, int(room[promising[i]]), +1), goal, gained)
            if better is not None:
                return better
        return None

    def _best_hope(self, standing: Standing, most_gained: FloatArray) -> float:
        """No less than a unit of money can gain here."""
        open_ = standing.insertions < self.upper
        return float((most_gained / self.price)[open_].max(initial=0.0)) + _NOTHING

    def _worth_filling(self, candidate: Standing, goal: float) -> Standing | None:
        """The candidate filled up and better than the goal; not tried where the tangents leave no hope."""
        gained = self._most_gained(candidate)
        if self.value(candidate) + self._money_left(candidate) * self._best_hope(candidate, gained) <= goal:
            return None
        return self._better(candidate, goal, gained)

    def _drop(self, standing: Standing, vehicle: int) -> Standing | None:
        """All free insertions of a vehicle out, then fill."""
        free = int(standing.insertions[vehicle] - self.lower[vehicle])
        if free <= 0:
            return None
        return self._worth_filling(self.response.moved(standing, vehicle, -free), self._goal(standing))

    def _force(self, standing: Standing, vehicle: int) -> Standing | None:
        """One more of a vehicle, room made by the least loss per money, then fill."""
        if standing.insertions[vehicle] >= self.upper[vehicle]:
            return None
        candidate = self.response.moved(standing, vehicle, +1)
        for _ in range(8):
            if self.system.allows(self.system.matrix @ candidate.insertions):
                return self._worth_filling(candidate, self._goal(standing))
            out = np.flatnonzero(candidate.insertions > self.lower)
            out = out[out != vehicle]
            if len(out) == 0:
                return None
            lost = (self._least_lost(candidate) / self.price)[out]
            out = out[np.argsort(lost, kind="stable")[:_BATCH]]
            lost = -self._gains(candidate, out, -1) / self.price[out]
            candidate = self.response.moved(candidate, int(out[np.argmin(lost)]), -1)
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
