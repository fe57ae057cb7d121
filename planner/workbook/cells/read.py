"""An .xlsx file to sheets of values that remember their cell.

openpyxl reads the values; a pass of our own over the XML beforehand finds what it would lose (formulas
that were never calculated) and what would choke it (merged ranges over a whole sheet).
"""

import math
import posixpath
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as SafeTree
import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from planner.workbook.cells.file_checks import check_file, refuse

MOST_MERGED_CELLS = 500_000
MOST_CELLS = 3_000_000


@dataclass(frozen=True)
class Cell:
    """A cell that is not blank.

    error: an error value such as #N/A. uncached: a formula whose value was never calculated. formula: the
    value is a formula's.
    """

    sheet: str
    row: int
    column: int
    value: object
    number_format: str = "General"
    error: bool = False
    uncached: bool = False
    formula: bool = False

    @property
    def address(self) -> str:
        """Such as Vehicles!E7."""
        return address(self.sheet, self.row, self.column)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet's cells by (row, column), both from 1; blank cells are absent.

    Merged cells are filled down: each row of a merged range has its value in the range's first column.
    merged: (first row, first column, last row, last column) of each range.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    _rows: dict[int, dict[int, Cell]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for row, column in sorted(self.cells):
            self._rows.setdefault(row, {})[column] = self.cells[row, column]

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Rows that are not blank, in order, each as its cells by column."""
        yield from self._rows.items()

    def row(self, number: int) -> dict[int, Cell]:
        """The cells of a row by column; empty when the row is blank."""
        return self._rows.get(number, {})


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook's sheets, in order."""

    path: Path
    sheets: tuple[Sheet, ...]


def address(sheet: str, row: int, column: int) -> str:
    """The address of a cell; a sheet's name with a blank at its end is quoted, so that it can be seen.

    >>> address("Vehicles", 7, 5), address("brief ", 3, 3)
    ('Vehicles!E7', "'brief '!C3")
    """
    name = sheet if sheet == sheet.strip() else f"'{sheet}'"
    return f"{name}!{get_column_letter(column)}{row}"


def read_book(path: Path) -> Book:
    """Read a workbook's values. A file that has not changed since it was last read is not read again.

    Raises WorkbookError when the file cannot be opened as a workbook, or not safely.
    """
    check_file(path)
    state = path.stat()
    return _read(path, (state.st_ino, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=2)  # a command reads a workbook for its campaign and for its plan, or two to compare
def _read(path: Path, state: tuple[int, int, int]) -> Book:
    """The workbook as it is in this state of its file."""
    scans = _scan(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about charts and styles that we do not read
            book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:  # on a damaged file openpyxl raises nearly anything
        refuse(
            path,
            f"{path.name} cannot be opened as a workbook ({type(error).__name__}: {error}). "
            "Open it in Excel or LibreOffice, save it again and try once more.",
        )
    sheets = tuple(_sheet(worksheet, scans.get(worksheet.title, _Scan())) for worksheet in book.worksheets)
    book.close()
    return Book(path, sheets)


@dataclass(frozen=True)
class _Scan:
    """Addresses of a sheet's formulas, and of those among them without a value."""

    formulas: frozenset[str] = frozenset()
    uncached: frozenset[str] = frozenset()


def _sheet(worksheet: Any, scan: _Scan) -> Sheet:
    name = worksheet.title
    cells: dict[tuple[int, int], Cell] = {}
    # The cells that exist, never rows times columns: one stray cell at XFD1048576 would make that 17 billion.
    for (row, column), cell in worksheet._cells.items():
        where = f"{get_column_letter(column)}{row}" if scan.formulas else ""
        missing = where in scan.uncached
        if missing or not _blank(cell.value):
            cells[row, column] = Cell(
                name,
                row,
                column,
                _plain(cell.value),
                str(cell.number_format or "General"),
                cell.data_type == "e",
                missing,
                where in scan.formulas,
            )
    merged = tuple(
        (area.min_row, area.min_col, area.max_row, area.max_col) for area in worksheet.merged_cells.ranges
    )
    _fill_down(cells, merged)
    return Sheet(
        name,
        cells,
        worksheet.sheet_state != "visible",
        _hidden_rows(worksheet),
        _hidden_columns(worksheet),
        merged,
    )


def _plain(value: object) -> object:
    """The value; a whole number with hundreds of digits as infinity, which every reader of numbers refuses."""
    return math.inf if isinstance(value, int) and abs(value) > 10**300 else value


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip("\u200b\ufeff \t\r\n\u00a0"))


def _fill_down(cells: dict[tuple[int, int], Cell], merged: tuple[tuple[int, int, int, int], ...]) -> None:
    for first_row, column, last_row, _ in merged:
        top = cells.get((first_row, column))
        if top is not None:
            for row in range(first_row + 1, last_row + 1):
                cells[row, column] = Cell(
                    top.sheet, row, column, top.value, top.number_format, top.error, top.uncached
                )


def _hidden_rows(worksheet: Any) -> frozenset[int]:
    return frozenset(number for number, row in worksheet.row_dimensions.items() if row.hidden)


def _hidden_columns(worksheet: Any) -> frozenset[int]:
    hidden = (column for column in worksheet.column_dimensions.values() if column.hidden)
    return frozenset(
        number for column in hidden if column.min for number in range(column.min, min(column.max, 16_384) + 1)
    )


def _scan(path: Path) -> dict[str, _Scan]:
    """Where formulas stand, by sheet; refuses sheets that would choke the reader."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                name: _scan_sheet(path, archive, part) for name, part in _sheet_parts(path, archive).items()
            }
    except (
        KeyError,
        ValueError,
        SyntaxError,
        zipfile.BadZipFile,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        refuse(
            path,
            f"{path.name} is damaged and cannot be opened ({type(error).__name__}). "
            "Open it in Excel or LibreOffice, save it again and try once more.",
        )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheet_parts(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    """Where in the zip each sheet lies."""
    names = archive.namelist()
    workbook = (
        "xl/workbook.xml"
        if "xl/workbook.xml" in names
        else next(name for name in names if name.endswith(".xml") and "workbook" in name)
    )
    content = archive.read(workbook)
    if b"purl.oclc.org/ooxml" in content:
        refuse(path, f'{path.name} is saved as "Strict Open XML"; save it as Excel Workbook (.xlsx).')
    folder, name = posixpath.split(workbook)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    tree = SafeTree.fromstring(archive.read(relations), forbid_dtd=True)
    targets = {link.get("Id"): str(link.get("Target")) for link in tree}
    sheets = (
        element
        for element in SafeTree.fromstring(content, forbid_dtd=True).iter()
        if _local(element.tag) == "sheet"
    )
    parts: dict[str, str] = {}
    for sheet in sheets:
        link = next((value for name, value in sheet.attrib.items() if _local(name) == "id"), None)
        target = targets.get(link, "")
        part = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if "worksheets" in part and part in names:
            parts[str(sheet.get("name"))] = part
    return parts


def _scan_sheet(path: Path, archive: zipfile.ZipFile, part: str) -> _Scan:
    formulas: set[str] = set()
    uncached: set[str] = set()
    cells = merged = 0
    with archive.open(part) as file:
        for _, element in SafeTree.iterparse(file, forbid_dtd=True):
            tag = _local(element.tag)
            if tag == "c":
                cells += 1
                if any(_local(child.tag) == "f" for child in element):
                    formulas.add(str(element.get("r")))
                if _never_calculated(element):
                    uncached.add(str(element.get("r")))
                element.clear()
            elif tag == "row":
                element.clear()
            elif tag == "mergeCell":
                merged += _area(str(element.get("ref")))
            if merged > MOST_MERGED_CELLS or cells > MOST_CELLS:
                refuse(
                    path,
                    f"A sheet of {path.name} has {cells:,} cells and {merged:,} merged cells, more than any "
                    "campaign needs; it was not opened. Copy the campaign into a new workbook.",
                )
    return _Scan(frozenset(formulas), frozenset(uncached))


def _never_calculated(cell: Any) -> bool:
    children = {_local(child.tag): child for child in cell}
    if "f" not in children or "is" in children:
        return False
    value = children.get("v")
    # t="str" with an empty value is a formula whose result is an empty text: that is a value.
    return value is None or (not value.text and cell.get("t") != "str")


def _area(reference: str) -> int:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    return ((last_column or 0) - (first_column or 0) + 1) * ((last_row or 0) - (first_row or 0) + 1)
