"""How many insertions of a vehicle a plan buys, as one level of many, for the rows on n+ reach.

A level holds so many insertions of each unit of a vehicle, from `first` to `most`; what it is worth is worth of its
most. Of a vehicle of one unit that may be bought in parts the first level is one insertion, and a plan has as much
of that level as it has of the insertion: who meets it is mixed of those who meet it and nobody, and clusters as large
as its contacts, at so much of their rate, meet people no less often than that.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem

_EXACT = 16  # numbers of insertions of their own
_LONGER = 1.1  # beyond, a stretch ends at so many times the last one's end
_PART, _NEARLY = 0.25, 1e-9  # of an insertion, where it may be bought in parts
_COMBINED = 200  # levels of a vehicle of several units, about


@dataclass(frozen=True, eq=False)
class Levels:
    """lines: per vehicle the units it is bought in, (n_units,). first, most: per vehicle (n_levels, n_units)
    insertions. begin: (n_vehicles + 1,) where each vehicle's levels begin. parts: whether insertions may be parts."""

    lines: tuple[IntArray, ...]
    first: tuple[FloatArray, ...]
    most: tuple[FloatArray, ...]
    begin: IntArray
    parts: bool

    def __len__(self) -> int:
        return int(self.begin[-1])

    def of(self, insertions: FloatArray) -> FloatArray:
        """(n_levels of all,) how much of each level is bought."""
        found = np.zeros(len(self))
        for lines, first, most, begin in zip(
            self.lines, self.first, self.most, self.begin.tolist(), strict=False
        ):
            own = insertions[lines]
            if self.parts and len(lines) == 1 and own[0] < first[0, 0]:
                found[begin] = own[0] / first[0, 0]
            elif own.any():
                within = (first <= own + _NEARLY) & (own <= most + _NEARLY)
                found[begin + int(within.all(axis=1).argmax())] = 1.0
        return found


def levels_of(problem: Problem) -> Levels:
    """Of all that can be bought."""
    upper = problem.system.upper[: problem.n_vehicles]
    most = np.floor(upper + _NEARLY) if problem.whole else upper
    lines = problem.model.together(np.flatnonzero(most > _NEARLY))
    each = [_of_vehicle(most[own], not problem.whole) for own in lines]
    begin = np.concatenate([[0], np.cumsum([len(first) for first, _ in each])]).astype(np.int64)
    return Levels(
        tuple(lines), tuple(f for f, _ in each), tuple(m for _, m in each), begin, not problem.whole
    )


def _of_vehicle(upper: FloatArray, parts: bool) -> tuple[FloatArray, FloatArray]:
    """(n_levels, n_units) first and most of every choice of stretches of its units but none at all."""
    longer = _LONGER
    ends = [_ends(most, parts, _EXACT, longer) for most in upper.tolist()]
    while len(upper) > 1 and np.prod([len(own) + 1 for own in ends]) > _COMBINED and longer < _COMBINED:
        longer *= 1.3
        ends = [_ends(most, parts, 1, longer) for most in upper.tolist()]
    firsts = [_firsts(own, parts, len(upper) == 1) for own in ends]
    return _choices(firsts), _choices(ends)


def _choices(each: list[FloatArray]) -> FloatArray:
    """(n, n_units) one of each, or 0, but not 0 of all."""
    return np.array(list(product(*([0.0, *own] for own in each))))[1:]


def _ends(upper: float, parts: bool, exact: int, longer: float) -> FloatArray:
    """Most insertions of each stretch.

    >>> _ends(24.0, False, 16, 1.1).tolist()[14:]
    [15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 22.0, 24.0]
    >>> _ends(2.1, True, 16, 1.1).tolist()
    [1.0, 1.25, 1.5, 1.75, 2.0, 2.1]
    """
    step, found = _PART if parts else 1.0, [min(1.0, upper)]
    while found[-1] < upper:
        last = found[-1]
        stretch = last * (longer if parts or last >= exact else 1.0)
        found.append(min(upper, max(last + step, stretch if parts else np.floor(stretch))))
    return np.array(found)


def _firsts(ends: FloatArray, parts: bool, alone: bool) -> FloatArray:
    """Fewest insertions of each stretch; of parts, what they are more than."""
    before = np.append(0.0, ends[:-1])
    if not parts:
        return before + 1
    return np.append(ends[:1], ends[:-1]) if alone else before
