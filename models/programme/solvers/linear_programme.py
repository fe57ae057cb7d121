"""A linear programme as plain arrays: what a solver is handed, and what PuLP writes.

The arrays are the one statement of a programme; a live solver takes every change besides, and PuLP is told of it where
people, or CBC, shall read it. It minimises.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.programme.solvers.matrix import Index, Matrix, Terms

if TYPE_CHECKING:
    import pulp


SMALLEST = 1e-9  # coefficients below this are below the solvers' own threshold


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows  least <= sum of value * column <= most,  several at once.

    start: (n_rows + 1,) where each row's terms begin in index and value (n_terms,). names: of the rows; where there are
    none, the label is numbered.
    """

    least: FloatArray
    most: FloatArray
    start: Index
    index: Index
    value: FloatArray
    names: tuple[str, ...] = ()
    label: str = "row"

    def __len__(self) -> int:
        return len(self.least)


def rows_of(
    row: IntArray,
    column: IntArray,
    value: FloatArray,
    least: FloatArray,
    most: FloatArray,
    names: tuple[str, ...] = (),
    label: str = "row",
) -> Rows:
    """Rows from terms (n_terms,) in any order; row: which of the n_rows each belongs to."""
    order = np.argsort(row, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(least)))]).astype(np.int32)
    return Rows(least, most, start, column[order].astype(np.int32), value[order].astype(float), names, label)


def rows_below(
    left: IntArray,
    row: IntArray,
    column: IntArray,
    value: FloatArray,
    most: FloatArray,
    names: tuple[str, ...] = (),
    label: str = "tangent",
) -> Rows:
    """Rows  left <= most + sum of value * column,  one a column of `left` (n_rows,); row: which of them each term
    (n_terms,) belongs to."""
    many = len(left)
    terms = np.concatenate([left, column]), np.concatenate([np.ones(many), -value])
    return rows_of(np.concatenate([np.arange(many), row]), *terms, np.full(many, -np.inf), most, names, label)


def one_row(columns: IntArray, values: FloatArray, least: float, most: float, label: str) -> Rows:
    """A row  least <= sum of values * columns <= most."""
    row = np.zeros(len(columns), dtype=np.int64)
    return rows_of(row, columns, values, np.full(1, least), np.full(1, most), label=label)


class Editable(Protocol):
    """A linear programme, or a live one, which tells its solver of every change."""

    @property
    def programme(self) -> "LinearProgramme": ...
    def add_columns(
        self, names: Sequence[str], lower: FloatArray, upper: FloatArray, terms: Terms | None = None
    ) -> IntArray: ...
    def add_rows(self, rows: Rows) -> IntArray: ...
    def set_column_bounds(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None: ...
    def set_row_bounds(self, rows: IntArray, least: FloatArray, most: FloatArray) -> None: ...
    def set_coefficients(self, terms: Terms) -> None: ...
    def set_costs(self, columns: IntArray, costs: FloatArray) -> None: ...
    def set_whole(self, columns: IntArray, whole: BoolArray) -> None: ...


def unit_columns(into: Editable, names: Sequence[str]) -> IntArray:
    """New columns, 0 to 1."""
    return into.add_columns(names, np.zeros(len(names)), np.ones(len(names)))


@dataclass(eq=False)
class LinearProgramme:
    """A programme. names, lower, upper, cost, whole: of its columns. least, most: (n_rows,) limits of its rows, matrix:
    their coefficients, named: names and label of those added at once, and how many."""

    names: list[str] = field(default_factory=list)
    lower: FloatArray = field(default_factory=lambda: np.zeros(0))
    upper: FloatArray = field(default_factory=lambda: np.zeros(0))
    cost: FloatArray = field(default_factory=lambda: np.zeros(0))
    whole: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    least: FloatArray = field(default_factory=lambda: np.zeros(0))
    most: FloatArray = field(default_factory=lambda: np.zeros(0))
    matrix: Matrix = field(default_factory=Matrix)
    named: list[tuple[tuple[str, ...], str, int]] = field(default_factory=list)

    @property
    def n_columns(self) -> int:
        return len(self.lower)

    @property
    def n_rows(self) -> int:
        return len(self.least)

    @property
    def programme(self) -> "LinearProgramme":
        return self

    def add_columns(
        self, names: Sequence[str], lower: FloatArray, upper: FloatArray, terms: Terms | None = None
    ) -> IntArray:
        """New columns, not whole, of no cost; their indices. terms: in rows there are, columns counted from the first
        new one."""
        first, many = self.n_columns, len(names)
        self.names += names
        self.lower, self.upper = np.concatenate([self.lower, lower]), np.concatenate([self.upper, upper])
        self.cost = np.concatenate([self.cost, np.zeros(many)])
        self.whole = np.concatenate([self.whole, np.zeros(many, dtype=bool)])
        if terms is not None:
            self.set_coefficients((terms[0], terms[1] + first, terms[2]))
        return np.arange(first, first + many)

    def add_rows(self, rows: Rows) -> IntArray:
        """New rows; their indices."""
        first = self.n_rows
        self.matrix.add(rows.start, rows.index, rows.value)
        self.named.append((rows.names, rows.label, len(rows)))
        self.least = np.concatenate([self.least, rows.least])
        self.most = np.concatenate([self.most, rows.most])
        return np.arange(first, first + len(rows))

    def set_column_bounds(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """Change what columns may be."""
        self.lower[columns], self.upper[columns] = lower, upper

    def set_row_bounds(self, rows: IntArray, least: FloatArray, most: FloatArray) -> None:
        """Change the limits of rows."""
        self.least[rows], self.most[rows] = least, most

    def set_coefficients(self, terms: Terms) -> None:
        """Change coefficients, whether they were there or not."""
        self.matrix.change(terms)

    def set_costs(self, columns: IntArray, costs: FloatArray) -> None:
        """Change what is minimised."""
        self.cost[columns] = costs

    def set_whole(self, columns: IntArray, whole: BoolArray) -> None:
        """Change which columns a search takes as whole numbers."""
        self.whole[columns] = whole

    def to_pulp(self) -> "tuple[pulp.LpProblem, list[pulp.LpVariable]]":
        """The same in PuLP, and its variables, one a column."""
        import pulp

        lp = pulp.LpProblem("plan", pulp.LpMinimize)
        kinds = {True: pulp.LpInteger, False: pulp.LpContinuous}
        variables = [
            lp.add_variable(label, float(low), float(high) if np.isfinite(high) else None, kinds[bool(whole)])
            for label, low, high, whole in zip(
                told_apart(self.names), self.lower, self.upper, self.whole, strict=True
            )
        ]
        lp.setObjective(
            pulp.LpAffineExpression(
                [(v, float(a)) for v, a in zip(variables, self.cost, strict=True) if a != 0]
            )
        )
        names = told_apart(self.row_names())
        for label, pairs, *limits in zip(names, self._by_row(variables), self.least, self.most, strict=True):
            _add_row(lp, label, pulp.LpAffineExpression(pairs), *map(float, limits))
        return lp, variables

    def _by_row(self, variables: "Sequence[pulp.LpVariable]") -> "list[list[tuple[pulp.LpVariable, float]]]":
        """(n_rows,) the terms of each row, as they are now."""
        terms: list[list[tuple[pulp.LpVariable, float]]] = [[] for _ in range(self.n_rows)]
        matrix = self.matrix
        for i, j, a in zip(matrix.row.tolist(), matrix.column.tolist(), matrix.value.tolist(), strict=True):
            if a != 0:
                terms[i].append((variables[j], a))
        return terms

    def row_names(self) -> list[str]:
        """(n_rows,) those without a name are numbered through."""
        found: list[str] = []
        numbers: Counter[str] = Counter()
        for names, label, many in self.named:
            first = numbers[label]
            found += names or [f"{label}_{first + i}" for i in range(many)]
            numbers[label] += 0 if names else many
        return found


def _add_row(
    lp: "pulp.LpProblem", label: str, sum_: "pulp.LpAffineExpression", least: float, most: float
) -> None:
    """One row with a limit, or two with one each."""
    if least == most:
        lp.addConstraint(sum_ == most, label)
        return
    if np.isfinite(most):
        lp.addConstraint(sum_ <= most, label if not np.isfinite(least) else f"{label}_most")
    if np.isfinite(least):
        lp.addConstraint(sum_ >= least, label if not np.isfinite(most) else f"{label}_least")


def told_apart(names: Sequence[str]) -> list[str]:
    """Names, the second of a kind with ".2" and so on: PuLP and CBC know columns and rows by nothing else, and a piece
    that was split leaves a column of the name that one of its parts takes.

    >>> told_apart(["x", "y_1", "y_1"])
    ['x', 'y_1', 'y_1.2']
    """
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return found
