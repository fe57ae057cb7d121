"""Beta-binomial: people differ in how often they use a vehicle.

Assumed: 1. a person's chance to meet an insertion of the vehicle is the same for all its insertions; 2. it differs
between people, as a Beta(alpha, beta); 3. vehicles are met independently of each other (the model speaks of one
vehicle; combining several at random is the usual way to use it for a schedule).

    P(met k of n) = C(n, k) B(alpha + k, beta + n - k) / B(alpha, beta)
    alpha = p (R2 - p) / (2p - p^2 - R2),    beta = alpha (1 - p) / p
    schedule: not reached = prod_i (not reached of vehicle i)

Here by rho = 1 / (alpha + beta + 1) = (2p - p^2 - R2) / (p (1 - p)), the correlation between two insertions, which
is finite at both ends: 0 is the binomial (alpha and beta infinite), 1 is "the same people every time" (both 0).

Source: Hyett (1958), paper read at the London School of Economics; R2 as the second figure: Metheringham (1964);
Chandon (1985).

Fault: of one vehicle it is good. Between vehicles it assumes random duplication, so reach is overstated where people
who use one vehicle use others. It cannot represent a repeat audience below chance (R2 > 2p - p^2).
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from models.arrays import FloatArray
from models.classic.schedule import Estimate, Schedule, estimate
from models.errors import InvalidInput
from models.special import log_gamma

_ROUNDING = 1e-9  # of R2, a share
_ALWAYS_THE_SAME = 1 - 1e-9


def beta_binomial(schedule: Schedule) -> Estimate:
    """Each vehicle accumulates by its own beta-binomial, vehicles combine at random."""
    together = at_random(vehicle_classes(schedule))
    return estimate(schedule, 1 - float(together[0]), together)


def at_random(parts: Sequence[FloatArray]) -> FloatArray:
    """Contacts of vehicles met independently of each other: the convolution of each one's (x_i + 1,) classes."""
    return reduce(np.convolve, parts)


def vehicle_classes(schedule: Schedule) -> list[FloatArray]:
    """Per vehicle, (x_i + 1,) share met by exactly 0, ..., x_i of its insertions.

    Raises InvalidInput (subject: the vehicle) where its repeat audience is below chance.
    """
    return [
        beta_binomial_classes(float(p), correlation(float(p), float(second), name), int(x))
        for name, p, second, x in zip(
            schedule.vehicles, schedule.rating, schedule.twice, schedule.insertions, strict=True
        )
    ]


def correlation(rating: float, twice: float, vehicle: str) -> float:
    """rho from p and R2; raises InvalidInput where two insertions reach more than at random.

    >>> round(correlation(0.5, 0.55, "v"), 6)      # alpha = beta = 0.125
    0.8
    """
    excess = 2 * rating - rating**2 - twice
    if excess < -_ROUNDING:
        raise InvalidInput(
            f'two insertions in "{vehicle}" reach {twice:.2%}, more than at random ({twice + excess:.2%}): the '
            "beta-binomial cannot represent people who avoid what they have met.",
            (vehicle,),
        )
    return float(min(max(excess, 0.0) / (rating * (1 - rating)), 1.0))


def beta_binomial_classes(rating: float, rho: float, insertions: int) -> FloatArray:
    """(n + 1,) share met exactly 0, ..., n times by n insertions of this rating and correlation 0 <= rho <= 1.

    The beta functions are written as products, p (p + d) (p + 2d) ... with d = rho / (1 - rho): exact from the
    binomial (d = 0) to the polarised end, for thousands of insertions.

    >>> beta_binomial_classes(0.5, 0.8, 2).round(6).tolist()
    [0.45, 0.1, 0.45]
    """
    if rho >= _ALWAYS_THE_SAME and insertions > 0:
        return np.concatenate([[1 - rating], np.zeros(insertions - 1), [rating]])
    steps = np.arange(insertions) * (rho / (1 - rho))
    met, missed, either = (_log_products(np.asarray(start + steps)) for start in (rating, 1 - rating, 1.0))
    k = np.arange(insertions + 1)
    factorial = log_gamma(np.asarray(k + 1, dtype=float))  # its logarithms
    ways = factorial[-1] - factorial - factorial[::-1]
    classes = np.exp(ways + met + missed[::-1] - either[-1])
    return np.asarray(classes / classes.sum())


def _log_products(factors: FloatArray) -> FloatArray:
    """(n + 1,) logarithms of the products of the first 0, 1, ..., n factors."""
    return np.concatenate([[0.0], np.cumsum(np.log(factors))])
