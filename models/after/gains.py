"""What many changes of a whole plan of insertions are worth, each alone, all at once."""

from collections.abc import Sequence

import numpy as np

from models.after.neighbours import Change
from models.arrays import FloatArray
from models.problem.problem import Problem
from models.problem.response import Response, segments_of


def worked_out_at_once(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan's changes are single insertions of whole numbers, worth what they add to reach and contacts."""
    whole = problem.insertions_only and bool((plan == np.rint(plan)).all())
    return whole and not problem.objective.saves_money and problem.objective.effective is None


def gains_of(problem: Problem, plan: FloatArray, changes: Sequence[Change]) -> FloatArray:
    """(n_changes,) what a plan (n_vehicles,) is worth more after each change: one insertion given back, one bought."""
    moved = np.array(
        [[-1 if part is None else part.vehicle for part in change] for change in changes], dtype=np.int64
    ).reshape(-1, 2)
    insertions = plan.astype(np.int64)
    response = Response(problem.model, plan + 1, segments_of(problem))
    objective = problem.objective.within(response.segments)
    standing = response.standing(insertions)
    worth = np.append(objective.insertion_worth, 0.0)  # the last: of nothing
    gains = worth[moved[:, 1]] - worth[moved[:, 0]]
    before = objective.of_reach(standing.reach)
    out, into = moved.T
    given, bought = out >= 0, into >= 0
    less, more, both = given & ~bought, bought & ~given, given & bought
    one = np.ones(int(both.sum()), dtype=np.int64)
    for places, reach in (
        (less, response.reach_after(standing, out[less], -1)),
        (more, response.reach_after(standing, into[more], 1)),
        (both, response.reach_exchanged(standing, (out[both], one), (into[both], one))),
    ):
        gains[places] += objective.of_reach(reach) - before
    return np.asarray(gains)
