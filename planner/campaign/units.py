"""Vehicles that are sold in several units (:30 and :10): one row each, which share the vehicle's people.

A unit is called `Vehicle | Unit`; the vehicle's own name means all of its units.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from models.arrays import IntArray
from planner.campaign.inputs import VehicleRow


class Named(Protocol):
    """What knows the name of its vehicle, whatever the unit."""

    @property
    def vehicle_name(self) -> str: ...


def how_many(rows: Iterable[Named]) -> int:
    """How many vehicles the rows are of; the units of one count once."""
    return len({row.vehicle_name for row in rows})


def unit_name(vehicle: str, unit: str) -> str:
    """What one unit of a vehicle is called.

    >>> unit_name("Evening Quiz", ":10")
    'Evening Quiz | :10'
    """
    return f"{vehicle} | {unit}"


def units_of(vehicles: Sequence[VehicleRow]) -> Mapping[str, tuple[int, ...]]:
    """Places of the units of every vehicle that has several, by the vehicle's own name."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(vehicles):
        if row.vehicle:
            found.setdefault(row.vehicle, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def stands_for(vehicles: Sequence[VehicleRow]) -> IntArray:
    """(n_rows,) per row the place of the unit of its vehicle that most people notice, which stands for the vehicle."""
    found = np.arange(len(vehicles))
    for places in units_of(vehicles).values():
        found[list(places)] = max(places, key=lambda place: vehicles[place].ad_seen)
    return found


def each_once(vehicles: Sequence[VehicleRow]) -> tuple[VehicleRow, ...]:
    """Every vehicle once, under its own name, by the row of the unit that stands for it, in the order of the rows."""
    heads = dict.fromkeys(stands_for(vehicles).tolist())
    return tuple(replace(vehicles[place], name=vehicles[place].vehicle_name, vehicle="") for place in heads)


def places_once(vehicles: Sequence[VehicleRow]) -> IntArray:
    """(n_rows,) per row the place of its vehicle in each_once."""
    heads = {head: place for place, head in enumerate(dict.fromkeys(stands_for(vehicles).tolist()))}
    return np.array([heads[head] for head in stands_for(vehicles).tolist()], dtype=np.int64)
