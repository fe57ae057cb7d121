"""The least that plans half made can still lose, by one row: what vehicles to come may buy of what is left of it.

A dual prices what a plan leaves of a row's limit, reduced costs charge what each vehicle buys. What a plan half made
still loses is the least, over all that the vehicles to come may buy within what is left, of their charges and the
price of the rest: a knapsack, worked out backwards over cells of what is left (Bellman 1957). A cell stands for all
amounts within it and never for more than the least loss of any of them, so that what is dropped by it is dropped
rightly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray

_CELLS = 4096
_EDGE = 1e-7  # of a cell: amounts so near a cell's end are looked up on both sides of it


@dataclass(frozen=True, eq=False)
class Filling:
    """width: of a cell, in the row's unit. least: one (n_cells + 2,) for each number of vehicles already placed, the
    least that is still lost: infinite where less than nothing is left, and at last beyond all cells."""

    width: float
    least: tuple[FloatArray, ...]

    def loss(self, placed: int, left: FloatArray) -> FloatArray:
        """The least that plans with so many vehicles placed still lose. left: of the row's limit, if the vehicles to
        come take the least of it that they may; of any shape."""
        position = left / self.width
        low, high = (
            np.clip(np.floor(position + edge).astype(np.int64) + 1, 0, _CELLS + 1) for edge in (-_EDGE, _EDGE)
        )
        return np.minimum(self.least[placed][low], self.least[placed][high])


def filling(
    price: float, steps: Sequence[FloatArray], charges: Sequence[FloatArray], room: float
) -> Filling | None:
    """steps: of each vehicle in the order they are placed, (n_choices,) what each of its choices takes of the row,
    beyond the least that it may; charges: (n_choices,) what each loses. price: of one left of the limit. room: what
    is lost beyond it need not be known. None where the row is all too narrow to fill."""
    most = sum(float(own.max()) for own in steps) + room / price
    width = most / _CELLS
    if not width > 0:
        return None
    least: list[FloatArray] = [price * width * np.arange(_CELLS, dtype=np.float64)]
    for taken, charge in zip(reversed(steps), reversed(charges), strict=True):
        least.append(_before(least[-1], taken / width, charge))
    ends = ((np.inf,), (room,))
    return Filling(width, tuple(np.concatenate([ends[0], own, ends[1]]) for own in reversed(least)))


def _before(after: FloatArray, taken: FloatArray, charge: FloatArray) -> FloatArray:
    """(n_cells,) least loss before a vehicle is placed. taken: (n_choices,) in cells."""
    least = np.full(len(after), np.inf)
    for cells, own in zip(taken.tolist(), charge.tolist(), strict=True):
        first, last = (0, 0) if cells == 0 else (int(np.floor(cells - _EDGE)), int(np.ceil(cells + _EDGE)))
        for back in range(max(first, 0), min(last, len(after) - 1) + 1):
            np.minimum(least[back:], after[: len(after) - back] + own, out=least[back:])
    return least
