"""What a relaxation's reduced costs say of plans that it bounds (reduced-cost fixing, Nemhauser and Wolsey 1988).

A plan that buys k insertions of a vehicle is worth at most the relaxation's bound less what its reduced costs charge
for k, beside the number of insertions that they charge least for. So a plan worth more than so much can only buy
numbers that are charged less than what lies between.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import Duals
from models.problem.problem import LinearSystem, Problem
from models.problem.response import Response
from models.programme.session import Answer

_ROUNDING = 1e-7  # of the bound


@dataclass(frozen=True, eq=False)
class ReducedCosts:
    """bound: of the relaxation. lower, upper: (n_columns,) bounds it was solved within. charges: per vehicle,
    (upper + 1,) what each number of insertions is charged, 0 for the cheapest."""

    bound: float
    lower: FloatArray
    upper: FloatArray
    charges: tuple[FloatArray, ...]

    def possible(self, worth: float) -> tuple[FloatArray, FloatArray]:
        """Bounds of columns (n_columns,): fewest and most insertions of each vehicle in a plan worth more."""
        lower, upper = self.lower.copy(), self.upper.copy()
        room = self.bound - worth + _ROUNDING * abs(self.bound)
        for j, charge in enumerate(self.charges):
            possible = np.flatnonzero(charge[int(lower[j]) :] <= room) + lower[j]
            lower[j], upper[j] = possible.min(), possible.max()
        return lower, upper


def reduced_costs(system: LinearSystem, response: Response, answer: Answer) -> ReducedCosts:
    """Of a relaxation's answer within the bounds of a system. Without reduced costs nothing is charged."""
    lower, upper = system.lower, system.upper
    if answer.increment_cost is None or answer.insertion_cost is None:
        return ReducedCosts(answer.bound, lower, upper, ())
    charges = []
    for j, cost in enumerate(answer.insertion_cost):
        each = np.full(int(upper[j]), cost)
        if len(answer.increment_cost):
            each = each + answer.increment_cost[response.offset[j] :][: len(each)]
        total = np.concatenate([[0.0], np.cumsum(np.sort(each))])
        charges.append(total - total[int(lower[j]) :].min())
    return ReducedCosts(answer.bound, lower, upper, tuple(charges))


def duals(problem: Problem, response: Response, answer: Answer) -> Duals | None:
    """Shadow prices of a relaxation, in the problem's own units; None where the solver gives none."""
    if answer.insertion_cost is None or answer.increment_cost is None or answer.row_worth is None:
        return None
    system = problem.system
    offers = system.upper[: problem.n_vehicles] > 0
    cost = np.where(offers, answer.insertion_cost, np.nan)
    if len(answer.increment_cost):
        offered = np.flatnonzero(offers)
        cost[offered] += answer.increment_cost[response.offset[offered]]
    return Duals(answer.row_worth / system.scale, cost)
