"""Campaigns that tailoring changes, and campaigns that it does not."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from planner.campaign.inputs import (
    Brief,
    Campaign,
    CompositionRow,
    MediumRow,
    TraitRow,
    VehicleRow,
)
from planner.campaign.prepare import prepare
from planner.planning.options import Options
from planner.planning.plan import make_plan

SHARP = Options(gap=1e-6, break_even=False)
CUSTOMER = TraitRow("customer", "customer", 0.3)
CATALYST = TraitRow("catalyst", "catalyst", 0.1)
COOK = TraitRow("expert: food", "expert", 0.2, category="food")
MEDIA = (MediumRow("TV", 1.6, 0.5), MediumRow("Magazines", 2.5, 0.6))
# cost, audience (000), shares of customers, catalysts, cooks
OFFERED = {
    "Gossip": (400.0, 400.0, 0.30, 0.50, 0.50),
    "Quiz": (400.0, 620.0, 0.30, 0.05, 0.10),
    "Soap": (300.0, 400.0, 0.28, 0.04, 0.10),
    "Debate": (380.0, 330.0, 0.32, 0.35, 0.40),
    "Weekly": (500.0, 600.0, 0.30, 0.10, 0.20),
}


def build(offered=OFFERED, traits=(CUSTOMER, CATALYST, COOK), influence=(), **brief):
    """Vehicles in two media by turns, at most 3 of each; keywords are values of the brief."""
    rows = tuple(
        VehicleRow(
            name=name, medium=MEDIA[(j + 1) % 2].name, unit_cost=cost, audience_000=audience, maximum=3.0
        )
        for j, (name, (cost, audience, *_)) in enumerate(offered.items())
    )
    standard = {"category": "food", "universe_000": 10_000.0, "budget": 2_000.0, "customers_first": 0.9}
    return Campaign(
        brief=replace(Brief(), **(standard | brief)), traits=traits, overlaps=(), audiences=(), media=MEDIA,
        between_media=1.35, vehicles=rows, composition_traits=("customer", "catalyst", "expert: food"),
        composition=tuple(CompositionRow(name, tuple(row[2:])) for name, row in offered.items()),
        influence=influence,
    )  # fmt: skip


def preset(name, objective="influence"):
    return {"influence_preset": name, "objective": objective}


CAMPAIGNS = (
    build(**preset("moderate")),
    build(**preset("industry", "word of mouth")),
    build(**preset("industry")),
    build(traits=(CUSTOMER, CATALYST), **preset("moderate")),
)
PAYS = range(2)  # in the first two every figure is checked, in all where the verdict turns


@cache
def made(number):
    """Campaigns made so that tailoring pays, planned at a sharp gap with their break-even."""
    campaign = CAMPAIGNS[number]
    return campaign, make_plan(campaign, Options(gap=1e-6))


def every_plan(campaign, result):
    """All plans within the budget, their reach by segment, and which of them keep the customers' floor."""
    people = prepare(campaign).people
    plans = np.array(list(product(range(4), repeat=len(OFFERED))), dtype=float)
    plans = plans[plans @ np.array([row[0] for row in OFFERED.values()]) <= campaign.brief.budget]
    reach = np.array([people.model.reach_shares(plan) for plan in plans])
    customers = people.segments.population * people.segments.with_trait("customer")
    share = reach @ customers / customers.sum()
    assert result.customers_first.best == pytest.approx(share.max(), rel=1e-6)
    return plans, reach, share >= 0.9 * share.max()
