"""Which headings are ours, and what one that is not seems to mean."""

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from planner.excel.notation import column_letters
from planner.excel.read import Cell
from planner.names import heading_key, key, listing, tidy
from planner.workbook.cells.currencies import MEANINGS, agree, spellings, without_currency
from planner.workbook.cells.numbers import found
from planner.workbook.cells.numerals import decimal_mark, numeral_in, value_of
from planner.workbook.schema.columns import Column, SheetSchema
from planner.workbook.schema.foreign_words import PER_THOUSAND, resembles

_IN_CURRENCY = ("{} ({})", "{} [{}]", "{} {}", "{} in {}", "{} (in {})", "{}, {}")
_AROUND = " ()[]'’,"  # a unit in a heading


@lru_cache(maxsize=128)  # a workbook may have thousands of sheets that are held against ours
def known_headings(schema: SheetSchema, currency: str = "") -> Mapping[str, str]:
    """Attribute by every heading that stands for it; money may name the campaign's currency as its unit."""
    known = {
        heading_key(heading): column.attribute
        for column in schema.columns
        for heading in (column.heading, *column.aliases)
    }
    money = [column for column in schema.columns if (column.money or column.money_at_times) and currency]
    for column in money:
        for word in spellings(currency):
            for form in _IN_CURRENCY:
                known.setdefault(heading_key(form.format(column.heading, word)), column.attribute)
    return known


def heading_trouble(text: str, schema: SheetSchema, currency: str = "") -> tuple[Column | None, str]:
    """The column that an unknown heading seems to mean, and what to do; None when it is the planner's own."""
    for column in schema.columns:
        if column.money and (trouble := _money_trouble(text, column, currency)):
            return column, trouble
    for column in schema.columns:
        if _base(column.heading) == _base(text):
            thousands = (
                " and thousands below it (3.2 million is 3,200, or 3.2m)" if column.in_thousands else ""
            )
            return column, f'has another unit than is understood; expected "{column.heading}"{thousands}.'
    known = known_headings(schema)
    close = difflib.get_close_matches(heading_key(text), known, n=1, cutoff=0.82)
    if close:
        column = schema.column(known[close[0]])
        return column, (
            f'is not known; did you mean "{column.heading}"? Rename it, also if it is a column of your own.'
        )
    return None, ""


def _money_trouble(text: str, column: Column, currency: str) -> str:
    """Why a heading that is this column's counts other money; "" where it does not."""
    if _foreign(text, column, currency):
        return (
            f"has another unit than is understood, a currency that is not the campaign's ({currency}); convert the "
            "amounts, or write their Currency on the Brief."
        )
    if _in_thousands(text, column):
        return (
            f'counts in thousands or millions; head it "{column.heading}" and write its amounts in full, or with the '
            "unit in the cell (150 k)."
        )
    return ""


def _foreign(text: str, column: Column, currency: str) -> bool:
    """Whether a heading is this column's with another currency as its unit."""
    unit = _unit_of(text, column)
    return unit in MEANINGS and bool(currency) and not agree(unit, currency)


def _in_thousands(text: str, column: Column) -> bool:
    """Whether a heading is this column's with thousands or more as its unit: TEUR, k€, '000, £m, 1,000 €."""
    unit = _unit_of(text, column)
    bare = without_currency(unit)[0].strip(_AROUND)
    return max(map(_counts, (f"1 {unit}", f"{unit[:1]}1{unit[1:]}", f"1 {bare}"))) >= 1000


def size_in(heading: str) -> str:
    """What a foreign heading counts in, " in thousands" or " in millions"; "" where it does not say.

    >>> size_in("Reichweite in Mio."), size_in("Preis (TEUR)"), size_in("Tarif"), size_in("US AA Proj (000)")
    (' in millions', ' in thousands', '', ' in thousands')
    """
    words = [word.strip(_AROUND) for word in re.split(r"[\s/]+", heading_key(heading))]
    size = max((_counts(f"1 {word}") for word in words if word == "000" or not word.isdigit()), default=0.0)
    return " in millions" if size >= 1e6 else " in thousands" if size >= 1000 else ""


def _counts(text: str) -> float:
    """What a numeral says, 0 where there is none; marks that may be of thousands are."""
    found = numeral_in(text)
    mark = decimal_mark(found.body) if found is not None else None
    if found is None or mark is None:
        return 0.0
    return found.times * value_of(found.body, ("," if "." in found.body else ".") if mark == "?" else mark)


def _unit_of(text: str, column: Column) -> str:
    """The unit that a heading has beside this column's own words; "" where it is another heading."""
    plain, heading = heading_key(text), heading_key(column.heading)
    rest = plain.removeprefix(heading)
    return rest.removeprefix(" in").strip(_AROUND) if plain.startswith(f"{heading} ") else ""


def _base(heading: str) -> str:
    """A heading without its unit."""
    return tidy(re.sub(r"[(\[].*?[)\]]|%", " ", heading_key(heading)))


def held(cells: Sequence[Cell], schema: SheetSchema, begins: str = "The sheet begins with") -> str:
    """What a row holds, and the headings of ours that this resembles, as a sentence."""
    places = [f"{found(cell)} ({_place(cell)}{like(cell.value, schema)})" for cell in cells]
    return f"{begins} {listing(places, 8)}."


def _place(cell: Cell) -> str:
    return f"{column_letters(cell.column)}{cell.row}"


def like(value: object, schema: SheetSchema) -> str:
    """What a foreign heading is like, and in which other size; a price of a thousand contacts is like none of ours."""
    text = value if isinstance(value, str) else ""
    if PER_THOUSAND.search(key(text)) and any(column.money for column in schema.columns):
        return ", a price of a thousand contacts, not of what is bought"
    ours = resembles(text, schema)
    return (
        f', like "{ours}"{_but(text, schema.column(known_headings(schema)[heading_key(ours)]))}'
        if ours
        else ""
    )


def _but(heading: str, column: Column) -> str:
    """In which other size than the column's a foreign heading counts."""
    size = size_in(heading) if column.money or column.in_thousands else ""
    return f" but{size}" if size and not (column.in_thousands and size == " in thousands") else ""
