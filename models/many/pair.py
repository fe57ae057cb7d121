"""Whether one plan is better than another: what the gaps, the survey and the model itself leave open.

Of two values V_a, V_b with bounds B_a, B_b (no plan of that question is worth more), the difference of the best plans
lies in [V_a - B_b, B_a - V_b]. Doubts are added one after the other; the first whose interval holds 0 names the
verdict:

    contained             one plan holds the other, people are the same and its worth is not: different, and the sign
                          is certain
    within the gaps       [V_a - B_b, B_a - V_b]
    within survey error   that, wider by z sd of the difference over surveys drawn for both alike
    within model error    that, wider by z sd of the survey's error and the model's together
    different             none of these; the last interval is told

sd of the survey: of the widest of several ways in which it may have been taken. z = 2.3, by which a pair without a
difference is called different in 2.1 % of cases, were errors normal and their sizes known. They are not: sizes are
measured on samples, to 15 % or so, and a survey's ratings are not normal. In simulation (benchmarks/pair_verdicts.md)
at most 5 % are, in every condition tried, and of pairs that differ by 4 sd over 80 % are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.arrays import FloatArray

Verdict = Literal["within the gaps", "within survey error", "within the model's own error", "different"]
FIRM = 2.3  # standard deviations that a difference must exceed


@dataclass(frozen=True)
class Judged:
    """verdict on a difference a - b; low, high: the interval that decided, of all doubts where it is different.
    certain: one plan holds the other; the interval does not pass 0 then."""

    difference: float
    low: float
    high: float
    verdict: Verdict
    certain: bool = False


def judged(
    values: tuple[float, float],
    bounds: tuple[float, float],
    over_draws: Sequence[FloatArray] = (),
    model_sd: float = 0.0,
    contained: bool = False,
) -> Judged:
    """The verdict on two values, more being better. over_draws: (n_draws,) their difference on surveys drawn, for each
    way in which they may have been taken; () where no sample is known. model_sd: one standard deviation of the model's
    error on the difference.

    >>> judged((101.0, 100.0), (101.0, 102.0)).verdict
    'within the gaps'
    >>> judged((110.0, 100.0), (110.0, 100.0), model_sd=6.0).verdict
    "within the model's own error"
    >>> judged((110.0, 100.0), (110.0, 100.0), model_sd=3.0).verdict
    'different'
    """
    a, b = values
    difference, gaps = a - b, (a - bounds[1], bounds[0] - b)
    contained = contained and difference != 0  # what one holds beyond the other may add nobody who counts
    survey_sd = max((float(np.std(draws, ddof=1)) for draws in over_draws), default=0.0)
    doubts: tuple[tuple[Verdict, float], ...] = (
        ("within the gaps", 0.0),
        ("within survey error", FIRM * survey_sd),
        ("within the model's own error", FIRM * float(np.hypot(survey_sd, model_sd))),
    )
    for verdict, doubt in doubts:
        low, high = gaps[0] - doubt, gaps[1] + doubt
        if low <= 0 <= high and not contained:
            return Judged(difference, low, high, verdict)
    if contained:
        low, high = (max(low, 0.0), high) if difference > 0 else (low, min(high, 0.0))
    return Judged(difference, low, high, "different", contained)
