"""The prices of a plan's vehicles as a table."""

from typing import Any

from planner.explaining.explained import Explanation, VehiclePrice
from planner.planning.tables import once_per_result


@once_per_result
def price_rows(explanation: Explanation) -> tuple[dict[str, Any], ...]:
    """Every vehicle, in the campaign's order, by column. Money in the campaign's currency, *_pct in percents."""
    return tuple(_row(price) for price in explanation.vehicles)


def _row(price: VehiclePrice) -> dict[str, Any]:
    return {
        "vehicle": price.vehicle,
        "medium": price.medium,
        "bought": price.bought,
        "insertions": price.insertions,
        "unit_cost": price.quoted,
        "entry_price": None if price.bought else price.price,
        "fall_pct": None if price.fall is None else 100 * price.fall,
        "stays_until": price.price if price.bought else None,
        "low": price.low,
        "high": price.high,
        "confirmed": price.confirmed,
        "source": price.source,
        "eases": price.eases,
        "change_at_10_pct_less": price.cheaper,
        "change_at_10_pct_more": price.dearer,
        "reason": price.reason,
    }
