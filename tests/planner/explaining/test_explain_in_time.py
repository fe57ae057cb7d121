"""What a time limit ends is marked, and what matters most comes before it."""

from dataclasses import replace

import numpy as np
import pytest

from models.after.questions import Questions
from models.errors import NoPlanInTime
from models.programme.plans.completion import completed
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import RuleRow
from planner.explaining.explain import _nearest, explain
from planner.explaining.inquiry import Inquiry
from planner.explaining.pricing import Base, make_base
from planner.planning.plan import make_plan
from tests.planner.explaining.explained_campaigns import OFFERED, QUICK, build, explained

FEW = RuleRow("few", "all", tuple(OFFERED), None, 2.0, "vehicles", cell="Rules!B2")


class Late(Questions):
    """No question of it is answered in time."""

    def bound(self, *_, **__):
        raise NoPlanInTime("The time limit ended the search.")

    best_plan = plan_worth_more = all_worth_more = bound


@pytest.mark.parametrize("rules", [(), (FEW,)], ids=["plain", "counted"])
def test_what_the_time_limit_ends_anywhere_is_marked_and_nothing_else_is_lost(monkeypatch, rules):
    result = make_plan(build(rules=rules), QUICK)
    monkeypatch.setattr("planner.explaining.pricing.Base.asked", lambda base, roomy: Late(roomy))
    late = property(lambda base: [Late(base.prepared.problem)])
    monkeypatch.setattr("planner.explaining.pricing.Base.programmes", late)
    found = explain(result, QUICK)
    assert (found.next_1000, found.last_1000) == (None, None)
    guessed = [price for price in found.vehicles if price.source == "dual"]
    # What the best plan leaves of the budget may pay for one more, and what it does not buy is out at its own price, no
    # plan being worth more: that alone is proven.
    out = [price for price in found.vehicles if price.high is not None]
    assert len(guessed) + len(out) >= 3
    assert all(not price.bought and price.high == price.quoted for price in out)
    assert not any(price.confirmed for price in found.vehicles)
    assert found.complete == (not rules)  # the rule is one of those not reached


def test_brackets_of_all_vehicles_come_before_rules_and_what_is_sharper():
    told = []
    explain(explained("rule").result, replace(QUICK, progress=told.append))
    first = [
        next(i for i, text in enumerate(told) if word in text) for word in ("brackets", "rules: ", "sharper")
    ]
    assert first == sorted(first)


def test_a_bought_vehicle_of_which_nothing_is_proven_at_its_price_comes_first():
    result = make_plan(build(), QUICK)
    prepared = prepare(result.campaign)
    bought = result.vehicles.insertions
    base = make_base(prepared, completed(prepared.problem, bought), lambda: 60.0)
    inquiries = [Inquiry(base, place, float(count)) for place, count in enumerate(bought)]
    for (
        inquiry
    ) in inquiries:  # all are proven in at their own price, and the one after the other further from it
        inquiry.proven.low = base.quoted[inquiry.place]
        inquiry.proven.guess = base.quoted[inquiry.place] * (2 + inquiry.place)
    assert _nearest(inquiries) == [0, 1, 2, 3, 4]
    last = int(np.flatnonzero(bought)[-1])
    assert last > 0
    inquiries[last].proven.low = 0.0
    assert _nearest(inquiries)[0] == last


def test_time_spent_on_reading_and_planning_is_of_the_limit():
    found = explain(explained().result, replace(QUICK, seconds=10.0), spent=10.0)
    assert not found.complete
    assert all(price.source == "dual" and price.reason for price in found.vehicles)


def test_what_the_searches_own_clock_ended_is_not_complete(monkeypatch):
    """Its clock ends earlier than the limit, by what plans have taken longer than they were given."""
    monkeypatch.setattr(Base, "left", lambda _: -1.0)
    assert not explain(explained().result, QUICK).complete
