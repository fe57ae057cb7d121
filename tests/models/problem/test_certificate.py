"""When a plan is called optimal."""

import numpy as np
import pytest

from models.problem.certificate import Allocation


@pytest.mark.parametrize(
    ("value", "bound", "asked", "optimal"),
    [
        (19624.840380108737, 19624.84038010874, 0.0, True),  # one rounding apart
        (-150000.00000000003, -150000.0, 0.0, True),
        (100.0, 100.0, 0.0, True),
        (100.0, 100.0001, 0.0, False),
        (99.9, 100.0, 0.001, True),
        (99.8, 100.0, 0.001, False),
    ],
)
def test_a_plan_is_optimal_where_its_value_equals_the_bound_or_is_within_the_gap_asked(
    value, bound, asked, optimal
):
    assert Allocation(np.zeros(1), value, bound, asked).optimal is optimal
