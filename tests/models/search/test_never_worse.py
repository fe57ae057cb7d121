"""Plans against what others would do with the same campaign: greedy, local search, and SciPy's SLSQP.

Like with like: the same limits, rules, floors and exact value; the rivals know nothing of our search. They are
written here, plainly, on the arithmetic of conftest.py, and every plan of theirs is checked before it counts.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from models.problem.problem import Problem
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.vehicle_limit import VehicleLimit
from models.search.allocate import Settings, allocate

CAMPAIGNS = 120
OBJECTIVES = ("influence", "influence", "reach", "impressions")
SETS_OF_RULES = (
    ("budget",), ("minimum", "share"), ("must-buy", "money", "maximum"), ("insertions", "locked"),
    ("share", "share", "must-buy"), ("money", "insertions", "minimum", "maximum", "locked"),
)  # fmt: skip


@pytest.fixture
def campaign(make_problem, customer_problem, with_floor):
    """4 to 40 vehicles, 2 to 24 segments, budgets from a few insertions to most of what there is; every third
    puts customers first. The problem, and a plan that keeps everything."""

    def make(seed, whole=True):
        rng = np.random.default_rng([seed, 7])
        vehicles, segments = int(4 + 36 * rng.random() ** 1.5), int(rng.integers(2, 25))
        spend = (0.05, 0.15, 0.35, 0.7)[seed // 2 % 4]
        families = SETS_OF_RULES[seed % len(SETS_OF_RULES)]
        made = make_problem(1_000 + seed, vehicles, segments, OBJECTIVES[seed % 4], 8, families, spend)
        if seed % 3:
            return replace(made.problem, whole=whole), made.witness
        customers = replace(customer_problem(made), whole=whole)
        best = allocate(customers, Settings(), [made.witness])
        return replace(with_floor(made, best.value), whole=whole), best.insertions

    return make


@pytest.fixture
def rivals(plan_values, plans_allowed):
    """Other ways to plan, with their arithmetic."""
    return Rivals(plan_values, plans_allowed)


class Rivals:
    """Greedy, local search and rounding. plan_values, plans_allowed: worth and legality of many plans at once."""

    def __init__(self, plan_values, plans_allowed):
        self.values, self.allowed = plan_values, plans_allowed

    def allows(self, problem, plan):
        return bool(self.allowed(problem, plan[None, :])[0])

    def greedy(self, problem, start, by_money):
        """One more insertion of the vehicle that adds most (per money), as long as one is allowed and helps."""
        plan = start.copy()
        while True:
            more = plan + np.eye(problem.n_vehicles)
            more = more[self.allowed(problem, more)]
            if len(more) == 0:
                return plan
            gains = self.values(problem, more) - problem.value(plan)
            if by_money:
                gains = gains / ((more - plan) @ problem.cost)
            if gains.max() <= 1e-12:
                return plan
            plan = more[int(np.argmax(gains))]

    def local_search(self, problem, start):
        """Add one; exchange 1-1, 1-2, 2-1: the best of the first kind of move that helps, until none does."""
        plan, value = start.copy(), problem.value(start)
        while True:
            for moves in (self.add, self.one_for_one, self.two_for_one, self.one_for_two):
                better = self.best_of(problem, moves(problem, plan), value)
                if better is not None:
                    plan, value = better
                    break
            else:
                return plan

    def best_of(self, problem, plans, value):
        plans = plans[((plans >= 0) & (plans <= problem.buyable)).all(axis=1)]
        plans = plans[plans @ problem.cost <= problem.rules[0].amount * (1 + 1e-9)]
        best = None
        for some in np.array_split(plans, max(1, len(plans) // 4_000)):
            allowed = some[self.allowed(problem, some)]
            if len(allowed):
                values = self.values(problem, allowed)
                top = int(np.argmax(values))
                if values[top] > value * (1 + 1e-12) + 1e-12:
                    best, value = (allowed[top], float(values[top])), float(values[top])
        return best

    def add(self, problem, plan):
        return plan + np.eye(problem.n_vehicles)

    def one_for_one(self, problem, plan):
        one = np.eye(problem.n_vehicles)
        return (plan - one[plan > 0][:, None] + one[None, :]).reshape(-1, len(plan))

    def two_for_one(self, problem, plan):
        one = np.eye(problem.n_vehicles)
        out, (first, second) = one[plan > 0], np.triu_indices(len(plan))
        return (plan - out[:, None] + (one[first] + one[second])[None, :]).reshape(-1, len(plan))

    def one_for_two(self, problem, plan):
        one = np.eye(problem.n_vehicles)
        bought = np.flatnonzero(plan > 0)
        first, second = np.triu_indices(len(bought))
        out = one[bought[first]] + one[bought[second]]
        return (plan - out[:, None] + one[None, :]).reshape(-1, len(plan))

    def repaired(self, problem, plan):
        """Changed by one insertion at a time, or exchanged one for one, until allowed; None when stuck."""
        plan = np.clip(plan, 0, problem.buyable)
        missed = shortfall(problem, plan)
        for _ in range(200):
            if self.allows(problem, plan):
                return plan
            one = np.eye(len(plan))
            for moved in (np.concatenate([plan + one, plan - one]), self.one_for_one(problem, plan)[:400]):
                near = moved[((moved >= 0) & (moved <= problem.buyable)).all(axis=1)]
                misses = np.array([shortfall(problem, each) for each in near])
                if len(misses) and misses.min() < missed - 1e-12:
                    plan, missed = near[int(np.argmin(misses))], float(misses.min())
                    break
            else:
                return None
        return None


def shortfall(problem: Problem, plan) -> float:
    """By how much a plan breaks the rules and floors, as shares of their limits, summed."""
    slacks = [(rule.slack(problem.outcome(plan)), limit_of(rule)) for rule in problem.rules]
    if problem.floors:
        reach = problem.model.reach_shares(plan)
        slacks += [(floor.above(reach, plan), floor.least) for floor in problem.floors]
    return sum(max(0.0, -slack) / max(amount, 1.0) for slack, amount in slacks)


def limit_of(rule) -> float:
    """The size of a rule's limit; a share is one of all spend."""
    if isinstance(rule, VehicleLimit):
        return rule.amount
    return 1.0 if getattr(rule, "measure", "") == "share" else rule.amount


def slsqp(problem: Problem, start):
    """SciPy's SLSQP on the fractional problem, from a start; then drawn to the start as far as its own small
    infeasibility needs."""
    lines = [row for rule in problem.rules for row in halves(rule, problem.n_vehicles)]
    matrix, right = np.array([a for a, _ in lines]), np.array([b for _, b in lines])
    constraints = [{"type": "ineq", "fun": lambda x: right - matrix @ x, "jac": lambda x: -matrix}]
    for floor in problem.floors:
        constraints.append(
            {"type": "ineq", "fun": lambda x, f=floor: f.above(problem.model.reach_shares(x), x) / max(f.least, 1.0),
             "jac": lambda x, f=floor: slopes(problem, x, f.people) / max(f.least, 1.0)}
        )  # fmt: skip
    unit = max(problem.value(start), 1e-9)
    worth = problem.objective.segment_worth
    found = minimize(
        lambda x: -problem.value(np.clip(x, 0, problem.buyable)) / unit,
        start,
        jac=lambda x: -(slopes(problem, x, worth) + problem.objective.insertion_worth) / unit,
        bounds=[(0.0, float(high)) for high in problem.buyable],
        constraints=constraints,
        method="SLSQP",
        options={"maxiter": 100, "ftol": 1e-11},
    )
    there = np.clip(found.x, 0, problem.buyable)
    low, high = 0.0, 1.0
    if np.isfinite(there).all() and not problem.broken(there):
        return there
    if not np.isfinite(there).all():
        return start
    for _ in range(60):
        middle = (low + high) / 2
        if problem.broken(there + middle * (start - there)):
            low = middle
        else:
            high = middle
    return there + high * (start - there)


def halves(rule, n):
    """(coefficients, right) with coefficients @ x <= right, in units of the right side: from the rule's numbers."""
    one = np.eye(n)
    if isinstance(rule, Budget):
        return [(rule.tariff.cost / rule.amount, 1.0)]
    sign = 1.0 if rule.sense == "<=" else -1.0
    if isinstance(rule, VehicleLimit):
        return [(sign * one[rule.vehicle], sign * rule.amount)]
    assert isinstance(rule, GroupLimit)
    inside = one[rule.members].sum(axis=0)
    if rule.measure == "share":
        row = rule.tariff.cost * (inside - rule.amount)
        return [(sign * row / np.abs(row).max(), 0.0)]
    row = inside * (rule.tariff.cost if rule.measure == "money" else 1.0)
    size = max(rule.amount, 1.0)
    return [(sign * row / size, sign * rule.amount / size)]


def slopes(problem: Problem, x, people):
    """(n_vehicles,) people reached more by a little more of each vehicle (to the right at whole numbers)."""
    model = problem.model
    low = np.floor(np.clip(x, 0, problem.buyable) + 1e-9)
    step = model.intensity(low + 1) - model.intensity(low)
    by_medium = model.by_medium(model.intensity(np.clip(x, 0, problem.buyable)))
    total = model.medium_level(by_medium).sum(axis=1)
    medium_slope = 1 / (1 + by_medium / model.k_medium)
    person_slope = (1 - model.person_level(total)) / (1 + total / model.k_person)
    return (people * person_slope) @ (medium_slope[:, model.audiences.medium] * step)


def starts_of(problem, rivals, known, seed):
    """Plans for a rival to begin at: the known one, emptied as far as the rules allow, and random ones."""
    rng = np.random.default_rng([seed, 11])
    lower = problem.system.lower
    found = [known] + ([lower] if rivals.allows(problem, lower) else [])
    for _ in range(2):
        plan = known.copy()
        for j in rng.permutation(problem.n_vehicles):
            less = plan.copy()
            less[j] = max(lower[j], less[j] - rng.integers(0, 4))
            if rivals.allows(problem, less):
                plan = less
        for _ in range(4 * problem.n_vehicles):
            more = plan.copy()
            more[rng.integers(problem.n_vehicles)] += 1
            if rivals.allows(problem, more):
                plan = more
        found.append(plan)
    return found


def assert_not_worse(found, problem, rival, name, tolerance=0.0):
    worth = problem.value(rival)
    assert not problem.broken(rival), name
    short = (worth - found.value) / max(worth, 1e-9)
    assert short <= tolerance, (
        f"{name}: {worth:.6f}, ours {found.value:.6f}, {short:.1e} less; gap {found.gap:.1e}"
    )


ROUNDING = 1e-11  # relative: sums in another order


@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_a_whole_plan_is_never_worse_than_greedy_local_search_or_rounded_slsqp(seed, campaign, rivals):
    problem, known = campaign(seed)
    found = allocate(problem, Settings(), [known] if problem.floors else [])
    assert rivals.allows(problem, found.insertions)
    starts = starts_of(problem, rivals, known, seed)
    greedy = [rivals.greedy(problem, start, money) for start in starts[:2] for money in (True, False)]
    for plan in greedy:
        assert_not_worse(found, problem, plan, "greedy", ROUNDING)
    for plan in [*starts, *greedy]:
        assert_not_worse(found, problem, rivals.local_search(problem, plan), "local search", ROUNDING)
    fractional = slsqp(replace(problem, whole=False), known)
    for rounding in (np.floor, np.rint):
        plan = rivals.repaired(problem, rounding(fractional + 1e-7))
        if plan is not None:
            assert_not_worse(found, problem, rivals.greedy(problem, plan, True), "rounded SLSQP", ROUNDING)


@pytest.mark.parametrize("seed", range(0, 2 * CAMPAIGNS, 5))
def test_a_fractional_plan_is_never_worse_than_slsqp(seed, campaign, rivals):
    problem, known = campaign(seed, whole=False)
    found = allocate(problem, Settings(), [known] if problem.floors else [])
    whole = replace(problem, whole=True)
    starts = [known] if problem.floors else starts_of(whole, rivals, np.floor(known), seed)[-2:]
    for start in starts:
        assert_not_worse(found, problem, slsqp(problem, start), "SLSQP", 1e-6)
