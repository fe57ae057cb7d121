"""A concave quadratic model over linear rules: one step of Newton's method, by HiGHS.

    least  cost . d + 1/2 x' H x     over the columns and rows of a programme

H is given over some of its columns, the others are linear.
"""

from typing import Any

import numpy as np

from models.arrays import FloatArray, IntArray
from models.programme.solvers.highs_quiet import load_highs
from models.programme.solvers.highs_run import handed_over
from models.programme.solvers.linear_programme import LinearProgramme


def quadratic_minimum(
    programme: LinearProgramme, cost: FloatArray, hessian: FloatArray, columns: IntArray, seconds: float
) -> FloatArray | None:
    """The point (n_columns,); None where HiGHS does not find it in time.

    cost: (n_columns,). hessian: (k, k) positive definite, of the columns (k,).
    """
    highspy = load_highs()
    solver: Any = highspy.Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "time_limit": seconds,
    }.items():
        solver.setOptionValue(option, value)
    model, linear = highspy.HighsModel(), handed_over(programme)
    linear.col_cost_ = cost
    model.lp_ = linear
    model.hessian_ = _hessian(highspy, programme.n_columns, hessian, columns)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value)


def _hessian(highspy: Any, n: int, hessian: FloatArray, columns: IntArray) -> Any:
    """The lower triangle, column by column."""
    found = highspy.HighsHessian()
    k = len(columns)
    order = np.argsort(columns)
    ordered, sorted_columns = hessian[np.ix_(order, order)], columns[order]
    column, row = np.triu_indices(k)
    starts = np.zeros(n + 1, dtype=np.int64)
    counts = np.zeros(n, dtype=np.int64)
    counts[sorted_columns] = np.arange(k, 0, -1)
    starts[1:] = np.cumsum(counts)
    found.dim_, found.format_ = n, highspy.HessianFormat.kTriangular
    found.start_, found.index_ = starts.astype(np.int32), sorted_columns[row].astype(np.int32)
    found.value_ = ordered[row, column]
    return found
