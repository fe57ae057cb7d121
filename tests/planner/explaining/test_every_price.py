"""What is told of prices holds at every price: below and above what is proven, against all plans at many prices, with
rules on money, discounts, packages, fixed costs and weeks at prices of their own."""

from dataclasses import replace
from datetime import date, timedelta
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


@pytest.mark.parametrize("seed", range(32))
def test_in_below_and_out_above_hold_at_every_price_that_is_tried(seed):
    campaign = drawn(seed)
    prepared = prepare(campaign)
    found = explain(make_plan(campaign, QUICK), QUICK)
    plans = list(every_plan(prepared.problem))
    worth = [prepared.problem.value(plan) for plan in plans]
    for place, price in enumerate(found.vehicles):
        if price.source != "solved":
            continue
        known = [
            end for end in (price.low, price.high, price.in_from, price.out_from) if end and np.isfinite(end)
        ]
        tried = np.geomspace(2.0, 2.0 * campaign.brief.budget, TRIED)
        for unit_cost in [*tried, *(end * (1 + step) for end in known for step in (-1e-3, 0.0, 1e-3))]:
            problem, best = at_price(prepared, place, float(unit_cost)), {True: -np.inf, False: -np.inf}
            for plan, value in zip(plans, worth, strict=True):
                bought = bool(plan[place])
                if value > best[bought] and not problem.broken(plan):
                    best[bought] = value
            gain = best[True] / best[False] - 1
            if price.low is not None and price.in_from <= unit_cost <= price.low:
                assert gain > -SHARP, (price, unit_cost)
            if price.high is not None and unit_cost >= (price.out_from if price.eases else price.high):
                assert gain < SHARP, (price, unit_cost)
            if price.low == unit_cost:
                assert gain > -SHARP, (price, unit_cost)
            if price.high == unit_cost:
                assert gain < SHARP, (price, unit_cost)


def test_most_of_them_are_proven_at_every_price():
    """Where money is linear in a price and whole plans are settled, little stays unproven beside the two prices."""
    plain = [
        campaign for campaign in map(drawn, (0, 1, 8, 9, 16, 17, 24, 25)) if prepare(campaign).problem.plain
    ]
    found = [explain(make_plan(campaign, QUICK), QUICK) for campaign in plain]
    told = [price for each in found for price in each.vehicles if price.source == "solved"]
    assert told
    assert sum(not price.eases for price in told) >= 0.75 * len(told)
