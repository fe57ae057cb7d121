"""Large vehicles that reach almost all of some people: curves that rise more steeply than a solver takes."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.programme.relaxation import Relaxation
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.errors import NoPlan
from planner.planning.options import Options
from planner.planning.plan import make_plan

# medium, price, audience (000), share of catalysts, of young, of customers
OFFERED = {
    "Weekly": ("Magazines", 636.0, 2311.0, 0.26, 0.23, 0.34),
    "Site": ("Online", 390.0, 993.0, 0.10, 0.64, 0.29),
    "Soap": ("TV", 281.0, 1098.0, 0.13, 0.36, 0.21),
    "Journal": ("Magazines", 764.0, 2036.0, 0.25, 0.67, 0.23),
}


def campaign() -> Campaign:
    """At most two insertions of each, and some money for three of the four."""
    traits = (
        TraitRow("catalyst", "catalyst", 0.1),
        TraitRow("young", "demographic", 0.4),
        TraitRow("customers", "customer", 0.2),
    )
    media = (MediumRow("TV", 1.6, 0.5), MediumRow("Magazines", 2.5, 0.6), MediumRow("Online", 1.2, 0.3))
    vehicles = tuple(
        VehicleRow(name, medium, price, audience, 2.0)
        for name, (medium, price, audience, *_) in OFFERED.items()
    )
    shares = tuple(CompositionRow(name, row[3:]) for name, row in OFFERED.items())
    rule = RuleRow("some", "some", ("Weekly", "Site", "Soap"), 403.8, None, "money", cell="Rules!B2")
    brief = Brief(category="food", universe_000=10_000.0, budget=2_200.0, customers_first=0.0)
    return Campaign(
        brief, traits, (), (), media, 1.35, vehicles, ("catalyst", "young", "customers"), shares, (rule,)
    )  # fmt: skip


def test_the_best_plan_is_found_and_the_bound_is_one() -> None:
    """HiGHS took nothing of the programme, and the bound of an empty one made a plan 12 % below the best optimal."""
    problem = prepare(campaign()).problem
    plans = (np.array(plan, dtype=float) for plan in product(range(3), repeat=4))
    best = max(problem.value(plan) for plan in plans if not problem.broken(plan))
    found = make_plan(campaign(), Options(break_even=False))
    assert found.value >= best * (1 - 1e-9)
    assert found.bound >= best * (1 - 1e-9)
    relaxed = Relaxation(problem).relax(1e-6)
    assert best * (1 - 1e-9) <= relaxed.bound < np.inf


def test_a_goal_that_none_of_few_plans_meets_is_told_with_what_would_be_met() -> None:
    """Two spots of Final cost more than the budget; its rating is near 1 among young catalysts."""
    traits = (
        TraitRow("customer", "customer", 0.202),
        TraitRow("catalyst", "catalyst", 0.113),
        TraitRow("young", "demographic", 0.491, band="age"),
        TraitRow("old", "demographic", 0.509, band="age"),
    )
    offered = (
        VehicleRow("Final", "TV", 295.0, 1864.0, 2.0, smallest_buy=2.0),
        VehicleRow("Daily", "Print", 63.0, 250.0, 2.0, bought_as="impressions"),
        VehicleRow("Soap", "TV", 23.0, 191.0, 1.0),
    )
    shares = ((0.173, 0.212, 0.861, 0.139), (0.099, 0.094, 0.625, 0.375), (0.181, 0.153, 0.377, 0.623))
    brief = Brief(category="food", universe_000=5_000.0, budget=484.0, objective="minimum cost")
    steep = Campaign(
        brief, traits, (), (), (MediumRow("TV", 1.61, 0.5), MediumRow("Print", 2.42, 0.6)), 1.2, offered,
        tuple(trait.name for trait in traits),
        tuple(CompositionRow(row.name, own) for row, own in zip(offered, shares, strict=True)),
        goals=(GoalRow("catalyst", "reach", 0.18, cell="Goals!C2"),),
    )  # fmt: skip
    with pytest.raises(NoPlan) as caught:
        make_plan(steep, Options(break_even=False))
    changes = {change.cell: change for change in caught.value.explanation.changes}
    assert set(changes) == {"Brief", "Goals!C2", "Vehicles, Final", "Vehicles, Daily", "Vehicles, Soap"}
    points, money = changes["Goals!C2"].change, changes["Brief"].change
    assert points is not None
    assert money == 106  # two spots of Final: 590
    eased = replace(steep.goals[0], at_least=0.18 + points / 100)
    for enough in (replace(steep, goals=(eased,)), replace(steep, brief=replace(brief, budget=484 + money))):
        assert make_plan(enough, Options(break_even=False)).status == "optimal"
