"""Surveys as an Excel workbook: the first sheet that is not blank, names of columns in its first row."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.excel.notation import column_letters
from planner.excel.read import Cell, read_book
from planner.survey.table import Survey, SurveyColumn


def read(path: Path, encoding: str) -> Survey:
    """Read a survey from a workbook."""
    book = read_book(path)
    sheets = [sheet for sheet in book.sheets if sheet.cells]
    if not sheets:
        refuse(path, f"{path.name} is blank; expected a survey, names of columns in the first row.")
    rows = list(sheets[0].rows())
    number, heads = rows[0]
    cells = [cell for _, row in rows for cell in row.values()]
    wrong = next((cell for cell in cells if cell.error or cell.uncached), None)
    if wrong is not None:
        what = "an error value" if wrong.error else "a formula that was never calculated"
        refuse(path, f"{wrong.address} of {path.name} is {what}; mend it and save the workbook again.")
    stray = next((cell for cell in cells if cell.column not in heads), None)
    if stray is not None:
        refuse(path, f"{stray.address} of {path.name} has no name in row {number} above it; name its column.")
    body = [row for _, row in rows[1:]]
    columns = tuple(
        SurveyColumn(str(head.value).strip(), _values([row.get(place) for row in body]))
        for place, head in sorted(heads.items())
    )
    more = [f'"{sheet.name}"' for sheet in sheets[1:]]
    first, last = column_letters(min(heads)), column_letters(max(heads))
    notices = [f'{path.name} was read from the sheet "{sheets[0].name}", columns {first} to {last}.']
    notices += [f"Its other sheets ({', '.join(more[:5])}) were not read."] if more else []
    return Survey(path.name, "Excel", columns, len(body), tuple(notices))


def _values(cells: list[Cell | None]) -> NDArray[Any]:
    """Numbers where there is nothing else, else texts."""
    found = [None if cell is None or _blank(cell.value) else cell.value for cell in cells]
    if all(value is None or isinstance(value, int | float) for value in found):
        return np.array([np.nan if value is None else float(value) for value in found])  # type: ignore[arg-type]
    texts = np.empty(len(found), dtype=object)
    texts[:] = [None if value is None else _text(value) for value in found]
    return texts


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value).strip()
