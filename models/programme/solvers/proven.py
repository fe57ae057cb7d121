"""What a relaxation's least cost cannot be below, from a solver's duals, by arithmetic of our own.

    least  cost . x      least_i <= A x <= most_i,   lower <= x <= upper

Whatever numbers y are,  cost . x = y . A x + (cost - A'y) . x,  and each part is no less than where the sign of y_i, or
of the reduced cost, puts it: at the row's limit, or at the column's bound (Neumaier and Shcherbina 2004). So duals need
only be good for the bound to be sharp, not right for it to hold; what the sums may be rounded by is taken off. A bound
above 0 at no cost says that there is no x at all (Farkas 1902).
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.programme.solvers.linear_programme import LinearProgramme

_ROUNDING = 2.0**-52  # of a product or sum, twice what it can be off by
_PAIRWISE = 64  # roundings of numpy's sum of any length that fits in memory, at most
_SHIFTS = 4


@dataclass(frozen=True, eq=False)
class Proven:
    """lowest: no point costs less; minus infinite where the duals say nothing. duals: (n_rows,) those that it rests on,
    reduced: (n_columns,) costs beside them: a column one away from where its sign puts it costs that much more."""

    lowest: float
    reduced: FloatArray
    duals: FloatArray


def proven(programme: LinearProgramme, cost: FloatArray, duals: FloatArray) -> Proven:
    """What duals (n_rows,), as the cost rises, prove of a cost (n_columns,)."""
    for _ in range(_SHIFTS):
        found, short = _proven(programme, cost, duals)
        if not short.any():
            break
        duals = _shifted(programme, found.duals, short)
    return found


def _proven(programme: LinearProgramme, cost: FloatArray, duals: FloatArray) -> tuple[Proven, FloatArray]:
    """The same; and what the reduced costs of columns without an upper bound are short of being above 0, for sure."""
    lower, upper = programme.lower, programme.upper
    limit = np.where(duals > 0, programme.least, programme.most)
    y = np.where(np.isfinite(limit), duals, 0.0)
    matrix, many = programme.matrix, len(cost)
    terms = matrix.value * y[matrix.row]
    reduced = cost - np.bincount(matrix.column, terms, many)
    size = np.abs(cost) + np.bincount(matrix.column, np.abs(terms), many)
    error = _ROUNDING * (np.count_nonzero(y) + 2) * size
    at = np.where(reduced >= 0, lower, upper)
    far = np.where(np.abs(reduced) >= error, np.abs(at), np.maximum(np.abs(lower), np.abs(upper)))
    parts = np.concatenate([y[y != 0] * limit[y != 0], reduced * at, -error * far])
    lowest = float(parts.sum() - _PAIRWISE * _ROUNDING * np.abs(parts).sum())
    short = np.where(np.isinf(far), 2 * error - reduced, 0.0)
    return Proven(lowest if np.isfinite(lowest) else -np.inf, reduced, y), short


def _shifted(programme: LinearProgramme, duals: FloatArray, short: FloatArray) -> FloatArray:
    """Duals (n_rows,) that leave columns no longer short (n_columns,), each by the row that holds most of it; by one
    whose dual may rise and fall, where there is one."""
    row, column, value = programme.matrix.row, programme.matrix.column, programme.matrix.value
    up, down = np.isfinite(programme.least) | (duals < 0), np.isfinite(programme.most) | (duals > 0)
    places = np.flatnonzero((short[column] > 0) & ((value < 0) & up[row] | (value > 0) & down[row]))
    order = places[np.lexsort((np.abs(value[places]), (up & down)[row[places]]))]
    most = np.full(len(short), -1)
    most[column[order]] = order  # the last that is told stays
    most = most[most >= 0]
    shifted = duals.copy()
    np.subtract.at(shifted, row[most], short[column[most]] / value[most])
    return shifted


def is_infeasible(programme: LinearProgramme, ray: FloatArray | None) -> bool:
    """Whether bounds that cross, or a ray (n_rows,) of duals, prove that no point keeps rows and bounds."""
    if (programme.lower > programme.upper).any() or (programme.least > programme.most).any():
        return True
    return ray is not None and proven(programme, np.zeros(programme.n_columns), ray).lowest > 0
