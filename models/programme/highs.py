"""HiGHS, the solver that stays alive between solves; this module alone touches highspy.

Tangents are added to it, bounds of insertions and prices are changed in it, and it goes on from its last basis.
"""

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
import pulp

from models.arrays import BoolArray, FloatArray
from models.errors import SolverFailure, UnboundedPlan
from models.problem.problem import Problem
from models.programme.programme import Cut, Programme
from models.programme.session import NO_LIMIT, Answer

_NEARLY = 1e-7  # of a row, in its own scale
_HEURISTICS = ("feasibility_jump", "rins", "rens", "root_reduced_cost")


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


class HighsSession:
    """HiGHS, alive: hot restarts after added tangents and changed bounds.

    plain: whole-number searches without heuristics, and without beginning anew when some numbers are settled. Where
    a good plan, or a worth to beat, is known beforehand, they end three to four times as soon.
    """

    def __init__(self, programme: Programme, plain: bool = False) -> None:
        self._highspy = load_highs()
        self.programme = programme
        loader = pulp.HiGHS(msg=False, threads=1, parallel="off")
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
