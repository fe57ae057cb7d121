"""Those met several times in the programme: columns, and what is necessary.

F_c  <= R_c,  n F_c <= sum_j rating_jc x_j      R: reach (models.programme.rows.curves)
"""

import numpy as np

from models.arrays import IntArray
from models.problem.response import Response
from models.programme.solvers.linear_programme import SMALLEST, Editable, rows_below, unit_columns
from models.reach.gamma import ReachModel


class MetOften:
    """What is stated so far, by times. r: (n_segments,) the columns R."""

    def __init__(self, r: IntArray, model: ReachModel, response: Response) -> None:
        self._r, self._model, self._response = r, model, response
        self._stated: dict[int, IntArray] = {}

    def columns(self, into: Editable, times: int) -> IntArray:
        """(n_segments,) the F of those met `times` times or more: at most the reach, at most contacts / times."""
        if times in self._stated:
            return self._stated[times]
        many, upper = len(self._r), self._response.upper
        row, zero, one = np.arange(many), np.zeros(many), np.ones(many)
        f = self._stated[times] = unit_columns(into, [f"F{times}_{c}" for c in range(many)])
        names = tuple(f"F{times}_reached_{c}" for c in range(many))
        into.add_rows(rows_below(f, row, self._r, one, zero, names))
        rating = self._model.audiences.contacts[self._response.segments] / times
        c, j = np.nonzero((rating > SMALLEST) & (upper > 0))
        small = (rating <= SMALLEST) * rating
        names = tuple(f"F{times}_contacts_{c}" for c in range(many))
        into.add_rows(rows_below(f, c, j, rating[c, j], small @ upper, names))
        return f
