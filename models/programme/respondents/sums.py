"""What a relaxation on respondents maximises and must reach, as sums over people."""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem


@dataclass(frozen=True, eq=False)
class Sum:
    """worth . R + linear . z of a problem; least: what it must be, None of the objective. Where word of mouth is worth
    something, worth is that of the first person reached: more than of any other. times: of a goal on n+ reach, of
    which the programme knows what is necessary (models.respondents.curves.Often)."""

    worth: FloatArray
    linear: FloatArray
    least: float | None = None
    times: int = 1


def sums_of(problem: Problem) -> list[Sum]:
    """The objective, the floors, then the goals on n+ reach."""
    objective, size, n = problem.objective, len(problem.system.lower), problem.n_vehicles
    linear = np.zeros(size)
    linear[:n] = objective.insertion_worth
    if objective.saves_money:
        columns, money = problem.tariff.money(np.ones(n))
        np.add.at(linear, columns, -money)
    worth = objective.worth_of_reach(np.zeros(len(objective.segment_worth)))
    if objective.effective is not None:
        worth = objective.effective.people
    found = [Sum(worth, linear)]
    for floor in problem.floors:
        contacts = np.zeros(size)
        if floor.contacts is not None:
            contacts[:n] = floor.contacts
        found.append(Sum(floor.people, contacts, floor.least))
    return found + [Sum(goal.people, np.zeros(size), goal.least, goal.times) for goal in problem.effective]


def money_unit(objective: Sum) -> float:
    return float(np.abs(objective.linear).max(initial=0.0)) or 1.0
