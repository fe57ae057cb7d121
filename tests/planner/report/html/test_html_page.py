"""The HTML report: every text stays a text, nothing is loaded, the same figures as everywhere, a bounded size."""

from dataclasses import replace
from pathlib import Path

import pytest

from planner.formats import money, one_line, percent
from planner.planning.tables import medium_totals, plan_rows
from planner.report.html.charts import Axis, Bar, Line, Point, Row, plot, rows
from planner.report.html.page import LARGEST, Section, element, page, tiles
from planner.report.html.plan import plan_page
from planner.report.html.tables import Shaded, grid, sortable

PAYLOADS = (
    *(Path(__file__).parents[2] / "payloads.txt").read_text(encoding="utf-8").splitlines(),
    "</script><img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "--></style><script>alert(1)</script>",
    "' onmouseover='alert(1)", "javascript:alert(1)", "&lt;b&gt;", "{{7*7}}", "</title><base href=//evil.example>",
)  # fmt: skip


@pytest.fixture
def hostile(made_campaign, made_influenced, made_ranking):
    """A plan in whose every text a payload stands."""
    made = made_campaign(vehicles=len(PAYLOADS), names=PAYLOADS, campaign=PAYLOADS[26], client=PAYLOADS[27])
    spun = PAYLOADS[7:] + PAYLOADS[:7]
    vehicles = tuple(
        replace(row, medium=medium, genre=PAYLOADS[3], unit=PAYLOADS[28])
        for row, medium in zip(made.vehicles, spun, strict=True)
    )
    made = replace(made, vehicles=vehicles, media=(), notices=PAYLOADS)
    return made_influenced(made, insertions=[1] * len(PAYLOADS), notes=tuple((x, x) for x in PAYLOADS))


def test_every_payload_is_shown_as_the_text_it_is_and_nothing_else_comes_of_it(hostile, safe_page):
    shown = " ".join(safe_page(plan_page(hostile)).texts)
    assert [payload for payload in PAYLOADS if one_line(payload) not in shown] == []


def test_a_number_of_a_tile_keeps_its_word_and_two_of_them_may_part():
    shown = tiles([("Bought", "118 insertions + 6m impressions"), ("Left", "no limit")])
    assert "<dd><span>118 insertions</span> + <span>6m impressions</span></dd>" in shown
    assert "<dd>no limit</dd>" in shown


def test_a_page_says_what_the_plan_buys_costs_and_reaches(made_influenced, safe_page):
    result = made_influenced()
    shown = " ".join(safe_page(plan_page(result)).texts)
    currency = result.campaign.brief.currency
    for row in plan_rows(result):
        assert not row.bought or row.vehicle in shown
    for total in medium_totals(result):
        assert f"{money(total.cost, currency)} · {percent(total.share)}" in shown
    assert result.influence.verdict in shown
    assert money(result.cost, currency) in shown


def test_the_range_of_reach_is_two_standard_deviations_of_the_models_error(made_result):
    result = made_result(insertions=[1, 2, 3, 1, 0, 0])  # 4 vehicles: one standard deviation is 0.115 / 2
    reach = result.audiences[0].reach_share
    low, high = 100 * reach * (1 - 0.115), 100 * min(1.0, reach * (1 + 0.115))
    assert f"{percent(reach)} ({low:.0f}–{high:.0f})" in plan_page(result).replace("\u00a0", " ")


def test_the_same_plan_gives_the_same_page(made_weeks):
    assert plan_page(made_weeks()) == plan_page(made_weeks())


def test_a_plan_with_a_calendar_has_its_weeks_and_one_without_has_none(made_weeks, made_result):
    assert "Insertions by week" in plan_page(made_weeks())
    assert "Insertions by week" not in plan_page(made_result())


def test_a_plan_that_buys_nothing_and_reaches_nobody_has_a_page(made_result):
    result = made_result(insertions=[0.0] * 6, audiences=0)
    assert "Nothing is bought." in plan_page(result)


def test_weeks_of_a_line_by_the_thousand_are_impressions(made_weeks):
    result = made_weeks()
    lines = tuple(
        replace(row, bought_as="impressions", audience_000=100.0) for row in result.campaign.vehicles
    )
    page = plan_page(replace(result, campaign=replace(result.campaign, vehicles=lines)))
    assert "(impressions)" in page
    assert "(impressions)" not in plan_page(result)
    assert "100k<" in page


def test_a_page_of_2000_vehicles_by_53_weeks_stays_under_two_megabytes(made_campaign, made_weeks):
    made = made_campaign(vehicles=2000, names=tuple(f"Vehicle number {n}" for n in range(2000)), weeks=53)
    text = plan_page(made_weeks(made, insertions=[3.0] * 2000))
    assert len(text.encode()) < LARGEST
    assert "more rows are in the workbook" in text


# --- parts ---------------------------------------------------------------------------------------


def test_an_element_escapes_texts_and_attributes():
    made = element("td", '"a" < b', element("b", "&"), title='"x"\n<y>')
    assert made == '<td title="&quot;x&quot; &lt;y&gt;">&quot;a&quot; &lt; b<b>&amp;</b></td>'


def test_a_bar_stands_where_its_figures_say():
    drawn = rows("Points", [Row("up", [Bar(0, 3, "#000")], "3"), Row("down", [Bar(0, -1, "#000")], "-1")])
    # From -1 to 3: nothing lies at a quarter of the width.
    assert "left:25.00%;width:75.00%" in drawn
    assert "left:0.00%;width:25.00%" in drawn


def test_a_point_stands_where_its_figures_say():
    line = Line("a", "#000", [Point(0, 0), Point(5, 1, tip="five")])
    drawn = plot("t", [line], Axis("x", 0, 10, str), Axis("y", 0, 2, str))
    assert 'points="0.00,100.00 50.00,50.00"' in drawn
    assert "left:50.00%;bottom:50.00%" in drawn


def test_long_tables_are_cut_and_say_so():
    table = sortable(("Name", "Text"), [[f"row {n}", "x"] for n in range(9000)], caption="All.")
    assert "All. 5,000 more rows are in the workbook." in table
    wide = grid("a", [f"c{n}" for n in range(200)], [("r", [Shaded("1")] * 200)], caption="Grid.")
    assert "1 of 1 rows and 60 of 200 columns" in wide


def test_sections_without_parts_are_left_out_of_page_and_contents():
    text = page("T", "s", [Section("a", "Something", ["x"]), Section("b", "Nothing", [])], "foot")
    assert "Something" in text
    assert "Nothing" not in text
