"""A programme in the hands of CBC: handed over whole each time, through PuLP.

Statuses are read with care: CBC calls a time limit "Optimal", and values count only where they keep every row.
"""

from typing import TYPE_CHECKING

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import UnboundedPlan
from models.programme.solvers.cbc_program import Cbc
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.programme.solvers.linear_programme import LinearProgramme
from models.programme.solvers.solver import Limits, Solved

if TYPE_CHECKING:
    import pulp

_ROUNDED = 1e-5  # CBC's eight digits


class LiveCbc(LinearProgramme):
    """CBC, by file, from the beginning each time. Its text answers carry eight digits."""

    def __init__(self, programme: LinearProgramme) -> None:
        super().__init__(**vars(programme))

    def suggest(self, columns: IntArray, values: FloatArray) -> None:
        """CBC is told of no plan: it would want files of its own."""

    def solve(self, whole: bool, limits: Limits) -> Solved:
        """It knows no `enough` and no `above`, and states a whole plan's bound only when it finished."""
        import pulp

        lp, variables = self.to_pulp()
        nodes = None if limits.nodes == NO_LIMIT else limits.nodes
        lp.solve(Cbc(whole, limits.gap, max(limits.seconds, 1.0), nodes))
        if lp.status == pulp.LpStatusInfeasible:
            return Solved("infeasible", np.inf)
        if lp.status == pulp.LpStatusUnbounded:
            raise UnboundedPlan("the programme has no finite best plan; this is a fault of ours.")
        values = np.array([v.value() or 0.0 for v in variables])
        if lp.status != pulp.LpStatusOptimal or not self._keeps(lp, values):
            return Solved("none", -np.inf)
        finished = lp.sol_status == pulp.LpSolutionOptimal
        cost = float(self.cost @ values)
        slack = abs(cost) * (1e-7 + (limits.gap if whole else 0.0))
        return Solved(
            "optimal" if finished else "feasible",
            cost - slack if finished else -np.inf,
            np.maximum(values, 0.0),
        )

    def _keeps(self, lp: "pulp.LpProblem", values: FloatArray) -> bool:
        """Whether CBC's answer keeps rows and bounds; PuLP's own check would ask wholes of a relaxation too."""
        inside = (values >= self.lower - _ROUNDED).all() and (values <= self.upper + _ROUNDED).all()
        return bool(inside) and all(row.valid(_ROUNDED) for row in lp.constraints())
