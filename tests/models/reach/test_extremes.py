"""Whatever audiences, duplications and repeat audiences are stated: a message, or numbers to reckon with."""

import numpy as np
import pytest

from models.errors import InvalidInput
from models.reach.frequency import contact_distribution
from models.reach.gamma import BETWEEN, Audiences, Duplication, ReachModel, TraitExcess, calibrate

MEDIA = ("m0", "m1", "m2")
ROUNDING = 1e-9


def drawn(chance: np.random.Generator) -> tuple[Audiences, Duplication]:
    """One to four segments, up to eight vehicles: ratings of 1e-6 to .99, duplications of .1 to a million."""
    segments, vehicles = int(chance.integers(1, 5)), int(chance.integers(1, 9))
    own = np.exp(chance.uniform(np.log(1e-6), np.log(0.99), vehicles))
    rating = np.minimum(own * np.exp(chance.normal(0, 0.8, (segments, vehicles))), 0.999)
    medium, measured = chance.integers(0, 3, vehicles), chance.random(vehicles) < 0.05
    repeat = np.where(chance.random(vehicles) < 0.2, 0.0, chance.uniform(0, 1, vehicles))
    people = np.exp(chance.uniform(0, 9, segments))
    audiences = Audiences(
        tuple(f"v{j}" for j in range(vehicles)), MEDIA, medium, people, rating, repeat, measured
    )
    stated = np.exp(chance.uniform(np.log(0.1), np.log(1e6), 4))
    factor = np.exp(chance.uniform(-2, 2, segments))
    traits = (TraitExcess("t", np.arange(segments) % 2 == 0, float(np.exp(chance.uniform(-3, 3)))),)
    return audiences, Duplication(
        float(stated[0]), stated[1:], factor, frozenset((*MEDIA, BETWEEN)), traits if segments > 1 else ()
    )


def grown(model: ReachModel, chance: np.random.Generator) -> list[np.ndarray]:
    """A plan that only grows, step by step, by parts, single insertions and hundreds."""
    plan, plans = np.zeros(len(model.audiences.vehicles)), []
    for _ in range(20):
        plan[int(chance.integers(len(plan)))] += float(chance.choice([0.5, 1.0, 1.0, 100.0]))
        plans.append(plan.copy())
    return plans


@pytest.mark.parametrize("seed", range(60))
def test_numbers_stay_finite_and_reach_grows_within_the_people(seed: int) -> None:
    chance = np.random.default_rng(seed)
    audiences, duplication = drawn(chance)
    try:
        model = calibrate(audiences, duplication)
    except InvalidInput:
        return  # a message
    assert np.isfinite(model.first).all()
    assert np.isfinite(model.bend).all()
    one = np.array([model.reach_shares(row) for row in np.eye(len(audiences.vehicles))]).T
    assert one == pytest.approx(audiences.rating, abs=1e-6)
    plans = grown(model, chance)
    reach = np.array([model.reach_shares(plan) for plan in plans])
    assert (np.diff(reach, axis=0) >= -ROUNDING).all()
    assert reach.min() >= 0
    assert reach.max() <= 1 + ROUNDING
    often = contact_distribution(model, np.round(plans[-1]), 20)
    assert often.sum(axis=1) == pytest.approx(1)
    assert often.min() >= -1e-6  # what integration over intensities misses


def test_a_duplication_of_thousands_that_ratings_cannot_have_is_refused_with_the_most() -> None:
    """Two audiences of 90 % share 1 / .9 times chance at most: then one is all of the other."""
    audiences = Audiences(
        ("a", "b"), ("m0",), np.zeros(2), np.ones(1), np.full((1, 2), 0.9), np.full(2, 0.95), np.zeros(2)
    )
    with pytest.raises(InvalidInput, match=r"m0 is 5000\.00; .* more than 1\.1\d times") as refused:
        calibrate(audiences, Duplication(1.0, np.full(1, 5_000.0), np.ones(1)))
    assert refused.value.subject == ("m0",)
