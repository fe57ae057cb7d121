"""Money that is left because there is nothing more to buy."""

import math

from planner.formats import money, money_left
from planner.planning.results import PlanResult
from planner.planning.tables import BOUGHT


def all_bought(result: PlanResult) -> str:
    """The sentence; "" where something is left to buy, or no money is, or a planner changed the plan."""
    brief, vehicles = result.campaign.brief, result.campaign.vehicles
    bought: dict[str, float] = {}  # by vehicle, all its units
    for row, count in zip(vehicles, result.vehicles.insertions.tolist(), strict=True):
        bought[row.vehicle_name] = bought.get(row.vehicle_name, 0.0) + count
    left = money_left(brief.budget, result.cost)
    priced = [row for row in vehicles if row.unit_cost is not None and row.audience_000 > 0]
    open_ = any(bought[row.vehicle_name] < row.maximum - BOUGHT for row in priced)
    if open_ or not priced or result.is_edited or not 0 < left < math.inf:
        return ""
    return (
        f"Every vehicle stands at its maximum: {money(left, brief.currency)} of the budget buys nothing more."
    )
