"""The rules' rows where a plan is nothing but insertions, for many plans that differ by one purchase at once.

    activity = matrix x + first b + group y,    b_j = 1 where x_j > 0,    y_g = 1 where any vehicle of g is bought

So counts of what is bought and fixed costs follow from the insertions, and a smallest buy is a gap in the numbers that
may be bought: none, or at least so many. Nothing here asks a solver.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.rules.row import TOLERANCE, Private, Row


@dataclass(frozen=True, eq=False)
class InsertionRows:
    """lower <= x <= upper, x = 0 or x >= smallest, all (n_vehicles,); least <= activity <= most (n_rows,).

    matrix, first: (n_rows, n_vehicles) what each insertion counts, and what a vehicle counts once. group: (n_rows,
    n_groups) what a group counts once; members: (n_groups, n_vehicles). Rows are divided by their largest coefficient.
    places: (n_rows,) of the system's rows, -1 of a bound; the others only say what b and y mean.
    """

    lower: FloatArray
    upper: FloatArray
    smallest: FloatArray
    matrix: FloatArray
    first: FloatArray
    group: FloatArray
    members: IntArray
    least: FloatArray
    most: FloatArray
    tolerance: FloatArray
    places: IntArray

    @cached_property
    def counts_once(self) -> bool:
        """Whether a row counts that a vehicle is bought at all."""
        return bool(self.first.any() or self.group.any())

    def activity(self, insertions: FloatArray | IntArray) -> FloatArray:
        """(n_rows, ...) of plans (n_vehicles, ...)."""
        found = self.matrix @ insertions
        if self.counts_once:
            bought = insertions > 0
            found = found + self.first @ bought + self.group @ (self.members @ bought > 0)
        return np.asarray(found)

    def allows(self, activity: FloatArray) -> BoolArray:
        """Whether row activities (n_rows, ...) keep all limits."""
        shape = (-1,) + (1,) * (activity.ndim - 1)
        within = (activity <= (self.most + self.tolerance).reshape(shape)) & (
            activity >= (self.least - self.tolerance).reshape(shape)
        )
        return np.asarray(within.all(axis=0))

    def feasible(self, insertions: FloatArray | IntArray) -> bool:
        """Whether a plan (n_vehicles,) keeps bounds, smallest buys and rows."""
        inside = (insertions >= self.lower - 1e-9) & (insertions <= self.upper + 1e-9)
        inside &= (insertions <= 1e-9) | (insertions >= self.smallest - 1e-9)
        return bool(inside.all() and self.allows(self.activity(insertions)))

    def after(
        self, insertions: IntArray, activity: FloatArray, vehicles: IntArray, steps: IntArray | int
    ) -> FloatArray:
        """(n_rows, n) activities if each of `vehicles` alone moved by its step (n,), from a plan (n_vehicles,) and its
        activity (n_rows,)."""
        found = activity[:, None] + self.matrix[:, vehicles] * steps
        if not self.counts_once:
            return np.asarray(found)
        before, moved = insertions[vehicles], insertions[vehicles] + steps
        turned = np.where(before == 0, 1, 0) - np.where(moved == 0, 1, 0)  # bought now, or no more
        at = np.flatnonzero(turned)
        if len(at):
            found[:, at] += turned[at] * self._once(insertions, vehicles[at], turned[at])
        return np.asarray(found)

    def after_exchange(
        self,
        insertions: IntArray,
        activity: FloatArray,
        out: tuple[IntArray, IntArray],
        into: tuple[IntArray, IntArray],
    ) -> FloatArray:
        """(n_rows, n) activities after each exchange alone: a vehicle and its step (n,) out, another in."""
        found = activity[:, None] - self.matrix[:, out[0]] * out[1] + self.matrix[:, into[0]] * into[1]
        if not self.counts_once:
            return np.asarray(found)
        gone = insertions[out[0]] == out[1]
        come = insertions[into[0]] == 0
        found += self.first[:, into[0]] * come - self.first[:, out[0]] * gone
        if len(self.members):
            before = (self.members @ (insertions > 0))[:, None]
            after = before - self.members[:, out[0]] * gone + self.members[:, into[0]] * come
            found += self.group @ ((after > 0).astype(float) - (before > 0))
        return np.asarray(found)

    def _once(self, insertions: IntArray, vehicles: IntArray, turned: IntArray) -> FloatArray:
        """(n_rows, n) what it counts that each of `vehicles` alone is bought (1), or no longer bought (-1)."""
        found = self.first[:, vehicles]
        if len(self.members):
            bought = self.members @ (insertions > 0)
            alone = bought[:, None] == np.where(turned > 0, 0, 1)
            found = found + self.group @ (self.members[:, vehicles] * alone)
        return np.asarray(found)


def _without_smallest(
    n: int, rows: Sequence[Row], groups: dict[int, IntArray]
) -> tuple[list[tuple[Row, int]], FloatArray]:
    """The rows that say more than what follows from b_j, with their places, and (n,) the smallest buy that the others
    say."""
    smallest, kept = np.zeros(n), []
    for place, row in enumerate(rows):
        asked = _smallest(row, n)
        if asked is not None:
            smallest[int(row.columns[0])] = max(smallest[int(row.columns[0])], asked)
        elif not _follows(row, n, groups):
            kept.append((row, place))
    return kept, smallest


def insertion_rows(
    n: int,
    rows: Sequence[Row],
    private: Sequence[Private],
    bounds: tuple[FloatArray, FloatArray],
) -> InsertionRows | None:
    """From the rows of a problem's system whose plan is insertions (n_vehicles,), b_j in columns n to 2n.

    bounds: lower and upper (n_columns,). None where a column is a choice of its own.
    """
    if any(column.any_of is None for column in private) or any(row.sense == "=" for row in rows):
        return None
    groups = {column.column: column.any_of for column in private if column.any_of is not None}
    at = {column: place for place, column in enumerate(groups)}
    members = np.zeros((len(groups), n), dtype=np.int64)
    for column, any_of in groups.items():
        members[at[column], any_of] = 1
    kept, smallest = _without_smallest(n, rows, groups)
    kept += [(row, -1) for row in _bounds_of_bought(n, bounds)]
    lower, upper = bounds[0][:n], bounds[1][:n]
    upper = np.where(upper < smallest - 1e-9, np.minimum(upper, 0.0), upper)
    lower = np.where(lower > 0, np.maximum(lower, smallest), lower)
    return _as_rows(n, kept, members, at, (lower, upper, smallest))


def _smallest(row: Row, n: int) -> float | None:
    """x_j - s b_j >= 0: s."""
    if len(row.columns) != 2 or row.sense != ">=" or row.right != 0 or row.columns[1] != row.columns[0] + n:
        return None
    insertion, bought = (float(a) for a in row.coefficients)
    return -bought / insertion if insertion > 0 > bought else None


def _follows(row: Row, n: int, groups: dict[int, IntArray]) -> bool:
    """Whether a row only says what b or y mean: x_j <= most b_j, y >= b_j, y <= sum of b."""
    rest = row.columns[1:]
    if row.right != 0 or not len(rest) or row.coefficients[0] != 1 or (row.coefficients[1:] >= 0).any():
        return False
    first = int(row.columns[0])
    if first < n:
        return row.sense == "<=" and rest.tolist() == [first + n]
    of = set((groups.get(first, np.zeros(0, dtype=np.int64)) + n).tolist())
    bought = set(rest.tolist())
    known = (row.coefficients[1:] == -1).all() and first in groups
    return bool(known and (bought <= of if row.sense == ">=" else bought == of))


def _bounds_of_bought(n: int, bounds: tuple[FloatArray, FloatArray]) -> list[Row]:
    """Bounds of b and y that say something, as rows."""
    lower, upper = bounds
    found = []
    for column in np.flatnonzero((lower[n:] > 0) | (upper[n:] < 1)) + n:
        one, own = np.array([column]), np.ones(1)
        if lower[column] > 0:
            found.append(Row(one, own, ">=", float(lower[column])))
        if upper[column] < 1:
            found.append(Row(one, own, "<=", float(upper[column])))
    return found


def _as_rows(
    n: int,
    rows: Sequence[tuple[Row, int]],
    members: IntArray,
    at: dict[int, int],
    own: tuple[FloatArray, FloatArray, FloatArray],
) -> InsertionRows:
    matrix, first = np.zeros((len(rows), n)), np.zeros((len(rows), n))
    group = np.zeros((len(rows), len(members)))
    least, most, tolerance = np.full(len(rows), -np.inf), np.full(len(rows), np.inf), np.zeros(len(rows))
    for i, (row, _) in enumerate(rows):
        scale = row.scale
        for column, a in zip(row.columns.tolist(), (row.coefficients / scale).tolist(), strict=True):
            if column < n:
                matrix[i, column] += a
            elif column < 2 * n:
                first[i, column - n] += a
            else:
                group[i, at[column]] += a
        (most if row.sense == "<=" else least)[i] = row.right / scale
        tolerance[i] = TOLERANCE * max(1.0, abs(row.right / scale))
    places = np.array([place for _, place in rows], dtype=np.int64)
    return InsertionRows(*own, matrix, first, group, members, least, most, tolerance, places)
