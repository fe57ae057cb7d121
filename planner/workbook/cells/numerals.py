"""A number typed as text: its digits, and what stands around them (currency, percent sign, million).

Whether a comma is a decimal mark is told where it can be told from the text alone; else the column decides.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from planner.names import tidy
from planner.workbook.cells.currencies import WORDS, without_currency

# What stands behind a number and multiplies it. M is a million, as people write it, though CPM has it for thousand.
MAGNITUDES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "tausend", "tys", "tys.", "thousand"), 1e3),
    **dict.fromkeys(
        ("m", "mm", "mn", "mio", "mio.", "mln", "mln.", "mill", "mill.", "million", "millions", "millionen"),
        1e6,
    ),
    **dict.fromkeys(("bn", "billion", "billions", "mrd", "mrd."), 1e9),
    **dict.fromkeys(("lakh", "lakhs", "lac", "lacs"), 1e5),
    **dict.fromkeys(("crore", "crores", "cr"), 1e7),
}
_MAGNITUDE = re.compile(
    rf"(.*\d)\s*({'|'.join(re.escape(word) for word in sorted(MAGNITUDES, key=len, reverse=True))})"
)
_GLUED = {"t": "tsd", "k": "k", "m": "m"}  # to a currency: 150 TEUR, 1.5 MEUR; a T alone may be anything
_BEFORE_CURRENCY = re.compile(rf"(?<=\d)\s*([tkm])(?=(?:{'|'.join(map(re.escape, WORDS))})$)")
_BODY = re.compile(r"[+-]?\d[\d.,]*|[+-]?[.,]\d+")
_GROUPS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
# No cents, as it is written in India (1,20,000/-) and in German-speaking countries (1'200.-).
_NO_CENTS = re.compile(r"(?:/[-=]|[.,][-–—]{1,2})$")
_TYPED_AS_TEXT = re.compile(r"^'(?=[1-9])")  # as Excel marks a text; '000 is a unit
_SPACED = re.compile(r"(?<=\d)[ '’](?=\d{3}(?:\D|$))")


@dataclass(frozen=True)
class Numeral:
    """Digits as typed: `body` has digits, a sign, and decimal or thousands marks still to be told apart.

    times: what a word such as million multiplies it by. currency: as typed, "" where there is none.
    """

    body: str
    percent: bool = False
    times: float = 1.0
    currency: str = ""


@lru_cache(maxsize=4096)  # a column's texts are looked at twice, and many are alike
def numeral_in(text: str, currency: str = "", units: tuple[str, ...] = ()) -> Numeral | None:
    """The number in a text; None when there is more than that.

    currency: the campaign's. units: words that may follow the number and change nothing, such as weeks.
    """
    if len(text) > 400:
        return None
    bare = "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
    bare = _TYPED_AS_TEXT.sub("", tidy(bare)).replace("−", "-").casefold()
    percent = bare.endswith("%")
    bare = _BEFORE_CURRENCY.sub(lambda found: f" {_GLUED[found[1]]} ", bare.removesuffix("%").strip())
    bare, sign = without_currency(_NO_CENTS.sub("", bare), currency)
    bare = _NO_CENTS.sub("", bare)
    bare, negative = _without_brackets(bare)
    bare, inner = without_currency(bare, currency) if negative else (bare, "")
    bare, times = _without_magnitude(_without_unit(bare, units))
    sign = sign or inner
    if times != 1 and not sign:
        bare, sign = without_currency(bare, currency)
    body = _body(bare, negative)
    return None if body is None else Numeral(body, percent, times, sign)


def _without_brackets(text: str) -> tuple[str, bool]:
    """What stands in brackets around all of it, which make it negative; else the text."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    return text, False


def _body(text: str, negative: bool) -> str | None:
    """Sign, digits and marks alone; None where there is more. negative: by brackets, which bear no sign within."""
    bare = _SPACED.sub("", re.sub(r"^([+-])\s+", r"\1", text))
    if not bare.isascii() or not _BODY.fullmatch(bare) or (negative and bare[0] in "+-"):
        return None
    return f"-{bare}" if negative else bare


def _without_unit(text: str, units: tuple[str, ...]) -> str:
    unit = next(
        (unit for unit in units if text.endswith(unit) and text[: -len(unit)].strip()[-1:].isdigit()), ""
    )
    return text[: len(text) - len(unit)].strip()


def _without_magnitude(text: str) -> tuple[str, float]:
    match = _MAGNITUDE.fullmatch(text)
    return (match[1], MAGNITUDES[match[2]]) if match else (text, 1.0)


def says_number(value: object) -> bool:
    """Whether a value is a number, or a text that is one, perhaps with its unit.

    >>> says_number(3), says_number("150k"), says_number("30.5.2027"), says_number("6 weeks")
    (True, True, False, False)
    """
    numeral = numeral_in(str(value))
    return isinstance(value, int | float) or (numeral is not None and decimal_mark(numeral.body) is not None)


def decimal_mark(body: str) -> str | None:
    """The decimal mark of a numeral: "." or ","; "?" when it can be either; None when it is no number.

    >>> decimal_mark("12.500,00"), decimal_mark("1.234"), decimal_mark("1,2,3"), decimal_mark("1,00,000")
    (',', '?', None, '.')
    """
    digits = body.lstrip("+-")
    kinds = {char for char in digits if char in ".,"}
    if len(kinds) == 2:
        return _last_of_two(digits)
    return _only_mark(digits, kinds.pop()) if kinds else "."


def _last_of_two(digits: str) -> str | None:
    """The decimal mark of a numeral with dots and commas: the last, where the others group thousands."""
    last = max(".,", key=digits.rfind)
    whole, _, fraction = digits.rpartition(last)
    grouped = (_GROUPS.fullmatch(whole) or _LAKHS.fullmatch(whole)) is not None and last not in whole
    return last if grouped and fraction.isdigit() else None


def _only_mark(digits: str, mark: str) -> str | None:
    """The decimal mark of a numeral with dots or with commas; "?" where they may be thousands."""
    if digits.count(mark) > 1:
        if _LAKHS.fullmatch(digits):  # two digits and then three: only India groups so
            return "."
        return ("," if mark == "." else ".") if _GROUPS.fullmatch(digits) else None
    whole, _, fraction = digits.partition(mark)
    could_be_thousands = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "?" if could_be_thousands else mark


def value_of(body: str, decimal: str) -> float:
    """The number that a numeral's digits make with this decimal mark.

    >>> value_of("1.234,5", ",")
    1234.5
    """
    thousands = "," if decimal == "." else "."
    return float(body.replace(thousands, "").replace(decimal, "."))
