"""What is to be decided: vehicles with their limits, an objective, rules and floors, and the rows in one matrix."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.arrays import FloatArray, freeze, frozen_floats
from models.errors import InvalidInput
from models.objectives import Objective
from models.reach import ReachModel
from models.rules.row import TOLERANCE, Row, Rule


@dataclass(frozen=True, eq=False)
class Floor:
    """An audience's reach may not fall below a number of people: people . R >= least.

    people: (n_segments,) people (000) of the audience in each segment. least: people (000).
    """

    name: str
    people: FloatArray
    least: float

    def slack(self, reach: FloatArray) -> float:
        """People (000) above the floor, from reach shares (n_segments,)."""
        return float(self.people @ reach) - self.least


@dataclass(frozen=True, eq=False)
class Problem:
    """A campaign as the models see it.

    model: the calibrated population. cost: (n_vehicles,) money the budget pays per insertion, > 0.
    buyable: (n_vehicles,) most insertions that can be had at all (0 = not on offer).
    rules, floors: what every plan must satisfy. whole: insertions are whole numbers.
    """

    model: ReachModel
    cost: FloatArray
    buyable: FloatArray
    objective: Objective
    rules: tuple[Rule, ...]
    floors: tuple[Floor, ...] = ()
    whole: bool = True

    def __post_init__(self) -> None:
        n = len(self.model.audiences.vehicles)
        freeze(
            self,
            cost=frozen_floats("cost", self.cost, (n,)),
            buyable=frozen_floats("buyable", self.buyable, (n,)),
        )
        if (self.cost <= 0).any():
            first = self.model.audiences.vehicles[int(np.argmax(self.cost <= 0))]
            raise InvalidInput(f'the cost of "{first}" is not above 0.', (first,))

    @property
    def n_vehicles(self) -> int:
        return len(self.cost)

    @cached_property
    def system(self) -> "LinearSystem":
        """The rules' rows, single-vehicle rows turned into bounds."""
        return linear_system(self)

    def value(self, insertions: FloatArray) -> float:
        """The exact worth of a plan."""
        reach = (
            self.model.reach_shares(insertions)
            if self.objective.counts_reach
            else np.zeros(len(self.model.population))
        )
        return self.objective.value(reach, insertions)

    def broken(self, insertions: FloatArray) -> tuple[str, ...]:
        """Ids of the rules, and names of the floors, that a plan breaks: checked by the rules' own
        arithmetic, independently of any solver."""
        rules = tuple(rule.id for rule in self.rules if not rule.holds(insertions))
        reach = self.model.reach_shares(insertions) if self.floors else np.empty(0)
        floors = tuple(
            floor.name for floor in self.floors if floor.slack(reach) < -FLOOR_TOLERANCE * floor.least
        )
        return rules + floors


FLOOR_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class LinearSystem:
    """lower <= x <= upper (n_vehicles,); least <= matrix x <= most (n_rows,), with a tolerance per row.

    rule_ids: (n_rows,) the rule behind each row. Rows are divided by their largest coefficient, `scale` (n_rows,).
    """

    lower: FloatArray
    upper: FloatArray
    matrix: FloatArray
    least: FloatArray
    most: FloatArray
    tolerance: FloatArray
    rule_ids: tuple[str, ...]
    scale: FloatArray

    def allows(self, activity: FloatArray) -> "np.typing.NDArray[np.bool_]":
        """Whether row activities (n_rows, ...) keep all limits."""
        shape = (-1,) + (1,) * (activity.ndim - 1)
        within = (activity <= (self.most + self.tolerance).reshape(shape)) & (
            activity >= (self.least - self.tolerance).reshape(shape)
        )
        return np.asarray(within.all(axis=0))

    def feasible(self, insertions: FloatArray) -> bool:
        """Whether a plan keeps bounds and rows."""
        inside = (insertions >= self.lower - 1e-9).all() and (insertions <= self.upper + 1e-9).all()
        return bool(inside and self.allows(self.matrix @ insertions))


def linear_system(problem: Problem) -> LinearSystem:
    """Gather the rules' rows; bounds tightened by what one row alone allows (a dear vehicle cannot be bought
    more often than the whole budget pays for)."""
    lower, upper = np.zeros(problem.n_vehicles), problem.buyable.copy()
    rows: list[tuple[Row, str]] = []
    for rule in problem.rules:
        for row in rule.rows():
            if len(row.vehicles) == 1:
                _tighten(row, lower, upper)
            else:
                rows.append((row, rule.id))
    for row, _ in rows:
        if row.sense == "<=" and (row.coefficients >= 0).all():
            _affordable(row, upper)
    if problem.whole:
        lower, upper = np.ceil(lower - 1e-9) + 0.0, np.floor(upper + 1e-9)
    return _as_matrix(problem.n_vehicles, rows, lower, upper)


def _tighten(row: Row, lower: FloatArray, upper: FloatArray) -> None:
    j, limit = int(row.vehicles[0]), row.right / float(row.coefficients[0])
    if row.sense == ">=":
        lower[j] = max(lower[j], limit)
    else:
        upper[j] = min(upper[j], limit)


def _affordable(row: Row, upper: FloatArray) -> None:
    for j, coefficient in zip(row.vehicles, row.coefficients, strict=True):
        if coefficient > 0:
            upper[j] = min(upper[j], max(row.right, 0.0) / coefficient * (1 + 1e-12))


def _as_matrix(n: int, rows: list[tuple[Row, str]], lower: FloatArray, upper: FloatArray) -> LinearSystem:
    matrix = np.zeros((len(rows), n))
    least, most = np.full(len(rows), -np.inf), np.full(len(rows), np.inf)
    tolerance, scales = np.zeros(len(rows)), np.ones(len(rows))
    for i, (row, _) in enumerate(rows):
        scale = float(np.abs(row.coefficients).max(initial=0.0)) or 1.0
        matrix[i, row.vehicles] = row.coefficients / scale
        (most if row.sense == "<=" else least)[i] = row.right / scale
        tolerance[i] = TOLERANCE * max(1.0, abs(row.right / scale))
        scales[i] = scale
    ids = tuple(rule_id for _, rule_id in rows)
    return LinearSystem(lower, upper, matrix, least, most, tolerance, ids, scales)
