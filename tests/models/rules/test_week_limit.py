"""Limits on weeks, by hand: news 100 (half as dear again in week 2), sport 250; 2 and 5 points an insertion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Package, Tariff
from models.rules.outcome import Outcome
from models.rules.week_limit import WeekLimit

COST, RATING = np.array([100.0, 250.0]), np.array([2.0, 5.0])
FACTOR = np.array([[1.0, 1.5, 1.0], [1.0, 1.0, 0.8]])
OFFER = Package("solo", np.array([1.0, 0.0]), 60.0)
TARIFF = Tariff(COST, Columns(2, 3, 1), FACTOR, (OFFER,), np.array([70.0, 0.0]))
WEEKLY = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]])
PLAN = TARIFF.columns.join(WEEKLY.sum(axis=1), WEEKLY, np.ones(1))


def limit(measure: str, weeks: tuple[int, ...], sense: str, amount: float) -> WeekLimit:
    return WeekLimit("cell", "March 2027", weeks, measure, sense, amount, TARIFF, RATING, "EUR")


@pytest.mark.parametrize(
    ("measure", "weeks", "reached"),
    [
        ("money", (0,), 100), ("money", (1,), 550), ("money", (2,), 400), ("money", (0, 1, 2), 1050),
        ("grp", (0,), 2), ("grp", (1,), 9), ("grp", (1, 2), 19),
    ],
)  # fmt: skip
def test_what_stands_in_the_weeks_counts_at_the_prices_of_the_weeks(
    measure, weeks, reached, rows_kept
) -> None:
    """Two of news in the dear week at 150, and sport at 250: 550. Fixed costs and the package's price aside."""
    for sense, one_off in (("<=", -1.0), (">=", 1.0)):
        assert limit(measure, weeks, sense, reached).slack(Outcome(PLAN)) == 0
        for amount, holds in ((reached, True), (reached + one_off, False), (reached - one_off, True)):
            rule = limit(measure, weeks, sense, amount)
            assert rule.holds(Outcome(PLAN)) == holds
            assert rows_kept(rule, TARIFF, PLAN) == holds


def test_without_price_factors_money_is_what_the_rate_card_says() -> None:
    rule = WeekLimit("cell", "a week", (1,), "money", "<=", 450.0, Tariff(COST, Columns(2, 3)), RATING)
    assert rule.slack(Outcome(PLAN[:8])) == 0


def test_it_is_told_with_its_period() -> None:
    plain = WeekLimit(
        "cell", "March 2027", (1,), "money", "<=", 1500.0, Tariff(COST, Columns(2, 3)), RATING, "EUR"
    )
    assert plain.sentence() == "March 2027: at most EUR 1,500"
    billed_otherwise = limit("money", (1,), "<=", 1500).sentence()
    assert billed_otherwise == "March 2027: at most EUR 1,500 for insertions at their single price"
    assert limit("grp", (1,), ">=", 40).sentence() == "March 2027: at least 40 GRP"
    assert (limit("money", (1,), "<=", 1).unit, limit("grp", (1,), "<=", 1).unit) == ("money", "GRP")


@given(
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.sampled_from(["money", "grp"]),
    st.sampled_from(["<=", ">="]),
    st.sampled_from([(0,), (1,), (0, 2)]),
)
def test_its_row_is_kept_exactly_where_it_holds(rows_kept, weeks, measure, sense, when) -> None:
    weekly = np.array(weeks, dtype=float).reshape(2, 3)
    plan = TARIFF.columns.join(weekly.sum(axis=1), weekly, np.zeros(1))
    rule = limit(measure, when, sense, 400.0 if measure == "money" else 8.0)
    assert rows_kept(rule, TARIFF, plan) == rule.holds(Outcome(plan))
