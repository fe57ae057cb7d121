"""Audience types: exact ratings, types found again in simulated people, the fit to pairs."""

import numpy as np
import pytest
from scipy.optimize import check_grad

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.people import types
from models.people.audience import build_segments
from models.people.pair_types import _Fit, types_from_pairs
from models.people.raking import JointShares
from models.people.traits import Traits
from models.people.types import (
    AudienceTypes,
    exact_ratings,
    number_of_types,
    type_names,
    types_from_respondents,
    usual_types,
)

SHARE = np.array([0.5, 0.3, 0.2])
RATING = np.array(
    [
        [0.6, 0.05, 0.1],
        [0.5, 0.1, 0.05],
        [0.05, 0.5, 0.1],
        [0.1, 0.6, 0.05],
        [0.1, 0.1, 0.6],
        [0.05, 0.1, 0.5],
    ]
)
CATALYST = np.array([[0.1, 0.1, 0.5]])


def test_ratings_by_type_are_exact_and_none_is_below_two_percent_of_its_vehicle_before_the_shift() -> None:
    rough = np.array([[0.0, 0.2, 0.4], [0.9, 0.9, 0.9]])
    found = exact_ratings(np.array([0.1, 0.5]), rough, SHARE)
    assert found @ SHARE == pytest.approx([0.1, 0.5])
    assert (found > 0).all()
    assert (found < 1).all()
    assert found[1] == pytest.approx(0.5)  # alike before the shift, alike behind it
    odds = found[0] / (1 - found[0])
    floored = np.array([0.02 * 0.1, 0.2, 0.4])
    assert odds / odds[1] == pytest.approx(floored / (1 - floored) / 0.25)


def test_compositions_and_traits_follow_from_ratings() -> None:
    types = AudienceTypes(SHARE, RATING, CATALYST)
    # vehicle 1: .3, .015, .02 of .335 people
    assert types.composition()[0] == pytest.approx(np.array([0.3, 0.015, 0.02]) / 0.335)
    # catalysts: .05 + .03 + .1 = .18
    assert types.of_traits()[0] == pytest.approx(np.array([0.05, 0.03, 0.1]) / 0.18)
    # of those who see vehicle 1: .1 x .3, .1 x .015 and .5 x .02 people
    assert (types.composition() @ CATALYST.T)[0, 0] == pytest.approx((0.03 + 0.0015 + 0.01) / 0.335)


def simulated(n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """(n, 6) uses and (n, 1) traits of people of the three types."""
    rng = np.random.default_rng(seed)
    own = rng.choice(3, n, p=SHARE)
    return rng.random((n, 6)) < RATING[:, own].T, rng.random((n, 1)) < CATALYST[:, own].T


def reach(types: AudienceTypes, vehicles: list[int]) -> float:
    return float(types.share @ (1 - (1 - types.rating[vehicles]).prod(axis=0)))


SETS = ([0, 1], [0, 2, 4], [0, 1, 2, 3, 4, 5], [2, 3], [1, 5])


def test_types_of_respondents_reproduce_the_reach_of_who_they_came_from() -> None:
    """20,000 people of three types: reach within 1.5 points (the sampling error is .35; five types are fitted)."""
    uses, traits = simulated(20_000, 1)
    found = types_from_respondents(uses, np.ones(20_000), traits, n_types=5)
    true = AudienceTypes(SHARE, RATING, CATALYST)
    assert found.rating @ found.share == pytest.approx(uses.mean(axis=0), abs=1e-9)
    assert found.trait @ found.share == pytest.approx(traits.mean(axis=0), abs=1e-9)
    assert [reach(found, s) for s in SETS] == pytest.approx([reach(true, s) for s in SETS], abs=0.015)
    independent = AudienceTypes(np.ones(1), RATING @ SHARE[:, None], CATALYST @ SHARE[:, None])
    assert abs(reach(independent, [0, 1]) - reach(true, [0, 1])) > 0.03  # which one type would miss


def test_reach_of_who_has_a_trait_is_theirs_and_of_an_oversampled_type_everyones() -> None:
    """Half of those asked are of the last type, a fifth of the universe. Reach within 1.5 points (sampling error of
    5,000 with the trait: .7); traits by mean chances of a type were 6 points off, for six vehicles say little of it."""
    rng, asked = np.random.default_rng(0), np.array([0.3, 0.2, 0.5])
    own = rng.choice(3, 20_000, p=asked)
    uses, traits = rng.random((20_000, 6)) < RATING[:, own].T, rng.random((20_000, 1)) < CATALYST[:, own].T
    found = types_from_respondents(uses, (SHARE / asked)[own], traits, n_types=5)
    true = AudienceTypes(SHARE, RATING, CATALYST)
    assert [reach(found, s) for s in SETS] == pytest.approx([reach(true, s) for s in SETS], abs=0.015)
    of_trait = [AudienceTypes(each.of_traits()[0], each.rating, each.trait) for each in (found, true)]
    assert [reach(of_trait[0], s) for s in SETS] == pytest.approx(
        [reach(of_trait[1], s) for s in SETS], abs=0.015
    )


def test_a_held_out_tenth_chooses_the_number_of_types_only_where_it_says_so() -> None:
    """Three kinds of people who share no vehicle: one type is not enough, and ten are no better than three."""
    random = np.random.default_rng(5)
    kind = random.integers(0, 3, 1_500)
    chance = np.full((3, 9), 0.05)
    for at in range(3):
        chance[at, 3 * at : 3 * at + 3] = 0.6
    uses, weight = random.random((1_500, 9)) < chance[kind], random.uniform(0.5, 1.5, 1_500)
    assert number_of_types(uses, weight, (1, 3), usual=1) == 3
    assert number_of_types(uses, weight, (1, 3, 10), usual=3) == 3
    independent = random.random((1_500, 9)) < 0.3
    assert number_of_types(independent, weight, (1, 4), usual=1) == 1


def test_a_small_survey_is_no_worse_for_many_types() -> None:
    """Six kinds of people, 60 vehicles: types on latent traits fall together, so that people left out are not found
    likelier by 8 than by 40. As many types as 25 people each allow are the usual number."""
    random = np.random.default_rng(1)
    lift, size = np.exp(random.normal(0, 0.8, (6, 60))), random.uniform(0.03, 0.25, 60)
    uses = random.random((400, 60)) < np.minimum(size * lift[random.integers(0, 6, 400)], 0.9)
    assert number_of_types(uses, np.ones(400), (8, 20)) == 40
    assert [usual_types(n) for n in (100, 400, 760, 1_000, 5_000)] == [8, 16, 30, 40, 40]
    assert number_of_types(uses[:9], np.ones(9), (8, 20)) == 40  # nothing can be told


def test_weights_are_people() -> None:
    """Everyone twice is everyone with weight 2; the same survey gives the same types."""
    uses, traits = simulated(300, 2)
    weight = np.random.default_rng(3).uniform(0.5, 2, 300)
    once = types_from_respondents(uses, weight, traits, 3)
    assert once.rating @ once.share == pytest.approx(weight @ uses / weight.sum())
    assert types_from_respondents(uses, 7 * weight, traits, 3).rating == pytest.approx(once.rating)


def test_a_vehicle_that_nobody_uses_is_refused() -> None:
    uses, traits = simulated(50, 4)
    uses[:, 2] = False
    with pytest.raises(InvalidInput, match="nobody"):
        types_from_respondents(uses, np.ones(50), traits, 2)


def pairs_of(rating: FloatArray) -> tuple[FloatArray, FloatArray]:
    both = (rating * SHARE) @ rating.T
    return rating @ SHARE, both


def test_the_gradient_of_the_deviance_is_its_slope() -> None:
    columns, both = pairs_of(np.vstack([RATING, CATALYST]))
    known = np.random.default_rng(5).random((7, 7)) < 0.7
    known = (known | known.T) & ~np.eye(7, dtype=bool)
    fit = _Fit(columns, np.where(known, both, 0.0), known, 2000.0)
    x = np.random.default_rng(6).normal(0, 0.3, 4 * 8)
    slope = check_grad(lambda v: fit.deviance(v)[0], lambda v: fit.deviance(v)[1], x)
    assert slope < 1e-3 * float(np.abs(fit.deviance(x)[1]).max())


@pytest.mark.parametrize("left_out", [0.0, 0.3])
def test_types_fitted_to_pairs_reproduce_pairs_and_reach(left_out: float) -> None:
    """Of 2,000 people, all or 70 % of the pairs: the penalty moves pairs by up to 10 %, reach by 1.5 points."""
    columns, both = pairs_of(np.vstack([RATING, CATALYST]))
    absent = np.triu(np.random.default_rng(7).random((7, 7)) < left_out, 1)
    shared = np.where(absent | absent.T, np.nan, both)
    found = types_from_pairs(columns, shared, 1, 2000.0, n_types=6)
    stated = ~np.isnan(found.residual)
    assert stated.sum() == (~np.isnan(shared) & ~np.eye(7, dtype=bool)).sum()
    assert found.types.rating @ found.types.share == pytest.approx(columns[:6])
    assert found.types.trait @ found.types.share == pytest.approx(columns[6:])
    true = AudienceTypes(SHARE, RATING, CATALYST)
    if not left_out:
        assert found.residual[stated] == pytest.approx(1, abs=0.1)
        assert [reach(found.types, s) for s in SETS] == pytest.approx(
            [reach(true, s) for s in SETS], abs=0.015
        )
    independent = 1 - (1 - columns[[0, 1]]).prod()
    assert abs(reach(found.types, [0, 1]) - reach(true, [0, 1])) < abs(independent - reach(true, [0, 1])) / 2


def test_no_type_fitted_to_pairs_vanishes() -> None:
    """Each has five people beside the 2,000 asked; more types than there are leave nobody out."""
    columns, both = pairs_of(RATING)
    found = types_from_pairs(columns, both, 0, 2000.0, n_types=6).types
    assert len(found.share) == 6
    assert found.share.min() > 5 / 2000 / 2


def test_pairs_of_traits_are_not_read() -> None:
    """Ages exclude each other: read as pairs that nobody shares, they would make types of ages."""
    columns, both = pairs_of(np.vstack([RATING[:3], CATALYST, 1 - CATALYST]))
    excluding = both.copy()
    excluding[3:, 3:] = 0.0
    unknown = np.where(both == excluding, both, np.nan)
    found = [types_from_pairs(columns, shared, 2, 2000.0, n_types=2).types for shared in (excluding, unknown)]
    assert np.array_equal(found[0].rating, found[1].rating)
    assert np.array_equal(found[0].trait, found[1].trait)


def test_half_of_the_duplication_beyond_chance_is_not_the_types() -> None:
    """Types repeat pairs that are divided by 1 + (D - 1) / 2."""
    columns, both = pairs_of(np.array([[0.1, 0.2, 0.6], [0.05, 0.3, 0.5], [0.1, 0.1, 0.7], [0.1, 0.4, 0.4]]))
    pairs = np.triu_indices(4, 1)
    duplication = both[pairs].sum() / np.outer(columns, columns)[pairs].sum()
    found = types_from_pairs(columns, both, 0, 200_000.0, n_types=3).types
    fitted = ((found.rating * found.share) @ found.rating.T)[pairs].sum()
    assert duplication > 1
    # 2 %: the priors
    assert fitted / both[pairs].sum() == pytest.approx(1 / (1 + (duplication - 1) / 2), rel=0.02)


def test_a_pair_larger_than_its_smaller_vehicle_is_refused() -> None:
    columns, both = pairs_of(RATING)
    both[0, 1] = both[1, 0] = columns[1] + 0.01
    with pytest.raises(InvalidInput, match="smaller of them"):
        types_from_pairs(columns, both, 0, 2000.0)


def test_traits_crossed_with_types_have_both_margins_exactly() -> None:
    """A band that is complete, one that is not; the joint shares rounded, as a sheet has them."""
    names = ("young", "old", "catalyst", *type_names(2))
    traits = Traits(names, np.array([0.4, 0.6, 0.2, 0.7, 0.3]), ("age", "age", "", "types", "types"))
    ages = JointShares(("young", "old"), ("type 1", "type 2"), np.array([[0.21, 0.19], [0.5, 0.1]]))
    talk = JointShares(("catalyst",), ("type 1", "type 2"), np.array([[0.05, 0.15]]))
    found = build_segments(1000, traits, [("catalyst", "young", 0.1)], [ages, talk])
    assert len(found.population) == 8
    assert found.trait_population() == pytest.approx([400, 600, 200, 700, 300])
    both = lambda a, b: float(found.population @ (found.with_trait(a) & found.with_trait(b)))  # noqa: E731
    assert both("catalyst", "type 2") == pytest.approx(150)
    assert both("catalyst", "young") == pytest.approx(100)
    # raked: rows .4 and .6, columns .7 and .3, keeping the odds ratio .21 x .1 / (.19 x .5)
    a = both("young", "type 1") / 1000
    assert a * (0.6 - 0.7 + a) / ((0.4 - a) * (0.7 - a)) == pytest.approx(0.21 * 0.1 / (0.19 * 0.5))


def test_more_types_than_people_leave_some() -> None:
    """None had the share of one person: all were dropped, and with them the ratings."""
    people = np.random.default_rng(0).random((20, 2)) < 0.4
    weight = np.ones(20)
    found = types_from_respondents(people, weight, np.zeros((20, 0), dtype=bool), 40)
    assert found.share.sum() == pytest.approx(1)
    assert found.rating @ found.share == pytest.approx(people.mean(axis=0))


def test_how_many_types_is_chosen_on_some_of_many_respondents(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same number, and the same fit of all, where 300 of 600 choose."""
    rng = np.random.default_rng(4)
    uses = rng.random((600, 8)) < np.where(np.arange(600)[:, None] % 2 == 0, 0.6, 0.1)
    weight = np.ones(600)
    seen: list[int] = []
    fitted = types.fit_types
    monkeypatch.setattr(types, "ENOUGH_TO_CHOOSE", 300)
    monkeypatch.setattr(types, "fit_types", lambda *of: seen.append(len(of[0])) or fitted(*of))
    types.number_of_types(uses, weight, [2, 4], 4)
    assert max(seen) < 300
