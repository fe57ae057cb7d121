"""The campaign's calendar for the models: when each vehicle can run, and the pattern its weeks should follow."""

import math

import numpy as np

from models.arrays import FloatArray
from planner.appears import appearances
from planner.inputs import Campaign, VehicleRow

_PULSE_ON, _PULSE_OFF = 2, 1  # weeks on air, then off
_FRONT_LOADED = 3.0  # the first week's weight, beside the last's 1


def availability_of(campaign: Campaign) -> list[FloatArray]:
    """Per vehicle its most insertions in each week (n_weeks,), inf where only the flight limits them."""
    return [_most(vehicle, campaign) for vehicle in campaign.vehicles]


def _most(vehicle: VehicleRow, campaign: Campaign) -> FloatArray:
    weeks = campaign.brief.weeks
    usual = _usual(vehicle, weeks)
    stated = campaign.calendar.most.get(vehicle.name) if campaign.calendar else None
    if stated is None:
        return np.full(weeks, usual)
    return np.array([usual if number is None else number for number in stated])


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
