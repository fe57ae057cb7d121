"""The nearest plan that is good enough: fewest insertions changed from the one in hand.

    min sum_j |x_j - before_j|   among plans that keep everything and are worth at least `least`

"Is there a plan with at most D changes that is worth so much?" is one question to the programme, with D as a row
(models.after.questions); halving finds the smallest D with a yes. A yes is checked exactly; a no is a proof; where a
question stays open the nearest plan found is not certified, and what was proven bounds how near another could be.

    sum_j |x_j - before_j| <= D,   |x - before| = (x - before) + 2 max(before - x, 0)

Vehicles of the plan in hand have a column of their own, gone_j >= before_j - x_j; of all others every insertion counts.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.after.questions import Questions
from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation, keeps_everything
from models.rules.outcome import Outcome
from models.rules.row import Private, Row, Side, insertions_text
from models.rules.rule import Measured

CHANGES = "changes"  # the id of its rule
_MARGIN = 1e-7  # of what a plan must be worth: to which a question is settled
_SHARE = 0.25  # of the time left that one question may take


@dataclass(frozen=True, eq=False)
class Nearest:
    """plan: (plan_size,) worth enough, `changes` insertions from the one in hand. fewest: no plan that is worth enough
    changes fewer."""

    plan: FloatArray
    changes: float
    fewest: float

    @property
    def certified(self) -> bool:
        """Whether none is nearer."""
        return self.changes <= self.fewest


def nearest_plan(
    problem: Problem, before: FloatArray, least: float, known: Sequence[FloatArray], seconds: float
) -> Nearest:
    """The plan nearest to `before` (n_vehicles,) among those worth at least `least`. known: plans (plan_size,), one of
    which keeps everything and is worth so much."""
    return _Search(problem, before, least, known, seconds).nearest()


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


class _Search:
    """Halving, from known plans above and the relaxation's proofs below."""

    def __init__(
        self, problem: Problem, before: FloatArray, least: float, known: Sequence[FloatArray], seconds: float
    ) -> None:
        self.problem, self.before, self.least = problem, before, least
        self.deadline = time.monotonic() + seconds
        good = [plan for plan in known if self.good(plan)]
        self.plan = self._returned(min(good, key=self.changes))
        most = with_few_changes(problem, before, self.changes(self.plan))
        self.questions = Questions(most, [self.plan], Relaxation(most, [problem]))

    def changes(self, plan: FloatArray) -> float:
        """Insertions that a plan (plan_size,) changes."""
        return float(np.abs(self.problem.columns.insertions(plan) - self.before).sum())

    def good(self, plan: FloatArray) -> bool:
        """Whether a plan keeps everything and is worth enough."""
        return keeps_everything(self.problem, plan) and self.problem.value(plan) >= self.least

    def nearest(self) -> Nearest:
        fewest = low = self._by_relaxation()
        while low < self.changes(self.plan) and time.monotonic() < self.deadline:
            middle = np.floor((low + self.changes(self.plan)) / 2)
            found, settled = self._ask(middle)
            if found is not None:
                self.plan = self._returned(found)
                continue
            if settled and fewest == low:
                fewest = middle + 1
            low = middle + 1
        return Nearest(self.plan, self.changes(self.plan), min(fewest, self.changes(self.plan)))

    def _by_relaxation(self) -> float:
        """Changes that even plans of fractions need, rounded up."""
        low, high = 0.0, self.changes(self.plan)
        while low < high:
            middle = np.floor((low + high) / 2)
            enough = self.least - _MARGIN * abs(self.least)
            found = self.questions.bound(self._within(middle), self._seconds(), above=enough)
            if found.bound < enough:
                low = middle + 1
            else:
                high = middle
        return low

    def _ask(self, most: float) -> tuple[FloatArray | None, bool]:
        """A plan of at most so many changes that is worth enough, and whether the answer is settled."""
        target = self.least - _MARGIN * abs(self.least)
        found = self.questions.plan_worth_more(
            self._within(most), target, self._seconds(), margin=_MARGIN / 2
        )
        if found.plan is not None and self.good(found.plan):
            return found.plan, True
        return None, found.plan is None and found.settled

    def _within(self, most: float) -> Problem:
        return with_few_changes(self.problem, self.before, most)

    def _seconds(self) -> float:
        return max(_SHARE * (self.deadline - time.monotonic()), 0.1)

    def _returned(self, plan: FloatArray) -> FloatArray:
        """The plan with changes taken back, the one that loses least first, while it stays good."""
        if not self.problem.insertions_only:
            return plan
        while True:
            steps = np.sign(self.before - plan)
            tried = [plan + np.where(np.arange(len(plan)) == j, steps, 0) for j in np.flatnonzero(steps)]
            good = [candidate for candidate in tried if self.good(candidate)]
            if not good:
                return plan
            plan = max(good, key=self.problem.value)
