"""Increments of vehicles of several units (models.reach.units): what they add depends on all units bought.

A line's table of increments is of the line alone. Where other units of its vehicle are bought too, a step of the line
changes the intensity by f(x + step) - f(x), less than alone. Levels f of a vehicle are kept: a search comes back to
the same numbers again and again.
"""

from collections.abc import Iterator

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.gamma import ReachModel
from models.reach.units import Units, whole_intensity

Insertions = FloatArray | IntArray
_KEPT = 20_000  # levels


class UnitLines:
    """The lines of vehicles of several units, in the segments that count (n_segments,)."""

    def __init__(self, model: ReachModel, units: Units, segments: IntArray) -> None:
        self.units = units.within(segments)
        self.first, self.bend = model.first[segments], model.bend[segments]
        self.medium = model.audiences.medium
        self.lines = np.flatnonzero(units.of >= 0)
        self.heads = np.array([own[0] for own in units.members])
        self._kept: dict[tuple[int, bytes], FloatArray] = {}

    def is_shared(self, vehicles: IntArray) -> BoolArray:
        """(n,) which vehicles are lines of a vehicle of several units."""
        return np.asarray(self.units.of[vehicles] >= 0)

    def corrections(self, insertions: FloatArray, n_media: int) -> FloatArray:
        """(n_segments, n_media) what a schedule has less than its lines would have, each alone."""
        less = self.units.corrections(self.first, self.bend, insertions)
        return np.asarray(less @ np.eye(n_media)[self.medium[self.heads]])

    def change(self, insertions: Insertions, vehicles: IntArray, steps: Insertions) -> FloatArray:
        """(n_segments, n) change of intensity by a step (n,) of each line alone. insertions: (n_vehicles,) whole."""
        found = np.empty((len(self.first), len(vehicles)))
        known: dict[tuple[int, float], FloatArray] = {}
        for at, (j, step) in enumerate(zip(vehicles.tolist(), steps.tolist(), strict=True)):
            if (j, step) not in known:
                known[j, step] = self._changed(insertions, j, step)
            found[:, at] = known[j, step]
        return found

    def change_without(
        self, insertions: Insertions, out: tuple[int, int], vehicles: IntArray, steps: Insertions
    ) -> FloatArray:
        """(n_segments, n) the same where a line has first given back a number of its own."""
        left = np.array(insertions, dtype=float)
        left[out[0]] -= out[1]
        return self.change(left, vehicles, steps)

    def _changed(self, insertions: Insertions, line: int, step: float) -> FloatArray:
        place = int(self.units.of[line])
        own = self.units.members[place]
        before = np.maximum(insertions[own].astype(float), 0.0)
        after = before.copy()
        at = int(np.flatnonzero(own == line)[0])
        after[at] = max(after[at] + step, 0.0)
        return np.asarray(self._level(place, after) - self._level(place, before))

    def _level(self, place: int, own: FloatArray) -> FloatArray:
        key = (place, own.tobytes())
        if key not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            insertions = np.zeros(len(self.units.of))
            insertions[self.units.members[place]] = own
            self._kept[key] = self.units.together(self.first, self.bend, insertions, place)
        return self._kept[key]

    def levels(self, plans: IntArray) -> Iterator[tuple[int, FloatArray]]:
        """The medium of each vehicle of several units, and (n_segments, n_plans) its intensity in whole schedules
        (n_plans, n_vehicles)."""
        for place, own in enumerate(self.units.members):
            bought, which = np.unique(plans[:, own], axis=0, return_inverse=True)
            each = np.stack([self._level(place, units.astype(float)) for units in bought], axis=1)
            yield int(self.medium[own[0]]), each[:, which.ravel()]

    def alone(self, vehicles: IntArray, number: IntArray) -> FloatArray:
        """(n_segments, n) the increment of each such line's insertion after so many (n,), by itself."""
        each = (self.units, self.first[:, vehicles], self.bend[:, vehicles])
        before = number.astype(float)
        after = whole_intensity(*each, before + 1, vehicles)
        return np.asarray(after - whole_intensity(*each, before, vehicles))

    def into_the_same(
        self,
        change_in: FloatArray,
        insertions: IntArray,
        out: tuple[IntArray, IntArray],
        into: tuple[IntArray, IntArray],
    ) -> None:
        """Where one unit of a vehicle goes for another, the other adds to what is left of the vehicle."""
        same = np.flatnonzero(self.is_shared(into[0]) & (self.units.of[out[0]] == self.units.of[into[0]]))
        given, steps = (np.broadcast_to(part[1], part[0].shape) for part in (out, into))
        for at in same.tolist():
            away = (int(out[0][at]), int(given[at]))
            change_in[:, [at]] = self.change_without(insertions, away, into[0][[at]], steps[[at]])
