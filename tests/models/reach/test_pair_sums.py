"""Sums over pairs against every pair counted, and the duplication factors that rake them to traits' totals."""

import numpy as np
import pytest

from models.arrays import FloatArray
from models.reach.curves import intensity_of, reached, saturate
from models.reach.gamma import Audiences, Duplication, ReachModel, TraitExcess, calibrate
from models.reach.pair_sums import PairSums, raked_factors

MEDIUM = np.array([0, 0, 0, 0, 1, 1, 1])
POPULATION = np.array([400.0, 250.0, 200.0, 150.0])
CATALYST = np.array([False, True, False, True])
YOUNG = np.array([False, False, True, True])


def ratings() -> FloatArray:
    rng = np.random.default_rng(12)
    everyone = rng.uniform(0.03, 0.25, 7)
    return everyone * rng.uniform(0.7, 1.3, (4, 7))


def every_pair(rating: FloatArray, k_person: FloatArray, k_medium: FloatArray) -> FloatArray:
    """(n_segments, 2 + 1) people shared by pairs within medium 0, within 1, between: one pair at a time."""
    found = np.zeros((len(rating), 3))
    for c, p in enumerate(rating):
        for i in range(7):
            for j in range(i):
                m, n = MEDIUM[i], MEDIUM[j]
                a = float(intensity_of(p[i], k_person[c], k_medium[c, m]))
                b = float(intensity_of(p[j], k_person[c], k_medium[c, n]))
                if m == n:
                    total = saturate(np.array(a + b), k_medium[c, m])
                else:
                    total = saturate(np.array(a), k_medium[c, m]) + saturate(np.array(b), k_medium[c, n])
                shared = p[i] + p[j] - float(reached(total, k_person[c]))
                found[c, m if m == n else 2] += POPULATION[c] * shared
    return found


def test_sums_over_pairs_are_those_of_every_pair_counted() -> None:
    rating, rng = ratings(), np.random.default_rng(3)
    k_person, k_medium = rng.uniform(0.5, 5, 4), rng.uniform(0.5, 5, (4, 2))
    k_person[2], k_medium[1, 0] = np.inf, np.inf
    pairs = PairSums(POPULATION, rating, MEDIUM, 2)
    exact = every_pair(rating, k_person, k_medium)
    assert pairs.within(0, k_person, k_medium[:, 0]) == pytest.approx(exact[:, 0], rel=1e-9)
    assert pairs.within(1, k_person, k_medium[:, 1]) == pytest.approx(exact[:, 1], rel=1e-9)
    assert pairs.between(k_person) == pytest.approx(exact[:, 2], rel=1e-9)


def test_chance_is_that_of_ratings_of_the_people_asked_about() -> None:
    rating = ratings()
    between, *within = PairSums(POPULATION, rating, MEDIUM, 2).chance(CATALYST)
    p = POPULATION[CATALYST] @ rating[CATALYST] / 400
    assert within[1] == pytest.approx(400 * (p[4] * p[5] + p[4] * p[6] + p[5] * p[6]))
    assert between == pytest.approx(400 * p[:4].sum() * p[4:].sum())


def model(traits: tuple[TraitExcess, ...]) -> ReachModel:
    audiences = Audiences(
        tuple("abcdefg"), ("TV", "print"), MEDIUM, POPULATION, ratings(), np.full(7, 0.9), np.zeros(7, bool)
    )
    return calibrate(audiences, Duplication(1.4, np.array([1.8, 2.5]), np.ones(4), frozenset(), traits))


def test_traits_that_overlap_each_have_their_own_total_and_the_universe_its() -> None:
    """Factors .55 and 1.5, in a segment that has both: within 1 % of each excess (the raking stops at 1e-3)."""
    stated = (TraitExcess("catalyst", CATALYST, 0.55), TraitExcess("young", YOUNG, 1.5))
    found, rating = model(stated), ratings()
    people = every_pair(rating, found.k_person, found.k_medium)
    pairs = PairSums(POPULATION, rating, MEDIUM, 2)
    between, *within = pairs.chance(np.ones(4, bool))
    assert people.sum(axis=0) == pytest.approx([within[0] * 1.8, within[1] * 2.5, between * 1.4], rel=1e-6)
    for trait in stated:
        between, *within = pairs.chance(trait.has)
        excess = trait.times * (within[0] * 0.8 + within[1] * 1.5 + between * 0.4)
        total = float(people[trait.has].sum())
        assert total - sum(within) - between == pytest.approx(excess, rel=0.01), trait.name


def test_no_trait_stated_is_the_model_without_factors() -> None:
    assert (model(()).k_person == model(()).k_person[0]).all()


def test_a_factor_of_everyone_changes_nothing() -> None:
    """All people at f = 1 is what the base k are calibrated to anyway."""
    everyone = (TraitExcess("people", np.ones(4, bool), 1.0),)
    assert model(everyone).k_person == pytest.approx(model(()).k_person, rel=1e-9)


def test_an_excess_beyond_what_factors_can_give_stays_finite() -> None:
    """A hundredth of the excess, where compositions alone give more: the factor is at its least, 1/8, of a mean."""
    pairs = PairSums(POPULATION, ratings(), MEDIUM, 2)
    stated = (TraitExcess("catalyst", CATALYST, 0.001),)
    factors = raked_factors(pairs, 1.05, np.array([1.1, 1.1]), np.ones(4), stated)
    assert np.isfinite(factors).all()
    assert (factors >= 1 / 8 - 1e-12).all()
    assert factors[1] == factors[3] < factors[0] == factors[2]


@pytest.mark.parametrize("vehicles", [range(4), [0, 1, 2, 4]])
def test_factors_do_not_depend_on_the_unit_in_which_people_are_counted(vehicles) -> None:
    """Where media have no pairs within or between them, what is found of these is rounding, which units change."""
    chosen, stated = list(vehicles), (TraitExcess("catalyst", CATALYST, 0.55),)
    factors = [
        raked_factors(PairSums(people * POPULATION, ratings()[:, chosen], MEDIUM[chosen], 2), 1.4,
                      np.array([1.8, 2.5]), np.ones(4), stated)
        for people in (1e-3, 1.0, 1e3, 1e6)
    ]  # fmt: skip
    for others in factors[1:]:
        assert others == pytest.approx(factors[0], rel=1e-9)  # rounding, 40 rounds of it


def test_a_trait_whose_people_meet_next_to_nothing_leaves_the_others_factors_alone() -> None:
    """Their pairs are fewer than rounding; catalysts' factor stays 1/5 of others', as without them."""
    rating = np.where(YOUNG[:, None], 1e-9, ratings())
    catalyst, young = TraitExcess("catalyst", CATALYST, 0.55), TraitExcess("young", YOUNG, 1.5)
    pairs, within = PairSums(POPULATION, rating, MEDIUM, 2), np.array([3.8, 4.5])
    alone, both = (
        raked_factors(pairs, 3.2, within, np.ones(4), traits) for traits in ((catalyst,), (catalyst, young))
    )
    assert both[1] / both[0] == pytest.approx(alone[1] / alone[0], rel=1e-6)  # rounding
    assert alone[1] / alone[0] == pytest.approx(0.197, abs=0.001)
