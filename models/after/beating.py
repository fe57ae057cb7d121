"""Is any plan worth more than so much? A question that is often settled long before the best plan is found.

Known plans may say yes. Else the relaxation (models.programme.relaxation) may say no: its bound is below the target.
Else its reduced costs say how many insertions of each vehicle a plan worth the target can have (reduced-cost fixing,
Nemhauser and Wolsey 1988), and a whole-number search over these, for nothing worth less than the target, settles it:
it finds a plan worth more, or a bound below. Its tangents lie above their curves, so an answer may be worth less than
it says: then tangents are added at it and the search goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.after.room import with_room
from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.answers import Relaxed
from models.programme.plans.listing import best_listed, listable
from models.programme.relaxation import Relaxation, keeps_everything
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.search.everywhere import around
from models.search.reach_moves import Search

SETTLED = 3e-5  # relaxations nearer to their curves than this share are searched for whole plans
SHARPLY = 3e-6  # relaxations nearer to their curves than this share: plans are listed
MANY = 100_000  # plans half made, from which on a search is sooner done than a list
_FEW = 5_000  # of a first list
_ROUNDS, _FEW_ROUNDS = 60, 3  # searches a question, and where each may look at so many nodes only
_FURTHER = 1.5  # times as far a list looks where it found nothing
_WIDER = 1.6  # times as far a search looks where it found nothing
_SAME = 1e-7  # a search that finds no more than this above where it began has found nothing
_WIDEST = 0.02  # of the bound: from there on a search looks everywhere
_JUST_MORE = 1e-9  # of a target
_WHOLE = 1e-6  # of an insertion: nearer to a whole number is one
_NEARBY_NODES = 8  # of the tree of a search next to a relaxed plan: more took twice as long and told no more


@dataclass(frozen=True, eq=False)
class Beating:
    """plan: (n_vehicles,) one worth more than the target, None where none was found. settled: False where time
    ended before it was clear that there is none, or that it is the best where that was asked. bound: no plan is worth
    more (infinite where not known, minus infinite where no plan keeps the rules)."""

    plan: FloatArray | None
    settled: bool
    bound: float = np.inf


@dataclass
class Effort:
    """nodes: of each search's tree, at most. searches: that are left, of trees and by moves; where none is, relaxations
    and short lists answer alone."""

    nodes: int = NO_LIMIT
    searches: int = NO_LIMIT


@dataclass(frozen=True)
class Target:
    """worth: that is to be beaten. margin: a share of it; plans worth no more than so much above it are not looked for.
    enough: a worth with which any plan will do; infinite where the best is asked for. window: where the search begins,
    with plans this near to the relaxation's bound, as a share of it; while there is none it looks further."""

    worth: float
    margin: float
    enough: float = np.inf
    window: float = np.inf

    @property
    def least(self) -> float:
        """What plans must be worth to be looked for."""
        return self.worth * (1 + self.margin)

    @property
    def any_will_do(self) -> bool:
        return self.enough < np.inf


def nearby_plan_worth_more(
    problem: Problem,
    target: float,
    margin: float,
    relaxation: Relaxation,
    starts: Sequence[FloatArray],
) -> Beating:
    """Whether a plan is worth more than the target, as a quick look tells: known plans, the relaxation's bound, whole
    plans next to the relaxed one, and local search from all of these; nothing further. Not settled where a better plan
    may lie elsewhere. relaxation: the campaign's, its deadline set."""
    for start in starts:
        if keeps_everything(problem, start) and problem.value(start) > target:
            return Beating(start, True)
    relaxation.restate(problem)
    relaxed = relaxation.relax(margin / 4, above=target * (1 + margin))
    if relaxed.point is None or relaxed.bound <= target * (1 + margin):
        return Beating(None, relaxed.settled, relaxed.bound)
    for plan in _plans_exchanged(relaxation, relaxed.point, starts, target + _JUST_MORE * abs(target)):
        if problem.value(plan) > target:
            return Beating(plan, True, relaxed.bound)
    for step in (0.0, 1.0) if problem.plain else (1.0,):
        box = around(problem, relaxed.point[: problem.n_vehicles], step)
        found = relaxation.search(*box, gap=margin / 2, nodes=_NEARBY_NODES, above=target)
        if found.plan is not None and found.value > target:
            return Beating(found.plan, True, relaxed.bound)
    return Beating(None, False, relaxed.bound)


def plan_beating(relaxation: Relaxation, target: Target, effort: Effort) -> Beating:
    """A plan of the relaxation's problem worth more than the target."""
    problem = relaxation.problem
    near = SHARPLY if listable(problem) else SETTLED
    relaxed = relaxation.relax(near, above=target.least)
    if relaxed.status == "infeasible" or relaxed.bound <= target.least:
        return Beating(None, True, relaxed.bound)
    best = None
    if relaxed.point is not None and listable(problem):
        listed = _listed(relaxation, relaxed, target, effort)
        if listed.settled:
            return listed
        best = listed.plan
    return _searched(relaxation, relaxed, target, effort, best)


def _searched(
    relaxation: Relaxation, relaxed: Relaxed, target: Target, effort: Effort, best: FloatArray | None
) -> Beating:
    """The same by whole-number searches from a relaxation's answer. best: a plan worth more than the target, where
    one is known: then only a better one is looked for."""
    margin, window, known = target.margin, target.window, np.inf
    gap = margin / 2
    worth = target.worth if best is None else max(target.worth, relaxation.problem.value(best))
    for _ in range(_ROUNDS if effort.nodes == NO_LIMIT else _FEW_ROUNDS):
        if relaxation.left() <= 0 or effort.searches <= 0:
            break
        effort.searches -= 1
        above = max(worth, relaxed.bound * (1 - window))
        found = relaxation.search(
            *relaxed.charged.possible(above),
            gap=gap,
            enough=min(target.enough, max(relaxed.bound * (1 - margin), above)),
            above=above,
            nodes=effort.nodes,
        )
        known = min(known, max(found.bound, above))
        if found.keeps and found.value > worth * (1 + 1e-12):
            best, worth = found.plan, found.value
            if target.any_will_do:
                return Beating(best, True, known)
        if known <= worth * (1 + margin):
            return Beating(best, True, known)
        if found.status == "infeasible" or found.bound <= above * (1 + _SAME):
            window = _WIDER * window if window < _WIDEST else np.inf
        elif found.plan is None:
            break
        else:
            gap /= 4
    return Beating(best, False, min(known, relaxed.bound))


def _listed(relaxation: Relaxation, relaxed: Relaxed, target: Target, effort: Effort) -> Beating:
    """The best plan worth more than the target, of all that may be by the margin, listed; not settled where they
    are many. Where even those near to the bound are many, exchanges say what is to be beaten; they settle it where any
    plan will do."""
    about = relaxation.problem, relaxation.response, relaxed
    least, deadline = target.least, relaxation.deadline
    near = best_of_few(*about, target, deadline)
    if near is not None:
        return near
    best, value = _exchanged_near(relaxation, relaxed, target.worth)
    if target.any_will_do and best is not None:
        return Beating(best, True, relaxed.bound)
    found = best_listed(*about, max(least, value), MANY if effort.searches > 0 else _FEW, deadline)
    if found is None:
        return Beating(best, False, relaxed.bound)
    return Beating(best if found[0] is None else found[0], True, max(found[1], value))


def known_beating(problem: Problem, plans: Sequence[FloatArray], target: float) -> Beating | None:
    """The first of known plans, (plan_size,) each, that keeps all rules and is worth more than the target; None where
    none does."""
    for plan in plans:
        if keeps_everything(problem, plan) and problem.value(plan) > target * (1 + 1e-12):
            return Beating(plan, True)
    return None


def best_of_few(
    problem: Problem, response: Response, relaxed: Relaxed, target: Target, deadline: float
) -> Beating | None:
    """The best plan worth more than the target by the margin, of those listed from a relaxation's bound down; None
    where they are not few."""
    window = target.window
    while window < _WIDEST:
        level = max(target.least, relaxed.bound * (1 - window))
        found = best_listed(problem, response, relaxed, level, _FEW, deadline)
        if found is None:
            return None
        if found[0] is not None or level <= target.least:
            return Beating(found[0], True, max(found[1], target.worth))
        window *= _FURTHER
    return None


def _exchanged_near(
    relaxation: Relaxation, relaxed: Relaxed, target: float
) -> tuple[FloatArray | None, float]:
    """The best plan worth more than the target to which exchanges lead from the relaxed one, and its worth; None
    and the target where there is none."""
    assert relaxed.point is not None
    best: FloatArray | None = None
    for plan in _plans_exchanged(relaxation, relaxed.point, ()):
        value = relaxation.problem.value(plan)
        if value > target * (1 + _SAME):
            best, target = plan, value
    return best, target


def _plans_exchanged(
    relaxation: Relaxation, relaxed: FloatArray, known: Sequence[FloatArray], enough: float = np.inf
) -> Iterator[FloatArray]:
    """Plans (n_vehicles,) that keep everything, to which exchanges lead from the relaxed plan made whole and filled up,
    and from the best known. relaxation: of their problem. enough: a worth that ends them."""
    problem, response = relaxation.problem, relaxation.response
    if not (problem.insertions_only and problem.whole) or problem.objective.saves_money or problem.effective:
        return
    moves = Search(problem, response, relaxation.deadline)
    whole = _made_whole(problem, moves, response, relaxed[: problem.n_vehicles])
    starts = [] if whole is None else [moves.greedy(whole)]
    starts += [plan.astype(np.int64) for plan in sorted(known, key=problem.value)[-1:]]
    for start in starts:
        if keeps_everything(problem, start.astype(float)):
            found = moves.climbed(start, enough, ("exchange",)).astype(float)
            if keeps_everything(problem, found):
                yield found


def _made_whole(problem: Problem, moves: Search, response: Response, relaxed: FloatArray) -> IntArray | None:
    """A relaxed plan (n_vehicles,) rounded down; where rules forbid that, as rules of shares may, the nearest whole
    numbers with what is lacking bought. None where that leads to no plan."""
    down = np.floor(relaxed + _WHOLE).astype(np.int64)
    if moves.within.rows_allow(down.astype(float)):
        return down
    plan = with_room(problem, np.rint(relaxed), response)
    return None if plan is None else plan.astype(np.int64)
