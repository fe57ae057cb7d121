"""What insertions gain and lose in reach: exactly, and by the tangents that bound it."""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.errors import InfeasiblePlan
from models.problem.problem import Problem
from models.problem.response import Response, Standing
from models.programme.plans.feasible import feasible_plan
from models.search.admissible import Moves


class ReachGains:
    """Of one problem whose plans are whole insertions only. response: of the segments that count."""

    def __init__(self, problem: Problem, response: Response) -> None:
        self.response = response
        self.objective = problem.objective.within(response.segments)
        self.insertion_worth = self.objective.insertion_worth

    def worth(self, standing: Standing) -> float:
        """Worth of a schedule."""
        return self.objective.value(standing.reach, standing.insertions.astype(float))

    def of(self, standing: Standing, vehicles: IntArray, steps: IntArray | int) -> FloatArray:
        """(n,) change of value if each vehicle alone moved by its step (n,)."""
        change = steps * self.insertion_worth[vehicles]
        if self.objective.counts_reach and len(vehicles):
            after = self.response.reach_after(standing, vehicles, steps)
            change = change + self.objective.of_reach(after) - self.objective.of_reach(standing.reach)
        return np.asarray(change)

    def most(self, standing: Standing) -> FloatArray:
        """(n_vehicles,) no less than each further insertion gains, in this plan and in every larger one."""
        worth = self.objective.worth_of_reach(standing.reach)
        return self.insertion_worth + self.response.steepness(standing, worth, +1)

    def least_lost(self, standing: Standing) -> FloatArray:
        """(n_vehicles,) no more than one insertion less loses."""
        worth = self.objective.worth_of_reach(standing.reach)
        return self.insertion_worth + self.response.steepness(standing, worth, -1)

    def without(self, standing: Standing, out: Moves) -> tuple[FloatArray, FloatArray]:
        """(n_out,) value after each purchase alone is given back; (n_out, n_vehicles) no less than an insertion gains
        then."""
        reach = self.response.reach_after(standing, out[0], -out[1])
        gained = self.response.steepness_without(standing, out, reach, self.objective.worth_of_reach(reach))
        return self.value_of(reach, standing, (out[0], -out[1])), gained + self.insertion_worth

    def value_of(self, reach: FloatArray, standing: Standing, moves: Moves) -> FloatArray:
        """(n,) value from reach (n_segments, n) after each move alone."""
        linear = self.insertion_worth @ standing.insertions + moves[1] * self.insertion_worth[moves[0]]
        return np.asarray(self.objective.of_reach(reach) + linear)

    def exchanged(self, standing: Standing, out: Moves, into: Moves) -> FloatArray:
        """(n,) exact value after each exchange alone."""
        if len(out[0]) == 0:
            return np.zeros(0)
        reach = self.response.reach_exchanged(standing, out, into)
        value = self.value_of(reach, standing, (into[0], into[1]))
        return np.asarray(value - out[1] * self.insertion_worth[out[0]])


def first_gains(problem: Problem, response: Response) -> FloatArray:
    """(n_vehicles,) worth of one insertion of each vehicle alone; 0 of those not on offer."""
    gains = problem.objective.insertion_worth.astype(float)
    objective = problem.objective.within(response.segments)
    offered = np.flatnonzero(response.upper > 0)
    nothing = response.standing(np.zeros(problem.n_vehicles, dtype=np.int64))
    if len(response.segments) and len(offered):
        reach = response.reach_after(nothing, offered, 1)
        worth = objective.of_reach(reach) if objective.counts_reach else np.zeros(len(offered))
        if objective.effective is not None:
            worth = objective.effective.people[response.segments] @ reach
        gains[offered] += worth - (objective.of_reach(nothing.reach) if objective.counts_reach else 0.0)
    gains[response.upper <= 0] = 0.0
    return gains


def first_plan(problem: Problem, response: Response) -> FloatArray:
    """A plan (plan_size,) that keeps the rules, good by its first insertions. Raises InfeasiblePlan."""
    plan = feasible_plan(problem, first_gains(problem, response))
    if plan is None:
        raise InfeasiblePlan
    return plan
