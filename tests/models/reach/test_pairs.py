"""Pairs: what the calibrated model says that two vehicles, or two insertions, share."""

import numpy as np
import pytest

from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate
from models.reach.pairs import shared_audiences


def made_model(segments: int) -> ReachModel:
    """Six vehicles in three media, ratings different in every segment, a duplication factor in every second."""
    rng = np.random.default_rng(segments)
    given = Audiences(
        tuple(f"v{j}" for j in range(6)), ("TV", "Magazines", "Web"), np.array([0, 0, 0, 1, 1, 2]),
        np.linspace(1000.0, 300.0, segments), rng.uniform(0.01, 0.3, (segments, 6)),
        rng.uniform(0.6, 0.8, 6), np.full(6, True),
    )  # fmt: skip
    factor = np.where(np.arange(segments) % 2 == 1, 0.6, 1.0)
    return calibrate(given, Duplication(1.35, np.array([1.6, 2.0, 2.0]), factor))


@pytest.mark.parametrize("segments", [1, 4])
def test_pairs_are_what_the_reach_of_the_two_leaves(segments: int) -> None:
    """R(i) + R(j) - R(i and j) from the model's own reach; on the diagonal 2 R(1) - R(2)."""
    model = made_model(segments)
    share = np.linspace(1, 2, segments) / np.linspace(1, 2, segments).sum()
    found = shared_audiences(model, np.arange(6), share)
    one = np.eye(6)

    def reach(insertions: np.ndarray) -> float:
        return float(share @ model.reach_shares(insertions))

    for i in range(6):
        for j in range(6):
            expected = reach(one[i]) + reach(one[j]) - reach(one[i] + one[j])
            assert found[i, j] == pytest.approx(expected, abs=1e-12), (i, j)


def test_two_vehicles_share_what_their_duplication_says() -> None:
    """p = .2 and .1, D = 1.5: three people in a hundred meet both. r = .6: twelve meet two of the first."""
    given = Audiences(
        ("a", "b"), ("TV", "Print"), np.array([0, 1]), np.array([500.0]), np.array([[0.2, 0.1]]),
        np.array([0.6, 0.5]), np.full(2, True),
    )  # fmt: skip
    model = calibrate(given, Duplication(1.5, np.ones(2), np.ones(1)))
    found = shared_audiences(model, np.array([0, 1]), np.ones(1))
    # 1e-9: the calibration's own tolerance
    assert found == pytest.approx(np.array([[0.12, 0.03], [0.03, 0.05]]), abs=1e-9)


def test_only_the_vehicles_and_segments_asked_for_count() -> None:
    model = made_model(3)
    everything = shared_audiences(model, np.arange(6), np.array([0.0, 1.0, 0.0]))
    some = shared_audiences(model, np.array([4, 1]), np.array([0.0, 1.0, 0.0]))
    assert some == pytest.approx(everything[np.ix_([4, 1], [4, 1])], abs=1e-15)
