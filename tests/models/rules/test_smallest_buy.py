"""Smallest buys, by hand: news is bought three times or not at all."""

import numpy as np
import pytest

from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.smallest_buy import SmallestBuy

TARIFF = Tariff(np.array([100.0, 250.0]))
RULE = SmallestBuy("cell", 0, "News", 3.0, Columns(2))


@pytest.mark.parametrize(
    ("bought", "slack", "holds"), [(0, 0, True), (1, -2, False), (2, -1, False), (3, 0, True), (5, 2, True)]
)
def test_nothing_or_enough_is_bought(bought, slack, holds, rows_kept) -> None:
    plan = np.array([bought, 1.0])
    assert RULE.slack(Outcome(plan)) == slack
    assert RULE.holds(Outcome(plan)) == holds
    assert rows_kept(RULE, TARIFF, plan) == holds


def test_a_part_of_an_insertion_is_not_enough_either() -> None:
    assert not RULE.holds(Outcome(np.array([0.5, 0.0])))
    assert not RULE.holds(Outcome(np.array([2.999, 0.0])))
    assert RULE.holds(Outcome(np.array([3.0 - 1e-10, 0.0])))  # a rounding


def test_it_is_told_as_the_planner_said_it() -> None:
    assert RULE.sentence() == "News: at least 3 insertions if bought at all"
    assert RULE.unit == "insertions"


def test_one_insertion_is_said_in_the_singular() -> None:
    assert (
        SmallestBuy("s", 0, "news", 1.0, Columns(1)).sentence()
        == "news: at least 1 insertion if bought at all"
    )
