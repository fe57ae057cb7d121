"""The search for whole plans that moves cannot make: weeks, packages, discounts, fixed costs, counts of what is bought.

The programme itself is searched, in this order, each step only while the gap is wider than asked:

1. The relaxation, tangents added until it lies on its curves.
2. What is chosen: discount steps, then packages and what is bought at all. The relaxation states a volume discount
   worst of all, for it takes the highest rate for all of the money. So choices are settled first, in a tree of
   relaxations that each restart from the last (best bound first, Land and Doig 1960); the highest bound among its
   leaves bounds all plans. A leaf costs milliseconds, where a solver's own search begins with cuts and heuristics.
3. Near the best leaves: a whole-number search over one insertion more or less than the relaxation buys there.
4. Near the best plan: the same around it, until none is better.
5. Everywhere. Weekly insertions are fractions there, for there are many of them and they bind little; every answer
   is completed to whole weeks, exactly, and only where that leaves a gap are they searched as whole numbers.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.errors import InfeasiblePlan
from models.problem.problem import rounded
from models.programme.completion import cheapest_completion
from models.programme.feasible import feasible_plan
from models.programme.session import Answer
from models.rules.volume_discount import VolumeDiscount
from models.search.allocate import Allocator, short_of
from models.search.reach_moves import first_gains

_MOST_RELAXATIONS = 120  # in the tree of choices
_STUCK = 10  # splits that leave the highest bound where it was
_SETTLED = 1e-6  # a choice nearer to 0 or 1 is settled
_LEAVES = 3
_MARGIN = 0.9  # of the gap: a plan so near the bound ends a search
_BOXES, _BOX_NODES = 6, 200
_CLOSED_NODES = 40  # where a known plan is within the gap already
_FIRST_SEARCHES, _FIRST_NODES = 2, 1000
_PART = 0.25  # of the time left, for one search near a leaf or a plan
_COMPLETION_SECONDS = 2.0
_ROUNDINGS = 4


@dataclass(frozen=True, eq=False)
class Leaf:
    """Some choices settled by bounds of columns (n_columns,), and the relaxation's answer within them."""

    lower: FloatArray
    upper: FloatArray
    answer: Answer

    def __lt__(self, other: "Leaf") -> bool:
        return self.answer.bound > other.answer.bound

    @property
    def point(self) -> FloatArray:
        """(n_columns,) of the relaxation."""
        assert self.answer.point is not None
        return self.answer.point


class StructuredAllocator(Allocator):
    """One run; step numbers as above. For whole plans."""

    def _search_plans(self) -> None:
        self._state_programme()
        self.weeks_apart = self.problem.columns.weeks > 0
        self.session.count_whole(self._whole())
        self._relax()
        leaves = self._settle_choices()
        if not self._closed() or self.settings.thorough:
            self._search_near_leaves(leaves)
        if self.best is None:
            self._start()
        if not self._closed():
            self._search_near_best()
        if not self._closed():
            self._search_everything(_FIRST_SEARCHES, _FIRST_NODES)
        if not self._closed():
            self._search_near_best()
            self._search_everything()
        if self.weeks_apart and not self._closed():
            self._search_with_weeks()

    def _start(self) -> None:
        """Any plan that keeps the rules, where boxes held none."""
        start = feasible_plan(self.problem, first_gains(self.problem, self.response))
        if start is None:
            raise InfeasiblePlan("no plan keeps all the rules", ())
        self._offer(start)

    def _round(self, relaxed: FloatArray) -> None:
        """Nothing while the relaxation is on its way: whole plans come from the leaves."""

    def _suggest(self) -> None:
        """The best plan, where the solver cannot know it: moves did not find it, nor always a search."""
        if self.best is None:
            return
        values = {i: float(value) for i, value in enumerate(self.best)}
        columns, bought = self.problem.columns, self._insertions(self.best)
        for j in range(0 if self.problem.system.plain else columns.vehicles):
            if self.problem.system.used[columns.bought(j)]:
                values[columns.bought(j)] = float(bought[j] > 0)
        self.session.suggest(values)

    # --- weeks as fractions ---

    def _whole(self) -> BoolArray:
        """(n_columns,) which columns the search takes as whole."""
        columns, whole = self.problem.columns, self.problem.system.whole.copy()
        if self.weeks_apart:
            whole[columns.vehicles : columns.package(0)] = False
        return whole

    def _plan_at(self, point: FloatArray) -> FloatArray | None:
        if not self.weeks_apart:
            return rounded(self.problem, point)
        bought = np.rint(self._insertions(point))
        plan = cheapest_completion(self.problem, bought, seconds=_COMPLETION_SECONDS)
        if plan is None:
            system = self.problem.system
            self._search_box(*self._around(bought, system.lower, system.upper))
        return plan

    def _search_with_weeks(self) -> None:
        """Everything whole, where fractions of weeks have left a gap."""
        self.weeks_apart = False
        self.session.count_whole(self._whole())
        self.session.limit(self.problem.system.lower, self.problem.system.upper)
        self._search_everything()

    # --- 2: choices ---

    def _settle_choices(self) -> list[Leaf]:
        """The leaves of the tree, best first; the highest bound among them bounds all plans."""
        system = self.problem.system
        tree = self._relaxed_within([(system.lower, system.upper)])
        if tree is None:
            return []
        self.settings.progress("discounts, packages, what to buy at all")
        choices, solved, stuck, last = self._choices(), 1, 0, np.inf
        while tree and solved < _MOST_RELAXATIONS and stuck < _STUCK:
            leaf = tree[0]
            stuck = 0 if leaf.answer.bound < last - _SETTLED * abs(last) else stuck + 1
            last = leaf.answer.bound
            parts = _parts(leaf, choices)
            if leaf.answer.bound <= self.value or (len(parts) == 1 and not self._loose(leaf)):
                break
            if len(parts) == 1:
                self._cut_at(self._insertions(leaf.point))
            children = self._relaxed_within(parts)
            if children is None:
                break
            solved += len(parts)
            heapq.heappop(tree)
            for child in children:
                heapq.heappush(tree, child)
        self.session.limit(system.lower, system.upper)
        if not tree:
            if self.best is None:
                raise InfeasiblePlan("no plan keeps all the rules", ())
            return []  # a plan is known: what the solver says is its rounding
        self.bound = min(self.bound, max(tree[0].answer.bound, self.value))
        return sorted(tree)

    def _choices(self) -> list[IntArray]:
        """Columns of which just one is 1 (the steps of a discount), and single ones that are 0 or 1."""
        system = self.problem.system
        steps = [
            np.array([rule.steps.reached(k) for k in range(len(rule.steps.start) + 1)])
            for rule in self.problem.rules
            if isinstance(rule, VolumeDiscount)
        ]
        single = system.whole & system.used
        single[: self.problem.columns.package(0)] = False
        for columns in steps:
            single[columns] = False
        return [*steps, *np.flatnonzero(single)[:, None]]

    def _relaxed_within(self, parts: Sequence[tuple[FloatArray, FloatArray]]) -> list[Leaf] | None:
        """The relaxations within lower and upper bounds (n_columns,), those that have an answer; None where time
        ended."""
        found = []
        for lower, upper in parts:
            self.session.limit(lower, upper)
            answer = self.session.solve(whole=False, gap=0.0, seconds=self._seconds_left())
            self.rounds += 1
            if answer.status == "infeasible":
                continue
            if answer.point is None or answer.status != "optimal":
                return None
            found.append(Leaf(lower, upper, answer))
        return found

    def _loose(self, leaf: Leaf) -> bool:
        """Whether a relaxation still lies above its curves."""
        insertions = self._insertions(leaf.point)
        return max(self._above_curves(leaf.answer), self._floors_missed(insertions)) > 0.1 * self.gap

    # --- 3 and 4: boxes ---

    def _search_near_leaves(self, leaves: Sequence[Leaf]) -> None:
        """One insertion more or less than the relaxations of the best leaves, their choices settled."""
        for leaf in leaves[:_LEAVES]:
            if (self._closed() and leaf is not leaves[0]) or leaf.answer.bound <= self.value:
                break
            self.settings.progress("near the relaxed plan")
            bought = self._insertions(leaf.point)
            nodes = _BOX_NODES if not self._closed() else _CLOSED_NODES
            self._search_box(*self._around(bought, leaf.lower, leaf.upper), nodes=nodes)

    def _search_near_best(self) -> None:
        """One insertion more or less than the best plan, until none is better."""
        system = self.problem.system
        for _ in range(_BOXES):
            if self.best is None or self._closed() or self._seconds_left() <= 0:
                return
            before = self.value
            self.settings.progress("near the best plan")
            self._search_box(
                *self._around(self._insertions(self.best), system.lower, system.upper), known=True
            )
            if self.value <= before:
                return

    def _search_box(
        self, lower: FloatArray, upper: FloatArray, known: bool = False, nodes: int = _BOX_NODES
    ) -> None:
        """The best plan within bounds (n_columns,), weeks whole; tangents at it where it misses a floor by their
        error. known: the best plan lies within, and the solver is told of it."""
        system = self.problem.system
        self.session.count_whole(system.whole)
        self.session.limit(lower, upper)
        for _ in range(_ROUNDINGS):
            if known:
                self._suggest()
            answer = self.session.solve(
                whole=True,
                gap=self.gap / 4,
                seconds=_PART * self._seconds_left(),
                enough=short_of(self.bound, _MARGIN * self.gap),
                nodes=nodes,
            )
            self.searches += 1
            if answer.point is None:
                break
            plan = rounded(self.problem, answer.point)
            kept = self._offer(plan)
            self._cut_at(self._insertions(plan))
            if kept:
                break
        self.session.count_whole(self._whole())
        self.session.limit(system.lower, system.upper)


def _parts(leaf: Leaf, choices: Sequence[IntArray]) -> list[tuple[FloatArray, FloatArray]]:
    """Lower and upper bounds (n_columns,) of what a leaf splits into: by its most open discount, or else by its most
    open single choice; itself where all is settled."""
    for several in (True, False):
        offered = [columns for columns in choices if (len(columns) > 1) is several]
        open_ = [float(np.minimum(leaf.point[columns], 1 - leaf.point[columns]).max()) for columns in offered]
        if max(open_, default=0.0) <= _SETTLED:
            continue
        columns = offered[int(np.argmax(open_))]
        if not several:
            return [
                (leaf.lower, _with(leaf.upper, columns, 0.0)),
                (_with(leaf.lower, columns, 1.0), leaf.upper),
            ]
        allowed = columns[leaf.upper[columns] > 0]
        return [(leaf.lower, _with(leaf.upper, allowed[allowed != k], 0.0)) for k in allowed]
    return [(leaf.lower, leaf.upper)]


def _with(bounds: FloatArray, columns: IntArray, value: float) -> FloatArray:
    """Bounds (n_columns,) with another value for some columns."""
    changed = bounds.copy()
    changed[columns] = value
    return changed
