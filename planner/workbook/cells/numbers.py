"""Cells to numbers and percents, a whole column at a time.

A number may be typed as text ("€ 12.500,00", "1 234,5", "25 %"). What one cell leaves open another may
settle: whether the comma is a decimal mark, whether 25 means 25 % or 2,500 %. What stays open is a
question to the planner (Trouble), never a guess.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from planner.excel.read import Cell
from planner.names import key, says_nothing, tidy
from planner.workbook.cells.currencies import agree, currency_shown, has_thousandths
from planner.workbook.cells.numerals import Numeral, decimal_mark, numeral_in, value_of

_BLANK_NUMBERS = ("na", "#")  # as a text, NA may be a name
ABSURD = 1e15
_CLEARLY = 0.5  # powers of ten by which one reading must be nearer than the other
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(frozen=True)
class Trouble:
    """Why a cell is no number: what is expected, or the question that it leaves open.

    kind: what troubles of one kind have in common, for a column's are told once; the text where it is "".
    """

    text: str
    kind: str = ""


def exact(value: float) -> float:
    """A number to 15 significant digits: what a spreadsheet holds, so that it survives being written.

    >>> exact(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.15g}")


def found(cell: Cell) -> str:
    """What a cell holds, for a message: text in quotes, a number as a percentage where its cell shows one."""
    value = cell.value
    if cell.uncached:
        return "a formula without a value"
    if cell.error:
        return f"the error {value}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        percent = shown_as_percent(cell.number_format)
        return f"{exact(100 * value):.15g} %" if percent else f"{value:.15g}"
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
    return isinstance(cell.value, str) and not cell.error and not cell.uncached and says_nothing(cell.value)


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


def says_percent(cell: Cell | None) -> bool:
    """Whether a cell has a percent sign of its own, typed or by its format."""
    if cell is None:
        return False
    return "%" in cell.value if isinstance(cell.value, str) else shown_as_percent(cell.number_format)


@dataclass(frozen=True)
class Reading:
    """How a column's numbers are to be read.

    percent: the results are shares (25 % gives 0.25). currency: the campaign's, where the numbers are money;
    "" where they are not. most_share: a bare number above it cannot be a share, so it is a percent. thousands:
    the column counts thousands, so that 1.5m, which says its size itself, is 1,500. units: words behind a
    number that change nothing. beside: cells of the same hand, which settle what a comma is as the column's do. money:
    the numbers are amounts of money, in whatever currency.
    """

    percent: bool = False
    currency: str = ""
    most_share: float = 1.0
    thousands: bool = False
    units: tuple[str, ...] = ()
    beside: Sequence[Cell | None] = ()
    money: bool = False


Number = float | Trouble | None  # what a cell holds; None where it is blank
Reader = Callable[[Sequence[Cell | None]], list[Number]]


def read_numbers(
    cells: Sequence[Cell | None], percent: bool, currency: str = "", most_share: float = 1.0
) -> list[Number]:
    """The numbers of a column; None where blank, Trouble where there is no certain number. See Reading."""
    return read_column(cells, Reading(percent, currency, most_share))


SHARE_OR_NUMBER: Mapping[str, Reader] = {
    "share": lambda cells: read_numbers(cells, True), "number": lambda cells: read_numbers(cells, False)
}  # fmt: skip


def read_by_kind(
    cells: Sequence[Cell | None], kinds: Sequence[str], readers: Mapping[str, Reader]
) -> list[Number]:
    """The numbers of a column whose cells are of several kinds: those of one kind are read together. None where a
    kind has no reader."""
    read = {
        kind: reader([cell if own == kind else None for cell, own in zip(cells, kinds, strict=True)])
        for kind, reader in readers.items()
    }
    return [read[kind][at] if kind in read else None for at, kind in enumerate(kinds)]


def read_amount(text: str) -> tuple[float, str] | Trouble:
    """An amount of money typed outside a workbook, and the currency beside it ("" where there is none).

    >>> read_amount("£1.5m"), read_amount("150k")
    ((1500000.0, '£'), (150000.0, ''))
    """
    numeral = numeral_in(text)
    sign = numeral.currency if numeral else ""
    (amount,) = read_column([Cell("", 1, 1, text)], Reading(currency=sign, money=True))
    if isinstance(amount, float) and amount < 0:
        return Trouble("is negative")
    return (amount, sign) if isinstance(amount, float) else amount or Trouble("is not a number")


def read_column(cells: Sequence[Cell | None], how: Reading) -> list[Number]:
    """The numbers of a column; None where blank, Trouble where there is no certain number."""
    marks = _decimal_marks(cells, how)
    readings = [_read_number(cell, marks, how) for cell in cells]
    if not how.percent:
        return [reading[0] if isinstance(reading, tuple) else reading for reading in readings]
    return _settle_percents(readings, how.most_share)


def read_shares(cells: Sequence[Cell | None]) -> list[Number]:
    """Shares of cells that each stand for something else: 5 % or 0.05; a bare 1 or more is a question."""
    how = Reading(percent=True)
    marks = _decimal_marks(cells, how)
    readings = [_read_number(cell, marks, how) for cell in cells]
    return [_share(*reading) if isinstance(reading, tuple) else reading for reading in readings]


def _share(value: float, is_share: bool) -> float | Trouble:
    if is_share or value < 1:
        return value
    return Trouble(
        f"is that {value:g} % or {value * 100:g} %? Write {value:g} % or {value / 100:g}, "
        "or format the cell as a percentage",
        "percent or share",
    )


def _settle_percents(
    readings: Sequence[tuple[float, bool] | Trouble | None], most_share: float
) -> list[Number]:
    """Bare numbers of a percent column: percents if any is above what a share can be (1, for a part of a
    whole); otherwise nobody can tell but for 0."""
    bare = [reading[0] for reading in readings if isinstance(reading, tuple) and not reading[1]]
    certain = any(value > most_share for value in bare)
    settled: list[Number] = []
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
                    f"{value:g} %, or format the cell as a percentage",
                    "percent or share",
                )
            )
    return settled


def _read_number(
    cell: Cell | None, marks: frozenset[str], how: Reading
) -> tuple[float, bool] | Trouble | None:
    """A number and whether it already is a share (it bears a percent sign or format)."""
    if cell is None or is_blank(cell) or (isinstance(cell.value, str) and key(cell.value) in _BLANK_NUMBERS):
        return None
    trouble = no_value(cell) or _wrong_type(cell.value)
    if trouble:
        return trouble
    if isinstance(cell.value, str):
        return _number_in_text(cell.value, marks, how)
    return _number_in_cell(float(cell.value), cell.number_format, how)  # type: ignore[arg-type]  # numbers are left


def _number_in_cell(value: float, number_format: str, how: Reading) -> tuple[float, bool] | Trouble:
    if not math.isfinite(value) or abs(value) > ABSURD:
        return Trouble("is beyond any media plan")
    is_share = shown_as_percent(number_format)
    if is_share and not how.percent:
        return Trouble("is formatted as a percentage; expected a plain number")
    return _wrong_currency(currency_shown(number_format), how, "is formatted as") or (exact(value), is_share)


def _wrong_currency(sign: str, how: Reading, verb: str = "is in") -> Trouble | None:
    """Trouble with a currency that is not the campaign's, or that stands where no money is."""
    if not sign or (how.currency and agree(sign, how.currency)):
        return None
    shown = sign.upper() if sign.isascii() else sign
    if not how.currency:
        return Trouble(f"{verb} {shown}, but it is no amount of money; expected a plain number", "no money")
    return Trouble(
        f"{verb} {shown}, but the campaign is in {how.currency}; convert it, or write its Currency on the Brief",
        f"currency {shown}",
    )


def _wrong_type(value: object) -> Trouble | None:
    if isinstance(value, bool):
        return Trouble("is a yes/no value; expected a number")
    if isinstance(value, datetime | date | time | timedelta):
        return Trouble("is a date or a time; expected a number (Excel may have turned a number into a date)")
    return None if isinstance(value, int | float | str) else Trouble("is not a number")


def _number_in_text(text: str, marks: frozenset[str], how: Reading) -> tuple[float, bool] | Trouble:
    numeral = numeral_in(text, how.currency, how.units)
    if numeral is None:
        return Trouble("is not a number")
    if numeral.percent and not how.percent:
        return Trouble("has a percent sign; expected a plain number")
    foreign = _wrong_currency(numeral.currency, how)
    if foreign:
        return foreign
    mark = _mark_of(numeral.body, marks)
    if isinstance(mark, Trouble):
        return mark
    value = _sized(value_of(numeral.body, mark), numeral, how)
    if not math.isfinite(value) or abs(value) > ABSURD:
        return Trouble("is beyond any media plan")
    return (exact(value / 100), True) if numeral.percent else (exact(value), False)


def _mark_of(body: str, marks: frozenset[str]) -> str | Trouble:
    """The decimal mark of a numeral, by itself or as the column's others have it. marks: of those."""
    certain = decimal_mark(body)
    if certain is None:
        return Trouble("is not a number; its dots and commas are in odd places")
    if certain != "?":
        return certain
    mark = _open_mark(body)
    if len(marks) != 1 or mark in marks:
        return _open_question(body, mark, mark in marks and len(marks) == 1)
    return next(iter(marks))


def _sized(value: float, numeral: Numeral, how: Reading) -> float:
    """The number with its million; in a column of thousands 1.5m is 1,500 of them."""
    return value * numeral.times / (1000 if how.thousands and numeral.times != 1 else 1)


def _open_question(body: str, mark: str, is_decimal_elsewhere: bool) -> Trouble:
    """One mark and three digits: thousands or decimals; three decimals are odd even where the mark is decimal."""
    other = _other(mark)
    readings = f"can be read as {value_of(body, mark):,g} or as {value_of(body, other):,g}"
    name = "dot" if mark == "." else "comma"
    why = (
        f"though the {name} is the decimal mark of other texts in the table"
        if is_decimal_elsewhere
        else "and nothing else in the column settles it"
    )
    return Trouble(f"{readings}, {why}; type it as a number, not as text", f"open {mark}")


def _decimal_marks(cells: Sequence[Cell | None], how: Reading) -> frozenset[str]:
    """The decimal marks that the texts of a column use beyond doubt; else, with three digits behind a mark, what the
    sizes of its other numbers leave as likely, what cells beside it use, or what amounts of money leave."""
    own, beside = _marked(cells, how), _marked(how.beside, how)
    open_ones = _open(own)
    if not open_ones or _certain(own):
        return _certain(own)
    sizes = [size for cell in cells if cell and (size := _size(cell, how)) > 0]
    by_size = _marks_by_size([numeral.body for numeral in open_ones], sizes)
    said = by_size or _certain(beside)
    return said if said or sizes else _marks_by_money(own, beside, how)


def _marks_by_money(own: Sequence[Numeral], beside: Sequence[Numeral], how: Reading) -> frozenset[str]:
    """What amounts of money without thousandths leave as the decimal mark."""
    money = [n for n in _open(own) if _is_money(n, True, how)]
    money += [n for n in _open(beside) if _is_money(n, False, how)]
    left = frozenset(_other(_open_mark(numeral.body)) for numeral in money)
    return left if len(left) == 1 else frozenset()


def _open(numerals: Sequence[Numeral]) -> list[Numeral]:
    """Numerals that can be read in two ways."""
    return [numeral for numeral in numerals if decimal_mark(numeral.body) == "?"]


def _certain(numerals: Sequence[Numeral]) -> frozenset[str]:
    """The decimal marks of numerals that can be read in one way only."""
    return frozenset(mark for n in numerals if (mark := decimal_mark(n.body)) in (".", ","))


def _is_money(numeral: Numeral, own: bool, how: Reading) -> bool:
    """Whether a numeral is an amount of money without thousandths: by its sign, or by its column."""
    currency = numeral.currency or (how.currency if own else "")
    return (bool(currency) or (own and how.money)) and not has_thousandths(currency or how.currency)


def _marked(cells: Iterable[Cell | None], how: Reading) -> list[Numeral]:
    """Numerals in texts, of those with a dot or a comma."""
    texts = [cell.value for cell in cells if cell and isinstance(cell.value, str)]
    numerals = (numeral_in(text, how.currency, how.units) for text in texts)
    return [numeral for numeral in numerals if numeral and re.search("[.,]", numeral.body)]


def _open_mark(body: str) -> str:
    """The one mark of a numeral."""
    return "." if "." in body else ","


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def _marks_by_size(bodies: Sequence[str], sizes: Sequence[float]) -> frozenset[str]:
    """The decimal mark with which open numbers are thousands, of the size of the column's others: 3,900 beside 520.

    Nothing where they would rather be three decimals, where the two readings are about as near for all of them, or
    where they contradict each other.
    """
    if not sizes:
        return frozenset()
    usual = math.log10(median(sizes))
    found = {_mark_by_size(body, usual) for body in bodies} - {""}
    return frozenset(found) if len(found) == 1 and "?" not in found else frozenset()


def _mark_by_size(body: str, usual: float) -> str:
    """The mark with which an open number is nearer to the usual size (log10); "?" for three decimals, "" for either."""
    mark = _open_mark(body)
    other = _other(mark)
    off = {decimal: abs(math.log10(abs(value_of(body, decimal))) - usual) for decimal in (mark, other)}
    if abs(off[mark] - off[other]) <= _CLEARLY:
        return ""
    return "?" if off[mark] <= off[other] else other


def _size(cell: Cell, how: Reading) -> float:
    """A number of the column that leaves no question; 0 where there is none."""
    if isinstance(cell.value, str):
        numeral = numeral_in(cell.value, how.currency, how.units)
        mark = decimal_mark(numeral.body) if numeral else None
        if numeral and mark in (".", ",") and numeral.times == 1:
            return abs(value_of(numeral.body, mark))
        return 0.0
    plain = isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and not cell.error
    return abs(float(cell.value)) if plain and math.isfinite(cell.value) else 0.0  # type: ignore[arg-type]
