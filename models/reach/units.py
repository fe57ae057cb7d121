"""Several units of one vehicle (:30 and :10, full and half page): lines of a plan that share the same people.

Units u of a vehicle j meet the people of the vehicle, each with a chance of its own to be noticed; their insertions
are insertions in the same intensity g_j of models.reach.gamma:

    s_j = phi_kj( sum of eta_ju x_ju )  =  s( sum of e_u x_u ),     s(x) = s1 (1 + ln(x + (1 - x) exp(-u)) / u)

The reference is the unit that most people notice, calibrated to its own rating and repeat audience; one insertion of
unit u counts as e_u insertions of the reference, e_u per segment, where s(e_u) is the intensity that reaches its
rating. eta itself is never formed (models.reach.gamma says why).

A plan's value is s at the whole plan's sum. Parts of insertions (a brief may allow them) are worth

    min( sum over units of s interpolated between whole insertions of the unit alone,  s( sum of e_u x_u ) ),

which is concave, is s wherever insertions are whole, and what any plan of one unit is worth anyway.

Breaks down: a unit of which q of the audience take notice meets the same people again a little more often than q
times the repeat audience, for who is met is who uses the vehicle more (r .5, q .5: .31 where independent noting gives
.25); tests/models/reach/test_units.py states by how much.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray, freeze
from models.reach.curves import amount_of, intensity_at, schedule_intensity


@dataclass(frozen=True, eq=False)
class Units:
    """Vehicles of several units.

    members: per such vehicle its lines, rising. of: (n_vehicles,) place in members, -1 where a line is the only unit
    of its vehicle. worth: (n_segments, n_vehicles) insertions of the reference that one insertion is; 1 of an only
    unit.
    """

    members: tuple[IntArray, ...]
    of: IntArray
    worth: FloatArray

    def __post_init__(self) -> None:
        freeze(self, of=self.of, worth=self.worth)

    def together(
        self, first: FloatArray, bend: FloatArray, insertions: FloatArray, place: int
    ) -> tuple[FloatArray, FloatArray]:
        """A vehicle's amount sum of e_u x_u, and the intensity it has, (n_segments,) each.

        first, bend: (n_segments, n_vehicles); insertions: (n_vehicles,) of all lines.
        """
        own = self.members[place]
        head = own[0]
        amount = self.worth[:, own] @ insertions[own]
        level = intensity_at(first[:, head], bend[:, head], amount)
        if (insertions[own] == np.floor(insertions[own])).all() and (insertions[own] > 0).sum() != 1:
            return amount, level
        alone = alone_intensity(first[:, own], bend[:, own], self.worth[:, own], insertions[own])
        return amount, np.minimum(alone.sum(axis=1), level)

    def corrections(self, first: FloatArray, bend: FloatArray, insertions: FloatArray) -> FloatArray:
        """(n_segments, n_shared vehicles) what a vehicle has less, bought in several units at once, than these would
        have each alone; 0 where one unit is bought."""
        found = np.zeros((len(first), len(self.members)))
        for place, own in enumerate(self.members):
            if (insertions[own] > 0).sum() > 1:
                alone = alone_intensity(first[:, own], bend[:, own], self.worth[:, own], insertions[own])
                _, level = self.together(first, bend, insertions, place)
                found[:, place] = np.minimum(level - alone.sum(axis=1), 0.0)
        return found


def alone_intensity(
    first: FloatArray, bend: FloatArray, worth: FloatArray, insertions: FloatArray
) -> FloatArray:
    """s of each unit alone, (n_segments, n), for (n,) insertions; parts interpolate between whole insertions. A unit
    of worth 1 has what any vehicle of one unit has, to the last bit."""
    whole = np.floor(insertions)
    part = insertions - whole
    lower = whole_intensity(first, bend, worth, whole)
    if not part.any():
        return lower
    return lower + part * (whole_intensity(first, bend, worth, whole + 1) - lower)


def whole_intensity(first: FloatArray, bend: FloatArray, worth: FloatArray, whole: FloatArray) -> FloatArray:
    """s of whole insertions of units of such worth."""
    plain = schedule_intensity(first, bend, whole)
    return np.where(worth == 1, plain, intensity_at(first, bend, worth * whole))


def units_of(heads: IntArray, first: FloatArray, bend: FloatArray, own: FloatArray) -> Units | None:
    """The units of lines whose vehicles are stood for by the lines `heads` (n_vehicles,); None where all are alone.

    first, bend: (n_segments, n_vehicles) of the references. own: the intensity of one insertion of each line.
    """
    several = [place for place, count in zip(*np.unique(heads, return_counts=True), strict=True) if count > 1]
    if not several:
        return None
    worth, of = np.ones_like(first), np.full(len(heads), -1)
    members = tuple(np.flatnonzero(heads == head) for head in several)
    for place, (head, lines) in enumerate(zip(several, members, strict=True)):
        of[lines] = place
        for j in lines[lines != head]:
            worth[:, j] = amount_of(first[:, j], bend[:, j], own[:, j])
    return Units(members, of, worth)
