"""Locked weeks, by hand: three weeks, and sport locked at 2 in the second."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.week_lock import WeekLock

TARIFF = Tariff(np.array([100.0, 250.0]), Columns(2, 3))


def lock(sense: str) -> WeekLock:
    return WeekLock("cell", 1, "Sport", 1, "week W2", sense, 2.0, TARIFF.columns)  # type: ignore[arg-type]


def plan(*sport: float) -> np.ndarray:
    weekly = np.array([[9.0, 9.0, 9.0], sport])
    return TARIFF.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))


def test_both_sides_together_hold_for_its_number_and_no_other() -> None:
    for week, below, above in ((1, True, False), (2, True, True), (3, False, True)):
        assert lock("<=").holds(Outcome(plan(5, week, 5))) == below
        assert lock(">=").holds(Outcome(plan(5, week, 5))) == above
    assert lock("<=").slack(Outcome(plan(0, 3, 0))) == -1
    assert lock(">=").slack(Outcome(plan(9, 0, 9))) == -2


def test_it_is_told_with_vehicle_week_and_number() -> None:
    assert lock("<=").sentence() == lock(">=").sentence() == "Sport, week W2: locked at 2"


@given(st.lists(st.integers(0, 4), min_size=3, max_size=3), st.sampled_from(["<=", ">="]))
def test_its_row_is_kept_exactly_where_it_holds(rows_kept, weeks, sense) -> None:
    assert rows_kept(lock(sense), TARIFF, plan(*weeks)) == lock(sense).holds(Outcome(plan(*weeks)))
