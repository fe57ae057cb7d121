"""Rows of a relaxation that hold those met n times or more below planes (models.programme.often_planes).

    x_j >= sum over levels l of first_jl z_jl,   sum of z_jl <= 1     what is bought of each vehicle, one level of many
    sum of people_c F_c <= a + sum of worth_jl z_jl                   for planes that are low at some plan

A whole plan is one level of each vehicle that it buys: the one that its insertions are of, which counts the rates of
the level's most. So every whole plan keeps the rows, and between whole plans only what is bought of a
vehicle is mixed. The planes lie above where plans can be: no plan costs more at `cost` than `money`, which a
relaxation of the rules says (of a plan for least money: one that is cheaper than the best known).
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.clock import UNTIMED, Clock
from models.programme.keyed_rows import Keyed
from models.programme.live import open_live
from models.programme.often_nodes import SPARE, OftenNodes, possible
from models.programme.often_planes import Domain, planes
from models.programme.session import Limits
from models.programme.stated import StatedProgramme
from models.programme.statement import Statement, rows_of
from models.programme.sums import add_rules

Counted = tuple[FloatArray, int]  # people (n_segments,), counted where met so many times or more


class Often:
    """Of a stated problem. counted: the people of its objective and goals; value: the best plan's worth; columns:
    (n_levels,) of levels, vehicle by vehicle. Late is raised where the clock ends it."""

    def __init__(
        self,
        stated: StatedProgramme,
        counted: Sequence[Counted],
        value: float,
        solver: str,
        clock: Clock = UNTIMED,
    ) -> None:
        self._stated, self._solver, self._clock = stated, solver, clock
        self._counted = [(OftenNodes(stated.problem, *each, clock), each) for each in counted]
        cost = np.where(stated.problem.cost > 0, stated.problem.cost, 1.0)
        money = most_money(stated.problem, cost, value, solver)
        self._domains = [_domain(nodes, cost, money) for nodes, _ in self._counted]
        self._levels, self._first = self._counted[0][0].levels, self._counted[0][0].first
        self.columns = self._state_levels()
        self._cuts = 0

    def _state_levels(self) -> IntArray:
        names = [f"level_{j}_{first}" for j, own in enumerate(self._first) for first in own.tolist()]
        columns = self._stated.add_columns(names)
        rows = []
        for j, first in enumerate(self._first):
            own = columns[self._levels[j] : self._levels[j + 1]]
            if len(own):
                values = np.append(first.astype(float), -1.0)
                bought = np.append(own, j)
                rows.append(Keyed(("levels", j), bought, values, -np.inf, 0.0, float(first[-1])))
                rows.append(Keyed(("level", j), own, np.ones(len(own)), -np.inf, 1.0, 1.0))
        self._stated.also(rows)
        return columns

    def of(self, insertions: FloatArray) -> FloatArray:
        """(n_levels,) of a whole plan."""
        bought = np.zeros(int(self._levels[-1]))
        for j in np.flatnonzero(insertions):
            bought[self._levels[j] + np.searchsorted(self._first[j], insertions[j], side="right") - 1] = 1.0
        return bought

    def bought(self, values: FloatArray) -> FloatArray:
        """(n_levels,) of a relaxation's columns."""
        found = values[self.columns]
        return np.where(found > 1e-9, found, 0.0)

    def cut(self, bought: FloatArray) -> None:
        """State the planes that are low at a plan, (n_levels,)."""
        rows = []
        for (nodes, (_, times)), domain in zip(self._counted, self._domains, strict=True):
            if not len(nodes.weight):
                continue
            height, slopes = planes(nodes.rates(bought), domain, nodes.weight, self._solver, self._clock)
            most = float(nodes.weight @ height) + SPARE * float(nodes.people.sum())
            worth = nodes.worth(nodes.weight * slopes)
            f = self._stated.met(times)[np.searchsorted(self._stated.response.segments, nodes.segments)]
            columns, values = np.concatenate([f, self.columns]), np.concatenate([nodes.people, -worth])
            self._cuts += 1
            rows.append(
                Keyed(("often", self._cuts), columns, values, -np.inf, most, float(nodes.people.sum()))
            )
        self._stated.also(rows)


def counted_often(problem: Problem) -> list[Counted]:
    """Whom the objective and the goals count who are met several times, where nodes say how often."""
    objective = problem.objective.effective
    found = [] if objective is None else [(objective.people, objective.times)]
    found += [(goal.people, goal.times) for goal in problem.effective]
    return [each for each in found if possible(problem, *each)]


def _domain(nodes: OftenNodes, cost: FloatArray, money: float) -> Domain:
    n = nodes.sizes
    return Domain(
        nodes.most(np.ones(n), cost, money),
        nodes.most(np.eye(n)[-1], cost, money),
        nodes.most(np.arange(1.0, n + 1), cost, money),
    )


def most_money(problem: Problem, cost: FloatArray, value: float, solver: str) -> float:
    """No plan that keeps the rules and is worth more than `value`, where worth is money, has more cost . insertions."""
    system, n, statement = problem.system, problem.n_vehicles, Statement()
    size = len(system.lower)
    statement.add_columns([f"x_{i}" for i in range(size)], system.lower, system.upper)
    add_rules(statement, problem)
    if problem.objective.saves_money:
        columns, money = problem.tariff.money(np.ones(n))
        paid = np.zeros(size)
        np.add.at(paid, columns, money)
        scale = float(np.abs(paid).max(initial=0.0)) or 1.0
        row, most = np.zeros(size, dtype=np.int64), np.array([-value / scale])
        statement.add_rows(rows_of(row, np.arange(size), paid / scale, np.full(1, -np.inf), most))
    unit = float(cost.max(initial=0.0)) or 1.0
    statement.set_costs(np.arange(n), -cost / unit)
    solved = open_live(statement, solver).solve(False, Limits())
    dearest = float(cost @ system.upper[:n])
    if solved.status != "optimal":
        return dearest
    return min(dearest, -solved.lowest * unit * (1 + 1e-7))
