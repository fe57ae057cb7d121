"""Whole-number searches: near a point, and over every number of insertions that may be part of a better plan."""

from collections.abc import Callable

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.errors import InfeasiblePlan
from models.problem.certificate import relative_gap
from models.problem.problem import Problem
from models.programme.answers import Found
from models.programme.solver import NO_LIMIT
from models.purchase.columns import WHOLE
from models.search.work import LISTED, Work, short_of

_TRIES = 4
_WIDER = 1.6  # times so far below the bound, the next time
_NEAR = 1e-4  # of the bound: so near it a search looks first
_SMALL, _FEW_RULES = 120, 30  # whole numbers, rules
_SMALL_GAP, _SMALL_SEARCHES, _SMALL_NODES = 1e-5, 3, 100
_BETWEEN, _WIDE_NODES = 4, 40  # searches between the best plan and the relaxation's; nodes of the last
_PART, _LARGER = 0.25, 1.15  # of the vehicles, searched first; times as many after each search in vain
_BESIDE = 0.25  # of the time left, for the search beside the relaxation's point
_WORK = 4.5e10  # of the last: nodes times the square of increments times segments; about a third of a second
_NEXT_TO_NOTHING = 0.02  # of what the bound lies above the best plan

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
) -> tuple[FloatArray, FloatArray]:
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
    bounds: tuple[FloatArray, FloatArray],
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


def search_everything(
    work: Work,
    take: Take,
    most: int = NO_LIMIT,
    nodes: int = NO_LIMIT,
    suggest: bool = False,
    near: float = _NEAR,
    heuristics: bool = True,
    more: int = 1,
) -> None:
    """Whole-number searches, tangents at their answers, until the gap is closed or after `most` of them.

    First where the reduced costs charge little (`near` of the bound), then wider, at last wherever a better plan can
    be. more: times as many nodes each time.
    """
    # What moves cannot search takes long, and its answers are near their exact worth: no sharper than asked.
    gap, near = work.gap * (0.75 if suggest else 0.5), max(2 * work.gap, near)
    previous: FloatArray | None = None
    for _ in range(most):
        if work.closed() or work.left() <= 0:
            return
        room, everything = _room(work, near)
        found = _search_down(work, room, gap, nodes, suggest, heuristics)
        cut_short = found.status in ("feasible", "none") and nodes < NO_LIMIT
        near, nodes = 4 * near, min(more * nodes, NO_LIMIT)
        if found.point is None:
            if everything and not (cut_short and more > 1):
                return _end_without_plan(work, found)
            continue
        plan = take(work, found)
        again = not cut_short and _same(plan, previous)
        if everything and (plan is None or (again and gap < 1e-9)):
            return
        if cut_short and nodes <= _SMALL_NODES:
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
    """A search everywhere found nothing. Raises InfeasiblePlan where that proves that there is nothing."""
    if work.best is None and found.status == "infeasible":
        raise InfeasiblePlan("no plan keeps all the rules", ())


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


def search_between(work: Work) -> None:
    """The best plan whose numbers lie between those of the best known and of the relaxation's point, rounded both ways
    (relaxation induced neighbourhoods, Danna, Rothberg and Le Pape 2005); again, between that plan and the point. Few
    numbers differ, so that it takes little."""
    for _ in range(_BETWEEN):
        if not _bettered_within(work, _between(work, 0.0), _SMALL_NODES):
            return


def search_between_and_beside(work: Work) -> None:
    """The same, and at last once more, with the numbers beside that are charged next to nothing."""
    search_between(work)
    _bettered_within(work, _between(work, _NEXT_TO_NOTHING), _wide_nodes(work))


def search_beside_point(work: Work, nodes: int) -> bool:
    """Whether there is a better plan than the best within one insertion of the relaxation's point, rounded both ways:
    what the first search there, which looks for any plan, ends too early to see."""
    point = work.relaxed_point
    if point is None or work.best is None:
        return False
    bounds = around(work.problem, point, 1.0, *work.charged.possible(work.value))
    return _bettered_within(work, bounds, nodes, _BESIDE * work.left())


def search_parts(work: Work) -> None:
    """The best plan that differs from the best known in some vehicles only (large neighbourhoods, Shaw 1998), drawn at
    random: in a quarter of them, in more and more of them while that is in vain, until it would be all."""
    rng, share = np.random.default_rng(0), _PART  # the same plan every time
    while share < 1 and not work.closed():
        free = rng.random(work.problem.n_vehicles) < share
        better = _bettered_within(work, in_part(work, free), _SMALL_NODES)
        share = _PART if better else _LARGER * share
        if work.left() <= 0:
            return


def in_part(work: Work, free: BoolArray) -> Bounds | None:
    """Bounds (n_columns,) of plans that are the best known but for some vehicles (n_vehicles,), and may be better."""
    if work.best is None:
        return None
    best, n = work.insertions(work.best), len(free)
    lower, upper = (bounds.copy() for bounds in work.charged.possible(work.value))
    lower[:n] = np.where(free, np.minimum(lower[:n], best), best)
    upper[:n] = np.where(free, np.maximum(upper[:n], best), best)
    return lower, upper


def _bettered_within(work: Work, bounds: Bounds | None, nodes: int, seconds: float = np.inf) -> bool:
    """Whether a search within bounds (n_columns,) found a better plan than the best."""
    if bounds is None or work.best is None or work.sharp() or work.left() <= 0:
        return False
    before = work.value
    work.relaxation.suggest(work.best)
    offered(work, work.relaxation.search(*bounds, _SMALL_GAP, nodes, above=before, seconds=seconds))
    return work.value > before


def _wide_nodes(work: Work) -> int:
    """Nodes of the last search: fewer in a large programme, whose nodes take longer by about the square of its size."""
    relaxation = work.relaxation
    size = len(relaxation.curves.y) * len(relaxation.response.segments)
    return max(min(_WIDE_NODES, int(_WORK / max(size, 1) ** 2)), 1)


def _between(work: Work, cheap: float) -> Bounds | None:
    """Bounds (n_columns,) of what lies between the best plan and the relaxation's point, and next to the point numbers
    that are charged no more than a share `cheap` of what the bound lies above the plan."""
    point, charged = work.relaxed_point, work.charged
    if point is None or work.best is None:
        return None
    best, n = work.insertions(work.best), len(point)
    lower, upper = around(work.problem, point, 0.0)
    if cheap > 0:
        near = around(work.problem, point, 1.0)
        possible = charged.possible(charged.bound - cheap * (charged.bound - work.value))
        lower = np.minimum(lower, np.maximum(near[0], possible[0]))
        upper = np.maximum(upper, np.minimum(near[1], possible[1]))
    lower[:n], upper[:n] = np.minimum(lower[:n], best), np.maximum(upper[:n], best)
    return lower, upper


def list_downwards(work: Work, first: float, until: Callable[[Work], float], many: int = LISTED) -> None:
    """The plans that can be worth most listed: from `first` of the bound below it, further and further down to a worth
    that no plan need be more than, while they are few enough. The first found is the best there is."""
    top, room = work.bound, first * abs(work.bound)
    while work.bound > until(work) and work.left() > 0:
        if not work.list_better(max(top - room, until(work)), many):
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
        search_everything(work, take, _SMALL_SEARCHES, _SMALL_NODES, suggest)
