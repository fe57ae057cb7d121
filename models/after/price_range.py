"""Every price of one vehicle, from one on or between two, asked about as one question.

A rule's row at price p of a vehicle is  a_r x + p k_r g(x) <= b_r.  g(x): its insertions, in a calendar each at its
week's factor; k_r: the weight of its money in the row, above 0 where a higher price makes the row harder to keep, below
where it makes it easier.

*From q on* (`at_any_price_from`). A plan x keeps all rows at some p >= q exactly where it keeps them with money m for
the vehicle in place of p g(x), for some m >= q g(x). There is such an m where these hold (Fourier 1826, Motzkin 1936):
    a row r that is harder leaves room for the least m:       a_r x + q k_r g(x) <= b_r
    and for what each row s that is easier asks of m:         |k_s| a_r x + k_r a_s x <= |k_s| b_r + k_r b_s
So each row that is easier gives way to its sums with the harder ones, in which the money cancels. Where no plan of that
problem is worth more than V, none is at any price from q on; and a plan that is worth more is so at one of these
prices. Rows in which money stands by week (limits on weeks) give way to none: that leaves more plans, and so what is
proven of all of them is proven.

*Between two* (`at_both`). Rows are linear in p, so a plan that keeps them at two prices keeps them in between.

Both hold where a plan's money is linear in the price: not of a vehicle in a package, whose share of the package's price
goes by it, nor of one whose discount counts money (`linear_in_price`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from models.after.dearer import eased_by_price, row_eases
from models.arrays import FloatArray
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.budget import Budget
from models.rules.outcome import Outcome
from models.rules.row import TOLERANCE, Row
from models.rules.rule import Rule

_ALIKE = 1e-9  # of its size: so near to each other the money in two rows is the same


@dataclass(frozen=True, eq=False)
class JoinedRows(Rule):
    """What two rows leave of a sum that one asks for and the other limits. row: the two added up, over columns of a
    plan and of what is bought; where it has others it is left to the solver."""

    id: str
    row: Row
    columns: Columns
    whole: bool
    unit: str = ""

    def rows(self) -> tuple[Row, ...]:
        return (self.row,)

    def slack(self, outcome: Outcome) -> float:
        if (self.row.columns >= self.columns.private_from).any():
            return np.inf
        return _left(self.row, _with_bought(self.columns, outcome.plan, self.whole))

    def holds(self, outcome: Outcome) -> bool:
        size = np.abs(self.row.coefficients).max(initial=1.0)
        return self.slack(outcome) >= -TOLERANCE * max(abs(self.row.right), float(size))


def linear_in_price(tariff: Tariff, vehicle: int) -> bool:
    """Whether a plan's money is linear in one vehicle's price."""
    counted = any(steps.by == "money" and vehicle in steps.members for steps in tariff.discounts)
    return not (counted or tariff.in_packages[:, vehicle].any())


def at_both(problem: Problem, other: Problem) -> Problem:
    """The problem whose plans keep the rules at its own price of a vehicle and at another."""
    pairs = zip(problem.rules, other.rules, strict=True)
    return replace(problem, rules=(*problem.rules, *(then for rule, then in pairs if then is not rule)))


def kept_towards(problem: Problem, other: Problem, plan: FloatArray) -> float:
    """How far from the problem's price towards another, 0..1, a plan (plan_size,) that keeps its rows goes on to keep
    them; 0 where rows that it breaks there hold more than a plan and what it buys."""
    every, share = _with_bought(problem.columns, plan, problem.whole), 1.0
    for rule, then in zip(problem.rules, other.rules, strict=True):
        if rule is then or then.treatment.charge:
            continue
        for row, changed in zip(rule.known_rows, then.known_rows, strict=True):
            if (row.columns >= problem.columns.private_from).any():
                share = share if then.holds(problem.outcome(plan)) else 0.0
                continue
            now, there = _left(row, every), _left(changed, every)
            share = min(share, max(now, 0.0) / (max(now, 0.0) - there)) if there < 0 else share
    return share


def _with_bought(columns: Columns, plan: FloatArray, whole: bool) -> FloatArray:
    """(private_from,) a plan (plan_size,), and 1 of each vehicle that it buys."""
    bought = columns.insertions(plan) >= columns.least_bought(whole, wanted=False)
    return np.append(plan, bought.astype(float))


def _left(row: Row, every: FloatArray) -> float:
    """What a plan, and what it buys (private_from,), leaves of a row's limit."""
    left = row.right - float(row.coefficients @ every[row.columns])
    return {"<=": left, ">=": -left, "=": -abs(left)}[row.sense]


def at_any_price_from(problem: Problem, dearer: Problem, linear: bool = True) -> Problem:
    """The problem whose plans keep the rules at some price of a vehicle from the problem's own on. dearer: the same
    problem at a higher price. linear: whether money is linear in the price; where it is not, rows that are easier go
    and none are joined, which leaves more plans."""
    easier = {rule.id for rule in eased_by_price(problem, dearer)}
    kept = tuple(rule for rule in problem.rules if rule.id not in easier)
    return replace(problem, rules=(*kept, *(_joined(problem, dearer) if linear else ())))


@dataclass(frozen=True, eq=False)
class _Priced:
    """A row as left <= right, (n_columns,) columns; money: (n_columns,) by how much more the higher price takes."""

    left: FloatArray
    right: float
    money: FloatArray


def _joined(problem: Problem, dearer: Problem) -> Iterator[JoinedRows]:
    """Each easier row with each harder one in which the same money stands."""
    easier, harder = _changed_rows(problem, dearer)
    for number, (low, high) in enumerate(product(easier, harder)):
        place = int(np.abs(high.money).argmax())
        share = -low.money[place] / high.money[place]
        size = np.abs(low.money).max()
        if share <= 0 or np.abs(low.money + share * high.money).max() > _ALIKE * size:
            continue
        left, right = low.left + share * high.left, low.right + share * high.right
        left[(np.abs(low.money) > 0) & (np.abs(left) <= _ALIKE * np.abs(low.left))] = 0.0
        used = np.flatnonzero(left)
        if len(used):
            row = Row(used, left[used], "<=", right)
            yield JoinedRows(f"joined {number}", row, problem.columns, problem.whole)


def _changed_rows(problem: Problem, dearer: Problem) -> tuple[list[_Priced], list[_Priced]]:
    """The rows that the higher price makes easier, and those that it makes harder, of rules whose rows are one."""
    easier: list[_Priced] = []
    harder: list[_Priced] = []
    for rule, then in zip(problem.rules, dearer.rules, strict=True):
        rows = list(zip(rule.known_rows, then.known_rows, strict=True))
        if rule is then or len(rows) != 1 or rows[0][0].right != rows[0][1].right:
            continue
        (row, other), sides = rows[0], {"<=": (1.0,), ">=": (-1.0,), "=": ()}
        eases = not isinstance(rule, Budget) and row_eases(row, other, problem.tariff)
        for sign in sides[row.sense]:
            before, after = (_dense(each, problem, sign) for each in (row, other))
            if (before != after).any():
                (easier if eases else harder).append(_Priced(before, sign * row.right, after - before))
    return easier, harder


def _dense(row: Row, problem: Problem, sign: float) -> FloatArray:
    """(n_columns,) of a row's left side."""
    found = np.zeros(max(problem.tariff.width, _width(problem.rules)))
    np.add.at(found, row.columns, sign * row.coefficients)
    return found


def _width(rules: Sequence[Rule]) -> int:
    """Columns that rules have for themselves, and those before them."""
    return max((column.column + 1 for rule in rules for column in rule.private()), default=0)
