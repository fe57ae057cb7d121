"""A plan that keeps all rules, reach aside: to start from where buying nothing breaks one, and to tell whether any."""

import time

import numpy as np

from models.arrays import FloatArray
from models.errors import NoPlanInTime, SolverFailure
from models.problem.problem import Problem, rounded
from models.programme.plans.listing import every_plan
from models.programme.rows.keyed_rows import KeyedRows, rows_of_rules
from models.programme.solvers.highs import LiveHighs
from models.programme.solvers.linear_programme import LinearProgramme
from models.programme.solvers.solver import Limits

_SECONDS = 30.0
FEW = 2_000  # plans, each looked at
_GAP, _ROUGH_GAP = 0.01, 0.2  # a good start for moves; any start for a search


def feasible_plan(
    problem: Problem, worth: FloatArray | None = None, margin: float = 0.0
) -> FloatArray | None:
    """A plan (plan_size,) that keeps bounds and rules, None when there are none.

    margin: how far inside the rows (of their size, or of 1) the plan must lie; None, too, where that is not sure.
    worth: (n_vehicles,) of one insertion each, to find a good one among them; within 1 %, or 20 % where moves do not
    search. Floors are not looked at. Few plans are all tried, by the rules' own checks. Raises SolverFailure when the
    question stays open: NoPlanInTime, where time is the reason.
    """
    system = problem.system
    if system.bounds_cross:
        return None
    every = every_plan(problem, FEW) if margin == 0 else None
    if every is not None:
        kept = [plan for plan in every.astype(float) if _keeps(problem, plan)]
        return max(kept, key=lambda plan: 0.0 if worth is None else float(worth @ plan), default=None)
    programme = programme_of(problem, system.lower, system.upper)
    _move_inside(programme, margin)
    if worth is not None:
        programme.cost[: len(worth)] = -worth / max(float(np.abs(worth).max(initial=0.0)), 1e-300)
    try:
        return _searched(problem, programme)
    except SolverFailure:
        if margin == 0:
            raise
        return None  # rounding leaves hardly any room inside


def _searched(problem: Problem, programme: LinearProgramme) -> FloatArray | None:
    """A plan that a search finds. Raises SolverFailure."""
    live, gap = LiveHighs(programme), _GAP if problem.insertions_only else _ROUGH_GAP
    for exact in (False, True):  # parts of insertions may miss a rule by the solver's usual rounding
        began = time.monotonic()
        solved = live.solve(True, Limits(gap, _SECONDS, exact=exact))
        if solved.status == "infeasible" and not exact:
            return None
        if solved.values is None:
            break  # short by less than the usual tolerance: no proof
        plan = rounded(problem, np.clip(solved.values, programme.lower, programme.upper))
        if _keeps(problem, plan):
            return plan
    if time.monotonic() - began >= _SECONDS:
        raise NoPlanInTime("The solver could not tell in time whether the rules can hold together.")
    raise SolverFailure(
        "Limits are so near each other that the solver's rounding hides whether all can hold."
    )


def _move_inside(programme: LinearProgramme, margin: float) -> None:
    """Unequal limits of rows, by a share of their size, or of 1."""
    size = np.maximum(1.0, np.abs(np.where(np.isinf(programme.most), programme.least, programme.most)))
    inside = margin * size * (programme.least < programme.most)
    programme.least += inside
    programme.most -= inside


def _keeps(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan (plan_size,) keeps the rules, floors aside, by their own check."""
    outcome = problem.outcome(plan)
    return all(rule.holds(outcome) for rule in problem.rules) and problem.consistent(plan)


def programme_of(problem: Problem, lower: FloatArray, upper: FloatArray) -> LinearProgramme:
    """Every column of the problem's system, within bounds (n_columns,), and every row, at no cost."""
    programme = LinearProgramme()
    columns = programme.add_columns([f"x_{i}" for i in range(len(lower))], lower, upper)
    programme.set_whole(columns, problem.system.whole)
    KeyedRows().add(programme, list(rows_of_rules(problem)))
    return programme
