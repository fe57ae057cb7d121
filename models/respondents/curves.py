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
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from models.arrays import FloatArray
from models.respondents.exposure import Exposure

_ABOVE = 1 + 1e-9  # rounding when levels are compared
_STEPS = 200
_LEAST = 1e-12
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


class Roof:
    """What whole plans cannot pass."""

    def tangent(self, exposure: Exposure, worth: FloatArray, insertions: FloatArray) -> Tangent:
        """The sum of the lowest roofs at a schedule (n_vehicles,)."""
        t = levels(exposure, insertions)
        fading = worth * np.exp(-t)
        level = exposure.level
        own = np.repeat(t, np.diff(level.indptr))
        over = np.maximum(level.data - own, 0.0)
        lifted = np.where(over > 0, 1 + own - np.exp(-over), level.data)
        weighed = lifted * np.repeat(fading, np.diff(level.indptr))
        slope = np.asarray(np.bincount(level.indices, weighed, exposure.n_vehicles), dtype=float)
        constant = float(worth.sum() - fading @ (1 + t))
        return Tangent(constant + float(slope @ insertions), constant, slope)

    def bend(self, exposure: Exposure, insertions: FloatArray) -> tuple[Any, FloatArray]:
        """m (n, n_vehicles) and (n,) by which its curvature is minus sum worth_i weight_i m_i m_i'."""
        t, level = levels(exposure, insertions), exposure.level
        own = np.repeat(t, np.diff(level.indptr))
        beyond = np.where(level.data > own * _ABOVE, insertions[level.indices], 0.0)
        row = np.repeat(np.arange(exposure.size), np.diff(level.indptr))
        spare = 1 - np.bincount(row, beyond, exposure.size)
        weight = np.where(t > 0, np.exp(-t) / np.maximum(spare, 1 / _STEEPEST), 0.0)
        return exposure._with(level, lambda data: np.minimum(data, own)), weight


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
