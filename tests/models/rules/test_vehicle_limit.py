"""Limits on one vehicle, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.outcome import Outcome
from models.rules.vehicle_limit import VehicleLimit


def limit(sense: str, insertions: float, why: str = "minimum") -> VehicleLimit:
    return VehicleLimit("a cell", 1, "News", why, sense, insertions)  # type: ignore[arg-type]


def test_at_least_counts_from_below() -> None:
    rule = limit(">=", 3)
    assert rule.slack(Outcome(np.array([0.0, 5.0]))) == 2
    assert rule.slack(Outcome(np.array([9.0, 1.0]))) == -2
    assert rule.holds(Outcome(np.array([0.0, 3.0])))
    assert not rule.holds(Outcome(np.array([9.0, 2.999])))


def test_at_most_counts_from_above() -> None:
    rule = limit("<=", 3, "maximum")
    assert rule.slack(Outcome(np.array([0.0, 1.0]))) == 2
    assert rule.holds(Outcome(np.array([9.0, 3.0])))
    assert not rule.holds(Outcome(np.array([0.0, 3.001])))


def test_a_maximum_of_nothing_forbids() -> None:
    assert limit("<=", 0).holds(Outcome(np.array([5.0, 0.0])))
    assert not limit("<=", 0).holds(Outcome(np.array([5.0, 0.01])))


def test_of_what_is_bought_by_the_thousand_it_counts_impressions() -> None:
    rule = VehicleLimit("a cell", 1, "Site", "minimum", ">=", 20.0, impressions=1000.0)
    assert rule.sentence() == "Site: at least 20,000 impressions (minimum)"
    moved = VehicleLimit("a cell", 1, "Site", "locked", ">=", 15.0, impressions=1000.0)
    assert moved.change_text(moved.eased(5.0), "less") == "Site: locked at 5,000 (less)"


def test_it_is_told_with_vehicle_number_and_reason() -> None:
    assert limit(">=", 3).sentence() == "News: at least 3 insertions (minimum)"
    assert limit("<=", 2.5, "locked").sentence() == "News: locked at 2.5 insertions"
    assert limit(">=", 1, "must-buy").sentence().endswith("(must-buy)")


@given(
    st.lists(st.floats(0, 40), min_size=3, max_size=3).map(np.array),
    st.floats(0, 30),
    st.sampled_from([">=", "<="]),
)
def test_its_row_says_the_same_as_its_slack(insertions, number, sense) -> None:
    rule = limit(sense, number)
    (row,) = rule.rows()
    margin = float(row.coefficients @ insertions[row.columns]) - row.right
    margin = margin if row.sense == ">=" else -margin
    assert margin == pytest.approx(rule.slack(Outcome(insertions)), abs=1e-9)
    if abs(margin) > 1e-6:
        assert rule.holds(Outcome(insertions)) == (margin > 0)
