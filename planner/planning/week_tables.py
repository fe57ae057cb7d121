"""A plan by week and by month, as tables.py has it by vehicle."""

import calendar
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.arrays import FloatArray
from planner.formats import month_of
from planner.planning.results import PlanResult
from planner.planning.tables import BOUGHT, costs, divided, plan_rows, target_size, tidied


def billed(weekly: FloatArray, unit_cost: FloatArray, spent: FloatArray) -> FloatArray:
    """(n_vehicles, n_weeks) money of each week: what a vehicle costs in all, `spent` (n_vehicles,), shared out as its
    insertions at their price are; of a vehicle that only packages sell, as its insertions are. Weeks so add up to what
    is billed, with discounts, fixed costs and packages in them.

    >>> billed(np.array([[1.0, 3.0]]), np.array([[10.0, 10.0]]), np.array([36.0])).tolist()
    [[9.0, 27.0]]
    """
    listed = np.where(weekly > 0, np.nan_to_num(unit_cost) * weekly, 0.0)
    by = np.where(listed.sum(axis=1, keepdims=True) > 0, listed, weekly)
    whole = by.sum(axis=1, keepdims=True)
    return np.asarray(spent[:, None] * divided(by, whole, 0.0))


def money_by_week(result: PlanResult) -> FloatArray:
    """(n_vehicles, n_weeks) what is billed for each vehicle and week, in the campaign's order."""
    weeks = result.weeks
    assert weeks is not None
    return billed(weeks.insertions, weeks.unit_cost, np.nan_to_num(costs(result, result.vehicles.insertions)))


def when(result: PlanResult) -> dict[str, str] | None:
    """The weeks in which each vehicle stands: one or two by name, more as the first to the last; None without a
    calendar."""
    weeks = result.weeks
    if weeks is None:
        return None
    names = [
        label if monday is None else f"{monday.day} {calendar.month_abbr[monday.month]}"
        for label, monday in zip(weeks.labels, weeks.mondays, strict=True)
    ]
    told = {}
    for vehicle, counts in zip(result.campaign.vehicles, weeks.insertions, strict=True):
        stands = [name for name, count in zip(names, counts, strict=True) if count > BOUGHT]
        told[vehicle.name] = ", ".join(stands) if len(stands) < 3 else f"{stands[0]} to {stands[-1]}"
    return told


@dataclass(frozen=True)
class Month:
    """Money billed and rating points (of everyone, of the target) of a month."""

    month: str
    cost: float
    grp: float
    target_grp: float


def month_rows(result: PlanResult) -> tuple[Month, ...]:
    """The plan by month; none where weeks have no dates."""
    weeks = result.weeks
    if weeks is None or any(monday is None for monday in weeks.mondays):
        return ()
    target = 100 * divided(result.vehicles.target_000, target_size(result)) @ weeks.insertions
    money = money_by_week(result).sum(axis=0)
    sums: dict[str, FloatArray] = {}
    for at, monday in enumerate(weeks.mondays):
        assert monday is not None
        week = np.nan_to_num(np.array([money[at], weeks.grp[at], target[at]]))
        sums[month_of(monday)] = sums.get(month_of(monday), np.zeros(3)) + week
    return tuple(Month(month, *values.tolist()) for month, values in sums.items())


def vehicle_weeks(result: PlanResult) -> list[dict[str, Any]]:
    """Insertions of what is bought by week, a row per vehicle and a column per week (its Monday where there are
    dates); none where the plan has no calendar."""
    weeks = result.weeks
    if weeks is None:
        return []
    labels = [
        label if monday is None else monday.isoformat()
        for label, monday in zip(weeks.labels, weeks.mondays, strict=True)
    ]
    places = {vehicle.name: at for at, vehicle in enumerate(result.campaign.vehicles)}
    return [
        {
            "vehicle": row.vehicle,
            "medium": row.medium,
            **dict(zip(labels, tidied(weeks.insertions[places[row.vehicle]]).tolist(), strict=True)),
        }
        for row in plan_rows(result)
        if row.bought
    ]
