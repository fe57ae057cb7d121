"""The HTML report in a real browser, on a desk and on a phone: no error, no request, no sideways scrolling."""

import pytest

from planner.report.html.plan import plan_page

WIDTHS = (390, 1280)


@pytest.fixture
def plan_text(made_campaign, made_weeks, made_influence) -> str:
    names = ("</script><img src=http://evil.example/x.png onerror=alert(1)>", "A" * 200)
    return plan_page(made_weeks(made_campaign(vehicles=12, media=3, names=names)))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_plans_page_opens_without_errors_and_asks_for_nothing(width, opened, plan_text):
    tab = opened(plan_text, width)
    assert tab.errors == []
    assert [url for url in tab.asked if not url.startswith("file:")] == []
    assert len(tab.asked) == 1
    assert tab.value("document.querySelectorAll('img').length") == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_is_as_wide_as_its_window_and_its_text_is_read_without_a_glass(width, opened, plan_text):
    tab = opened(plan_text, width)
    assert tab.value("document.documentElement.scrollWidth") <= width
    shown = "[...document.querySelectorAll('main *')].filter(e => e.textContent.trim())"
    sizes = f"{shown}.map(e => getComputedStyle(e).fontSize)"
    assert min(float(size.removesuffix("px")) for size in tab.value(sizes)) >= 11


def test_a_heading_sorts_its_table_by_the_keyboard(opened, plan_text):
    tab = opened(plan_text, 1280)
    costs = "[...document.querySelectorAll('#buy tbody tr')].map(r => +r.cells[3].dataset.v)"
    tab.value("document.querySelector('#buy thead th:nth-child(4) button').focus()")
    tab.press("Enter")
    assert tab.value(costs) == sorted(tab.value(costs), reverse=True)
    tab.press("Enter")
    assert tab.value(costs) == sorted(tab.value(costs))
    assert (
        tab.value("document.querySelector('#buy thead th:nth-child(4)').getAttribute('aria-sort')")
        == "ascending"
    )


def test_every_part_that_scrolls_or_folds_is_reached_by_the_tab_key(opened, plan_text):
    tab = opened(plan_text, 390)
    wanted = tab.value("document.querySelectorAll('a, button, summary, input, .scroll').length")
    reached = set()
    for _ in range(wanted + 5):
        tab.press("Tab")
        place = "[...document.querySelectorAll('a, button, summary, input, .scroll')].indexOf(document.activeElement)"
        reached.add(tab.value(place))
    hidden = tab.value("document.querySelectorAll('details:not([open]) :is(button, .scroll, a)').length")
    assert len(reached - {-1}) == wanted - hidden


def test_a_page_prints(opened, plan_text):
    assert opened(plan_text, 1280).printed().startswith(b"%PDF")
