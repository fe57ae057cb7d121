"""Runs PuLP's programme on HiGHS or CBC, and turns the answer into a result or an error.

This module alone touches highspy. With HiGHS the solver stays alive between solves: tangents are added to it,
bounds of insertions are changed in it, and it goes on from its last basis. CBC is handed the whole programme
each time. Statuses are read from the solver, not from PuLP (which calls a time limit "Optimal"), and values
only where the solver says they are feasible; every plan is checked again by the rules themselves, elsewhere.
The programme minimises, so a solver's dual bound is a lower bound; `bound` here is turned back to the worth.
"""

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from typing import Any, Literal, Protocol

import numpy as np
import pulp

from models.arrays import BoolArray, FloatArray
from models.errors import SolverFailure, UnboundedPlan
from models.problem import Problem
from models.programme import Cut, Programme

SolverName = Literal["highs", "cbc"]
NO_LIMIT = 2**31 - 1
_ROUNDED = 1e-5  # CBC's eight digits
_NEARLY = 1e-7  # of a row, in its own scale
_HEURISTICS = ("feasibility_jump", "rins", "rens", "root_reduced_cost")


@dataclass(frozen=True, eq=False)
class Answer:
    """What a solver said.

    status: optimal (within the gap asked), feasible (stopped early with a point), infeasible, or none
    (stopped early without). bound: upper bound on the worth (inf when none). point: (n_columns,) of the
    problem's columns, None when there is none. increment_cost, insertion_cost: of an optimal relaxation, worth
    that each increment y_jk (n_increments,) and each x_j (n_vehicles,) would lose if it were forced up by one
    (reduced costs, negative where it would gain); row_worth: (n_rows,) worth that one more on the right side of
    each row of the problem's system would gain; None where not known.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    bound: float
    point: FloatArray | None
    increment_cost: FloatArray | None = None
    insertion_cost: FloatArray | None = None
    row_worth: FloatArray | None = None


class Session(Protocol):
    """A programme in a solver's hands."""

    def solve(
        self, *, whole: bool, gap: float, seconds: float, enough: float = np.inf, nodes: int = NO_LIMIT
    ) -> Answer: ...
    def limit(self, lower: FloatArray, upper: FloatArray) -> None: ...
    def set_floor(self, number: int, least: float) -> None: ...
    def set_effective(self, number: int, least: float) -> None: ...
    def count_whole(self, whole: BoolArray) -> None: ...
    def suggest(self, values: dict[int, float]) -> None: ...
    def add(self, cuts: Sequence[Cut]) -> None: ...


def open_session(programme: Programme, solver: SolverName) -> Session:
    """The programme, loaded into a solver."""
    return HighsSession(programme) if solver == "highs" else CbcSession(programme)


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
    lp: pulp.LpProblem, seconds: float, gap: float, exact: bool = False
) -> Literal["optimal", "feasible", "infeasible", "none"]:
    """Solve a programme that nothing is added to, with HiGHS; its variables hold the answer where there is one. exact:
    to the least tolerances that HiGHS takes."""
    highspy = load_highs()
    tolerances = {"primal_feasibility_tolerance": 1e-10, "mip_feasibility_tolerance": 1e-10} if exact else {}
    lp.solve(pulp.HiGHS(msg=False, threads=1, timeLimit=seconds, gapRel=gap, **tolerances))
    status, found = lp.solverModel.getModelStatus(), lp.solverModel.getInfo().primal_solution_status == 2
    lp.solverModel = None
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return "infeasible"
    if not found:
        return "none"
    return "optimal" if status == highspy.HighsModelStatus.kOptimal else "feasible"


class HighsSession:
    """HiGHS, alive: hot restarts after added tangents and changed bounds.

    plain: whole-number searches without heuristics, and without beginning anew when some numbers are settled. Where
    a good plan, or a worth to beat, is known beforehand, they end three to four times as soon.
    """

    def __init__(self, programme: Programme, plain: bool = False) -> None:
        self._highspy = load_highs()
        self.programme = programme
        loader = pulp.HiGHS(msg=False, threads=1)
        loader.createAndConfigureSolver(programme.lp)
        loader.buildSolverModel(programme.lp)
        self.highs: Any = programme.lp.solverModel
        programme.lp.solverModel = None  # PuLP cannot copy or pickle a problem that holds it
        self._set("mip_feasibility_tolerance", 1e-8)
        if plain:
            self._set("mip_allow_restart", False)
            self._set("mip_heuristic_effort", 0.0)
            for name in _HEURISTICS:
                self._set(f"mip_heuristic_run_{name}", False)
        self._set("primal_feasibility_tolerance", 1e-10)
        self._set("dual_feasibility_tolerance", 1e-9)
        # PuLP hands over what stands in a row or in the objective; anything else matters to nothing.
        self.columns = np.array([getattr(v, "index", -1) for v in programme.columns], dtype=np.int32)
        self.there = np.flatnonzero(self.columns >= 0)
        self.count_whole(programme.problem.system.whole)
        rows = list(programme.lp.constraints())
        self.floors = [i for i, row in enumerate(rows) if str(row.name).startswith("floor_")]
        self.effective = [i for i, row in enumerate(rows) if str(row.name).startswith("effective_")]
        self.increments = np.array([y.index for y in programme.y], dtype=np.int32)
        self.rule_rows = _rule_rows(programme)
        self.coefficients = programme.problem.system.matrix  # as HiGHS has them, of a simple problem

    def _set(self, option: str, value: float | bool | str) -> None:
        if self.highs.setOptionValue(option, value) != self._highspy.HighsStatus.kOk:
            raise SolverFailure(f"HiGHS does not take the option {option} = {value}.")

    def add(self, cuts: Sequence[Cut]) -> None:
        """Add rows to the live solver."""
        for cut in cuts:
            index = np.array([v.index for v, _ in cut.terms], dtype=np.int32)
            values = np.array([a for _, a in cut.terms], dtype=np.float64)
            self.highs.addRow(-self._highspy.kHighsInf, cut.most, len(index), index, values)

    def limit(self, lower: FloatArray, upper: FloatArray) -> None:
        """Set the bounds of columns (n_columns,), and of the increments that insertions are made of."""
        self._bounds(self.columns[self.there], lower[self.there], upper[self.there])
        n = len(self.programme.x)
        self._bounds(self.increments, *self.programme.increment_bounds(lower[:n], upper[:n]))

    def restate(self, problem: Problem) -> None:
        """A problem that differs from the programme's in bounds, in the numbers of its rows and in how much floors
        ask, both simple: nothing else is looked at. Tangents stay, for no curve depends on these."""
        system, scale = problem.system, self.programme.problem.system.scale
        coefficients = system.matrix * (system.scale / scale)[:, None]
        least, most = (side * system.scale / scale for side in (system.least, system.most))
        for row, at in self.rule_rows:
            self.highs.changeRowBounds(at, least[row], most[row])
            for j in np.flatnonzero(coefficients[row] != self.coefficients[row]):
                if self.columns[j] >= 0:
                    self.highs.changeCoeff(at, int(self.columns[j]), float(coefficients[row, j]))
        self.coefficients = coefficients
        for i, floor in enumerate(problem.floors):
            self.set_floor(i, floor.least / self.programme.floor_scale(floor))
        self.limit(system.lower, system.upper)

    def set_floor(self, number: int, least: float) -> None:
        """Set the right side of a floor's row, in the row's scale."""
        self.highs.changeRowBounds(self.floors[number], least, self._highspy.kHighsInf)

    def set_effective(self, number: int, least: float) -> None:
        """The same of a goal on n+ reach."""
        self.highs.changeRowBounds(self.effective[number], least, self._highspy.kHighsInf)

    def hold(self, coefficients: FloatArray, most: float) -> int:
        """Add a row over the problem's columns (n_columns,), at most `most`; its number, to let it go again."""
        used = self.there[coefficients[self.there] != 0]
        infinite = self._highspy.kHighsInf
        self.highs.addRow(-infinite, most, len(used), self.columns[used], coefficients[used].astype(float))
        return int(self.highs.getNumRow()) - 1

    def let_go(self, row: int) -> None:
        """A row that `hold` added no longer holds."""
        self.highs.changeRowBounds(row, -self._highspy.kHighsInf, self._highspy.kHighsInf)

    def set_costs(self, costs: FloatArray) -> None:
        """Minimise costs (n_columns,) of the problem's columns instead of what the programme was stated with, to
        the solver's own accuracy. Only for a programme without an objective of its own."""
        index = self.columns[self.there]
        if len(index):
            self.highs.changeColsCost(len(index), index, costs[self.there].astype(float))
        self._set("mip_abs_gap", 1e-9)
        self._set("mip_feasibility_tolerance", 1e-9)

    def _bounds(self, columns: "np.typing.NDArray[np.int32]", lower: FloatArray, upper: FloatArray) -> None:
        if len(columns):
            self.highs.changeColsBounds(len(columns), columns, lower.astype(float), upper.astype(float))

    def solve(
        self,
        *,
        whole: bool,
        gap: float,
        seconds: float,
        enough: float = np.inf,
        nodes: int = NO_LIMIT,
        above: float = -np.inf,
    ) -> Answer:
        """Best point within `gap` (relative), or any worth `enough`, or the best after so many nodes of the search
        tree; whole=False solves the relaxation. above: a search need not look at what is not worth more; where
        nothing is, it may say infeasible, and its bound is never less."""
        self._set_integrality(whole)
        self._set("mip_rel_gap", gap)
        self._set("objective_target", -enough / self.programme.unit)
        self._set("objective_bound", -above / self.programme.unit if whole else np.inf)
        self._set("mip_max_nodes", nodes)
        self._end = float(self.highs.getRunTime() + max(seconds, 0.01))
        self._set("time_limit", self._end)
        self._run()
        answer = self._read(whole)
        if not whole and answer.status == "none" and self.highs.getRunTime() < self._end:
            self.highs.clearSolver()  # a restart may stumble over the last basis
            self._run()
            answer = self._read(whole)
        return replace(answer, bound=max(answer.bound, above)) if whole else answer

    def count_whole(self, whole: BoolArray) -> None:
        """Which columns (n_columns,) a search takes as whole numbers."""
        self.whole = (whole[self.there]).astype(np.uint8) * int(self._highspy.HighsVarType.kInteger)
        self._relaxed: bool | None = None

    def suggest(self, values: dict[int, float]) -> None:
        """Numbers of some columns of the problem that belong to a known plan: the next search starts from it."""
        there = [(int(self.columns[i]), value) for i, value in values.items() if self.columns[i] >= 0]
        index = np.array([i for i, _ in there], dtype=np.int32)
        self.highs.setSolution(len(index), index, np.array([value for _, value in there]))

    def _set_integrality(self, whole: bool) -> None:
        if self._relaxed is not (not whole):
            kinds = self.whole if whole else np.zeros_like(self.whole)
            self.highs.changeColsIntegrality(len(kinds), self.columns[self.there], kinds)
            self._relaxed = not whole

    def _run(self) -> None:
        """Run in a thread of its own, so that Ctrl-C is heard while HiGHS works."""
        runner = threading.Thread(target=self.highs.run, daemon=True)
        runner.start()
        while runner.is_alive():
            runner.join(0.2)

    def _read(self, whole: bool) -> Answer:
        status, info, kinds = (
            self.highs.getModelStatus(),
            self.highs.getInfo(),
            self._highspy.HighsModelStatus,
        )
        if status in (kinds.kInfeasible, kinds.kObjectiveBound):
            return Answer("infeasible", -np.inf, None)
        if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            return self._unbounded_or_infeasible()
        finished = status == kinds.kOptimal
        # Unscaled, a finished relaxation may miss a row by more than the tolerance: rounding, and no less a bound.
        nearly = not whole and finished and info.max_primal_infeasibility <= _NEARLY
        feasible = info.primal_solution_status == 2 or nearly
        bound = self._bound(whole, finished, info)
        if not feasible:
            return Answer("none", bound, None)
        values = np.array(self.highs.getSolution().col_value)
        point = np.zeros(len(self.columns))
        point[self.there] = np.maximum(values[self.columns[self.there]], 0.0)
        if whole or not finished:
            return Answer("optimal" if finished else "feasible", bound, point)
        return Answer("optimal", bound, point, *self._reduced_costs(), self._row_worth())

    def _row_worth(self) -> FloatArray:
        """The programme minimises the negative worth, so a row's dual is what one more on its right side loses."""
        duals = np.array(self.highs.getSolution().row_dual) * self.programme.unit
        worth = np.zeros(len(self.programme.problem.system.rows))
        for row, at in self.rule_rows:
            worth[row] -= duals[at]
        return worth

    def _reduced_costs(self) -> tuple[FloatArray, FloatArray]:
        duals = np.array(self.highs.getSolution().col_dual) * self.programme.unit
        of_column = np.zeros(len(self.columns))
        of_column[self.there] = duals[self.columns[self.there]]
        return duals[self.increments], of_column[: len(self.programme.x)]

    def _bound(self, whole: bool, finished: bool, info: Any) -> float:
        if whole:
            lowest = float(info.mip_dual_bound)
            if finished and not np.isfinite(lowest):
                # Where all else than a suggested plan is pruned at the root, HiGHS 1.16 calls it optimal and states no
                # bound; it prunes what is not better than that plan by more than the gaps allowed.
                best = float(info.objective_function_value)
                allowed = (self.highs.getOptionValue(name)[1] for name in ("mip_rel_gap", "mip_abs_gap"))
                share, amount = (float(gap) for gap in allowed)
                lowest = best - max(share * abs(best), amount)
        elif finished:
            lowest = float(info.objective_function_value)
        else:
            return np.inf
        return -lowest * self.programme.unit if np.isfinite(lowest) else np.inf

    def _unbounded_or_infeasible(self) -> Answer:
        self._set("presolve", "off")
        self._run()
        self._set("presolve", "choose")
        if self.highs.getModelStatus() == self._highspy.HighsModelStatus.kInfeasible:
            return Answer("infeasible", -np.inf, None)
        raise UnboundedPlan("the programme has no finite best plan; this is a fault of ours.")


def _rule_rows(programme: Programme) -> list[tuple[int, int]]:
    """Rows of the problem's system and where HiGHS has them; a row with two limits is there twice."""
    places = {row.name: at for at, row in enumerate(programme.lp.constraints())}
    rows = range(len(programme.problem.system.rows))
    names = ((row, f"rule_{row}_{side}") for row in rows for side in ("most", "least", "equal"))
    return [(row, places[name]) for row, name in names if name in places]


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
