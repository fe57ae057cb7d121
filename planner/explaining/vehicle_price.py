"""A vehicle's price as it is told: in whole cents, with how it was found."""

import numpy as np

from planner.campaign.bought import bought_000
from planner.campaign.inputs import VehicleRow
from planner.explaining.explained import VehiclePrice
from planner.explaining.pricing import PART
from planner.explaining.proven import Proven

_ROUNDED = 2e-9  # of a price, what the proofs leave for rounding: 36,000 is 36,000, not 35,999.99


def from_dual(its: Proven, bought: float) -> VehiclePrice:
    """A vehicle's price as the relaxation guesses it, or as a rule settles it."""
    base, place, row = its.base, its.place, its.row
    if row.locked == 0 or row.maximum == 0:
        return vehicle_price(row, bought, None, source="never")
    if row.asked_for or row.locked is not None:
        return vehicle_price(row, bought, None, source="rule")
    packaged = base.prepared.rulebook.tariff.from_packages(base.best.decision)[place]
    if bought > 0 and packaged >= max(bought, float(base.plan[place])) - PART and not its.rules.any:
        return vehicle_price(row, bought, None, source="rule")  # packages have a price of their own
    guess = float(base.dual[place])
    return vehicle_price(row, bought, guess if np.isfinite(guess) else None, source="dual")


def vehicle_price(
    row: VehicleRow, bought: float, price: float | None, source: str, low: float | None = None,
    high: float | None = None, confirmed: bool = False, rule: str = ""
) -> VehiclePrice:  # fmt: skip
    """price: money of one unit. low, high: up to low it is proven in, from high on out. source: of VehiclePrice."""
    points = row.unit_cost / row.cpp if row.unit_cost and row.cpp else 0.0
    return VehiclePrice(
        row.name, row.medium, bought > 0, float(bought), row.unit_cost, price, low, high,
        confirmed or source in ("rule", "never"), source, rule=rule, unit_000=bought_000(row), points=points,  # type: ignore[arg-type]
    )  # fmt: skip


def money_down(price: float) -> float:
    """A price in whole cents, rounded down so that what is in stays in."""
    return float(np.floor(price * 100 * (1 + _ROUNDED) + 1e-6) / 100) if price >= 1 else price


def money_up(price: float) -> float:
    """A price in whole cents, rounded up so that what is out stays out."""
    return float(np.ceil(price * 100 * (1 - _ROUNDED) - 1e-6) / 100) if price >= 1 else price
