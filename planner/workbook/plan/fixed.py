"""Plans that scenarios fix: of the campaign's own workbook, or of plan workbooks beside it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.arrays import FloatArray
from planner.campaign.inputs import Campaign
from planner.campaign.scenario import Scenario
from planner.errors import Problem, WorkbookError
from planner.names import key, listing
from planner.workbook.campaign.scenario_campaigns import scenario_campaigns
from planner.workbook.campaign.scenarios.scenarios import no_plan_there
from planner.workbook.plan.edits import read_plan
from planner.workbook.plan.plan import read_insertions

Given = tuple[FloatArray, FloatArray | None]  # insertions (n_vehicles,), weekly (n_vehicles, n_weeks)


def fixed_plans(path: Path, campaign: Campaign, scenarios: Sequence[Scenario]) -> tuple[Given | None, ...]:
    """The plan of each scenario of mode fixed, None of others. Raises WorkbookError with every problem found."""
    problems: list[Problem] = []
    read: dict[str, Given | None] = {}
    for scenario in scenarios:
        if scenario.mode == "fixed" and scenario.plan not in read:
            read[scenario.plan] = _read(path, campaign, scenario, problems)
    if problems:
        raise WorkbookError(campaign.workbook, tuple(problems))
    return tuple(read[each.plan] if each.mode == "fixed" else None for each in scenarios)


def check_scenario_files(path: Path, campaign: Campaign) -> None:
    """Read all that scenarios hang on beside their own cells. Raises WorkbookError with every problem found."""
    fixed_plans(path, campaign, campaign.scenarios)
    scenario_campaigns(path, campaign, campaign.scenarios)


def _read(path: Path, campaign: Campaign, scenario: Scenario, problems: list[Problem]) -> Given | None:
    cell = scenario.cells.get("plan", "")
    name = scenario.plan
    if missing := no_plan_there(path, name):
        problems.append(Problem(cell, missing))
        return None
    try:
        if not name:
            own = read_insertions(path, campaign)
            return own.insertions, own.weekly
        other, given = read_plan(path.parent / name)
    except WorkbookError as error:
        where = name or "this workbook"
        problems += [
            Problem(
                cell, f"The plan in {where} cannot be read: {each.cell}: {each.text}".replace(": : ", ": ")
            )
            for each in error.problems
        ]
        return None
    return _of_campaign(campaign, other, (given.insertions, given.weekly), cell, problems)


def _of_campaign(
    campaign: Campaign, other: Campaign, given: Given, cell: str, problems: list[Problem]
) -> Given | None:
    """Another campaign's plan in the order of this one's vehicles; what it buys must be there."""
    insertions, weekly = given
    places = {key(vehicle.name): j for j, vehicle in enumerate(campaign.vehicles)}
    names = [vehicle.name for vehicle in other.vehicles]
    absent = [names[j] for j in np.flatnonzero(insertions) if key(names[j]) not in places]
    if absent:
        problems.append(
            Problem(cell, f"The plan buys {listing(absent)}, which is not on the sheet Vehicles.")
        )
        return None
    rows = [(j, places[key(name)]) for j, name in enumerate(names) if key(name) in places]
    n = len(campaign.vehicles)
    weeks = 0 if campaign.calendar is None else len(campaign.calendar.labels)
    if weekly is None or weekly.shape[1] != weeks:
        return _in_order(insertions, rows, n), None
    return _in_order(insertions, rows, n), _in_order(weekly, rows, n)


def _in_order(counts: FloatArray, rows: Sequence[tuple[int, int]], vehicles: int) -> FloatArray:
    """Counts of other vehicles in this campaign's order. rows: place there, place here."""
    found = np.zeros((vehicles, *counts.shape[1:]))
    for source, target in rows:
        found[target] = counts[source]
    return found
