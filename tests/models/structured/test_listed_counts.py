"""Every plan that may be worth more, where it counts what is bought at all: against all plans there are."""

import itertools

import numpy as np
import pytest

from models.problem.response import Response, segments_of
from models.programme.listing import best_listed, plans_worth_more
from models.programme.relaxation import Relaxation, keeps_everything

MANY = 100_000
ROUNDING = 1e-7  # relative: the tolerance of the relaxation's duals
FAMILIES = ("smallest buy", "count", "count of groups", "fixed cost", "titles per group")
BESIDES = ("limit in money", "ratio of money", "share of spend", "reach floor")
OBJECTIVES = ("influence", "reach", "impressions", "word of mouth")


def response_of(problem):
    return Response(problem.model, problem.system.upper[: problem.n_vehicles], segments_of(problem))


@pytest.fixture(params=range(24))
def listed(request, tiny, tiny_units):
    """A problem, its relaxation, and all plans that keep everything, with their worth."""
    seed = request.param
    rng = np.random.default_rng([4711, seed])
    families = [*rng.choice(FAMILIES, rng.integers(1, 4), False), *rng.choice(BESIDES, seed % 2, False)]
    make = tiny_units if seed % 6 == 5 else tiny
    problem = make(seed, tuple(map(str, families)), OBJECTIVES[seed % 4]).problem
    every = itertools.product(*(range(int(most) + 1) for most in problem.buyable))
    plans = [plan for plan in map(np.array, every) if keeps_everything(problem, plan.astype(float))]
    relaxed = Relaxation(problem).relax(1e-7)
    return problem, relaxed, plans, np.array([problem.value(plan.astype(float)) for plan in plans])


@pytest.mark.parametrize("share", [0.99, 0.8, 0.5])
def test_no_plan_worth_more_is_missing_and_none_is_worth_more_than_is_said(listed, share):
    problem, relaxed, plans, values = listed
    if not plans:
        assert relaxed.status == "infeasible" or not len(plans_worth_more(problem, relaxed, -1.0, MANY)[0])
        return
    worth = share * values.max()
    found, most = plans_worth_more(problem, relaxed, worth, MANY)
    said = dict(zip(map(tuple, found.tolist()), most.tolist(), strict=True))
    for plan, value in zip(plans, values, strict=True):
        assert value <= worth or said[tuple(plan.tolist())] >= value * (1 - ROUNDING)


def test_the_best_of_them_is_the_best_of_all_plans(listed):
    problem, relaxed, plans, values = listed
    if plans:
        plan, worth = best_listed(
            problem,
            response_of(problem),
            relaxed,
            0.5 * values.max(),
            MANY,
        )
        assert plan is not None
        assert worth == pytest.approx(values.max(), rel=1e-9)  # sums in another order
