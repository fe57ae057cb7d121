"""What is known of the vehicles before reach is calibrated (models.reach.gamma)."""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, freeze, frozen_floats
from models.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class Audiences:
    """What is known of the vehicles before calibration.

    vehicles, media: labels. medium: (n_vehicles,) index into media. population: (n_segments,) people (000).
    rating: (n_segments, n_vehicles) probability that one insertion is seen, 0 <= p < 1.
    repeat: (n_vehicles,) share of one insertion's audience that sees the next, 0 <= r < 1.
    repeat_measured: (n_vehicles,) True where r was stated for the vehicle and an impossible one is an
    error; elsewhere r is raised to the least possible value, and to what the contacts of an insertion ask for.
    stands_for: (n_vehicles,) of vehicles that are sold in several units (models.reach.units) the place of the unit
    that most people notice; elsewhere its own place. None: each is the only unit of its vehicle.
    per_person: (n_vehicles,) mean contacts, >= 1, that one insertion gives each person reached; None: 1.
    """

    vehicles: tuple[str, ...]
    media: tuple[str, ...]
    medium: IntArray
    population: FloatArray
    rating: FloatArray
    repeat: FloatArray
    repeat_measured: BoolArray
    stands_for: IntArray | None = None
    per_person: FloatArray | None = None

    def __post_init__(self) -> None:
        n, c = len(self.vehicles), len(self.population)
        freeze(
            self,
            medium=np.array(self.medium, dtype=np.int64),
            population=frozen_floats("population", self.population, (c,)),
            rating=frozen_floats("rating", self.rating, (c, n)),
            repeat=frozen_floats("repeat", self.repeat, (n,)),
            repeat_measured=np.array(self.repeat_measured, dtype=bool),
        )
        for j in np.flatnonzero((self.rating < 0).any(axis=0) | (self.rating >= 1).any(axis=0)):
            raise InvalidInput(
                f'"{self.vehicles[j]}" would be seen by everyone in a segment; expected a rating below 100 %.',
                (self.vehicles[j],),
            )
        for j in np.flatnonzero((self.repeat < 0) | (self.repeat >= 1)):
            raise InvalidInput(
                f'the repeat audience of "{self.vehicles[j]}" is {self.repeat[j]:.1%}; expected 0 to below 100 %.',
                (self.vehicles[j],),
            )

    @property
    def contacts(self) -> FloatArray:
        """(n_segments, n_vehicles) mean contacts of one insertion with each person, reached or not."""
        return self.rating if self.per_person is None else self.rating * self.per_person

    def contacts_each(self, vehicles: IntArray) -> FloatArray:
        """(n,) mean contacts that one insertion of these vehicles (n,) gives each person reached."""
        return np.ones(len(vehicles)) if self.per_person is None else self.per_person[vehicles]

    def chosen(self, vehicles: IntArray) -> "Audiences":
        """Some of the vehicles (n,) alone."""
        return Audiences(
            tuple(self.vehicles[j] for j in vehicles), self.media, self.medium[vehicles], self.population,
            self.rating[:, vehicles], self.repeat[vehicles], self.repeat_measured[vehicles],
            per_person=None if self.per_person is None else self.per_person[vehicles],
        )  # fmt: skip
