"""The rest of a plan where only its insertions are known: packages and weeks, as cheap as they can be.

An edited workbook says how many insertions are bought, not which of them come in packages; money is the least
that buys them. Rules are kept where that is possible; where it is not, prices alone are looked at, and the
rules' own checks tell what is broken.
"""

from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem, rounded


def completed(problem: Problem, insertions: FloatArray, weekly: FloatArray | None = None) -> FloatArray:
    """A plan (plan_size,) with these insertions (n_vehicles,), and these weeks (n_vehicles, n_weeks) if given."""
    columns = problem.columns
    if columns.plan_size == columns.vehicles:
        return insertions
    if weekly is not None and not columns.packages:  # nothing is left to find
        return columns.join(insertions, weekly, np.zeros(0))
    prices = tuple(rule for rule in problem.rules if rule.treatment.charge)
    when = tuple(rule for rule in problem.rules if rule.offers)
    for rules in (problem.rules, (*prices, *when), prices):
        found = cheapest_completion(
            replace(problem, rules=rules, floors=(), effective=()), insertions, weekly
        )
        if found is not None:
            return found
    weeks = np.zeros((columns.vehicles, columns.weeks)) if weekly is None else weekly
    return columns.join(insertions, weeks, np.zeros(columns.packages))


def cheapest_completion(
    problem: Problem, insertions: FloatArray, weekly: FloatArray | None = None, seconds: float = 10.0
) -> FloatArray | None:
    """The cheapest plan with these insertions that keeps the problem's rules (floors are not looked at), None where
    there is none, or none is found in time."""
    # what solves is loaded only where there are packages or weeks to find
    from models.programme.plans.feasible import programme_of
    from models.programme.solvers.highs import LiveHighs
    from models.programme.solvers.solver import Limits

    columns, n = problem.columns, problem.n_vehicles
    objective = problem.objective
    needs_money = (
        problem if objective.saves_money else replace(problem, objective=replace(objective, saves_money=True))
    )
    system = needs_money.system
    lower, upper = system.lower.copy(), system.upper.copy()
    fixed = [(np.arange(n), insertions)]
    if weekly is not None and columns.weeks:
        fixed.append((np.arange(n, n * (1 + columns.weeks)), weekly.ravel()))
    for places, values in fixed:
        if (values < lower[places] - 1e-9).any() or (values > upper[places] + 1e-9).any():
            return None
        lower[places] = upper[places] = values
    programme = programme_of(needs_money, lower, upper)
    spent, money = problem.tariff.money(np.ones(n))
    programme.cost[spent] = money / max(float(np.abs(money).max(initial=0.0)), 1e-300)
    point = LiveHighs(programme).solve(True, Limits(1e-6, seconds)).values
    return None if point is None else rounded(needs_money, point)
