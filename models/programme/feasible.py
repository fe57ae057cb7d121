"""A plan that keeps all rules, reach aside: to start from where buying nothing breaks one, and to tell whether any."""

from typing import TYPE_CHECKING

import numpy as np

from models.arrays import FloatArray
from models.errors import NoPlanInTime
from models.problem.problem import Problem, rounded
from models.programme.solver import solve_once
from models.rules.row import Row

if TYPE_CHECKING:
    import pulp

_SECONDS = 30.0
_GAP, _ROUGH_GAP = 0.01, 0.2  # a good start for moves; any start for a search


def feasible_plan(
    problem: Problem, worth: FloatArray | None = None, margin: float = 0.0
) -> FloatArray | None:
    """A plan (plan_size,) that keeps bounds and rules, None when there are none.

    margin: how far inside the rows (of their size, or of 1) the plan must lie. worth: (n_vehicles,) of one
    insertion each, to find a good one among them; within 1 %, or 20 % where moves do not search. Floors are not
    looked at. Raises NoPlanInTime when the question stays open.
    """
    system = problem.system
    if (system.lower > system.upper + 1e-9).any():
        return None
    import pulp

    lp = pulp.LpProblem("feasible", pulp.LpMinimize)
    x = state_rows(lp, problem, system.lower, system.upper, margin)
    gain = np.zeros(problem.n_vehicles)
    if worth is not None:
        gain = worth / max(float(np.abs(worth).max(initial=0.0)), 1e-300)
    lp.setObjective(pulp.LpAffineExpression([(v, -float(g)) for v, g in zip(x, gain, strict=False)]))
    for exact in (False, True):  # parts of insertions may miss a rule by the solver's usual rounding
        if solve_once(lp, _SECONDS, _GAP if problem.insertions_only else _ROUGH_GAP, exact) == "infeasible":
            if not exact:
                return None
            break  # short by less than the usual tolerance: no proof
        point = np.array([v.value() or 0.0 for v in x])
        plan = rounded(problem, np.clip(point, system.lower, system.upper))
        outcome = problem.outcome(plan)
        if all(rule.holds(outcome) for rule in problem.rules) and problem.consistent(plan):
            return plan
    raise NoPlanInTime("The solver could not tell in time whether the rules can hold together.")


def state_rows(
    lp: "pulp.LpProblem", problem: Problem, lower: FloatArray, upper: FloatArray, margin: float = 0.0
) -> "list[pulp.LpVariable]":
    """Every column of the problem's system, within bounds (n_columns,), and every row, `margin` inside."""
    import pulp

    system = problem.system
    x = [
        lp.add_variable(
            f"x_{i}",
            float(low),
            float(high) if np.isfinite(high) else None,
            pulp.LpInteger if system.whole[i] else pulp.LpContinuous,
        )
        for i, (low, high) in enumerate(zip(lower, upper, strict=True))
    ]
    for i, row in enumerate(system.rows):
        _add(lp, x, row, f"row_{i}", margin)
    return x


def _add(lp: "pulp.LpProblem", x: "list[pulp.LpVariable]", row: Row, name: str, margin: float) -> None:
    """A row of the system, `margin` inside its limit."""
    import pulp

    scale = row.scale
    expression = pulp.LpAffineExpression(
        [(x[int(j)], float(a)) for j, a in zip(row.columns, row.coefficients / scale, strict=True) if a]
    )
    right = row.right / scale
    inside = margin * max(1.0, abs(right))
    if row.sense == "<=":
        lp.addConstraint(expression <= right - inside, name)
    elif row.sense == ">=":
        lp.addConstraint(expression >= right + inside, name)
    else:
        lp.addConstraint(expression == right, name)
