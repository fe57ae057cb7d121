"""Rows that hold pieces of insertions to what is bought at all, and to packages: implied by whole numbers, but far
tighter than x_j <= most b_j and x_j >= insertions z_p where those are relaxed."""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.rows.curves import Curves
from models.programme.solvers.linear_programme import Editable, rows_of

_NONE = np.zeros(0, dtype=np.int64)


class Links:
    """The pairs of columns that are linked so far. first: rows, y, vehicles and lengths of  y <= length b_j."""

    def __init__(self) -> None:
        self._linked: set[tuple[int, int]] = set()
        self.first: tuple[IntArray, IntArray, IntArray, IntArray] = (_NONE, _NONE, _NONE, _NONE)

    def state(self, into: Editable, problem: Problem, curves: Curves) -> None:
        """y <= length b_j, and y >= length z_p for the insertions that package p brings, where they are not there."""
        pieces, y = curves.pieces, curves.y
        columns = problem.columns
        own = np.flatnonzero(np.isin(pieces.vehicle, problem.counted))
        bought = columns.plan_size + pieces.vehicle[own]
        rows, new = self._add(into, y[own], bought, pieces.length[own], "first")
        own = own[new]
        made = (rows, y[own], pieces.vehicle[own], pieces.length[own])
        self.first = tuple(np.concatenate(both) for both in zip(self.first, made, strict=True))  # type: ignore[assignment]
        for p, held in enumerate(problem.tariff.in_packages):
            own = np.flatnonzero(pieces.start + pieces.length <= held[pieces.vehicle])
            self._add(into, y[own], np.full(len(own), columns.package(p)), pieces.length[own], "package")

    def _add(
        self, into: Editable, y: IntArray, other: IntArray, length: IntArray, name: str
    ) -> tuple[IntArray, IntArray]:
        """y <= length * other for what is bought at all, >= for packages: the rows, and which pairs are new."""
        pairs = list(zip(y.tolist(), other.tolist(), strict=True))
        new = np.array([i for i, pair in enumerate(pairs) if pair not in self._linked], dtype=np.int64)
        if not len(new):
            return _NONE, new
        y, other, length = y[new], other[new], length[new]
        self._linked |= {pairs[i] for i in new.tolist()}
        row, zero, infinite = np.arange(len(new)), np.zeros(len(new)), np.full(len(new), np.inf)
        least, most = (-infinite, zero) if name == "first" else (zero, infinite)
        terms: FloatArray = np.concatenate([np.ones(len(new)), -length.astype(float)])
        made = into.add_rows(
            rows_of(np.concatenate([row, row]), np.concatenate([y, other]), terms, least, most, label=name)
        )
        return made, new
