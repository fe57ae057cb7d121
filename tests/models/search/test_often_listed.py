"""Listing what may be bought for effective reach: it leaves time, and ends where rounding alone keeps it going."""

from dataclasses import replace

import numpy as np
import pytest

from models.problem.goals import Effective
from models.problem.objectives import Objective
from models.reach.gamma import Audiences, Duplication, calibrate
from models.search import often_listed
from models.search.allocate import Settings, allocate
from models.search.often_listed import by_listing
from models.search.work import Work

MANY = 100_000


@pytest.fixture
def few(make_problem, monkeypatch):
    """A campaign for people met twice, whose plans may be listed."""
    monkeypatch.setattr(often_listed, "MANY", MANY)
    problem = make_problem(3, 6, 3, "reach", 4, ("budget",), 0.9).problem
    people, zero = problem.model.population, np.zeros(problem.n_vehicles)
    objective = Objective("effective reach", "", 0 * people, zero, effective=Effective(people, 2))
    return replace(problem, objective=objective)


def test_half_of_the_time_is_left_where_listing_takes_all_that_it_may(few, monkeypatch):
    """It was all of the time, and a plan was what little had been looked at."""
    ends = []

    def slow(problem, rows, many, deadline):
        ends.append(deadline)

    monkeypatch.setattr(often_listed, "every_schedule", slow)
    work = Work(few, Settings(seconds=100.0), [], None, allocate)
    assert not by_listing(work)
    assert work.deadline - ends[0] == pytest.approx(50.0, abs=1.0)  # a second for this test itself


def test_schedules_that_rounding_alone_tells_to_be_worth_more_are_not_all_looked_at(few, monkeypatch):
    """Of nearly nobody all schedules are worth the same but for rounding: some are looked at, and the bound says so."""
    names, none = few.model.audiences.vehicles, np.zeros(few.n_vehicles, dtype=bool)
    rating = np.full((1, few.n_vehicles), 1e-4)
    one, repeat = np.zeros(few.n_vehicles, dtype=np.int64), np.full(few.n_vehicles, 0.5)
    hardly = Audiences(names, ("TV",), one, np.array([1000.0]), rating, repeat, none)
    people, zero = hardly.population, np.zeros(few.n_vehicles)
    objective = Objective("effective reach", "", 0 * people, zero, effective=Effective(people, 9))
    model = calibrate(hardly, Duplication(1.0, np.ones(1), np.ones(1)))
    problem, looked = replace(few, model=model, objective=objective), []
    value = type(problem).value
    monkeypatch.setattr(type(problem), "value", lambda self, plan: looked.append(1) or value(self, plan))
    work = Work(problem, Settings(), [], None, allocate)
    by_listing(work)
    assert len(looked) < 2 * often_listed._IN_VAIN  # beside those that are worth more
    assert work.value <= work.bound <= 1e-5 * people.sum()
