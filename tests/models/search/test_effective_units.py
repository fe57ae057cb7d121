"""n+ reach where vehicles have several units and units several contacts: every plan of tiny campaigns listed."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.problem.goals import Effective, EffectiveFloor, frequency_cap
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.problem.response import Response
from models.purchase.tariff import Tariff
from models.reach.gamma import Duplication, ReachModel, calibrate
from models.rules.budget import Budget
from models.rules.vehicle_limit import VehicleLimit
from models.search.allocate import Settings, allocate
from models.search.reach_moves import Search

MOST = 2


def model_of(seed: int, make_model, make_units) -> ReachModel:
    """Three or four lines, the last a second unit of the first, some units of several contacts."""
    rng = np.random.default_rng([41, seed])
    audiences = make_units(make_model(rng, 4, 2), rng).audiences
    per_person = np.where(rng.random(4) < 0.6, 1.0 + 0.1 * rng.random(4), 1.0)
    audiences = replace(audiences, per_person=per_person, repeat=np.maximum(audiences.repeat, 0.6))
    within = np.full(len(audiences.media), 1.8)
    return calibrate(audiences, Duplication(1.35, within, np.ones(2)))


def problem_of(model: ReachModel, objective: Objective, **parts) -> Problem:
    cost = np.maximum(np.round(model.population @ model.audiences.contacts * 10), 5.0)
    tariff = Tariff(cost)
    rules = [Budget("budget", tariff, 0.55 * MOST * float(cost.sum()))]
    rules += [VehicleLimit(f"most {j}", j, f"v{j}", "maximum", "<=", float(MOST)) for j in range(len(cost))]
    return Problem(model, tariff, np.full(len(cost), float(MOST)), objective, tuple(rules), **parts)


def every_plan(problem: Problem) -> list[np.ndarray]:
    plans = (np.array(plan, float) for plan in product(range(MOST + 1), repeat=problem.n_vehicles))
    return [plan for plan in plans if not problem.broken(plan)]


@pytest.mark.parametrize("seed", range(3))
def test_the_best_n_plus_plan_is_found_and_no_bound_is_below_it(seed, make_model, make_units) -> None:
    model = model_of(seed, make_model, make_units)
    nothing = np.zeros(4)
    objective = Objective(
        "effective reach", "people", np.zeros(2), nothing, effective=Effective(model.population, 2)
    )
    problem = problem_of(model, objective)
    best = max(problem.value(plan) for plan in every_plan(problem))
    found = allocate(problem, Settings())
    assert found.value == pytest.approx(best, rel=1e-7)
    assert found.bound >= best * (1 - 1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_under_a_goal_on_n_plus_and_a_cap_on_frequency_too(seed, make_model, make_units) -> None:
    """Contacts, not insertions, are what the cap counts."""
    model = model_of(10 + seed, make_model, make_units)
    people, nothing = model.population, np.zeros(4)
    reach = Objective("reach", "people", people, nothing)
    most = problem_of(model, reach)
    top = max(most.outcome(plan).met(2) @ people for plan in every_plan(most))
    cap = frequency_cap("cap", people, model.audiences.contacts, 1.5)
    problem = problem_of(
        model, reach, floors=(cap,), effective=(EffectiveFloor("goal", people, 2, 0.6 * top),)
    )
    best = max((problem.value(plan) for plan in every_plan(problem)), default=None)
    assert best is not None
    found = allocate(problem, Settings(gap=1e-4))
    assert not problem.broken(found.decision)
    assert found.value >= best * (1 - 1e-4)
    assert found.value <= best * (1 + 1e-9)
    assert found.bound >= best * (1 - 1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_marginal_gains_are_the_differences_of_exact_values(seed, make_model, make_units) -> None:
    model = model_of(20 + seed, make_model, make_units)
    problem = problem_of(model, Objective("reach", "people", model.population, np.zeros(4)))
    response = Response(model, np.full(4, float(MOST)), np.ones(2, dtype=bool))
    search, rng = Search(problem, response), np.random.default_rng(seed)
    for _ in range(6):
        plan = rng.integers(0, MOST + 1, 4)
        standing = response.standing(plan)
        assert search.worth(standing) == pytest.approx(problem.value(plan * 1.0), rel=1e-10)
        room, bought = np.flatnonzero(plan < MOST), np.flatnonzero(plan > 0)
        after = response.reach_after(standing, room, 1)
        most = response.steepness(standing, problem.objective.worth_of_reach(standing.reach), +1)
        for place, j in enumerate(room):
            one = plan + np.eye(4, dtype=int)[j]
            exact = model.reach_shares(one * 1.0)
            assert after[:, place] == pytest.approx(exact, rel=1e-9)
            assert response.moved(standing, int(j), 1).reach == pytest.approx(exact, rel=1e-9)
            assert most[j] >= problem.value(one * 1.0) - problem.value(plan * 1.0) - 1e-9
        pairs = [(out, into) for out in bought for into in room if out != into]
        if pairs:
            out, into = np.array(pairs).T
            ones = np.ones(len(pairs), dtype=int)
            found = response.reach_exchanged(standing, (out, ones), (into, ones))
            gained = response.steepness_without(
                standing, (out, ones), response.reach_after(standing, out, -ones), np.ones((2, len(pairs)))
            )
            for place, (a, b) in enumerate(pairs):
                eye = np.eye(4, dtype=int)
                exact = model.reach_shares((plan - eye[a] + eye[b]) * 1.0)
                left = model.reach_shares((plan - eye[a]) * 1.0)
                assert found[:, place] == pytest.approx(exact, rel=1e-9)
                assert gained[place, b] >= float((exact - left).sum()) - 1e-9
