"""Reach on real people: respondents of a survey, one contact in each vehicle that they use (respondents_2016.py).

Found on 2026-11-23 with 83 vehicles of 50 users or more, 3,520 respondents, 500 random sets of each size;
bias is the mean of model / survey - 1, its sampling error about .2 points:

    vehicles in the set                               4       8      16
    everyone, random duplication (D = 1)           +8.1   +14.4   +19.9 %
    everyone, one segment                          +0.6    -0.1    -0.0      mean absolute 3.4, 2.9, 2.0
    everyone, twelve segments by trait             +0.5    -0.2    -0.2      mean absolute 2.9, 2.5, 1.9
    catalysts, duplication factor 0.6              +1.4    +1.3    +2.0
    catalysts, no factor                           -1.1    -2.7    -3.0
    college graduates                              -0.4    -1.9    -2.9
    aged 18-34                                     +2.9    +4.3    +5.6
    aged 35-54                                     +0.6    -0.1    -0.5
    aged 55 and over                               -0.7    -2.6    -3.3
    print, online and web only, three media        +5.7    +8.4   +10.2
    print, online and web only, as one medium      +0.2    +0.1    -0.2

Everyone's reach is met; that of a trait without a duplication factor is off by up to 5.6 %, in opposite
directions (the young are more duplicated than the rest, the old and the graduates less). With factors raked to
each trait's pairs (catalyst .55, 18-34 1.5, 35-54 1.1, 55+ .7; sets of 4, 8, 16): 18-34 +0.2, -0.8, -1.9; 35-54 +0.2,
-0.7, -1.9; 55+ +1.1, +0.9, +1.2; catalysts +2.1, +2.6, +3.6; everyone +0.4, -0.2, -0.6 %.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from models.arrays import FloatArray
from models.people.audience import Segments, build_segments, split_audiences
from models.people.traits import Traits
from models.reach.gamma import Audiences, Duplication, ReachModel, TraitExcess, calibrate
from tests.models.reach.respondents_2016 import MEDIA, TRAITS, UNIVERSE, Mask, survey

SETS = 500
SIZES = pytest.mark.parametrize("size", [4, 8, 16])


def calibrated(
    population: FloatArray, rating: FloatArray, factor: FloatArray, medium: NDArray[np.int64] | None = None
) -> ReachModel:
    people = survey()
    medium = people.medium if medium is None else medium
    between, within = people.duplication(medium)
    n = len(people.vehicles)
    # Sets hold one insertion of each vehicle, so the repeat audience plays no part.
    given = Audiences(people.vehicles, MEDIA, medium, population, rating, np.full(n, 0.9), np.zeros(n, bool))
    return calibrate(given, Duplication(between, np.maximum(within, 1.0), factor))


@cache
def one_segment() -> ReachModel:
    return calibrated(np.array([UNIVERSE]), survey().rating[None], np.ones(1))


@cache
def segments() -> Segments:
    """Catalyst x college x age, with the survey's own shares and overlaps."""
    people = survey()
    share = np.array([people.weight @ people.traits[name] for name in TRAITS])
    share[2:] /= share[2:].sum()
    overlaps = [
        (a, b, float(people.weight @ (people.traits[a] & people.traits[b])))
        for n, a in enumerate(TRAITS[:2])
        for b in TRAITS[n + 1 :]
    ]
    return build_segments(UNIVERSE, Traits(TRAITS, share, ("", "", "age", "age", "age")), overlaps)


@cache
def by_trait(factor: float) -> ReachModel:
    """As a planner would: composition of each vehicle by trait, raked into the segments."""
    people, made = survey(), segments()
    masks = np.column_stack([people.traits[name] for name in TRAITS])
    composition = ((people.uses * people.weight[:, None]).T @ masks) / people.rating[:, None]
    reached = split_audiences(made, people.vehicles, people.rating * UNIVERSE, composition)
    rating = reached / made.population[:, None]
    return calibrated(made.population, rating, np.where(made.with_trait("catalyst"), factor, 1.0))


def model_reach(model: ReachModel, chosen: NDArray[np.int64], who: Mask | None = None) -> float:
    insertions = np.zeros(len(model.audiences.vehicles))
    insertions[chosen] = 1
    counted = model.population if who is None else model.population * who
    return float(counted @ model.reach_shares(insertions) / counted.sum())


def errors(
    size: int, estimate: Callable[[NDArray[np.int64]], float], who: str = "", media: tuple[str, ...] = MEDIA
) -> FloatArray:
    """(SETS,) relative error of reach on random sets of vehicles of these media."""
    people = survey()
    among = np.flatnonzero(np.isin(people.medium, [MEDIA.index(name) for name in media]))
    rng = np.random.default_rng([2016, size])
    sets = [rng.choice(among, size, replace=False) for _ in range(SETS)]
    mask = people.traits[who] if who else None
    return np.array([estimate(chosen) / people.reach(chosen, mask) - 1 for chosen in sets])


def told(name: str, size: int, found: FloatArray) -> str:
    sampling = found.std() / len(found) ** 0.5
    return (
        f"{name}, sets of {size}: bias {found.mean():+.2%} (+-{sampling:.2%}), "
        f"mean absolute error {np.abs(found).mean():.2%}"
    )


def among(model: ReachModel, trait: str) -> Callable[[NDArray[np.int64]], float]:
    who = segments().with_trait(trait)
    return lambda chosen: model_reach(model, chosen, who)


def test_the_survey_is_read_as_its_readme_says() -> None:
    people = survey()
    assert len(people.vehicles) == 83
    assert people.weight @ people.traits["catalyst"] == pytest.approx(0.16, abs=0.002)
    assert people.weight @ people.traits["college"] == pytest.approx(0.317, abs=0.002)
    between, within = people.duplication(people.medium)
    # us_2016_duplication.csv, measured on all its 103 vehicles and 3,647 respondents
    assert within == pytest.approx([1.61, 5.36, 2.97, 7.50, 7.56], rel=0.05)
    assert between == pytest.approx(1.35, rel=0.02)


@SIZES
def test_reach_in_one_segment_is_unbiased(size: int, record_property) -> None:
    found = errors(size, lambda chosen: model_reach(one_segment(), chosen))
    record_property("reach", told("one segment", size, found))
    assert abs(found.mean()) < 0.01, told("one segment", size, found)
    assert np.abs(found).mean() < 0.04, told("one segment", size, found)


@SIZES
def test_reach_in_segments_by_trait_is_unbiased(size: int, record_property) -> None:
    found = errors(size, lambda chosen: model_reach(by_trait(0.6), chosen))
    record_property("reach", told("twelve segments", size, found))
    assert abs(found.mean()) < 0.01, told("twelve segments", size, found)
    assert np.abs(found).mean() < 0.04, told("twelve segments", size, found)


@SIZES
def test_random_duplication_overstates_reach(size: int, record_property) -> None:
    """By 8, 14 and 20 %: what a planner loses who takes vehicles as independent."""
    rating = survey().rating
    found = errors(size, lambda chosen: float(1 - np.prod(1 - rating[chosen])))
    record_property("reach", told("random duplication", size, found))
    assert found.mean() == pytest.approx({4: 0.08, 8: 0.145, 16: 0.197}[size], abs=0.01)


@SIZES
def test_reach_of_catalysts_is_within_three_percent_with_their_duplication_factor(
    size: int, record_property
) -> None:
    found = errors(size, among(by_trait(0.6), "catalyst"), "catalyst")
    record_property("reach", told("catalysts, factor .6", size, found))
    assert abs(found.mean()) < 0.03, told("catalysts", size, found)


@SIZES
def test_without_the_factor_reach_of_catalysts_is_understated(size: int, record_property) -> None:
    """The fault grows with the set, and beyond four vehicles is larger than what the factor leaves; at four
    the two are alike (-1.1 and +1.4 %, sampling error .2)."""
    without = errors(size, among(by_trait(1.0), "catalyst"), "catalyst")
    with_factor = errors(size, among(by_trait(0.6), "catalyst"), "catalyst")
    record_property("reach", told("catalysts, no factor", size, without))
    message = told("no factor", size, without) + "; " + told("factor .6", size, with_factor)
    assert without.mean() == pytest.approx({4: -0.011, 8: -0.027, 16: -0.030}[size], abs=0.006), message
    if size > 4:
        assert abs(without.mean()) > abs(with_factor.mean()), message


@pytest.mark.parametrize(
    ("trait", "size", "bias"),
    [("college", 4, -0.004), ("college", 8, -0.019), ("college", 16, -0.029),
     ("18-34", 4, 0.029), ("18-34", 8, 0.043), ("18-34", 16, 0.056),
     ("35-54", 4, 0.006), ("35-54", 8, -0.001), ("35-54", 16, -0.005),
     ("55+", 4, -0.007), ("55+", 8, -0.026), ("55+", 16, -0.033)],
)  # fmt: skip
def test_reach_of_a_trait_without_a_duplication_factor_is_off_by_a_known_amount(
    trait: str, size: int, bias: float, record_property
) -> None:
    """A known fault, written down so that a change of it is seen. .006: three sampling errors."""
    found = errors(size, among(by_trait(0.6), trait), trait)
    record_property("reach", told(trait, size, found))
    assert found.mean() == pytest.approx(bias, abs=0.006), told(trait, size, found)


@SIZES
def test_sets_of_print_online_and_web_alone_are_overstated(size: int, record_property) -> None:
    """The fault that the design names (one duplication between media cannot serve all pairs): print, online
    and web share 2.2 to 3.4 times chance, and get 1.36. Taken as one medium they are met within 1 %."""
    reading = ("web", "print", "online")
    found = errors(size, lambda chosen: model_reach(one_segment(), chosen), media=reading)
    record_property("reach", told("print, online, web", size, found))
    assert found.mean() == pytest.approx({4: 0.057, 8: 0.084, 16: 0.102}[size], abs=0.01), told(
        "three media", size, found
    )
    medium = np.where(np.isin(survey().medium, [2, 3, 4]), 2, survey().medium)
    merged = calibrated(np.array([UNIVERSE]), survey().rating[None], np.ones(1), medium)
    as_one = errors(size, lambda chosen: model_reach(merged, chosen), media=reading)
    record_property("reach as one medium", told("print, online, web as one medium", size, as_one))
    assert abs(as_one.mean()) < 0.01, told("one medium", size, as_one)


@cache
def with_excesses() -> ReachModel:
    """Segments by trait, with the excess duplications that are defaults for catalysts and ages."""
    people, made = survey(), segments()
    rating, n = by_trait(1.0).audiences.rating, len(people.vehicles)
    stated = {"catalyst": 0.55, "18-34": 1.5, "35-54": 1.1, "55+": 0.7}
    traits = tuple(TraitExcess(name, made.with_trait(name), times) for name, times in stated.items())
    between, within = people.duplication(people.medium)
    audiences = Audiences(
        people.vehicles, MEDIA, people.medium, made.population, rating, np.full(n, 0.9), np.zeros(n, bool)
    )
    factor = np.ones(len(made.population))
    return calibrate(audiences, Duplication(between, np.maximum(within, 1.0), factor, frozenset(), traits))


@pytest.mark.parametrize(
    ("trait", "most"), [("18-34", 0.025), ("35-54", 0.025), ("55+", 0.02), ("catalyst", 0.045)]
)
@SIZES
def test_with_excesses_raked_reach_of_traits_is_met(
    trait: str, most: float, size: int, record_property
) -> None:
    found = errors(size, among(with_excesses(), trait), trait)
    record_property("reach", told(trait, size, found))
    assert abs(found.mean()) < most, told(trait, size, found)
