"""Roofs above what a schedule is worth to respondents: concave in the insertions, tight where it matters.

Curve: the worth itself, exact for fractions too.

Roof: lower, and no plan of whole insertions lies above it. For every level t >= 0, at all whole x,

    R <= 1 - exp(-t) (1 + t - sum_j psi_t(l_j) x_j),       psi_t(l) = l where l <= t, else 1 + t - exp(t - l).

Proof: with D = T - t the left side is 1 - exp(-t) exp(-D), so exp(-t) G(T) is what must be covered, G(T) = 1 + t -
exp(t - T). psi_t >= G, it is concave with psi_t(0) = 0 and so subadditive: sum psi_t(l_j) x_j >= psi_t(T) >= G(T). At
t = 0 it says R <= sum p x (Nemhauser and Wolsey 1978); where no l exceeds t it is the tangent at t. Lifting by
subadditive functions is Ahmed and Atamtuerk's (2011). The level that makes the right side least solves

    t = sum_j x_j min(l_j, t)                              (0 where sum_j x_j <= 1; T at whole x: there the roof is R)

and is increasing in x, so that with m_j = min(l_j, t), s = sum of x_j over l_j > t,

    slope_j = exp(-t) psi_t(l_j),     curvature = - exp(-t) m m' / (1 - s).

A second roof, where contacts are of about the same chance: stairs of height h, a = 1 - exp(-h), any whole k >= 0,

    R <= 1 - exp(-k h) (1 + k a - sum_j chi(l_j) x_j),     chi(q h + f) = q a + 1 - exp(-f),  0 <= f < h.

Proof: chi is subadditive (where f + f' >= h: exp(-f) + exp(-f') <= exp(-h) + exp(h - f - f'), for exp is convex), and
chi(T) >= 1 + k a - exp(k h - T), for n a >= exp(-f) (1 - exp(-n h)) at every whole n > -k - 1. The best k is the whole
part of sum chi x / a: the roof joins the worth at whole stairs by straight lines. h may be anything; the mean and the
largest level of what a respondent meets are tried. Both roofs are this module's own, in the manner of Ahmed and
Atamtuerk; arXiv 2511.17128 lifts to the same end.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from models.arrays import FloatArray, IntArray
from models.respondents.exposure import Exposure

_ABOVE = 1 + 1e-9  # rounding when levels are compared
_STEPS = 200
_LEAST = 1e-12
_ROUNDING = 1e-12
_BOUGHT = 1e-3  # insertions from which a vehicle's level is looked at
_STEEPEST = 20.0  # where curvature is cut off


@dataclass(frozen=True, eq=False)
class Tangent:
    """constant + slope . x >= worth . R at every plan; equal to `value` at the point it was made at."""

    value: float
    constant: float
    slope: FloatArray

    def at(self, insertions: FloatArray) -> float:
        """What it grants a schedule."""
        return self.constant + float(self.slope @ insertions)


class Above(Protocol):
    """A concave function above the worth of every plan."""

    def tangent(self, exposure: Exposure, worth: FloatArray, insertions: FloatArray) -> Tangent: ...
    def bend(self, exposure: Exposure, insertions: FloatArray) -> tuple[Any, FloatArray]: ...


class Curve:
    """The worth itself."""

    def tangent(self, exposure: Exposure, worth: FloatArray, insertions: FloatArray) -> Tangent:
        """Its tangent at a schedule (n_vehicles,)."""
        missed = exposure.missed(insertions)
        slope = np.asarray(exposure.by_vehicle @ (worth * missed))
        value = float(worth @ (1 - missed))
        return Tangent(value, value - float(slope @ insertions), slope)

    def bend(self, exposure: Exposure, insertions: FloatArray) -> tuple[Any, FloatArray]:
        """m (n, n_vehicles) and (n,) by which its curvature is minus sum worth_i weight_i m_i m_i'."""
        return exposure.level, exposure.missed(insertions)


@dataclass(frozen=True)
class Often(Curve):
    """Above who is met `times` times or more, F <= min(R, contacts / times): Markov's inequality, and no more than are
    reached at all. Loose, for F is not concave."""

    times: int

    def tangent(self, exposure: Exposure, worth: FloatArray, insertions: FloatArray) -> Tangent:
        """Of each respondent the lower of the two at a schedule (n_vehicles,)."""
        missed, contacts = exposure.missed(insertions), exposure.chance.T @ insertions
        few = contacts < self.times * (1 - missed)
        slope = np.asarray(exposure.by_vehicle @ np.where(few, 0.0, worth * missed))
        slope += exposure.chance @ np.where(few, worth, 0.0) / self.times
        value = float(worth @ np.where(few, contacts / self.times, 1 - missed))
        return Tangent(value, value - float(slope @ insertions), slope)


class Roof:
    """What whole plans cannot pass: of each respondent the lowest roof that is known."""

    def tangent(self, exposure: Exposure, worth: FloatArray, insertions: FloatArray) -> Tangent:
        """The sum of the lowest roofs at a schedule (n_vehicles,)."""
        sides = self._sides(exposure, insertions)
        weighed = sides.lifted * (worth * sides.steepness)[sides.row]
        slope = np.asarray(np.bincount(exposure.level.indices, weighed, exposure.n_vehicles), dtype=float)
        constant = float(worth @ sides.constant)
        return Tangent(constant + float(slope @ insertions), constant, slope)

    def by_group(
        self, exposure: Exposure, worth: FloatArray, insertions: FloatArray, group: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """(n_groups,) constants and (n_groups, n_vehicles) slopes of the same by group (n,) of respondents."""
        sides, n, groups = self._sides(exposure, insertions), exposure.n_vehicles, int(group.max()) + 1
        weighed = sides.lifted * (worth * sides.steepness)[sides.row]
        place = group[sides.row] * n + exposure.level.indices
        slopes = np.asarray(np.bincount(place, weighed, groups * n), dtype=float).reshape(groups, n)
        return np.asarray(np.bincount(group, worth * sides.constant, groups), dtype=float), slopes

    def bend(self, exposure: Exposure, insertions: FloatArray) -> tuple[Any, FloatArray]:
        """m (n, n_vehicles) and (n,) by which its curvature is minus sum worth_i weight_i m_i m_i', about."""
        sides = self._sides(exposure, insertions)
        return exposure._with(exposure.level, lambda _: sides.moves), sides.bend

    def _sides(self, exposure: Exposure, insertions: FloatArray) -> "_Sides":
        """The lowest of every respondent's roofs; levels between which stairs are cut are taken from what he meets."""
        level, row = exposure.level, np.repeat(np.arange(exposure.size), np.diff(exposure.level.indptr))
        x = insertions[level.indices]
        found = _lifted_at(levels(exposure, insertions), exposure, row, x)
        contact = level.data * x
        total = np.bincount(row, contact, exposure.size)
        mean = np.bincount(row, contact * level.data, exposure.size) / np.maximum(total, _LEAST)
        most = np.zeros(exposure.size)
        np.maximum.at(most, row, np.where(x > _BOUGHT, level.data, 0.0))
        for stair in (mean, most):
            found = found.lower(_stairs_of(stair, exposure, row, x))
        return found


@dataclass(frozen=True, eq=False)
class _Sides:
    """One side of a roof a respondent: constant + steepness * sum of lifted x. row: (n_terms,) whose each term is;
    lifted, moves: (n_terms,); value, constant, steepness, bend: (n,)."""

    row: IntArray
    value: FloatArray
    constant: FloatArray
    steepness: FloatArray
    lifted: FloatArray
    moves: FloatArray
    bend: FloatArray

    def lower(self, other: "_Sides") -> "_Sides":
        """Respondent by respondent the lower one."""
        theirs = other.value < self.value - _ROUNDING
        of_terms = theirs[self.row]
        pairs = ((self.lifted, other.lifted), (self.moves, other.moves))
        lifted, moves = (np.where(of_terms, b, a) for a, b in pairs)
        value, constant, steepness, bend = (
            np.where(theirs, getattr(other, name), getattr(self, name))
            for name in ("value", "constant", "steepness", "bend")
        )
        return _Sides(self.row, value, constant, steepness, lifted, moves, bend)


def _lifted_at(t: FloatArray, exposure: Exposure, row: IntArray, x: FloatArray) -> _Sides:
    """The first roof, at levels t (n,)."""
    level, n = exposure.level.data, exposure.size
    own = t[row]
    over = np.maximum(level - own, 0.0)
    lifted = np.where(over > 0, 1 + own - np.exp(-over), level)
    fading = np.exp(-t)
    value = 1 - fading * (1 + t - np.bincount(row, lifted * x, n))
    spare = 1 - np.bincount(row, np.where(level > own * _ABOVE, x, 0.0), n)
    bend = np.where(t > 0, fading / np.maximum(spare, 1 / _STEEPEST), 0.0)
    return _Sides(row, value, 1 - fading * (1 + t), fading, lifted, np.minimum(level, own), bend)


def _stairs_of(stair: FloatArray, exposure: Exposure, row: IntArray, x: FloatArray) -> _Sides:
    """The second roof, with stairs of these heights (n,)."""
    level, n = exposure.level.data, exposure.size
    height = np.maximum(stair, _LEAST)
    steps = np.floor(level / height[row] + _ROUNDING)
    rest = np.maximum(level - steps * height[row], 0.0)
    one = -np.expm1(-height)
    lifted = steps * one[row] - np.expm1(-rest)
    climbed = np.bincount(row, lifted * x, n)
    k = np.floor(climbed / one + _ROUNDING)
    fading = np.exp(-k * height)
    constant = 1 - fading * (k * one + 1)
    value = np.where(stair > 0, constant + fading * climbed, np.inf)
    return _Sides(row, value, constant, fading, lifted, lifted, fading)


def levels(exposure: Exposure, insertions: FloatArray) -> FloatArray:
    """(n,) the largest t = sum_j x_j min(l_j, t), by Newton's steps from above: the right side is concave and made of
    straight pieces, so they end after at most as many steps as it has pieces."""
    bought = np.flatnonzero(insertions > 0)
    own = exposure.columns[:, bought].tocsr()
    row = np.repeat(np.arange(exposure.size), np.diff(own.indptr))
    level, x = own.data, insertions[bought][own.indices]
    contact = level * x
    t = np.asarray(np.bincount(row, contact, exposure.size), dtype=float)
    moved = t > 0
    for _ in range(_STEPS):
        beyond = level > t[row] * _ABOVE
        share = np.bincount(row, np.where(beyond, x, 0.0), exposure.size)
        rest = np.bincount(row, np.where(beyond, 0.0, contact), exposure.size)
        new = np.where(share < 1, np.minimum(rest / np.maximum(1 - share, _LEAST), t), t)
        moved &= new < t * (2 - _ABOVE)
        t = np.where(moved, new, t)
        kept = moved[row]
        row, level, x, contact = row[kept], level[kept], x[kept], contact[kept]
        if not len(row):
            break
    return t
