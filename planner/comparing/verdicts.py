"""The verdict of each pair of scenarios, by what both can be held against (see models.many.pair).

Values are by the base's yardstick; two cheapest scenarios, and all where the base is one, are held to each other by
what they cost, and where people or ratings were changed by reach alone. A bound counts where a scenario maximises the
yardstick; elsewhere a plan has its exact value.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from models.arrays import FloatArray
from models.many.pair import Judged, judged
from models.many.resampling import Surveys, values_over_draws, values_over_respondents
from planner.campaign.prepare import Prepared
from planner.campaign.respondents import only_what_counts
from planner.campaign.types import apart_in_surveys
from planner.comparing.doubts import sample_sizes
from planner.comparing.journal import Answer, insertions_by_name
from planner.planning.model_error import reach_difference_error, reach_error

Measure = Literal["value", "cost", "reach"]
DRAWS = 200
MANY = 100  # scenarios; of more, only pairs with the base are judged
_SEED = 20261128  # the same campaign has the same verdicts
_SAME = 1e-9


@dataclass(frozen=True)
class PairVerdict:
    """Scenario a less scenario b, by their places. measure: value (by the base's yardstick), cost (of the cheapest
    plans; less is better) or reach (percent of everyone). model_error: one standard deviation of the model's own error
    on the difference, in the unit of the measure; 0 of money."""

    a: int
    b: int
    measure: Measure
    judged: Judged
    model_error: float = 0.0


def pair_verdicts(base: Prepared, answers: Sequence[Answer], base_at: int) -> tuple[PairVerdict, ...]:
    """Every pair of scenarios that have a plan; those with the base only, where there are more than MANY."""
    judge = _Judge(base, answers)
    return tuple(found for pair in _pairs(answers, base_at) if (found := judge(*pair)) is not None)


def _pairs(answers: Sequence[Answer], base_at: int) -> Iterator[tuple[int, int]]:
    having = [at for at, answer in enumerate(answers) if "cost" in answer]
    if len(having) <= MANY:
        yield from combinations(having, 2)
    elif base_at in having:
        yield from ((min(at, base_at), max(at, base_at)) for at in having if at != base_at)


class _Judge:
    """Judges pairs of answers. Plans are valued on surveys once, whoever is compared with whom."""

    def __init__(self, base: Prepared, answers: Sequence[Answer]) -> None:
        self._answers, self._by_money = answers, base.problem.objective.saves_money
        names = [vehicle.name for vehicle in base.campaign.vehicles]
        plans = [insertions_by_name(answer.get("insertions", {}), names) for answer in answers]
        self._plans = np.array(plans).reshape(len(answers), len(names))
        self._campaign, self._people = base.campaign, base.people
        self._draws = _over_draws(base, self._plans)  # of one survey for all vehicles, of one a vehicle

    def __call__(self, a: int, b: int) -> PairVerdict | None:
        one, other = self._answers[a], self._answers[b]
        if self._by_money or one["objective"] == other["objective"] == "minimum cost":
            found = judged((-one["cost"], -other["cost"]), (-_least(one), -_least(other)))
            return PairVerdict(a, b, "cost", _negated(found))
        if not (one["same_people"] and other["same_people"]):
            return self._by_reach(a, b)
        if one["base_value"] is None or other["base_value"] is None:
            return None
        values = one["base_value"], other["base_value"]
        plans = self._plans[a], self._plans[b]
        sd = reach_difference_error(self._campaign, self._people, *plans) * max(map(abs, values))
        draws = [each[:, a] - each[:, b] for each in self._draws]
        found = judged(values, (_bound(one), _bound(other)), draws, sd, self._contained(a, b))
        return PairVerdict(a, b, "value", found, sd)

    def _by_reach(self, a: int, b: int) -> PairVerdict:
        """Among other people the model errs otherwise, so either plan's reach has the whole of its own error."""
        one, other = (self._answers[at]["audiences"][0]["reach_pct"] for at in (a, b))
        sd = 0.0
        if self._campaign.respondents is None:
            errors = [reach_error(self._campaign, self._plans[at]) for at in (a, b)]
            sd = float(np.hypot(one * errors[0], other * errors[1]))
        return PairVerdict(a, b, "reach", judged((one, other), (one, other), (), sd), sd)

    def _contained(self, a: int, b: int) -> bool:
        """Whether one plan buys all that the other does, and more."""
        more = self._plans[a] - self._plans[b]
        same_side = (more >= -_SAME).all() or (more <= _SAME).all()
        return bool(same_side and (np.abs(more) > _SAME).any())


def _least(answer: Answer) -> float:
    """What no plan of the scenario costs less than, where it looks for the cheapest; else what its plan costs."""
    cheapest = answer["objective"] == "minimum cost" and answer["bound"] is not None
    return float(answer["bound"] if cheapest else answer["cost"])


def _bound(answer: Answer) -> float:
    """What no plan of the scenario is worth more than, where it maximises the yardstick; else its plan's value."""
    value: float = answer["base_value"]
    counts = answer["same_yardstick"] and answer["bound"] is not None
    return max(value, answer["bound"]) if counts else value


def _negated(found: Judged) -> Judged:
    """Of money saved, the difference in money spent."""
    return Judged(-found.difference, -found.high, -found.low, found.verdict, found.certain)


def _over_draws(base: Prepared, plans: FloatArray) -> tuple[FloatArray, ...]:
    """(draws, n_plans) values on surveys drawn alike for all: where one survey asked about all vehicles, and where each
    had its own. () where no sample is known, or the yardstick is money.

    Of effective reach the spread is taken from reach, each plan's to scale: how often people are met is not drawn.
    """
    if base.campaign.respondents is not None:
        return _over_respondents(base, plans)
    sizes = sample_sizes(base.campaign)
    bought, objective, model = (plans > 0).any(axis=0), base.problem.objective, base.people.model
    sizes = np.where(bought, sizes, np.inf)  # what nobody buys need not be drawn
    if objective.saves_money or not np.isfinite(sizes).any():
        return ()
    alike = apart_in_surveys(base.campaign, base.people.segments)
    found = []
    for shared in (True, False):
        rng = np.random.default_rng(_SEED)
        surveys = Surveys(model, sizes, shared, alike)
        drawn = values_over_draws(model, plans, surveys, _yardstick(base), DRAWS, rng)
        found.append(_to_scale(base, plans, drawn))
    return tuple(found)


def _over_respondents(base: Prepared, plans: FloatArray) -> tuple[FloatArray, ...]:
    """The same where the campaign is planned on respondents: who is asked is drawn."""
    respondents, objective = base.campaign.respondents, base.problem.objective
    if respondents is None or objective.saves_money:
        return ()
    asked = only_what_counts(base.campaign, respondents).asked
    rng = np.random.default_rng(_SEED)
    drawn = values_over_respondents(base.people.model, plans, asked, _yardstick(base), DRAWS, rng)
    return (_to_scale(base, plans, drawn),)


def _to_scale(base: Prepared, plans: FloatArray, drawn: FloatArray) -> FloatArray:
    """Draws (draws, n_plans) of reach, where the yardstick counts something else: spread as they are about each plan's
    exact worth."""
    objective = base.problem.objective
    if objective.counts_reach and objective.effective is None:
        return drawn
    exact = np.array([base.problem.value(base.problem.columns.alone(plan)) for plan in plans])
    return np.asarray(drawn / np.maximum(drawn.mean(axis=0), 1e-300) * exact)


def _yardstick(base: Prepared) -> Callable[[FloatArray], FloatArray]:
    """What reach shares (..., n_segments) are worth; where the yardstick does not look at reach, the target's reach
    (000)."""
    objective, target = base.problem.objective, base.people.segments.population * base.people.target
    if not objective.counts_reach or objective.effective is not None:
        return lambda reach: np.asarray(reach @ target)
    return lambda reach: objective.of_reach(reach.reshape(-1, reach.shape[-1]).T).reshape(reach.shape[:-1])
