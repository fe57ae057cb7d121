"""Calendars whose vehicles run more evenly."""

import itertools

import numpy as np
import pytest

from models.after.even_weeks import Aim, distance, exchanged
from models.after.week_rows import WeekRows
from models.after.wish import Wish

EVEN = np.full(4, 0.25)


def anything(_: np.ndarray) -> bool:
    return True


def evened(weekly: np.ndarray, wish: Wish, keeps=anything, **more) -> np.ndarray:
    """By exchanges that no row forbids."""
    size = (*weekly.shape, 1)
    rows = WeekRows(np.zeros(size, dtype=int), np.zeros(size), np.array([np.inf]), np.array([False]))
    return exchanged(weekly, wish, Aim(rows, keeps, **more))


def free(rating: list[float]) -> Wish:
    """Every week may hold any number."""
    return Wish(np.full((len(rating), 4), np.inf), EVEN, np.array(rating))


def test_two_vehicles_that_fill_each_others_weeks_run_evenly_instead() -> None:
    """Weeks of 4 insertions of like rating; each vehicle has 2 a week after exchanges, which leave the weeks alike."""
    lumpy = np.array([[3.0, 3.0, 1.0, 1.0], [1.0, 1.0, 3.0, 3.0]])
    assert evened(lumpy, free([5.0, 5.0]), anything).tolist() == [[2.0] * 4] * 2


def test_the_distance_is_what_stands_in_wrong_weeks() -> None:
    """Both insertions in the first of two weeks: half the points off there and half missing here; of the vehicle's own
    1 too many, 1 too few, and 1 ahead of its due after the first week: 1 + .5 * 3 / 2."""
    wish = Wish(np.full((1, 2), np.inf), np.full(2, 0.5), np.array([4.0]))
    assert distance(np.array([[2.0, 0.0]]), wish) == pytest.approx(1 + 0.5 * 3 / 2)


@pytest.mark.parametrize("seed", range(20))
def test_exchanges_bring_a_calendar_nearer_within_its_bounds(seed: int) -> None:
    """And leave none between two weeks, of one or two vehicles, that would bring it nearer still."""
    rng = np.random.default_rng(seed)
    weekly = rng.integers(0, 4, (3, 4)).astype(float)
    least = np.minimum(weekly, rng.integers(0, 2, (3, 4)))
    most = np.maximum(weekly, rng.integers(1, 5, (3, 4)))
    wish = Wish(most, EVEN, rng.uniform(1.0, 9.0, 3), least)
    found = evened(weekly, wish, anything)
    assert (found >= least).all()
    assert (found <= most).all()
    assert found.sum(axis=1).tolist() == weekly.sum(axis=1).tolist()
    now = distance(found, wish)
    assert now <= distance(weekly, wish) + 1e-12
    moves = [(j, s, t) for j in range(3) for s, t in itertools.permutations(range(4), 2)]
    for first, second in itertools.product(moves, [None, *moves]):
        tried = found.copy()
        for j, s, t in filter(None, (first, second)):
            tried[j, s] -= 1
            tried[j, t] += 1
        between = second is None or {first[1], first[2]} == {second[1], second[2]}
        if between and (tried >= least).all() and (tried <= most).all():
            assert distance(tried, wish) >= now - 1e-8  # 1e-9 of the points counts as none


def test_what_breaks_a_rule_is_not_done() -> None:
    lumpy = np.array([[3.0, 3.0, 1.0, 1.0], [1.0, 1.0, 3.0, 3.0]])
    found = evened(lumpy, free([5.0, 5.0]), lambda tried: tried[0, 0] == 3)
    assert found[0, 0] == 3


def test_thousands_change_weeks_many_at_a_time() -> None:
    found = evened(np.array([[9001.0, 0.0, 0.0, 0.0]]), free([0.1]))
    assert sorted(found[0]) == [2250, 2250, 2250, 2251]


def test_where_time_has_ended_nothing_moves() -> None:
    lumpy = np.array([[4.0, 0.0, 0.0, 0.0]])
    assert evened(lumpy, free([5.0]), until=0.0).tolist() == lumpy.tolist()
