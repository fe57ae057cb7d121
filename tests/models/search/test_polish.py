"""Local search: each search is made once."""

import numpy as np
import pytest

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.problem.response import Response
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.search import greedy
from models.search.allocate import Settings, allocate
from models.search.reach_moves import Search


@pytest.fixture
def search(make_problem):
    """A local search over 12 vehicles in 3 segments, with nothing but a budget, and the plan that greedy buys."""
    problem = make_problem(5, 12, 3, "reach", 3, (), 0.4).problem
    every = np.ones(len(problem.model.population), dtype=bool)
    made = Search(problem, Response(problem.model, problem.system.upper, every))
    return made, made.greedy(problem.system.lower.astype(np.int64))


def test_a_search_that_ended_in_vain_is_not_made_again(search, monkeypatch):
    made, start = search
    found = made.improve(start)
    tried = []
    monkeypatch.setattr(made.local, "climb", lambda standing, enough: tried.append(standing))
    assert np.array_equal(made.improve(found), found)
    assert np.array_equal(made.improve(start), start)
    assert tried == []


def test_a_search_that_was_content_with_less_is_made_again(search):
    made, start = search
    best = made.worth(made.response.standing(made.improve(start)))
    assert best > made.worth(made.response.standing(start))
    again = Search(made.problem, made.response)
    assert np.array_equal(again.improve(start, enough=0.0), start)
    assert again.worth(again.response.standing(again.improve(start))) == pytest.approx(best, rel=1e-12)


def test_greedy_buys_nothing_more_when_the_time_is_up(search):
    made, _ = search
    start = made.problem.system.lower.astype(np.int64)
    late = Search(made.problem, made.response, deadline=0.0)
    assert np.array_equal(late.greedy(start), start)


def test_a_first_plan_is_bought_however_late_it_is(search):
    made, start = search
    found = allocate(made.problem, Settings(seconds=0.0))
    assert found.timed_out
    assert made.worth(made.response.standing(found.insertions.astype(np.int64))) >= made.worth(
        made.response.standing(start)
    )


@pytest.mark.parametrize("seed", range(6))
def test_many_insertions_at_a_time_are_those_that_come_one_at_a_time(seed, monkeypatch):
    """Beside four ordinary vehicles one sold by the thousand, each insertion of which meets 1 person in 10,000."""
    rng = np.random.default_rng(seed)
    rating = np.column_stack([rng.uniform(0.02, 0.2, (3, 4)), rng.uniform(0.5e-4, 1.5e-4, 3)])
    people = rng.dirichlet(np.full(3, 3.0)) * 1000
    names = tuple(f"vehicle {j}" for j in range(5))
    audiences = Audiences(
        names, ("TV", "online"), np.array([0, 0, 0, 0, 1]), people, rating, np.array([0.4, 0.5, 0.6, 0.4, 2e-4]),
        np.zeros(5, dtype=bool),
    )  # fmt: skip
    model = calibrate(audiences, Duplication(1.35, np.array([1.7, 1.5]), np.ones(3)))
    tariff = Tariff(people @ rating * rng.uniform(8, 12, 5))
    budget = Budget("budget", tariff, float(tariff.cost @ [4, 4, 4, 4, 1500]))
    objective = Objective("reach", "people", people, np.zeros(5))
    problem = Problem(model, tariff, np.array([9.0, 9, 9, 9, 5000]), objective, (budget,))
    made = Search(problem, Response(model, problem.system.upper, np.ones(3, dtype=bool)))
    steps, move = [], made.response.moved
    monkeypatch.setattr(made.response, "moved", lambda at, j, step: steps.append(step) or move(at, j, step))
    start = np.zeros(5, dtype=np.int64)
    found, many = made.greedy(start), len(steps)
    monkeypatch.setattr(greedy, "_MANY", 10**9)
    assert np.array_equal(made.greedy(start), found)
    assert set(steps[many:]) == {1}
    assert found[4] > 100
    assert many < (len(steps) - many) / 5
