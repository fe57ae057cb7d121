"""Counts of what is bought, smallest buys and fixed costs: searched by moves, against all plans and plain rivals.

The rivals are written here: greedy that buys a smallest buy at once, and exchanges of one insertion, or of a whole
vehicle, for another. They know the rules by the rules' own checks alone.
"""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from models.problem.goals import EffectiveFloor
from models.problem.response import Response
from models.programme.plans.feasible import feasible_plan
from models.reach.contacts import effective_shares
from models.search.allocate import Settings, allocate
from models.search.reach_moves import Search

ROUNDING = 1e-11  # relative: sums in another order
GAP = 1e-4
FAMILIES = ("smallest buy", "count", "count of groups", "fixed cost")
BESIDES = (
    "limit in money",
    "limit in insertions",
    "limit in grp",
    "ratio of money",
    "share of spend",
    "reach floor",
)
OBJECTIVES = ("influence", "reach", "impressions", "word of mouth")


def drawn(seed):
    """Two or three families of what is bought, and one rule besides in every other campaign."""
    rng = np.random.default_rng([777, seed])
    chosen = [*rng.choice(FAMILIES, rng.integers(2, 4), False), *rng.choice(BESIDES, seed % 2, False)]
    return tuple(str(family) for family in chosen)


def every(problem):
    """(n_plans, n_vehicles) all insertions up to what can be had."""
    return np.array(
        list(itertools.product(*(range(int(most) + 1) for most in problem.buyable))), dtype=np.int64
    )


# --- rows over insertions ---


@pytest.mark.parametrize("seed", range(12))
def test_rows_say_of_every_plan_what_the_rules_say(seed, tiny):
    problem = tiny(seed, tuple(family for family in drawn(seed) if family != "reach floor")).problem
    rows = problem.system.insertion_rows
    plans = every(problem)
    said = [rows.feasible(plan) for plan in plans]
    # Bounds leave out what no plan within the rules can buy.
    assert said == [not problem.broken(plan.astype(float)) for plan in plans]
    assert any(said) or feasible_plan(problem) is None


@pytest.mark.parametrize("seed", range(12))
def test_moves_change_the_rows_as_the_plan_after_them_has_it(seed, tiny):
    rng = np.random.default_rng(seed)
    problem = tiny(seed, (*drawn(seed)[:2], "count of groups", "fixed cost")).problem
    rows, most = problem.system.insertion_rows, problem.buyable.astype(np.int64)
    assert rows.counts_once
    one = np.eye(problem.n_vehicles, dtype=np.int64)
    for _ in range(20):
        plan = rng.integers(0, most + 1)
        activity = rows.activity(plan)
        vehicles, steps = np.nonzero((plan[:, None] + np.arange(-3, 4) >= 0) & (np.arange(-3, 4) != 0))
        steps = steps - 3
        after = rows.after(plan, activity, vehicles, steps)
        moved = plan[:, None] + (one[vehicles] * steps[:, None]).T
        assert after == pytest.approx(rows.activity(moved), abs=1e-12)
        out, into = (each.ravel() for each in np.meshgrid(np.flatnonzero(plan), np.arange(len(plan))))
        out, into = out[out != into], into[out != into]
        size = rng.integers(1, plan[out] + 1)
        exchanged = rows.after_exchange(plan, activity, (out, size), (into, np.ones_like(into)))
        moved = plan[:, None] - (one[out] * size[:, None]).T + one[into].T
        assert exchanged == pytest.approx(rows.activity(moved), abs=1e-12)


# --- moves ---


@pytest.fixture
def search(tiny):
    def make(seed, families, **how):
        problem = tiny(seed, families, **how).problem
        counted = np.ones(len(problem.model.population), dtype=bool)
        return Search(problem, Response(problem.model, problem.system.upper[: problem.n_vehicles], counted))

    return make


@pytest.mark.parametrize("seed", range(6))
def test_greedy_is_not_stuck_at_a_smallest_buy(seed, search):
    """With a smallest buy of two on the only vehicle there is, it buys two at once."""
    made = search(seed, ("smallest buy",))
    held = int(np.flatnonzero(made.within.smallest == 2)[0])
    made.within.upper[np.arange(len(made.within.upper)) != held] = 0
    made.within.upper[held] = 2
    made.within.prices.amount = np.inf
    assert made.greedy(made.within.lower)[held] == 2


@pytest.mark.parametrize("seed", range(20))
def test_local_search_exchanges_whole_vehicles_where_a_count_is_full(seed, search):
    """No exchange of all of one vehicle for another, with the money left spent greedily, improves its plan."""
    made = search(600 + seed, ("count", "limit in insertions"), vehicles=6)
    problem = made.problem
    start = feasible_plan(problem)
    if start is None:
        pytest.skip("no plan keeps these rules")
    plan = made.improve(start.astype(np.int64)).astype(float)
    assert not problem.broken(plan)
    value = problem.value(plan)
    for out, into in itertools.permutations(range(len(plan)), 2):
        other = plan.copy()
        other[into] += other[out]
        other[out] = 0
        for less in range(int(other[into]) - int(plan[into])):
            trial = other.copy()
            trial[into] -= less
            if (trial <= problem.buyable).all() and not problem.broken(trial):
                filled = made.greedy(trial.astype(np.int64)).astype(float)
                assert problem.value(filled) <= value * (1 + 1e-9)


# --- whole plans ---


@pytest.mark.parametrize("seed", range(24))
def test_the_plan_is_the_best_of_all(seed, tiny, enumerated):
    case = tiny(6_000 + seed, drawn(seed), OBJECTIVES[seed % 4])
    assert case.problem.insertions_only
    best = enumerated(case)
    try:
        found = allocate(case.problem, Settings(gap=GAP))
    except InfeasiblePlan:
        assert best.plan is None
        return
    assert best.best * (1 - GAP) - 1e-9 <= found.value <= best.best * (1 + 1e-9)
    assert found.bound >= best.best * (1 - 1e-7)


class Rivals:
    """Greedy and exchanges of one, over insertions (n_vehicles,)."""

    def __init__(self, problem):
        self.problem = problem
        rules = [rule for rule in problem.rules if hasattr(rule, "vehicle") and hasattr(rule, "insertions")]
        self.smallest = np.ones(problem.n_vehicles)
        for rule in rules:
            self.smallest[rule.vehicle] = rule.amount

    def value(self, plan):
        allowed = (plan >= 0).all() and (plan <= self.problem.buyable).all()
        return self.problem.value(plan) if allowed and not self.problem.broken(plan) else -np.inf

    def more(self, plan):
        return [np.where(plan > 0, 1.0, self.smallest)[j] * one for j, one in enumerate(np.eye(len(plan)))]

    def less(self, plan):
        for j, one in enumerate(np.eye(len(plan))):
            yield from (size * one for size in {1.0, float(plan[j])} if 0 < size <= plan[j])

    def greedy(self, plan):
        while True:
            here, total = self.value(plan), self.problem.tariff.total
            gains = [
                ((self.value(plan + more) - here) / (total(plan + more) - total(plan)), tuple(plan + more))
                for more in self.more(plan)
                if self.value(plan + more) > here + 1e-12
            ]
            if not gains:
                return plan
            plan = np.array(max(gains)[1])

    def exchanged(self, plan):
        improved = True
        while improved:
            improved, here = False, self.value(plan)
            singles = [plan + more for more in self.more(plan)]
            pairs = [plan - less + more for less in self.less(plan) for more in self.more(plan)]
            for other in (*singles, *pairs):
                if self.value(other) > here * (1 + 1e-12) + 1e-12:
                    plan, improved = other, True
                    break
        return plan


@pytest.mark.parametrize("seed", range(24))
def test_a_plan_is_never_worse_than_greedy_or_exchanges(seed, tiny):
    problem = tiny(7_000 + seed, drawn(100 + seed), OBJECTIVES[seed % 4], vehicles=8 + seed % 7).problem
    assert problem.insertions_only
    try:
        found = allocate(problem, Settings())
    except InfeasiblePlan:
        assert feasible_plan(problem) is None or problem.floors
        return
    assert not problem.broken(found.insertions)
    rivals, anything = Rivals(problem), feasible_plan(problem)
    for start in (np.zeros(problem.n_vehicles), anything, found.insertions):
        if start is None or not np.isfinite(rivals.value(start)):
            continue
        for rival in (rivals.greedy(start), rivals.exchanged(rivals.greedy(start))):
            worth = rivals.value(rival)
            assert worth <= found.bound * (1 + 1e-7)
            assert worth <= found.value + ROUNDING * worth, f"{(worth - found.value) / worth:.1e} less"


# --- least money under goals on n+ reach ---


def with_goal(problem, share, times=2):
    """A goal: so large a share of the people that everything on offer meets so often."""
    people = problem.model.population * 1.0
    most = float(people @ effective_shares(problem.model, problem.buyable, times))
    return replace(problem, effective=(EffectiveFloor("goal", people, times, share * most),))


@pytest.mark.parametrize("seed", range(8))
def test_the_least_money_under_a_goal_is_the_least_of_all_plans(seed, tiny):
    families = ("smallest buy", ("count", "fixed cost")[seed % 2])
    problem = with_goal(tiny(seed, families, "minimum cost").problem, (0.3, 0.5)[seed // 4])
    assert problem.insertions_only
    plans = [plan for plan in every(problem).astype(float) if not problem.broken(plan)]
    if not plans:
        with pytest.raises(InfeasiblePlan):
            allocate(problem, Settings())
        return
    found = allocate(problem, Settings())
    assert not problem.broken(found.insertions)
    assert -found.value == pytest.approx(min(problem.tariff.total(plan) for plan in plans), rel=1e-9)


def test_moves_from_a_plan_of_packages_end_in_plans_that_keep_the_rules(tiny):
    """Insertions taken out one by one may break what only a completed plan shows; the program ended with a fault."""
    problem = with_goal(tiny(11, ("package", "limit in grp"), "minimum cost").problem, 0.6)
    found = allocate(problem, Settings())
    assert not problem.broken(found.decision)
