"""Plans that scenarios fix: of the campaign's own workbook, or of plan workbooks beside it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.arrays import FloatArray
from planner.campaign.inputs import Campaign
from planner.campaign.scenario import Scenario
from planner.campaign.scenarios import changed
from planner.errors import Problem, WorkbookError
from planner.names import key, listing
from planner.workbook.campaign.parse import read_campaign
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


# --- the campaigns that scenarios ask for -----------------------------------------------------------

# --- campaigns ----------------------------------------------------------------------------------------


def scenario_campaigns(path: Path, campaign: Campaign, scenarios: Sequence[Scenario]) -> tuple[Campaign, ...]:
    """The campaign of each scenario; the workbook is read again where a scenario changes what other sheets hang on.

    Raises WorkbookError with every problem found, at the scenario's own cell.
    """
    read: dict[str, Campaign] = {}
    problems: list[Problem] = []
    for scenario in scenarios:
        name = repr(sorted(scenario.restated.items()))
        if scenario.restated and name not in read:
            try:
                read[name] = replace(read_campaign(path, scenario.restated), scenarios=())
            except WorkbookError as error:
                where = scenario.cells.get("name", "")
                problems += [Problem(where, f"{scenario.name}: {_told(each)}") for each in error.problems]
                read[name] = campaign
    if problems:
        raise WorkbookError(campaign.workbook, tuple(problems))
    own = [changed(read.get(repr(sorted(each.restated.items())), campaign), each) for each in scenarios]
    return tuple(_alone(one, scenario) for one, scenario in zip(own, scenarios, strict=True))


def _alone(campaign: Campaign, scenario: Scenario) -> Campaign:
    """A scenario's campaign by itself: it says which scenario it is, and asks for no others."""
    words = "; ".join(scenario.words) or "the campaign as it stands"
    notices = (*campaign.notices, f"This is the scenario {scenario.name}: {words}.")
    return replace(campaign, scenarios=(), scenario_sheet=None, notices=notices)


def _told(problem: Problem) -> str:
    return f"{problem.cell}: {problem.text}".removeprefix(": ")
