"""The search for whole plans that moves cannot make: weeks, packages, discounts, fixed costs, counts of what is bought.

The programme itself is searched, in this order, each step only while the gap is wider than asked:

1. The relaxation, tangents added until it lies on its curves. Where any answer within the gap is enough and there are
   many weekly insertions, one search around it comes first, and mostly last.
2. What is chosen: discount steps, then packages and what is bought at all. The relaxation states a volume discount
   worst of all, for it takes the highest rate for all of the money. So choices are settled first, in a tree of
   relaxations that each restart from the last (best bound first, Land and Doig 1960); the highest bound among its
   leaves bounds all plans. A leaf costs milliseconds, where a solver's own search begins with cuts and heuristics.
   Where there are some weekly insertions, one search everywhere comes next: the relaxation's bound is too high for
   plans to be known as near enough by it, and a box is searched in vain. So it does where an answer within the gap is
   enough, and a known plan nearly is.
3. Near the best leaves: a whole-number search over one insertion more or less than the relaxation buys there.
4. Near the best plan: the same around it, until none is better.
5. Everywhere; for a while before all that where there are few numbers. Where there are many weekly insertions they
   are fractions there, for they bind little; every answer is completed to whole weeks, exactly, and only where that
   leaves a gap are they searched as whole numbers. Where numbers are few, weeks are fractions first, too: a search over
   weeks that are alike tries the same plan in every order of them. What whole insertions fit into a week is stated for
   it (models.programme.rows.week_cuts), and that sums over weeks that are alike are whole.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import InfeasiblePlan
from models.problem.certificate import relative_gap
from models.problem.problem import Problem
from models.problem.response import response_of
from models.programme.answers import Found, Relaxed
from models.programme.plans.completion import cheapest_completion
from models.programme.rows.week_cuts import alike_weeks, week_cuts
from models.rules.volume_discount import VolumeDiscount
from models.search.everywhere import (
    WIDE,
    Bounds,
    Take,
    around,
    offered,
    search_around_best,
    search_everything,
    search_near,
    sharpen,
)
from models.search.reach_gains import first_plan
from models.search.work import Work, short_of

_MOST_RELAXATIONS = 120  # in the tree of choices
_STUCK = 10  # splits that leave the highest bound where it was
_SETTLED = 1e-6  # a choice nearer to 0 or 1 is settled
_LEAVES = 3
_MARGIN = 0.9  # of the gap: a plan so near the bound ends a search
_BOX_NODES = 200
_CLOSED_NODES = 40  # where a known plan is within the gap already
_FIRST_SEARCHES, _FIRST_NODES = 2, 1000
_NEARLY = 4.0  # times the gap: a known plan so near the bound is likely to be within it, once that is sharp
_PART = 0.25  # of the time left, for one search near a leaf or a plan
_FEW_NUMBERS, _FEW_NODES = 100, 200  # whole ones: they are searched everywhere at once, for so long
_FEW_WEEKS = 150  # weekly numbers: more are fractions in a first search
_MANY_WEEKS = 300  # and more than these in all searches but the last
_COMPLETION_SECONDS = 2.0
_FITS = 30  # relaxations, each with rows that the last breaks


@dataclass(frozen=True, eq=False)
class Leaf:
    """Some choices settled by bounds of columns, and the relaxation's answer within them."""

    answer: Relaxed

    def __lt__(self, other: "Leaf") -> bool:
        return self.answer.bound > other.answer.bound

    @property
    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Lower and upper (n_columns,)."""
        return self.answer.lower, self.answer.upper

    @property
    def point(self) -> FloatArray:
        """(n_columns,) of the relaxation."""
        assert self.answer.point is not None
        return self.answer.point


def by_tree(work: Work) -> None:
    """Search, in the order above."""
    weekly = work.problem.columns.weeks * work.problem.n_vehicles
    _count_whole(work, weekly > _FEW_WEEKS)
    for _ in work.rounds(0.1 * work.gap):  # each answer is learned from
        pass
    if work.settings.quick and weekly > _FEW_WEEKS:
        _search_near_relaxed(work)
    if work.settings.quick and work.closed():
        return
    weeks_apart = weekly > _MANY_WEEKS
    _count_whole(work, weeks_apart)
    take = _with_whole_weeks if weeks_apart else offered
    leaves = _settle_choices(work)
    if work.settings.quick:
        _search_from_nearly(work, take)
    if int((work.problem.system.whole & work.problem.system.used).sum()) <= _FEW_NUMBERS:
        _search_few(work)
    if not work.closed():
        _search_in_boxes(work, leaves, weeks_apart)
    sharpen(work, take, suggest=True)


def _search_from_nearly(work: Work, take: Take) -> None:
    """One search everywhere, where a known plan is nearly within the gap: it mostly says that none is better."""
    if work.best is not None and relative_gap(work.value, work.bound) <= _NEARLY * work.gap:
        search_everything(work, take, 1, _FIRST_NODES, suggest=True)


def _search_few(work: Work) -> None:
    """Step 5 where numbers are few: how many insertions first, then their weeks; then both at once, for a while. With
    weeks so small a tree mostly finds its plans itself: a solver's heuristics take as long as all the rest. Without,
    they mostly end it at its root, unless the gap is narrow."""
    if work.problem.columns.weeks:
        _count_whole(work, weeks_apart=True)
        search_everything(work, _fitted(work), suggest=True, near=np.inf, heuristics=False)
        _count_whole(work, weeks_apart=False)
    heuristics = not work.problem.columns.weeks and work.gap >= WIDE
    search_everything(work, offered, 1, _FEW_NODES, suggest=True, near=np.inf, heuristics=heuristics)


def _fitted(work: Work) -> Take:
    """What becomes of an answer with weeks as fractions: rows that hold weeks to what fits into them, where it fills
    them with more; else its insertions completed to whole weeks. The relaxation first has as many as it breaks."""
    problem, alike = work.problem, alike_weeks(work.problem)
    work.relaxation.count_together([own for each in alike for own in each.sums(problem.columns)])

    def fits(point: FloatArray) -> bool:
        rows = week_cuts(problem, alike, point)
        work.relaxation.also(rows)
        return not rows

    def completed(work: Work, found: Found) -> FloatArray | None:
        assert found.point is not None
        return _with_whole_weeks(work, found) if fits(found.point) else found.plan

    for _ in range(_FITS if alike else 0):
        points = [found.point for found in work.rounds(0.1 * work.gap) if found.point is not None]
        if work.left() <= 0 or not points or fits(points[-1]):
            break
    return completed


def _search_in_boxes(work: Work, leaves: Sequence[Leaf], weeks_apart: bool) -> None:
    """Steps 3 to 5."""
    take = _with_whole_weeks if weeks_apart else offered
    if work.problem.columns.weeks and not weeks_apart:
        # The relaxation's bound is too high for a box to end at it.
        search_everything(work, take, 1, _FIRST_NODES, suggest=True)
    if not work.closed() or work.settings.thorough:
        _search_near_leaves(work, leaves, weeks_apart)
    if work.best is None:  # where boxes held none
        work.offer(first_plan(work.problem, response_of(work.problem)))
    _search_near_best(work, weeks_apart)
    search_everything(work, take, _FIRST_SEARCHES, _FIRST_NODES, suggest=True)
    if not work.closed():
        _search_near_best(work, weeks_apart)
        search_everything(work, take, suggest=True)
    if weeks_apart and not work.closed():
        _count_whole(work, weeks_apart=False)
        search_everything(work, offered, suggest=True)


# --- weeks as fractions ---


def _count_whole(work: Work, weeks_apart: bool) -> None:
    """Which columns searches take as whole: weeks not, where they are looked after apart."""
    columns, whole = work.problem.columns, work.problem.system.whole.copy()
    if weeks_apart:
        whole[columns.vehicles : columns.package(0)] = False
    work.relaxation.count_whole(whole)


def _with_whole_weeks(work: Work, found: Found) -> FloatArray | None:
    """An answer's insertions completed to whole weeks, or what is best around them."""
    assert found.point is not None
    bought = np.rint(work.insertions(found.point))
    plan = cheapest_completion(work.problem, bought, seconds=_COMPLETION_SECONDS)
    if plan is None:
        _search_box(work, around(work.problem, bought, 1.0), True)
    else:
        work.offer(plan)
    return plan


def _search_near_relaxed(work: Work) -> None:
    """Where an answer within the gap is enough: the best plan of one insertion more or less than the relaxation buys,
    of those that its charges let be within the gap, weeks as fractions, then completed. Few need more."""
    charged, point = work.charged, work.relaxed_point
    if work.closed() or point is None:
        return
    work.tell("rounding")
    possible = charged.possible(charged.bound * (1 - work.gap))
    found = work.relaxation.search(
        *around(work.problem, point, 1.0, *possible), work.gap / 4, _BOX_NODES,
        short_of(work.bound, _MARGIN * work.gap), seconds=_PART * work.left(),
    )  # fmt: skip
    if found.point is not None:
        bought = np.rint(work.insertions(found.point))
        plan = cheapest_completion(work.problem, bought, seconds=_COMPLETION_SECONDS)
        if plan is not None:
            work.offer(plan)


# --- 2: choices ---


def _settle_choices(work: Work) -> list[Leaf]:
    """The leaves of the tree, best first; the highest bound among them bounds all plans."""
    system = work.problem.system
    tree = _relaxed_within(work, [(system.lower, system.upper)])
    if tree is None:
        return []
    work.tell("what to buy at all")
    _split(work, tree)
    if not tree:
        if work.best is None:
            raise InfeasiblePlan
        return []  # a plan is known: what the solver says is its rounding
    work.bound = min(work.bound, max(tree[0].answer.bound, work.value))
    return sorted(tree)


def _split(work: Work, tree: list[Leaf]) -> None:
    """The best leaf of a heap split into its parts, again and again, until it has none worth looking at."""
    choices, solved, stuck, last = _choices(work.problem), 1, 0, np.inf
    while tree and solved < _MOST_RELAXATIONS and stuck < _STUCK:
        leaf = tree[0]
        stuck = 0 if leaf.answer.bound < last - _SETTLED * abs(last) else stuck + 1
        last = leaf.answer.bound
        parts = _parts(leaf, choices)
        if leaf.answer.bound <= work.value or (len(parts) == 1 and leaf.answer.loose <= 0.1 * work.gap):
            return
        if len(parts) == 1:
            work.relaxation.cut_at(leaf.point)
        children = _relaxed_within(work, parts)
        if children is None:
            return
        solved += len(parts)
        heapq.heappop(tree)
        for child in children:
            heapq.heappush(tree, child)


def _choices(problem: Problem) -> list[IntArray]:
    """Columns of which just one is 1 (the steps of a discount), and single ones that are 0 or 1."""
    system = problem.system
    steps = [
        np.array([rule.steps.reached(k) for k in range(len(rule.steps.start) + 1)])
        for rule in problem.rules
        if isinstance(rule, VolumeDiscount)
    ]
    single = system.whole & system.used
    single[: problem.columns.package(0)] = False
    for columns in steps:
        single[columns] = False
    return [*steps, *np.flatnonzero(single)[:, None]]


def _relaxed_within(work: Work, parts: Sequence[tuple[FloatArray, FloatArray]]) -> list[Leaf] | None:
    """The relaxations within lower and upper bounds (n_columns,), those that have an answer; None where time
    ended."""
    found = []
    for lower, upper in parts:
        answer = work.relaxation.relax_once(lower, upper)
        if answer.status == "infeasible":
            continue
        if not answer.settled:
            return None
        found.append(Leaf(answer))
    return found


# --- 3 and 4: boxes ---


def _search_near_leaves(work: Work, leaves: Sequence[Leaf], weeks_apart: bool) -> None:
    """One insertion more or less than the relaxations of the best leaves, their choices settled."""
    for leaf in leaves[:_LEAVES]:
        late = work.best is not None and work.left() <= 0
        if late or (work.closed() and leaf is not leaves[0]) or leaf.answer.bound <= work.value:
            break
        work.tell("rounding")
        nodes = _BOX_NODES if not work.closed() else _CLOSED_NODES
        box = around(work.problem, work.insertions(leaf.point), 1.0, *leaf.bounds)
        _search_box(work, box, weeks_apart, nodes=nodes)


def _search_near_best(work: Work, weeks_apart: bool) -> None:
    """Boxes around the best plan, until none holds a better one."""
    search_around_best(work, lambda box: _search_box(work, box, weeks_apart, known=True))


def _search_box(
    work: Work,
    box: Bounds,
    weeks_apart: bool,
    known: bool = False,
    nodes: int = _BOX_NODES,
) -> None:
    """The best plan within bounds (n_columns,), weeks whole. known: the best plan lies within."""
    _count_whole(work, weeks_apart=False)
    search_near(work, box, offered, nodes, _PART, _MARGIN, known)
    _count_whole(work, weeks_apart)


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
                (leaf.answer.lower, _with(leaf.answer.upper, columns, 0.0)),
                (_with(leaf.answer.lower, columns, 1.0), leaf.answer.upper),
            ]
        allowed = columns[leaf.answer.upper[columns] > 0]
        return [(leaf.answer.lower, _with(leaf.answer.upper, allowed[allowed != k], 0.0)) for k in allowed]
    return [(leaf.answer.lower, leaf.answer.upper)]


def _with(bounds: FloatArray, columns: IntArray, value: float) -> FloatArray:
    """Bounds (n_columns,) with another value for some columns."""
    changed = bounds.copy()
    changed[columns] = value
    return changed
