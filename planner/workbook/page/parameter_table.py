"""The table of parameters of word of mouth: a sheet of its own, or below the figures of influence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xlsxwriter.worksheet import Worksheet

from planner.workbook.page.sheet_writer import PERCENT, PLAIN, SheetWriter, explanation
from planner.workbook.page.styles import QUIET, lines_needed
from planner.workbook.schema.sheets import INFLUENCE, TAKEN, YES_NO

_TAKEN_WIDTH = 12
_TAKEN_NOTE = "The value in force. It is not read: write under Used."


@dataclass(frozen=True)
class ParameterRow:
    """A row of the Influence table as it is shown. taken: the value in force; None in a blank form."""

    heading: str
    kind: Literal["share", "number", "yes/no"]
    low: float | None
    used: float | None
    high: float | None
    source: str
    taken: float | None = None


def write_influence_sheet(writer: SheetWriter, rows: Sequence[ParameterRow]) -> None:
    """A sheet of its own for the table of parameters."""
    sheet = writer.book.add_worksheet(INFLUENCE.name)
    widths: list[float] = [column.width for column in INFLUENCE.columns]
    if _some_taken(rows):
        widths.insert(-1, _TAKEN_WIDTH)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    write_parameters(writer, sheet, 0, rows)
    writer.set_up(sheet)


def write_parameters(
    writer: SheetWriter,
    sheet: Worksheet,
    first_row: int,
    rows: Sequence[ParameterRow],
    source: tuple[int, float] = (1, 60),
) -> int:
    """The table of parameters from a row on; returns the row after it. Taken is left out where nothing is.

    source: over how many columns the source goes, and how wide they are together.
    """
    headings = [column.heading for column in INFLUENCE.columns]
    if _some_taken(rows):
        headings.insert(-1, TAKEN)
    _write_head(writer, sheet, first_row, headings)
    last = len(headings) - 1
    for number, row in enumerate(rows, first_row + 1):
        _write_row(writer, sheet, number, row)
        look = writer.look(text_wrap=True, indent=1)
        if source[0] > 1:
            sheet.merge_range(number, last, number, last + source[0] - 1, "", look)
        sheet.write_string(number, last, row.source, look)
        sheet.set_row(number, 3 + 13.5 * lines_needed(row.source, source[1] - 2))
    for place in range(last + 1, last + source[0]):
        sheet.write_blank(first_row, place, None, writer.heading())
    return first_row + 1 + len(rows)


def _some_taken(rows: Sequence[ParameterRow]) -> bool:
    return any(row.taken is not None for row in rows)


def _write_head(writer: SheetWriter, sheet: Worksheet, row: int, headings: Sequence[str]) -> None:
    columns, last = {column.heading: column for column in INFLUENCE.columns}, len(headings) - 1
    for place, heading in enumerate(headings):
        side = {"indent": 1} if place == last else {"align": "right"} if place else {}
        needed = heading == INFLUENCE.key.heading and TAKEN not in headings
        sheet.write_string(row, place, heading, writer.heading(needed, **side))
        note = explanation(columns[heading]) if heading in columns else _TAKEN_NOTE
        sheet.write_comment(row, place, note, {"x_scale": 2})


def _write_row(writer: SheetWriter, sheet: Worksheet, number: int, row: ParameterRow) -> None:
    sheet.write_string(number, 0, row.heading, writer.look(bold=True))
    for place, value in enumerate((row.low, row.used, row.high), 1):
        _put(writer, sheet, (number, place), row.kind, value)
    if row.kind == "yes/no":
        choice = {"validate": "list", "source": list(YES_NO), "error_type": "warning"}
        sheet.data_validation(number, 2, number, 2, choice)
    if row.taken is not None:
        _put(writer, sheet, (number, 4), row.kind, row.taken, font_color=QUIET, italic=True)


def _put(
    writer: SheetWriter, sheet: Worksheet, at: tuple[int, int], kind: str, value: float | None, **look: Any
) -> None:
    shown = {"share": PERCENT, "number": PLAIN}.get(kind, "General")
    if value is None:
        sheet.write_blank(*at, None, writer.look(num_format=shown, **look))
    elif kind == "yes/no":
        writer.put(sheet, at, YES_NO[0] if value else YES_NO[1], align="right", **look)
    else:
        whole = kind == "number" and value == round(value)
        writer.put(sheet, at, value, "#,##0" if whole else shown, **look)
