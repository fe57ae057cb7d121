"""What is on offer at the most, by arithmetic alone; and which rules, beside that, forbid nothing."""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem
from models.rules.row import Row
from models.rules.rule import Rule

_ROUNDING = 1e-9  # of the sums compared


def most_on_offer(problem: Problem) -> FloatArray:
    """(n_vehicles,) most insertions that maxima, locked numbers and weeks allow of each vehicle."""
    most = problem.buyable.copy()
    for vehicle, row in _offers(problem):
        if vehicle in row.columns:
            most[vehicle] = min(most[vehicle], row.right)
    return np.floor(most) if problem.whole else most


def _offers(problem: Problem) -> Iterator[tuple[int, Row]]:
    """The rows that say how much of a vehicle there is to be had, each with its vehicle."""
    for rule in problem.rules:
        if rule.offers and rule.of_vehicle is not None:
            yield from ((rule.of_vehicle, row) for row in rule.rows())


def most_of_columns(problem: Problem, most: FloatArray) -> FloatArray:
    """(n_columns,) the most that any plan has of each column, what is bought included; most: (n_vehicles,)."""
    columns, n = problem.columns, problem.n_vehicles
    full = np.full(columns.private_from, np.inf)
    full[:n] = most
    if columns.weeks:
        full[n : n * (1 + columns.weeks)] = np.repeat(most, columns.weeks)
        for _, row in _offers(problem):
            full[row.columns] = np.minimum(full[row.columns], row.right)
    full[columns.plan_size : columns.private_from] = most > 0
    full[n * (1 + columns.weeks) : columns.plan_size] = 1.0
    return full


def idle_rules(problem: Problem) -> frozenset[str]:
    """Ids of the rules over several vehicles that every plan keeps, whatever it buys of what is on offer."""
    upper = most_of_columns(problem, most_on_offer(problem))
    asked = (rule for rule in problem.rules if rule.of_vehicle is None and not rule.treatment.charge)
    return frozenset(
        rule.id for rule in asked if rule not in problem.budgets and _forbids_nothing(problem, rule, upper)
    )


def _forbids_nothing(problem: Problem, rule: Rule, upper: FloatArray) -> bool:
    row = rule.rows()[-1]
    if row.sense == "=":
        return False
    sign = 1.0 if row.sense == "<=" else -1.0
    coefficients, right = sign * row.coefficients, sign * row.right
    above = coefficients > 0  # the most of the sum is where these are as large as can be, the others 0
    most = float(
        coefficients[above] @ _upper_of(rule, upper, int(row.columns.max(initial=0)))[row.columns[above]]
    )
    return most <= right + _ROUNDING * max(abs(right), 1.0) or (
        row.sense == "<=" and right >= _most_money(problem, rule)
    )


def _upper_of(rule: Rule, upper: FloatArray, last: int) -> FloatArray:
    """The most of every column up to the last, the rule's own with it."""
    own = np.append(upper, np.full(max(last + 1 - len(upper), 0), np.inf))
    for column in rule.private():
        if column.column <= last:
            own[column.column] = column.high
    return own


def _most_money(problem: Problem, rule: Rule) -> float:
    """What no plan spends more than, of a rule in money; infinite of another. In packages and discounts the money of
    single insertions, which weeks count, can be more than what is paid."""
    tariff = problem.tariff
    if rule.unit not in ("money", "share of budget") or tariff.packages or tariff.discounts:
        return np.inf
    return min((budget.amount for budget in problem.budgets), default=np.inf)
