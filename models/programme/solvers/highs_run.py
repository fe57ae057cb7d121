"""HiGHS itself: its options, its runs, and its answers. Statuses are read from the solver, not from PuLP (which calls a
time limit "Optimal"), and values only where the solver says they are feasible.
"""

import threading
from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.errors import SolverFailure, UnboundedPlan
from models.programme.solvers.highs_quiet import load_highs
from models.programme.solvers.linear_programme import LinearProgramme
from models.programme.solvers.solver import Limits, Solved

_NEARLY = 1e-7  # of a row, in its own scale
_ROUGH, _EXACT = 1e-7, 1e-10  # tolerances of rows, scaled to 1, in a search and in a relaxation
_ABSOLUTE_GAP = 1e-6  # of the scaled objective: HiGHS's own default
_FINE_GAP = 2e-5  # a search for a smaller one keeps rows as exactly as a relaxation does
_EFFORT = 0.05  # of a search, that its heuristic may take: HiGHS's own default
_FAILED = (
    "kNotset",
    "kLoadError",
    "kModelError",
    "kPresolveError",
    "kSolveError",
    "kPostsolveError",
    "kModelEmpty",
)
_HEURISTICS = ("feasibility_jump", "rens", "root_reduced_cost")


class HighsRun:
    """One solver, quiet and on one thread. rough: whether the search at hand keeps rows only roughly."""

    def __init__(self) -> None:
        self.highspy = load_highs()
        self.highs: Any = self.highspy.Highs()
        self.rough = False
        for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off")):
            self.set(option, value)
        self.set("small_matrix_value", 1e-12)  # the least: what is left out of a tangent lowers it
        # With restarts, and with other heuristics beside RINS, searches take about twice as long, for no better plans.
        for option in ("mip_allow_restart", *(f"mip_heuristic_run_{name}" for name in _HEURISTICS)):
            self.set(option, False)

    def set(self, option: str, value: float | bool | str) -> None:
        if self.highs.setOptionValue(option, value) != self.highspy.HighsStatus.kOk:
            raise SolverFailure(f"HiGHS does not take the option {option} = {value}.")

    def taken(self, status: Any) -> None:
        """Raises SolverFailure where HiGHS did not take what it was told: it would solve another programme."""
        if status == self.highspy.HighsStatus.kError:
            raise SolverFailure("HiGHS does not take the programme's numbers.")

    def limit(self, whole: bool, limits: Limits) -> float:
        """Set limits and tolerances for a search or a relaxation; when it has to end, on the solver's own clock. A
        search's limit counts from where it begins, a relaxation's from where the solver was made (HiGHS 1.15, 1.16)."""
        self.set("mip_rel_gap", limits.gap)
        self.set("objective_target", limits.enough)
        self.set("objective_bound", limits.above if whole else np.inf)
        self.set("mip_max_nodes", limits.nodes)
        self._set_tolerances(whole, limits)
        if whole:
            self._set_heuristic(limits.heuristics and np.isinf(limits.above))
        seconds = max(limits.seconds, 0.01)
        end = float(self.highs.getRunTime()) + seconds
        self.set("time_limit", seconds if whole else end)
        return end

    def _set_tolerances(self, whole: bool, limits: Limits) -> None:
        """A relaxation's plan may be one of fractions itself; a search's is made whole and checked by the rules."""
        self.rough = whole and limits.gap >= _FINE_GAP and not limits.exact
        self.set("mip_abs_gap", 10 * _EXACT if limits.exact else _ABSOLUTE_GAP)
        self.set("primal_feasibility_tolerance", _ROUGH if self.rough else _EXACT)
        self.set("dual_feasibility_tolerance", _ROUGH if self.rough else 10 * _EXACT)
        # Where reach is steep, a search that may miss a row by 1e-6 tightens bounds beyond what plans there need.
        self.set("mip_feasibility_tolerance", 10 * _EXACT if limits.exact else 100 * _EXACT)

    def _set_heuristic(self, on: bool) -> None:
        """Without one a search ends three to four times as soon where a worth to beat is known, and in half the time
        where its tree is small."""
        self.set("mip_heuristic_effort", _EFFORT if on else 0.0)
        self.set("mip_heuristic_run_rins", on)

    def solved(self, whole: bool) -> Solved:
        """Run, and read the answer of a search or (whole=False) a relaxation."""
        self._run()
        return self._read(whole)

    def _run(self) -> None:
        """Run in a thread of its own where this is the main one, so that Ctrl-C is heard while HiGHS works."""
        if threading.current_thread() is not threading.main_thread():
            self.highs.run()
            return
        runner = threading.Thread(target=self.highs.run, daemon=True)
        runner.start()
        while runner.is_alive():
            runner.join(0.2)

    def _read(self, whole: bool) -> Solved:
        status, info, kinds = (
            self.highs.getModelStatus(),
            self.highs.getInfo(),
            self.highspy.HighsModelStatus,
        )
        if status in (kinds.kInfeasible, kinds.kObjectiveBound):
            return Solved("infeasible", np.inf)
        if status in (kinds.kUnbounded, kinds.kUnboundedOrInfeasible):
            return self._unbounded_or_infeasible()
        if status in [getattr(kinds, name) for name in _FAILED]:
            return Solved("none", -np.inf)  # the bound that it states is no bound then
        finished = status == kinds.kOptimal
        # Unscaled, a finished relaxation may miss a row by more than the tolerance: rounding, and no less a bound.
        nearly = not whole and finished and info.max_primal_infeasibility <= _NEARLY
        lowest = self._lowest(whole, finished, info)
        if info.primal_solution_status != 2 and not nearly:
            return Solved("none", lowest)
        solution = self.highs.getSolution()
        values = np.maximum(np.array(solution.col_value), 0.0)
        duals = None if whole or not finished else np.array(solution.row_dual)
        return Solved("optimal" if finished else "feasible", lowest, values, duals=duals)

    def ray(self) -> FloatArray | None:
        """(n_rows,) duals that tell why a relaxation is infeasible, where it says so."""
        _, known, ray = self.highs.getDualRay()
        return np.array(ray) if known else None

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
        slack = _ROUGH * abs(lowest) if self.rough else 0.0
        return lowest - slack if np.isfinite(lowest) else -np.inf

    def _unbounded_or_infeasible(self) -> Solved:
        self.set("presolve", "off")
        self._run()
        self.set("presolve", "choose")
        if self.highs.getModelStatus() == self.highspy.HighsModelStatus.kInfeasible:
            return Solved("infeasible", np.inf)
        raise UnboundedPlan("the programme has no finite best plan; this is a fault of ours.")


def handed_over(programme: LinearProgramme) -> Any:
    """A programme as HiGHS takes it; no column is whole yet."""
    highspy = load_highs()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = programme.n_columns, programme.n_rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.cost, programme.lower, programme.upper
    lp.row_lower_, lp.row_upper_ = programme.least, programme.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = programme.matrix.by_row()
    return lp
