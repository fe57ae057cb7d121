"""Nested plans for falling budgets: what a smaller budget buys is part of what the larger one bought.

    x(b1) >= x(b2) >= ... for b1 > b2 > ...,   so that a plan can be cut by dropping insertions, one after the other

1. From the top: each step the best plan within the one above (insertions dropped greedily by value per money, then
   searched as any campaign is).
2. From below: the lowest step first, each next one the best between it and the top.
3. Of both the better (by the sum of shares of what each budget can buy anew); then each step again, the best between
   its neighbours, until nothing changes: exchanges that keep the nesting. No step is asked twice between the same two.

No nested plan is worth more than its budget's best plan made anew, so the ladder is bounded by those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import fsum

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import PlanningError
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.programme.relaxation import keeps_everything
from models.rules.vehicle_limit import VehicleLimit

_SWEEPS = 4
_BETTER = 1e-9  # of a value: less is no improvement
_MANY = 100  # insertions of a vehicle: of more, this part goes at once (contacts by the thousand are no single buys)
LADDER = "ladder"  # what its limits are for

Ask = Callable[[Problem, Sequence[FloatArray]], Allocation]
Plans = list[FloatArray | None]


@dataclass(frozen=True, eq=False)
class Drop:
    """An insertion given up, or as many as go at once: of which vehicle, money saved and value lost by then."""

    vehicle: int
    insertions: float
    saved: float
    lost: float


def nested_plans(problems: Sequence[Problem], top: FloatArray, anew: Sequence[float], ask: Ask) -> Plans:
    """Plans (plan_size,) within each other, one a problem; None where no plan within the one above keeps the rules.

    problems: the same but for falling budgets. top: the first one's plan. anew: what the best plan of each problem is
    worth. ask: the best plan of a problem from known ones on; raises InfeasiblePlan.
    """
    ladder = _Ladder(problems, top, anew, ask)
    down = ladder.downwards()
    up = ladder.upwards(down)
    return ladder.improved(max((down, up), key=ladder.worth))


@dataclass(frozen=True, eq=False)
class _Ladder:
    problems: Sequence[Problem]
    top: FloatArray
    anew: Sequence[float]
    ask: Ask
    answered: dict[tuple[int, bytes, bytes], FloatArray | None] = field(default_factory=dict)

    def worth(self, plans: Plans) -> float:
        """Sum of what each plan is worth as a share of its budget's best."""
        return sum(
            problem.value(plan) / max(abs(best), 1e-300)
            for problem, plan, best in zip(self.problems, plans, self.anew, strict=True)
            if plan is not None
        )

    def downwards(self) -> Plans:
        """From the top."""
        plans: Plans = [self.top]
        for at in range(1, len(self.problems)):
            plans.append(self._best(at, self._above(plans, at), None, []))
        return plans

    def upwards(self, down: Plans) -> Plans:
        """From the lowest step that has a plan."""
        plans, below = list(down), None
        for at in range(len(plans) - 1, 0, -1):
            if down[at] is not None:
                found = self._best(at, self.top, below, [])
                if found is None:
                    return down
                plans[at] = below = found
        return plans

    def improved(self, plans: Plans) -> Plans:
        """Each step between its neighbours, until nothing changes."""
        plans = list(plans)
        for _ in range(_SWEEPS):
            changed = False
            for at in range(1, len(plans)):
                before = plans[at]
                if before is None:
                    continue
                below = next((plan for plan in plans[at + 1 :] if plan is not None), None)
                found = self._best(at, self._above(plans, at), below, [before])
                value = self.problems[at].value
                if found is not None and value(found) > value(before) + _BETTER * abs(value(before)):
                    plans[at], changed = found, True
            if not changed:
                break
        return plans

    def _above(self, plans: Plans, at: int) -> FloatArray:
        return next(plan for plan in plans[at - 1 :: -1] if plan is not None)

    def _best(
        self, at: int, above: FloatArray, below: FloatArray | None, known: Sequence[FloatArray]
    ) -> FloatArray | None:
        """The best plan of a step between two others; None where none keeps the rules, or none was found."""
        insertions = self.problems[at].columns.insertions
        least = np.zeros_like(insertions(above)) if below is None else insertions(below)
        question = (at, insertions(above).tobytes(), least.tobytes())
        if question not in self.answered:
            problem = between(self.problems[at], above, below)
            self.answered[question] = self._found(problem, above, known)
        return self.answered[question]

    def _found(self, problem: Problem, above: FloatArray, known: Sequence[FloatArray]) -> FloatArray | None:
        cut, _ = dropped(problem, above)
        starts = [plan for plan in (*known, cut) if keeps_everything(problem, plan)]
        try:
            return self.ask(problem, starts).decision
        except PlanningError:
            return starts[0] if starts else None


def between(problem: Problem, above: FloatArray, below: FloatArray | None = None) -> Problem:
    """The problem among plans that have no more insertions than one (plan_size,), and no fewer than another."""
    columns, names = problem.columns, problem.model.audiences.vehicles
    least = np.zeros(problem.n_vehicles) if below is None else columns.insertions(below)
    limits = tuple(
        VehicleLimit(f"{LADDER} {j}", j, names[j], LADDER, ">=", float(least[j]))
        for j in np.flatnonzero(least).tolist()
    )
    most = np.minimum(problem.buyable, columns.insertions(above))
    return replace(problem, buyable=most, rules=(*problem.rules, *limits))


def dropped(problem: Problem, plan: FloatArray) -> tuple[FloatArray, list[Drop]]:
    """A plan (plan_size,) cut to the problem's budget: again and again the insertion that loses least per money saved;
    rules beside the budget are not looked at. Plans with weeks or packages stay as they are."""
    drops: list[Drop] = []
    if not problem.insertions_only or not problem.budgets:
        return plan, drops
    budget = min(rule.amount for rule in problem.budgets)
    at_once = _at_once(problem.columns.insertions(plan))
    while (over := problem.tariff.total(plan) - budget) > budget * 1e-12 and plan.any():
        enough = np.ceil(over / np.where(problem.cost > 0, problem.cost, np.inf))
        most = np.minimum(at_once, np.maximum(enough, 1.0))
        drop = _least_missed(problem, plan, np.flatnonzero(plan > 0), np.zeros(len(plan)), most)
        plan = plan.copy()
        plan[drop.vehicle] -= drop.insertions
        drops.append(drop)
    return plan, drops


def order_of_drops(problem: Problem, above: FloatArray, below: FloatArray) -> list[Drop]:
    """How to come from one plan's insertions (n_vehicles,) to those of another within it: the insertion first that
    loses least per money, at the prices of single insertions; of many a part at once."""
    plan, drops, at_once = above.copy(), [], _at_once(above - below)
    while (left := np.flatnonzero(plan > below)).size:
        drop = _least_missed(problem, plan, left, below, at_once)
        plan[drop.vehicle] -= drop.insertions
        drops.append(drop)
    return drops


def together(drops: Sequence[Drop]) -> list[Drop]:
    """Drops of one vehicle that come one after the other as one.

    >>> together([Drop(0, 20.0, 40.0, 1.0), Drop(0, 20.0, 40.0, 1.5), Drop(1, 1.0, 50.0, 3.0)])
    [Drop(vehicle=0, insertions=40.0, saved=80.0, lost=2.5), Drop(vehicle=1, insertions=1.0, saved=50.0, lost=3.0)]
    """
    found: list[Drop] = []
    for vehicle, run in groupby(drops, key=lambda drop: drop.vehicle):
        of_it = list(run)
        sums = (fsum(getattr(drop, part) for drop in of_it) for part in ("insertions", "saved", "lost"))
        found.append(Drop(vehicle, *sums))
    return found


def _at_once(insertions: FloatArray) -> FloatArray:
    """(n_vehicles,) how many of so many are dropped at once."""
    return np.maximum(np.ceil(insertions / _MANY), 1.0)


def _least_missed(
    problem: Problem, plan: FloatArray, vehicles: IntArray, below: FloatArray, most: FloatArray
) -> Drop:
    """Of vehicles, the one whose insertions, `most` (n_vehicles,) at once, lose least value per money saved; fewer, or
    a part of one, where less is left above `below`."""
    value, fixed, found = problem.value(plan), problem.tariff.fixed, []
    for j in vehicles.tolist():
        less = plan.copy()
        less[j] -= min(most[j], plan[j] - below[j])
        gone = float(plan[j] - less[j])
        saved = float(problem.cost[j] * gone + fixed[j] * (less[j] == 0))
        found.append(Drop(j, gone, saved, value - problem.value(less)))
    return min(found, key=lambda drop: drop.lost / max(drop.saved, 1e-300))
