"""The HTML reports of frontier and stability: their figures, sliders by keyboard, nothing of a user's text run."""

import pytest

from planner.campaign.inputs import Campaign
from planner.comparing.desk import Sweep, Terms
from planner.comparing.doubts import Doubt
from planner.comparing.frontier import Asked, Changed, frontier
from planner.comparing.frontier_tables import budget_table, drops_table
from planner.comparing.stability import stability
from planner.comparing.stability_tables import regret_table, sentences
from planner.formats import money, percent
from planner.report.html.frontier import frontier_page
from planner.report.html.page import Markup
from planner.report.html.stability import stability_page
from planner.report.html.tables import Bought, plan_step
from tests.planner.report.html.hostile_campaigns import NAMES, hostile_campaign

TERMS, HERE = Terms(1e-4, 20.0), Sweep(workers=1)


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return hostile_campaign(100.0, sample_size=200.0)


@pytest.fixture(scope="module")
def curve(campaign):
    asked = Asked(
        points=4, trade_offs=4, ladder=(100.0, 75.0, 50.0), change=Changed(budget=60.0, within=0.01)
    )
    return frontier(campaign, asked, TERMS, HERE)


@pytest.fixture(scope="module")
def doubted(campaign):
    return stability(campaign, None, Doubt(draws=3, seed=3), TERMS, HERE)


def test_a_frontiers_page_shows_each_certified_point_with_its_plan(curve, safe_page):
    page = safe_page(frontier_page(curve))
    steps = [a["data-name"] for _, a in page.elements if a.get("class") == "step"]
    assert steps == [money(point["budget"], "USD") for point in curve.budgets]
    marked = {a["data-step"] for _, a in page.elements if "data-step" in a}
    assert marked == {str(place) for place in range(len(steps))}
    shown = " ".join(page.texts)
    for point in curve.budgets:
        assert percent(point["reach"]["target"]) in shown
    for name in NAMES:
        assert name in shown


def test_a_frontiers_page_says_what_to_drop_and_what_changes_least(curve, safe_page):
    shown = " ".join(safe_page(frontier_page(curve)).texts)
    assert drops_table(curve).title in shown
    assert "The least change" in shown
    assert "insertions changed" in shown


def test_what_was_not_asked_has_no_part_of_the_page(campaign, safe_page):
    found = frontier(campaign, Asked(points=2, trade_offs=0), TERMS, HERE)
    headings = [a["href"] for tag, a in safe_page(frontier_page(found)).elements if tag == "a"]
    assert "#reach" in headings
    assert not {"#ladder", "#change", "#influence"} & set(headings)
    assert len(budget_table(found).records) == len(found.budgets)


def test_a_stability_page_has_the_sentences_the_tornado_and_every_regret(doubted, safe_page):
    shown = " ".join(safe_page(stability_page(doubted)).texts)
    for sentence in sentences(doubted):
        assert sentence in shown
    for row in regret_table(doubted).records:
        assert row["plan"] in shown
        assert percent(row["most"], 2) in shown
    assert "At the low value" in shown


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["frontier", "stability"])
def test_pages_of_many_plans_open_without_errors_or_requests_and_fit(kind, width, opened, curve, doubted):
    tab = opened(frontier_page(curve) if kind == "frontier" else stability_page(doubted), width)
    assert tab.errors == []
    assert len(tab.asked) == 1
    assert tab.value("document.documentElement.scrollWidth") <= width


def test_the_arrow_keys_move_the_slider_and_show_the_plan_of_that_point(opened, curve):
    tab = opened(frontier_page(curve), 390)
    shown = "[...document.querySelectorAll('.step')].filter(s => !s.hidden).map(s => s.dataset.name).join()"
    marks = "[...document.querySelectorAll('.dot.at')].map(d => +d.dataset.step)"
    names = [money(point["budget"], "USD") for point in curve.budgets]
    own = names.index(money(curve.own, "USD"))
    assert tab.value(shown) == names[own]
    tab.value("document.querySelector('#budget-slider').focus()")
    tab.press("ArrowRight")
    assert tab.value(shown) == names[own + 1]
    assert set(tab.value(marks)) == {own + 1}
    assert tab.value("document.querySelector('output').textContent") == names[own + 1]
    tab.press("ArrowLeft")
    tab.press("ArrowLeft")
    assert tab.value(shown) == names[own - 1]


def test_without_its_script_a_page_shows_every_plan(opened, curve):
    tab = opened(frontier_page(curve).replace("sha256-", "sha256-x"), 1280)  # the policy refuses the script
    assert tab.value("[...document.querySelectorAll('.step')].every(s => s.offsetHeight > 0)")
    assert tab.value("document.querySelector('.slider').offsetHeight") == 0


def test_a_step_tells_contacts_of_what_is_bought_by_the_thousand() -> None:
    bought = [
        Bought("Network", Markup("Web"), 600.0, 500.0, unit_000=100.0),
        Bought("Show", Markup("TV"), 6.0, 4.0),
    ]
    told = str(plan_step("640,000", [], bought, 5))
    assert [words in told for words in (">60m imp.<", ">+10m imp.<", ">+2<", ">600<")] == [
        True,
        True,
        True,
        False,
    ]
