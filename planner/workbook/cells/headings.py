"""Where a sheet's headings are, which of them are ours, and what to say of the others.

Planners' tables start anywhere, have titles above and headings of two rows; some are set twice, or in blocks. The
header is found by its names; everything else follows from it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet, address
from planner.names import heading_key, key, listing, tidy
from planner.workbook.cells.currencies import MEANINGS, agree
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.known_headings import heading_trouble, held, known_headings, like
from planner.workbook.cells.numbers import is_blank
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.foreign_words import resembles, said_elsewhere

HEADER_WITHIN = 60  # rows with values; real plans have it in row 8 to 14
LONGEST_HEADING = 200
_CURRENCY_HEADINGS = frozenset({"currency", "ccy", "curr.", "curr"})
_UNIT = re.compile(r"[(\[].*[)\]]|%|index|coverage %")


@dataclass(frozen=True, eq=False)
class Header:
    """Where a table's headings are.

    columns: by attribute. others: further headings by column. row: the last header row; first: the first.
    doubtful: attributes that a heading seems to mean, but not for certain (that is a problem already).
    naming: the columns that can name a row, the first before the second.
    """

    columns: Mapping[str, int]
    others: Mapping[int, str]
    row: int
    doubtful: frozenset[str] = frozenset()
    first: int = 0
    naming: tuple[int, ...] = ()

    @property
    def key(self) -> int:
        """The column that names the rows."""
        return self.naming[0]

    def name(self, cells: Mapping[int, Cell]) -> Cell | None:
        """The cell that names a row; None where all of these are blank."""
        return next((cell for at in self.naming if not is_blank(cell := cells.get(at))), None)

    @property
    def headed(self) -> frozenset[int]:
        """The columns that have a heading, ours or not."""
        return frozenset({*self.columns.values(), *self.others})

    def is_like(self, other: "Header") -> bool:
        """Whether both head the same columns with the same words."""
        same = {at: heading_key(text) for at, text in self.others.items()}
        return dict(self.columns) == dict(other.columns) and same == {
            at: heading_key(text) for at, text in other.others.items()
        }


# --- finding them -----------------------------------------------------------------------------------


def find_header(sheet: Sheet, schema: SheetSchema, currency: str) -> Header | None:
    """The row with a column that names rows and most of the known headings, with a second row where it goes on.

    Of equals the first; the last where the schema says so.
    """
    rows = list(_likely_rows(sheet, schema))
    rows = rows[::-1] if schema.last_header else rows
    headers = [header for number in rows for header in _headers_at(sheet, schema, number, currency)]
    return max(headers, key=lambda header: len(header.columns), default=None)  # the first of equals


def further_headers(sheet: Sheet, schema: SheetSchema, header: Header, currency: str) -> list[Header]:
    """Other rows of headings on the sheet, above or below the table's own."""
    own = range(header.first, header.row + 1)
    return [
        other
        for number in _likely_rows(sheet, schema, within=None)
        if number not in own and (other := _header_at(sheet, schema, number, number, currency)) is not None
    ]


def _likely_rows(sheet: Sheet, schema: SheetSchema, within: int | None = HEADER_WITHIN) -> Iterator[int]:
    """Rows with a word of a heading that names rows; a table may be of a hundred thousand rows."""
    stems = tuple(
        {key(heading).split()[0] for one in schema.naming for heading in (one.heading, *one.aliases)}
    )
    within = None if schema.last_header else within
    for place, (number, cells) in enumerate(sheet.rows()):
        if within is not None and place >= within:
            return
        if any(stem in word for word in _words(cells.values()) for stem in stems):
            yield number


def _words(cells: Iterable[Cell]) -> list[str]:
    """Texts of cells that may be headings, whatever their case."""
    texts = (cell.value for cell in cells if isinstance(cell.value, str))
    return [text.casefold() for text in texts if len(text) <= LONGEST_HEADING]


def _headers_at(sheet: Sheet, schema: SheetSchema, number: int, currency: str) -> Iterator[Header]:
    """Headers with a row: with the row below where that goes on with headings, by itself, with the row above."""
    for first, last in ((number, number + 1), (number, number), (number - 1, number)):
        header = _header_at(sheet, schema, first, last, currency)
        if header is not None:
            yield header


def _header_at(sheet: Sheet, schema: SheetSchema, first: int, last: int, currency: str) -> Header | None:
    """The header in one row, or in two of which the second tells columns under a common heading apart."""
    known = known_headings(schema, currency)
    upper, lower = _heading_row(sheet, first), _heading_row(sheet, last)
    if last > first and not (lower and upper and _only_headings(upper, lower, known)):
        return None
    columns, others = _told_apart(upper, lower if last > first else {}, known)
    naming = tuple(columns[column.attribute] for column in schema.naming if column.attribute in columns)
    if not naming or (len(columns) < 2 and not schema.open_columns):
        return None
    return Header(columns, others, last, first=first, naming=naming)


def _told_apart(
    upper: Mapping[int, str], lower: Mapping[int, str], known: Mapping[str, str]
) -> tuple[dict[str, int], dict[int, str]]:
    """Columns that are ours by their attribute, the first of each; all others with their headings."""
    columns: dict[str, int] = {}
    others: dict[int, str] = {}
    for number in sorted({*upper, *lower}):
        above, below = upper.get(number, ""), lower.get(number, "")
        candidates = [tidy(f"{above} {below}"), below, above]
        attribute = _attribute_of(candidates, known)
        if attribute and attribute not in columns:
            columns[attribute] = number
        else:
            others[number] = candidates[0]
    return columns, others


def _attribute_of(texts: Iterable[str], known: Mapping[str, str]) -> str:
    """The attribute that the first heading of ours among these stands for; "" where none is."""
    return next(filter(None, (known.get(heading_key(text), "") for text in texts if text)), "")


def _heading_row(sheet: Sheet, number: int) -> dict[int, str]:
    """Headings of a row, merged ones repeated over their columns."""
    texts = {
        column: str(cell.value)
        for column, cell in sheet.row(number).items()
        if not cell.error and not cell.uncached
    }
    for first_row, first, last_row, last in sheet.merged:
        if first_row <= number <= last_row and first in texts and last > first and last - first < 200:
            texts.update(dict.fromkeys(range(first, last + 1), texts[first]))
    return texts


def _only_headings(upper: Mapping[int, str], lower: Mapping[int, str], known: Mapping[str, str]) -> bool:
    """Whether a row below headings goes on with headings and units: else it is the first row of data."""
    units = sum(_UNIT.fullmatch(key(text)) is not None for text in lower.values())
    names = sum(
        heading_key(text) in known or heading_key(f"{upper.get(column, '')} {text}") in known
        for column, text in lower.items()
        if not _UNIT.fullmatch(key(text))
    )
    return 2 * (units + names) > len(lower) and not any(
        char.isdigit() for char in "".join(_bare(lower.values()))
    )


def _bare(texts: Iterable[str]) -> list[str]:
    """Texts without what stands in brackets."""
    return [re.sub(r"[(\[].*?[)\]]", "", text) for text in texts]


MOST_LISTED = 8  # headings in a sentence
_EACH_TOLD = 3  # columns of the planner's own: more are one notice
_MOST_NAMED = 100  # in that


# --- what is wrong with them ------------------------------------------------------------------------


def check_header(
    sheet: Sheet, schema: SheetSchema, header: Header, findings: Findings, currency: str
) -> Header:
    """Headings twice, nearly right, or with a unit that is not the column's; columns that are missing.

    Returns the header with the columns in doubt, so that their blanks are not complained about as well.
    """
    known = known_headings(schema, currency)
    doubtful: set[str] = set()
    own: dict[int, str] = {}  # headings that are not ours
    twice: dict[int, str] = {}
    for number, text in _not_ours(header, schema).items():
        where = address(sheet.name, header.row, number)
        meant, trouble = heading_trouble(text, schema, currency)
        if heading_key(text) in known:
            twice[number] = tidy(text)
        elif meant is not None:
            findings.problem(where, f'The heading "{tidy(text)}" {trouble}')
            doubtful.add(meant.attribute)
        else:
            own[number] = tidy(text)
    _say_twice(sheet, header, known, twice, findings)
    unread = {at: f'"{text}"' for at, text in own.items()}
    unread |= dict.fromkeys(headless_columns(sheet, header), "no heading")
    missing = _check_missing(sheet, schema, replace(header, doubtful=frozenset(doubtful)), unread, findings)
    if not missing or len(unread) > MOST_LISTED:  # else the problem of what is missing names them
        _notice_own(sheet, schema, header, own, findings)
    return replace(header, doubtful=frozenset(doubtful | missing))


def _say_twice(
    sheet: Sheet, header: Header, known: Mapping[str, str], twice: Mapping[int, str], findings: Findings
) -> None:
    """Headings of ours that are there twice: each, or, with those that name rows, one question about two tables."""
    wheres = {at: address(sheet.name, header.row, at) for at in twice}
    firsts = {at: header.columns[known[heading_key(text)]] for at, text in twice.items()}
    if not set(firsts.values()) & set(header.naming):
        for column in dict.fromkeys(firsts.values()):
            same = {wheres[at]: text for at, text in twice.items() if firsts[at] == column}
            is_price = header.columns.get("unit_cost") == column
            _say_repeated(same, address(sheet.name, header.row, column), is_price, findings)
        return
    first, *others = wheres.values()
    named, are = listing([f'"{text}"' for text in twice.values()], MOST_LISTED), "s" if others else ""
    findings.problem(
        first,
        f"The heading{are} {named} {'are' if others else 'is'} there twice in row {header.row} (also "
        f"{address(sheet.name, header.row, min(firsts.values()))}): do two tables stand beside each other? Put the "
        "rows of the second below those of the first, or another table on a sheet of its own.",
        others,
    )


def _say_repeated(same: Mapping[str, str], earlier: str, is_price: bool, findings: Findings) -> None:
    """One problem for a heading that is there again. same: its texts by their cells; earlier: the first cell of it."""
    (cell, text), *others = same.items()
    times = f"{len(others) + 2} times" if others else "twice"
    rows = " Prices of several units are a row each, with the vehicle and its Unit." if is_price else ""
    told = f'The heading "{text}" is there {times} (also {earlier}); keep one of them.{rows}'
    findings.problem(cell, told, [cell for cell, _ in others])


def _not_ours(header: Header, schema: SheetSchema) -> dict[int, str]:
    """Columns with other headings than ours, but for those that the program writes; none where any may be a trait."""
    passed_over = {heading_key(heading) for heading in schema.passed_over}
    others = {} if schema.open_columns else header.others
    return {at: text for at, text in others.items() if heading_key(text) not in passed_over}


def _notice_own(
    sheet: Sheet, schema: SheetSchema, header: Header, own: Mapping[int, str], findings: Findings
) -> None:
    """What becomes of the planner's own columns, and which of ours may be meant: each, but of many one notice."""
    meant = {at: _may_be(text, schema, header) for at, text in own.items()}
    many = [at for at in own if not meant[at]]
    if len(many) > _EACH_TOLD:
        named = listing([f'"{own[at]}" ({column_letters(at)}{header.row})' for at in many], _MOST_NAMED)
        findings.notice(f"{sheet.name}: the columns {named} are not ours; {_left_alone('they', schema)}.")
    for at, text in own.items():
        if meant[at] or len(many) <= _EACH_TOLD:
            told = f'the column "{text}" is not one of ours; {_left_alone("it", schema)}.{meant[at]}'
            findings.notice(f"{address(sheet.name, header.row, at)}: {told}")


def _left_alone(it: str, schema: SheetSchema) -> str:
    """What becomes of a column of the planner's own, or of several (they)."""
    is_, goes, was = ("is", "goes", "was") if it == "it" else ("are", "go", "were")
    travels = f"{is_} not read, and {goes} along into the plan's workbook"
    return f"{it} {travels if schema.own_travel else f'{was} not read'}"


def _may_be(text: str, schema: SheetSchema, header: Header) -> str:
    """Which column of ours that is not there an own one may be, or where else that is said, as a sentence; or ""."""
    ours = resembles(text, schema)
    missing = bool(ours) and known_headings(schema)[heading_key(ours)] not in header.columns
    return f' If it is "{ours}", head it so.' if missing else said_elsewhere(text, schema)


def say_without_headings(sheet: Sheet, schema: SheetSchema, findings: Findings, currency: str) -> None:
    """A sheet of ours without the heading that names rows: what its row of headings lacks, else what it begins with."""
    header = _without_names(sheet, schema, currency)
    if len(header.columns) > 1:
        check_header(sheet, schema, header, findings, currency)
    else:
        needed = listing([f'"{column.heading}"' for column in schema.columns if column.required])
        rows = [list(cells.values()) for _, cells in islice(sheet.rows(), HEADER_WITHIN)]
        likest = max(rows, key=lambda cells: sum(bool(like(cell.value, schema)) for cell in cells))
        holds = held(
            likest, schema, "The sheet begins with" if likest is rows[0] else f"Row {likest[0].row} holds"
        )
        findings.problem(sheet.name, f"No row of headings was found; expected one with {needed}. {holds}")
    findings.unsure.add(schema.name)


def _without_names(sheet: Sheet, schema: SheetSchema, currency: str) -> Header:
    """The first row with the most headings of ours, though none of them names the rows."""
    known = known_headings(schema, currency)
    rows = [number for number, _ in islice(sheet.rows(), HEADER_WITHIN)]
    headers = [Header(*_told_apart(_heading_row(sheet, row), {}, known), row, first=row) for row in rows]
    return max(headers, key=lambda header: len(header.columns))


def check_currency_column(
    sheet: Sheet, schema: SheetSchema, header: Header, findings: Findings, currency: str
) -> None:
    """A column of currencies beside prices: it is not read, so it may not say another than the campaign's."""
    if not currency or not any(column.money for column in schema.columns):
        return
    for at, text in header.others.items():
        other = _in_other_currency(sheet, header, at, currency) if key(text) in _CURRENCY_HEADINGS else []
        if other:
            says = f'The column "{tidy(text)}" says {tidy(str(other[0].value))}, but the campaign is in {currency}'
            wrong = f"{says}; convert the amounts, or write their Currency on the Brief."
            findings.problem(other[0].address, wrong, [cell.address for cell in other[1:]])


def _in_other_currency(sheet: Sheet, header: Header, column: int, currency: str) -> list[Cell]:
    """Cells of a column that name another currency."""
    below = (sheet.cells.get((row, column)) for row, _ in sheet.rows() if row > header.row)
    words = ((cell, str(cell.value)) for cell in below if cell)
    return [cell for cell, word in words if key(word) in MEANINGS and not agree(word, currency)]


def headless_columns(sheet: Sheet, header: Header) -> list[int]:
    """Columns beside the table with something in its first rows, but no heading."""
    below = [number for number, _ in sheet.rows() if number > header.row][:HEADER_WITHIN]
    filled = {at for row in below for at, cell in sheet.row(row).items() if not is_blank(cell)}
    return sorted(filled - header.headed)


def _check_missing(
    sheet: Sheet, schema: SheetSchema, header: Header, unread: Mapping[int, str], findings: Findings
) -> set[str]:
    """Columns that are needed and not there, with the headings that were not read; returns their attributes."""
    lacking = _lacking(schema, {*header.columns, *header.doubtful})
    also = _not_read(header, schema, unread) if lacking else ""
    for attributes in lacking:
        headings = [f'"{schema.column(attribute).heading}"' for attribute in attributes]
        if len(headings) > 1:
            what, needed = f"neither a column {' nor '.join(headings)}", f"; one is needed{also}"
        else:
            what, needed = f"no column {headings[0]}", also or "; it is needed"
        wrong = f"There is {what} among the headings in row {header.row}{needed}."
        findings.problem(sheet.name, wrong)
    return set(chain.from_iterable(lacking))


def _lacking(schema: SheetSchema, there: Collection[str]) -> list[tuple[str, ...]]:
    """Attributes that need a column and have none; several where one of them is enough."""
    enough = {*there}.union(*(group for group in schema.one_of if {*there} & {*group}))
    single = [(c.attribute,) for c in schema.columns if c.required and c.attribute not in enough]
    known = {*there}.union(*single)
    return [*single, *(group for group in schema.one_of if not known & {*group})]


def _not_read(header: Header, schema: SheetSchema, unread: Mapping[int, str]) -> str:
    """The headings that were not read, one of which may be meant, as the end of a sentence."""
    places = [
        f"{what} ({column_letters(at)}{header.row}{like(header.others.get(at), schema)})"
        for at, what in sorted(unread.items())
    ]
    return f"; not read: {listing(places, MOST_LISTED)}. Rename the one that is meant" if places else ""


def text_cells(cells: Mapping[int, Cell]) -> list[Cell]:
    """The cells of a row that are not blank."""
    return [cell for cell in cells.values() if not is_blank(cell)]
