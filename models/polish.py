"""Greedy and local search on the exact value: where a plan starts, and what the programme's plan must beat.

Greedy buys, again and again, the insertion that adds most value per money while all rules hold. With nothing
but a budget it is nearly optimal, for reach has diminishing returns; lazily (Minoux 1978): a gain only falls
as the plan grows, so stale gains are upper bounds and few need to be worked out anew.

Local search improves a plan by moves until none helps: exchange one insertion for another and fill up; take a
vehicle out altogether and fill up; force one in, make room by the least loss per money, and fill up. Every
plan on the way keeps all rules and floors; the value never falls.
"""

import time
from collections.abc import Callable

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem import FLOOR_TOLERANCE, Problem
from models.response import Response, Standing

_BATCH = 48  # gains worked out anew at a time in the lazy greedy


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
        self.floors = [(floor.people[response.segments], floor.least) for floor in problem.floors]

    def value(self, standing: Standing) -> float:
        """Worth of a schedule."""
        return self.objective.value(standing.reach, standing.insertions.astype(float))

    def keeps_floors(self, reach: FloatArray) -> BoolArray:
        """Whether reach (n_segments, ...) keeps every floor."""
        kept = np.ones(reach.shape[1:], dtype=bool)
        for people, least in self.floors:
            kept &= np.tensordot(people, reach, 1) >= least * (1 - FLOOR_TOLERANCE)
        return kept

    def acceptable(self, insertions: IntArray) -> bool:
        """Whether a plan keeps bounds, rows and floors."""
        if not self.system.feasible(insertions.astype(float)):
            return False
        return not self.floors or bool(self.keeps_floors(self.response.standing(insertions).reach))

    def greedy(self, start: IntArray) -> IntArray:
        """Filled up from a start that keeps all rows."""
        return self._fill(self.response.standing(start)).insertions

    def improve(self, insertions: IntArray) -> IntArray:
        """A local optimum, never worth less than the acceptable plan it starts from."""
        standing = self._fill(self.response.standing(insertions))
        moves: tuple[Callable[[Standing, int], Standing | None], ...] = (
            self._exchange,
            self._drop,
            self._force,
        )
        improved = True
        while improved and not self._late():
            improved = False
            for move in moves:
                for vehicle in self._order(move, standing):
                    if self._late():
                        return standing.insertions
                    better = move(standing, int(vehicle))
                    if better is not None:
                        standing, improved = better, True
        return standing.insertions

    def _late(self) -> bool:
        return time.monotonic() > self.deadline

    def _order(self, move: object, standing: Standing) -> IntArray:
        """Vehicles a move is tried on: bought ones, or for forcing in those of most value per money."""
        if move == self._force:
            room = np.flatnonzero(standing.insertions < self.upper)
            return room[np.argsort(-self._gains(standing, room) / self.problem.cost[room])][:60]
        return np.flatnonzero(standing.insertions > self.lower)

    def _gains(self, standing: Standing, vehicles: IntArray, step: int = 1) -> FloatArray:
        """(n,) change of value if each vehicle alone moved one step."""
        change = step * self.insertion_worth[vehicles].astype(float)
        if self.objective.counts_reach and len(vehicles):
            after = self.response.reach_after(standing, vehicles, step)
            change = change + self.objective.of_reach(after) - self.objective.of_reach(standing.reach)
        return np.asarray(change)

    def _room(self, standing: Standing, activity: FloatArray) -> IntArray:
        """Vehicles of which one more keeps bounds and rows."""
        vehicles = np.flatnonzero(standing.insertions < self.upper)
        if len(self.system.matrix) == 0:
            return vehicles
        return vehicles[self.system.allows(activity[:, None] + self.system.matrix[:, vehicles])]

    def _fill(self, standing: Standing) -> Standing:
        """Lazy greedy from here until nothing more fits or helps."""
        activity = self.system.matrix @ standing.insertions
        stale = np.full(self.problem.n_vehicles, np.inf)
        while True:
            room = self._room(standing, activity)
            best, fresh = -1, np.zeros(self.problem.n_vehicles, dtype=bool)
            while len(room):
                waiting = room[~fresh[room]]
                order = waiting[np.argsort(-stale[waiting], kind="stable")][:_BATCH]
                top = (
                    room[np.argmax(np.where(fresh[room], stale[room], -np.inf))] if fresh[room].any() else -1
                )
                if len(order) == 0 or (top >= 0 and stale[top] >= stale[order[0]]):
                    best = int(top)
                    break
                stale[order] = self._gains(standing, order) / self.problem.cost[order]
                fresh[order] = True
            if best < 0 or stale[best] <= 1e-15:
                return standing
            standing = self.response.moved(standing, best, +1)
            activity = activity + self.system.matrix[:, best]

    def _better(self, candidate: Standing, than: Standing) -> Standing | None:
        """The candidate filled up, if it keeps everything and is worth more."""
        if not self.system.allows(self.system.matrix @ candidate.insertions):
            return None
        filled = self._fill(candidate)
        gained = self.value(filled) > self.value(than) * (1 + 1e-12) + 1e-12
        return filled if gained and bool(self.keeps_floors(filled.reach)) else None

    def _exchange(self, standing: Standing, vehicle: int) -> Standing | None:
        """One insertion of a vehicle for the best other that fits, then fill."""
        if standing.insertions[vehicle] <= self.lower[vehicle]:
            return None
        base = self.response.moved(standing, vehicle, -1)
        room = self._room(base, self.system.matrix @ base.insertions)
        room = room[room != vehicle]
        if len(room) == 0:
            return None
        gains = self._gains(base, room)
        candidates = room[np.argsort(-gains)][:3]
        by_money = room[np.argmax(gains / self.problem.cost[room])]
        for chosen in dict.fromkeys([*candidates.tolist(), int(by_money)]):
            better = self._better(self.response.moved(base, chosen, +1), standing)
            if better is not None:
                return better
        return None

    def _drop(self, standing: Standing, vehicle: int) -> Standing | None:
        """All free insertions of a vehicle out, then fill."""
        if standing.insertions[vehicle] <= self.lower[vehicle]:
            return None
        insertions = standing.insertions.copy()
        insertions[vehicle] = self.lower[vehicle]
        return self._better(self.response.standing(insertions), standing)

    def _force(self, standing: Standing, vehicle: int) -> Standing | None:
        """One more of a vehicle, room made by the least loss per money, then fill."""
        if standing.insertions[vehicle] >= self.upper[vehicle]:
            return None
        candidate = self.response.moved(standing, vehicle, +1)
        for _ in range(8):
            if self.system.allows(self.system.matrix @ candidate.insertions):
                return self._better(candidate, standing)
            out = np.flatnonzero(candidate.insertions > self.lower)
            out = out[out != vehicle]
            if len(out) == 0:
                return None
            loss = -self._gains(candidate, out, -1)
            candidate = self.response.moved(candidate, int(out[np.argmin(loss / self.problem.cost[out])]), -1)
        return None
