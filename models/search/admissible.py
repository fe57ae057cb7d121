"""Whether plans next to a plan keep the rules, for a search that sees insertions only.

For a simple problem rows over insertions tell, for all moves at once. For any other, packages and weeks must be
found that go with the insertions (models.programme.completion), a small whole-number search each time; so that is asked
last, and of few plans. Goals on n+ reach are not looked at here.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.problem.problem import Problem
from models.programme.completion import cheapest_completion

_COMPLETIONS = 1500  # whole-number searches for packages and weeks that one search may ask for


class Admissible:
    """The rules of one problem, n+ goals aside."""

    def __init__(self, problem: Problem) -> None:
        self.problem = replace(problem, effective=())
        # Rules alone, money for the objective: what completes insertions; its rows are worked out once.
        objective = replace(problem.objective, saves_money=True)
        self._priced = replace(problem, objective=objective, floors=(), effective=())
        self.system, n = problem.system, problem.n_vehicles
        self.lower, self.upper = self.system.lower[:n], self.system.upper[:n]
        self.price = np.where(problem.cost > 0, problem.cost, 1.0)
        self.amount = min((budget.amount for budget in problem.budgets), default=np.inf)
        # What single insertions cost at least; in a package they may come for less.
        self.cheapest = problem.tariff.cheapest() * ~problem.tariff.in_packages.any(axis=0)
        self._known: dict[bytes, FloatArray | None] = {}

    def room(self, insertions: FloatArray, steps: Sequence[int]) -> BoolArray:
        """(n_vehicles, n_steps) which steps of a single vehicle bounds and rows allow; not a proof where the
        problem is not simple."""
        found = np.empty((len(insertions), len(steps)), dtype=bool)
        activity = self.system.matrix @ insertions if self.problem.simple else None
        for i, step in enumerate(steps):
            after = insertions + step
            found[:, i] = (after <= self.upper + 1e-9) & (after >= self.lower - 1e-9)
            if activity is not None:
                found[:, i] &= self.system.allows(activity[:, None] + step * self.system.matrix)
            else:
                spent = float(self.cheapest @ insertions) + step * self.cheapest
                found[:, i] &= spent <= self.amount * (1 + 1e-9)
        return found

    def room_above(self, insertions: FloatArray, steps: Sequence[int]) -> BoolArray:
        """(n_vehicles, n_steps) which purchases what rows allow at most admits; what they ask at least may be wanting
        still."""
        found = np.empty((len(insertions), len(steps)), dtype=bool)
        for i, step in enumerate(steps):
            found[:, i] = insertions + step <= self.upper + 1e-9
            if self.problem.simple and len(self.system.matrix):
                after = (self.system.matrix @ insertions)[:, None] + step * self.system.matrix
                found[:, i] &= (after <= (self.system.most + self.system.tolerance)[:, None]).all(axis=0)
        return found

    def rows_allow(self, insertions: FloatArray) -> bool:
        """Whether bounds and rows allow a plan; floors are not looked at."""
        if self.problem.simple:
            return self.system.feasible(insertions)
        return self.plan(insertions) is not None

    def plan(self, insertions: FloatArray) -> FloatArray | None:
        """The cheapest plan (plan_size,) of these insertions that keeps every rule and floor; None where none does."""
        if self.problem.simple:
            fits = self.system.feasible(insertions) and not self.problem.broken(insertions)
            return insertions if fits else None
        if ((insertions > self.upper + 1e-9) | (insertions < self.lower - 1e-9)).any():
            return None
        key = insertions.tobytes()
        if key not in self._known:
            plan = cheapest_completion(self._priced, insertions)
            self._known[key] = None if plan is None or self.problem.broken(plan) else plan
        return self._known[key]

    @property
    def tired(self) -> bool:
        """Whether so many plans were completed that the search should end."""
        return len(self._known) >= _COMPLETIONS

    def money_left(self, insertions: FloatArray) -> float:
        """What the budget leaves, at single prices; infinite where there is none."""
        return self.amount - float(self.price @ insertions)
