"""What the parts of the Flowchart share, and its rows below the vehicles: insertions, cost, GRP and reach by week."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from planner.campaign.inputs import Brief
from planner.excel.notation import cell_reference
from planner.workbook.page.charts import (
    Extent,
    MoneyLook,
    Place,
    Series,
    add_week_money_chart,
    add_weeks_chart,
)
from planner.workbook.page.paper import ROW
from planner.workbook.page.styles import BAD, BAND, HEAD, ONE, PERCENT, QUIET, RULE, Page
from planner.workbook.plan.flowchart_layout import (
    ASKED,
    COST,
    EDITED_CELL,
    FACTS_ROW,
    FIRST_WEEK,
    FOOTERS,
    GRP,
    HEADER_ROW,
    LEFT,
    REACH,
    REACH_SUM,
    RIGHT,
    SHARE,
    SUMMED,
    TOTAL,
    FlowLayout,
    grps_by_week,
    insertions_by_week,
    row_cells,
    total,
    total_cost,
    total_insertions,
    week_cost,
)
from planner.workbook.schema.plan_sheets import FLOWCHART

MANY_WEEKS = 14  # from here on columns are narrow and paper is large
PLAIN_MONEY = "#,##0;-#,##0;–"
SHORT_MONEY = '[>=999500]0.0,,"m";[>0]0,"k";–'
FOOT: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
Look = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """What the parts of the sheet share. count: number format of insertions; shades: colours of the media.
    cost_cells, name_cells: of all vehicles on Plan."""

    page: Page
    layout: FlowLayout
    brief: Brief
    count: str
    shades: dict[str, str]
    cost_cells: str = ""
    name_cells: str = ""

    @property
    def narrow(self) -> bool:
        return self.layout.n_weeks >= MANY_WEEKS

    @property
    def weeks(self) -> range:
        """The columns of the weeks."""
        return range(FIRST_WEEK, self.layout.last_week + 1)

    @property
    def week_width(self) -> float:
        """How wide a week is, in characters."""
        return 5.3 if self.narrow else 7.5 if self.layout.n_weeks > 8 else 9

    @property
    def money_by_week(self) -> str:
        """Money in a week's column: in thousands and millions where there is no room."""
        large = max(self.layout.costs, default=0) >= (10_000 if self.narrow else 1e6)
        return SHORT_MONEY if large else PLAIN_MONEY

    @property
    def points(self) -> str:
        """Rating points in a week's column."""
        return "[>=99.95]0;[>0]0.0;–"


def write_right(chart: Chart, at: int, sums: Sequence[tuple[str, float | str]], look: Look) -> None:
    """The totals on the right of a row: insertions, cost, GRP as given, and the share of spend."""
    page, layout = chart.page, chart.layout
    cost, whole = sums[1][1], sum(layout.costs)
    own = cell_reference(at, layout.right("Cost"))
    total = cell_reference(layout.total_row, layout.right("Cost"), row_fixed=True, column_fixed=True)
    share = cost / whole if isinstance(cost, float | int) and whole > 0 else 0.0
    formula = f"=IF(ISNUMBER({own}),IF({total}>0,{own}/{total},0),0)"
    shown = (chart.count.rstrip(";") + ";–", page.styles.money(), ONE, PERCENT)
    for heading, (text, value), number_format in zip(RIGHT, [*sums, (formula, share)], shown, strict=True):
        style = page.styles.get(num_format=number_format, align="right", **look)
        page.formula(at, layout.right(heading), text, style=style, value=value)


def write_label(chart: Chart, at: int, text: str, look: Look) -> None:
    page = chart.page
    for column in range(chart.layout.last_column + 1):
        page.sheet.write_blank(at, column, None, page.styles.get(**look))
    page.put(at, 0, text, page.styles.get(**look))


def write_weeks(
    chart: Chart, at: int, number_format: str, look: Look, cells: Iterable[tuple[str, float]]
) -> None:
    """A figure for each week, as a formula where there is one; small where there is little room."""
    page = chart.page
    small = {"font_size": 8, "shrink": True} if chart.narrow else {}
    style = page.styles.get(**{**look, **small, "num_format": number_format, "align": "center"})
    for column, (formula, value) in zip(chart.weeks, cells, strict=True):
        if formula:
            page.formula(at, column, formula, style=style, value=value)
        else:
            page.number(at, column, value, style)


# --- the rows below the vehicles; the chart of reach, for Recap --------------------------------------

EDITED = "Edited: reach by week below is from before. Save, close, and run  planner evaluate  on this file."
SHARES = "0%;-0%;–"
CHART_PIXELS = 310  # height of the chart


def write_totals(chart: Chart) -> None:
    """Insertions, cost and GRP by week, and what the flighting asks for."""
    layout, weeks = chart.layout, range(chart.layout.n_weeks)
    columns, rating = chart.weeks, LEFT.index("Rating %")
    counts, costs, grps = insertions_by_week(layout, layout.rows), layout.costs, grps_by_week(layout)
    look = {"bold": True, "bg_color": BAND, "top": 2, "top_color": HEAD}
    write_label(chart, layout.total_row, TOTAL, look)
    summed = [(total_insertions(layout, columns[w]), counts[w]) for w in weeks]
    write_weeks(chart, layout.total_row, chart.count, look, summed)
    insertions, grp = (layout.right(heading) for heading in ("Insertions", "GRP"))
    formulas = [total_insertions(layout, insertions), total_cost(layout), total(layout, grp)]
    write_right(chart, layout.total_row, [*zip(formulas, map(sum, (counts, costs, grps)), strict=True)], look)
    paid = [(week_cost(layout, w), costs[w]) for w in weeks]
    points = [(total(layout, columns[w], rating), grps[w]) for w in weeks]
    _write_row(chart, COST, f" ({chart.brief.currency})", chart.money_by_week, paid)
    _write_row(chart, GRP, "", chart.points, points)
    _write_row(chart, SUMMED, "", chart.points, _summed(chart, grps))
    _write_row(chart, SHARE, "", SHARES, _shares(chart, grps))
    asked = [("", share) for share in layout.weeks.pattern.tolist()]
    _write_row(
        chart, ASKED, f" ({layout.weeks.pattern_name})", SHARES, asked, {"font_color": QUIET, "italic": True}
    )


def _write_row(
    chart: Chart,
    place: int,
    more: str,
    number_format: str,
    cells: Iterable[tuple[str, float]],
    look: Look | None = None,
) -> None:
    """One of FOOTERS, its label with something more behind it."""
    at, own = chart.layout.footer(place), {**FOOT, **(look or {})}
    write_label(chart, at, FOOTERS[place - 1] + more, own)
    write_weeks(chart, at, number_format, own, cells)


def _summed(chart: Chart, grps: Sequence[float]) -> Iterable[tuple[str, float]]:
    """Cumulative GRP: each week's upon the week before."""
    row, summed = chart.layout.footer(GRP), 0.0
    for column, grp in zip(chart.weeks, grps, strict=True):
        summed += grp
        own, before = cell_reference(row, column), cell_reference(row + 1, column - 1)
        yield f"={own}" if column == FIRST_WEEK else f"={before}+{own}", summed


def _shares(chart: Chart, grps: Sequence[float]) -> Iterable[tuple[str, float]]:
    layout = chart.layout
    total = cell_reference(layout.total_row, layout.right("GRP"), row_fixed=True, column_fixed=True)
    for column, grp in zip(chart.weeks, grps, strict=True):
        own = cell_reference(layout.footer(GRP), column)
        yield f"=IF({total}>0,{own}/{total},0)", grp / sum(grps) if sum(grps) > 0 else 0.0


def write_reach(chart: Chart) -> None:
    """Reach by week and up to it, as calculated."""
    weeks = chart.layout.weeks
    shown = "0%" if chart.narrow else "0.0%"
    for place, shares in ((REACH, weeks.reach_share), (REACH_SUM, weeks.cumulative_share)):
        _write_row(chart, place, f", {weeks.audience}", shown, [("", share) for share in shares.tolist()])


def draw_reach(page: Page, layout: FlowLayout, row: int) -> int:
    """The chart of reach by week, on a sheet from a row on; returns the row after it."""
    weeks = layout.weeks
    alone, together = (
        _weekly(layout, title, place)
        for title, place in (("In the week alone", REACH), ("In all weeks up to it", REACH_SUM))
    )
    largest = float(max(weeks.cumulative_share.tolist(), default=0.0))
    axes = (_weeks_axis(layout), f"People reached (% of {weeks.audience})")
    width = 760 if layout.n_weeks > 8 else 640
    place = Place(page.book, page.sheet, row, 0, width, CHART_PIXELS)
    add_weeks_chart(place, alone, together, Extent(largest, 6), axes)
    return row + math.ceil(0.75 * CHART_PIXELS / ROW)


def draw_spend(layout: FlowLayout, look: MoneyLook, place: Place) -> None:
    """The chart of money by week, which follows what is typed into the flowchart."""
    add_week_money_chart(place, _weekly(layout, "Spend", COST), _weeks_axis(layout), look)


def _weekly(layout: FlowLayout, title: str, place: int) -> Series:
    """One of FOOTERS by week."""
    name, row = FLOWCHART.name, layout.footer(place)
    heads: list[str | int] = [name, HEADER_ROW, FIRST_WEEK, HEADER_ROW, layout.last_week]
    return Series(title, heads, [name, row, FIRST_WEEK, row, layout.last_week])


def _weeks_axis(layout: FlowLayout) -> str:
    return "Week" if layout.weeks.mondays[:1] == (None,) else "Week, by its Monday"


def write_edited_warning(chart: Chart) -> None:
    """A warning that appears once the calendar is no longer the one that reach was calculated for."""
    page, layout = chart.page, chart.layout
    counts, grps = insertions_by_week(layout, layout.rows), grps_by_week(layout)
    summed = sum(value for _, value in _summed(chart, grps))
    watched = [
        (cell_reference(layout.total_row, layout.right("Insertions")), sum(counts)),
        (cell_reference(layout.total_row, layout.right("Cost")), sum(layout.costs)),
        (f"SUM({row_cells(layout.footer(SUMMED), FIRST_WEEK, layout.last_week)})", summed),
    ]
    tests = [f"ABS({cell}-{value!r})>{1e-6 * max(1.0, abs(value)):.9f}" for cell, value in watched]
    style = page.styles.get(bold=True, font_color=BAD)
    page.formula(FACTS_ROW, FIRST_WEEK, f'=IF(OR({",".join(tests)}),"{EDITED}","")', style=style, value="")
    stale = page.book.add_format({"font_color": QUIET, "font_strikeout": True})
    first, last = layout.footer(REACH), layout.footer(REACH_SUM)
    page.sheet.conditional_format(first, FIRST_WEEK, last, layout.last_week,
                                  {"type": "formula", "criteria": f'={EDITED_CELL}<>""', "format": stale})  # fmt: skip
