"""Morgensztern: the accumulated reach of each vehicle against pairwise duplication.

Assumed: each vehicle accumulates by its own beta-binomial to R_i after x_i insertions; duplication between two vehicles
grows with their reach; each pair has Hofmans' constant.

    K_ij = (p_i + p_j) / (p_i + p_j - d_ij)
    reach = (sum R_i)^2 / ( sum R_i + sum over i < j of K_ij d_ij R_i R_j / (p_i p_j) )

The formula has no contacts; they come from joining the vehicles one by one, the formula giving the reach of each
step (MSAD, models.classic.aggregation).

Source: Morgensztern (1970), as given by Leckenby and Rice (1986), Lee (1988), Aldás Manzano (1998, equation 3.106)
and Kim (2005, pp. 65-71).

Fault: only pairs are known, so reach comes out low when many vehicles share many people, down to less than one
vehicle alone reaches ("declining reach"), and the order of joining changes the contacts.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.classic.aggregation import aggregate, largest_first
from models.classic.beta_binomial import vehicle_classes
from models.classic.hofmans import pair_constants
from models.classic.schedule import Estimate, Schedule, estimate
from models.errors import InvalidInput


def morgensztern(schedule: Schedule) -> Estimate:
    """Reach by the formula, contacts by sequential aggregation (None, and said, where that is impossible).

    Raises InvalidInput where the formula gives more than everyone or a vehicle's repeat audience is below chance.
    """
    parts = vehicle_classes(schedule)
    alone = np.array([1 - part[0] for part in parts])
    reach = morgensztern_reach(schedule, alone)
    try:
        return estimate(schedule, reach, msad(schedule, parts), alone=alone)
    except InvalidInput as error:
        return estimate(schedule, reach, None, (f"No distribution: {error}",), alone)


def morgensztern_reach(schedule: Schedule, alone: FloatArray) -> float:
    """The formula. alone: (n,) R, reach of each vehicle alone after its own insertions."""
    pairs = _duplications(schedule, alone)
    gross = float(alone.sum())
    return gross**2 / (gross + float(pairs.sum()) / 2)


def msad(
    schedule: Schedule, parts: Sequence[FloatArray] | None = None, order: IntArray | None = None
) -> FloatArray:
    """(N + 1,) contacts by Morgensztern's sequential aggregation. parts: of each vehicle. order: default by rating.

    Raises InvalidInput where the reach of a step is impossible beside what is joined.
    """
    parts = vehicle_classes(schedule) if parts is None else parts
    alone = np.array([1 - part[0] for part in parts])
    pairs = _duplications(schedule, alone)

    def reach_of(vehicles: IntArray) -> float:
        gross = float(alone[vehicles].sum())
        return gross**2 / (gross + float(pairs[np.ix_(vehicles, vehicles)].sum()) / 2)

    return aggregate(schedule, parts, reach_of, largest_first(schedule) if order is None else order)


def _duplications(schedule: Schedule, alone: FloatArray) -> FloatArray:
    """(n, n) K d R R / (p p) of every pair of vehicles, 0 on the diagonal."""
    growth = alone / schedule.rating
    pairs = pair_constants(schedule) * schedule.shared * np.outer(growth, growth)
    np.fill_diagonal(pairs, 0.0)
    return np.asarray(pairs)
