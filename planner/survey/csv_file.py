"""Surveys as CSV: names of columns in the first line, comma, semicolon, tab or bar between them."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.formats import count_of
from planner.names import listing
from planner.survey.table import NotANumber, Numbers, Survey, SurveyColumn, as_texts
from planner.survey.text_file import DELIMITERS, delimiter_of, rows_of, text_of

_CHUNK = 20_000
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
_SAYS_DELIMITER = re.compile(r"^sep=.(?=\r?\n)")  # a first line for Excel
_LOOKED_AT = 2_000  # rows in which a decimal comma is looked for


def read(path: Path, encoding: str) -> Survey:
    """Read a CSV survey."""
    text = _SAYS_DELIMITER.sub("", text_of(path, encoding), count=1)
    delimiter = delimiter_of(path, text)
    lines = rows_of(path, text, delimiter)
    names = _names(path, next(lines)[1])
    decimal = _decimal_mark(text, path, delimiter)
    columns = _columns(path, names, decimal, text, delimiter)
    comma = ", decimal commas" if decimal == "," else ""
    notices = [f"{path.name} was read with {DELIMITERS[delimiter]}s between columns{comma}."]
    return Survey(path.name, "CSV", columns, len(columns[0].values), tuple(notices))


def _names(path: Path, heads: Sequence[str]) -> list[str]:
    names = [head.strip().lstrip("\ufeff") for head in heads]
    blank = [str(place) for place, name in enumerate(names, 1) if not name]
    if blank:
        which, have = ("Column", "has") if len(blank) == 1 else ("Columns", "have")
        refuse(path, f"{which} {listing(blank)} of {path.name} {have} no name in the first line; name it.")
    return names


def _decimal_mark(text: str, path: Path, delimiter: str) -> str:
    """A comma where columns are not divided by it and numbers have it."""
    if delimiter == ",":
        return "."
    rows = islice(rows_of(path, text, delimiter), 1, _LOOKED_AT)
    return "," if any(_DECIMAL_COMMA.fullmatch(cell) for _, row in rows for cell in row) else "."


def _columns(
    path: Path, names: Sequence[str], decimal: str, text: str, delimiter: str
) -> tuple[SurveyColumn, ...]:
    """Numbers where a column has nothing else, else texts; these, and numbers with commas, in a second turn."""
    parts, texts = _numbers(path, names, decimal, text, delimiter)
    numbers = {place: np.concatenate(part) for place, part in enumerate(parts) if part}
    commas = {place for place, found in numbers.items() if decimal == "," and (found % 1 > 0).any()}
    told = _texts(texts | commas, _chunks(path, names, text, delimiter))
    written = told if decimal == "," else {}
    return tuple(
        SurveyColumn(
            name,
            numbers.get(place, told.get(place, np.empty(0))),
            decimal=decimal,
            written=written.get(place),
        )
        for place, name in enumerate(names)
    )


def _texts(places: set[int], chunks: Iterator[list[Sequence[str]]]) -> dict[int, NDArray[Any]]:
    """These columns as they were typed."""
    found: dict[int, list[NDArray[Any]]] = {place: [] for place in places}
    for chunk in chunks if places else ():
        for place, portions in found.items():
            portions.append(as_texts([row[place] for row in chunk]))
    return {place: np.concatenate(portions) for place, portions in found.items()}


def _numbers(
    path: Path, names: Sequence[str], decimal: str, text: str, delimiter: str
) -> tuple[list[list[NDArray[Any]]], set[int]]:
    """Per column its numbers, in portions; none of the columns that hold anything else, which are named."""
    caches = [Numbers(decimal) for _ in names]
    parts: list[list[NDArray[Any]]] = [[] for _ in names]
    texts: set[int] = set()
    for chunk in _chunks(path, names, text, delimiter):
        for place, values in enumerate(zip(*chunk, strict=True)):
            if place in texts:
                continue
            try:
                read = np.fromiter(map(caches[place].__getitem__, values), np.float64, len(values))
                parts[place].append(read)
            except NotANumber:
                texts.add(place)
                parts[place] = []
    return parts, texts


def _chunks(path: Path, names: Sequence[str], text: str, delimiter: str) -> Iterator[list[Sequence[str]]]:
    """Rows in portions; refuses rows that have more or fewer fields than there are names."""
    rows = rows_of(path, text, delimiter)
    next(rows)
    while chunk := list(islice(rows, _CHUNK)):
        ragged = [(line, len(row)) for line, row in chunk if len(row) != len(names)]
        if ragged:
            (line, count), others = ragged[0], len(ragged) - 1
            more = f" (and {count_of(others, 'row')} more like it)" if others else ""
            refuse(
                path,
                f"Line {line:,} of {path.name} has {count_of(count, 'field')}, but there are {len(names)} names of "
                f"columns in the first line{more}; mend the file.",
            )
        yield [row for _, row in chunk]
