"""The rows of rules, floors and goals, known by whose they are, so that another problem changes just their numbers."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.solvers.linear_programme import Editable, rows_of

_WORDS = {"<=": "most", ">=": "least", "=": "equal"}


@dataclass(frozen=True, eq=False)
class Keyed:
    """least <= sum of values * columns <= most. key: whose row it is, its first part the kind; scale: what it is
    divided by where it is stated first. word: ends its name."""

    key: tuple[Hashable, ...]
    columns: IntArray
    values: FloatArray
    least: float
    most: float
    scale: float
    word: str = ""


@dataclass(eq=False)
class _Stated:
    """Where a row stands, what it is divided by, its terms as they are there, and whose values these are."""

    place: int
    scale: float
    columns: IntArray
    values: FloatArray
    of: FloatArray


def rows_of_rules(problem: Problem) -> Iterator[Keyed]:
    """The rows of a problem's system, in their order. A rule's rows are known by its id and their number; those that
    hold columns together by their columns."""
    seen: Counter[tuple[Hashable, ...]] = Counter()
    for row, rule_id in zip(problem.system.rows, problem.system.rule_ids, strict=True):
        whose = (rule_id, row.sense) if rule_id else (row.columns.tobytes(), row.sense)
        seen[whose] += 1
        columns, values = row.summed
        yield Keyed(
            ("rule", *whose, seen[whose]), columns, values,
            -np.inf if row.sense == "<=" else row.right, np.inf if row.sense == ">=" else row.right,
            row.scale, _WORDS[row.sense],
        )  # fmt: skip


class KeyedRows:
    """The rows stated so far; those of no use to the problem stated now have no limits."""

    def __init__(self) -> None:
        self._stated: dict[tuple[Hashable, ...], _Stated] = {}
        self._numbers: Counter[Hashable] = Counter()

    def place(self, key: tuple[Hashable, ...]) -> tuple[int, float]:
        """Where a row stands, and what it is divided by."""
        stated = self._stated[key]
        return stated.place, stated.scale

    def places(self, keys: Sequence[tuple[Hashable, ...]]) -> tuple[IntArray, FloatArray]:
        """Where rows stand, and what they are divided by."""
        pairs = [self.place(key) for key in keys]
        return np.array([p for p, _ in pairs], dtype=np.int64), np.array([scale for _, scale in pairs])

    def restate(self, into: Editable, wanted: Sequence[Keyed]) -> None:
        """Change, add and let go rows until just those wanted hold."""
        self.add(into, [row for row in wanted if row.key not in self._stated])
        limits = {stated.place: (-np.inf, np.inf) for stated in self._stated.values()}
        terms: list[tuple[int, int, float]] = []
        for row in wanted:
            stated = self._stated[row.key]
            limits[stated.place] = (row.least / stated.scale, row.most / stated.scale)
            terms += _changed(stated, row)
        if terms:
            rows, columns, values = zip(*terms, strict=True)
            into.set_coefficients((np.array(rows), np.array(columns), np.array(values, dtype=float)))
        if limits:
            least, most = np.array(list(limits.values()), dtype=float).T
            into.set_row_bounds(np.array(list(limits), dtype=np.int64), least.copy(), most.copy())

    def add_or_recall(self, into: Editable, rows: Sequence[Keyed]) -> None:
        """State rows, those of which limits were let go with these limits."""
        self.add(into, [row for row in rows if row.key not in self._stated])
        known = [(self._stated[row.key], row) for row in rows]
        if known:
            into.set_row_bounds(
                np.array([stated.place for stated, _ in known], dtype=np.int64),
                np.array([row.least / stated.scale for stated, row in known]),
                np.array([row.most / stated.scale for stated, row in known]),
            )

    def add(self, into: Editable, new: Sequence[Keyed]) -> None:
        """State rows that are not there yet."""
        if not new:
            return
        counts = [len(row.columns) for row in new]
        places = into.add_rows(
            rows_of(
                np.repeat(np.arange(len(new)), counts),
                np.concatenate([row.columns for row in new]),
                np.concatenate([row.values / row.scale for row in new]),
                np.array([row.least / row.scale for row in new]), np.array([row.most / row.scale for row in new]),
                tuple(self._name(row) for row in new),
            )
        )  # fmt: skip
        for row, place in zip(new, places.tolist(), strict=True):
            self._stated[row.key] = _Stated(place, row.scale, row.columns, row.values / row.scale, row.values)

    def _name(self, row: Keyed) -> str:
        kind = row.key[0]
        number = self._numbers[kind]
        self._numbers[kind] += 1
        return f"{kind}_{number}{'_' if row.word else ''}{row.word}"


def _changed(stated: _Stated, row: Keyed) -> list[tuple[int, int, float]]:
    """Coefficients of a row that are other than they stand: its place, column, coefficient."""
    if row.values is stated.of and row.columns is stated.columns:
        return []
    values = row.values / stated.scale
    if len(row.columns) == len(stated.columns) and (row.columns == stated.columns).all():
        other = np.flatnonzero(values != stated.values)
        changes = [(stated.place, int(row.columns[i]), float(values[i])) for i in other]
    else:
        before = dict(zip(stated.columns.tolist(), stated.values.tolist(), strict=True))
        after = dict(zip(row.columns.tolist(), values.tolist(), strict=True))
        changes = [
            (stated.place, column, after.get(column, 0.0))
            for column in sorted(before.keys() | after.keys())
            if before.get(column, 0.0) != after.get(column, 0.0)
        ]
    stated.columns, stated.values, stated.of = row.columns, values, row.values
    return changes
