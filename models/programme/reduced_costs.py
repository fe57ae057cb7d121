"""What a relaxation's reduced costs say of plans that it bounds (reduced-cost fixing, Nemhauser and Wolsey 1988).

A plan that buys k insertions of a vehicle is worth at most the relaxation's bound less what its reduced costs charge
for k, beside the number of insertions that they charge least for. So a plan worth more than so much can only buy
numbers that are charged less than what lies between.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.programme.rows.pieces import Pieces

_ROUNDING = 1e-7  # of the bound


@dataclass(frozen=True, eq=False)
class Charges:
    """bound: of the relaxation. lower, upper: (n_columns,) bounds it was solved within. each: per vehicle, (upper + 1,)
    what each number of insertions is charged, 0 for the cheapest, infinite where it cannot be; none where nothing is
    charged."""

    bound: float
    lower: FloatArray
    upper: FloatArray
    each: tuple[FloatArray, ...] = ()

    def of(self, insertions: FloatArray) -> FloatArray:
        """(n_vehicles,) what these numbers of insertions are charged."""
        if not self.each:
            return np.zeros(len(insertions))
        return np.array([charge[int(k)] for charge, k in zip(self.each, insertions, strict=True)])

    def possible(self, worth: float) -> tuple[FloatArray, FloatArray]:
        """Bounds of columns (n_columns,): fewest and most insertions of each vehicle in a plan worth more."""
        lower, upper = self.lower.copy(), self.upper.copy()
        room = self.bound - worth + _ROUNDING * abs(self.bound)
        for j, charge in enumerate(self.each):
            possible = np.flatnonzero(charge[int(lower[j]) :] <= room) + lower[j]
            if len(possible):
                lower[j], upper[j] = possible.min(), possible.max()
        return lower, upper


@dataclass(frozen=True, eq=False)
class Costs:
    """What a relaxation's plan loses by more of something, in worth, if it were forced in. piece: (n_pieces,) one more
    of each piece; insertion: (n_vehicles,) of each x_j; bought: (n_vehicles,) any of a vehicle at all, besides.
    smallest: (n_vehicles,) insertions of a vehicle are none, or at least so many; any_within: (n_vehicles,) each, least
    and most of whether any is bought (0 or 1), within which that was counted; None: any."""

    pieces: Pieces
    piece: FloatArray
    insertion: FloatArray
    bought: FloatArray
    smallest: FloatArray | None = None
    any_within: tuple[FloatArray, FloatArray] | None = None

    @property
    def first(self) -> FloatArray:
        """(n_vehicles,) of a vehicle's first insertion."""
        found, first = self.insertion + self.bought, self.pieces.start == 0
        found[self.pieces.vehicle[first]] += self.piece[first]
        return found

    def totals(self, upper: FloatArray) -> Iterator[FloatArray]:
        """Per vehicle, (upper + 1,) of each number of insertions up to the most (n_vehicles,); infinite where that
        cannot be."""
        pieces = self.pieces
        order = np.lexsort((pieces.start, pieces.vehicle))
        starts = np.searchsorted(pieces.vehicle[order], np.arange(len(self.insertion) + 1))
        for j, own in enumerate(self.insertion):
            places, most = order[starts[j] : starts[j + 1]], int(upper[j])
            by_piece = (
                np.repeat(self.piece[places], pieces.length[places])[:most] if len(places) else np.zeros(most)
            )
            total = np.concatenate([[0.0], np.cumsum(own + by_piece)])  # pieces fill in order
            total[1:] += self.bought[j]
            if self.smallest is not None:
                total[1 : int(np.ceil(self.smallest[j] - 1e-9))] = np.inf
            if self.any_within is not None:  # the bound has what must be paid, or cannot be, already
                total[:1] += np.inf if self.any_within[0][j] > 0.5 else 0.0
                total[1:] += np.inf if self.any_within[1][j] < 0.5 else 0.0
            yield total


def charges(bound: float, lower: FloatArray, upper: FloatArray, costs: Costs) -> Charges:
    """Of a relaxation within bounds (n_columns,)."""
    each = []
    for fewest, total in zip(lower, costs.totals(upper), strict=False):
        least = total[int(fewest) :].min()
        each.append(total - (least if np.isfinite(least) else 0.0))
    return Charges(bound, lower, upper, tuple(each))


def still_possible(
    bound: float, reduced: FloatArray, whole: BoolArray, box: tuple[FloatArray, FloatArray], value: float
) -> tuple[FloatArray, FloatArray]:
    """Bounds (n_columns,) of whole columns that a plan worth more than `value` can lie in: one more of a column at its
    lower bound loses its reduced cost from the bound (Dantzig, Fulkerson and Johnson 1954). box: bounds that the
    relaxation was solved within. reduced: (n_columns,) worth that one more of each would lose."""
    lower, upper = box[0].copy(), box[1].copy()
    spare = bound - value
    if not np.isfinite(spare):
        return lower, upper
    steps = np.floor(spare / np.maximum(np.abs(reduced), 1e-300) + 1e-6)
    least = whole & (reduced > 1e-9 * abs(value))
    most = whole & (reduced < -1e-9 * abs(value))
    upper[least] = np.minimum(upper[least], lower[least] + steps[least])
    lower[most] = np.maximum(lower[most], upper[most] - steps[most])
    return lower, upper
