"""Compositions moved towards the universe's: by hand, by their properties, and on halves of a survey.

On the American National Election Study 2016 (103 vehicles, 3,551 respondents with every answer; licensed for
research, read where it lies, skipped where it is not). k of each trait alone: catalyst 18, college 10,
18-34 15, 35-54 156, 55+ 11, women 47, other persuaders 1,022; the ages as one band 19. Held out, 100 random halves:
root mean square error, in points, of one half's composition as a forecast of the other's, itself a sample

    users at least           1                20               50
                         raw  shrunk     raw  shrunk      raw  shrunk
    catalyst            10.3     9.0     8.0     7.3      6.7     6.6
    other persuader     15.5    10.4     9.9     6.7      7.7     5.6
    college             11.9    10.5     8.0     8.2      7.1     7.1
    18-34               13.8    10.4     8.9     7.6      7.5     7.2
    women               14.4    12.2    10.0     8.7      8.0     7.4

It gains most where samples are small or vehicles alike, and may lose a little where vehicles differ a lot and
samples are large (college): k is then moved by a few titles that no common spread describes.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.people.shrinkage import MEASURABLE, expected_composition, shrink_compositions

FILE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "anes_2016_media.csv"
TRAITS = ("catalyst", "persuader", "college", "18-34", "35-54", "55+", "women")
BANDS = ("", "", "", "age", "age", "age", "")


def test_eight_vehicles_by_hand() -> None:
    # n = 101, s = .5, half the vehicles at .7 and half at .3: sum n (c-s)^2 = 8 * 101 * .04 = 32.32, less
    # 8 * .25 = 2 is 30.32, over 8 * 100: tau^2 = .0379, k = .25 / .0379 - 1 = 5.596.
    c = np.array([[0.7], [0.3]] * 4)
    found = shrink_compositions(c, np.full(8, 101.0), np.array([0.5]), [""])
    k = 0.25 / 0.0379 - 1
    assert found.k[0] == pytest.approx(k)
    assert found.composition[0, 0] == pytest.approx((101 * 0.7 + k * 0.5) / (101 + k))
    assert found.estimated[0]


def test_the_expected_share_is_the_mean_weighted_by_audience_of_eight_vehicles_or_more() -> None:
    # (7 x 100 x .2 + 300 x .6) / 1000 = .32; with seven figures the universe's share stands
    c, audience = np.array([[0.2]] * 7 + [[0.6]]), np.array([100.0] * 7 + [300.0])
    assert expected_composition(c, audience, np.array([0.1])) == pytest.approx(0.32)
    c[3] = np.nan
    assert expected_composition(c, audience, np.array([0.1])) == pytest.approx(0.1)


def test_each_vehicle_may_have_a_share_of_its_own_and_k_may_be_known() -> None:
    # (100 x .3 + 100 x .1) / 200 and (100 x .3 + 100 x .5) / 200
    c, own = np.array([[0.3], [0.3]]), np.array([[0.1], [0.5]])
    found = shrink_compositions(c, np.full(2, 100.0), own, [""], k_known=np.array([100.0]))
    assert found.composition.ravel() == pytest.approx([0.2, 0.4])
    assert not found.estimated.any()


def test_no_more_spread_than_chance_gives_the_universes_share() -> None:
    c = np.array([[0.12], [0.08]] * 4)
    found = shrink_compositions(c, np.full(8, 20.0), np.array([0.1]), [""])
    assert np.isinf(found.k[0])
    assert found.composition.ravel() == pytest.approx(0.1)


def test_all_or_nothing_stays_as_it_was_measured() -> None:
    c = np.array([[1.0], [0.0]] * 4)
    found = shrink_compositions(c, np.full(8, 20.0), np.array([0.5]), [""])
    assert found.k[0] == 0
    assert (found.composition == c).all()


def test_few_vehicles_take_the_callers_k() -> None:
    c = np.full((MEASURABLE - 1, 1), 0.4)
    found = shrink_compositions(c, np.full(len(c), 50.0), np.array([0.2]), [""], k_of_few=50)
    assert found.composition.ravel() == pytest.approx(0.3)
    assert found.k.tolist() == [50.0]
    assert not found.estimated.any()


def test_without_a_sample_size_or_a_figure_nothing_moves() -> None:
    c = np.array([[0.4, 0.5], [0.4, np.nan], [0.4, 0.5]])
    found = shrink_compositions(c, np.array([np.nan, 10.0, 10.0]), np.array([0.2, 0.2]), ["", ""])
    assert found.composition[0].tolist() == [0.4, 0.5]
    assert np.isnan(found.composition[1, 1])
    assert found.shrunk.tolist() == [[False, False], [True, False], [True, True]]


@pytest.mark.parametrize(
    ("c", "n", "s", "words"),
    [
        (1.2, 10.0, 0.2, "a composition"),
        (0.2, 0.0, 0.2, "a sample size"),
        (0.2, 9.0, 1.0, "a trait's expected share"),
    ],
)
def test_what_is_out_of_bounds_is_refused(c: float, n: float, s: float, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        shrink_compositions(np.array([[c]]), np.array([n]), np.array([s]), [""])


def test_the_true_k_is_found_again() -> None:
    rng = np.random.default_rng(1)
    n, s, k = np.full(4_000, 60), 0.15, 40.0
    true = rng.beta(k * s, k * (1 - s), len(n))
    measured = rng.binomial(n, true) / n
    found = shrink_compositions(measured[:, None], n.astype(float), np.array([s]), [""])
    assert found.k[0] == pytest.approx(k, rel=0.15)  # the error falls by n / (n + k) = .6
    assert np.mean((found.composition[:, 0] - true) ** 2) < 0.65 * np.mean((measured - true) ** 2)


MATRIX = st.integers(0, 2**32 - 1)


def random_case(seed: int) -> tuple[FloatArray, FloatArray, FloatArray, list[str]]:
    """A trait alone, one with blanks, and a complete band of three."""
    rng = np.random.default_rng(seed)
    n_vehicles = int(rng.integers(1, 30))
    band = rng.dirichlet([1, 2, 3], n_vehicles)
    c = np.column_stack([rng.random((n_vehicles, 2)), band])
    c[rng.random(n_vehicles) < 0.3, 1] = np.nan
    n = np.where(rng.random(n_vehicles) < 0.2, np.nan, rng.integers(1, 2_000, n_vehicles))
    s = np.concatenate([rng.uniform(0.05, 0.95, 2), rng.dirichlet([3, 3, 3]) * 0.98 + 0.02 / 3])
    return c, n, s, ["", "", "age", "age", "age"]


@settings(max_examples=150, deadline=None)
@given(seed=MATRIX)
def test_a_composition_ends_between_its_figure_and_the_universes_and_bands_keep_their_sum(seed: int) -> None:
    c, n, s, bands = random_case(seed)
    found = shrink_compositions(c, n, s, bands).composition
    assert (np.isnan(found) == np.isnan(c)).all()
    known = ~np.isnan(c)
    assert (found >= np.minimum(c, s))[known].all()
    assert (found <= np.maximum(c, s))[known].all()
    assert found[:, 2:].sum(axis=1) == pytest.approx(1, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(seed=MATRIX)
def test_a_sample_of_everyone_is_believed(seed: int) -> None:
    c, _, s, bands = random_case(seed)
    n = np.full(len(c), 1e12)
    found = shrink_compositions(c, n, s, bands)
    finite = np.isfinite(found.k)
    assert found.composition[:, finite] == pytest.approx(c[:, finite], abs=1e-6, nan_ok=True)


@settings(max_examples=50, deadline=None)
@given(seed=MATRIX)
def test_the_order_of_vehicles_does_not_matter(seed: int) -> None:
    c, n, s, bands = random_case(seed)
    order = np.random.default_rng(seed).permutation(len(c))
    found, again = shrink_compositions(c, n, s, bands), shrink_compositions(c[order], n[order], s, bands)
    assert again.composition == pytest.approx(found.composition[order], rel=1e-9, nan_ok=True)


# --- the survey -------------------------------------------------------------------------------------

needs_survey = pytest.mark.skipif(not FILE.exists(), reason="the survey is licensed for research only")


@cache
def survey() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Who uses what (n_people, n_vehicles), who has which trait (n_people, n_traits), weights (n_people,)."""
    with FILE.open(newline="") as file:
        rows = list(csv.DictReader(file))

    def column(name: str) -> FloatArray:
        return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in rows])

    persuade, days, age = column("persuade"), column("discuss_days"), column("age")
    weight = np.nan_to_num(column("weight_post"))
    traits = np.column_stack([
        (persuade == 1) & (days == 7), (persuade == 1) & (days < 7), column("educ") >= 13,
        (age >= 18) & (age < 35), (age >= 35) & (age < 55), age >= 55, column("gender") == 2,
    ]).astype(float)  # fmt: skip
    known = (weight > 0) & ~np.isnan(persuade) & ~np.isnan(age)
    media = ("tv", "radio", "web", "print", "online")
    uses = np.column_stack([column(name) for name in rows[0] if name.split("_")[0] in media])
    return np.nan_to_num(uses)[known], traits[known], weight[known]


def measured(people: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Compositions, effective sample sizes and the universe's shares, as some of the respondents show them."""
    uses, traits, weight = survey()
    weighted = uses[people] * weight[people, None]
    total = weighted.sum(axis=0)
    squares = (weighted * weight[people, None]).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        composition = np.clip(weighted.T @ traits[people] / total[:, None], 0, 1)
        size = total**2 / squares
    return composition, size, weight[people] @ traits[people] / weight[people].sum()


@needs_survey
def test_the_surveys_traits_need_very_different_k() -> None:
    c, n, s = measured(np.arange(len(survey()[2])))
    k = dict(zip(TRAITS, shrink_compositions(c, n, s, [""] * 7).k, strict=True))
    assert k["college"] == pytest.approx(10, abs=1)
    assert k["catalyst"] == pytest.approx(18, abs=1)
    assert k["persuader"] > 500
    assert min(k.values()) > 9


@needs_survey
@pytest.mark.parametrize(("least", "raw_error", "shrunk_error"), [(1, 10.3, 9.0), (20, 8.0, 7.3)])
def test_half_a_survey_foretells_the_other_half_better_when_shrunk(
    least: int, raw_error: float, shrunk_error: float
) -> None:
    rng, errors = np.random.default_rng(0), []
    used = survey()[0].sum(axis=0) >= least
    for _ in range(40):
        halves = np.array_split(rng.permutation(len(survey()[2])), 2)
        (c, n, s), (other, size, _) = measured(halves[0]), measured(halves[1])
        both = used & ~np.isnan(n) & ~np.isnan(size)
        moved = shrink_compositions(c[both], n[both], s, BANDS).composition
        ways = (c[both], moved)
        errors.append([np.sqrt(((way - other[both]) ** 2).mean(axis=0)) for way in ways])
    raw, shrunk = 100 * np.mean(errors, axis=0)
    at = TRAITS.index("catalyst")
    assert raw[at] == pytest.approx(raw_error, abs=0.4)
    assert shrunk[at] == pytest.approx(shrunk_error, abs=0.4)
    assert (shrunk < raw * 1.05).all()
