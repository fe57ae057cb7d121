"""A plan that breaks rules, brought to keep them by purchases and by giving back, without a solver."""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.relaxation import keeps_everything
from models.search.admissible import Admissible


def with_room(problem: Problem, plan: FloatArray) -> FloatArray | None:
    """The plan of insertions only with as many less, or more, as the rules need: again and again the purchase, or what
    is given back, that loses least per amount by which it makes the rules broken less. None where that does not lead
    to a plan that keeps everything."""
    within = Admissible(problem)
    found = np.clip(np.rint(plan).astype(np.int64), within.lower, within.upper)
    found = np.where((found > 0) & (found < within.smallest), within.smallest, found)
    for _ in range(int(found.sum()) + len(found) + 1):
        if keeps_everything(problem, found.astype(float)):
            return np.asarray(found, dtype=float)
        there = _next_to(within, found)
        better = _missed(within, found) - _missed(within, there.T)
        there, better = there[better > 1e-12], better[better > 1e-12]
        if not len(there):
            return None
        worth = [problem.value(candidate.astype(float)) for candidate in (found, *there)]
        lost = worth[0] - np.array(worth[1:])
        found = there[int(np.argmin(np.where(lost > 0, lost / better, lost)))]
    return None


def _next_to(within: Admissible, plan: IntArray) -> IntArray:
    """(n, n_vehicles) the plans that one purchase makes, or what is given back; rows aside."""
    out, back = within.given_back(plan)
    fewest = within.fewest(plan)
    into = np.flatnonzero(plan + fewest <= within.upper)
    there = np.tile(plan, (len(out) + len(into), 1))
    places = np.arange(len(there))
    there[places, np.concatenate([out, into])] += np.concatenate([-back, fewest[into]])
    return there


def _missed(within: Admissible, plans: IntArray) -> FloatArray:
    """By how much plans (n_vehicles, ...) miss the rows of the rules, in all, each row divided by its size."""
    rows = within.rows
    assert rows is not None
    activity = rows.activity(plans).T
    missed = np.maximum(activity - rows.most, 0.0) + np.maximum(rows.least - activity, 0.0)
    limit = np.where(np.isfinite(rows.most), rows.most, rows.least)
    return np.asarray((missed / np.maximum(np.abs(limit), 1.0)).sum(axis=-1))
