"""Increments of vehicles of several units (models.reach.units): what they add depends on all units bought.

A line's table of increments is of the line alone. Where other units of its vehicle are bought too, the vehicle is at
the amount X = sum of e_u x_u, and a step of a line changes the intensity by s(X + e step) - s(X), less than alone.
"""

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.curves import intensity_at
from models.reach.gamma import ReachModel
from models.reach.units import Units

Insertions = FloatArray | IntArray


class UnitLines:
    """The lines of vehicles of several units, in the segments that count (n_segments,)."""

    def __init__(self, model: ReachModel, units: Units, segments: IntArray) -> None:
        self.units = Units(units.members, units.of, units.worth[segments])
        self.first, self.bend = model.first[segments], model.bend[segments]
        self.medium = model.audiences.medium
        self.lines = np.flatnonzero(units.of >= 0)
        self.heads = np.array([own[0] for own in units.members])

    def is_shared(self, vehicles: IntArray) -> BoolArray:
        """(n,) which vehicles are lines of a vehicle of several units."""
        return np.asarray(self.units.of[vehicles] >= 0)

    def corrections(self, insertions: FloatArray, n_media: int) -> FloatArray:
        """(n_segments, n_media) what a schedule has less than its lines would have, each alone."""
        less = self.units.corrections(self.first, self.bend, insertions)
        return np.asarray(less @ np.eye(n_media)[self.medium[self.heads]])

    def amounts(self, insertions: Insertions, vehicles: IntArray) -> FloatArray:
        """(n_segments, n) the amount X of the vehicle of each line."""
        worth = self.units.worth[:, self.lines] * insertions[self.lines]
        own = self.units.of[self.lines][:, None] == self.units.of[vehicles][None, :]
        return np.asarray(worth @ own)

    def change(self, insertions: Insertions, vehicles: IntArray, steps: Insertions) -> FloatArray:
        """(n_segments, n) change of intensity by a step (n,) of each line alone."""
        return self.change_from(self.amounts(insertions, vehicles), vehicles, steps)

    def change_from(self, amount: FloatArray, vehicles: IntArray, steps: Insertions) -> FloatArray:
        """(n_segments, n) the same from amounts (n_segments, n)."""
        after = np.maximum(amount + self.units.worth[:, vehicles] * steps, 0.0)
        first, bend = self.first[:, vehicles], self.bend[:, vehicles]
        return np.asarray(intensity_at(first, bend, after) - intensity_at(first, bend, amount))
