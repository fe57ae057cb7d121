"""What every classic reach model is given, a schedule, and what each answers, an estimate.

A schedule is what a planner of 1965 had on the desk: for each vehicle the rating of one insertion and the reach
of two, for each pair of vehicles the people who meet both, and how often each is bought. The models differ in what
they make of it.

    p_i    rating: share who meet one insertion in vehicle i            (R1, A_i)
    R2_i   share who meet at least one of two insertions in vehicle i
    d_ij   share who meet one insertion in i and one in j               (D_ij)
    d_ii   share who meet two insertions in i: 2 p_i - R2_i             (repeat audience x rating)
    x_i    insertions, whole
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arrays import FloatArray, freeze, frozen_floats
from models.errors import InvalidInput

ROUNDING = 1e-9  # of shares that were added and subtracted


@dataclass(frozen=True, eq=False)
class Schedule:
    """Insertions in vehicles whose pairwise duplications are known; shares 0..1 of one population.

    vehicles: names. rating: (n,) p, 0 < p < 1. twice: (n,) R2, p <= R2 <= min(1, 2p). shared: (n, n) d off the
    diagonal, which is ignored. insertions: (n,) whole numbers >= 1. Raises InvalidInput where a figure is
    impossible, whatever the model (Fréchet's bounds for pairs).
    """

    vehicles: tuple[str, ...]
    rating: FloatArray
    twice: FloatArray
    shared: FloatArray
    insertions: FloatArray

    def __post_init__(self) -> None:
        n = len(self.vehicles)
        if n == 0:
            raise InvalidInput("nothing is bought, so there is no schedule to estimate.")
        rating = frozen_floats("rating", self.rating, (n,))
        twice = frozen_floats("reach of two insertions", self.twice, (n,))
        shared = frozen_floats("duplication", self.shared, (n, n)).copy()
        bought = frozen_floats("insertions", self.insertions, (n,))
        _check_vehicles(self.vehicles, rating, twice, bought)
        np.fill_diagonal(shared, 2 * rating - twice)
        _check_pairs(self.vehicles, rating, shared)
        freeze(self, rating=rating, twice=twice, shared=shared, insertions=bought)

    @property
    def total(self) -> int:
        """Insertions in all vehicles together, N."""
        return int(self.insertions.sum())

    @cached_property
    def contacts(self) -> float:
        """Contacts per head, sum of x p: the gross audience, GRP / 100."""
        return float(self.insertions @ self.rating)

    @cached_property
    def pairs(self) -> FloatArray:
        """(n, n) pairs of different insertions: x_i x_j between two vehicles, x_i (x_i - 1) / 2 within one.

        Symmetric: a pair of vehicles stands twice, above and below the diagonal.
        """
        x = self.insertions
        pairs = np.outer(x, x)
        np.fill_diagonal(pairs, x * (x - 1) / 2)
        return pairs

    def over_pairs(self, figure: FloatArray) -> float:
        """The sum of a figure (n, n), of two vehicles or of one with itself, over all pairs of insertions."""
        weighted = self.pairs * figure
        return float(weighted.sum() + weighted.trace()) / 2

    @cached_property
    def alone(self) -> FloatArray:
        """(n,) share that each vehicle surely reaches by itself: p if bought once, R2 if more often."""
        return np.where(self.insertions > 1, self.twice, self.rating)


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a model makes of a schedule.

    reach: share met at least once, 0..1. average_frequency: contacts per person reached. distribution: (N + 1,)
    share met exactly 0, 1, ..., N times, summing to 1; None where there is none. notes: what had to be put right or
    is wrong on its face, in sentences. possible: whether so few people can be reached at all; no schedule reaches
    fewer than one of its vehicles alone ("declining reach").
    """

    reach: float
    average_frequency: float
    distribution: FloatArray | None
    notes: tuple[str, ...] = ()
    possible: bool = True


def estimate(
    schedule: Schedule,
    reach: float,
    distribution: FloatArray | None = None,
    notes: Sequence[str] = (),
    alone: FloatArray | None = None,
) -> Estimate:
    """An estimate: its frequency (contacts = reach x frequency), and whether its reach is possible.

    alone: (n,) what the model itself says that each vehicle reaches; default what is certain. Raises InvalidInput
    where the reach is no share of people.
    """
    if not 0 < reach <= 1 + ROUNDING:
        what = (
            "more than everyone: these vehicles share fewer"
            if reach > 1
            else "less than nobody: they share more"
        )
        raise InvalidInput(f"its formula gives a reach of {reach:.1%}, {what} people than it can represent.")
    parts = schedule.alone if alone is None else alone
    at = int(parts.argmax())
    possible = bool(reach >= parts[at] - ROUNDING)
    said = f'Impossible: "{schedule.vehicles[at]}" alone reaches {parts[at]:.1%}, more than all together are said to.'
    return Estimate(
        min(reach, 1.0),
        schedule.contacts / min(reach, 1.0),
        distribution,
        tuple(notes) if possible else (*notes, said),
        possible,
    )


def _check_vehicles(
    vehicles: Sequence[str], rating: FloatArray, twice: FloatArray, insertions: FloatArray
) -> None:
    for name, p, second, x in zip(vehicles, rating, twice, insertions, strict=True):
        if not 0 < p < 1:
            raise InvalidInput(
                f'the rating of "{name}" is {p:.1%}; expected more than 0, below 100 %.', (name,)
            )
        if not p - ROUNDING <= second <= min(1.0, 2 * p) + ROUNDING:
            raise InvalidInput(
                f'two insertions in "{name}" reach {second:.1%}; expected {p:.1%} (the same people again) to '
                f"{min(1.0, 2 * p):.1%} (all others).",
                (name,),
            )
        if x != np.round(x) or x < 1:
            raise InvalidInput(
                f'"{name}" has {x:g} insertions; this model counts whole insertions, at least one.', (name,)
            )


def _check_pairs(vehicles: Sequence[str], rating: FloatArray, shared: FloatArray) -> None:
    """Fréchet's bounds: nobody is shared twice, and all of a vehicle's audience at most."""
    least = np.maximum(rating[:, None] + rating[None, :] - 1, 0)
    most = np.minimum(rating[:, None], rating[None, :])
    symmetric = np.isclose(shared, shared.T, rtol=0, atol=ROUNDING)
    possible = (shared >= least - ROUNDING) & (shared <= most + ROUNDING) & symmetric
    np.fill_diagonal(possible, True)
    for i, j in np.argwhere(~possible):
        raise InvalidInput(
            f'"{vehicles[i]}" and "{vehicles[j]}" are said to share {shared[i, j]:.2%} of the people; expected '
            f"{least[i, j]:.2%} to {most[i, j]:.2%}, the same from either side.",
            (vehicles[i], vehicles[j]),
        )
