"""Limits that give way are rounded to the side that lets the plan in, to a number that people can type."""

import numpy as np

from models.rules.row import TOLERANCE, Side

# Units told in percent.
FRACTIONS = ("share of spend", "share of budget", "ratio", "share of the audience", "share of impressions")
_HARDLY = 1e-5  # of a limit of money
_COARSER = (10**5, 10**4, 1_000, 100)  # times the grain: no fewer cents alone
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
    """A limit rounded to the side where it asks for less; of money, to the roundest number that is hardly further.

    >>> outwards(1049.99999999, "<=", "money"), outwards(0.34567, ">=", "share of spend")
    (1050.0, 0.3456)
    >>> outwards(39_999.987, "<=", "money"), outwards(40_000.02, ">=", "money"), outwards(39_999.987, ">=", "money")
    (40000.0, 40000.0, 39999.98)
    """
    finest = grain(value, unit)
    for times in _COARSER if unit == "money" else ():
        told = _outwards(value, sense, times * finest)
        if abs(told - value) <= _HARDLY * abs(value):
            return told
    return _outwards(value, sense, finest)


def _outwards(value: float, sense: Side, step: float) -> float:
    near = np.rint(value / step)
    # Else it lies on a step, but for a rounding of sums, to which the rules' own check looks as well.
    if abs(value - near * step) > max(1e-6 * step, min(TOLERANCE * abs(value), step / 4)):
        near = np.floor(value / step) if sense == ">=" else np.ceil(value / step)
    return float(round(near * step, max(round(-float(np.log10(step))), 0)))
