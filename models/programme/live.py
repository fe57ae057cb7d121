"""A statement in the hands of HiGHS, alive between solves: it goes on from its last basis, and every change of the
statement is told to it as it is made. Statuses are read from the solver, not from PuLP (which calls a time limit
"Optimal"), and values only where the solver says they are feasible.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.errors import SolverFailure, UnboundedPlan
from models.programme.session import Limits, Session, Solved
from models.programme.solver import load_highs
from models.programme.statement import Rows, Statement, Terms

_NEARLY = 1e-7  # of a row, in its own scale
_ROUGH, _EXACT = 1e-7, 1e-10  # tolerances of rows, scaled to 1, in a search and in a relaxation
_ABSOLUTE_GAP = 1e-6  # of the scaled objective: HiGHS's own default
_FINE_GAP = 2e-5  # a search for a smaller one keeps rows as exactly as a relaxation does
_EFFORT = 0.05  # of a search, that heuristics may take: HiGHS's own default
_HEURISTICS = ("feasibility_jump", "rins", "rens", "root_reduced_cost")


def open_live(statement: Statement, solver: str) -> Session:
    """A solver with a statement. PuLP, which knows where CBC is, is imported for CBC alone."""
    if solver == "highs":
        return LiveHighs(statement)
    from models.programme.live_cbc import LiveCbc

    return LiveCbc(statement)


class LiveHighs:
    """HiGHS, alive: hot restarts after added rows and changed numbers."""

    def __init__(self, statement: Statement) -> None:
        self._highspy = load_highs()
        self.statement = statement
        self.highs: Any = self._highspy.Highs()
        options: dict[str, float | bool | str] = {
            "output_flag": False, "threads": 1, "parallel": "off",
        }  # fmt: skip
        for option, value in options.items():
            self._set(option, value)
        self._load()
        self._relaxed: bool | None = True
        self._rough = False

    def _set(self, option: str, value: float | bool | str) -> None:
        if self.highs.setOptionValue(option, value) != self._highspy.HighsStatus.kOk:
            raise SolverFailure(f"HiGHS does not take the option {option} = {value}.")

    def _load(self) -> None:
        """Hand the statement over; no column is whole yet."""
        statement, lp = self.statement, self._highspy.HighsLp()
        rows = statement.rows
        shift = np.cumsum([0, *(int(each.start[-1]) for each in rows)])
        lp.num_col_, lp.num_row_ = statement.n_columns, statement.n_rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = statement.cost, statement.lower, statement.upper
        lp.row_lower_, lp.row_upper_ = statement.least, statement.most
        lp.a_matrix_.format_ = self._highspy.MatrixFormat.kRowwise
        starts = [each.start[:-1] + before for each, before in zip(rows, shift, strict=False)]
        lp.a_matrix_.start_ = np.concatenate([*starts, shift[-1:]]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([each.index for each in rows] or [np.zeros(0, dtype=np.int32)])
        lp.a_matrix_.value_ = np.concatenate([each.value for each in rows] or [np.zeros(0)])
        self.highs.passModel(lp)
        for (i, j), a in statement.changed.items():
            self.highs.changeCoeff(i, j, a)

    # --- changes ---

    def add_columns(
        self, names: Sequence[str], lower: FloatArray, upper: FloatArray, terms: Terms | None = None
    ) -> IntArray:
        """As Statement.add_columns."""
        added = self.statement.add_columns(names, lower, upper, terms)
        many, none = len(added), np.zeros(0)
        start, index, value = np.zeros(many, dtype=np.int32), np.zeros(0, dtype=np.int32), none
        if terms is not None:
            order = np.argsort(terms[1], kind="stable")
            counts = np.bincount(terms[1], minlength=many)
            start = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
            index, value = terms[0][order].astype(np.int32), terms[2][order].astype(float)
        self.highs.addCols(many, np.zeros(many), lower, upper, len(index), start, index, value)
        return added

    def add_rows(self, rows: Rows) -> IntArray:
        """As Statement.add_rows."""
        self.highs.addRows(
            len(rows), rows.least, rows.most, len(rows.index), rows.start[:-1], rows.index, rows.value
        )
        return self.statement.add_rows(rows)

    def set_column_bounds(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """As Statement.set_column_bounds."""
        changed = (self.statement.lower[columns] != lower) | (self.statement.upper[columns] != upper)
        columns, lower, upper = columns[changed], lower[changed], upper[changed]
        if len(columns):
            self.statement.set_column_bounds(columns, lower, upper)
            self.highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def set_row_bounds(self, rows: IntArray, least: FloatArray, most: FloatArray) -> None:
        """As Statement.set_row_bounds."""
        changed = (self.statement.least[rows] != least) | (self.statement.most[rows] != most)
        rows, least, most = rows[changed], least[changed], most[changed]
        if len(rows):
            self.statement.set_row_bounds(rows, least, most)
            self.highs.changeRowsBounds(len(rows), rows.astype(np.int32), least, most)

    def set_coefficients(self, terms: Terms) -> None:
        """As Statement.set_coefficients."""
        self.statement.set_coefficients(terms)
        for i, j, a in zip(*(part.tolist() for part in terms), strict=True):
            self.highs.changeCoeff(i, j, a)

    def set_costs(self, columns: IntArray, costs: FloatArray) -> None:
        """As Statement.set_costs."""
        self.statement.set_costs(columns, costs)
        self.highs.changeColsCost(len(columns), columns.astype(np.int32), costs.astype(float))

    def set_whole(self, columns: IntArray, whole: BoolArray) -> None:
        """As Statement.set_whole; told to the solver when it next searches."""
        self.statement.set_whole(columns, whole)
        self._relaxed = None

    def suggest(self, columns: IntArray, values: FloatArray) -> None:
        """Numbers of some columns that belong to a known plan: the next search starts from it."""
        self.highs.setSolution(len(columns), columns.astype(np.int32), values.astype(float))

    # --- solving ---

    def solve(self, whole: bool, limits: Limits) -> Solved:
        """Best point within the gap, or any that is enough, or the best after so many nodes of the search tree;
        whole=False solves the relaxation."""
        whole = whole and bool(self.statement.whole.any())
        self._set_integrality(whole)
        self._set("mip_rel_gap", limits.gap)
        self._set("objective_target", limits.enough)
        self._set("objective_bound", limits.above if whole else np.inf)
        self._set("mip_max_nodes", limits.nodes)
        # A relaxation's plan may be one of fractions itself; a search's is made whole and checked by the rules.
        self._rough = whole and limits.gap >= _FINE_GAP and not limits.exact
        self._set("mip_abs_gap", 10 * _EXACT if limits.exact else _ABSOLUTE_GAP)
        self._set("primal_feasibility_tolerance", _ROUGH if self._rough else _EXACT)
        self._set("dual_feasibility_tolerance", _ROUGH if self._rough else 10 * _EXACT)
        least = 10 * _EXACT if limits.exact else 100 * _EXACT
        self._set("mip_feasibility_tolerance", 10 * _ROUGH if self._rough else least)
        if whole:
            self._set_heuristics(np.isinf(limits.above))
        end = float(self.highs.getRunTime() + max(limits.seconds, 0.01))
        self._set("time_limit", end)
        basis = self.highs.getBasis() if whole else None
        self._run()
        solved = self._read(whole)
        if basis is not None and basis.valid:
            self.highs.setBasis(basis)  # a search leaves none for the next relaxation to go on from
        if not whole and solved.status == "none" and self.highs.getRunTime() < end:
            self.highs.clearSolver()  # a restart may stumble over the last basis
            self._run()
            solved = self._read(whole)
        return replace(solved, lowest=min(solved.lowest, limits.above)) if whole else solved

    def _set_heuristics(self, on: bool) -> None:
        """Without heuristics and restarts a search ends three to four times as soon where a worth to beat is known."""
        self._set("mip_allow_restart", on)
        self._set("mip_heuristic_effort", _EFFORT if on else 0.0)
        for name in _HEURISTICS:
            self._set(f"mip_heuristic_run_{name}", on)

    def _set_integrality(self, whole: bool) -> None:
        if self._relaxed is not (not whole):
            columns = np.arange(self.statement.n_columns, dtype=np.int32)
            kinds = self.statement.whole.astype(np.uint8) * int(self._highspy.HighsVarType.kInteger)
            self.highs.changeColsIntegrality(len(columns), columns, kinds if whole else np.zeros_like(kinds))
            self._relaxed = not whole

    def _run(self) -> None:
        """Run in a thread of its own, so that Ctrl-C is heard while HiGHS works."""
        runner = threading.Thread(target=self.highs.run, daemon=True)
        runner.start()
        while runner.is_alive():
            runner.join(0.2)

    def _read(self, whole: bool) -> Solved:
        status, info, kinds = (
            self.highs.getModelStatus(),
            self.highs.getInfo(),
            self._highspy.HighsModelStatus,
        )
        if status in (kinds.kInfeasible, kinds.kObjectiveBound):
            return Solved("infeasible", np.inf)
        if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            return self._unbounded_or_infeasible()
        finished = status == kinds.kOptimal
        # Unscaled, a finished relaxation may miss a row by more than the tolerance: rounding, and no less a bound.
        nearly = not whole and finished and info.max_primal_infeasibility <= _NEARLY
        lowest = self._lowest(whole, finished, info)
        if info.primal_solution_status != 2 and not nearly:
            return Solved("none", lowest)
        solution = self.highs.getSolution()
        values = np.maximum(np.array(solution.col_value), 0.0)
        if whole or not finished:
            return Solved("optimal" if finished else "feasible", lowest, values)
        return Solved("optimal", lowest, values, np.array(solution.col_dual), np.array(solution.row_dual))

    def _lowest(self, whole: bool, finished: bool, info: Any) -> float:
        if not whole:
            return float(info.objective_function_value) if finished else -np.inf
        lowest = float(info.mip_dual_bound)
        if finished and not np.isfinite(lowest):
            # Where all else than a suggested plan is pruned at the root, HiGHS 1.16 calls it optimal and states no
            # bound; it prunes what is not better than that plan by more than the gaps allowed.
            best = float(info.objective_function_value)
            allowed = (self.highs.getOptionValue(name)[1] for name in ("mip_rel_gap", "mip_abs_gap"))
            share, amount = (float(gap) for gap in allowed)
            lowest = best - max(share * abs(best), amount)
        slack = _ROUGH * abs(lowest) if self._rough else 0.0
        return lowest - slack if np.isfinite(lowest) else -np.inf

    def _unbounded_or_infeasible(self) -> Solved:
        self._set("presolve", "off")
        self._run()
        self._set("presolve", "choose")
        if self.highs.getModelStatus() == self._highspy.HighsModelStatus.kInfeasible:
            return Solved("infeasible", np.inf)
        raise UnboundedPlan("the programme has no finite best plan; this is a fault of ours.")
