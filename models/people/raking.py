"""Iterative proportional fitting: the table of segments with the margins that traits, overlaps and types state.

Deming and Stephan (1940), On a least squares adjustment of a sampled frequency table when the expected marginal totals
are known, Annals of Mathematical Statistics 11, 427-444; it has maximum entropy among the tables with these margins
(Ireland and Kullback 1968, Contingency tables with given marginals, Biometrika 55, 179-188).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.errors import InvalidInput
from models.people.traits import Traits

_RAKING_TOLERANCE = 1e-11
# Rounds: after the first raking may be creeping towards empty segments.
_QUICK, _USUAL, _MOST = 500, 3_000, 20_000
_NOBODY = 1e-7  # share of the universe that a solver may find where there is nobody
_AGREE = 1e-6  # of the universe: margins that miss by less contradict each other by rounding alone
_LEAST = 1e-9  # share of the universe that a cell of a joint table has at least


@dataclass(frozen=True, eq=False)
class JointShares:
    """Two bands of traits crossed, such as ages by audience types.

    rows, columns: traits exclusive of each other. share: (n_rows, n_columns) about of the universe: raked to the
    traits' own shares before it is used.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    share: FloatArray

    def within(self, rows: FloatArray, columns: FloatArray) -> FloatArray:
        """(n_rows + 1, n_columns + 1) the table with those who have none, raked to the shares of rows and columns."""
        table = np.zeros((len(rows) + 1, len(columns) + 1))
        table[:-1, :-1] = np.maximum(self.share, _LEAST)
        rest = columns - table[:-1, :-1].sum(axis=0)
        table[-1, :-1] = np.maximum(rest, _LEAST)
        table[:-1, -1] = np.maximum(rows - table[:-1, :-1].sum(axis=1), _LEAST)
        table[-1, -1] = _LEAST
        wanted = [np.append(own, _rest(own)) for own in (rows, columns)]
        for _ in range(_MOST):
            table *= (wanted[0] / np.maximum(table.sum(axis=1), 1e-300))[:, None]
            table *= wanted[1] / np.maximum(table.sum(axis=0), 1e-300)
            if np.abs(table.sum(axis=1) - wanted[0]).max() < _RAKING_TOLERANCE / 10:
                break
        return table


@dataclass(frozen=True, eq=False)
class _Partition:
    """Segments in classes, and the share of the universe in each. of: (n_segments,) class. targets: (n_classes,)."""

    of: IntArray
    targets: FloatArray

    def margins(self) -> FloatArray:
        """(n_classes, n_segments) 1 where the segment is of the class."""
        return np.asarray(self.of == np.arange(len(self.targets))[:, None], dtype=float)


def raked(
    has: BoolArray,
    traits: Traits,
    overlaps: Sequence[tuple[str, str, float]],
    joints: Sequence[JointShares] = (),
) -> FloatArray:
    """Maximum-entropy table (n_segments,) with the stated margins: each a partition of the segments and its shares."""
    partitions = [
        *(_of_dimension(has, traits, members) for members in traits.dimensions()),
        *(_of_overlap(has, traits, overlap) for overlap in overlaps),
        *(_of_joint(has, traits, joint) for joint in joints),
    ]
    table, worst = _raked(partitions, len(has))
    if worst < _AGREE:
        return table
    named = {name for a, b, _ in overlaps for name in (a, b)}
    named.update(*(joint.rows for joint in joints))
    raise InvalidInput(
        f"the trait shares and overlaps contradict each other (they miss by {worst:.2%} at best); check the overlaps "
        f"of {', '.join(sorted(named))}.",
        tuple(sorted(named)),
    )


def _raked(partitions: Sequence[_Partition], n_segments: int) -> tuple[FloatArray, float]:
    """The table, and the worst margin left: where raking creeps, of those segments that can hold anybody."""
    table, worst = _scale(np.full(n_segments, 1 / n_segments), partitions, _QUICK)
    if worst >= _RAKING_TOLERANCE:
        left = _not_left_empty(partitions, n_segments)
        table, worst = _scale(table if left is None else left, partitions, _USUAL)
    return (table, worst) if worst < _AGREE else _scale(table, partitions, _MOST)


def _not_left_empty(partitions: Sequence[_Partition], n_segments: int) -> FloatArray | None:
    """(n_segments,) 1 for each that the margins leave anybody, else 0; None where no table has these margins.

    Margins may leave segments empty without saying so (three overlaps can): raking alone would only creep towards it.
    """
    from scipy import optimize

    margins = np.vstack([part.margins() for part in partitions])
    wanted = np.concatenate([part.targets for part in partitions])
    holds = np.zeros(n_segments, dtype=bool)
    while True:
        most = optimize.linprog(-(~holds).astype(float), A_eq=margins, b_eq=wanted)
        if most.status != 0 or most.x is None:
            return None
        more = ~holds & (most.x > _NOBODY)
        if not more.any():
            return holds.astype(float)
        holds |= more


def _of_dimension(has: BoolArray, traits: Traits, members: list[int]) -> _Partition:
    share = traits.share[members]
    return _Partition(_class_of(has, members), np.append(share, _rest(share)))


def _of_overlap(has: BoolArray, traits: Traits, overlap: tuple[str, str, float]) -> _Partition:
    """Neither of two traits, the second alone, the first alone, both."""
    (name_a, name_b, share), shares = overlap, traits.share
    i, j = traits.names.index(name_a), traits.names.index(name_b)
    only_a, only_b = float(shares[i]) - share, float(shares[j]) - share
    targets = np.array([1 - share - only_a - only_b, only_b, only_a, share])
    return _Partition(2 * has[:, i] + has[:, j], np.maximum(targets, 0.0))


def _rest(share: FloatArray) -> float:
    """Share of the universe outside a band; 0 where only rounding is left."""
    rest = 1 - float(share.sum())
    return rest if rest > 1e-9 else 0.0


def _class_of(has: BoolArray, members: list[int]) -> IntArray:
    """(n_segments,) which of the traits, exclusive of each other, a segment has; their number where none."""
    return np.where(has[:, members].any(axis=1), has[:, members].argmax(axis=1), len(members))


def _of_joint(has: BoolArray, traits: Traits, joint: JointShares) -> _Partition:
    rows, columns = ([traits.names.index(name) for name in names] for names in (joint.rows, joint.columns))
    table = joint.within(traits.share[rows], traits.share[columns])
    return _Partition(_class_of(has, rows) * (len(columns) + 1) + _class_of(has, columns), table.ravel())


def _scale(table: FloatArray, partitions: Sequence[_Partition], rounds: int) -> tuple[FloatArray, float]:
    """The table raked to its margins, and the worst margin left."""
    for _ in range(rounds):
        worst = 0.0
        for part in partitions:
            totals = np.bincount(part.of, table, len(part.targets))
            worst = max(worst, np.abs(totals - part.targets).max())
            factor = np.divide(part.targets, totals, out=np.zeros(len(totals)), where=totals > 0)
            table = table * factor[part.of]
        if worst < _RAKING_TOLERANCE:
            break
    return table, worst
