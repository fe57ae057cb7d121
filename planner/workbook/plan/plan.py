"""Reads a result workbook back: the insertions of its Plan, or of its Flowchart where it has one."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from models.arrays import FloatArray
from planner.campaign.inputs import MOST_INSERTIONS, Campaign, VehicleRow
from planner.errors import WorkbookError
from planner.excel.read import Cell, Sheet, address, read_book
from planner.formats import count_of
from planner.names import heading_key, key, listing, tidy, unknown
from planner.planning.edits import PlanEdits
from planner.workbook.campaign.calendar.columns import Flight, WeekColumns, mondays_of, week_columns
from planner.workbook.campaign.calendar.rows import WeekRow
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header, find_header
from planner.workbook.cells.named import of_vehicles
from planner.workbook.cells.no_data import is_total_label
from planner.workbook.cells.numbers import Number, Trouble, is_blank, read_numbers
from planner.workbook.cells.table import Record, Table, read_table
from planner.workbook.plan.flowchart_layout import FOOTERS, LEFT, RIGHT
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.plan_sheets import FLOWCHART, PLAN

_SAME = 1e-6  # insertions that differ by less are the same: a sum of fractions


@dataclass(frozen=True, eq=False)
class Flowchart:
    """weekly: (n_vehicles, n_weeks) insertions. rows: the cells of each vehicle's weeks, for messages; cells: each
    of them."""

    weekly: FloatArray
    rows: Mapping[str, str]
    cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def parse_flowchart(sheet: Sheet, campaign: Campaign, findings: Findings) -> Flowchart | None:
    """The insertions by week; None where the sheet is not one of ours. Problems stand for zeros."""
    header = find_header(sheet, FLOWCHART, "")
    if header is None:
        return None
    weekly = np.zeros((len(campaign.vehicles), campaign.brief.weeks))
    flight = Flight(mondays_of(campaign.brief), campaign.brief_cell("weeks"))
    columns = week_columns(sheet, header, flight, findings, ours=(*LEFT, *RIGHT))
    if columns is None:
        return Flowchart(weekly, {})
    rows: dict[str, WeekRow] = {}
    for at, row in _vehicle_rows(_rows(sheet, header, columns, findings), campaign):
        vehicle = campaign.vehicles[at]
        rows[vehicle.name] = row
        _check_medium(row, vehicle)
        weekly[at] = _insertions(row, vehicle.name, campaign.brief.whole)
    _check_complete(sheet, campaign, rows, findings)
    spans = {name: _span(row) for name, row in rows.items()}
    summed = {vehicle.name: float(weekly[at].sum()) for at, vehicle in enumerate(campaign.vehicles)}
    for name, cell in _sum_cells(header, rows):
        _check_row(cell, name, summed[name], spans[name], findings)
    cells = {name: tuple(map(row.address, range(len(row.cells)))) for name, row in rows.items()}
    return Flowchart(weekly, spans, cells)


def _check_complete(
    sheet: Sheet, campaign: Campaign, rows: Mapping[str, WeekRow], findings: Findings
) -> None:
    missing = _missing([vehicle.name for vehicle in campaign.vehicles], rows, findings)
    if missing:
        findings.problem(
            sheet.name,
            f"There is no row for {listing(missing)}; every vehicle needs one, blank where none are bought.",
        )


def _missing(names: Iterable[str], rows: Container[str], findings: Findings) -> list[str]:
    """The vehicles without a row, but for those that a row's name is asked to mean."""
    asked = " ".join(problem.text for problem in findings.problems)
    return [name for name in names if name not in rows and f'did you mean "{name}"' not in asked]


def _vehicle_rows(rows: Iterable[WeekRow], campaign: Campaign) -> Iterator[tuple[int, WeekRow]]:
    """The first row of every vehicle, with the vehicle's place in the campaign."""
    known = {key(vehicle.name): (at, vehicle) for at, vehicle in enumerate(campaign.vehicles)}
    first: dict[int, WeekRow] = {}
    for row in rows:
        if not _is_vehicle(row, known):
            continue
        at, _ = known[key(row.name)]
        if at in first:
            row.record.repeated("name", f'"{row.name}"', first[at].record)
        else:
            first[at] = row
            yield at, row


def _sum_cells(header: Header, rows: Mapping[str, WeekRow]) -> list[tuple[str, Cell | None]]:
    """Each vehicle's cell of Insertions; a planner's own columns of this name stand behind ours."""
    wanted = heading_key(RIGHT[0])
    at = min((at for at, text in header.others.items() if heading_key(text) == wanted), default=None)
    return [] if at is None else [(name, row.record.cells.get(at)) for name, row in rows.items()]


def _check_row(cell: Cell | None, name: str, summed: float, weeks: str, findings: Findings) -> None:
    """A problem where a vehicle's sum is a number now that its weeks do not add up to."""
    if cell is None or is_blank(cell) or cell.formula or not isinstance(cell.value, int | float):
        return
    if abs(float(cell.value) - summed) > _SAME:
        findings.problem(
            cell.address,
            f'"{name}" has {count_of(cell.value, "insertion")} typed over its sum here, but its weeks ({weeks}) add '
            f"up to {summed:,.10g}. Change the weeks; here, write their sum or clear the cell.",
        )


def _rows(sheet: Sheet, header: Header, weeks: WeekColumns, findings: Findings) -> Iterator[WeekRow]:
    """The rows below the headings."""
    for number, cells in sheet.rows():
        if number > header.row:
            texts = {attribute: _text(cells.get(column)) for attribute, column in header.columns.items()}
            record = Record(sheet.name, number, header, cells, texts, frozenset(), findings)
            yield WeekRow(texts["name"], record, tuple(map(cells.get, weeks.columns)), weeks)


def _text(cell: Cell | None) -> str:
    """A name; "" where there is none."""
    if cell is None or is_blank(cell) or cell.error or cell.uncached:
        return ""
    value = cell.value
    return f"{value:.15g}" if isinstance(value, float) else tidy(str(value))


def _is_vehicle(row: WeekRow, known: Mapping[str, tuple[int, VehicleRow]]) -> bool:
    """Whether a row is a vehicle's; insertions in a row that is none are a problem.

    Bands, totals and notes have no medium. A vehicle may be called like one of them, but has a medium.
    """
    is_footer = any(key(row.name).startswith(key(footer)) for footer in FOOTERS)
    medium = row.record.text("medium")
    if not medium and (is_total_label(row.name) or is_footer):
        return False
    if key(row.name) in known:
        return True
    if _has_numbers(row) or (row.name and medium):
        _say_unknown(row, [vehicle.name for _, vehicle in known.values()])
    return False


def _has_numbers(row: WeekRow) -> bool:
    """Whether a week holds anything that could be insertions, and not only words."""
    return any(not isinstance(cell.value, str) or cell.error for cell in _filled(row))


def _filled(row: WeekRow) -> list[Cell]:
    return [cell for cell in row.cells if cell is not None and not is_blank(cell)]


def _say_unknown(row: WeekRow, names: Sequence[str]) -> None:
    """A row of insertions of no vehicle."""
    if row.name:
        mend = "; remove the row, or add the vehicle to Vehicles."
        wrong = unknown(row.name, "a vehicle of the sheet Vehicles", names, mend)
    else:
        counted = listing([cell.address for cell in _filled(row)], 3)
        wrong = f"There are numbers (in {counted}) but no Vehicle; name it or clear them."
    row.record.problem("name", wrong)


def _check_medium(row: WeekRow, vehicle: VehicleRow) -> None:
    """Without its medium a row is not counted by the sheet's formulas."""
    medium = row.record.text("medium")
    if key(medium) != key(vehicle.medium):
        held = f'"{medium}"' if medium else "blank"
        row.record.problem(
            "medium",
            f'The medium of "{vehicle.name}" is {held} here and "{vehicle.medium}" on Vehicles; write that, or the '
            "sheet's totals leave the row out.",
        )


def _insertions(row: WeekRow, name: str, whole: bool) -> Sequence[float]:
    """Insertions per week, blanks as 0; 0 also where there is a problem."""
    values = [_sound(value, whole) for value in read_numbers(row.cells, False)]
    report_troubles(name, row.cells, values, row.findings)
    return [value if isinstance(value, float) else 0.0 for value in values]


def _sound(value: Number, whole: bool) -> Number:
    if isinstance(value, Trouble) and value.text == "is not a number":
        return Trouble("is not a number of insertions; write one, or clear the cell")
    if isinstance(value, float) and value < 0:
        return Trouble("is negative; expected 0 or more insertions")
    if isinstance(value, float) and value > MOST_INSERTIONS:
        return Trouble(f"is out of bounds; expected at most {MOST_INSERTIONS:,} insertions")
    if isinstance(value, float) and whole and value != round(value):
        return Trouble("is not a whole number, but the Brief asks for whole insertions")
    return value


def _span(row: WeekRow) -> str:
    """The cells of a vehicle's weeks, such as Flowchart!F9:I9."""
    ends = (pick(row.columns.columns) for pick in (min, max))
    first, last = (address(row.record.sheet, row.record.row, column) for column in ends)
    return f"{first}:{last.rpartition('!')[2]}"


# --- Plan -------------------------------------------------------------------------------------------


def has_plan(path: Path) -> bool:
    """Whether a workbook has a Plan sheet."""
    return read_book(path).sheet(PLAN.name) is not None


def in_hand(path: Path, campaign: Campaign) -> FloatArray | None:
    """The insertions (n_vehicles,) of a workbook that has a plan, edited or not; None where it has none."""
    return read_insertions(path, campaign).insertions if has_plan(path) else None


def read_insertions(path: Path, campaign: Campaign) -> PlanEdits:
    """The insertions of a result workbook, edited or not: of its Flowchart where it has one, else of its Plan.

    Raises WorkbookError with every problem found.
    """
    return read_with_table(path, campaign)[0]


def read_with_table(path: Path, campaign: Campaign) -> tuple[PlanEdits, Table | None]:
    """The same, and the table of Plan, None where it is blank. Raises WorkbookError with every problem found."""
    findings = Findings()
    book = read_book(path)
    read = _parse(book.sheet(PLAN.name), book.sheet(FLOWCHART.name), campaign, findings)
    if findings.problems:
        raise WorkbookError(path.name, tuple(findings.problems))
    return read


def _parse(
    sheet: Sheet | None, flowchart: Sheet | None, campaign: Campaign, findings: Findings
) -> tuple[PlanEdits, Table | None]:
    """Insertions (editable) and Optimised (fixed); with a Flowchart of ours the insertions are its weeks' sums."""
    insertions = np.zeros(len(campaign.vehicles))
    optimised = np.zeros(len(campaign.vehicles))
    if sheet is None:
        findings.problem(
            "",
            "There is no sheet Plan, so there are no insertions to look at; make a plan first (planner plan) and "
            "give the workbook that it writes.",
        )
        return PlanEdits(insertions, optimised), None
    flow = parse_flowchart(flowchart, campaign, findings) if flowchart is not None else None
    table = read_table(sheet, PLAN if flow is None else _SUMMED, findings)
    if table is None:
        return PlanEdits(insertions, optimised), None
    records = _records(table, campaign)
    for at, vehicle in enumerate(campaign.vehicles):
        record = records.get(key(vehicle.name))
        optimised[at] = _count(record, "optimised")
        if flow is None:
            insertions[at] = _count(record, "insertions")
    cells = tuple(record.address("insertions") for record in records.values())
    if flow is None:
        return PlanEdits(insertions, optimised, cells), table
    other = _check_sums(flow, campaign, records, findings)
    summed = flow.weekly.sum(axis=1)
    return PlanEdits(summed, optimised, cells, other, weekly=flow.weekly, week_cells=flow.cells), table


# Insertions that are sums: read by themselves, since a formula without a value is no trouble there.
_SUMMED: SheetSchema = replace(
    PLAN,
    columns=tuple(
        replace(column, kind="raw") if column.attribute == "insertions" else column for column in PLAN.columns
    ),
)


def _records(table: Table, campaign: Campaign) -> dict[str, Record]:
    """The rows of the campaign's vehicles, in its order."""
    names = [vehicle.name for vehicle in campaign.vehicles]
    otherwise = "remove the row, or add the vehicle to Vehicles."
    found = of_vehicles(table.records, names, otherwise)
    there = {name for name in names if key(name) in found}
    missing = _missing(names, there, table.findings)
    if missing:
        table.findings.problem(
            "Plan",
            f"There is no row for {listing(missing)}; every vehicle needs one, with 0 where none are bought.",
        )
    return {key(name): found[key(name)] for name in names if key(name) in found}


def _count(record: Record | None, attribute: str) -> float:
    if record is None:
        return 0.0
    value = record.number(attribute)
    if record.leaves_out(attribute) and attribute in record.header.columns:
        heading = PLAN.column(attribute).heading
        record.problem(
            attribute, f'"{record.text("name")}" has no {heading}; write a number of insertions, or 0.'
        )
    return value or 0.0


def _check_sums(
    flow: Flowchart, campaign: Campaign, records: Mapping[str, Record], findings: Findings
) -> tuple[str, ...]:
    """A number typed on Plan must be the sum of the vehicle's weeks on Flowchart; of formulas that show another number,
    or an error, a notice: a spreadsheet's sums pass over a week that is a text."""
    formulas: list[str] = []
    for name, cell, value, summed in _other_numbers(flow, campaign, records):
        if cell.formula:
            formulas.append(cell.address)
        elif isinstance(value, float):
            findings.problem(cell.address, _disagreement(name, value, summed, flow.rows[name]))
        else:
            report_troubles(PLAN.column("insertions").heading, [cell], [value], findings)
    return (_shown_besides(formulas),) if formulas else ()


def _other_numbers(
    flow: Flowchart, campaign: Campaign, records: Mapping[str, Record]
) -> Iterator[tuple[str, Cell, Number, float]]:
    """Vehicles whose Insertions on Plan are not the sum of their weeks: name, cell, what it holds, and the sum."""
    for at, vehicle in enumerate(campaign.vehicles):
        record = records.get(key(vehicle.name))
        cell = record.raw("insertions") if record and vehicle.name in flow.rows else None
        if cell is None or is_blank(cell) or cell.uncached:
            continue
        (value,) = read_numbers([cell], False)
        summed = float(flow.weekly[at].sum())
        if not isinstance(value, float) or abs(value - summed) > _SAME:
            yield vehicle.name, cell, value, summed


def _shown_besides(cells: Sequence[str]) -> str:
    shows = "shows other insertions" if len(cells) == 1 else "show other insertions"
    return (
        f"{listing(cells, 3)} {shows} than the weeks on the Flowchart add up to; the weeks count. Is one written as a "
        "text, or a name not as on Plan?"
    )


def _disagreement(name: str, value: float, summed: float, weeks: str) -> str:
    return (
        f'"{name}" has {count_of(value, "insertion")} here, but its weeks on the Flowchart ({weeks}) add up to '
        f"{summed:,.10g}. Change the weeks there; here, clear the cell or write their sum."
    )
