"""A sheet's table: where its header is, and its rows read by the schema.

Planners' tables start anywhere, have titles above, headings of two rows, merged cells, blank rows,
totals. The header is found by its names; everything else follows from it.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from planner.names import heading_key, key, tidy
from planner.workbook.cells.columns import Value, read_values
from planner.workbook.cells.findings import Findings, listing
from planner.workbook.cells.numbers import Trouble, found, is_blank
from planner.workbook.cells.read import Cell, Sheet, address
from planner.workbook.schema.columns import Column, SheetSchema

LONGEST_NAME = 4  # words of a trait's name; more are a sentence
HEADER_WITHIN = 60  # rows with values; real plans have it in row 8 to 14
_UNIT = re.compile(r"[(\[].*[)\]]|%|index|coverage %")
_TOTAL = re.compile(r"(grand |sub-?\s?)?totals?|sum|subtotals?|σ|∑")
_TOTAL_PART = re.compile(r"(grand |sub)?totals?\b.*|.*\b(sub-?)?totals?")


@dataclass(frozen=True, eq=False)
class Header:
    """Where a table's headings are.

    columns: by attribute. others: further headings by column. row: the last header row. doubtful:
    attributes that a heading seems to mean, but not for certain (that is a problem already).
    """

    columns: Mapping[str, int]
    others: Mapping[int, str]
    row: int
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Record:
    """A row of a table: its values by attribute, None where blank, absent or wrong (then in `bad`)."""

    sheet: str
    row: int
    header: Header
    cells: Mapping[int, Cell]
    values: Mapping[str, Value]
    bad: frozenset[str]

    def address(self, attribute: str) -> str:
        """The address of a value, or of the row's first column where the sheet has no such column."""
        columns = self.header.columns
        return address(self.sheet, self.row, columns.get(attribute, min(columns.values())))

    def raw(self, attribute: str) -> Cell | None:
        """The cell itself."""
        return self.cells.get(self.header.columns.get(attribute, 0))

    def text(self, attribute: str) -> str:
        """A text; "" when blank."""
        value = self.values.get(attribute)
        return value if isinstance(value, str) else ""

    def number(self, attribute: str) -> float | None:
        """A number (a share, in a percent column)."""
        value = self.values.get(attribute)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def flag(self, attribute: str) -> bool | None:
        """A yes or no."""
        value = self.values.get(attribute)
        return value if isinstance(value, bool) else None


@dataclass(frozen=True, eq=False)
class Table:
    """A table read by its schema."""

    schema: SheetSchema
    header: Header
    records: tuple[Record, ...]

    def has(self, attribute: str) -> bool:
        """Whether the sheet has the column."""
        return attribute in self.header.columns


def read_table(sheet: Sheet, schema: SheetSchema, findings: Findings, currency: str = "") -> Table | None:
    """A sheet's table; None when it has no header to be found (that is a problem) or no values at all."""
    if not sheet.cells:
        return None
    header = find_header(sheet, schema, currency)
    if header is None:
        needed = listing([f'"{column.heading}"' for column in schema.columns if column.required])
        findings.problem(sheet.name, f"No row of headings was found; expected one with {needed}.")
        return None
    header = _check_header(sheet, schema, header, findings, currency)
    rows = _body(sheet, schema, header, findings)
    read: dict[str, list[Value | Trouble]] = {}
    for column in (column for column in schema.columns if column.attribute in header.columns):
        cells = [sheet.cells.get((row, header.columns[column.attribute])) for row in rows]
        read[column.attribute] = read_values(column, cells, findings, currency)
    records = tuple(_record(sheet, row, header, read, at) for at, row in enumerate(rows))
    notice_hidden(sheet, header, rows, findings)
    return Table(schema, header, records)


def _record(
    sheet: Sheet, row: int, header: Header, read: Mapping[str, Sequence[Value | Trouble]], at: int
) -> Record:
    values = {attribute: column[at] for attribute, column in read.items()}
    bad = frozenset(attribute for attribute, value in values.items() if isinstance(value, Trouble))
    good: dict[str, Value] = {name: value for name, value in values.items() if not isinstance(value, Trouble)}
    return Record(sheet.name, row, header, sheet.row(row), good, bad)


# --- header -----------------------------------------------------------------------------------------


def find_header(sheet: Sheet, schema: SheetSchema, currency: str) -> Header | None:
    """The row with the key column and most of the known headings, with a second row where it goes on."""
    numbers = [number for number, _ in sheet.rows()]
    numbers = numbers[::-1] if schema.last_header else numbers[:HEADER_WITHIN]
    singles = [_header_at(sheet, schema, number, number, currency) for number in numbers]
    pairs = [_header_at(sheet, schema, number, number + 1, currency) for number in numbers]
    headers = [header for header in (*pairs, *singles) if header is not None]
    return max(headers, key=lambda header: len(header.columns), default=None)  # the first of equals


def _header_at(sheet: Sheet, schema: SheetSchema, first: int, last: int, currency: str) -> Header | None:
    """The header in one row, or in two of which the second tells columns under a common heading apart."""
    known = known_headings(schema, currency)
    upper, lower = _heading_row(sheet, first), _heading_row(sheet, last)
    if last > first and not (lower and _only_headings(upper, lower, known)):
        return None
    columns: dict[str, int] = {}
    others: dict[int, str] = {}
    for number in sorted({*upper, *lower}):
        above, below = upper.get(number, ""), lower.get(number, "") if last > first else ""
        candidates = [tidy(f"{above} {below}"), below, above]
        attribute = next(
            (known[heading_key(text)] for text in candidates if text and heading_key(text) in known), None
        )
        if attribute is not None and attribute not in columns:
            columns[attribute] = number
        else:
            others[number] = candidates[0]
    needed = schema.key.attribute in columns and (len(columns) > 1 or schema.open_columns)
    return Header(columns, others, last) if needed else None


def known_headings(schema: SheetSchema, currency: str = "") -> dict[str, str]:
    """Attribute by every heading that stands for it; money may name the campaign's currency as its unit."""
    known = {
        heading_key(heading): column.attribute
        for column in schema.columns
        for heading in (column.heading, *column.aliases)
    }
    money = [column for column in schema.columns if column.money and currency]
    for column in money:
        for form in (f"{column.heading} ({currency})", f"{column.heading} [{currency}]"):
            known.setdefault(heading_key(form), column.attribute)
    return known


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


def _check_header(
    sheet: Sheet, schema: SheetSchema, header: Header, findings: Findings, currency: str
) -> Header:
    """Headings twice, nearly right, or with a unit that is not the column's; columns that are missing.

    Returns the header with the columns in doubt, so that their blanks are not complained about as well.
    """
    known = known_headings(schema, currency)
    doubtful: set[str] = set()
    passed_over = {heading_key(heading) for heading in schema.passed_over}
    others = {at: text for at, text in header.others.items() if heading_key(text) not in passed_over}
    for number, text in () if schema.open_columns else others.items():
        where = address(sheet.name, header.row, number)
        if heading_key(text) in known:
            first = address(sheet.name, header.row, header.columns[known[heading_key(text)]])
            findings.problem(
                where, f'The heading "{tidy(text)}" is there twice (also {first}); keep one of them.'
            )
            continue
        meant, trouble = _heading_trouble(text, schema)
        if meant is not None:
            findings.problem(where, f'The heading "{tidy(text)}" {trouble}')
            doubtful.add(meant.attribute)
        else:
            findings.notice(f'{where}: the column "{tidy(text)}" is not one of ours; it was not read.')
    for column in schema.columns:
        if column.required and column.attribute not in {*header.columns, *doubtful}:
            findings.problem(
                sheet.name,
                f'There is no column "{column.heading}" among the headings in row '
                f"{header.row}; it is needed.",
            )
    return replace(header, doubtful=frozenset(doubtful))


def _heading_trouble(text: str, schema: SheetSchema) -> tuple[Column | None, str]:
    """The column that an unknown heading seems to mean, and what to do; None when it is the planner's own."""
    same_base = [column for column in schema.columns if _base(column.heading) == _base(text)]
    if same_base:
        return same_base[0], f'has another unit than is understood; expected "{same_base[0].heading}".'
    known = known_headings(schema)
    close = difflib.get_close_matches(heading_key(text), known, n=1, cutoff=0.82)
    if close:
        column = schema.column(known[close[0]])
        return column, (
            f'is not known; did you mean "{column.heading}"? Rename it, also if it is a column of your own.'
        )
    return None, ""


def _base(heading: str) -> str:
    """A heading without its unit."""
    return tidy(re.sub(r"[(\[].*?[)\]]|%", " ", heading_key(heading)))


# --- body -------------------------------------------------------------------------------------------


def _body(sheet: Sheet, schema: SheetSchema, header: Header, findings: Findings) -> list[int]:
    """The rows that hold data: below the header, not blank, no totals."""
    key_column = header.columns[schema.key.attribute]
    rows: list[int] = []
    for number, cells in sheet.rows():
        if number <= header.row or all(is_blank(cell) for cell in cells.values()):
            continue
        label = cells.get(key_column)
        if _is_total(cells, key_column, header, schema):
            shown = found(label) if label else "no name"
            findings.notice(f"{sheet.name} row {number} ({shown}) was taken for a total and not read.")
        elif is_blank(label):
            _check_unnamed(sheet, schema, header, number, findings)
        else:
            rows.append(number)
    remarks = _remarks_below(sheet, schema, header, rows)
    for number in remarks:
        shown = found(sheet.row(number)[key_column])
        findings.notice(
            f"{sheet.name} row {number} ({shown}) stands apart below the table; taken for a remark."
        )
    return [number for number in rows if number not in remarks]


def _remarks_below(sheet: Sheet, schema: SheetSchema, header: Header, rows: Sequence[int]) -> tuple[int, ...]:
    """Rows apart from the table, below its end, with a text in the key column and nothing else of ours.

    Where a name alone says something (a trait), only a text too long for a name is a remark.
    """
    key_column = header.columns[schema.key.attribute]
    others = {*header.columns.values(), *(header.others if schema.open_columns else ())} - {key_column}
    filled = [number for number in rows if any(not is_blank(sheet.row(number).get(at)) for at in others)]
    last = filled[-1] if filled else rows[-1] if rows else 0
    below = [number for number in rows if number > last]
    while below and below[0] == last + 1:  # no gap: rather a row that was begun
        last = below.pop(0)
    texts = {number: str(sheet.row(number)[key_column].value) for number in below}
    return tuple(n for n in below if not schema.name_alone or len(texts[n].split()) > LONGEST_NAME)


def _is_total(cells: Mapping[int, Cell], key_column: int, header: Header, schema: SheetSchema) -> bool:
    """A total by its name; "Total Film" is a vehicle as long as the row has other texts of a vehicle."""
    label = cells.get(key_column)
    if label is None or is_blank(label):
        return any(_total_text(cell.value, _TOTAL_PART) for cell in cells.values())
    if _total_text(label.value, _TOTAL):
        return True
    second = [
        header.columns[column.attribute]
        for column in schema.columns[1:]
        if column.required and column.kind == "text" and column.attribute in header.columns
    ]
    return (
        _total_text(label.value, _TOTAL_PART)
        and bool(second)
        and all(is_blank(cells.get(column)) for column in second)
    )


def is_total_label(text: str) -> bool:
    """Whether a label is that of a total or subtotal, where nothing else could be meant.

    >>> is_total_label("TV total"), is_total_label("Totally Spies")
    (True, False)
    """
    return _total_text(text, _TOTAL_PART)


def _total_text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(key(value).rstrip(": ")) is not None


def _check_unnamed(
    sheet: Sheet, schema: SheetSchema, header: Header, number: int, findings: Findings
) -> None:
    """A row without its key: a problem when any column of ours is filled, else the planner's own notes."""
    cells = sheet.row(number)
    filled = [column for column in cells if not is_blank(cells[column])]
    ours = {*header.columns.values(), *(header.others if schema.open_columns else ())}
    where = address(sheet.name, number, header.columns[schema.key.attribute])
    if any(column in ours for column in filled):
        findings.problem(
            where,
            f"The row has values (in {listing([cells[c].address for c in filled], 3)}) but no "
            f"{schema.key.heading}; name it or clear the row.",
        )
    else:
        findings.notice(f"{sheet.name} row {number} has nothing in our columns; it was not read.")


def notice_hidden(sheet: Sheet, header: Header, rows: Iterable[int], findings: Findings) -> None:
    """Say what was read although it is hidden, and which merged cells were read as a value in each row."""
    hidden_rows = [str(row) for row in rows if row in sheet.hidden_rows]
    hidden = [
        get_column_letter(column)
        for column in sorted({*header.columns.values(), *header.others})
        if column in sheet.hidden_columns
    ]
    if sheet.hidden:
        findings.notice(f"The sheet {sheet.name} is hidden; it was read.")
    if hidden_rows:
        findings.notice(f"{sheet.name}: hidden rows ({listing(hidden_rows)}) were read.")
    if hidden:
        findings.notice(f"{sheet.name}: hidden columns ({listing(hidden)}) were read.")
    filled = [
        f"{get_column_letter(column)}{first}:{get_column_letter(column)}{last}"
        for first, column, last, _ in sheet.merged
        if last > max(first, header.row) and (first, column) in sheet.cells
    ]
    if filled:
        findings.notice(
            f"{sheet.name}: merged cells ({listing(filled)}) were read as the same value in each row."
        )
