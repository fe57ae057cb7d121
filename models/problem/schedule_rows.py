"""Rows that a plan's insertions keep, whatever weeks, packages and discounts are chosen besides.

Where a plan holds such choices its rows look at more than insertions. What follows of them for insertions alone: the
rows that look at nothing else, and that the budget pays each insertion at the least it can cost,

    sum_j cheapest_j x_j + fixed_j [x_j > 0] <= amount,      sum_j cheapest_j a_jp <= price_p of every package p

in the cheapest week, at the highest discount; what packages hold of it at no more than their price together.
"""

from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.problem.insertion_rows import InsertionRows, insertion_rows
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.rules.budget import Budget
from models.rules.row import Row


def schedule_rows(problem: Problem) -> InsertionRows:
    """Those of the problem where all else follows from insertions."""
    system, n = problem.system, problem.n_vehicles
    if system.insertion_rows is not None:
        return system.insertion_rows
    bought = problem.columns.plan_size + np.arange(n)
    own = np.concatenate([np.arange(n), bought])
    kept = [row for row in system.rows if np.isin(row.columns, own).all()]
    rows = [
        replace(row, columns=np.where(row.columns < n, row.columns, row.columns - bought[0] + n))
        for row in kept
    ]
    either = [
        replace(row, sense=sense) for row in rows for sense in ("<=", ">=") if row.sense in (sense, "=")
    ]
    bounds = [bound[own] for bound in (system.lower, system.upper)]
    found = insertion_rows(n, [*either, *map(_pays, problem.budgets)], (), (bounds[0], bounds[1]))
    assert found is not None
    return found


def _pays(budget: Budget) -> Row:
    """What a budget pays for, of insertions and whether any are bought."""
    tariff, n = budget.tariff, len(budget.tariff.cost)
    money = np.concatenate([_cheapest(tariff), tariff.fixed])
    paid = np.flatnonzero(money[: n + n])
    return Row(paid, money[paid], "<=", budget.amount)


def _cheapest(tariff: Tariff) -> FloatArray:
    """(n_vehicles,) least money of an insertion, in packages too."""
    cheapest = tariff.cheapest()
    for package in tariff.packages:
        together = float(package.insertions @ cheapest)
        if together > package.price:
            cheapest[package.insertions > 0] *= package.price / together
    return cheapest
