"""Where the cells of a campaign stand in its workbook, so that a plan's workbook keeps them there where it can.

What a message or a plan calls Vehicles!K14 is then the same cell in both files.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from planner.campaign.inputs import Campaign, OwnColumn
from planner.names import heading_key, key
from planner.workbook.cells.notation import column_number
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.read import address
from planner.workbook.cells.table import Table
from planner.workbook.page.positions import Places
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.sheets import BRIEF, RULES, VEHICLES

_ADDRESS = re.compile(r"^'?(.*?)'?!([A-Z]+)(\d+)$")
VALUE_COLUMN = 1  # of the Brief, from 0


def own_columns(table: Table | None) -> tuple[OwnColumn, ...]:
    """The planner's own columns of a table: headings that are not ours, with what stands under them."""
    if table is None:
        return ()
    ours = {heading_key(heading) for heading in table.schema.passed_over}
    found = []
    for at, heading in sorted(table.header.others.items()):
        cells = {record.text("name"): record.cells.get(at) for record in table.records}
        values = {name: cell.value for name, cell in cells.items() if cell is not None and not is_blank(cell)}
        if heading_key(heading) not in ours and values:
            found.append(OwnColumn(heading, values, address(table.schema.name, table.header.row, at)))
    return tuple(found)


def vehicle_places(campaign: Campaign) -> Places | None:
    """Of the sheet Vehicles; None where its rows are not told, or not from one sheet."""
    attributes = [column.attribute for column in VEHICLES.written]
    rows = [
        {
            attribute: campaign.cells.get((VEHICLES.name, vehicle.name, attribute), "")
            for attribute in attributes
        }
        for vehicle in campaign.vehicles
    ]
    own = {column.heading: _place(VEHICLES, column.cell)[1] for column in campaign.own_columns}
    return _places(VEHICLES, rows, own)


def rule_places(campaign: Campaign) -> Places | None:
    """Of the sheet Rules, known by the cells of Applies to."""
    return _places(RULES, [{"applies_to": rule.cell} for rule in campaign.rules], {})


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


def _places(schema: SheetSchema, rows: Sequence[Mapping[str, str]], own: Mapping[str, int]) -> Places | None:
    places = [{name: _place(schema, cell) for name, cell in row.items() if cell} for row in rows]
    numbers = [{row for row, _ in each.values()} for each in places]
    if not rows or any(len(found) != 1 for found in numbers):
        return None
    at = [row for found in numbers for row in found]
    if min(at) < 1 or len({*at}) < len(at):
        return None
    columns = _columns(places)
    free = {heading: place for heading, place in own.items() if place not in columns.values()}
    return Places(columns, free, min(at) - 1, tuple(at))


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
