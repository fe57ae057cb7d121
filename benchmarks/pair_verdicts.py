"""How often the verdict on a pair of plans is wrong: false "different", and true differences of 4 sd that are told.

    python benchmarks/pair_verdicts.py --pairs 2000

Each pair is valued on a survey of its own: respondents drawn one by one from people whose media use is known (the
nested gamma of models.reach.gamma), their contacts counted by segment, the ratings so found put in the place of the
true ones. What surveys leave open is then told from that survey alone, as from a workbook with Sample sizes. The
model's error is normal, of so many sd of the survey's. Errors are those of the pair's difference; a pair without a
difference is one whose true difference is taken off, and one of 4 sd has so much added. sd: of many surveys from the
truth.
"""

import argparse
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.many.pair import judged
from models.many.resampling import Surveys, values_of, values_over_draws
from models.reach.curves import intensity_of
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate

DRAWS = 200
WORTH = np.array([1.0, 1.8, 3.0])  # of a person in each segment


@dataclass(frozen=True)
class Condition:
    """asked: respondents of the survey, or of each vehicle's where not shared. buys: vehicles of either plan; model:
    its error, up to so many sd of the survey's. between, within: duplication."""

    name: str
    asked: int
    shared: bool
    buys: tuple[int, int] = (6, 6)
    vehicles: int = 12
    model: float = 0.0
    between: float = 1.35
    within: tuple[float, float] = (1.7, 2.0)


CONDITIONS = (
    Condition("one survey of 3,000", 3_000, True),
    Condition("one survey of 800", 800, True),
    Condition("one survey of 800, model's error too", 800, True, model=2.0),
    Condition("a survey a vehicle, of 3,000", 3_000, False),
    Condition("a survey a vehicle, of 800, model's error too", 800, False, model=2.0),
    Condition("one survey of 800, plans of 8 and 3", 800, True, (8, 3)),
    Condition("one survey of 800, much duplication, plans of 8 and 3", 800, True, (8, 3), 12, 0.0, 2.5, (4.0, 5.0)),
    Condition("one survey of 3,000, 30 vehicles, plans of 12", 3_000, True, (12, 12), 30, 1.0),
)  # fmt: skip


def people(rng: np.random.Generator, given: Condition) -> ReachModel:
    """Three segments, two media, ratings of 2 to 12 %."""
    n, population = given.vehicles, np.array([8_000.0, 3_000.0, 1_000.0])
    rating = rng.uniform(0.02, 0.12, n) * rng.uniform(0.7, 1.4, (3, n))
    audiences = Audiences(
        tuple(f"v{j}" for j in range(n)), ("TV", "print"), np.arange(n) % 2, population, rating, np.full(n, 0.5),
        np.zeros(n, dtype=bool),
    )  # fmt: skip
    return calibrate(audiences, Duplication(given.between, np.array(given.within), np.ones(3)))


def two_plans(rng: np.random.Generator, given: Condition) -> FloatArray:
    """(2, n_vehicles), half of the smaller in the larger."""
    first, (a, b) = rng.permutation(given.vehicles), given.buys
    plans = np.zeros((2, given.vehicles))
    plans[0, first[:a]] = 1 + rng.integers(0, 3, a)
    shared = first[a - b // 2 : a]
    other = np.concatenate([shared, first[a : a + b - len(shared)]])
    plans[1, other] = 1 + rng.integers(0, 3, len(other))
    return plans


def surveyed(truth: ReachModel, given: Condition, rng: np.random.Generator) -> ReachModel:
    """The people as a survey finds them."""
    if given.shared:
        rating = _asked(truth, given.asked, rng)
    else:
        each = [_asked(truth, given.asked, rng)[:, j] for j in range(given.vehicles)]
        rating = np.stack(each, axis=1)
    rating = np.minimum(rating, 0.99)
    k = truth.k_person[:, None], truth.k_medium[:, truth.audiences.medium]
    audiences = replace(truth.audiences, rating=rating)
    return replace(truth, audiences=audiences, first=intensity_of(rating, *k))


def _asked(truth: ReachModel, count: int, rng: np.random.Generator) -> FloatArray:
    """(n_segments, n_vehicles) ratings that so many respondents give, each with a use of media of his own."""
    share = truth.population / truth.population.sum()
    segment = rng.choice(len(share), count, p=share)
    person = rng.gamma(truth.k_person[segment]) / truth.k_person[segment]
    k = truth.k_medium[segment]
    medium = rng.gamma(person[:, None] * k) / k
    chance = -np.expm1(-medium[:, truth.audiences.medium] * truth.first[segment])
    met = rng.random(chance.shape) < chance
    return np.stack([met[segment == c].sum(axis=0) / (count * share[c]) for c in range(len(share))])


def sample_of(model: ReachModel, given: Condition) -> FloatArray:
    """(n_vehicles,) respondents in each audience."""
    return np.asarray(given.asked * (model.population / model.population.sum()) @ model.audiences.rating)


def differences(
    model: ReachModel, plans: FloatArray, shared: bool, given: Condition, rng: np.random.Generator
) -> FloatArray:
    """(DRAWS,) of two plans on surveys drawn about a model."""
    surveys = Surveys(model, sample_of(model, given), shared)
    drawn = values_over_draws(
        model, plans, surveys, lambda reach: reach @ (model.population * WORTH), DRAWS, rng
    )
    return np.asarray(drawn[:, 0] - drawn[:, 1])


def called_different(given: Condition, pairs: int, seed: int) -> dict[float, float]:
    """Share of pairs called different, by their true difference in sd."""
    rng = np.random.default_rng(seed)
    truth, called = people(rng, given), dict.fromkeys((0.0, 4.0), 0)
    worth, ones = truth.population * WORTH, np.ones((1, *truth.first.shape))
    for _ in range(pairs):
        plans = two_plans(rng, given)
        found = surveyed(truth, given, rng)
        seen, true = (
            float(-np.diff(values_of(model, plans, ones, lambda reach: reach @ worth))[0, 0])
            for model in (found, truth)
        )
        sd = float(differences(truth, plans, given.shared, given, rng).std())
        model_sd = rng.uniform(0, given.model) * sd
        error = seen - true + model_sd * rng.standard_normal()
        draws = [differences(found, plans, shared, given, rng) for shared in (True, False)]
        for in_sd in called:
            value = in_sd * np.hypot(sd, model_sd) + error
            called[in_sd] += judged((value, 0.0), (value, 0.0), draws, model_sd).verdict == "different"
    return {in_sd: count / pairs for in_sd, count in called.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f'| of {given.pairs} pairs | false "different" | differences of 4 sd told |\n| --- | --- | --- |')
    for condition in CONDITIONS:
        found = called_different(condition, given.pairs, given.seed)
        print(f"| {condition.name} | {found[0.0]:.1%} | {found[4.0]:.1%} |".replace("%", " %"), flush=True)


if __name__ == "__main__":
    main()
