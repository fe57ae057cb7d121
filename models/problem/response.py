"""What search and programme ask of a population: increments of intensity, and reach after one more or one less.

The k-th insertion of a vehicle adds an increment ds to the intensity of its medium in every segment; the
increments fall with k. They are laid out as columns, vehicle by vehicle, so that the next increment of a
vehicle with x insertions is column offset + x. Both the linear programme and the local search read this
table; the exact value of a plan never comes from it but from models.reach.gamma. A line of a vehicle of several
units has its increments alone there; what it adds beside other units is models.problem.unit_lines'.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.problem.unit_lines import UnitLines
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

    segments: (n_segments of the model,) which segments matter; the others are left out. lines: of vehicles of several
    units, None where there are none.
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
        self._upto = np.empty_like(self.increments)  # of all insertions up to each
        for row, (s1, u) in enumerate(zip(first, bend, strict=True)):
            each = (s1[self.vehicle], u[self.vehicle])
            self._upto[row] = schedule_intensity(*each, number + 1.0)
            self.increments[row] = self._upto[row] - schedule_intensity(*each, number + 0.0)
        self.lines = None if model.units is None else UnitLines(model, model.units, self.segments)
        if self.lines is not None:
            own = np.flatnonzero(self.lines.is_shared(self.vehicle))
            self.increments[:, own] = self.lines.alone(self.vehicle[own], number[own])
            for j in np.unique(self.vehicle[own]):
                line = slice(self.offset[j], self.offset[j + 1])
                self._upto[:, line] = np.cumsum(self.increments[:, line], axis=1)
        self.by_column = np.ascontiguousarray(self.increments.T)  # for many vehicles' next increments at once
        self.members = [np.flatnonzero(self.medium == m) for m in range(len(model.audiences.media))]

    def medium_intensity(self, insertions: FloatArray) -> FloatArray:
        """S (n_segments, n_media) of a schedule; fractions interpolate."""
        bought = np.clip(insertions, 0, self.upper)
        whole = np.floor(bought).astype(np.int64)
        full, begun = np.flatnonzero(whole), np.flatnonzero(bought > whole)
        n_media = self.k_medium.shape[1]
        each = np.zeros((len(self.segments), len(self.upper)))
        each[:, full] = self._upto[:, (self.offset[:-1] + whole - 1)[full]]
        each[:, begun] += self.increments[:, (self.offset[:-1] + whole)[begun]] * (bought - whole)[begun]
        intensity = each @ np.eye(n_media)[self.medium]
        if self.lines is not None:
            intensity = np.maximum(
                intensity + self.lines.corrections(np.minimum(insertions, self.upper), n_media), 0.0
            )
        return intensity

    def worth(self, objective: Objective, insertions: FloatArray) -> float:
        """Worth of a schedule (n_vehicles,) in the segments that count; fractions interpolate."""
        level = saturate(self.medium_intensity(insertions), self.k_medium)
        reach = reached(level.sum(axis=1), self.k_person)
        return objective.within(self.segments).value(reach, insertions)

    def reach_of(self, plans: IntArray) -> FloatArray:
        """(n_segments, n_plans) reach shares of whole schedules (n_plans, n_vehicles) in the segments that count."""
        intensity = np.zeros((self.k_medium.shape[1], len(self.segments), len(plans)))
        shared = np.zeros(len(self.upper), dtype=bool) if self.lines is None else self.lines.units.of >= 0
        for j in np.flatnonzero(plans.any(axis=0) & ~shared):
            bought = plans[:, j] > 0
            intensity[self.medium[j]][:, bought] += self._upto[:, self.offset[j] + plans[bought, j] - 1]
        for medium, level in () if self.lines is None else self.lines.levels(plans):
            intensity[medium] += level
        total = saturate(intensity, self.k_medium.T[:, :, None]).sum(axis=0)
        return reached(total, self.k_person[:, None])

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
        intensity = standing.medium_intensity.copy()
        intensity[:, self.medium[vehicle]] += self._step(standing.insertions, vehicle, step)
        np.maximum(intensity, 0, out=intensity)
        return self._standing(insertions, intensity)

    def _step(self, insertions: IntArray, vehicle: int, step: int) -> FloatArray:
        """(n_segments,) change of the medium's intensity by a step of one vehicle."""
        if self.lines is not None and self.lines.units.of[vehicle] >= 0:
            return self.lines.change(insertions, np.array([vehicle]), np.array([step]))[:, 0]
        between = sorted((insertions[vehicle], insertions[vehicle] + step))
        first, last = self.offset[vehicle] + between
        return np.asarray(np.sign(step) * self.increments[:, first:last].sum(axis=1))

    def _each(self, insertions: IntArray, step: int) -> FloatArray:
        """(n_vehicles, n_segments) each vehicle's next (+1) or last (-1) increment; of a vehicle at its limit in that
        direction some increment, of no meaning."""
        columns = np.minimum(self.offset[:-1] + insertions - (step < 0), len(self.vehicle) - 1)
        found = self.by_column[columns]
        if self.lines is not None:
            own = self.lines.lines
            found[own] = np.abs(self.lines.change(insertions, own, np.full(len(own), step))).T
        return np.asarray(found)

    def steepness(self, standing: Standing, worth: FloatArray, step: int) -> FloatArray:
        """(n_vehicles,) worth of each vehicle's next (+1) or last (-1) increment along the tangent at a standing.

        worth: (n_segments,) of a little more reach. Reach is concave in the increments: one more insertion
        gains at most this, here and in every plan that holds this one; one less loses at least this. A
        vehicle at its limit in that direction has some increment's worth, of no meaning.
        """
        total = standing.medium_level.sum(axis=1)
        slope = worth * (1 - standing.reach) / (1 + total / self.k_person)
        price = slope[:, None] / (1 + standing.medium_intensity / self.k_medium)
        found = np.zeros(len(self.medium))
        if len(self.vehicle) == 0:
            return found
        each = self._each(standing.insertions, step)
        for medium, members in enumerate(self.members):
            found[members] = each[members] @ price[:, medium]
        return found

    def change(self, insertions: IntArray, vehicles: IntArray, steps: IntArray | int) -> FloatArray:
        """(n_segments, n) change of each vehicle's medium's intensity by its own step (n,), more or less."""
        found = self._change_alone(insertions, vehicles, steps)
        if self.lines is not None:
            own = np.flatnonzero(self.lines.is_shared(vehicles))
            each = np.broadcast_to(steps, vehicles.shape)[own]
            found[:, own] = self.lines.change(insertions, vehicles[own], each)
        return found

    def _change_alone(self, insertions: IntArray, vehicles: IntArray, steps: IntArray | int) -> FloatArray:
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
        if self.lines is not None:
            self.lines.into_the_same(change_in, standing.insertions, out, into)
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
        each = self._each(standing.insertions, +1)
        prices = []
        for medium, members in enumerate(self.members):
            intensity = np.where(media == medium, own, standing.medium_intensity[:, [medium]])
            prices.append(slope / (1 + intensity / k[:, [medium]]))
            if len(members):
                found[:, members] = prices[medium].T @ each[members].T
        if self.lines is not None:
            # Where a line has given back its step, the vehicle's other units add to what is left of it.
            for place in np.flatnonzero(self.lines.is_shared(out[0])):
                given = int(out[0][place]), int(out[1][place])
                others = self.lines.units.members[self.lines.units.of[given[0]]]
                gained = self.lines.change_without(standing.insertions, given, others, np.ones(len(others)))
                found[place, others] = prices[media[place]][:, place] @ gained
        return found


def response_of(problem: Problem) -> Response:
    """Of the segments that matter to it, up to its most insertions."""
    return Response(problem.model, problem.system.upper[: problem.n_vehicles], segments_of(problem))


def segments_of(problem: Problem) -> BoolArray:
    """(n_segments,) segments whose reach matters to the objective, a floor or a goal."""
    counted = problem.objective.counts
    for people in (floor.people for floors in (problem.floors, problem.effective) for floor in floors):
        counted = counted | (people > 0)
    return counted
