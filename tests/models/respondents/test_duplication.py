"""Duplication counted on respondents, by hand."""

import numpy as np
import pytest

from models.respondents.duplication import excess_factor, group_duplications, shared_people

# Ten people. A and B (TV) share 2 of 4 and 4; C (press) shares 1 with A, none with B.
USE = np.zeros((10, 3))
USE[:4, 0] = 1
USE[2:6, 1] = 1
USE[[0, 9], 2] = 1


def test_by_hand() -> None:
    shared, rating = shared_people(np.ones(10), USE)
    assert rating.tolist() == [0.4, 0.4, 0.2]
    within, between = group_duplications(shared, rating, ["TV", "TV", "press"])
    assert within == {"TV": pytest.approx(0.2 / 0.16)}
    assert between == pytest.approx(0.1 / (0.08 + 0.08))


def test_one_group_has_nothing_between() -> None:
    within, between = group_duplications(*shared_people(np.ones(10), USE[:, :2]), ["TV", "TV"])
    assert list(within) == ["TV"]
    assert between is None


def test_everyones_own_excess_is_one() -> None:
    random = np.random.default_rng(1)
    weight, use = (
        random.uniform(0.5, 2, 300),
        (random.random((300, 4)) < random.random((300, 1))).astype(float),
    )
    shared, rating = shared_people(weight, use)
    within, between = group_duplications(shared, rating, ["a", "a", "b", "b"])
    assert between is not None
    everyones = np.array(
        [
            [within["a" if i < 2 else "b"] if (i < 2) == (j < 2) else between for j in range(4)]
            for i in range(4)
        ]
    )
    assert excess_factor(weight, use, np.ones(300, dtype=bool), everyones) == pytest.approx(1.0)


def test_a_trait_by_hand() -> None:
    """Among the first six: A 4, B 4, both 2 of 6: 1/3 beside 4/9 by chance, where everyone has D = 1.25."""
    members = np.arange(10) < 6
    factor = excess_factor(np.ones(10), USE[:, :2], members, np.full((2, 2), 1.25))
    assert factor == pytest.approx((1 / 3 - 4 / 9) / (0.25 * 4 / 9))
