"""What a medium's product is multiplied by when one of its vehicles moves: P_j(x + step) / P_j(x), a power series in z
(models.reach.contacts). It depends on nothing else that is bought, so each is worked out once.

Where a vehicle is met for certain the quotient loses all digits. Nodes at which that may be are left as they are; where
more than next to nobody is at them a ratio is not used at all."""

from collections.abc import Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.polynomials import divided, multiplied
from models.reach.vehicle_terms import VehicleTerms

_MOST = 3e7  # numbers kept: 240 MB
_ROUNDING = 2e-16
_LOST = 1e-8  # of a chance: more than that may not be lost to rounding
_NOBODY = 1e-8  # of a segment's people: next to nobody
_UNKNOWN, _UNCLEAR = -1, -2  # places of ratios not worked out yet, and not used


class StepRatios:
    """Those of one medium m, whose vehicles are `vehicles`, the lines (units) of each. Every ratio is a row of a table
    (n, times * n_segments * n_g)."""

    def __init__(self, terms: VehicleTerms, m: int, vehicles: Sequence[IntArray]) -> None:
        self._terms, self._m = terms, m
        self._units = {int(line): own for own in vehicles for line in own}
        self._shared = [own for own in vehicles if len(own) > 1]
        nodes = terms.nodes
        self._there = np.abs(nodes.media[m].spread(nodes.weight[None])[0])  # share of people at each node
        self._begin()

    def _begin(self) -> None:
        self._rows: dict[tuple[int, ...], dict[tuple[int, float | bytes], IntArray]] = {}
        self.table, self._many = np.empty((0, self._terms.times * self._there.size)), 0

    def bought(self, lines: IntArray, insertions: FloatArray) -> BoolArray:
        """(n,) whether lines are of vehicles of which any unit is bought."""
        found = insertions > 0
        for own in self._shared:
            found[own] = found[own].any()
        return np.asarray(found[lines])

    def after(
        self, lines: IntArray, insertions: FloatArray, steps: Sequence[int], asked: BoolArray
    ) -> IntArray:
        """(n, n_steps) rows of the table, of the steps of lines (n,) that are asked (n, n_steps); below 0 where they
        are not, or a ratio is of no use."""
        if self.table.size > _MOST:
            self._begin()
        rows, unknown = self._rows.setdefault(tuple(steps), {}), np.full(len(steps), _UNKNOWN)
        states = self._states(lines, insertions)
        found = np.array([rows.get(state, unknown) for state in states], dtype=np.int64).reshape(asked.shape)
        for at, i in zip(*np.nonzero(asked & (found == _UNKNOWN)), strict=True):
            found[at, i] = self._made(int(lines[at]), insertions, steps[i])
            rows.setdefault(states[at], unknown.copy())[i] = found[at, i]
        return found

    def _states(self, lines: IntArray, insertions: FloatArray) -> list[tuple[int, float | bytes]]:
        """All that the ratios of lines (n,) depend on: what is bought of their vehicles."""
        if not self._shared:
            return list(zip(lines.tolist(), insertions[lines].tolist(), strict=True))
        return [(line, insertions[self._units[line]].tobytes()) for line in lines.tolist()]

    def _made(self, line: int, insertions: FloatArray, step: int) -> int:
        """The row of a ratio, worked out."""
        own = self._units[line]
        now = self._terms.whole(self._m, own, insertions[own])
        after = self._terms.whole(self._m, own, insertions[own] + step * (own == line))
        with np.errstate(all="ignore"):
            ratio = divided(after, now)
            unclear = ~(_ROUNDING * multiplied(now, np.abs(ratio)).sum(axis=0) < _LOST)
        if (self._there * unclear).sum(axis=1).max() > _NOBODY:
            return _UNCLEAR
        ratio[:, unclear] = 0.0
        ratio[0, unclear] = 1.0
        if self._many == len(self.table):
            more = np.empty((max(self._many, 16), self.table.shape[1]))
            self.table = np.vstack([self.table, more])
        self.table[self._many] = ratio.ravel()
        self._many += 1
        return self._many - 1
