"""Why a vehicle is in the plan or out of it, in words."""

from dataclasses import replace

import numpy as np
import pytest

from models.programme.plans.completion import completed
from planner.campaign.calendar import Calendar, PriceFactor
from planner.campaign.inputs import MediumRow
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import PackageRow, RuleRow
from planner.explaining.explain import explain
from planner.explaining.explained import VehiclePrice
from planner.explaining.pricing import make_base
from planner.explaining.reason_text import price_clause, reason_line, reason_sentence
from planner.explaining.reasons import Reason, find_reasons, measured
from planner.explaining.vehicle_price import vehicle_price
from planner.planning.evaluate import evaluate_plan
from planner.planning.plan import make_plan
from planner.planning.questions import keeping_customers
from planner.planning.variants import with_vehicle
from planner.report.why.explain import sureness
from tests.planner.explaining.explained_campaigns import OFFERED, QUICK, build, explained, solved_price


def reason_of(campaign, name, plan):
    """The ground and the sentence of one vehicle in a plan given by name."""
    names = [vehicle.name for vehicle in campaign.vehicles]
    insertions = np.array([float(plan.get(vehicle, 0)) for vehicle in names])
    result = evaluate_plan(campaign, insertions, insertions, QUICK)
    prepared = keeping_customers(prepare(campaign), result.customers_first)
    base = make_base(prepared, insertions, lambda: 0.0)
    prices = [solved_price(base, j, insertions[j]) for j in range(len(names))]
    found = find_reasons(measured(prepared, insertions), prices)[names.index(name)]
    return found


def alike(n=4, **last):
    """Vehicles all alike in every respect but what is said of the last."""
    offered = {f"vehicle {j}": (200.0, 500.0, 0.1, 0.4) for j in range(n)}
    offered["odd"] = (last.get("price", 200.0), 500.0, last.get("catalysts", 0.1), last.get("young", 0.4))
    return build(offered, target_audience=last.get("target", "everyone"), rows={"odd": last.get("rows", {})})


EVERY = {f"vehicle {j}": 1 for j in range(4)}


@pytest.mark.parametrize(
    ("odd", "bought", "ground"),
    [
        ({"price": 150.0}, 1, "cheap"),
        ({"price": 900.0}, 0, "cheap"),
        ({"catalysts": 0.5}, 1, "worth"),
        ({"young": 0.8, "target": "young"}, 1, "target"),
        ({"young": 0.1, "target": "young"}, 0, "target"),
        ({"rows": {"unit_cost": None}}, 0, "unquoted"),
        ({"rows": {"maximum": 0.0}}, 0, "barred"),
        ({"rows": {"must_buy": True}}, 1, "rule"),
        (
            {"rows": {"must_buy": True}, "price": 150.0},
            2,
            "cheap",
        ),  # more than it must: the rule is no reason
        ({"rows": {"minimum": 2.0}, "price": 150.0}, 2, "rule"),
        ({"young": 0.0, "target": "young"}, 0, "nobody"),
    ],
)
def test_the_ground_is_the_one_thing_in_which_a_vehicle_differs(odd, bought, ground):
    assert reason_of(alike(**odd), "odd", EVERY | {"odd": bought}).ground == ground


def test_a_rule_is_a_reason_only_where_it_binds_and_a_minimum_is_never_full():
    """Exclusivity of two TV programmes: the cheap one is in, the other is kept out by the rule; one far from binding is
    no reason, though one insertion more would break it together with others."""
    names = tuple(OFFERED)
    either = RuleRow("either", "TV", (names[0], names[2]), None, 1.0, "vehicles", cell="Rules!B2")
    campaign = build(rules=(either,), budget=3_000.0)
    result = make_plan(campaign, QUICK)
    bought = dict(zip(names, result.vehicles.insertions, strict=True))
    out = next(name for name in (names[0], names[2]) if not bought[name])
    found = reason_of(campaign, out, bought)
    assert found.ground == "full"
    assert "Rules!B2" in found.rule
    least = RuleRow("least", "TV", (names[0], names[2]), 1.0, None, "vehicles", cell="Rules!B2")
    free = build(rules=(least,))
    plan = dict(zip(names, make_plan(free, QUICK).vehicles.insertions, strict=True))
    assert not any(reason_of(free, name, plan).ground == "full" for name in names if not plan[name])


def test_what_no_price_brings_in_is_kept_out_by_the_rules_it_would_break_never_by_its_price():
    """The dearest of two that exclude each other, where money is no limit: the rule alone keeps it out."""
    names = tuple(OFFERED)
    either = RuleRow("either", "TV", (names[0], names[2]), None, 1.0, "vehicles", cell="Rules!B2")
    campaign = build(rules=(either,), budget=1e6, rows={names[2]: {"unit_cost": 5_000.0}})
    plan = dict(zip(names, make_plan(campaign, QUICK).vehicles.insertions, strict=True))
    out = next(name for name in (names[0], names[2]) if not plan[name])
    explanation = explain(make_plan(campaign, QUICK), QUICK)
    price = next(price for price in explanation.vehicles if price.vehicle == out)
    assert (price.source, price.bought) == ("never", False)
    assert f"{out} stays out: a rule leaves no room for it" in price.reason
    assert "its price" not in price.reason


def test_of_a_bought_vehicle_that_another_replaces_it_is_not_said_that_no_price_brings_it_in():
    price = VehiclePrice("A", "TV", True, 2.0, 100.0, None, None, 120.0, True, "never")
    assert price_clause(price, "EUR") == "a plan without it is worth as much, whatever its price"
    assert price_clause(replace(price, bought=False), "EUR") == "no price would bring it in"


def test_a_vehicle_that_nobody_meets_has_no_price_of_a_thousand_contacts():
    campaign = build(rows={"Soap": {"audience_000": 0.0, "must_buy": True}})
    soap = explain(make_plan(campaign, QUICK), QUICK).vehicles[1]
    assert soap.bought
    assert "a rule keeps it" in soap.reason
    assert "a thousand" not in soap.reason


def test_a_price_of_contacts_says_how_many():
    price = VehiclePrice("Site", "Web", True, 400.0, 9.5, 26.91, 26.91, 27.1, True, "solved", unit_000=1.0)
    assert price_clause(price, "GBP") == "it stays up to £26.91 per 1,000 impressions"
    assert price_clause(replace(price, unit_000=0.0), "GBP") == "it stays up to £26.91 an insertion"


def test_a_guess_is_not_told_as_what_is_proven():
    """Proven out from 120 on, guessed at 100: 100 is no price below which it comes in."""
    price = VehiclePrice("A", "TV", False, 0.0, 150.0, 100.0, None, 120.0, False, "solved")
    assert price_clause(price, "EUR") == "it comes in below €120 an insertion at best"
    bought = price_clause(replace(price, bought=True), "EUR")
    assert bought == "a plan worth a little more leaves it out at its price, and from €120 an insertion on"


def test_a_bought_vehicle_of_which_nothing_is_proven_at_its_own_price_is_about_even():
    """In up to 90, out from 120 on, bought at 100: a price of 90 up to which it stays would read as a mistake."""
    price = VehiclePrice("A", "TV", True, 2.0, 100.0, None, 90.0, 120.0, False, "solved", lost_without=1.2e-4)
    even = (
        "about even at its price: the best plan found without it is worth 0.012 % less, a better one is not"
    )
    assert price_clause(price, "EUR") == f"{even} ruled out; certainly in up to €90 and out from €120"
    assert sureness(price, "EUR") == "about even"
    eased = replace(price, eases="TV: at least 40 % of spend (Rules!B3)", eases_at="Rules!B3", in_from=95.0)
    reason = Reason(eased, "", 0.0, 0.0, "", 300.0, 50.0, (), float("nan"))
    assert reason_line(reason, "EUR").endswith(
        f"{even} ruled out; certainly in at €90 and out at €120; nothing is proven below €90 and above €120: "
        "its price also counts in Rules!B3"
    )
    assert "worth 0.012 % more" in price_clause(replace(price, lost_without=-1.2e-4), "EUR")
    assert "worth as much, a" in price_clause(replace(price, lost_without=0.0), "EUR")
    alone = price_clause(replace(price, lost_without=np.inf, low=None), "EUR")
    assert alone.endswith("leaves it out at its price is open; certainly out from €120")


def test_a_share_of_spend_at_least_is_no_reason_though_money_spent_elsewhere_breaks_it():
    """Debate beside Quiz and two of Soap would make magazines less than 55 % of spend; that is no room that is full."""
    share = RuleRow("print", "Magazines", ("Soap", "Weekly"), 0.55, None, "share", cell="Rules!B2")
    campaign = build(rules=(share,))
    plan = dict(zip(OFFERED, make_plan(campaign, QUICK).vehicles.insertions, strict=True))
    out = [name for name in OFFERED if not plan[name]]
    assert out
    assert not any(reason_of(campaign, name, plan).ground == "full" for name in out)


def test_a_vehicle_whose_people_the_others_reach_is_kept_out_as_duplicated_by_the_largest_two():
    offered = {"Giant": (900.0, 3_000.0, 0.1, 0.4), "Other": (900.0, 600.0, 0.1, 0.4),
               "Big": (900.0, 2_500.0, 0.1, 0.4), "Loner": (200.0, 600.0, 0.1, 0.4),
               "Twin": (200.0, 700.0, 0.1, 0.4)}  # fmt: skip
    media = (MediumRow("TV", 3.0, 0.5), MediumRow("Magazines", 1.35, 0.6))
    campaign = replace(build(offered, budget=3_000.0), media=media)
    found = reason_of(campaign, "Twin", {"Giant": 2, "Big": 2, "Other": 1, "Loner": 1})
    assert [name for name, _ in found.shared] == ["Giant", "Big"]
    assert found.ground == "unique"


def test_a_must_buy_of_which_more_is_bought_is_told_with_the_price_not_as_the_reason():
    campaign = alike(price=150.0, rows={"must_buy": True})
    found = reason_of(campaign, "odd", EVERY | {"odd": 2})
    kept = replace(found, price=replace(found.price, source="rule", price=None))
    said = reason_sentence(kept, "EUR")
    assert said.startswith("odd is in: its contacts are cheap")
    assert "it stays whatever its price, within the budget: a must-buy" in said


def test_a_bought_vehicle_that_a_better_plan_leaves_out_is_told_so():
    campaign = alike(price=150.0)
    found = reason_of(campaign, "odd", EVERY | {"odd": 1})
    low = replace(
        found.price, source="solved", quoted=150.0, price=120.0, low=120.0, high=130.0, confirmed=True
    )
    said = reason_sentence(replace(found, price=low), "EUR")
    assert "a plan worth a little more leaves it out at its price; it stays up to €120 an insertion" in said


def test_what_has_no_upper_price_for_a_package_can_bring_it_is_told_with_the_package():
    packaged = replace(alike(), packages=(PackageRow("Pair", ("odd",), (2.0,), 200.0, "Packages!D2"),))
    found = reason_of(alike(), "odd", EVERY | {"odd": 1})
    endless = replace(found.price, source="solved", price=120.0, low=120.0, high=None, confirmed=False)
    prepared = prepare(packaged)
    prices = [endless] * len(packaged.vehicles)
    said = reason_sentence(
        find_reasons(measured(prepared, completed(prepared.problem, np.ones(len(prices)))), prices)[-1], "EUR"
    )
    assert "it stays up to €120 an insertion, perhaps at any, in the package Pair (Packages!D2)" in said


def test_what_comes_in_a_package_stays_whatever_it_costs_singly_and_is_told_at_what_it_is_paid():
    # Two of Quiz for 200 in all; singly 900 each, which the budget would pay once.
    rows = {"Quiz": {"unit_cost": 900.0}}
    packaged = replace(build(rows=rows), packages=(PackageRow("Pair", ("Quiz",), (2.0,), 200.0),))
    explanation = explain(make_plan(packaged, QUICK), QUICK)
    quiz = explanation.vehicles[0]
    assert (quiz.insertions, quiz.source, quiz.price) == (2, "rule", None)
    assert "it comes in the package Pair" in quiz.reason
    assert "it stays whatever its price" in quiz.reason
    for price in (500.0, 5_000.0):
        dearer = with_vehicle(packaged, 0, unit_cost=price)
        assert make_plan(dearer, QUICK).vehicles.insertions[0] >= 2


def test_what_has_no_price_of_its_own_in_a_package_is_told_at_none():
    found = reason_of(alike(), "odd", EVERY | {"odd": 1})
    assert "at €" in reason_sentence(found, "EUR")
    free = reason_sentence(replace(found, ground="package", rule="the package Pair", added_cost=0.0), "EUR")
    assert "a thousand" not in free.replace("thousand people", "")


def test_a_line_beside_the_prices_says_what_they_do_not():
    price = VehiclePrice("A", "TV", True, 2.0, 100.0, 140.0, 140.0, 141.0, True, "solved")
    reason = Reason(price, "cheap", 10.0, 12.0, "", 300.0, 50.0, (), float("nan"))
    plain = "its contacts are cheap, €10 a thousand (typical here: €12)"
    plain += "; adds 300 thousand people at €50 a thousand"
    assert reason_line(reason, "EUR") == plain
    eased = replace(price, eases="TV: at least 40 % of spend (Rules!B3)", eases_at="Rules!B3")
    assert reason_line(replace(reason, price=eased), "EUR") == (
        f"{plain}; nothing is proven above €141: its price also counts in Rules!B3"
    )
    beyond = replace(eased, in_from=120.0, quoted=130.0)
    assert reason_line(replace(reason, price=beyond), "EUR").endswith(
        "; nothing is proven below €120 and above €141: its price also counts in Rules!B3"
    )
    cheap = replace(beyond, quoted=100.0)
    assert "; nothing is proven below €120 (except at its own price) and above €141:" in reason_line(
        replace(reason, price=cheap), "EUR"
    )
    assert "; at other prices but its own it may be in or out" in reason_sentence(
        replace(reason, price=cheap), "EUR"
    )
    dear = replace(beyond, bought=False, quoted=150.0)
    assert "; nothing is proven below €120 and above €141 (except at its own price):" in reason_line(
        replace(reason, price=dear), "EUR"
    )
    kept = replace(price, price=None, low=None, high=None, source="rule", rule="at least 2 of TV (Rules!B2)")
    assert reason_line(replace(reason, price=kept), "EUR").endswith(
        "no plan keeps at least 2 of TV (Rules!B2)"
    )
    out = replace(price, bought=False, price=80.0, low=80.0, high=80.5)
    assert (
        reason_line(replace(reason, price=out), "EUR")
        == "its contacts are dear, €10 a thousand (typical here: €12)"
    )


def test_what_a_rule_leaves_no_room_for_says_what_else_speaks_against_it():
    """Thirty vehicles that one rule shuts out had thirty times the same reason."""
    price = VehiclePrice("A", "TV", False, 0.0, 100.0, 80.0, 80.0, 80.5, True, "solved")
    full, room = "at most 30 of all bought (Rules!B6)", "a rule leaves no room for it, "
    reason = Reason(price, "full", 0.04, 0.16, full, 3.0, 50.0, (), float("nan"), besides="unique")
    new = "only 4.0 % of its audience would be new to the plan (typical here: 16.0 %)"
    assert reason_line(reason, "EUR") == f"{room}{full}; {new}"
    assert reason_sentence(reason, "EUR").startswith(
        f"A stays out: {room}{full}; {new}; it would come in at €80 "
    )
    assert reason_line(replace(reason, besides=""), "EUR") == room + full


def test_what_is_sold_by_the_rating_point_has_its_price_by_the_point_too():
    """850 a point, 4 points an insertion: 3,400; it stays until 4,400 an insertion."""
    row = replace(build().vehicles[0], unit_cost=3_400.0, cpp=850.0)
    price = vehicle_price(row, 2.0, 4_400.0, "solved", 4_400.0, 4_401.0, confirmed=True)
    reason = Reason(price, "", 0.0, 0.0, "", 300.0, 50.0, (), float("nan"))
    told = "adds 300 thousand people at €50 a thousand"
    assert reason_line(reason, "EUR") == f"{told}; quoted at €850 a rating point, stays until €1,100"
    assert price_clause(price, "EUR") == "it stays up to €4,400 an insertion (€1,100 a rating point)"
    out = vehicle_price(row, 0.0, 1_700.0, "solved", 1_700.0, 1_701.0, confirmed=True)
    assert reason_line(replace(reason, price=out), "EUR").endswith(
        "quoted at €850 a rating point, comes in at €425"
    )
    assert not vehicle_price(build().vehicles[0], 2.0, 90.0, "solved").points


def test_every_sentence_names_its_vehicle_and_its_price():
    for price in explained().vehicles:
        assert price.reason.startswith(f"{price.vehicle} {'is in' if price.bought else 'stays out'}: ")
        assert f"${price.price:,.2f}" in price.reason or f"${price.price:,.0f}" in price.reason


def test_where_reach_is_no_part_of_the_objective_grounds_are_of_contacts():
    """Catalysts, a tenth of all, count 1.8 times: a contact with Debate, a quarter of them, counts 1.2."""
    found = explain(make_plan(build(objective="impressions"), QUICK), QUICK)
    standing = measured(prepare(build(objective="impressions")), found.result.vehicles.insertions)
    assert standing.last.worth[2] == pytest.approx(1 + 0.25 * 0.8)
    assert np.isnan(standing.last.unique).all()
    assert not [price.reason for price in found.vehicles if "each person it" in price.reason.split(";")[0]]


def test_what_a_person_is_worth_is_told_beside_the_typical_one():
    price = next(price for price in explained().vehicles if price.bought)
    worth = Reason(price, "worth", 1.344, 1.2, "", 10.0, 50.0, (), 125.0)
    told = reason_sentence(worth, "USD")
    assert (
        "each person it adds counts for 1.34 ordinary people (typical here: 1.20), influencer index 125;"
        in told
    )
    out = Reason(
        replace(price, bought=False), "worth", 1.1, 1.2, "", 10.0, 50.0, (), float("nan"), reach=False
    )
    assert (
        "each of its contacts counts for 1.10 contacts with ordinary people (typical here: 1.20)"
        in reason_sentence(out, "USD")
    )


def test_what_a_vehicle_pays_is_told_of_the_weeks_that_the_plan_buys():
    """Its only insertion is in the dear second week: the first would be cheaper."""
    names = [row.name for row in build().vehicles]
    factor = PriceFactor(names[0], (names[0],), (1.0, 1.5), "Weeks!B5")
    calendar = Calendar(("W1", "W2"), (None, None), factors=(factor,))
    prepared = prepare(replace(build(weeks=2), calendar=calendar))
    plan = np.eye(len(names))[0]
    weekly = np.outer(plan, [0.0, 1.0])
    standing = measured(prepared, completed(prepared.problem, plan, weekly))
    assert standing.whole.money[0] == pytest.approx(1.5 * prepared.problem.cost[0])
