"""The least that vehicles to come charge and leave of a row: beside every way to buy them."""

from itertools import product

import numpy as np
import pytest

from models.programme.plans.knapsack import Offered, knapsack

LIMIT, WORTH, SETTLED = 9.0, 2.0, 1.0
ROW = np.array([1.0, 2.0, 0.5, 3.0, -1.0])


def offered(vehicle, numbers, charged, each=None):
    """A vehicle of which an insertion takes so much of the one row."""
    taken = (ROW[vehicle] if each is None else each) * numbers[None, :]
    return Offered(vehicle, numbers, charged, taken)


def sack_of(limit, settled, offers):
    charged = [offer.charged for offer in offers]
    return knapsack(limit, WORTH, settled, [offer.taken[0] for offer in offers], charged)


@pytest.fixture(params=range(5))
def offers(request):
    made = np.random.default_rng(request.param)
    return [
        offered(j, np.arange(own, own + 3), made.uniform(0, 5, 3)) for j, own in enumerate((0, 1, 2, 0, 0))
    ]


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("more", [0.0, 2.5, 5.0])
def test_the_least_is_never_too_much_and_right_at_the_end(offers, place, more) -> None:
    sack = sack_of(LIMIT, SETTLED, offers)
    taken = SETTLED + more + sum((ROW[offer.vehicle] * offer.numbers).min() for offer in offers[:place])
    ways = product(*(range(len(offer.numbers)) for offer in offers[place:]))
    least = np.inf
    for way in ways:
        bought = [(offer, at) for offer, at in zip(offers[place:], way, strict=True)]
        left = LIMIT - taken - sum(ROW[offer.vehicle] * offer.numbers[at] for offer, at in bought)
        if left >= 0:
            least = min(least, WORTH * left + sum(offer.charged[at] for offer, at in bought))
    found = sack.completed(place, np.array([taken]))[0]
    assert found <= least + 1e-9  # sums in another order
    if np.isfinite(least) and place == len(offers):
        assert found == pytest.approx(least)


def test_where_more_is_taken_than_there_is_nothing_completes(offers) -> None:
    sack = sack_of(LIMIT, SETTLED, offers)
    assert sack.completed(0, np.array([LIMIT + 1.0])).tolist() == [np.inf]


def test_one_vehicle_by_hand() -> None:
    """Of 7 left, two take 6, charge 1 and leave 1, worth 2; one takes 3, charges nothing and leaves 4, worth 8."""
    sack = sack_of(10.0, 3.0, [offered(0, np.array([1, 2]), np.array([0.0, 1.0]), each=3.0)])
    assert sack.completed(0, np.array([3.0])) == pytest.approx([3.0])
    assert sack.completed(0, np.array([6.0])) == pytest.approx([2.0])  # one, and 1 left
