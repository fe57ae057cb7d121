"""Three vehicles at 100, 250 and 400 an insertion, at most 4 of each, and all their plans."""

from itertools import product

import numpy as np

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.rule import Rule
from models.rules.vehicle_limit import VehicleLimit

COST = np.array([100.0, 250.0, 400.0])
MOST = 4


def problem_of(rules: tuple[Rule, ...], whole: bool = True) -> Problem:
    """Three vehicles at 100, 250 and 400, at most 4 insertions each."""
    given = Audiences(
        ("a", "b", "c"), ("m",), np.zeros(3, dtype=int), np.array([1000.0]), np.array([[0.1, 0.2, 0.3]]),
        np.full(3, 0.5), np.zeros(3, dtype=bool),
    )  # fmt: skip
    model = calibrate(given, Duplication(1.0, np.array([1.3]), np.ones(1)))
    objective = Objective("reach", "people", np.array([1000.0]), np.zeros(3))
    return Problem(model, Tariff(COST), np.full(3, float(MOST)), objective, rules, whole=whole)


def limit(vehicle: int, sense: str, insertions: float) -> VehicleLimit:
    return VehicleLimit(
        f"v{vehicle} {sense} {insertions}", vehicle, "abc"[vehicle], "minimum", sense, insertions
    )  # type: ignore[arg-type]


def group(members: tuple[int, ...], measure: str, sense: str, amount: float) -> GroupLimit:
    return GroupLimit(
        f"{members} {measure} {sense} {amount}", "group", np.array(members), measure, sense, amount, Tariff(COST)  # type: ignore[arg-type]
    )  # fmt: skip


def budget(amount: float) -> Budget:
    return Budget("budget", Tariff(COST), amount)


PLANS = [np.array(plan, dtype=float) for plan in product(range(MOST + 1), repeat=3)]
