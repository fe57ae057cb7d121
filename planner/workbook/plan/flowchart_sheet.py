"""The Flowchart sheet: weeks across, vehicles grouped and coloured by medium, insertions to edit in the cells.

Totals, cost and GRP are live formulas that carry their values; reach by week is what the calendar had when it
was written.
"""

import math
from typing import Any

from xlsxwriter.format import Format

from planner.campaign.colours import colours, tint
from planner.campaign.inputs import Brief
from planner.excel.notation import cell_reference, column_letters
from planner.formats import (
    NO_LIMIT,
    NOT_QUOTED,
    cents,
    count_of,
    is_whole,
    money_left,
    month_of,
    percent,
    price_decimals,
)
from planner.planning.results import PlanResult, WeekFigures
from planner.workbook.page.paper import A3, A4, LETTER, ROW, TABLOID
from planner.workbook.page.styles import (
    BAD,
    BAND,
    HEAD,
    INK,
    INPUT_INK,
    QUIET,
    RULE,
    TWO,
    Page,
    lines_needed,
    money_format,
    paper_of,
    text_width,
    with_zero,
)
from planner.workbook.plan.flowchart_layout import (
    BILLING,
    COUNTED,
    FACTS_ROW,
    FIRST_WEEK,
    HEADER_ROW,
    LEFT,
    MONTH_ROW,
    REACH_SUM,
    RIGHT,
    Band,
    FlowLayout,
    FlowRow,
    billing_formulas,
    insertions_by_week,
    months,
    row_cells,
    subtotal,
    vehicle_cost,
)
from planner.workbook.plan.flowchart_parts import (
    Chart,
    write_edited_warning,
    write_reach,
    write_right,
    write_totals,
)
from planner.workbook.plan.plan_columns import Layout as PlanLayout

SUBTITLE = (
    "Change the yellow cells, also of vehicles not bought at the end: insertions, costs, GRP and the sheet Plan "
    "follow at once. Reach does not: save, close, and run  planner evaluate  on this file."
)
CELL_FILL = "#FFFCEA"  # the yellow of cells to edit, paler than Plan's: there are hundreds
LARGE_PAPER = {LETTER: TABLOID, A4: A3}
TITLE_HEIGHT, HEADER_HEIGHT = 26, 32  # of the rows, in points
LONGEST_LITERAL = 200  # a text in a formula may have 255 characters
_WEEKS_A_PAGE = 30  # printed; of more the figures are too small to be read


def write_flowchart_sheet(page: Page, result: PlanResult, layout: FlowLayout, plan: PlanLayout) -> None:
    """Write the sheet. plan: where the vehicles' money stands on Plan."""
    whole = all(is_whole(count) for row in layout.rows for count in row.insertions)
    number_format = "#,##0;-#,##0;" if whole else "0.0#;-0.0#;"
    cells = plan.vehicle_cells("cost"), plan.vehicle_cells("vehicle")
    chart = Chart(page, layout, result.campaign.brief, number_format, colours(result.campaign), *cells)
    _write_head(chart, result)
    _write_headings(chart)
    for band in layout.bands:
        _write_band(chart, band)
    write_totals(chart)
    write_reach(chart)
    _write_idle(chart)
    write_edited_warning(chart)
    _colour_insertions(chart)
    _guard_insertions(chart)
    _set_up(chart)


# --- head -------------------------------------------------------------------------------------------


def _write_head(chart: Chart, result: PlanResult) -> None:
    page, layout, brief = chart.page, chart.layout, chart.brief
    page.put(0, 0, f"Flowchart: {brief.campaign or 'media plan'}", page.styles.title)
    page.put(1, 0, _campaign_line(brief, layout.weeks), page.styles.get(bold=True, font_color=INK))
    page.put(2, 0, SUBTITLE, page.styles.subtitle)
    page.sheet.set_row(0, TITLE_HEIGHT)
    spent = cell_reference(layout.total_row, layout.right("Cost"), row_fixed=True, column_fixed=True)
    known, cost = not layout.extra, result.cost
    decimals = cents(brief.budget, cost)
    money, cell = with_zero(page.styles.money(decimals)), f"$B${FACTS_ROW + 1}"
    left = f"$A${FACTS_ROW + 1}-ROUND({cell},{decimals})"  # so that cost and what is left add up as they are shown
    facts: list[tuple[int, str, str, float]] = [
        (0, f"Budget ({brief.budget_is}, {brief.currency})", "", brief.budget),
        (1, "Planned", f"={spent}", cost),
        (
            3,
            "Budget left",
            f"={left}" if known else f"=IF(ISNUMBER({cell}),{left},{cell})",
            money_left(brief.budget, cost, decimals),
        ),
    ]
    label = page.styles.get(font_color=QUIET, font_size=9, align="left", indent=1)
    style = page.styles.get(bold=True, font_size=11, align="left", indent=1, num_format=money, shrink=True)
    for column, name, formula, value in facts:
        page.put(FACTS_ROW - 1, column, name, label)
        if not math.isfinite(value):
            page.put(FACTS_ROW, column, NO_LIMIT, style)
        elif formula:
            page.formula(FACTS_ROW, column, formula, style=style, value=value)
        else:
            page.number(FACTS_ROW, column, value, style)
    red = page.book.add_format({"font_color": BAD})
    left = f"D{FACTS_ROW + 1}"
    page.sheet.conditional_format(
        left, {"type": "formula", "criteria": f"=${left[0]}${left[1:]}<-0.005", "format": red}
    )


def _campaign_line(brief: Brief, weeks: WeekFigures) -> str:
    """Client, flight and flighting."""
    length = count_of(len(weeks.labels), "week")
    flight = f"a flight of {length}"
    end = brief.last_day
    if brief.start is not None and end is not None:
        flight = f"{brief.start.day} {month_of(brief.start)} to {end.day} {month_of(end)}, {length}"
    off = (
        f"flighting {weeks.pattern_name}, {percent(weeks.off_pattern)} of the GRP in other weeks than it asks"
    )
    return "  ·  ".join(filter(None, [brief.client, flight, off]))


def _write_headings(chart: Chart) -> None:
    page, layout, gross_or_net = chart.page, chart.layout, chart.brief.budget_is.capitalize()
    _write_months(chart)
    headings = list(LEFT)
    headings[LEFT.index("Cost per insertion")] = f"{gross_or_net} cost per insertion"
    for column, heading in enumerate(headings):
        style = page.styles.heading(number=column > 2, indent=int(0 < column < 3))
        page.put(HEADER_ROW, column, heading, style)
    for week, column in enumerate(chart.weeks):
        _write_week_heading(chart, week, column)
    for column, heading in _headings_behind(layout, gross_or_net).items():
        page.put(HEADER_ROW, column, heading, page.styles.heading())
    page.sheet.set_row(HEADER_ROW, HEADER_HEIGHT)


def _headings_behind(layout: FlowLayout, gross_or_net: str) -> dict[int, str]:
    """Headings behind the weeks, by column."""
    further = {layout.right(heading): heading for heading in RIGHT}
    if layout.by_week:
        costs = (f"{gross_or_net} cost, W{week + 1}" for week in range(layout.n_weeks))
        further |= {layout.price_column(week): text for week, text in enumerate(costs)}
    if layout.extra:
        further |= {layout.billing_column(place): heading for place, heading in enumerate(BILLING)}
    if layout.counted_column is not None:
        further[layout.counted_column] = COUNTED
    return further


def _write_months(chart: Chart) -> None:
    """The months above their weeks, as long as there is room for."""
    page, layout = chart.page, chart.layout
    look = page.styles.get(
        bold=True, font_color=HEAD, bg_color=BAND, align="center", border=1, border_color="#FFFFFF"
    )
    for column in range(layout.last_column + 1):
        page.sheet.write_blank(MONTH_ROW, column, None, page.styles.get(bg_color=BAND))
    for name, first, last in months(layout.weeks.mondays):
        room = (last - first + 1) * chart.week_width
        month, year = name.split()
        text = name if room > len(name) + 3 else f"{month[:3]} {year}" if room > 11 else month[:3]
        if last > first:
            page.sheet.merge_range(MONTH_ROW, FIRST_WEEK + first, MONTH_ROW, FIRST_WEEK + last, "", look)
        page.put(MONTH_ROW, FIRST_WEEK + first, text, look)


def _write_week_heading(chart: Chart, week: int, column: int) -> None:
    page, monday = chart.page, chart.layout.weeks.mondays[week]
    look: dict[str, Any] = {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "align": "center"}
    if monday is None:
        page.put(HEADER_ROW, column, f"W{week + 1}", page.styles.get(**look))
    else:
        shown = "d" if chart.narrow else "d mmm"
        page.sheet.write_datetime(HEADER_ROW, column, monday, page.styles.get(num_format=shown, **look))


# --- rows -------------------------------------------------------------------------------------------


def _write_band(chart: Chart, band: Band) -> None:
    """The row of a medium, its vehicles below it."""
    page, layout = chart.page, chart.layout
    fill = {"bold": True, "bg_color": tint(chart.shades[band.medium], 0.25), "font_color": INK,
            "top": 1, "top_color": chart.shades[band.medium]}  # fmt: skip
    page.put(band.at, 0, f"{band.medium} total", page.styles.get(**fill))
    for column in range(1, FIRST_WEEK):
        page.sheet.write_blank(band.at, column, None, page.styles.get(**fill))
    centred = page.styles.get(num_format=chart.count, align="center", **fill)
    for column, value in zip(chart.weeks, insertions_by_week(layout, band.rows), strict=True):
        page.formula(band.at, column, subtotal(layout, band, column), style=centred, value=value)
    cost = sum(row.plan.cost or 0.0 for row in band.rows)
    points = sum(row.plan.rating * sum(row.insertions) for row in band.rows)
    values = (sum(insertions_by_week(layout, band.rows)), cost, points)
    formulas = [subtotal(layout, band, layout.right(heading)) for heading in RIGHT[:3]]
    write_right(chart, band.at, [*zip(formulas, values, strict=True)], fill)
    for row in band.rows:
        _write_vehicle(chart, row)


def _write_left(chart: Chart, row: FlowRow, line: dict[str, Any], price: Format) -> None:
    """What a vehicle is, what an insertion costs and its rating."""
    page, at, plan = chart.page, row.at, row.plan
    page.put(at, 0, plan.vehicle, page.styles.get(text_wrap=True, indent=1, **line))
    page.put(at, 1, plan.medium, page.styles.medium(chart.shades[plan.medium]))
    page.put(at, 2, plan.unit, page.styles.get(shrink=True, indent=1, **line))
    if plan.unit_price is None:
        page.put(at, 3, NOT_QUOTED, page.styles.get(align="right", shrink=True, **line))
    else:
        page.number(at, 3, plan.unit_price, price)
    page.number(at, 4, plan.rating, page.styles.get(num_format=TWO, align="right", **line))


def _write_vehicle(chart: Chart, row: FlowRow, idle: bool = False) -> None:
    page, layout, at = chart.page, chart.layout, row.at
    line: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
    line |= {"font_color": QUIET} if idle else {}
    # As many lines as its name takes.
    height = 3.0 + 12 * min(4, lines_needed(row.plan.vehicle, _widths(chart)[0]))
    page.heights[at] = 14 if idle and height <= ROW else height
    page.sheet.set_row(at, page.heights[at], None, {"level": int(idle)})
    prices = [each.plan.unit_price for each in layout.rows if each.plan.unit_price is not None]
    shown = money_format(chart.brief.currency, price_decimals(prices))
    price = page.styles.get(num_format=shown, align="right", **line)
    _write_left(chart, row, line, price)
    cell = page.styles.get(num_format=chart.count, align="center", locked=False, border=1, border_color=RULE,
                           bg_color=CELL_FILL, font_color=INPUT_INK)  # fmt: skip
    for column, count in zip(chart.weeks, row.insertions, strict=True):
        page.number(at, column, count or None, cell)
    weeks = row_cells(at, FIRST_WEEK, layout.last_week)
    count_cell = cell_reference(at, layout.right("Insertions"))
    rating = cell_reference(at, LEFT.index("Rating %"))
    counted = sum(row.insertions)
    sums = [(f"=SUM({weeks})", counted), (vehicle_cost(layout, at, chart.cost_cells, chart.name_cells), row.cost),
            (f"={count_cell}*{rating}", counted * row.plan.rating)]  # fmt: skip
    write_right(chart, at, sums, line)
    _write_hidden(chart, row, price)


def _write_hidden(chart: Chart, row: FlowRow, price: Format) -> None:
    """Behind the columns that are seen: prices by week, what is billed, whether the vehicle is counted."""
    page, layout, at = chart.page, chart.layout, row.at
    for week, value in enumerate(row.prices if layout.by_week else ()):
        page.number(at, layout.price_column(week), value, price)
    billing = zip(billing_formulas(layout, row), row.billing, strict=True) if layout.extra else ()
    for place, (formula, value) in enumerate(billing):
        page.formula(at, layout.billing_column(place), formula, style=price, value=value)
    if layout.counted_column is not None:
        page.number(at, layout.counted_column, float(not row.plan.by_thousand), price)


# --- not bought -------------------------------------------------------------------------------------


def _write_idle(chart: Chart) -> None:
    """The vehicles not bought, small and last; a planner can type insertions there."""
    if not chart.layout.idle:
        return
    page, at = chart.page, chart.layout.idle[0].at - 1
    count = count_of(len(chart.layout.idle), "row")
    page.section(
        at,
        (0, chart.layout.last_column),
        f"Not bought: {count}. Insertions typed here count above. This part is not printed.",
    )
    for row in chart.layout.idle:
        _write_vehicle(chart, row, idle=True)


# --- behaviour --------------------------------------------------------------------------------------


def _colour_insertions(chart: Chart) -> None:
    """Weeks with insertions in their medium's colour, wherever a row is sorted to."""
    page, layout = chart.page, chart.layout
    media = dict.fromkeys(row.plan.medium for row in layout.rows)
    for first, last in layout.blocks:
        cell = f"{column_letters(FIRST_WEEK + 1)}{first + 1}"
        for medium in media:
            if len(medium) > LONGEST_LITERAL:
                continue
            literal = medium.replace('"', '""')
            style = page.book.add_format(
                {"bg_color": tint(chart.shades[medium], 0.5), "bold": True, "font_color": INK}
            )
            criteria = f'=AND($B{first + 1}="{literal}",ISNUMBER({cell}),{cell}>0)'
            page.sheet.conditional_format(first, FIRST_WEEK, last, layout.last_week,
                                          {"type": "formula", "criteria": criteria, "format": style})  # fmt: skip


def _guard_insertions(chart: Chart) -> None:
    """Excel refuses anything but numbers (whole ones, where the brief says so) from 0 on."""
    kind = "whole numbers" if chart.brief.whole else "numbers"
    for first, last in chart.layout.blocks:
        chart.page.sheet.data_validation(first, FIRST_WEEK, last, chart.layout.last_week, {
            "validate": "integer" if chart.brief.whole else "decimal", "criteria": ">=", "value": 0,
            "error_title": "Insertions", "error_message": f"Insertions are {kind}, 0 or more.",
        })  # fmt: skip


def _widths(chart: Chart) -> list[float]:
    unit = text_width([row.plan.unit for row in chart.layout.rows], 10)
    return [34, 15, unit, 13, 8, *([chart.week_width] * chart.layout.n_weeks), 10, 13, 9, 9]


def _set_up(chart: Chart) -> None:
    page, layout = chart.page, chart.layout
    page.widths(_widths(chart))
    if layout.last_hidden > layout.last_column:
        page.sheet.set_column(layout.last_column + 1, layout.last_column + 1, 2)
        last = layout.last_hidden
        page.sheet.set_column(layout.first_price, last, 10, None, {"level": 1, "hidden": True})
        page.sheet.set_column(last + 1, last + 1, None, None, {"collapsed": True})
    page.sheet.outline_settings(True, False, True, False)
    page.set_up(header_row=HEADER_ROW)
    if layout.n_weeks > _WEEKS_A_PAGE:
        page.sheet.fit_to_pages(-(-layout.n_weeks // _WEEKS_A_PAGE), 0)
        page.sheet.repeat_columns(0)
    page.sheet.repeat_rows(MONTH_ROW, HEADER_ROW)
    page.sheet.print_area(0, 0, layout.footer(REACH_SUM), layout.last_column)  # what is bought
    page.sheet.set_paper(LARGE_PAPER[paper_of(chart.brief)] if chart.narrow else paper_of(chart.brief))
