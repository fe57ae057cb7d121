"""What is to be decided: vehicles with their prices, an objective, rules and floors, and the rows in one system.

A plan may be insertions only: then rules are rows over insertions and over what is bought at all, which follows from
them, and local search can try thousands of plans (models.problem.insertion_rows). With weeks, packages or discounts a
plan holds further choices (models.purchase.columns), and plans are searched by the programme itself
(models.search.allocate). A problem is plain where the programme needs no column but insertions, either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, freeze, frozen_floats
from models.errors import InvalidInput
from models.problem.goals import EffectiveFloor, Floor
from models.problem.insertion_rows import InsertionRows, insertion_rows
from models.problem.objectives import Objective
from models.problem.package_weeks import dearest_weeks_first
from models.purchase.columns import SMALLEST, WHOLE, Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import ReachModel
from models.rules.budget import Budget
from models.rules.outcome import Outcome
from models.rules.row import Private, Row
from models.rules.rule import Rule


@dataclass(frozen=True, eq=False)
class Problem:
    """A campaign as the models see it.

    model: the calibrated population. tariff: what a plan costs, and how plans lie in a vector. buyable:
    (n_vehicles,) most insertions that can be had at all (0 = not on offer). rules, floors: what every plan must
    satisfy. whole: insertions are whole numbers. effective: floors on n+ reach, which no linear programme can
    state: its rows are necessary, not enough, and plans are checked exactly.
    """

    model: ReachModel
    tariff: Tariff
    buyable: FloatArray
    objective: Objective
    rules: tuple[Rule, ...]
    floors: tuple[Floor, ...] = ()
    whole: bool = True
    effective: tuple[EffectiveFloor, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.model.audiences.vehicles)
        freeze(self, buyable=frozen_floats("buyable", self.buyable, (n,)))
        sold = (self.cost > 0) | self.tariff.in_packages.any(axis=0)
        wrong = (self.cost < 0) | ((self.buyable > 0) & ~sold)
        if wrong.any():
            first = self.model.audiences.vehicles[int(np.argmax(wrong))]
            raise InvalidInput(f'the cost of "{first}" is not above 0.', (first,))

    @property
    def cost(self) -> FloatArray:
        """(n_vehicles,) money of one insertion; 0 where it is not quoted."""
        return self.tariff.cost

    @property
    def columns(self) -> Columns:
        return self.tariff.columns

    @property
    def n_vehicles(self) -> int:
        return len(self.cost)

    @cached_property
    def system(self) -> "LinearSystem":
        """The rules' rows, single-column rows turned into bounds."""
        return linear_system(self)

    @property
    def insertions_only(self) -> bool:
        """Whether a plan is insertions, and all that rules look at follows from them."""
        return self.system.insertion_rows is not None

    @property
    def plain(self) -> bool:
        """Whether every row is over insertions alone: nothing counts what is bought at all, either."""
        return self.system.plain

    @cached_property
    def counted(self) -> IntArray:
        """(n,) vehicles of which something counts whether any is bought at all, b_j."""
        return np.flatnonzero(self.system.used[self.columns.plan_size : self.columns.private_from])

    @property
    def goals(self) -> tuple[Floor | EffectiveFloor, ...]:
        """Floors on reach, caps on frequency and floors on n+ reach."""
        return (*self.floors, *self.effective)

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """All that a plan must satisfy."""
        return (*self.rules, *self.goals)

    @cached_property
    def budgets(self) -> tuple[Budget, ...]:
        """The rules that limit what a plan costs."""
        return tuple(rule for rule in self.rules if isinstance(rule, Budget))

    def outcome(self, plan: FloatArray) -> Outcome:
        """A plan (plan_size,) as every rule looks at it."""
        return Outcome(plan, self.model)

    def value(self, plan: FloatArray) -> float:
        """The exact worth of a plan (plan_size,)."""
        insertions = self.columns.insertions(plan)
        if self.objective.effective is not None:
            return self.objective.effective.people_reached(self.model, insertions)
        reach = (
            self.model.reach_shares(insertions)
            if self.objective.counts_reach
            else np.zeros(len(self.model.population))
        )
        worth = self.objective.value(reach, insertions)
        return worth - self.tariff.total(plan) if self.objective.saves_money else worth

    def broken(self, plan: FloatArray) -> tuple[str, ...]:
        """Ids of the rules and floors that a plan breaks, "" where its parts do not agree: checked by their own
        arithmetic, independently of any solver."""
        outcome = self.outcome(plan)
        found = [rule.id for rule in self.all_rules if not rule.holds(outcome)]
        return (*found, *(() if self.consistent(plan) else ("",)))

    def consistent(self, plan: FloatArray) -> bool:
        """Whether nothing is negative, bought beyond what is on offer, or a part where wholes are asked for, and
        weeks add up to insertions."""
        columns, insertions = self.columns, self.columns.insertions(plan)
        if (plan < 0).any() or (insertions > self.buyable + 1e-9).any():
            return False
        if self.whole and (plan != np.rint(plan)).any():
            return False
        if not columns.weeks:
            return True
        return bool(np.abs(columns.weekly(plan).sum(axis=1) - insertions).max(initial=0.0) <= 1e-7)


@dataclass(frozen=True, eq=False)
class LinearSystem:
    """lower <= columns <= upper (n_columns,), and rows with the id of the rule behind each ("" = what holds
    columns together). whole: (n_columns,) which are whole numbers.

    insertion_rows: the same for plans of insertions only, None where plans hold further choices. plain: whether there
    are no columns but insertions. used: (n_columns,) which the programme needs.
    """

    lower: FloatArray
    upper: FloatArray
    whole: BoolArray
    rows: tuple[Row, ...]
    rule_ids: tuple[str, ...]
    used: BoolArray
    plain: bool
    insertion_rows: InsertionRows | None

    @cached_property
    def scale(self) -> FloatArray:
        """(n_rows,) each row's largest coefficient, by which it is divided before a solver sees it."""
        return np.array([row.scale for row in self.rows])

    @property
    def bounds_cross(self) -> bool:
        """Whether a column's least is more than its most: then there is no plan."""
        return bool((self.lower > self.upper + 1e-9).any())

    @cached_property
    def means_bought(self) -> tuple[tuple[int, int], ...]:
        """Places of rows that only say what b_j means where a plan is insertions, and of which vehicle: x_j at most, or
        at least, so many b_j."""
        own = self.insertion_rows
        if own is None or self.plain:
            return ()
        known, n = set(own.places.tolist()), len(own.lower)
        others = ((place, row) for place, row in enumerate(self.rows) if place not in known)
        pairs = ((place, row.columns.tolist()) for place, row in others)
        return tuple((place, pair[0]) for place, pair in pairs if len(pair) == 2 and pair[1] == pair[0] + n)

    def feasible(self, insertions: FloatArray) -> bool:
        """Whether a plan of insertions only keeps bounds and rows."""
        assert self.insertion_rows is not None
        return self.insertion_rows.feasible(insertions)


def linear_system(problem: Problem) -> LinearSystem:
    """Gather the rules' rows; bounds tightened by what one row alone allows (a dear vehicle cannot be bought
    more often than the whole budget pays for)."""
    stated = [(row, rule.id) for rule in problem.rules for row in rule.known_rows]
    private = list(chain.from_iterable(rule.private() for rule in problem.rules))
    rows, (lower, upper, whole) = _within_bounds(problem, stated, private)
    n = problem.n_vehicles
    ordered = dearest_weeks_first(problem.tariff, problem.rules, upper)
    used = _used(problem, [*(row for row, _ in stated), *ordered], private)
    rows += [(row, "") for row in (*_links(problem, used, upper), *ordered)]
    plain, own = _of_insertions(problem, [row for row, _ in rows], used, private, (lower, upper))
    size = n if plain else len(lower)
    stated_rows, whose = tuple(row for row, _ in rows), tuple(rule_id for _, rule_id in rows)
    return LinearSystem(lower[:size], upper[:size], whole[:size], stated_rows, whose, used[:size], plain, own)


def _of_insertions(
    problem: Problem,
    rows: list[Row],
    used: BoolArray,
    private: list[Private],
    bounds: tuple[FloatArray, FloatArray],
) -> tuple[bool, InsertionRows | None]:
    """Whether there are no columns but insertions, and rows for plans of insertions only: as LinearSystem says."""
    n = problem.n_vehicles
    if problem.columns.plan_size != n:
        return False, None
    plain = not used[n:].any() and not any(row.sense == "=" for row in rows)
    return plain, insertion_rows(n, rows, private, bounds) if plain or problem.whole else None


def _within_bounds(
    problem: Problem, stated: Sequence[tuple[Row, str]], private: list[Private]
) -> tuple[list[tuple[Row, str]], tuple[FloatArray, FloatArray, BoolArray]]:
    """The rows that are more than a bound, and the columns' lower and upper bounds, and which are whole numbers."""
    lower, upper, whole = _bounds(problem, private)
    rows = []
    for row, rule_id in stated:
        if len(row.columns) == 1 and row.coefficients[0] > 0:
            _tighten(row, lower, upper)
        else:
            rows.append((row, rule_id))
    n = problem.n_vehicles
    for budget in problem.budgets:
        affordable = budget.affordable() * (1 + 1e-12)
        upper[:n] = np.where(problem.cost > 0, np.minimum(upper[:n], affordable), upper[:n])
    for row, _ in rows:
        if row.sense == "<=" and (row.coefficients >= 0).all():
            counted = row.coefficients > 0
            most = max(row.right, 0.0) / row.coefficients[counted] * (1 + 1e-12)
            np.minimum.at(upper, row.columns[counted], most)
    if problem.columns.weeks:
        _within_weeks(problem, upper)
    lower[whole], upper[whole] = np.ceil(lower[whole] - 1e-9) + 0.0, np.floor(upper[whole] + 1e-9)
    return [(_in_reach(row, upper), rule_id) for row, rule_id in rows], (lower, upper, whole)


def _bounds(problem: Problem, private: list[Private]) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Bounds of every column before any row, and which are whole."""
    columns, n = problem.columns, problem.n_vehicles
    size = max([problem.tariff.width, *(column.column + 1 for column in private)])
    lower, upper, whole = np.zeros(size), np.ones(size), np.ones(size, dtype=bool)
    upper[:n], whole[:n] = problem.buyable, problem.whole
    weeks = slice(n, n * (1 + columns.weeks))
    upper[weeks], whole[weeks] = np.repeat(problem.buyable, columns.weeks), problem.whole
    for column in private:
        lower[column.column], upper[column.column] = column.low, column.high
        whole[column.column] = column.whole
    return lower, upper, whole


def _used(problem: Problem, rows: list[Row], private: list[Private]) -> BoolArray:
    """Which columns the programme needs."""
    columns, n = problem.columns, problem.n_vehicles
    size = max([problem.tariff.width, *(column.column + 1 for column in private)])
    used = np.zeros(size, dtype=bool)
    used[: n * (1 + columns.weeks)] = True
    for row in rows:
        used[row.columns] = True
    for column in private:
        used[column.column] = True
    if problem.objective.saves_money:
        used[problem.tariff.money(np.ones(n))[0]] = True
    return used


def _links(problem: Problem, used: BoolArray, upper: FloatArray) -> list[Row]:
    """Rows that hold columns together: weeks add up, and b_j says whether x_j is above 0."""
    columns, rows = problem.columns, []
    least = 1.0 if problem.whole else SMALLEST
    for j in range(problem.n_vehicles):
        if columns.weeks:
            rows.append(_added_up(columns, j))
        if used[columns.bought(j)]:
            rows += _meaning(j, columns.bought(j), max(float(upper[j]), 0.0), least)
    return rows


@lru_cache(maxsize=10_000)
def _added_up(columns: Columns, j: int) -> Row:
    """Weeks add up to x_j. The same row in one problem after another."""
    weeks = columns.week(j, 0) + np.arange(columns.weeks)
    return Row(np.append(j, weeks), np.append(-1.0, np.ones(len(weeks))), "=", 0.0)


@lru_cache(maxsize=10_000)
def _meaning(j: int, bought: int, most: float, least: float) -> tuple[Row, Row]:
    """What b_j means: x_j is at most, and at least, so many b_j. The same rows in one problem after another."""
    both = np.array([j, bought])
    return Row(both, np.array([1.0, -most]), "<=", 0.0), Row(both, np.array([1.0, -least]), ">=", 0.0)


def _tighten(row: Row, lower: FloatArray, upper: FloatArray) -> None:
    j, limit = int(row.columns[0]), row.right / float(row.coefficients[0])
    if row.sense in (">=", "="):
        lower[j] = max(lower[j], limit)
    if row.sense in ("<=", "="):
        upper[j] = min(upper[j], limit)


def _in_reach(row: Row, upper: FloatArray) -> Row:
    """The row without columns that are 0 in any case, where its size would be theirs: beside a price that no budget
    pays, a solver's tolerance would be more than the whole budget."""
    there = upper[row.columns] > 0
    if there.all():
        return row
    own = Row(row.columns[there], row.coefficients[there], row.sense, row.right)
    return own if own.scale != row.scale else row


def _within_weeks(problem: Problem, upper: FloatArray) -> None:
    """No week holds more than the flight, nor the flight more than its weeks; where insertions are whole, a dear one
    may not fit into a week's money at all."""
    columns, n = problem.columns, problem.n_vehicles
    weeks = slice(n, n * (1 + columns.weeks))
    by_week = np.minimum(upper[weeks].reshape(n, columns.weeks), upper[:n, None])
    if problem.whole:
        by_week = np.floor(by_week + 1e-9)
    upper[weeks] = by_week.ravel()
    upper[:n] = np.minimum(upper[:n], by_week.sum(axis=1))


def rounded(problem: Problem, point: FloatArray) -> FloatArray:
    """A solver's point (n_columns,) as a plan (plan_size,): whole numbers made whole, nothing negative, weeks
    adding up to insertions."""
    columns = problem.columns
    plan = np.maximum(point[: columns.plan_size], 0.0)
    whole = problem.system.whole[: columns.plan_size]
    plan[whole] = np.rint(plan[whole])
    plan[plan < WHOLE * 1e-3] = 0.0
    if columns.weeks:
        plan[: columns.vehicles] = columns.weekly(plan).sum(axis=1)
    return plan
