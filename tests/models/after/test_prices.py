"""Prices: duals against finite differences, the search for a threshold, and whether any plan is worth more."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.after.beating import nearby_plan_worth_more
from models.after.prices import TOLERANCE, Trial, dual_prices, find_threshold
from models.after.questions import Questions
from models.after.room import with_room
from models.problem.response import Response, segments_of
from models.programme.relaxation import Relaxation
from models.purchase.tariff import Tariff
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.search.allocate import Settings, allocate

# A relaxation's worth is concave and has kinks, where insertions become whole: its dual lies between the slope to the
# right and the slope to the left. Fractional optima are solved to 1e-8 of their worth
# (models.search.allocate.FRACTIONAL_GAP), so a slope over 0.05 % of the budget is good to about 1e-4 of itself.
STEP, ROUNDING = 5e-4, 1e-3


def fractional(problem):
    return allocate(replace(problem, whole=False), Settings())


def assert_between(dual, to_the_right, to_the_left, step):
    slack = ROUNDING * max(abs(to_the_right), abs(to_the_left)) / step
    assert to_the_right / step - slack <= dual <= to_the_left / step + slack


def with_rules(problem, *rules):
    return replace(problem, rules=tuple(rules))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_money_is_worth_what_a_little_more_budget_brings(make_problem, seed):
    problem = make_problem(seed, 8, 4).problem
    budget = problem.rules[0]
    found = fractional(problem)
    step = STEP * budget.amount
    less, more = (
        fractional(
            with_rules(problem, Budget("budget", Tariff(problem.cost), budget.amount + sign * step))
        ).value
        for sign in (-1, 1)
    )
    assert_between(found.duals.row_worth[0], more - found.value, found.value - less, step)
    assert found.duals.row_worth[0] > 0


@pytest.mark.parametrize(("sense", "sign"), [(">=", -1), ("<=", 1)])
def test_a_binding_group_limit_has_the_sign_and_size_of_its_finite_difference(make_problem, sense, sign):
    problem = make_problem(5, 8, 4).problem
    free = fractional(problem)
    members = np.arange(0, 8, 2)
    spent = float(problem.cost[members] @ free.insertions[members])
    amount = spent * (1.2 if sense == ">=" else 0.8)

    def limited(by):
        rule = GroupLimit("group", "group", members, "money", sense, by, Tariff(problem.cost))
        return with_rules(problem, *problem.rules, rule)

    found = fractional(limited(amount))
    step = STEP * amount
    less, more = (fractional(limited(amount + by)).value for by in (-step, step))
    at = limited(amount).system.rule_ids.index("group")
    assert_between(found.duals.row_worth[at], more - found.value, found.value - less, step)
    assert np.sign(found.duals.row_worth[at]) == sign


def test_a_vehicle_enters_the_relaxation_just_below_its_dual_price(make_problem):
    problem = make_problem(7, 8, 4).problem
    dear = problem.cost.copy()
    dear[3] *= 6
    amount = problem.rules[0].amount

    def at(cost):
        return replace(problem, tariff=Tariff(cost), rules=(Budget("budget", Tariff(cost), amount),))

    found = fractional(at(dear))
    assert found.insertions[3] == 0
    price = dual_prices(at(dear), at(dear * 1.001), dear, dear * 0.001, found.duals)
    assert 0 < price[3] < dear[3]
    for share, bought in ((0.995, True), (1.005, False)):
        cost = dear.copy()
        cost[3] = price[3] * share
        assert bool(fractional(at(cost)).insertions[3] > 1e-6) is bought


@given(st.floats(1.0, 90.0), st.floats(0.1, 100.0), st.floats(-0.5, 0.5))
def test_a_threshold_is_found_within_the_tolerance_whatever_the_guess(threshold, guess, error):
    tried = []

    def trial(price):
        tried.append(price)
        return Trial(price <= threshold, price, threshold * (1 + error))

    found = find_threshold(trial, guess, 100.0)
    assert found.low <= threshold < found.high
    if found.confirmed:
        assert found.high <= found.low * (1 + TOLERANCE) * (1 + 1e-12)


@given(st.floats(5.0, 90.0), st.floats(0.7, 1.4))
def test_a_guess_within_a_third_is_confirmed(threshold, error):
    found = find_threshold(
        lambda price: Trial(price <= threshold, 0.0, threshold * 0.997), threshold * error, 100.0
    )
    assert found.confirmed


def test_what_is_in_at_the_highest_price_stays_whatever_it_costs():
    found = find_threshold(lambda price: Trial(True, price), 50.0, 100.0)
    assert (found.low, found.high, found.confirmed) == (100.0, np.inf, True)


def test_what_is_in_at_no_price_says_so():
    found = find_threshold(lambda _: Trial(False), 50.0, 100.0)
    assert found.low == 0
    assert np.isfinite(found.high)


def test_a_question_that_time_does_not_settle_leaves_what_was_proven():
    answers = iter([Trial(True, 40.0, 60.0), Trial(None)])
    found = find_threshold(lambda _: next(answers), 40.0, 100.0)
    assert (found.low, found.high, found.confirmed) == (40.0, np.inf, False)


def every_plan(problem):
    counts = [np.arange(u + 1) for u in problem.system.upper]
    return np.array(list(product(*counts)), dtype=float)


@pytest.mark.parametrize("seed", range(6))
def test_a_plan_worth_more_is_found_exactly_where_enumeration_has_one(
    make_problem, plan_values, plans_allowed, seed
):
    problem = make_problem(seed, 6, 3, most=2, families=("budget", "share", "insertions")).problem
    plans = every_plan(problem)
    plans = plans[plans_allowed(problem, plans)]
    best = float(plan_values(problem, plans).max())
    nothing = np.zeros(problem.n_vehicles)
    above = Questions(problem).plan_worth_more(problem, best * (1 - 1e-4), 60, [nothing])
    assert above.plan is not None
    assert problem.value(above.plan) > best * (1 - 1e-4)
    none = Questions(problem).plan_worth_more(problem, best * (1 + 1e-9), 60, [nothing])
    assert none.plan is None
    assert none.settled
    assert none.bound >= best * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_a_quick_answer_says_nothing_that_enumeration_denies(make_problem, plan_values, plans_allowed, seed):
    """A plan it finds is worth more; where it says that there is none, none is worth more than its margin."""
    problem = make_problem(seed, 6, 3, most=2, families=("budget", "share", "insertions")).problem
    plans = every_plan(problem)
    plans = plans[plans_allowed(problem, plans)]
    best = float(plan_values(problem, plans).max())
    relaxation, nothing = Relaxation(problem), np.zeros(problem.n_vehicles)
    for target in (0.9 * best, best * (1 - 1e-4), best * (1 + 1e-9), 1.1 * best):
        found = nearby_plan_worth_more(problem, target, 1e-4, relaxation, [nothing])
        assert (found.plan is not None) <= (best > target)
        if found.plan is not None:
            assert problem.value(found.plan) > target
            assert not problem.broken(found.plan)
        elif found.settled:
            assert best <= target * (1 + 1e-4) * (1 + 1e-7)
    assert nearby_plan_worth_more(problem, 0.9 * best, 1e-4, relaxation, [nothing]).plan is not None


def at_cost(problem, place, share):
    """The problem, a vehicle's price changed."""
    cost = problem.cost.copy()
    cost[place] *= share
    changed = Tariff(cost)
    rules = [replace(rule, tariff=changed) if hasattr(rule, "tariff") else rule for rule in problem.rules]
    return replace(problem, tariff=changed, rules=tuple(rules))


@pytest.mark.parametrize("seed", range(6))
def test_questions_at_many_prices_that_share_a_programme_are_answered_as_enumeration_does(
    make_problem, plan_values, plans_allowed, seed
):
    problem = make_problem(seed, 6, 3, most=2, families=("budget", "share", "insertions")).problem
    questions = Questions(at_cost(problem, 2, 0.6))
    for share in (1.0, 0.7, 1.6, 0.5, 1.0):  # 0.5 is cheaper than the programme was stated for
        there = at_cost(problem, 2, share)
        plans = every_plan(there)
        best = float(plan_values(there, plans[plans_allowed(there, plans)]).max())
        assert questions.plan_worth_more(there, best - 1e-4 * max(best, 1.0), 60).plan is not None
        none = questions.plan_worth_more(there, best * (1 + 1e-9), 60)
        assert (none.plan, none.settled) == (None, True)
        assert none.bound >= best * (1 - 1e-9)
        found = questions.best_plan(there, there.system.upper, 0.01, 60, 1e-6)
        assert there.value(found.plan) == pytest.approx(best, rel=2e-6)  # the margin, twice


@pytest.mark.parametrize("seed", range(4))
def test_a_cheapened_plan_costs_less_where_an_exchange_does_and_is_worth_enough(make_problem, seed):
    problem = make_problem(seed, 8, 3).problem
    plan = Questions(problem).best_plan(problem, problem.system.upper, 0.01, 60).plan
    least, kept = 0.97 * problem.value(plan), int(np.argmax(plan))
    cheap = Questions(problem).cheapened(problem, plan, least, kept, 60)
    assert not problem.broken(cheap)
    assert problem.value(cheap) > least
    assert cheap[kept] == plan[kept]
    assert problem.cost @ cheap <= problem.cost @ plan
    for out, other in product(range(8), range(8)):
        step = cheap - np.eye(8)[out] + np.eye(8)[other]
        inside = (step >= problem.system.lower).all() and (step <= problem.system.upper).all()
        if kept not in (out, other) and inside and problem.value(step) > least * (1 + 1e-9):
            assert problem.cost @ step >= problem.cost @ cheap - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_the_best_plan_near_another_is_the_best_of_all(make_problem, plan_values, plans_allowed, seed):
    problem = make_problem(seed, 6, 3, most=2).problem
    plans = every_plan(problem)
    best = float(plan_values(problem, plans[plans_allowed(problem, plans)]).max())
    found = Questions(problem).best_plan(problem, problem.system.upper, 0.01, 60)
    assert found.settled
    assert problem.value(found.plan) == pytest.approx(best, rel=2e-5)  # the margin of the search, 1e-5, twice


def test_what_a_minimum_lacks_is_added_and_what_the_budget_forbids_taken_out(make_problem):
    problem = make_problem(3, 6, 3).problem
    members = np.array([0, 1])
    least = GroupLimit("least", "group", members, "insertions", ">=", 3.0, Tariff(problem.cost))
    bound = with_rules(problem, *problem.rules, least)
    start = np.where(np.isin(np.arange(6), members), 0.0, problem.system.upper)
    plan = with_room(bound, start)
    assert plan is not None
    assert plan[members].sum() >= 3
    assert not bound.broken(plan)


def test_room_is_made_until_the_budget_holds(make_problem):
    problem = make_problem(3, 6, 3).problem
    plan = with_room(problem, problem.system.upper)
    assert plan is not None
    assert not problem.broken(plan)


@pytest.mark.parametrize(("sense", "amount"), [("<=", 2.0), (">=", 5.0)])
def test_room_is_made_where_a_rule_counts_what_is_bought(make_problem, sense, amount):
    """More than is paid for, and one insertion of the first alone: whole vehicles go, or come."""
    problem = make_problem(3, 6, 3).problem
    entries = tuple(np.array([j]) for j in range(6))
    count = BoughtCount("count", "all", entries, sense, amount, problem.columns)
    counted = with_rules(problem, *problem.rules, count)
    assert counted.insertions_only
    assert not counted.plain
    for start in (problem.system.upper[:6], np.eye(6)[0]):
        plan = with_room(counted, start)
        assert plan is not None
        assert not counted.broken(plan)
        assert ((plan > 0).sum() <= amount) if sense == "<=" else ((plan > 0).sum() >= amount)


@pytest.mark.parametrize("seed", range(6))
def test_room_is_made_alike_by_a_table_of_increments_and_by_each_plans_worth(make_problem, seed):
    problem = make_problem(seed, 6, 3).problem
    count = BoughtCount("count", "all", tuple(np.array([j]) for j in range(6)), "<=", 3.0, problem.columns)
    counted = with_rules(problem, *problem.rules, count)
    start = counted.system.upper[:6]
    response = Response(counted.model, start, segments_of(counted))
    assert np.array_equal(with_room(counted, start, response), with_room(counted, start))


def test_where_all_plans_worth_more_are_listed_one_price_settles_it():
    tried = []

    def trial(price):
        tried.append(price)
        return Trial(True, 8.0, 8.0, 8.001)

    found = find_threshold(trial, 5.0, 100.0)
    assert (found.low, found.high, found.confirmed, tried) == (8.0, 8.001, True, [5.0])


def test_hints_that_creep_are_left_for_the_middle():
    """In up to 700, as no plan in hand shows: each pays for 5 % more, and is said to hold little further."""

    def trial(price):
        return Trial(price <= 700, min(1.05 * price, 700) if price <= 700 else 0.0, 1.06 * price)

    found = find_threshold(trial, 10.0, 1e6, known_out=1e5)
    assert found.confirmed
    assert found.low <= 700 <= found.high <= found.low * 1.01
