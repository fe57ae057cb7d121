"""Reach and contacts of respondents, by hand and by simulation; roofs that no whole plan passes."""

import itertools

import numpy as np
import pytest

from models.respondents.curves import Curve, Roof, levels
from models.respondents.exposure import contact_shares, exposure_of

TWO = np.array([[0.5, 0.2], [0.0, 1.0]])  # the second never meets A, and B for certain
WORTH = np.array([2.0, 3.0])


def test_reach_is_one_less_the_product_of_chances_missed() -> None:
    reach = exposure_of(TWO).reach(np.array([2.0, 1.0]))
    assert reach == pytest.approx([1 - 0.5**2 * 0.8, 1.0], abs=1e-11)


def test_a_gain_and_a_loss_are_differences_of_worth() -> None:
    rng = np.random.default_rng(1)
    exposure, worth = exposure_of(rng.random((7, 4)) * (rng.random((7, 4)) < 0.6)), rng.random(7)
    x = np.array([1.0, 0.0, 2.0, 1.0])
    weight, now = worth * exposure.missed(x), exposure.value(worth, x)
    more = [exposure.value(worth, x + step) - now for step in np.eye(4)]
    less = [now - exposure.value(worth, x - np.eye(4)[j]) for j in (0, 2, 3)]
    assert exposure.gains(weight) == pytest.approx(more, abs=1e-12)
    assert exposure.losses(weight, np.array([0, 2, 3])) == pytest.approx(less, abs=1e-12)
    without = exposure.without(weight, np.array([2]), np.array([2]))[:, 0]
    assert without == pytest.approx(worth * exposure.missed(np.array([1.0, 0.0, 0.0, 1.0])))


def test_contacts_of_one_person_by_hand() -> None:
    found = contact_shares(TWO, np.array([1.0, 1.0]), 3)
    assert found == pytest.approx(np.array([[0.4, 0.5, 0.1], [0.0, 1.0, 0.0]]), abs=1e-11)


def test_contacts_agree_with_a_simulation_and_their_zero_class_with_reach() -> None:
    rng = np.random.default_rng(2)
    p, x = rng.random((3, 4)) * 0.4, np.array([3.0, 0.0, 1.0, 2.0])
    found = contact_shares(p, x, 5)
    draws = 40_000
    contacts = sum(rng.binomial(int(n), p[:, j], (draws, 3)) for j, n in enumerate(x))
    for i in range(3):
        seen = np.bincount(np.minimum(contacts[:, i], 4), minlength=5) / draws
        assert found[i] == pytest.approx(seen, abs=4 * 0.5 / np.sqrt(draws))  # four standard errors
    assert 1 - found[:, 0] == pytest.approx(exposure_of(p).reach(x), abs=1e-12)
    assert found.sum(axis=1) == pytest.approx(1.0)


def test_a_part_of_an_insertion_has_the_reach_of_the_curve() -> None:
    x = np.array([1.5, 0.25])
    p = np.array([[0.5, 0.2]])
    assert 1 - contact_shares(p, x, 6)[:, 0] == pytest.approx(exposure_of(p).reach(x))


@pytest.mark.parametrize("seed", range(12))
def test_no_whole_plan_lies_above_a_roof_or_a_tangent_wherever_it_is_made(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, vehicles = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    p = rng.random((n, vehicles)) * (rng.random((n, vehicles)) < 0.7)
    exposure, worth = exposure_of(np.round(p) if seed % 3 == 0 else p), rng.random(n)
    plans = np.array(list(itertools.product(range(4), repeat=vehicles)), dtype=float)
    exact = np.array([exposure.value(worth, plan) for plan in plans])
    for scale in (0.3, 1.0, 3.0):
        x = rng.random(vehicles) * scale
        roof, curve = (above.tangent(exposure, worth, x) for above in (Roof(), Curve()))
        assert (np.array([roof.at(plan) for plan in plans]) >= exact - 1e-9).all()
        assert (np.array([curve.at(plan) for plan in plans]) >= exact - 1e-9).all()
        assert roof.value <= curve.value + 1e-9


def test_at_whole_plans_the_roof_is_the_worth_itself() -> None:
    rng = np.random.default_rng(5)
    exposure, worth = exposure_of(rng.random((6, 3))), rng.random(6)
    for plan in itertools.product(range(3), repeat=3):
        x = np.array(plan, dtype=float)
        assert Roof().tangent(exposure, worth, x).value == pytest.approx(exposure.value(worth, x), abs=1e-9)


def test_where_less_than_one_contact_is_bought_the_roof_is_the_sum_of_chances() -> None:
    exposure, x = exposure_of(np.array([[0.5, 0.8]])), np.array([0.3, 0.6])
    assert levels(exposure, x).tolist() == [0.0]
    assert Roof().tangent(exposure, np.ones(1), x).value == pytest.approx(0.3 * 0.5 + 0.6 * 0.8)


def test_the_level_of_a_roof_solves_its_equation() -> None:
    rng = np.random.default_rng(6)
    exposure = exposure_of(rng.random((50, 8)) * (rng.random((50, 8)) < 0.6))
    x = rng.random(8)
    t = levels(exposure, x)
    assert np.minimum(exposure.level.toarray(), t[:, None]) @ x == pytest.approx(t, abs=1e-9)
    above = t + 1e-3
    assert (np.minimum(exposure.level.toarray(), above[:, None]) @ x < above).all()  # none is larger


@pytest.mark.parametrize("above", [Roof(), Curve()])
def test_slope_and_curvature_are_those_of_the_value(above: Roof | Curve) -> None:
    rng = np.random.default_rng(7)
    exposure, worth, x = exposure_of(rng.random((40, 5)) * 0.9), rng.random(40), rng.random(5) * 2
    here, step = above.tangent(exposure, worth, x), 1e-5
    ahead = [above.tangent(exposure, worth, x + step * e) for e in np.eye(5)]
    assert here.slope == pytest.approx([(t.value - here.value) / step for t in ahead], rel=1e-3)
    matrix, weight = above.bend(exposure, x)
    dense = matrix.toarray()
    bend = (dense * (worth * weight)[:, None]).T @ dense
    assert -bend == pytest.approx(
        np.array([(t.slope - here.slope) / step for t in ahead]), rel=2e-2, abs=2e-2
    )
