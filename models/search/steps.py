"""In what sizes a search buys and gives back: a few insertions, or of a vehicle with very many, a few blocks of them.

Insertion by insertion a line of six million impressions would be bought in 6,000 steps. Where no block fits any more
its half may, and so on down to one insertion.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.search.admissible import Admissible

_BLOCKS = 64  # of one vehicle, at most


@dataclass(frozen=True, eq=False)
class Steps:
    """sizes: (n_sizes,) rising. block: (n_vehicles,) insertions, 1 but where there are very many. usual, parts:
    (n_vehicles, n_sizes) sizes each vehicle is bought in, and those of its block, half of it, and so on down to 1."""

    sizes: tuple[int, ...]
    block: IntArray
    usual: BoolArray
    parts: BoolArray

    def money(self, price: FloatArray) -> FloatArray:
        """(n_vehicles, n_sizes) of purchases, at the price (n_vehicles,) of an insertion."""
        return np.asarray(price[:, None] * self.sizes)

    def worth_a_look(self, open_: BoolArray) -> BoolArray:
        """(n_vehicles, n_sizes) of what is open each vehicle's usual sizes; where none is, the largest part of its
        block."""
        usual = open_ & self.usual
        return np.asarray(usual | (_largest(open_ & self.parts) & ~usual.any(axis=1, keepdims=True)))


def steps_of(within: Admissible, numbers: Collection[int]) -> Steps:
    """Steps of so many (1 among them) insertions or blocks, and of smallest buys."""
    block = _blocks(within.upper)
    halves = 2 ** np.arange(int(block.max(initial=1)).bit_length())
    own = np.column_stack([np.outer(block, sorted(numbers)), np.maximum(within.smallest, block)])
    sizes = np.unique(np.concatenate([own[within.upper > 0].ravel(), halves]))
    usual = (own[:, :, None] == sizes).any(axis=1)
    return Steps(tuple(sizes.tolist()), block, usual, np.isin(sizes, halves) & (sizes <= block[:, None]))


def _largest(open_: BoolArray) -> BoolArray:
    """(n_vehicles, n_sizes) of each vehicle the last size that is open."""
    return np.asarray(open_ & (np.cumsum(open_[:, ::-1], axis=1)[:, ::-1] == 1))


def _blocks(upper: IntArray) -> IntArray:
    """(n_vehicles,) powers of two, so that sizes are few.

    >>> _blocks(np.array([0, 64, 65, 6000])).tolist()
    [1, 1, 2, 128]
    """
    return np.exp2(np.ceil(np.log2(np.maximum(upper / _BLOCKS, 1.0)))).astype(np.int64)
