"""Vehicles whose own money a rule asks for: a higher price may bring one back in, so that nothing is said of prices
that were not looked at. Against all plans at many prices."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import PackageRow, RuleRow
from planner.explaining.explain import explain
from planner.planning.plan import make_plan
from planner.planning.variants import at_price
from planner.report.why.explain import explanation_json, explanation_text, remarks, sureness
from tests.planner.explaining.explained_campaigns import QUICK, build

OFFERED = {
    "Quiz": (340.0, 500.0, 0.10, 0.40), "Soap": (200.0, 300.0, 0.25, 0.40), "Debate": (180.0, 900.0, 0.25, 0.40),
}  # fmt: skip
ASKED = RuleRow("some", "Quiz, Soap", ("Quiz", "Soap"), 600.0, None, "money", cell="Rules!B2")
PLANS = [np.array(plan, dtype=float) for plan in product(range(3), repeat=3)]
SHARP = 5e-5  # of a worth: prices are told so sharply


@pytest.fixture(scope="module")
def found():
    return explain(make_plan(build(OFFERED, (ASKED,), budget=800.0), QUICK), QUICK)


def gain(prepared, place, price, plans=PLANS):
    """What the best plan with a vehicle at a price is worth more than the best without, as a share."""

    def best(bought):
        problem = at_price(prepared, place, price)
        kept = (plan for plan in plans if bool(plan[place]) is bought and not problem.broken(plan))
        return max(map(problem.value, kept), default=-np.inf)

    return best(True) / best(False) - 1


def test_a_vehicle_that_a_rule_on_its_money_brings_back_is_said_to_be_in_and_out_only_where_that_is_proven(
    found,
):
    prepared, soap = prepare(found.result.campaign), found.vehicles[1]
    assert gain(prepared, 1, soap.low) > -SHARP
    assert gain(prepared, 1, soap.high) < SHARP
    assert gain(prepared, 1, 617.0) > SHARP  # dearer than where it is out: "out from there on" would be false
    assert gain(prepared, 1, soap.quoted) > -SHARP  # its own price, at which the plan buys it
    assert gain(prepared, 1, 259.0) < -SHARP  # cheaper than where it is in: "it stays up to there" would be
    assert soap.low < soap.high < 617.0
    assert soap.low > 259.0
    assert soap.eases == "Quiz, Soap: at least $600 (Rules!B2)"
    assert 259.0 < soap.in_from < soap.low  # in at every price from there, by plans in a chain
    assert soap.out_from > 617.0
    assert soap.line.endswith(
        "; nothing is proven below $260 (except at its own price) and above $465: its price also counts in Rules!B2"
    )
    told = (
        "it is certainly in from $260 to $460",
        " and certainly out at $465 and from $800 on; at other prices but its own it may be in or",
    )
    assert all(part in soap.reason for part in told)


def test_it_is_told_wherever_prices_are(found):
    told, text = explanation_json(found), explanation_text(found)
    assert told["vehicles"]["Soap"]["eases"] == found.vehicles[1].eases
    assert told["remarks"] == remarks(found)
    assert "Where Why says that nothing is proven at some prices" in " ".join(text.split())
    assert sureness(found.vehicles[1], "USD") == "confirmed"


def test_a_vehicle_outside_the_rule_is_out_at_every_higher_price_and_said_to_be(found):
    prepared, debate = prepare(found.result.campaign), found.vehicles[2]
    assert debate.eases == ""
    assert "it would come in at $120" in debate.reason
    for price in np.geomspace(5.0, 800.0, 40):
        share = gain(prepared, 2, float(price))
        assert share > -SHARP if price <= debate.low else share < SHARP or price < debate.high


def test_what_comes_in_a_package_whose_money_a_rule_counts_is_not_said_to_stay_whatever_its_price():
    """Of the package's price the dearer vehicle has the greater share, and at most so much of the spend may be its."""
    offered = {"Quiz": (220.0, 800.0, 0.10, 0.40), "Soap": (200.0, 800.0, 0.25, 0.40)}
    most = RuleRow("some", "Soap", ("Soap",), None, 0.4, "share", cell="Rules!B2")
    pair = PackageRow("Pair", ("Quiz", "Soap"), (1.0, 1.0), 350.0, "Packages!D2")
    campaign = replace(build(offered, (most,), budget=600.0), packages=(pair,))
    soap = explain(make_plan(campaign, QUICK), QUICK).vehicles[1]
    prepared = prepare(campaign)
    plans = [np.array(plan, dtype=float) for plan in product(range(3), range(3), range(2))]
    assert soap.bought
    assert gain(prepared, 1, 500.0, plans) < -SHARP
    assert gain(prepared, 1, soap.low, plans) > -SHARP
    assert gain(prepared, 1, soap.high, plans) < SHARP
    assert soap.low < soap.high < 500.0
    assert "whatever its price" not in soap.reason


def test_a_vehicle_whose_rule_is_far_away_turns_once_and_is_said_to():
    """Soap may be nearly all of the spend: dearer others ease that, but no plan that counts needs it."""
    most = RuleRow("some", "Soap", ("Soap",), None, 0.95, "share", cell="Rules!B2")
    found = explain(make_plan(build(OFFERED, (most,), budget=800.0), QUICK), QUICK)
    prepared = prepare(found.result.campaign)
    for place in (0, 2):
        price = found.vehicles[place]
        assert (price.source, price.eases) == ("solved", "")
        for tried in np.geomspace(5.0, 800.0, 40):
            share = gain(prepared, place, float(tried))
            assert share > -SHARP if tried <= price.low else share < SHARP or tried < price.high
