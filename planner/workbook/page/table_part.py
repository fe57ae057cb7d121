"""A table of many plans on a sheet: title, headings, figures by what they are, notes."""

from collections.abc import Callable, Sequence
from typing import Any

from planner.formats import is_whole
from planner.table import Column, Kind, Table
from planner.workbook.page.charts import Cells
from planner.workbook.page.styles import (
    BAND,
    COUNT,
    INDEX,
    ONE,
    PERCENT,
    REPEATED,
    RULE,
    TWO,
    Page,
    lines_needed,
    write_head,
)

WIDEST, NARROW, COUNTS = 34, 12, 10
_FORMATS: dict[Kind, str] = {
    "people": ONE,
    "share": PERCENT,
    "points": '+0.00" pts";-0.00" pts";–',
    "gap": "0.000%;-0.000%;0",
    "index": INDEX,
    "number": "#,##0.000;-#,##0.000;–",
}
_NAMES = 2  # columns of words before figures, at most
_HEIGHT = 46  # of headings
_LINES = 16  # of a cell of text, at most
_READABLE = 190  # characters on a page that is printed as wide as its sheet


Draw = Callable[[Page, Table, tuple[int, int], int], None]


def table_sheet(page: Page, table: Table, subtitle: str, draw: Draw | None, rows: int) -> int:
    """A sheet of one table, its charts in so many rows above it; draw: at a row and column, of the table
    written at a row. Returns the table's row."""
    widths = widths_of(table)
    several, drawn = sum(widths) > _READABLE, draw is not None and len(table.rows) > 0
    page.widths(widths)
    if several:
        write_head(page, table.title, subtitle, widths)
    else:
        page.title(table.title, subtitle)
    top = 3 + (rows if drawn else 0)
    first = REPEATED if several else 0  # what stands left of it, every page repeats, a chart's beginning too
    _write_table(page, top + 1, table)
    end = write_notes(page, top + 2 + len(table.rows), table.notes, (first, first + 9)) - 1
    if draw is not None and drawn:
        draw(page, table, (3, first), top)
    # One page wide, unless that is too small to be read.
    page.set_up(
        header_row=top + 1, frozen=None if drawn else 1, width=sum(widths) if several else 0, rows=end
    )
    return top


def _write_table(page: Page, row: int, table: Table) -> None:
    """The table's headings at a row, and what stands under them."""
    for place, each in enumerate(table.columns):
        style = page.styles.heading(number=each.kind not in ("text", "yes/no"), indent=int(place > 0))
        page.put(row, place, each.heading, style)
    page.make_high(row, _HEIGHT)
    for at, cells in enumerate(table.rows):
        for place, (each, value) in enumerate(zip(table.columns, cells, strict=True)):
            _write(page, (row + 1 + at, place), each, value, at in table.marked)


def write_notes(page: Page, row: int, notes: Sequence[str], columns: tuple[int, int]) -> int:
    """Sentences, one below the other; returns the row after a blank one."""
    for at, text in enumerate(notes, row):
        page.paragraph(at, columns, text, style=page.styles.get(text_wrap=True), width=130)
    return row + len(notes) + 1


def widths_of(table: Table) -> list[float]:
    """Widths of its columns, in characters."""
    found = []
    for place, each in enumerate(table.columns):
        texts = [str(row[place] or "") for row in table.rows] if each.kind == "text" else []
        longest = max([len(text) for text in texts], default=0)
        least = COUNTS if each.kind in ("count", "yes/no") else NARROW
        word = max(len(word) for word in each.heading.split())
        found.append(float(min(max(longest + 4, least, word + 2), WIDEST)))
    return found


def cells_of(page: Page, table: Table, row: int, key: str, rows: tuple[int, int] | None = None) -> Cells:
    """Where a column's figures stand, for a chart. row: of the table's title. rows: first and last; None = all."""
    column = table.keys.index(key)
    first, last = rows or (0, len(table.rows) - 1)
    return [page.sheet.get_name(), row + 2 + first, column, row + 2 + last, column]


def _write(page: Page, at: tuple[int, int], column: Column, value: Any, marked: bool) -> None:
    look: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
    look |= {"bold": True, "bg_color": BAND} if marked else {}
    if column.kind in ("text", "yes/no"):
        text = ("yes" if value else "") if column.kind == "yes/no" else str(value or "")
        page.put(
            *at,
            text,
            page.styles.get(**look, text_wrap=True, valign="top", align="left", indent=int(at[1] > 0)),
        )
        if column.kind == "text":
            page.make_room(at[0], min(_LINES, lines_needed(text, WIDEST)))
        return
    style = page.styles.get(**look, num_format=_format(page, column.kind, value), align="right", valign="top")
    page.number(*at, value, style)


def _format(page: Page, kind: Kind, value: Any) -> str:
    if kind == "money":
        return page.styles.money(0 if value is None or abs(value) >= 1000 or is_whole(value) else 2)
    if kind == "count":
        return COUNT if value is None or is_whole(value) else TWO
    return _FORMATS[kind]
