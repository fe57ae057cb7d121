"""What a plan is said to cost is what the calendar shown costs, whatever the weeks do to the prices."""

import numpy as np
import pytest

from planner.campaign.calendar import Calendar, PriceFactor
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import GoalRow
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.plan.json_result import plan_json

OPTIONS = Options(seconds=30, break_even=False)


def campaign(objective: str, factors: tuple[float, ...], budget: float = 26_600) -> Campaign:
    """Alpha: 4,000 for 10 rating points, at these factors by week; 20 GRP are asked for."""
    weeks = len(factors)
    brief = Brief(universe_000=5_000, budget=budget, objective=objective, weeks=weeks)
    labels = tuple(f"W{week + 1}" for week in range(weeks))
    calendar = Calendar(labels, (None,) * weeks, factors=(PriceFactor("Press", ("Alpha",), factors),))
    goal = GoalRow("everyone", "grp", 20.0, cell="Goals!C2")
    return Campaign(
        brief, (TraitRow("catalyst", "catalyst", 0.1),), (), (), (MediumRow("Press", 1.6, 0.5),), 1.35,
        (VehicleRow("Alpha", "Press", 4_000, 500, 8),), ("catalyst",), (CompositionRow("Alpha", (0.08,)),),
        goals=(goal,), calendar=calendar,
    )  # fmt: skip


@pytest.mark.parametrize(("factors", "money"), [((1, 3), 8_000), ((3, 1, 2), 8_000), ((1, 1, 3), 8_000)])
def test_the_cheapest_plan_stands_in_the_weeks_that_make_it_cheapest(factors, money):
    """Two insertions at the lowest factor, however the flighting would spread them."""
    result = make_plan(campaign("minimum cost", factors), OPTIONS)
    assert result.cost == pytest.approx(money, rel=1e-12)
    assert result.value == pytest.approx(result.cost, rel=1e-12)
    assert result.weeks.cost.sum() == pytest.approx(result.cost, rel=1e-12)
    told = plan_json(result)
    assert told["value"] == pytest.approx(told["cost"], rel=1e-12)


@pytest.mark.parametrize("objective", ["minimum cost", "reach", "influence", "impressions"])
@pytest.mark.parametrize("factors", [(1, 3), (1, 1.5, 1, 2)])
def test_evaluating_an_untouched_plan_gives_its_money_again(objective, factors):
    made = campaign(objective, factors)
    result = make_plan(made, OPTIONS)
    insertions = result.vehicles.insertions
    again = evaluate_plan(made, insertions, insertions, OPTIONS, weekly=result.weeks.insertions)
    assert again.cost == pytest.approx(result.cost, abs=0.005)
    assert again.value == pytest.approx(result.value, rel=1e-12)
    assert again.gap == pytest.approx(result.gap, abs=1e-3)  # the gap asked for
    assert result.cost <= made.brief.budget
    assert result.influence.tailored.cost == pytest.approx(result.cost, abs=0.005)
    assert "less than" not in again.influence.verdict
    assert np.isclose(again.influence.tailored.cost, again.cost)
