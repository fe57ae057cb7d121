"""How a plan stands to every rule, goal and price of its campaign, checked independently of the solver."""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray
from models.goals import EffectiveFloor, Floor
from models.rules.availability import Availability
from models.rules.budget import Budget
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.row import Rule
from models.rules.smallest_buy import SmallestBuy
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_limit import WeekLimit
from models.rules.week_lock import WeekLock
from planner.prepare import Prepared
from planner.results import RuleOutcome
from planner.rulebook import USUAL

PRICES = (FixedCost, PackageOffer, VolumeDiscount)


def outcomes(prepared: Prepared, plan: FloatArray) -> tuple[RuleOutcome, ...]:
    """Every rule and goal, in the campaign's order. A vehicle's maximum and availability are told only where they
    bind."""
    found = list(_rules(prepared, plan))
    goals = prepared.goals
    problem = prepared.problem
    floors: tuple[Floor | EffectiveFloor, ...] = (*goals.floors, *goals.effective)
    for floor in floors:
        slack = _goal_slack(prepared, floor, plan)
        holds = not any(floor.id == broken for broken in problem.broken(plan))
        binding = holds and _goal_binds(prepared, floor, plan)
        unit = "contacts per person" if _is_cap(floor) else "share of the audience"
        found.append(
            RuleOutcome(
                goals.cells[floor.id], goals.sentences[floor.id], holds, binding, round(slack, 6), unit
            )
        )
    return tuple(found)


def _rules(prepared: Prepared, plan: FloatArray) -> Iterator[RuleOutcome]:
    quiet = (VehicleLimit, Availability, WeekLock)
    for rule in prepared.problem.rules:
        slack, holds = rule.slack(plan), rule.holds(plan)
        binding = holds and bool(plan.any()) and _binds(prepared, rule, plan, slack)
        told = not isinstance(rule, quiet) or (isinstance(rule, VehicleLimit) and rule.why != "maximum")
        if isinstance(rule, WeekLock) and rule.sense == "<=" and holds:
            continue  # its other side tells of both
        binding = binding and not rule.id.startswith(USUAL)
        if binding or not holds or told:
            cell = prepared.cells.get(rule.id, "")
            price = isinstance(rule, PRICES)
            yield RuleOutcome(cell, rule.sentence(), holds, binding, round(slack, 6), rule.unit, price)


def _binds(prepared: Prepared, rule: Rule, plan: FloatArray, slack: float) -> bool:
    """Whether one more (or one less) insertion would break it: for money, less than the cheapest is left. A price
    binds where it is paid."""
    if isinstance(rule, PRICES):
        return _paid(rule, plan)
    if isinstance(rule, SmallestBuy):
        return bool(plan[rule.vehicle] > 0) and slack < 1e-9
    insertions = prepared.problem.columns.insertions(plan)
    if (insertions != np.round(insertions)).any():
        return slack <= 1e-6 * max(getattr(rule, "amount", 1.0), 1.0)
    cost = np.where(prepared.rulebook.cost > 0, prepared.rulebook.cost, np.nan)
    if isinstance(rule, Budget):
        open_ = prepared.rulebook.buyable > insertions
        return bool(open_.any()) and slack < float(np.nanmin(np.where(open_, cost, np.nan), initial=np.inf))
    if isinstance(rule, GroupLimit | Ratio | WeekLimit):
        return _measure_binds(prepared, rule, cost, slack)
    sense = getattr(rule, "sense", "<=")
    return slack < 1 - 1e-9 if sense != ">=" else slack < 1e-9


def _paid(rule: FixedCost | PackageOffer | VolumeDiscount, plan: FloatArray) -> bool:
    if isinstance(rule, FixedCost):
        return bool(plan[rule.vehicle] > 1e-9)
    if isinstance(rule, PackageOffer):
        return bool(rule.tariff.columns.packages_of(plan)[rule.package] > 0.5)
    return bool(rule.tariff.rates(plan)[rule.steps.members].max(initial=0.0) > 0)


def _measure_binds(
    prepared: Prepared, rule: GroupLimit | Ratio | WeekLimit, cost: FloatArray, slack: float
) -> bool:
    """Whether less is left than one insertion of a member counts."""
    measure = rule.of if isinstance(rule, Ratio) else rule.measure
    if measure == "share":
        return slack < 0.01
    members = np.arange(len(cost)) if isinstance(rule, WeekLimit) else rule.members
    if measure == "money":
        return slack < float(np.nanmin(cost[members], initial=np.inf))
    if measure == "insertions":
        return slack < 1 - 1e-9 if rule.sense == "<=" or isinstance(rule, Ratio) else slack < 1e-9
    rating = prepared.rulebook.rating[members]
    return slack < float(rating[rating > 0].min(initial=np.inf))


# --- goals ---


def _is_cap(floor: Floor | EffectiveFloor) -> bool:
    return isinstance(floor, Floor) and floor.contacts is not None


def _goal_slack(prepared: Prepared, floor: Floor | EffectiveFloor, plan: FloatArray) -> float:
    """As a share of the audience; of a cap on frequency, in contacts per person reached."""
    insertions = prepared.problem.columns.insertions(plan)
    model, row = prepared.people.model, prepared.goals.rows[floor.id]
    if isinstance(floor, EffectiveFloor):
        return floor.slack(model, insertions) / max(float(floor.people.sum()), 1e-300)
    reach = model.reach_shares(insertions)
    if floor.contacts is None:
        return floor.slack(reach, insertions) / max(float(floor.people.sum()), 1e-300)
    assert row.at_most is not None
    met = float(floor.people @ reach) / row.at_most if row.at_most else 0.0
    return row.at_most - (float(-floor.contacts @ insertions) / met if met > 0 else 0.0)


def _goal_binds(prepared: Prepared, floor: Floor | EffectiveFloor, plan: FloatArray) -> bool:
    """Whether every single insertion less (of a cap: one more) would break it."""
    if isinstance(floor, EffectiveFloor) or _is_cap(floor):
        return _goal_slack(prepared, floor, plan) < 0.01 * (_goal_size(prepared, floor))
    insertions = prepared.problem.columns.insertions(plan)
    model = prepared.people.model
    here = float(floor.people @ model.reach_shares(insertions))
    for j in np.flatnonzero(insertions >= 1):
        less = insertions.copy()
        less[j] -= 1
        if float(floor.people @ model.reach_shares(less)) >= floor.least:
            return False
    return bool(here >= floor.least * (1 - 1e-9))


def _goal_size(prepared: Prepared, floor: Floor | EffectiveFloor) -> float:
    row = prepared.goals.rows[floor.id]
    return float(row.at_most if row.at_most is not None else row.at_least or 0.0)
