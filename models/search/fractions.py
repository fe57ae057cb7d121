"""Plans in which insertions are fractions: the relaxation's own solution, to the tolerance of its tangents.

Where something is whole all the same (a package, what is bought at all) a search settles that first, and the
relaxation the rest. Tangents let a plan miss a floor on reach by a little: it is then moved towards a known plan
that keeps the floor, or the floor is raised by what was missed while the plan is sought.
"""

from collections.abc import Callable, Sequence

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.certificate import Allocation
from models.problem.problem import LinearSystem, Problem, rounded
from models.programme.feasible import feasible_plan
from models.search.allocate import FRACTIONAL_GAP, Allocator, Settings
from models.search.reach_moves import first_gains

_MOST_ROUNDS = 60
_SAME_PLAN = 1e-10  # of an insertion: the solver's own tolerance
_INSIDE = 1e-4  # of a row


class FractionalAllocator(Allocator):
    """One run."""

    def __init__(self, problem: Problem, settings: Settings) -> None:
        super().__init__(problem, settings)
        self.inside: FloatArray | None = None

    def _start(self) -> None:
        """A plan that keeps the rules; inside them, where that can be, to move towards where a solver's answer is
        outside by a rounding."""
        if self.integer:
            plan = feasible_plan(self.problem, first_gains(self.problem, self.response))
        else:
            inside = (feasible_plan(self.problem, margin=margin) for margin in (_INSIDE, 0.0))
            plan = self.inside = next((found for found in inside if found is not None), None)
        if plan is None:
            raise InfeasiblePlan("no plan keeps all the rules", ())
        self._offer(plan)

    def _offer_relaxed(self, plan: FloatArray) -> None:
        if not self.integer:
            # The best plan last: it often lies on the floor itself, and then the way towards it is long.
            anchors = [anchor for anchor in (self.inside, *self.starts, self.best) if anchor is not None]
            self._offer(moved_inside(plan, self.problem.system, anchors, self._keeps_everything))

    def _finish(self) -> Allocation:
        """Where every relaxation missed a floor by a rounding, and no known plan keeps it: floors raised by that."""
        if self.best is None and not self.integer:
            self._settle(self.problem.system.lower)
        return super()._finish()

    def _offered(self, point: FloatArray) -> FloatArray | None:
        plan = super()._offered(point)
        self._settle(point)
        return plan

    def _settle(self, point: FloatArray) -> None:
        """A fractional plan with what is whole in it as in a solver's point (n_columns,): the relaxation of the
        rest, with tangents at its answers; floors raised by what it misses them by."""
        system = self.problem.system
        lower, upper = system.lower.copy(), system.upper.copy()
        whole = system.whole
        lower[whole] = upper[whole] = np.rint(point[whole])
        self.session.limit(lower, upper)
        raised = [0.0] * len(self.problem.floors)
        seen: FloatArray | None = None
        for _ in range(_MOST_ROUNDS):
            answer = self.session.solve(whole=False, gap=0.0, seconds=self._seconds_left())
            self.rounds += 1
            if answer.point is None or answer.status != "optimal" or self._seconds_left() <= 0:
                break
            plan = rounded(self.problem, np.clip(answer.point, lower, upper))
            kept, insertions = self._offer(plan), self._insertions(plan)
            loose = max(self._above_curves(answer), self._floors_missed(insertions))
            # The same plan again: tangents lie at it, and what is still loose is the solver's rounding.
            if loose <= FRACTIONAL_GAP or (seen is not None and np.abs(plan - seen).max() <= _SAME_PLAN):
                if kept or max(raised, default=1.0) > 0:
                    break
                self._raise_floors(raised, insertions)
            self._cut_at(insertions)
            seen = plan
        for i, floor in enumerate(self.problem.floors):
            self.session.set_floor(i, floor.least / self.programme.floor_scale(floor))
        self.session.limit(system.lower, system.upper)

    def _raise_floors(self, raised: list[float], insertions: FloatArray) -> None:
        """Floors a little higher than asked, for a plan that misses them by a rounding; only while it is sought."""
        reach = self.problem.model.reach_shares(insertions)
        for i, floor in enumerate(self.problem.floors):
            missed = max(-floor.above(reach, insertions), 0.0) + FRACTIONAL_GAP * floor.size
            raised[i] = missed
            self.session.set_floor(i, (floor.least + 2 * missed) / self.programme.floor_scale(floor))


def moved_inside(
    relaxed: FloatArray,
    system: LinearSystem,
    anchors: Sequence[FloatArray],
    keeps: Callable[[FloatArray], bool],
) -> FloatArray:
    """A relaxed plan (plan_size,), moved towards a known one just as far as a missed floor or a rounding needs.

    Rows and bounds are linear and reach is concave, so every plan between the two keeps the rules, and some plan
    between keeps the floors. keeps: whether a plan keeps everything.
    """
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
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if keeps(plan + middle * (anchor - plan)) else (middle, high)
    return np.asarray(plan + high * (anchor - plan))
