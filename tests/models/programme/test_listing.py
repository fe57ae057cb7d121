"""Every plan that may be worth more: against all plans there are, listed by hand."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.problem.response import response_of
from models.programme.plans import half_made
from models.programme.plans.listing import best_listed, every_plan, plans_worth_more
from models.programme.relaxation import Relaxation

FAMILIES = (("budget",), ("budget", "money"), ("share",), ("insertions", "minimum"), ("must-buy", "maximum"))
MANY = 100_000
ROUNDING = 1e-9  # relative: of sums in another order


@pytest.fixture(params=range(10))
def listed(request, make_problem, with_floor, customer_problem, plan_values, plans_allowed):
    """A problem, its relaxation, and all plans that keep everything, with their worth."""
    seed = request.param
    made = make_problem(500 + seed, 6, 4, ("influence", "reach")[seed % 2], 4, FAMILIES[seed % 5], 0.4)
    problem = made.problem
    plans = np.array(list(product(*(range(int(most) + 1) for most in problem.buyable))), dtype=float)
    if seed >= 5:
        best = plan_values(customer_problem(made), plans[plans_allowed(problem, plans)]).max()
        problem = with_floor(made, best)
    plans = plans[plans_allowed(problem, plans)]
    relaxed = Relaxation(problem).relax(1e-7)
    return problem, relaxed, plans, plan_values(problem, plans)


@pytest.mark.parametrize("share", [0.999, 0.99, 0.9])
def test_no_plan_worth_more_is_missing_and_none_is_worth_more_than_is_said(listed, share) -> None:
    problem, relaxed, plans, values = listed
    worth = share * relaxed.bound
    found, most = plans_worth_more(problem, relaxed, worth, MANY)
    said = dict(zip(map(tuple, found.tolist()), most.tolist(), strict=True))
    for plan, value in zip(plans[values > worth].astype(int), values[values > worth], strict=True):
        assert said[tuple(plan.tolist())] >= value * (1 - 1e-7)  # the tolerance of the relaxation's duals
    assert (np.diff(most) <= 0).all()


def test_the_best_of_them_is_the_best_of_all_plans(listed) -> None:
    problem, relaxed, _, values = listed
    plan, worth = best_listed(
        problem,
        response_of(problem),
        relaxed,
        0.8 * relaxed.bound,
        MANY,
    )
    assert plan is not None
    assert worth == pytest.approx(problem.value(plan), rel=ROUNDING)
    assert worth == pytest.approx(values.max(), rel=ROUNDING)
    assert best_listed(
        problem,
        response_of(problem),
        relaxed,
        worth,
        MANY,
    ) == (None, worth)


def test_where_they_are_many_they_are_not_listed(listed) -> None:
    problem, relaxed, *_ = listed
    assert plans_worth_more(problem, relaxed, 0.5 * relaxed.bound, 3) is None
    assert (
        plans_worth_more(problem, relaxed, 0.5 * relaxed.bound, MANY, deadline=0.0) is None
    )  # time has ended


def test_plans_put_together_some_at_a_time_are_the_same(listed, monkeypatch) -> None:
    problem, relaxed, *_ = listed
    at_once = plans_worth_more(problem, relaxed, 0.9 * relaxed.bound, MANY)
    monkeypatch.setattr(half_made, "_IN_PART", 10)
    in_parts = plans_worth_more(problem, relaxed, 0.9 * relaxed.bound, MANY)
    assert (at_once[0] == in_parts[0]).all()
    assert (at_once[1] == in_parts[1]).all()


def test_plans_that_take_too_much_memory_are_not_listed(listed, monkeypatch) -> None:
    problem = listed[0]
    assert every_plan(problem, MANY) is not None
    monkeypatch.setattr(half_made, "_STORED", 10)
    assert every_plan(problem, MANY) is None


def test_a_problem_of_parts_is_not_listed(make_problem) -> None:
    problem = replace(make_problem(1, 4, 3).problem, whole=False)
    assert plans_worth_more(problem, Relaxation(problem).relax(1e-7), 0.0, MANY) is None
