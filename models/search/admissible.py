"""Whether plans next to a plan keep the rules, for a search that sees insertions only.

Where a plan is insertions only, its rows tell, for all moves at once (models.problem.insertion_rows). For any other,
packages and weeks must be found that go with the insertions (models.programme.plans.completion), a small
whole-number search each time; so that is asked last, and of few plans. Goals on n+ reach are not looked at here.

A vehicle is bought, and given back, in the fewest insertions that its smallest buy leaves.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.plans.completion import ANY, CHEAPEST, Completion

_COMPLETIONS = 1500  # whole-number searches for packages and weeks that one search may ask for

Moves = tuple[IntArray, IntArray]  # vehicles, and how many insertions of each


class SinglePrices:
    """Money at single prices: exact where a plan is insertions only, else a hint.

    price: (n_vehicles,) money of one insertion; once: money beside the first. amount: the budget, infinite where there
    is none. cheapest: (n_vehicles,) what single insertions cost at least; in a package they may come for less.
    """

    def __init__(self, problem: Problem) -> None:
        self.price = np.where(problem.cost > 0, problem.cost, 1.0)  # what is not on offer has none
        self.once = problem.tariff.fixed
        self.amount = min((budget.amount for budget in problem.budgets), default=np.inf)
        self.cheapest = problem.tariff.cheapest() * ~problem.tariff.in_packages.any(axis=0)

    def spent(self, insertions: FloatArray | IntArray) -> float:
        """Money of a plan at single prices: exact where a plan is insertions only, else a hint."""
        return float(self.price @ insertions + self.once @ (insertions > 0))

    def left(self, insertions: FloatArray | IntArray) -> float:
        """What the budget leaves, at single prices; infinite where there is none."""
        return self.amount - self.spent(insertions)

    def of(self, insertions: IntArray, moves: Moves) -> FloatArray:
        """(n,) money that buying each of these costs."""
        vehicles, steps = moves
        return np.asarray(self.price[vehicles] * steps + self.once[vehicles] * (insertions[vehicles] == 0))

    def back(self, insertions: IntArray, moves: Moves) -> FloatArray:
        """(n,) money that giving back each of these saves."""
        vehicles, steps = moves
        return np.asarray(
            self.price[vehicles] * steps + self.once[vehicles] * (insertions[vehicles] == steps)
        )


class Admissible:
    """The rules of one problem, n+ goals aside.

    lower, upper, smallest: (n_vehicles,) whole insertions. prices: what they cost.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = replace(problem, effective=())
        system, n = problem.system, problem.n_vehicles
        self.rows = system.insertion_rows
        bounds = system if self.rows is None else self.rows
        self.lower = np.ceil(bounds.lower[:n] - 1e-9).astype(np.int64)
        self.upper = np.floor(bounds.upper[:n] + 1e-9).astype(np.int64)
        smallest = np.ones(n) if self.rows is None else np.ceil(self.rows.smallest - 1e-9)
        self.smallest = np.maximum(smallest.astype(np.int64), 1)
        self.prices = SinglePrices(problem)
        self._gap = CHEAPEST if problem.objective.saves_money else ANY
        self._known: dict[bytes, FloatArray | None] = {}

    @cached_property
    def _completion(self) -> Completion:
        """Asks for packages and weeks of insertions by the rules alone."""
        return Completion(replace(self.problem, floors=()))

    @cached_property
    def plain(self) -> bool:
        """Whether any number of insertions may be bought, and nothing counts or costs once."""
        return self.rows is not None and not (
            self.rows.counts_once or self.prices.once.any() or (self.smallest > 1).any()
        )

    # --- moves, where a plan is insertions only ---

    def activity(self, insertions: IntArray) -> FloatArray:
        """(n_rows,) of the rules' rows."""
        assert self.rows is not None
        return self.rows.activity(insertions)

    def rows_after(self, insertions: IntArray, activity: FloatArray, moves: Moves) -> FloatArray:
        """(n_rows, n) activities after each purchase alone."""
        assert self.rows is not None
        return self.rows.after(insertions, activity, *moves)

    def fewest(self, insertions: IntArray) -> IntArray:
        """(n_vehicles,) fewest insertions that may be bought of each vehicle now."""
        return np.asarray(np.maximum(self.smallest - insertions, 1))

    def fewest_back(self, insertions: IntArray) -> IntArray:
        """(n_vehicles,) fewest insertions that may be given back of each vehicle now; 0 where none may."""
        left = insertions - 1
        found = np.where(left >= np.maximum(self.smallest, self.lower), 1, 0)
        all_of_it = (left < self.smallest) & (self.lower == 0)
        return np.asarray(np.where(all_of_it, insertions, found))

    def given_back(self, insertions: IntArray) -> Moves:
        """What may be given back of each vehicle, whether rows allow it or not: the fewest, and all where it matters
        whether a vehicle is bought at all."""
        fewest = self.fewest_back(insertions)
        out = np.flatnonzero(fewest)
        if self.plain:
            return out, fewest[out]
        whole = np.flatnonzero((insertions > fewest) & (fewest > 0) & (self.lower == 0))
        return np.concatenate([out, whole]), np.concatenate([fewest[out], insertions[whole]])

    def purchases(self, insertions: IntArray, activity: FloatArray) -> Moves:
        """The fewest of each vehicle that bounds and rows let be bought."""
        if self.plain:
            vehicles = np.flatnonzero(insertions < self.upper)
            steps = np.ones(len(vehicles), dtype=np.int64)
        else:
            fewest = self.fewest(insertions)
            vehicles = np.flatnonzero(insertions + fewest <= self.upper)
            steps = fewest[vehicles]
        return self.allowed(insertions, activity, (vehicles, steps))

    def allowed(self, insertions: IntArray, activity: FloatArray, moves: Moves) -> Moves:
        """Those of single purchases that rows allow."""
        assert self.rows is not None
        if len(self.rows.matrix) == 0:
            return moves
        kept = self.rows.allows(self.rows.after(insertions, activity, *moves))
        return moves[0][kept], moves[1][kept]

    def exchanges_allowed(self, insertions: IntArray, out: Moves, into: Moves) -> BoolArray:
        """(n,) which exchanges, each alone, rows allow."""
        assert self.rows is not None
        if len(self.rows.matrix) == 0:
            return np.ones(len(out[0]), dtype=bool)
        return self.rows.allows(self.rows.after_exchange(insertions, self.activity(insertions), out, into))

    def in_place_of(self, insertions: FloatArray) -> list[tuple[int, int]]:
        """Pairs of a bought vehicle and one that is not, which limits on the number of those bought allow in its place
        alone."""
        if self.rows is None or not self.rows.counts_once:
            return []
        whole, counts = insertions.astype(np.int64), ~self.rows.matrix.any(axis=1)
        most = (self.rows.most + self.rows.tolerance)[:, None]
        others = np.flatnonzero((whole == 0) & (self.upper >= self.smallest))

        def too_many(insertions: IntArray) -> BoolArray:
            assert self.rows is not None
            after = self.rows.after(insertions, self.rows.activity(insertions), others, self.smallest[others])
            return np.asarray((after > most)[counts].any(axis=0))

        now, found = too_many(whole), []
        for i in np.flatnonzero((whole > 0) & (self.lower <= 0)) if now.any() else ():
            without = np.where(np.arange(len(whole)) == i, 0, whole)
            found += [(int(i), int(j)) for j in others[now & ~too_many(without)]]
        return found

    # --- any plan ---

    def room(self, insertions: FloatArray, steps: Sequence[int]) -> BoolArray:
        """(n_vehicles, n_steps) which steps of a single vehicle bounds and rows allow; not a proof where plans hold
        further choices."""
        found = np.empty((len(insertions), len(steps)), dtype=bool)
        vehicles, whole = np.arange(len(insertions)), insertions.astype(np.int64)
        activity = None if self.rows is None else self.rows.activity(whole)
        for i, step in enumerate(steps):
            after = insertions + step
            found[:, i] = (after <= self.upper) & (after >= self.lower)
            found[:, i] &= (after <= 0) | (after >= self.smallest)
            if self.rows is not None and activity is not None:
                found[:, i] &= self.rows.allows(self.rows.after(whole, activity, vehicles, step))
            else:
                spent = float(self.prices.cheapest @ insertions) + step * self.prices.cheapest
                found[:, i] &= spent <= self.prices.amount * (1 + 1e-9)
                found[:, i] &= ~self._completion.ruled_out(insertions + step * np.eye(len(insertions)))
        return found

    def room_above(self, insertions: FloatArray, steps: Sequence[int]) -> BoolArray:
        """(n_vehicles, n_steps) which purchases what rows allow at most admits; what they ask at least may be wanting
        still."""
        found = np.empty((len(insertions), len(steps)), dtype=bool)
        vehicles, whole = np.arange(len(insertions)), insertions.astype(np.int64)
        for i, step in enumerate(steps):
            found[:, i] = (insertions + step <= self.upper) & (insertions + step >= self.smallest)
            if self.rows is not None and len(self.rows.matrix):
                after = self.rows.after(whole, self.rows.activity(whole), vehicles, step)
                found[:, i] &= (after <= (self.rows.most + self.rows.tolerance)[:, None]).all(axis=0)
        return found

    def rows_allow(self, insertions: FloatArray) -> bool:
        """Whether bounds and rows allow a plan; floors are not looked at."""
        if self.rows is not None:
            return self.rows.feasible(insertions)
        return self.plan(insertions) is not None

    def plan(self, insertions: FloatArray) -> FloatArray | None:
        """A plan (plan_size,) of these insertions that keeps every rule and floor, the cheapest where money is what
        counts; None where none does."""
        if self.rows is not None:
            fits = self.rows.feasible(insertions) and not self.problem.broken(insertions)
            return insertions if fits else None
        if ((insertions > self.upper + 1e-9) | (insertions < self.lower - 1e-9)).any():
            return None
        key = insertions.tobytes()
        if key not in self._known:
            if self._completion.ruled_out(insertions[None])[0]:
                return None
            plan = self._completion.exists(insertions, self._gap)
            self._known[key] = None if plan is None or self.problem.broken(plan) else plan
        return self._known[key]

    @property
    def completed(self) -> int:
        """How many plans a solver was asked to complete."""
        return len(self._known)

    @property
    def tired(self) -> bool:
        """Whether so many plans were completed that the search should end."""
        return self.completed >= _COMPLETIONS


def one_or_all(insertions: FloatArray, vehicles: IntArray, lower: IntArray, one: IntArray) -> list[Moves]:
    """Per vehicle what may be given back, rows aside: one (n_vehicles,), or all that are free (above lower)."""
    free = (insertions - lower).astype(np.int64)
    sizes = [sorted({min(int(one[j]), int(free[j])), int(free[j])}) for j in vehicles]
    return [(np.full(len(s), j), np.array(s)) for j, s in zip(vehicles.tolist(), sizes, strict=True)]
