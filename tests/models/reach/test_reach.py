"""Reach by hand: special cases in closed form, exact calibration, edges and properties."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from models.reach.frequency import contact_distribution
from models.reach.gamma import (
    BETWEEN,
    Audiences,
    Duplication,
    calibrate,
    reached,
    saturate,
    spread,
    total_for,
)
from tests.models.reach.audiences import audiences, random_duplication, shared_share, universe_reach

# Special cases in closed form -------------------------------------------------------------------------------


def test_without_duplication_beyond_chance_reach_is_sainsburys() -> None:
    """Sainsbury (random duplication); printed output of github majesus/mediaplanning @be133ed, README:
    ratings .3, .4, .2 reach .664, and .3, .4 reach .58 (mediaPlanR v2 tests)."""
    three = calibrate(audiences(np.array([0.3, 0.4, 0.2]), [0, 1, 1]), random_duplication(2))
    assert universe_reach(three, np.ones(3)) == pytest.approx(0.664, abs=1e-12)
    assert universe_reach(three, np.array([1.0, 1.0, 0.0])) == pytest.approx(0.58, abs=1e-12)


def test_sainsburys_distribution_is_the_published_one() -> None:
    """Same source: exactly one contact .452, two .188, three .024; average frequency 1.355422."""
    three = calibrate(audiences(np.array([0.3, 0.4, 0.2]), [0, 1, 1]), random_duplication(2))
    met = contact_distribution(three, np.ones(3), classes=4)[0]
    # 1e-6: what models.reach.frequency promises
    assert met == pytest.approx([0.336, 0.452, 0.188, 0.024], abs=1e-6)
    assert met @ np.arange(4) / (1 - met[0]) == pytest.approx(1.355422, abs=2e-6)


@given(st.lists(st.floats(1e-6, 0.95), min_size=1, max_size=8))
def test_random_duplication_is_one_minus_the_product_of_the_missed(ratings: list[float]) -> None:
    rating = np.array(ratings)
    model = calibrate(
        audiences(rating, [j % 3 for j in range(len(rating))], 0.97, measured=False),
        random_duplication(min(3, len(rating))),
    )
    assert universe_reach(model, np.ones(len(rating))) == pytest.approx(1 - np.prod(1 - rating), rel=1e-12)


def test_an_insertion_that_repeats_at_random_follows_the_binomial() -> None:
    """p = .1 and r = .1: every insertion is drawn anew, so x insertions miss with .9 to the x."""
    model = calibrate(audiences(np.array([0.1]), [0], 0.1), random_duplication(1))
    assert universe_reach(model, np.array([5.0])) == pytest.approx(1 - 0.9**5, rel=1e-9)


def test_nothing_bought_reaches_nobody() -> None:
    given = audiences(np.array([0.3, 0.4]), [0, 1], 0.6)
    model = calibrate(given, Duplication(1.3, np.full(2, 1.5), np.ones(1)))
    assert universe_reach(model, np.zeros(2)) == 0


def test_saturation_and_its_inverse_undo_each_other() -> None:
    values = np.array([0.0, 1e-9, 0.1, 3.0])
    for k in (0.02, 1.0, 50.0, np.inf):
        assert spread(saturate(values, k), k) == pytest.approx(values, rel=1e-9)
        assert total_for(reached(values, k), k) == pytest.approx(values, rel=1e-9)


def test_an_assumed_duplication_is_of_people_who_can_meet_both() -> None:
    """Two countries of 6 % that watch the other's programmes: each alone, and both in one campaign. Counted of the
    whole universe 1.7 times chance is about the most that they can share, and reach a third lower."""
    country, twice = np.array([0.3, 0.25]), np.array([5.0, 5.0, 5.0, 5.0])
    one = replace(audiences(country, [0, 0], 0.6), population=np.array([1000.0]))
    alone = calibrate(one, Duplication(1.0, np.array([1.7]), np.ones(1)))
    spill = np.vstack(
        [np.hstack([0.94 * country, 0.06 * country]), np.hstack([0.06 * country, 0.94 * country])]
    )
    both = replace(audiences(spill, [0] * 4, 0.6), population=np.full(2, 1000.0))
    typed = Duplication(1.0, np.array([1.7]), np.ones(2), frozenset({"m0"}))
    pooled = calibrate(both, replace(typed, assumed=frozenset({"m0"})))
    expected = universe_reach(alone, twice[:2])
    assert universe_reach(pooled, twice) == pytest.approx(expected, rel=0.04)
    assert universe_reach(calibrate(both, typed), twice) < 0.9 * expected
    assert "are kept apart" in " ".join(pooled.notes)


def test_an_assumed_duplication_of_two_countries_is_that_of_each() -> None:
    country = np.array([0.1, 0.15])
    one = replace(audiences(country, [0, 0]), population=np.array([1000.0]))
    apart = np.vstack([np.hstack([country, 0 * country]), np.hstack([0 * country, country])])
    both = replace(audiences(apart, [0] * 4), population=np.full(2, 1000.0))
    alone = calibrate(one, Duplication(1.0, np.array([1.7]), np.ones(1)))
    pooled = calibrate(both, Duplication(1.0, np.array([1.7]), np.ones(2), assumed=frozenset({"m0"})))
    assert pooled.reach_shares(np.full(4, 3.0)) == pytest.approx(
        np.repeat(alone.reach_shares(np.full(2, 3.0)), 2), rel=1e-6
    )


# Calibration is exact ---------------------------------------------------------------------------------------


def made_campaign(seed: int, segments: int) -> tuple[Audiences, Duplication]:
    """Nine vehicles in three media, ratings up to a quarter, different in every segment."""
    rng = np.random.default_rng(seed)
    rating = rng.uniform(0.01, 0.25, (1, 9)) * rng.uniform(0.6, 1.4, (segments, 9))
    given = audiences(rating, [0, 0, 0, 0, 1, 1, 1, 2, 2], rng.uniform(0.6, 0.85, 9))
    factor = np.where(np.arange(segments) % 2 == 1, 0.6, 1.0)
    return given, Duplication(1.35, np.array([1.6, 2.0, 2.5]), factor)


@pytest.mark.parametrize("segments", [1, 4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ratings_duplications_and_repeat_audiences_are_reproduced(seed: int, segments: int) -> None:
    """Duplications by brute force over all pairs; 1e-9 is the root finder's tolerance."""
    given, duplication = made_campaign(seed, segments)
    model = calibrate(given, duplication)
    assert model.notes == ()
    people = given.population
    mean = people @ given.rating / people.sum()
    delivered: dict[int, float] = {}
    chance: dict[int, float] = {}
    for i, j in combinations(range(9), 2):
        a, b = given.medium[i], given.medium[j]
        where = int(a) if a == b else -1
        delivered[where] = delivered.get(where, 0) + float(people @ shared_share(model, i, j))
        chance[where] = chance.get(where, 0) + float(people.sum() * mean[i] * mean[j])
    stated = {-1: 1.35, 0: 1.6, 1: 2.0, 2: 2.5}
    for where, times in stated.items():
        assert delivered[where] / chance[where] == pytest.approx(times, rel=1e-9)
    for j in range(9):
        once, twice = np.eye(9)[j], 2 * np.eye(9)[j]
        assert model.reach_shares(once) == pytest.approx(given.rating[:, j], rel=1e-9)
        seen_again = 2 * given.rating[:, j] - model.reach_shares(twice)
        repeat = people @ seen_again / (people @ given.rating[:, j])
        assert repeat == pytest.approx(given.repeat[j], rel=1e-9)


def test_two_vehicles_share_what_their_duplication_says() -> None:
    """p = .2 and .1, D = 1.5: three people in a hundred meet both, so 27 meet one or the other."""
    model = calibrate(audiences(np.array([0.2, 0.1]), [0, 1]), Duplication(1.5, np.ones(2), np.ones(1)))
    assert universe_reach(model, np.ones(2)) == pytest.approx(0.27, abs=1e-9)
    same = calibrate(audiences(np.array([0.2, 0.1]), [0, 0]), Duplication(1.0, np.array([1.5]), np.ones(1)))
    assert universe_reach(same, np.ones(2)) == pytest.approx(0.27, abs=1e-9)


def test_a_small_duplication_factor_shares_less_in_its_segments() -> None:
    """Two segments alike but for the factor: the base is calibrated to the universe, the excess divides."""
    given = audiences(np.array([[0.2, 0.1], [0.2, 0.1]]), [0, 1])
    model = calibrate(given, Duplication(1.5, np.ones(2), np.array([1.0, 0.6])))
    excess = shared_share(model, 0, 1) / (0.2 * 0.1) - 1
    assert model.population @ (excess + 1) / model.population.sum() == pytest.approx(1.5, rel=1e-9)
    # k0 and k0/.6: the excess is near 1/k, less its curvature; 5 % covers ratings of .1 and .2
    assert excess[1] / excess[0] == pytest.approx(0.6, rel=0.05)


def test_accumulation_follows_the_beta_binomial() -> None:
    """p = .1, r = .5: alpha = .125, beta = 1.125. Where vehicles share no more than by chance, our curve meets
    26 insertions at .365 (beta-binomial .362); with D0 = 1.35 and D = 1.6 around it at .351."""
    alpha, beta = 0.125, 1.125
    numbers = np.array([1.0, 2, 3, 5, 13, 26, 52])
    published = -np.expm1(betaln(alpha, beta + numbers) - betaln(alpha, beta))
    assert published[5] == pytest.approx(0.3616, abs=5e-5)
    alone = calibrate(audiences(np.array([0.1]), [0], 0.5), random_duplication(1))
    ours = np.array([universe_reach(alone, np.array([x])) for x in numbers])
    assert ours[:2] == pytest.approx(published[:2], abs=1e-9)
    assert ours[5] == pytest.approx(0.36478, abs=5e-6)
    assert np.abs(ours - published).max() < 0.005
    several = calibrate(
        audiences(np.full(3, 0.1), [0, 0, 1], 0.5), Duplication(1.35, np.array([1.6, 1.6]), np.ones(1))
    )
    crowded = np.array([universe_reach(several, np.array([x, 0, 0])) for x in numbers])
    assert crowded[:2] == pytest.approx(published[:2], abs=1e-9)
    assert crowded[5] == pytest.approx(0.35125, abs=5e-6)
    assert np.abs(crowded - published).max() < 0.018


# Edges stay finite ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("repeat", [0.99, 0.999, 0.999999])
def test_a_loyal_audience_hardly_grows_and_stays_finite(repeat: float) -> None:
    given = audiences(np.array([0.1, 0.2]), [0, 0], repeat)
    model = calibrate(given, Duplication(1.0, np.array([1.6]), np.ones(1)))
    twice = model.reach_shares(np.array([2.0, 0.0]))
    assert twice == pytest.approx([0.1 * (2 - repeat)], rel=1e-9)
    many = model.reach_shares(np.array([500.0, 500.0]))
    assert np.isfinite(many).all()
    assert (many < 1).all()
    assert np.isfinite(model.intensity(np.array([0.0, 3.5]))).all()


@pytest.mark.parametrize(
    ("rating", "medium", "duplication"),
    [([1e-6, 1e-6, 1e-5, 1e-4], [0, 0, 1, 1], Duplication(1.35, np.array([1.6, 7.5]), np.ones(1))),
     ([0.9, 0.5, 0.3, 0.85], [0, 0, 1, 1], Duplication(1.02, np.array([1.06, 1.1]), np.ones(1))),
     ([0.9, 1e-6, 0.5, 1e-4], [0, 0, 1, 1], random_duplication(2))],
)  # fmt: skip
def test_tiny_and_huge_ratings_stay_finite_and_exact(
    rating: list[float], medium: list[int], duplication: Duplication
) -> None:
    model = calibrate(audiences(np.array(rating), medium, 0.95), duplication)
    for j, p in enumerate(rating):
        assert model.reach_shares(np.eye(4)[j]) == pytest.approx([p], rel=1e-9)
        # 1e-6: two insertions of a tiny rating lose digits where 2p - pr is formed
        assert model.reach_shares(2 * np.eye(4)[j]) == pytest.approx([p * 1.05], rel=1e-6)
    many = model.reach_shares(np.full(4, 30.0))
    assert np.isfinite(many).all()
    assert (many < 1).all()


def test_a_vehicle_that_nobody_uses_in_a_segment_reaches_nobody_there() -> None:
    given = audiences(np.array([[0.0, 0.2], [0.3, 0.2]]), [0, 1])
    model = calibrate(given, Duplication(1.3, np.ones(2), np.ones(2)))
    alone = model.reach_shares(np.array([4.0, 0.0]))
    assert alone[0] == 0
    assert alone[1] > 0.3


def test_a_single_vehicle_has_no_one_to_share_with() -> None:
    model = calibrate(audiences(np.array([0.1]), [0]), Duplication(1.35, np.array([1.6]), np.ones(1)))
    assert np.isinf(model.k_person).all()
    assert np.isinf(model.k_medium).all()
    assert model.notes == ()


# Properties -------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 20), min_size=9, max_size=9), st.integers(0, 8))
def test_reach_rises_with_every_insertion_by_less_and_less(
    seed: int, bought: list[int], vehicle: int
) -> None:
    given, duplication = made_campaign(seed % 5, 2)
    model = calibrate(given, duplication)
    start = np.array(bought, dtype=float)
    steps = np.array([model.reach_shares(start + n * np.eye(9)[vehicle]) for n in range(4)])
    gains = np.diff(steps, axis=0)
    assert (gains > 0).all()
    # 1e-12: rounding of shares near 1
    assert (np.diff(gains, axis=0) < 1e-12).all()
    assert (steps < 1).all()
    other = (vehicle + 1) % 9
    later = model.reach_shares(start + np.eye(9)[other] + np.eye(9)[vehicle])
    before = model.reach_shares(start + np.eye(9)[other])
    assert (later - before <= gains[0] + 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(0, 6))
def test_a_part_of_an_insertion_adds_that_part_of_its_intensity(seed: int, part: float, whole: int) -> None:
    given, duplication = made_campaign(seed % 5, 2)
    model = calibrate(given, duplication)
    one = np.eye(9)[seed % 9]
    low, high = model.intensity(whole * one), model.intensity((whole + 1) * one)
    assert model.intensity((whole + part) * one) == pytest.approx((1 - part) * low + part * high, rel=1e-9)
    reach = model.reach_shares((whole + part) * one)
    assert (reach >= model.reach_shares(whole * one) - 1e-12).all()
    assert (reach <= model.reach_shares((whole + 1) * one) + 1e-12).all()


def test_the_order_of_vehicles_does_not_matter() -> None:
    given, duplication = made_campaign(1, 3)
    order = np.random.default_rng(7).permutation(9)
    shuffled = Audiences(
        tuple(given.vehicles[j] for j in order), given.media, given.medium[order], given.population,
        given.rating[:, order], given.repeat[order], given.repeat_measured[order],
    )  # fmt: skip
    bought = np.arange(9.0)
    ours = calibrate(given, duplication).reach_shares(bought)
    assert calibrate(shuffled, duplication).reach_shares(bought[order]) == pytest.approx(ours, rel=1e-9)


def test_thousands_are_only_a_unit() -> None:
    given, duplication = made_campaign(1, 3)
    more = Audiences(
        given.vehicles, given.media, given.medium, 1000 * given.population, given.rating, given.repeat,
        given.repeat_measured,
    )  # fmt: skip
    bought = np.arange(9.0)
    ours = calibrate(given, duplication).reach_shares(bought)
    assert calibrate(more, duplication).reach_shares(bought) == pytest.approx(ours, rel=1e-9)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rating", [0.8, 0.95, 0.99, 1 - 1e-9])
@pytest.mark.parametrize("factor", [1.0, 0.7, 3.0])
def test_a_vehicle_that_reaches_almost_everybody_is_reached_by_numbers(rating, factor) -> None:
    """Beside it no duplication can be what was stated; ratings stand, and one more insertion loses nobody."""
    rows = np.array([[rating, 0.12, 0.09, 0.03, 0.024, 0.018]])
    offered = audiences(rows, [0, 0, 0, 1, 2, 1], measured=False)
    either = frozenset({BETWEEN, *offered.media})
    model = calibrate(offered, Duplication(1.35, np.array([1.7, 3.0, 2.0]), np.array([factor]), either))
    one = np.array([model.reach_shares(row) for row in np.eye(6)]).T
    assert one == pytest.approx(rows, abs=2e-6)  # of everybody nearly everybody
    more = [model.reach_shares(np.array([n, 1.0, 1.0, 1.0, 1.0, 1.0])) for n in (1, 2, 5, 50)]
    assert np.isfinite(more).all()
    assert (np.diff(more, axis=0) >= 0).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("rating", "medium", "between"),
    [
        ([0.921, 0.928, 0.1322, 0.1333, 0.113, 0.0193], [0, 1, 0, 1, 0, 1], 1.2),
        ([1 - 1e-9, 0.12, 0.09, 0.03], [0, 0, 1, 1], 1.2),
    ],
)
def test_duplications_beside_vehicles_of_almost_everybody_are_lowered(rating, medium, between) -> None:
    """Two such vehicles of two media: their media could share no more by any number. One: hardly more than by chance
    is shared, however small k is."""
    offered = replace(audiences(np.array(rating), medium, measured=False), population=np.array([10.0]))
    either = frozenset({BETWEEN, *offered.media})
    model = calibrate(offered, Duplication(between, np.array([1.7, 2.0]), np.ones(1), either))
    assert model.lowered
    one = np.array([model.reach_shares(row) for row in np.eye(len(medium))]).T
    assert one == pytest.approx(offered.rating, abs=2e-6)
