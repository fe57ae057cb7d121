"""Held-out honesty: plans made on one half of the respondents, valued on the other half.

A plan made on respondents fits their chance too: on the people it was made on it looks better than it is (the
optimiser's curse), and so does the gain of tailoring it. So the respondents are halved at random, again and again; the
ordinary and the tailored plan are made on each half and valued on both:

    predicted   on the half that the plans were made on          realised   on the other half

Values of overlapping halves are not independent. The interval of the mean uses Nadeau and Bengio's correction (2003,
Machine Learning 52): variance (1/k + 1) s^2 of k values, as many people to judge by as to plan on; Student's t.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import scipy

from models.arrays import FloatArray
from planner.formats import number, signed
from planner.planning.influence import Influence, VerdictCode

_CERTAINTY = 0.95


@dataclass(frozen=True)
class Half:
    """Plans made on a half: their value in percent of what reaching everybody is worth, predicted and realised. same:
    both plans buy the same."""

    tailored_predicted: float
    tailored_realised: float
    ordinary_predicted: float
    ordinary_realised: float
    same: bool

    @property
    def curse(self) -> float:
        """Points that the tailored plan promised and did not bring."""
        return self.tailored_predicted - self.tailored_realised

    @property
    def predicted(self) -> float:
        """Percent that tailoring promised over the ordinary plan."""
        return 100 * (self.tailored_predicted / self.ordinary_predicted - 1)

    @property
    def realised(self) -> float:
        """Percent that tailoring brought over the ordinary plan."""
        return 100 * (self.tailored_realised / self.ordinary_realised - 1)


@dataclass(frozen=True)
class Estimate:
    """A mean over halves and its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Halves:
    """Every half planned on. respondents: interviewed; repeats: how often they were halved; seed."""

    respondents: int
    repeats: int
    seed: int
    halves: tuple[Half, ...]

    def of(self, measure: Callable[[Half], float]) -> Estimate:
        """A measure's mean and interval."""
        return estimate(np.array([measure(half) for half in self.halves]))

    @property
    def curse(self) -> Estimate:
        """Points of the greatest possible value that a plan promised and did not bring."""
        return self.of(lambda half: half.curse)

    @property
    def predicted(self) -> Estimate:
        """Percent that tailoring promised."""
        return self.of(lambda half: half.predicted)

    @property
    def realised(self) -> Estimate:
        """Percent that tailoring brought."""
        return self.of(lambda half: half.realised)

    @property
    def brings(self) -> bool:
        """Whether tailoring brought something, beyond the chance of who was asked."""
        return self.realised.low > 0

    @property
    def sentence(self) -> str:
        """The verdict, for people."""
        found, curse = self.realised, self.curse.mean
        often = "once" if self.repeats == 1 else f"{self.repeats} times"
        said = (
            f"Planned on one half of the respondents and valued on the other ({often} halved), tailoring brings "
            f"{signed(found.mean, 2)} % of value over the ordinary plan (95 % interval {signed(found.low, 2)} to "
            f"{signed(found.high, 2)}; it promised {signed(self.predicted.mean, 2)} %)"
        )
        verdict = (
            "a gain" if self.brings else "a loss" if found.high < 0 else "no gain that the survey could show"
        )
        more = f"{number(abs(curse), 2)} points {'more' if curse >= 0 else 'less'}"
        return f"{said}: {verdict}. A plan promised {more} than it brought."


def estimate(values: FloatArray) -> Estimate:
    """Mean and 95 % interval of values of overlapping halves; a single one has no interval.

    >>> estimate(np.array([1.0, 1.0])).low
    1.0
    """
    mean, k = float(values.mean()), len(values)
    if k < 2:
        return Estimate(mean, -np.inf, np.inf)
    spread = float(np.sqrt((1 / k + 1) * values.var(ddof=1)))
    half = float(scipy.special.stdtrit(k - 1, 0.5 + _CERTAINTY / 2)) * spread
    return Estimate(mean, mean - half, mean + half)


def judged(influence: Influence, halves: Halves | None) -> Influence:
    """A plan made on respondents with the verdict of people not planned on; without one, no gain is claimed."""
    if influence.verdict_code not in ("gain", "within_model_error"):
        more = "" if halves is None else f" {halves.sentence}"
        return replace(influence, verdict=f"{influence.verdict}{more}", in_short="")
    if halves is None:
        text = (
            f"On the respondents that the plan was made on, tailoring is worth {100 * influence.gain:.2f} % more "
            "than the ordinary plan. No gain is claimed: what it brings people never asked is told by planner "
            "survey validate."
        )
        return replace(influence, verdict=text, in_short="", verdict_code="within_model_error")
    code: VerdictCode = "gain" if halves.brings else "within_model_error"
    return replace(influence, verdict=halves.sentence, in_short="", verdict_code=code)
