"""How a plan stands to every rule, goal and price of its campaign, checked independently of the solver."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from models.after.binding import binding_rules
from models.arrays import FloatArray
from models.problem.goals import EffectiveFloor, Floor
from models.rules.availability import Availability
from models.rules.fixed_cost import FixedCost
from models.rules.package_offer import PackageOffer
from models.rules.row import Rule
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_lock import WeekLock
from planner.campaign.prepare import Prepared
from planner.campaign.rulebook import USUAL
from planner.planning.results import CustomersFirst, RuleOutcome
from planner.planning.variants import keeping_customers

PRICES = (FixedCost, PackageOffer, VolumeDiscount)


def outcomes(
    prepared: Prepared, plan: FloatArray, customers: CustomersFirst | None = None
) -> tuple[RuleOutcome, ...]:
    """Every rule and goal, in the campaign's order; whether it binds is said by models.after.binding. A vehicle's
    maximum and availability are told only where they bind. customers: the floor that the plan was made under, no rule
    of its own here."""
    goals, problem = prepared.goals, prepared.problem
    outcome = problem.outcome(plan)
    held = keeping_customers(prepared, customers).problem
    binds = binding_rules(held, plan) if plan.any() else frozenset()
    found = list(_rules(prepared, plan, binds))
    broken = problem.broken(plan)
    floors: tuple[Floor | EffectiveFloor, ...] = (*goals.floors, *goals.effective)
    for floor in floors:
        slack, holds = floor.slack(outcome), floor.id not in broken
        binding = holds and floor.id in binds
        unit = "contacts per person" if _is_cap(floor) else "share of the audience"
        found.append(
            RuleOutcome(
                goals.cells[floor.id], goals.sentences[floor.id], holds, binding, round(slack, 6), unit
            )
        )
    return tuple(found)


def _rules(prepared: Prepared, plan: FloatArray, binds: Collection[str]) -> Iterator[RuleOutcome]:
    outcome = prepared.problem.outcome(plan)
    for rules in _by_demand(prepared.problem.rules):
        first = rules[0]
        slack, holds = min(rule.slack(outcome) for rule in rules), all(rule.holds(outcome) for rule in rules)
        quiet = isinstance(first, Availability) or (
            isinstance(first, VehicleLimit) and first.why == "maximum"
        )
        price = isinstance(first, PRICES)
        binding = _paid(first, plan) if isinstance(first, PRICES) else _bind(rules, binds) and holds
        if binding or not holds or not quiet:
            cell = prepared.cells.get(first.id, "")
            yield RuleOutcome(cell, first.sentence(), holds, binding, round(slack, 6), first.unit, price)


def _by_demand(rules: Sequence[Rule]) -> Iterable[list[Rule]]:
    """Each rule by itself, but the two sides of a locked number together."""
    found: dict[object, list[Rule]] = {}
    for rule in rules:
        key: object = rule.id
        if isinstance(rule, WeekLock):
            key = (rule.vehicle, rule.week)
        elif isinstance(rule, VehicleLimit) and rule.why == "locked":
            key = rule.vehicle
        found.setdefault(key, []).append(rule)
    return found.values()


def _bind(rules: Sequence[Rule], binds: Collection[str]) -> bool:
    """Whether one of them binds that is not only how often its vehicle appears."""
    return any(rule.id in binds and not rule.id.startswith(USUAL) for rule in rules)


def _paid(rule: FixedCost | PackageOffer | VolumeDiscount, plan: FloatArray) -> bool:
    if isinstance(rule, FixedCost):
        return bool(plan[rule.vehicle] > 1e-9)
    if isinstance(rule, PackageOffer):
        return bool(rule.tariff.columns.packages_of(plan)[rule.package] > 0.5)
    return bool(rule.tariff.rates(plan)[rule.steps.members].max(initial=0.0) > 0)


# --- goals ---


def _is_cap(floor: Floor | EffectiveFloor) -> bool:
    return isinstance(floor, Floor) and floor.contacts is not None
