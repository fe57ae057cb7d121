"""The whole point that a plan makes, column by column, so that rows can be checked against a rule's own word.

The further columns of the programme follow from a plan. They are worked out here by hand: what is bought, in which
weeks the insertions of packages stand, which step of a discount is reached and what money stands in it, and which
entries of a list have something bought.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from models.purchase.tariff import Steps, Tariff
from models.rules.bought_count import BoughtCount
from models.rules.rule import Rule

FloatArray = NDArray[np.float64]
Kept = Callable[[Rule, Tariff, FloatArray], bool]


def point_of(tariff: Tariff, plan: FloatArray, rules: Sequence[Rule] = ()) -> FloatArray:
    """(n_columns,) a plan (plan_size,) and every further column at its true value."""
    columns = tariff.columns
    private = [column.column + 1 for rule in rules for column in rule.private()]
    point = np.zeros(max([tariff.width, *private]))
    point[: columns.plan_size] = plan
    for j in range(columns.vehicles):
        point[columns.bought(j)] = float(plan[j] > 0)
    fill_package_weeks(tariff, plan, point)
    for steps in tariff.discounts:
        fill_discount(tariff, steps, plan, point)
    for rule in rules:
        if isinstance(rule, BoughtCount):
            for at, entry in enumerate(rule.entries):
                if len(entry) != 1:
                    point[rule.first + at] = float(any(plan[j] > 0 for j in entry))
    return point


def fill_package_weeks(tariff: Tariff, plan: FloatArray, point: FloatArray) -> None:
    """Insertions of packages stand in the dearest weeks that the plan has."""
    for j in tariff.dated:
        inside = held_in_packages(tariff, plan, j)
        for t in sorted(range(tariff.columns.weeks), key=lambda week: -tariff.factor[j, week]):
            taken = min(inside, plan[tariff.columns.week(j, t)])
            point[tariff.package_weeks.inside(j, t)] = taken
            inside -= taken


def held_in_packages(tariff: Tariff, plan: FloatArray, j: int) -> float:
    columns = tariff.columns
    return sum(plan[columns.package(p)] * offer.insertions[j] for p, offer in enumerate(tariff.packages))


def fill_discount(tariff: Tariff, steps: Steps, plan: FloatArray, point: FloatArray) -> None:
    """The step that is reached, and every member's money in it."""
    columns = tariff.columns
    singly, money = {}, {}
    for j in steps.members.tolist():
        singly[j] = plan[j] - held_in_packages(tariff, plan, j)
        money[j] = tariff.cost[j] * singly[j]
        if tariff.factor is not None:
            money[j] = 0.0
            for t in range(columns.weeks):
                inside = point[tariff.package_weeks.inside(j, t)] if j in tariff.dated else 0.0
                money[j] += tariff.cost[j] * tariff.factor[j, t] * (plan[columns.week(j, t)] - inside)
            if j not in tariff.dated:  # the same price in every week, or nothing of it in a package
                money[j] -= tariff.cost[j] * held_in_packages(tariff, plan, j)
    counted = sum(singly.values()) if steps.by == "insertions" else sum(money.values())
    step = sum(1 for start in steps.start if counted >= start - 1e-9)
    point[steps.reached(step)] = 1.0
    for place, j in enumerate(steps.members.tolist()):
        point[steps.money_in(place, step)] = money[j] / tariff.cost[j]


def rows_kept(rule: Rule, tariff: Tariff, plan: FloatArray) -> bool:
    """Whether a plan, its further columns set rightly, satisfies every row and bound that a rule states."""
    point = point_of(tariff, plan, (rule,))
    for row in rule.rows():
        left = float(row.coefficients @ point[row.columns])
        slack = {"<=": row.right - left, ">=": left - row.right, "=": -abs(left - row.right)}[row.sense]
        # 1e-9 of the numbers added up: rounding of sums
        if slack < -1e-9 * max(
            1.0, abs(row.right), float(np.abs(row.coefficients * point[row.columns]).sum())
        ):
            return False
    within = (p.low - 1e-9 <= point[p.column] <= p.high + 1e-9 for p in rule.private())
    return all(within)


@pytest.fixture(scope="session", name="rows_kept")
def rows_kept_fixture() -> Kept:
    return rows_kept


@pytest.fixture(scope="session", name="point_of")
def point_of_fixture() -> Callable[..., FloatArray]:
    return point_of
