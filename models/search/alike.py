"""The same people for less money: insertions of a line go to a cheaper one that meets the same people alike, and those
that meet nobody else are given back.

Worth says nothing of money. Of two units of a vehicle that are noticed alike, or of two vehicles with one audience,
a search keeps whichever it came upon: the dearer, where a limit on insertions binds and the budget does not. Of a
vehicle that its people meet for certain, as respondents whose claims are contacts do, it buys as many as there is
money for.
"""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem
from models.programme.relaxation import keeps_everything

_SAME = 1e-9  # relative: a unit counts as another by a root that is found to some 1e-11


def cheaper_alike(problem: Problem, plan: FloatArray, value: float) -> FloatArray:
    """A plan (plan_size,) that keeps the rules, as good and no dearer: insertions moved where that saves money.
    value: what the plan is worth."""
    if problem.objective.saves_money:
        return plan
    least = value - _SAME * abs(value)
    for dear, cheap in _alike(problem, plan):
        for amount in _amounts(problem, plan, dear, cheap):
            moved = _moved(problem, plan, dear, cheap, amount)
            saves = problem.tariff.total(moved) < problem.tariff.total(plan)
            if saves and keeps_everything(problem, moved) and problem.value(moved) >= least:
                plan = moved
                break
    return plan


def without_idle(problem: Problem, plan: FloatArray) -> FloatArray:
    """A plan (plan_size,) that keeps the rules, as good, without insertions beyond those that meet all their people:
    as few as rules allow."""
    several = np.flatnonzero(plan[: problem.n_vehicles] > 1)
    rating = problem.model.audiences.rating[:, several]
    certain = several[(np.minimum(rating, 1 - rating) < _SAME).all(axis=0)]
    if problem.objective.saves_money or problem.columns.weeks or not len(certain):
        return plan
    value = problem.value(plan)
    least = value - _SAME * abs(value)
    for line in certain:
        for kept in range(int(max(problem.system.lower[line], 1)), int(plan[line])):
            fewer = plan.copy()
            fewer[line] = kept
            if keeps_everything(problem, fewer) and problem.value(fewer) >= least:
                plan = fewer
                break
    return plan


def _alike(problem: Problem, plan: FloatArray) -> Iterator[tuple[int, int]]:
    """Lines bought, the dearest first, each beside cheaper ones with the same contacts, the cheapest first."""
    contacts, cost = problem.model.audiences.contacts, problem.cost
    together = contacts.sum(axis=0)  # a survey has thousands of segments: few vehicles are compared in each
    bought = np.flatnonzero(problem.columns.insertions(plan) > 0)
    for dear in sorted(bought, key=lambda place: -cost[place]):
        near = np.isclose(together, together[dear], rtol=_SAME, atol=0.0)
        cheaper = np.flatnonzero((cost > 0) & (cost < cost[dear]) & near)
        same = np.isclose(contacts[:, cheaper], contacts[:, [dear]], rtol=_SAME, atol=0.0).all(axis=0)
        for cheap in sorted(cheaper[same], key=lambda place: cost[place]):
            yield int(dear), int(cheap)


def _amounts(problem: Problem, plan: FloatArray, dear: int, cheap: int) -> list[float]:
    """How many insertions may move: all there is room for, as many as makes the two change places, or a half of them,
    and so on."""
    system = problem.system
    most = float(min(plan[dear] - system.lower[dear], system.upper[cheap] - plan[cheap]))
    amounts = [most, float(plan[dear] - plan[cheap])]
    while problem.whole and most > 1:
        most = float(most // 2)
        amounts.append(most)
    return [amount for amount in amounts if amount > 0]


def _moved(problem: Problem, plan: FloatArray, dear: int, cheap: int, amount: float) -> FloatArray:
    """The plan (plan_size,) with some insertions in the cheaper line, in the weeks where they stood."""
    columns, moved = problem.columns, plan.copy()
    moved[[dear, cheap]] += (-amount, amount)
    for week in range(columns.weeks):
        taken = min(amount, moved[columns.week(dear, week)])
        moved[[columns.week(dear, week), columns.week(cheap, week)]] += (-taken, taken)
        amount -= taken
    return moved
