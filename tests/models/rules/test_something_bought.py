"""Something is bought: by hand, and its rows agree with its slack."""

import numpy as np
import pytest

from models.rules.outcome import Outcome
from models.rules.something_bought import SomethingBought


@pytest.mark.parametrize(("insertions", "slack"), [([0, 0], -1.0), ([0, 1], 0.0), ([2, 3], 4.0)])
def test_one_insertion_is_enough_and_none_is_not(insertions, slack):
    rule = SomethingBought("something", np.ones(2), 1.0)
    plan = np.array(insertions, dtype=float)
    assert rule.slack(Outcome(plan)) == slack
    assert rule.holds(Outcome(plan)) is (slack >= 0)
    (row,) = rule.rows()
    assert float(row.coefficients @ plan[row.columns]) - row.right == slack
    assert row.sense == ">="
    assert rule.sentence() == "something is bought"
