"""A sheet's table read by its schema, and an account of what on the sheet is not in it.

Planners' tables have blank rows, merged cells, totals, remarks beside and below. What is no row of the table is
named once, or is a problem: nothing is dropped unsaid.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet, address, blank_sheet
from planner.names import key, listing, listing_of
from planner.workbook.cells.account import NUMBERS_OF_A_ROW, Account, say_headless, say_unread
from planner.workbook.cells.columns import Value, ask_about_fractions, read_values, report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import (
    Header,
    check_currency_column,
    check_header,
    find_header,
    further_headers,
    say_without_headings,
    text_cells,
)
from planner.workbook.cells.no_data import (
    block_titles,
    notice_remarks,
    notice_totals,
    remarks_below,
    row_or_rows,
    total_in,
)
from planner.workbook.cells.numbers import Number, Reader, Trouble, found, is_blank, no_value, read_by_kind
from planner.workbook.schema.columns import Column, SheetSchema


@dataclass(frozen=True, eq=False)
class Record:
    """A row of a table: its values by attribute, None where blank, absent or wrong (then in `bad`). findings: where
    what is wrong with it, and where its values stand, is told."""

    sheet: str
    row: int
    header: Header
    cells: Mapping[int, Cell]
    values: Mapping[str, Value]
    bad: frozenset[str]
    findings: Findings

    def address(self, attribute: str) -> str:
        """The address of a value, or of the row's first column where the sheet has no such column."""
        columns = self.header.columns
        return address(self.sheet, self.row, columns.get(attribute, min(columns.values())))

    def problem(self, attribute: str, text: str, also: Sequence[str] = ()) -> None:
        """Note something wrong with a value, and at other cells; nothing where its column is missed already."""
        if not self.lacks(attribute):
            self.findings.problem(self.address(attribute), text, also)

    def lacks(self, attribute: str) -> bool:
        """Whether the sheet has no such column, or it may be one in doubt, which is a problem already."""
        return attribute in self.header.doubtful and attribute not in self.header.columns

    def repeated(self, attribute: str, what: str, earlier: "Record") -> None:
        """Note that what stands here stands in an earlier record already."""
        self.findings.repeated(self.address(attribute), what, earlier.address(attribute))

    def stands_for(self, row: str, *attributes: str) -> None:
        """Note that the values of a row of the campaign stand here."""
        for attribute in attributes:
            self.findings.cells[self.sheet, row, attribute] = self.address(attribute)

    def leaves_out(self, attribute: str) -> bool:
        """Whether nothing is said: there is no value, and nothing wrong with one, which is a problem already."""
        return self.values.get(attribute) in (None, "") and attribute not in self.bad

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
    """A table read by its schema, the sheet on which it stands, and where what is wrong with it is told."""

    schema: SheetSchema
    sheet: Sheet
    header: Header
    records: tuple[Record, ...]
    findings: Findings

    def has(self, attribute: str) -> bool:
        """Whether the sheet has the column."""
        return attribute in self.header.columns

    def is_blank(self, column: int) -> bool:
        """Whether nothing stands in any row of a column."""
        return all(is_blank(record.cells.get(column)) for record in self.records)

    def limits(
        self,
        attribute: str,
        kinds: Sequence[str],
        readers: Mapping[str, Reader],
        bounded: Callable[[Number, int], Number],
    ) -> list[Number]:
        """A column of limits, each read as its kind is; what is wrong is told. bounded: a limit that is within what its
        row (by its place) allows, or why it is not."""
        cells = [record.raw(attribute) for record in self.records]
        limits = [bounded(limit, at) for at, limit in enumerate(read_by_kind(cells, kinds, readers))]
        heading = self.schema.column(attribute).heading
        report_troubles(heading, cells, limits, self.findings)
        shares = [at for at, kind in enumerate(kinds) if kind == "share"]
        told = [limits[at] for at in shares], [cells[at] for at in shares]
        ask_about_fractions(heading, *told, self.findings)
        return limits


def no_table(schema: SheetSchema, findings: Findings) -> Table:
    """What a sheet says that is not there: nothing."""
    return Table(schema, blank_sheet(schema.name), Header({}, {}, 0), (), findings)


def read_table(sheet: Sheet, schema: SheetSchema, findings: Findings, currency: str = "") -> Table | None:
    """A sheet's table; None when it has no header to be found (that is a problem) or no values at all."""
    if not sheet.cells:
        return None
    header = find_header(sheet, schema, currency)
    if header is None:
        say_without_headings(sheet, schema, findings, currency)
        return None
    header = check_header(sheet, schema, header, findings, currency)
    check_currency_column(sheet, schema, header, findings, currency)
    account = Account(sheet, schema, header, findings)
    _check_further(account, currency)
    rows = _body(account)
    if say_headless(account):  # any column that is not there may be meant
        absent = {column.attribute for column in schema.columns} - {*header.columns}
        account.header = header = replace(header, doubtful=header.doubtful | absent)
    read = _columns_read(account, rows, currency)
    records = tuple(
        _record(account, row, {name: column[at] for name, column in read.items()})
        for at, row in enumerate(rows)
    )
    notice_hidden(sheet, header, rows, findings)
    say_unread(account)
    return Table(schema, sheet, header, records, findings)


def _columns_read(account: Account, rows: Sequence[int], currency: str) -> dict[str, list[Value | Trouble]]:
    """The values of every column of ours, by its attribute."""
    sheet, there = account.sheet, account.header.columns
    columns = [column for column in account.schema.columns if column.attribute in there]
    cells = [[sheet.cells.get((row, there[column.attribute])) for row in rows] for column in columns]
    beside = [cell for column, own in zip(columns, cells, strict=True) if column.is_figure for cell in own]
    return {
        column.attribute: read_values(column, own, account.findings, currency, beside)
        for column, own in zip(columns, cells, strict=True)
    }


def _check_further(account: Account, currency: str) -> None:
    """Further rows of headings: the same ones go on with the table, others are a problem."""
    sheet, header = account.sheet, account.header
    for other in further_headers(sheet, account.schema, header, currency):
        if other.is_like(header) and other.first > header.row:
            account.repeats.append(other.row)
        else:
            account.elsewhere.append(other.row)
    if account.elsewhere:
        first = account.elsewhere[0]
        account.findings.problem(
            address(sheet.name, first, min(sheet.row(first))),
            f"Row {first} is a second row of headings (the first is row {header.row}); put all rows under one row "
            "of headings, or the other table on a sheet of its own.",
        )
        account.findings.unsure.add(account.schema.name)


def _record(account: Account, row: int, values: Mapping[str, Value | Trouble]) -> Record:
    sheet = account.sheet
    bad = frozenset(attribute for attribute, value in values.items() if isinstance(value, Trouble))
    good: dict[str, Value] = {name: value for name, value in values.items() if not isinstance(value, Trouble)}
    return Record(sheet.name, row, account.header, sheet.row(row), good, bad, account.findings)


# --- body -------------------------------------------------------------------------------------------


def _body(account: Account) -> list[int]:
    """The rows that hold data: below the header, not blank, no totals."""
    schema = account.schema
    rows = _named_rows(account)
    remarks = remarks_below(account, rows)
    notice_remarks(account, remarks)
    titles = block_titles(account, rows)
    rows = [number for number in rows if number not in remarks and number not in titles]
    account.rows.update(rows)
    if len(rows) > schema.most_rows:
        _refuse_rows(account, rows)
        return []
    bare = _ask_about_bare(account, rows) if schema.row_is else frozenset()
    bare |= _ask_about_words(account, rows[0]) if rows else bare
    return [number for number in rows if number not in bare]


def _named_rows(account: Account) -> list[int]:
    """The rows below the header that have a name; totals are noticed, those without a name asked about."""
    rows: list[int] = []
    totals: list[Cell] = []
    unnamed: list[int] = []
    for number, cells in _below(account):
        label = account.header.name(cells)
        total = total_in(cells, label, account)
        if total is not None:
            totals.append(total)
        elif label is None:
            unnamed.append(number)
        else:
            rows.append(number)
    notice_totals(account, totals)
    _check_unnamed(account, unnamed)
    return rows


def _refuse_rows(account: Account, rows: Sequence[int]) -> None:
    sheet, schema, findings = account.sheet, account.schema, account.findings
    findings.problem(
        address(sheet.name, rows[schema.most_rows], account.header.key),
        f"{sheet.name} has {len(rows):,} rows with a {schema.key.heading}, more than {schema.most_rows:,}, which no "
        "campaign needs; none was read. Remove those that do not count.",
    )
    findings.unsure.add(schema.name)


def _below(account: Account) -> Iterator[tuple[int, Mapping[int, Cell]]]:
    """Filled rows below the headings, but for those that repeat them, up to another table (which is said already)."""
    start = account.header.row
    end = min((row for row in account.elsewhere if row > start), default=None)
    for number, cells in account.sheet.rows():
        if end is not None and number >= end:
            return
        if number > start and number not in account.repeats and text_cells(cells):
            yield number, cells


def _ask_about_bare(account: Account, rows: Iterable[int]) -> frozenset[int]:
    """Rows with nothing but a name, where that says nothing: one question each, and nothing else is missed in them."""
    sheet, header = account.sheet, account.header
    ours = {*header.columns.values()} - {header.key}
    bare = {
        number: sheet.row(number)[header.key]
        for number in rows
        if all(is_blank(sheet.row(number).get(column)) for column in ours)
    }
    for cell in bare.values():
        trouble = no_value(cell)
        wrong = f"{account.schema.key.heading} {trouble.text}." if trouble else None
        account.findings.problem(cell.address, wrong or only_a_name(found(cell), account.schema.row_is))
    return frozenset(bare)


def _ask_about_words(account: Account, number: int) -> frozenset[int]:
    """A row that has words, and nothing else, under headings of figures: one question, and it is not read.

    Where there is one such heading alone, words that are no choice under a heading of choices go with it.
    """
    filled = _filled(account, number)
    words = [cell for column, cell in filled if column.holds_numbers]
    cells = words + [cell for column, cell in filled if _is_no_choice(column, cell)]
    if not words or len(cells) < NUMBERS_OF_A_ROW or not all(map(_is_word, words)):
        return frozenset()
    account.findings.problem(
        cells[0].address,
        f"Row {number} has words where figures belong, such as {found(cells[0])}; remove it if it explains the "
        "columns, else write figures.",
        [cell.address for cell in cells[1:]],
    )
    return frozenset([number])


def _filled(account: Account, number: int) -> list[tuple[Column, Cell]]:
    """The cells of a row that stand under our headings, with the columns that these are."""
    there, row = account.header.columns, account.sheet.row(number)
    places = ((column, row.get(there.get(column.attribute, 0))) for column in account.schema.columns)
    return [(column, cell) for column, cell in places if cell is not None and not is_blank(cell)]


def _is_no_choice(column: Column, cell: Cell) -> bool:
    return column.kind == "choice" and key(str(cell.value)) not in map(key, column.choices)


def _is_word(cell: Cell) -> bool:
    """Whether a cell holds letters, or the 000 of thousands, and no figure."""
    text = "" if cell.error or cell.uncached else str(cell.value)
    says = any(map(str.isalpha, text)) or "000" in text
    return isinstance(cell.value, str) and says and not any(map(str.isdigit, text.replace("000", "")))


def has_only_a_name(record: Record) -> bool:
    """Whether nothing but its name stands in a row, of the columns that the sheet has."""
    columns = set(record.header.columns.values())
    return all(
        is_blank(cell)
        for column, cell in record.cells.items()
        if column in columns and column != record.header.columns["name"]
    )


def only_a_name(name: str, what: str) -> str:
    """The question about a row with nothing but a name, as quoted."""
    return (
        f"The row has nothing but the name {name}. If it is a heading or a note, remove it; if it is {what}, fill in "
        "its row."
    )


def _check_unnamed(account: Account, rows: Sequence[int]) -> None:
    """Rows without their key: a problem when any column of ours is filled, else the planner's own notes."""
    sheet, header = account.sheet, account.header
    ours = {*header.columns.values(), *(header.others if account.schema.open_columns else ())}
    unnamed: list[list[Cell]] = []
    aside: list[Cell] = []
    for number in rows:
        cells = text_cells(sheet.row(number))
        if any(cell.column in ours for cell in cells):
            unnamed.append(cells)
        else:
            aside += cells[:1]
    if unnamed:
        _say_unnamed(account, unnamed)
    if aside:
        numbers = listing_of(aside, lambda cell: str(cell.row), 3)
        has = "has" if len(aside) == 1 else "have"
        it_was = "it was" if len(aside) == 1 else "they were"
        account.findings.notice(
            f"{sheet.name} {row_or_rows(aside)} {numbers} {has} nothing in our columns "
            f"({aside[0].address}: {found(aside[0])}); {it_was} not read."
        )


def _say_unnamed(account: Account, rows: Sequence[Sequence[Cell]]) -> None:
    """One problem for all rows without a name, at the first of them; it may be a column of a million numbers."""
    wanted = account.schema.naming[-1].heading
    wheres = [address(account.sheet.name, cells[0].row, account.header.naming[-1]) for cells in rows]
    held = listing([cell.address for cell in rows[0]], 3)
    if len(rows) == 1:
        text = f"The row has values (in {held}) but no {wanted}; name it or clear the row."
    else:
        text = (
            f"{len(rows):,} rows have values (this one in {held}) but no {wanted}; name them or clear them."
        )
    account.findings.problem(wheres[0], text, wheres[1:])


def notice_hidden(sheet: Sheet, header: Header, rows: Iterable[int], findings: Findings) -> None:
    """Say what was read although it is hidden, and which merged cells were read as a value in each row."""
    rows = list(rows)
    if sheet.hidden and rows:
        findings.notice(f"The sheet {sheet.name} is hidden; it was read.")
    hidden = (
        ("rows", [str(row) for row in rows if row in sheet.contents.hidden_rows]),
        (
            "columns",
            [column_letters(column) for column in sorted(header.headed & sheet.contents.hidden_columns)],
        ),
    )
    for what, places in hidden:
        if places:
            findings.notice(f"{sheet.name}: hidden {what} ({listing(places)}) were read.")
    _notice_merged(sheet, header, findings)


def _notice_merged(sheet: Sheet, header: Header, findings: Findings) -> None:
    filled = [
        f"{column_letters(column)}{first}:{column_letters(column)}{last}"
        for first, column, last, _ in sheet.merged
        if last > max(first, header.row) and (first, column) in sheet.cells
    ]
    if filled:
        findings.notice(
            f"{sheet.name}: merged cells ({listing(filled)}) were read as the same value in each row."
        )
