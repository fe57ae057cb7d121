"""The least that vehicles still to be chosen must charge and leave of one row, for every amount that may be left of it.

Each vehicle's numbers of insertions take something of the row and are charged something; what nobody takes is charged
at the row's worth. Solved for every amount beforehand (dynamic programming, Bellman 1957), from the last vehicle back;
what is taken is rounded down to a grid, so that the least is never too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray

_GRID = 4_000  # steps of what may be left
_KEPT = 1 - 1e-12  # of a number of steps, before it is rounded down: sums in another order


@dataclass(frozen=True, eq=False)
class Offered:
    """A vehicle of which one of several numbers (n,) may be bought: what each is charged (n,), and what it takes of
    each row (n_rows, n)."""

    vehicle: int
    numbers: IntArray
    charged: FloatArray
    taken: FloatArray


@dataclass(frozen=True, eq=False)
class Knapsack:
    """limit: of what all take; worth: of one left; settled: taken by vehicles that are not on offer; taken: what the
    numbers of each on offer take.

    step: of the grid. fewest: (n + 1,) what the vehicles from each place on take at least. least: (n + 1, n_grid) least
    of their charges less the worth of what they take beyond that, where so many steps may be taken.
    """

    limit: float
    worth: float
    settled: float
    taken: tuple[FloatArray, ...]
    step: float
    fewest: FloatArray
    least: FloatArray

    def completed(self, place: int, taken: FloatArray) -> FloatArray:
        """(n,) the least that the vehicles from a place on charge and leave, where so much (n,), at least what they
        must, is taken by the others; infinite where that is more than there is."""
        left = self.limit - taken - self.fewest[place]
        cells = np.ceil(np.clip(left / self.step, 0.0, self.least.shape[1] - 1)).astype(np.int64)
        return np.where(left < 0, np.inf, self.worth * left + self.least[place][cells])


def knapsack(
    limit: float, worth: float, settled: float, taken: Sequence[FloatArray], charged: Sequence[FloatArray]
) -> Knapsack:
    """Of a row. settled: as Knapsack has it. taken, charged: of each vehicle on offer, by its numbers."""
    lowest = [float(own.min()) for own in taken]
    fewest = np.append(np.cumsum(lowest[::-1])[::-1], 0.0)
    beyond = [own - low for own, low in zip(taken, lowest, strict=True)]
    room = min(limit - settled - fewest[0], sum(float(own.max()) for own in beyond))
    step = room / _GRID if room > 0 else 1.0
    least = np.zeros((len(taken) + 1, _GRID + 2))
    for place in range(len(taken) - 1, -1, -1):
        least[place] = np.inf
        for own, charge in zip(beyond[place], charged[place], strict=True):
            shift = int(own / step * _KEPT)
            if shift < least.shape[1]:
                there = least[place + 1, : least.shape[1] - shift] + (charge - worth * own)
                least[place, shift:] = np.minimum(least[place, shift:], there)
    return Knapsack(limit, worth, settled, tuple(taken), step, fewest, least)
