"""n+ reach of plans much alike is that of each plan alone."""

import numpy as np
import pytest

from models.reach.contacts import effective_shares
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate
from models.reach.similar_plans import SimilarPlans


def model_of(seed: int) -> ReachModel:
    rng = np.random.default_rng(seed)
    rating = rng.uniform(0.02, 0.3, (3, 6))
    audiences = Audiences(
        tuple("abcdef"), ("TV", "print"), np.arange(6) % 2, np.array([900.0, 500.0, 80.0]), rating,
        np.full(6, 0.5), np.zeros(6, dtype=bool),
    )  # fmt: skip
    return calibrate(audiences, Duplication(1.35, np.array([1.7, 2.0]), np.ones(3)))


@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_each_plan_has_the_share_that_it_has_alone(times: int) -> None:
    rng, model, similar = np.random.default_rng(5), model_of(4), SimilarPlans()
    for most in (2, 6, 3):  # the second is denser than the first, the third than neither
        plan = rng.integers(0, most + 1, 6).astype(float)
        alone = effective_shares(model, plan, times)
        assert similar.effective_shares(model, plan, times) == pytest.approx(
            alone, abs=2e-6
        )  # two grids of 1e-6


def test_other_people_and_other_times_are_not_mixed_up() -> None:
    plan, similar = np.array([3.0, 1, 0, 2, 0, 1]), SimilarPlans()
    for model, times in ((model_of(1), 3), (model_of(2), 3), (model_of(2), 2), (model_of(1), 2)):
        found = similar.effective_shares(model, plan, times)
        assert found == pytest.approx(effective_shares(model, plan, times), abs=1e-12)
