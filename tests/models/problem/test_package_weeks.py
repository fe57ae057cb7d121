"""Insertions of packages in the dearest weeks, by hand: news costs 100, in week 2 150, and in week 3 120."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.problem.objectives import Objective
from models.problem.package_weeks import dearest_weeks_first
from models.problem.problem import Problem
from models.programme.plans.feasible import feasible_plan
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.outcome import Outcome
from models.rules.package_offer import PackageOffer
from models.rules.row import Row
from models.rules.rule import Rule
from models.rules.volume_discount import VolumeDiscount

NEWS = np.array([0])
FACTOR = np.array([[1.0, 1.5, 1.2]])
PAIR = Package("pair", np.array([2.0]), 150.0)
COLUMNS = Columns(1, 3, 1)
MOST = np.full(40, 4.0)


def tariff(*discounts: Steps) -> Tariff:
    return Tariff(np.array([100.0]), COLUMNS, FACTOR, (PAIR,), discounts=discounts)


def plan(*weeks: float) -> np.ndarray:
    """With the pair."""
    return COLUMNS.join(np.array([sum(weeks)]), np.array([weeks]), np.ones(1))


def problem(prices: Tariff, rules: tuple[Rule, ...], *weeks: float) -> Problem:
    """News in these weeks and no others, with the pair."""
    model = calibrate(
        Audiences(("news",), ("TV",), NEWS, np.array([1000.0]), np.array([[0.04]]), np.full(1, 0.5), np.zeros(1, bool)),
        Duplication(1.3, np.array([1.6]), np.ones(1)),
    )  # fmt: skip
    offer = PackageOffer("pair", 0, ("News",), prices)
    return Problem(
        model, prices, np.full(1, 4.0), Objective("o", "u", np.zeros(1), np.ones(1)),
        (offer, Stands(plan(*weeks)), *rules),
    )  # fmt: skip


class Stands(Rule):
    """A rule that a plan is just this one."""

    id, unit = "stands", ""

    def __init__(self, only: np.ndarray) -> None:
        self.only = only

    def rows(self) -> tuple[Row, ...]:
        places = range(len(self.only))
        return tuple(Row(np.array([i]), np.ones(1), "=", float(self.only[i])) for i in places)

    def private(self) -> tuple[()]:
        return ()

    def slack(self, outcome: Outcome) -> float:
        return -float(np.abs(outcome.plan - self.only).max())

    def holds(self, outcome: Outcome) -> bool:
        return self.slack(outcome) >= -1e-9

    def sentence(self) -> str:
        return "this plan"


def at_least(prices: Tariff, money: float) -> GroupLimit:
    return GroupLimit("least", "news", NEWS, "money", ">=", money, prices)


@pytest.mark.parametrize(
    ("weeks", "money"),
    [
        ((2, 1, 1), 200),  # the pair takes 150 and 120
        ((2, 2, 0), 200),  # ... 150 twice
        ((0, 1, 3), 240),
        ((3, 0, 1), 200),
        ((2, 0, 0), 0),
    ],
)
def test_money_at_least_is_money_outside_the_dearest_weeks(weeks, money) -> None:
    """Of (2, 2, 0) a pair in week 1 would leave 300 to pay: that is no way to spend 300. The pair is 150 more."""
    prices = tariff()
    assert prices.total(plan(*weeks)) == pytest.approx(money + 150)
    assert feasible_plan(problem(prices, (at_least(prices, money + 150),), *weeks)) is not None
    assert feasible_plan(problem(prices, (at_least(prices, money + 151),), *weeks)) is None


@pytest.mark.parametrize(("start", "total"), [(300, 350), (200, 250)])
def test_a_discount_by_money_is_not_reached_by_a_pair_in_cheap_weeks(start, total) -> None:
    """(2, 2, 0) pays 200 beside the pair at 150: half off from 200 on makes it 250, from 300 on it stays 350. A pair in
    week 1 would leave 300, half of it 150, and 300 in all."""
    steps = Steps("news", NEWS, "money", np.array([float(start)]), np.array([0.5]), COLUMNS.private_from)
    prices = tariff(steps)
    discount = VolumeDiscount("steps", 0, prices, np.full(1, 4.0))
    assert prices.total(plan(2, 2, 0)) == pytest.approx(total)
    enough, short = (
        problem(prices, (discount, Budget("budget", prices, money)), 2, 2, 0) for money in (total, total - 1)
    )
    assert feasible_plan(enough) is not None
    assert feasible_plan(short) is None


def test_where_every_row_wants_less_money_there_are_no_rows_for_it() -> None:
    prices = tariff()
    assert dearest_weeks_first(prices, (Budget("budget", prices, 900.0),), MOST) == []
    assert len(dearest_weeks_first(prices, (at_least(prices, 100.0),), MOST)) == 5


@given(
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.sampled_from([0.8, 0.9, 1.3]), min_size=3, max_size=3),
)
def test_the_rows_are_kept_exactly_where_the_dearest_weeks_are_taken_first(weeks, inside, factor) -> None:
    """A cheaper week holds some only where every dearer one is full; weeks of one factor are as good as each other."""
    inside = [min(v, w) for v, w in zip(inside, weeks, strict=True)]
    prices = Tariff(np.array([100.0]), COLUMNS, np.array([factor]), (PAIR,))
    rows = dearest_weeks_first(prices, (at_least(prices, 1.0),), MOST)
    point = np.zeros(prices.width)
    kept = False
    used = {column for row in rows for column in row.columns.tolist()}
    filled = [c for c in (prices.package_weeks.filled(0, t) for t in range(3)) if c in used]
    for choice in range(2 ** len(filled)):
        point[filled] = [choice >> i & 1 for i in range(len(filled))]
        for t in range(3):
            point[COLUMNS.week(0, t)], point[prices.package_weeks.inside(0, t)] = weeks[t], inside[t]
        left = [row.right - float(row.coefficients @ point[row.columns]) for row in rows]
        kept = kept or min(left, default=0.0) >= -1e-9
    first = all(
        not inside[s] or inside[t] == weeks[t] for s in range(3) for t in range(3) if factor[t] > factor[s]
    )
    assert kept == first
