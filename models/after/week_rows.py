"""What a calendar must keep beside each week's own least and most: rows over weekly insertions,

    sum_jt a_rjt w_jt <= most_r

of issues that lie weeks apart and, where weeks bind the buy, of every rule that looks at weeks. What a rule adds for
packages and discounts is no row here: such a rule is asked itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.after.wish import Wish
from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem
from models.rules.row import TOLERANCE
from models.rules.rule import Rule

_Stated = tuple[IntArray, FloatArray, float]  # places vehicle * n_weeks + week, coefficients, most


@dataclass(frozen=True, eq=False)
class WeekRows:
    """rows: (n_vehicles, n_weeks, k) the rows that a week's insertions of a vehicle stand in, the last one, which
    nothing limits, where there are fewer. coefficients: theirs, of the same shape. most: (n_rows,). own: (n_rows,)
    whether a row looks at one vehicle alone."""

    rows: IntArray
    coefficients: FloatArray
    most: FloatArray
    own: BoolArray

    def sums(self, weekly: FloatArray) -> FloatArray:
        """(n_rows,) of a calendar (n_vehicles, n_weeks)."""
        terms = self.coefficients * weekly[..., None]
        return np.bincount(self.rows.ravel(), terms.ravel(), minlength=len(self.most)).astype(float)

    def alone(
        self, weeks: tuple[int, int], vehicles: IntArray, step: FloatArray, room: FloatArray
    ) -> BoolArray:
        """(n,) whether `step` (n,) insertions of each of some vehicles (n,) may go from the first week to the second,
        as far as rows of that vehicle alone say. room: (n_rows,) that is left in each."""
        source, into = (self.rows[vehicles, week] for week in weeks)
        less, more = (self.coefficients[vehicles, week] * step[:, None] for week in weeks)
        same = source[:, :, None] == into[:, None, :]
        net_in = more - (less[:, :, None] * same).sum(axis=1)
        net_out = -less * ~same.any(axis=2)
        over = (net_in > room[into]) & self.own[into], (net_out > room[source]) & self.own[source]
        return np.asarray(~(over[0].any(axis=1) | over[1].any(axis=1)))

    def moved(self, moves: list[tuple[int, int, float]]) -> tuple[IntArray, FloatArray]:
        """The rows that some moves change, and by how much. moves: vehicle, week, insertions more."""
        rows = np.concatenate([self.rows[j, t] for j, t, _ in moves])
        more = np.concatenate([self.coefficients[j, t] * step for j, t, step in moves])
        touched, place = np.unique(rows, return_inverse=True)
        return touched, np.bincount(place, more, minlength=len(touched)).astype(float)


def week_rows(problem: Problem, plan: FloatArray, wish: Wish, rules: Sequence[Rule]) -> WeekRows:
    """Those of the wish's spacing and of rules, which look at weeks of the problem."""
    n_vehicles, n_weeks = wish.most.shape
    stated = [
        *_apart(wish),
        *_gaps(wish),
        *(_of_rules(problem, plan, rules) if problem.columns.weeks else ()),
    ]
    most = np.array([right for _, _, right in stated] + [np.inf])
    own = np.array([len({*(places // n_weeks).tolist()}) == 1 for places, _, _ in stated] + [False])
    at = np.concatenate([places for places, _, _ in stated] or [np.zeros(0, dtype=np.int64)])
    row = np.repeat(np.arange(len(stated)), [len(places) for places, _, _ in stated])
    number = np.concatenate([numbers for _, numbers, _ in stated] or [np.zeros(0)])
    order = np.argsort(at, kind="stable")
    at, row, number = at[order], row[order], number[order]
    counts = np.bincount(at, minlength=n_vehicles * n_weeks)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
    shape = n_vehicles * n_weeks, int(counts.max(initial=1))
    rows, coefficients = np.full(shape, len(stated)), np.zeros(shape)
    rows[at, nth], coefficients[at, nth] = row, number
    size = n_vehicles, n_weeks, shape[1]
    return WeekRows(rows.reshape(size), coefficients.reshape(size), most, own)


def _gaps(wish: Wish) -> Iterator[_Stated]:
    """Something stands in any gap + 1 weeks in a row."""
    n_vehicles, n_weeks = wish.most.shape
    for first in range(0 if wish.gap is None else n_weeks - wish.gap):
        weeks = np.arange(first, first + (wish.gap or 0) + 1)
        places = (np.arange(n_vehicles)[:, None] * n_weeks + weeks).ravel()
        yield places, -np.ones(len(places)), -1.0


def _apart(wish: Wish) -> Iterator[_Stated]:
    """Issues lie as far apart as they appear."""
    n_weeks = wish.most.shape[1]
    for spacing in wish.spacing:
        for weeks, most in spacing.limits():
            places = (spacing.members[:, None] * n_weeks + weeks).ravel()
            yield places, np.ones(len(places)), most + TOLERANCE


def _of_rules(problem: Problem, plan: FloatArray, rules: Sequence[Rule]) -> Iterator[_Stated]:
    """Rows of weeks that plans decide, without what insertions and packages, which stay, add to them."""
    columns = problem.columns
    first, end = columns.vehicles, columns.vehicles * (1 + columns.weeks)
    stays = np.concatenate([plan, columns.insertions(plan) > 0])
    stays[first:end] = 0.0
    for rule in rules:
        for row in rule.known_rows:
            weekly = (row.columns >= first) & (row.columns < end)
            if weekly.any() and (row.columns < columns.private_from).all():
                right = row.right - float(row.coefficients @ stays[row.columns])
                slack = TOLERANCE * max(1.0, abs(row.right))
                places, numbers = row.columns[weekly] - first, row.coefficients[weekly]
                if row.sense != ">=":
                    yield places, numbers, right + slack
                if row.sense != "<=":
                    yield places, -numbers, slack - right


def beside_rows(problem: Problem, rules: Sequence[Rule]) -> list[Rule]:
    """Of some rules, those that look at weeks and are no rows of weeks alone."""
    columns, dated = problem.columns, problem.tariff.factor is not None
    return [
        rule for rule in rules
        if any((row.columns >= columns.private_from).any()
               and (dated or ((row.columns >= columns.vehicles) & (row.columns < columns.package(0))).any())
               for row in rule.known_rows)
    ]  # fmt: skip
