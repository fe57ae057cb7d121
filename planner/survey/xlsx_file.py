"""Surveys as an Excel workbook: the first sheet that is not blank, names of columns in its first row."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from planner.errors import refuse
from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet, read_book
from planner.survey.table import Survey, SurveyColumn, date_text, numbers_or_texts


def read(path: Path, encoding: str) -> Survey:
    """Read a survey from a workbook."""
    book = read_book(path)
    sheets = [sheet for sheet in book.sheets if sheet.cells]
    if not sheets:
        refuse(path, f"{path.name} is blank; expected a survey, names of columns in the first row.")
    rows = list(sheets[0].rows())
    number, heads = rows[0]
    _refuse_troubled(path, [cell for _, row in rows for cell in row.values()], number, heads)
    body = [row for _, row in rows[1:]]
    columns = tuple(
        SurveyColumn(str(head.value).strip(), _values([row.get(place) for row in body]))
        for place, head in sorted(heads.items())
    )
    return Survey(path.name, "Excel", columns, len(body), _notices(path, sheets, heads))


def _refuse_troubled(path: Path, cells: Sequence[Cell], number: int, heads: Mapping[int, Cell]) -> None:
    """Refuse a sheet with cells that hold no value, or stand in no column. number: the row of the names, `heads`."""
    wrong = next((cell for cell in cells if cell.error or cell.uncached), None)
    if wrong is not None:
        what = "an error value" if wrong.error else "a formula that was never calculated"
        refuse(path, f"{wrong.address} of {path.name} is {what}; mend it and save the workbook again.")
    stray = next((cell for cell in cells if cell.column not in heads), None)
    if stray is not None:
        refuse(path, f"{stray.address} of {path.name} has no name in row {number} above it; name its column.")


def _notices(path: Path, sheets: Sequence[Sheet], heads: Collection[int]) -> tuple[str, ...]:
    """Which sheet was read, and which were not."""
    first, last = column_letters(min(heads)), column_letters(max(heads))
    read = f'{path.name} was read from the sheet "{sheets[0].name}", columns {first} to {last}.'
    more = ", ".join(f'"{sheet.name}"' for sheet in sheets[1:6])
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
