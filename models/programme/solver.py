"""Runs PuLP's programmes: a search's on HiGHS or CBC, alive; a small one once."""

from typing import Literal

import pulp

from models.programme.cbc import CbcSession
from models.programme.highs import HighsSession, load_highs
from models.programme.programme import Programme
from models.programme.session import Session

SolverName = Literal["highs", "cbc"]


def open_session(programme: Programme, solver: SolverName) -> Session:
    """The programme, loaded into a solver."""
    return HighsSession(programme) if solver == "highs" else CbcSession(programme)


def solve_once(
    lp: pulp.LpProblem, seconds: float, gap: float, exact: bool = False
) -> Literal["optimal", "feasible", "infeasible", "none"]:
    """Solve a programme that nothing is added to, with HiGHS; its variables hold the answer where there is one. exact:
    to the least tolerances that HiGHS takes."""
    highspy = load_highs()
    tolerances = {"primal_feasibility_tolerance": 1e-10, "mip_feasibility_tolerance": 1e-10} if exact else {}
    lp.solve(pulp.HiGHS(msg=False, threads=1, parallel="off", timeLimit=seconds, gapRel=gap, **tolerances))
    status, found = lp.solverModel.getModelStatus(), lp.solverModel.getInfo().primal_solution_status == 2
    lp.solverModel = None
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return "infeasible"
    if not found:
        return "none"
    return "optimal" if status == highspy.HighsModelStatus.kOptimal else "feasible"
