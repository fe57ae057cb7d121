"""Questions about plans on respondents, against every plan of tiny surveys."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.after.respondent_questions import RespondentQuestions
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.respondents.model import respondent_model
from models.respondents.respondents import Respondents
from models.rules.budget import Budget

VEHICLES, PEOPLE, MOST = 5, 14, 2
PLANS = np.array(list(product(range(MOST + 1), repeat=VEHICLES)), dtype=float)
BEYOND = 1e-3


def problem_of(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    chance = np.round(rng.random((PEOPLE, VEHICLES)) * (rng.random((PEOPLE, VEHICLES)) < 0.5), 2)
    people = Respondents(
        tuple("ABCDE"), (), rng.random(PEOPLE) + 0.5, chance, np.zeros((PEOPLE, 0), dtype=bool)
    )
    model = respondent_model(people, ("m",), np.zeros(VEHICLES, dtype=np.int64))
    tariff = Tariff(np.round(rng.random(VEHICLES) + 0.5, 2))
    objective = Objective("reach", "", people.weight * (1 + rng.random(PEOPLE)), np.zeros(VEHICLES))
    return Problem(model, tariff, np.full(VEHICLES, float(MOST)), objective, (Budget("budget", tariff, 3.0),))


def cheaper(problem: Problem, place: int, share: float) -> Problem:
    """The same with another price of one vehicle."""
    cost = problem.cost.copy()
    cost[place] *= share
    tariff = Tariff(cost)
    return replace(problem, tariff=tariff, rules=(Budget("budget", tariff, 3.0),))


def best_of(problem: Problem) -> float:
    return max(problem.value(plan) for plan in PLANS if not problem.broken(plan))


@pytest.mark.parametrize("seed", range(8))
def test_the_best_plan_and_whether_any_is_worth_more_at_prices_asked_one_after_the_other(seed: int) -> None:
    problem = problem_of(seed)
    questions = RespondentQuestions(problem.model.exposure, nodes=1000)
    for place, share in ((0, 1.0), (1, 0.5), (2, 2.0), (3, 0.8), (0, 0.3)):
        asked = cheaper(problem, place, share)
        best = best_of(asked)
        found = questions.best_plan(asked, np.zeros(VEHICLES), 0.0, 30.0)
        assert found.plan is not None
        assert found.settled
        assert asked.value(found.plan) == pytest.approx(best, rel=1e-5)  # models.after.questions.MARGIN
        below = questions.plan_worth_more(asked, best * (1 - BEYOND), 30.0)
        assert below.plan is not None
        assert asked.value(below.plan) > best * (1 - BEYOND)
        none = questions.plan_worth_more(asked, best * (1 + BEYOND), 30.0)
        assert none.plan is None
        assert none.settled


@pytest.mark.parametrize("seed", range(8))
def test_a_bound_that_begins_with_what_other_questions_learnt_holds_at_every_plan(seed: int) -> None:
    problem = problem_of(seed)
    questions = RespondentQuestions(problem.model.exposure, nodes=1000)
    for place, share in ((0, 1.0), (1, 0.5), (2, 2.0)):
        asked = cheaper(problem, place, share)
        fresh = RespondentQuestions(problem.model.exposure, nodes=1000).bound(asked, 30.0, tolerance=1e-7)
        again = questions.another().bound(asked, 30.0, tolerance=1e-7)
        learnt = questions.bound(asked, 30.0, tolerance=1e-7)
        assert min(fresh.bound, again.bound, learnt.bound) >= best_of(asked) * (1 - 1e-9)
        assert again.bound == learnt.bound
        assert learnt.point is not None  # it keeps the budget, where it began beyond it
        assert asked.cost @ learnt.point <= 3.0 + 1e-6


def test_a_plan_is_cheapened_as_far_as_it_keeps_its_worth_and_the_vehicle_asked_about() -> None:
    problem = problem_of(1)
    questions = RespondentQuestions(problem.model.exposure, nodes=1000)
    plan = max((plan for plan in PLANS if not problem.broken(plan)), key=problem.value)
    kept = int(np.flatnonzero(plan)[0])
    least = 0.7 * problem.value(plan)
    found = questions.cheapened(problem, plan, least, kept, 30.0)
    assert found[kept] == plan[kept]
    assert (found <= plan).all()
    assert problem.value(found) > least
    fewer = [found - (np.arange(VEHICLES) == j) for j in np.flatnonzero(found) if j != kept]
    assert all(problem.value(each) <= least for each in fewer)


def test_what_no_plan_keeps_is_told_as_settled() -> None:
    problem = problem_of(2)
    lower = replace(problem, rules=(*problem.rules, Budget("never", problem.tariff, -1.0)))
    found = RespondentQuestions(problem.model.exposure, nodes=1000).plan_worth_more(lower, 0.0, 30.0)
    assert found.plan is None
    assert found.settled
