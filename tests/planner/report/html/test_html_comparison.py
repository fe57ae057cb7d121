"""The HTML report of scenarios: every scenario with its plan, the waterfall of reach, verdicts; payloads stay texts."""

import re
from dataclasses import replace

import pytest

from planner.campaign.scenario import Change, Scenario
from planner.comparing.desk import Sweep, Terms
from planner.comparing.scenario_tables import change_table, pair_table
from planner.comparing.sweep import Asked, compare_scenarios
from planner.formats import money, percent
from planner.report.html.comparison import _step, comparison_page
from tests.planner.report.html.hostile_campaigns import NAMES, hostile_campaign


@pytest.fixture(scope="module")
def compared():
    budgets = {"now": 100.0, "<b>half</b>": 50.0, "more": 120.0, "nothing": 0.5}
    asked = []
    for name, budget in budgets.items():
        change = Change("brief", ("budget",), budget, f"Budget {budget:g}")
        asked.append(Asked(Scenario(name, changes=(change,), base=name == "now"), hostile_campaign(budget)))
    vehicles = tuple(replace(row, minimum=1.0) for row in hostile_campaign(0.5).vehicles[:1])
    impossible = replace(hostile_campaign(0.5), vehicles=(*vehicles, *hostile_campaign(0.5).vehicles[1:]))
    asked[-1] = replace(asked[-1], campaign=impossible)
    return compare_scenarios(asked, hostile_campaign(100.0), Terms(1e-4, 20.0), Sweep(workers=1))


def test_every_scenario_stands_there_with_its_money_its_reach_and_its_plan(compared, safe_page):
    page = safe_page(comparison_page(compared))
    shown = " ".join(page.texts)
    steps = [a["data-name"] for _, a in page.elements if a.get("class") == "step"]
    by_cost = sorted(compared.found, key=lambda at: compared.answers[at]["cost"])
    assert steps == [compared.scenarios[at].name for at in by_cost]
    for at in compared.found:
        assert money(compared.answers[at]["cost"], "USD") in shown
        assert percent(compared.answers[at]["audiences"][0]["reach_pct"] / 100) in shown
    for name in NAMES:
        assert name in shown


def test_a_scenario_without_a_plan_is_a_row_with_its_reason(compared, safe_page):
    shown = " ".join(safe_page(comparison_page(compared)).texts)
    assert "1 scenario has no plan" in shown
    assert compared.answers[3]["reason"] in shown


def test_the_waterfall_goes_from_the_reach_of_the_base_to_that_of_the_scenario(compared):
    text = comparison_page(compared)
    changes = change_table(compared).records
    for at in compared.found:
        own = [row["reach_points"] for row in changes if row["scenario"] == compared.scenarios[at].name]
        reach = [compared.answers[place]["audiences"][1]["reach_pct"] for place in (compared.base, at)]
        assert reach[0] + sum(own) == pytest.approx(reach[1])
        for points in own:
            assert f"{points:+.2f}" in text


def test_what_a_scenario_buys_no_more_stands_in_the_order_of_the_base(compared):
    """It was the order of a set, another one in every run."""
    names = [f"V{at}" for at in range(30)]
    base, other = compared.found[0], compared.found[1]
    answers = list(compared.answers)
    answers[base] = answers[base] | {"insertions": dict.fromkeys(names, 1.0)}
    answers[other] = answers[other] | {"insertions": {"late": 1.0}, "money": {"late": 50.0}}
    step = _step(replace(compared, answers=tuple(answers), base=base), other, {}, 40)
    assert re.findall(r"<th[^>]*>(\w+)</th>", "".join(step.parts))[-31:] == ["late", *names]


def test_every_pair_has_its_verdict(compared, safe_page):
    shown = " ".join(safe_page(comparison_page(compared)).texts)
    pairs = pair_table(compared).records
    assert len(pairs) == 3
    assert all(row["verdict"] in shown for row in pairs)


def test_scenarios_of_other_audiences_are_compared_by_those_that_all_have(safe_page):
    """No catalysts, no influencers: further audiences of the base are missing there."""
    base = hostile_campaign(100.0)
    other = replace(base, traits=base.traits[:1], composition_traits=base.composition_traits[:1], composition=tuple(
        replace(row, shares=row.shares[:1]) for row in base.composition))  # fmt: skip
    asked = [Asked(Scenario("now", base=True), base), Asked(Scenario("nobody talks"), other)]
    page = safe_page(comparison_page(compare_scenarios(asked, base, Terms(1e-4, 60.0), Sweep(workers=1))))
    shown = " ".join(page.texts)
    assert "Reach, customers" in shown
    assert "Reach, catalysts" not in shown


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_opens_without_errors_or_requests_and_its_slider_shows_one_plan(width, opened, compared):
    tab = opened(comparison_page(compared), width)
    assert tab.errors == []
    assert len(tab.asked) == 1
    assert tab.value("document.documentElement.scrollWidth") <= width
    assert tab.value("[...document.querySelectorAll('.step')].filter(s => !s.hidden).length") == 1
