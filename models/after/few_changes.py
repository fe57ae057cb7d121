"""At most so many insertions changed from a plan in hand.

    sum_j |x_j - before_j| <= amount,   |x - before| = (x - before) + 2 max(before - x, 0)

Vehicles of the plan in hand have a column of their own, gone_j >= before_j - x_j; of all others every insertion counts.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.rules.outcome import Outcome
from models.rules.row import Private, Row, Side, insertions_text
from models.rules.rule import Measured

CHANGES = "changes"  # the id of its rule


@dataclass(frozen=True, eq=False)
class FewChanges(Measured):
    """before: (n_vehicles,) insertions in hand. amount: insertions added or dropped, at most. first: its first private
    column."""

    id: str
    before: FloatArray
    amount: float
    first: int
    unit: str = "insertions"
    sense: Side = "<="

    @property
    def _held(self) -> IntArray:
        return np.flatnonzero(self.before > 0)

    def private(self) -> tuple[Private, ...]:
        return tuple(
            Private(self.first + at, 0.0, float(self.before[j]), False) for at, j in enumerate(self._held)
        )

    def rows(self) -> tuple[Row, ...]:
        held, n = self._held, len(self.before)
        gone = self.first + np.arange(len(held))
        own = [
            Row(np.array([g, j]), np.ones(2), ">=", float(self.before[j]))
            for g, j in zip(gone.tolist(), held.tolist(), strict=True)
        ]
        columns = np.concatenate([np.arange(n), gone])
        coefficients = np.concatenate([np.ones(n), np.full(len(held), 2.0)])
        return (*own, Row(columns, coefficients, "<=", self.amount + float(self.before.sum())))

    def reached(self, outcome: Outcome) -> float:
        return float(np.abs(outcome.plan[: len(self.before)] - self.before).sum())

    def sentence(self) -> str:
        return f"at most {insertions_text(self.amount)} changed"


def with_few_changes(problem: Problem, before: FloatArray, amount: float) -> Problem:
    """The problem among plans that change at most so many insertions of a plan in hand (n_vehicles,)."""
    rules = tuple(rule for rule in problem.rules if rule.id != CHANGES)
    own = [column.column + 1 for rule in rules for column in rule.private()]
    rule = FewChanges(CHANGES, before, amount, max([problem.tariff.width, *own]))
    return replace(problem, rules=(*rules, rule))
