"""The sheet Weeks as frozen inputs: when insertions can stand, what weeks may cost, and what is settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class WeekLimit:
    """Money or rating points of some weeks together, at least or at most. weeks: from 0. period: "the week of
    2 March 2027", "March 2027". cell: address, used as its id in messages."""

    measure: Literal["money", "grp"]
    sense: Literal["<=", ">="]
    weeks: tuple[int, ...]
    amount: float
    period: str
    cell: str = ""


@dataclass(frozen=True)
class PriceFactor:
    """What the price of a medium, a vehicle or (name "") everything is multiplied by, per week of the flight.
    vehicles: whose; a vehicle is in one row at most."""

    name: str
    vehicles: tuple[str, ...]
    factors: tuple[float, ...]
    cell: str = ""


@dataclass(frozen=True)
class Calendar:
    """The sheet Weeks: when insertions can stand, and when they should.

    labels: heading per week, as on the sheet ("W1" or a date). mondays: per week, None without a Start.
    weights: the planner's own flighting weight per week, None = the Brief's flighting. limits, factors: see
    there. most: per listed vehicle its most insertions per week; vehicles not listed
    take what their Appears gives per week, else their maximum. locked: per vehicle its insertions per week
    that are settled (None = free).
    """

    labels: tuple[str, ...]
    mondays: tuple[date | None, ...]
    weights: tuple[float, ...] | None = None
    limits: tuple[WeekLimit, ...] = ()
    factors: tuple[PriceFactor, ...] = ()
    most: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    locked: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)

    @property
    def binds_the_buy(self) -> bool:
        """Whether weekly insertions must be decided together with the buy: limits or prices by the week."""
        return bool(self.limits or self.factors)
