"""Tables as CSV, for whatever reads figures next: a table's columns by their keys, in the reader's own notation.

A text that a spreadsheet program would take for a formula (it begins with = + - @, a tab or a line break) gets an
apostrophe before it. Texts stand in quotes, figures do not; what is not known is empty. UTF-8 with the mark that Excel
needs to know it by, lines end as RFC 4180 says.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.formats import one_line
from planner.table import Table

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
DECIMALS = {"point": ".", "comma": ","}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # wide ones too
_LINE = "\r\n"


@dataclass(frozen=True)
class Notation:
    """What stands between figures, and before decimals."""

    delimiter: str = ","
    decimal: str = "."


PLAIN = Notation()


def csv_text(table: Table, notation: Notation = PLAIN) -> str:
    """A table as CSV, its columns' keys first."""
    lines = [[_text(column.json_key) for column in table.columns]]
    lines += [
        [_cell(column.json_value(value), notation) for column, value in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    return "\ufeff" + "".join(notation.delimiter.join(line) + _LINE for line in lines)


def safe(text: str) -> str:
    """A text that no spreadsheet program takes for a formula, on one line.

    >>> safe("=1+1"), safe("Morning News")
    ("'=1+1", 'Morning News')
    """
    told = one_line(text)
    return f"'{told}" if text.startswith(_FORMULA) or told.startswith(_FORMULA) else told


def _cell(value: Any, notation: Notation) -> str:
    value = value.item() if hasattr(value, "item") else value
    if value is None or value == "":
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, notation)
    return _text(_in_words(value))


def _in_words(value: Any) -> str:
    """A truth, a list or a mapping as a text; anything else as it says itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {part}" for name, part in value.items())
    return "; ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _text(text: str) -> str:
    quoted = safe(text).replace('"', '""')
    return f'"{quoted}"'


def _number(value: float, notation: Notation) -> str:
    """Digits without a mark for thousands; nothing where there is no number."""
    return f"{value:.12g}".replace(".", notation.decimal) if math.isfinite(value) else ""
