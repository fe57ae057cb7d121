"""The model's error on the difference of two plans: by hand, and by its properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reach.differences import difference_error, exchanged

PLAN = np.array([1.0] * 8 + [0, 0])
OTHER = np.array([1.0] * 6 + [0, 0, 1, 1])


def test_two_vehicles_of_eight_exchanged() -> None:
    # .2 sqrt(2 (1 - 2/16)) / 8 = .2 x 1.3229 / 8
    assert exchanged(PLAN, OTHER, np.full(10, 0.1)) == (8, 2)
    assert difference_error(PLAN, OTHER, np.full(10, 0.1), 0.2) == pytest.approx(0.03307, abs=1e-5)


def test_where_only_insertions_change_contacts_that_moved_count() -> None:
    # 4 of 40 contacts a plan moved: |a - b| 8 of 80, of 4 vehicles .4
    a, b, rating = np.array([10.0, 10, 10, 10]), np.array([14.0, 6, 10, 10]), np.full(4, 0.2)
    assert exchanged(a, b, rating) == pytest.approx((4, 0.4))
    assert difference_error(a, b, rating, 0.1) == pytest.approx(0.1 * np.sqrt(0.4 * 0.95) / 4)


def test_a_plan_does_not_differ_from_itself_nor_from_nothing_where_both_are_nothing() -> None:
    assert difference_error(PLAN, PLAN, np.full(10, 0.1), 0.2) == 0
    assert difference_error(np.zeros(2), np.zeros(2), np.full(2, 0.1), 0.2) == 0


COUNTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12)


@given(COUNTS)
def test_it_is_symmetric_and_never_above_that_of_plans_that_share_nothing(
    counts: list[tuple[int, int]],
) -> None:
    a, b = np.array(counts, dtype=float).T
    rating = np.linspace(0.01, 0.3, len(a))
    bought, changed = exchanged(a, b, rating)
    assert 0 <= changed <= bought + 1e-9
    assert difference_error(a, b, rating, 0.2) == pytest.approx(difference_error(b, a, rating, 0.2))
    if bought:
        assert difference_error(a, b, rating, 0.2) <= 0.2 * np.sqrt(0.5 / bought) + 1e-12
