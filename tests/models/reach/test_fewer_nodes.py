"""Of many nodes a few do: closed forms of gamma mixtures, and steps of vehicles that nearly everybody meets."""

import numpy as np
import pytest

from models.reach.contacts import Contacts
from models.reach.fewer_nodes import few_positive, fewer_nodes
from models.reach.frequency import COARSE, medium_nodes, person_nodes
from models.reach.gamma import Audiences, Duplication, calibrate

ROUGHLY = 1e-6  # what the coarse grid promises of a share


@pytest.mark.parametrize("most", [0.3, 5.0, 60.0])
@pytest.mark.parametrize("k", [0.2, 1.0, 30.0, 900.0])
def test_few_nodes_know_who_is_missed_by_any_intensity(k, most):
    """E exp(-g s) is (1 + s/k)^(-k g0) of a medium's intensity given the person's, g0 = 1 of the person's own."""
    nodes, weights, _ = person_nodes(k, most, COARSE)
    g0 = np.array([0.5, 1.0, 2.0])
    of_medium, by_person = medium_nodes(k, most, g0, COARSE)
    few, (own,) = fewer_nodes(nodes, weights[None], most, COARSE.left)
    few_of_medium, rows = fewer_nodes(of_medium, by_person, most, COARSE.left)
    assert max(len(few), len(few_of_medium)) <= 20
    for s in np.linspace(0.0, most, 7):
        assert own @ np.exp(-few * s) + 1 - own.sum() == pytest.approx((1 + s / k) ** -k, abs=ROUGHLY)
        missed = rows @ np.exp(-few_of_medium * s) + 1 - rows.sum(axis=1)
        assert missed == pytest.approx((1 + s / k) ** (-k * g0), abs=ROUGHLY)


@pytest.mark.parametrize("within", [1.0, 1.05, 1.15])
@pytest.mark.parametrize("times", [2, 3, 6])
def test_steps_of_vehicles_that_nearly_everybody_meets_are_differences_of_two_plans(times, within):
    audiences = Audiences(
        ("most", "half", "few"), ("tv",), np.zeros(3, dtype=np.int64), np.array([600.0, 400.0]),
        np.array([[0.8, 0.5, 0.01], [0.82, 0.4, 0.05]]), np.array([0.9, 0.7, 0.3]), np.zeros(3, dtype=bool),
    )  # fmt: skip
    model = calibrate(audiences, Duplication(1.0, np.full(1, within), np.ones(2)))
    contacts = Contacts(model, times, np.full(3, 20.0), np.ones(2, dtype=bool), grid=COARSE)
    loss, steps = np.tile(model.population / model.population.sum(), (times, 1)), (-1, 1, 3)
    for plan in ([1.0, 0.0, 0.0], [1.0, 1.0, 12.0], [9.0, 2.0, 1.0], [15.0, 15.0, 15.0]):
        tally = contacts.tally(np.array(plan))
        changes = contacts.changes(tally, loss, steps)
        for j, i in np.argwhere(np.isfinite(changes)):
            after = contacts.moved(tally, int(j), steps[i])
            lost = float((loss * after.classes).sum() - (loss * tally.classes).sum())
            assert changes[j, i] == pytest.approx(lost, abs=ROUGHLY)


@pytest.mark.parametrize("most", [0.3, 5.0, 60.0])
@pytest.mark.parametrize("k", [0.2, 1.0, 30.0])
def test_weights_of_few_nodes_that_are_chances_know_it_as_well(k, most):
    nodes, weights, _ = person_nodes(k, most, COARSE)
    (few,) = few_positive(nodes, weights[None], most, 1e-6)
    assert (few >= 0).all()
    assert (few > 0).sum() <= 20
    for s in np.linspace(0.0, most, 7):
        assert few @ np.exp(-nodes * s) + 1 - few.sum() == pytest.approx(
            (1 + s / k) ** -k, abs=1e-6 + ROUGHLY
        )


@pytest.mark.parametrize("positive", [False, True])
def test_few_nodes_know_thin_vehicles_beside_one_of_a_trillion_times_their_intensity(positive):
    """Of very unequal people (k = .07): a vehicle that 88 % notice has an intensity of 1e12, one of 17 % has 1."""
    k, most = 0.07, 1e12
    nodes, weights, _ = person_nodes(k, most, COARSE)
    if positive:
        own = few_positive(nodes, weights[None], most, 1e-6)[0]
    else:
        nodes, (own,) = fewer_nodes(nodes, weights[None], most, COARSE.left)
    for s in np.geomspace(1e-2, most, 40):
        expected = pytest.approx((1 + s / k) ** -k, abs=2 * ROUGHLY)  # of the grid, and of leaving nodes out
        assert own @ np.exp(-nodes * s) + 1 - own.sum() == expected


@pytest.mark.parametrize("most", [5.0, 60.0, 2000.0])
@pytest.mark.parametrize("k", [0.24, 1.0, 30.0])
def test_weights_that_are_chances_know_who_is_met_fewer_than_four_times(k, most):
    nodes, weights, _ = person_nodes(k, most, COARSE)
    (few,) = few_positive(nodes, weights[None], most, 1e-6, times=4)
    assert (few >= 0).all()
    for s in np.geomspace(1e-3, most, 25):
        term, fewer = np.exp(-nodes * s), np.zeros(len(nodes))
        for a in range(4):
            fewer += term
            term = term * nodes * s / (a + 1)
            assert few @ fewer == pytest.approx(
                weights @ fewer, abs=2e-6
            )  # the tolerance, between its places too
