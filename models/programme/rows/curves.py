"""Reach in the programme: columns for what a plan builds up, and tangents above its curves.

    x_j  =  sum of y                                          pieces of insertions (models.programme.rows.pieces)
    S_cm <= sum of rate * y + sum of V                        intensity in a medium
    V_cv <= sum of rate * y,  tangents of f at its units' x_u     a vehicle of several units (models.reach.units)
    t_cm <= tangents of phi_km at S_cm
    R_c  <= tangents of 1 - (1 + T/k0)^(-k0) at T_c = sum_m t_cm

Tangents lie above their curves, so a programme's optimum is an upper bound on every plan, whichever tangents are
there. None of it depends on money, rules, weights or floors. S, V, t and H are scaled to at most 1.
The pieces of a unit are of the unit alone, so that a plan of one unit a vehicle is valued as sharply as ever.
"""

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.response import Response
from models.problem.unit_lines import UnitLines
from models.programme.rows.heard import Heard
from models.programme.rows.met_often import MetOften
from models.programme.rows.pieces import Pieces, first_pieces, joined, no_pieces, split
from models.programme.rows.steep import SteepRows
from models.programme.rows.tangents import FIRST_PARTS, Tangents
from models.programme.solvers.linear_programme import (
    SMALLEST,
    Editable,
    Rows,
    rows_below,
    rows_of,
    unit_columns,
)
from models.reach.gamma import ReachModel, reached, saturate

_NODES = 4e-9  # share by which models.reach.units may miss a vehicle's reference alone
_LARGEST = 1e7  # slope of a tangent: rows are kept to 1e-7; at 1e12 HiGHS calls false answers optimal, 1e15 it refuses


class Curves:
    """The columns of reach. r: (n_segments,) R; s, t: one a cell, a segment and a medium that reaches it, by their
    places in `segment` and `medium`; y: one a piece; heard, met: what is heard, and met several times, as far as it is
    asked for. whole: whether rows may hold for plans of whole insertions alone, as steep has them."""

    def __init__(
        self, into: Editable, model: ReachModel, response: Response, spacing: float, whole: bool
    ) -> None:
        self.response = response
        most = response.upper.astype(float)
        self.top_s = np.maximum(response.medium_intensity(most), 1e-9)
        self.top_t = saturate(self.top_s, response.k_medium)
        self.segment, self.medium = np.nonzero(self.top_s > 2e-9)
        used = self.top_s > 2e-9
        n_segments = len(self.top_s)
        # Where nothing reaches a segment no tangent holds its R.
        highest = np.where(used.any(axis=1), 1.0, reached(self.top_t.sum(axis=1), response.k_person))
        cells = [f"{c}_{m}" for c, m in zip(self.segment, self.medium, strict=True)]
        self.s = unit_columns(into, [f"S_{cell}" for cell in cells])
        self.t = unit_columns(into, [f"t_{cell}" for cell in cells])
        self.r = into.add_columns([f"R_{c}" for c in range(n_segments)], np.zeros(n_segments), highest)
        self.place = np.full(self.top_s.shape, -1)
        self.place[self.segment, self.medium] = np.arange(len(cells))
        self.tangents = Tangents(spacing)
        self.shared = None if response.lines is None else SharedVehicles(into, response, response.lines)
        lifted = whole and self.shared is None and n_segments > 0
        self.steep = SteepRows(response, self.r, highest) if lifted else None
        self.heard = Heard(self.r, self.top_t.sum(axis=1), response.k_person)
        self.met = MetOften(self.r, model, response)
        self.pieces = first_pieces(response) if n_segments else no_pieces(0)
        self.y = into.add_columns(_names(self.pieces), *self._within(self.pieces))
        self._state_pieces(into)

    # --- insertions and their intensity ---

    def _within(self, pieces: Pieces) -> tuple[FloatArray, FloatArray]:
        most = self.response.upper.astype(float)
        return pieces.bounds(np.zeros_like(most), most)

    def _state_pieces(self, into: Editable) -> None:
        """x_j = sum y, and S <= sum of rates."""
        offered = np.flatnonzero(self.response.upper > 0)
        if len(self.pieces):
            place = np.zeros(len(self.response.upper), dtype=np.int64)
            place[offered] = np.arange(len(offered))
            zero = np.zeros(len(offered))
            self.sums = into.add_rows(
                rows_of(
                    np.concatenate([np.arange(len(offered)), place[self.pieces.vehicle]]),
                    np.concatenate([offered, self.y]),
                    np.concatenate([-np.ones(len(offered)), np.ones(len(self.y))]),
                    zero, zero, tuple(f"insertions_{j}" for j in offered),
                )
            )  # fmt: skip
            self.sum_of = np.full(len(self.response.upper), -1)
            self.sum_of[offered] = self.sums
        if not len(self.s):
            self.rising = np.zeros(0, dtype=np.int64)
            return
        row, column, value, spare = self._rises(self.pieces, self.y)
        levels = self.s
        names = tuple(f"intensity_{c}_{m}" for c, m in zip(self.segment, self.medium, strict=True))
        if self.shared is not None:
            levels, names = np.concatenate([self.s, self.shared.v]), (*names, *self.shared.names)
            rows, columns, values = self.shared.into_media(self.place, self.top_s)
            row, column = np.concatenate([row, rows]), np.concatenate([column, columns])
            value = np.concatenate([value, values])
        self.rising = into.add_rows(rows_below(levels, row, column, value, spare, names))

    def _rises(self, pieces: Pieces, y: IntArray) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """Terms of the S rows, and the V rows behind them: cell, column, rate scaled; and (n_cells,) what is granted
        beside them: rates too small for a solver are granted in full, so that the bound stays a bound."""
        top, place, level = self.top_s, self.place, self.response.medium
        spare = np.zeros(len(self.s))
        if self.shared is not None:
            top = np.hstack([top, self.shared.top])
            place = np.hstack([place, np.where(self.shared.place >= 0, self.shared.place + len(self.s), -1)])
            of = self.shared.lines.units.of
            level = np.where(of >= 0, self.top_s.shape[1] + of, level)
            spare = np.zeros(len(self.s) + len(self.shared.v))
        own = level[pieces.vehicle]
        scaled = pieces.rate / top[:, own]
        cell = place[:, own]
        large, there = scaled > SMALLEST, cell >= 0
        small = np.where(there & ~large, scaled * pieces.length, 0.0)
        np.add.at(spare, cell[there & ~large], small[there & ~large])
        c, p = np.nonzero(large & there)
        return cell[c, p], y[p], scaled[c, p], spare

    # --- tangents ---

    def first_tangents(self, into: Editable) -> None:
        """State tangents at 0 and geometrically up to the largest level; one where the curve is a line."""
        for part in FIRST_PARTS:
            wanted = np.isfinite(self.response.k_medium) | (part == 0)
            self._touch(into, self.top_s * part, self.top_t.sum(axis=1) * part, wanted)
            if self.shared is not None and part > 0:
                self.shared.touch(into, self.response.upper * part)
        self.tangents.first = len(self.tangents)

    def cut(self, into: Editable, insertions: FloatArray) -> None:
        """State tangents at every level of a schedule (n_vehicles,) that is not 0 and whose curve is not a line."""
        insertions = np.minimum(insertions, self.response.upper)
        intensity, total = self._levels(insertions)
        self._touch(into, intensity, total, np.isfinite(self.response.k_medium) & (intensity > 0))
        if self.shared is not None:
            self.shared.touch(into, insertions)
        if self.steep is not None:
            self.steep.cut(into, insertions, self.pieces, self.y)

    def unneeded(self, lower: FloatArray, upper: FloatArray, relaxed: FloatArray) -> IntArray:
        """Rows of tangents that a search between insertions lower and upper (n_vehicles,) can do without; relaxed: the
        relaxation's own."""
        low, high, at = (
            self._flat(*self._levels(np.minimum(x, self.response.upper))) for x in (lower, upper, relaxed)
        )
        return self.tangents.unneeded(low, high, at)

    def _levels(self, insertions: FloatArray) -> tuple[FloatArray, FloatArray]:
        """S (n_segments, n_media) and T (n_segments,) of a schedule."""
        intensity = self.response.medium_intensity(insertions)
        return intensity, saturate(intensity, self.response.k_medium).sum(axis=1)

    def _flat(self, intensity: FloatArray, total: FloatArray) -> FloatArray:
        """(n_curves,) levels, in the order of curves: cells, then people."""
        return np.concatenate([intensity[self.segment, self.medium], total])

    def _touch(self, into: Editable, intensity: FloatArray, total: FloatArray, wanted: BoolArray) -> None:
        """State tangents at levels, of media where wanted; none too steep for a solver: a bound is one without."""
        reach = reached(total, self.response.k_person)
        stated = wanted & (self._slope(intensity) * self.top_s <= _LARGEST * self.top_t)
        cells = np.flatnonzero(stated[self.segment, self.medium])
        flat = self._slope_of_people(reach, total) * self.top_t.max(axis=1) <= _LARGEST
        used = np.flatnonzero((self.place >= 0).any(axis=1) & flat)
        levels = self._flat(intensity, total)
        cells = cells[self.tangents.fresh(cells, levels[cells])]
        used = used[self.tangents.fresh(len(self.s) + used, levels[len(self.s) + used])]
        for rows, curves in (
            (self._of_media(intensity, cells), cells),
            (self._of_people(reach, total, used), len(self.s) + used),
        ):
            if len(rows):
                self.tangents.add(into.add_rows(rows), curves, levels[curves])
        self.heard.cut(into, reach)

    def _slope(self, intensity: FloatArray) -> FloatArray:
        """(n_segments, n_media) of phi at levels."""
        return 1 / (1 + intensity / self.response.k_medium)

    def _slope_of_people(self, reach: FloatArray, total: FloatArray) -> FloatArray:
        """(n_segments,) of reach at levels of T."""
        return (1 - reach) / (1 + total / self.response.k_person)

    def _of_media(self, intensity: FloatArray, cell: IntArray) -> Rows:
        """t_cm - slope S_cm <= phi(s) - slope s, in scaled variables."""
        at = (self.segment[cell], self.medium[cell])
        s, k, top_s, top_t = intensity[at], self.response.k_medium[at], self.top_s[at], self.top_t[at]
        slope = self._slope(intensity)[at]
        most = (saturate(s, k) - slope * s) / top_t
        return rows_below(self.t[cell], np.arange(len(cell)), self.s[cell], slope * top_s / top_t, most)

    def _of_people(self, reach: FloatArray, total: FloatArray, used: IntArray) -> Rows:
        """R_c - slope * sum_m t_cm <= R(T) - slope T."""
        slope = self._slope_of_people(reach, total)
        row = np.full(len(reach), -1)
        row[used] = np.arange(len(used))
        cells = np.flatnonzero(row[self.segment] >= 0)
        segment, medium = self.segment[cells], self.medium[cells]
        value = slope[segment] * self.top_t[segment, medium]
        return rows_below(self.r[used], row[segment], self.t[cells], value, (reach - slope * total)[used])

    # --- exact where the relaxation is ---

    def refine(self, into: Editable, insertions: FloatArray) -> None:
        """Split stretches in which a schedule (n_vehicles,) ends, so that the programme is exact there."""
        gone, made = split(self.response, self.pieces, insertions)
        if made is None:
            return
        nothing = np.zeros(int(gone.sum()))
        into.set_column_bounds(self.y[gone], nothing, nothing)
        cell, place, value, spare = self._rises(made, np.arange(len(made)))
        terms = (
            np.concatenate([self.sum_of[made.vehicle], self.rising[cell]]),
            np.concatenate([np.arange(len(made)), place]),
            np.concatenate([np.ones(len(made)), -value]),
        )
        if self.steep is not None:
            row, piece, value = self.steep.terms(made)
            terms = (
                np.concatenate([terms[0], row]), np.concatenate([terms[1], piece]), np.concatenate([terms[2], value]),
            )  # fmt: skip
        y = into.add_columns(_names(made), *self._within(made), terms)
        if spare.any():
            now = into.programme.most[self.rising]
            into.set_row_bounds(self.rising, np.full(len(now), -np.inf), now + spare)
        self.pieces = joined([self.pieces.without(gone), made])
        self.y = np.concatenate([self.y[~gone], y])


class SharedVehicles:
    """Columns V of vehicles of several units, one a segment and vehicle that reaches it, scaled to at most 1.

    v: (n,) columns, of the segments and vehicles in `segment` and `vehicle`; place: (n_segments, n_shared) their
    places, -1 where there is none. top: (n_segments, n_shared) the intensity of the most insertions.
    """

    def __init__(self, into: Editable, response: Response, lines: UnitLines) -> None:
        self.lines = lines
        most, units = response.upper.astype(float), lines.units
        levels = [units.together(lines.first, lines.bend, most, place) for place in range(len(units.members))]
        self.top = np.maximum(np.stack(levels, axis=1), 1e-9)
        self.segment, self.vehicle = np.nonzero(self.top > 2e-9)
        self.place = np.full(self.top.shape, -1)
        self.place[self.segment, self.vehicle] = np.arange(len(self.segment))
        cells = [f"{c}_{v}" for c, v in zip(self.segment, self.vehicle, strict=True)]
        self.names = tuple(f"shared_{cell}" for cell in cells)
        self.v = unit_columns(into, [f"V_{cell}" for cell in cells])

    def into_media(self, place: IntArray, top_s: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
        """Terms of the S rows: row, column V, its intensity scaled. place: (n_segments, n_media) rows; top_s: their
        scale."""
        at = (self.segment, self.lines.medium[self.lines.heads[self.vehicle]])
        return place[at], self.v, self.top[self.segment, self.vehicle] / top_s[at]

    def touch(self, into: Editable, insertions: FloatArray) -> None:
        """State the tangents at a schedule (n_vehicles,), of vehicles that it buys in several units and whose curve is
        no line: V - sum of slope_u x_u <= f(x) - sum of slope_u x_u there."""
        for place, own in enumerate(self.lines.units.members):
            if (insertions[own] > 0).sum() > 1:
                cells = np.flatnonzero((self.vehicle == place) & (self.lines.bend[self.segment, own[0]] > 0))
                if len(cells):
                    into.add_rows(self._tangents(place, own, insertions[own], cells))

    def _tangents(self, place: int, own: IntArray, at: FloatArray, cells: IntArray) -> Rows:
        c, units = self.segment[cells], self.lines.units
        top = self.top[c, place]
        level, slope = units.level(place, at)[c], units.slope(place, at)[c]
        spare = level * (1 + _NODES) - slope @ at
        row = np.repeat(np.arange(len(cells)), len(own))
        value = (slope / top[:, None]).ravel()
        return rows_below(self.v[cells], row, np.tile(own, len(cells)), value, spare / top)


def _names(pieces: Pieces) -> list[str]:
    each = zip(pieces.vehicle.tolist(), pieces.start.tolist(), pieces.length.tolist(), strict=True)
    return [f"y_{j}_{k + 1}" if n == 1 else f"y_{j}_{k + 1}_to_{k + n}" for j, k, n in each]
