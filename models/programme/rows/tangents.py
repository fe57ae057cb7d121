"""The tangents stated so far: whose they are, where they touch, and which of them a search within bounds needs.

Within bounds a level of reach lies between two numbers. A tangent that touches its curve outside of them lies above the
next one outside, so a search needs only the nearest on each side, and those between: its bound is the same. Where very
many questions were asked, those between are thinned: the search has the first tangents, those made for this question
and the nearest to the relaxed plan. Its bound then holds as well, for any tangents do.
"""

from bisect import bisect_left

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray

FIRST_PARTS = (
    0.0,
    *np.geomspace(0.02, 1.0, 6),
)  # of the largest level, at which curves get their first tangents
_MANY = 30  # tangents a curve, from which on they are thinned
_NEAREST = 4  # that are kept on each side of the relaxed plan


class Tangents:
    """Their rows, curves (places in one numbering) and levels, and how many there were first and before this
    question. spacing: share of a level; nearer to a tangent there is another misses the curve by half its square."""

    def __init__(self, spacing: float = 0.0) -> None:
        self.spacing = spacing
        self._levels: dict[int, list[float]] = {}  # of each curve, rising
        self._parts: list[tuple[IntArray, IntArray, FloatArray]] = []
        self.first = self.earlier = self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: IntArray, curves: IntArray, levels: FloatArray) -> None:
        """New ones: their rows in the programme, whose they are, where they touch."""
        self._parts.append((rows, curves, levels))
        self._count += len(rows)

    def fresh(self, curves: IntArray, levels: FloatArray) -> BoolArray:
        """(n,) which levels of curves (n,) lie farther than the spacing from every tangent there is."""
        if not self.spacing:
            return np.ones(len(curves), dtype=bool)
        pairs = zip(curves.tolist(), levels.tolist(), strict=True)
        return np.array([self._far(self._levels.setdefault(c, []), level) for c, level in pairs], dtype=bool)

    def _far(self, known: list[float], level: float) -> bool:
        """Whether a level is far from those known; it is then one of them."""
        place = bisect_left(known, level)
        near = self.spacing * level
        if any(abs(other - level) <= near for other in known[max(place - 1, 0) : place + 1]):
            return False
        known.insert(place, level)
        return True

    def unneeded(self, low: FloatArray, high: FloatArray, at: FloatArray) -> IntArray:
        """Rows that a search does as well without. low, high: (n_curves,) between which levels lie; at: the relaxed
        plan's."""
        if not self._count:
            return np.zeros(0, dtype=np.int64)
        rows, curves, levels = self._joined()
        kept = _undominated(curves, levels, low, high)
        if self._count > _MANY * len(low):
            own = np.arange(self._count) >= self.earlier
            own[: self.first] = True
            kept &= own | _nearest(curves, levels, np.clip(at, low, high))
        return rows[~kept]

    def _joined(self) -> tuple[IntArray, IntArray, FloatArray]:
        if len(self._parts) > 1:
            rows, curves, levels = zip(*self._parts, strict=True)
            self._parts = [(np.concatenate(rows), np.concatenate(curves), np.concatenate(levels))]
        return self._parts[0]


def _undominated(curves: IntArray, levels: FloatArray, low: FloatArray, high: FloatArray) -> BoolArray:
    """(n_tangents,) those that touch between, and the nearest outside."""
    below, above = np.full(len(low), -np.inf), np.full(len(low), np.inf)
    under, over = levels <= low[curves], levels >= high[curves]
    np.maximum.at(below, curves[under], levels[under])
    np.minimum.at(above, curves[over], levels[over])
    return np.asarray((levels >= below[curves]) & (levels <= above[curves]))


def _nearest(curves: IntArray, levels: FloatArray, at: FloatArray) -> BoolArray:
    """(n_tangents,) the few nearest of each curve to a level, on each side."""
    kept = np.zeros(len(levels), dtype=bool)
    for side in (levels >= at[curves], levels < at[curves]):
        places = np.flatnonzero(side)
        far = np.abs(levels[places] - at[curves[places]])
        order = places[np.lexsort((far, curves[places]))]
        group = curves[order]
        rank = np.arange(len(order)) - np.searchsorted(group, group)
        kept[order[rank < _NEAREST]] = True
    return kept
