"""The Plan sheet: every vehicle with its editable insertions, everything else as live formulas.

The vehicles stand in one unbroken block (a planner may sort or filter it) and every formula looks only
at its own row; the totals by medium stand below, apart, and find their vehicles by medium. The line
above the table repeats the totals where they stay in sight.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import isfinite

from xlsxwriter.format import Format

from planner.campaign.colours import colours
from planner.excel.notation import cell_reference, column_letters
from planner.formats import NO_LIMIT, cents, money_left
from planner.planning.results import PlanResult
from planner.planning.tables import PlanRow, medium_totals, plan_rows
from planner.workbook.page.styles import (
    BAD,
    BAND,
    EDITED,
    HEAD,
    INPUT_FILL,
    INPUT_INK,
    QUIET,
    RULE,
    Page,
    Styles,
    lines_needed,
    with_zero,
    write_head,
)
from planner.workbook.plan.flowchart_layout import EVALUATE, FlowLayout
from planner.workbook.plan.plan_columns import (
    COUNTED,
    FIRST_ROW,
    HEADER_ROW,
    SUMMARY_ROW,
    Column,
    Layout,
    Value,
    changed_formula,
    edits_formula,
    plan_columns,
    totals_of,
)

SUBTITLE = (
    "Change the yellow Insertions: costs, GRP, impressions and totals follow at once. Reach does not: "
    "save, close, and run  planner evaluate  on this file."
)
FLOWCHART_SUBTITLE = (
    "Insertions are the sums of the sheet Flowchart: change them there, and costs, GRP, impressions and totals "
    "follow here. Reach does not: save, close, and run  planner evaluate  on this file."
)

UNKNOWN = f" Where packages decide a cost, it says  {EVALUATE}  once they are edited."


@dataclass(frozen=True)
class _Table:
    """What the parts of the sheet share."""

    page: Page
    layout: Layout
    rows: tuple[PlanRow, ...]
    media: tuple[str, ...]


def write_plan_sheet(page: Page, result: PlanResult, flow: FlowLayout | None = None) -> str:
    """Write the sheet; returns a formula text, true once its Insertions are changed, for other sheets.

    flow: the Flowchart, where there is one: it is the editable place, and Insertions are its sums.
    """
    rows = plan_rows(result)
    media = tuple(total.name for total in medium_totals(result))
    layout = plan_layout(result, flow)
    table = _Table(page, layout, rows, media)
    _write_head(table, result)
    _write_summary_line(table, result.campaign.brief.budget)
    _write_vehicles(table, colours(result.campaign))
    _write_totals(table)
    _highlight(table)
    if flow is None:
        _guard_insertions(table)
    page.sheet.autofilter(HEADER_ROW, 0, layout.last_row, len(layout.columns) - 1)
    widths = [column.width for column in layout.columns]
    page.set_up(header_row=HEADER_ROW, width=sum(widths), columns=widths[: layout.printed])
    page.sheet.print_area(0, 0, layout.grand_total, layout.printed - 1)
    return changed_formula(layout, page.sheet.get_name(), totals_of(rows))


def plan_layout(result: PlanResult, flow: FlowLayout | None) -> Layout:
    """Where everything stands on the sheet."""
    rows = plan_rows(result)
    columns = plan_columns(result.campaign.brief, rows, flow, own=result.campaign.plan_columns)
    return Layout(columns, len(rows), len(medium_totals(result)), flow)


def _write_head(table: _Table, result: PlanResult) -> None:
    page, columns = table.page, table.layout.columns
    edited = ", edited" if result.is_edited else ""
    title = f"Plan: {result.campaign.brief.campaign or 'media plan'}{edited}"
    promise = FLOWCHART_SUBTITLE if table.layout.flow else SUBTITLE
    packaged = any(row.extra is not None and row.extra.packaged for row in table.rows)
    write_head(page, title, promise + UNKNOWN * packaged, [column.width for column in columns])
    page.sheet.set_row(HEADER_ROW, 44)
    page.widths(column.width for column in columns)
    for place, column in enumerate(columns):
        style = page.styles.heading(number=bool(column.number_format), indent=int(place > 0))
        page.put(HEADER_ROW, place, column.heading, style)


def _write_summary_line(table: _Table, budget: float) -> None:
    """Budget, what is left of it, how much is bought and edited, and the totals above their columns."""
    page, layout, rows = table.page, table.layout, table.rows
    spent = sum(row.cost or 0.0 for row in rows)
    decimals = cents(budget, spent)
    money = page.styles.money(decimals)
    shown = with_zero(money)
    # What is left, where the plan's cost is known: as both are shown, so that they add up.
    cost = layout.total_cell("cost")
    left = f"$A${SUMMARY_ROW + 1}-ROUND({cost},{decimals})"
    left = f'=IF(ISNUMBER({cost}),{left},"{EVALUATE}")' if layout.extra else f"={left}"
    bought, edited = sum(row.bought for row in rows), sum(row.insertions != row.optimised for row in rows)
    facts: list[tuple[str, str, float, str]] = [
        ("Budget", "", budget, shown),
        ("Budget left", left, money_left(budget, spent, decimals), shown),
        ("Bought", f'=COUNTIF({layout.vehicle_cells("insertions")},">0")', bought, "0"),
        ("Edited", f"={edits_formula(layout)}", edited, "0"),
    ]  # fmt: skip
    label = page.styles.get(font_color=QUIET, font_size=9, align="left", indent=1)
    for place, (name, formula, value, number_format) in enumerate(facts):
        page.put(SUMMARY_ROW - 1, place, name, label)
        style = page.styles.get(bold=True, font_size=12, align="left", indent=1, num_format=number_format)
        if not isfinite(value):  # a budget that sets no limit, and what is left of it
            page.put(SUMMARY_ROW, place, NO_LIMIT, style)
            continue
        _write_cell(page, (SUMMARY_ROW, place), style, value=value, formula=formula)
    _write_totals_above(page, layout, totals_of(rows), money)


def _write_totals_above(
    page: Page, layout: Layout, totals: Mapping[str, float | str | None], money: str
) -> None:
    """The totals above their columns, each with its label: columns are printed on several pages. money: the number
    format of the cost."""
    first = layout.place("insertions")
    label = page.styles.get(font_color=QUIET, font_size=9, align="right")
    for place, column in enumerate(layout.columns[first:], first):
        if column.total and column.key != "share":
            shown = money if column.key == "cost" else column.number_format
            style = page.styles.get(bold=True, font_color=HEAD, align="right", num_format=shown)
            page.put(SUMMARY_ROW - 1, place, "The plan", label)
            formula = f"={layout.total_cell(column.key)}"
            page.formula(SUMMARY_ROW, place, formula, style=style, value=totals[column.key])


def _write_vehicles(table: _Table, medium_colours: dict[str, str]) -> None:
    page, layout = table.page, table.layout
    for at, row in enumerate(table.rows, FIRST_ROW):
        page.make_room(at, min(4, lines_needed(row.vehicle, layout.columns[0].width)))
        for place, column in enumerate(layout.columns):
            stated = column.formula_for(row)
            formula = layout.fill(stated, at) if stated else ""
            style = _vehicle_style(page.styles, column, medium_colours[row.medium])
            _write_cell(page, (at, place), style, value=column.value(row), formula=formula)


def _vehicle_style(styles: Styles, column: Column, colour: str) -> Format:
    line = {"bottom": 1, "bottom_color": RULE}
    if column.key == "vehicle":
        return styles.get(text_wrap=True, **line)
    if column.key == "medium":
        return styles.medium(colour)
    if column.key == "insertions" and column.formula:
        return styles.get(num_format=column.number_format, align="right", bold=True, **line)
    if column.key == "insertions":
        return styles.get(num_format=column.number_format, align="right", bold=True, locked=False, border=1,
                          border_color=RULE, bg_color=INPUT_FILL, font_color=INPUT_INK)  # fmt: skip
    return styles.figure(column.number_format) if column.number_format else styles.label


def _write_cell(page: Page, at: tuple[int, int], style: Format, *, value: Value, formula: str = "") -> None:
    if formula:
        page.formula(*at, formula, style=style, value=value)
    elif isinstance(value, str):
        page.put(*at, value, style)
    else:
        page.number(*at, value, style)


def _write_totals(table: _Table) -> None:
    """A row for each medium, one for the plan; the reader knows them by Subtotal and Total."""
    layout = table.layout
    for at, medium in enumerate(table.media, layout.first_subtotal):
        shown = totals_of(row for row in table.rows if row.medium == medium)
        labels = ("Subtotal", medium)
        _write_total_row(table, at, labels, shown, formula=partial(layout.subtotal, at))
    _write_total_row(table, layout.grand_total, ("Total", ""), totals_of(table.rows), formula=layout.whole)


def _write_total_row(
    table: _Table,
    at: int,
    labels: tuple[str, str],
    shown: dict[str, Value],
    *,
    formula: Callable[[Column], str],
) -> None:
    page, grand = table.page, at == table.layout.grand_total
    for place, column in enumerate(table.layout.columns):
        form = column.number_format
        if column.total == COUNTED:  # what is bought by the thousand only is no 0 insertions
            form = f"{form};-{form};–"
        style = page.styles.total(form, grand)
        if place < len(labels):
            page.put(at, place, labels[place], style)
        elif column.total:
            page.formula(at, place, formula(column), style=style, value=shown[column.key])
        else:
            page.number(at, place, None, style)


def _highlight(table: _Table) -> None:
    """Edited rows orange, rows without insertions grey, an overspent budget red."""
    page, layout, first = table.page, table.layout, FIRST_ROW + 1
    count = layout.letter("insertions")
    vehicles = f"A{first}:{column_letters(len(layout.columns))}{layout.last_row + 1}"
    left = cell_reference(SUMMARY_ROW, 1)
    rules = (
        (vehicles, f"=${count}{first}<>${layout.letter('optimised')}{first}", {"bg_color": EDITED}),
        (vehicles, f"=${count}{first}=0", {"font_color": QUIET}),
        (left, f"=${left[0]}${left[1:]}<-0.005", {"font_color": BAD, "bg_color": BAND}),
    )
    for cells, criteria, look in rules:
        style = page.book.add_format(look)
        page.sheet.conditional_format(cells, {"type": "formula", "criteria": criteria, "format": style})


def _guard_insertions(table: _Table) -> None:
    """Excel refuses anything but numbers (whole ones, where the brief says so) from 0 on."""
    whole = table.page.styles.brief.whole
    kind = "whole numbers" if whole else "numbers"
    place = table.layout.place("insertions")
    table.page.sheet.data_validation(FIRST_ROW, place, table.layout.last_row, place, {
        "validate": "integer" if whole else "decimal", "criteria": ">=", "value": 0,
        "error_title": "Insertions", "error_message": f"Insertions are {kind}, 0 or more.",
    })  # fmt: skip
