"""What reduced costs charge for each number of insertions, by hand."""

import numpy as np

from models.programme.reduced_costs import Costs, charges
from models.programme.rows.pieces import Pieces


def of_one_vehicle(costs: list[float], lower: float, upper: float, bought: float = 0.0) -> list[float]:
    """Charges of one vehicle whose single insertions cost so much."""
    n = len(costs)
    pieces = Pieces(
        np.zeros(n, dtype=np.int64),
        np.arange(n),
        np.ones(n, dtype=np.int64),
        *np.zeros((2, n)),
        np.zeros((0, n)),
    )
    box = np.array([lower]), np.array([upper])
    found = charges(100.0, *box, Costs(pieces, np.array(costs), np.zeros(1), np.array([bought])))
    return found.each[0][int(lower) :].tolist()


def test_what_is_bought_in_any_case_is_counted_first_whatever_it_costs() -> None:
    assert of_one_vehicle([150.0, -3.0, 5.0], 1, 3) == [3.0, 0.0, 5.0]


def test_what_cannot_be_bought_is_not_counted_whatever_it_would_gain() -> None:
    assert of_one_vehicle([5.0, 6.0, -100.0], 0, 2) == [0.0, 5.0, 11.0]


def test_the_others_come_in_order() -> None:
    assert of_one_vehicle([4.0, -5.0, 1.0], 0, 3) == [1.0, 5.0, 0.0, 1.0]


def test_what_any_at_all_loses_is_charged_once() -> None:
    assert of_one_vehicle([-2.0, -1.0, 5.0], 0, 3, bought=4.0) == [0.0, 2.0, 1.0, 6.0]
