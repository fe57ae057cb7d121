"""What to search for where goals on n+ reach cannot all be met: how near plans come to one, and what would buy all."""

from dataclasses import replace

import numpy as np

from models.problem.goals import Effective, EffectiveFloor
from models.problem.objectives import NOTHING_EARNED, cost_objective
from models.problem.problem import Problem


def most_of(problem: Problem, goal: EffectiveFloor) -> Problem:
    """To reach most of a goal, everything else kept."""
    people = replace(
        problem.objective, segment_worth=np.zeros(len(problem.model.population)),
        insertion_worth=np.zeros(problem.n_vehicles), effective=Effective(goal.people, goal.times),
        saves_money=False, earned=NOTHING_EARNED,
    )  # fmt: skip
    others = tuple(floor for floor in problem.effective if floor is not goal)
    return replace(problem, objective=people, effective=others)


def without_budget(problem: Problem) -> Problem:
    """To spend least, everything but the budget kept."""
    rules = tuple(rule for rule in problem.rules if rule not in problem.budgets)
    least = cost_objective(len(problem.model.population), problem.n_vehicles)
    return replace(problem, rules=rules, objective=least)
