"""Whether a rule binds: by hand on the smallest campaigns, and on campaigns of every kind against removing the rule."""

from dataclasses import replace

import pytest

from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.planning.options import Options
from planner.planning.plan import make_plan

QUICK = Options(break_even=False)


def two(
    rules: tuple[RuleRow, ...] = (),
    goals: tuple[GoalRow, ...] = (),
    budget: float = 30_000,
    audience=(1000, 400),
    **most: dict,
) -> Campaign:
    """A on TV and B a magazine, 10,000 each, at most 4 of either."""
    rows = (
        VehicleRow("A", "TV", 10_000, audience[0], 4),
        VehicleRow("B", "Magazine", 10_000, audience[1], 4),
    )
    return Campaign(
        Brief(universe_000=10_000, budget=budget, objective="reach", target_audience="everyone"),
        (TraitRow("catalyst", "catalyst", 0.1),), (), (),
        (MediumRow("TV", 1.6, 0.1), MediumRow("Magazine", 1.6, 0.6)), 1.35,
        tuple(replace(row, **most.get(row.name, {})) for row in rows), ("catalyst",),
        tuple(CompositionRow(row.name, (0.1,)) for row in rows), rules, goals=goals,
    )  # fmt: skip


def bindings(campaign: Campaign) -> dict[str, bool]:
    return {rule.text: rule.binding for rule in make_plan(campaign, QUICK).rules}


def test_a_share_binds_where_one_insertion_in_anothers_place_breaks_it():
    """One of three on TV is 33 %, two are 67 %: 60 % is 27 points away and decides the plan."""
    told = bindings(two((RuleRow("r", "TV", ("A",), None, 0.6, "share"),)))
    assert told["TV: at most 60 % of spend"]


def test_a_share_that_no_wanted_change_breaks_does_not_bind():
    told = bindings(two((RuleRow("r", "Magazine", ("B",), None, 0.6, "share"),)))
    assert not told["Magazine: at most 60 % of spend"]


def test_a_cap_on_frequency_binds_where_it_leaves_money_unspent():
    goals = (GoalRow("everyone", "average frequency", None, 1.05, cell="Goals!D2"),)
    result = make_plan(two((), goals, 80_000), QUICK)
    told = {rule.cell: rule.binding for rule in result.rules}
    assert result.cost < 80_000 - 10_000
    assert told == {"Brief": False, "Goals!D2": True}


def test_a_locked_number_is_one_line_and_binds_when_more_would_be_worth_more():
    told = bindings(two(A={"locked": 1.0}, B={"maximum": 1.0}))
    assert told["A: locked at 1 insertion"]
    assert not told["the plan costs at most $30,000"]


def test_a_minimum_binds_when_another_in_its_place_is_worth_more():
    assert bindings(two(B={"minimum": 1.0}))["B: at least 1 insertion (minimum)"]
    assert not bindings(two(A={"minimum": 1.0}))["A: at least 1 insertion (minimum)"]


def test_rules_of_the_planner_stand_before_limits_of_vehicles() -> None:
    """Of A all 4 are bought, of B 4 at the most that half on TV allows."""
    rules = (RuleRow("r", "TV", ("A",), 0.5, None, "share", cell="Rules!B2"),)
    result = make_plan(two(rules, budget=90_000, B={"maximum": 6.0}), QUICK)
    assert [rule.text for rule in result.rules if rule.binding] == [
        "TV: at least 50 % of spend", "A: at most 4 insertions (maximum)",
    ]  # fmt: skip


def test_rules_that_only_together_forbid_more_bind_together():
    same = tuple(RuleRow(f"r{n}", "TV", ("A",), None, 1.0, "insertions", cell=f"Rules!B{n}") for n in (2, 3))
    result = make_plan(two(same, budget=80_000), QUICK)
    assert [rule.binding for rule in result.rules if rule.cell.startswith("Rules")] == [True, True]


@pytest.mark.parametrize("budget", [5_000, 10_000])
def test_nothing_binds_a_plan_of_everything_but_its_maxima(budget):
    result = make_plan(
        two(A={"maximum": 1.0, "unit_cost": 1_000}, B={"maximum": 1.0, "unit_cost": 1_000}, budget=budget),
        QUICK,
    )
    assert {rule.text for rule in result.rules if rule.binding} == {
        "A: at most 1 insertion (maximum)", "B: at most 1 insertion (maximum)",
    }  # fmt: skip
