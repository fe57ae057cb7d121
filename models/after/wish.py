"""What is asked of a calendar, and how far one is from it."""

from dataclasses import dataclass, replace

import numpy as np

from models.after.delivery import delivered
from models.arrays import BoolArray, FloatArray
from models.rules.appearances import Spacing


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
