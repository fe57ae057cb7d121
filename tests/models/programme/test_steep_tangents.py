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
    """Three to five vehicles, one or two of which reach 60 to 97 %, at most two insertions of each, at prices alike or
    far apart; and the worth of the best plan of all."""
    rng = np.random.default_rng([77, seed])
    n, segments = int(rng.integers(3, 6)), int(rng.integers(1, 5))
    rating = np.minimum(rng.lognormal(np.log(0.1), 0.6, (segments, n)), 0.5)
    for j in range(int(rng.integers(1, 3))):
        rating[:, j] = np.minimum(rng.uniform(0.6, 0.97) * rng.uniform(0.95, 1.02, segments), 0.985)
    population = rng.dirichlet(np.ones(segments)) * 10 ** rng.uniform(2, 5)
    names, media = tuple(f"v{j}" for j in range(n)), ("m0", "m1")
    repeat, none = rng.uniform(0.2, 0.97, n), np.zeros(n, dtype=bool)
    audiences = Audiences(names, media, np.arange(n) % 2, population, rating, repeat, none)
    between, within = float(rng.uniform(1.02, 1.6)), rng.uniform(1.05, 4, 2)
    model = calibrate(
        audiences, Duplication(between, within, np.ones(segments), frozenset({BETWEEN, *media}))
    )
    cost = (
        np.round(10 ** rng.uniform(0, 5, n), 2) if rng.random() < 0.5 else np.round(rng.uniform(100, 500, n))
    )
    worth = Objective("influence", "people", population * rng.choice([0.5, 1.0, 1.8], segments), np.zeros(n))
    tariff = Tariff(cost, Columns(n))
    rules: list[Rule] = [Budget("budget", tariff, float(cost.sum() * rng.uniform(0.4, 1.6)))]
    one = int(rng.integers(n))
    if rng.random() < 0.3:
        rules += [VehicleLimit("one", one, names[one], "minimum", ">=", 1.0)]
    problem = Problem(model, tariff, np.full(n, 2.0), worth, tuple(rules))
    return problem, best_of(problem)


def best_of(problem: Problem) -> float:
    """The worth of the best of all plans, nan where none keeps the rules."""
    plans = (np.array(plan, dtype=float) for plan in product(range(3), repeat=problem.n_vehicles))
    return max((problem.value(plan) for plan in plans if not problem.broken(plan)), default=np.nan)


@pytest.mark.parametrize("seed", range(60))
def test_its_bound_is_one(seed) -> None:
    """By the solver's own word 6 in 150 such bounds were up to 3e-10 below the best plan; before tangents ended at 1e7,
    13 in 100 by 0.1 to 0.4 %. 1e-13: rounding of a worth."""
    problem, best = offered(seed)
    assert np.isnan(best) or best * (1 - 1e-13) <= Relaxation(problem).relax(1e-6).bound < np.inf


@pytest.mark.parametrize("below", [1e-3, 1e-4])
@pytest.mark.parametrize("seed", [3, 30, 41, 52])
def test_a_search_told_what_to_beat_does_not_miss_it(seed, below) -> None:
    """52: it said that nothing was worth more, while it might miss a row by 1e-6."""
    problem, best = offered(seed)
    relaxation = Relaxation(problem)
    relaxation.relax(1e-6)
    found = relaxation.search(gap=1e-3, above=best * (1 - below))
    assert found.bound >= best * (1 - 1e-11)  # rows are kept to 1e-10
    assert found.keeps
    assert found.value >= best * (1 - 1e-3)
