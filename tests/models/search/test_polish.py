"""Local search: each search is made once."""

import numpy as np
import pytest

from models.problem.response import Response
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
