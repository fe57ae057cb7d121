"""Plans that exchanges of single insertions lead to, from a relaxed plan made whole and from the best known."""

from collections.abc import Iterator, Sequence

import numpy as np

from models.after.room import with_room
from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.relaxation import Relaxation, keeps_everything
from models.search.reach_moves import Search

_WHOLE = 1e-6  # of an insertion: nearer to a whole number is one


def plans_exchanged(
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
