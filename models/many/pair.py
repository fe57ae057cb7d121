"""Whether one plan is better than another: what the gaps, the survey and the model itself leave open.

Of two values V_a, V_b with bounds B_a, B_b (no plan of that question is worth more), the difference of the best plans
lies in [V_a - B_b, B_a - V_b]. In turn:

    contained             one plan holds the other and people are the same: the sign is certain
    within the gaps       that interval holds 0
    within survey error   the middle 95 % of the difference over surveys drawn for both alike hold 0
    within model error    the difference is less than 2 sd of the model's error and the survey's together
    different             none of these

With errors that are normal, a pair without a difference is called different in 4.6 % of cases at most, and one that
differs by 4 sd in 97 %.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.arrays import FloatArray

Verdict = Literal["within the gaps", "within survey error", "within the model's own error", "different"]
FIRM = 2.0  # standard deviations that a difference must exceed
_MIDDLE = (2.5, 97.5)  # percent


@dataclass(frozen=True)
class Judged:
    """verdict on a difference a - b; low, high: the interval that decided, of the widest doubt where it is different.
    certain: one plan holds the other."""

    difference: float
    low: float
    high: float
    verdict: Verdict
    certain: bool = False


def judged(
    values: tuple[float, float],
    bounds: tuple[float, float],
    over_draws: FloatArray | None = None,
    model_sd: float = 0.0,
    contained: bool = False,
) -> Judged:
    """The verdict on two values, more being better. over_draws: (n_draws,) their difference on surveys drawn, None
    where no sample is known. model_sd: one standard deviation of the model's error on the difference.

    >>> judged((101.0, 100.0), (101.0, 102.0)).verdict
    'within the gaps'
    >>> judged((110.0, 100.0), (110.0, 100.0), model_sd=6.0).verdict
    "within the model's own error"
    >>> judged((110.0, 100.0), (110.0, 100.0), model_sd=4.0).verdict
    'different'
    """
    a, b = values
    difference = a - b
    gaps = (a - bounds[1], bounds[0] - b)
    if contained:
        return Judged(difference, *_ordered(difference, *gaps), "different", certain=True)
    if gaps[0] <= 0 <= gaps[1]:
        return Judged(difference, *gaps, "within the gaps")
    survey, survey_sd = gaps, 0.0
    if over_draws is not None and len(over_draws):
        low, high = np.percentile(over_draws, _MIDDLE)
        survey, survey_sd = (float(low), float(high)), float(np.std(over_draws))
        if low <= 0 <= high:
            return Judged(difference, *survey, "within survey error")
    doubt = FIRM * float(np.hypot(model_sd, survey_sd))
    if abs(difference) <= doubt:
        return Judged(difference, difference - doubt, difference + doubt, "within the model's own error")
    every = [*gaps, *survey, difference - doubt, difference + doubt]
    return Judged(difference, min(every), max(every), "different")


def _ordered(difference: float, low: float, high: float) -> tuple[float, float]:
    """An interval kept on the side of 0 that is certain."""
    return (max(low, 0.0), high) if difference > 0 else (low, min(high, 0.0))
