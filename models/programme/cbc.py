"""CBC, which PuLP brings along: handed the whole programme each time."""

from collections.abc import Sequence

import numpy as np
import pulp

from models.arrays import BoolArray, FloatArray
from models.errors import SolverFailure, UnboundedPlan
from models.programme.programme import Cut, Programme
from models.programme.session import NO_LIMIT, Answer

_ROUNDED = 1e-5  # CBC's eight digits


class CbcSession:
    """CBC, by file, from the beginning each time. Its text answers carry eight digits."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def add(self, cuts: Sequence[Cut]) -> None:
        """Add rows to PuLP's statement."""
        for cut in cuts:
            self.programme.add(cut)

    def limit(self, lower: FloatArray, upper: FloatArray) -> None:
        """Set the bounds of columns (n_columns,)."""
        for v, low, high in zip(self.programme.columns, lower, upper, strict=True):
            if v is not None:
                v.lowBound, v.upBound = float(low), float(high) if np.isfinite(high) else None
        n = len(self.programme.x)
        increments = self.programme.increment_bounds(lower[:n], upper[:n])
        for y, low, high in zip(self.programme.y, *increments, strict=True):
            y.lowBound, y.upBound = float(low), float(high)

    def count_whole(self, whole: BoolArray) -> None:
        """Which columns (n_columns,) a search takes as whole numbers."""
        for v, counted in zip(self.programme.columns, whole, strict=True):
            if v is not None:
                v.cat = pulp.LpInteger if counted else pulp.LpContinuous

    def suggest(self, values: dict[int, float]) -> None:
        """CBC is told of no plan: it would want files of its own."""

    def set_floor(self, number: int, least: float) -> None:
        """Set the right side of a floor's row, in the row's scale."""
        self.programme.lp.get_constraint_by_name(f"floor_{number}").changeRHS(least)

    def set_effective(self, number: int, least: float) -> None:
        """The same of a goal on n+ reach."""
        self.programme.lp.get_constraint_by_name(f"effective_{number}").changeRHS(least)

    def solve(
        self, *, whole: bool, gap: float, seconds: float, enough: float = np.inf, nodes: int = NO_LIMIT
    ) -> Answer:
        """As HighsSession.solve, but it knows no `enough`, and a whole plan's bound only when CBC finished."""
        limit = None if nodes == NO_LIMIT else nodes
        seconds = max(seconds, 1.0)
        cbc = pulp.PULP_CBC_CMD(
            msg=False, mip=whole, gapRel=gap, timeLimit=seconds, threads=1, maxNodes=limit
        )
        try:
            self.programme.lp.solve(cbc)
        except pulp.PulpSolverError as error:
            raise SolverFailure(f"CBC could not be run ({error}); use --solver highs.") from error
        status, solution = self.programme.lp.status, self.programme.lp.sol_status
        if status == pulp.LpStatusInfeasible:
            return Answer("infeasible", -np.inf, None)
        if status == pulp.LpStatusUnbounded:
            raise UnboundedPlan("the programme has no finite best plan; this is a fault of ours.")
        if status != pulp.LpStatusOptimal or not self._keeps_rows():
            return Answer("none", np.inf, None)
        point = np.array([v.value() or 0.0 if v is not None else 0.0 for v in self.programme.columns])
        finished = solution == pulp.LpSolutionOptimal
        worth = -float(pulp.value(self.programme.lp.objective)) * self.programme.unit
        slack = abs(worth) * (1e-7 + (gap if whole else 0.0))
        bound = worth + slack if finished else np.inf
        return Answer("optimal" if finished else "feasible", bound, np.maximum(point, 0.0))

    def _keeps_rows(self) -> bool:
        """Whether CBC's answer keeps rows and bounds; PuLP's own check would ask wholes of a relaxation too."""
        lp = self.programme.lp
        inside = (
            v.value() is None
            or ((v.lowBound is None or v.value() >= v.lowBound - _ROUNDED)
                and (v.upBound is None or v.value() <= v.upBound + _ROUNDED))
            for v in lp.variables()
        )  # fmt: skip
        return all(inside) and all(row.valid(_ROUNDED) for row in lp.constraints())
