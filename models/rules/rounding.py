"""Limits that give way are rounded to the side that lets the plan in, to a number that people can type."""

import numpy as np

from models.rules.row import Side

# Units told in percent.
FRACTIONS = ("share of spend", "share of budget", "ratio", "share of the audience", "share of impressions")
_DIGITS = 4  # a limit's grain is at most the fourth digit of the limit itself


def grain(value: float, unit: str) -> float:
    """The steps in which a limit of this size is told.

    >>> grain(1049.5, "money"), grain(0.3, "share of spend")
    (0.01, 0.0001)
    """
    usual = 1e-4 if unit in FRACTIONS else 0.01
    if abs(value) < 1e-9:
        return usual
    return float(min(usual, 10.0 ** (np.floor(np.log10(abs(value))) - _DIGITS + 1)))


def outwards(value: float, sense: Side, unit: str) -> float:
    """A limit rounded to the side where it asks for less.

    >>> outwards(1049.99999999, "<=", "money"), outwards(0.34567, ">=", "share of spend")
    (1050.0, 0.3456)
    """
    step = grain(value, unit)
    near = np.rint(value / step)
    if abs(value / step - near) > 1e-6:  # else it lies on the grain, but for a rounding of sums
        near = np.floor(value / step) if sense == ">=" else np.ceil(value / step)
    return float(round(near * step, max(round(-float(np.log10(step))), 0)))
