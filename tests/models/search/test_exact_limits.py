"""Limits that hold exactly, at prices far apart: a campaign that has a plan is never called impossible."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from models.conflict.conflict import explain
from models.errors import InfeasiblePlan, NoPlanInTime, SolverFailure
from models.problem.problem import Problem
from models.programme.plans.feasible import feasible_plan
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Tariff
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.package_offer import PackageOffer
from models.search.allocate import Settings, allocate
from tests.models.conflict.conflicts import PLANS, problem_of

MOST = np.array([10.0, 1000.0, 100.0])


def spent_exactly(cost: list[float], plan: list[float], package: bool = False) -> Problem:
    """The whole budget must be spent: what a plan costs. package: of one a and two c, at 1."""
    columns = Columns(3, 0, int(package))
    offer = (Package("p", np.array([1.0, 0.0, 2.0]), 1.0),) * int(package)
    tariff = Tariff(np.array(cost), columns, packages=offer)
    total = tariff.total(np.append(plan, np.zeros(int(package))))
    rules = [
        Budget("budget", tariff, total),
        GroupLimit("all", "all", np.arange(3), "money", ">=", total, tariff),
    ]
    rules += [PackageOffer("p", 0, ("a", "b", "c"), tariff)] * int(package)
    return replace(problem_of(()), tariff=tariff, buyable=MOST, rules=tuple(rules))


def drawn(seed: int, package: bool) -> Problem:
    """Three prices between .000001 and 100,000,000, and up to two insertions at each."""
    rng = np.random.default_rng([31, seed])
    cost = np.round(10.0 ** rng.uniform(-6, 8, 3), 6) + 1e-6
    return spent_exactly(cost.tolist(), [*rng.integers(0, 3, 2), 1.0], package)


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_that_spends_all_to_the_last_digit_is_found(seed: int) -> None:
    problem = drawn(seed, package=False)
    assert not problem.broken(allocate(problem, Settings()).decision)
    found = feasible_plan(problem)
    assert found is not None
    assert not problem.broken(found)


@pytest.mark.parametrize("seed", range(40))
def test_with_packages_it_is_found_or_the_question_stays_open(seed: int) -> None:
    """HiGHS (1.15, 1.16) calls some of these infeasible, fewer without presolve."""
    problem = drawn(seed, package=True)
    with suppress(SolverFailure):
        assert not problem.broken(allocate(problem, Settings()).decision)
    found = explain(problem)
    assert found is None or not found.minimal  # time, or doubt, ended it


@pytest.mark.parametrize("step", [1.0, 1e-3])
def test_what_cannot_be_spent_exactly_is_still_impossible(step: float) -> None:
    """Whole insertions at 100, 250 and 400 make no 1,001."""
    problem = problem_of(())
    least = GroupLimit("all", "all", np.arange(3), "money", ">=", 1000.0 + step, problem.tariff)
    tight = replace(problem, rules=(Budget("budget", problem.tariff, 1000.0 + step), least))
    with pytest.raises(InfeasiblePlan):
        allocate(tight, Settings())
    assert feasible_plan(replace(tight, buyable=np.full(3, 1e6))) is None


@pytest.mark.parametrize("seed", [0, 9, 21, 35, 40])
def test_what_rounding_leaves_open_is_not_put_down_to_time(seed: int) -> None:
    """Of these HiGHS (1.15, 1.16) cannot tell, in no time."""
    with suppress(SolverFailure):
        try:
            feasible_plan(drawn(seed, package=True))
        except NoPlanInTime as error:
            pytest.fail(str(error))


def test_beside_a_price_that_no_budget_pays_a_small_budget_is_kept() -> None:
    """Of 10,000,000 a solver's tolerance is a tenth of a cent: three times the budget."""
    problem = problem_of(())
    tariff = Tariff(np.array([3e-4, 2.5e-4, 1e7]))
    limited = replace(problem, tariff=tariff, rules=(Budget("budget", tariff, 9e-4),))
    best = allocate(limited, Settings(1e-6))
    affordable = [plan for plan in PLANS if tariff.total(plan) <= 9e-4]
    assert best.value == pytest.approx(max(problem.value(plan) for plan in affordable), rel=1e-9)
