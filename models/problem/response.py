"""What search and programme ask of a population: increments of intensity, and reach after one more or one less.

The k-th insertion of a vehicle adds an increment ds to the intensity of its medium in every segment; the
increments fall with k. They are laid out as columns, vehicle by vehicle, so that the next increment of a
vehicle with x insertions is column offset + x. Both the linear programme and the local search read this
table; the exact value of a plan never comes from it but from models.reach.gamma.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.objectives import Objective
from models.reach.gamma import ReachModel, reached, saturate, schedule_intensity


@dataclass(frozen=True, eq=False)
class Standing:
    """A whole-number schedule and what it has built up, in the segments that count.

    insertions: (n_vehicles,). medium_intensity, medium_level: (n_segments, n_media) S, and t = phi(S).
    reach: (n_segments,).
    """

    insertions: IntArray
    medium_intensity: FloatArray
    medium_level: FloatArray
    reach: FloatArray


class Response:
    """The population's response to whole insertions, up to `upper` (n_vehicles,) of each vehicle.

    segments: (n_segments of the model,) which segments matter; the others are left out.
    """

    def __init__(self, model: ReachModel, upper: FloatArray, segments: BoolArray) -> None:
        self.segments = np.flatnonzero(segments)
        self.upper = np.ceil(upper - 1e-9).astype(np.int64)
        self.offset = np.concatenate([[0], np.cumsum(self.upper)])
        self.vehicle = np.repeat(np.arange(len(upper)), self.upper)
        self.medium = model.audiences.medium
        self.k_person = model.k_person[self.segments]
        self.k_medium = model.k_medium[self.segments]
        number = np.arange(len(self.vehicle)) - self.offset[self.vehicle]
        first, bend = model.first[self.segments], model.bend[self.segments]
        self.increments = np.empty((len(self.segments), len(self.vehicle)))
        for row, (s1, u) in enumerate(zip(first, bend, strict=True)):
            each = (s1[self.vehicle], u[self.vehicle])
            self.increments[row] = schedule_intensity(*each, number + 1.0) - schedule_intensity(
                *each, number + 0.0
            )
        self.by_column = np.ascontiguousarray(self.increments.T)  # for many vehicles' next increments at once
        self.members = [np.flatnonzero(self.medium == m) for m in range(len(model.audiences.media))]

    def medium_intensity(self, insertions: FloatArray) -> FloatArray:
        """S (n_segments, n_media) of a schedule; fractions interpolate."""
        filled = np.clip(
            insertions[self.vehicle] - (np.arange(len(self.vehicle)) - self.offset[self.vehicle]), 0, 1
        )
        used = filled > 0
        n_media = self.k_medium.shape[1]
        one_hot = np.eye(n_media)[self.medium[self.vehicle[used]]]
        return np.asarray((self.increments[:, used] * filled[used]) @ one_hot)

    def worth(self, objective: Objective, insertions: FloatArray) -> float:
        """Worth of a schedule (n_vehicles,) in the segments that count; fractions interpolate."""
        level = saturate(self.medium_intensity(insertions), self.k_medium)
        reach = reached(level.sum(axis=1), self.k_person)
        return objective.within(self.segments).value(reach, insertions)

    def standing(self, insertions: IntArray) -> Standing:
        """Where a schedule stands."""
        return self._standing(insertions, self.medium_intensity(insertions.astype(float)))

    def _standing(self, insertions: IntArray, medium_intensity: FloatArray) -> Standing:
        level = saturate(medium_intensity, self.k_medium)
        return Standing(insertions, medium_intensity, level, reached(level.sum(axis=1), self.k_person))

    def moved(self, standing: Standing, vehicle: int, step: int) -> Standing:
        """The standing after `step` more (or, negative, less) insertions of a vehicle."""
        insertions = standing.insertions.copy()
        insertions[vehicle] += step
        between = sorted((standing.insertions[vehicle], insertions[vehicle]))
        first, last = self.offset[vehicle] + between
        intensity = standing.medium_intensity.copy()
        change = self.increments[:, first:last].sum(axis=1)
        intensity[:, self.medium[vehicle]] += np.sign(step) * change
        np.maximum(intensity, 0, out=intensity)
        return self._standing(insertions, intensity)

    def steepness(self, standing: Standing, worth: FloatArray, step: int) -> FloatArray:
        """(n_vehicles,) worth of each vehicle's next (+1) or last (-1) increment along the tangent at a standing.

        worth: (n_segments,) of a little more reach. Reach is concave in the increments: one more insertion
        gains at most this, here and in every plan that holds this one; one less loses at least this. A
        vehicle at its limit in that direction has some increment's worth, of no meaning.
        """
        total = standing.medium_level.sum(axis=1)
        slope = worth * (1 - standing.reach) / (1 + total / self.k_person)
        price = slope[:, None] / (1 + standing.medium_intensity / self.k_medium)
        columns = np.minimum(self.offset[:-1] + standing.insertions - (step < 0), len(self.vehicle) - 1)
        found = np.zeros(len(self.medium))
        if len(self.vehicle) == 0:
            return found
        for medium, members in enumerate(self.members):
            found[members] = self.by_column[columns[members]] @ price[:, medium]
        return found

    def change(self, insertions: IntArray, vehicles: IntArray, steps: IntArray | int) -> FloatArray:
        """(n_segments, n) change of each vehicle's medium's intensity by its own step (n,), more or less."""
        sizes = np.abs(steps)
        first = self.offset[vehicles] + insertions[vehicles] - np.where(np.asarray(steps) < 0, sizes, 0)
        if (sizes == 1).all():
            return np.asarray(self.increments[:, first] * steps)
        sizes = np.broadcast_to(sizes, first.shape)
        starts = np.cumsum(sizes) - sizes
        columns = np.repeat(first - starts, sizes) + np.arange(int(sizes.sum()))
        return np.add.reduceat(self.increments[:, columns], starts, axis=1) * np.sign(steps)

    def reach_after(self, standing: Standing, vehicles: IntArray, steps: IntArray | int) -> FloatArray:
        """(n_segments, n) reach shares if each of `vehicles` alone moved by its step (n,), not 0, within its limits."""
        if len(vehicles) == 0:
            return np.zeros((len(self.segments), 0))
        media = self.medium[vehicles]
        level = standing.medium_level
        before = standing.medium_intensity[:, media]
        after = np.maximum(before + self.change(standing.insertions, vehicles, steps), 0)
        total = level.sum(axis=1)[:, None] - level[:, media] + saturate(after, self.k_medium[:, media])
        return reached(total, self.k_person[:, None])

    def reach_exchanged(
        self, standing: Standing, out: tuple[IntArray, IntArray], into: tuple[IntArray, IntArray]
    ) -> FloatArray:
        """(n_segments, n) reach shares after each exchange alone: a vehicle and its step (n,) out, another in."""
        media_out, media_in = self.medium[out[0]], self.medium[into[0]]
        intensity, level = standing.medium_intensity, standing.medium_level
        change_out = self.change(standing.insertions, out[0], -out[1])
        change_in = self.change(standing.insertions, *into)
        change_in += np.where(media_out == media_in, change_out, 0.0)
        total = np.repeat(level.sum(axis=1)[:, None], len(media_in), axis=1)
        for media, change in ((media_out, change_out), (media_in, change_in)):
            apart = (media_out != media_in) | (media is media_in)
            after = saturate(np.maximum(intensity[:, media] + change, 0), self.k_medium[:, media])
            total += np.where(apart, after - level[:, media], 0.0)
        return reached(total, self.k_person[:, None])

    def steepness_without(
        self, standing: Standing, out: tuple[IntArray, IntArray], reach: FloatArray, worth: FloatArray
    ) -> FloatArray:
        """(n_out, n_vehicles) steepness of each vehicle's next increment where one vehicle alone has given back its
        step (n_out,). reach: (n_segments, n_out) then; worth: (n_segments, n_out) of a little more reach then."""
        found = np.zeros((len(out[0]), len(self.medium)))
        if len(self.vehicle) == 0:
            return found
        level, k = standing.medium_level, self.k_medium
        media = self.medium[out[0]]
        own = np.maximum(
            standing.medium_intensity[:, media] + self.change(standing.insertions, out[0], -out[1]), 0
        )
        total = level.sum(axis=1)[:, None] - level[:, media] + saturate(own, k[:, media])
        slope = worth * (1 - reach) / (1 + total / self.k_person[:, None])
        columns = np.minimum(self.offset[:-1] + standing.insertions, len(self.vehicle) - 1)
        for medium, members in enumerate(self.members):
            if len(members) == 0:
                continue
            intensity = np.where(media == medium, own, standing.medium_intensity[:, [medium]])
            price = slope / (1 + intensity / k[:, [medium]])
            found[:, members] = price.T @ self.by_column[columns[members]].T
        return found
