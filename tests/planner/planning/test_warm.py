"""Scenarios asked of one live programme: as good as those planned alone, whatever was changed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.problem.problem import Problem
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.prepare import Prepared, prepare
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.errors import NoPlan
from planner.planning.options import Clock, Options
from planner.planning.questions import Solved, customer_problem
from planner.planning.solve import solve
from planner.planning.variants import with_budget
from planner.planning.warm import answer, changed, relaxation_for
from planner.workbook.campaign.parse import read_campaign

GAP = 1e-3
SAMPLE = Path(__file__).parents[3] / "sample_inputs" / "spring_launch.xlsx"


@pytest.fixture(scope="module")
def base() -> Prepared:
    """The sample with fewer vehicles, so that a cold plan takes a moment."""
    return prepare(fewer(read_campaign(SAMPLE), 12))


def fewer(campaign: Campaign, many: int) -> Campaign:
    """With the first so many vehicles only."""
    rows = campaign.vehicles[:many]
    names = {row.name for row in rows}
    composition = tuple(row for row in campaign.composition if row.vehicle in names)
    return replace(
        campaign, vehicles=rows, composition=composition, rules=(), goals=(), discounts=(), packages=()
    )


def dearer(campaign: Campaign) -> Campaign:
    """With the first vehicle at twice its price."""
    first, *rest = campaign.vehicles
    assert first.unit_cost is not None
    return replace(campaign, vehicles=(replace(first, unit_cost=2 * first.unit_cost), *rest))


def ruled(campaign: Campaign) -> Campaign:
    """With at most half of the spend in the first four vehicles."""
    names = tuple(row.name for row in campaign.vehicles[:4])
    return replace(campaign, rules=(RuleRow("some", "some", names, None, 0.5, "share", cell="Rules!B2"),))


def reweighted(campaign: Campaign) -> Campaign:
    """With every weight given, and other word of mouth."""
    traits = tuple(replace(row, weight=3.0 if row.role == "catalyst" else 1.5) for row in campaign.traits)
    return replace(campaign, traits=traits, brief=replace(campaign.brief, influence_preset="industry"))


def with_goal(campaign: Campaign) -> Campaign:
    """With a goal on reach, of everyone."""
    return replace(campaign, goals=(GoalRow("everyone", "reach", 0.02, cell="Goals!C2"),))


def halved(campaign: Campaign) -> Campaign:
    return with_budget(campaign, campaign.brief.budget / 2)


CHANGES = (halved, dearer, ruled, reweighted)


def bounded(problem: Problem, bound: float, plan: np.ndarray) -> bool:
    """Whether no plan that keeps the rules is worth more than a bound says."""
    return bool(problem.broken(plan)) or problem.value(plan) <= bound * (1 + 1e-9)


@pytest.mark.parametrize("change", CHANGES)
def test_a_scenario_is_certified_to_the_gap_and_as_good_as_one_planned_alone(
    base: Prepared, change: Callable[[Campaign], Campaign]
) -> None:
    scenario = changed(base, change(base.campaign))
    assert scenario.people.model is base.people.model
    relaxation = relaxation_for(base, [scenario])
    first = answer(base, relaxation)
    warm = answer(scenario, relaxation, first)
    alone = solve(prepare(change(base.campaign)), Options(gap=GAP), Clock(60))
    assert warm.impressions is None
    for one, other in ((warm.ordinary, alone.ordinary), (warm.tailored, alone.tailored)):
        assert one.gap <= GAP
        assert other.gap <= GAP
    # Each floor of customers first is a share of the best found, so bounds may be compared where that is the same.
    assert not warm.problem.broken(warm.tailored.decision)
    assert not warm.problem.broken(warm.ordinary.decision)
    assert bounded(warm.problem, warm.tailored.bound, alone.tailored.decision)
    customers = customer_problem(scenario)
    assert (customers is None) == (warm.for_customers is None)
    if customers is not None and warm.for_customers is not None and alone.for_customers is not None:
        assert bounded(customers, warm.for_customers.bound, alone.for_customers.decision)
        assert bounded(customers, alone.for_customers.bound, warm.for_customers.decision)


def test_a_scenario_may_be_asked_in_any_order_and_has_the_same_answer(base: Prepared) -> None:
    scenarios = [
        changed(base, with_budget(base.campaign, part * base.campaign.brief.budget)) for part in (0.5, 1.5)
    ]
    relaxation = relaxation_for(base, scenarios)
    solved: Solved | None = None
    values = []
    for scenario in (scenarios[0], scenarios[1], base, scenarios[0]):
        solved = answer(scenario, relaxation, solved)
        values.append(solved.tailored.value)
    assert values[0] == pytest.approx(values[3], rel=2 * GAP)  # both within the gap of the same best
    assert values[0] < values[2] < values[1]


def test_a_floor_that_no_plan_meets_is_said_to_be_so(base: Prepared) -> None:
    scenario = changed(
        base, replace(with_goal(base.campaign), brief=replace(base.campaign.brief, budget=1_000.0))
    )
    with pytest.raises(NoPlan):
        answer(scenario, relaxation_for(base), None, Options(explain=False))


def test_other_audiences_are_other_people_and_other_prices_are_not(base: Prepared) -> None:
    first, *rest = base.campaign.vehicles
    louder = replace(base.campaign, vehicles=(replace(first, audience_000=1.1 * first.audience_000), *rest))
    assert changed(base, louder).people.model is not base.people.model
    by_thousand = replace(base.campaign, vehicles=(replace(first, unit="1,000 contacts"), *rest))
    assert changed(base, by_thousand).people.model is not base.people.model
    assert changed(base, dearer(base.campaign)).people is base.people
    weighted = changed(base, reweighted(base.campaign)).people
    assert weighted.model is base.people.model
    assert not np.array_equal(weighted.weights, base.people.weights)
    fresh = prepare(reweighted(base.campaign)).people
    assert weighted.weights == pytest.approx(fresh.weights)


def test_a_goal_for_another_audience_of_the_same_people_keeps_them(base: Prepared) -> None:
    asked = GoalRow("customer and not catalyst", "reach", 0.2, cell="Goals!C2")
    own = replace(base.campaign, goals=(asked,))
    kept, fresh = changed(base, own).people, prepare(own).people
    assert kept.model is base.people.model
    assert list(kept.masks) == list(fresh.masks)
    assert asked.audience in kept.masks
    assert all(np.array_equal(kept.masks[name], fresh.masks[name]) for name in fresh.masks)


def test_people_do_not_depend_on_what_a_vehicle_costs_or_may_be_bought(base: Prepared) -> None:
    rows = tuple(
        VehicleRow(**(vars(row) | {"maximum": 1.0, "unit_cost": 5.0, "minimum": 0.0}))
        for row in base.campaign.vehicles
    )
    assert changed(base, replace(base.campaign, vehicles=rows)).people is base.people
