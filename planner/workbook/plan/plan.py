"""Reads a result workbook back: the insertions of its Plan, or of its Flowchart where it has one."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.arrays import FloatArray
from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.excel.read import Cell, Sheet, read_book
from planner.formats import count_of
from planner.names import key, listing
from planner.planning.edits import PlanEdits
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import of_vehicles
from planner.workbook.cells.numbers import is_blank, read_numbers
from planner.workbook.cells.table import Record, Table, read_table
from planner.workbook.plan.flowchart import Flowchart, parse_flowchart
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.plan_sheets import FLOWCHART, PLAN

SAME = 1e-6  # insertions that differ by less are the same: a sum of fractions


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
    _check_sums(flow, campaign, records, findings)
    edits = PlanEdits(flow.weekly.sum(axis=1), optimised, cells, weekly=flow.weekly, week_cells=flow.cells)
    return edits, table


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
    missing = [name for name in names if key(name) not in found]
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
) -> None:
    """Whatever number stands on Plan must be the sum of the vehicle's weeks on Flowchart."""
    for at, vehicle in enumerate(campaign.vehicles):
        record = records.get(key(vehicle.name))
        cell = record.raw("insertions") if record else None
        if cell is None or is_blank(cell) or cell.uncached or vehicle.name not in flow.rows:
            continue
        if cell.formula and vehicle.name in flow.typed:
            continue  # it shows what was typed over the sum on Flowchart, where that is told
        _check_sum(cell, vehicle.name, float(flow.weekly[at].sum()), flow, findings)


def _check_sum(cell: Cell, name: str, summed: float, flow: Flowchart, findings: Findings) -> None:
    (value,) = read_numbers([cell], False)
    if not isinstance(value, float):
        _report(cell, value, findings)
    elif abs(value - summed) > SAME:
        findings.problem(cell.address, _disagreement(name, value, summed, flow.rows[name]))


def _report(cell: Cell, value: object, findings: Findings) -> None:
    report_troubles(PLAN.column("insertions").heading, [cell], [value], findings)


def _disagreement(name: str, value: float, summed: float, weeks: str) -> str:
    return (
        f'"{name}" has {count_of(value, "insertion")} here, but its weeks on the Flowchart ({weeks}) add up to '
        f"{summed:,.10g}. Change the weeks there; here, clear the cell or write their sum."
    )
