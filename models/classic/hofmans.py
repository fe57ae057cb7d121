"""Hofmans: Agostini's formula with a constant for every pair.

Assumed: as Agostini, but the constant is the one that makes each pair exact.

    K_ij = (p_i + p_j) / (p_i + p_j - d_ij),    K_ii = 2 p_i / R2_i
    reach = A^2 / (A + sum over pairs of insertions of K d),    A = sum_i x_i p_i

Of one vehicle this is R(n) = (n p)^2 / (n p + k d n (n - 1) / 2) with k = 2p / R2, d = 2p - R2.

Source: Hofmans (1966), Measuring the Cumulative Net Coverage of Any Combination of Media, Journal of Marketing
Research 3(3); Aldás Manzano (1998), dissertation, Universidad de Valencia, equations 3.11, 3.12, 3.61 and 3.62.

Fault: exact for two insertions, and drifting after that: with long schedules it can give less than one vehicle alone
reaches ("declining reach"), or more than everyone. No contacts, only reach.
"""

import numpy as np

from models.arrays import FloatArray
from models.classic.schedule import Estimate, Schedule, estimate


def hofmans(schedule: Schedule) -> Estimate:
    """Reach of all insertions. Raises InvalidInput where the formula gives more than everyone."""
    duplication = schedule.over_pairs(pair_constants(schedule) * schedule.shared)
    gross = schedule.contacts
    return estimate(schedule, gross**2 / (gross + duplication))


def pair_constants(schedule: Schedule) -> FloatArray:
    """(n, n) K: the sum of two ratings over the reach of the two; on the diagonal of two insertions in one."""
    both = schedule.rating[:, None] + schedule.rating[None, :]
    return np.asarray(both / (both - schedule.shared))
