"""The rest of a plan where only its insertions are known: packages and weeks, as cheap as they can be.

An edited workbook says how many insertions are bought, not which of them come in packages; money is the least
that buys them. Rules are kept where that is possible; where it is not, prices alone are looked at, and the
rules' own checks tell what is broken.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem, rounded
from models.rules.rule import Rule

_SECONDS = 10.0
CHEAPEST, ANY = 1e-6, 1.0  # of the money: how much dearer than the cheapest plan the one found may be
_REASONS = 100  # kept, why insertions cannot be completed
_SURELY = 1e-6  # of the sums that prove it: what rules may be missed by is less


def completed(problem: Problem, insertions: FloatArray, weekly: FloatArray | None = None) -> FloatArray:
    """A plan (plan_size,) with these insertions (n_vehicles,), and these weeks (n_vehicles, n_weeks) if given."""
    columns = problem.columns
    weeks = weekly if weekly is not None and columns.weeks else np.zeros((columns.vehicles, columns.weeks))
    known = columns.join(insertions, weeks, np.zeros(columns.packages))
    if not columns.packages and (weeks is weekly or not columns.weeks):
        return known
    for rules in _fewer_and_fewer(problem.rules):
        found = cheapest_completion(
            replace(problem, rules=rules, floors=(), effective=()), insertions, weekly
        )
        if found is not None:
            return found
    return known


def _fewer_and_fewer(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], ...]:
    """All of them; prices, and what says when there are offers; prices."""
    prices = tuple(rule for rule in rules if rule.treatment.charge)
    return rules, (*prices, *(rule for rule in rules if rule.offers)), prices


def cheapest_completion(
    problem: Problem, insertions: FloatArray, weekly: FloatArray | None = None, seconds: float = _SECONDS
) -> FloatArray | None:
    """The cheapest plan with these insertions that keeps the problem's rules (floors are not looked at), None where
    there is none, or none is found in time."""
    return Completion(problem).cheapest(insertions, weekly, seconds)[0]


class Completion:
    """Asks one programme after the other for the rest of plans."""

    def __init__(self, problem: Problem) -> None:
        # what solves is loaded only where there are packages or weeks to find
        from models.programme.plans.feasible import programme_of
        from models.programme.solvers.highs import LiveHighs

        if not problem.objective.saves_money:  # so that the programme has all columns of money
            problem = replace(problem, objective=replace(problem.objective, saves_money=True))
        self._problem, self._bounds = problem, (problem.system.lower, problem.system.upper)
        programme = programme_of(problem, *(bound.copy() for bound in self._bounds))
        spent, money = problem.tariff.money(np.ones(problem.n_vehicles))
        programme.cost[spent] = money / max(float(np.abs(money).max(initial=0.0)), 1e-300)
        self._live = LiveHighs(programme)
        self._reasons: list[_Reason] = []

    def cheapest(
        self,
        insertions: FloatArray,
        weekly: FloatArray | None = None,
        seconds: float = _SECONDS,
        gap: float = CHEAPEST,
    ) -> tuple[FloatArray | None, bool]:
        """The cheapest plan (plan_size,) with these insertions (n_vehicles,), and these weeks (n_vehicles, n_weeks) if
        given, that keeps the rules, or with the gap ANY any plan; and whether there is none for sure. To know that one
        exists takes milliseconds, to know that it is the cheapest may take seconds."""
        from models.programme.solvers.solver import Limits

        if not self._hold(insertions, weekly):
            return None, True
        solved = self._live.solve(True, Limits(gap, seconds))
        found = None if solved.values is None else rounded(self._problem, solved.values)
        return found, solved.status == "infeasible"

    def impossible(self, insertions: FloatArray, others: IntArray) -> BoolArray:
        """(n,) which of others (n, n_vehicles) cannot be completed, for what rules out insertions (n_vehicles,) even
        where weeks and all else may be parts; none where that leaves room."""
        reason = self._reason(insertions)
        return np.zeros(len(others), dtype=bool) if reason is None else reason.rules_out(others)

    def ruled_out(self, others: FloatArray) -> BoolArray:
        """(n,) which of others (n, n_vehicles) cannot be completed, for what `exists` has met so far."""
        found = np.zeros(len(others), dtype=bool)
        for reason in self._reasons:
            found |= reason.rules_out(others)
        return found

    def exists(self, insertions: FloatArray, gap: float) -> FloatArray | None:
        """A plan (plan_size,) with these insertions (n_vehicles,), as `cheapest` finds it; None where there is none,
        or time found none. Why there is none is kept for others."""
        if self.ruled_out(insertions[None])[0]:
            return None
        plan, never = self.cheapest(insertions, gap=gap)
        reason = self._reason(insertions) if never and len(self._reasons) < _REASONS else None
        if reason is not None:
            self._reasons.append(reason)
        return plan

    def _reason(self, insertions: FloatArray) -> "_Reason | None":
        """Why insertions (n_vehicles,) cannot be completed where weeks and all else may be parts; None where they can,
        or where one column's bounds say it."""
        from models.programme.solvers.proven import proven
        from models.programme.solvers.solver import Limits

        live = self._live
        if (
            not self._hold(insertions, None)
            or live.solve(False, Limits(seconds=_SECONDS)).status != "infeasible"
        ):
            return None
        ray, programme = live.run.ray(), live.programme
        if ray is None:
            return None
        found = proven(programme, np.zeros(programme.n_columns), ray)
        if found.lowest <= 0:
            return None
        return _Reason(insertions, found.lowest, found.reduced[: len(insertions)])

    def _hold(self, insertions: FloatArray, weekly: FloatArray | None) -> bool:
        """Bounds of columns that leave these insertions and weeks; whether the rules' own leave them."""
        columns, n = self._problem.columns, self._problem.n_vehicles
        low, high = self._bounds
        held = insertions if weekly is None or not columns.weeks else np.append(insertions, weekly.ravel())
        own = slice(0, len(held))
        if (held < low[own] - 1e-9).any() or (held > high[own] + 1e-9).any():
            return False
        places = np.arange(n * (1 + columns.weeks))
        low, high = low[places].copy(), high[places].copy()
        low[own] = high[own] = held
        self._live.set_column_bounds(places, low, high)
        return True


@dataclass(frozen=True, eq=False)
class _Reason:
    """A sum of the rules' rows that insertions (n_vehicles,) break: by so much, and by `slope` (n_vehicles,) more for
    each insertion more."""

    insertions: FloatArray
    broken_by: float
    slope: FloatArray

    def rules_out(self, others: FloatArray | IntArray) -> BoolArray:
        """(n,) whether others (n, n_vehicles) break it, too."""
        size = np.abs(self.broken_by) + np.abs(self.slope) @ np.maximum(others, self.insertions).T
        return np.asarray(self.broken_by + (others - self.insertions) @ self.slope > _SURELY * size)
