"""Limits on groups, by hand: three vehicles at 100, 200 and 300 an insertion; the group is the first two."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.tariff import Tariff
from models.rules.group_limit import GroupLimit
from models.rules.outcome import Outcome

COST = np.array([100.0, 200.0, 300.0])
PLAN = np.array([2.0, 1.0, 4.0])  # 400 of the group, 1,600 in all, 3 insertions of the group


def limit(measure: str, sense: str, amount: float) -> GroupLimit:
    members = np.array([0, 1])
    return GroupLimit("a cell", "magazines", members, measure, sense, amount, Tariff(COST))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("measure", "sense", "amount", "slack"),
    [
        ("money", ">=", 300, 100), ("money", ">=", 500, -100),
        ("money", "<=", 500, 100), ("money", "<=", 300, -100),
        ("share", ">=", 0.20, 0.05), ("share", ">=", 0.30, -0.05),
        ("share", "<=", 0.30, 0.05), ("share", "<=", 0.20, -0.05),
        ("insertions", ">=", 2, 1), ("insertions", ">=", 4, -1),
        ("insertions", "<=", 4, 1), ("insertions", "<=", 2, -1),
    ],
)  # fmt: skip
def test_slack_is_how_far_the_plan_is_from_the_limit(
    measure: str, sense: str, amount: float, slack: float
) -> None:
    rule = limit(measure, sense, amount)
    assert rule.slack(Outcome(PLAN)) == pytest.approx(slack)
    assert rule.holds(Outcome(PLAN)) == (slack > 0)


@pytest.mark.parametrize(("measure", "amount"), [("money", 400), ("share", 0.25), ("insertions", 3)])
@pytest.mark.parametrize("sense", [">=", "<="])
def test_the_limit_itself_is_allowed(measure: str, amount: float, sense: str) -> None:
    assert limit(measure, sense, amount).holds(Outcome(PLAN))


@pytest.mark.parametrize("sense", [">=", "<="])
def test_every_share_is_kept_where_nothing_is_bought(sense: str) -> None:
    assert limit("share", sense, 0.4).holds(Outcome(np.zeros(3)))
    assert limit("share", sense, 0.4).slack(Outcome(np.zeros(3))) == 0


@pytest.mark.parametrize(
    ("measure", "sense", "amount", "sentence", "unit"),
    [
        ("money", ">=", 1500, "magazines: at least money 1,500", "money"),
        ("share", "<=", 0.125, "magazines: at most 12.5 % of spend", "share of spend"),
        ("insertions", ">=", 2, "magazines: at least 2 insertions", "insertions"),
    ],
)
def test_it_is_told_with_group_sense_and_unit(
    measure: str, sense: str, amount: float, sentence: str, unit: str
) -> None:
    rule = limit(measure, sense, amount)
    assert rule.sentence() == sentence
    assert rule.unit == unit


def test_money_is_told_in_its_currency_where_that_is_known() -> None:
    rule = GroupLimit("a cell", "magazines", np.array([0]), "money", "<=", 1500, Tariff(COST), currency="EUR")
    assert rule.sentence() == "magazines: at most EUR 1,500"


@given(
    st.lists(st.floats(0, 40), min_size=3, max_size=3).map(np.array),
    st.sampled_from(["money", "share", "insertions"]),
    st.sampled_from([">=", "<="]),
    st.floats(0, 1),
)
def test_its_row_says_the_same_as_its_slack(insertions, measure, sense, part) -> None:
    rule = limit(measure, sense, part * {"money": 10_000, "share": 1, "insertions": 60}[measure])
    (row,) = rule.rows()
    margin = float(row.coefficients @ insertions[row.columns]) - row.right
    margin = margin if row.sense == ">=" else -margin
    spend = float(COST @ insertions)
    if measure == "share":
        # The row is in money: the share's slack times all spend. Below a cent of spend shares mean nothing.
        if spend < 0.01:
            return
        margin /= spend
    assert margin == pytest.approx(rule.slack(Outcome(insertions)), abs=1e-8 * max(rule.amount, 1))
    if abs(margin) > 1e-5:
        assert rule.holds(Outcome(insertions)) == (margin > 0)
