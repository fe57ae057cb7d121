"""How the numbers of a plan lie in one vector.

A plan says how many insertions of each vehicle are bought; where weeks bind the buy, also how many in which
week; and which packages. As one vector:

    insertions  x_j            one a vehicle
    weekly      w_jt           vehicle by vehicle, where weeks bind the buy:      x_j = sum_t w_jt
    packages    z_p            0 or 1:                        x_j >= sum_p z_p * insertions of j in p

That is all a plan is, and all that a rule's own check looks at. The programme needs further columns, which
follow from a plan: whether a vehicle is bought at all (b_j), and private ones that single rules ask for.

A fractional plan counts a vehicle as bought from `SMALLEST` of an insertion on.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray

SMALLEST = 0.01  # of an insertion: less is not bought, where fractions may be
WHOLE = 1e-6  # how far from a whole number a solver's whole number may be


@dataclass(frozen=True)
class Columns:
    """vehicles, packages: how many. weeks: of the flight, 0 where weeks do not bind the buy."""

    vehicles: int
    weeks: int = 0
    packages: int = 0

    @property
    def plan_size(self) -> int:
        """Numbers that make a plan."""
        return self.vehicles * (1 + self.weeks) + self.packages

    @property
    def private_from(self) -> int:
        """The first column that is neither part of a plan nor tells what is bought."""
        return self.plan_size + self.vehicles

    def week(self, vehicle: int, week: int) -> int:
        """The column of w_jt."""
        return self.vehicles + vehicle * self.weeks + week

    def package(self, package: int) -> int:
        """The column of z_p."""
        return self.vehicles * (1 + self.weeks) + package

    def bought(self, vehicle: int) -> int:
        """The column of b_j."""
        return self.plan_size + vehicle

    def least_bought(self, whole: bool, wanted: bool) -> float:
        """Insertions from which a vehicle counts as bought: where parts may be, SMALLEST where something must be
        bought (`wanted`), anything at all where nothing may be."""
        least = 0.5 if whole else SMALLEST if wanted else 1e-9
        return least * (1 - 1e-6)

    def insertions(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) of a plan."""
        return plan[: self.vehicles]

    def weekly(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles, n_weeks) of a plan."""
        return plan[self.vehicles : self.vehicles * (1 + self.weeks)].reshape(self.vehicles, self.weeks)

    def packages_of(self, plan: FloatArray) -> FloatArray:
        """(n_packages,) of a plan."""
        return plan[self.vehicles * (1 + self.weeks) : self.plan_size]

    def alone(self, insertions: FloatArray) -> FloatArray:
        """A plan (plan_size,) of insertions (n_vehicles,), of which no weeks or packages are told."""
        return np.pad(insertions, (0, self.plan_size - self.vehicles))

    def join(self, insertions: FloatArray, weekly: FloatArray, packages: FloatArray) -> FloatArray:
        """A plan (plan_size,) from its parts."""
        return np.concatenate([insertions, weekly.ravel(), packages])


@dataclass(frozen=True)
class PackageWeeks:
    """Where the programme has the package insertions of each week. vehicles: those of which the weeks matter. weeks: of
    the flight. first: the first of these columns."""

    vehicles: tuple[int, ...]
    weeks: int
    first: int

    @property
    def end(self) -> int:
        """The column after the last."""
        return self.first + 2 * len(self.vehicles) * self.weeks

    def inside(self, vehicle: int, week: int) -> int:
        """The column of v_jt: insertions in packages."""
        return self.first + self.vehicles.index(vehicle) * self.weeks + week

    def filled(self, vehicle: int, week: int) -> int:
        """The column that says whether all insertions in this week and in dearer ones stand in packages."""
        return self.inside(vehicle, week) + len(self.vehicles) * self.weeks
