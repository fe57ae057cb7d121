"""Formulas of a result workbook that a planner typed over: on the Flowchart; and how they are told."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

from planner.campaign.inputs import Campaign
from planner.excel.read import Cell, Sheet
from planner.names import heading_key, key, listing
from planner.workbook.cells.headings import Header, find_header
from planner.workbook.cells.numbers import found, is_blank
from planner.workbook.plan.flowchart_layout import COST, FOOTERS, GRP, RIGHT, SHARE, SUMMED, TOTAL
from planner.workbook.schema.plan_sheets import FLOWCHART

MOST_CELLS = 4
_FACTS = ("Planned", "Budget left")  # above the calendar, each over its figure
_SUMS = tuple(FOOTERS[place - 1] for place in (COST, GRP, SUMMED, SHARE))


def overwritten_text(heading: str, typed: Sequence[tuple[str, Cell]]) -> str:
    """A sentence on the cells of a column, each with whose it is, that were formulas."""
    name, cell = typed[0]
    if len(typed) == 1:
        what = f"now is {found(cell)}" if isinstance(cell.value, str) else f"now is a number, {found(cell)}"
        return f"{cell.address} ({heading} of {name}) was a formula and {what}; it was not used."
    where = listing([f"{each.address} ({whose})" for whose, each in typed], MOST_CELLS)
    return f"{heading}: {where} were formulas and now are numbers or texts; they were not used."


def overwritten_on_flowchart(
    sheet: Sheet, campaign: Campaign, weeks: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Sums and figures of the Flowchart that are constants now, a sentence for each column or row.

    weeks: the addresses of each vehicle's weeks.
    """
    header = find_header(sheet, FLOWCHART, "")
    if header is None:
        return
    by_week = frozenset(map(_letters, chain.from_iterable(weeks.values())))
    told: dict[str, list[tuple[str, Cell]]] = {}
    for label, cells, summed in _formula_rows(sheet, header, campaign):
        for heading, cell in _figures(header, cells, by_week if summed else frozenset()):
            if not is_blank(cell) and not cell.formula:
                told.setdefault(heading, []).append((label, cell))
    for fact, cell in _facts(sheet, header.row):
        told.setdefault(fact, []).append(("the plan", cell))
    yield from (overwritten_text(heading, typed) for heading, typed in told.items())


def _figures(
    header: Header, cells: Mapping[int, Cell], by_week: Collection[str]
) -> Iterator[tuple[str, Cell]]:
    """A row's cells that we fill with formulas, under their headings. by_week: letters of weeks that are sums."""
    names = {heading_key(heading): heading for heading in RIGHT}
    for at, cell in cells.items():
        heading = names.get(heading_key(header.others.get(at, "")))
        if heading is not None:
            yield heading, cell
        elif _letters(cell.address) in by_week:
            yield "weeks", cell


def _formula_rows(
    sheet: Sheet, header: Header, campaign: Campaign
) -> Iterator[tuple[str, Mapping[int, Cell], bool]]:
    """Rows of vehicles and of sums: the label, the cells, and whether it is a row of sums."""
    vehicles = {key(vehicle.name) for vehicle in campaign.vehicles}
    sums = {key(TOTAL), *(key(f"{vehicle.medium} total") for vehicle in campaign.vehicles)}
    below = (cells for number, cells in sheet.rows() if number > header.row)
    for cells in below:
        label, medium = (_text(cells.get(header.columns[name])) for name in ("name", "medium"))
        known = key(label) in vehicles if medium else key(label) in sums or _is_sum(label)
        if known:
            yield label, cells, not medium


def _letters(place: str) -> str:
    """The column of an address."""
    return place.rpartition("!")[2].rstrip("0123456789")


def _is_sum(label: str) -> bool:
    """Whether a row's label is that of a row of formulas by week: our own word, or it and more in brackets."""
    return any(key(label) == key(sums) or key(label).startswith(f"{key(sums)} (") for sums in _SUMS)


def _facts(sheet: Sheet, header: int) -> Iterator[tuple[str, Cell]]:
    """Figures under Planned and Budget left that are constants."""
    rows = {number: cells for number, cells in sheet.rows() if number < header}
    for number, cells in rows.items():
        for at, label in cells.items():
            below = rows.get(number + 1, {}).get(at)
            if _text(label) in _FACTS and below is not None and not below.formula and not is_blank(below):
                yield _text(label), below


def _text(cell: Cell | None) -> str:
    return str(cell.value).strip() if cell is not None and isinstance(cell.value, str) else ""
