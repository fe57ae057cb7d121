"""The least that vehicles to come still lose of a row: against all they can buy."""

from itertools import product

import numpy as np
import pytest

from models.programme.filling import filling

PRICE, ROOM = 2.0, 30.0


def test_what_one_vehicle_still_loses_by_hand() -> None:
    # 10 are left at a price of 2 each; one more of the vehicle takes 4 and is charged 3: 3 + 6 x 2, not 10 x 2.
    found = filling(PRICE, [np.array([0.0, 4.0])], [np.array([0.0, 3.0])], ROOM)
    assert found.loss(0, np.array([10.0])) == pytest.approx([15.0], abs=2 * PRICE * found.width)
    assert found.loss(1, np.array([10.0])) == pytest.approx([20.0], abs=PRICE * found.width)


def test_less_than_nothing_left_cannot_be_mended() -> None:
    found = filling(PRICE, [np.array([0.0, 4.0])], [np.array([0.0, 3.0])], ROOM)
    assert np.isposinf(found.loss(0, np.array([-1.0])))


def test_nothing_to_fill_is_no_row_to_look_at() -> None:
    assert filling(PRICE, [np.zeros(2)], [np.array([0.0, 1.0])], 0.0) is None


@pytest.mark.parametrize("seed", range(20))
def test_it_is_never_more_than_what_is_lost_and_blurred_by_a_cell_a_vehicle_at_most(seed) -> None:
    rng = np.random.default_rng(seed)
    whole = seed % 2 == 0  # amounts that meet the cells' ends and such that do not
    steps = [
        np.concatenate([[0.0], np.cumsum(rng.integers(1, 9, 2) if whole else rng.uniform(1, 9, 2))])
        for _ in range(4)
    ]
    charges = [rng.permutation(np.append(rng.uniform(0, 9, 2), 0.0)) for _ in range(4)]
    found = filling(PRICE, steps, charges, ROOM)
    for placed, left in product(range(5), rng.integers(0, 20, 5)):
        plans = list(product(range(3), repeat=4 - placed))
        taken = np.array([sum(steps[placed + j][k] for j, k in enumerate(plan)) for plan in plans])
        charge = np.array([sum(charges[placed + j][k] for j, k in enumerate(plan)) for plan in plans])
        exact = (charge + PRICE * (left - taken))[taken <= left].min()
        said = float(found.loss(placed, np.array([float(left)]))[0])
        assert said <= exact + 1e-9
        blur = found.width * (5 - placed)  # what is left is known to a cell, and to one more for each vehicle
        blurred = (charge + PRICE * np.maximum(left - taken, 0.0))[taken <= left + blur].min()
        assert said >= min(blurred, ROOM) - PRICE * blur
