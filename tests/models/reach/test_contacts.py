"""n+ reach by truncated polynomials: by hand, against the whole distribution, and against people drawn at random."""

import numpy as np
import pytest
from numpy.random import Generator

from models.arrays import FloatArray
from models.reach.contacts import Contacts, effective_shares
from models.reach.frequency import COARSE, contact_distribution
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate

PROMISED = 2e-8  # of the fine grid, on which both ways to the same number stand
ROUGHLY = 1e-6  # what the coarse grid promises of a share


def campaign(
    rating: list[list[float]], medium: list[int], repeat: FloatArray | float, duplication: Duplication
) -> ReachModel:
    n = len(medium)
    given = Audiences(
        tuple(f"v{j}" for j in range(n)),
        tuple(f"m{m}" for m in range(max(medium) + 1)),
        np.array(medium),
        np.full(len(rating), 1000.0),
        np.array(rating),
        np.broadcast_to(np.asarray(repeat, dtype=float), n).copy(),
        np.zeros(n, dtype=bool),
    )
    return calibrate(given, duplication)


def independent(rating: list[float], repeat: float = 1 - 1e-9) -> ReachModel:
    """Sainsbury: vehicles duplicate by chance."""
    return campaign([rating], [0] * len(rating), repeat, Duplication(1.0, np.ones(1), np.ones(1)))


@pytest.fixture
def three_media() -> ReachModel:
    """Seven vehicles in three media; everyday people and catalysts, who are less duplicated."""
    rating = [[0.10, 0.06, 0.12, 0.04, 0.08, 0.02, 0.15], [0.14, 0.09, 0.10, 0.09, 0.16, 0.05, 0.10]]
    repeat = np.array([0.5, 0.6, 0.4, 0.7, 0.65, 0.8, 0.5])
    return campaign(
        rating, [0, 0, 0, 1, 1, 2, 2], repeat,
        Duplication(1.35, np.array([1.6, 2.5, 1.35]), np.array([1.0, 0.6])),
    )  # fmt: skip


SCHEDULES = (
    [0, 0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0],
    [1, 1, 1, 1, 1, 1, 1],
    [3, 0, 2, 1, 0, 4, 2],
    [12, 5, 0, 6, 2, 1, 0],
    [60, 13, 4, 12, 11, 3, 25],
    [0, 0, 0, 0, 0, 0, 9],
    [2.5, 0.3, 0, 1, 0, 0, 3.9],
)


def test_two_independent_vehicles_meet_twice_whom_both_meet() -> None:
    """.3 x .4 = .12"""
    assert effective_shares(independent([0.3, 0.4]), np.array([1.0, 1.0]), 2)[0] == pytest.approx(
        0.12, abs=1e-6
    )


def test_three_independent_vehicles_meet_twice_by_the_textbook() -> None:
    """ab + ac + bc - 2abc = .02 + .03 + .06 - .012 = .098, and three times abc = .006."""
    model, once = independent([0.1, 0.2, 0.3]), np.ones(3)
    assert effective_shares(model, once, 2)[0] == pytest.approx(0.098, abs=1e-6)
    assert effective_shares(model, once, 3)[0] == pytest.approx(0.006, abs=1e-6)
    assert effective_shares(model, once, 4)[0] == pytest.approx(0.0, abs=1e-12)


def test_who_always_comes_back_is_met_as_often_as_there_are_insertions() -> None:
    shares = [effective_shares(independent([0.3]), np.array([3.0]), n)[0] for n in (1, 2, 3, 4)]
    assert shares == pytest.approx([0.3, 0.3, 0.3, 0.0], abs=1e-6)


def test_insertions_drawn_anew_are_binomial() -> None:
    """r = p = .5: of three insertions two or more meet half the people, three of them an eighth."""
    model = independent([0.5], repeat=0.5)
    assert effective_shares(model, np.array([3.0]), 2)[0] == pytest.approx(0.5, abs=1e-6)
    assert effective_shares(model, np.array([3.0]), 3)[0] == pytest.approx(0.125, abs=1e-6)


@pytest.mark.parametrize("times", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_it_is_the_tail_of_the_whole_distribution(
    schedule: list[float], times: int, three_media: ReachModel
) -> None:
    bought = np.array(schedule, dtype=float)
    tail = contact_distribution(three_media, bought, times + 1)[:, times]
    assert effective_shares(three_media, bought, times) == pytest.approx(tail, abs=PROMISED)


def drawn_contacts(rng: Generator, model: ReachModel, c: int, bought: list[int], people: int) -> FloatArray:
    """Contacts of people drawn by the story of models.reach.gamma: intensities of person, medium, vehicle."""
    k0 = float(model.k_person[c])
    person = rng.gamma(k0, 1 / k0, people) if np.isfinite(k0) else np.ones(people)
    media = []
    for k in model.k_medium[c]:
        media.append(rng.gamma(person * k, 1 / k) if np.isfinite(k) else person)
    met = np.zeros(people)
    for j, x in enumerate(bought):
        first, bend = float(model.first[c, j]), float(model.bend[c, j])
        medium = media[model.audiences.medium[j]]
        if bend > 0:  # k = s1/u, eta = k (exp(u) - 1)
            k = first / bend
            seen = rng.gamma(medium * k, 1 / k) * k * np.expm1(bend)
        else:
            seen = medium * first
        met += rng.binomial(x, -np.expm1(-seen))
    return met


@pytest.mark.parametrize("times", [2, 3, 4])
def test_people_drawn_by_the_story_are_met_so_often(times: int, three_media: ReachModel) -> None:
    bought, people = [3, 0, 2, 1, 2, 4, 2], 400_000
    for c in range(2):
        met = drawn_contacts(np.random.default_rng([7, c]), three_media, c, bought, people) >= times
        share = effective_shares(three_media, np.array(bought, dtype=float), times)[c]
        assert share == pytest.approx(met.mean(), abs=4.5 * np.sqrt(share * (1 - share) / people))


def people_met(model: ReachModel, plan: FloatArray, times: int) -> float:
    return float(model.population @ effective_shares(model, plan, times))


@pytest.mark.parametrize("schedule", SCHEDULES[:-1])
@pytest.mark.parametrize("times", [2, 4])
def test_the_change_of_every_neighbour_is_the_difference_of_two_plans(
    schedule: list[float], times: int, three_media: ReachModel
) -> None:
    bought, steps = np.array(schedule, dtype=float), (-1, 1, 2, 3)
    most = np.maximum(bought + 3, 2.0)
    most[2] = bought[2]  # nothing more of this one
    contacts = Contacts(three_media, times, most, np.ones(2, dtype=bool))
    loss = np.tile(three_media.population, (times, 1))
    changes = contacts.changes(contacts.tally(bought), loss, steps)
    here, compared = people_met(three_media, bought, times), 0
    for j in range(7):
        for i, step in enumerate(steps):
            after = bought.copy()
            after[j] += step
            if after[j] < 0 or after[j] > most[j]:
                assert np.isnan(changes[j, i])
                continue
            compared += 1
            gained = people_met(three_media, after, times) - here
            assert -changes[j, i] == pytest.approx(gained, abs=2000 * PROMISED)
    assert compared > 12


def test_a_loss_that_falls_with_every_contact_counts_contacts_up_to_the_last(three_media: ReachModel) -> None:
    """Losing n, n-1, ..., 1 for 0, 1, ..., n-1 contacts leaves E min(N, n) = sum of the n+ reaches up to n."""
    bought, n = np.array([3.0, 0, 2, 1, 0, 4, 2]), 4
    contacts = Contacts(three_media, n, bought, np.ones(2, dtype=bool))
    left = n - np.arange(n, 0, -1.0) @ contacts.tally(bought).classes
    summed = sum(effective_shares(three_media, bought, k) for k in range(1, n + 1))
    assert left == pytest.approx(summed, abs=PROMISED)


def test_a_moved_plan_is_the_plan_worked_out_anew(three_media: ReachModel) -> None:
    bought = np.array([3.0, 0, 2, 1, 0, 4, 2])
    contacts = Contacts(three_media, 3, bought + 2, np.ones(2, dtype=bool))
    moved = contacts.moved(contacts.moved(contacts.tally(bought), 1, 2), 5, -4)
    anew = contacts.tally(np.array([3.0, 2, 2, 1, 0, 0, 2]))
    assert moved.classes == pytest.approx(anew.classes, abs=1e-14)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_coarse_grid_is_right_to_a_millionth(schedule: list[float], three_media: ReachModel) -> None:
    bought = np.array(schedule, dtype=float)
    most = np.ceil(bought) + 2
    everyone = np.ones(2, dtype=bool)
    coarse = Contacts(three_media, 3, most, everyone, grid=COARSE)
    fine = Contacts(three_media, 3, most, everyone)
    assert coarse.tally(bought).classes == pytest.approx(fine.tally(bought).classes, abs=ROUGHLY)
    if (bought == np.rint(bought)).all():
        loss = np.ones((3, 2))
        rough, exact = (c.changes(c.tally(bought), loss, (-1, 1, 2)) for c in (coarse, fine))
        assert rough == pytest.approx(exact, abs=4 * ROUGHLY, nan_ok=True)


def test_only_segments_that_count_are_worked_out(three_media: ReachModel) -> None:
    bought = np.array([3.0, 0, 2, 1, 0, 4, 2])
    second = Contacts(three_media, 2, bought, np.array([False, True]))
    share = second.tally(bought).shares(2)
    assert share == pytest.approx(effective_shares(three_media, bought, 2)[1:], abs=PROMISED)


def test_of_vehicles_not_tried_a_first_insertion_is_not_told(three_media: ReachModel) -> None:
    bought = np.array([1.0, 0, 0, 0, 0, 0, 0])
    tried = np.array([False, False, True, True, False, False, False])
    contacts = Contacts(three_media, 2, np.full(7, 3.0), np.ones(2, dtype=bool), tried)
    told = contacts.changes(contacts.tally(bought), np.ones((2, 2)), (1,))[:, 0]
    assert np.isfinite(told).tolist() == [True, False, True, True, False, False, False]


@pytest.mark.parametrize("nobody", [0.0, 1e-30])
@pytest.mark.parametrize("insertions", [[1.0, 2.0, 2.0], [30.0, 40.0, 2.0]])
def test_a_segment_that_meets_no_vehicle_of_a_medium_is_met_twice_by_the_others(
    nobody: float, insertions: list[float]
) -> None:
    model = campaign(
        [[0.1, 0.2, 0.1], [nobody, nobody, 0.1], [nobody] * 3], [0, 0, 1], 0.5,
        Duplication(1.35, np.array([4.0, 1.6]), np.ones(3)),
    )  # fmt: skip
    both, alone = (effective_shares(model, np.array(x), 2) for x in (insertions, [0.0, 0.0, 2.0]))
    assert both[1] == pytest.approx(alone[1], abs=PROMISED)
    assert both[2] == pytest.approx(0, abs=PROMISED)
    assert both[0] > alone[0]


@pytest.mark.parametrize("times", [2, 4])
@pytest.mark.parametrize("bought", [[0.25, 0.0], [0.4, 0.3], [1.2, 0.1]])
def test_of_parts_no_more_are_met_n_times_than_contacts_allow(times: int, bought: list[float]) -> None:
    """Of four contacts an insertion a quarter is one contact a person of its audience: a quarter of them can have four.
    Reach of so large an audience is more than that quarter; whom it has besides is met once."""
    audiences = Audiences(
        ("one", "other"), ("tv",), np.zeros(2, dtype=int), np.array([1000.0]), np.array([[0.95, 0.9]]),
        np.array([0.95, 0.95]), np.zeros(2, dtype=bool), per_person=np.array([4.0, 4.0]),
    )  # fmt: skip
    model, insertions = calibrate(audiences, Duplication(1.0, np.ones(1), np.ones(1))), np.array(bought)
    met = effective_shares(model, insertions, times)
    assert met <= audiences.contacts @ insertions / times * (1 + PROMISED)
    whole = contact_distribution(model, insertions)
    assert met == pytest.approx(whole[:, times:].sum(axis=1), abs=PROMISED)
    assert whole[:, 0] == pytest.approx(1 - model.reach_shares(insertions), abs=PROMISED)


def test_a_plan_that_hardly_anybody_meets_meets_nobody_twice() -> None:
    """A rating of a billionth beside vehicles that duplicate a little: no intensity of people was left to count at."""
    rating = [[1e-9, 0.1, 0.1, 0.1]]
    model = campaign(rating, [0, 0, 0, 1], 0.5, Duplication(1.03, np.full(2, 1.4), np.ones(1)))
    met = effective_shares(model, np.array([1.0, 0, 0, 0]), 2)
    assert met == pytest.approx(np.zeros(1), abs=PROMISED)
