"""The coefficients of a programme, as rows are added and terms change."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.arrays import FloatArray, IntArray

Index = NDArray[np.int32]
Terms = tuple[IntArray, IntArray, FloatArray]  # rows, columns, coefficients


def _none() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(eq=False)
class Matrix:
    """row, column, value: (n_terms,) row by row, but terms that came to their rows later stand where these came. ends:
    (n_rows,) where each row's own terms begin and end; later: where the others stand, by row and column."""

    row: IntArray = field(default_factory=_none)
    column: IntArray = field(default_factory=_none)
    value: FloatArray = field(default_factory=lambda: np.zeros(0))
    ends: list[tuple[int, int]] = field(default_factory=list)
    later: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, start: Index, column: Index, value: FloatArray) -> None:
        """Rows below those there are."""
        first = len(self.value)
        rows = np.repeat(np.arange(len(self.ends), len(self.ends) + len(start) - 1), np.diff(start))
        self.ends += zip((start[:-1] + first).tolist(), (start[1:] + first).tolist(), strict=True)
        self._append(rows, column.astype(np.int64), value)

    def _append(self, row: IntArray, column: IntArray, value: FloatArray) -> None:
        self.row, self.column = np.concatenate([self.row, row]), np.concatenate([self.column, column])
        self.value = np.concatenate([self.value, value])

    def change(self, terms: Terms) -> None:
        """Coefficients, whether they were there or not."""
        new: dict[tuple[int, int], float] = {}
        for i, j, a in zip(*(part.tolist() for part in terms), strict=True):
            place = self._place(i, j)
            if place is None:
                new[i, j] = a
            else:
                self.value[place] = a
        if new:
            self.later |= zip(new, range(len(self.value), len(self.value) + len(new)), strict=True)
            rows, columns = np.array(list(new)).T
            self._append(rows, columns, np.array(list(new.values()), dtype=float))

    def _place(self, row: int, column: int) -> int | None:
        first, end = self.ends[row]
        found = np.flatnonzero(self.column[first:end] == column)
        return first + int(found[0]) if len(found) else self.later.get((row, column))

    def by_row(self) -> tuple[Index, Index, FloatArray]:
        """Where the terms of each row begin, (n_rows + 1,), and their columns and coefficients in that order."""
        order = np.argsort(self.row, kind="stable") if self.later else slice(None)
        counts = np.bincount(self.row, minlength=len(self.ends))
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        return start, self.column[order].astype(np.int32), self.value[order]
