"""Hofmans: Agostini's formula with a constant for every pair, and for the accumulation of one vehicle.

Assumed: as Agostini, but the constant is the one that makes each pair exact.

    K_ij = (p_i + p_j) / (p_i + p_j - d_ij),    K_ii = 2 p_i / R2_i
    reach = A^2 / (A + sum over pairs of insertions of K d),    A = sum_i x_i p_i

Of one vehicle this is R(n) = (n p)^2 / (n p + k d n (n - 1) / 2) with k = 2p / R2, d = 2p - R2. Where the reach of
three insertions is known too, the number of pairs is bent to meet it:

    R(n) = (n p)^2 / (n p + k d (n - 1)^a n / 2),    a = log2( (3p - R3) R2 / (d R3) );    without R3, a = 1

Source: Hofmans (1966), Measuring the Cumulative Net Coverage of Any Combination of Media, Journal of Marketing
Research 3(3); Aldás Manzano (1998), dissertation, Universidad de Valencia, equations 3.11, 3.12, 3.61 and 3.62.

Fault: exact for two insertions, and drifting after that: with long schedules it can give less than one vehicle alone
reaches ("declining reach"), or more than everyone. No contacts, only reach.
"""

import numpy as np

from models.arrays import FloatArray
from models.classic.schedule import ROUNDING, Estimate, Schedule, estimate
from models.errors import InvalidInput


def hofmans(schedule: Schedule) -> Estimate:
    """Reach of all insertions. Raises InvalidInput where the formula gives more than everyone."""
    weighted = schedule.pairs * pair_constants(schedule) * schedule.shared
    same = float(weighted.diagonal().sum())
    duplication = (float(weighted.sum()) - same) / 2 + same
    gross = schedule.contacts
    return estimate(schedule, gross**2 / (gross + duplication))


def pair_constants(schedule: Schedule) -> FloatArray:
    """(n, n) K: the sum of two ratings over the reach of the two; on the diagonal of two insertions in one."""
    both = schedule.rating[:, None] + schedule.rating[None, :]
    return np.asarray(both / (both - schedule.shared))


def hofmans_accumulation(rating: float, twice: float, insertions: int, thrice: float | None = None) -> float:
    """Reach of n >= 1 insertions in one vehicle from the reach of one, two and, if known, three.

    Raises InvalidInput where the figures do not grow by less and less.

    >>> [round(hofmans_accumulation(0.06, 0.103, n), 6) for n in (1, 2, 3)]
    [0.06, 0.103, 0.135328]
    """
    n, gross = insertions, insertions * rating
    if n == 1:
        return rating
    again = 2 * rating - twice
    power = 1.0 if thrice is None else accumulation_power(rating, twice, thrice)
    duplication = (2 * rating / twice) * again * float((n - 1) ** power) * n / 2
    return gross**2 / (gross + duplication)


def accumulation_power(rating: float, twice: float, thrice: float) -> float:
    """a of the formula: 1 where three insertions reach what two let expect, more where they reach less.

    >>> round(accumulation_power(0.06, 0.103, 0.135), 8)
    1.01407519
    """
    again = 2 * rating - twice
    if not (again > ROUNDING and twice <= thrice < 3 * rating):
        raise InvalidInput(
            f"one, two and three insertions reach {rating:.2%}, {twice:.2%} and {thrice:.2%}; expected growth by "
            "less and less, and some people who meet two."
        )
    return float(np.log2((3 * rating - thrice) * twice / (again * thrice)))
