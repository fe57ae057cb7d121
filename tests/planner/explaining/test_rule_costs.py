"""What a rule costs, and which rule a price is the doing of."""

from dataclasses import replace

import pytest

from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import RuleRow
from planner.explaining.explain import explain
from planner.explaining.inquiry import Inquiry
from planner.explaining.pricing import make_base
from planner.explaining.rule_costs import solved_without
from planner.planning.plan import make_plan
from planner.planning.variants import with_vehicle
from planner.report.why.explain import rule_line, sureness
from tests.planner.explaining.explained_campaigns import (
    QUICK,
    TRAITS,
    build,
    explained,
)


def test_a_price_that_is_a_rules_doing_says_which():
    """Magazines must take 700 of 1,000: however dear they are, one is bought; Soap alone would be out long before."""
    rule = RuleRow("half", "Magazines", ("Soap", "Weekly"), 700.0, None, "money", cell="Rules!B2")
    found = explain(make_plan(build(rules=(rule,)), QUICK), QUICK)
    free = explained()
    told = [price for price in found.vehicles if price.rule]
    assert told
    for price in told:
        alone = next(other for other in free.vehicles if other.vehicle == price.vehicle)
        assert price.source == "rule" or price.price > 1.01 * alone.price
        assert "Rules!B2" in price.rule
        assert "Rules!B2" in price.reason
    assert not any(price.rule for price in free.vehicles)


def test_a_rule_that_a_better_plan_keeps_as_well_costs_nothing(monkeypatch):
    """As where weeks or packages leave the best plan known within a gap alone."""
    rule = RuleRow("half", "Magazines", ("Soap", "Weekly"), 700.0, None, "money", cell="Rules!B2")
    result = make_plan(build(rules=(rule,)), QUICK)
    base = make_base(prepare(result.campaign), result.vehicles.insertions, lambda: 60.0)
    worse = replace(base, best=replace(base.best, value=0.99 * base.best.value))
    outcome = next(each for each in result.rules if each.cell == "Rules!B2")
    monkeypatch.setattr("planner.explaining.rule_costs.solved_near", lambda *_: base.best)
    assert solved_without(worse, base.asked_first, [], outcome, set(outcome.ids)).value_cost == 0
    monkeypatch.undo()
    cost = solved_without(base, base.asked_first, [], outcome, set(outcome.ids)).value_cost
    assert cost > 0
    later = solved_without(worse, base.asked_first, [], outcome, set(outcome.ids))
    later = later.beside(worse.best.value, base.best.value)
    assert later.value_cost == pytest.approx(cost, rel=1e-9)  # what a better plan gains is not its cost
    none = later.beside(worse.best.value, 2 * base.best.value)
    assert (none.value_cost, none.share, none.money_cost, none.most) == (0, 0, 0, 0)


def test_what_is_left_open_stands_beside_what_a_rule_costs():
    """Nothing was found that does better without it, but up to .03 % is not ruled out."""
    explanation = explained("rule")
    rule = replace(explanation.rules[0], value_cost=0.0, share=0.0, money_cost=0.0, most=3e-4)
    assert rule_line(rule, explanation).endswith(": costs nothing that was found, no more than 0.03 %.")
    assert rule_line(replace(rule, most=2e-5), explanation).endswith(": costs nothing.")
    dear = replace(rule, value_cost=10.0, share=0.02, most=0.0213)
    assert ", no more than 2.13 %)" in rule_line(dear, explanation)


def test_a_vehicle_that_customers_first_needs_has_the_price_without_that_rule():
    """All customers are to be kept: nothing but the plan at hand reaches as many, so that nothing it buys can go. A
    plan made anew where it costs more keeps fewer of them, and goes without."""
    buyers = (TRAITS[0], replace(TRAITS[1], role="customer"))
    campaign = replace(build(customers_first=1.0), traits=buyers)
    found = explain(make_plan(campaign, QUICK), QUICK)
    free = explain(make_plan(replace(build(customers_first=0.0), traits=buyers), QUICK), QUICK)
    reach, kept = found.result.customers_first, 0
    for place, (price, other) in enumerate(zip(found.vehicles, free.vehicles, strict=True)):
        if not price.aside:
            assert not price.rule.startswith("customers first")
            continue
        kept += 1
        held = f"customers first, held at {100 * reach.floor:.1f} % of customers as now"
        assert price.aside.startswith(held)
        assert f"{price.aside}, needs it at any price; without that rule " in price.reason
        assert f"{price.aside}, needs it at any price: the price is without that rule" in price.line
        assert (price.low, price.high) == pytest.approx(
            (other.low, other.high), rel=0.01
        )  # each known to 1 %
        assert sureness(price, "USD") == "a rule aside"
        assert sureness(replace(price, confirmed=False), "USD").startswith("to $")
        dearer = with_vehicle(campaign, place, unit_cost=1.01 * price.high)
        assert make_plan(dearer, QUICK).vehicles.insertions[place] == 0
    assert kept


def test_no_rule_is_blamed_for_a_price_that_is_out_under_the_rules_as_well():
    """One insertion at the whole budget leaves nothing for TV's share of spend: a magazine is out there. No price
    above its own was asked about, as where time ends."""
    rule = RuleRow("tv", "TV", ("Quiz", "Debate", "Journal"), 0.3, None, "share", cell="Rules!B2")
    campaign = build(rules=(rule,))
    prepared = prepare(campaign)
    result = make_plan(campaign, QUICK)
    base = make_base(prepared, result.vehicles.insertions, lambda: 60.0)
    inquiry = Inquiry(base, 1, 1.0)
    inquiry.proven.low = inquiry.proven.row.unit_cost
    inquiry.look_for_rule()
    assert inquiry.rule == ""
