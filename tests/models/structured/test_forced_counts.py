"""Vehicles of which some must be bought, or none can be for what any at all costs: against all plans there are."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.after.questions import Questions
from models.programme.relaxation import keeps_everything
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.search.allocate import Settings, allocate

GAP = 1e-3
OBJECTIVES = ("influence", "reach", "impressions", "word of mouth")
ROUNDING = 1e-6  # relative: the solvers' own tolerance


def charging(problem, place, fixed_cost, limit):
    """The problem with a dear fixed cost of one vehicle, and a limit on the money for it."""
    fixed = problem.tariff.fixed.copy()
    fixed[place] = fixed_cost
    tariff = replace(problem.tariff, fixed=fixed)
    charged = (FixedCost(f"f{i}", i, "v", fixed[i], tariff.columns) for i in np.flatnonzero(fixed).tolist())
    rules = (
        Budget("budget", tariff, 1.3 * problem.budgets[0].amount),
        *charged,
        GroupLimit("limit", "limit", np.array([place]), "money", "<=", limit, tariff),
    )
    return replace(problem, tariff=tariff, rules=rules)


def forcing(problem, place):
    """The problem in which some of one vehicle must be bought."""
    some = BoughtCount("some", "some", (np.array([place]),), ">=", 1.0, problem.columns)
    return replace(problem, rules=(*problem.rules, some))


def worths(problem):
    """Of every plan that keeps everything."""
    every = itertools.product(*(range(int(most) + 1) for most in problem.buyable))
    plans = (np.array(plan, dtype=float) for plan in every)
    return np.array([problem.value(plan) for plan in plans if keeps_everything(problem, plan)])


@pytest.mark.parametrize("seed", [2, 9, 16, 27, 36, 41, 45, 53])
def test_no_false_optimum_and_no_wrong_bound(seed, tiny):
    """Of whether any is bought, the bound holds what its own bounds force, and nothing twice."""
    problem = tiny(seed, ("fixed cost",), OBJECTIVES[seed % 4]).problem
    tried = 0
    for place, price in enumerate(problem.cost):
        for asked in (charging(problem, place, 3.5 * price, 3.2 * price), forcing(problem, place)):
            found = worths(asked)
            if not len(found) or found.max() <= 0:
                continue
            tried += 1
            for settings in (Settings(gap=GAP), Settings(gap=GAP, thorough=False, sharpen=False)):
                plan = allocate(asked, settings)
                assert plan.bound >= found.max() * (1 - ROUNDING)
                assert plan.value >= found.max() * (1 - GAP - ROUNDING)
            better = Questions(asked).plan_worth_more(asked, 0.99 * found.max(), 20.0)
            assert better.plan is not None
    assert tried


@pytest.mark.parametrize("families", [(), ("fixed cost",)])
@pytest.mark.parametrize("seed", range(4))
def test_a_larger_budget_is_asked_about_where_nothing_counts_reach(seed, families, tiny):
    """Of impressions alone no segment counts; that more may be bought than was stated matters all the same."""
    problem = tiny(seed, families, "impressions").problem
    others = tuple(rule for rule in problem.rules if not isinstance(rule, Budget))

    def with_budget(amount):
        return replace(problem, rules=(Budget("budget", problem.tariff, amount), *others))

    small = with_budget(1.01 * float(problem.cost.min()) + float(problem.tariff.fixed.max()))
    large = with_budget(0.7 * float(problem.cost @ problem.buyable))
    questions, nothing = Questions(small), np.zeros(problem.n_vehicles)
    questions.bound(small, 5.0)
    found = questions.best_plan(large, nothing, GAP, 10.0)
    assert found.plan is not None
    assert large.value(found.plan) == pytest.approx(worths(large).max(), rel=GAP)
