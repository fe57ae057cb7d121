"""Cells to numbers, percents and dates, a whole column at a time.

A number may be typed as text ("€ 12.500,00", "1 234,5", "25 %"). What one cell leaves open another may
settle: whether the comma is a decimal mark, whether 25 means 25 % or 2,500 %. What stays open is a
question to the planner (Trouble), never a guess.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from planner.names import key, tidy
from planner.workbook.cells.read import Cell

BLANKS = frozenset({"", "-", "–", "—", "--", "n/a", "n.a."})
BLANK_NUMBERS = BLANKS | {"na", "#"}  # as a text, NA may be a name
CURRENCY_WORDS = (
    "руб.",
    "руб",
    "р.",
    "kr.",
    "kr",
    "zł",
    "kč",
    "ft",
    "lei",
    "fr.",
    "fr",
    "rs.",
    "rs",
    "us$",
    "a$",
    "c$",
    "r$",
    "usd",
    "eur",
    "gbp",
    "chf",
    "sek",
    "nok",
    "dkk",
    "pln",
    "czk",
    "huf",
    "jpy",
    "cny",
    "inr",
    "brl",
    "rub",
    "aud",
    "cad",
    "nzd",
    "try",
    "zar",
    "mxn",
    "ron",
)
ABSURD = 1e15

_BODY = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_SPACED = re.compile(r"(?<=\d)[ '’](?=\d{3}(?:\D|$))")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True)
class Trouble:
    """Why a cell is no number: what is expected, or the question that it leaves open."""

    text: str


@dataclass(frozen=True)
class _Numeral:
    """Digits as typed: `body` has digits, a sign, and decimal or thousands marks still to be told apart."""

    body: str
    percent: bool


def exact(value: float) -> float:
    """A number to 15 significant digits: what a spreadsheet holds, so that it survives being written.

    >>> exact(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.15g}")


def found(cell: Cell) -> str:
    """What a cell holds, for a message: text in quotes."""
    value = cell.value
    if cell.uncached:
        return "a formula without a value"
    if cell.error:
        return f"the error {value}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time(0):
        return f"the date {value:%Y-%m-%d}"
    if isinstance(value, str):
        text = tidy(value)
        return f'"{text[:60]}..."' if len(text) > 63 else f'"{text}"'
    return str(value)


def is_blank(cell: Cell | None) -> bool:
    """Whether a cell holds nothing, or what people type for nothing (-, n/a).

    >>> is_blank(None)
    True
    """
    if cell is None:
        return True
    return isinstance(cell.value, str) and not cell.error and not cell.uncached and key(cell.value) in BLANKS


def no_value(cell: Cell) -> Trouble | None:
    """Trouble with a cell of any kind: an error value, a formula that was never calculated."""
    if cell.uncached:
        return Trouble(
            "holds a formula without a value; open the workbook in Excel or LibreOffice and save it"
        )
    if cell.error:
        return Trouble(f"holds the error {cell.value}; mend the formula or type the value")
    return None


def shown_as_percent(number_format: str) -> bool:
    """Whether a number format multiplies by 100; a percent sign in quotes does not.

    >>> shown_as_percent("0.0%"), shown_as_percent('0" %"')
    (True, False)
    """
    return "%" in _LITERAL.sub("", number_format)


def read_numbers(
    cells: Sequence[Cell | None], percent: bool, currency: str = "", most_share: float = 1.0
) -> list[float | Trouble | None]:
    """The numbers of a column; None where blank, Trouble where there is no certain number.

    percent: the column holds percents; the results are shares (25 % gives 0.25). most_share: a bare number
    above it cannot be a share, so it is a percent.
    """
    marks = _decimal_marks(cells, currency)
    readings = [_read_number(cell, marks, percent, currency) for cell in cells]
    if not percent:
        return [reading[0] if isinstance(reading, tuple) else reading for reading in readings]
    return _settle_percents(readings, most_share)


def read_shares(cells: Sequence[Cell | None]) -> list[float | Trouble | None]:
    """Shares of cells that each stand for something else: 5 % or 0.05; a bare 1 or more is a question."""
    marks = _decimal_marks(cells, "")
    readings = [_read_number(cell, marks, True, "") for cell in cells]
    return [_share(*reading) if isinstance(reading, tuple) else reading for reading in readings]


def _share(value: float, is_share: bool) -> float | Trouble:
    if is_share or value < 1:
        return value
    return Trouble(
        f"is that {value:g} % or {value * 100:g} %? Write {value:g} % or {value / 100:g}, "
        "or format the cell as a percentage"
    )


def _settle_percents(
    readings: Sequence[tuple[float, bool] | Trouble | None], most_share: float
) -> list[float | Trouble | None]:
    """Bare numbers of a percent column: percents if any is above what a share can be (1, for a part of a
    whole); otherwise nobody can tell but for 0."""
    bare = [reading[0] for reading in readings if isinstance(reading, tuple) and not reading[1]]
    certain = any(value > most_share for value in bare)
    settled: list[float | Trouble | None] = []
    for reading in readings:
        if not isinstance(reading, tuple):
            settled.append(reading)
            continue
        value, is_share = reading
        if is_share:
            settled.append(value)
        elif certain or value <= 0:
            settled.append(exact(value / 100))
        else:
            settled.append(
                Trouble(
                    f"is that {value:g} % or {value * 100:g} %? Write {value * 100:g} % or "
                    f"{value:g} %, or format the cell as a percentage"
                )
            )
    return settled


def _read_number(
    cell: Cell | None, marks: frozenset[str], percent: bool, currency: str
) -> tuple[float, bool] | Trouble | None:
    """A number and whether it already is a share (it bears a percent sign or format)."""
    if cell is None or is_blank(cell) or (isinstance(cell.value, str) and key(cell.value) in BLANK_NUMBERS):
        return None
    trouble = no_value(cell) or _wrong_type(cell.value)
    if trouble:
        return trouble
    if isinstance(cell.value, str):
        return _number_in_text(cell.value, marks, percent, currency)
    value = float(cell.value)  # type: ignore[arg-type]  # _wrong_type left only numbers
    if not math.isfinite(value) or abs(value) > ABSURD:
        return Trouble("is beyond any media plan")
    is_share = shown_as_percent(cell.number_format)
    if is_share and not percent:
        return Trouble("is formatted as a percentage; expected a plain number")
    return exact(value), is_share


def _wrong_type(value: object) -> Trouble | None:
    if isinstance(value, bool):
        return Trouble("is a yes/no value; expected a number")
    if isinstance(value, datetime | date | time | timedelta):
        return Trouble("is a date or a time; expected a number (Excel may have turned a number into a date)")
    return None if isinstance(value, int | float | str) else Trouble("is not a number")


def _number_in_text(
    text: str, marks: frozenset[str], percent: bool, currency: str
) -> tuple[float, bool] | Trouble:
    numeral = _numeral(text, currency)
    if numeral is None:
        return Trouble("is not a number")
    if numeral.percent and not percent:
        return Trouble("has a percent sign; expected a plain number")
    certain = _decimal_mark(numeral.body)
    if certain == "?":
        mark = "." if "." in numeral.body else ","
        if len(marks) != 1 or mark in marks:
            return _open_question(numeral.body, mark, mark in marks and len(marks) == 1)
        certain = next(iter(marks))
    if certain is None:
        return Trouble("is not a number; its dots and commas are in odd places")
    value = _value(numeral.body, certain)
    if not math.isfinite(value) or abs(value) > ABSURD:
        return Trouble("is beyond any media plan")
    return (exact(value / 100), True) if numeral.percent else (exact(value), False)


def _open_question(body: str, mark: str, is_decimal_elsewhere: bool) -> Trouble:
    """One mark and three digits: thousands or decimals; three decimals are odd even where the mark is decimal."""
    other = "," if mark == "." else "."
    readings = f"can be read as {_value(body, mark):,g} or as {_value(body, other):,g}"
    name = "dot" if mark == "." else "comma"
    why = (
        f"though the {name} is the decimal mark of other texts in the column"
        if is_decimal_elsewhere
        else "and nothing else in the column settles it"
    )
    return Trouble(f"{readings}, {why}; type it as a number, not as text")


@lru_cache(maxsize=4096)  # a column's texts are looked at twice, and many are alike
def _numeral(text: str, currency: str) -> _Numeral | None:
    """The digits in a text, freed of currency and percent sign; None when there is more than that."""
    bare = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    bare = tidy(bare).replace("−", "-").casefold()
    percent = bare.endswith("%")
    bare = _without_currency(bare.removesuffix("%").strip(), currency)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = _without_currency(bare[1:-1].strip(), currency) if negative else bare
    bare = _SPACED.sub("", re.sub(r"^([+-])\s+", r"\1", bare))
    if not bare.isascii() or not _BODY.fullmatch(bare) or (negative and bare[0] in "+-"):
        return None
    return _Numeral(f"-{bare}" if negative else bare, percent)


def _without_currency(text: str, currency: str) -> str:
    signs = "".join(char for char in text if unicodedata.category(char) == "Sc")
    for word in (key(currency), *CURRENCY_WORDS, *signs):
        if word and text.startswith(word):
            return text[len(word) :].strip()
        if word and text.endswith(word):
            return text[: -len(word)].strip()
    return text


def _decimal_mark(body: str) -> str | None:
    """The decimal mark of a numeral: "." or ","; "?" when it can be either; None when it is no number.

    >>> _decimal_mark("12.500,00"), _decimal_mark("1.234"), _decimal_mark("1,2,3")
    (',', '?', None)
    """
    digits = body.lstrip("+-")
    kinds = {char for char in digits if char in ".,"}
    if len(kinds) == 2:
        last = max(kinds, key=digits.rfind)
        whole, _, fraction = digits.rpartition(last)
        grouped = _GROUPS.fullmatch(whole) is not None and last not in whole
        return last if grouped and fraction.isdigit() else None
    if not kinds:
        return "."
    mark = kinds.pop()
    if digits.count(mark) > 1:
        return ("," if mark == "." else ".") if _GROUPS.fullmatch(digits) else None
    whole, _, fraction = digits.partition(mark)
    could_be_thousands = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "?" if could_be_thousands else mark


def _value(body: str, decimal: str) -> float:
    thousands = "," if decimal == "." else "."
    return float(body.replace(thousands, "").replace(decimal, "."))


def _decimal_marks(cells: Sequence[Cell | None], currency: str) -> frozenset[str]:
    """The decimal marks that the texts of a column use beyond doubt."""
    numerals = (_numeral(cell.value, currency) for cell in cells if cell and isinstance(cell.value, str))
    bodies = [numeral.body for numeral in numerals if numeral and re.search("[.,]", numeral.body)]
    return frozenset(mark for mark in map(_decimal_mark, bodies) if mark in (".", ","))


_DAY_FIRST = ("%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%Y-%m-%d", "%Y/%m/%d")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def read_date(cell: Cell) -> date | Trouble:
    """A date from a date cell or from text that can be read in one way only."""
    value = cell.value
    trouble = no_value(cell)
    if trouble:
        return trouble
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _date_in_text(tidy(value).replace(",", ""))
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 <= value <= 80_000:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return Trouble(
            f"is a plain number; if it is meant as the date {day:%Y-%m-%d}, format the cell as a date"
        )
    return Trouble("is not a date; expected one such as 2027-03-01")


def _date_in_text(text: str) -> date | Trouble:
    for form in _DAY_FIRST:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    match = _SLASHED.fullmatch(text)
    if not match:
        return Trouble("is not a date; expected one such as 2027-03-01")
    first, second, year = map(int, match.groups())
    readings = {(day, month) for day, month in ((first, second), (second, first)) if month <= 12}
    if len(readings) == 2:
        return Trouble(
            f"can be day {first} of month {second} or day {second} of month {first}; "
            f"write {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
        )
    try:
        day, month = readings.pop()
        return date(year, month, day)
    except (ValueError, KeyError):
        return Trouble("is not a date; expected one such as 2027-03-01")
