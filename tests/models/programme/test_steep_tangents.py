"""Vehicles that reach almost everybody: reach rises from none more steeply than a solver can follow."""

from itertools import product

import numpy as np
import pytest

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import BETWEEN, Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.rules.rule import Rule
from models.rules.vehicle_limit import VehicleLimit


def offered(seed: int) -> tuple[Problem, float]:
    """Five vehicles, one or two of which reach 60 to 97 %, at most two insertions of each; and the worth of the best
    plan of all."""
    rng = np.random.default_rng(seed)
    n, segments = 5, int(rng.integers(1, 5))
    rating = np.minimum(rng.lognormal(np.log(0.1), 0.6, (segments, n)), 0.5)
    rating[:, 0] = rng.uniform(0.6, 0.97) * rng.uniform(0.95, 1.02, segments)
    if rng.random() < 0.3:
        rating[:, 1] = rng.uniform(0.6, 0.9)
    population = rng.dirichlet(np.ones(segments)) * 1e4
    names, media = tuple(f"v{j}" for j in range(n)), ("m0", "m1")
    audiences = Audiences(
        names, media, np.arange(n) % 2, population, rating, rng.uniform(0.3, 0.9, n), np.zeros(n, dtype=bool)
    )
    between, within = float(rng.uniform(1.1, 1.6)), rng.uniform(1.3, 2.5, 2)
    model = calibrate(
        audiences, Duplication(between, within, np.ones(segments), frozenset({BETWEEN, *media}))
    )
    cost = np.round(rng.uniform(100, 500, n))
    worth = Objective("influence", "people", population * rng.choice([0.5, 1.0, 1.8], segments), np.zeros(n))
    tariff = Tariff(cost, Columns(n))
    rules: list[Rule] = [Budget("budget", tariff, float(cost.sum() * rng.uniform(0.4, 1.6)))]
    one = int(rng.integers(n))
    if rng.random() < 0.5:
        rules += [VehicleLimit("one", one, names[one], "minimum", ">=", 1.0)]
    problem = Problem(model, tariff, np.full(n, 2.0), worth, tuple(rules))
    plans = (np.array(plan, dtype=float) for plan in product(range(3), repeat=n))
    return problem, max(problem.value(plan) for plan in plans if not problem.broken(plan))


@pytest.mark.parametrize("seed", range(100))
def test_its_bound_is_one(seed) -> None:
    """What the solver called its optimum was 0.1 to 0.4 % below the best plan of 13 in 100 such campaigns."""
    problem, best = offered(seed)
    assert best * (1 - 1e-9) <= Relaxation(problem).relax(1e-6).bound < np.inf
