"""Volume discounts, all-units: from so many insertions (or so much money) on, everything costs less.

One step is reached (lambda_k, step 0 = none), and all money of the members stands in it:

    sum_k lambda_k = 1
    sum_k cost_j e_jk = g_j                             g_j: money for j singly, before the discount
    cost_j e_jk <= (most money for j in step k) * lambda_k
    sum_k from_k lambda_k <= Q <= sum_k to_k lambda_k   Q: insertions or money of all members
    sum_j cost_j e_jk between from_k lambda_k and to_k lambda_k, where money counts

spend_j contains -rate_k cost_j e_jk (models.purchase.tariff): e counts insertions, so that no row holds money beside
numbers, which in a weak currency a solver would not see. Cost falls at a step: ten at 10 % off cost as much as nine.
A step ends just below where the next begins, so that the programme cannot choose between two: whole insertions
one below, fractions and money a little (`_BELOW`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.purchase.tariff import Steps, Tariff, singly_terms
from models.rules.outcome import Outcome
from models.rules.row import Private, Row, insertions_text, money_text
from models.rules.rule import CHARGE, OfMoney

_BELOW = 1e-6  # insertions
_BELOW_SHARE = 1e-7  # of the money


@dataclass(frozen=True, eq=False)
class VolumeDiscount(OfMoney):
    """discount: its place in the tariff. most: (n_vehicles,) insertions of each vehicle at most. whole:
    insertions are whole. A price, so that a plan cannot break it."""

    id: str
    discount: int
    tariff: Tariff
    most: FloatArray
    whole: bool = True
    currency: str = ""
    unit: str = ""
    impressions: float = 0.0
    treatment = CHARGE

    @property
    def steps(self) -> Steps:
        return self.tariff.discounts[self.discount]

    def private(self) -> tuple[Private, ...]:
        steps, n = self.steps, len(self.steps.start) + 1
        reached = [Private(steps.reached(k), 0.0, 1.0, True) for k in range(n)]
        money = [
            Private(steps.money_in(member, k), 0.0, np.inf, False)
            for member in range(len(steps.members))
            for k in range(n)
        ]
        return (*reached, *money)

    def _ends(self) -> tuple[FloatArray, FloatArray]:
        """(n_steps + 1,) from and to of each step, in what counts."""
        steps = self.steps
        start = np.append(0.0, steps.start)
        if steps.by == "money":
            to = steps.start * (1 - _BELOW_SHARE)
            return start, np.append(to, float(self._most_money()[steps.members].sum()))
        to = steps.start - (1.0 if self.whole else _BELOW)
        return start, np.append(to, float(self.most[steps.members].sum()))

    def _most_money(self) -> FloatArray:
        factor = self.tariff.factor
        dearest = np.ones(len(self.most)) if factor is None else factor.max(axis=1)
        return np.asarray(self.tariff.cost * np.maximum(dearest, 1.0) * self.most)

    def rows(self) -> tuple[Row, ...]:
        steps, tariff = self.steps, self.tariff
        start, to = self._ends()
        reached = np.array([steps.reached(k) for k in range(len(start))])
        rows = [Row(reached, np.ones(len(start)), "=", 1.0)]
        counted: list[tuple[int, float]] = []
        most = self._most_money()
        for member, j in enumerate(steps.members):
            terms = singly_terms(tariff, int(j))
            own = [(column, -cost) for column, cost in self._money_in(member, range(len(start)))]
            rows.append(_row([*terms, *own], "=", 0.0))
            for k in range(len(start)):
                ceiling = min(float(most[j]), float(to[k])) if steps.by == "money" else float(most[j])
                if steps.by == "insertions" and self.tariff.factor is None:
                    ceiling = min(ceiling, float(tariff.cost[j] * to[k]))
                rows.append(_row([*self._money_in(member, [k]), (steps.reached(k), -ceiling)], "<=", 0.0))
            counted += terms if steps.by == "money" else self._insertions_singly(int(j))
        rows.append(_row([*counted, *zip(reached.tolist(), -start, strict=True)], ">=", 0.0))
        rows.append(_row([*counted, *zip(reached.tolist(), -to, strict=True)], "<=", 0.0))
        if steps.by == "money":
            rows += self._money_by_step(start, to)
        return tuple(rows)

    def _money_by_step(self, start: FloatArray, to: FloatArray) -> list[Row]:
        """The members' money in a step lies between its ends, where it is reached: tighter than the sum."""
        rows = []
        for k in range(len(start)):
            money = [
                term for member in range(len(self.steps.members)) for term in self._money_in(member, [k])
            ]
            rows.append(_row([*money, (self.steps.reached(k), -float(start[k]))], ">=", 0.0))
            rows.append(_row([*money, (self.steps.reached(k), -float(to[k]))], "<=", 0.0))
        return rows

    def _money_in(self, member: int, steps: Iterable[int]) -> list[tuple[int, float]]:
        """A member's money in steps; of one without a price there is none, in whatever unit."""
        cost = float(self.tariff.cost[self.steps.members[member]]) or 1.0
        return [(self.steps.money_in(member, k), cost) for k in steps]

    def _insertions_singly(self, vehicle: int) -> list[tuple[int, float]]:
        held = self.tariff.in_packages[:, vehicle] if self.tariff.packages else np.zeros(0)
        packages = [(self.tariff.columns.package(int(p)), -float(held[p])) for p in np.flatnonzero(held)]
        return [(vehicle, 1.0), *packages]

    def slack(self, outcome: Outcome) -> float:
        """0 where a step is reached, else how far the first is."""
        plan = outcome.plan
        steps, columns = self.steps, self.tariff.columns
        singly = columns.insertions(plan) - (
            columns.packages_of(plan) @ self.tariff.in_packages if self.tariff.packages else 0.0
        )
        counted = self.tariff.singly(plan) if steps.by == "money" else singly
        return max(float(steps.start[0]) - float(counted[steps.members].sum()), 0.0)

    def holds(self, outcome: Outcome) -> bool:
        return True

    def is_paid(self, outcome: Outcome) -> bool:
        return bool(self.tariff.rates(outcome.plan)[self.steps.members].max(initial=0.0) > 0)

    def sentence(self) -> str:
        steps = self.steps
        starts = [insertions_text(float(start), self.impressions) for start in steps.start]
        if steps.by == "money":
            starts = [money_text(self.currency or "money", float(start)) for start in steps.start]
        parts = [
            f"{rate * 100:g} % off from {start} on" for start, rate in zip(starts, steps.rate, strict=True)
        ]
        return f"{steps.name}: {', '.join(parts)}"


def _row(terms: list[tuple[int, float]], sense: str, right: float) -> Row:
    """Terms of the same column added up."""
    summed: dict[int, float] = {}
    for column, coefficient in terms:
        summed[column] = summed.get(column, 0.0) + float(coefficient)
    return Row(np.array(list(summed), dtype=np.int64), np.array(list(summed.values())), sense, right)  # type: ignore[arg-type]
