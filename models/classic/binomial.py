"""Binomial: one average vehicle, met at random.

Assumed: Sainsbury's randomness, and that all insertions are alike: each is met with the schedule's mean rating.

    p = sum_i x_i p_i / N;    contacts ~ Binomial(N, p);    not reached = (1 - p)^N

Source: Lee and Burkart (1960), Some Optimization Problems in Advertising Media, Operational Research Quarterly 11;
reviewed by Chandon (1985).

Fault: Sainsbury's, and it spreads contacts evenly: a few strong vehicles count as many middling ones, down to a reach
below that of one vehicle that dwarfs the others.
"""

import numpy as np

from models.classic.beta_binomial import beta_binomial_classes
from models.classic.schedule import Estimate, Schedule, estimate


def binomial(schedule: Schedule) -> Estimate:
    """Reach and contacts of N insertions of the mean rating, met at random."""
    n = schedule.total
    mean = schedule.contacts / n
    reach = -np.expm1(n * np.log1p(-mean))
    return estimate(schedule, float(reach), beta_binomial_classes(mean, 0.0, n))
