"""A vehicle's insertions as pieces of its curve: single insertions first, then longer and longer stretches.

The k-th insertion of a vehicle adds less intensity than the one before, so a plan's intensity is a sum over pieces
that fill in order by themselves:  x_j = sum of y,  0 <= y <= length,  S <= sum of rate * y.  A piece of one insertion
has that insertion's increment for its rate, and is exact. A stretch from a to b is two pieces, whose rates per segment
lie on or above the curve everywhere and are exact at both its ends:

    rate_1 = max(first increment, (rise - length_2 * last increment) / length_1)
    rate_2 = (rise - length_1 * rate_1) / length_2 <= last increment

So a programme with stretches bounds every plan, like tangents do; where a relaxed plan ends inside a stretch, it is
split there (`split`) and the programme is exact at that number of insertions.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.response import Response

_SINGLE = 16  # insertions that have a piece each from the start
_AT_END = 1e-6  # of an insertion: nearer to a stretch's end is at it


@dataclass(frozen=True, eq=False)
class Pieces:
    """vehicle, start, length: (n_pieces,) whose they are, after how many insertions they begin, how many they hold.
    first, last: the ends of the stretch that each is part of. rate: (n_segments, n_pieces) intensity that one insertion
    of the piece adds."""

    vehicle: IntArray
    start: IntArray
    length: IntArray
    first: IntArray
    last: IntArray
    rate: FloatArray

    def __len__(self) -> int:
        return len(self.vehicle)

    def bounds(self, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of the y of insertions between lower and upper (n_vehicles,): they fill in order."""
        return (
            np.clip(lower[self.vehicle] - self.start, 0, self.length).astype(float),
            np.clip(upper[self.vehicle] - self.start, 0, self.length).astype(float),
        )

    def without(self, gone: BoolArray) -> "Pieces":
        """Those that are not gone (n_pieces,)."""
        left = ~gone
        return Pieces(
            self.vehicle[left], self.start[left], self.length[left], self.first[left], self.last[left],
            self.rate[:, left],
        )  # fmt: skip

    def inexact(self, insertions: FloatArray) -> BoolArray:
        """(n_pieces,) pieces of a stretch in which a number of insertions (n_vehicles,) lies, not at its ends."""
        bought = insertions[self.vehicle]
        inside = (self.first + _AT_END < bought) & (bought < self.last - _AT_END)
        return np.asarray(inside & (self.last - self.first > 2))


def no_pieces(n_segments: int) -> Pieces:
    """None of any vehicle."""
    none = np.zeros(0, dtype=np.int64)
    return Pieces(none, none, none, none, none, np.zeros((n_segments, 0)))


def first_pieces(response: Response) -> Pieces:
    """Single insertions, and beyond them stretches twice as long each."""
    number = np.arange(len(response.vehicle)) - response.offset[response.vehicle]
    if (response.upper <= _SINGLE).all():
        one = np.ones_like(number)
        return Pieces(response.vehicle, number, one, number, number + 1, response.increments)
    return joined([pieces_between(response, j, _ends(int(most))) for j, most in enumerate(response.upper)])


def _ends(most: int) -> list[int]:
    """0, 1, 2, ..., then doubled, up to the most."""
    ends = list(range(min(most, _SINGLE) + 1))
    while ends[-1] < most:
        ends.append(min(2 * ends[-1], most))
    return ends


def pieces_between(response: Response, vehicle: int, ends: list[int]) -> Pieces:
    """The pieces of a vehicle's stretches between ends, rising."""
    own = response.increments[:, response.offset[vehicle] : response.offset[vehicle + 1]]
    rows, rates = [], []
    for first, last in pairwise(ends):
        if last - first <= 2:
            rows += [(k, 1, first, last) for k in range(first, last)]
            rates += [own[:, k] for k in range(first, last)]
            continue
        one, rate_1, rate_2 = _two_rates(own[:, first:last])
        rows += [(first, one, first, last), (first + one, last - first - one, first, last)]
        rates += [rate_1, rate_2]
    start, length, begin, end = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    rate = np.column_stack(rates) if rates else np.zeros((len(own), 0))
    return Pieces(np.full(len(start), vehicle), start, length, begin, end, rate)


def _two_rates(increments: FloatArray) -> tuple[int, FloatArray, FloatArray]:
    """Length of a stretch's first piece and the rates (n_segments,) of both, from increments (n_segments, length)."""
    length, rise = increments.shape[1], increments.sum(axis=1)
    first, last = increments[:, 0], increments[:, -1]
    bent = first > last * (1 + 1e-9)
    meet = (rise - length * last)[bent] / (first - last)[bent]  # where the tangents at both ends meet
    one = int(np.clip(np.rint(np.median(meet)), 1, length - 1)) if len(meet) else length // 2
    two = length - one
    rate = np.maximum(first, (rise - two * last) / one)
    return one, rate, np.maximum((rise - one * rate) / two, 0.0)


def joined(parts: list[Pieces]) -> Pieces:
    """Pieces one after the other."""
    return Pieces(
        np.concatenate([part.vehicle for part in parts]), np.concatenate([part.start for part in parts]),
        np.concatenate([part.length for part in parts]), np.concatenate([part.first for part in parts]),
        np.concatenate([part.last for part in parts]), np.concatenate([part.rate for part in parts], axis=1),
    )  # fmt: skip


def split(response: Response, pieces: Pieces, insertions: FloatArray) -> tuple[BoolArray, Pieces | None]:
    """Pieces (n_pieces,) that have to go so that the programme is exact at insertions (n_vehicles,), and those that
    take their place; None where it is exact there."""
    gone = pieces.inexact(insertions)
    made = []
    for j, first in sorted({(int(pieces.vehicle[i]), int(pieces.first[i])) for i in np.flatnonzero(gone)}):
        last = int(pieces.last[(pieces.vehicle == j) & (pieces.first == first)][0])
        between = {int(np.floor(insertions[j] + _AT_END)), int(np.ceil(insertions[j] - _AT_END))}
        made.append(pieces_between(response, j, sorted({first, *between, last})))
    return gone, joined(made) if made else None
