"""A plan that keeps all rules, reach aside: to start from where buying nothing breaks one, and to tell whether any."""

import numpy as np
import pulp

from models.arrays import FloatArray
from models.errors import SolverFailure
from models.problem import Problem
from models.rules.row import TOLERANCE
from models.solver import load_highs

_SECONDS = 30.0


def feasible_plan(
    problem: Problem, worth: FloatArray | None = None, margin: float = 0.0
) -> FloatArray | None:
    """Insertions (n_vehicles,) within bounds and rules, None when there are none.

    margin: how far inside the rows (of their size, or of 1) the plan must lie. worth: (n_vehicles,) of one
    insertion each, to find a good one among them; within 1 %. Floors on reach are not looked at. Raises
    SolverFailure when the question stays open.
    """
    system = problem.system
    if (system.lower > system.upper + 1e-9).any():
        return None
    lp = pulp.LpProblem("feasible", pulp.LpMinimize)
    kind = pulp.LpInteger if problem.whole else pulp.LpContinuous
    x = [
        lp.add_variable(f"x_{j}", float(low), float(high), kind)
        for j, (low, high) in enumerate(zip(system.lower, system.upper, strict=True))
    ]
    inside = margin * system.tolerance / TOLERANCE
    for i, row in enumerate(system.matrix):
        expression = pulp.LpAffineExpression([(x[j], float(row[j])) for j in np.flatnonzero(row)])
        if np.isfinite(system.most[i]):
            lp.addConstraint(expression <= float(system.most[i]) - inside[i], f"most_{i}")
        if np.isfinite(system.least[i]):
            lp.addConstraint(expression >= float(system.least[i]) + inside[i], f"least_{i}")
    gain = np.zeros(len(x)) if worth is None else worth / max(float(worth.max(initial=0.0)), 1e-300)
    lp.setObjective(pulp.LpAffineExpression([(v, -float(g)) for v, g in zip(x, gain, strict=True)]))
    load_highs()
    status = lp.solve(pulp.HiGHS(msg=False, threads=1, timeLimit=_SECONDS, gapRel=0.01))
    if status == pulp.LpStatusInfeasible:
        return None
    found = np.array([v.value() or 0.0 for v in x])
    found = np.clip(np.rint(found) if problem.whole else found, system.lower, system.upper)
    if not system.feasible(found):
        raise SolverFailure("the solver could not tell in time whether the rules can hold together.")
    return np.asarray(found)
