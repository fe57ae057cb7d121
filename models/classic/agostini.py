"""Agostini: the gross audience against the sum of all duplications, with one constant.

Assumed: net reach depends on the sum of the ratings and the sum of the pairwise duplications only.

    A = sum_i x_i p_i,    D = sum over pairs of insertions of d  (x_i x_j of d_ij, x_i (x_i - 1) / 2 of d_ii)
    reach = A^2 / (A + K D),    K = 1.125

Source: Agostini (1961), How to Estimate Unduplicated Audiences, Journal of Advertising Research 1(3), for one insertion
in each of several magazines; K was fitted to French magazines. Insertions in one vehicle are counted as
vehicles whose duplication is the repeat audience, as Hofmans (1966) does.

Fault: K = 1.125 belongs to those magazines, and is too high or low elsewhere; with long schedules the formula
can give more than everyone, or less than one vehicle alone. No contacts, only reach.
"""

from models.classic.schedule import Estimate, Schedule, estimate

K = 1.125


def agostini(schedule: Schedule) -> Estimate:
    """Reach of all insertions. Raises InvalidInput where the formula gives more than everyone."""
    return estimate(schedule, agostini_reach(schedule.contacts, schedule.over_pairs(schedule.shared)))


def agostini_reach(gross: float, duplication: float, constant: float = K) -> float:
    """A^2 / (A + K D), in the unit of A (people or shares). gross: A > 0. duplication: D >= 0.

    >>> round(agostini_reach(900_000, 300_000), 1)      # 300, 400 and 200 thousand; pairs share 140, 70 and 90
    654545.5
    """
    return gross**2 / (gross + constant * duplication)
