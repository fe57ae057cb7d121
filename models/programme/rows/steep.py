"""Rows above reach where one insertion more meets nearly all of a segment, for plans of whole insertions.

At a plan of intensities S_m a tangent in the insertions' pieces (models.programme.rows.pieces) says

    R  <=  r + sum over media of w_m (S_m(y) - S_m),      w_m = R'(T) phi'_m(S_m)

An insertion that alone meets nearly everybody adds many times 1 to that. But a plan has all of it or nothing of it, and
nobody is reached more than once: with any such insertion a plan keeps a row that says at least `most`, the reach of all
that is on offer. So what an insertion adds is cut off there (as coefficients of whole columns are, Crowder, Johnson
and Padberg 1983):

    R  <=  c + sum of min(w rate, most - c) y,            c = r - sum of w_m S_m >= 0

Tangents of R alone say as much at the plan only where they are not too steep for a solver, and between plans far less:
a hundredth of an insertion that meets everybody would meet most.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.response import Response
from models.programme.rows.pieces import Pieces
from models.programme.solvers.linear_programme import SMALLEST, Editable, rows_below
from models.programme.solvers.matrix import Terms
from models.reach.gamma import reached, saturate

_STEEP = 1.01  # times what is left to be reached, that one insertion would add
_PASSED = 1e-6  # share of people by which a point must lie above a row that is stated for it


@dataclass(frozen=True, eq=False)
class _Stated:
    """rows, segment: (n,) where in the programme, whose. weight: (n, n_media) w. room: (n,) most of an insertion."""

    rows: IntArray
    segment: IntArray
    weight: FloatArray
    room: FloatArray

    def added(self, response: Response, pieces: Pieces) -> FloatArray:
        """(n, n_pieces) what one insertion of each piece adds."""
        per_unit = self.weight[:, response.medium[pieces.vehicle]] * pieces.rate[self.segment]
        return np.asarray(
            np.where(per_unit > 0, np.maximum(np.minimum(per_unit, self.room[:, None]), SMALLEST), 0.0)
        )


class SteepRows:
    """Those stated so far. r: (n_segments,) columns R; highest: (n_segments,) the most that each can be."""

    def __init__(self, response: Response, r: IntArray, highest: FloatArray) -> None:
        self._response, self._r, self._highest = response, r, highest
        self._stated: list[_Stated] = []
        self._known: set[bytes] = set()  # plans, and of which segments

    def cut(self, into: Editable, insertions: FloatArray, pieces: Pieces, y: IntArray) -> None:
        """State rows at a point's insertions (n_vehicles,), rounded down: of segments where some insertion is steep;
        where there are parts, of those that the point lies above."""
        whole = np.floor(insertions + _PASSED)
        tangent, begins = self._tangent(whole)
        per_unit = tangent.weight[:, self._response.medium[pieces.vehicle]] * pieces.rate
        wanted = per_unit.max(axis=1, initial=0.0) > _STEEP * tangent.room
        if not wanted.any():
            return
        added = tangent.added(self._response, pieces)
        if (insertions > whole + _PASSED).any():
            filled = np.clip(insertions[pieces.vehicle] - pieces.start, 0, pieces.length)
            wanted &= begins + added @ filled < self._levels(insertions)[2] - _PASSED
        key = np.packbits(wanted).tobytes() + whole.tobytes()
        if wanted.any() and key not in self._known:
            self._known.add(key)
            self._state(into, tangent, (begins, added), np.flatnonzero(wanted), y)

    def _levels(self, insertions: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Intensities (n_segments, n_media), their sum T and reach (n_segments,)."""
        intensity = self._response.medium_intensity(insertions)
        total = saturate(intensity, self._response.k_medium).sum(axis=1)
        return intensity, total, reached(total, self._response.k_person)

    def _tangent(self, whole: FloatArray) -> tuple[_Stated, FloatArray]:
        """Of every segment, at a plan (n_vehicles,); and c (n_segments,)."""
        intensity, total, reach = self._levels(whole)
        slope = (1 - reach) / (1 + total / self._response.k_person)
        weight = slope[:, None] / (1 + intensity / self._response.k_medium)
        begins = np.maximum(reach - (weight * intensity).sum(axis=1), 0.0)
        every = np.arange(len(reach))
        return _Stated(every, every, weight, np.maximum(self._highest - begins, 0.0)), begins

    def _state(
        self,
        into: Editable,
        tangent: _Stated,
        terms: tuple[FloatArray, FloatArray],
        own: IntArray,
        y: IntArray,
    ) -> None:
        """Rows of some segments. terms: c (n_segments,), and (n_segments, n_pieces) what insertions add."""
        begins, added = terms
        row, piece = np.nonzero(added[own])
        value = added[own][row, piece]
        rows = into.add_rows(rows_below(self._r[own], row, y[piece], value, begins[own], label="steep"))
        self._stated.append(_Stated(rows, own, tangent.weight[own], tangent.room[own]))

    def terms(self, made: Pieces) -> Terms:
        """Of new pieces in all rows stated: rows, pieces, coefficients."""
        found = [(np.zeros(0, dtype=np.int64),) * 2 + (np.zeros(0),)]
        for stated in self._stated:
            added = stated.added(self._response, made)
            row, piece = np.nonzero(added)
            found.append((stated.rows[row], piece, -added[row, piece]))
        row, piece, value = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return row, piece, value
