"""What a plan is made to cost where the cheapest changes of limits are sought, column by column."""

from collections.abc import Collection

import numpy as np

from models.arrays import FloatArray
from models.conflict.stretched import Stretched

STRETCHED = 1e-8  # of a row's largest coefficient: less is a solver's rounding


def slack_costs(stretches: Stretched, places: Collection[int]) -> FloatArray:
    """(n_columns,) costs under which a point's cost is the sum of the relative changes of these demands."""
    found = np.zeros(len(stretches.problem.system.lower))
    for i in places:
        for slack in stretches.slacks[i]:
            found[slack.column] = slack.cost
    return found


def ratio_costs(stretches: Stretched, place: int, limit: float | None) -> FloatArray:
    """(n_columns,) costs of a share, a ratio or a cap on frequency: how far a plan is from keeping it with this
    limit (Dinkelbach 1967: the best ratio is the limit at which the best plan is just on it); None: costs
    under which the most is bought of what the ratio is taken of."""
    found = np.zeros(len(stretches.problem.system.lower))
    if place in stretches.met:
        return _frequency_costs(stretches, place, limit, found)
    part = stretches.demands[place].parts[0]
    limits = [(1.0, limit)] if limit is not None else [(1.0, 1.0), (-1.0, 0.0)]
    for weight, amount in limits:
        row = part.eased(amount).rows()[0]
        sign = -1.0 if limit is not None and row.sense == ">=" else 1.0
        np.add.at(found, row.columns, sign * weight * row.coefficients)
    return found / (float(np.abs(found).max()) or 1.0)


def _frequency_costs(stretches: Stretched, place: int, limit: float | None, found: FloatArray) -> FloatArray:
    """The same of a cap on frequency: fewer people reached than its contacts allow."""
    cap = stretches.floors[place]
    assert cap.contacts is not None
    found[stretches.met[place]] = -1.0 if limit is None else -limit / cap.stated
    if limit is not None:
        found[: len(cap.contacts)] = -cap.contacts / stretches.slacks[place][0].size
    return found


def exact_cost(stretches: Stretched, costs: FloatArray, point: FloatArray, plan: FloatArray) -> float:
    """A solver's point's cost, floors stretched by what its plan really misses them by."""
    cost, outcome = float(costs @ point), stretches.problem.outcome(plan)
    for i, floor in stretches.floors.items():
        slack, met = stretches.slacks[i][0], stretches.met.get(i)
        if met is not None and costs[met]:
            reach = float(floor.people @ outcome.reach) / slack.size
            cost += costs[met] * (reach - point[met])
        elif costs[slack.column]:
            missed = -floor.above(outcome.reach, outcome.insertions) / slack.size
            cost += costs[slack.column] * (max(missed, 0.0) - point[slack.column])
    return float(cost)


def relief_of(stretches: Stretched, place: int, point: FloatArray) -> float:
    """The share of a fixed cost that a solver's point does without; 0 of any other demand."""
    if place not in stretches.owed:
        return 0.0
    share = float(point[stretches.relief[stretches.owed[place].vehicle]])
    return share if share > STRETCHED else 0.0
