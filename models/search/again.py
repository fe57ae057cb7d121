"""The order of work where an answer within the gap is enough, and a neighbour's plans may be known: scenarios.

1. The relaxation, tangents added until it lies on its curves; known plans may be within the gap of it already.
2. Its insertions rounded down and filled up greedily; then exchanges.
3. The plans that can be worth most are listed, from further and further below the bound, while they are few: the first
   found is the best there is, and where none is found the bound falls.
4. Where they are many: the relaxation's insertions each rounded down or up, by a small whole-number search; then local
   search, of exchanges only unless the plan is far from the bound.
5. "Is any plan worth more than so much?": whole-number searches over the numbers of insertions that reduced costs
   allow such a plan, told what to beat. Each lowers the bound, or finds a plan, until they are within the gap.
"""

from collections.abc import Callable, Sequence

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import relative_gap
from models.problem.response import response_of
from models.search.everywhere import around, list_downwards, offered, search_near
from models.search.reach_moves import Search
from models.search.work import Work, short_of

_INSIDE = 0.9  # of the gap, below the bound: so near it a plan need not be bettered
_WHOLE = 1e-6  # of an insertion: nearer to a whole number is one
_FAR = 6.0  # times the gap: from so far all moves are tried
_PART = 0.5
_NODES = 30  # of the small search
_QUESTIONS = 20
_JUST = 1 - 1e-9  # of the gap, so that rounding leaves a plan within it


def by_questions(work: Work, greedy: Callable[[Work, Search], FloatArray | None]) -> None:
    """Search, in the order above. greedy: a plan to begin with, where rounding gives none."""
    for found in work.relaxation.rounds(0.1 * work.gap):
        work.learn(found)
        if work.closed() or not found.settled:
            break
    if work.closed():
        return
    moves = Search(work.problem, response_of(work.problem), work.deadline)
    if found.point is not None:
        _fill_up(work, moves, work.insertions(found.point))
    _climb(work, moves, ("exchange",))
    list_downwards(work, _INSIDE * work.gap, _within_gap)
    if work.closed():
        return
    if work.best is None:
        greedy(work, moves)
    if found.point is not None:
        bounds = around(work.problem, work.insertions(found.point), 0.0 if work.problem.plain else 1.0)
        search_near(work, bounds, offered, _NODES, enough=_INSIDE)
    _climb(work, moves, ("exchange",))
    if relative_gap(work.value, work.bound) > _FAR * work.gap:
        _climb(work, moves, ("exchange", "force", "drop"))
    for _ in range(_QUESTIONS):
        if work.closed() or work.left() <= 0 or not _ask(work):
            break


def _fill_up(work: Work, moves: Search, insertions: FloatArray) -> None:
    """A relaxed plan (n_vehicles,) rounded down, and the rest bought greedily, where the rules allow that."""
    down = np.floor(insertions + _WHOLE).astype(np.int64)
    if moves.within.rows_allow(down.astype(float)):
        work.offer(moves.greedy(down, first=work.best is None).astype(float))


def _within_gap(work: Work) -> float:
    """The best plan is within the gap of what is worth no more than this."""
    return work.value / (1 - _JUST * work.gap) if work.value > 0 else work.value


def _climb(work: Work, moves: Search, kinds: Sequence[str]) -> None:
    """The best plan bettered by moves until it is within the gap."""
    if work.best is not None and not work.closed():
        enough = short_of(work.bound, _INSIDE * work.gap)
        work.offer(moves.climbed(np.rint(work.best).astype(np.int64), enough, kinds).astype(float))


def _ask(work: Work) -> bool:
    """Ask whether any plan is worth more than the best by the gap, or first by half of what lies between it and the
    bound: the nearer to the bound, the sooner a search ends. Whether that told anything."""
    if work.best is None or work.value <= 0:
        return False
    room = max(_INSIDE * work.gap * work.bound, _PART * (work.bound - work.value))
    target = max(_within_gap(work), work.bound - room)
    if work.list_better(target):
        return True
    before = work.value, work.bound
    found = work.relaxation.search(
        *work.charged.possible(target), gap=work.gap / 2, above=target, enough=target
    )
    work.bound = min(work.bound, max(found.bound, target))
    if found.plan is not None:
        offered(work, found)
    return found.plan is not None or (work.value, work.bound) != before
