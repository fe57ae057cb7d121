"""A column's cells to values, by the column's kind and within its limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from planner.excel.notation import column_letters
from planner.excel.read import Cell
from planner.names import key, listing, nearest, tidy, yes_or_no
from planner.workbook.cells.dates import read_date
from planner.workbook.cells.findings import Findings, more_in_column
from planner.workbook.cells.numbers import (
    Number,
    Reading,
    Trouble,
    found,
    is_blank,
    no_value,
    read_column,
    says_percent,
)
from planner.workbook.cells.numerals import numeral_in
from planner.workbook.schema.columns import Column
from planner.workbook.schema.sheets import FREE, UNQUOTED, YES_NO

Value = str | float | bool | date | None
_QUESTION = "is that "


def read_values(
    column: Column,
    cells: Sequence[Cell | None],
    findings: Findings,
    currency: str = "",
    beside: Sequence[Cell | None] = (),
) -> list[Value | Trouble]:
    """A column's values by its kind and within its limits; every trouble becomes a problem at its cell.

    currency: the campaign's. beside: cells that tell how the same hand writes its numbers.
    """
    values: list[Value | Trouble]
    if column.kind == "raw":
        return [None] * len(cells)
    if column.kind in ("number", "percent"):
        values = _figures(column, cells, findings, currency, beside)
    else:
        read = _READERS[column.kind]
        values = [None if cell is None or is_blank(cell) else read(cell, column) for cell in cells]
    report_troubles(column.heading, cells, values, findings)
    return values


def _figures(
    column: Column,
    cells: Sequence[Cell | None],
    findings: Findings,
    currency: str,
    beside: Sequence[Cell | None],
) -> list[Value | Trouble]:
    """Numbers, or what is wrong with them and with their size."""
    priced = [None if column.attribute == "unit_cost" and _unquoted(cell) else cell for cell in cells]
    how = Reading(
        percent=column.kind == "percent",
        currency=currency if column.money or column.money_at_times else "",
        thousands=column.in_thousands,
        units=column.units,
        beside=beside,
    )
    values: list[Value | Trouble] = [_within(column, value) for value in read_column(priced, how)]
    _notice_sizes(column, priced, values, findings)
    if how.percent and column.attribute != "rating":  # of which many are below 1 %
        ask_about_fractions(column.heading.removesuffix(" %"), values, priced, findings)
    return values


def _notice_sizes(
    column: Column, cells: Sequence[Cell | None], values: Sequence[object], findings: Findings
) -> None:
    """Say what a number that names its own size (1.5m) is taken for in a column of thousands."""
    if not column.in_thousands:
        return
    for cell, value in zip(cells, values, strict=True):
        sized = numeral_in(cell.value) if cell and isinstance(cell.value, str) else None
        if cell and sized and sized.times != 1 and isinstance(value, float):
            findings.notice(
                f"{cell.address}: {column.heading} {found(cell)} was read as {value:,.10g} thousand."
            )
            return


def report_troubles(
    heading: str, cells: Sequence[Cell | None], values: Sequence[object], findings: Findings
) -> None:
    """A problem for every kind of trouble in a column: at its first cell, with the others it is true of."""
    kinds: dict[str, list[tuple[Cell, Trouble]]] = {}
    for cell, value in zip(cells, values, strict=True):
        if cell is not None and isinstance(value, Trouble):
            kinds.setdefault(value.kind or value.text, []).append((cell, value))
    for (cell, trouble), *others in kinds.values():
        joint = ": " if trouble.text.startswith(_QUESTION) else " "
        # The text says itself that it is an error or blank.
        held = "" if no_value(cell) else f" {found(cell)}"
        findings.problem(
            cell.address,
            f"{heading}{held}{joint}{trouble.text}{_also(others)}.".replace("?.", "?"),
            [other.address for other, _ in others],
        )


def _also(others: Sequence[tuple[Cell, Trouble]]) -> str:
    """Those cells."""
    places = [f"{column_letters(cell.column)}{cell.row}" for cell, _ in others]
    return f"{more_in_column(others)}, also {listing(places, 3)}" if others else ""


def _unquoted(cell: Cell | None) -> bool:
    return cell is not None and isinstance(cell.value, str) and tidy(cell.value) == UNQUOTED


def _within(column: Column, value: Number) -> Number:
    """The number, or what is wrong with its size."""
    if isinstance(value, Trouble):
        return replace(value, text=f"{value.text}{_expected(column)}") if value.text in _PLAIN else value
    if value is None:
        return None
    too_much = column.most is not None and value > column.most
    if _too_low(column, value) or (too_much and not column.too_much):
        return Trouble(f"is out of bounds{_expected(column)}")
    return Trouble(column.too_much) if too_much else value


def _too_low(column: Column, value: float) -> bool:
    under = column.above is not None and value <= column.above
    return under or (column.least is not None and value < column.least)


_PLAIN = ("is not a number",)


def _expected(column: Column) -> str:
    """What number is expected, in words."""
    scale, sign = (100, " %") if column.kind == "percent" else (1, "")
    limits = [
        f"{word} {limit * scale:,.10g}{sign}"
        for word, limit in (("above", column.above), ("at least", column.least), ("at most", column.most))
        if limit is not None
    ]
    noun = "percentage" if column.kind == "percent" else "number"
    example = f", such as {column.example}" if column.example else ""
    if column.attribute == "unit_cost":
        example += (
            f", {FREE:g} for free space (added value) beside its Max, or {UNQUOTED} if it is not quoted"
        )
    if column.attribute == "duplication":
        example += " (1 is chance)"
    return f"; expected a {noun} {listing(limits)}{example}" if limits else f"; expected a {noun}{example}"


def _text(cell: Cell, column: Column) -> Value | Trouble:
    trouble = no_value(cell)
    if trouble:
        return trouble
    if isinstance(cell.value, str) and len(cell.value) > column.longest:
        return Trouble(
            f"is a text of {len(cell.value):,} characters; expected at most {column.longest:,}", "long"
        )
    if isinstance(cell.value, str):
        return tidy(cell.value)
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return Trouble(
            "is not a text (Excel may have turned a text into a date); type it with an apostrophe in front"
        )
    return f"{cell.value:.15g}"


def _choice(cell: Cell, column: Column) -> Value | Trouble:
    text = _text(cell, column)
    if isinstance(text, Trouble):
        return text
    by_key = {key(choice.replace("-", " ")): choice for choice in column.choices}
    chosen = by_key.get(key(str(text).replace("-", " ")))
    if chosen is None:
        return Trouble(f"is not one of {listing(column.choices, 9)}{nearest(str(text), column.choices)}")
    return chosen


def _yes_no(cell: Cell, column: Column) -> Value | Trouble:
    if isinstance(cell.value, bool):
        return cell.value
    text = _text(cell, column)
    if isinstance(text, Trouble):
        return text
    said = yes_or_no(str(text))
    if said is not None:
        return said
    return Trouble(f"is neither {YES_NO[0]} nor {YES_NO[1]}; write one of them")


def _day(cell: Cell, column: Column) -> Value | Trouble:
    return read_date(cell)


_READERS: Mapping[str, Callable[[Cell, Column], Value | Trouble]] = {
    "text": _text,
    "choice": _choice,
    "yes/no": _yes_no,
    "date": _day,
}


# --- fractions among percents: 0.8 beside 75 is 0.8 %, but perhaps 80 % was meant --------------------

_FAR = 5.0  # times as large: percents beside which a figure below 1 stands out


def ask_about_fractions(
    name: str, values: Sequence[object], cells: Sequence[Cell | None], findings: Findings
) -> None:
    """A figure below 1 among percents many times as large is a percent too, but perhaps was a fraction."""
    figures = _above_zero(values, cells)
    others = [value for value, _ in figures if value >= 0.01]
    small = [(value, cell) for value, cell in figures if value < 0.01 and not says_percent(cell)]
    if not _stand_out([value for value, _ in small], others):
        return
    value, cell = small[0]
    more = f" and {len(small) - 1:,} more were" if len(small) > 1 else " was"
    findings.ask(
        f"{cell.address}: {name} {100 * value:g}{more} taken as {100 * value:g} %, beside {100 * min(others):g} %"
        f"{' and more' if len(others) > 1 else ''}. If {10_000 * value:g} % is meant, write it so."
    )


def _above_zero(values: Sequence[object], cells: Sequence[Cell | None]) -> list[tuple[float, Cell]]:
    """Figures above 0, each with its cell."""
    return [
        (value, cell)
        for value, cell in zip(values, cells, strict=True)
        if isinstance(value, float) and value > 0 and cell is not None
    ]


def _stand_out(small: Sequence[float], others: Sequence[float]) -> bool:
    """Whether a few figures are far below all others."""
    return 0 < len(small) <= len(others) and min(others) >= _FAR * max(small)
