"""Edits of a plan's insertions: what they cost beside the best plan, and how they are kept when it is planned anew.

An edit is where Insertions on the sheet Plan differ from Optimised. Kept, it becomes the vehicle's Locked, in the
campaign and so in the workbook written: that workbook, planned again, gives the same plan. The edit is the later
word and replaces a Locked of the sheet Vehicles (said in a notice); it does not overrule Min, Max, a must-buy or a
price that is missing, which are facts of the campaign: the two cells are named, and the planner decides.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from planner.errors import Problem, WorkbookError
from planner.inputs import Campaign, VehicleRow
from planner.results import EditCost, EditedVehicle

SAME = 1e-9  # insertions that differ by less are the same
MOST_NAMED = 8


@dataclass(frozen=True, eq=False)
class PlanEdits:
    """The insertions of a result workbook's Plan sheet, in the campaign's order.

    insertions, optimised: (n_vehicles,). cells: address of each vehicle's Insertions. notices: what else the
    planner changed on the sheet. weekly: (n_vehicles, n_weeks) of a Flowchart, None where there is none.
    """

    insertions: FloatArray
    optimised: FloatArray
    cells: tuple[str, ...]
    notices: tuple[str, ...] = ()
    weekly: FloatArray | None = None


def edited_vehicles(
    campaign: Campaign, insertions: FloatArray, optimised: FloatArray
) -> tuple[EditedVehicle, ...]:
    """The vehicles whose insertions (n_vehicles,) are not the optimised ones."""
    return tuple(
        EditedVehicle(vehicle.name, float(before), float(now))
        for vehicle, before, now in zip(campaign.vehicles, optimised, insertions, strict=True)
        if abs(before - now) > SAME
    )


def edit_cost(vehicles: tuple[EditedVehicle, ...], value: float, best: float | None) -> EditCost | None:
    """What edits cost: worth of the best plan found less the edited one's; None where nothing is edited.

    best: None where no plan keeps the rules, so that there is nothing to compare with.
    """
    if not vehicles:
        return None
    lost = None if best is None else best - value
    percent = 100 * lost / abs(best) if best and lost is not None else None
    return EditCost(vehicles, lost, percent)


def keep_edits(campaign: Campaign, edits: PlanEdits) -> Campaign:
    """The campaign with every edited vehicle locked at its edited insertions, and a notice that names them.

    Raises WorkbookError, naming both cells of each, where an edit contradicts the campaign.
    """
    changed = edited_vehicles(campaign, edits.insertions, edits.optimised)
    if not changed:
        return _noticed(campaign, "No insertions on Plan are edited, so there is nothing to lock.")
    places = {vehicle.name: place for place, vehicle in enumerate(campaign.vehicles)}
    vehicles, cells = list(campaign.vehicles), dict(campaign.cells)
    problems, replaced = [], []
    for edit in changed:
        place = places[edit.name]
        vehicle, cell = vehicles[place], edits.cells[place]
        problems += [Problem(cell, text) for text in _contradictions(campaign, vehicle, edit.edited)]
        if vehicle.locked is not None:
            replaced.append(f"{_cell(campaign, edit.name, 'locked')} ({edit.name}, {vehicle.locked:g})")
        vehicles[place] = replace(vehicle, locked=edit.edited)
        cells["Vehicles", edit.name, "locked"] = cell
    if problems:
        raise WorkbookError(campaign.workbook, tuple(problems))
    told = ", ".join(f"{edit.name} at {edit.edited:g}" for edit in changed)
    notice = (
        f"Locked by your edits on Plan: {told}. They stand under Locked on Vehicles; clear the cell there to free a "
        "vehicle again."
    )
    if replaced:
        notice += f" The edits replace what was locked before: {', '.join(replaced)}."
    return _noticed(replace(campaign, vehicles=tuple(vehicles), cells=cells), notice)


def leave_edits(campaign: Campaign, edits: PlanEdits) -> Campaign:
    """The campaign with a notice of the edits that a new plan does not keep, where there are any."""
    changed = edited_vehicles(campaign, edits.insertions, edits.optimised)
    if not changed:
        return campaign
    names = ", ".join(f"{edit.name} at {edit.edited:g}" for edit in changed[:MOST_NAMED])
    more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
    count = "1 edit" if len(changed) == 1 else f"{len(changed)} edits"
    verb = "was" if len(changed) == 1 else "were"
    return _noticed(
        campaign,
        f"{count} on Plan {verb} not kept ({names}{more}); --lock-edits keeps them and plans the rest.",
    )


def _noticed(campaign: Campaign, notice: str) -> Campaign:
    return replace(campaign, notices=(*campaign.notices, notice))


def _cell(campaign: Campaign, name: str, attribute: str) -> str:
    """Address of a value on Vehicles; where it came from another column or none, the vehicle's row."""
    return campaign.cells.get(("Vehicles", name, attribute), f"Vehicles, {name}")


# What an edit cannot overrule: when, the attribute that says so, and the sentence.
_Limit = tuple[Callable[[VehicleRow, float], bool], str, str]
_LIMITS: tuple[_Limit, ...] = (
    (
        lambda v, n: n > v.maximum + SAME,
        "maximum",
        "edited to {n:g}, above maximum {v.maximum:g} ({cell}); lower the edit or raise Max",
    ),
    (
        lambda v, n: n < v.minimum - SAME,
        "minimum",
        "edited to {n:g}, below minimum {v.minimum:g} ({cell}); raise the edit or lower Min",
    ),
    (
        lambda v, n: v.must_buy and n < 1,
        "must_buy",
        "edited to {n:g}, but it is a must-buy ({cell}); raise the edit or clear Must buy",
    ),
    (
        lambda v, n: v.unit_cost is None and n > 0,
        "unit_cost",
        "edited to {n:g}, but its price is not quoted ({cell}); write the price or take the edit back",
    ),
    (
        lambda v, n: 0 < n < v.smallest_buy - SAME,
        "smallest_buy",
        "edited to {n:g}, below its smallest buy of {v.smallest_buy:g} ({cell}); raise the edit or make it 0",
    ),
)


def _contradictions(campaign: Campaign, vehicle: VehicleRow, insertions: float) -> list[str]:
    """Why a vehicle cannot be locked at these insertions, each with the cell that says so."""
    packaged = {name for package in campaign.packages for name in package.vehicles}
    found = [
        f'"{vehicle.name}" is '
        f"{sentence.format(n=insertions, v=vehicle, cell=_cell(campaign, vehicle.name, attribute))}."
        for holds, attribute, sentence in _LIMITS
        if holds(vehicle, insertions) and not (attribute == "unit_cost" and vehicle.name in packaged)
    ]
    if campaign.brief.whole and insertions != np.round(insertions):
        brief = campaign.cells.get(("Brief", "whole", "value"), "Brief")
        found.append(
            f'"{vehicle.name}" is edited to {insertions:g}, but the Brief asks for whole insertions ({brief}).'
        )
    return found
