"""Edits of a plan's insertions: what they cost beside the best plan, and how they are kept when it is planned anew.

An edit is where Insertions on the sheet Plan differ from Optimised. Kept, it becomes the vehicle's Locked, in the
campaign and so in the workbook written: that workbook, planned again, gives the same plan. An edited week of the
Flowchart, where it differs from the optimised calendar on Line items, keeps its number in its week likewise, in a row
"locked: ..." on Weeks. The edit is the later
word and replaces a Locked of the sheet Vehicles (said in a notice); it does not overrule Min, Max, a must-buy or a
price that is missing, which are facts of the campaign: the two cells are named, and the planner decides. A Max that
nobody stated gives way, and that is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from planner.campaign.appears import appearances
from planner.campaign.inputs import Campaign, Default, OwnColumn, VehicleRow
from planner.campaign.units import each_once
from planner.campaign.weeks import LOCKED, unavailable_locks
from planner.errors import Problem, WorkbookError
from planner.formats import count_of, listed
from planner.planning.results import EditCost, EditedVehicle

SAME = 1e-9  # insertions that differ by less are the same
SAME_SUM = 1e-6  # ... and sums of weeks, each as a workbook keeps it
MOST_NAMED = 8
_KEEPS = "--lock-edits keeps them and plans the rest."


@dataclass(frozen=True, eq=False)
class PlanEdits:
    """The insertions of a result workbook's Plan sheet, in the campaign's order.

    insertions, optimised: (n_vehicles,). cells: address of each vehicle's Insertions. notices: what else the
    planner changed on the sheet. weekly: (n_vehicles, n_weeks) of a Flowchart, None where there is none; planned: the
    same as optimised, None where Line items does not tell; week_cells: per vehicle the addresses of its weeks.
    proof: what the workbook keeps of the plan's solving (planner/planning/proof.py), "" where there is nothing.
    own_columns: what the planner added to Plan.
    """

    insertions: FloatArray
    optimised: FloatArray
    cells: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    weekly: FloatArray | None = None
    planned: FloatArray | None = None
    week_cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proof: str = ""
    own_columns: tuple[OwnColumn, ...] = ()

    @property
    def sheet(self) -> str:
        """Where insertions are edited."""
        return "Plan" if self.weekly is None else "Flowchart"


def edited_vehicles(
    campaign: Campaign, insertions: FloatArray, optimised: FloatArray
) -> tuple[EditedVehicle, ...]:
    """The vehicles whose insertions (n_vehicles,) are not the optimised ones."""
    return tuple(
        EditedVehicle(vehicle.name, float(before), float(now))
        for vehicle, before, now in zip(campaign.vehicles, optimised, insertions, strict=True)
        if abs(before - now) > SAME
    )


def edited_weeks(campaign: Campaign, edits: PlanEdits) -> BoolArray:
    """(n_vehicles, n_weeks) the cells of the Flowchart that are not the optimised ones. Of a vehicle whose optimised
    weeks are not known: all, where its insertions are edited."""
    shape = (len(campaign.vehicles), campaign.brief.weeks)
    if edits.weekly is None or campaign.calendar is None:
        return np.zeros(shape, dtype=bool)
    rows = np.abs(edits.insertions - edits.optimised) > SAME_SUM
    if edits.planned is None:
        return np.repeat(rows[:, None], shape[1], axis=1)
    known = np.abs(edits.planned.sum(axis=1) - edits.optimised) <= SAME_SUM
    differ = np.abs(edits.weekly - edits.planned) > SAME_SUM
    return np.where(known[:, None], differ, rows[:, None])


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
    """The campaign with every edited vehicle locked at its edited insertions, edited weeks locked in their weeks, and
    a notice that names them.

    Raises WorkbookError, naming both cells of each, where an edit contradicts the campaign.
    """
    changed = edited_vehicles(campaign, edits.insertions, edits.optimised)
    weeks = edited_weeks(campaign, edits)
    if not changed and not weeks.any():
        return campaign.noticed(f"No insertions on {edits.sheet} are edited, so there is nothing to lock.")
    campaign = _with_locked_weeks(campaign, edits, weeks)
    locked = _locked(campaign, edits, changed, weeks)
    problems = (*unavailable_locks(campaign), *locked.problems)
    if problems:
        raise WorkbookError(campaign.workbook, problems)
    campaign = replace(campaign, vehicles=locked.vehicles, cells=locked.cells)
    if locked.raised:
        text = f"Your edits are above a Max that nobody stated; it was raised: {listed(locked.raised, MOST_NAMED)}."
        campaign = _with_stated_maximum(campaign).noticed(text)
    return campaign.noticed(_lock_notice(changed, locked.replaced, edits.sheet)) if changed else campaign


@dataclass(frozen=True)
class _Locked:
    """Vehicles locked at their edits, where each lock stands, and what that contradicts, replaces and raises."""

    vehicles: tuple[VehicleRow, ...]
    cells: Mapping[tuple[str, str, str], str]
    problems: Sequence[Problem]
    replaced: Sequence[str]
    raised: Sequence[str]


def _locked(
    campaign: Campaign, edits: PlanEdits, changed: Sequence[EditedVehicle], weeks: BoolArray
) -> _Locked:
    """weeks: (n_vehicles, n_weeks) the edited cells of the Flowchart."""
    places = {vehicle.name: place for place, vehicle in enumerate(campaign.vehicles)}
    raised = _raised(campaign, changed)
    vehicles = [replace(row, maximum=raised.get(row.vehicle_name, row.maximum)) for row in campaign.vehicles]
    cells = dict(campaign.cells)
    problems: list[Problem] = []
    replaced = []
    for edit in changed:
        place = places[edit.name]
        vehicle, cell = vehicles[place], edits.cells[place]
        if weeks[place].any():
            cell = edits.week_cells[edit.name][int(np.argmax(weeks[place]))]
        problems += [Problem(cell, text) for text in _contradictions(campaign, vehicle, edit.edited)]
        if vehicle.locked is not None:
            replaced.append(
                f"{campaign.cell('Vehicles', edit.name, 'locked')} ({edit.name}, {vehicle.locked:g})"
            )
        vehicles[place] = replace(vehicle, locked=edit.edited)
        cells["Vehicles", edit.name, "locked"] = cell
    told = [
        f"{name} from {vehicle.maximum:g} to {raised[name]:g}"
        for vehicle in each_once(campaign.vehicles)
        if (name := vehicle.vehicle_name) in raised
    ]
    return _Locked(tuple(vehicles), cells, problems, replaced, told)


def _raised(campaign: Campaign, changed: Sequence[EditedVehicle]) -> dict[str, float]:
    """Max by vehicle, of all its units together, where edits are above one that nobody stated."""
    edited = {edit.name: edit.edited for edit in changed}
    sums: dict[str, float] = {}
    for row in campaign.vehicles:
        sums[row.vehicle_name] = sums.get(row.vehicle_name, 0.0) + edited.get(row.name, row.locked or 0.0)
    return {
        row.vehicle_name: sums[row.vehicle_name]
        for row in each_once(campaign.vehicles)
        if sums[row.vehicle_name] > row.maximum + SAME and _maximum_is_default(campaign, row)
    }


def _lock_notice(changed: Sequence[EditedVehicle], replaced: Sequence[str], sheet: str) -> str:
    """Which edits were kept, where, and what they take the place of."""
    before = f" The edits replace what was locked before: {listed(replaced, MOST_NAMED)}." if replaced else ""
    return (
        f"Locked by your edits on {sheet}: {_told(changed)}. They stand under Locked on Vehicles; clear the cell there "
        f"to free a vehicle again.{before}"
    )


def _told(changed: Sequence[EditedVehicle]) -> str:
    """The edits in words, the first of many."""
    return listed([f"{edit.name} at {edit.edited:g}" for edit in changed], MOST_NAMED)


def _maximum_is_default(campaign: Campaign, vehicle: VehicleRow) -> bool:
    """Whether Max is not the planner's word, but what Appears gives or the default for all."""
    by_appears = appearances(vehicle.appears, campaign.brief.weeks) if vehicle.appears else None
    return by_appears == vehicle.maximum or any(map(_defaults_maximum, campaign.defaults))


def _with_stated_maximum(campaign: Campaign) -> Campaign:
    """Without the default for all, so that each Max is written."""
    kept = tuple(default for default in campaign.defaults if not _defaults_maximum(default))
    return replace(campaign, defaults=kept)


def _defaults_maximum(default: Default) -> bool:
    return (default.sheet, default.row, default.attribute) == ("Vehicles", "", "maximum")


def _with_locked_weeks(campaign: Campaign, edits: PlanEdits, weeks: BoolArray) -> Campaign:
    """The campaign with these cells of the Flowchart (n_vehicles, n_weeks) locked in their weeks."""
    if not weeks.any():
        return campaign
    assert campaign.calendar is not None
    assert edits.weekly is not None
    labels, locks, cells = campaign.calendar.labels, dict(campaign.calendar.locked), dict(campaign.cells)
    told = []
    for place in np.flatnonzero(weeks.any(axis=1)).tolist():
        name = campaign.vehicles[place].name
        row = list(locks.get(name, (None,) * len(labels)))
        for week in np.flatnonzero(weeks[place]).tolist():
            row[week] = float(edits.weekly[place, week])
            cells["Weeks", f"{LOCKED}: {name}", labels[week]] = edits.week_cells[name][week]
        locks[name] = tuple(row)
        told.append(
            f"{name} ({', '.join(f'{row[w]:g} in {labels[w]}' for w in np.flatnonzero(weeks[place]))})"
        )
    calendar = replace(campaign.calendar, locked=locks)
    notice = (
        f"Weeks locked by your edits on Flowchart: {listed(told, MOST_NAMED)}. They stand in rows "
        f'"{LOCKED}: ..." on Weeks; clear cells there to free weeks again.'
    )
    if edits.planned is None:
        notice += (
            " The sheet Line items, which has the optimised weeks, could not be read: every week of a vehicle with "
            "edited insertions is locked, and no other."
        )
    return replace(campaign, calendar=calendar, cells=cells).noticed(notice)


def leave_edits(campaign: Campaign, edits: PlanEdits) -> Campaign:
    """The campaign with a notice of the edits that a new plan does not keep, where there are any."""
    changed = edited_vehicles(campaign, edits.insertions, edits.optimised)
    moved = np.flatnonzero(edited_weeks(campaign, edits).any(axis=1))
    if not changed and len(moved):
        named = [campaign.vehicles[place].name for place in moved.tolist()]
        return campaign.noticed(
            f"Weeks edited on Flowchart were not kept ({listed(named, MOST_NAMED)}); {_KEEPS}"
        )
    if not changed:
        return campaign
    count, verb = count_of(len(changed), "edit"), "was" if len(changed) == 1 else "were"
    return campaign.noticed(f"{count} on {edits.sheet} {verb} not kept ({_told(changed)}); {_KEEPS}")


# What an edit cannot overrule: when, the attribute that says so, and the sentence.
_Limit = tuple[Callable[[VehicleRow, float], bool], str, str]
_LIMITS: tuple[_Limit, ...] = (
    (
        lambda v, n: n > v.maximum + SAME,
        "maximum",
        "edited to {n:g}, above maximum {v.maximum:g} ({cell}); lower the edit or raise Max",
    ),
    (
        lambda v, n: v.asked_for and n < v.minimum - SAME,
        "minimum",
        "edited to {n:g}, below minimum {v.minimum:g} ({cell}); raise the edit or lower Min",
    ),
    (
        lambda v, n: v.asked_for and v.must_buy and n < 1,
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
        f'"{vehicle.name}" is {sentence.format(n=insertions, v=vehicle, cell=cell)}.'
        for holds, attribute, sentence in _LIMITS
        if holds(vehicle, insertions) and not (attribute == "unit_cost" and vehicle.name in packaged)
        for cell in [campaign.cell("Vehicles", vehicle.name, attribute)]
    ]
    if campaign.brief.whole and insertions != np.round(insertions):
        brief = campaign.brief_cell("whole")
        found.append(
            f'"{vehicle.name}" is edited to {insertions:g}, but the Brief asks for whole insertions ({brief}).'
        )
    return found
