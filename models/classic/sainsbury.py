"""Sainsbury: random duplication.

Assumed: 1. everybody meets an insertion of vehicle i with the same probability, its rating p_i; 2. insertions are
met independently, in different vehicles and in the same one.

    not reached = prod_i (1 - p_i)^x_i;    contacts: the sum of independent trials (Poisson-binomial)

Source: E. J. Sainsbury of the London Press Exchange, for one insertion a vehicle, compared with Agostini's method by
Caffyn and Sagovsky (1963), Journal of Advertising Research 3; for several insertions Chandon (1985), A Comparative
Study of Media Exposure Models.

Fault: it knows no habits. People who read one title read others, and the same people come back, so reach is
overstated, the more the longer the schedule.
"""

import numpy as np

from models.classic.beta_binomial import at_random, beta_binomial_classes
from models.classic.schedule import Estimate, Schedule, estimate


def sainsbury(schedule: Schedule) -> Estimate:
    """Reach and contacts when everything is met at random."""
    reach = -np.expm1(float(schedule.insertions @ np.log1p(-schedule.rating)))
    parts = [
        beta_binomial_classes(float(p), 0.0, int(x))
        for p, x in zip(schedule.rating, schedule.insertions, strict=True)
    ]
    return estimate(schedule, reach, at_random(parts))
