"""The order of work where plans are nothing but whole insertions, which moves search.

1. Greedy gives a plan, unless many rules ask for something at least; the programme gets tangents at its point.
2. The relaxation is solved again and again, tangents added where its solution lies above a curve,
   until it lies on the curves: its optimum bounds every plan.
3. Whole plans come from the relaxation's solution: each number rounded down or up by a small whole-number search over
   these two choices only.
4. Only if the gap is still wider than asked. In a small campaign a search everywhere, which mostly ends at its root and
   is given up soon where it does not. Then near the relaxation's point: between it and the best plan, then with the
   numbers beside that its reduced costs charge least, more and more of them. Then a whole-number search over every
   number of insertions that could still be part of a better plan, with tangents added at its answers, until the gap is
   closed or the time is up. Which numbers could, the reduced costs say (models.programme.reduced_costs).
5. A plan within the gap may still be bettered where that costs little: plans that may be better are listed, in a small
   campaign; near the relaxation's point there are a few small searches. A small campaign is searched a little further
   than asked, and local search on the exact value improves its plan unless that is the best by proof, and greedy's
   beside it. Under many rules local search does not pay.

Floors on reach are outer-approximated by the same tangents, so a candidate may miss one by a little: it is checked
exactly, and tangents are added at its point. The floor in the programme is never tightened, so the bound holds for
every plan.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray
from models.problem.response import response_of
from models.programme.answers import Found
from models.search.again import by_questions
from models.search.everywhere import (
    SMALL_NODES,
    Take,
    around,
    has_few_rules,
    is_small,
    list_downwards,
    offered,
    search_beside,
    search_everything,
    search_near,
    sharpen,
    sharpen_beside,
)
from models.search.reach_gains import first_plan
from models.search.reach_moves import Search
from models.search.work import Work, short_of

_FAR_BEHIND = 0.03  # of the best: local search does not begin at a plan worth so much less
_SHARP_FROM = 0.02  # of the gap, below the bound: so near it better plans are listed first
_FEW = 1_000  # plans half made
_ENOUGH = 0.01  # of the gap, below the bound: there local search ends


def by_moves(work: Work) -> None:
    """Search, in the order above; where an answer within the gap is enough, or vehicles have several units, in that of
    models.search.again first: their curves are of all units together, and whole-number searches take long over them."""
    if work.settings.quick or work.problem.model.units is not None:
        by_questions(work, _greedy)
        if work.closed():
            sharpen(work, offered)
            return
    problem = work.problem
    response = response_of(problem)
    moves = Search(problem, response, work.deadline)
    greedy = _greedy(work, moves) if work.settings.thorough or work.best is None else None
    _round_relaxed(work)
    take = _polished(moves)
    if is_small(problem):
        search_everything(work, take, nodes=SMALL_NODES)
    search_beside(work)
    search_everything(work, take)
    if work.settings.sharpen:
        _better_within_gap(work, moves, greedy)


def _round_relaxed(work: Work) -> None:
    """Whole plans next to the relaxation's points, while tangents are added."""
    # What is bought at all is chosen besides, and may need one more or less.
    rounded_at, step = np.inf, 0.0 if work.problem.plain else 1.0
    for found in work.rounds(0.1 * work.gap):
        assert found.point is not None
        if found.loose < min(5 * work.gap, 0.3 * rounded_at) and not work.sharp():
            rounded_at = found.loose
            search_near(work, around(work.problem, work.insertions(found.point), step), offered)
        if work.closed():
            return


def _better_within_gap(work: Work, moves: Search, greedy: FloatArray | None) -> None:
    """A better plan than asked, where that costs little."""
    small = is_small(work.problem)
    if small:
        list_downwards(work, _SHARP_FROM * work.settings.gap, lambda work: work.value, _FEW)
    sharpen_beside(work)
    sharpen(work, offered)
    if has_few_rules(work.problem):
        _polish(work, moves, [work.best, greedy] if small else [work.best])


def _polished(moves: Search) -> Take:
    """What becomes of a search's answer: it is offered, and what local search makes of it, where it is the best and
    not near enough."""

    def take(work: Work, found: Found) -> FloatArray | None:
        before = work.value
        offered(work, found)
        if work.value > before and not work.closed():
            if not is_small(work.problem):  # where a search everywhere is not as soon done
                search_beside(work)
            if has_few_rules(work.problem):
                _polish(work, moves, [work.best])
        return found.plan

    return take


def _greedy(work: Work, moves: Search) -> FloatArray | None:
    """Bought greedily, from the least that the rules ask for; nothing where many rules are in the way of that."""
    work.settings.progress("greedy")
    start = moves.within.lower.astype(float)
    if not moves.within.rows_allow(start):
        if not has_few_rules(work.problem):
            return None
        start = first_plan(work.problem, moves.response) if work.best is None else work.best
    plan = moves.greedy(start.astype(np.int64), first=work.best is None).astype(float)
    work.offer(plan)
    return plan


def _polish(work: Work, moves: Search, plans: Sequence[FloatArray | None]) -> None:
    """Local search from plans that keep everything and are not far behind, the best plan kept."""
    for plan in plans:
        if plan is None or work.sharp() or work.problem.value(plan) < short_of(work.value, _FAR_BEHIND):
            continue
        whole = np.rint(plan).astype(np.int64)
        if moves.acceptable(whole):
            work.settings.progress("local search")
            work.offer(moves.improve(whole, short_of(work.bound, _ENOUGH * work.settings.gap)).astype(float))
