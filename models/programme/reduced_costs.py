"""What a relaxation's reduced costs say of plans that it bounds (reduced-cost fixing, Nemhauser and Wolsey 1988).

A plan that buys k insertions of a vehicle is worth at most the relaxation's bound less what its reduced costs charge
for k, beside the number of insertions that they charge least for. So a plan worth more than so much can only buy
numbers that are charged less than what lies between.
"""

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


def charges(
    bound: float,
    lower: FloatArray,
    upper: FloatArray,
    insertion_cost: FloatArray,
    pieces: Pieces,
    cost: FloatArray,
    bought_cost: FloatArray | None = None,
    smallest: FloatArray | None = None,
    any_within: tuple[FloatArray, FloatArray] | None = None,
) -> Charges:
    """Of a relaxation within bounds (n_columns,). insertion_cost, cost: worth that one more of each x_j, and of each
    piece (n_pieces,), would lose if it were forced in; bought_cost: (n_vehicles,) that any at all loses besides;
    smallest: (n_vehicles,) insertions of a vehicle are none, or at least so many; any_within: (n_vehicles,) each, least
    and most of whether any is bought (0 or 1), within which that was counted."""
    order = np.lexsort((pieces.start, pieces.vehicle))
    starts = np.searchsorted(pieces.vehicle[order], np.arange(len(insertion_cost) + 1))
    each = []
    for j, own in enumerate(insertion_cost):
        places, fewest, most = order[starts[j] : starts[j + 1]], int(lower[j]), int(upper[j])
        by_piece = np.repeat(cost[places], pieces.length[places])[:most] if len(places) else np.zeros(most)
        total = np.concatenate([[0.0], np.cumsum(own + by_piece)])  # pieces fill in order
        total[1:] += 0.0 if bought_cost is None else bought_cost[j]
        if smallest is not None:
            total[1 : int(np.ceil(smallest[j] - 1e-9))] = np.inf
        if any_within is not None:  # the bound has what must be paid, or cannot be, already
            total[:1] += np.inf if any_within[0][j] > 0.5 else 0.0
            total[1:] += np.inf if any_within[1][j] < 0.5 else 0.0
        least = total[fewest:].min()
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
