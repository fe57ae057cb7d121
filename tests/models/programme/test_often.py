"""Planes above n+ reach: above its curve, above every plan, and what a bound is with them."""

from dataclasses import replace

import numpy as np
import pytest

from models.problem.goals import Effective
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.often.clock import Clock, Late
from models.programme.often.levels import levels_of
from models.programme.often.nodes import SPARE, OftenNodes, nodes_of
from models.programme.often.planes import Domain, above, planes
from models.programme.often.rows import Often, counted_often
from models.programme.relaxation import Relaxation
from models.purchase.tariff import Tariff
from models.reach.clusters import reached_often
from models.reach.contacts import effective_shares
from models.reach.gamma import Audiences, Duplication, calibrate


@pytest.mark.parametrize("n", [2, 3, 4])
def test_planes_lie_above_the_curve_everywhere_in_their_domain(n):
    rng = np.random.default_rng(n)
    many = 12
    most = rng.uniform(0.02, 8, many)
    domain = Domain(
        rng.uniform(0.01, 3, many), rng.uniform(0.005, 1, many), most, most * rng.choice([0, 0.3, 0.7], many)
    )
    slopes = np.cumsum(rng.uniform(0, 0.4, (n, many)), axis=0)
    highest = above(domain, slopes, rng.choice([1e-4, 1e-3, 0.05], many))
    sizes = np.arange(1, n + 1)
    for d in range(many):
        mix = rng.dirichlet(np.full(n, 0.5), 4000)
        level = domain.most_contacts[d] * rng.uniform(0, 1, 4000) ** 0.5
        rates = mix / sizes * level[:, None]
        inside = (rates.sum(axis=1) <= domain.most[d]) & (rates[:, -1] <= domain.most_often[d])
        inside &= rates @ sizes >= domain.least_contacts[d]
        rates = rates[inside].T
        assert (reached_often(rates) - slopes[:, d] @ rates <= highest[d]).all()


@pytest.mark.parametrize("n", [2, 3, 4])
def test_planes_for_nodes_lie_above_the_curve_at_them(n):
    rng = np.random.default_rng(20 + n)
    rates = rng.exponential(0.4, (n, 50)) * rng.uniform(0, 2, 50)
    sizes = np.arange(1, n + 1)
    contacts = sizes @ rates
    domain = Domain(
        1.1 * rates.sum(axis=0), 1.2 * rates[-1], 1.1 * contacts, rng.choice([0, 0.8], 50) * contacts
    )
    height, slopes = planes(rates, domain, rng.uniform(0.1, 1, 50), "highs")
    assert (height + (slopes * rates).sum(axis=0) >= reached_often(rates)).all()


class FewLooks(Clock):
    """Late from the look at the clock after so many."""

    def __init__(self, looks):
        super().__init__()
        object.__setattr__(self, "looks", looks)

    def check(self):
        object.__setattr__(self, "looks", self.looks - 1)
        if self.looks < 0:
            raise Late


def test_the_clock_is_looked_at_all_along_and_what_is_stated_before_it_ends_stays(make_problem):
    problem = for_people_met(make_problem(3, 12, 4, "reach", 8, ("budget",), 0.3).problem, 3)
    counted, plan = counted_often(problem), np.ones(12)

    def looks_at(clock):
        often = Often(Relaxation(problem), counted, "highs", clock)
        stated = clock.looks
        often.cut(often.of(plan), 0.0)
        return stated, clock.looks

    made, cut = (100_000 - left for left in looks_at(FewLooks(100_000)))
    assert made >= 12 + 4  # each vehicle, each segment
    assert cut >= made + 3 * 10  # questions, and what their answers say of all, in three directions
    for looks in (0, 12, made - 1):
        with pytest.raises(Late):
            Often(Relaxation(problem), counted, "highs", FewLooks(looks))
    relaxation = Relaxation(problem)
    often, before = Often(relaxation, counted, "highs", FewLooks(made)), relaxation.relax_once().bound
    with pytest.raises(Late):
        often.cut(often.of(plan), 0.0)
    assert relaxation.relax_once().bound == before


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
    often = Often(relaxation, counted_often(problem), "highs")
    often.cut(often.of(plans[int(np.argmax(worth))]), 0.0)
    assert relaxation.relax_once().bound >= max(worth)
    programme = relaxation.live.programme
    last = programme.matrix.row == programme.n_rows - 1
    index, value = programme.matrix.column[last], programme.matrix.value[last]
    for plan, share in zip(plans, shares, strict=True):
        values = np.zeros(programme.n_columns)
        values[often.columns] = often.of(plan)
        values[relaxation.curves.met.columns(relaxation.live, effective.times)] = share[
            relaxation.response.segments
        ]
        assert value @ values[index] <= programme.most[-1]


def people_of(model, upper):
    n = len(upper)
    nothing = Objective("reach", "people", model.population, np.zeros(n))
    problem = Problem(model, Tariff(np.ones(n)), upper, nothing, ())
    levels, nodes = levels_of(problem), nodes_of(problem, model.population, 3)
    return OftenNodes(problem, model.population, 3, levels, nodes), levels


def like_one_another(rating, within, contacts=None):
    """Six vehicles of two media whose people differ next to nothing."""
    names, alike = tuple(f"v{j}" for j in range(6)), np.zeros(6, dtype=bool)
    audiences = Audiences(
        names, ("a", "b"), np.arange(6) // 3, np.array([1000.0]), np.full((1, 6), rating), np.full(6, 0.5), alike,
        per_person=contacts,
    )  # fmt: skip
    return calibrate(audiences, Duplication(1.1, np.array(within), np.ones(1)))


@pytest.mark.parametrize("within", [(1.1001, 1.1), (1.101, 1.11), (1.12, 1.3)])
def test_clusters_at_nodes_meet_no_fewer_than_a_plan_does(within):
    model, upper = like_one_another(0.42, within), np.full(6, 30.0)
    (nodes, levels), rng = people_of(model, upper), np.random.default_rng(5)
    for _ in range(8):
        plan = np.floor(rng.uniform(0, 31, 6) ** rng.choice([0.2, 1.0]))
        most = float(nodes.weight @ reached_often(nodes.rates(levels.of(plan))))
        met = float(nodes.people @ effective_shares(model, plan, 3))
        assert most + SPARE * nodes.people.sum() >= met


@pytest.mark.parametrize("contacts", [None, np.full(6, 1.5)])
@pytest.mark.parametrize("upper", [2.0, 40.0])
def test_whom_next_to_nobody_sees_has_no_nodes_and_no_trouble(upper, contacts):
    nodes, levels = people_of(like_one_another(1e-9, (1.2, 1.3), contacts), np.full(6, upper))
    assert not len(nodes.weight) or nodes.weight @ reached_often(nodes.rates(np.ones(len(levels)))) < 1e-3
