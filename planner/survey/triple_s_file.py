"""Surveys as Triple-S: a description in XML (versions 1.x to 3.0) beside fixed-width or comma-separated data.

A variable of the type multiple becomes a column of 0 and 1 for each of its values, named VARIABLE_CODE and labelled
"question :: value". Source: the Triple-S standard, www.triple-s.org.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.survey.table import LEVEL, NotANumber, Numbers, Survey, SurveyColumn, Value, as_texts
from planner.survey.text_file import rows_of, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DATA_ENDINGS = {"csv": (".csv", ".CSV"), "fixed": (".asc", ".ASC", ".dat", ".DAT", ".txt", ".TXT")}
_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_TEXT_TYPES = ("character", "date", "time")
_TYPES = ("single", "multiple", "quantity", "logical", *_TEXT_TYPES)
_MOST_CODES = 20_000  # of one multiple variable


@dataclass(frozen=True)
class _Variable:
    """A variable of the description. start, finish: characters or fields, from 1. values: by code, as written.
    codes: every numbered code, those of ranges too. subfields, width: of a spread multiple, 0 otherwise."""

    name: str
    type: str
    label: str
    start: int
    finish: int
    values: dict[str, str] = field(default_factory=dict)
    codes: tuple[int, ...] = ()
    subfields: int = 0
    width: int = 0


def read(path: Path, encoding: str) -> Survey:
    """Read a Triple-S survey, named by its description."""
    record = _record(path)
    variables = [_variable(path, element) for element in record.findall("variable")]
    if not variables:
        refuse(path, f"{path.name} describes no variables.")
    is_csv = record.get("format", "fixed").lower() == "csv"
    data = _data_file(path, record.get("href", ""), is_csv)
    declared = _ENCODING.match(path.read_bytes()[:200])
    text = text_of(data, encoding or (declared[1].decode("ascii") if declared else ""))
    skip = record.get("skip", "0")
    if not skip.strip().isdigit():
        refuse(path, f'{path.name} says skip="{skip}"; expected a number of lines.')
    cells = _csv_cells if is_csv else _fixed_cells
    rows = list(cells(data, text, int(skip), variables))
    columns = [
        column
        for place, variable in enumerate(variables)
        for column in _columns(data, variable, [row[place] for row in rows])
    ]
    return Survey(path.name, "Triple-S", tuple(columns), len(rows))


# --- the description ----------------------------------------------------------------------------------


def _record(path: Path) -> "Element":
    root = _root(path)
    if root.tag.lower() != "sss":
        refuse(
            path, f"{path.name} is XML, but no Triple-S description (its first element is {root.tag[:40]})."
        )
    version = root.get("version", "")
    if version[:2] not in ("1.", "2.", "3."):
        refuse(path, f'{path.name} is Triple-S of the version "{version[:20]}"; expected 1.x to 3.0.')
    records = root.findall(".//record")
    if len(records) != 1:
        refuse(
            path,
            f"{path.name} describes {len(records)} kinds of records; expected one, a row for each respondent.",
        )
    return records[0]


def _root(path: Path) -> "Element":
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    content = path.read_bytes()
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and not content.startswith(
        (b"\xff\xfe", b"\xfe\xff")
    ):
        refuse(path, f"{path.name} is no XML; Triple-S is read in its XML form (versions 1.1 to 3.0).")
    try:
        root: Element = fromstring(content)
    except DefusedXmlException:
        refuse(path, f"{path.name} defines entities of its own, which no survey needs; it was not read.")
    except (ParseError, LookupError, ValueError, RecursionError):
        refuse(path, f"{path.name} is damaged: it is no complete XML, or in an unknown encoding.")
    return root


def _variable(path: Path, element: "Element") -> _Variable:
    name = _words(element.find("name")) or element.get("ident", "")
    kind = element.get("type", "").lower()
    if kind not in _TYPES:
        refuse(
            path, f'The variable {name} of {path.name} has the type "{kind}"; expected {", ".join(_TYPES)}.'
        )
    position = element.find("position")
    start = _whole(path, name, None if position is None else position.get("start"))
    given = None if position is None else position.get("finish")
    finish = start if given is None else _whole(path, name, given)
    if finish < start:
        refuse(path, f"The variable {name} of {path.name} ends before it starts ({start} to {finish}).")
    spread = element.find("spread")
    subfields, width = 0, 0
    if spread is not None:
        subfields = _whole(path, name, spread.get("subfields"))
        width = _whole(path, name, spread.get("width", str(max(1, (finish - start + 1) // subfields))))
    values = element.find("values")
    codes = () if kind != "multiple" else _codes(path, name, values)
    return _Variable(
        name, kind, _words(element.find("label")), start, finish, _meanings(values), codes, subfields, width
    )


def _words(element: "Element | None") -> str:
    """An element's text; of several languages or modes the first."""
    if element is None:
        return ""
    own = (element.text or "").strip()
    if own:
        return " ".join("".join(element.itertext()).split())
    return next((" ".join(text.split()) for text in element.itertext() if text.strip()), "")


def _whole(path: Path, name: str, text: str | None) -> int:
    if text is None or not text.strip().isdigit() or not 0 < int(text) < 10_000_000:
        wrong = f'The variable {name} of {path.name} has a position of "{text}"; expected a number from 1 on.'
        refuse(path, wrong)
    return int(text)


def _meanings(element: "Element | None") -> dict[str, str]:
    """Words by code, as written."""
    return {
        (child.get("code") or "").strip(): _words(child)
        for child in ([] if element is None else element.findall("value"))
    }


def _codes(path: Path, name: str, element: "Element | None") -> tuple[int, ...]:
    """The numbered codes of a multiple variable, single ones and ranges."""
    given = _ranges(element)
    if not given or not all(code.isdigit() and int(code) <= _MOST_CODES for pair in given for code in pair):
        refuse(path, f"The multiple variable {name} of {path.name} has no list of numbered values.")
    return tuple(sorted({code for first, last in given for code in range(int(first), int(last) + 1)}))


def _ranges(element: "Element | None") -> list[tuple[str, str]]:
    """First and last code of each value or range, as written."""
    found = []
    for child in [] if element is None else element:
        ends = ("code", "code") if child.tag == "value" else ("from", "to")
        found.append((child.get(ends[0], "").strip(), child.get(ends[1], "").strip()))
    return found


# --- the data -----------------------------------------------------------------------------------------


def _data_file(path: Path, href: str, is_csv: bool) -> Path:
    if href:
        # Beside the description, wherever it was written.
        name = PureWindowsPath(href.removeprefix("file:")).name
        candidates = [path.with_name(name)]
    else:
        candidates = [path.with_suffix(ending) for ending in _DATA_ENDINGS["csv" if is_csv else "fixed"]]
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        refuse(path, f"The data of {path.name} are missing: there is no file {candidates[0].name} beside it.")
    return found


Cells = list[str | list[str]]


def _csv_cells(data: Path, text: str, skip: int, variables: Sequence[_Variable]) -> Iterator[Cells]:
    """Per respondent, the text of every variable; of a spread multiple the texts."""
    last = max(variable.finish for variable in variables)
    for number, (line, row) in enumerate(rows_of(data, text, ",")):
        if number < skip:
            continue
        if len(row) < last:
            refuse(data, f"Line {line:,} of {data.name} has {len(row)} fields; its description needs {last}.")
        cells: Cells = [
            list(row[variable.start - 1 : variable.finish])
            if variable.finish > variable.start or variable.subfields
            else row[variable.start - 1]
            for variable in variables
        ]
        yield cells


def _fixed_cells(data: Path, text: str, skip: int, variables: Sequence[_Variable]) -> Iterator[Cells]:
    needed = max((v.finish for v in variables if v.type not in _TEXT_TYPES), default=0)
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r\x1a")
        if number <= skip or not line:
            continue
        if len(line) < needed:
            refuse(
                data,
                f"Line {number:,} of {data.name} has {len(line)} characters; its description needs {needed}.",
            )
        yield [_fixed(line, variable) for variable in variables]


def _fixed(line: str, variable: _Variable) -> str | list[str]:
    text = line[variable.start - 1 : variable.finish]
    if not variable.subfields:
        return text
    return [text[at * variable.width : (at + 1) * variable.width] for at in range(variable.subfields)]


# --- columns ------------------------------------------------------------------------------------------


def _columns(data: Path, variable: _Variable, cells: list[Any]) -> Iterator[SurveyColumn]:
    if variable.type == "multiple":
        yield from _multiple(data, variable, cells)
        return
    texts = [cell if isinstance(cell, str) else " ".join(cell) for cell in cells]
    literal = variable.type in _TEXT_TYPES or any(not _is_number(code) for code in variable.values)
    if literal:
        meanings: dict[Value, str] = {code: words for code, words in variable.values.items()}
        yield SurveyColumn(variable.name, as_texts(texts), variable.label, meanings)
        return
    labels: dict[Value, str] = {float(code): words for code, words in variable.values.items()}
    yield SurveyColumn(variable.name, _numbers(data, variable, texts), variable.label, labels)


def _is_number(code: str) -> bool:
    try:
        Numbers()[code]
    except NotANumber:
        return False
    return bool(code)


def _numbers(data: Path, variable: _Variable, texts: list[str]) -> NDArray[np.float64]:
    cache = Numbers()
    try:
        return np.fromiter(map(cache.__getitem__, texts), np.float64, len(texts))
    except NotANumber as wrong:
        row, shown = texts.index(wrong.text) + 1, wrong.text.strip()[:40]
        refuse(
            data, f'Respondent {row:,} of {data.name} has "{shown}" for {variable.name}; expected a number.'
        )


def _multiple(data: Path, variable: _Variable, cells: list[Any]) -> Iterator[SurveyColumn]:
    """A column of 0 and 1 for each value; no answer where the whole field is blank."""
    chosen = _chosen(data, variable, cells)
    words = {int(code): text for code, text in variable.values.items()}
    for code in variable.codes:
        level = words.get(code, str(code))
        label = f"{variable.label} {LEVEL} {level}" if variable.label else level
        yield SurveyColumn(f"{variable.name}_{code}", chosen[:, code].copy(), label)


def _chosen(data: Path, variable: _Variable, cells: list[Any]) -> NDArray[np.float64]:
    """(n_respondents, highest code + 1): 1 where a code was chosen, else 0; nan where the whole field is blank."""
    is_spread = bool(variable.subfields) or any(isinstance(cell, list) for cell in cells)
    chosen = np.full((len(cells), max(variable.codes) + 1), np.nan)
    for row, cell in enumerate(cells):
        if not "".join(cell).strip():
            continue
        chosen[row] = 0.0
        for code in _spread(cell) if is_spread else _bits(cell):
            if code is None or not 0 <= code < chosen.shape[1]:
                shown = "".join(cell).strip()[:40]
                wrong = f'Respondent {row + 1:,} of {data.name} has "{shown}" for {variable.name}; expected its values.'
                refuse(data, wrong)
            chosen[row, code] = 1.0
    return chosen


def _spread(cell: list[str] | str) -> Iterator[int | None]:
    for text in [cell] if isinstance(cell, str) else cell:
        bare = text.strip()
        if bare and bare.strip("0"):
            yield int(bare) if bare.isdigit() else None


def _bits(cell: str) -> Iterator[int | None]:
    for place, bit in enumerate(cell.rstrip(), 1):
        if bit == "1":
            yield place
        elif bit not in "0 ":
            yield None
