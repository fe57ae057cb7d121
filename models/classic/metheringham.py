"""Metheringham: one average vehicle, its beta-binomial fitted to all pairs of insertions.

Assumed: the N insertions of the schedule are N insertions of one average vehicle, whose people differ by a Beta.

    A1 = sum_i x_i p_i / N                                       mean rating
    D  = sum over pairs of insertions of d / (N (N - 1) / 2)     x_i x_j pairs share d_ij, x_i (x_i - 1) / 2 share d_ii
    A2 = 2 A1 - D                                                reach of two of its insertions
    contacts ~ beta-binomial(N; A1, A2)

d_ii is the repeat audience of vehicle i, the people who meet two of its insertions, not its rating.

Source: Metheringham (1964), Measuring the Net Cumulative Coverage of a Print Campaign, Journal of Advertising
Research 4(4).

Fault: the average vehicle hides which vehicles are strong, so it goes wrong where ratings are very unequal (it
cannot represent D below A1 squared at all); adding a vehicle can lower its reach.
"""

import numpy as np

from models.classic.beta_binomial import beta_binomial_classes
from models.classic.schedule import ROUNDING, Estimate, Schedule, estimate
from models.errors import InvalidInput


def metheringham(schedule: Schedule) -> Estimate:
    """Reach and contacts of the average vehicle. Raises InvalidInput where its variance is impossible."""
    n = schedule.total
    mean = schedule.contacts / n
    if n == 1:
        return estimate(schedule, mean, beta_binomial_classes(mean, 0.0, 1))
    shared = mean_duplication(schedule)
    if shared < mean**2 - ROUNDING:
        raise InvalidInput(
            f"two insertions share {shared:.3%} of the people on average, fewer than two alike of the mean rating "
            f"{mean:.2%} would by chance ({mean**2:.3%}): the average vehicle's people cannot differ by less than "
            "nothing."
        )
    rho = max(shared - mean**2, 0.0) / (mean * (1 - mean))
    classes = beta_binomial_classes(mean, min(rho, 1.0), n)
    return estimate(schedule, float(1 - classes[0]), classes)


def mean_duplication(schedule: Schedule) -> float:
    """D: share who meet both of two insertions, averaged over all pairs of insertions of the schedule."""
    return schedule.over_pairs(schedule.shared) / schedule.over_pairs(np.ones_like(schedule.shared))
