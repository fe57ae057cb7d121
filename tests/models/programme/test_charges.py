"""What reduced costs charge for each number of insertions, by hand."""

import numpy as np
import pytest

from models.programme.charges import charges
from models.programme.pieces import Pieces


def of_one_vehicle(costs: list[float], lower: float, upper: float) -> list[float]:
    """Charges of one vehicle whose single insertions cost so much."""
    n = len(costs)
    pieces = Pieces(
        np.zeros(n, dtype=np.int64),
        np.arange(n),
        np.ones(n, dtype=np.int64),
        *np.zeros((2, n)),
        np.zeros((0, n)),
    )
    found = charges(100.0, np.array([lower]), np.array([upper]), np.zeros(1), pieces, np.array(costs))
    return found.each[0][int(lower) :].tolist()


def test_what_is_bought_in_any_case_is_counted_first_whatever_it_costs() -> None:
    assert of_one_vehicle([150.0, -3.0, 5.0], 1, 3) == [3.0, 0.0, 5.0]


def test_what_cannot_be_bought_is_not_counted_whatever_it_would_gain() -> None:
    assert of_one_vehicle([5.0, 6.0, -100.0], 0, 2) == [0.0, 5.0, 11.0]


@pytest.mark.parametrize("order", [[4.0, -2.0, 1.0], [1.0, 4.0, -2.0]])
def test_the_cheapest_of_the_others_come_first(order: list[float]) -> None:
    assert of_one_vehicle(order, 0, 3) == [2.0, 0.0, 1.0, 5.0]
