"""What a campaign demands, limit by limit: which may give way, and to what limit, so that a plan fits.

A demand is a rule, a goal, or the two sides of a locked number. Prices are no demands (a discount never conflicts, a
package that is not wanted is not taken), but for a fixed cost: it is money that could be less. What a limit is, and how
it gives way, is said by its own family (models.rules.rule.Limit).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from models.problem.problem import Problem
from models.rules.outcome import Outcome
from models.rules.rounding import FRACTIONS, grain, outwards
from models.rules.row import insertions_text, money_text, number_text
from models.rules.rule import Limit, by_demand

# What a change is a share of at the least, where the limit is next to nothing; money: the least that anything costs.
_LEAST_SIZE = {
    "share of spend": 0.05, "share of budget": 0.05, "ratio": 0.05, "share of the audience": 0.01,
    "share of impressions": 0.05,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Demand:
    """parts: one, or both sides of a locked number."""

    parts: tuple[Limit, ...]

    @property
    def id(self) -> str:
        return self.parts[0].id

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(part.id for part in self.parts)


def demands_of(problem: Problem) -> tuple[Demand, ...]:
    """Every limit that may give way, in the campaign's order."""
    limits = [rule for rule in problem.all_rules if isinstance(rule, Limit)]
    return tuple(Demand(parts) for parts in by_demand(limits))


def size(part: Limit, money: float) -> float:
    """What a change of a limit is a share of: the limit, or a little where the limit is next to nothing. money: the
    least that anything costs."""
    least = money if part.limit_unit == "money" else _LEAST_SIZE.get(part.limit_unit, 1.0)
    return max(abs(part.limit), least)


def nearer(old: Limit, new: Limit) -> float:
    """The next limit from a changed one back towards the stated one."""
    step = grain(new.limit, new.limit_unit)
    gap = old.limit - new.limit
    return new.limit + float(np.sign(gap)) * min(step, abs(gap))


def eased(demand: Demand, outcome: Outcome) -> Demand | None:
    """The demand with the nearest limit that a plan keeps; None where only dropping it lets the plan in."""
    parts = [part.eased_for(outcome) for part in demand.parts]
    kept = tuple(part for part in parts if part is not None)
    if len(kept) < len(parts):
        return None
    return Demand(kept) if len(kept) == 1 else _together(demand, kept)


def _together(demand: Demand, kept: Sequence[Limit]) -> Demand:
    """Both sides of a locked number, moved together."""
    moved = [new.limit for old, new in zip(demand.parts, kept, strict=True) if new is not old]
    return Demand(tuple(part.eased(max(moved[0], 0.0)) for part in kept)) if moved else demand


def relieved(demand: Demand, share: float) -> Demand:
    """A fixed cost of which a share must go."""
    return Demand(
        tuple(part.eased(outwards(part.limit * (1 - share), ">=", part.limit_unit)) for part in demand.parts)
    )


def with_parts(problem: Problem, parts: Sequence[Limit], dropped: Collection[str] = ()) -> Problem:
    """The problem with some of its limits replaced (by their ids), some dropped. A changed fixed cost changes every
    sum of money, a changed budget every share of it."""
    new = {part.id: part for part in parts}
    rules = tuple(new.get(rule.id, rule) for rule in problem.rules if rule.id not in dropped)
    tariff = reduce(lambda known, part: part.charged(known), parts, problem.tariff)
    budget = next((new[old.id].limit for old in problem.budgets if old.id in new), None)
    if tariff is not problem.tariff or budget is not None:
        rules = tuple(rule.with_money(tariff, budget) for rule in rules)
    return _with_goals(replace(problem, tariff=tariff, rules=rules), new)


def _with_goals(problem: Problem, new: Mapping[str, Limit]) -> Problem:
    return replace(
        problem,
        floors=tuple(new.get(floor.id, floor) for floor in problem.floors),  # type: ignore[misc]
        effective=tuple(new.get(goal.id, goal) for goal in problem.effective),  # type: ignore[misc]
    )


def budget_of(problem: Problem) -> float:
    """The money there is, or what all that is on offer costs."""
    stated = min((budget.amount for budget in problem.budgets), default=0.0)
    return max(stated, 0.0) or float(problem.cost @ np.minimum(problem.buyable, 10.0)) or 1.0


def change_text(old: Limit, new: Limit | None) -> str:
    """A changed limit in words, with how far it moved; None: it is dropped."""
    if new is None:
        return old.change_text(None, "")
    moved, unit = new.limit - old.limit, new.limit_unit
    fewer = "fewer" if unit in ("insertions", "bought") else "less"
    by = f"{_amount_text(abs(moved), unit, old)} {'more' if moved > 0 else fewer}"
    return old.change_text(new, by)


def _amount_text(amount: float, unit: str, old: Limit) -> str:
    if old.impressions:
        return insertions_text(round(amount, 4), old.impressions)
    number = number_text(round(amount, 4))
    if unit == "money":
        return money_text(old.currency, round(amount, 4))
    if unit in FRACTIONS:
        return f"{number_text(round(100 * amount, 4))} points"
    if unit in ("bought", "contacts per person"):
        return number
    return f"{number} {'insertion' if unit == 'insertions' and amount == 1 else unit}"
