"""Surveys as an Excel workbook: the first sheet with names of two columns, in its first row or below a title."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from planner.errors import refuse
from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet, read_book
from planner.survey.table import Survey, SurveyColumn, date_text, numbers_or_texts, title_notice, title_rows

_LOOKED_AT = 30  # rows in which the names are looked for


def read(path: Path, encoding: str) -> Survey:
    """Read a survey from a workbook."""
    book = read_book(path)
    sheets = [sheet for sheet in book.sheets if sheet.cells]
    if not sheets:
        refuse(path, f"{path.name} is blank; expected a survey, names of columns in the first row.")
    sheet = next((sheet for sheet in sheets if max(map(len, _first_rows(sheet))) > 1), sheets[0])
    first = _first_rows(sheet)
    above = title_rows(first)
    rows = list(sheet.rows())[above:]
    number, heads = rows[0]
    _refuse_troubled(path, [cell for _, row in rows for cell in row.values()], number, heads)
    body = [row for _, row in rows[1:]]
    columns = tuple(
        SurveyColumn(str(head.value).strip(), _values([row.get(place) for row in body]))
        for place, head in sorted(heads.items())
    )
    titles = [text for row in first[:above] for text in row]
    notices = (*_notices(path, sheet, sheets, heads), *title_notice(path.name, titles))
    return Survey(path.name, "Excel", columns, len(body), notices)


def _first_rows(sheet: Sheet) -> list[list[str]]:
    """The first rows, as texts."""
    return [[_text(cell.value) for cell in row.values()] for _, row in islice(sheet.rows(), _LOOKED_AT)]


def _refuse_troubled(path: Path, cells: Sequence[Cell], number: int, heads: Mapping[int, Cell]) -> None:
    """Refuse a sheet with cells that hold no value, or stand in no column. number: the row of the names, `heads`."""
    wrong = next((cell for cell in cells if cell.error or cell.uncached), None)
    if wrong is not None:
        what = "an error value" if wrong.error else "a formula that was never calculated"
        refuse(path, f"{wrong.address} of {path.name} is {what}; mend it and save the workbook again.")
    stray = next((cell for cell in cells if cell.column not in heads), None)
    if stray is not None:
        refuse(path, f"{stray.address} of {path.name} has no name in row {number} above it; name its column.")


def _notices(path: Path, sheet: Sheet, sheets: Sequence[Sheet], heads: Collection[int]) -> tuple[str, ...]:
    """Which sheet was read, and which of all were not."""
    others = [other for other in sheets if other is not sheet]
    first, last = column_letters(min(heads)), column_letters(max(heads))
    read = f'{path.name} was read from the sheet "{sheet.name}", columns {first} to {last}.'
    more = ", ".join(f'"{sheet.name}"' for sheet in others[:5])
    return (read, f"Its other sheets ({more}) were not read.") if more else (read,)


def _values(cells: list[Cell | None]) -> NDArray[Any]:
    """Numbers where there is nothing else, else texts."""
    found = [None if cell is None or _blank(cell.value) else cell.value for cell in cells]
    return numbers_or_texts(found, _text)


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    if isinstance(value, date):
        return date_text(value)
    return f"{value:.15g}" if isinstance(value, int | float) else str(value).strip()
