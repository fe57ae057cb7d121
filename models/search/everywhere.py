"""Whole-number searches: near a point, and over every number of insertions that may be part of a better plan."""

from collections.abc import Callable

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.certificate import relative_gap
from models.problem.problem import Problem
from models.programme.answers import Found
from models.programme.plans.feasible import FEW
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.purchase.columns import WHOLE
from models.search.work import LISTED, Work, short_of

_TRIES = 4
_BOXES = 6
_WIDER = 1.6  # times so far below the bound, the next time
_LEAST = 1e-6  # of the bound: plans so far below it are listed together
_NEAR = 1e-4  # of the bound: so near it a search looks first
_SMALL, _FEW_RULES = 120, 30  # whole numbers, rules
SMALL_NODES = 100  # of a short search
_SMALL_GAP, _SMALL_SEARCHES = 1e-5, 3
WIDE = 5e-4  # a gap that a solver's heuristics mostly close at the root of its tree
_JUST_ENOUGH = 0.95  # of the gap: what a search over tangents finds is worth a little less
_BESIDE = 16  # numbers next to the relaxation's point, looked at first besides; then twice as many
_SHARPENED = 4  # searches next to the point, within the gap
_FAR_BEHIND = 0.03  # of the best: between a plan worth so much less and the point, too many numbers differ

Bounds = tuple[FloatArray, FloatArray]
Take = Callable[[Work, Found], FloatArray | None]  # what becomes of an answer: the plan that was offered


def offered(work: Work, found: Found) -> FloatArray | None:
    """The answer's plan, kept if it is the best."""
    if found.plan is not None:
        work.offer(found.plan)
    return found.plan


def around(
    problem: Problem,
    insertions: FloatArray,
    step: float,
    lower: FloatArray | None = None,
    upper: FloatArray | None = None,
) -> Bounds:
    """Bounds (n_columns,) of whole insertions around some (n_vehicles,), down and up to the next and `step` more,
    where those given (the problem's own if not) allow it."""
    n = len(insertions)
    lower = (problem.system.lower if lower is None else lower).copy()
    upper = (problem.system.upper if upper is None else upper).copy()
    lower[:n] = np.minimum(np.maximum(np.floor(insertions + WHOLE) - step, lower[:n]), upper[:n])
    upper[:n] = np.maximum(np.minimum(np.ceil(insertions - WHOLE) + step, upper[:n]), lower[:n])
    return lower, upper


def search_near(
    work: Work,
    bounds: Bounds,
    take: Take,
    nodes: int = NO_LIMIT,
    share: float = 1.0,
    enough: float = 0.5,
    known: bool = False,
) -> None:
    """The best plan within bounds (n_columns,); again, with tangents at it, where it misses a floor by their error.
    share: of the time left, for each try. enough: of the gap, below the bound: a plan there ends it. known: the best
    plan lies within, and the solver is told of it."""
    for _ in range(_TRIES):
        relaxation = work.relaxation
        if known and work.best is not None:
            relaxation.suggest(work.best)
        found = relaxation.search(
            *bounds, work.gap / 4, nodes, short_of(work.bound, enough * work.gap), seconds=share * work.left()
        )
        if found.point is None or take(work, found) is None or found.keeps:
            return


def search_around_best(work: Work, search: Callable[[Bounds], object]) -> None:
    """Searches within one insertion more or less of the best plan, until none is better."""
    for _ in range(_BOXES):
        if work.best is None or work.closed() or work.left() <= 0:
            return
        before = work.value
        work.tell("near the best")
        search(around(work.problem, work.insertions(work.best), 1.0))
        if work.value <= before:
            return


def search_everything(
    work: Work,
    take: Take,
    most: int = NO_LIMIT,
    nodes: int = NO_LIMIT,
    suggest: bool = False,
    near: float = _NEAR,
    heuristics: bool = True,
) -> None:
    """Whole-number searches, tangents at their answers, until the gap is closed or after `most` of them.

    First where the reduced costs charge little (`near` of the bound), then wider, at last wherever a better plan can
    be.
    """
    # What moves cannot search takes long, and its answers are near their exact worth: no sharper than asked; at first
    # hardly sharper where an answer within the gap is enough, and that is wide beside what tangents grant too much.
    gap, near = work.gap * (0.75 if suggest else 0.5), max(2 * work.gap, near)
    first = _JUST_ENOUGH * work.gap if suggest and work.settings.quick and work.gap >= WIDE else gap
    previous: FloatArray | None = None
    for at in range(most):
        if work.closed() or work.left() <= 0:
            return
        room, everything = _room(work, near)
        found = _search_down(work, room, gap if at else first, nodes, suggest, heuristics)
        cut_short = found.status in ("feasible", "none") and nodes < NO_LIMIT
        near *= 4
        if found.point is None:
            if everything:
                return _end_without_plan(work, found)
            continue
        plan = take(work, found)
        again = not cut_short and _same(plan, previous)
        if everything and (plan is None or (again and gap < 1e-9)):
            return
        if cut_short and nodes <= SMALL_NODES:
            return  # no end so soon
        gap = gap / 10 if everything and again else gap
        previous = plan


def _room(work: Work, near: float) -> tuple[float, bool]:
    """How far below the bound a search looks: `near` of it, or down to the best plan; whether that is everything."""
    everything = work.charged.bound - work.value
    room = everything if work.best is None else min(everything, near * abs(work.charged.bound))
    return room, room >= everything


def _same(plan: FloatArray | None, other: FloatArray | None) -> bool:
    return plan is not None and other is not None and np.array_equal(plan, other)


def _end_without_plan(work: Work, found: Found) -> None:
    """A search everywhere found nothing. Raises InfeasiblePlan where that proves that there is nothing: where plans are
    few, none of them keeps the rules by their own check, either."""
    if work.best is None and found.status == "infeasible":
        work.tried_each(FEW)
        if work.best is None:
            raise InfeasiblePlan


def _search_down(work: Work, room: float, gap: float, nodes: int, suggest: bool, heuristics: bool) -> Found:
    """A search for plans worth no less than the relaxation's bound less so much room, and the bound that follows."""
    work.tell("whole-number search")
    close = relative_gap(work.value, work.bound) <= work.settings.gap
    if work.best is not None and (suggest or not close):
        work.relaxation.suggest(work.best)
    # Within the gap, nothing else than what is better need be looked at; before that heuristics find the way.
    above, least = work.value if close else -np.inf, work.charged.bound - room
    found = work.relaxation.search(
        *work.charged.possible(least), gap, nodes, above=above, heuristics=heuristics
    )
    # What was left out of the search is worth no more than the best plan, or than the bound less the room.
    work.bound = min(work.bound, max(found.bound, least, work.value))
    return found


def search_beside(work: Work) -> None:
    """Better plans near the relaxation's point, until the gap is closed, or a search ended in vain before it saw all.

    First the plans whose numbers lie between those of the best known and of the point, rounded both ways (relaxation
    induced neighbourhoods, Danna, Rothberg and Le Pape 2005); then some of the numbers next to the point as well, those
    charged least, twice as many each time; from the first again where that is better. Few numbers differ, so that each
    takes little."""
    work.tell("near the relaxation")
    beside, all_beside = 0, 2 * work.problem.n_vehicles
    while work.relaxed_point is not None and not work.closed() and work.left() > 0:
        better, seen = _bettered_beside(work, beside)
        if not better and (beside >= all_beside or (work.best is not None and not seen)):
            return
        beside = 0 if better else max(2 * beside, _BESIDE)


def sharpen_beside(work: Work) -> None:
    """The same within the gap: few searches, of few numbers."""
    beside = 0
    for _ in range(_SHARPENED):
        if beside > _BESIDE or work.relaxed_point is None or work.sharp() or work.left() <= 0:
            return
        better, _ = _bettered_beside(work, beside)
        beside = beside if better else beside + _BESIDE


def _bettered_beside(work: Work, beside: int) -> tuple[bool, bool]:
    """Whether there is a better plan than the best, with so many numbers next to the point, and whether all of them
    were seen."""
    before, bounds = work.value, between(work, beside)
    if work.best is not None:
        work.relaxation.suggest(work.best)
    found = work.relaxation.search(*bounds, _SMALL_GAP, SMALL_NODES, above=before)
    offered(work, found)
    return work.value > before, found.status in ("optimal", "infeasible")


def between(work: Work, beside: int) -> Bounds:
    """Bounds (n_columns,) of what lies between the best plan and the relaxation's point, and of so many of the numbers
    next to the point, those charged least."""
    point, best, charged = work.relaxed_point, work.best, work.charged
    assert point is not None
    n = len(point)
    lower, upper = around(work.problem, point, 0.0)
    if beside:
        fewer, more = (bounds[:n] for bounds in around(work.problem, point, 1.0))
        down, up = charged.of(fewer), charged.of(more)
        next_to = np.sort(np.concatenate([down[fewer < lower[:n]], up[more > upper[:n]]]))
        room = next_to[:beside].max(initial=0.0)
        lower[:n], upper[:n] = np.where(down <= room, fewer, lower[:n]), np.where(up <= room, more, upper[:n])
    if best is not None and work.value >= short_of(work.bound, _FAR_BEHIND):
        lower[:n], upper[:n] = np.minimum(lower[:n], best[:n]), np.maximum(upper[:n], best[:n])
    return lower, upper


def list_downwards(work: Work, first: float, until: Callable[[Work], float], many: int = LISTED) -> None:
    """The plans that can be worth most listed: from `first` of the bound below it, further and further down to a worth
    that no plan need be more than, while they are few enough, and none is worth less than nothing. The first found is
    the best there is."""
    top, room = work.bound, max(first, _LEAST) * abs(work.bound)
    while work.bound > until(work) and work.left() > 0:
        if not work.list_better(max(top - room, until(work)), many) or room >= top:
            return
        room *= _WIDER


def is_small(problem: Problem) -> bool:
    """Whether a search a little further than asked takes under half a second: few whole numbers, few rules."""
    system = problem.system
    numbers = int((system.whole & system.used[: len(system.whole)]).sum())
    return 0 < numbers <= _SMALL and has_few_rules(problem)


def has_few_rules(problem: Problem) -> bool:
    """Whether few rules look at several columns, so that local search and short searches are quick."""
    return len({rule_id for rule_id in problem.system.rule_ids if rule_id}) <= _FEW_RULES


def sharpen(work: Work, take: Take, suggest: bool = False) -> None:
    """A small campaign is searched a little further than asked: a better plan is often at hand."""
    if work.settings.sharpen and is_small(work.problem):
        work.gap = min(work.gap, max(_SMALL_GAP, work.gap / 100))
        search_everything(work, take, _SMALL_SEARCHES, SMALL_NODES, suggest)
