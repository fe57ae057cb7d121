"""Planes above n+ reach: above its curve, above every plan, and what a bound is with them."""

from dataclasses import replace

import numpy as np
import pytest

from models.problem.goals import Effective
from models.problem.objectives import Objective
from models.programme.often import Often, counted_often, most_money
from models.programme.often_planes import Domain, above, planes
from models.programme.relaxation import Relaxation
from models.reach.clusters import reached_often
from models.reach.contacts import effective_shares


@pytest.mark.parametrize("n", [2, 3, 4])
def test_planes_lie_above_the_curve_everywhere_in_their_domain(n):
    rng = np.random.default_rng(n)
    many = 12
    domain = Domain(rng.uniform(0.01, 3, many), rng.uniform(0.005, 1, many), rng.uniform(0.02, 8, many))
    slopes = np.cumsum(rng.uniform(0, 0.4, (n, many)), axis=0)
    highest = above(domain, slopes)
    sizes = np.arange(1, n + 1)
    for d in range(many):
        mix = rng.dirichlet(np.full(n, 0.5), 4000)
        level = domain.most_contacts[d] * rng.uniform(0, 1, 4000) ** 0.5
        rates = mix / sizes * level[:, None]
        inside = (rates.sum(axis=1) <= domain.most[d]) & (rates[:, -1] <= domain.most_often[d])
        rates = rates[inside].T
        assert (reached_often(rates) - slopes[:, d] @ rates <= highest[d]).all()


@pytest.mark.parametrize("n", [2, 3, 4])
def test_planes_for_nodes_lie_above_the_curve_at_them(n):
    rng = np.random.default_rng(20 + n)
    rates = rng.exponential(0.4, (n, 50)) * rng.uniform(0, 2, 50)
    sizes = np.arange(1, n + 1)
    domain = Domain(1.1 * rates.sum(axis=0), 1.2 * rates[-1], 1.1 * sizes @ rates)
    height, slopes = planes(rates, domain, rng.uniform(0.1, 1, 50), "highs")
    assert (height + (slopes * rates).sum(axis=0) >= reached_often(rates)).all()


def for_people_met(problem, times):
    people, nothing = problem.model.population.copy(), np.zeros(problem.n_vehicles)
    effective = Effective(people, times)
    kept = Objective("effective reach", "people", np.zeros(len(people)), nothing, effective=effective)
    return replace(problem, objective=kept)


@pytest.mark.parametrize("seed", range(16))
def test_no_plan_within_the_budget_passes_the_bound(seed, make_problem):
    """Plans at random, all money spent: each keeps the row of the planes made for the best of them, in which it is the
    level of each vehicle that its insertions are of; so no bound of the programme is below it."""
    rng = np.random.default_rng(seed)
    made = make_problem(seed, 12, 4, "reach", (8, 30)[seed % 2], ("budget",), (0.05, 0.3)[seed // 2 % 2])
    problem = for_people_met(made.problem, (2, 3, 4, 6)[seed // 4])
    effective, upper = problem.objective.effective, problem.system.upper[:12]

    def spent():
        plan = np.zeros(12)
        for j in rng.permutation(12):
            left = (problem.rules[0].limit - problem.cost @ plan) // problem.cost[j]
            plan[j] = min(upper[j], rng.integers(0, max(left, 0) + 1))
        return plan

    plans = [spent() for _ in range(25)]
    shares = [effective_shares(problem.model, plan, effective.times) for plan in plans]
    worth = [float(effective.people @ own) for own in shares]
    relaxation = Relaxation(problem)
    often = Often(relaxation, counted_often(problem), 0.0, "highs")
    often.cut(often.of(plans[int(np.argmax(worth))]))
    assert relaxation.relax_once().bound >= max(worth)
    statement = relaxation.session.statement
    for plan, share in zip(plans, shares, strict=True):
        values = np.zeros(statement.n_columns)
        values[often.columns] = often.of(plan)
        values[relaxation.met(effective.times)] = share[relaxation.response.segments]
        assert statement.rows[-1].value @ values[statement.rows[-1].index] <= statement.most[-1]


def test_the_most_money_is_the_budget(make_problem):
    problem = make_problem(1, 5, 3, "reach").problem
    money = most_money(problem, problem.cost, 0.0, "highs")
    assert money == pytest.approx(
        min(problem.rules[0].limit, problem.cost @ problem.system.upper[:5]), rel=1e-6
    )
