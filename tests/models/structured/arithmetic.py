"""Every plan of a tiny campaign and its arithmetic: what it costs, what it is worth.

None of it comes from models.rules or models.purchase.tariff; reach alone comes from models.reach.gamma.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.reach.gamma import ReachModel

FloatArray = NDArray[np.float64]

BY_WEEK = ("week limit in money", "week limit in grp", "availability", "price factor", "appearances")
ROUNDING = 1e-9  # of the amount compared: sums in another order


class Bought(NamedTuple):
    """One plan: insertions, by week, packages; and its money and reach as worked out here."""

    x: FloatArray
    w: FloatArray
    z: tuple[int, ...]
    spend: FloatArray
    reach: FloatArray


@dataclass(eq=False)
class Raw:
    """The numbers of a campaign. packages: insertions of each vehicle, and a price. discounts: members, what
    counts, and (from, rate) steps. checks: by family, whether a plan keeps the rule."""

    model: ReachModel
    cost: FloatArray
    most: int
    weeks: int
    budget: float = 0.0
    fixed: FloatArray = field(default_factory=lambda: np.zeros(0))
    factor: FloatArray | None = None
    packages: list[tuple[list[int], float]] = field(default_factory=list)
    discounts: list[tuple[list[int], str, list[tuple[float, float]]]] = field(default_factory=list)
    checks: list[tuple[str, Callable[[Bought], bool]]] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.cost)


@dataclass(frozen=True, eq=False)
class Tiny:
    """A campaign and its raw numbers."""

    problem: Problem
    raw: Raw


# --- the arithmetic of a plan ---


def spend_of(raw: Raw, x: FloatArray, w: FloatArray, z: tuple[int, ...]) -> FloatArray:
    """(n,) money, vehicle by vehicle, as a buyer would add it up."""
    held = [
        sum(taken * offer[j] for taken, (offer, _) in zip(z, raw.packages, strict=True)) for j in range(raw.n)
    ]
    single = [x[j] - held[j] for j in range(raw.n)]
    money = [raw.cost[j] * single[j] for j in range(raw.n)]
    if raw.factor is not None:
        money = [raw.cost[j] * outside_packages(raw.factor[j], w[j], held[j]) for j in range(raw.n)]
    spend = list(money)
    for members, by, steps in raw.discounts:
        counted = sum((single if by == "insertions" else money)[j] for j in members)
        rate = max([rate for start, rate in steps if counted >= start - 1e-9], default=0.0)
        for j in members:
            spend[j] = money[j] * (1 - rate)
    for j in range(raw.n):
        spend[j] += raw.fixed[j] if x[j] > 0 else 0.0
    for taken, (held, price) in zip(z, raw.packages, strict=True):
        singly = sum(held[j] * raw.cost[j] for j in range(raw.n))
        for j in range(raw.n):
            spend[j] += taken * price * held[j] * raw.cost[j] / singly
    return np.array(spend)


def outside_packages(factor: FloatArray, weeks: FloatArray, held: float) -> float:
    """Insertions at their weeks' factors, but for those in packages, which take the dearest weeks."""
    total = 0.0
    for dear, bought in sorted(zip(factor, weeks, strict=True), reverse=True):
        inside = min(held, bought)
        held -= inside
        total += dear * (bought - inside)
    return total


def every_plan(raw: Raw) -> Iterator[tuple[FloatArray, FloatArray, tuple[int, ...]]]:
    """Insertions, all ways to lay them into weeks, and all choices of packages that they can hold."""
    for x in itertools.product(range(raw.most + 1), repeat=raw.n):
        ways = [list(splits(bought, raw.weeks)) for bought in x]
        for w in itertools.product(*ways):
            for z in itertools.product((0, 1), repeat=len(raw.packages)):
                held = [
                    sum(t * h[j] for t, (h, _) in zip(z, raw.packages, strict=True)) for j in range(raw.n)
                ]
                if all(h <= b for h, b in zip(held, x, strict=True)):
                    yield np.array(x, float), np.array(w, float).reshape(raw.n, raw.weeks), z


def splits(total: int, weeks: int) -> Iterator[tuple[int, ...]]:
    if weeks <= 1:
        yield (total,) * weeks
        return
    for first in range(total + 1):
        for rest in splits(total - first, weeks - 1):
            yield (first, *rest)


def at_least(left: float, right: float) -> bool:
    return left >= right - ROUNDING * max(abs(right), 1.0)


def on_side(left: float, sense: str, right: float) -> bool:
    return at_least(left, right) if sense == ">=" else at_least(-left, -right)


def worth_of(objective: Objective, plan: Bought) -> float:
    if objective.saves_money:
        return -float(plan.spend.sum())
    worth = float(objective.segment_worth @ plan.reach + objective.insertion_worth @ plan.x)
    for hearing, listeners in zip(objective.earned.hearing, objective.earned.worth, strict=True):
        worth += float(listeners * (1 - np.exp(-hearing @ plan.reach)))
    return worth


@dataclass(frozen=True, eq=False)
class Enumerated:
    """Every plan of a campaign: its worth, and which rules it breaks. best: the most that a plan which keeps all
    is worth, -inf where none does; plan: such a one."""

    worth: FloatArray
    broken: list[set[str]]
    best: float
    plan: FloatArray | None

    def best_without(self, family: str) -> float:
        """The most that a plan is worth which keeps all but this one rule."""
        kept = [worth for worth, broken in zip(self.worth, self.broken, strict=True) if broken <= {family}]
        return max(kept, default=-np.inf)
