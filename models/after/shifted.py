"""What a relaxation says of the same problem where one vehicle costs something else, and is bought: nothing is solved.

A relaxation's duals bound every plan (models.programme.plans.listing): a plan that buys k insertions of vehicle j is
worth at most  bound + least_j - total_j(k),  with total_j(k) the worth that k of them lose, least_j the least of these.
Another price of j changes its coefficients a_rj and nothing else, so with the same duals y_r
    total_j(k) rises by  k sum_r y_r (a'_rj - a_rj)          (weak duality: Lagrangian relaxation, Geoffrion 1974)
The bound is as sharp as a relaxation solved anew where j's first insertion is worth about what it costs: there the same
duals are the best. So one relaxation without a vehicle serves all prices near to where it comes in or goes out.

*From a price on*: where sum_r y_r (a'_rj - a_rj) >= 0 for a higher price, totals only rise with the price, and what the
price does not touch stays: a plan that keeps the rules at any price from there on is worth no more than they say,
if slack is counted only in rows that the price leaves alone.
"""

from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.reduced_costs import Costs

_ROUNDING = 1e-12  # of the most that any insertion loses


def relaxed_at(problem: Problem, other: Problem, relaxed: Relaxed, vehicle: int) -> Relaxed | None:
    """A relaxation's answer as it holds for another problem, which differs in the price and the limits of one vehicle.
    problem: the one it was solved for. None where it says nothing of the other: where more than insertions counts,
    where other columns change, or more insertions are allowed than it has."""
    if relaxed.costs is None or not _alike(problem, other):
        return None
    after, costs = other.system, relaxed.costs
    others = np.arange(problem.n_vehicles) != vehicle
    lost = _lost_more(problem, other, relaxed)
    wider = (after.lower < relaxed.lower)[others].any() or (after.upper > relaxed.upper)[others].any()
    totals, least, most = _totals(costs, vehicle), int(after.lower[vehicle]), int(after.upper[vehicle])
    if lost is None or lost[others].any() or wider or not least <= most < len(totals):
        return None
    then = totals + lost[vehicle] * np.arange(len(totals))
    own = totals[int(relaxed.lower[vehicle]) : int(relaxed.upper[vehicle]) + 1]
    bound = relaxed.bound + float(own.min()) - float(then[least : most + 1].min())
    cost = costs.insertion.copy()
    cost[vehicle] += lost[vehicle]
    costs = replace(costs, insertion=cost)
    return replace(relaxed, bound=bound, lower=after.lower, upper=after.upper, costs=costs)


def _alike(problem: Problem, other: Problem) -> bool:
    """Whether two problems of whole insertions have rows of insertions only, the same."""
    before, after = problem.system, other.system
    return before.plain and after.plain and problem.whole and before.rule_ids == after.rule_ids


def relaxed_from(problem: Problem, dearer: Problem, joined: Problem, relaxed: Relaxed) -> Relaxed | None:
    """The same for all prices of a vehicle from the problem's on. dearer: at a higher price; joined: the plans of all
    of them (models.after.price_range). None where a higher price may gain worth."""
    lost = _lost_more(problem, dearer, relaxed)
    if lost is None or (lost < 0).any() or relaxed.row_worth is None or not joined.plain:
        return None
    pairs = zip(problem.rules, dearer.rules, strict=True)
    same = {rule.id for rule, then in pairs if rule is then}
    worth = dict(zip(_keys(problem), relaxed.row_worth.tolist(), strict=True))
    of_joined = [worth.get(key, 0.0) if key[0] in same else 0.0 for key in _keys(joined)]
    return replace(relaxed, row_worth=np.array(of_joined))


def _keys(problem: Problem) -> list[tuple[str, int]]:
    """Of each row of its system, whose it is and the number among that rule's."""
    seen: dict[str, int] = {}
    found = []
    for rule_id in problem.system.rule_ids:
        seen[rule_id] = seen.get(rule_id, 0) + 1
        found.append((rule_id, seen[rule_id]))
    return found


def _totals(costs: Costs, vehicle: int) -> FloatArray:
    """(most + 1,) worth that each number of insertions of a vehicle loses."""
    pieces = costs.pieces
    places = np.flatnonzero(pieces.vehicle == vehicle)
    places = places[np.argsort(pieces.start[places], kind="stable")]
    each = np.repeat(costs.piece[places], pieces.length[places].astype(int))
    return np.concatenate([[0.0], np.cumsum(costs.insertion[vehicle] + each)])


def _lost_more(problem: Problem, other: Problem, relaxed: Relaxed) -> FloatArray | None:
    """(n_vehicles,) worth that one more insertion of each loses more in another problem of the same rows; None where
    limits change that are worth something."""
    lost = np.zeros(problem.n_vehicles)
    assert relaxed.row_worth is not None
    for place in np.flatnonzero(relaxed.row_worth):
        row, then, worth = problem.system.rows[place], other.system.rows[place], relaxed.row_worth[place]
        if row is then:
            continue
        if row.right != then.right or row.sense != then.sense:
            return None
        np.add.at(lost, then.columns, worth * then.coefficients)
        np.add.at(lost, row.columns, -worth * row.coefficients)
    return np.where(np.abs(lost) > _ROUNDING * max(float(np.abs(lost).max()), 1e-300), lost, 0.0)
