"""The rival that an engineer would write in an afternoon: the whole programme as one matrix, handed to HiGHS at once.

Columns x (insertions, and what rules choose besides, whole), y (increments), S, t (segment by medium) and R (segment),
the last three scaled to at most 1. Increments are exact, curves are tangents above them: `FIRST` of each, handed over
with everything else; the relaxation gets more at its own point until it lies on its curves, and the whole-number search
at its answers, until the exact worth of the best plan is within the gap of the search's bound. No PuLP, no moves,
nothing of models/search or models/programme: only the reach model and the rows of the rules.
"""

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.problem.problem import Problem, rounded
from models.reach.gamma import reached, saturate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FIRST = 16  # tangents of each curve, geometric up to the largest level
_RELAXATIONS, _SEARCHES = 30, 12
_ON_CURVES = 0.1  # of the gap: so near the relaxation lies on its curves
_SEARCH_GAP = 0.5  # of the gap: what the search is asked for, for tangents take the rest
_SMALLEST = 1e-9


@dataclass(frozen=True)
class OneMatrixPlan:
    """plan: (n_vehicles,) best found, None where none. value: its exact worth. bound: no plan is worth more. cpu,
    seconds: of the processor and by the clock. first_bound: of the first relaxation, before tangents are added."""

    plan: FloatArray | None
    value: float
    bound: float
    cpu: float
    seconds: float
    first_bound: float

    @property
    def gap(self) -> float:
        """(bound - value) / bound."""
        return (self.bound - self.value) / self.bound if self.plan is not None else np.inf


def plan_by_one_matrix(problem: Problem, gap: float = 1e-3, seconds: float = 300.0) -> OneMatrixPlan:
    """The plan of a problem of whole insertions with an objective of reach; floors on reach are rows of R."""
    cpu, start = time.process_time(), time.perf_counter()
    matrix = _Matrix(problem)
    end = start + seconds
    bound, first = _relaxed(matrix, gap, end)
    best, value = None, -np.inf
    for _ in range(_SEARCHES):
        if time.perf_counter() >= end or bound - value <= gap * abs(bound):
            break
        point, found = matrix.search(_SEARCH_GAP * gap, end - time.perf_counter())
        bound = min(bound, found)
        if point is None:
            break
        plan = rounded(problem, point)
        worth = problem.value(plan)
        if worth > value and not problem.broken(plan):
            best, value = plan, worth
        matrix.cut_at(problem.columns.insertions(plan))
    taken = time.process_time() - cpu, time.perf_counter() - start
    return OneMatrixPlan(best, value, max(bound, value), *taken, first)


def _relaxed(matrix: "_Matrix", gap: float, end: float) -> tuple[float, float]:
    """The bound of the relaxation with its tangents added, and that of the first."""
    first = bound = np.inf
    for round_ in range(_RELAXATIONS):
        point, bound = matrix.relax(end - time.perf_counter())
        first = bound if round_ == 0 else first
        if point is None or bound - matrix.worth(point) <= _ON_CURVES * gap * abs(bound):
            break
        matrix.cut_at(point[: matrix.problem.n_vehicles])
    return bound, first


class _Matrix:
    """The rows and the live solver."""

    def __init__(self, problem: Problem) -> None:
        self.problem, model = problem, problem.model
        upper = np.floor(problem.system.upper[: problem.n_vehicles] + 1e-9)
        self.vehicle = np.repeat(np.arange(problem.n_vehicles), upper.astype(np.int64))
        start = np.concatenate([[0], np.cumsum(upper.astype(np.int64))])
        number = np.arange(len(self.vehicle)) - start[self.vehicle]
        after = model.intensity(number + 1.0, self.vehicle)
        self.increments = after - model.intensity(number + 0.0, self.vehicle)
        self.medium = model.audiences.medium[self.vehicle]
        self.k_medium, self.k_person = model.k_medium, model.k_person
        self.segments, self.media = self.k_medium.shape
        self.s_top = np.maximum(model.by_medium(model.intensity(upper)), _SMALLEST)
        self.t_top = saturate(self.s_top, self.k_medium)
        n, cells = len(problem.system.upper), self.segments * self.media
        self.y, self.s = n, n + len(self.vehicle)
        self.t, self.r = self.s + cells, self.s + 2 * cells
        self.width = self.r + self.segments
        self.highs = self._handed_over()

    # --- the first statement ---

    def _handed_over(self) -> Any:
        rows, low, high = zip(*self._blocks(), strict=True)
        matrix = sparse.vstack(rows).tocsr()
        cost = np.zeros(self.width)
        objective, system, n = self.problem.objective, self.problem.system, self.y
        cost[: self.problem.n_vehicles] = -objective.insertion_worth
        cost[self.r :] = -objective.segment_worth
        self.unit = float(np.abs(cost).max())
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, matrix.shape[0]
        lower, upper = np.zeros(self.width), np.ones(self.width)
        whole = system.whole[:n]
        lower[:n] = np.where(whole, np.ceil(system.lower - 1e-9), system.lower)
        upper[:n] = np.where(whole, np.floor(system.upper + 1e-9), system.upper)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost / self.unit, lower, upper
        lp.row_lower_, lp.row_upper_ = np.concatenate(low), np.concatenate(high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
        lp.a_matrix_.value_ = matrix.data
        highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("parallel", "off")):
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        return highs

    def _blocks(self) -> list[tuple[Any, FloatArray, FloatArray]]:
        """x = sum y; S <= increments; the rules; the first tangents."""
        n, cells = self.problem.n_vehicles, self.segments * self.media
        ones = np.ones(len(self.vehicle))
        own = self._rows(n, self.vehicle, self.y + np.arange(len(self.vehicle)), ones)
        own = own - self._rows(n, np.arange(n), np.arange(n), np.ones(n))
        into = (np.arange(self.segments)[:, None] * self.media + self.medium[None, :]).ravel()
        column = np.tile(self.y + np.arange(len(self.vehicle)), self.segments)
        scaled = (self.increments / self.s_top[:, self.medium]).ravel()
        level = self._rows(cells, np.arange(cells), self.s + np.arange(cells), np.ones(cells))
        level = level - self._rows(cells, into, column, scaled)
        blocks = [
            (own, np.zeros(n), np.zeros(n)),
            (level, np.full(cells, -np.inf), np.zeros(cells)),
            *self._rules(),
            *self._floors(),
        ]
        for part in [0.0, *np.geomspace(0.01, 1.0, FIRST - 1)]:
            blocks.append(self._tangents(self.s_top * part, self.t_top.sum(axis=1) * part))
        return blocks

    def _rules(self) -> list[tuple[Any, FloatArray, FloatArray]]:
        """The rules' rows, each divided by its largest coefficient."""
        found = []
        for row in self.problem.system.rows:
            largest = float(np.abs(row.coefficients).max())
            own = self._rows(
                1, np.zeros(len(row.columns), dtype=np.int64), row.columns, row.coefficients / largest
            )
            right = np.full(1, row.right / largest)
            low = right if row.sense in (">=", "=") else np.full(1, -np.inf)
            found.append((own, low, right if row.sense in ("<=", "=") else np.full(1, np.inf)))
        return found

    def _floors(self) -> list[tuple[Any, FloatArray, FloatArray]]:
        """people . R + contacts . x >= least, of each floor on reach and cap on frequency."""
        n, found = self.problem.n_vehicles, []
        for floor in self.problem.floors:
            contacts = np.zeros(n) if floor.contacts is None else floor.contacts
            columns = np.concatenate([np.arange(n), self.r + np.arange(self.segments)])
            own = self._rows(
                1, np.zeros(len(columns), dtype=np.int64), columns, np.concatenate([contacts, floor.people])
            )
            found.append((own, np.full(1, floor.least), np.full(1, np.inf)))
        return found

    def _rows(self, count: int, row: IntArray, column: IntArray, value: FloatArray) -> Any:
        return sparse.csr_matrix((value, (row, column)), (count, self.width))

    def _tangents(self, intensity: FloatArray, total: FloatArray) -> tuple[Any, FloatArray, FloatArray]:
        """Of every medium's curve at S = intensity (segments, media) and every person's at T = total (segments,)."""
        cell, cells = np.arange(self.segments * self.media), self.segments * self.media
        slope = 1 / (1 + intensity / self.k_medium)
        right = (saturate(intensity, self.k_medium) - slope * intensity) / self.t_top
        medium = self._rows(cells, cell, self.t + cell, np.ones(cells))
        medium = medium - self._rows(cells, cell, self.s + cell, (slope * self.s_top / self.t_top).ravel())
        reach = reached(total, self.k_person)
        steep = (1 - reach) / (1 + total / self.k_person)
        person = self._rows(self.segments, np.arange(self.segments), self.r + np.arange(self.segments),
                            np.ones(self.segments))  # fmt: skip
        row = np.repeat(np.arange(self.segments), self.media)
        person = person - self._rows(self.segments, row, self.t + cell, (steep[:, None] * self.t_top).ravel())
        high = np.concatenate([right.ravel(), reach - steep * total])
        return sparse.vstack([medium, person]), np.full(len(high), -np.inf), high

    # --- solving ---

    def worth(self, point: FloatArray) -> float:
        """Exact worth of a point's insertions, parts interpolated between wholes."""
        n, system = self.problem.n_vehicles, self.problem.system
        plan = np.zeros(self.problem.columns.plan_size)
        plan[:n] = np.clip(point[:n], system.lower[:n], system.upper[:n])
        return self.problem.value(plan)

    def cut_at(self, plan: FloatArray) -> None:
        """Tangents of every curve at a plan (n_vehicles,)."""
        by_medium = self.problem.model.by_medium(self.problem.model.intensity(plan))
        total = saturate(by_medium, self.k_medium).sum(axis=1)
        rows, low, high = self._tangents(by_medium, total)
        rows = rows.tocsr()
        self.highs.addRows(
            len(low),
            low,
            high,
            rows.nnz,
            rows.indptr.astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data,
        )

    def relax(self, seconds: float) -> tuple[FloatArray | None, float]:
        """The relaxation's columns of the problem and bound."""
        return self._solve(highspy.HighsVarType.kContinuous, seconds)

    def search(self, gap: float, seconds: float) -> tuple[FloatArray | None, float]:
        """The whole-number search's columns of the problem and bound."""
        self.highs.setOptionValue("mip_rel_gap", gap)
        return self._solve(highspy.HighsVarType.kInteger, seconds)

    def _solve(self, kind: Any, seconds: float) -> tuple[FloatArray | None, float]:
        n = self.y
        continuous = int(highspy.HighsVarType.kContinuous)
        kinds = np.where(self.problem.system.whole[:n], int(kind), continuous).astype(np.uint8)
        self.highs.changeColsIntegrality(n, np.arange(n, dtype=np.int32), kinds)
        whole = kind == highspy.HighsVarType.kInteger
        before = 0.0 if whole else self.highs.getRunTime()  # a search's limit counts from where it begins
        self.highs.setOptionValue("time_limit", before + max(seconds, 0.01))
        self.highs.run()
        info = self.highs.getInfo()
        bound = info.mip_dual_bound if whole else info.objective_function_value
        if info.primal_solution_status != 2:
            return None, -float(bound) * self.unit if whole and np.isfinite(bound) else np.inf
        return np.array(self.highs.getSolution().col_value)[:n], -float(bound) * self.unit
