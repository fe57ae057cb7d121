"""The table of parameters of word of mouth: a sheet of its own, or below the figures of influence."""

from collections.abc import Sequence
from math import isnan
from typing import Any

from planner.campaign.influence import Parameter
from planner.workbook.page.sheet_writer import PERCENT, PLAIN, SheetWriter, explanation
from planner.workbook.page.styles import QUIET, Page, lines_needed
from planner.workbook.schema.sheets import INFLUENCE, TAKEN, YES_NO

_TAKEN_WIDTH = 12
_TAKEN_NOTE = "The value in force. It is not read: write under Used."


def write_influence_sheet(writer: SheetWriter, rows: Sequence[Parameter]) -> None:
    """A sheet of its own for the table of parameters."""
    page = writer.page(INFLUENCE.name)
    widths: list[float] = [column.width for column in INFLUENCE.columns]
    if _some_taken(rows):
        widths.insert(-1, _TAKEN_WIDTH)
    page.widths(widths)
    write_parameters(writer, page, 0, rows)
    writer.prepare(page)


def write_parameters(
    writer: SheetWriter,
    page: Page,
    first_row: int,
    rows: Sequence[Parameter],
    source: tuple[int, float] = (1, 60),
) -> int:
    """The table of parameters from a row on; returns the row after it. Taken is left out where nothing is.

    source: over how many columns the source goes, and how wide they are together.
    """
    headings = [column.heading for column in INFLUENCE.columns]
    if _some_taken(rows):
        headings.insert(-1, TAKEN)
    _write_head(writer, page, first_row, headings)
    last = len(headings) - 1
    for number, row in enumerate(rows, first_row + 1):
        _write_row(writer, page, number, row)
        look = writer.get(text_wrap=True, align="left", indent=1)
        if source[0] > 1:
            page.sheet.merge_range(number, last, number, last + source[0] - 1, "", look)
        page.put(number, last, row.source, look)
        page.make_high(number, 3 + 13.5 * lines_needed(row.source, source[1] - 2))
    for place in range(last + 1, last + source[0]):
        page.put(first_row, place, "", writer.head())
    return first_row + 1 + len(rows)


def _some_taken(rows: Sequence[Parameter]) -> bool:
    return not all(isnan(row.used) for row in rows)


def _write_head(writer: SheetWriter, page: Page, row: int, headings: Sequence[str]) -> None:
    columns, last = {column.heading: column for column in INFLUENCE.columns}, len(headings) - 1
    for place, heading in enumerate(headings):
        side = {"indent": 1} if place == last else {"align": "right"} if place else {}
        needed = heading == INFLUENCE.key.heading and TAKEN not in headings
        page.put(row, place, heading, writer.head(needed, **side))
        note = explanation(columns[heading]) if heading in columns else _TAKEN_NOTE
        page.sheet.write_comment(row, place, note, {"x_scale": 2})


def _write_row(writer: SheetWriter, page: Page, number: int, row: Parameter) -> None:
    page.put(number, 0, row.heading, writer.get(bold=True))
    switch = row.kind == "yes/no"  # it has no range
    for place, value in enumerate((None if switch else row.low, row.given, None if switch else row.high), 1):
        _put(writer, page, (number, place), row.kind, value)
    if switch:
        choice = {"validate": "list", "source": list(YES_NO), "error_type": "warning"}
        page.sheet.data_validation(number, 2, number, 2, choice)
    if not isnan(row.used):
        _put(writer, page, (number, 4), row.kind, row.used, font_color=QUIET, italic=True)


def _put(
    writer: SheetWriter, page: Page, at: tuple[int, int], kind: str, value: float | None, **look: Any
) -> None:
    shown = {"share": PERCENT, "number": PLAIN}.get(kind, "General")
    if value is None:
        page.number(*at, None, writer.get(num_format=shown, **look))
    elif kind == "yes/no":
        writer.put(page, at, YES_NO[0] if value else YES_NO[1], align="right", **look)
    else:
        whole = kind == "number" and value == round(value)
        writer.put(page, at, value, "#,##0" if whole else shown, **look)
