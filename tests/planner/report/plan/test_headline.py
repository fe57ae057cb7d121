"""The figures that a client asks for first."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from planner.planning.tables import plan_rows
from planner.report.plan.headline import headline
from planner.report.plan.text import plan_table


def test_contacts_bought_by_the_thousand_are_no_insertions(made_result):
    result = made_result()
    bought = [row for row in plan_rows(result) if row.bought]
    count = sum(row.insertions for row in bought)
    assert dict(headline(result))[f"Bought, {len(bought)} vehicles"] == f"{count:.0f} insertions"
    first = bought[0]
    vehicles = tuple(
        replace(row, bought_as="impressions") if row.name == first.vehicle else row
        for row in result.campaign.vehicles
    )
    changed = replace(result, campaign=replace(result.campaign, vehicles=vehicles))
    shown = next(value for name, value in headline(changed) if name.startswith("Bought"))
    others = sum(row.insertions for row in bought) - first.insertions
    assert shown == f"{others:.0f} insertions + {first.impressions_000 / 1000:.4g}m impressions"


@pytest.mark.parametrize("cost", [397_332.5, 397_332.494, 1_499_999.995, 0.005, 999_999.999])
def test_cost_and_what_is_left_are_the_budget_to_the_cent(cost, made_result):
    """As shown: cost + left = budget, however the cost is rounded."""
    result = made_result()
    campaign = replace(result.campaign, brief=replace(result.campaign.brief, budget=1_500_000.0))
    figures = replace(result.vehicles, cost=np.array([cost, *[0.0] * (len(campaign.vehicles) - 1)]))
    changed = replace(result, campaign=campaign, vehicles=figures, cost=cost)
    shown = dict(headline(changed))
    amounts = [Decimal(shown[name].lstrip("$").replace(",", "")) for name in ("Cost", "Left", "Budget")]
    assert amounts[0] + amounts[1] == amounts[2]
    assert shown["Cost"] in plan_table(changed)
    assert f"{shown['Left']} left" in plan_table(changed)
