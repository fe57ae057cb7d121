"""Fixed costs, by hand: news costs 100 an insertion, and 80 once for its artwork."""

import numpy as np
import pytest

from models.purchase.tariff import Tariff
from models.rules.budget import Budget
from models.rules.fixed_cost import FixedCost
from models.rules.outcome import Outcome

TARIFF = Tariff(np.array([100.0, 250.0]), fixed=np.array([80.0, 0.0]))
RULE = FixedCost("cell", 0, "News", 80.0, TARIFF.columns, "EUR")


@pytest.mark.parametrize(("plan", "money"), [([0, 0], 0), ([0, 2], 500), ([1, 0], 180), ([3, 1], 630)])
def test_it_is_owed_once_by_whoever_buys(plan, money, rows_kept) -> None:
    insertions = np.array(plan, dtype=float)
    assert TARIFF.total(insertions) == money
    assert Budget("budget", TARIFF, money).holds(Outcome(insertions))
    assert not Budget("budget", TARIFF, money - 1.0).holds(Outcome(insertions))
    for amount in (money, money - 1.0):
        budget = Budget("budget", TARIFF, amount)
        assert rows_kept(budget, TARIFF, insertions) == budget.holds(Outcome(insertions))


def test_no_plan_breaks_a_price() -> None:
    for plan in ([0, 0], [1, 1]):
        assert RULE.holds(Outcome(np.array(plan, dtype=float)))
    assert RULE.slack(Outcome(np.array([0.0, 1.0]))) == 80  # what is not owed
    assert RULE.slack(Outcome(np.array([1.0, 1.0]))) == 0


def test_it_is_told_with_its_money() -> None:
    assert RULE.sentence() == "News: EUR 80 once if bought at all"
