"""HiGHS, made quiet; and a small programme of PuLP's solved once. The live one is
models.programme.solvers.highs."""

import os
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:  # imported where a programme is stated in it: most plans need none
    import pulp

SolverName = Literal["highs", "cbc"]
NO_LIMIT = 2**31 - 1  # of nodes


@cache
def load_highs() -> Any:
    """The module highspy, made quiet: from 1.16 on, the first instance of a process prints its banner to
    standard output, where a result may be, whatever its options say."""
    highspy: Any = import_module("highspy")
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    return highspy


def solve_once(
    lp: "pulp.LpProblem", seconds: float, gap: float, nodes: int = NO_LIMIT
) -> Literal["optimal", "feasible", "infeasible", "none"]:
    """Solve a programme that nothing is added to, with HiGHS; its variables hold the answer where there is one. nodes:
    of the search tree, at most: the same ones on every machine, where seconds leave time for them."""
    import pulp

    highspy = load_highs()
    solver = pulp.HiGHS(
        msg=False, threads=1, parallel="off", timeLimit=seconds, gapRel=gap, mip_max_nodes=nodes
    )
    with suppress(KeyError):  # PuLP has no word for the limit of nodes; by then the values are read
        lp.solve(solver)
    status, found = lp.solverModel.getModelStatus(), lp.solverModel.getInfo().primal_solution_status == 2
    lp.solverModel = None
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return "infeasible"
    if not found:
        return "none"
    return "optimal" if status == highspy.HighsModelStatus.kOptimal else "feasible"
