"""Reach on real people: the 2016 election study's respondents, one contact in each vehicle that they use.

American National Election Studies, 2016 Time Series Study. The file is licensed for research and may not be
redistributed, so it is read where it lies (../shared/data) and the tests are skipped without it.

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

Audience types, from one half of the survey, judged on the other half:
The 2016 election study (test_reach_on_respondents reads it; skipped where it is not). Types, duplications and the
shares of traits by type come from half A. Ratings are taken as a planner has them, known: half B's own. So what is
judged is duplication alone. Half B is a sample too: what chance leaves in its reach beside its own ratings (the
residual of a regression of being reached on the vehicles of the set) is taken off the mean square error.

Found with 83 vehicles of 50 users or more, seeded halves, random sets; rms error of everyone's reach, in %:

    vehicles in the set                          8      16
    one segment, D of half A                   4.1     2.8
    20 types of half A (6 and 3 splits)    2.0, 2.1   1.6, 1.8
    12 types fitted to half A's pairs          2.0     1.8    (6 splits; 2.5 and 2.4 before types left half of D)
    half A itself, weighted to B's ratings     1.8     1.4
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.arrays import FloatArray, IntArray
from models.people.audience import Segments, build_segments, split_audiences
from models.people.pair_types import types_from_pairs
from models.people.traits import Traits
from models.people.types import AudienceTypes, exact_ratings, types_from_respondents
from models.reach.gamma import Audiences, Duplication, ReachModel, TraitExcess, calibrate

FILE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "anes_2016_media.csv"
MEDIA = ("tv", "radio", "web", "print", "online")
ENOUGH_USERS = 50
SETS = 500
UNIVERSE = 1000.0
TRAITS = ("catalyst", "college", "18-34", "35-54", "55+")
SIZES = pytest.mark.parametrize("size", [4, 8, 16])

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Survey:
    """uses: (n_people, n_vehicles). weight: (n_people,) sums to 1. medium: (n_vehicles,). traits: masks."""

    vehicles: tuple[str, ...]
    medium: NDArray[np.int64]
    uses: Mask
    weight: FloatArray
    traits: dict[str, Mask]

    @property
    def rating(self) -> FloatArray:
        return np.asarray(self.weight @ self.uses)

    def reach(self, chosen: NDArray[np.int64], who: Mask | None = None) -> float:
        weight = self.weight if who is None else self.weight * who
        return float(weight @ self.uses[:, chosen].any(axis=1) / weight.sum())

    def duplication(self, medium: NDArray[np.int64]) -> tuple[float, FloatArray]:
        """Between and within media: how much more often than by chance two vehicles share a user."""
        together = (self.uses * self.weight[:, None]).T @ self.uses
        chance = np.outer(self.rating, self.rating)
        i, j = np.triu_indices(len(self.vehicles), 1)
        where = np.where(medium[i] == medium[j], medium[i], -1)
        times = [
            together[i, j][where == m].sum() / max(float(chance[i, j][where == m].sum()), 1e-300)
            for m in (-1, *range(len(MEDIA)))
        ]
        return float(times[0]), np.array(times[1:])


@cache
def survey() -> Survey:
    """Respondents with a post-election weight and known traits. Not asked (447 people, some media) counts as
    not using, as in the shares of ../shared/data/us_2016_media_audiences.csv."""
    if not FILE.exists():
        pytest.skip("../shared/data/anes_2016_media.csv is not here")
    with FILE.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["weight_post"] or 0) > 0]
    known = ("persuade", "discuss_days", "age", "educ")
    rows = [row for row in rows if all(row[name] for name in known) and float(row["educ"]) <= 16]
    columns = [name for name in rows[0] if name.split("_")[0] in MEDIA and name != "web_other"]
    uses = np.array([[float(row[name] or 0) > 0 for name in columns] for row in rows])
    kept = np.flatnonzero(uses.sum(axis=0) >= ENOUGH_USERS)
    value = {name: np.array([float(row[name]) for row in rows]) for name in (*known, "weight_post")}
    age = value["age"]
    masks = (
        (value["persuade"] == 1) & (value["discuss_days"] == 7),
        value["educ"] >= 13,  # V161270: 13 bachelor's, 14 master's, 15 professional, 16 doctorate
        age < 35,
        (age >= 35) & (age < 55),
        age >= 55,
    )
    return Survey(
        tuple(columns[j] for j in kept),
        np.array([MEDIA.index(columns[j].split("_")[0]) for j in kept]),
        uses[:, kept],
        value["weight_post"] / value["weight_post"].sum(),
        dict(zip(TRAITS, masks, strict=True)),
    )


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


# --- audience types, from one half to the other -----------------------------------------------------


SPLITS, TYPED_SETS = 4, 150


def halves(split: int) -> tuple[IntArray, IntArray]:
    """Places of the respondents of both halves."""
    people = np.random.default_rng(split).permutation(len(survey().weight))
    return people[: len(people) // 2], people[len(people) // 2 :]


def half(places: IntArray) -> Survey:
    whole = survey()
    weight = whole.weight[places] / whole.weight[places].sum()
    traits = {name: mask[places] for name, mask in whole.traits.items()}
    return Survey(whole.vehicles, whole.medium, whole.uses[places], weight, traits)


def by_em(of: Survey) -> AudienceTypes:
    masks = np.column_stack(list(of.traits.values()))
    return types_from_respondents(of.uses, of.weight, masks)


def by_pairs(of: Survey) -> AudienceTypes:
    columns = np.hstack([of.uses, np.column_stack(list(of.traits.values()))]).astype(float)
    shared = (columns * of.weight[:, None]).T @ columns
    asked = 1 / float((of.weight**2).sum())
    return types_from_pairs(np.diag(shared).copy(), shared, len(of.traits), asked).types


def by_nothing(of: Survey) -> AudienceTypes:
    masks = np.column_stack(list(of.traits.values()))
    return AudienceTypes(np.ones(1), of.rating[:, None], (of.weight @ masks)[:, None])


def typed_model(types: AudienceTypes, a: Survey, rating: FloatArray) -> ReachModel:
    """Types and duplications of half A, ratings as given."""
    n = len(rating)
    by_type = exact_ratings(rating, types.rating, types.share).T
    population = UNIVERSE * types.share
    given = Audiences(a.vehicles, MEDIA, a.medium, population, by_type, np.full(n, 0.9), np.zeros(n, bool))
    between, within = a.duplication(a.medium)
    return calibrate(given, Duplication(between, np.maximum(within, 1.0), np.ones(len(population))))


def noise(b: Survey, chosen: IntArray, reached: FloatArray) -> float:
    """Variance of half B's reach that its own ratings leave."""
    design = np.column_stack([np.ones(len(reached)), b.uses[:, chosen]]).astype(float)
    weighted = design * b.weight[:, None]
    fitted = design @ np.linalg.lstsq(weighted.T @ design, weighted.T @ reached, rcond=None)[0]
    return float(((b.weight * (reached - fitted)) ** 2).sum())


@cache
def type_errors(kind: str, trait: str = "") -> dict[int, FloatArray]:
    """By size (sets of all splits, 2): relative error of reach, and the variance that is chance."""
    makers: dict[str, Callable[[Survey], AudienceTypes]] = {
        "types": by_em, "pairs": by_pairs, "none": by_nothing,
    }  # fmt: skip
    found: dict[int, list[tuple[float, float]]] = {8: [], 16: []}
    for split in range(SPLITS):
        a, b = (half(places) for places in halves(split))
        types = makers[kind](a)
        made = typed_model(types, a, np.maximum(b.rating, 1e-3))
        who = types.share if not trait else types.share * types.trait[list(a.traits).index(trait)]
        mask = b.traits[trait].astype(float) if trait else np.ones(len(b.weight))
        for size, pairs in found.items():
            rng = np.random.default_rng([2016, size, split])
            for _ in range(TYPED_SETS):
                chosen = rng.choice(len(a.vehicles), size, replace=False)
                insertions = np.zeros(len(a.vehicles))
                insertions[chosen] = 1
                reached = b.uses[:, chosen].any(axis=1).astype(float)
                own = float((b.weight * mask) @ reached / (b.weight @ mask))
                ours = float(who @ made.reach_shares(insertions) / who.sum())
                pairs.append((ours / own - 1, noise(b, chosen, reached) / own**2))
    return {size: np.array(each) for size, each in found.items()}


def rms(kind: str, size: int) -> float:
    error, chance = type_errors(kind)[size].T
    return float(np.sqrt(max((error**2).mean() - chance.mean(), 0.0)))


@pytest.mark.parametrize(("size", "most"), [(8, 0.022), (16, 0.018)])
def test_reach_with_types_of_one_half_is_that_of_the_other(size: int, most: float, record_property) -> None:
    """The aim is 2.0 and 1.6 %; .2 is what splits of other seeds may add."""
    record_property("rms", f"{size} vehicles: {rms('types', size):.2%}")
    assert rms("types", size) < most


@pytest.mark.parametrize(("size", "most"), [(8, 0.024), (16, 0.022)])
def test_reach_with_types_of_pairs_only(size: int, most: float, record_property) -> None:
    """The aim is 2.2 %; .2 is what splits of other seeds may add."""
    record_property("rms", f"{size} vehicles: {rms('pairs', size):.2%}")
    assert rms("pairs", size) < most


@pytest.mark.parametrize("size", [8, 16])
def test_types_halve_the_error_of_one_segment(size: int, record_property) -> None:
    record_property("rms", f"{size} vehicles: none {rms('none', size):.2%}, types {rms('types', size):.2%}")
    assert rms("types", size) < 0.65 * rms("none", size)
    assert rms("pairs", size) < 0.9 * rms("none", size)


@pytest.mark.parametrize(("trait", "most"), [("18-34", 0.03), ("55+", 0.02)])
def test_reach_of_ages_follows_from_types(trait: str, most: float, record_property) -> None:
    """Here ratings of a trait are what types imply, no composition is given: 18-34 within 3 %."""
    for size in (8, 16):
        bias = float(type_errors("types", trait)[size][:, 0].mean())
        record_property("bias", f"{trait}, {size} vehicles: {bias:+.2%}")
        assert abs(bias) < most, f"{trait}, {size}: {bias:+.2%}"
