"""What a row is divided by before a solver sees it."""

import numpy as np
import pytest

from models.rules.row import Row


@pytest.mark.parametrize(("largest", "scale"), [(4.0, 4.0), (3e11, 3e11), (3e12, 5e11)])
def test_its_largest_coefficient_unless_a_solver_would_leave_out_the_smallest(largest, scale) -> None:
    """Money in a discount's step, at most 3e12: 1 / 3e12 is below the 1e-12 that HiGHS still sees."""
    row = Row(np.arange(3), np.array([1.0, 0.0, -largest]), "<=", 0.0)
    assert row.scale == pytest.approx(scale, rel=1e-12)


def test_a_row_of_nothing_is_divided_by_1() -> None:
    assert Row(np.arange(1), np.zeros(1), "<=", 0.0).scale == 1.0
