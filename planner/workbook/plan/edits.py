"""What a planner changed on the Plan sheet of a result workbook: insertions, and what does not count there.

Only Insertions are read from Plan. A formula overwritten with a number, or a price typed over the one that stands
there, changes nothing; the planner is told, with the cell and with the place that does count."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import inf, isfinite, isinf, isnan, nan
from pathlib import Path

from planner.campaign.inputs import Campaign, OwnColumn, VehicleRow
from planner.campaign.rulebook import money_cost
from planner.errors import WorkbookError
from planner.excel.read import Cell, Sheet, read_book
from planner.formats import NO_LIMIT, NOT_QUOTED
from planner.names import heading_key, key, listing
from planner.planning.edits import PlanEdits, keep_edits, leave_edits
from planner.workbook.campaign.book.places import own_columns
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header, find_header, headless_columns
from planner.workbook.cells.numbers import Trouble, found, is_blank, read_amount
from planner.workbook.cells.table import Table, notice_hidden
from planner.workbook.page.files import opened_by
from planner.workbook.plan.flowchart_layout import COST, FOOTERS, GRP, RIGHT, SHARE, SUMMED, TOTAL
from planner.workbook.plan.line_items import SHEET as LINE_ITEMS
from planner.workbook.plan.line_items import parse_line_items
from planner.workbook.plan.plan import read_with_table
from planner.workbook.plan.plan_columns import Column, plan_columns
from planner.workbook.plan.proof_sheet import read_proof
from planner.workbook.schema.plan_sheets import FLOWCHART, PLAN
from planner.workbook.schema.sheets import BRIEF

SAME_SHARE = 1e-6  # figures on Plan that differ by less are the same: they were written with 15 digits
_TOTALS = ("subtotal", "total")  # how the program labels its own rows of totals


def read_plan_edits(path: Path, campaign: Campaign) -> PlanEdits:
    """The insertions of a result workbook's Plan sheet, and what else was changed there.

    Raises WorkbookError with every problem found, also where there is no sheet Plan.
    """
    given, table = read_with_table(path, campaign)
    book = read_book(path)
    findings = Findings()
    assert table is not None
    notice_hidden(table.sheet, table.header, [record.row for record in table.records], findings)
    mark = opened_by(path)
    if mark is not None:
        findings.notice(
            f"{path.name} is open in another program ({mark.name}): what is not saved there was not read."
        )
    told = _Plan(table, campaign)
    notices = (
        *given.notices,
        *findings.notices,
        *_overwritten(told),
        *_disagreeing(told),
    )
    heads = [*_heads(table.sheet, table.header.row)]
    chart, items = book.sheet(FLOWCHART.name), book.sheet(LINE_ITEMS)
    if chart is not None and given.week_cells:
        overwritten = overwritten_on_flowchart(chart, campaign, given.week_cells)
        top = find_header(chart, FLOWCHART, "")
        heads += _heads(chart, top.row if top is not None else 0)
        notices = (*notices, *overwritten, *_disagreeing_on_flowchart(chart, campaign))
    notices = (*notices, *_budget(campaign, book.sheet(BRIEF.name), heads))
    planned = parse_line_items(items, campaign) if items is not None else None
    every = (*notices, *told.headless())
    return replace(given, notices=every, planned=planned, proof=read_proof(book), own_columns=told.own())


def read_plan(path: Path) -> tuple[Campaign, PlanEdits]:
    """A result workbook's campaign, told first what was changed on Plan that does not count, and its insertions.

    Raises WorkbookError with every problem found, also where there is no sheet Plan.
    """
    campaign = read_campaign(path)
    edits = read_plan_edits(path, campaign)
    notices = (*edits.notices, *campaign.notices)
    return replace(campaign, notices=notices, plan_columns=edits.own_columns), edits


def with_edits(path: Path, campaign: Campaign, keep: bool) -> Campaign:
    """The campaign of a workbook that is planned anew: its edits on Plan locked, or a notice that they are not kept.

    keep: lock them. What became of them is the first notice. A Plan that cannot be read matters only then. Raises
    WorkbookError.
    """
    if read_book(path).sheet(PLAN.name) is None:
        nothing = ("There is no sheet Plan in this workbook, so there are no edits to lock.",) if keep else ()
        return replace(campaign, notices=(*nothing, *campaign.notices))
    try:
        edits = read_plan_edits(path, campaign)
    except WorkbookError as error:
        if keep:
            raise
        first = error.problems[0]
        untold = f"The sheet Plan was not looked at for edits; {first.cell or 'there'}: {first.text}"
        return replace(campaign, notices=(untold, *campaign.notices))
    read = replace(campaign, notices=edits.notices, plan_columns=edits.own_columns)
    done = (keep_edits if keep else leave_edits)(read, edits)
    return replace(done, notices=(*done.notices, *campaign.notices))


@dataclass(frozen=True, eq=False)
class _Plan:
    """The sheet as read, beside the campaign it belongs to."""

    table: Table
    campaign: Campaign

    def columns(self) -> Iterator[tuple[Column, int]]:
        """The columns that the program writes and where on the sheet they stand now."""
        header = self.table.header
        places = {heading_key(heading): place for place, heading in header.others.items()}
        places |= {
            heading_key(PLAN.column(attribute).heading): place for attribute, place in header.columns.items()
        }
        for column in plan_columns(self.campaign.brief, (), every=True):
            if heading_key(column.heading) in places:
                yield column, places[heading_key(column.heading)]

    def own(self) -> tuple[OwnColumn, ...]:
        """The columns that the planner added, with what stands under their headings."""
        net, gross = (replace(self.campaign.brief, budget_is=kind) for kind in ("net", "gross"))
        written = (*plan_columns(net, (), every=True), *plan_columns(gross, (), every=True))
        return own_columns(self.table, frozenset(heading_key(column.heading) for column in written))

    def headless(self) -> Iterator[str]:
        """What stands beside the vehicles under no heading, which does not go along."""
        for column in headless_columns(self.table.sheet, self.table.header):
            cells = [self.table.sheet.cells.get((record.row, column)) for record in self.table.records]
            first = next((cell for cell in cells if cell is not None and not is_blank(cell)), None)
            if first is not None:
                yield (
                    f"{first.address}: {found(first)} stands under no heading; it is not read and does not go along "
                    f"into another workbook. Head it in row {self.table.header.row}."
                )

    def vehicle_cells(self, place: int) -> Iterator[tuple[VehicleRow, Cell]]:
        """The cells of a column that are not blank, each with its vehicle."""
        vehicles = {key(vehicle.name): vehicle for vehicle in self.campaign.vehicles}
        for record in self.table.records:
            cell = self.table.sheet.cells.get((record.row, place))
            if cell is not None and not is_blank(cell) and key(record.text("name")) in vehicles:
                yield vehicles[key(record.text("name"))], cell

    def total_cells(self, place: int) -> Iterator[tuple[str, Cell]]:
        """The cells of a column in the program's own rows of totals, each with what it adds up."""
        header, medium = self.table.header, heading_key("Medium")
        media = next((at for at, text in header.others.items() if heading_key(text) == medium), 0)
        for number, cells in self.table.sheet.rows():
            label, cell = cells.get(header.columns["name"]), cells.get(place)
            is_total = label is not None and key(str(label.value)) in _TOTALS
            if number > header.row and is_total and cell is not None and not is_blank(cell):
                yield str(cells[media].value) if media in cells else "the plan", cell


# --- formulas -----------------------------------------------------------------------------------------


def _overwritten(plan: _Plan) -> Iterator[str]:
    """Formulas that are constants now, a sentence for each column."""
    for column, place in plan.columns():
        cells: list[tuple[str, Cell]] = []
        if column.formula:
            cells += [(vehicle.name, cell) for vehicle, cell in plan.vehicle_cells(place)]
        if column.total:
            cells += plan.total_cells(place)
        typed = [(name, cell) for name, cell in cells if not cell.formula]
        if typed:
            yield overwritten_text(column.heading, typed)


# --- figures that count elsewhere ---------------------------------------------------------------------


# By column of Plan: what the campaign says of a vehicle, and the heading on Vehicles that counts.
_ELSEWHERE: Mapping[str, tuple[Callable[[VehicleRow, Campaign], float], str]] = {
    "price": (money_cost, "unit_cost"),
    "audience": (lambda vehicle, _: vehicle.contacts_000, "audience_000"),
    "rating": (lambda vehicle, campaign: campaign.rating(vehicle), "rating"),
}
_MEND = {"unit_cost": "Unit cost", "audience_000": "Audience (000)", "rating": "Audience (000) or Rating %"}


def _disagreeing(plan: _Plan) -> Iterator[str]:
    """Prices and audiences on Plan that are not those of Vehicles, a sentence for each column."""
    for column, place in plan.columns():
        if column.key in _ELSEWHERE:
            yield from _not_of_vehicles(plan.campaign, column.heading, column.key, plan.vehicle_cells(place))


def _not_of_vehicles(
    campaign: Campaign, heading: str, figure: str, cells: Iterable[tuple[VehicleRow, Cell]]
) -> Iterator[str]:
    """A sentence on the cells of a column, of _ELSEWHERE, that are not what Vehicles gives."""
    expected, attribute = _ELSEWHERE[figure]
    differ = [
        (vehicle, cell, expected(vehicle, campaign))
        for vehicle, cell in cells
        if _differs(cell, expected(vehicle, campaign))
    ]
    if differ:
        yield _disagreeing_text(campaign, heading, attribute, differ)


def _differs(cell: Cell, expected: float) -> bool:
    """Whether a cell holds another figure than the expected one, or what is none; expected: not finite where there is
    no price or no limit."""
    value = _figure_of(cell)
    if not (isfinite(expected) and isfinite(value)):
        return isfinite(expected) or not isinf(value)
    return abs(value - expected) > SAME_SHARE * max(abs(expected), abs(value))


def _figure_of(cell: Cell) -> float:
    """The number in a cell, also one typed as a text; inf: our own word for no limit or no price; nan: no number."""
    value = cell.value
    if value in (NO_LIMIT, NOT_QUOTED):
        return inf
    if isinstance(value, str) and not cell.error:
        read = read_amount(value)
        return nan if isinstance(read, Trouble) else read[0]
    return value if isinstance(value, int | float) and not isinstance(value, bool) else nan


def _disagreeing_text(
    campaign: Campaign, heading: str, attribute: str, differ: Sequence[tuple[VehicleRow, Cell, float]]
) -> str:
    vehicle, cell, expected = differ[0]
    mend = f"change {_MEND[attribute]} on Vehicles instead"
    if len(differ) > 1:
        where = listing([f"{each.address} ({one.name})" for one, each, _ in differ], MOST_CELLS)
        return (
            f"{heading}: {where} are not what Vehicles gives; Vehicles counts. To change them, {mend} (also Discount "
            "% or Ad seen % there, Commission % on Brief)."
        )
    counts = campaign.cells.get(("Vehicles", vehicle.name, attribute.replace("rating", "audience_000")))
    says = f"gives {expected:,.10g}" if isfinite(expected) else "quotes none"
    return (
        f"{cell.address} ({heading} of {vehicle.name}) is {found(cell)}, but Vehicles {says} ({counts}), which counts; "
        f"{mend}."
    )


def _budget(campaign: Campaign, sheet: Sheet | None, heads: Iterable[tuple[str, Cell]]) -> Iterator[str]:
    """The budget that Plan and Flowchart show above their tables, where it is not the Brief's, whatever is asked for
    instead. heads: the labels there, each with the cell below it."""
    counts = campaign.brief_cell("budget")
    cells = () if sheet is None else sheet.cells.values()
    brief = next((cell for cell in cells if cell.address == counts and not is_blank(cell)), None)
    stated = inf if brief is None else _figure_of(brief)
    says = "names none" if brief is None else f"says {found(brief)}"
    for value, places in _other_budgets(heads, stated).items():
        yield (
            f"{' and '.join(places)} (Budget) {'is' if len(places) == 1 else 'are'} {value}, but the Brief {says} "
            f"({counts}), which counts; change it there."
        )


def _other_budgets(heads: Iterable[tuple[str, Cell]], stated: float) -> dict[str, list[str]]:
    """The cells of each budget that is another than the stated one; nan: what the Brief's column alone makes clear."""
    shown: dict[str, list[str]] = {}
    for label, cell in heads:
        if label.partition(" (")[0] == "Budget" and not isnan(stated) and _differs(cell, stated):
            shown.setdefault(found(cell), []).append(cell.address)
    return shown


# --- formulas typed over -----------------------------------------------------------------------------

MOST_CELLS = 4
_FACTS = ("Planned", "Budget left")  # above the calendar, each over its figure
_GIVEN = (
    ("Cost per insertion", "price"),
    ("Rating %", "rating"),
)  # headings' ends on Flowchart, of _ELSEWHERE
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


def _disagreeing_on_flowchart(sheet: Sheet, campaign: Campaign) -> Iterator[str]:
    """Prices and ratings on Flowchart that are not those of Vehicles, a sentence for each column."""
    header = find_header(sheet, FLOWCHART, "")
    if header is None:
        return
    vehicles = {key(vehicle.name): vehicle for vehicle in campaign.vehicles}
    rows = [
        (vehicles[key(name)], cells)
        for name, cells, summed in _formula_rows(sheet, header, campaign)
        if not summed
    ]
    for ending, figure in _GIVEN:
        such = (at for at, text in header.others.items() if heading_key(text).endswith(heading_key(ending)))
        place = min(such, default=-1)  # a planner's own columns of this name stand behind ours
        cells = ((vehicle, own[place]) for vehicle, own in rows if place in own)
        yield from _not_of_vehicles(campaign, header.others.get(place, ""), figure, cells)


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
    """Figures under Planned and Budget left that are constants: others than our own word for a budget without end."""
    heads = _heads(sheet, header)
    return (
        (label, cell)
        for label, cell in heads
        if label in _FACTS and not cell.formula and cell.value != NO_LIMIT
    )


def _heads(sheet: Sheet, header: int) -> Iterator[tuple[str, Cell]]:
    """Texts above the row of headings, each with the cell below it where that is filled."""
    rows = {number: cells for number, cells in sheet.rows() if number < header}
    for number, cells in rows.items():
        for at, label in cells.items():
            below = rows.get(number + 1, {}).get(at)
            if below is not None and not is_blank(below):
                yield _text(label), below


def _text(cell: Cell | None) -> str:
    return str(cell.value).strip() if cell is not None and isinstance(cell.value, str) else ""
