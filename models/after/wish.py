"""What is asked of a calendar, and how far one is from it.

What is bought by the thousand is delivered as the flight goes: so much of it each week as the pattern says.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.rules.appearances import Spacing

_HALVINGS = 100  # of the interval in which the common factor lies


@dataclass(frozen=True, eq=False)
class Wish:
    """most: (n_vehicles, n_weeks) insertions, inf where only the whole flight limits them. pattern: (n_weeks,)
    share of the rating points, summing to 1. rating: (n_vehicles,) rating points of one insertion. least:
    (n_vehicles, n_weeks) insertions that must stand in their weeks; None: none. gap: most weeks in a row without an
    insertion; None: any. spacing: of vehicles whose units share their issues, or whose issues lie weeks apart.
    steady: (n_vehicles,) whether a vehicle is to be delivered as the pattern goes; None: none."""

    most: FloatArray
    pattern: FloatArray
    rating: FloatArray
    least: FloatArray | None = None
    gap: int | None = None
    spacing: tuple[Spacing, ...] = ()
    steady: BoolArray | None = None

    def delivering(self, insertions: FloatArray, *, whole: bool) -> "Wish":
        """The same, with the weeks of the steady vehicles settled, where they can be. insertions: (n_vehicles,)."""
        most, least = self.most.copy(), self.at_least.copy()
        for j in [] if self.steady is None else np.flatnonzero(self.steady & (insertions > 0)).tolist():
            weekly = delivered(float(insertions[j]), self.pattern, least[j], most[j], whole=whole)
            if weekly is not None:
                most[j] = least[j] = weekly
        return replace(self, most=most, least=least, steady=None)

    @property
    def at_least(self) -> FloatArray:
        """(n_vehicles, n_weeks) insertions."""
        return np.zeros_like(self.most) if self.least is None else self.least


def off_pattern(weekly: FloatArray, wish: Wish) -> float:
    """Share of all rating points that stand in other weeks than the pattern asks, 0..1.

    >>> wish = Wish(np.full((1, 2), np.inf), np.array([0.5, 0.5]), np.array([2.0]))
    >>> off_pattern(np.array([[3.0, 1.0]]), wish)
    0.25
    """
    points = wish.rating @ weekly
    total = float(points.sum())
    return float(np.abs(points - wish.pattern * total).sum()) / (2 * total) if total > 0 else 0.0


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
