"""The campaign's calendar for the models: when each vehicle can run, and the pattern its weeks should follow."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.rules.appearances import Spacing
from planner.campaign.appears import appearances, by_week, weeks_apart
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.units import units_of
from planner.errors import Problem

LOCKED = "locked"  # begins the name of a row on Weeks: "locked: Morning News"
SAME = 1e-9  # insertions that differ by less are the same
_PULSE_ON, _PULSE_OFF = 2, 1  # weeks on air, then off
_FRONT_LOADED = 3.0  # the first week's weight, beside the last's 1


@dataclass(frozen=True, eq=False)
class Offered:
    """When each vehicle can run, whatever it costs. of: all that follows from. spaced, most, locked: as spacing_of,
    availability_of and locked_of say. flights: most insertions in the flight of those in `spaced`."""

    of: tuple[object, ...]
    spaced: Mapping[str, Spacing]
    flights: Mapping[str, float]
    most: Sequence[FloatArray]
    locked: FloatArray


def offered_in(campaign: Campaign, known: Offered | None = None) -> Offered:
    """When each vehicle can run. known: of another campaign; it is taken where nothing has changed that it follows
    from, as where only prices have."""
    vehicles = tuple(
        (row.name, row.vehicle, row.appears, row.issue_dates, row.issues, row.maximum)
        for row in campaign.vehicles
    )
    of = (campaign.calendar, campaign.brief.weeks, campaign.brief.start, vehicles)
    if known is not None and known.of == of:
        return known
    spaced, locked = spacing_of(campaign), locked_of(campaign)
    flights = {name: spacing.flight_beside(locked) for name, spacing in spaced.items()}
    return Offered(of, spaced, flights, availability_of(campaign), locked)


def weeks_decided(campaign: Campaign) -> int:
    """How many weeks are decided together with the buy: those of the flight where weeks have limits or prices, or a
    unit has weeks of its own and shares issues with other units; else none: every such plan has a calendar."""
    calendar = campaign.calendar
    if calendar is None:
        return 0
    own = {
        row.vehicle for row in campaign.vehicles if row.name in calendar.most or row.name in calendar.locked
    }
    shared = own.difference([""]) and any(
        name in own and np.isfinite(spacing.flight) for name, spacing in spacing_of(campaign).items()
    )
    return campaign.brief.weeks if calendar.binds_the_buy or shared else 0


def availability_of(campaign: Campaign) -> list[FloatArray]:
    """Per vehicle its most insertions in each week (n_weeks,), inf where only the flight limits them."""
    return [_most(vehicle, campaign) for vehicle in campaign.vehicles]


def spacing_of(campaign: Campaign) -> dict[str, Spacing]:
    """Of vehicles whose units share their issues, and of those whose issues lie weeks apart, by the vehicle's name:
    what the weeks hold of all units together. Weeks that are settled count as they are."""
    shared, found, settled = units_of(campaign.vehicles), {}, np.nan_to_num(locked_of(campaign))
    for place, vehicle in enumerate(campaign.vehicles):
        members = shared.get(vehicle.vehicle, (place,))
        apart = _weeks_apart(vehicle, campaign)
        if place == members[0] and (len(members) > 1 or apart > 1):
            found[vehicle.vehicle_name] = _spacing(campaign, np.array(members), apart, settled)
    return found


def _spacing(campaign: Campaign, members: IntArray, apart: int, settled: FloatArray) -> Spacing:
    """settled: (n_vehicles, n_weeks) insertions that are, 0 where they are free."""
    vehicle, weeks = campaign.vehicles[members[0]], campaign.brief.weeks
    stated = campaign.calendar.most.get(vehicle.vehicle_name) if campaign.calendar else None
    most = _of_weeks(vehicle, campaign, stated)
    each = max(1.0, math.ceil(vehicle.maximum / math.ceil(weeks / apart))) if apart > 1 else np.inf
    spacing = Spacing(members, most, apart, each)
    return spacing.loosened_for(settled) if settled.any() else spacing


def _weeks_apart(vehicle: VehicleRow, campaign: Campaign) -> int:
    """Weeks from one issue to the next; 1 where they are stated, week by week, or nothing is said."""
    stated = campaign.calendar is not None and vehicle.vehicle_name in campaign.calendar.most
    told = stated or vehicle.issue_dates
    return 1 if told or not vehicle.appears else weeks_apart(vehicle.appears)


def locked_of(campaign: Campaign) -> FloatArray:
    """(n_vehicles, n_weeks) insertions that are settled, nan where they are free."""
    locked = campaign.calendar.locked if campaign.calendar else {}
    free = (None,) * campaign.brief.weeks
    rows = [locked.get(vehicle.name, free) for vehicle in campaign.vehicles]
    return np.array([[np.nan if number is None else number for number in row] for row in rows])


def unavailable_locks(campaign: Campaign) -> Iterator[Problem]:
    """Settled weeks in which a vehicle cannot be had so often, each with both cells."""
    if campaign.calendar is None:
        return
    labels = campaign.calendar.labels
    for vehicle, most in zip(campaign.vehicles, availability_of(campaign), strict=True):
        for week, locked in enumerate(campaign.calendar.locked.get(vehicle.name, ())):
            if locked is not None and locked > most[week] + SAME:
                text = _too_many(campaign, vehicle, labels[week], locked, float(most[week]))
                yield Problem(lock_cell(campaign, vehicle.name, labels[week]), text)


def overfull_locks(campaign: Campaign) -> Iterator[Problem]:
    """Vehicles whose settled weeks add up to more than their Locked or their maximum."""
    locks = campaign.calendar.locked if campaign.calendar else {}
    for vehicle in campaign.vehicles:
        total = sum(number or 0.0 for number in locks.get(vehicle.name, ()))
        limits = ((vehicle.locked, "locked", "its Locked of"), (vehicle.maximum, "maximum", "its maximum of"))
        for limit, attribute, words in limits:
            if limit is not None and total > limit + SAME:
                cell = campaign.cell("Vehicles", vehicle.name, attribute)
                text = f'the locked weeks of "{vehicle.name}" add up to {total:g}, above {words} {limit:g} ({cell}).'
                yield Problem(lock_cell(campaign, vehicle.name, "row"), text)
                break


def lock_cell(campaign: Campaign, name: str, label: str) -> str:
    """The cell that settles a vehicle's week."""
    return campaign.cell("Weeks", f"{LOCKED}: {name}", label)


def _too_many(campaign: Campaign, vehicle: VehicleRow, label: str, locked: float, most: float) -> str:
    cells, name = campaign.cells, vehicle.name
    listed = campaign.calendar is not None and name in campaign.calendar.most
    row = (
        cells.get(("Weeks", name, "row"), "Weeks")
        if listed
        else cells.get(("Vehicles", name, "appears"), "Vehicles")
    )
    cell = cells.get(("Weeks", name, label), row) if listed else row
    can = "it cannot be had then" if most == 0 else f"at most {most:g} can be had then"
    noun = "insertion" if locked == 1 else "insertions"
    return (
        f'"{name}" is to have {locked:g} {noun} in the week {label}, but {can} ({cell}); change one of them.'
    )


def _most(vehicle: VehicleRow, campaign: Campaign) -> FloatArray:
    stated = campaign.calendar.most.get(vehicle.name) if campaign.calendar else None
    return _of_weeks(vehicle, campaign, stated)


def _of_weeks(vehicle: VehicleRow, campaign: Campaign, stated: Sequence[float] | None) -> FloatArray:
    """(n_weeks,) as stated; else as the issues fall, or as it usually appears."""
    weeks = campaign.brief.weeks
    if stated is not None:
        return np.array(stated, dtype=float)
    if vehicle.issue_dates and campaign.brief.start is not None:
        each = max(1.0, math.ceil(vehicle.maximum / max(len(vehicle.issues), 1)))  # advertisements an issue
        return each * np.array(by_week(vehicle.issues, campaign.brief.start, weeks), dtype=float)
    return np.full(weeks, _usual(vehicle, weeks))


def _usual(vehicle: VehicleRow, weeks: int) -> float:
    """Insertions a week as Appears says; never so few that Max does not fit into the flight."""
    each = appearances(vehicle.appears, 1) if vehicle.appears else None
    return float("inf") if each is None else max(float(each), 1.0, math.ceil(vehicle.maximum / weeks))


def pattern_of(campaign: Campaign) -> tuple[FloatArray, str]:
    """Share of the rating points per week (n_weeks,), summing to 1, and the pattern's name.

    front-loaded: from 3 in the first week evenly down to 1 in the last. pulsed: two weeks on, one off.
    """
    weeks, calendar = campaign.brief.weeks, campaign.calendar
    if calendar is not None and calendar.weights is not None:
        weights, name = np.array(calendar.weights, dtype=float), "own weights"
    else:
        name = campaign.brief.flighting or "even"
        at = np.arange(weeks)
        weights = {
            "even": np.ones(weeks),
            "front-loaded": np.linspace(_FRONT_LOADED, 1.0, weeks),
            "pulsed": (at % (_PULSE_ON + _PULSE_OFF) < _PULSE_ON).astype(float),
        }[name]
    return weights / weights.sum(), name
