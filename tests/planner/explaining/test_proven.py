"""What proves a vehicle in at a price."""

import numpy as np
import pytest

from models.programme.plans.completion import completed
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import RuleRow
from planner.explaining.pricing import make_base
from planner.explaining.proven import Proven
from tests.planner.explaining.explained_campaigns import build


@pytest.mark.parametrize(
    ("limit", "unit", "most"),
    [(800.0, "money", 400.0), (0.625, "share", 300.0)],  # 2 p <= 800; 2 p <= 5/8 of 2 p + 360
)
def test_a_plan_proves_a_vehicle_in_up_to_where_a_rule_forbids_it_not_only_the_budget(
    limit: float, unit: str, most: float
) -> None:
    """Two of Quiz and two of Soap at 180: the budget of 5,000 pays far more than the rule allows for Quiz."""
    offered = {"Quiz": (250.0, 900.0, 0.10, 0.40), "Soap": (180.0, 700.0, 0.08, 0.30)}
    rules = (RuleRow("cap", "Quiz", ("Quiz",), None, limit, unit, cell="Rules!B2"),)
    prepared = prepare(build(offered, rules, budget=5_000.0))
    plan = np.array([2.0, 2.0])
    its = Proven(make_base(prepared, completed(prepared.problem, plan, None), lambda: 60.0), 0)
    found = its.holds_to(its.base.best.decision, 250.0)
    assert 0.9 * most <= found <= most
    assert unit != "money" or found == pytest.approx(most)


@pytest.mark.parametrize("asked", [True, False])
def test_a_much_lower_price_is_tried_at_once_only_where_no_rule_asks_for_money_to_be_spent(
    asked: bool,
) -> None:
    """It may be out at a high price and at a low one, and in between them be what such a rule asks for."""
    offered = {"Quiz": (250.0, 900.0, 0.10, 0.40), "Soap": (180.0, 700.0, 0.08, 0.30)}
    limits = (400.0, None) if asked else (None, 400.0)
    rules = (RuleRow("floor", "Quiz", ("Quiz",), *limits, "money", cell="Rules!B2"),)
    prepared = prepare(build(offered, rules, budget=5_000.0))
    plan = completed(prepared.problem, np.array([2.0, 2.0]), None)
    its = Proven(make_base(prepared, plan, lambda: 60.0), 0)
    assert its.not_too_far(250.0, 10.0) == (125.0 if asked else 10.0)
    assert its.not_too_far(250.0, 200.0) == 200.0
