"""Tables of the HTML report: sortable lists, grids coloured by their figures, tables of many plans (planner.table)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planner.campaign.colours import parts_of, tint
from planner.formats import insertions_text, is_whole, money, number, percent, signed
from planner.report.html.page import Markup, element, facts, joined, paragraphs
from planner.report.why.explain import change_text, count_text
from planner.table import Column, Table

MOST_CELLS = 8_000  # of one table; a page stays under its limit whatever a campaign holds
MOST_ROWS = 100  # of a table that is read; the workbook has all
POOR, GOOD = "#C1666B", "#2F7D4F"


@dataclass(frozen=True)
class Figure:
    """A number of a table: how it is written, and what it is sorted by (nan or None = last)."""

    shown: str
    value: float | None


Cell = str | Figure


def sortable(
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    caption: str = "",
    total: Sequence[Cell] = (),
    most: int = MOST_CELLS,
) -> Markup:
    """A table whose headings sort it; columns of figures are set to the right. total: a last row that stays. most:
    rows shown; how many are left out is told."""
    most = max(1, min(most, MOST_CELLS // max(1, len(headings))))
    left_out = len(rows) - most
    told = f"{caption} {left_out:,} more rows are in the workbook.".strip() if left_out > 0 else caption
    figures = {at for row in rows for at, cell in enumerate(row) if isinstance(cell, Figure)}
    return element(
        "div",
        element(
            "table",
            *([element("caption", told)] if told else []),
            element("thead", element("tr", *(_heading(name, at in figures) for at, name in enumerate(headings)))),
            element("tbody", *(_row(row) for row in rows[:most])),
            *([element("tfoot", _row(total))] if total else []),
            class_="sortable",
        ),
        class_="scroll", tabindex=0, role="region", aria_label=caption or "Table",
    )  # fmt: skip


def _heading(name: str, number: bool) -> Markup:
    return element("th", name, scope="col", class_="n" if number else None)


def _row(cells: Sequence[Cell]) -> Markup:
    head, *rest = cells
    return element("tr", _cell(head, "th"), *(_cell(cell, "td") for cell in rest))


def _cell(cell: Cell, tag: str) -> Markup:
    scope = "row" if tag == "th" else None
    if not isinstance(cell, Figure):
        return element(tag, cell, scope=scope)
    known = cell.value is not None and math.isfinite(cell.value)
    return element(tag, cell.shown, scope=scope, class_="n", data_v=f"{cell.value:.10g}" if known else "")


@dataclass(frozen=True)
class Shaded:
    """A cell of a grid: its text, and its colour ("" = none)."""

    shown: str
    colour: str = ""
    strong: bool = False


def grid(corner: str, headings: Sequence[str], rows: Sequence[tuple[str, Sequence[Shaded]]], *, caption: str,
         marked: int | None = None) -> Markup:  # fmt: skip
    """A table of coloured cells, its first column and headings always in sight. marked: a row that stands out."""
    columns = min(len(headings), 60)
    most = max(1, MOST_CELLS // max(1, columns))
    told = caption
    if len(rows) > most or len(headings) > columns:
        told += (
            f" The first {min(most, len(rows))} of {len(rows)} rows and {columns} of {len(headings)} columns."
        )
    body = (
        element(
            "tr",
            element("th", name, scope="row"),
            *(_shaded(cell) for cell in cells[:columns]),
            class_="base" if at == marked else None,
        )
        for at, (name, cells) in enumerate(rows[:most])
    )
    head = element("tr", element("th", corner, scope="col"),
                   *(element("th", name, scope="col") for name in headings[:columns]))  # fmt: skip
    table = element(
        "table", element("caption", told), element("thead", head), element("tbody", *body), class_="grid"
    )
    return element("div", table, class_="scroll tall", tabindex=0, role="region", aria_label=caption)


def _shaded(cell: Shaded) -> Markup:
    ink = f"background:{cell.colour};color:{ink_on(cell.colour)}" if cell.colour else None
    shown = element("b", cell.shown) if cell.strong else cell.shown
    return element("td", shown, style=ink)


def ink_on(colour: str) -> str:
    """Black or white, whichever has the larger contrast (WCAG 2, relative luminance) with a colour #rrggbb.

    >>> ink_on("#ffffff"), ink_on("#334e68"), ink_on("#2ca02c")
    ('#1f2933', '#fff', '#1f2933')
    """
    linear = [
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in parts_of(colour)
    ]
    return "#1f2933" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.222 else "#fff"


def signed_tint(value: float, largest: float) -> str:
    """Green for more, red for less, the stronger the nearer to the largest; "" for nothing."""
    if not math.isfinite(value) or largest <= 0 or abs(value) < 1e-12:
        return ""
    return tint(GOOD if value > 0 else POOR, 0.15 + 0.6 * min(abs(value) / largest, 1.0))


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
        return f"{signed(100 * value, 2)} points"
    return number(value, {"people": 1, "index": 0}.get(column.kind, 3))


# --- plans of which one is shown at a time ----------------------------------------------------------

MOST_STEPS, STEP_ROWS = 60, 3_000  # steps of one slider, rows of all their tables


@dataclass(frozen=True)
class Step:
    """What the slider says where it stands here, and what is shown then."""

    name: str
    parts: Sequence[str]


def stepper(
    key: str, label: str, steps: Sequence[Step], *, above: Sequence[str] = (), first: int = 0
) -> Markup:
    """A slider over steps. key: of its address in the page. above: charts whose points know their step. first: the step
    shown at the beginning."""
    slider = element(
        "div",
        element("label", label, for_=f"{key}-slider"),
        element("input", type="range", id=f"{key}-slider", min=0, max=len(steps) - 1, step=1,
                value=min(first, len(steps) - 1)),
        element("output", steps[min(first, len(steps) - 1)].name, for_=f"{key}-slider"),
        class_="slider",
    )  # fmt: skip
    shown = (
        element("div", element("h3", step.name), *step.parts, class_="step", data_name=step.name)
        for step in steps
    )
    return element("div", *above, slider, element("div", *shown, aria_live="polite"), class_="steps")


def most_rows(steps: int) -> int:
    """How many rows the table of each of so many steps may have."""
    return max(8, min(60, STEP_ROWS // max(1, steps)))


@dataclass(frozen=True)
class Bought:
    """A vehicle of a plan. before: insertions in the plan it is held against, None = in none. unit_000: contacts
    (thousands) of one unit of a line bought by the thousand, 0 of insertions."""

    vehicle: str
    medium: Markup
    insertions: float
    before: float | None = None
    unit_000: float = 0.0


def plan_step(
    name: str, told: Sequence[tuple[str, str]], bought: Sequence[Bought], most: int, *more: str
) -> Step:
    """A plan as a step: what is told of it, then its vehicles, the first `most` of them."""
    held = any(row.before is not None for row in bought)
    headings = ["Vehicle", "Medium", "Insertions", *(["Change"] if held else [])]
    rows: list[list[Cell]] = [
        [row.vehicle, row.medium, _count(row), *([_change(row)] if held else [])] for row in bought[:most]
    ]
    rest = len(bought) - len(rows)
    caption = f"{rest} more vehicles are in the workbook." if rest > 0 else ""
    table = [sortable(headings, rows, caption=caption)] if rows else []
    return Step(name, [element("div", element("div", facts(told), *more), *table, class_="halves")])


def _count(row: Bought) -> Figure:
    return Figure(count_text(row.insertions, row.unit_000), row.insertions)


def _change(row: Bought) -> Figure:
    change = row.insertions - (row.before or 0.0)
    told = change_text(change, row.unit_000) if row.unit_000 else signed(change, 0 if is_whole(change) else 2)
    return Figure("" if abs(change) < 1e-9 else told, change)
