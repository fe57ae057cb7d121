"""Facts in, workbooks out: what the sample campaigns share."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import wrap

import xlsxwriter

FACTS = Path(__file__).parent / "facts"
NOTES = Path(__file__).parent / "notes"
CREATED = datetime(2026, 11, 23, tzinfo=UTC)  # fixed, so that the same facts give the same bytes
LINE = 15  # points
ADULTS_000 = 249_500
ADULTS_SOURCE = (
    "U.S. Census Bureau, population estimates for 1 July 2016, residents aged 18 and over, rounded"
)

SURVEY = "ANES 2016 (our own tabulation)"
CITATION = (
    "American National Election Studies, 2016 Time Series Study (Stanford University and the University of "
    "Michigan). The studies and their funders bear no responsibility for uses of the data."
)

Value = str | int | float | date | None
Fact = dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet: headings (none for free text) and rows. widths: of the columns, in characters.

    formats: number format by column; a column without one is written as it is.
    """

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[float]
    formats: Sequence[str] = ()


def facts(name: str) -> list[Fact]:
    """The rows of a file of facts."""
    with (FACTS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by(rows: Iterable[Fact], column: str) -> dict[str, Fact]:
    """The rows by the value of one column."""
    return {row[column]: row for row in rows}


def text(name: str) -> str:
    """A file of notes as one line."""
    return " ".join((NOTES / name).read_text(encoding="utf-8").split())


def notes(name: str, **values: float | str) -> list[list[Value]]:
    """A file of notes as rows: heading, text. {names} in it are replaced by values.

    A paragraph starts with its heading and a bar; paragraphs are parted by a blank line.
    """
    paragraphs = (NOTES / name).read_text(encoding="utf-8").split("\n\n")
    parts = (" ".join(paragraph.split()).split(" | ", 1) for paragraph in paragraphs)
    return [[heading, words.format(**values)] for heading, words in parts]


def dollars(amount: float) -> str:
    """An amount of money in words.

    >>> dollars(153_600)
    '$153,600'
    """
    return f"${amount:,.2f}" if amount < 1_000 else f"${amount:,.0f}"


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write the sheets, ready for the screen and for paper.

    Text that starts with "=" stays text, and the creation date is fixed: the same sheets give the
    same bytes.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": path.stem, "created": CREATED.replace(tzinfo=None)})
        for sheet in sheets:
            _write_sheet(book, sheet)


def _lines(row: Sequence[Value], widths: Sequence[float]) -> int:
    """Lines that the longest wrapped cell of a row takes, words kept whole."""
    return max(len(wrap(str(value), int(width))) for value, width in zip(row, widths, strict=False))


def _write_sheet(book: xlsxwriter.Workbook, sheet: Sheet) -> None:
    """One sheet: bold, frozen headings; numbers in their formats; landscape, one page wide.

    Source, the last column of Vehicles, is for the screen: printed, it would shrink all others.
    """
    page = book.add_worksheet(sheet.name)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    if sheet.headings:
        _write_headings(book, page, sheet)
    _write_rows(book, page, sheet)
    if sheet.headings and sheet.headings[-1] == "Source":
        page.print_area(0, 0, len(sheet.rows), len(sheet.headings) - 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&L&F  &A&RPage &P of &N")


def _shown(sheet: Sheet, column: int) -> str:
    """The number format of a column, or nothing."""
    return sheet.formats[column] if column < len(sheet.formats) else ""


def _write_headings(book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    """Headings over their columns, repeated on every printed page."""
    look = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDE5EE", "bottom": 1}
    left, right = (
        book.add_format({**look, "align": "left", "indent": 1}),
        book.add_format({**look, "align": "right"}),
    )
    first = book.add_format(look)
    for column, heading in enumerate(sheet.headings):
        cell = right if _shown(sheet, column) else left if column else first
        page.write_string(0, column, heading, cell)
    page.set_row(0, LINE * _lines(sheet.headings, sheet.widths))
    page.freeze_panes(1, 1)
    page.repeat_rows(0)


def _write_rows(book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    """The rows below the headings; free text is wrapped, in rows high enough for it."""
    free_text = not sheet.headings
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    plain = book.add_format({"text_wrap": True, "valign": "top"} if free_text else {"indent": 1})
    key = book.add_format({"bold": True, "valign": "top", "text_wrap": free_text})
    numbers = sorted({shown for shown in sheet.formats if shown})
    align = "left" if free_text else "right"
    formats = {shown: book.add_format({"num_format": shown, "align": align}) for shown in numbers}
    for r, row in enumerate(sheet.rows, start=0 if free_text else 1):
        if free_text:
            page.set_row(r, LINE * _lines(row, sheet.widths))
        for c, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(r, c, datetime(value.year, value.month, value.day), day)
            elif value is not None:
                page.write(r, c, value, formats.get(_shown(sheet, c)) or (key if c == 0 else plain))
