"""The account of a sheet: every cell that is not blank was read, or is spoken of, or is spoken of here.

A reader enters what it has read or named; what is left over is sorted and said, once for each kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet, address
from planner.names import listing
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header, text_cells
from planner.workbook.cells.numbers import found
from planner.workbook.cells.numerals import numeral_in
from planner.workbook.schema.columns import SheetSchema

REMARK_WORDS = 4  # so many words are a remark; fewer may be a value
NUMBERS_OF_A_ROW = 2  # numbers under headings of numbers: such a row is no title


@dataclass
class Account:
    """A sheet while its table is read: what of it is accounted for, and where the rest is told.

    rows: of the table; under a heading their cells are read, or named with the heading. repeats: rows that set
    the same headings again; titles: rows above them that name a block. elsewhere: rows of other headings.
    """

    sheet: Sheet
    schema: SheetSchema
    header: Header
    findings: Findings
    rows: set[int] = field(default_factory=set)
    repeats: list[int] = field(default_factory=list)
    titles: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)


def say_unread(account: Account) -> None:
    """Name what is left over: headings set again, columns without a heading, what stands above."""
    sheet = account.sheet
    if account.repeats:
        rows = listing([str(row) for row in account.repeats])
        named = [found(text_cells(sheet.row(row))[0]) for row in account.titles]
        titles = f"; {listing(named)} taken for the names of blocks" if named else ""
        repeats = "row {} repeats" if len(account.repeats) == 1 else "rows {} repeat"
        account.findings.notice(
            f"{sheet.name}: {repeats.format(rows)} the headings; read as one table{titles}."
        )
    _say_no_headings(account)
    if not account.schema.last_header:
        _say_above(account)


def say_headless(account: Account) -> bool:
    """Values in rows of the table under no heading; whether one is a problem."""
    sheet, header, findings = account.sheet, account.header, account.findings
    headed = header.headed
    headless: dict[int, list[Cell]] = {}
    wrong = False
    for number in sorted(account.rows):
        for column, cell in sheet.row(number).items():
            if column not in headed and text_cells({column: cell}):
                headless.setdefault(column, []).append(cell)
    for column, cells in sorted(headless.items()):
        more = f" and {len(cells) - 1:,} more" if len(cells) > 1 else ""
        held = f"{found(cells[0])} in {cells[0].address}{more}"
        what = _taken_for(column, cells, account)
        if what:
            findings.notice(f"{sheet.name}: {held} under no heading; taken for {what} and not read.")
        elif not findings.is_wrong(sheet.name):  # else a column is missing, and this one is named there
            wrong = True
            findings.problem(
                address(sheet.name, header.row, column),
                f"Column {column_letters(column)} has values ({held}) but no heading; head it, or clear it.",
            )
    return wrong


def _taken_for(column: int, cells: Sequence[Cell], account: Account) -> str:
    """What these can be without a heading: every row's number from 0 or 1 on, as the index that pandas writes; remarks.
    "" where they are neither."""
    values, rows = [cell.value for cell in cells], len(account.rows)
    if column < account.header.key and values in ([*range(rows)], [*range(1, rows + 1)]):
        return "the rows' numbers"
    return "a remark" if _are_remarks(cells) else ""


def _say_no_headings(account: Account) -> None:
    """An error, or a formula that was never calculated, where a heading belongs and nothing stands below."""
    header = account.header
    for number in range(header.first, header.row + 1):
        for cell in account.sheet.row(number).values():
            unheaded = cell.column not in header.headed and not account.findings.is_wrong(cell.address)
            if (cell.error or cell.uncached) and unheaded:
                told = f"{cell.address} is no heading ({found(cell)}); nothing is read below it."
                account.findings.notice(told)


def _are_remarks(cells: Iterable[Cell]) -> bool:
    """Whether these are sentences, and not a column of values that lost its heading."""
    texts = [str(cell.value) if isinstance(cell.value, str) else "" for cell in cells]
    if any(not text or numeral_in(text) for text in texts):
        return False
    return len(texts) == 1 or sum(len(text.split()) for text in texts) >= REMARK_WORDS * len(texts)


def _say_above(account: Account) -> None:
    """What stands above the headings: titles, or rows of a table that went unread."""
    if any(row < account.header.first for row in account.elsewhere):
        return  # that there is another table is said already
    titles: list[Cell] = []
    data: list[tuple[int, Mapping[int, Cell]]] = []
    for number, cells in account.sheet.rows():
        if number >= account.header.first:
            break
        texts = text_cells(cells)
        if texts and _is_data(cells, account):
            data.append((number, cells))
        else:
            titles += texts
    if data:
        _say_data_above(account, data)
    if titles:
        _say_titles(account, titles)


def _say_data_above(account: Account, rows: Sequence[tuple[int, Mapping[int, Cell]]]) -> None:
    number, cells = rows[0]
    numbers = [str(row) for row, _ in rows]
    stand = f"Row {number} stands" if len(rows) == 1 else f"Rows {listing(numbers)} stand"
    account.findings.problem(
        address(account.sheet.name, number, min(cells)),
        f"{stand} above the headings (row {account.header.row}) with values in their columns; move what counts below "
        "them, clear the rest.",
    )


def _say_titles(account: Account, titles: Sequence[Cell]) -> None:
    shown = listing([f"{found(cell)} ({column_letters(cell.column)}{cell.row})" for cell in titles], 3)
    what = "a title" if len(titles) == 1 else "titles"
    told = f"{account.sheet.name}: {shown} above the headings, taken for {what} and not read."
    account.findings.notice(told)


def _is_data(cells: Mapping[int, Cell], account: Account) -> bool:
    """Whether a row has a name and numbers where the table has its own."""
    schema, header = account.schema, account.header
    kinds = {header.columns[c.attribute]: c.kind for c in schema.columns if c.attribute in header.columns}
    named = header.name(cells) is not None
    numeric = [at for at, kind in kinds.items() if kind in ("number", "percent", "raw")]
    numeric += header.others if schema.open_columns else []
    counted = sum(at in cells and _counts(cells[at]) for at in numeric)
    return named and counted >= max(1, min(NUMBERS_OF_A_ROW, len(numeric)))


def _counts(cell: Cell) -> bool:
    if isinstance(cell.value, str):
        return numeral_in(cell.value) is not None
    return isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
