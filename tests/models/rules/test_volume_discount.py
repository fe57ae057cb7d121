"""Volume discounts, by hand: news at 100 an insertion, 10 % off from ten on; a group 20 % off from 1,000 on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.rules.budget import Budget
from models.rules.outcome import Outcome
from models.rules.volume_discount import VolumeDiscount

MOST = np.array([20.0, 8.0])


def tariff(by: str, start: list[float], rate: list[float], members: list[int], **prices: object) -> Tariff:
    columns = prices.get("columns", Columns(2))
    steps = Steps("news", np.array(members), by, np.array(start), np.array(rate), columns.private_from)
    return Tariff(np.array([100.0, 250.0]), discounts=(steps,), **prices)


INSERTIONS = tariff("insertions", [10.0, 15.0], [0.10, 0.25], [0])
MONEY = tariff("money", [1000.0], [0.2], [0, 1])


def rule_of(prices: Tariff, whole: bool = True) -> VolumeDiscount:
    return VolumeDiscount("cell", 0, prices, MOST, whole, "EUR")


@pytest.mark.parametrize(
    ("news", "money"), [(0, 0), (1, 100), (9, 900), (10, 900), (14, 1260), (15, 1125), (20, 1500)]
)
def test_ten_cost_as_much_as_nine_and_fifteen_less_than_fourteen(news, money, rows_kept) -> None:
    plan = np.array([news, 0.0])
    assert INSERTIONS.total(plan) == pytest.approx(money)
    assert rows_kept(rule_of(INSERTIONS), INSERTIONS, plan)
    assert rows_kept(Budget("budget", INSERTIONS, money), INSERTIONS, plan)
    assert not rows_kept(Budget("budget", INSERTIONS, money - 1.0), INSERTIONS, plan)


@pytest.mark.parametrize(
    ("plan", "money"), [([4, 2], 900), ([5, 2], 800), ([0, 4], 800), ([7, 1], 950), ([10, 8], 2400)]
)
def test_what_a_group_spends_together_counts(plan, money, rows_kept) -> None:
    bought = np.array(plan, dtype=float)
    assert MONEY.total(bought) == pytest.approx(money)
    assert rows_kept(rule_of(MONEY), MONEY, bought)


def test_how_far_the_first_step_is_is_told() -> None:
    assert rule_of(INSERTIONS).slack(Outcome(np.array([7.0, 8.0]))) == 3
    assert rule_of(INSERTIONS).slack(Outcome(np.array([12.0, 0.0]))) == 0
    assert rule_of(MONEY).slack(Outcome(np.array([1.0, 1.0]))) == 650
    assert rule_of(MONEY).holds(Outcome(np.array([1.0, 1.0])))  # a price, never broken


def test_insertions_in_packages_neither_count_nor_get_a_discount(rows_kept) -> None:
    """Twelve of news, three of them in a package for 200: nine count, so 900 + 200; with one more ten, 900 + 200."""
    offer = Package("trio", np.array([3.0, 0.0]), 200.0)
    prices = tariff("insertions", [10.0], [0.1], [0], columns=Columns(2, 0, 1), packages=(offer,))
    rule = VolumeDiscount("cell", 0, prices, MOST)
    for plan, money in (([12, 0, 1], 1100), ([13, 0, 1], 1100), ([13, 0, 0], 1170)):
        bought = np.array(plan, dtype=float)
        assert prices.total(bought) == pytest.approx(money)
        assert rows_kept(rule, prices, bought)


def rows_broken(rule: VolumeDiscount, point: np.ndarray) -> int:
    sums = [(row, float(row.coefficients @ point[row.columns])) for row in rule.rows()]
    return sum(
        sum_ > row.right + 1e-9
        if row.sense == "<="
        else sum_ < row.right - 1e-9
        if row.sense == ">="
        else False
        for row, sum_ in sums
    )


@pytest.mark.parametrize(
    ("prices", "news", "step", "money"),
    [
        (INSERTIONS, 9, 1, 900), (INSERTIONS, 10, 0, 1000), (INSERTIONS, 15, 1, 1500),
        (MONEY, 9, 1, 900), (MONEY, 10, 0, 1000),
    ],
)  # fmt: skip
def test_the_programme_may_choose_no_step_but_the_one_reached(prices, news, step, money) -> None:
    """Neither one that is not reached yet, nor, exactly at a step, the one below."""
    rule, steps = rule_of(prices), prices.discounts[0]
    point = np.zeros(prices.width)
    point[0] = news
    point[steps.reached(step)], point[steps.money_in(0, step)] = 1.0, money / prices.cost[0]
    assert rows_broken(rule, point) > 0


def test_it_is_told_step_by_step() -> None:
    assert (
        rule_of(INSERTIONS).sentence()
        == "news: 10 % off from 10 insertions on, 25 % off from 15 insertions on"
    )
    assert rule_of(MONEY).sentence() == "news: 20 % off from EUR 1,000 on"


@given(
    st.integers(0, 20), st.integers(0, 8), st.sampled_from([INSERTIONS, MONEY]), st.booleans(), st.integers(0, 19)
)  # fmt: skip
def test_its_rows_are_kept_by_every_plan_at_its_true_step(
    rows_kept, news, sport, prices, whole, twentieths
) -> None:
    part = 0.0 if whole else twentieths / 20
    plan = np.array([min(news + part, 20.0), float(sport)])
    assert rows_kept(rule_of(prices, whole), prices, plan)


@given(
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.integers(0, 1),
    st.sampled_from(["insertions", "money"]),
    st.lists(st.sampled_from([0.5, 0.8, 1.0, 1.5]), min_size=4, max_size=4),
)
def test_so_they_are_with_weeks_packages_and_price_factors(rows_kept, weekly, taken, by, factors) -> None:
    """What a package holds stands in the dearest weeks and costs nothing more."""
    columns, offer = Columns(2, 2, 1), Package("duo", np.array([2.0, 1.0]), 300.0)
    start = [3.0] if by == "insertions" else [400.0]
    prices = tariff(by, start, [0.2], [0, 1], columns=columns, packages=(offer,),
                    factor=np.array(factors).reshape(2, 2))  # fmt: skip
    weeks = np.array(weekly, dtype=float).reshape(2, 2)
    insertions = weeks.sum(axis=1)
    if taken and (insertions < offer.insertions).any():
        return
    plan = columns.join(insertions, weeks, np.array([float(taken)]))
    assert rows_kept(VolumeDiscount("cell", 0, prices, MOST), prices, plan)
