"""What is bought by the thousand is delivered as the flight goes: so much of it each week as the pattern says."""

import numpy as np

from models.arrays import FloatArray

_HALVINGS = 100  # of the interval in which the common factor lies


def delivered(
    amount: float, pattern: FloatArray, least: FloatArray, most: FloatArray, *, whole: bool
) -> FloatArray | None:
    """The amount by week (n_weeks,), in proportion to the pattern wherever a week's least and most allow it; None
    where the weeks that the pattern asks for do not hold it. whole: in whole units, the largest parts rounded up.

    >>> free = np.full(4, np.inf)
    >>> delivered(6000.0, np.full(4, 0.25), np.zeros(4), free, whole=True).tolist()
    [1500.0, 1500.0, 1500.0, 1500.0]
    >>> delivered(10.0, np.array([0.5, 0.3, 0.2, 0.0]), np.zeros(4), np.array([2.0, 9, 9, 9]), whole=True).tolist()
    [2.0, 5.0, 3.0, 0.0]
    """
    ceiling = np.where(pattern > 0, np.minimum(most, amount), least)
    if (least > most).any() or least.sum() > amount + 1e-9 or ceiling.sum() < amount - 1e-9:
        return None
    low, high = 0.0, amount / float(pattern[pattern > 0].min(initial=1.0)) + 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (
            (middle, high) if _clipped(middle, pattern, least, ceiling).sum() < amount else (low, middle)
        )
    weekly = _clipped(high, pattern, least, ceiling)
    return _rounded(weekly, amount, ceiling) if whole else weekly


def _clipped(factor: float, pattern: FloatArray, least: FloatArray, ceiling: FloatArray) -> FloatArray:
    return np.asarray(np.clip(factor * pattern, least, np.maximum(least, ceiling)))


def _rounded(weekly: FloatArray, amount: float, ceiling: FloatArray) -> FloatArray | None:
    """Whole units a week; those that rounding down leaves go to the weeks with the largest parts."""
    down = np.floor(weekly + 1e-6)
    left = round(amount - float(down.sum()))
    room = np.flatnonzero(down + 1 <= ceiling + 1e-9)
    up = room[np.argsort(-(weekly - down)[room], kind="stable")][:left]
    if len(up) < left:
        return None
    down[up] += 1
    return down
