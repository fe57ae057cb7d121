"""What whole insertions fit into a week: rows that hold every week's insertions to it, and cut off no plan.

A week's limits are stated over numbers that may be parts, and what is left of a week's money is bought in parts of
dear insertions. Whole insertions w of a week (n_vehicles,) are one of finitely many; where pi . a is no more than r for
every one of these a that keeps the week's limits, then

    sum_j pi_j w_jt <= r        in this week, and in all that are like it: the same limits, prices and offers

is kept by every plan. Which pi a relaxed week breaks most is a small linear programme, whose rows, one for each a, are
found one by one as the best a there is for the pi so far (exact separation of knapsack cuts: Boyd 1994). Weeks that are
alike share one answer, for the mean of them: what all of them together can hold does not say which holds what.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.rows.keyed_rows import Keyed
from models.programme.solvers.highs import LiveHighs
from models.programme.solvers.linear_programme import LinearProgramme, one_row, unit_columns
from models.programme.solvers.solver import Limits
from models.purchase.columns import WHOLE, Columns

_ROOM = 1e-8  # of a limit: more than any rule's own check allows beyond it
_BEYOND = 1e-4  # of what fits: a relaxed week must have so much more
_LEAST = 1e-4  # worth of an insertion that a relaxed week does not have, beside one that it has
_PATTERNS = 300  # ways to fill a week, found one by one
_LOOKED_AT = 20_000  # ways half made, for the best of one kind


@dataclass(frozen=True, eq=False)
class AlikeWeeks:
    """weeks: (n,) of the flight, with the same limits: matrix . w <= most, matrix (n_limits, n_vehicles), w <= upper
    (n_vehicles,)."""

    weeks: IntArray
    matrix: FloatArray
    most: FloatArray
    upper: FloatArray

    def sums(self, columns: Columns) -> list[IntArray]:
        """Columns of each vehicle's insertions in these weeks."""
        every = range(columns.vehicles) if len(self.weeks) < columns.weeks else ()
        return [np.array([columns.week(j, int(t)) for t in self.weeks]) for j in every if self.upper[j] >= 1]


def alike_weeks(problem: Problem) -> list[AlikeWeeks]:
    """The weeks that limits hold each by itself, those with the same limits, prices and offers together."""
    columns, system, n = problem.columns, problem.system, problem.n_vehicles
    factor = problem.tariff.factor
    upper = system.upper[n : n * (1 + columns.weeks)].reshape(n, columns.weeks)
    found: dict[bytes, tuple[FloatArray, FloatArray, list[int]]] = {}
    for week, own_limits in sorted(_limits(problem).items()):
        matrix, most = (np.array(part) for part in zip(*own_limits, strict=True))
        prices = np.ones(n) if factor is None else factor[:, week]
        key = b"".join(part.tobytes() for part in (matrix, most, upper[:, week], prices))
        found.setdefault(key, (matrix, most, []))[2].append(week)
    return [
        AlikeWeeks(np.array(weeks), matrix, most, upper[:, weeks[0]])
        for matrix, most, weeks in found.values()
    ]


def _limits(problem: Problem) -> dict[int, list[tuple[FloatArray, float]]]:
    """Of every week what is at most: the coefficients (n_vehicles,) of its insertions, and of how much."""
    columns, n = problem.columns, problem.n_vehicles
    limits: dict[int, list[tuple[FloatArray, float]]] = {}
    for row in problem.system.rows:
        place = row.columns - n
        own = (place >= 0) & (place < n * columns.weeks)
        weeks = np.unique(place % max(columns.weeks, 1))
        if row.sense == "<=" and own.all() and len(weeks) == 1 and (row.coefficients >= 0).all():
            each = np.zeros(n)
            np.add.at(each, place // columns.weeks, row.coefficients)
            limits.setdefault(int(weeks[0]), []).append((each, row.right))
    return limits


def week_cuts(problem: Problem, alike: Sequence[AlikeWeeks], point: FloatArray) -> list[Keyed]:
    """Rows that a point (n_columns,) breaks, of every week that is like one that it fills with more than fits."""
    weekly, columns, made = problem.columns.weekly(point), problem.columns, []
    for each in alike:
        broken = broken_row(each, weekly[:, each.weeks].mean(axis=1))
        if broken is None:
            continue
        worth, most = broken
        there = np.flatnonzero(worth)
        for week in each.weeks.tolist():
            own = np.array([columns.week(int(j), week) for j in there])
            key = ("week", week, worth.tobytes(), most)
            made.append(Keyed(key, own, worth[there], -np.inf, most, float(worth.max())))
    return made


def broken_row(alike: AlikeWeeks, mean: FloatArray) -> tuple[FloatArray, float] | None:
    """(n_vehicles,) worths of an insertion each, and the most that whole insertions of a week are worth, which the
    insertions of a relaxed week `mean` (n_vehicles,) are worth more than; None where none was found."""
    on_offer = np.flatnonzero(alike.upper >= 1)
    if not len(on_offer) or not (np.abs(mean - np.rint(mean)) > WHOLE).any():
        return None
    programme = LinearProgramme()
    at = unit_columns(programme, [f"pi_{j}" for j in on_offer])
    programme.set_costs(at, -(mean[on_offer] + _LEAST))
    live = LiveHighs(programme)
    for _ in range(_PATTERNS):
        solved = live.solve(False, Limits())
        if solved.values is None or mean[on_offer] @ solved.values <= 1 + _BEYOND:
            return None  # with more ways to fill a week there is less to be broken
        worth = np.zeros(len(mean))
        worth[on_offer] = np.where(solved.values > WHOLE, solved.values, 0.0)
        best = fullest(alike, worth)
        if best is None:
            return None
        most = float(worth @ best)
        if most <= 1 + _BEYOND / 10:
            return (worth, most * (1 + _ROOM)) if mean @ worth > most * (1 + _BEYOND) else None
        bought = np.flatnonzero(best[on_offer])
        live.add_rows(one_row(at[bought], best[on_offer][bought], -np.inf, 1.0, "filled"))
    return None


def fullest(alike: AlikeWeeks, worth: FloatArray) -> FloatArray | None:
    """(n_vehicles,) the whole insertions that keep a week's limits and are worth most, worth (n_vehicles,) each; None
    where more than some thousand ways are to be looked at."""
    most = alike.most * (1 + _ROOM) + _ROOM
    # Of the limit that an insertion fills most.
    size = (alike.matrix / np.maximum(most, 1e-300)[:, None]).max(axis=0)
    order = np.flatnonzero((worth > 0) & (alike.upper >= 1))
    order = order[np.argsort(-worth[order] / np.maximum(size[order], 1e-300), kind="stable")]
    if not len(order):
        return np.zeros(len(worth))
    # An insertion takes at least its share of one limit; of all limits together at most so much can be taken.
    rates = [float(worth[j] / max(size[j], 1e-300)) for j in order]
    search = _Fullest(alike.matrix[:, order], most, np.floor(alike.upper[order] + WHOLE), worth[order], rates)
    if not search.looked_through():
        return None
    found = np.zeros(len(worth))
    found[order] = search.best
    return found


class _Fullest:
    """A search through the ways to fill a week, the dearest kinds first: depth first, no further where even parts of
    what is left could not be worth more. best: (n,) the best way; value: its worth."""

    def __init__(
        self, matrix: FloatArray, most: FloatArray, upper: FloatArray, worth: FloatArray, rates: list[float]
    ) -> None:
        self.columns, self.worth, self.rates = matrix.T.copy(), worth.tolist(), rates
        self.most, self.upper = most, upper.tolist()
        self.best, self.value, self.looked = np.zeros(len(rates)), 0.0, 0
        self._way = np.zeros(len(rates))

    def looked_through(self) -> bool:
        """Whether all ways were looked at, or need not be."""
        self._go_on(0, self.most, 0.0)
        return self.looked <= _LOOKED_AT

    def _go_on(self, place: int, left: FloatArray, value: float) -> None:
        self.looked += 1
        if value > self.value:
            self.best, self.value = self._way.copy(), value
        if place == len(self.rates) or self.looked > _LOOKED_AT:
            return
        if value + self._at_most(place, left) <= self.value * (1 + 1e-12):
            return
        column = self.columns[place]
        taken = column > 0
        fits = min(self.upper[place], np.floor((left[taken] / column[taken]).min(initial=np.inf)))
        for many in range(max(int(fits), 0), -1, -1):
            self._way[place] = many
            self._go_on(place + 1, left - many * column, value + many * self.worth[place])
        self._way[place] = 0

    def _at_most(self, place: int, left: FloatArray) -> float:
        """What the rest can be worth: what is left of the limits at the best rate, or as many as there are of each."""
        share = float((left / np.maximum(self.most, 1e-300)).sum())
        every = sum(w * u for w, u in zip(self.worth[place:], self.upper[place:], strict=True))
        return float(min(self.rates[place] * share, every))
