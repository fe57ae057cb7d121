"""What a plan is compared with: greedy alone, SciPy's SLSQP, and the same programme as one matrix for HiGHS."""

import time
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from models.problem import Problem
from models.programme import Programme
from models.reach import saturate
from models.response import Response
from models.solver import open_session

FloatArray = NDArray[np.float64]

SLSQP_VEHICLES = 100  # it factors dense matrices of all variables: minutes above this


def greedy_alone(problem: Problem) -> float | None:
    """Worth of buying, again and again, what adds most per money; None where the rules have no such start.

    On the exact value, with the shortcut that everybody uses: all next insertions valued at once.
    """
    system, model = problem.system, problem.model
    plan = system.lower.copy()
    if not system.feasible(plan):
        return None
    by_medium = model.by_medium(model.intensity(plan))
    media = model.audiences.medium
    while True:
        room = np.flatnonzero(plan < system.upper)
        room = room[system.allows((system.matrix @ plan)[:, None] + system.matrix[:, room])]
        if len(room) == 0:
            return problem.value(plan)
        step = model.intensity(plan[room] + 1, room) - model.intensity(plan[room], room)
        level = model.medium_level(by_medium)
        after = saturate(by_medium[:, media[room]] + step, model.k_medium[:, media[room]])
        total = level.sum(axis=1)[:, None] - level[:, media[room]] + after
        here = problem.objective.of_reach(model.person_level(level.sum(axis=1)))
        gain = problem.objective.of_reach(model.person_level(total)) - here
        rate = (gain + problem.objective.insertion_worth[room]) / problem.cost[room]
        best = int(np.argmax(rate))
        if rate[best] <= 0:
            return problem.value(plan)
        by_medium[:, media[room[best]]] += step[:, best]
        plan[room[best]] += 1


def slsqp_alone(problem: Problem) -> float | None:
    """Worth of SLSQP's fractional plan, from an even spread; scaled down to keep rows it misses slightly."""
    system = problem.system
    most, least = np.isfinite(system.most), np.isfinite(system.least)
    rows = np.vstack([-system.matrix[most], system.matrix[least]])
    right = np.concatenate([-system.most[most], system.least[least]])
    unit = max(problem.value(system.upper), 1e-9)
    spend = min(1.0, float(system.most[0] / (system.matrix[0] @ system.upper)))
    found = minimize(
        lambda x: -problem.value(np.clip(x, 0, system.upper)) / unit,
        np.maximum(system.upper * spend, system.lower),
        bounds=list(zip(system.lower, system.upper, strict=True)),
        constraints=[{"type": "ineq", "fun": lambda x: rows @ x - right, "jac": lambda _: rows}],
        method="SLSQP",
        options={"maxiter": 200, "ftol": 1e-10},
    )
    plan = np.clip(found.x, system.lower, system.upper)
    return problem.value(plan) if (rows @ plan >= right - 1e-6 * np.maximum(1, np.abs(right))).all() else None


def one_matrix(problem: Problem) -> dict[str, float]:
    """Seconds to state the first relaxation through PuLP and as one matrix, to solve each, and their bounds."""
    start = time.perf_counter()
    response = Response(problem.model, problem.system.upper, problem.objective.counts)
    programme = Programme(problem, response)
    stated = time.perf_counter()
    session = open_session(programme, "highs")
    loaded = time.perf_counter()
    answer = session.solve(whole=False, gap=0.0, seconds=300)
    solved = time.perf_counter()
    matrix = _Matrix(problem, response)
    built = time.perf_counter()
    bound = matrix.solve()
    return {
        "pulp": stated - start, "load": loaded - stated, "pulp solve": solved - loaded, "pulp bound": answer.bound,
        "matrix": built - solved, "matrix solve": time.perf_counter() - built, "matrix bound": bound,
    }  # fmt: skip


class _Matrix:
    """The programme of models/programme.py with its first tangents, stated with arrays alone.

    Columns: x, y, S, t, R (S and t by segment, then medium; scaled to at most 1).
    """

    def __init__(self, problem: Problem, response: Response) -> None:
        system = problem.system
        n, cells = problem.n_vehicles, response.k_medium.size
        segments, media = response.k_medium.shape
        n_y = len(response.vehicle)
        s_top = np.maximum(response.medium_intensity(system.upper), 1e-9)
        t_top = saturate(s_top, response.k_medium)
        first_s, first_t, first_r = n + n_y, n + n_y + cells, n + n_y + 2 * cells
        self.width = first_r + segments
        blocks, lows, highs = [], [], []

        def add(rows: Any, low: FloatArray, high: FloatArray) -> None:
            blocks.append(rows)
            lows.append(low)
            highs.append(high)

        one = sparse.csr_matrix((np.ones(n_y), (response.vehicle, n + np.arange(n_y))), (n, self.width))
        x = sparse.csr_matrix((-np.ones(n), (np.arange(n), np.arange(n))), (n, self.width))
        add(one + x, np.zeros(n), np.zeros(n))
        column_medium = response.medium[response.vehicle]
        y_rows = np.arange(segments)[:, None] * media + column_medium[None, :]
        scaled = response.increments / s_top[:, column_medium]
        y_columns = np.broadcast_to(n + np.arange(n_y), y_rows.shape)
        increments = sparse.csr_matrix(
            (-scaled.ravel(), (y_rows.ravel(), y_columns.ravel())), (cells, self.width)
        )
        s = sparse.csr_matrix(
            (np.ones(cells), (np.arange(cells), first_s + np.arange(cells))), (cells, self.width)
        )
        add(increments + s, np.full(cells, -np.inf), np.zeros(cells))
        add(sparse.csr_matrix((system.matrix.ravel(), np.indices(system.matrix.shape).reshape(2, -1)),
                              (len(system.matrix), self.width)), system.least, system.most)  # fmt: skip
        k = response.k_medium
        for part in [0.0, *np.geomspace(0.02, 1.0, 6)]:
            level = s_top * part
            slope = 1 / (1 + level / k)
            value = saturate(level, k)
            cell = np.arange(cells)
            add(
                sparse.csr_matrix(
                    (np.concatenate([np.ones(cells), (-slope * s_top / t_top).ravel()]),
                     (np.tile(cell, 2), np.concatenate([first_t + cell, first_s + cell]))), (cells, self.width)),
                np.full(cells, -np.inf), ((value - slope * level) / t_top).ravel(),
            )  # fmt: skip
            total = t_top.sum(axis=1) * part
            reach = -np.expm1(-saturate(total, response.k_person))
            steep = (1 - reach) / (1 + total / response.k_person)
            row = np.arange(segments)
            add(
                sparse.csr_matrix(
                    (np.concatenate([np.ones(segments), (-steep[:, None] * t_top).ravel()]),
                     (np.concatenate([row, np.repeat(row, media)]),
                      np.concatenate([first_r + row, first_t + cell]))), (segments, self.width)),
                np.full(segments, -np.inf), reach - steep * total,
            )  # fmt: skip
        self.rows = sparse.vstack(blocks).tocsr()
        self.low, self.high = np.concatenate(lows), np.concatenate(highs)
        worth = problem.objective.segment_worth[response.segments]
        self.cost = np.zeros(self.width)
        self.cost[:n], self.cost[first_r:] = -problem.objective.insertion_worth, -worth
        self.unit = float(np.abs(self.cost).max())
        self.lower, self.upper = np.zeros(self.width), np.ones(self.width)
        self.lower[:n], self.upper[:n] = system.lower, system.upper

    def solve(self) -> float:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.width, self.rows.shape[0]
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost / self.unit, self.lower, self.upper
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = self.rows.indptr, self.rows.indices
        lp.a_matrix_.value_ = self.rows.data
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("primal_feasibility_tolerance", 1e-10)
        highs.setOptionValue("dual_feasibility_tolerance", 1e-9)
        highs.passModel(lp)
        highs.run()
        return -float(highs.getInfo().objective_function_value) * self.unit
