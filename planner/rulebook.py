"""The campaign's rules as the models know them, and back to the planner's words and cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.row import Rule
from models.rules.vehicle_limit import VehicleLimit
from planner.inputs import Campaign, RuleRow, VehicleRow
from planner.results import RuleOutcome


@dataclass(frozen=True, eq=False)
class Rulebook:
    """rules: every rule of the campaign. cells: rule id -> address. cost: (n_vehicles,) money the budget
    pays for one insertion, nan where there is no price. buyable: (n_vehicles,) most insertions on offer."""

    rules: tuple[Rule, ...]
    cells: Mapping[str, str]
    cost: FloatArray
    buyable: FloatArray

    def spend(self, insertions: FloatArray) -> float:
        """Money of the budget that insertions (n_vehicles,) cost."""
        return float(np.nansum(np.where(insertions > 0, self.cost * insertions, 0.0)))

    def outcomes(self, insertions: FloatArray) -> tuple[RuleOutcome, ...]:
        """How a plan stands to each rule. A vehicle's maximum is told only where it binds."""
        told = []
        for rule in self.rules:
            slack = rule.slack(insertions)
            holds = rule.holds(insertions)
            binding = holds and bool(insertions.any()) and self._binds(rule, insertions, slack)
            if binding or not holds or not (isinstance(rule, VehicleLimit) and rule.why == "maximum"):
                told.append(
                    RuleOutcome(
                        self.cells[rule.id], rule.sentence(), holds, binding, round(slack, 6), rule.unit
                    )
                )
        return tuple(told)

    def _binds(self, rule: Rule, insertions: FloatArray, slack: float) -> bool:
        """Whether one more (or one less) insertion would break it: for money, less than the cheapest is left."""
        if (insertions != np.round(insertions)).any():
            return slack <= 1e-6 * max(getattr(rule, "amount", 1.0), 1.0)
        if isinstance(rule, Budget):
            open_ = self.buyable > insertions
            return bool(open_.any()) and slack < float(np.nanmin(np.where(open_, self.cost, np.nan)))
        if isinstance(rule, GroupLimit) and rule.measure == "share":
            return slack < 0.01
        if isinstance(rule, GroupLimit) and rule.measure == "money":
            return slack < float(np.nanmin(self.cost[rule.members], initial=np.inf))
        return slack < 1 - 1e-9 if rule.sense != ">=" else slack < 1e-9  # type: ignore[attr-defined]


def money_cost(vehicle: VehicleRow, campaign: Campaign) -> float:
    """Money the budget pays for one insertion: Unit cost x (1 - Discount), and x (1 - Commission) where the
    budget is net; nan where there is no price."""
    if vehicle.unit_cost is None:
        return float("nan")
    commission = campaign.brief.commission if campaign.brief.budget_is == "net" else 0.0
    return vehicle.unit_cost * (1 - vehicle.discount) * (1 - commission)


def build_rulebook(campaign: Campaign) -> Rulebook:
    """Every rule that the campaign states."""
    cost = np.array([money_cost(vehicle, campaign) for vehicle in campaign.vehicles])
    priced = np.where(np.isnan(cost), 0.0, cost)
    buyable = np.array(
        [0.0 if vehicle.unit_cost is None else vehicle.maximum for vehicle in campaign.vehicles]
    )
    rules: list[Rule] = [Budget("budget", priced, campaign.brief.budget, campaign.brief.currency)]
    cells = {"budget": campaign.cells.get(("Brief", "budget", "value"), "Brief")}
    for j, vehicle in enumerate(campaign.vehicles):
        for rule, attribute in _vehicle_limits(j, vehicle):
            rules.append(rule)
            cells[rule.id] = campaign.cells.get(
                ("Vehicles", vehicle.name, attribute), f"Vehicles, {vehicle.name}"
            )
    positions = {vehicle.name: j for j, vehicle in enumerate(campaign.vehicles)}
    for number, row in enumerate(campaign.rules):
        for limit in _group_limits(number, row, positions, priced, campaign.brief.currency):
            rules.append(limit)
            cells[limit.id] = row.cell or f"Rules, {row.name}"
    return Rulebook(tuple(rules), cells, cost, buyable)


def _vehicle_limits(j: int, vehicle: VehicleRow) -> list[tuple[VehicleLimit, str]]:
    def limit(why: str, sense: str, insertions: float) -> VehicleLimit:
        return VehicleLimit(f"{why} {sense} {j}", j, vehicle.name, why, sense, insertions)  # type: ignore[arg-type]

    found = [(limit("maximum", "<=", vehicle.maximum), "maximum")]
    if vehicle.minimum > 0:
        found.append((limit("minimum", ">=", vehicle.minimum), "minimum"))
    if vehicle.must_buy:
        found.append((limit("must-buy", ">=", 1.0), "must_buy"))
    if vehicle.locked is not None:
        found += [(limit("locked", sense, vehicle.locked), "locked") for sense in ("<=", ">=")]
    return found


def _group_limits(
    number: int, row: RuleRow, positions: Mapping[str, int], cost: FloatArray, currency: str
) -> list[GroupLimit]:
    members = np.array(sorted(positions[name] for name in row.vehicles), dtype=np.int64)
    stated = ((">=", row.at_least), ("<=", row.at_most))
    return [
        GroupLimit(f"rule {number} {sense}", row.applies_to, members, row.unit, sense, amount, cost, currency)  # type: ignore[arg-type]
        for sense, amount in stated
        if amount is not None
    ]
