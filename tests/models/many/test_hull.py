"""Hulls of frontiers."""

import numpy as np

from models.many.hull import half_point, hull_at, on_hull


def test_points_below_a_line_between_others_are_not_on_the_hull():
    x, y = np.array([0.0, 1, 2, 3, 4]), np.array([0.0, 5, 6, 9, 9.5])
    assert on_hull(x, y).tolist() == [True, True, False, True, True]
    assert hull_at(x, y, np.array([2.0])).tolist() == [7.0]


def test_a_falling_frontier_has_a_hull_too():
    x, y = np.array([1.0, 2, 3]), np.array([9.0, 5, 4])
    assert on_hull(x, y).tolist() == [True, False, True]


def test_money_that_always_buys_as_much_never_buys_half():
    x = np.array([0.0, 1, 2, 3])
    assert half_point(x, 2 * x) is None


def test_half_is_reached_where_the_slope_has_fallen_to_half():
    x, y = np.array([0.0, 10, 20, 30, 40]), np.array([0.0, 10, 16, 20, 22])
    assert half_point(x, y) == (10.0, 20.0)
