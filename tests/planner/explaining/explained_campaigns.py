"""Campaigns to explain, and all their plans."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import RuleRow
from planner.explaining.explain import explain
from planner.explaining.inquiry import Inquiry
from planner.planning.options import Options
from planner.planning.plan import make_plan

SAMPLES = Path(__file__).parents[3] / "sample_inputs"
QUICK = Options(break_even=False)
TRAITS = (TraitRow("catalyst", "catalyst", 0.1), TraitRow("young", "demographic", 0.4))
MEDIA = (MediumRow("TV", 1.6, 0.5), MediumRow("Magazines", 2.5, 0.6))
# price, audience (000), share of catalysts, share of young
OFFERED = {
    "Quiz": (300.0, 900.0, 0.10, 0.40),
    "Soap": (260.0, 700.0, 0.08, 0.30),
    "Debate": (240.0, 500.0, 0.25, 0.40),
    "Weekly": (500.0, 600.0, 0.12, 0.50),
    "Journal": (450.0, 500.0, 0.20, 0.40),
}


def build(offered=OFFERED, rules=(), rows=None, **brief):
    """Vehicles in two media by turns, at most two of each; rows: fields of single vehicles, by name."""
    changes = rows or {}
    vehicles = tuple(
        replace(VehicleRow(name, MEDIA[j % 2].name, price, audience, 2.0), **changes.get(name, {}))
        for j, (name, (price, audience, *_)) in enumerate(offered.items())
    )
    standard = {"category": "food", "universe_000": 10_000.0, "budget": 1_000.0, "customers_first": 0.0}
    return Campaign(
        replace(Brief(), **(standard | brief)), TRAITS, (), (), MEDIA, 1.35, vehicles, ("catalyst", "young"),
        tuple(CompositionRow(name, (row[2], row[3])) for name, row in offered.items()), rules,
    )  # fmt: skip


@cache
def explained(kind="plain"):
    rules = {
        "plain": (),
        "rule": (RuleRow("half", "Magazines", ("Soap", "Weekly"), 700.0, None, "money", cell="Rules!B2"),),
    }
    campaign = build(rules=rules[kind])
    return explain(make_plan(campaign, QUICK), QUICK)


def solved_price(base, place, bought):
    """One vehicle's price: a bracket, then sharper."""
    inquiry = Inquiry(base, place, bought)
    inquiry.coarse()
    inquiry.sharpen()
    return inquiry.price()
