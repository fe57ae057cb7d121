"""The frontier workbook: what other budgets buy, the price of influence, the ladder, the least change."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from planner.comparing.frontier import Frontier
from planner.comparing.frontier_tables import change_notes, frontier_tables
from planner.formats import listed, money
from planner.report.assumed import assumed
from planner.table import Table
from planner.workbook.page.book import write_book
from planner.workbook.page.charts import Cells, Place, Series, add_curve_chart
from planner.workbook.page.files import Target
from planner.workbook.page.styles import Page, Styles, money_axis_format
from planner.workbook.page.table_part import cells_of, table_sheet, write_notes

CHART, CHART_ROWS = (430, 280), 15
SECOND = CHART[0] + 16  # where the second chart begins: both lie on the first printed page
SHEETS = {
    "points": "Frontier",
    "plans": "Plans",
    "steps": "Price of influence",
    "ladder": "Ladder",
    "drops": "What to drop",
    "change": "Least change",
}
ANSWERED = ("points", "change")  # their first note is the answer, and stands at the head


def write_frontier(found: Frontier, path: Path | Target) -> None:
    """Write the workbook; raises OutputError when it cannot stand where it was asked for."""
    write_book(path, found.campaign.brief, partial(_fill, found), title="What other budgets buy")


def _fill(found: Frontier, styles: Styles) -> None:
    for table in frontier_tables(found):
        page, answer = styles.page(SHEETS[table.key]), table.notes[0] if table.key in ANSWERED else ""
        below = " | ".join(filter(None, (found.campaign.brief.campaign, answer)))
        draw = _CHARTS.get(table.key) if len(table.rows) > 1 else None  # no line through one point
        told_below = replace(table.filled, notes=[note for note in table.notes if note != answer])
        shown = _reasons_below(told_below, found.campaign.brief.currency)
        table_sheet(page, shown, below, None if draw is None else partial(draw, found), CHART_ROWS)
    told = [*assumed(found.campaign), *([] if not found.untold else [found.untold]), *_unmade(found)]
    if told:
        page = styles.page("Notes")
        page.widths([130])
        write_notes(page, 0, told, (0, 1))


def _reasons_below(table: Table, currency: str) -> Table:
    """A table whose rows say why they have no plan, with these sentences below it: one is as long as a page is wide."""
    if "reason" not in table.keys:
        return table
    budgets: dict[str, list[str]] = {}
    for row in table.records:
        if row["reason"]:
            budgets.setdefault(row["reason"], []).append(money(row["budget"], currency))
    at = table.keys.index("reason")
    told = [f"{listed(names, 5)}: {reason}" for reason, names in budgets.items()]
    return replace(
        table,
        columns=[*table.columns[:at], *table.columns[at + 1 :]],
        rows=[[*row[:at], *row[at + 1 :]] for row in table.rows],
        notes=[*told, *table.notes],
    )


def _unmade(found: Frontier) -> list[str]:
    """Why parts that were asked for are not there."""
    told = [found.no_ladder] if found.no_ladder else []
    if found.change is not None and "nearest" not in found.change:
        told += change_notes(found)
    return told


# --- charts ---------------------------------------------------------------------------------------------


def _draw_budgets(found: Frontier, page: Page, table: Table, corner: tuple[int, int], top: int) -> None:
    money = money_axis_format(found.campaign.brief.currency)
    names = [name for name in ("target", "customers", "influencers", "others") if name in found.audiences]
    lines = [_line(page, table, top, name, f"reach: {name}") for name in names]
    own = [at for at, each in enumerate(table.rows) if at in table.marked and each[3] is not None]
    marks = [_own(page, table, top, at, f"reach: {names[0]}") for at in own]
    add_curve_chart(
        Place(page.book, page.sheet, *corner, *CHART), lines, marks,
        title="Reach by budget, each point certified", axes=("Budget", "People reached (% of the audience)"),
        formats=(money, "0%"),
    )  # fmt: skip
    add_curve_chart(
        Place(page.book, page.sheet, *corner, *CHART, SECOND),
        [_line(page, table, top, "value per 1,000", "value_per_1000")],
        [_own(page, table, top, at, "value_per_1000") for at in own],
        title="What another 1,000 buys", axes=("Budget", "Value per 1,000"), formats=(money, "0.0"),
    )  # fmt: skip


def _draw_trade_off(found: Frontier, page: Page, table: Table, corner: tuple[int, int], top: int) -> None:
    first, second = found.pair
    series = Series("efficient plans", *_both(page, table, top))
    on_hull = table.keys.index("on_hull")
    off = [at for at, each in enumerate(table.rows) if not each[on_hull]]
    marks = [Series("not on the hull", *_both(page, table, top, (at, at))) for at in off]
    add_curve_chart(
        Place(page.book, page.sheet, *corner, *CHART), [series], marks,
        title=f"{first.capitalize()} against {second}", formats=("0.00%", "0.00%"),
        axes=(f"Reach of {first}", f"Reach of {second}"),
    )  # fmt: skip


def _draw_ladder(found: Frontier, page: Page, table: Table, corner: tuple[int, int], top: int) -> None:
    money = money_axis_format(found.campaign.brief.currency)
    lines = [_line(page, table, top, "nested", "value"), _line(page, table, top, "made anew", "anew")]
    lines = [Series(line.name, cells_of(page, table, top, "budget"), line.values) for line in lines]
    add_curve_chart(
        Place(page.book, page.sheet, *corner, *CHART), lines, [],
        title="Value by budget: cut step by step, and made anew", axes=("Budget", "Value"), formats=(money, "#,##0"),
    )  # fmt: skip


_CHARTS: dict[str, Callable[[Frontier, Page, Table, tuple[int, int], int], None]] = {
    "points": _draw_budgets,
    "steps": _draw_trade_off,
    "ladder": _draw_ladder,
}


def _both(page: Page, table: Table, top: int, rows: tuple[int, int] | None = None) -> tuple[Cells, Cells]:
    return cells_of(page, table, top, "first", rows), cells_of(page, table, top, "second", rows)


def _line(page: Page, table: Table, top: int, name: str, key: str) -> Series:
    return Series(name, cells_of(page, table, top, "budget"), cells_of(page, table, top, key))


def _own(page: Page, table: Table, top: int, at: int, key: str) -> Series:
    budget, value = (cells_of(page, table, top, each, (at, at)) for each in ("budget", key))
    return Series("the campaign's own budget", budget, value)
