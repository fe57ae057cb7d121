"""Packages, by hand: the duo holds two of news (100 each) and one of sport (250) for 360 instead of 450."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Package, Tariff
from models.rules.budget import Budget
from models.rules.outcome import Outcome
from models.rules.package_offer import PackageOffer

DUO = Package("duo", np.array([2.0, 1.0, 0.0]), 360.0)
SOLO = Package("solo", np.array([1.0, 0.0, 0.0]), 90.0)
TARIFF = Tariff(np.array([100.0, 250.0, 300.0]), Columns(3, 0, 2), packages=(DUO, SOLO))
NAMES = ("News", "Sport", "Film")


def offer(package: int, only: tuple[int, ...] = ()) -> PackageOffer:
    return PackageOffer("cell", package, NAMES, TARIFF, only, "EUR")


def keeps(rules, plan, rows_kept) -> bool:
    """Rows of all offers together: a vehicle in two packages has one row, in the first."""
    return all(rows_kept(rule, TARIFF, plan) for rule in rules)


@pytest.mark.parametrize(
    ("plan", "slack", "money"),
    [
        ([2, 1, 0, 1, 0], 0, 360),  # the duo and nothing else
        ([3, 1, 0, 1, 0], 0, 460),  # one more of news, singly
        ([3, 1, 0, 1, 1], 0, 450),  # ... in a package of its own
        ([3, 2, 1, 1, 0], 1, 1010),
        ([2, 1, 0, 0, 0], 1, 450),  # the same insertions, singly
    ],
)
def test_insertions_of_a_package_cost_its_price_and_no_other(plan, slack, money, rows_kept) -> None:
    bought = np.array(plan, dtype=float)
    assert TARIFF.total(bought) == pytest.approx(money)
    assert offer(0).slack(Outcome(bought)) == slack
    assert offer(0).holds(Outcome(bought))
    assert keeps((offer(0), offer(1)), bought, rows_kept)
    assert rows_kept(Budget("budget", TARIFF, money), TARIFF, bought)
    assert not rows_kept(Budget("budget", TARIFF, money - 1.0), TARIFF, bought)


@pytest.mark.parametrize("plan", [[1, 1, 0, 1, 0], [2, 0, 0, 1, 0], [2, 1, 0, 1, 1]])
def test_a_package_brings_all_its_insertions(plan, rows_kept) -> None:
    """Two packages with the same vehicle bring the insertions of both."""
    bought = np.array(plan, dtype=float)
    assert not offer(0).holds(Outcome(bought))
    assert not keeps((offer(0), offer(1)), bought, rows_kept)


def test_its_insertions_stand_in_the_dearest_weeks_and_cost_no_more_there(rows_kept) -> None:
    """News at 100, 150 in week 2, and three of it, one in the solo for 90: two in week 1 and the solo in week 2."""
    dear = Tariff(TARIFF.cost, Columns(3, 2, 1), np.array([[1.0, 1.5], [1.0, 1.0], [1.0, 1.0]]), (SOLO,))
    rule = PackageOffer("cell", 0, NAMES, dear)
    for weeks, money in (([2, 1], 290), ([1, 2], 340), ([3, 0], 290), ([0, 3], 390)):
        weekly = np.array([weeks, [0, 0], [0, 0]], dtype=float)
        plan = dear.columns.join(weekly.sum(axis=1), weekly, np.ones(1))
        assert dear.total(plan) == pytest.approx(money)
        assert rows_kept(rule, dear, plan)
        assert rows_kept(Budget("budget", dear, money), dear, plan)
        assert not rows_kept(Budget("budget", dear, money - 1.0), dear, plan)


def test_half_a_package_is_none() -> None:
    assert not offer(0).holds(Outcome(np.array([2.0, 1.0, 0.0, 0.5, 0.0])))


def test_a_vehicle_without_a_price_of_its_own_comes_in_packages_only(rows_kept) -> None:
    sold = offer(0, only=(1,))
    for plan, holds in (([2, 1, 0, 1, 0], True), ([2, 2, 0, 1, 0], False), ([0, 1, 0, 0, 0], False)):
        bought = np.array(plan, dtype=float)
        assert sold.holds(Outcome(bought)) == holds
        assert rows_kept(sold, TARIFF, bought) == holds


def test_it_is_told_with_what_it_holds() -> None:
    assert offer(0).sentence() == "package duo: 2 x News, 1 x Sport for EUR 360, all or nothing"


@given(st.lists(st.integers(0, 4), min_size=3, max_size=3), st.integers(0, 1), st.integers(0, 1))
def test_their_rows_are_kept_exactly_where_they_hold(rows_kept, insertions, duo, solo) -> None:
    plan = np.array([*insertions, duo, solo], dtype=float)
    rules = (offer(0), offer(1))
    assert keeps(rules, plan, rows_kept) == all(rule.holds(Outcome(plan)) for rule in rules)
