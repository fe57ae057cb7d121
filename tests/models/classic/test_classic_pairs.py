"""Morgensztern, canonical expansion, sequential aggregation: published figures, enumeration, limits; properties of all.

Kim (2005), Univ. of Texas dissertation, App. B: some of her 40 schedules stand here; all are read from
../shared/cases (redistribution unresolved) where that folder is, else skipped.
"""

import json
from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import FloatArray
from models.classic.agostini import agostini
from models.classic.beta_binomial import beta_binomial, vehicle_classes
from models.classic.canonical import (
    canonical_aggregation,
    canonical_classes,
    canonical_expansion,
    canonical_reach,
    csd,
    pair_correlations,
)
from models.classic.hofmans import hofmans
from models.classic.models import CLASSIC_MODELS
from models.classic.morgensztern import morgensztern, msad
from models.classic.schedule import Schedule
from models.errors import InvalidInput
from models.reach.gamma import reached

CASES = next(
    (found for up in Path(__file__).resolve().parents if (found := up / "shared/cases/reach.json").exists()),
    None,
)


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


# Morgensztern, canonical expansion and their sequential aggregations ----------------------------------------

KIM = {  # number: R1, R2, duplication, then CANEX, CSD and MSAD in percent, two insertions each
    1: ([0.0311, 0.0237], [0.048, 0.0393], 0.0007972,
        [91.47, 6.21, 2.24, 0.08, 0.01], [91.47, 6.20, 2.24, 0.08, 0.01], [91.47, 6.20, 2.24, 0.08, 0.01]),
    7: ([0.1312, 0.099], [0.1986, 0.1517], 0.0217151,
        [69.06, 18.83, 9.70, 1.83, 0.58], [69.06, 18.41, 10.38, 1.76, 0.40], [69.77, 17.43, 10.27, 2.06, 0.47]),
    9: ([0.0221, 0.0153], [0.0398, 0.0273], 0.0000972,
        [93.36, 5.81, 0.82, 0.01, 0.00], [93.36, 5.82, 0.81, 0.01, 0.00], [93.32, 5.88, 0.79, 0.01, 0.00]),
    25: ([0.4902, 0.033], [0.5805, 0.0535], 0.0158101,
         [39.67, 18.84, 39.17, 1.84, 0.48], [39.67, 18.86, 39.14, 1.84, 0.49], [39.58, 18.95, 39.20, 1.79, 0.48]),
}  # fmt: skip


def kim_columns(given_: Schedule) -> dict[str, FloatArray]:
    """Percent met 0, ..., 4 times by each of her models."""
    parts = vehicle_classes(given_)
    found = {"canex": canonical_classes(given_, parts), "csd": csd(given_, parts), "msad": msad(given_)}
    return {name: 100 * classes for name, classes in found.items()}


@pytest.mark.parametrize("plan", KIM)
def test_some_of_kims_schedules_are_met(plan: int) -> None:
    """0.014, .008 and .011 points: her duplications are not printed but recovered from the CANEX column."""
    once, twice, shared, *columns = KIM[plan]
    found = kim_columns(schedule(once, twice, [2, 2], shared))
    for name, column, within in zip(("canex", "csd", "msad"), columns, (0.014, 0.008, 0.011), strict=True):
        assert found[name] == pytest.approx(column, abs=within), name


def test_all_forty_of_kims_schedules_are_met() -> None:
    """As above; plan 19's MSAD was printed with random duplication. Beside it, our own digits: 1e-4 points."""
    if CASES is None:
        pytest.skip("../shared/cases/reach.json is not here")
    plans = next(case for case in json.loads(CASES.read_text()) if case["id"] == "kim2005_appB")["plans"]
    assert len(plans) == 40
    for plan in plans:
        found = kim_columns(schedule(plan["R1"], plan["R2"], [2, 2], plan["duplication"]))
        for name, within in (("canex", 0.014), ("csd", 0.008), ("msad", 0.011)):
            assert found[name] == pytest.approx(plan["recomputed_pct"][name], abs=1e-4)
            if (plan["plan"], name) != (19, "msad"):
                assert found[name] == pytest.approx(plan["published_pct"][name], abs=within), plan["plan"]


def test_kims_nineteenth_schedule_was_printed_with_random_duplication() -> None:
    at_random = schedule([0.03, 0.0205], [0.0371, 0.0295], [2, 2], 0.03 * 0.0205)
    assert 100 * msad(at_random) == pytest.approx([93.45, 3.11, 3.36, 0.06, 0.03], abs=0.005)


def test_kims_three_sites_are_met() -> None:
    """Kim (2005), Tables 4.2.2.1 to 4.2.2.10, CSD; she rounds at every step: .015 points. Reach by step, 7 digits."""
    sites = schedule(
        [0.4902, 0.0333, 0.03], [0.5805, 0.0502, 0.0371], [2, 2, 2],
        [[0, 0.0157, 0.0139], [0.0157, 0, 0.0003], [0.0139, 0.0003, 0]],
    )  # fmt: skip
    found = canonical_aggregation(sites)
    assert found.distribution is not None
    assert 100 * found.distribution == pytest.approx([38.2, 18.57, 39.18, 2.49, 1.51, 0.05, 0.01], abs=0.015)
    assert found.reach == pytest.approx(0.61805833, abs=5e-9)
    first_two = schedule([0.4902, 0.0333], [0.5805, 0.0502], [2, 2], 0.0157)
    assert canonical_expansion(first_two).reach == pytest.approx(0.60220755, abs=5e-9)


TWO = schedule([0.4902, 0.033], [0.5805, 0.0502], [2, 2], 0.0157)


def test_the_canonical_expansion_of_two_vehicles_is_the_published_one() -> None:
    """mediaPlanR v2, test-calc_canex.R: 602,057 of a million, frequency 1.738."""
    found = canonical_expansion(TWO)
    assert 100 * found.reach == pytest.approx(60.205681, abs=5e-7)
    assert found.average_frequency == pytest.approx(1.738042, abs=5e-7)
    assert found.distribution == pytest.approx(
        [0.39794319, 0.18622417, 0.3933999, 0.01635495, 0.0060778], abs=5e-9
    )
    assert found.notes == ()


def test_morgensztern_of_two_vehicles_is_the_published_one() -> None:
    """mediaPlanR v2, test-msad.R."""
    assert morgensztern(TWO).reach == pytest.approx(0.602830914351716, abs=1e-14)


def test_lees_three_magazines_are_met() -> None:
    """Lee (1988), pp. 81-93, joined in the order given; the source rounds to three decimals at every step."""
    magazines = schedule(
        [0.121, 0.132, 0.088], [0.162, 0.182, 0.121], [2, 2, 2],
        [[0, 0.046, 0.037], [0.046, 0, 0.033], [0.037, 0.033, 0]],
    )  # fmt: skip
    found = msad(magazines, order=np.arange(3))
    assert found == pytest.approx([0.702, 0.085, 0.106, 0.062, 0.035, 0.009, 0.002], abs=1.1e-3)
    assert found == pytest.approx(
        [0.701822, 0.084088, 0.105997, 0.060922, 0.035361, 0.009153, 0.002657], abs=5e-7
    )
    assert morgensztern(magazines).reach == pytest.approx(0.29817802, abs=5e-9)
    first_two = schedule([0.121, 0.132], [0.162, 0.182], [2, 2], 0.046)
    assert morgensztern(first_two).reach == pytest.approx(0.26426961, abs=5e-9)


# Ehrenberg's NBD and Goerg: the person level of our own model ------------------------------------------------


@pytest.mark.parametrize(
    ("days", "penetration", "frequency"),
    [(1, 0.005, 1.015), (7, 0.032, 1.106), (28, 0.1, 1.401), (84, 0.2, 2.1), (168, 0.277, 3.036),
     (336, 0.355, 4.729), (365, 0.364, 5.007)],
)  # fmt: skip
def test_our_person_level_is_ehrenbergs_negative_binomial(
    days: int, penetration: float, frequency: float
) -> None:
    """Penetration .2 and frequency 2.1 in 84 days (github dmedri/nbdprogram @9089900, README); k = .193209."""
    mean = 0.2 * 2.1 * days / 84
    share = float(reached(np.array(mean), 0.193209))
    assert share == pytest.approx(penetration, abs=5e-4)
    assert mean / share == pytest.approx(frequency, abs=5e-4)


@pytest.mark.parametrize(("impressions", "people"), [(200, 100), (100, 200 / 3)])
def test_our_person_level_with_k_one_is_goergs_curve(impressions: float, people: float) -> None:
    """rho = 200 x 100 / (200 - 100) = 200 (Goerg 2014; planning-evaluation-framework @ad18cdc, goerg_model_test)."""
    assert 200 * float(reached(np.array(impressions / 200), 1.0)) == pytest.approx(people, rel=1e-12)


# By enumeration ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_expansion_is_the_sum_over_the_whole_joint_table(seed: int) -> None:
    given_ = people_of(seed, 4, 3)
    parts, r = vehicle_classes(given_), pair_correlations(given_)
    scores = [_standardised(part) for part in parts]
    counted = np.zeros(given_.total + 1)
    for met in product(*(range(len(part)) for part in parts)):
        pairs = sum(r[i, j] * scores[i][met[i]] * scores[j][met[j]] for i, j in combinations(range(4), 2))
        counted[sum(met)] += np.prod([part[x] for part, x in zip(parts, met, strict=True)]) * (1 + pairs)
    found = canonical_classes(given_, parts)
    assert found == pytest.approx(counted, abs=1e-12)
    assert 1 - found[0] == pytest.approx(canonical_reach(given_, parts), abs=1e-12)


def _standardised(part: FloatArray) -> FloatArray:
    x = np.arange(len(part))
    mean = part @ x
    return np.asarray((x - mean) / np.sqrt(part @ (x - mean) ** 2))


@pytest.mark.parametrize("model", [hofmans, morgensztern, canonical_expansion, canonical_aggregation])
@pytest.mark.parametrize("shared", [0.0, 0.03, 0.1])
def test_two_insertions_in_two_vehicles_are_exact(model: Callable[[Schedule], Any], shared: float) -> None:
    """.3 + .1 less what they share."""
    assert model(schedule([0.3, 0.1], [0.4, 0.15], [1, 1], shared)).reach == pytest.approx(
        0.4 - shared, abs=1e-12
    )


def test_without_correlation_the_expansion_is_beta_binomials_at_random() -> None:
    given_ = schedule(
        [0.3, 0.1, 0.2], [0.4, 0.15, 0.3], [3, 2, 1], np.outer([0.3, 0.1, 0.2], [0.3, 0.1, 0.2])
    )
    assert canonical_expansion(given_).distribution == pytest.approx(
        beta_binomial(given_).distribution, abs=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 5))
def test_every_answer_is_a_distribution_with_its_reach_and_frequency(
    seed: int, vehicles: int, most: int
) -> None:
    given_ = people_of(seed, vehicles, most)
    for model in CLASSIC_MODELS:
        try:
            found = model.estimate(given_)
        except InvalidInput:
            continue
        assert 0 < found.reach <= 1
        assert found.reach * found.average_frequency == pytest.approx(given_.contacts, rel=1e-9)
        if found.distribution is not None:
            assert found.distribution.shape == (given_.total + 1,)
            assert (found.distribution >= -1e-12).all(), model.name
            assert found.distribution.sum() == pytest.approx(1, abs=1e-9), model.name
            assert found.distribution[0] == pytest.approx(1 - found.reach, abs=1e-9), model.name
            if not found.notes:
                counted = found.distribution @ np.arange(given_.total + 1)
                assert counted == pytest.approx(given_.contacts, rel=1e-9), model.name


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_vehicles_does_not_matter(seed: int) -> None:
    given_ = people_of(seed, 5, 3)
    order = np.random.default_rng(seed).permutation(5)
    mixed = Schedule(
        tuple(given_.vehicles[i] for i in order), given_.rating[order], given_.twice[order],
        given_.shared[np.ix_(order, order)], given_.insertions[order],
    )  # fmt: skip
    for model in CLASSIC_MODELS:
        try:
            found = model.estimate(given_)
        except InvalidInput:
            with pytest.raises(InvalidInput):
                model.estimate(mixed)
            continue
        assert model.estimate(mixed).reach == pytest.approx(found.reach, rel=1e-9), model.name
        if found.distribution is not None:
            assert model.estimate(mixed).distribution == pytest.approx(found.distribution, abs=1e-9), (
                model.name
            )


# What the expansion cannot represent ------------------------------------------------------------------------


def test_vehicles_that_exclude_each_other_are_beyond_agostini_and_the_expansion() -> None:
    """Three times .4 and nobody shared is 120 % of the people."""
    apart = schedule([0.4, 0.4, 0.4], [0.6, 0.6, 0.6], [1, 1, 1], 0.0)
    for model in (agostini, hofmans, canonical_expansion, morgensztern):
        with pytest.raises(InvalidInput, match="more than everyone: these vehicles share fewer"):
            model(apart)


def test_a_negative_class_is_set_to_zero_and_said() -> None:
    """Kim's plan 9: met four times by -0.00028 %."""
    once, twice, shared, *_ = KIM[9]
    nine = schedule(once, twice, [2, 2], shared)
    assert canonical_classes(nine, vehicle_classes(nine))[4] == pytest.approx(-0.0003e-2, abs=0.00005e-2)
    found = canonical_expansion(nine)
    assert found.distribution is not None
    assert found.distribution[4] == 0
    assert found.distribution.sum() == pytest.approx(1, abs=1e-12)
    assert found.reach == pytest.approx(0.066405, abs=5e-7)
    assert "negative share, 0.00028 % of the people in all: set to zero" in found.notes[0]


def test_an_expansion_of_mostly_negative_classes_has_no_distribution() -> None:
    """Ten vehicles of .2 whose audiences are half the same."""
    found = canonical_expansion(schedule([0.2] * 10, [0.26] * 10, [3] * 10, 0.1))
    assert found.distribution is None
    assert found.notes[0].startswith(
        "No distribution: the expansion gives some contact classes a negative share"
    )


def test_vehicles_that_share_nearly_everybody_are_beyond_the_expansion() -> None:
    """Ten of .05, all the same people: (1 + 45 x .0526) x .95^10 = 2.0 of the people would be missed."""
    same = schedule([0.05] * 10, [0.06] * 10, [1] * 10, 0.05)
    with pytest.raises(InvalidInput, match="less than nobody: they share more"):
        canonical_expansion(same)


def test_contacts_that_cannot_be_joined_are_left_out_and_said() -> None:
    """Two pairs of twins: the formula lets reach fall as the third and fourth are joined."""
    twins = schedule([0.3, 0.29, 0.28, 0.27], [0.31, 0.30, 0.29, 0.28], [2, 2, 2, 2], 0.27)
    found = morgensztern(twins)
    assert found.distribution is None
    assert found.notes[0].startswith('No distribution: with "v')


# Long schedules ---------------------------------------------------------------------------------------------


def test_hundreds_of_insertions_stay_finite() -> None:
    """120 vehicles, up to 9 insertions each, about 600 in all."""
    given_ = people_of(3, 120, 9)
    assert given_.total > 500
    answered = 0
    for model in CLASSIC_MODELS:
        try:
            found = model.estimate(given_)
        except InvalidInput:
            continue
        answered += 1
        assert np.isfinite([found.reach, found.average_frequency]).all()
        if found.distribution is not None:
            assert np.isfinite(found.distribution).all()
            assert found.distribution.sum() == pytest.approx(1, abs=1e-9)
            assert found.distribution.min() >= 0
    assert answered >= 5
