"""The nearest calendar by whole-number search, and how near any calendar can be.

    min  sum_t | sum_j rating_j w_jt - pattern_t G |  +  a little * sum_jt | sum_{s<=t} w_js - x_j P_t |
    s.t. sum_t w_jt = x_j,   least_jt <= w_jt <= most_jt,   and where weeks bind the buy every row of the problem,
         and where the plan is the cheapest one: money(w) <= money of the plan

G: rating points of the whole plan; P_t: the pattern summed up to week t. The first term is what is asked for; the
second decides between equals.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.after.wish import Wish, off_pattern
from models.arrays import FloatArray
from models.errors import NoCalendar
from models.problem.problem import Problem
from models.programme.solvers.highs_quiet import solve_once
from models.rules.appearances import Spacing
from models.rules.budget import Budget

if TYPE_CHECKING:
    import pulp

    _Weekly = dict[tuple[int, int], pulp.LpVariable]  # by vehicle and week

GAP = 1e-3  # of the share off the pattern
_WORTH = 0.01  # of that share, for which a calendar in parts is made whole
_WHOLE = 1e-6  # a solver's number nearer to a whole one is that
_SPREAD = 1e-3  # what the second term counts, beside the first
_NODES = 50  # of the search tree: a calendar is the same on a slow machine as on a fast one
_NODES_BETWEEN = 10  # ... where all but few numbers are settled


def no_dearer_than(problem: Problem, plan: FloatArray) -> Budget:
    """What a calendar of the cheapest plan may cost: what it costs in the plan's own weeks."""
    return Budget("no dearer", problem.tariff, problem.tariff.total(plan))


def searched(
    problem: Problem, plan: FloatArray, wish: Wish, seconds: float, nodes: int = _NODES, *, even: bool = True
) -> FloatArray | None:
    """The nearest calendar (n_vehicles, n_weeks) by whole-number search; None where it found none, which is no proof
    that there is none. even: whether the second term counts."""
    insertions = problem.columns.insertions(plan)
    if _too_few(insertions, wish):
        return None
    if not (insertions > 0).any():
        return np.zeros((len(insertions), len(wish.pattern)))
    lp, w = _programme(problem, plan, wish, whole=problem.whole)
    off = _points_off(lp, insertions, wish, w)
    lp.setObjective(off + _SPREAD * _spread(lp, insertions, wish, w) if even else off)
    if solve_once(lp, seconds, GAP, nodes=nodes) not in ("optimal", "feasible"):
        return None
    return _sound(_values(w, wish), insertions, whole=problem.whole)


def any_calendar(problem: Problem, plan: FloatArray, wish: Wish, seconds: float) -> FloatArray:
    """A calendar (n_vehicles, n_weeks): the nearest one that a short search finds, else any, whatever its longest gap.

    Raises NoCalendar: proven, or because time ended the search.
    """
    found = searched(problem, plan, wish, seconds / 2)
    if found is not None:
        return found
    insertions = problem.columns.insertions(plan)
    if _too_few(insertions, wish):
        raise NoCalendar(proven=True)
    lp, w = _programme(problem, plan, replace(wish, gap=None), whole=problem.whole)
    status = solve_once(lp, seconds / 2, GAP)
    if status not in ("optimal", "feasible"):
        raise NoCalendar(proven=status == "infeasible")
    return _sound(_values(w, wish), insertions, whole=problem.whole)


def _too_few(insertions: FloatArray, wish: Wish) -> bool:
    """Whether less is bought of a vehicle than must stand in its weeks."""
    return bool((wish.at_least.sum(axis=1) > insertions + 1e-9).any())


def made_whole(
    problem: Problem, plan: FloatArray, wish: Wish, known: FloatArray, seconds: float
) -> FloatArray | None:
    """A calendar (n_vehicles, n_weeks) of whole insertions near the nearest one of insertions in parts: each number
    between that one's and a known calendar's. None where none was found, or the known one is as near already."""
    nearest = _nearest(problem, plan, wish, seconds / 2)
    if nearest is None or off_pattern(known, wish) <= nearest[0] + _WORTH:
        return None
    low, high = np.minimum(nearest[1], known), np.maximum(nearest[1], known)
    between = replace(wish, least=np.floor(low + _WHOLE), most=np.ceil(high - _WHOLE))
    return searched(problem, plan, between, seconds / 2, _NODES_BETWEEN, even=False)


def nearest_share(problem: Problem, plan: FloatArray, wish: Wish, seconds: float) -> float:
    """Share of the rating points that is off the pattern in any calendar: that of the nearest one of insertions in
    parts. 0 where time did not find it."""
    nearest = _nearest(problem, plan, wish, seconds)
    return 0.0 if nearest is None else nearest[0]


def _nearest(
    problem: Problem, plan: FloatArray, wish: Wish, seconds: float
) -> tuple[float, FloatArray] | None:
    """The nearest calendar (n_vehicles, n_weeks) of insertions in parts, and its share off the pattern."""
    insertions = problem.columns.insertions(plan)
    lp, w = _programme(problem, plan, wish, whole=False)
    lp.setObjective(_points_off(lp, insertions, wish, w))
    if solve_once(lp, seconds, GAP) != "optimal":
        return None
    return float(lp.objective.value() or 0.0) / 2, _values(w, wish)


def _values(w: "_Weekly", wish: Wish) -> FloatArray:
    """(n_vehicles, n_weeks) what a solver found."""
    weekly = np.zeros(wish.most.shape)
    for place, variable in w.items():
        weekly[place] = max(float(variable.value() or 0.0), 0.0)
    return weekly


def _programme(
    problem: Problem, plan: FloatArray, wish: Wish, *, whole: bool
) -> "tuple[pulp.LpProblem, _Weekly]":
    """All that a calendar keeps. whole: whether it is of whole insertions."""
    import pulp

    lp, insertions = pulp.LpProblem("calendar", pulp.LpMinimize), problem.columns.insertions(plan)
    w = _variables(lp, insertions, wish, whole=whole)
    _add_demands(lp, insertions, wish, w)
    if problem.columns.weeks:
        _add_rules(lp, problem, plan, w, whole=whole)
    return lp, w


def _variables(lp: "pulp.LpProblem", insertions: FloatArray, wish: Wish, *, whole: bool) -> "_Weekly":
    """Insertions of each bought vehicle in each week."""
    import pulp

    kind = pulp.LpInteger if whole else pulp.LpContinuous
    ceiling, least = np.minimum(wish.most, insertions[:, None]), wish.at_least
    return {
        (j, t): lp.add_variable(f"w_{j}_{t}", float(least[j, t]), float(ceiling[j, t]), kind)
        for j in np.flatnonzero(insertions > 0).tolist()
        for t in range(len(wish.pattern))
    }


def _add_demands(lp: "pulp.LpProblem", insertions: FloatArray, wish: Wish, w: "_Weekly") -> None:
    """Every insertion has its week; no gap is longer than asked; issues lie as far apart as they do."""
    import pulp

    bought, weeks = sorted({j for j, _ in w}), len(wish.pattern)
    for j in bought:
        row = pulp.LpAffineExpression([(w[j, t], 1.0) for t in range(weeks)])
        lp.addConstraint(row == float(insertions[j]), f"all_{j}")
    for first in range(0 if wish.gap is None else weeks - wish.gap):
        terms = [(w[j, t], 1.0) for j in bought for t in range(first, first + (wish.gap or 0) + 1)]
        lp.addConstraint(pulp.LpAffineExpression(terms) >= 1.0, f"gap_{first}")
    for number, spacing in enumerate(wish.spacing):
        _keep_apart(lp, f"apart{number}", spacing, w)


def _points_off(
    lp: "pulp.LpProblem", insertions: FloatArray, wish: Wish, w: "_Weekly"
) -> "pulp.LpAffineExpression":
    """Shares of the points off the pattern, as a linear term."""
    import pulp

    bought, total = sorted({j for j, _ in w}), float(wish.rating @ insertions) or 1.0
    off = [_away(lp, f"t{t}", [(w[j, t], float(wish.rating[j]) / total) for j in bought], float(p))
           for t, p in enumerate(wish.pattern)]  # fmt: skip
    return pulp.LpAffineExpression([(v, 1.0) for v in off])


def _spread(
    lp: "pulp.LpProblem", insertions: FloatArray, wish: Wish, w: "_Weekly"
) -> "pulp.LpAffineExpression":
    """How far vehicles run ahead or behind, per insertion, as a linear term."""
    import pulp

    due, spread = np.cumsum(wish.pattern), []
    for j in sorted({j for j, _ in w}):
        for t in range(len(wish.pattern) - 1):
            terms = [(w[j, s], 1.0) for s in range(t + 1)]
            spread.append(_away(lp, f"s{j}_{t}", terms, float(insertions[j] * due[t])))
    return pulp.LpAffineExpression([(v, 1.0 / max(float(insertions.sum()), 1.0)) for v in spread])


def _sound(weekly: FloatArray, insertions: FloatArray, *, whole: bool) -> FloatArray:
    """Weeks without the solver's rounding."""
    if whole:
        return np.rint(weekly)
    weekly[weekly < 1e-9] = 0.0
    gap = insertions - weekly.sum(axis=1)
    weekly[np.arange(len(insertions)), weekly.argmax(axis=1)] += gap
    return weekly


def _keep_apart(lp: "pulp.LpProblem", name: str, spacing: Spacing, w: "_Weekly") -> None:
    """The issues of a vehicle, those of its units together, so far apart as they appear."""
    import pulp

    for number, (weeks, most) in enumerate(spacing.limits()):
        terms = [(w[int(j), int(t)], 1.0) for j in spacing.members for t in weeks if (int(j), int(t)) in w]
        if terms:
            lp.addConstraint(pulp.LpAffineExpression(terms) <= most, f"{name}_{number}")


def _away(
    lp: "pulp.LpProblem", name: str, terms: "list[tuple[pulp.LpVariable, float]]", wanted: float
) -> "pulp.LpVariable":
    """A variable no less than how far a sum is from what is wanted."""
    import pulp

    away = lp.add_variable(f"away_{name}", 0, None)
    lp.addConstraint(pulp.LpAffineExpression([*terms, (away, -1.0)]) <= wanted, f"above_{name}")
    lp.addConstraint(pulp.LpAffineExpression([*terms, (away, 1.0)]) >= wanted, f"below_{name}")
    return away


def _add_rules(
    lp: "pulp.LpProblem", problem: Problem, plan: FloatArray, w: "_Weekly", *, whole: bool
) -> None:
    """Every row of the problem, its insertions and packages as the plan has them, its other columns free."""
    import pulp

    system, columns = problem.system, problem.columns
    fixed = {
        i: float(plan[i]) for i in (*range(columns.vehicles), *range(columns.package(0), columns.plan_size))
    }
    free = {columns.week(j, t): variable for (j, t), variable in w.items()}

    def at(column: int) -> "pulp.LpVariable | float":
        if column in fixed or (column < columns.plan_size and column not in free):
            return fixed.get(column, 0.0)
        if column not in free:
            kind = pulp.LpInteger if whole and system.whole[column] else pulp.LpContinuous
            high = float(system.upper[column])
            free[column] = lp.add_variable(
                f"d_{column}", float(system.lower[column]), high if np.isfinite(high) else None, kind
            )
        return free[column]

    rows = system.rows
    if problem.objective.saves_money:
        rows = (*rows, *no_dearer_than(problem, plan).rows())
    for i, row in enumerate(rows):
        scale = row.scale
        terms, constant = [], 0.0
        for column, coefficient in zip(row.columns.tolist(), row.coefficients / scale, strict=True):
            value = at(column)
            if isinstance(value, float):
                constant += value * float(coefficient)
            else:
                terms.append((value, float(coefficient)))
        if not terms:
            continue
        right, sum_ = float(row.right / scale) - constant, pulp.LpAffineExpression(terms)
        slack = 1e-9 * max(1.0, abs(right))
        if row.sense != ">=":
            lp.addConstraint(sum_ <= right + slack, f"most_{i}")
        if row.sense != "<=":
            lp.addConstraint(sum_ >= right - slack, f"least_{i}")
