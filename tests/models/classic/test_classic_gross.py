"""Agostini and Hofmans: published figures, every pair of insertions counted, reach that declines."""

from itertools import combinations

import numpy as np
import pytest

from models.arrays import FloatArray
from models.classic.agostini import agostini, agostini_reach
from models.classic.hofmans import hofmans
from models.classic.schedule import Schedule


def schedule(
    rating: list[float],
    twice: list[float],
    insertions: list[float],
    shared: FloatArray | list[list[float]] | float,
) -> Schedule:
    """Vehicles v0, v1, ...; shared: all pairs, or one figure for every pair."""
    n = len(rating)
    return Schedule(
        tuple(f"v{i}" for i in range(n)),
        np.array(rating),
        np.array(twice),
        np.broadcast_to(np.asarray(shared, dtype=float), (n, n)),
        np.array(insertions, dtype=float),
    )


def people_of(seed: int, vehicles: int, most: int) -> Schedule:
    """Duplications that people can have: from 40 people with probabilities of their own."""
    rng = np.random.default_rng(seed)
    p = np.clip(rng.beta(0.5, 2.5, (40, 1)) * rng.uniform(0.2, 1.6, (40, vehicles)), 0.001, 0.95)
    shared = p.T @ p / 40
    rating = p.mean(axis=0)
    bought = rng.integers(1, most + 1, vehicles).astype(float)
    return Schedule(
        tuple(f"v{i}" for i in range(vehicles)), rating, 2 * rating - shared.diagonal(), shared, bought
    )


# Agostini and Hofmans: mediaPlanR v2 tests, duplication_example; Aldás Manzano (1998) -----------------------

MAGAZINES = schedule(  # 300, 400 and 200 thousand of a million; pairs share 140, 70 and 90 thousand
    [0.3, 0.4, 0.2], [0.4, 0.5, 0.3], [1, 1, 1], [[0, 0.14, 0.07], [0.14, 0, 0.09], [0.07, 0.09, 0]]
)


def test_agostini_is_the_published_formula() -> None:
    """A = 900, D = 300: 900^2 / (900 + 1.125 x 300) = 654.5454."""
    assert 1e6 * agostini(MAGAZINES).reach == pytest.approx(654_545.4545, abs=5e-5)


def test_agostini_without_a_constant_is_the_gross_audience() -> None:
    assert agostini_reach(900_000, 300_000, 0.0) == 900_000


def test_the_constant_that_makes_two_vehicles_exact_is_gross_over_net() -> None:
    assert agostini_reach(0.7, 0.14, 0.7 / 0.56) == pytest.approx(0.56, rel=1e-12)


def test_hofmans_of_three_magazines_is_the_published_formula() -> None:
    assert 1e6 * hofmans(MAGAZINES).reach == pytest.approx(641_697.147, abs=5e-4)


def test_hofmans_of_two_magazines_is_inclusion_and_exclusion() -> None:
    """300 + 400 - 140 = 560."""
    two = schedule([0.3, 0.4], [0.4, 0.5], [1, 1], 0.14)
    assert hofmans(two).reach == pytest.approx(0.56, rel=1e-12)


def test_hofmans_of_one_vehicle_is_the_published_formula() -> None:
    """R1 = .06, R2 = .103 (Aldás Manzano, equations 3.11 and 3.12)."""
    expected = [0.06, 0.103, 0.13532847, 0.16051948, 0.18070175, 0.19723404]
    found = [hofmans(schedule([0.06], [0.103], [n], 0)).reach for n in range(1, 7)]
    assert found == pytest.approx(expected, abs=5e-9)


@pytest.mark.parametrize("seed", range(4))
def test_insertions_in_one_vehicle_are_vehicles_that_share_its_repeat_audience(seed: int) -> None:
    """Every pair of insertions of Agostini's and Hofmans' sums, one by one."""
    given_ = people_of(seed, 4, 4)
    vehicle_of = np.repeat(np.arange(4), given_.insertions.astype(int))
    p, d = given_.rating, given_.shared
    plain = constant = 0.0
    for a, b in combinations(vehicle_of, 2):
        plain += d[a, b]
        constant += d[a, b] * (p[a] + p[b]) / (p[a] + p[b] - d[a, b])
    gross = p[vehicle_of].sum()
    assert given_.over_pairs(given_.shared) == pytest.approx(plain, rel=1e-12)
    assert agostini(given_).reach == pytest.approx(gross**2 / (gross + 1.125 * plain), rel=1e-12)
    assert hofmans(given_).reach == pytest.approx(gross**2 / (gross + constant), rel=1e-12)


def test_a_reach_that_declines_below_one_vehicle_is_given_and_called_impossible() -> None:
    """One of .5 and ten of .05, all among its people and each other's: A = 1, D = 10 x .05 + 45 x .05 = 2.75."""
    nested = schedule([0.5] + [0.05] * 10, [0.6] + [0.08] * 10, [1] * 11, 0.05)
    found = agostini(nested)
    assert found.reach == pytest.approx(1 / (1 + 1.125 * 2.75), rel=1e-12)
    assert not found.possible
    assert 'Impossible: "v0" alone reaches 50.0%' in found.notes[0]
