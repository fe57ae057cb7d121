"""Plans of small campaigns, from rows to figures; the arithmetic of prices, ratings and limits by hand."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import InfeasiblePlan, NoPlanInTime
from models.search.allocate import allocate
from planner.campaign.inputs import (
    AudienceRow,
    Brief,
    Campaign,
    CompositionRow,
    MediumRow,
    TraitRow,
    VehicleRow,
)
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import RuleRow
from planner.planning import solve
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan

QUICK = Options(break_even=False)
CUSTOMERS = TraitRow("customer", "customer", 0.3)
CATALYSTS = TraitRow("catalyst", "catalyst", 0.1)
COOKS = TraitRow("expert: food", "expert", 0.2, category="food")
GEEKS = TraitRow("expert: technology", "expert", 0.15, category="technology")


def vehicle(name, cost, audience, **more):
    medium = "TV" if name.startswith("TV") else "Magazines"
    values = {"name": name, "medium": medium, "unit_cost": cost, "audience_000": audience, "maximum": 4.0}
    return VehicleRow(**values | more)


def build(vehicles=None, compositions=None, traits=(CUSTOMERS, CATALYSTS, COOKS, GEEKS), rules=(), audiences=(),
          cells=None, **brief):  # fmt: skip
    """Five vehicles that differ in whom they meet; keywords are values of the brief."""
    rows = vehicles or (
        vehicle("TV News", 900.0, 1_200.0), vehicle("TV Quiz", 500.0, 900.0), vehicle("Cooking", 400.0, 300.0),
        vehicle("Gadgets", 350.0, 250.0), vehicle("Weekly", 600.0, 700.0),
    )  # fmt: skip
    shares = compositions if compositions is not None else {
        "TV News": (0.35, 0.14, 0.18, 0.15), "TV Quiz": (0.25, 0.08, 0.2, 0.1), "Cooking": (0.4, 0.12, 0.45, 0.1),
        "Gadgets": (0.2, 0.2, 0.1, 0.5), "Weekly": (0.3, 0.1, 0.22, 0.15),
    }  # fmt: skip
    return Campaign(
        brief=replace(Brief(category="food", universe_000=10_000.0, budget=5_000.0), **brief),
        traits=traits,
        overlaps=(),
        audiences=audiences,
        media=(MediumRow("TV", 1.6, 0.5), MediumRow("Magazines", 2.5, 0.6)),
        between_media=1.35,
        vehicles=rows,
        composition_traits=tuple(trait.name for trait in (CUSTOMERS, CATALYSTS, COOKS, GEEKS)),
        composition=tuple(CompositionRow(name, row) for name, row in shares.items()),
        rules=rules,
        cells=cells or {("Brief", "budget", "value"): "Brief!B6"},
    )


def audience(result, name):
    return next(found for found in result.audiences if found.name == name)


def changed(campaign, name, **values):
    rows = tuple(replace(row, **values) if row.name == name else row for row in campaign.vehicles)
    return replace(campaign, vehicles=rows)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("keep", [0.9, 0.97, 1.0])
def test_customers_first_keeps_its_floor_and_gives_up_the_rest(keep, whole):
    campaign = build(customers_first=keep, whole=whole)
    result = make_plan(campaign, QUICK)
    first = result.customers_first
    assert first.floor == pytest.approx(keep * first.best, rel=1e-12)
    assert first.kept >= first.floor * (1 - 2e-9)  # a floor holds to 1e-9 of its size, by another sum
    assert first.kept == pytest.approx(audience(result, "customers").reach_share, rel=1e-12)
    free = make_plan(replace(campaign, brief=replace(campaign.brief, customers_first=0.0)), QUICK)
    assert free.customers_first is None
    assert result.value <= free.bound * (1 + 1e-9)


def test_evaluating_a_plans_own_insertions_gives_the_same_figures():
    campaign = build()
    made = make_plan(campaign, QUICK)
    again = evaluate_plan(campaign, made.vehicles.insertions, made.vehicles.insertions, QUICK)
    assert again.value == pytest.approx(made.value, rel=1e-12)
    assert again.cost == made.cost
    assert again.status == made.status
    assert again.edits == ()
    for before, after in zip(made.audiences, again.audiences, strict=True):
        assert after.reach_share == pytest.approx(before.reach_share, rel=1e-12)
        assert after.grp == pytest.approx(before.grp, rel=1e-12)
        assert after.distribution == pytest.approx(before.distribution, abs=1e-12)


def test_an_edited_plan_that_breaks_a_rule_is_reported_as_broken():
    campaign = build(budget=2_000.0)
    optimised = make_plan(campaign, QUICK).vehicles.insertions
    edited = np.array([4.0, 0, 0, 0, 0])
    result = evaluate_plan(campaign, edited, optimised, QUICK)
    assert result.status == "broken"
    assert result.cost == 3_600.0
    assert "TV News" in result.edits
    broken = [rule for rule in result.rules if not rule.holds]
    assert [(rule.cell, rule.slack) for rule in broken] == [("Brief!B6", -1_600.0)]


def test_a_budget_that_buys_nothing_names_the_cheapest_insertion():
    with pytest.raises(InfeasiblePlan, match=r"Brief!B6.*least that can be bought is Gadgets at \$350"):
        make_plan(build(budget=349.0), QUICK)


def test_a_budget_of_exactly_the_cheapest_insertion_buys_it():
    result = make_plan(build(budget=350.0, customers_first=0.0), QUICK)
    assert result.vehicles.insertions.tolist() == [0, 0, 0, 1, 0]
    assert result.cost == 350.0


def test_minimums_above_the_budget_are_added_up():
    campaign = changed(changed(build(budget=3_000.0), "TV News", minimum=3.0), "Weekly", must_buy=True)
    with pytest.raises(InfeasiblePlan, match=r"3,300.*3,000 \(Brief!B6\)") as caught:
        make_plan(campaign, QUICK)
    assert any("TV News: at least 3 insertions" in rule for rule in caught.value.rules)


def test_rules_that_contradict_each_other_are_named_with_their_cells_and_no_others():
    tv, magazines = ("TV News", "TV Quiz"), ("Cooking", "Gadgets", "Weekly")
    campaign = build(rules=(
        RuleRow("much TV", "TV", tv, 0.7, None, "share", cell="Rules!B2"),
        RuleRow("few", "all", (*tv, *magazines), None, 12.0, "insertions", cell="Rules!B3"),
        RuleRow("much print", "Magazines", magazines, 0.4, None, "share", cell="Rules!B4"),
        RuleRow("any", "all", (*tv, *magazines), 1.0, None, "insertions", cell="Rules!B5"),
    ))  # fmt: skip
    with pytest.raises(InfeasiblePlan) as caught:
        make_plan(campaign, QUICK)
    named = " ".join(caught.value.rules)
    # Of no spend at all every share holds, so the rule that something must be bought belongs to the conflict.
    assert [cell in named for cell in ("Rules!B2", "Rules!B4", "Rules!B5", "Rules!B3", "Brief!B6")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_a_vehicle_without_a_quoted_price_is_never_bought():
    best = changed(build(budget=50_000.0), "Weekly", unit_cost=None)
    result = make_plan(best, QUICK)
    assert result.vehicles.insertions.tolist() == [4, 4, 4, 4, 0]
    assert np.isnan(result.vehicles.net_cost[4])
    assert result.cost == 4 * (900 + 500 + 400 + 350)
    assert any("Weekly" in text for topic, text in result.notes if topic == "Prices")


def test_an_advertisement_that_half_the_audience_sees_has_half_the_ratings():
    campaign = build()
    halved = changed(campaign, "TV News", ad_seen=0.5)
    whole, half = (prepare(each).people.model.audiences for each in (campaign, halved))
    assert half.rating[:, 0] == pytest.approx(0.5 * whole.rating[:, 0], rel=1e-12)
    assert half.rating[:, 1:] == pytest.approx(whole.rating[:, 1:], rel=1e-12)
    assert (half.repeat[0], whole.repeat[0]) == (0.25, 0.5)
    one = np.array([1.0, 0, 0, 0, 0])
    grp = [audience(evaluate_plan(each, one, one, QUICK), "everyone").grp for each in (campaign, halved)]
    assert grp == pytest.approx([12.0, 6.0], rel=1e-9)  # 1,200 of 10,000 thousand people


def test_net_costs_take_off_discount_and_commission_gross_ones_the_discount_alone():
    rows = (vehicle("TV News", 1_000.0, 1_200.0, discount=0.1), vehicle("Weekly", 600.0, 700.0))
    net = build(rows, commission=0.15, budget_is="net")
    gross = build(rows, commission=0.15, budget_is="gross")
    assert prepare(net).rulebook.cost == pytest.approx([765.0, 510.0])  # 1,000 x 0.9 x 0.85; 600 x 0.85
    assert prepare(gross).rulebook.cost == pytest.approx([900.0, 600.0])
    both = make_plan(replace(net, brief=replace(net.brief, budget=765.0 + 510.0, customers_first=0.0)), QUICK)
    assert both.vehicles.insertions.tolist() == [1, 1]
    assert both.cost == pytest.approx(1_275.0)


def test_experts_of_other_categories_do_not_count():
    food, technology = build(), build(category="Technology ")
    for campaign, own, other in ((food, COOKS, GEEKS), (technology, GEEKS, COOKS)):
        people = prepare(campaign).people
        names = [row.name for row in people.traits]
        assert own.name in names
        assert other.name not in names
        assert people.segments.population[people.masks["experts"]].sum() == pytest.approx(10_000 * own.share)


def test_the_category_changes_the_plan():
    campaign = build(budget=1_000.0, customers_first=0.0, influence_preset="industry", whole=False)
    campaign = changed(changed(campaign, "Cooking", unit_cost=240.0), "Gadgets", unit_cost=230.0)
    bought = [
        make_plan(replace(campaign, brief=replace(campaign.brief, category=category)), QUICK)
        for category in ("food", "technology")
    ]
    cooking, gadgets = ([result.vehicles.insertions[j] for result in bought] for j in (2, 3))
    assert cooking[0] > cooking[1]
    assert gadgets[1] > gadgets[0]


def test_a_weight_of_nought_excludes():
    traits = (CUSTOMERS, CATALYSTS, COOKS, replace(GEEKS, role="demographic", category="", weight=0.0))
    campaign = build(traits=traits)
    people = prepare(campaign).people
    geeks = people.segments.with_trait("expert: technology")
    assert (people.weights[geeks] == 0).all()
    assert (people.weights[~geeks] > 0).all()


def test_influence_weights_by_hand():
    people = prepare(build()).people
    has = dict(zip(people.segments.names, people.weights.tolist(), strict=True))
    # Preset moderate: catalyst 1.8, expert 2; both: 1 + 0.8 + 1.
    assert has["others"] == 1.0
    assert has["customer, catalyst"] == pytest.approx(1.8)
    assert has["expert: food"] == pytest.approx(2.0)
    assert has["catalyst, expert: food"] == pytest.approx(2.8)


def test_a_sceptic_s_influence_plan_is_worth_what_the_reach_plan_is():
    sceptic = make_plan(build(influence_preset="sceptical"), replace(QUICK, gap=1e-6))
    plain = make_plan(build(objective="reach"), replace(QUICK, gap=1e-6))
    assert sceptic.value == pytest.approx(plain.value, rel=1e-6)


def test_a_target_audience_is_an_expression_over_traits():
    own = (AudienceRow("prospects", "(catalyst or expert) and not customer"),)
    for campaign in (
        build(target_audience="(catalyst or expert) and not customer"),
        build(target_audience="prospects", audiences=own),
    ):
        people = prepare(campaign).people
        has = {name: people.segments.with_trait(name) for name in ("customer", "catalyst", "expert: food")}
        wanted = (has["catalyst"] | has["expert: food"]) & ~has["customer"]
        assert (people.target == wanted).all()
        assert ((people.weights > 0) == wanted).all()
        result = make_plan(campaign, QUICK)
        size = 10_000 * 0.7 * (1 - 0.9 * 0.8)  # independent traits: not customer, and catalyst or expert
        assert audience(result, "target").population_000 == pytest.approx(size, rel=1e-9)


def test_a_blank_composition_is_the_universes_share():
    blank = build(compositions={})
    stated = build(compositions={row.name: (0.3, 0.1, 0.2, 0.15) for row in blank.vehicles})
    half = build(compositions={row.name: (None, 0.1, None, 0.15) for row in blank.vehicles})
    ratings = [prepare(campaign).people.model.audiences.rating for campaign in (blank, stated, half)]
    assert ratings[0] == pytest.approx(ratings[1], rel=1e-9)
    assert ratings[2] == pytest.approx(ratings[1], rel=1e-9)
    people = prepare(blank).people
    every_segment = np.tile([0.12, 0.09, 0.03, 0.025, 0.07], (len(people.segments.names), 1))
    assert ratings[0] == pytest.approx(every_segment, rel=1e-9)
    assert make_plan(blank, QUICK).vehicles.composition_blank.all()


def test_a_plan_keeps_the_campaigns_rules_and_budget():
    campaign = changed(
        build(rules=(RuleRow("print", "Magazines", ("Cooking", "Gadgets", "Weekly"), 0.4, 0.6, "share"),)),
        "TV Quiz", locked=2.0,
    )  # fmt: skip
    result = make_plan(campaign, QUICK)
    spent = result.vehicles.insertions * np.array([900, 500, 400, 350, 600])
    assert result.cost == spent.sum() <= 5_000
    assert 0.4 <= spent[2:].sum() / spent.sum() <= 0.6
    assert result.vehicles.insertions[1] == 2
    assert all(rule.holds for rule in result.rules)
    assert result.bound >= result.value
    assert result.gap <= result.gap_asked


def test_figures_of_an_audience_agree_with_each_other():
    result = make_plan(build(), QUICK)
    for found in result.audiences:
        assert found.distribution.sum() == pytest.approx(1, abs=1e-9)
        assert found.reach_share == pytest.approx(found.reached_at_least(1), abs=1e-6)  # quadrature
        assert found.grp == pytest.approx(100 * found.reach_share * found.average_frequency)
        assert found.impressions_000 == pytest.approx(found.grp / 100 * found.population_000)


def test_a_question_that_a_share_of_the_time_left_without_a_plan_has_the_rest_of_it(monkeypatch):
    asked = []

    def in_no_time(problem, settings, starts, relaxation):
        asked.append(settings.seconds)
        if settings.seconds < 200:  # customers first have a third of the 300, the ordinary plan a half
            raise NoPlanInTime("The time limit ended the search before a plan was found; allow more time.")
        return allocate(problem, settings, starts, relaxation)

    monkeypatch.setattr(solve, "allocate", in_no_time)
    assert make_plan(build(customers_first=0.9), QUICK).status == "optimal"
    assert [round(seconds, -1) for seconds in asked[:4]] == [100, 300, 150, 300]
