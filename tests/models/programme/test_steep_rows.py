"""Segments that one insertion of a vehicle reaches nearly all of, for plans of whole insertions."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.problem.certificate import relative_gap
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import BETWEEN, Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.search.allocate import Settings, allocate

BOUND = 1e-9  # relative: rows are kept to 1e-10


def saturated(seed: int, sizes: tuple[int, ...] = (4, 8, 12, 20, 40), most: float | None = None) -> Problem:
    """Up to half of the vehicles reach 80 to 99 % of some segments, at prices alike or by their audience."""
    rng = np.random.default_rng([78, seed])
    n, segments = int(rng.choice(sizes)), int(rng.choice([2, 4, 8, 16, 24]))
    rating = np.minimum(rng.lognormal(np.log(0.06), 0.8, (segments, n)), 0.4)
    for j in rng.choice(n, int(rng.integers(1, max(2, n // 2))), replace=False):
        own = rng.choice(segments, int(rng.integers(1, max(2, segments // 4 + 1))), replace=False)
        rating[own, j] = rng.uniform(0.8, 0.99, len(own))
    population, repeat = rng.dirichlet(np.ones(segments)) * 1e5, rng.uniform(0.2, 0.97, n)
    names, media, none = tuple(f"v{j}" for j in range(n)), ("m0", "m1"), np.zeros(n, dtype=bool)
    audiences = Audiences(names, media, np.arange(n) % 2, population, rating, repeat, none)
    between, within = float(rng.uniform(1.02, 1.6)), rng.uniform(1.05, 4, 2)
    alike = Duplication(between, within, np.ones(segments), frozenset({BETWEEN, *media}))
    contacts = population @ rating
    cost = np.round(100 * contacts / contacts.mean() * rng.lognormal(0, 0.3, n), 1)
    cost = cost if rng.random() < 0.7 else np.full(n, 100.0)
    worth = Objective("influence", "people", population * rng.choice([0.5, 1.0, 1.8], segments), np.zeros(n))
    most, tariff = most or float(rng.choice([1, 2, 4, 10])), Tariff(cost, Columns(n))
    budget = Budget("budget", tariff, float(cost.sum() * most * rng.choice([0.1, 0.2, 0.4, 0.7])))
    return Problem(calibrate(audiences, alike), tariff, np.full(n, most), worth, (budget,))


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_is_worth_more_than_rows_let_it_be(seed):
    """Numbers of insertions up to 40 as well, of which pieces are split."""
    many = seed % 3 == 2
    problem = saturated(seed, (3, 4), 40.0 if many else 2.0)
    relaxation = Relaxation(problem)
    relaxation.relax(1e-4)
    rng = np.random.default_rng(seed)
    most = problem.system.upper[: problem.n_vehicles].astype(int)
    plans = (
        [rng.integers(0, most + 1) for _ in range(80)]
        if many
        else list(product(*(range(m + 1) for m in most)))
    )
    for place in rng.choice(len(plans), 12):
        relaxation.cut_at(np.array(plans[place], dtype=float))
        relaxation.cut_at(np.minimum(plans[place] + rng.random(len(most)), most))
    for plan in plans:
        exact = np.array(plan, dtype=np.float64)
        if not problem.broken(exact):
            assert relaxation.relax_once(exact, exact).bound >= problem.value(exact) * (1 - BOUND)


@pytest.mark.parametrize("seed", [7, 19, 28, 46, 47])  # 0.1 to 3 % were open
def test_its_certificate_is_as_near_as_asked(seed):
    problem = saturated(seed)
    found = allocate(problem, Settings())
    assert relative_gap(found.value, found.bound) <= 1e-3


def test_a_campaign_of_parts_after_one_of_whole_insertions_is_stated_anew():
    """A row that cuts off what an insertion adds does not hold for parts of it."""
    problem = saturated(47)
    relaxation = Relaxation(problem)
    relaxation.relax(1e-4)
    relaxation.cut_at(np.zeros(problem.n_vehicles))
    assert relaxation.restate(replace(problem, whole=False)) == "insertions in parts"
    part = 0.05 * (problem.system.upper > 0)
    assert relaxation.relax_once(part, part).bound >= problem.value(part) * (1 - BOUND)
