"""The bound that knows how often people are met, beside every plan of tiny campaigns, units, contacts and parts too."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.problem.goals import Effective, EffectiveFloor
from models.problem.objectives import Objective, cost_objective
from models.programme.often.rows import Often
from models.reach.contacts import effective_shares
from models.rules.budget import Budget
from models.search import often_bound
from models.search.allocate import Settings, allocate
from models.search.often_bound import closer_bound
from models.search.work import Work

CERTAIN = 1e-9  # relative: rounding


def tiny(make_problem, units, seed):
    """A campaign of 3 or 4 vehicles (with units: and 5), all of its plans and whom each meets; parts: insertions may be
    quarters."""
    kind, parts, times = seed % 3, seed % 4 == 3, (2, 3, 4, 6)[seed // 2 % 4]
    many = 3 if parts else 4 + seed % 2
    problem = make_problem(
        seed, many, 3, "reach", 3 if parts else 4, ("budget",), (0.3, 0.6)[seed % 2]
    ).problem
    if kind:
        model = units(problem.model, np.random.default_rng(seed), contacts=kind == 2)
        problem = replace(problem, model=model)
    step = 0.25 if parts else 1.0
    numbers = [np.arange(0, upper + step / 2, step) for upper in problem.buyable]
    plans = np.array(list(product(*numbers)))
    plans = plans[plans @ problem.cost <= problem.rules[0].limit]
    rng = np.random.default_rng(seed)
    plans = plans[rng.permutation(len(plans))[:120]]
    problem = replace(problem, whole=not parts)
    people = problem.model.population * rng.choice([0.0, 1.0, 2.0], 3, p=[0.2, 0.6, 0.2])
    people = people if people.any() else problem.model.population
    met = np.array([people @ effective_shares(problem.model, plan, times) for plan in plans])
    return problem, plans, people, times, met


def bounded(problem, plan):
    """The bound that follows from a plan."""
    work = Work(problem, Settings(seconds=120), [plan], None, allocate)
    work.bound = work.relaxation.relax(1e-4).bound
    before = work.bound
    closer_bound(work)
    return work.bound, before


@pytest.mark.parametrize("listed", [0, 20, 100_000])  # schedules at once: planes alone, too, bound all plans
@pytest.mark.parametrize("seed", range(24))
def test_no_plan_is_worth_more_than_the_bound(make_problem, make_units, monkeypatch, seed, listed):
    monkeypatch.setattr(often_bound, "_LISTED", listed)
    problem, plans, people, times, met = tiny(make_problem, make_units, seed)
    zero = np.zeros(problem.n_vehicles)
    objective = Objective("effective reach", "", 0 * people, zero, effective=Effective(people, times))
    known = plans[np.argsort(met)[-1 - seed % 2 * len(met) // 3]]  # the best, or another: the bound is of all
    bound, before = bounded(replace(problem, objective=objective), known)
    assert bound >= met.max() * (1 - CERTAIN)
    assert bound <= before


def test_the_plan_that_buys_all_on_offer_is_proven(make_problem):
    problem = make_problem(3, 4, 3, "reach", 3, ("budget",), 9.0).problem
    zero, people = np.zeros(4), problem.model.population
    objective = Objective("effective reach", "", 0 * people, zero, effective=Effective(people, 3))
    work = Work(replace(problem, objective=objective), Settings(), [problem.buyable], None, allocate)
    assert work.best is not None
    often_bound._all_on_offer(work)
    assert work.closed()


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_that_meets_a_goal_costs_less_than_the_bound(make_problem, make_units, seed):
    problem, plans, people, times, met = tiny(make_problem, make_units, 100 + seed)
    goal = EffectiveFloor("goal", people, times, (0.4, 0.7, 1.0)[seed % 3] * met.max())
    if goal.least <= 0:
        pytest.skip("nobody is met so often")
    meets = plans[met >= goal.least]
    cost = meets @ problem.cost
    rules = tuple(rule for rule in problem.rules if not isinstance(rule, Budget))
    cheapest = replace(
        problem, objective=cost_objective(len(people), problem.n_vehicles), rules=rules, effective=(goal,)
    )
    bound, before = bounded(cheapest, meets[np.argsort(cost)[seed % 2 * len(cost) // 3]])
    assert -bound <= cost.min() * (1 + CERTAIN)
    assert bound <= before
    if (
        seed % 2 == 0 and cheapest.whole and goal.least > 1
    ):  # from the cheapest: all that can be cheaper were looked at
        assert bound == pytest.approx(-cost.min(), rel=1e-9)


class InVain(Often):
    """Planes that say nothing, until there are no plans worth more than what was asked last."""

    def __init__(self, *about):
        super().__init__(*about)
        self.aims = []
        asked.append(self)

    def cut(self, bought, above):
        self.aims.append(above)
        return len(self.aims) < 4


asked: list[InVain] = []


def test_planes_that_gain_nothing_do_not_end_it(make_problem, make_units, monkeypatch):
    problem, plans, people, times, met = tiny(make_problem, make_units, 0)
    zero = np.zeros(problem.n_vehicles)
    objective = Objective("effective reach", "", 0 * people, zero, effective=Effective(people, times))
    monkeypatch.setattr(often_bound, "Often", InVain)
    monkeypatch.setattr(often_bound, "_PARTS", ())
    monkeypatch.setattr(often_bound, "_all_on_offer", lambda work: None)
    bound, before = bounded(replace(problem, objective=objective), plans[np.argmax(met)])
    *aims, last = asked[0].aims  # lower ones follow, whose planes say nothing, too
    assert bound == last
    assert aims == [pytest.approx(before - (before - met.max()) / 2**halved) for halved in range(3)]
