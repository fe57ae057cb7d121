"""Calendars whose vehicles run more evenly."""

import itertools

import numpy as np
import pytest

from models.after.even_weeks import distance, evened

EVEN = np.full(4, 0.25)


def anything(_: np.ndarray) -> bool:
    return True


def free(weekly: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros_like(weekly), np.full_like(weekly, np.inf)


def test_two_vehicles_that_fill_each_others_weeks_run_evenly_instead() -> None:
    """Weeks of 4 insertions of like rating; each vehicle has 2 a week after exchanges, which leave the weeks alike."""
    lumpy = np.array([[3.0, 3.0, 1.0, 1.0], [1.0, 1.0, 3.0, 3.0]])
    assert evened(lumpy, EVEN, np.array([5.0, 5.0]), free(lumpy), anything).tolist() == [[2.0] * 4] * 2


def test_the_distance_is_what_stands_in_wrong_weeks() -> None:
    """Both insertions in the first of two weeks: half the points off there and half missing here; of the vehicle's own
    1 too many, 1 too few, and 1 ahead of its due after the first week: 1 + .5 * 3 / 2."""
    assert distance(np.array([[2.0, 0.0]]), np.full(2, 0.5), np.array([4.0])) == pytest.approx(
        1 + 0.5 * 3 / 2
    )


@pytest.mark.parametrize("seed", range(20))
def test_exchanges_bring_a_calendar_nearer_within_its_bounds(seed: int) -> None:
    """And leave none between two weeks, of one or two vehicles, that would bring it nearer still."""
    rng = np.random.default_rng(seed)
    weekly = rng.integers(0, 4, (3, 4)).astype(float)
    least, most = (
        np.minimum(weekly, rng.integers(0, 2, (3, 4))),
        np.maximum(weekly, rng.integers(1, 5, (3, 4))),
    )
    rating = rng.uniform(1.0, 9.0, 3)
    found = evened(weekly, EVEN, rating, (least, most), anything)
    assert (found >= least).all()
    assert (found <= most).all()
    assert found.sum(axis=1).tolist() == weekly.sum(axis=1).tolist()
    now = distance(found, EVEN, rating)
    assert now <= distance(weekly, EVEN, rating) + 1e-12
    moves = [(j, s, t) for j in range(3) for s, t in itertools.permutations(range(4), 2)]
    for first, second in itertools.product(moves, [None, *moves]):
        tried = found.copy()
        for j, s, t in filter(None, (first, second)):
            tried[j, s] -= 1
            tried[j, t] += 1
        between = second is None or {first[1], first[2]} == {second[1], second[2]}
        if between and (tried >= least).all() and (tried <= most).all():
            assert distance(tried, EVEN, rating) >= now - 1e-8  # 1e-9 of the points counts as none


def test_what_breaks_a_rule_is_not_done() -> None:
    lumpy = np.array([[3.0, 3.0, 1.0, 1.0], [1.0, 1.0, 3.0, 3.0]])
    found = evened(lumpy, EVEN, np.array([5.0, 5.0]), free(lumpy), lambda tried: tried[0, 0] == 3)
    assert found[0, 0] == 3
