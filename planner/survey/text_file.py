"""Texts of a file: its encoding, its delimiter; shared by CSV and Triple-S."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path

from planner.errors import refuse

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LOOKED_AT, _LOOKED_INTO = 30, 100_000  # lines, and letters of one, in which a delimiter is looked for
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def known_encoding(encoding: str) -> bool:
    """Whether Python knows an encoding by this name."""
    try:
        return isinstance("".encode(encoding), bytes)
    except (LookupError, ValueError):
        return False


def text_of(path: Path, encoding: str) -> str:
    """The file's text; refuses what is none, or is in another encoding than said."""
    content = path.read_bytes()
    if encoding and not known_encoding(encoding):
        refuse(path, f'"{encoding}" is no encoding that is known here; expected one such as utf-8 or cp1252.')
    used = encoding or next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    if not used.startswith("utf-16") and b"\0" in content[:100_000]:
        refuse(path, f"{path.name} is no text file; save it as text in the encoding UTF-8.")
    try:
        return content.decode(used)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refuse(
            path,
            f"{path.name} is not in the encoding {used} (line {line:,}, byte {content[error.start]:#04x}); state its "
            "own, such as cp1252: --encoding, or a row encoding on the sheet Survey.",
        )


def delimiter_of(path: Path, text: str) -> str:
    """The delimiter that makes most columns of the first line that it divides; refuses where none divides one."""
    lines = [line for line in islice(StringIO(text), _LOOKED_AT) if line.strip()]
    for line in lines:
        counts = {
            mark: len(next(csv.reader([line[:_LOOKED_INTO]], delimiter=mark), [])) for mark in DELIMITERS
        }
        best = max(counts, key=lambda mark: counts[mark])
        if counts[best] > 1:
            return best
    refuse(
        path,
        f"The first line of {path.name} has one column only; expected names of columns with "
        f"{', '.join(list(DELIMITERS.values())[:-1])} or {list(DELIMITERS.values())[-1]} between them.",
    )


def rows_of(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that are not blank, each with its line."""
    csv.field_size_limit(1_000_000)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error:
        wrong = f"Line {reader.line_num:,} of {path.name} is damaged: a quotation mark is not closed, or too long."
        refuse(path, wrong)
