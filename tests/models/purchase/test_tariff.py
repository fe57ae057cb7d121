"""What plans cost, by hand, and the same money as the programme states it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff

COST = np.array([100.0, 250.0, 60.0])  # news, sport, film


def test_a_plain_plan_costs_insertions_times_price() -> None:
    tariff = Tariff(COST)
    assert tariff.plain
    assert tariff.spend(np.array([2.0, 1.0, 5.0])).tolist() == [200, 250, 300]
    assert tariff.total(np.array([2.0, 1.0, 5.0])) == 750


def test_a_fixed_cost_is_paid_once() -> None:
    tariff = Tariff(COST, fixed=np.array([80.0, 0.0, 0.0]))
    assert tariff.spend(np.array([0.0, 1.0, 0.0])).tolist() == [0, 250, 0]
    assert tariff.spend(np.array([3.0, 1.0, 0.0])).tolist() == [380, 250, 0]
    assert tariff.spend(np.array([0.5, 0.0, 0.0])).tolist() == [130, 0, 0]  # a part pays it as well


@pytest.mark.parametrize(
    ("bought", "money"), [(8, 800), (9, 900), (10, 900), (11, 990), (19, 1710), (20, 1600)]
)
def test_ten_at_ten_percent_off_cost_as_much_as_nine(bought, money) -> None:
    """And twenty at twenty percent off less than nineteen."""
    steps = Steps("news", np.array([0]), "insertions", np.array([10.0, 20.0]), np.array([0.1, 0.2]), 6)
    tariff = Tariff(COST, discounts=(steps,))
    assert tariff.total(np.array([bought, 0.0, 0.0])) == pytest.approx(money)


def test_a_discount_on_a_groups_money_counts_what_they_cost_before_it() -> None:
    """News and film reach 500 at 5 + 0, 2 + 5, ...: 20 % off; sport pays its price."""
    steps = Steps("print", np.array([0, 2]), "money", np.array([500.0]), np.array([0.2]), 6)
    tariff = Tariff(COST, discounts=(steps,))
    assert tariff.spend(np.array([4.0, 9.0, 1.0])).tolist() == [400, 2250, 60]
    assert tariff.spend(np.array([5.0, 1.0, 0.0])).tolist() == [400, 250, 0]
    assert tariff.spend(np.array([2.0, 0.0, 5.0])).tolist() == [160, 0, 240]
    assert tariff.rates(np.array([2.0, 0.0, 5.0])).tolist() == [0.2, 0, 0.2]


def test_a_packages_price_is_shared_as_its_insertions_cost_singly() -> None:
    """Two of news (200) and two of film (120) for 240: news bears 150, film 90."""
    duo = Package("duo", np.array([2.0, 0.0, 2.0]), 240.0)
    tariff = Tariff(COST, Columns(3, 0, 1), packages=(duo,))
    assert tariff.package_money.tolist() == [[150, 0, 90]]
    assert tariff.spend(np.array([3.0, 1.0, 2.0, 1.0])).tolist() == [250, 250, 90]
    assert tariff.spend(np.array([3.0, 1.0, 2.0, 0.0])).tolist() == [300, 250, 120]


def test_a_package_of_vehicles_without_a_price_is_shared_by_insertions() -> None:
    duo = Package("duo", np.array([3.0, 1.0]), 400.0)
    tariff = Tariff(np.zeros(2), Columns(2, 0, 1), packages=(duo,))
    assert tariff.spend(np.array([3.0, 1.0, 1.0])).tolist() == [300, 100]


def test_a_week_has_its_own_price() -> None:
    """News is half as dear again in week 2."""
    tariff = Tariff(COST, Columns(3, 2), np.array([[1.0, 1.5], [1.0, 1.0], [0.5, 1.0]]))
    weekly = np.array([[1.0, 2.0], [0.0, 1.0], [4.0, 0.0]])
    plan = tariff.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    assert tariff.spend(plan).tolist() == [400, 250, 120]
    assert tariff.cheapest().tolist() == [100, 250, 30]


def test_all_of_them_together() -> None:
    """News: 3 insertions in week 1 and 2 in week 2 at half as much again. The solo package holds one, in the dear
    week, for 90. Left are 3 x 100 + 1 x 150 = 450, from 400 on 10 % off: 405; and 80 once: 575 in all."""
    steps = Steps("news", np.array([0]), "money", np.array([400.0]), np.array([0.1]), 13)
    tariff = Tariff(
        COST, Columns(3, 2, 1), np.array([[1.0, 1.5], [1.0, 1.0], [1.0, 1.0]]),
        (Package("solo", np.array([1.0, 0.0, 0.0]), 90.0),), np.array([80.0, 0.0, 0.0]), (steps,),
    )  # fmt: skip
    weekly = np.array([[3.0, 2.0], [0.0, 0.0], [0.0, 0.0]])
    plan = tariff.columns.join(weekly.sum(axis=1), weekly, np.ones(1))
    assert tariff.singly(plan).tolist() == [450, 0, 0]
    assert tariff.total(plan) == pytest.approx(405 + 80 + 90)


# --- the same money, linearly ---


def combined(by: str) -> Tariff:
    """Everything at once: two packages that share news, weeks, a fixed cost, two discounts."""
    columns = Columns(3, 2, 2)
    first = Steps("a", np.array([0, 2]), by, np.array([3.0, 5.0] if by == "insertions" else [300.0, 450.0]),
                  np.array([0.1, 0.2]), columns.private_from)  # fmt: skip
    second = Steps("b", np.array([1]), "insertions", np.array([2.0]), np.array([0.15]),
                   first.first + first.n_columns)  # fmt: skip
    return Tariff(
        COST, columns, np.array([[0.8, 1.5], [1.0, 1.0], [1.2, 0.7]]),
        (Package("duo", np.array([1.0, 1.0, 0.0]), 280.0), Package("solo", np.array([1.0, 0.0, 0.0]), 70.0)),
        np.array([50.0, 0.0, 20.0]), (first, second),
    )  # fmt: skip


def further_columns(tariff: Tariff, plan: np.ndarray) -> np.ndarray:
    """The point that a plan makes: what is bought, which step is reached, what money stands in it, and where the
    insertions of packages stand."""
    point = np.zeros(tariff.width)
    point[: len(plan)] = plan
    insertions = tariff.columns.insertions(plan)
    point[[tariff.columns.bought(j) for j in range(3)]] = insertions > 0
    inside = tariff.columns.packages_of(plan) @ tariff.in_packages
    for j in tariff.dated:
        left = float(inside[j])
        for t in np.argsort(-tariff.factor[j], kind="stable"):
            taken = min(left, float(tariff.columns.weekly(plan)[j, t]))
            point[tariff.package_weeks.inside(j, int(t))] = taken
            left -= taken
    for steps in tariff.discounts:
        counted = insertions - inside if steps.by == "insertions" else tariff.singly(plan)
        step = int((steps.start <= counted[steps.members].sum() + 1e-9).sum())
        point[steps.reached(step)] = 1.0
        for place, j in enumerate(steps.members):
            point[steps.money_in(place, step)] = tariff.singly(plan)[j] / tariff.cost[j]
    return point


@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.tuples(st.integers(0, 1), st.integers(0, 1)),
    st.sampled_from(["insertions", "money"]),
    st.lists(st.sampled_from([-1.0, 0.0, 0.5, 1.0]), min_size=3, max_size=3),
)
def test_the_programmes_money_is_the_money_that_a_plan_costs(weeks, packages, by, weight) -> None:
    """For any weights of the vehicles: groups, shares and ratios are such sums."""
    tariff = combined(by)
    weekly, taken = np.array(weeks, dtype=float).reshape(3, 2), np.array(packages, dtype=float)
    if (weekly.sum(axis=1) < taken @ tariff.in_packages).any():
        return
    plan = tariff.columns.join(weekly.sum(axis=1), weekly, taken)
    columns, coefficients = tariff.money(np.array(weight))
    stated = float(coefficients @ further_columns(tariff, plan)[columns])
    # 1e-9 of sums of some thousand
    assert stated == pytest.approx(float(np.array(weight) @ tariff.spend(plan)), abs=1e-6)
