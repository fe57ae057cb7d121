"""Rules of the weeks: when insertions can stand, what is settled, what weeks may cost; each with its cell."""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray
from models.purchase.tariff import Tariff
from models.rules.appearances import Appearances
from models.rules.availability import Availability
from models.rules.group_limit import GroupLimit
from models.rules.row import Side
from models.rules.rule import Rule
from models.rules.vehicle_limit import VehicleLimit
from models.rules.week_limit import WeekLimit
from models.rules.week_lock import WeekLock
from planner.campaign.bought import contacts_of
from planner.campaign.calendar import Calendar
from planner.campaign.inputs import Campaign
from planner.campaign.weeks import Offered, lock_cell
from planner.formats import currency_mark, month_of

Stated = Iterator[tuple[Rule, str]]
_SIDES: tuple[Side, ...] = ("<=", ">=")


def week_rules(campaign: Campaign, offered: Offered, tariff: Tariff, rating: FloatArray) -> Stated:
    """Every rule that weeks make, with the address that states it. The campaign has a calendar. offered: its weeks.
    rating: (n_vehicles,) rating points of one insertion."""
    calendar, currency = campaign.calendar, currency_mark(campaign.brief.currency)
    assert calendar is not None
    yield from _spaced(campaign, calendar, offered, tariff)
    for j, most in enumerate(offered.most):
        if campaign.vehicles[j].name not in offered.spaced and np.isfinite(most).all():
            yield from _available(campaign, calendar, j, most, tariff)
    for j in np.flatnonzero(~np.isnan(offered.locked).all(axis=1)).tolist():
        yield from _locked(campaign, calendar, j, offered, tariff)
    yield from _longest_gap(campaign, tariff, currency)
    for number, limit in enumerate(calendar.limits):
        rule_id = f"week limit {number}"
        week = WeekLimit(rule_id, limit.period, limit.weeks, limit.measure, limit.sense, limit.amount,
                         tariff, rating, currency)  # fmt: skip
        yield week, limit.cell or "Weeks"


def _names(calendar: Calendar) -> tuple[str, ...]:
    """Of the weeks, for people."""
    return tuple(
        f"week {place}" if monday is None else f"the week of {monday.day} {month_of(monday)}"
        for place, monday in enumerate(calendar.mondays, 1)
    )


def _cell(campaign: Campaign, name: str, *, listed: bool, dated: bool) -> str:
    """Where it stands when a vehicle can run. listed: on the sheet Weeks. dated: by its issues' dates."""
    sheet, attribute = ("Weeks", "row") if listed else ("Vehicles", "issue_dates" if dated else "appears")
    return campaign.cell(sheet, name, attribute)


def _spaced(campaign: Campaign, calendar: Calendar, offered: Offered, tariff: Tariff) -> Stated:
    """Issues that units share, or that lie weeks apart."""
    columns = tariff.columns
    for name, spacing in offered.spaced.items():
        listed, flight = name in calendar.most, offered.flights[name]
        if np.isfinite(flight) and (listed or columns.weeks or len(spacing.members) == 1):
            rule = Appearances(f"appearances of {name}", name, spacing, flight, columns, usual=not listed,
                               names=_names(calendar))  # fmt: skip
            dated = bool(campaign.vehicles[spacing.members[0]].issue_dates)
            yield rule, _cell(campaign, name, listed=listed, dated=dated)


def _available(campaign: Campaign, calendar: Calendar, j: int, most: FloatArray, tariff: Tariff) -> Stated:
    """The most insertions of a vehicle per week: on the sheet Weeks, else as its Appears or issues say."""
    vehicle = campaign.vehicles[j]
    listed = vehicle.name in calendar.most
    # Else how often it appears leaves room for its maximum: no row of the flight.
    if listed or tariff.columns.weeks:
        rule = Availability(f"weeks {j}", j, vehicle.name, most, tariff.columns, usual=not listed,
                            impressions=contacts_of([vehicle]), names=_names(calendar))  # fmt: skip
        yield rule, _cell(campaign, vehicle.name, listed=listed, dated=bool(vehicle.issue_dates))


def _longest_gap(campaign: Campaign, tariff: Tariff, currency: str) -> Stated:
    """As many insertions as a flight without a longer gap needs at least; the calendar does the rest."""
    gap, weeks = campaign.brief.longest_gap, campaign.brief.weeks
    least = 0 if gap is None else weeks // (gap + 1)
    if least:
        every = np.arange(len(campaign.vehicles), dtype=np.int64)
        name = f"never over {gap} {'week' if gap == 1 else 'weeks'} without an insertion"
        rule = GroupLimit("longest gap", name, every, "insertions", ">=", float(least), tariff, currency)
        yield rule, campaign.brief_cell("longest_gap")


def _locked(campaign: Campaign, calendar: Calendar, j: int, offered: Offered, tariff: Tariff) -> Stated:
    """Weeks of a vehicle that are settled: each by itself where weeks are decided with the buy; else their sum is
    the least that is bought, what can be had in the others added the most, and the calendar does the rest."""
    columns, name, locked = tariff.columns, campaign.vehicles[j].name, offered.locked[j]
    settled = np.flatnonzero(~np.isnan(locked)).tolist()
    contacts = contacts_of([campaign.vehicles[j]])
    cells = {week: lock_cell(campaign, name, calendar.labels[week]) for week in settled}
    if columns.weeks:
        for week, cell in cells.items():
            for sense in _SIDES:
                rule_id, period = f"week lock {j} {week} {sense}", f"week {calendar.labels[week]}"
                yield WeekLock(rule_id, j, name, week, period, sense, float(locked[week]), columns,
                               impressions=contacts), cell  # fmt: skip
        return
    if np.nansum(locked) > 0:
        least = VehicleLimit(f"locked weeks {j}", j, name, "locked weeks", ">=", float(np.nansum(locked)),
                             impressions=contacts)  # fmt: skip
        yield least, next(cell for week, cell in cells.items() if locked[week] > 0)
    most = np.where(np.isnan(locked), offered.most[j], locked)
    if np.isfinite(most).all():
        had = Availability(f"locked weeks <= {j}", j, name, most, columns, impressions=contacts)
        yield had, cells[settled[0]]
