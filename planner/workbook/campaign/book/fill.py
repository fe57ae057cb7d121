"""Cells added to a sheet as a planner would: under its own headings where it has them, blank cells only.

What stands is never overwritten; a heading that is missing comes to the right of the table, a row below it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from planner.excel.read import Cell, Cells, Sheet, blank_sheet, code_of
from planner.names import heading_key, key
from planner.workbook.cells.headings import Header, find_header
from planner.workbook.cells.numbers import is_blank
from planner.workbook.schema.columns import SheetSchema

PERCENT_FORMAT = "0.00%"
Value = str | float
Row = Mapping[str, Value]  # by heading
RowKey = Callable[[Sequence[str]], object]


@dataclass(frozen=True, eq=False)
class Filled:
    """A sheet with cells added. kept: cells that were filled already, with something else to say."""

    sheet: Sheet
    kept: int


def by_first(texts: Sequence[str]) -> object:
    """Rows are the same where their first key is."""
    return key(texts[0])


def by_pair(texts: Sequence[str]) -> object:
    """Rows are the same where they name the same two, in either order."""
    return frozenset(map(key, texts))


def filled(
    sheet: Sheet | None,
    schema: SheetSchema,
    rows: Sequence[Row],
    keys: Sequence[str],
    same: RowKey = by_first,
    currency: str = "",
) -> Filled:
    """A sheet with these rows filled in. keys: headings that name a row, by which `same` recognises it."""
    header = None if sheet is None or not sheet.cells else find_header(sheet, schema, currency)
    if sheet is None or header is None:
        name = schema.name if sheet is None else sheet.name
        sheet = blank_sheet(name)
    by_code = (
        {} if header is None else {code_of(cell.row, cell.column): cell for cell in sheet.cells.values()}
    )
    head = 1 if header is None else header.row
    filling = _Filling(sheet.name, by_code, head, _columns(schema, header))
    filling.place_of_rows(keys, same)
    for row in rows:
        filling.add(row, keys, same, schema)
    return Filled(sheet.filled(Cells(by_code)), filling.kept)


def _columns(schema: SheetSchema, header: Header | None) -> dict[str, int]:
    """Columns by the key of their heading."""
    if header is None:
        return {}
    known = {heading_key(schema.column(name).heading): at for name, at in header.columns.items()}
    return {**{heading_key(text): at for at, text in header.others.items()}, **known}


class _Filling:
    """A sheet being filled. rows: row number by what names it."""

    def __init__(self, name: str, cells: dict[int, Cell], head: int, columns: dict[str, int]) -> None:
        self.name, self.cells, self.head, self.columns, self.kept = name, cells, head, columns, 0
        self.rows: dict[object, int] = {}
        self.last_row = max((cell.row for cell in cells.values()), default=head)
        self.last_column = max((cell.column for cell in cells.values()), default=0)

    def place_of_rows(self, keys: Sequence[str], same: RowKey) -> None:
        """Find the rows that are there."""
        places = [self.columns.get(heading_key(heading), 0) for heading in keys]
        if 0 in places:
            return
        for number in range(self.head + 1, self.last_row + 1):
            cells = [self.cells.get(code_of(number, place)) for place in places]
            found = [str(cell.value) for cell in cells if cell is not None and not is_blank(cell)]
            if len(found) == len(keys):
                self.rows.setdefault(same(found), number)

    def add(self, row: Row, keys: Sequence[str], same: RowKey, schema: SheetSchema) -> None:
        """Fill in the blank cells of a row, or a new row."""
        named = same([str(row[heading]) for heading in keys])
        if named not in self.rows:
            self.last_row += 1
            self.rows[named] = self.last_row
        for heading, value in row.items():
            self._put(self.rows[named], self._column(heading), value, heading not in keys, schema)

    def _column(self, heading: str) -> int:
        if heading_key(heading) not in self.columns:
            self.last_column += 1
            self.columns[heading_key(heading)] = self.last_column
            self.cells[code_of(self.head, self.last_column)] = Cell(
                self.name, self.head, self.last_column, heading
            )
        return self.columns[heading_key(heading)]

    def _put(self, row: int, column: int, value: Value, counts: bool, schema: SheetSchema) -> None:
        there = self.cells.get(code_of(row, column))
        if there is not None and not is_blank(there):
            self.kept += counts
            return
        percent = not isinstance(value, str) and _is_percent(column, self.columns, schema)
        self.cells[code_of(row, column)] = Cell(
            self.name, row, column, value, PERCENT_FORMAT if percent else "General"
        )


def _is_percent(column: int, columns: Mapping[str, int], schema: SheetSchema) -> bool:
    """Whether a column holds percents: its schema says so; a column of a trait or type does."""
    heading = next(heading for heading, at in columns.items() if at == column)
    kinds = {heading_key(known.heading): known.kind for known in schema.columns}
    return kinds.get(heading, "percent" if schema.open_columns else "text") == "percent"
