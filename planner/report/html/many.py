"""Tables of many plans (planner.table) as the page's tables."""

from collections.abc import Sequence
from typing import Any

from planner.formats import insertions_text, is_whole, money, number, percent
from planner.report.html.elements import Markup, joined
from planner.report.html.page import paragraphs
from planner.report.html.tables import Cell, Figure, sortable
from planner.table import Column, Table


def table_part(table: Table, currency: str, *, without: Sequence[str] = (), notes: bool = True) -> Markup:
    """A table that its headings sort, its notes below it. without: keys of columns left out; empty ones always are."""
    places = [at for at, column in enumerate(table.columns) if column.key not in without and _told(table, at)]
    columns = [table.columns[at] for at in places]
    rows = [[cell_of(table.columns[at], row[at], currency) for at in places] for row in table.rows]
    shown = sortable([column.heading for column in columns], rows, caption=table.title)
    return joined([shown, *(paragraphs(list(table.notes)) if notes else [])])


def _told(table: Table, place: int) -> bool:
    return any(row[place] not in (None, "") for row in table.rows)


def cell_of(column: Column, value: Any, currency: str) -> Cell:
    """A value as its kind is read."""
    if column.kind == "text":
        return str(value or "")
    if column.kind == "yes/no":
        return "yes" if value else ""
    return Figure("" if value is None else figure_text(column, float(value), currency), value)


def figure_text(column: Column, value: float, currency: str) -> str:
    """A figure of a column, with its unit where that is a sign."""
    if column.kind == "money":
        return money(value, currency, 0 if abs(value) >= 1000 or is_whole(value) else 2)
    if column.kind == "count":
        return insertions_text(value)
    if column.kind in ("share", "gap"):
        return percent(value, 1 if column.kind == "share" else 3)
    if column.kind == "points":
        return f"{100 * value:+.2f} points"
    return number(value, {"people": 1, "index": 0}.get(column.kind, 3))
