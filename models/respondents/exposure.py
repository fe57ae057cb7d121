"""How a schedule meets respondents, exact under each respondent's own probabilities.

    missed  m_i = prod_j (1 - p_ij)^x_j = exp(-T_i),   T_i = sum_j l_ij x_j,   l_ij = -ln(1 - p_ij)
    reached R_i = 1 - m_i,                             worth(x) = sum_i worth_i R_i

`worth` may be any weight a respondent, so that one class serves value, the reach of an audience and floors. A contact
that is certain (p = 1) counts as one of 1 - 1e-12. Most respondents meet few vehicles, so only chances above 0 are
kept: work and memory grow with their number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy

from models.arrays import FloatArray, IntArray

CERTAIN = 1e-12  # chance of being missed that a certain contact leaves
_ROWS = 4096  # respondents made ready at once


@dataclass(frozen=True, eq=False)
class Exposure:
    """level: (n, n_vehicles) l_ij of one insertion, >= 0, a scipy.sparse matrix by rows, without stored zeros."""

    level: Any

    @property
    def size(self) -> int:
        """How many respondents."""
        return int(self.level.shape[0])

    @property
    def n_vehicles(self) -> int:
        return int(self.level.shape[1])

    @cached_property
    def columns(self) -> Any:
        """level by columns."""
        return self.level.tocsc()

    @cached_property
    def by_vehicle(self) -> Any:
        """level transposed, (n_vehicles, n), by rows: the same numbers in memory."""
        return self.columns.T

    @cached_property
    def chance(self) -> Any:
        """(n_vehicles, n) p_ij."""
        return self._with(self.by_vehicle, lambda level: -np.expm1(-level))

    def total(self, insertions: FloatArray) -> FloatArray:
        """(n,) T of a schedule (n_vehicles,)."""
        return np.asarray(self.level @ insertions)

    def missed(self, insertions: FloatArray) -> FloatArray:
        """(n,) chance that a schedule meets the respondent not at all."""
        return np.asarray(np.exp(-self.total(insertions)))

    def reach(self, insertions: FloatArray) -> FloatArray:
        """(n,) chance that it meets him at least once."""
        return np.asarray(-np.expm1(-self.total(insertions)))

    def value(self, worth: FloatArray, insertions: FloatArray) -> float:
        """worth . R, worth (n,)."""
        return float(worth @ self.reach(insertions))

    # --- one insertion more, less, or another: weight = worth * missed, (n,) or (n, k) ---

    def gains(self, weight: FloatArray) -> FloatArray:
        """(n_vehicles,) or (n_vehicles, k) worth of one insertion more of each."""
        return np.asarray(self.chance @ weight)

    def losses(self, weight: FloatArray, vehicles: IntArray) -> FloatArray:
        """(k,) worth lost by one insertion less of each of `vehicles` (k,)."""
        rows = self._with(self.by_vehicle[vehicles], np.expm1)
        return np.asarray(rows @ weight)

    def without(self, weight: FloatArray, vehicles: IntArray, steps: IntArray) -> FloatArray:
        """(n, k) the weights where so many insertions (k,) less of each of `vehicles` (k,) are bought."""
        less: FloatArray = self.columns[:, vehicles].toarray()
        return np.asarray(weight[:, None] * np.exp(less * steps))

    @staticmethod
    def _with(matrix: Any, change: Callable[[FloatArray], FloatArray]) -> Any:
        """The same places with other numbers; 0 stays 0."""
        return type(matrix)((change(matrix.data), matrix.indices, matrix.indptr), matrix.shape)

    # --- portions ---

    def sample(self, size: int) -> tuple["Exposure", IntArray]:
        """So many respondents evenly spread over the file, and which."""
        chosen = np.unique(np.linspace(0, self.size - 1, min(size, self.size)).astype(np.int64))
        return (self if len(chosen) == self.size else Exposure(self.level[chosen])), chosen


def exposure_of(probability: Any) -> Exposure:
    """From the chance (n, n_vehicles), 0..1, that one insertion of a vehicle meets a respondent; an array, or a sparse
    matrix."""
    if not isinstance(probability, np.ndarray):
        return Exposure(Exposure._with(probability.tocsr(), _level))
    parts = (probability[at : at + _ROWS] for at in range(0, len(probability), _ROWS))
    rows = [scipy.sparse.csr_matrix(np.asarray(part, dtype=float)) for part in parts]
    return Exposure(scipy.sparse.vstack([Exposure._with(part, _level) for part in rows], format="csr"))


def _level(probability: FloatArray) -> FloatArray:
    return np.asarray(-np.log1p(-np.minimum(probability, 1 - CERTAIN)))


def contact_shares(probability: FloatArray, insertions: FloatArray, classes: int) -> FloatArray:
    """(n, classes) chance to be met exactly 0, 1, ..., classes - 2 times, and classes - 1 times or more.

    The Poisson-binomial distribution, by recursion over insertions (Howard 1972). probability: (n, n_vehicles). A part
    f of an insertion is one contact more with the chance 1 - (1 - p)^f, so that reach is the model's.

    >>> contact_shares(np.array([[0.5, 0.2]]), np.array([1.0, 1.0]), 3).round(6).tolist()
    [[0.4, 0.5, 0.1]]
    """
    found = np.zeros((len(probability), classes))
    found[:, 0] = 1.0
    for j in np.flatnonzero(insertions):
        p, whole = np.asarray(probability[:, j], dtype=float)[:, None], int(np.floor(insertions[j]))
        for _ in range(whole):
            found = _once_more(found, p)
        part = float(insertions[j]) - whole
        if part > 0:
            found = _once_more(found, 1 - (1 - p) ** part)
    return found


def _once_more(before: FloatArray, p: FloatArray) -> FloatArray:
    """The distribution after one more chance p (n, 1) of a contact; its last class takes what is more."""
    after = before * (1 - p)
    after[:, 1:] += before[:, :-1] * p
    after[:, -1] += before[:, -1] * p[:, 0]
    return after
