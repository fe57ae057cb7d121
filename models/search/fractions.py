"""Plans in which insertions are fractions: the relaxation's own solution, to the tolerance of its tangents.

Where something is whole all the same (a package, what is bought at all) a search settles that first, and the
relaxation the rest. Tangents let a plan miss a floor on reach by a little: it is then moved towards a known plan
that keeps the floor, or the floor is raised by what was missed while the plan is sought.
"""

from collections.abc import Callable, Sequence

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.problem import LinearSystem, Problem, rounded
from models.problem.response import response_of
from models.programme.answers import Found
from models.programme.plans.feasible import feasible_plan
from models.programme.relaxation import floors_missed, keeps_everything
from models.search.everywhere import offered, search_everything, sharpen
from models.search.reach_gains import first_plan
from models.search.work import FRACTIONAL_GAP, Work

_SAME_PLAN = 1e-10  # of an insertion: the solver's own tolerance
_INSIDE = 1e-4  # of a row
_HALVINGS = 34  # of a way: to less than a tenth of a billionth of it, below FRACTIONAL_GAP


def by_fractions(work: Work) -> None:
    """Search, in the order above."""
    inside = _start(work) if work.settings.thorough or work.best is None else None

    for found in work.rounds(0.1 * work.gap if work.integer else work.gap):
        assert found.point is not None
        if not work.integer:
            # The best plan last: it often lies on the floor itself, and then the way towards it is long.
            anchors = [anchor for anchor in (inside, *work.starts, work.best) if anchor is not None]
            work.offer(moved_inside(work.problem, rounded(work.problem, found.point), anchors))
        if work.closed():
            break
    if work.integer:
        search_everything(work, _settled)
        sharpen(work, _settled)
    elif work.best is None:  # every relaxation missed a floor by a rounding, and no known plan keeps it
        _settle(work, work.problem.system.lower)


def _start(work: Work) -> FloatArray | None:
    """A plan that keeps the rules; inside them, where that can be, to move towards where a solver's answer is outside
    by a rounding."""
    problem = work.problem
    if work.integer:
        plan = first_plan(problem, response_of(problem))
    else:
        inside = (feasible_plan(problem, margin=margin) for margin in (_INSIDE, 0.0))
        found = next((plan for plan in inside if plan is not None), None)
        if found is None:
            raise InfeasiblePlan
        plan = found
    work.offer(plan)
    return plan


def _settled(work: Work, found: Found) -> FloatArray | None:
    """The answer's plan offered, and the best of its fractions."""
    if offered(work, found) is not None and found.point is not None:
        _settle(work, found.point)
    return found.plan


def _settle(work: Work, point: FloatArray) -> None:
    """A fractional plan with what is whole in it as in a solver's point (n_columns,): the relaxation of the
    rest, with tangents at its answers; floors raised by what it misses them by."""
    problem, relaxation = work.problem, work.relaxation
    lower, upper = problem.system.lower.copy(), problem.system.upper.copy()
    whole = problem.system.whole
    lower[whole] = upper[whole] = np.rint(point[whole])
    raised = np.zeros(len(problem.floors) + len(problem.effective))
    seen: FloatArray | None = None
    for found in relaxation.rounds(-np.inf, lower, upper):
        if not found.settled or work.left() <= 0:
            break
        assert found.point is not None
        plan = rounded(problem, found.point)
        kept, insertions = work.offer(plan), work.insertions(plan)
        loose = max(found.loose, floors_missed(problem, insertions))
        # The same plan again: tangents lie at it, and what is still loose is the solver's rounding.
        if loose <= FRACTIONAL_GAP or (seen is not None and np.abs(plan - seen).max() <= _SAME_PLAN):
            if kept or raised.max(initial=0.0) > 0 or not problem.floors:
                break
            raised = _missed(problem, insertions)
            relaxation.raise_floors(2 * raised)
        seen = plan
    relaxation.raise_floors(np.zeros(len(raised)))


def _missed(problem: Problem, insertions: FloatArray) -> FloatArray:
    """(n_floors + n_goals,) by how much (people, 000) a plan misses floors, and a rounding more; goals as they are."""
    reach = problem.model.reach_shares(insertions)
    missed = [
        max(-floor.above(reach, insertions), 0.0) + FRACTIONAL_GAP * floor.size for floor in problem.floors
    ]
    return np.array([*missed, *(0.0 for _ in problem.effective)])


def moved_inside(problem: Problem, relaxed: FloatArray, anchors: Sequence[FloatArray]) -> FloatArray:
    """A relaxed plan (plan_size,), moved towards a known one just as far as a missed floor or a rounding needs.

    Rows and bounds are linear and reach is concave, so every plan between the two keeps the rules, and some plan
    between keeps the floors.
    """
    system: LinearSystem = problem.system

    def keeps(plan: FloatArray) -> bool:
        return keeps_everything(problem, plan)

    size = len(relaxed)
    plan = np.clip(relaxed, system.lower[:size], system.upper[:size])
    plan[plan < 1e-9] = 0.0
    plan = np.maximum(plan, system.lower[:size])
    for anchor in anchors:
        if not keeps(plan) and keeps(anchor):
            plan = _moved_towards(anchor, plan, keeps)
    return plan


def _moved_towards(anchor: FloatArray, plan: FloatArray, keeps: Callable[[FloatArray], bool]) -> FloatArray:
    """The plan nearest to `plan`, on the way to `anchor`, that keeps everything as `anchor` does."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if keeps(plan + middle * (anchor - plan)) else (middle, high)
    return np.asarray(plan + high * (anchor - plan))
