"""A plan made to keep the rules of another problem, without a solver."""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.relaxation import keeps_everything
from models.search.admissible import Admissible, Moves
from models.search.reach_gains import ReachGains


def with_room(problem: Problem, plan: FloatArray, response: Response | None = None) -> FloatArray | None:
    """The plan of insertions only with as many less, or more, as the rules need: again and again the purchase, or what
    is given back, that loses least per amount by which it makes the rules broken less. None where that does not lead
    to a plan that keeps everything. response: a table of reach up to the problem's most insertions; without one, or
    where worth is not reach, each plan is worked out by itself."""
    within = Admissible(problem)
    found = np.clip(np.rint(plan).astype(np.int64), within.lower, within.upper)
    found = np.where((found > 0) & (found < within.smallest), within.smallest, found)
    tabled = not (problem.objective.saves_money or problem.objective.effective)
    gains = ReachGains(problem, response) if response is not None and tabled else None
    for _ in range(int(found.sum()) + len(found) + 1):
        if keeps_everything(problem, found.astype(float)):
            return np.asarray(found, dtype=float)
        out, back = within.given_back(found)
        fewest = within.fewest(found)
        into = np.flatnonzero(found + fewest <= within.upper)
        vehicles, steps = np.concatenate([out, into]), np.concatenate([-back, fewest[into]])
        activity = within.activity(found)
        better = _missed(within, activity) - _missed(
            within, within.rows_after(found, activity, (vehicles, steps))
        )
        use = np.flatnonzero(better > 1e-12)
        if not len(use):
            return None
        vehicles, steps, better = vehicles[use], steps[use], better[use]
        lost = _lost(problem, found, (vehicles, steps), gains)
        best = int(np.argmin(np.where(lost > 0, lost / better, lost)))
        found[vehicles[best]] += steps[best]
    return None


def _lost(problem: Problem, plan: IntArray, moves: Moves, gains: ReachGains | None) -> FloatArray:
    """(n,) worth that each move alone loses."""
    if gains is not None:
        return -gains.of(gains.response.standing(plan), *moves)
    there = np.tile(plan, (len(moves[0]), 1))
    there[np.arange(len(there)), moves[0]] += moves[1]
    return problem.value(plan.astype(float)) - np.array([problem.value(each.astype(float)) for each in there])


def _missed(within: Admissible, activity: FloatArray) -> FloatArray:
    """By how much activities (n_rows, ...) miss the rows of the rules, in all, each row divided by its size."""
    rows = within.rows
    assert rows is not None
    missed = np.maximum(activity.T - rows.most, 0.0) + np.maximum(rows.least - activity.T, 0.0)
    limit = np.where(np.isfinite(rows.most), rows.most, rows.least)
    return np.asarray((missed / np.maximum(np.abs(limit), 1.0)).sum(axis=-1))
