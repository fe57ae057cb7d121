"""Prices of the units of one vehicle, of which so many must be bought in all: against enumeration."""

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.explaining.explain import explain
from planner.explaining.explained import VehiclePrice
from planner.planning.edits import PlanEdits, keep_edits
from planner.planning.plan import make_plan
from planner.planning.variants import variant, with_vehicle
from tests.planner.explaining.explained_campaigns import QUICK, build

LONG, SHORT = 0, 1


def in_units(long: float, short: float | None, budget: float = 1_000.0, **asked: Any) -> Campaign:
    """Quiz in two lengths at two prices, and four more vehicles; what is asked of Quiz counts both."""
    campaign: Campaign = build(budget=budget)
    quiz, *others = (replace(row, **asked) if row.name == "Quiz" else row for row in campaign.vehicles)
    units = [
        replace(quiz, name=f"Quiz | {unit}", vehicle="Quiz", unit=unit, unit_cost=price, ad_seen=seen)
        for unit, price, seen in ((":30", long, 1.0), (":10", short, 0.55))
    ]
    first, *rest = campaign.composition
    own = [replace(first, vehicle=row.name) for row in units]
    return replace(campaign, vehicles=(*units, *others), composition=(*own, *rest))


def best_worth(prepared: Prepared, place: int, bought: bool) -> float:
    """The best worth over all plans within the rules with, or without, a vehicle, by enumeration."""
    problem = prepared.problem
    offered = (range(int(most) + 1) for most in problem.system.upper[: problem.n_vehicles])
    plans = (np.array(plan, dtype=float) for plan in product(*offered))
    kept = (plan for plan in plans if bool(plan[place]) is bought and not problem.broken(plan))
    return max((problem.value(plan) for plan in kept), default=-np.inf)


def prices(campaign: Campaign) -> tuple[VehiclePrice, ...]:
    return explain(make_plan(campaign, QUICK), QUICK).vehicles


@pytest.mark.parametrize(
    "campaign",
    [
        in_units(300.0, 180.0, minimum=1.0),
        in_units(300.0, 180.0, minimum=2.0),
        in_units(300.0, 180.0, must_buy=True),
        in_units(420.0, 250.0, minimum=2.0),
        in_units(520.0, 280.0, 1_200.0, minimum=1.0),
    ],
)
@pytest.mark.parametrize("place", [LONG, SHORT])
def test_a_unit_goes_out_where_another_of_its_vehicle_serves_the_minimum_better(
    campaign: Campaign, place: int
) -> None:
    price, prepared = prices(campaign)[place], prepare(campaign)
    assert price.source == "solved"
    assert price.confirmed
    assert "whatever its price" not in price.reason
    assert price.low is not None
    assert price.high is not None
    without = best_worth(prepared, place, False)
    for unit_cost, inside in ((price.low * 0.9999, True), (price.high * 1.0001, False)):
        there = variant(prepared, with_vehicle(campaign, place, unit_cost=unit_cost))
        assert (best_worth(there, place, True) > without * (1 - 1e-5)) is inside  # prices are sharp to 1e-5


def test_the_only_unit_that_can_serve_the_minimum_stays_whatever_its_price() -> None:
    campaign = in_units(300.0, None, minimum=1.0)
    price = prices(campaign)[LONG]
    assert best_worth(prepare(campaign), LONG, False) == -np.inf
    assert price.source == "rule"
    assert "whatever its price, within the budget: without it no plan keeps Quiz (all units)" in price.reason


def test_an_edited_unit_may_be_fewer_than_its_vehicles_minimum() -> None:
    campaign = in_units(300.0, 180.0, minimum=2.0)
    planned = np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    edited = planned - (np.arange(6) == LONG)
    cells = tuple(f"Plan!F{row}" for row in range(7, 13))
    kept = keep_edits(campaign, PlanEdits(edited, planned, cells))
    assert kept.vehicles[LONG].locked == 0
    assert make_plan(kept, QUICK).vehicles.insertions[SHORT] == 2
