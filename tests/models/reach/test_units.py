"""Units of one vehicle share its people: against independent noting, and the model's own distribution."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.errors import InvalidInput
from models.reach.contacts import Contacts, effective_shares
from models.reach.frequency import contact_distribution
from models.reach.gamma import Audiences, Duplication, calibrate
from models.reach.pairs import shared_audiences

NOTED = (1.0, 0.5, 0.25)  # of :30, :10 and a banner


def model_of(
    rating, repeat, noted=NOTED, others=(0.08,), per_person=None, population=(600.0, 400.0), measured=False
):
    """A vehicle in several units, and others in the same medium; two segments, the second reads twice as much."""
    population = np.array(population)
    scale = np.array([0.7, 1.45])[: len(population)] if len(population) > 1 else np.ones(1)
    alone = np.array([rating * q for q in noted] + list(others))
    repeats = np.array([repeat * q for q in noted] + [0.4] * len(others))
    n = len(alone)
    stands_for = np.array([0] * len(noted) + list(range(len(noted), n)))
    audiences = Audiences(
        tuple(f"v{j}" for j in range(n)), ("TV",), np.zeros(n, dtype=int), population, scale[:, None] * alone,
        repeats, np.full(n, measured), stands_for if len(noted) > 1 else None, per_person,
    )  # fmt: skip
    return calibrate(audiences, Duplication(1.0, np.array([1.6]), np.ones(len(population))))


def test_each_unit_alone_has_its_own_rating() -> None:
    model = model_of(0.12, 0.5)
    for j in range(4):
        one = np.eye(4)[j]
        assert model.reach_shares(one) == pytest.approx(model.audiences.rating[:, j], rel=1e-9)


def test_a_unit_as_good_as_the_reference_is_the_reference() -> None:
    """Two positions of one page: 2 + 1 insertions reach what 3 of one reach; nodes miss it by less than 4e-9."""
    model = model_of(0.12, 0.5, noted=(1.0, 1.0))
    assert model.units is not None
    assert (model.units.noticed == 1).all()
    three = model.reach_shares(np.array([3.0, 0.0, 1.0]))
    assert model.reach_shares(np.array([2.0, 1.0, 1.0])) == pytest.approx(three, rel=4e-9)


def test_lines_that_are_no_units_are_worth_what_they_were() -> None:
    with_units, without = model_of(0.12, 0.5), model_of(0.12, 0.5, noted=(1.0,))
    assert with_units.first[:, [0, 3]] == pytest.approx(without.first, rel=1e-14)
    plan = np.array([3.0, 0.0, 0.0, 2.0])
    assert (with_units.reach_shares(plan) == without.reach_shares(plan[[0, 3]])).all()


# The people of an insertion are met by gamma-distributed chances; of those, each takes notice of a unit with its own
# chance q whatever he noticed before. Missed by all: E prod_u (1 - q_u (1 - e^-h))^x_u, over h and what lies above.
AS_MANY = ((1, 1), (2, 2), (4, 4))
MORE_SHORT = ((1, 2), (1, 4), (2, 4), (4, 8), (1, 8), (0, 2), (0, 4), (0, 8))
PEOPLE = 300_000


def missed_by_one(full, rng) -> np.ndarray:
    """(PEOPLE,) chance to miss one insertion that everybody notices who meets it."""
    k = float(full.first[0, 0] / full.bend[0, 0])
    medium = np.ones(PEOPLE)
    for own in (full.k_person[0], full.k_medium[0, 0]):
        medium = rng.gamma(np.maximum(medium * own, 1e-12), 1 / own) if np.isfinite(own) else medium
    return np.exp(-rng.gamma(np.maximum(medium * k, 1e-12), 1 / k) * k * np.expm1(full.bend[0, 0]))


def errors(rating, repeat, noted, schedules) -> list[float]:
    """Ours against independent noting, as shares of the vehicle's reach. Sampling: at most .4 % (rating .02)."""
    one = {"others": (), "population": (1000.0,)}
    model = model_of(rating, repeat, noted=(1.0, noted), **one)
    missed = missed_by_one(model_of(rating, repeat, noted=(1.0,), **one), np.random.default_rng(5))
    found = []
    for long, short in schedules:
        simulated = 1 - float(np.mean(missed**long * (1 - noted * (1 - missed)) ** short))
        found.append(float(model.reach_shares(np.array([long, short], float))[0]) / simulated - 1)
    return found


SAMPLING = 0.004


@pytest.mark.parametrize(("rating", "repeat"), list(product((0.02, 0.1, 0.2), (0.3, 0.5, 0.65))))
@pytest.mark.parametrize("noted", [0.5, 0.75])
def test_units_of_one_vehicle_are_within_2_percent_of_independent_noting(rating, repeat, noted) -> None:
    """As many :10 as :30, more, and :10 alone: at worst 1.7 % too few, at a rating of 20 %; .9 % at 10 %."""
    found = errors(rating, repeat, noted, AS_MANY + MORE_SHORT)
    assert min(found) > -0.02 - SAMPLING
    assert max(found) < SAMPLING


def test_small_ratings_are_independent_noting_nearly() -> None:
    """Where hardly anybody is met on two occasions, to ask again on each changes nothing."""
    for repeat in (0.3, 0.65, 0.8):
        assert max(map(abs, errors(0.02, repeat, 0.5, AS_MANY + MORE_SHORT))) < 0.008 + SAMPLING


def test_the_distribution_is_the_formulas() -> None:
    model = model_of(0.12, 0.5)
    plan = np.array([2.0, 3.0, 12.0, 4.0])
    found = contact_distribution(model, plan)
    assert 1 - found[:, 0] == pytest.approx(model.reach_shares(plan), abs=1e-12)
    mean = found @ np.arange(found.shape[1])
    assert mean == pytest.approx(model.audiences.contacts @ plan, abs=1e-6)


@pytest.mark.parametrize("per_person", [1.0, 1.5, 1.9])
def test_contacts_of_a_unit_change_no_reach_and_have_the_stated_mean(per_person) -> None:
    plain = model_of(0.12, 0.6)
    model = model_of(0.12, 0.6, per_person=np.array([per_person, 1.0, 1.1, 1.0]))
    plan = np.array([2.0, 1.0, 3.0, 2.0])
    assert (model.reach_shares(plan) == plain.reach_shares(plan)).all()
    found = contact_distribution(model, plan, 64)
    contacts = plain.audiences.rating @ (plan * [per_person, 1.0, 1.1, 1.0])
    assert found @ np.arange(64) == pytest.approx(contacts, abs=1e-5)
    assert model.audiences.contacts @ plan == pytest.approx(contacts)


def test_very_many_contacts_are_nearly_poisson_and_too_many_are_named() -> None:
    poster = {
        "rating": 0.47,
        "repeat": 0.64,
        "noted": (1.0,),
        "others": (),
        "population": (1000.0,),
        "measured": True,
    }
    plain = model_of(**poster)
    most = float((plain.first / plain.bend * np.expm1(plain.bend) / 0.47)[0, 0])
    model = model_of(**poster, per_person=np.array([most * 0.999]))
    assert model.parts is not None
    assert model.parts.fewer[0, 0] == 50
    mean = contact_distribution(model, np.array([1.0]), 64)[0] @ np.arange(64)
    assert mean == pytest.approx(most * 0.999 * 0.47, rel=0.01)  # those of 63 and more contacts count as 63
    with pytest.raises(InvalidInput, match=rf"at most {np.floor(most * 100) / 100:.4g} are possible"):
        model_of(**poster, per_person=np.array([most * 1.02]))


def test_an_assumed_repeat_audience_is_raised_where_the_contacts_of_a_unit_ask_for_more() -> None:
    """One gamma by hand: k = .5, eta = .3 give a rating of 1 - 1.6^-.5 and .3 contacts a person; no vehicle in one
    medium shares people with another here, so k of the person and the medium are infinite."""
    rating, twice = 1 - 1.6**-0.5, 1 - 2.2**-0.5
    population, nothing = np.array([1000.0]), np.zeros(1, dtype=int)
    poster = Audiences(
        ("poster",), ("OOH",), nothing, population, np.array([[rating]]), np.array([0.2]), np.array([False]), None,
        np.array([0.3 / rating]),
    )  # fmt: skip
    model = calibrate(poster, Duplication(1.0, np.ones(1), np.ones(1)))
    assert model.reach_shares(np.array([1.0])) == pytest.approx(rating)
    assert model.reach_shares(np.array([2.0])) == pytest.approx(twice)
    assert model.raised["poster"] == pytest.approx(2 - twice / rating)
    mean = contact_distribution(model, np.array([1.0]), 64)[0] @ np.arange(64)
    assert mean == pytest.approx(0.3, rel=1e-6)
    assert not calibrate(
        replace(poster, repeat=np.array([0.9])), Duplication(1.0, np.ones(1), np.ones(1))
    ).raised


def test_room_for_contacts_is_made_beside_vehicles_of_several_units_too() -> None:
    model = model_of(0.12, 0.5, others=(0.08,), per_person=np.array([1.0, 1.0, 1.0, 6.5]))
    assert list(model.raised) == ["v3"]
    assert model.audiences.contacts[:, 3] == pytest.approx(6.5 * model.audiences.rating[:, 3])


@pytest.mark.parametrize("contacts", [None, np.array([1.4, 1.0, 1.0, 1.3])])
def test_n_plus_and_its_changes_agree_with_the_distribution(contacts) -> None:
    model = model_of(0.12, 0.5, per_person=contacts)
    plan = np.array([2.0, 1.0, 0.0, 3.0])
    found = contact_distribution(model, plan)
    for times in (2, 3):
        assert effective_shares(model, plan, times) == pytest.approx(
            1 - found[:, :times].sum(axis=1), abs=1e-7
        )
    everyone, loss = np.ones(2, dtype=bool), np.zeros((3, 2))
    loss[:] = model.population
    table = Contacts(model, 3, np.full(4, 6.0), everyone)
    tally = table.tally(plan)
    changes = table.changes(tally, loss, (1, 2, -1))
    for j, (i, step) in product(range(4), enumerate((1, 2, -1))):
        if plan[j] + step < 0:
            assert np.isnan(changes[j, i])
            continue
        after = table.moved(tally, j, step)
        assert changes[j, i] == pytest.approx(float((loss * (after.classes - tally.classes)).sum()), abs=1e-7)


def test_in_parts_of_insertions_a_unit_alone_is_worth_what_it_always_was() -> None:
    with_units, without = model_of(0.12, 0.5), model_of(0.12, 0.5, noted=(1.0,))
    half = np.array([1.5, 0.0, 0.0, 0.0])
    assert (with_units.reach_shares(half) == without.reach_shares(half[[0, 3]])).all()
    both = with_units.reach_shares(np.array([1.5, 0.5, 0.0, 0.0]))
    assert (both <= with_units.reach_shares(np.array([2.0, 1.0, 0.0, 0.0]))).all()
    assert (both >= with_units.reach_shares(np.array([1.0, 0.0, 0.0, 0.0]))).all()


def test_people_shared_by_two_units_are_those_of_both() -> None:
    model = model_of(0.12, 0.5)
    share = model.population / model.population.sum()
    pairs = shared_audiences(model, np.array([0, 1, 3]), share)
    one, two = model.reach_shares(np.array([1.0, 0, 0, 0])), model.reach_shares(np.array([0, 1.0, 0, 0]))
    both = model.reach_shares(np.array([1.0, 1.0, 0, 0]))
    assert pairs[0, 1] == pytest.approx(float(share @ (one + two - both)), rel=1e-12)
    assert pairs[0, 1] == pairs[1, 0]


def test_vehicles_of_one_unit_each_are_what_they_are_without_units() -> None:
    """To the last bit: the same calibration, tangents and distribution, whether their units were told or not."""
    plain = model_of(0.12, 0.5, noted=(0.8,), others=(0.08, 0.05), per_person=np.array([1.2, 1.0, 1.0]))
    audiences = replace(plain.audiences, stands_for=np.arange(3))
    told = calibrate(audiences, Duplication(1.0, np.array([1.6]), np.ones(2)))
    assert told.units is None
    for name in ("k_person", "k_medium", "first", "bend"):
        assert np.array_equal(getattr(told, name), getattr(plain, name))
    plan = np.array([3.0, 0.5, 2.0])
    assert np.array_equal(told.reach_shares(plan), plain.reach_shares(plan))
    whole = np.array([3.0, 1.0, 2.0])
    assert np.array_equal(contact_distribution(told, whole), contact_distribution(plain, whole))
