"""Sainsbury, binomial, beta-binomial and Metheringham: published figures, hand arithmetic, limits, undefined inputs.

Published: github majesus/mediaplanning @be133ed, README (printed output; the same in majesus/mediaPlanR and its tests).
"""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from models.arrays import FloatArray
from models.classic.beta_binomial import beta_binomial, beta_binomial_classes, correlation
from models.classic.binomial import binomial
from models.classic.metheringham import mean_duplication, metheringham
from models.classic.sainsbury import sainsbury
from models.classic.schedule import Schedule
from models.errors import InvalidInput


def schedule(
    rating: list[float],
    insertions: list[float],
    twice: list[float] | None = None,
    shared: FloatArray | None = None,
) -> Schedule:
    """Vehicles v0, v1, ...; two insertions and two vehicles at random unless stated."""
    p = np.array(rating)
    return Schedule(
        tuple(f"v{i}" for i in range(len(p))),
        p,
        2 * p - p**2 if twice is None else np.array(twice),
        np.outer(p, p) if shared is None else shared,
        np.array(insertions, dtype=float),
    )


THREE = schedule([0.3, 0.4, 0.2], [1, 1, 1])


# Published --------------------------------------------------------------------------------------------------


def test_sainsburys_three_vehicles_are_the_published_ones() -> None:
    found = sainsbury(THREE)
    assert found.reach == pytest.approx(0.664, abs=1e-12)
    assert found.distribution == pytest.approx([0.336, 0.452, 0.188, 0.024], abs=1e-12)
    assert found.average_frequency == pytest.approx(1.355422, abs=5e-7)


def test_sainsburys_two_vehicles_are_the_published_ones() -> None:
    assert sainsbury(schedule([0.3, 0.4], [1, 1])).reach == pytest.approx(0.58, abs=1e-12)


def test_the_binomial_of_three_vehicles_is_the_published_one() -> None:
    found = binomial(THREE)
    assert found.reach == pytest.approx(0.657, abs=1e-12)
    assert found.distribution == pytest.approx([0.343, 0.441, 0.189, 0.027], abs=1e-12)
    assert found.average_frequency == pytest.approx(1.369863, abs=5e-7)


@pytest.mark.parametrize(
    ("twice", "people", "frequency", "rho"),
    [(0.55, [396_635, 60_096, 43_269, 43_269, 60_096, 396_635], 4.143426, 1 / 1.25),
     (0.65, [197_917, 156_250, 145_833, 145_833, 156_250, 197_917], 3.116883, 1 / 2.5)],
)  # fmt: skip
def test_the_beta_binomial_of_one_vehicle_is_the_published_one(
    twice: float, people: list[int], frequency: float, rho: float
) -> None:
    """R1 = .5, five insertions, a million people; alpha = beta = .125 and .75, so rho = 1 / (2 alpha + 1)."""
    found = beta_binomial(schedule([0.5], [5], [twice]))
    assert correlation(0.5, twice, "v0") == pytest.approx(rho, rel=1e-12)
    assert found.distribution is not None
    # half a person: printed in whole people
    assert 1e6 * found.distribution == pytest.approx(people, abs=0.5)
    assert found.reach == pytest.approx(1 - people[0] / 1e6, abs=5e-7)
    assert found.average_frequency == pytest.approx(frequency, abs=5e-7)


def test_the_ends_of_the_beta_binomial_are_the_binomial_and_all_or_nothing() -> None:
    """R1 = .3, five insertions; R2 = .51 is chance, R2 = .3 the same people again."""
    at_random = beta_binomial(schedule([0.3], [5], [0.51])).distribution
    assert at_random == pytest.approx([0.16807, 0.36015, 0.3087, 0.1323, 0.02835, 0.00243], abs=1e-12)
    always = beta_binomial(schedule([0.3], [5], [0.3])).distribution
    assert always == pytest.approx([0.7, 0, 0, 0, 0, 0.3], abs=1e-12)


METHERINGHAM = schedule(
    [0.15, 0.08, 0.12],
    [4, 3, 5],
    # the diagonal is the people who meet two insertions: 150, 120 and 170 thousand of ten million
    [0.3 - 0.015, 0.16 - 0.012, 0.24 - 0.017],
    np.array([[0, 0.020, 0.018], [0.020, 0, 0.014], [0.018, 0.014, 0]]),
)


def test_metheringhams_twelve_insertions_are_the_published_ones() -> None:
    """Audiences 1.5, .8 and 1.2 million of ten, 4, 3 and 5 insertions: A1 = 1.2 million, D = 167,576."""
    found = metheringham(METHERINGHAM)
    people = [
        2_565_823,
        3_266_285,
        2_315_123,
        1_177_773,
        470_073,
        152_862,
        41_064,
        9_099,
        1_638,
        232,
        25,
        2,
        0,
    ]
    assert METHERINGHAM.contacts / METHERINGHAM.total == pytest.approx(0.12, abs=1e-12)
    assert 1e7 * mean_duplication(METHERINGHAM) == pytest.approx(167_575.7576, abs=5e-5)
    assert found.distribution is not None
    assert 1e7 * found.distribution == pytest.approx(people, abs=0.5)
    assert 1e7 * found.reach == pytest.approx(7_434_177.41, abs=5e-3)
    assert found.average_frequency == pytest.approx(1.937, abs=5e-4)


def test_metheringhams_alpha_and_beta_are_the_published_ones() -> None:
    mean, shared = 0.12, mean_duplication(METHERINGHAM)
    rho = (shared - mean**2) / (mean * (1 - mean))
    assert mean * (1 - rho) / rho == pytest.approx(5.255013, abs=5e-7)
    assert (1 - mean) * (1 - rho) / rho == pytest.approx(38.536761, abs=5e-7)


# By hand and by enumeration ---------------------------------------------------------------------------------


def test_metheringhams_duplication_is_the_mean_over_every_pair_of_insertions() -> None:
    """All 66 pairs of the 12 insertions, one by one."""
    vehicle_of = np.repeat(np.arange(3), [4, 3, 5])
    pairs = [METHERINGHAM.shared[vehicle_of[a], vehicle_of[b]] for a, b in combinations(range(12), 2)]
    assert len(pairs) == 66
    assert mean_duplication(METHERINGHAM) == pytest.approx(float(np.mean(pairs)), rel=1e-12)


def test_metheringham_of_one_vehicle_is_its_beta_binomial() -> None:
    one = schedule([0.2], [6], [0.3])
    assert metheringham(one).distribution == pytest.approx(beta_binomial(one).distribution, abs=1e-12)


def test_metheringham_of_one_insertion_is_its_rating() -> None:
    assert metheringham(schedule([0.2], [1], [0.3])).distribution == pytest.approx([0.8, 0.2])


def test_sainsbury_draws_every_insertion_anew() -> None:
    """.5 twice and .2 once: missed .5 x .5 x .8 = .2; met three times .5 x .5 x .2 = .05."""
    found = sainsbury(schedule([0.5, 0.2], [2, 1], [0.6, 0.3]))
    assert found.distribution == pytest.approx([0.2, 0.45, 0.3, 0.05], abs=1e-12)
    assert found.average_frequency == pytest.approx(1.2 / 0.8)


def test_the_binomial_weighs_ratings_by_their_insertions() -> None:
    """.5 twice and .2 once: mean .4, missed .6 cubed."""
    assert binomial(schedule([0.5, 0.2], [2, 1])).reach == pytest.approx(1 - 0.6**3, rel=1e-12)


def test_the_beta_binomials_of_several_vehicles_meet_at_random() -> None:
    """Two insertions miss 1 - R2 of each vehicle: .7 and .85; both insertions of both meet .1 x .05."""
    found = beta_binomial(schedule([0.2, 0.1], [2, 2], [0.3, 0.15]))
    assert found.reach == pytest.approx(1 - 0.7 * 0.85, rel=1e-12)
    assert found.distribution is not None
    assert found.distribution[4] == pytest.approx(0.1 * 0.05, rel=1e-9)


def test_beta_binomial_classes_are_those_of_scipy() -> None:
    alpha, beta, n = 0.125, 1.125, 26
    found = beta_binomial_classes(alpha / (alpha + beta), 1 / (alpha + beta + 1), n)
    assert found == pytest.approx(betabinom(n, alpha, beta).pmf(np.arange(n + 1)), rel=1e-9)


@given(st.integers(1, 60), st.floats(0.001, 0.999), st.floats(0, 1))
def test_beta_binomial_classes_are_a_distribution_with_its_mean(n: int, p: float, rho: float) -> None:
    found = beta_binomial_classes(p, rho, n)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert found @ np.arange(n + 1) == pytest.approx(n * p, rel=1e-9)


@pytest.mark.parametrize("rho", [0.0, 1e-16, 1e-12])
def test_a_correlation_next_to_nothing_is_the_binomial_for_thousands_of_insertions(rho: float) -> None:
    """5,000 insertions of 1 %: where alpha is 1e12 or infinite, gamma functions of it would have no digits left."""
    found = beta_binomial_classes(0.01, rho, 5_000)
    # 1e-6: n^2 rho / 2 is what the correlation itself changes; the rest is rounding of 5,000 logarithms
    assert found == pytest.approx(binom(5_000, 0.01).pmf(np.arange(5_001)), rel=1e-4, abs=1e-12)
    assert np.abs(found - binom(5_000, 0.01).pmf(np.arange(5_001))).max() < 1e-6


def test_a_correlation_of_nearly_one_stays_finite() -> None:
    for rho in (1 - 1e-7, 1 - 1e-10, 1.0):
        found = beta_binomial_classes(0.2, rho, 400)
        assert np.isfinite(found).all()
        assert found[0] == pytest.approx(0.8, abs=1e-4)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.01, 0.6), min_size=1, max_size=5),
    st.integers(1, 6),
    st.floats(0, 1),
    st.integers(0, 4),
)
def test_contacts_are_reach_times_frequency(ratings: list[float], most: int, loyal: float, seed: int) -> None:
    """GRP = reach x frequency, whatever the model; 1e-9 is rounding."""
    rng = np.random.default_rng(seed)
    p = np.array(ratings)
    bought = rng.integers(1, most + 1, len(p)).astype(float)
    twice = p + (1 - loyal) * p * (1 - p)
    given_ = schedule(ratings, bought.tolist(), twice.tolist())
    for model in (sainsbury, binomial, beta_binomial):
        found = model(given_)
        assert found.distribution is not None
        assert found.reach * found.average_frequency == pytest.approx(float(bought @ p), rel=1e-9)
        assert found.distribution @ np.arange(int(bought.sum()) + 1) == pytest.approx(
            float(bought @ p), rel=1e-9
        )
        assert found.distribution[0] == pytest.approx(1 - found.reach, abs=1e-9)


def test_sainsburys_contacts_are_those_of_every_outcome_counted() -> None:
    """2 x 2 x 2 x 2 outcomes of four insertions, one by one."""
    p = np.array([0.3, 0.3, 0.1, 0.45])
    counted = np.zeros(5)
    for met in product([0, 1], repeat=4):
        counted[sum(met)] += np.prod(np.where(met, p, 1 - p))
    assert sainsbury(schedule([0.3, 0.1, 0.45], [2, 1, 1])).distribution == pytest.approx(counted, abs=1e-12)


# What cannot be represented ---------------------------------------------------------------------------------


def test_a_repeat_audience_below_chance_is_beyond_the_beta_binomial() -> None:
    """Two insertions at random reach .36 of a .2 vehicle; .38 would be people who avoid what they met."""
    with pytest.raises(InvalidInput, match=r'"v0" reach 38\.00%, more than at random \(36\.00%\)') as refused:
        beta_binomial(schedule([0.2], [2], [0.38]))
    assert refused.value.subject == ("v0",)


def test_very_unequal_vehicles_are_beyond_metheringham() -> None:
    """.5 and .02 at random share .01; two alike of the mean .26 would share .0676."""
    with pytest.raises(
        InvalidInput, match=r"share 1\.000% .* mean rating 26\.00% would by chance \(6\.760%\)"
    ):
        metheringham(schedule([0.5, 0.02], [1, 1]))


def test_a_binomial_below_one_of_its_vehicles_says_so() -> None:
    """.5 and .02: mean .26, reach 1 - .74 squared = 45.2 %, but the first alone reaches half."""
    found = binomial(schedule([0.5, 0.02], [1, 1]))
    assert found.reach == pytest.approx(1 - 0.74**2, rel=1e-12)
    assert not found.possible
    assert found.notes == ('Impossible: "v0" alone reaches 50.0%, more than all together are said to.',)


@pytest.mark.parametrize(
    ("rating", "insertions", "twice", "shared", "text"),
    [
        ([], [], [], np.zeros((0, 0)), "nothing is bought"),
        ([1.0], [1], [1.0], np.zeros((1, 1)), r'the rating of "v0" is 100\.0%'),
        ([0.0], [1], [0.0], np.zeros((1, 1)), r'the rating of "v0" is 0\.0%'),
        ([0.2], [2.5], [0.3], np.zeros((1, 1)), r'"v0" has 2\.5 insertions; this model counts whole'),
        ([0.2], [0], [0.3], np.zeros((1, 1)), r'"v0" has 0 insertions'),
        ([0.2], [2], [0.1], np.zeros((1, 1)), r'two insertions in "v0" reach 10\.0%'),
        ([0.2], [2], [0.5], np.zeros((1, 1)), r'two insertions in "v0" reach 50\.0%'),
        ([0.2, 0.1], [1, 1], [0.3, 0.15], np.full((2, 2), 0.11), r'"v0" and "v1" are said to share 11\.00%'),
        ([0.7, 0.6], [1, 1], [0.8, 0.7], np.full((2, 2), 0.2), r"expected 30\.00% to 60\.00%"),
        ([0.2, 0.1], [1, 1], [0.3, 0.15], np.array([[0, 0.05], [0.04, 0]]), "the same from either side"),
    ],
)
def test_an_impossible_schedule_is_refused_in_words(
    rating: list[float], insertions: list[float], twice: list[float], shared: FloatArray, text: str
) -> None:
    with pytest.raises(InvalidInput, match=text):
        schedule(rating, insertions, twice, shared)
