"""The verdict on a pair of plans, in simulation: seldom different where nothing is, nearly always where 4 sd are."""

from dataclasses import replace

import numpy as np
import pytest

from models.many.pair import FIRM, judged
from models.many.resampling import Surveys, values_over_draws
from models.reach.curves import intensity_of
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate

PAIRS, A_SURVEY, DRAWS = 500, 4, 200  # pairs, of which so many are valued on each survey
Simulated = list[tuple[float, float, list[np.ndarray], float]]
FALSE, POWER = 0.05, 0.80  # of 500 pairs; benchmarks/pair_verdicts.py has more of them, and other conditions


def model_of(rng: np.random.Generator, vehicles: int = 12) -> ReachModel:
    """Three segments, two media, ratings of 2 to 12 %."""
    population = np.array([8_000.0, 3_000.0, 1_000.0])
    rating = rng.uniform(0.02, 0.12, vehicles) * rng.uniform(0.7, 1.4, (3, vehicles))
    names = tuple(f"v{j}" for j in range(vehicles))
    audiences = Audiences(
        names, ("TV", "print"), np.arange(vehicles) % 2, population, rating, np.full(vehicles, 0.5),
        np.zeros(vehicles, dtype=bool),
    )  # fmt: skip
    return calibrate(audiences, Duplication(1.35, np.array([1.7, 2.0]), np.ones(3)))


def differing_plans(rng: np.random.Generator, vehicles: int = 12) -> np.ndarray:
    """Two plans of six vehicles each, of which neither holds the other."""
    first = rng.permutation(vehicles)
    plans = np.zeros((2, vehicles))
    plans[0, first[:6]], plans[1, first[3:9]] = 1 + rng.integers(0, 3, 6), 1 + rng.integers(0, 3, 6)
    return plans


def asked(truth: ReachModel, count: int, rng: np.random.Generator) -> ReachModel:
    """The people as a survey of so many finds them: each with a use of media of his own, asked about every vehicle."""
    share = truth.population / truth.population.sum()
    segment = rng.choice(3, count, p=share)
    person = rng.gamma(truth.k_person[segment]) / truth.k_person[segment]
    k = truth.k_medium[segment]
    medium = rng.gamma(person[:, None] * k) / k
    chance = -np.expm1(-medium[:, truth.audiences.medium] * truth.first[segment])
    met = rng.random(chance.shape) < chance
    rating = np.stack([met[segment == c].sum(axis=0) / (count * share[c]) for c in range(3)])
    first = intensity_of(rating, truth.k_person[:, None], truth.k_medium[:, truth.audiences.medium])
    return replace(truth, audiences=replace(truth.audiences, rating=rating), first=first)


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    """Per pair the error of its difference, by one survey of 1,500 and the model, its sd, what draws about that survey
    say of it, and the model's sd."""
    rng = np.random.default_rng(20261128)
    truth = model_of(rng)
    worth = truth.population * np.array([1.0, 1.8, 3.0])
    everyone = truth.population / truth.population.sum()

    def drawn(model: ReachModel, plans: np.ndarray, shared: bool) -> np.ndarray:
        surveys = Surveys(model, 1_500 * everyone @ model.audiences.rating, shared)
        values = values_over_draws(model, plans, surveys, lambda reach: reach @ worth, DRAWS, rng)
        return values[:, 0::2] - values[:, 1::2]

    def differences(model: ReachModel, plans: np.ndarray) -> np.ndarray:
        values = np.array([worth @ model.reach_shares(plan) for plan in plans])
        return values[0::2] - values[1::2]

    pairs = []
    for _ in range(PAIRS // A_SURVEY):
        plans = np.concatenate([differing_plans(rng) for _ in range(A_SURVEY)])
        found = asked(truth, 1_500, rng)
        sds = drawn(truth, plans, True).std(axis=0)
        errors = differences(found, plans) - differences(truth, plans)
        draws = [drawn(found, plans, shared) for shared in (True, False)]
        for at, sd in enumerate(sds.tolist()):
            model_sd = rng.uniform(0, 2) * sd
            error = errors[at] + model_sd * rng.standard_normal()
            pairs.append((error, float(np.hypot(sd, model_sd)), [each[:, at] for each in draws], model_sd))
    return pairs


def share_called_different(simulated: Simulated, true_in_sd: float) -> float:
    called = 0
    for error, sd, draws, model_sd in simulated:
        seen = true_in_sd * sd + error
        called += judged((seen, 0.0), (seen, 0.0), draws, model_sd).verdict == "different"
    return called / PAIRS


def test_pairs_without_a_difference_are_seldom_called_different(simulated: Simulated) -> None:
    assert share_called_different(simulated, 0.0) <= FALSE


def test_true_differences_of_four_sd_are_called_different(simulated: Simulated) -> None:
    assert share_called_different(simulated, 4.0) >= POWER


def test_a_difference_of_one_sd_is_left_open_more_often_than_not(simulated: Simulated) -> None:
    assert share_called_different(simulated, 1.0) < 0.5


def test_errors_of_surveys_have_the_size_that_draws_say(simulated: Simulated) -> None:
    """Draws of one survey for all, as it was taken; 500 errors tell their sd to 3 %, 200 draws to 5 %."""
    own = [np.hypot(draws[0].std(), model_sd) for _, _, draws, model_sd in simulated]
    errors = np.array([error for error, *_ in simulated])
    assert (errors / own).std() == pytest.approx(1, abs=3 / np.sqrt(2 * PAIRS) + 0.05)


def test_without_draws_a_plan_is_worth_what_the_model_says() -> None:
    rng = np.random.default_rng(1)
    model, plans = model_of(rng), np.array([[1.0, 2, 0, 3, 0, 0, 1, 0, 0.5, 0, 0, 0], np.zeros(12)])
    surveys = Surveys(model, np.full(12, np.inf), shared=True)
    found = values_over_draws(model, plans, surveys, lambda reach: reach @ model.population, 2, rng)
    by_hand = [float(model.population @ model.reach_shares(plan)) for plan in plans]
    assert found == pytest.approx(np.array([by_hand, by_hand]))


@pytest.mark.parametrize("shared", [True, False])
def test_ratings_drawn_have_the_mean_and_spread_of_a_beta(shared: bool) -> None:
    """One vehicle bought once: its reach is its rating, with variance p (1 - p) / (n / p + 1)."""
    rng = np.random.default_rng(2)
    model, sample = model_of(rng), np.full(12, 150.0)
    plan = np.eye(12)[:1]
    share = model.population / model.population.sum()
    surveys = Surveys(model, sample, shared)
    drawn = values_over_draws(model, plan, surveys, lambda reach: reach @ share, 4_000, rng)[:, 0]
    p = float(share @ model.audiences.rating[:, 0])
    sd = np.sqrt(p * (1 - p) / (150 / p + 1))
    assert drawn.mean() == pytest.approx(p, abs=4 * sd / np.sqrt(4_000))
    assert drawn.std() == pytest.approx(sd, rel=4 / np.sqrt(2 * 4_000))


@pytest.mark.parametrize("shared", [True, False])
def test_segments_that_no_survey_tells_apart_are_drawn_as_one(shared: bool) -> None:
    """Each of three segments in 40 parts of the same people: draws are as of the three."""
    whole = model_of(np.random.default_rng(4))
    alike = np.repeat(np.arange(3), 40)
    audiences, parts = whole.audiences, np.full(120, 1 / 40)
    parted = replace(
        whole, k_person=whole.k_person[alike], k_medium=whole.k_medium[alike], first=whole.first[alike],
        bend=whole.bend[alike],
        audiences=replace(
            audiences, rating=audiences.rating[alike], population=audiences.population[alike] * parts
        ),
    )  # fmt: skip
    plan, draws = np.full((1, 12), 2.0), 1_000

    def drawn(model: ReachModel, groups: np.ndarray | None) -> np.ndarray:
        surveys = Surveys(model, np.full(12, 40.0), shared, groups)
        rng = np.random.default_rng(5)
        return values_over_draws(model, plan, surveys, lambda reach: reach @ model.population, draws, rng)

    one, other = drawn(whole, None), drawn(parted, alike)
    assert other.mean() == pytest.approx(one.mean(), abs=4 * one.std() * np.sqrt(2 / draws))
    assert other.std() == pytest.approx(one.std(), rel=4 / np.sqrt(draws))
    if shared:  # each part by itself has too few people
        assert drawn(parted, None).mean() < one.mean() - 2 * one.std()


def test_a_plan_that_holds_another_is_certainly_better_and_gaps_come_first_otherwise() -> None:
    found = judged((100.4, 100.0), (101.0, 101.0), model_sd=10.0, contained=True)
    assert (found.verdict, found.certain, found.low) == ("different", True, 0.0)
    assert found.high == pytest.approx(1.0 + FIRM * 10.0)  # that it is better is certain, by how much is not
    assert judged((100.4, 100.0), (101.0, 101.0)).verdict == "within the gaps"
    nothing_more = judged((100.0, 100.0), (100.0, 100.0), model_sd=10.0, contained=True)
    assert (nothing_more.verdict, nothing_more.certain) == ("within the gaps", False)
    assert judged((100.0, 100.0), (100.0, 100.0)).verdict == "within the gaps"


def test_different_gives_the_widest_interval_and_it_leaves_0_out() -> None:
    draws = np.random.default_rng(3).normal(50.0, 5.0, 1_000)
    found = judged((150.0, 100.0), (151.0, 100.5), [draws, draws / 2], 4.0)
    assert found.verdict == "different"
    doubt = FIRM * np.hypot(4.0, draws.std(ddof=1))
    assert (found.low, found.high) == pytest.approx((49.5 - doubt, 51.0 + doubt))


def test_doubts_add_up_and_the_first_that_leaves_0_open_is_named() -> None:
    draws = [np.random.default_rng(3).normal(0.0, 5.0, 1_000)]
    assert judged((108.0, 100.0), (108.0, 100.0), draws).verdict == "within survey error"
    assert judged((112.0, 100.0), (112.0, 101.0), draws).verdict == "within survey error"  # 11 less 11.5
    assert judged((114.0, 100.0), (114.0, 100.0), draws).verdict == "different"
    assert judged((114.0, 100.0), (114.0, 100.0), draws, 4.0).verdict == "within the model's own error"
    one_vehicle, every_vehicle = draws[0], 2 * draws[0]
    assert (
        judged((114.0, 100.0), (114.0, 100.0), [one_vehicle, every_vehicle]).verdict == "within survey error"
    )
