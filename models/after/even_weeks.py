"""A calendar nearer to what is wished: insertions change weeks, one or two vehicles' at a time, while that makes less

    distance = sum_t | points_t - pattern_t G | / G
               +  uneven / G * sum_jt rating_j ( | w_jt - x_j pattern_t | + | sum_{s<=t} (w_js - x_j pattern_s) | )

points_t: rating points of week t; G: of all weeks; x_j: insertions of a vehicle. The second term is how lumpy each
vehicle's own weeks are, and by how many weeks they come too soon or too late.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.after.week_rows import WeekRows
from models.after.wish import Wish, off_pattern
from models.arrays import FloatArray, IntArray

UNEVEN = 0.5  # what a vehicle's own rating point in a wrong week counts, beside one of the plan
_SWEEPS = 5
_TRIES = 8  # exchanges between two weeks that may break a rule, the best first
_ASKED = 2  # of them, where rules have to be asked
_REPEATS = 20  # exchanges between two weeks, before others have their turn
_PORTIONS = 32  # of a vehicle's insertions, that change weeks together where there are more
_BETTER = 1e-9


@dataclass(frozen=True, eq=False)
class Aim:
    """uneven: what counts for the distance's second term. off: share of the rating points that may be off the pattern,
    where a calendar has no more of them already. rows, keeps: what it keeps; keeps looks at a calendar (n_vehicles,
    n_weeks) that keeps the rows. until: of time.perf_counter, when to end with what there is."""

    rows: WeekRows
    keeps: Callable[[FloatArray], bool] | None = None
    uneven: float = UNEVEN
    off: float = np.inf
    until: float = np.inf


def distance(weekly: FloatArray, wish: Wish) -> float:
    """What is made small. weekly: (n_vehicles, n_weeks)."""
    beyond = _beyond(weekly, wish.pattern)
    uneven = float((wish.rating @ (np.abs(beyond) + np.abs(np.cumsum(beyond, axis=1)))).sum())
    return 2 * off_pattern(weekly, wish) + UNEVEN * uneven / (float((wish.rating @ weekly).sum()) or 1.0)


def exchanged(weekly: FloatArray, wish: Wish, aim: Aim) -> FloatArray:
    """The calendar (n_vehicles, n_weeks) after the best exchanges between two weeks, within the wish's least and most
    insertions: some go from one week to the other, or two vehicles' insertions change places. Rows that it does not
    keep before, it breaks by no more after."""
    found = weekly.copy()
    movable = np.flatnonzero((found.sum(axis=1) > 0) & (wish.most > wish.at_least).any(axis=1))
    if len(movable) == 0:
        return found
    count, portions = found[movable].sum(axis=1), float(_PORTIONS)
    while True:
        step = np.maximum(1.0, np.floor(count / portions))
        _sweep(_Standing(found, wish, aim, movable, step))
        if (step == 1.0).all():
            return found
        portions *= _PORTIONS


def _sweep(standing: "_Standing") -> None:
    """Exchanges between any two weeks, until there are none."""
    n_weeks = standing.found.shape[1]
    changed = np.zeros(n_weeks, dtype=int)  # the sweep in which a week last changed
    for sweep in range(1, _SWEEPS + 1):
        for weeks in combinations(range(n_weeks), 2):
            if time.perf_counter() > standing.aim.until:
                return
            if changed[list(weeks)].max() < sweep - 1:
                continue
            for _ in range(_REPEATS):
                if not standing.exchange(weeks):
                    break
                changed[list(weeks)] = sweep
        if changed.max() < sweep:
            return


def _beyond(weekly: FloatArray, pattern: FloatArray) -> FloatArray:
    """(n_vehicles, n_weeks) insertions beyond what the pattern asks of each vehicle's own."""
    return weekly - np.outer(weekly.sum(axis=1), pattern)


class _Standing:
    """A calendar that changes in place, with what follows from it. found: (n_vehicles, n_weeks). movable: (n,) places
    of the vehicles whose insertions may change weeks, `step` (n,) of them at a time."""

    def __init__(self, found: FloatArray, wish: Wish, aim: Aim, movable: IntArray, step: FloatArray) -> None:
        self.found, self.wish, self.aim, self.movable, self.step = found, wish, aim, movable, step
        self._least, self._most = wish.at_least[movable], wish.most[movable]
        self._given = np.append(wish.rating[movable] * step, 0.0)  # points of a step; the last: nothing goes
        points = wish.rating @ found
        self._total = float(points.sum())
        self._off = points - wish.pattern * self._total
        self._ahead = _beyond(found, wish.pattern)[movable]
        self._due = np.cumsum(self._ahead, axis=1)
        sums = aim.rows.sums(found)
        self._limit = np.maximum(aim.rows.most, sums)
        self._room = self._limit - sums
        self._away_most = max(2 * aim.off * self._total, float(np.abs(self._off).sum()))

    def exchange(self, weeks: tuple[int, int]) -> bool:
        """Make the best exchange between two weeks that keeps everything; False where there is none."""
        change = self._changes(weeks)
        flat = change.ravel()
        better = np.flatnonzero(flat < -_BETTER * self._total)
        tries = _TRIES if self.aim.keeps is None else _ASKED
        if len(better) > tries:
            better = better[np.argpartition(flat[better], tries)[:tries]]
        for at in better[np.argsort(flat[better])].tolist():
            later, sooner = divmod(at, len(change))
            moves = [(i, source, into) for i, source, into in ((later, *weeks), (sooner, *weeks[::-1]))
                     if i < len(self.movable)]  # fmt: skip
            if self._moved(moves):
                return True
        return False

    def _changes(self, weeks: tuple[int, int]) -> FloatArray:
        """(n + 1, n + 1) change of G times the distance where a step of one vehicle (row) goes from the first week to
        the second and one of another (column) back; the last of each: none does. inf where that cannot be."""
        s, t = weeks
        later, sooner = self._own(weeks, 1.0), self._own(weeks[::-1], -1.0)
        given = self._given[:, None] - self._given
        away = np.abs(self._off[s] - given) + np.abs(self._off[t] + given)
        away -= abs(self._off[s]) + abs(self._off[t])
        change = away + later[:, None] + sooner
        change[away > self._away_most - float(np.abs(self._off).sum()) + 1e-9 * self._total] = np.inf
        return np.asarray(change)

    def _own(self, weeks: tuple[int, int], sign: float) -> FloatArray:
        """(n + 1,) what a step of each vehicle from the first week to the second adds to G times the second term; inf
        where it does not fit. sign: 1 where the second week is the later one."""
        source, into = weeks
        step, own = self.step, self.found[self.movable][:, [source, into]]
        fits = (own[:, 0] >= self._least[:, source] + step) & (own[:, 1] + step <= self._most[:, into])
        added = np.full(len(step) + 1, np.inf)
        added[-1] = 0.0
        places = np.flatnonzero(fits)
        if len(places) == 0:
            return added
        places = places[self.aim.rows.alone(weeks, self.movable[places], step[places], self._room)]
        if len(places):
            step, ahead = step[places], self._ahead[places]
            between = self._due[places, min(weeks) : max(weeks)]
            more = np.abs(ahead[:, source] - step) - np.abs(ahead[:, source])
            more += np.abs(ahead[:, into] + step) - np.abs(ahead[:, into])
            more += (np.abs(between - sign * step[:, None]) - np.abs(between)).sum(axis=1)
            added[places] = self.aim.uneven * self.wish.rating[self.movable[places]] * more
        return added

    def _moved(self, moves: list[tuple[int, int, int]]) -> bool:
        """Make moves (place of the vehicle, from week, to week) if they keep everything."""
        aim, parts = self.aim, []
        for i, source, into in moves:
            j, step = int(self.movable[i]), float(self.step[i])
            parts += [(j, source, -step), (j, into, step)]
        touched, more = aim.rows.moved(parts)
        if (more > self._room[touched]).any():
            return False
        for j, t, step in parts:
            self.found[j, t] += step
        if aim.keeps is not None and not aim.keeps(self.found):
            for j, t, step in parts:
                self.found[j, t] -= step
            return False
        self._room[touched] -= more
        for i, source, into in moves:
            step, given = self.step[i], self._given[i]
            self._off[[source, into]] += -given, given
            self._ahead[i, [source, into]] += -step, step
            self._due[i, min(source, into) : max(source, into)] += step if into < source else -step
        return True
