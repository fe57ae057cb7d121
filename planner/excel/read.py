"""An .xlsx file to sheets of values that remember their cell."""

import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple, NoReturn
from xml.parsers.expat import ExpatError

from planner.errors import refuse
from planner.excel.file_checks import check_file
from planner.excel.notation import column_letters
from planner.excel.xml_cells import CellReader
from planner.excel.xml_parts import STRICT, Damaged, Parts, SheetPart, read_parts
from planner.formats import listed
from planner.names import key

MOST_MERGED_CELLS = 500_000
MOST_VALUES = 1_000_000  # a rate card of 5,000 vehicles has 100,000
MOST_CELLS = 3_000_000  # formatted blank ones included
_CHUNK = 1 << 20
_SHIFT = 15  # bits of a column in a cell's code


class Cell(NamedTuple):
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


def code_of(row: int, column: int) -> int:
    """A cell's place as one number; codes rise row by row."""
    return row << _SHIFT | column


class Cells(Mapping[tuple[int, int], Cell]):
    """Cells by (row, column), in the order of rows; a million of them take a quarter of a gigabyte."""

    def __init__(self, by_code: dict[int, Cell]) -> None:
        self._by_code = by_code
        self._codes = sorted(by_code)

    def __getitem__(self, place: tuple[int, int]) -> Cell:
        return self._by_code[code_of(*place)]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((cell.row, cell.column) for cell in map(self._by_code.__getitem__, self._codes))

    def __len__(self) -> int:
        return len(self._by_code)

    def __contains__(self, place: object) -> bool:
        return isinstance(place, tuple) and code_of(*place) in self._by_code

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Rows that are not blank, in order, each as its cells by column."""
        number, cells = 0, dict[int, Cell]()
        for code in self._codes:
            cell = self._by_code[code]
            if cell.row != number:
                if cells:
                    yield number, cells
                number, cells = cell.row, {}
            cells[cell.column] = cell
        if cells:
            yield number, cells

    def row(self, number: int) -> dict[int, Cell]:
        """The cells of a row by column."""
        first = bisect_left(self._codes, code_of(number, 0))
        last = bisect_left(self._codes, code_of(number + 1, 0))
        return {(cell := self._by_code[code]).column: cell for code in self._codes[first:last]}


@dataclass(frozen=True, eq=False)
class Contents:
    """What stands on a sheet: cells by (row, column), both from 1; blank cells are absent.

    Merged cells are filled down: each row of a merged range has its value in the range's first column.
    merged: (first row, first column, last row, last column) of each range.
    """

    cells: Cells
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet, which is read when it is looked at: of a plan's workbook most sheets are only written. read: raises
    WorkbookError where the sheet is damaged."""

    name: str
    read: Callable[[], Contents]
    hidden: bool = False

    @cached_property
    def contents(self) -> Contents:
        """What stands on it."""
        return self.read()

    @property
    def cells(self) -> Cells:
        """Its cells by (row, column)."""
        return self.contents.cells

    @property
    def merged(self) -> tuple[tuple[int, int, int, int], ...]:
        """Its merged ranges."""
        return self.contents.merged

    def filled(self, cells: Cells) -> "Sheet":
        """The sheet with other cells."""
        contents = replace(self.contents, cells=cells)
        return replace(self, read=lambda: contents)

    def rows(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Rows that are not blank, in order, each as its cells by column."""
        return self.cells.rows()

    def row(self, number: int) -> dict[int, Cell]:
        """The cells of a row by column; empty when the row is blank."""
        return self.cells.row(number)


def blank_sheet(name: str) -> Sheet:
    """A sheet on which nothing stands."""
    return Sheet(name, lambda: Contents(Cells({})))


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook's sheets, in order. unstyled: its number formats cannot be read, so none is known. sha256: of the
    bytes that were read."""

    path: Path
    sheets: tuple[Sheet, ...]
    unstyled: bool = False
    sha256: str = ""

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of a name, in whatever case; None where there is none."""
        return next((sheet for sheet in self.sheets if key(sheet.name) == key(name)), None)


def address(sheet: str, row: int, column: int) -> str:
    """The address of a cell; a sheet's name with a blank at its end is quoted, so that it can be seen.

    >>> address("Vehicles", 7, 5), address("brief ", 3, 3)
    ('Vehicles!E7', "'brief '!C3")
    """
    name = sheet if sheet == sheet.strip() else f"'{sheet}'"
    return f"{name}!{column_letters(column)}{row}"


def read_book(path: Path) -> Book:
    """Read a workbook's values. A file that has not changed since it was last read is not read again.

    Raises WorkbookError when the file cannot be opened as a workbook, or not safely.
    """
    state = path.stat() if path.exists() else None
    return _read(path, None if state is None else (state.st_ino, state.st_mtime_ns, state.st_size))


_DAMAGE = (
    Damaged, ExpatError, zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, LookupError, OSError,
    EOFError, StopIteration, NotImplementedError, RuntimeError,
)  # fmt: skip


@lru_cache(maxsize=2)  # a command reads a workbook for its campaign and for its plan, or two to compare
def _read(path: Path, state: tuple[int, int, int] | None) -> Book:
    """The workbook as it is in this state of its file."""
    check_file(path)
    try:
        content = path.read_bytes()
        archive = zipfile.ZipFile(BytesIO(content))  # of the memory, for sheets read later
        _refuse_strict(path, archive)
        parts = read_parts(archive)
        _refuse_missing(path, parts)
        _refuse_many(path, archive, parts)
    except _DAMAGE:
        _refuse_damaged(path)
    sheets = tuple(
        Sheet(part.name, partial(_contents, path, archive, parts, part), part.hidden) for part in parts.sheets
    )
    return Book(path, sheets, parts.looks is None, sha256(content).hexdigest())


def _refuse_damaged(path: Path) -> NoReturn:
    refuse(
        path,
        f"{path.name} is damaged and cannot be opened. Open it in Excel or LibreOffice, save it again and try "
        "once more.",
    )


def _refuse_strict(path: Path, archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith("workbook.xml") and STRICT in archive.read(name):
            refuse(path, f'{path.name} is saved as "Strict Open XML"; save it as Excel Workbook (.xlsx).')


def _refuse_missing(path: Path, parts: Parts) -> None:
    """A sheet that is listed but not there: whatever it said would be passed over."""
    missing = [f'"{sheet.name}"' for sheet in parts.sheets if not sheet.part]
    if missing:
        refuse(
            path,
            f"{path.name} is damaged: it lists the sheet{'s' if len(missing) > 1 else ''} "
            f"{listed(missing, 5)}, whose contents are not in the file. Open it in Excel or LibreOffice, "
            "see what is lost, save it again and try once more.",
        )


# --- how much there is ------------------------------------------------------------------------------


def _refuse_many(path: Path, archive: zipfile.ZipFile, parts: Parts) -> None:
    """Refuse more cells than can be read in seconds, counted in the raw XML without reading it."""
    values = cells = 0
    for sheet in parts.sheets:
        with archive.open(sheet.part) as file:
            more_values, more_cells = _count(file)
        values, cells = values + more_values, cells + more_cells
        if values > MOST_VALUES or cells > MOST_CELLS:
            refuse(
                path,
                f"{path.name} has more than {MOST_VALUES:,} filled cells, or {MOST_CELLS:,} formatted ones (counted "
                f'up to the sheet "{sheet.name}"), which no campaign needs; it was not opened. Copy the sheets with '
                "the campaign into a new workbook.",
            )


def _count(file: IO[bytes]) -> tuple[int, int]:
    """Filled cells and all cells of a sheet, near enough: the ends of values, the beginnings of cells."""
    values = cells = 0
    rest = b""
    while chunk := file.read(_CHUNK):
        chunk = rest + chunk
        values += chunk.count(b"/v>") + chunk.count(b"/is>") + chunk.count(b":v>") // 2
        cells += chunk.count(b"<c ") + chunk.count(b"<c>") + chunk.count(b":c ")
        rest = chunk[chunk.rfind(b"<") :] if b"<" in chunk[-40:] else b""
        values -= rest.count(b"/v>") + rest.count(b"/is>")
        cells -= rest.count(b"<c ") + rest.count(b"<c>") + rest.count(b":c ")
        if values > MOST_VALUES or cells > MOST_CELLS:
            break
    return values, cells


# --- a sheet ----------------------------------------------------------------------------------------


def _contents(path: Path, archive: zipfile.ZipFile, parts: Parts, part: SheetPart) -> Contents:
    """What stands on a sheet of a workbook."""
    cells: dict[int, Cell] = {}

    def keep(row: int, column: int, value: object, number_format: str, *flags: bool) -> None:
        cells[row << _SHIFT | column] = Cell(part.name, row, column, value, number_format, *flags)

    reader = CellReader(parts, keep)
    try:
        with archive.open(part.part) as file:
            reader.read(file)
    except _DAMAGE:
        _refuse_damaged(path)
    _refuse_merged(path, reader.merged)
    _fill_down(cells, reader.merged)
    return Contents(
        Cells(cells), frozenset(reader.hidden_rows), frozenset(reader.hidden_columns), tuple(reader.merged)
    )


def _refuse_merged(path: Path, merged: list[tuple[int, int, int, int]]) -> None:
    covered = sum((last - first + 1) * (right - left + 1) for first, left, last, right in merged)
    if covered > MOST_MERGED_CELLS:
        refuse(
            path,
            f"A sheet of {path.name} has {covered:,} merged cells, more than any campaign needs; it was not opened. "
            "Copy the campaign into a new workbook.",
        )


def _fill_down(cells: dict[int, Cell], merged: list[tuple[int, int, int, int]]) -> None:
    for first_row, column, last_row, last_column in merged:
        for row in range(first_row, last_row + 1):
            for covered in range(column, last_column + 1):
                if (row, covered) != (first_row, column):
                    cells.pop(code_of(row, covered), None)  # what a merged range hides is not there
        top = cells.get(code_of(first_row, column))
        if top is not None:
            for row in range(first_row + 1, last_row + 1):
                cells[code_of(row, column)] = top._replace(row=row, formula=False)
