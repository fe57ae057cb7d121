"""A sheet's XML to cells, in one pass that makes nothing but what is not blank.

A cell's value is what openpyxl makes of it; beside it stands what openpyxl would lose: that a value is a
formula's, and that a formula was never calculated.
"""

import math
import re
from collections.abc import Callable
from typing import IO

from planner.excel.notation import column_number, duration, moment, range_corners
from planner.excel.xml_parts import Damaged, Look, Parts, in_pieces, local, parse_stream, plain_text

_INVISIBLE = "\u200b\ufeff \t\r\n\u00a0"
_DIGITS = "0123456789"
_COLUMN = re.compile("[A-Z]{1,3}")
# Rows on end that hold formatted blank cells alone, as the files of whole columns that were coloured have a million.
_BLANK_ROWS = re.compile(
    rb'(?:<row r="(\d+)"(?![^<>]*hidden="(?:1|true)")[^<>]*>(?:<c r="[A-Z]+\d+"[^<>]*(?:/>|></c>))*</row>)+'
)
MOST_TEXTS = 50_000  # that are held against each other
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
_PLAIN = Look()
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


# Row, column, value, number format, and whether it is an error, an uncalculated formula, a formula's value.
Keep = Callable[[int, int, object, str, bool, bool, bool], None]


class CellReader:
    """Hands over the cells of one sheet; knows its hidden rows and columns and its merged ranges."""

    def __init__(self, parts: Parts, keep: Keep) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self._parts, self._keep = parts, keep
        self._columns: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._row = self._column = 0
        self._pieces: list[str] = []
        self._collects = self._formula = self._valued = self._guide = False
        self._type = self._style = self._place = ""

    def read(self, file: IO[bytes]) -> None:
        """Read the whole sheet; raises Damaged or ExpatError."""
        pieces = (_BLANK_ROWS.sub(rb'<row r="\1"/>', piece) for piece in in_pieces(file))
        parse_stream(pieces, self._start, self._end, self._text)

    def _start(self, tag: str, values: dict[str, str]) -> None:
        name = tag if ":" not in tag else local(tag)
        if name == "c":
            self._place, self._type = values.get("r", ""), values.get("t", "n")
            self._style = values.get("s", "")
            self._pieces, self._formula, self._valued = [], False, False
        elif name == "v" or (name == "t" and not self._guide):
            self._collects = self._valued = True
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._start_row(values)
        elif name == "rPh":
            self._guide = True
        elif name == "mergeCell":
            self._merge(values.get("ref", ""))
        elif name == "col":
            self._hide(values)

    def _text(self, text: str) -> None:
        if self._collects:
            self._pieces.append(text)

    def _end(self, tag: str) -> None:
        name = tag if ":" not in tag else local(tag)
        if name in ("v", "t"):
            self._collects = False
        elif name == "c":
            self._cell()
        elif name == "rPh":
            self._guide = False

    def _start_row(self, values: dict[str, str]) -> None:
        number = values.get("r", "")
        self._row = int(number) if number.isdigit() else self._row + 1
        self._column = 0
        if values.get("hidden") in ("1", "true"):
            self.hidden_rows.add(self._row)

    def _hide(self, values: dict[str, str]) -> None:
        if values.get("hidden") in ("1", "true"):
            first, last = int(values.get("min", 0)), int(values.get("max", 0))
            self.hidden_columns.update(range(max(first, 1), min(last, MOST_COLUMNS) + 1))

    def _merge(self, reference: str) -> None:
        corners = range_corners(reference)
        if corners is None:
            raise Damaged
        self.merged.append(corners)

    def _cell(self) -> None:
        """The cell that ends here, unless it is blank."""
        row, column = self._position()
        text = "".join(self._pieces)
        # t="str" with an empty value is a formula whose result is an empty text: that is a value.
        missing = self._formula and (not self._valued or (not text and self._type != "str"))
        if not missing and not text.strip(_INVISIBLE):
            return
        look = self._look()
        value, error = (None, False) if missing else self._value(text, look)
        if not missing and _says_nothing(value):
            return
        self._keep(row, column, value, look.number_format, error, missing, self._formula)

    def _position(self) -> tuple[int, int]:
        """Row and column of the cell, as it says or after the one before."""
        place = self._place
        if not place:
            self._column += 1
            return self._row, self._column
        letters = place.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = self._column_of(letters)
        number = place[len(letters) :]
        row = int(number) if number else self._row
        if not 1 <= row <= MOST_ROWS:
            raise Damaged
        self._column = column
        return row, column

    @staticmethod
    def _column_of(letters: str) -> int:
        if not _COLUMN.fullmatch(letters) or column_number(letters) > MOST_COLUMNS:
            raise Damaged
        return column_number(letters)

    def _look(self) -> Look:
        looks = self._parts.looks
        number = int(self._style) if self._style.isdigit() else 0
        return looks[number] if looks and number < len(looks) else _PLAIN

    def _value(self, text: str, look: Look) -> tuple[object, bool]:
        """The value, and whether it is an error."""
        kind = self._type
        if kind == "n":
            return self._number(text, look)
        if kind == "s":
            if not text.isdigit():
                raise Damaged
            return self._parts.texts[int(text)], False
        if kind == "b":
            return _BOOLEANS.get(text.strip(), text), False
        if kind == "e":
            return text, True
        if kind == "d":
            return _written_out(text), False
        return self._once(plain_text(text)), False

    def _once(self, text: str) -> str:
        """The text, the same object as often as it is there, so that a million repeats take no room."""
        return self._texts.setdefault(text, text) if len(self._texts) < MOST_TEXTS else text

    def _number(self, text: str, look: Look) -> tuple[object, bool]:
        """A number, or the date that its format makes of it; an error where there is no such date."""
        try:
            value = float(text) if any(char in ".eEnN" for char in text) else _whole(text)
        except ValueError:
            return text, False
        if not look.date or not math.isfinite(value):
            return value, False
        try:
            return duration(value) if look.duration else moment(value, self._parts.epoch), False
        except (ValueError, OverflowError):
            return "#VALUE!", True


def _whole(text: str) -> float:
    """A whole number; one with hundreds of digits is infinite, which every reader of numbers refuses."""
    return int(text) if len(text) < 300 else math.inf


def _written_out(text: str) -> object:
    """A date that is written out, which Excel seldom does: openpyxl is loaded for it alone."""
    from openpyxl.utils.datetime import from_ISO8601

    return from_ISO8601(text)  # type: ignore[no-untyped-call]


def _says_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(_INVISIBLE))
