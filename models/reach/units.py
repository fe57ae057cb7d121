"""Several units of one vehicle (:30 and :10, full and half page): lines of a plan that share the same people.

The unit that most people notice, the reference, is calibrated to its own rating and repeat audience: x of its
insertions have the intensity s(x) = k ln(1 + c x), c = exp(u) - 1 (models.reach.gamma). That is a gamma process:
occasions of a size h arrive at the rate k exp(-h/c) dh/h, and on one each insertion is met with 1 - exp(-h). Another
unit u is noticed on an occasion with the chance a_u for each of its insertions, whatever else was noticed. x_u
insertions of each have together

    f(x) = integral over occasions of  1 - prod_u (1 - a_u (1 - e^-h))^x_u
         = E s(sum of K_u),  K_u of unit u's insertions being noticed, Binomial(x_u, a_u)

So f is s for the reference, and a_u s(1) for one insertion of u: a_u is the ratio of intensities that gives u its own
rating in every segment.

f is concave in all units jointly, for any real x >= 0, being a sum, with positive weights, of such terms as
1 - exp(-sum x_u lambda_u), lambda_u = -ln(1 - a_u (1 - e^-h)) >= 0. A further insertion adds less the more there are of
any unit: the mixed derivatives are -lambda_u lambda_v exp(...) <= 0. And f is at most the sum of the units alone, for
1 - ab is at most (1 - a) + (1 - b). f is worked out as such a sum (nodes in log h, and a linear term for the smallest
occasions), so that all of this is true of the numbers too.

Parts of insertions (a brief may allow them) are worth

    min( sum over units of f interpolated between whole insertions of the unit alone,  f(x) ),

which is concave, is f wherever insertions are whole, and what any plan of one unit is worth anyway.

Breaks down: notice is taken afresh on every occasion, where independent noting asks once a person and insertion. Reach
comes out up to 3 % lower for ratings up to 12 %, more where people, not vehicles, differ (ratings of 20 % and more):
tests/models/reach/test_units.py states by how much.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arrays import FloatArray, IntArray, freeze
from models.reach.curves import schedule_intensity
from models.reach.occasions import Occasions

_STEP = 0.4  # of log h between nodes: misses f by less than 1e-9 of it (tested)
_ALWAYS = 2000.0  # size of an occasion from which every insertion is met, and every contact of up to 50
_SMALL = 24.0  # that far below the largest size, in log h, f is linear
_FEW = 8
_NONE = 40.0  # times the mean size: there are no larger ones


@dataclass(frozen=True, eq=False)
class Units:
    """Vehicles of several units.

    members: per such vehicle its lines, rising. of: (n_vehicles,) place in members, -1 where a line is the only unit
    of its vehicle. noticed: (n_segments, n_vehicles) a_u; 1 of the reference and of an only unit. size, rate:
    (n_segments, n_shared, n_nodes) sizes h of occasions, and how many there are; small: (n_segments, n_shared) what
    the smallest add to the intensity of one insertion of the reference.
    """

    members: tuple[IntArray, ...]
    of: IntArray
    noticed: FloatArray
    size: FloatArray
    rate: FloatArray
    small: FloatArray

    def __post_init__(self) -> None:
        freeze(self, of=self.of, noticed=self.noticed, size=self.size, rate=self.rate, small=self.small)

    def within(self, segments: IntArray) -> "Units":
        """The same in some of the segments."""
        own = (part[segments] for part in (self.noticed, self.size, self.rate, self.small))
        return Units(self.members, self.of, *own)

    @cached_property
    def _missed(self) -> tuple[FloatArray, ...]:
        """Per vehicle (n_units, n_segments, n_nodes) log of missing one insertion on an occasion: -lambda."""
        return tuple(
            _log_missed(self.noticed[:, own].T[:, :, None], self.size[:, place])
            for place, own in enumerate(self.members)
        )

    def level(self, place: int, own: FloatArray) -> FloatArray:
        """f (n_segments,) of a vehicle. own: (n_units,) insertions >= 0, in the order of its members."""
        missed = np.tensordot(own, self._missed[place], 1)
        found = -(self.rate[:, place] * np.expm1(missed)).sum(axis=-1)
        return np.asarray(found + self.small[:, place] * (self.noticed[:, self.members[place]] @ own))

    def slope(self, place: int, own: FloatArray) -> FloatArray:
        """(n_segments, n_units) derivatives of f."""
        left = self.rate[:, place] * np.exp(np.tensordot(own, self._missed[place], 1))
        found = -np.einsum("cl,ucl->cu", left, self._missed[place])
        return np.asarray(found + self.small[:, [place]] * self.noticed[:, self.members[place]])

    def alone(self, line: int, amount: FloatArray) -> FloatArray:
        """(n_segments, n) f of real amounts (n,), or one of each segment (n_segments, 1), of a line that shares its
        vehicle, bought alone."""
        place = int(self.of[line])
        missed = self._missed[place][int(np.flatnonzero(self.members[place] == line)[0])]
        wide = np.broadcast_to(amount, (len(missed), np.shape(amount)[-1]))
        found = -(self.rate[:, place, None] @ np.expm1(missed[:, :, None] * wide[:, None, :]))[:, 0]
        return np.asarray(found + (self.small[:, place] * self.noticed[:, line])[:, None] * wide)

    @cached_property
    def _kept(self) -> dict[tuple[int, float], FloatArray]:
        """(n_segments,) of lines and whole insertions that were asked for."""
        return {}

    def whole_alone(self, line: int, whole: FloatArray) -> FloatArray:
        """alone of whole insertions (n,); those of a few are kept, for the same come back again and again."""
        if len(whole) > _FEW:
            return self.alone(line, whole)
        for x in whole.tolist():
            if (line, x) not in self._kept:
                self._kept[line, x] = self.alone(line, np.array([x]))[:, 0]
        return np.stack([self._kept[line, x] for x in whole.tolist()], axis=1)

    def occasions(self, segments: IntArray, lines: IntArray) -> Occasions:
        """Those of a vehicle in some segments, of some of its lines."""
        place = int(self.of[lines[0]])
        own = np.searchsorted(self.members[place], lines)
        small = self.small[segments, place] * self.noticed[segments][:, lines].T
        missed = self._missed[place][own][:, segments]
        return Occasions(missed, self.size[segments, place], self.rate[segments, place], small)

    def corrections(self, first: FloatArray, bend: FloatArray, insertions: FloatArray) -> FloatArray:
        """(n_segments, n_shared) what a vehicle has less, bought in several units at once, than these would have each
        alone; 0 where one unit is bought."""
        found = np.zeros(self.small.shape)
        for place, own in enumerate(self.members):
            if (insertions[own] > 0).sum() > 1:
                alone = alone_intensity(self, first[:, own], bend[:, own], insertions[own], own).sum(axis=1)
                found[:, place] = np.minimum(self.level(place, insertions[own]) - alone, 0.0)
        return found

    def together(self, first: FloatArray, bend: FloatArray, insertions: FloatArray, place: int) -> FloatArray:
        """(n_segments,) intensity of a vehicle. first, bend: (n_segments, n_vehicles); insertions: (n_vehicles,) of all
        lines."""
        own = self.members[place]
        alone = alone_intensity(self, first[:, own], bend[:, own], insertions[own], own).sum(axis=1)
        if (insertions[own] > 0).sum() <= 1:
            return np.asarray(alone)
        return np.asarray(np.minimum(alone, self.level(place, insertions[own])))


def alone_intensity(
    units: Units, first: FloatArray, bend: FloatArray, insertions: FloatArray, lines: IntArray
) -> FloatArray:
    """Intensity of each line alone, (n_segments, n), for (n,) insertions; parts interpolate between whole insertions.
    The reference has what any vehicle of one unit has, to the last bit. first, bend: (n_segments, n) of the lines."""
    whole = np.floor(insertions)
    part = insertions - whole
    lower = whole_intensity(units, first, bend, whole, lines)
    if not part.any():
        return lower
    return lower + part * (whole_intensity(units, first, bend, whole + 1, lines) - lower)


def whole_intensity(
    units: Units, first: FloatArray, bend: FloatArray, whole: FloatArray, lines: IntArray
) -> FloatArray:
    """The same of whole insertions (n,) of lines (n,), which may repeat."""
    found = schedule_intensity(first, bend, whole)
    for line in sorted(set(lines[units.of[lines] >= 0].tolist())):
        less = units.noticed[:, line] < 1
        if less.any():
            own = np.flatnonzero(lines == line)
            found[np.ix_(less, own)] = units.whole_alone(int(line), whole[own])[less]
    return np.asarray(found)


def units_of(heads: IntArray, first: FloatArray, bend: FloatArray, own: FloatArray) -> Units | None:
    """The units of lines whose vehicles are stood for by the lines `heads` (n_vehicles,); None where all are alone.

    first, bend: (n_segments, n_vehicles) of the references. own: the intensity of one insertion of each line.
    """
    several = [place for place, count in zip(*np.unique(heads, return_counts=True), strict=True) if count > 1]
    if not several:
        return None
    of, noticed = np.full(len(heads), -1), np.ones_like(first)
    members = tuple(np.flatnonzero(heads == head) for head in several)
    for place, (head, lines) in enumerate(zip(several, members, strict=True)):
        of[lines] = place
        there = first[:, head] > 0
        for j in lines[lines != head]:
            noticed[there, j] = np.minimum(own[there, j] / first[there, head], 1.0)
    return Units(members, of, noticed, *_occasions(first[:, several], bend[:, several]))


def _log_missed(noticed: FloatArray, size: FloatArray) -> FloatArray:
    """Logarithm of missing an insertion on occasions of a size: -size where it is always noticed."""
    part = np.minimum(noticed, 1 - 1e-16)
    return np.where(noticed < 1, np.log1p(part * np.expm1(-size)), -size)


def _occasions(first: FloatArray, bend: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """size, rate and small of Units, for s of (n_segments, n_shared). Where s is a line all is small."""
    curved = (bend > 0) & (first > 0)
    u = np.where(curved, bend, 1.0)
    log_c = u + np.log(-np.expm1(-u))
    top = np.minimum(np.log(_ALWAYS), log_c + np.log(_NONE))
    size = top[..., None] - _STEP * np.arange(int(_SMALL / _STEP))[::-1]
    rate = _STEP * np.exp(-np.exp(size - log_c[..., None]))
    # Larger occasions, up to where there are none: all are met, as at the largest node.
    beyond = int(np.ceil(float(np.max(log_c + np.log(_NONE) - top, initial=0.0)) / _STEP))
    for far in range(1, beyond + 1):
        rate[..., -1] += _STEP * np.exp(-np.exp(np.minimum(top + _STEP * far - log_c, 50.0)))
    # Smaller ones: h at each, a geometric series.
    smallest = np.exp(size[..., 0] - _STEP)
    small = _STEP * smallest / -np.expm1(-_STEP)
    scale = first / ((rate * -np.expm1(-np.exp(size))).sum(axis=-1) + small)
    return (
        np.where(curved[..., None], np.exp(size), 0.0),
        np.where(curved[..., None], rate * scale[..., None], 0.0),
        np.where(curved, small * scale, first),
    )
