"""A campaign's rules with a slack in every limit, stated as columns and rows.

    at most:   row - e <= limit          at least:   row + e >= limit          e >= 0: by how much it is stretched

A smallest buy is stretched only where its vehicle is bought (row x_j + e >= n b_j); a fixed cost f_j b_j by a relief
s_j, f_j (b_j - s_j) with b_j - h_j <= s_j <= b_j (h_j = 0: it is gone wholly, not partly). What can be had in each
week has a slack a week. Floors on reach have their slacks here and their rows in models.conflict.elastic.

Where floors are asked for, a vehicle is thought to be bought at most twice as often as any limit of its own says,
or five times more: reach of thousands of insertions in one vehicle is of no use to anybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.conflict.limits import Demand, budget_of, size
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.rules.fixed_cost import FixedCost
from models.rules.row import Private, Row
from models.rules.rule import Limit, Rule
from models.rules.volume_discount import VolumeDiscount

_TEN_TIMES = 10.0  # a discount's price list is thought to go so far beyond the most that may be bought


@dataclass(frozen=True)
class Slack:
    """A column that stretches a limit. size: how much of the limit's own unit one of the column is. cost: what
    share of the limit that is."""

    column: int
    size: float
    cost: float


@dataclass(frozen=True, eq=False)
class _Stated(Rule):
    """Rows and columns as a rule hands them to a programme."""

    stated: tuple[Row, ...]
    columns: tuple[Private, ...]
    id: str = ""

    def rows(self) -> tuple[Row, ...]:
        return self.stated

    def private(self) -> tuple[Private, ...]:
        return self.columns


class Stretched:
    """problem: the campaign's, its limits with slacks and its floors gone. floors, effective, owed: goals on reach, on
    n+ reach, and fixed costs, by the places of their demands. slacks: of each demand. relief, partly: by vehicle the
    columns s_j and h_j. met: by place the column of people reached that a cap on frequency counts. cheapest: money of
    the cheapest insertion."""

    def __init__(self, problem: Problem, demands: Sequence[Demand]) -> None:
        self.original, self.demands = problem, demands
        self.slacks: list[list[Slack]] = [[] for _ in demands]
        places = {part_id: i for i, demand in enumerate(demands) for part_id in demand.ids}
        self.floors = {places[floor.id]: floor for floor in problem.floors}
        self.effective = {places[goal.id]: goal for goal in problem.effective}
        self.owed = {places[r.id]: r for r in problem.rules if isinstance(r, FixedCost)}
        self.met: dict[int, int] = {}
        self._money = budget_of(problem)
        self.cheapest = float(min(problem.cost[problem.cost > 0], default=1.0))
        self.problem = self._stretched()

    def _stretched(self) -> Problem:
        """The problem with a slack in every limit."""
        problem, offered = self.original, self._offered()
        self._next = max(
            [problem.tariff.width, *(c.column + 1 for rule in problem.rules for c in rule.private())]
        )
        self.relief = {part.vehicle: self._column() for part in self.owed.values()}
        self.partly = {part.vehicle: self._column() for part in self.owed.values()}
        parts = [(i, part) for i, demand in enumerate(self.demands) for part in demand.parts]
        rules = [*self._held(offered), *(self._stretch(i, part) for i, part in parts)]
        nothing = Objective(
            "explanation", "", np.zeros(len(problem.model.population)), np.zeros(problem.n_vehicles)
        )
        return Problem(problem.model, problem.tariff, offered, nothing, tuple(rules), whole=problem.whole)

    def _held(self, offered: FloatArray) -> Iterator[Rule]:
        """The rules that are no demands; price lists of discounts go far beyond what may be bought."""
        asked = {part_id for demand in self.demands for part_id in demand.ids}
        for rule in self.original.rules:
            if isinstance(rule, VolumeDiscount):
                yield replace(rule, most=np.minimum(offered, _TEN_TIMES * np.maximum(rule.most, 1.0)))
            elif rule.id not in asked:
                yield rule

    def _offered(self) -> FloatArray:
        """(n_vehicles,) insertions that are thought of at most."""
        problem = self.original
        if not problem.goals:
            return problem.buyable
        stated = np.zeros(problem.n_vehicles)
        for rule in problem.rules:
            if rule.of_vehicle is not None and isinstance(rule, Limit) and rule.unit == "insertions":
                stated[rule.of_vehicle] = max(stated[rule.of_vehicle], np.ceil(rule.limit))
        stated = np.where(stated > 0, stated, np.minimum(problem.buyable, 10.0))
        return np.minimum(problem.buyable, np.maximum(2 * stated, stated + 5))

    def _column(self) -> int:
        self._next += 1
        return self._next - 1

    def _slack(self, demand: int, part: Limit, scale: float, unit_size: float = 1.0) -> int:
        """A new column for a limit. scale: of the row, so that the column counts in the row's own size; unit_size:
        the row's unit in units of the limit (a share's row is money)."""
        column = self._column()
        relative = scale * unit_size / size(part, self.cheapest)
        self.slacks[demand].append(Slack(column, scale, relative))
        return column

    def _stretch(self, demand: int, part: Limit) -> _Stated:
        if demand in self.owed:
            return self._stretch_fixed_cost(demand, self.owed[demand])
        if demand in self.floors or demand in self.effective:
            return self._stretch_goal(demand, part)
        rows = [self._relieved(row, plain) for row, plain in self._with_plain(part)]
        columns = []
        for places in part.loosened:
            scale = rows[places[-1]].scale
            column = self._slack(demand, part, scale, self._unit_size(part))
            columns.append(column)
            for place in places:
                row = rows[place]
                rows[place] = _with_terms(row, [column], -scale if row.sense == "<=" else scale)
        return _Stated(tuple(rows), (*part.private(), *map(_free, columns)))

    def _stretch_fixed_cost(self, demand: int, part: FixedCost) -> _Stated:
        """s_j and h_j."""
        column, bought = self.relief[part.vehicle], part.columns.bought(part.vehicle)
        self.slacks[demand].append(Slack(column, part.amount, 1.0))
        partly = self.partly[part.vehicle]
        within = Row(np.array([column, bought]), np.array([1.0, -1.0]), "<=", 0.0)
        all_of_it = Row(np.array([column, partly, bought]), np.array([1.0, 1.0, -1.0]), ">=", 0.0)
        columns = (Private(column, 0.0, 1.0, False), Private(partly, 0.0, 1.0, False))
        return _Stated((*part.rows(), within, all_of_it), columns)

    def _stretch_goal(self, demand: int, part: Limit) -> _Stated:
        """The slack of a goal; its row is stated with reach."""
        floor = self.floors.get(demand)
        scale = (floor or self.effective[demand]).everyone
        column = self._slack(demand, part, scale, 1 / scale)
        if floor is None or floor.contacts is None:
            return _Stated((), (_free(column),))
        # Of a cap the row is in contacts: half the audience reached is as good a guess as any.
        self.slacks[demand].append(replace(self.slacks[demand].pop(), cost=2.0))
        self.met[demand] = self._column()
        return _Stated((), (_free(column), Private(self.met[demand], 0.0, 1.0, False)))

    def _unit_size(self, part: Limit) -> float:
        """Of a share or a ratio: about how much of it one unit of its row is."""
        if part.limit_unit in ("share of spend", "share of budget") or (
            part.multiplies and part.unit == "money"
        ):
            return 1 / self._money
        return 0.1 if part.multiplies else 1.0

    def _with_plain(self, rule: Rule) -> Iterator[tuple[Row, Row]]:
        """A rule's rows, each beside what it would be without fixed costs."""
        rows = rule.rows()
        if not self.relief:
            return zip(rows, rows, strict=True)
        plain = replace(self.original.tariff, fixed=np.zeros(self.original.n_vehicles))
        return zip(rows, rule.with_money(plain).rows(), strict=True)

    def _relieved(self, row: Row, plain: Row) -> Row:
        """A row with the relief of the fixed costs in it."""
        if row is plain:
            return row
        stated = dict(zip(row.columns.tolist(), row.coefficients.tolist(), strict=True))
        without = dict(zip(plain.columns.tolist(), plain.coefficients.tolist(), strict=True))
        for vehicle, relief in self.relief.items():
            bought = self.original.columns.bought(vehicle)
            fixed = stated.get(bought, 0.0) - without.get(bought, 0.0)
            if fixed:
                row = _with_terms(row, [relief], -fixed)
        return row


def _free(column: int) -> Private:
    return Private(column, 0.0, np.inf, False)


def _with_terms(row: Row, columns: Sequence[int], coefficient: float) -> Row:
    """A row with further columns, each with this coefficient."""
    return Row(
        np.append(row.columns, np.array(columns, dtype=np.int64)),
        np.append(row.coefficients, np.full(len(columns), coefficient)),
        row.sense,
        row.right,
    )
