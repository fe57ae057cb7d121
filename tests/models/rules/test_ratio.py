"""Ratios, by hand: radio (two stations at 50 and 100) beside TV (two channels at 200 and 400)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.ratio import Ratio

TARIFF = Tariff(np.array([50.0, 100.0, 200.0, 400.0]), fixed=np.array([30.0, 0.0, 0.0, 0.0]))
RATING = np.array([1.0, 2.0, 4.0, 10.0])
RADIO, TV = np.array([0, 1]), np.array([2, 3])
PLAN = np.array([4.0, 3.0, 2.0, 1.0])  # 7 against 3 insertions; 10 against 18 points; 530 against 800


def ratio(of: str, sense: str, amount: float) -> Ratio:
    return Ratio("cell", "radio", RADIO, "TV", TV, of, sense, amount, TARIFF, RATING)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of", "sense", "amount", "slack"),
    [
        ("insertions", ">=", 2.0, 1.0), ("insertions", ">=", 3.0, -2.0), ("insertions", "<=", 3.0, 2.0),
        ("grp", ">=", 0.5, 1.0), ("grp", ">=", 1.0, -8.0), ("grp", "<=", 0.5, -1.0),
        ("money", ">=", 0.5, 130.0), ("money", ">=", 0.75, -70.0), ("money", "<=", 0.75, 70.0),
    ],
)  # fmt: skip
def test_what_the_group_has_is_compared_with_what_the_base_has(of, sense, amount, slack, rows_kept) -> None:
    """Money counts what radio really costs: its fixed cost of 30 as well."""
    rule = ratio(of, sense, amount)
    assert rule.slack(Outcome(PLAN)) == pytest.approx(slack)
    assert rule.holds(Outcome(PLAN)) == (slack > 0)
    assert rows_kept(rule, TARIFF, PLAN) == (slack > 0)


@pytest.mark.parametrize("of", ["insertions", "grp", "money"])
def test_of_a_base_of_nothing_at_least_asks_for_nothing_and_at_most_leaves_nothing(of) -> None:
    only_radio = np.array([1.0, 0.0, 0.0, 0.0])
    assert ratio(of, ">=", 2.0).holds(Outcome(np.zeros(4)))
    assert ratio(of, ">=", 2.0).holds(Outcome(only_radio))
    assert ratio(of, "<=", 2.0).holds(Outcome(np.zeros(4)))
    assert not ratio(of, "<=", 2.0).holds(Outcome(only_radio))


def test_a_vehicle_in_both_groups_counts_in_both() -> None:
    """All (10 insertions) at least three times TV (3), TV being part of it."""
    rule = Ratio("cell", "all", np.arange(4), "TV", TV, "insertions", ">=", 3.0, TARIFF, RATING)
    assert rule.slack(Outcome(PLAN)) == 1.0
    (row,) = rule.rows()
    assert dict(zip(row.columns.tolist(), row.coefficients.tolist(), strict=True)) == {
        0: 1,
        1: 1,
        2: -2,
        3: -2,
    }


@pytest.mark.parametrize(
    ("of", "sense", "sentence", "unit"),
    [
        ("insertions", ">=", "radio: at least 200 % of the insertions of TV", "insertions"),
        ("grp", "<=", "radio: at most 200 % of the GRP of TV", "GRP"),
        ("money", ">=", "radio: at least 200 % of the spend of TV", "money"),
    ],
)
def test_it_is_told_in_percent(of, sense, sentence, unit) -> None:
    assert ratio(of, sense, 2.0).sentence() == sentence
    assert ratio(of, sense, 2.0).unit == unit


@given(
    st.lists(st.integers(0, 6), min_size=4, max_size=4),
    st.sampled_from(["insertions", "grp", "money"]),
    st.sampled_from([">=", "<="]),
    st.sampled_from([0.25, 0.5, 1.0, 2.0]),
)
def test_its_row_is_kept_exactly_where_it_holds(rows_kept, insertions, of, sense, amount) -> None:
    plan = np.array(insertions, dtype=float)
    rule = ratio(of, sense, amount)
    assert rows_kept(rule, TARIFF, plan) == rule.holds(Outcome(plan))
