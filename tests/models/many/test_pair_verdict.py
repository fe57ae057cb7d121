"""The verdict on a pair of plans, in simulation: seldom different where nothing is, nearly always where 4 sd are."""

import numpy as np
import pytest

from models.many.pair import judged
from models.many.resampling import values_over_draws
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate

PAIRS, DRAWS = 500, 200
# Of a rate of 5 % (20 %) over 500 pairs, 3 standard deviations of sampling are .029 (.054).
FALSE = 0.05 + 3 * np.sqrt(0.05 * 0.95 / PAIRS)
POWER = 0.80


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


@pytest.fixture(scope="module")
def simulated() -> dict[str, np.ndarray]:
    """Per pair the error that one survey and the model make on its difference, sd of both, and draws from that survey.

    A survey is drawn from the truth and taken for it; draws are then made from that survey, as from a campaign.
    """
    rng = np.random.default_rng(20261128)
    truth, sample = model_of(rng), np.full(12, 240.0)
    worth = truth.population * np.array([1.0, 1.8, 3.0])
    errors, draws, model_sds = np.empty(PAIRS), np.empty((PAIRS, DRAWS)), np.empty(PAIRS)
    for pair in range(PAIRS):
        plans = differing_plans(rng)
        surveyed = values_over_draws(truth, plans, sample, lambda reach: reach @ worth, 1 + DRAWS, rng)
        own = np.array([worth @ truth.reach_shares(plan) for plan in plans])
        differences = surveyed[:, 0] - surveyed[:, 1]
        true = own[0] - own[1]
        model_sds[pair] = rng.uniform(0, 2) * differences.std()
        errors[pair] = differences[0] - true + model_sds[pair] * rng.standard_normal()
        draws[pair] = differences[1:] - true  # the spread of surveys about their mean
    return {"errors": errors, "draws": draws, "model_sds": model_sds}


def share_called_different(simulated: dict[str, np.ndarray], true_in_sd: float) -> float:
    called = 0
    for error, draws, sd in zip(*simulated.values(), strict=True):
        true = true_in_sd * np.hypot(draws.std(), sd)
        seen = true + error
        verdict = judged((seen, 0.0), (seen, 0.0), draws - draws.mean() + seen, sd).verdict
        called += verdict == "different"
    return called / PAIRS


def test_pairs_without_a_difference_are_seldom_called_different(simulated: dict[str, np.ndarray]) -> None:
    assert share_called_different(simulated, 0.0) <= FALSE


def test_true_differences_of_four_sd_are_called_different(simulated: dict[str, np.ndarray]) -> None:
    assert share_called_different(simulated, 4.0) >= POWER


def test_a_difference_of_one_sd_is_left_open_more_often_than_not(simulated: dict[str, np.ndarray]) -> None:
    assert share_called_different(simulated, 1.0) < 0.5


def test_errors_of_surveys_have_the_size_that_draws_say(simulated: dict[str, np.ndarray]) -> None:
    total = np.hypot(simulated["draws"].std(axis=1), simulated["model_sds"])
    assert (simulated["errors"] / total).std() == pytest.approx(1, abs=3 / np.sqrt(2 * PAIRS) + 0.05)


def test_without_draws_a_plan_is_worth_what_the_model_says() -> None:
    rng = np.random.default_rng(1)
    model, plans = model_of(rng), np.array([[1.0, 2, 0, 3, 0, 0, 1, 0, 0.5, 0, 0, 0], np.zeros(12)])
    found = values_over_draws(
        model, plans, np.full(12, np.inf), lambda reach: reach @ model.population, 2, rng
    )
    by_hand = [float(model.population @ model.reach_shares(plan)) for plan in plans]
    assert found == pytest.approx(np.array([by_hand, by_hand]))


def test_ratings_drawn_have_the_mean_and_spread_of_a_beta() -> None:
    """One vehicle bought once: its reach is its rating, with variance p (1 - p) / (n / p + 1)."""
    rng = np.random.default_rng(2)
    model, sample = model_of(rng), np.full(12, 150.0)
    plan = np.eye(12)[:1]
    share = model.population / model.population.sum()
    drawn = values_over_draws(model, plan, sample, lambda reach: reach @ share, 4_000, rng)[:, 0]
    p = float(share @ model.audiences.rating[:, 0])
    sd = np.sqrt(p * (1 - p) / (150 / p + 1))
    assert drawn.mean() == pytest.approx(p, abs=4 * sd / np.sqrt(4_000))
    assert drawn.std() == pytest.approx(sd, rel=4 / np.sqrt(2 * 4_000))


def test_a_plan_that_holds_another_is_certainly_better_and_gaps_come_first_otherwise() -> None:
    found = judged((100.4, 100.0), (101.0, 101.0), contained=True)
    assert (found.verdict, found.certain, found.low) == ("different", True, 0.0)
    assert judged((100.4, 100.0), (101.0, 101.0)).verdict == "within the gaps"
    assert judged((100.0, 100.0), (100.0, 100.0)).verdict == "within the gaps"


def test_different_gives_the_widest_interval_and_it_leaves_0_out() -> None:
    draws = np.random.default_rng(3).normal(50.0, 5.0, 1_000)
    found = judged((150.0, 100.0), (151.0, 100.5), draws, 4.0)
    assert found.verdict == "different"
    assert 0 < found.low < 50 - 2 * np.hypot(4.0, 4.7) + 1e-9
    assert found.high > 50 + 2 * np.hypot(4.0, 4.7)
