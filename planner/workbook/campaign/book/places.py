"""Where the cells of a campaign stand in its workbook, so that a plan's workbook keeps them there where it can.

What a message or a plan calls Vehicles!K14 is then the same cell in both files.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, count

from planner.campaign.inputs import Campaign, OwnColumn
from planner.excel.notation import column_number
from planner.excel.read import address
from planner.names import heading_key, key
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.table import Table
from planner.workbook.schema.columns import Places, SheetSchema
from planner.workbook.schema.sheets import BRIEF, VEHICLES

_ADDRESS = re.compile(r"^'?(.*?)'?!([A-Z]+)(\d+)$")
VALUE_COLUMN = 1  # of the Brief, from 0


def own_columns(table: Table, ours: frozenset[str] = frozenset()) -> tuple[OwnColumn, ...]:
    """The planner's own columns of a table: headings that are not ours, with what stands under them.

    ours: further headings that the program writes there, as they are compared.
    """
    found = []
    for at, heading in sorted(table.header.others.items()):
        cells = {record.text("name"): record.cells.get(at) for record in table.records}
        values = {name: cell.value for name, cell in cells.items() if cell is not None and not is_blank(cell)}
        if heading_key(heading) not in ours and values:
            found.append(OwnColumn(heading, values, address(table.schema.name, table.header.row, at)))
    return tuple(found)


def vehicle_places(campaign: Campaign) -> Places | None:
    """Of the sheet Vehicles; None where its rows are not told, or not from one sheet."""
    own = {column.heading: _place(VEHICLES, column.cell)[1] for column in campaign.own_columns}
    return told_places(VEHICLES, campaign, [vehicle.name for vehicle in campaign.vehicles], own=own)


def told_places(
    schema: SheetSchema,
    campaign: Campaign,
    names: Sequence[str],
    attributes: Sequence[str] = (),
    own: Mapping[str, int] | None = None,
) -> Places | None:
    """Of a sheet whose cells are known by a row's name and a column's attribute (default: the schema's). names: of the
    rows; own: as places_of has it."""
    each = attributes or [column.attribute for column in schema.columns]
    rows = [{one: campaign.cells.get((schema.name, name, one), "") for one in each} for name in names]
    return places_of(schema, rows, own or {})


def brief_rows(campaign: Campaign) -> dict[str, int]:
    """The rows (from 0) of the Brief's answers by attribute; {} where they do not stand in column B."""
    attributes = [column.attribute for column in BRIEF.columns]
    cells = campaign.cells
    places = {name: _place(BRIEF, cells.get((BRIEF.name, name, "value"), "")) for name in attributes}
    known = {
        attribute: row for attribute, (row, column) in places.items() if row >= 0 and column == VALUE_COLUMN
    }
    told = sum(row >= 0 for row, _ in places.values())
    return known if len(known) == told == len({*known.values()}) else {}


def places_of(
    schema: SheetSchema, rows: Sequence[Mapping[str, str]], own: Mapping[str, int]
) -> Places | None:
    """Where a table stands. rows: cells by attribute; those that were not on the sheet follow its last. own: columns of
    the planner's own, by heading. None where a row stands in two, or none is told."""
    places = [_on_sheet(schema, row) for row in rows]
    numbers = [{row for row, _ in each.values()} for each in places]
    told = list(chain.from_iterable(numbers))
    if not told or not _one_row_each(numbers):
        return None
    further = count(max(told) + 1)
    at = [next(iter(each), None) or next(further) for each in numbers]
    columns = _columns(places)
    free = {heading: place for heading, place in own.items() if place not in columns.values()}
    return Places(columns, free, min(told) - 1, tuple(at))


def _one_row_each(numbers: Sequence[Collection[int]]) -> bool:
    """Whether nothing stands in two rows, no two things in one, and nothing in the first, which is the headings'."""
    told = list(chain.from_iterable(numbers))
    return max(map(len, numbers)) <= 1 and min(told) >= 1 and len(set(told)) == len(told)


def _on_sheet(schema: SheetSchema, cells: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Row and column of those of the cells that are on the sheet, by attribute."""
    found = {name: _place(schema, cell) for name, cell in cells.items()}
    return {name: place for name, place in found.items() if place[0] >= 0}


def _columns(places: Iterable[Mapping[str, tuple[int, int]]]) -> dict[str, int]:
    """The column (from 0) of each attribute. What a sheet has no column for bears the address of its row's first."""
    columns: dict[str, int] = {}
    for each in places:
        for attribute, (_, column) in each.items():
            if column not in columns.values():
                columns.setdefault(attribute, column)
    return columns


def _place(schema: SheetSchema, cell: str) -> tuple[int, int]:
    """Row and column (from 0) of a cell of the sheet; (-1, -1) of any other text."""
    found = _ADDRESS.match(cell)
    if found is None or key(found[1]) != key(schema.name):
        return -1, -1
    return int(found[3]) - 1, column_number(found[2]) - 1
