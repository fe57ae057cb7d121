"""The distribution of contacts: closed forms, exact enumeration, and a simulation of the generating story."""

from itertools import product

import numpy as np
import pytest
from scipy.special import betaln, binom

import models.reach.frequency
from models.arrays import FloatArray
from models.reach.frequency import CLASSES, COARSE, FINE, contact_distribution, medium_nodes, person_nodes
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate

# What models.reach.frequency promises of its zero class and its mean.
PROMISED = 1e-6


def campaign(
    rating: FloatArray,
    medium: list[int],
    repeat: FloatArray | float,
    duplication: Duplication,
    measured: bool = False,
) -> ReachModel:
    rating = np.atleast_2d(rating)
    n = rating.shape[1]
    given = Audiences(
        tuple(f"v{j}" for j in range(n)),
        tuple(f"m{m}" for m in range(max(medium) + 1)),
        np.array(medium),
        np.full(len(rating), 1000.0),
        rating,
        np.broadcast_to(np.asarray(repeat, dtype=float), n).copy(),
        np.full(n, measured),
    )
    return calibrate(given, duplication)


def three_media(factor: float = 0.6) -> ReachModel:
    """Six vehicles in three media, two segments: everyday people, and catalysts who are less duplicated."""
    rating = np.array([[0.10, 0.06, 0.12, 0.04, 0.08, 0.02], [0.14, 0.09, 0.10, 0.09, 0.16, 0.05]])
    repeat = np.array([0.5, 0.6, 0.4, 0.7, 0.65, 0.8])
    return campaign(
        rating,
        [0, 0, 0, 1, 1, 2],
        repeat,
        Duplication(1.35, np.array([1.6, 2.5, 1.6]), np.array([1.0, factor])),
    )


def sainsbury(rating: list[float], media: int = 1) -> ReachModel:
    return campaign(
        np.array(rating),
        [j % media for j in range(len(rating))],
        1 - 1e-9,
        Duplication(1.0, np.ones(media), np.ones(1)),
    )


SCHEDULES = (
    [1, 1, 1, 1, 1, 1],
    [3, 0, 2, 1, 0, 4],
    [12, 5, 0, 6, 2, 1],
    [26, 13, 4, 12, 11, 3],
    [0, 0, 0, 0, 0, 9],
)  # fmt: skip


def assert_a_distribution(met: FloatArray) -> None:
    assert met.sum(axis=1) == pytest.approx(np.ones(len(met)), abs=1e-12)
    assert (met >= 0).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_zero_class_is_the_closed_form_and_the_mean_the_sum_of_ratings(schedule: list[int]) -> None:
    model, bought = three_media(), np.array(schedule, dtype=float)
    met = contact_distribution(model, bought, classes=64)
    assert_a_distribution(met)
    assert met[:, 0] == pytest.approx(1 - model.reach_shares(bought), abs=1e-12)
    if bought.sum() < 64:
        contacts = met @ np.arange(64)
        assert contacts == pytest.approx(model.audiences.rating @ bought, rel=PROMISED, abs=PROMISED)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_before_it_is_closed_the_zero_class_already_agrees(
    schedule: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """contact_distribution sets the zero class to the closed form; the quadrature must not need it."""
    monkeypatch.setattr(models.reach.frequency, "_close_at_zero", lambda distribution, _: distribution)
    model, bought = three_media(), np.array(schedule, dtype=float)
    met = contact_distribution(model, bought, classes=64)
    assert met[:, 0] == pytest.approx(1 - model.reach_shares(bought), abs=PROMISED)
    assert (met > -PROMISED).all()


def test_nothing_bought_meets_everyone_zero_times() -> None:
    met = contact_distribution(three_media(), np.zeros(6))
    assert met.shape == (2, CLASSES)
    assert met[:, 0].tolist() == [1, 1]
    assert met[:, 1:].sum() == 0


def test_the_last_class_holds_what_lies_beyond() -> None:
    bought = np.array([6.0, 5, 4, 6, 2, 1])
    long, short = (contact_distribution(three_media(), bought, classes=n) for n in (41, 6))
    assert short[:, :5] == pytest.approx(long[:, :5], abs=1e-9)
    assert short[:, 5] == pytest.approx(long[:, 5:].sum(axis=1), abs=1e-9)


def poisson_binomial(rating: list[float]) -> FloatArray:
    """By enumeration of every combination of vehicles met."""
    met = np.zeros(len(rating) + 1)
    for seen in product([0, 1], repeat=len(rating)):
        met[sum(seen)] += np.prod([p if hit else 1 - p for p, hit in zip(rating, seen, strict=True)])
    return met


@pytest.mark.parametrize("media", [1, 3])
def test_independent_vehicles_make_the_poisson_binomial(media: int) -> None:
    rating = [0.3, 0.4, 0.2, 0.05, 0.6, 0.01, 0.15]
    met = contact_distribution(sainsbury(rating, media), np.ones(7), classes=8)[0]
    assert met == pytest.approx(poisson_binomial(rating), abs=PROMISED)


def test_insertions_drawn_anew_make_the_binomial() -> None:
    """r = p: nobody comes back more than anybody else."""
    model = campaign(np.array([0.3]), [0], 0.3, Duplication(1.0, np.ones(1), np.ones(1)))
    met = contact_distribution(model, np.array([5.0]), classes=6)[0]
    number = np.arange(6)
    assert met == pytest.approx(binom(5, number) * 0.3**number * 0.7 ** (5 - number), abs=PROMISED)


def test_an_audience_that_always_returns_is_met_always_or_never() -> None:
    model = campaign(np.array([0.3]), [0], 1 - 1e-9, Duplication(1.0, np.ones(1), np.ones(1)))
    met = contact_distribution(model, np.array([5.0]), classes=6)[0]
    assert met == pytest.approx([0.7, 0, 0, 0, 0, 0.3], abs=PROMISED)


def test_one_vehicle_comes_near_the_beta_binomial() -> None:
    """p = .5, two insertions reach .65, five of them: published by github majesus/mediaplanning @be133ed as
    .1979, .1563, .1458, .1458, .1563, .1979 (alpha = beta = .75). Ours is another law with the same first two
    insertions: it keeps within .012 of every class. And p = .1, r = .5 within .006."""
    model = campaign(np.array([0.5]), [0], (2 * 0.5 - 0.65) / 0.5, Duplication(1.0, np.ones(1), np.ones(1)))
    ours = contact_distribution(model, np.array([5.0]), classes=6)[0]
    assert ours == pytest.approx(
        [0.19791667, 0.15625, 0.14583333, 0.14583333, 0.15625, 0.19791667], abs=0.012
    )
    assert ours @ np.arange(6) == pytest.approx(2.5, abs=PROMISED)
    small = campaign(np.array([0.1]), [0], 0.5, Duplication(1.0, np.ones(1), np.ones(1)))
    ours = contact_distribution(small, np.array([12.0]), classes=13)[0]
    number = np.arange(13)
    beta = binom(12, number) * np.exp(betaln(0.125 + number, 1.125 + 12 - number) - betaln(0.125, 1.125))
    assert ours == pytest.approx(beta, abs=0.006)


def test_two_insertions_are_met_twice_by_those_who_return() -> None:
    """p = .1, r = .5: five in a hundred meet both, ten meet one of them alone."""
    model = campaign(np.array([0.1]), [0], 0.5, Duplication(1.0, np.ones(1), np.ones(1)), measured=True)
    met = contact_distribution(model, np.array([2.0]), classes=3)[0]
    assert met == pytest.approx([0.85, 0.10, 0.05], abs=PROMISED)


@pytest.mark.parametrize("repeat", [0.5, 0.99, 0.999])
@pytest.mark.parametrize("insertions", [3, 10])
def test_the_closed_form_and_the_quadrature_agree(
    repeat: float, insertions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = campaign(
        np.array([[0.1, 0.2, 0.05]]), [0, 0, 1], repeat, Duplication(1.35, np.array([1.6, 1.6]), np.ones(1))
    )
    bought = np.array([insertions, insertions - 1, insertions], dtype=float)
    closed = contact_distribution(model, bought, classes=32)
    monkeypatch.setattr(models.reach.frequency, "_CLOSED_FORM_UP_TO", 0)
    integrated = contact_distribution(model, bought, classes=32)
    assert integrated == pytest.approx(closed, abs=PROMISED)


@pytest.mark.parametrize("part", [0.25, 0.5, 0.9])
def test_the_zero_class_of_a_fractional_plan_is_the_models_reach(part: float) -> None:
    model = three_media()
    bought = np.array([2 + part, 0, part, 1, 3.5, 0])
    met = contact_distribution(model, bought)
    assert_a_distribution(met)
    assert met[:, 0] == pytest.approx(1 - model.reach_shares(bought), abs=1e-12)
    # Fractions have no distribution of their own: the mean is near the sum of ratings, not equal to it.
    assert met @ np.arange(CLASSES) == pytest.approx(model.audiences.rating @ bought, rel=0.02)


def test_a_fraction_that_comes_near_a_whole_number_has_its_distribution() -> None:
    model, bought = three_media(), np.array([3.0, 1, 2, 4, 1, 2])
    near = contact_distribution(model, bought - 1e-7 * (bought == 3))
    assert near == pytest.approx(contact_distribution(model, bought), abs=PROMISED)


# The generating story --------------------------------------------------------------------------------------

PEOPLE = 400_000
# Sampling error of a share p among PEOPLE is sqrt(p(1-p)/PEOPLE). Some 300 shares are compared: the chance
# that any of them strays beyond 4.5 of these by luck is below 1 in 400, and the seeds are fixed.
SIGMAS = 4.5


def simulate(model: ReachModel, c: int, insertions: FloatArray, seed: int) -> FloatArray:
    """(PEOPLE,) contacts: g0, then one intensity per medium, per vehicle, then a draw for every insertion."""
    rng = np.random.default_rng(seed)

    def below(above: FloatArray, k: float) -> FloatArray:
        return above if np.isinf(k) else rng.gamma(above * k, 1 / k)

    k_vehicle = np.where(
        model.bend[c] > 0, model.first[c] / np.where(model.bend[c] > 0, model.bend[c], 1), np.inf
    )
    g0 = below(np.ones(PEOPLE), float(model.k_person[c]))
    contacts = np.zeros(PEOPLE)
    for m in range(len(model.audiences.media)):
        g_m = below(g0, float(model.k_medium[c, m]))
        for j in np.flatnonzero(model.audiences.medium == m):
            k = float(k_vehicle[j])
            eta = model.first[c, j] if np.isinf(k) else k * np.expm1(model.bend[c, j])
            meets = -np.expm1(-below(g_m, k) * eta)
            contacts += rng.binomial(int(insertions[j]), meets)
    return contacts


def assert_within_sampling_error(contacts: FloatArray, model: ReachModel, c: int, bought: FloatArray) -> None:
    expected = contact_distribution(model, bought)[c]
    counted = np.bincount(np.minimum(contacts, CLASSES - 1).astype(int), minlength=CLASSES) / PEOPLE
    # One person in PEOPLE is the least that a count can differ by.
    error = SIGMAS * np.sqrt(expected * (1 - expected) / PEOPLE) + 3 / PEOPLE
    assert (np.abs(counted - expected) <= error).all()
    at_least = counted[::-1].cumsum()[::-1], expected[::-1].cumsum()[::-1].clip(0, 1)
    error = SIGMAS * np.sqrt(at_least[1] * (1 - at_least[1]) / PEOPLE) + 3 / PEOPLE
    assert (np.abs(at_least[0] - at_least[1]) <= error).all()
    assert contacts.mean() == pytest.approx(
        model.audiences.rating[c] @ bought, abs=SIGMAS * contacts.std() / PEOPLE**0.5
    )


@pytest.mark.parametrize("c", [0, 1])
@pytest.mark.parametrize("schedule", [[1, 1, 1, 1, 1, 1], [12, 5, 0, 6, 2, 1]])
def test_the_formula_is_what_the_story_does(c: int, schedule: list[int]) -> None:
    """Three media; everyday people and catalysts with duplication factor .6."""
    model, bought = three_media(), np.array(schedule, dtype=float)
    assert_within_sampling_error(simulate(model, c, bought, seed=100 + c), model, c, bought)


@pytest.mark.parametrize(
    ("duplication", "repeat"),
    [(Duplication(1.0, np.array([1.0, 1.0, 1.0]), np.ones(1)), 0.5),
     (Duplication(1.0, np.array([7.5, 1.6, 2.5]), np.ones(1)), 0.9),
     (Duplication(2.5, np.array([2.5, 3.0, 4.0]), np.ones(1)), 0.7),
     (Duplication(1.35, np.array([1.6, 2.5, 1.6]), np.ones(1)), 0.99)],
)  # fmt: skip
def test_the_formula_is_what_the_story_does_whatever_the_spread(
    duplication: Duplication, repeat: float
) -> None:
    rating = np.array([0.06, 0.05, 0.04, 0.07, 0.08, 0.03])
    model = campaign(rating, [0, 0, 0, 1, 1, 2], repeat, duplication)
    bought = np.array([4.0, 13, 1, 2, 0, 7])
    assert_within_sampling_error(simulate(model, 0, bought, seed=7), model, 0, bought)


@pytest.mark.parametrize("nobody", [0.0, 1e-300, 1e-30])
@pytest.mark.parametrize("insertions", [[1, 2, 1], [30, 40, 2]])
def test_a_segment_that_meets_no_vehicle_of_a_medium_is_met_by_the_others(
    nobody: float, insertions: list[int]
) -> None:
    model = campaign(
        np.array([[0.1, 0.2, 0.1], [nobody, nobody, 0.1]]), [0, 0, 1], 0.5,
        Duplication(1.35, np.array([4.0, 1.6]), np.ones(2)),
    )  # fmt: skip
    both = contact_distribution(model, np.array(insertions, dtype=float))
    alone = contact_distribution(model, np.array([0.0, 0.0, insertions[2]]))
    assert both[1] == pytest.approx(alone[1], abs=PROMISED)
    assert both[0, 0] < alone[0, 0]


@pytest.mark.parametrize(("grid", "missing"), [(COARSE, 1e-6), (FINE, 2e-8)])
@pytest.mark.parametrize("k", [0.5, 4.0, 30.0, 200.0, 900.0, 1e4])
def test_nodes_miss_no_more_of_anybody_than_they_may_however_alike_people_are(k, grid, missing):
    """E exp(-g s) is (1 + s/k)^(-k): all people (s = 0), and those that are missed; of three persons' media too."""
    nodes, weights, atom = person_nodes(k, 30.0, grid)
    g0 = np.array([0.5, 1.0, 2.0])
    of_medium, by_person = medium_nodes(k, 30.0, g0, grid)
    for s in (0.0, 0.1, 1.0, 5.0):
        assert weights @ np.exp(-nodes * s) + atom == pytest.approx((1 + s / k) ** -k, abs=missing)
        missed = by_person @ np.exp(-of_medium * s) + 1 - by_person.sum(axis=1)
        assert missed == pytest.approx((1 + s / k) ** (-k * g0), abs=missing)
    assert weights @ nodes == pytest.approx(1.0, abs=10 * missing)
