"""Allocation against enumeration of every plan, and what any optimizer of a budget must keep."""

from contextlib import suppress
from dataclasses import replace
from itertools import combinations, pairwise, product

import numpy as np
import pytest

from models.errors import InfeasiblePlan, SolverFailure
from models.problem.problem import Problem
from models.purchase.tariff import Steps, Tariff
from models.rules.budget import Budget
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.search.allocate import Settings, allocate
from tests.models.conflict.conflicts import PLANS, problem_of

OBJECTIVES = ("influence", "reach", "impressions")
RULES = ("minimum", "maximum", "must-buy", "locked", "money", "share", "insertions")
PAIRS = list(combinations(RULES, 2))
BOUND = 1e-7  # relative: the solvers' own feasibility tolerance of 1e-10, on sums of thousands of terms


@pytest.fixture
def tiny(make_problem):
    """A campaign of 2 to 5 vehicles, 2 to 4 segments, up to 3 insertions, two families of rules."""

    def make(seed):
        families = PAIRS[seed % len(PAIRS)]
        return make_problem(
            seed,
            2 + seed % 4,
            2 + seed % 3,
            OBJECTIVES[seed % 3],
            3,
            families,
            (0.25, 0.5, 0.75)[seed // 3 % 3],
        )

    return make


@pytest.fixture
def best_of_all(plan_values, plans_allowed):
    """The best plan by trying every one, and its worth."""

    def enumerate_plans(problem):
        plans = np.array(list(product(*(range(int(u) + 1) for u in problem.buyable))), dtype=float)
        plans = plans[plans_allowed(problem, plans)]
        values = plan_values(problem, plans)
        best = int(np.argmax(values))
        return plans[best], float(values[best])

    return enumerate_plans


@pytest.mark.parametrize("seed", range(60))
def test_the_gap_bounds_the_distance_to_the_best_of_all_plans(seed, tiny, best_of_all, plans_allowed):
    problem = tiny(seed).problem
    _, best = best_of_all(problem)
    found = allocate(problem, Settings(gap=0.01))
    assert found.bound >= best * (1 - BOUND)
    assert best * (1 - 0.01 - BOUND) <= found.value <= best * (1 + 1e-12)
    assert found.value >= best * (1 - found.gap - BOUND)
    assert plans_allowed(problem, found.insertions[None, :]).all()


@pytest.mark.parametrize("seed", range(60))
def test_asked_for_a_millionth_the_best_of_all_plans_is_found(seed, tiny, best_of_all, plans_allowed):
    problem = tiny(seed).problem
    _, best = best_of_all(problem)
    found = allocate(problem, Settings(gap=1e-6))
    assert found.optimal
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.bound >= best * (1 - BOUND)
    assert plans_allowed(problem, found.insertions[None, :]).all()


@pytest.mark.parametrize("seed", range(100, 140))
def test_with_customers_first_the_best_of_all_plans_that_keep_the_floor_is_found(
    seed, tiny, best_of_all, plans_allowed, customer_problem, with_floor
):
    made = tiny(seed)
    start, most = best_of_all(customer_problem(made))
    problem = with_floor(made, most)
    _, best = best_of_all(problem)
    found = allocate(problem, Settings(gap=1e-6), [start])
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.bound >= best * (1 - BOUND)
    assert plans_allowed(problem, found.insertions[None, :]).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_floor_alone_without_a_plan_to_start_from_is_met(
    seed, tiny, best_of_all, plans_allowed, customer_problem, with_floor
):
    made = tiny(seed)
    _, most = best_of_all(customer_problem(made))
    problem = with_floor(made, most, keep=1.0)
    _, best = best_of_all(problem)
    found = allocate(problem, Settings(gap=1e-6))
    assert plans_allowed(problem, found.insertions[None, :]).all()
    assert found.value == pytest.approx(best, rel=1e-6)


@pytest.fixture
def middling(make_problem):
    """A campaign of 12 vehicles with rules on groups; with a witness that keeps them."""

    def make(seed):
        return make_problem(seed, 12, 6, OBJECTIVES[seed % 3], 6, PAIRS[(5 * seed) % len(PAIRS)], 0.3)

    return make


def with_budget(problem: Problem, amount: float) -> Problem:
    rules = tuple(
        replace(rule, amount=amount) if isinstance(rule, Budget) else rule for rule in problem.rules
    )
    return replace(problem, rules=rules)


@pytest.mark.parametrize("seed", range(6))
def test_a_larger_budget_never_lowers_the_best_beyond_the_gaps(seed, make_problem):
    problem = make_problem(seed, 15, 6, OBJECTIVES[seed % 3], families=("maximum",)).problem
    amount = problem.rules[0].amount
    plans = [
        allocate(with_budget(problem, amount * part), Settings(gap=1e-4)) for part in (0.5, 0.8, 1, 1.3, 2)
    ]
    for poorer, richer in pairwise(plans):
        assert richer.bound >= poorer.value
        assert richer.value >= poorer.value * (1 - 1e-4)


@pytest.mark.parametrize("seed", range(8))
def test_plans_cost_no_more_than_the_budget_and_keep_every_rule(seed, middling):
    problem = middling(seed).problem
    for whole in (True, False):
        asked = replace(problem, whole=whole)
        found = allocate(asked, Settings())
        assert found.insertions @ problem.cost <= problem.rules[0].amount * (1 + 1e-9)
        assert asked.broken(found.insertions) == ()
        assert (found.insertions <= problem.buyable + 1e-9).all()
        assert found.value == pytest.approx(problem.value(found.insertions), rel=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_a_plan_is_never_worth_less_than_one_it_was_given(seed, middling):
    made = middling(seed)
    bought = allocate(made.problem, Settings())
    for start in (made.witness, bought.insertions):
        found = allocate(made.problem, Settings(gap=0.5), [start])
        assert found.value >= made.problem.value(start)


def test_a_start_that_breaks_a_rule_is_not_taken(middling):
    made = middling(2)
    everything = made.problem.buyable.copy()
    found = allocate(made.problem, Settings(gap=1e-4), [everything])
    assert made.problem.broken(found.insertions) == ()
    assert found.value < made.problem.value(everything)


def reordered(problem: Problem, order: np.ndarray) -> Problem:
    """The same campaign (budget only), its vehicles in another order."""
    model, audiences = problem.model, problem.model.audiences
    moved = replace(
        audiences,
        vehicles=tuple(audiences.vehicles[j] for j in order),
        medium=audiences.medium[order],
        rating=audiences.rating[:, order],
        repeat=audiences.repeat[order],
        repeat_measured=audiences.repeat_measured[order],
    )
    objective = replace(problem.objective, insertion_worth=problem.objective.insertion_worth[order])
    return replace(
        problem,
        model=replace(model, audiences=moved, first=model.first[:, order], bend=model.bend[:, order]),
        tariff=Tariff(problem.cost[order]),
        buyable=problem.buyable[order],
        objective=objective,
        rules=(Budget("budget", Tariff(problem.cost[order]), problem.rules[0].amount),),
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_vehicles_does_not_matter_beyond_the_gap(seed, make_problem):
    problem = make_problem(seed, 12, 6).problem
    order = np.random.default_rng(seed).permutation(12)
    plain, moved = (allocate(each, Settings(gap=1e-5)) for each in (problem, reordered(problem, order)))
    assert moved.value == pytest.approx(plain.value, rel=1e-5)


@pytest.mark.parametrize("rate", [1e-4, 0.01, 1_000.0])
def test_the_currency_does_not_matter_beyond_the_gap(rate, make_problem):
    problem = make_problem(3, 12, 6, families=("money",)).problem
    rules = tuple(
        replace(rule, tariff=Tariff(rule.tariff.cost * rate), amount=rule.amount * rate)
        for rule in problem.rules
    )
    other = replace(problem, tariff=Tariff(problem.cost * rate), rules=rules)
    plain, exchanged = (allocate(each, Settings(gap=1e-5)) for each in (problem, other))
    assert exchanged.value == pytest.approx(plain.value, rel=1e-5)


@pytest.mark.parametrize("by", ["insertions", "money"])
@pytest.mark.parametrize("currency", [1e-6, 1.0, 1e12, 2e15])
def test_a_volume_discount_begins_in_every_currency(currency, by) -> None:
    """From 1e12 on rows held money beside insertions, and HiGHS left out what is below 1e-12 of the largest term."""
    problem = problem_of(())
    start = [500.0 * currency, 900.0 * currency] if by == "money" else [3.0, 5.0]
    first = problem.columns.private_from
    steps = Steps("d", np.array([0, 1]), by, np.array(start), np.array([0.2, 0.3]), first)
    tariff = Tariff(problem.cost * currency, discounts=(steps,))
    budget = Budget("budget", tariff, 1400.0 * currency)
    rules = (budget, VolumeDiscount("d", 0, tariff, problem.buyable))
    best = allocate(replace(problem, tariff=tariff, rules=rules), Settings(1e-6))
    affordable = (problem.value(plan) for plan in PLANS if tariff.total(plan) <= budget.amount)
    assert tariff.rates(best.decision).any()
    assert best.value == pytest.approx(max(affordable), rel=1e-6)
    assert best.bound == pytest.approx(best.value, rel=1e-6)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_highs_and_cbc_agree_within_their_gaps(seed, whole, middling):
    problem = replace(middling(seed).problem, whole=whole)
    highs, cbc = (allocate(problem, Settings(gap=1e-4, solver=solver)) for solver in ("highs", "cbc"))
    assert highs.optimal
    assert cbc.optimal
    assert highs.bound >= cbc.value * (1 - BOUND)
    assert cbc.bound >= highs.value * (1 - BOUND)


@pytest.mark.parametrize("whole", [True, False])
def test_the_same_campaign_gives_the_same_plan_again(whole, middling):
    first, second = (allocate(replace(middling(1).problem, whole=whole), Settings()) for _ in range(2))
    assert np.array_equal(first.insertions, second.insertions)
    assert first.bound == second.bound


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seconds", [1e-9, 1e-3, 0.02])
def test_without_time_there_is_a_valid_plan_or_a_solver_failure(seconds, whole, solver, make_problem):
    problem = make_problem(5, 40, 12, families=("share", "must-buy", "insertions")).problem
    with suppress(SolverFailure):
        asked = replace(problem, whole=whole)
        found = allocate(asked, Settings(seconds=seconds, solver=solver))
        assert asked.broken(found.insertions) == ()
        assert found.bound >= found.value


def test_rules_that_no_plan_keeps_are_infeasible_not_a_failure(make_problem):
    problem = make_problem(1, 6, 3).problem
    dear = int(np.argmax(problem.cost))
    upper = problem.buyable.copy()
    upper[dear] = 1e6
    least = problem.rules[0].amount / problem.cost[dear] + 1
    rules = (*problem.rules, VehicleLimit("many", dear, "dear", "minimum", ">=", float(np.ceil(least))))
    with pytest.raises(InfeasiblePlan):
        allocate(replace(problem, buyable=upper, rules=rules), Settings())


@pytest.mark.parametrize("seed", range(6))
def test_the_fractional_best_is_at_least_the_whole_one(seed, middling):
    problem = middling(seed).problem
    whole = allocate(problem, Settings(gap=1e-4))
    fractional = allocate(replace(problem, whole=False), Settings())
    assert fractional.value >= whole.value * (1 - 1e-7)  # the tangents' tolerance of the fractional plan
    assert fractional.gap <= 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_fractions_are_valued_as_insertions_filled_in_order(seed, make_problem):
    """x = 2.4 is worth what 2 insertions and 0.4 of the third are: the increments y fill one after another."""
    problem = replace(make_problem(seed, 10, 4).problem, whole=False)
    found = allocate(problem, Settings()).insertions
    model = problem.model
    assert (found != np.round(found)).any()
    lower, upper = model.intensity(np.floor(found)), model.intensity(np.floor(found) + 1)
    filled = model.by_medium(lower + (found - np.floor(found)) * (upper - lower))
    reach = model.person_level(model.medium_level(filled).sum(axis=1))
    assert problem.value(found) == pytest.approx(float(problem.objective.segment_worth @ reach), rel=1e-12)
    assert allocate(problem, Settings()).bound >= problem.value(found)
