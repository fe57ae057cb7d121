"""What is told of prices holds at every price: below and above what is proven, against all plans at many prices, with
rules on money, discounts, packages, fixed costs and weeks at prices of their own."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import product

import numpy as np
import pytest

from planner.campaign.calendar import Calendar, PriceFactor, WeekLimit
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import DiscountRow, PackageRow, RuleRow
from planner.explaining.explain import explain
from planner.planning.plan import make_plan
from planner.planning.variants import at_price
from tests.planner.explaining.explained_campaigns import QUICK, build

NAMES = ("Quiz", "Weekly", "Soap", "Journal")
SHARP = 5e-5  # of a worth: prices are told so sharply
STEADY = 1.1e-4  # of a worth: the gap of plans at 10 % less and more, and that of the plan in hand
TRIED = 24  # prices of each vehicle


def drawn(seed):
    """Three or four vehicles, two rules on money, and in turns nothing else, a discount, a package, weeks."""
    rng = np.random.default_rng([55, seed])
    names = NAMES[: 3 + seed % 2]
    offered = {
        name: (float(rng.integers(15, 50) * 10), float(rng.integers(3, 10) * 100), *rng.uniform(0.05, 0.5, 2))
        for name in names
    }
    budget = float(rng.integers(6, 14) * 100)
    some = tuple(str(name) for name in rng.choice(names, 2, replace=False))
    others = tuple(name for name in names if name not in some)
    rows = [
        RuleRow("a", "some", some, 0.4 * budget, None, "money", cell="Rules!B2"),
        RuleRow("b", "some", some, 0.4, None, "share", cell="Rules!B3"),
        RuleRow("c", others[0], others[:1], None, 0.45, "share", cell="Rules!B4"),
        RuleRow("d", "others", others, None, 0.6 * budget, "money", cell="Rules!B5"),
        RuleRow("e", "some", some, 0.8, None, "ratio", cell="Rules!B6", of="money", base="o", base_vehicles=others),
        RuleRow("f", "all", names, None, 2.0, "vehicles", cell="Rules!B7"),
    ]  # fmt: skip
    rules = tuple(rows[int(place)] for place in rng.choice(len(rows), 2, replace=False))
    fields = {some[0]: {"fixed_cost": 40.0}} if rng.random() < 0.3 else {}
    campaign = build(offered, rules, fields, budget=budget)
    kind = ("plain", "discount", "package", "weeks")[seed // 2 % 4]
    if kind == "discount":
        by, start = (("insertions", 2.0), ("money", 0.3 * budget))[seed // 8 % 2]
        return replace(campaign, discounts=(DiscountRow("some", some, by, start, 0.15, "Discounts!A2"),))
    if kind == "package":
        pair = PackageRow(
            "Pair", some, (1.0, 1.0), 0.8 * sum(offered[name][0] for name in some), "Packages!D2"
        )
        return replace(campaign, packages=(pair,))
    return in_weeks(campaign, some, budget) if kind == "weeks" else campaign


def in_weeks(campaign, dearer, budget):
    """Two weeks, of which the second is dearer for some, and the first holds 80 % of the money."""
    mondays = tuple(date(2027, 3, 1) + timedelta(weeks=t) for t in range(2))
    limit = WeekLimit("money", "<=", (0,), 0.8 * budget, "week 1", "Weeks!B3")
    factor = PriceFactor("some", dearer, (0.9, 1.2), "Weeks!B5")
    calendar = Calendar(("W1", "W2"), mondays, limits=(limit,), factors=(factor,))
    brief = replace(campaign.brief, weeks=2, start=mondays[0])
    return replace(campaign, brief=brief, calendar=calendar)


def every_plan(problem):
    """(plan_size,) each: insertions, at most two of each, how they lie in weeks, packages."""
    columns = problem.columns
    for insertions in product(range(3), repeat=columns.vehicles):
        ways = [range(bought + 1) if columns.weeks else [None] for bought in insertions]
        for first in product(*ways):
            weekly = (
                [(a, bought - a) for a, bought in zip(first, insertions, strict=True)]
                if columns.weeks
                else []
            )
            for packages in product((0, 1), repeat=columns.packages):
                yield np.array([*insertions, *np.ravel(weekly), *packages], dtype=float)


def tight(seed):
    """Three vehicles, of which two or all are to take most of the money: whole plans do so at few prices, so that what
    is in at one price is out at many below."""
    rng = np.random.default_rng([56, seed])
    offered = {
        name: (float(rng.integers(15, 50) * 10), float(rng.integers(3, 10) * 100), *rng.uniform(0.05, 0.5, 2))
        for name in NAMES[:3]
    }
    budget, pair = float(rng.integers(6, 14) * 100), tuple(map(str, rng.choice(NAMES[:3], 2, replace=False)))
    members, share = ((pair, round(rng.uniform(0.6, 0.9), 2)), (NAMES[:3], 0.9))[seed % 2]
    asked = RuleRow("a", "some", members, share * budget, None, "money", cell="Rules!B2")
    return build(offered, (asked,), budget=budget)


class Every:
    """All plans of a campaign, with their worth."""

    def __init__(self, campaign):
        self.prepared = prepare(campaign)
        self.plans = np.array(list(every_plan(self.prepared.problem)))
        self.worth = np.array([self.prepared.problem.value(plan) for plan in self.plans])

    def kept(self, place, unit_cost):
        """(n_plans,) whether each keeps the rules at a price of a vehicle."""
        problem = at_price(self.prepared, place, float(unit_cost))
        return np.array([not problem.broken(plan) for plan in self.plans])

    def gain(self, place, unit_cost):
        """What the best plan with a vehicle at a price is worth more than the best without, as a share."""
        kept, bought = self.kept(place, unit_cost), self.plans[:, place] > 0
        best = [self.worth[kept & own].max(initial=-np.inf) for own in (bought, ~bought)]
        return best[0] / best[1] - 1

    def numbers(self, place, unit_cost):
        """How many insertions of a vehicle plans have that are as good as the best at a price."""
        kept = self.kept(place, unit_cost)
        good = kept & (self.worth >= self.worth[kept].max(initial=-np.inf) * (1 - STEADY))
        return set(self.plans[good, place])


@pytest.mark.parametrize("campaign", [*map(drawn, range(32)), *map(tight, (3, 10, 13, 17, 22, 25, 27, 33))])
def test_what_is_told_of_a_price_holds_at_every_price_that_is_tried(campaign):
    found, every = explain(make_plan(campaign, QUICK), QUICK), Every(campaign)
    for place, price in enumerate(found.vehicles):
        if price.source == "solved":
            holds_everywhere(price, partial(every.gain, place), 2.0 * campaign.brief.budget)
        for times, change in ((0.9, price.cheaper), (1.1, price.dearer)):
            if change is not None and not found.better:
                assert price.insertions + change in every.numbers(place, times * price.quoted), (price, times)


def holds_everywhere(price, gain, most):
    """In below and out above, at prices up to the most and at all that are told."""
    known = [
        end for end in (price.low, price.high, price.in_from, price.out_from) if end and np.isfinite(end)
    ]
    tried = [
        *np.geomspace(2.0, most, TRIED),
        *(end * (1 + step) for end in known for step in (-1e-3, 0.0, 1e-3)),
    ]
    for unit_cost in tried:
        if price.low is not None and (price.in_from if price.eases else 0.0) <= unit_cost <= price.low:
            assert gain(unit_cost) > -SHARP, (price, unit_cost)
        if price.is_out_at(unit_cost) or unit_cost == price.high:
            assert gain(unit_cost) < SHARP, (price, unit_cost)


def test_most_of_them_are_proven_at_every_price():
    """Where money is linear in a price and whole plans are settled, little stays unproven beside the two prices."""
    plain = [
        campaign for campaign in map(drawn, (0, 1, 8, 9, 16, 17, 24, 25)) if prepare(campaign).problem.plain
    ]
    found = [explain(make_plan(campaign, QUICK), QUICK) for campaign in plain]
    told = [price for each in found for price in each.vehicles if price.source == "solved"]
    assert told
    assert sum(not price.eases for price in told) >= 0.75 * len(told)
