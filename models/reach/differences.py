"""How far the reach model may err on the difference of two plans.

Two plans that share most vehicles share most of the model's error; what is left grows with what they exchange.
Measured on halves of three US surveys, one standard deviation of the difference, as a share of a plan's value:

    sd = c sqrt(d (1 - d / 2n)) / n

n vehicles bought (the mean of the two plans), d of them exchanged. Where the same vehicles are bought more or less
often, d is n times the share of contacts that moved; of the two, the larger counts. c is the caller's.

Breaks down: measured on one contact in each vehicle and on plans of 4 to 32 vehicles, all exchanges alike.
"""

import numpy as np

from models.arrays import FloatArray


def exchanged(a: FloatArray, b: FloatArray, rating: FloatArray) -> tuple[float, float]:
    """Vehicles bought by two plans (their mean), and how many of them are exchanged.

    a, b: (n_vehicles,) insertions. rating: (n_vehicles,) of one insertion, weighs contacts.

    >>> exchanged(np.array([1., 1, 0]), np.array([1., 0, 1]), np.full(3, .1))
    (2.0, 1.0)
    """
    bought = float(np.count_nonzero(a > 0) + np.count_nonzero(b > 0)) / 2
    changed = float(np.count_nonzero((a > 0) != (b > 0))) / 2
    contacts = float((a + b) @ rating)
    moved = bought * float(np.abs(a - b) @ rating) / contacts if contacts > 0 else 0.0
    return bought, max(changed, moved)


def difference_error(a: FloatArray, b: FloatArray, rating: FloatArray, c: float) -> float:
    """One standard deviation of the model's error on the difference of two plans, as a share of their value.

    >>> round(difference_error(np.ones(8), np.array([1.] * 6 + [0, 0]), np.full(8, .1), .2), 3)
    0.028
    """
    bought, changed = exchanged(a, b, rating)
    if bought <= 0:
        return 0.0
    return c * float(np.sqrt(changed * (1 - changed / (2 * bought)))) / bought
