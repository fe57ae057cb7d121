"""When to run what is bought: insertions by week that follow a flighting pattern as closely as they can.

    min  sum_t | sum_j rating_j w_jt - pattern_t G |  +  a little * sum_jt | sum_{s<=t} w_js - x_j P_t |
    s.t. sum_t w_jt = x_j,   least_jt <= w_jt <= most_jt,   and where weeks bind the buy every row of the problem,
         and where the plan is the cheapest one: money(w) <= money of the plan

G: rating points of the whole plan; P_t: the pattern summed up to week t. The first term is what is asked for; the
second decides between equals. A hand-made calendar (week by week, where most is missing) stands in where the search has
not beaten it. Then insertions change weeks, so that each vehicle's own lie spread over the flight as the pattern is
(models.after.even_weeks), where that takes no more than a hundredth of the rating points off it. What is bought by the
thousand is no filler of the weeks that others leave short: it is delivered as the pattern goes, wherever a calendar
that keeps the rules can have it so.
"""

from typing import TYPE_CHECKING

import numpy as np

from models.after.even_weeks import distance, evened
from models.after.wish import Wish, off_pattern
from models.arrays import FloatArray
from models.problem.problem import Problem
from models.programme.solvers.highs_quiet import solve_once
from models.rules.appearances import Spacing
from models.rules.budget import Budget

if TYPE_CHECKING:
    import pulp

    _Weekly = dict[tuple[int, int], pulp.LpVariable]  # by vehicle and week

_SPREAD = 1e-3  # what the second term counts in the search, beside the first
_GAP = 1e-3
_NODES = 50  # of the search tree: a calendar is the same on a slow machine as on a fast one
_PORTIONS = 8  # of a week: how many at a time go, where a vehicle has thousands left
_NEAR = 0.005  # share of the rating points off the pattern that no search is spent on
_FOR_EVEN = 0.01  # share that may be off the pattern so that each vehicle runs evenly


def longest_gap(weekly: FloatArray) -> int:
    """Most weeks in a row in which nothing stands.

    >>> longest_gap(np.array([[1.0, 0.0, 0.0, 1.0, 0.0]]))
    2
    """
    longest = run = 0
    for count in weekly.sum(axis=0).tolist():
        run = 0 if count > 1e-9 else run + 1
        longest = max(longest, run)
    return longest


def calendar(problem: Problem, plan: FloatArray, wish: Wish, seconds: float = 30.0) -> FloatArray | None:
    """Insertions by week (n_vehicles, n_weeks) of a plan (plan_size,); None where no calendar can hold it.

    Where weeks bind the buy, the calendar keeps every rule, as the plan's own weeks do; where the objective is
    to save money, it costs no more than they do. The longest gap is kept where any calendar that was found keeps it.
    seconds: a last resort; the search ends by its nodes before.
    """
    if wish.steady is not None and wish.steady.any():
        steady = wish.delivering(problem.columns.insertions(plan), whole=problem.whole)
        at_that = calendar(problem, plan, steady, seconds)
        if at_that is not None and _over(at_that, wish) == 0:
            return at_that
    columns = problem.columns
    first = columns.weekly(plan) if columns.weeks else by_hand(columns.insertions(plan), wish)
    kept = [first] if first is not None and _keeps(problem, plan, first, wish) else []
    if not (kept and off_pattern(kept[0], wish) <= _NEAR and _over(kept[0], wish) == 0):
        found = _searched(problem, plan, wish, seconds)
        kept += [found] if found is not None and _keeps(problem, plan, found, wish) else []
    kept += [even for weekly in kept if _keeps(problem, plan, even := _evened(weekly, wish), wish)]

    def rank(weekly: FloatArray) -> tuple[int, float]:
        return _over(weekly, wish), distance(weekly, wish)

    return min(kept, key=rank, default=None)


def _evened(weekly: FloatArray, wish: Wish) -> FloatArray:
    """The same with vehicles more even, and no more of its points off the pattern, or at most _FOR_EVEN of them."""
    off = max(off_pattern(weekly, wish), _FOR_EVEN)

    def keeps(tried: FloatArray) -> bool:
        return off_pattern(tried, wish) <= off and all(own.over(tried) <= 1e-9 for own in wish.spacing)

    return evened(weekly, wish, keeps)


def _over(weekly: FloatArray, wish: Wish) -> int:
    """Weeks by which the longest gap is too long."""
    return 0 if wish.gap is None else max(0, longest_gap(weekly) - wish.gap)


def _keeps(problem: Problem, plan: FloatArray, weekly: FloatArray, wish: Wish) -> bool:
    columns = problem.columns
    insertions = columns.insertions(plan)
    outside = (weekly > wish.most + 1e-9) | (weekly < wish.at_least - 1e-9)
    if any(spacing.over(weekly) > 1e-9 for spacing in wish.spacing):
        return False
    if outside.any() or np.abs(weekly.sum(axis=1) - insertions).max(initial=0.0) > 1e-7:
        return False
    if not columns.weeks:
        return True
    # A plan that breaks a rule anyway (an edited one) asks no more of its calendar than to break no other.
    whole = columns.join(insertions, weekly, columns.packages_of(plan))
    if problem.objective.saves_money and not _no_dearer_than(problem, plan).holds(problem.outcome(whole)):
        return False
    return set(problem.broken(whole)) <= set(problem.broken(plan))


def _no_dearer_than(problem: Problem, plan: FloatArray) -> Budget:
    """What a calendar of the cheapest plan may cost: what it costs in the plan's own weeks."""
    return Budget("no dearer", problem.tariff, problem.tariff.total(plan))


def by_hand(insertions: FloatArray, wish: Wish) -> FloatArray | None:
    """Insertion by insertion, the largest first, into the week that is shortest of its points; of weeks alike,
    where the vehicle's own are thinnest. Of thousands many go at a time, ever fewer, the last ones singly. What must
    stand in a week stands there first. None where a vehicle does not find room."""
    weekly = wish.at_least.copy()
    missing = wish.pattern * float(wish.rating @ insertions) - wish.rating @ weekly
    unit = float(wish.rating @ insertions) or 1.0
    if (weekly.sum(axis=1) > insertions + 1e-9).any():
        return None
    for j in np.argsort(-wish.rating, kind="stable"):
        due = insertions[j] * np.cumsum(wish.pattern)
        left = float(insertions[j] - weekly[j].sum())
        while left > 1e-9:
            part, room = min(left, 1.0), _room(weekly, wish, int(j))
            weeks = np.flatnonzero(part <= room + 1e-9)
            if len(weeks) == 0:
                return None
            own = np.cumsum(weekly[j]) - due
            best = min(weeks, key=lambda t: (-round(float(missing[t]) / unit, 6), float(own[t]), t))
            part = max(part, np.floor(min(left / (_PORTIONS * len(missing)), room[best])))
            weekly[j, best] += part
            missing[best] -= part * wish.rating[j]
            left -= part
    return weekly


def _room(weekly: FloatArray, wish: Wish, j: int) -> FloatArray:
    """(n_weeks,) insertions of a vehicle that still fit into each week."""
    own = [spacing.room(weekly) for spacing in wish.spacing if j in spacing.members]
    return np.asarray(np.min([wish.most[j] - weekly[j], *own], axis=0))


def _searched(problem: Problem, plan: FloatArray, wish: Wish, seconds: float) -> FloatArray | None:
    """By whole-number search, None where it found nothing."""
    insertions = problem.columns.insertions(plan)
    if (wish.at_least.sum(axis=1) > insertions + 1e-9).any():
        return None
    if not (insertions > 0).any():
        return np.zeros((len(insertions), len(wish.pattern)))
    import pulp

    lp = pulp.LpProblem("calendar", pulp.LpMinimize)
    w = _variables(lp, insertions, wish, whole=problem.whole)
    _add_demands(lp, insertions, wish, w)
    if problem.columns.weeks:
        _add_rules(lp, problem, plan, w)
    lp.setObjective(_stated_distance(lp, insertions, wish, w))
    if solve_once(lp, seconds, _GAP, nodes=_NODES) not in ("optimal", "feasible"):
        return None
    weekly = np.zeros((len(insertions), len(wish.pattern)))
    for place, variable in w.items():
        weekly[place] = max(float(variable.value() or 0.0), 0.0)
    return np.rint(weekly) if problem.whole else _adding_up(weekly, insertions)


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


def _stated_distance(
    lp: "pulp.LpProblem", insertions: FloatArray, wish: Wish, w: "_Weekly"
) -> "pulp.LpAffineExpression":
    """Shares of the points off the pattern, and how unevenly vehicles run, as linear terms."""
    import pulp

    bought, due = sorted({j for j, _ in w}), np.cumsum(wish.pattern)
    total = float(wish.rating @ insertions) or 1.0
    off = [_away(lp, f"t{t}", [(w[j, t], float(wish.rating[j]) / total) for j in bought], float(p))
           for t, p in enumerate(wish.pattern)]  # fmt: skip
    spread = []
    for j in bought:
        for t in range(len(wish.pattern) - 1):
            terms = [(w[j, s], 1.0) for s in range(t + 1)]
            spread.append(_away(lp, f"s{j}_{t}", terms, float(insertions[j] * due[t])))
    small = _SPREAD / max(float(insertions.sum()), 1.0)
    return pulp.LpAffineExpression([*((v, 1.0) for v in off), *((v, small) for v in spread)])


def _adding_up(weekly: FloatArray, insertions: FloatArray) -> FloatArray:
    """Weeks without the solver's rounding."""
    weekly[weekly < 1e-9] = 0.0
    gap = insertions - weekly.sum(axis=1)
    weekly[np.arange(len(insertions)), weekly.argmax(axis=1)] += gap
    return weekly


def _keep_apart(lp: "pulp.LpProblem", name: str, spacing: Spacing, w: "_Weekly") -> None:
    """The issues of a vehicle, those of its units together, so far apart as they appear."""
    import pulp

    spans = [(np.array([t]), float(most)) for t, most in enumerate(spacing.most)]
    spans += [(window, spacing.each) for window in spacing.windows()]
    for number, (weeks, most) in enumerate(spans):
        terms = [(w[int(j), int(t)], 1.0) for j in spacing.members for t in weeks if (int(j), int(t)) in w]
        if terms and np.isfinite(most):
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


def _add_rules(lp: "pulp.LpProblem", problem: Problem, plan: FloatArray, w: "_Weekly") -> None:
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
            kind = pulp.LpInteger if system.whole[column] else pulp.LpContinuous
            high = float(system.upper[column])
            free[column] = lp.add_variable(
                f"d_{column}", float(system.lower[column]), high if np.isfinite(high) else None, kind
            )
        return free[column]

    rows = system.rows
    if problem.objective.saves_money:
        rows = (*rows, *_no_dearer_than(problem, plan).rows())
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
