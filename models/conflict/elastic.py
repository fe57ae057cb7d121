"""A campaign whose every limit can be stretched, as one live programme.

With the slack of a limit (models.conflict.stretched) held at 0 the limit is in force; with the slack free it is as
good as gone; the least slack is the smallest change that is enough (Chinneck 2008, chapter 6: elastic programming). One
programme answers all these questions, by bounds and costs of its columns. Floors on reach are outer-approximated:
their rows are necessary, every answer is checked exactly, and tangents are added at an answer that misses a floor in
force. "There is none" is therefore a proof; "here is one" is checked by arithmetic. Reach n times or more has
necessary rows only.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.conflict.costs import STRETCHED, exact_cost, slack_costs
from models.conflict.limits import Demand
from models.conflict.stretched import Stretched
from models.errors import PlanningError
from models.problem.goals import EffectiveFloor, Floor
from models.problem.problem import Problem, rounded
from models.programme.relaxation import Relaxation
from models.programme.rows.keyed_rows import Keyed
from models.programme.solvers.linear_programme import one_row
from models.programme.solvers.solver import Limits, Solved

_ROUNDS = 60
_LOOSE = 1e-5  # of a floor's size, by which the relaxation may miss it
_ACCURACY = 1e-5  # of a floor's size, to which the most reach is found


class OutOfTime(PlanningError):
    """The time for an explanation is over."""


@dataclass(frozen=True, eq=False)
class Found:
    """A plan (plan_size,), the solver's point (n_columns,) behind it, its exact cost, and whether no plan costs
    less (to the accuracy of reach)."""

    plan: FloatArray
    point: FloatArray
    cost: float
    least: bool


class Elastic:
    """The programme. demands: limits that can be stretched, by their places; every other rule of the problem holds.

    deadline: on time.monotonic's clock; past it OutOfTime is raised. cheapest: money of the cheapest insertion.
    proven: False once an answer rested on more than rows and tangents.
    """

    def __init__(self, problem: Problem, demands: Sequence[Demand], deadline: float) -> None:
        self.original, self.demands, self.deadline = problem, demands, deadline
        self.proven = True
        self.stretches = Stretched(problem, demands)
        self.problem, self.slacks = self.stretches.problem, self.stretches.slacks
        self.floors, self.effective = self.stretches.floors, self.stretches.effective
        self.cheapest = self.stretches.cheapest
        # The programme has the people of the goals; which of them are in force is asked by bounds of their slacks.
        goals = replace(self.problem, floors=problem.floors, effective=problem.effective)
        self.relaxation = Relaxation(self.problem, [goals], deadline=deadline)
        self.live = self.relaxation.live
        self.relaxation.also(list(goal_rows(self.relaxation, self.stretches)))
        self.integer = bool(self.problem.system.whole[self.problem.system.used].any())

    def stretched(self, found: Found, places: Collection[int]) -> list[int]:
        """Which of these demands a found plan stretches, floors by exact reach."""
        outcome = self.problem.outcome(found.plan)
        goals: dict[int, Floor | EffectiveFloor] = {**self.floors, **self.effective}
        return [
            i
            for i in places
            if (not goals[i].holds(outcome) if i in goals
                else any(found.point[slack.column] > STRETCHED for slack in self.slacks[i]))
        ]  # fmt: skip

    def within(self, costs: FloatArray, free: Collection[int], gap: float, seconds: float) -> Found | None:
        """A plan as cheap as can be whose cost is not above 0; None where there is none."""
        used = np.flatnonzero(costs)
        row = self.live.add_rows(one_row(used, costs[used], -np.inf, 0.0, "held"))
        try:
            return self.solve(free, costs, gap, seconds)
        finally:
            self.live.set_row_bounds(row, np.array([-np.inf]), np.array([np.inf]))

    def left(self) -> float:
        """Seconds until the deadline. Raises OutOfTime when it is past."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise OutOfTime("the time for the explanation is over.")
        return seconds

    def solve(
        self,
        free: Collection[int],
        costs: FloatArray | None = None,
        gap: float = 0.0,
        seconds: float = np.inf,
    ) -> Found | None:
        """The cheapest plan where only the demands `free` may be stretched; None where there is none, proven.

        costs: (n_columns,); None: any plan will do. gap: relative. seconds: after which the cheapest so far is
        taken, if there is one. Raises OutOfTime.
        """
        end = time.monotonic() + seconds
        wanted = np.zeros(len(self.problem.system.lower)) if costs is None else costs
        self._set_bounds(free, costs is None)
        self.relaxation.minimise(wanted)
        if self.original.goals and self._relax(wanted, free, end).status == "infeasible":
            return None
        return self._cheapest(free, wanted, gap, end, costs is None or not self.original.goals)

    def _cheapest(
        self, free: Collection[int], costs: FloatArray, gap: float, end: float, any_plan: bool
    ) -> Found | None:
        """Whole plans, with tangents where they need them, until one is the cheapest; or any keeps all in force."""
        best: Found | None = None
        seen: FloatArray | None = None
        for _ in range(_ROUNDS):
            answer = self._answer(best, gap, end)
            if answer is None or answer.values is None:
                return best
            point = self._point(answer.values)
            plan = rounded(self.problem, point)
            cost = exact_cost(self.stretches, costs, point, plan)
            best = self._better(best, Found(plan, point, cost, False), free)
            if best is not None:
                best = replace(best, least=_is_least(best, answer, gap, costs, bool(self.original.goals)))
                if best.least or any_plan:
                    return best
            if _same(plan, seen):
                # Tangents lie at this very plan: what is missed is a rounding, or reach of several contacts.
                self.proven = self.proven and best is not None
                return best
            seen = plan
            self.relaxation.cut_at(self.problem.columns.insertions(plan))
        self.proven = False
        return best

    def _answer(self, best: Found | None, gap: float, end: float) -> Solved | None:
        """The solver's next whole plan; None where there is none, or time ended and the best known has to do. Raises
        OutOfTime where none is known."""
        left = min(self.left(), end - time.monotonic())
        if best is not None and left <= 0:
            return None
        # Half the time for each, so that tangents at one answer can help the next.
        limits = Limits(gap, left / 2 if self.original.goals else left, exact=True)
        answer = self.live.solve(self.integer, limits)
        if answer.values is None and answer.status != "infeasible" and best is None:
            raise OutOfTime("there was no answer in the time given.")
        return None if answer.status == "infeasible" else answer

    def _better(self, best: Found | None, found: Found, free: Collection[int]) -> Found | None:
        """The cheaper of two plans that keep every floor on reach in force, exactly; of fractions, to a rounding."""
        outcome, rounding = self.problem.outcome(found.plan), 1e-9 if self.problem.whole else 1e-7
        in_force = (floor for i, floor in self.floors.items() if i not in free)
        if any(floor.margin(outcome) < -rounding for floor in in_force):
            return best
        return found if best is None or found.cost < best.cost else best

    def stretched_in_parts(self, free: Collection[int]) -> list[int] | None:
        """Which demands the cheapest relaxation stretches; None where even parts of insertions leave no plan."""
        costs = slack_costs(self.stretches, free)
        self._set_bounds(free, False)
        self.relaxation.minimise(costs)
        answer = self._relax(costs, free, np.inf)
        if answer.status == "infeasible":
            return None
        if answer.values is None or answer.status != "optimal":
            raise OutOfTime("there was no answer in the time given.")
        point = self._point(answer.values)
        return [i for i in free if any(point[slack.column] > STRETCHED for slack in self.slacks[i])]

    def _relax(self, costs: FloatArray, free: Collection[int], end: float) -> Solved:
        """The relaxation's answer, with tangents where it needs them: cheaper than where whole plans do."""
        for _ in range(_ROUNDS):
            seconds = min(self.left(), end - time.monotonic())
            answer = self.live.solve(False, Limits(seconds=seconds))
            if answer.values is None or answer.status != "optimal":
                return answer
            point = self._point(answer.values)
            outcome = self.problem.outcome(point)
            hidden = exact_cost(self.stretches, costs, point, point) - float(costs @ point)
            loose = hidden / (float(np.abs(costs).max()) or 1.0)
            for i, floor in self.floors.items():
                loose = max(loose, 0.0 if i in free else -floor.margin(outcome))
            if loose <= _LOOSE:
                break
            self.relaxation.cut_at(self.problem.columns.insertions(point))
        return answer

    def _point(self, values: FloatArray) -> FloatArray:
        """(n_columns,) of the problem's columns in a solver's values."""
        return values[: len(self.problem.system.lower)]

    def _set_bounds(self, free: Collection[int], gone: bool) -> None:
        """Slacks of demands in force are 0; where the others are `gone`, so are fixed costs among them, wholly."""
        system = self.problem.system
        lower, upper = system.lower.copy(), system.upper.copy()
        for i, slacks in enumerate(self.slacks):
            owed = self.stretches.owed.get(i)
            if i not in free:
                upper[[slack.column for slack in slacks]] = 0.0
            elif gone and owed is not None:
                upper[self.stretches.partly[owed.vehicle]] = 0.0
        self.relaxation.limit(lower, upper)


def _same(plan: FloatArray, other: FloatArray | None) -> bool:
    return other is not None and bool(np.abs(plan - other).max() <= 1e-9)


def _is_least(best: Found, answer: Solved, gap: float, costs: FloatArray, curved: bool) -> bool:
    """Whether the solver has shown that no plan costs less. curved: tangents stand for some of what it was asked."""
    short = best.cost - answer.lowest
    near = short <= gap * abs(best.cost) + _ACCURACY * float(np.abs(costs).max())
    return answer.status == "optimal" and (near or not curved)


def goal_rows(relaxation: Relaxation, stretches: Stretched) -> Iterator[Keyed]:
    """The rows of every goal among the demands, divided by the people of the goal. relaxation: has these people.

    people . R + contacts . x + slack >= least,   people . F + slack >= least
    """
    goals: dict[int, Floor | EffectiveFloor] = {**stretches.floors, **stretches.effective}
    for demand, goal in goals.items():
        people, everyone = goal.people[relaxation.response.segments], goal.everyone
        if isinstance(goal, Floor):
            reach = relaxation.curves.r
        else:
            reach = relaxation.curves.met.columns(relaxation.live, goal.times)
        columns, values = reach[people > 0], people[people > 0]
        if isinstance(goal, Floor) and goal.contacts is not None:  # a column stands for the people reached
            met, bought = stretches.met[demand], np.flatnonzero(goal.contacts)
            columns, values = np.append(columns, met), np.append(values, -everyone)
            yield Keyed(("met", demand), columns, values, 0.0, np.inf, everyone)
            columns, values = np.append(bought, met), np.append(goal.contacts[bought], everyone)
        columns = np.append(columns, stretches.slacks[demand][0].column)
        yield Keyed(("goal", demand), columns, np.append(values, everyone), goal.least, np.inf, everyone)
