"""What a campaign demands, limit by limit: which may give way, and to what limit, so that a plan fits.

A demand is a rule, a floor, or the two sides of a locked number. Prices are no demands (a discount never
conflicts, a package that is not wanted is not taken), but for a fixed cost: it is money that could be less.
A limit that gives way is rounded to the side that lets the plan in, to a number that people can type.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.problem.goals import EffectiveFloor, Floor
from models.problem.problem import Problem
from models.rules.availability import Availability
from models.rules.budget import Budget
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.outcome import Outcome
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.row import Measured, Rule, Side, number_text
from models.rules.smallest_buy import SmallestBuy
from models.rules.something_bought import SomethingBought
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_limit import WeekLimit
from models.rules.week_lock import WeekLock

Part = Rule | Floor | EffectiveFloor
STRUCTURE = (PackageOffer, VolumeDiscount, SomethingBought)
_GRAIN = {"share of spend": 1e-4, "ratio": 1e-4, "share of the audience": 1e-4}
_DIGITS = 4  # a limit's grain is at most the fourth digit of the limit itself


@dataclass(frozen=True, eq=False)
class Demand:
    """parts: one, or both sides of a locked number."""

    parts: tuple[Part, ...]

    @property
    def id(self) -> str:
        return self.parts[0].id

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(part.id for part in self.parts)


@dataclass(frozen=True)
class Measure:
    """A limit as one number. unit: money, share of spend, ratio, insertions, GRP, bought, share of the audience,
    contacts per person reached, or impressions. Shares and ratios are fractions."""

    limit: float
    unit: str


def demands_of(problem: Problem) -> tuple[Demand, ...]:
    """Every limit that may give way, in the campaign's order."""
    found: dict[object, list[Part]] = {}
    for rule in problem.rules:
        if isinstance(rule, VehicleLimit) and rule.why == "locked":
            found.setdefault(("locked", rule.vehicle), []).append(rule)
        elif isinstance(rule, WeekLock):
            found.setdefault(("locked", rule.vehicle, rule.week), []).append(rule)
        elif not isinstance(rule, STRUCTURE):
            found[rule.id] = [rule]
    floors: tuple[Part, ...] = (*problem.floors, *problem.effective)
    for floor in floors:
        found[floor.id] = [floor]
    return tuple(Demand(tuple(parts)) for parts in found.values())


def keeping(demand: Demand) -> int:
    """How much a demand is worth keeping in an explanation: of two ways to say why, the one with wishes (a goal, a
    rule, the budget) says more than the one with what is on offer."""
    part = demand.parts[0]
    if isinstance(part, FixedCost | Availability):
        return 0
    if isinstance(part, WeekLock):
        return 2
    if isinstance(part, VehicleLimit):
        return 0 if part.why == "maximum" else 2
    return 1 if isinstance(part, SmallestBuy | WeekLimit) else 3


def measure(part: Part) -> Measure:
    """The number that a part's limit is."""
    if isinstance(part, Floor):
        if part.contacts is not None:
            return Measure(part.stated, "contacts per person reached")
        return Measure(part.least / (float(part.people.sum()) or 1.0), "share of the audience")
    if isinstance(part, EffectiveFloor):
        return Measure(part.least / (float(part.people.sum()) or 1.0), "share of the audience")
    if isinstance(part, SmallestBuy):
        return Measure(part.insertions, "insertions")
    if isinstance(part, Availability):
        return Measure(float(part.most.sum()), "insertions")
    if isinstance(part, Ratio):
        return Measure(part.amount, "ratio")
    return Measure(float(part.amount), part.unit)  # type: ignore[attr-defined]


def size(part: Part, money: float) -> float:
    """What a change of a limit is a share of: the limit, or a little where the limit is next to nothing. money: the
    least that anything costs."""
    limit, unit = measure(part).limit, measure(part).unit
    least = {
        "money": money, "share of spend": 0.05, "ratio": 0.05, "share of the audience": 0.01, "GRP": 1.0,
        "contacts per person reached": 1.0,
    }.get(unit, 1.0)  # fmt: skip
    return max(abs(limit), least)


def grain(value: float, unit: str) -> float:
    """The steps in which a limit of this size is told.

    >>> grain(1049.5, "money"), grain(0.3, "share of spend")
    (0.01, 0.0001)
    """
    usual = _GRAIN.get(unit, 0.01)
    if abs(value) < 1e-9:
        return usual
    return float(min(usual, 10.0 ** (np.floor(np.log10(abs(value))) - _DIGITS + 1)))


def outwards(value: float, sense: Side, unit: str) -> float:
    """A limit rounded to the side where it asks for less.

    >>> outwards(1049.99999999, "<=", "money"), outwards(0.34567, ">=", "share of spend")
    (1050.0, 0.3456)
    """
    step = grain(value, unit)
    near = np.rint(value / step)
    if abs(value / step - near) > 1e-6:  # else it lies on the grain, but for a rounding of sums
        near = np.floor(value / step) if sense == ">=" else np.ceil(value / step)
    return float(round(near * step, max(round(-float(np.log10(step))), 0)))


def nearer(old: Part, new: Part) -> float:
    """The next limit from a changed one back towards the stated one."""
    before, after = measure(old), measure(new)
    step = grain(after.limit, after.unit)
    gap = before.limit - after.limit
    return after.limit + float(np.sign(gap)) * min(step, abs(gap))


def eased(demand: Demand, problem: Problem, plan: FloatArray, relief: float = 0.0) -> Demand | None:
    """The demand with the nearest limit that a plan (plan_size,) keeps; None where only dropping it lets the plan in.
    relief: of a fixed cost, the share of it that must go."""
    parts = tuple(_eased(part, problem, plan, relief) for part in demand.parts)
    kept = tuple(part for part in parts if part is not None)
    if len(kept) < len(parts):
        return None
    if len(kept) > 1 and kept != demand.parts:  # a locked number: both sides move together
        insertions = max(kept[0].reached(problem.outcome(plan)), 0.0)  # type: ignore[union-attr]
        return Demand(tuple(replace(part, amount=insertions) for part in kept))  # type: ignore[type-var]
    return Demand(kept)


def _eased(part: Part, problem: Problem, plan: FloatArray, relief: float) -> Part | None:
    outcome = problem.outcome(plan)
    if isinstance(part, Floor):
        return _eased_floor(part, outcome)
    if isinstance(part, EffectiveFloor):
        if part.holds(outcome):
            return part
        people = float(part.people.sum()) or 1.0
        met = part.met(outcome) / people
        return replace(part, least=people * outwards(met, ">=", "share of the audience"))
    if isinstance(part, FixedCost):
        return replace(part, amount=outwards(part.amount * (1 - relief), ">=", "money")) if relief else part
    if part.holds(outcome):
        return part
    if isinstance(part, Ratio):
        group, base = part.compared(outcome)
        return replace(part, amount=outwards(group / base, part.sense, "ratio")) if base > 0 else None
    if isinstance(part, SmallestBuy):
        return replace(part, insertions=float(plan[part.vehicle]))
    if isinstance(part, Availability):
        return _eased_availability(part, plan)
    assert isinstance(part, Measured)
    unit = measure(part).unit
    return replace(part, amount=outwards(part.reached(outcome), part.sense, unit))  # type: ignore[type-var]


def _eased_floor(floor: Floor, outcome: Outcome) -> Floor:
    if floor.holds(outcome):
        return floor
    if floor.contacts is None:
        people = float(floor.people.sum()) or 1.0
        reached = outwards(float(floor.people @ outcome.reach) / people, ">=", "share of the audience")
        return replace(floor, least=people * reached)
    stated = outwards(floor.contacts_each(outcome), "<=", "contacts per person reached")
    return replace(floor, people=floor.people * (stated / floor.stated), stated=stated)


def _eased_availability(part: Availability, plan: FloatArray) -> Availability:
    most = part.most.copy()
    if part.columns.weeks:
        weekly = part.columns.weekly(plan)[part.vehicle]
        return replace(part, most=np.maximum(most, weekly))
    most[int(np.argmax(most))] += max(float(plan[part.vehicle]) - float(most.sum()), 0.0)
    return replace(part, most=most)


def with_parts(problem: Problem, parts: Sequence[Part], dropped: Collection[str] = ()) -> Problem:
    """The problem with some of its limits replaced (by their ids), some dropped. A changed fixed cost changes every
    sum of money."""
    new = {part.id: part for part in parts}
    rules: tuple[Rule, ...] = tuple(
        new.get(rule.id, rule)  # type: ignore[misc]
        for rule in problem.rules
        if rule.id not in dropped
    )
    tariff = problem.tariff
    fixed = np.asarray(tariff.fixed).copy()
    for part in parts:
        if isinstance(part, FixedCost):
            fixed[part.vehicle] = part.amount
    if (fixed != tariff.fixed).any():
        tariff = replace(tariff, fixed=fixed)
        rules = tuple(replace(rule, tariff=tariff) if hasattr(rule, "tariff") else rule for rule in rules)  # type: ignore[type-var]
    return replace(
        problem,
        tariff=tariff,
        rules=rules,
        floors=tuple(new.get(floor.id, floor) for floor in problem.floors),  # type: ignore[misc]
        effective=tuple(new.get(floor.id, floor) for floor in problem.effective),  # type: ignore[misc]
    )


def is_ratio(part: Part) -> bool:
    """Whether a limit multiplies a sum: moving it bends the row, so that the smallest change is a fraction."""
    cap = isinstance(part, Floor) and part.contacts is not None
    return cap or isinstance(part, Ratio) or (isinstance(part, GroupLimit) and part.measure == "share")


def budget_of(problem: Problem) -> float:
    """The money there is, or what all that is on offer costs."""
    budgets = [rule.amount for rule in problem.rules if isinstance(rule, Budget)]
    return (
        max(min(budgets, default=0.0), 0.0) or float(problem.cost @ np.minimum(problem.buyable, 10.0)) or 1.0
    )


def change_text(old: Part, new: Part | None) -> str:
    """A changed limit in words, with how far it moved; None: it is dropped."""
    if new is None:
        return f"drop it ({old.sentence()})"  # type: ignore[union-attr]
    limit, unit = measure(new).limit, measure(new).unit
    moved = limit - measure(old).limit
    if isinstance(old, VehicleLimit) and old.why == "must-buy":
        return f"{old.name}: drop the must-buy"
    if limit <= 0 and moved < 0 and not isinstance(old, Floor | EffectiveFloor | FixedCost | WeekLock):
        return f"drop it ({old.sentence()})"
    fewer = "fewer" if unit in ("insertions", "bought") else "less"
    by = f"{_amount_text(abs(moved), unit, getattr(old, 'currency', ''))} {'more' if moved > 0 else fewer}"
    if isinstance(old, Floor | EffectiveFloor):
        return f"{_floor_text(new, limit)} ({by})"
    if isinstance(new, VehicleLimit) and new.why == "locked":
        return f"{new.name}: locked at {number_text(new.amount)} ({by})"
    return f"{new.sentence()} ({by})"  # type: ignore[union-attr]


def _floor_text(floor: Part, limit: float) -> str:
    if isinstance(floor, EffectiveFloor):
        return f"at least {number_text(100 * limit)} % reached {floor.times} times or more"
    if isinstance(floor, Floor) and floor.contacts is not None:
        return f"at most {number_text(limit)} contacts per person reached"
    return f"at least {number_text(100 * limit)} % reached"


def _amount_text(amount: float, unit: str, currency: str) -> str:
    number = number_text(round(amount, 4))
    if unit == "money":
        return f"{currency} {number}".strip()
    if unit in _GRAIN:
        return f"{number_text(round(100 * amount, 4))} points"
    if unit in ("bought", "contacts per person reached"):
        return number
    return f"{number} {'insertion' if unit == 'insertions' and amount == 1 else unit}"
