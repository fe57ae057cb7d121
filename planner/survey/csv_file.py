"""Surveys as CSV: names of columns in the first line, comma, semicolon, tab or bar between them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.formats import count_of
from planner.names import listing
from planner.survey.table import NotANumber, Numbers, Survey, SurveyColumn, as_texts, title_notice, title_rows
from planner.survey.text_file import DELIMITERS, delimiter_of, rows_of, text_of

Chunks = Callable[[], Iterator[list[Sequence[str]]]]
_CHUNK = 20_000
_TITLES = 30  # lines in which the names are looked for
_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
_SAYS_DELIMITER = re.compile(r"^sep=.(?=\r?\n)")  # a first line for Excel
_LOOKED_AT = 2_000  # rows in which a decimal comma is looked for


def read(path: Path, encoding: str) -> Survey:
    """Read a CSV survey. Lines above the names are told; columns without a name or a value are no columns."""
    text = _SAYS_DELIMITER.sub("", text_of(path, encoding), count=1)
    delimiter = delimiter_of(path, text)
    above = title_rows(row for _, row in islice(rows_of(path, text, delimiter), _TITLES))
    *titles, heads = (row for _, row in islice(rows_of(path, text, delimiter), above + 1))
    names = [head.strip().lstrip("\ufeff") for head in heads]
    decimal = _decimal_mark(text, path, delimiter)
    columns = _named(
        path, _columns(names, decimal, partial(_chunks, path, names, text, delimiter, above + 1))
    )
    comma = ", decimal commas" if decimal == "," else ""
    notices = [f"{path.name} was read with {DELIMITERS[delimiter]}s between columns{comma}."]
    said = [field.strip() for row in titles for field in row if field.strip()]
    notices += title_notice(path.name, said)
    return Survey(path.name, "CSV", columns, len(columns[0].values), tuple(notices))


def _named(path: Path, columns: Sequence[SurveyColumn]) -> tuple[SurveyColumn, ...]:
    """The columns but for those in which nothing stands; one with values needs a name."""
    blank = [str(at) for at, column in enumerate(columns, 1) if not column.name and not column.missing.all()]
    if blank:
        which, have, it = ("Column", "has", "it") if len(blank) == 1 else ("Columns", "have", "them")
        refuse(path, f"{which} {listing(blank)} of {path.name} {have} no name in the first line; name {it}.")
    return tuple(column for column in columns if column.name)


def _decimal_mark(text: str, path: Path, delimiter: str) -> str:
    """A comma where columns are not divided by it and numbers have it."""
    if delimiter == ",":
        return "."
    rows = islice(rows_of(path, text, delimiter), 1, _LOOKED_AT)
    return "," if any(_DECIMAL_COMMA.fullmatch(cell) for _, row in rows for cell in row) else "."


def _columns(names: Sequence[str], decimal: str, chunks: Chunks) -> tuple[SurveyColumn, ...]:
    """Numbers where a column has nothing else, else texts; these, and numbers with commas, in a second turn."""
    parts, texts = _numbers(names, decimal, chunks())
    numbers = {place: np.concatenate(part) for place, part in enumerate(parts) if part}
    commas = {place for place, found in numbers.items() if decimal == "," and (found % 1 > 0).any()}
    told = _texts(texts | commas, chunks())
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
    names: Sequence[str], decimal: str, chunks: Iterator[list[Sequence[str]]]
) -> tuple[list[list[NDArray[Any]]], set[int]]:
    """Per column its numbers, in portions; none of the columns that hold anything else, which are named."""
    caches = [Numbers(decimal) for _ in names]
    parts: list[list[NDArray[Any]]] = [[] for _ in names]
    texts: set[int] = set()
    for chunk in chunks:
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


def _chunks(
    path: Path, names: Sequence[str], text: str, delimiter: str, above: int
) -> Iterator[list[Sequence[str]]]:
    """Rows in portions, without the first ones; refuses rows that have more or fewer fields than there are names."""
    rows = islice(rows_of(path, text, delimiter), above, None)
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
