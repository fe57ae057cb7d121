"""A calendar whose vehicles run more evenly: insertions change weeks, one or two at a time, while that makes less

    distance = sum_t | points_t - pattern_t G | / G
               +  UNEVEN / G * sum_jt rating_j ( | w_jt - x_j pattern_t | + | sum_{s<=t} (w_js - x_j pattern_s) | )

points_t: rating points of week t; G: of all weeks; x_j: insertions of a vehicle. The second term is how lumpy each
vehicle's own weeks are, and by how many weeks they come too soon or too late.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from models.after.wish import Wish, off_pattern
from models.arrays import FloatArray, IntArray

_UNEVEN = 0.5  # what a vehicle's own rating point in a wrong week counts, beside one of the plan
_SWEEPS = 5
_TRIES = 5  # exchanges between two weeks that may break a rule, the best first
_BETTER = 1e-9


def distance(weekly: FloatArray, wish: Wish) -> float:
    """What is made small. weekly: (n_vehicles, n_weeks)."""
    uneven = float((wish.rating @ _uneven(_beyond(weekly, wish.pattern))).sum())
    return 2 * off_pattern(weekly, wish) + _UNEVEN * uneven / (float((wish.rating @ weekly).sum()) or 1.0)


def evened(weekly: FloatArray, wish: Wish, keeps: Callable[[FloatArray], bool]) -> FloatArray:
    """The calendar (n_vehicles, n_weeks) after the best exchanges between two weeks, within the wish's least and most
    insertions: one goes from one week to the other, or two vehicles' insertions change places. keeps: whether a
    calendar (n_vehicles, n_weeks) keeps everything else."""
    found, weeks = weekly.copy(), range(weekly.shape[1])
    movable = np.flatnonzero((found.sum(axis=1) > 0) & (wish.most > wish.at_least).any(axis=1))
    for _ in range(_SWEEPS):
        before = found.copy()
        for s, t in combinations(weeks, 2):
            _exchange(found, wish, keeps, movable, (s, t))
        if np.array_equal(found, before):
            break
    return found


def _beyond(weekly: FloatArray, pattern: FloatArray) -> FloatArray:
    """(n_vehicles, n_weeks) insertions beyond what the pattern asks of each vehicle's own."""
    return weekly - np.outer(weekly.sum(axis=1), pattern)


def _uneven(beyond: FloatArray) -> FloatArray:
    """(..., n_weeks) off the pattern, and off what is due by then."""
    return np.abs(beyond) + np.abs(np.cumsum(beyond, axis=-1))


def _exchange(
    found: FloatArray,
    wish: Wish,
    keeps: Callable[[FloatArray], bool],
    movable: IntArray,
    weeks: tuple[int, int],
) -> None:
    """Make the best exchange between two weeks, in place, if there is one that keeps everything. movable: places of
    the vehicles whose insertions may change weeks."""
    s, t = weeks
    own, least, most = found[movable], wish.at_least[movable], wish.most[movable]
    later = (own[:, s] >= least[:, s] + 1) & (own[:, t] + 1 <= most[:, t])
    sooner = (own[:, t] >= least[:, t] + 1) & (own[:, s] + 1 <= most[:, s])
    points = wish.rating @ found
    off = points - wish.pattern * points.sum()
    change = _changes(_beyond(own, wish.pattern), wish.rating[movable], off, weeks)
    change[:-1][~later] = np.inf
    change[:, :-1][:, ~sooner] = np.inf
    flat = change.ravel()
    better = np.flatnonzero(flat < -_BETTER * float(points.sum()))
    for at in better[np.argsort(flat[better])][:_TRIES].tolist():
        tried = found.copy()
        for place, source, into in zip(divmod(at, len(change)), weeks, weeks[::-1], strict=True):
            if place < len(movable):
                tried[movable[place], [source, into]] += [-1.0, 1.0]
        if keeps(tried):
            found[:] = tried
            return


def _changes(beyond: FloatArray, rating: FloatArray, off: FloatArray, weeks: tuple[int, int]) -> FloatArray:
    """(n + 1, n + 1) change of G times the distance where an insertion of one vehicle (row) goes from the first week to
    the second and one of another (column) back; the last of each: none does. off: (n_weeks,) points beyond the pattern.
    """
    s, t = weeks
    rated, before = np.append(rating, 0.0), _uneven(beyond).sum(axis=1)
    moved = (_uneven(beyond + _going(step, weeks, beyond.shape[1])).sum(axis=1) for step in (1.0, -1.0))
    later, sooner = (_UNEVEN * rated * np.append(after - before, 0.0) for after in moved)
    given = rated[:, None] - rated
    away = np.abs(off[s] - given) + np.abs(off[t] + given) - abs(off[s]) - abs(off[t])
    return np.asarray(away + later[:, None] + sooner)


def _going(step: float, weeks: tuple[int, int], of: int) -> FloatArray:
    """(of,) an insertion less in the first week and one more in the second; the other way round for a step of -1."""
    going = np.zeros(of)
    going[list(weeks)] = -step, step
    return going
