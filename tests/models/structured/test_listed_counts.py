"""Every plan that may be worth more, where it counts what is bought at all: against all plans there are."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.problem.response import response_of
from models.programme.plans.listing import best_listed, plans_worth_more
from models.programme.relaxation import Relaxation, keeps_everything
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget

MANY = 100_000
ROUNDING = 1e-7  # relative: the tolerance of the relaxation's duals
FAMILIES = ("smallest buy", "count", "count of groups", "fixed cost", "titles per group")
BESIDES = ("limit in money", "ratio of money", "share of spend", "reach floor")
OBJECTIVES = ("influence", "reach", "impressions", "word of mouth")


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


@pytest.mark.parametrize("seed", range(8))
def test_a_programme_that_counted_before_lists_what_counts_nothing(seed, tiny):
    """What is bought at all stays linked to its insertions, and says nothing any more."""
    counted = tiny(seed, ("count", "fixed cost", "limit in money"), OBJECTIVES[seed % 2]).problem
    none = replace(counted, rules=tuple(rule for rule in counted.rules if isinstance(rule, Budget)))
    free = replace(none, tariff=replace(none.tariff, fixed=np.zeros(none.n_vehicles)))
    amount = 0.5 * float(free.cost @ free.buyable)
    free = replace(free, rules=(Budget("budget", free.tariff, amount),))
    columns = counted.columns
    none_of_it = BoughtCount("none", "", (np.array([0]),), "<=", 0.0, columns, columns.private_from, True)
    relaxation = Relaxation(replace(counted, rules=(*counted.rules, none_of_it)), [free])
    relaxation.relax(1e-7)
    relaxation.restate(free)
    relaxed = relaxation.relax(1e-7)
    every = itertools.product(*(range(int(most) + 1) for most in free.buyable))
    plans = [plan for plan in map(np.array, every) if keeps_everything(free, plan.astype(float))]
    values = np.array([free.value(plan.astype(float)) for plan in plans])
    assert relaxed.bound >= values.max() * (1 - ROUNDING)
    found, most = plans_worth_more(free, relaxed, 0.7 * values.max(), MANY)
    said = dict(zip(map(tuple, found.tolist()), most.tolist(), strict=True))
    for plan, value in zip(plans, values, strict=True):
        assert value <= 0.7 * values.max() or said[tuple(plan.tolist())] >= value * (1 - ROUNDING)
