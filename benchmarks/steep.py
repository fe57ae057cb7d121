"""Bounds beside all plans listed, of tiny campaigns whose vehicles reach 60 to 97 % of some people.

    python -m benchmarks.steep [first] [last]

How many bounds are below the best plan: of relaxations, of searches, of whole plans, of what explain and scenarios ask
at other prices and budgets. "None" where there is a plan counts as a bound below it.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np

from models.after.questions import Questions
from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.purchase.tariff import Tariff
from models.rules.budget import Budget
from models.search.allocate import Settings, allocate
from tests.models.programme.test_steep_tangents import best_of, offered

SHORT = (1e-13, 1e-9, 1e-6)
GAPS = (1e-2, 1e-3, 1e-4, 1e-6)


def bounds(problem: Problem, best: float) -> Iterator[tuple[str, float, float]]:
    """Who says so, a bound on all plans, and the best."""
    relaxation = Relaxation(problem)
    for tolerance in (1e-3, 1e-6, 1e-9):
        yield "relaxations", relaxation.relax(tolerance).bound, best
    for gap in GAPS:
        yield "searches", relaxation.search(gap=gap).bound, best
        for below in (1e-2, 1e-3, 1e-4):
            yield (
                "searches told what to beat",
                relaxation.search(gap=gap, above=best * (1 - below)).bound,
                best,
            )
    for gap in GAPS:
        yield "plans", certified(problem, Settings(gap)), best


def later_bounds(problem: Problem) -> Iterator[tuple[str, float, float]]:
    """The same of other prices and budgets, asked of one relaxation, as explain and scenarios do."""
    questions = Questions(problem)
    for changed in variants(problem):
        best = best_of(changed)
        if np.isnan(best):
            continue
        for below in (1e-2, 1e-3, 1e-5):
            found = questions.plan_worth_more(changed, best * (1 - below), 10.0)
            yield "questions at other prices", np.inf if found.plan is not None else found.bound, best
        for gap in GAPS[:3]:
            settings = Settings(gap, thorough=False, sharpen=False)
            yield "scenarios", certified(changed, settings, questions.bound(problem, 10.0).point), best


def certified(problem: Problem, settings: Settings, start: FloatArray | None = None) -> float:
    """The bound of a plan; minus infinite where it is said that there is none."""
    try:
        starts = [] if start is None else [np.floor(start[: problem.n_vehicles])]
        return allocate(problem, settings, starts).bound
    except InfeasiblePlan:
        return -np.inf


def variants(problem: Problem) -> Iterator[Problem]:
    """With half and three times the first vehicle's price, and half the budget."""
    budget = problem.budgets[0]
    others = [rule for rule in problem.rules if rule is not budget]
    for price, money in ((0.5, 1.0), (3.0, 1.0), (1.0, 0.5)):
        cost = problem.cost.copy()
        cost[0] *= price
        tariff = Tariff(cost, problem.columns)
        rules = (Budget(budget.id, tariff, budget.amount * money), *others)
        yield replace(problem, tariff=tariff, rules=rules)


def main(first: int = 0, last: int = 300) -> None:
    """Print the table."""
    asked: Counter[str] = Counter()
    short: Counter[tuple[str, float]] = Counter()
    worst: dict[str, float] = {}
    for seed in range(first, last):
        problem, best = offered(seed)
        if np.isnan(best):
            continue
        for who, bound, best_here in chain(bounds(problem, best), later_bounds(problem)):
            below = 1 - bound / best_here
            asked[who] += 1
            short.update((who, least) for least in SHORT if below > least)
            worst[who] = max(worst.get(who, 0.0), below)
    print("| bound of | asked | below by over " + " | ".join(f"{least:g}" for least in SHORT) + " | worst |")
    print("| --- " * 6 + "|")
    for who, many in asked.items():
        print(
            f"| {who} | {many} | "
            + " | ".join(str(short[who, least]) for least in SHORT)
            + f" | {worst[who]:.1e} |"
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
