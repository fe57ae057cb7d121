"""Plans under every kind of rule against two simple rivals: greedy, and local search by exchanges of one.

The rivals are written here, plainly. They know the rules by the rules' own checks, and complete insertions to a plan
(packages, weeks) as cheaply as can be; nothing of our search. 8 to 15 vehicles, so that plans cannot be listed.
"""

import itertools

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from models.programme.plans.completion import cheapest_completion
from models.programme.plans.feasible import feasible_plan
from models.search.allocate import Settings, allocate

CAMPAIGNS = 40
ROUNDING = 1e-11  # relative: sums in another order
PRICES = ("fixed cost", "package", "discount by insertions", "discount by money")
RULES = (
    "smallest buy", "ratio of insertions", "ratio of grp", "ratio of money", "count", "count of groups",
    "limit in grp", "limit in money", "limit in insertions", "share of spend", "contact goal", "share of contacts",
    "frequency cap",
)  # fmt: skip
BY_WEEK = ("week limit in money", "week limit in grp", "availability", "price factor")
OBJECTIVES = ("influence", "influence", "reach", "impressions")


class Rivals:
    """Greedy and local search for one problem, over insertions (n_vehicles,)."""

    def __init__(self, problem):
        self.problem = problem
        self.known = {}

    def plan_of(self, insertions):
        """The cheapest plan with these insertions that keeps everything, None where none does."""
        key = tuple(insertions)
        if key not in self.known:
            self.known[key] = self._completed(insertions)
        return self.known[key]

    def _completed(self, insertions):
        columns = self.problem.columns
        if ((insertions < 0) | (insertions > self.problem.buyable)).any():
            return None
        if columns.weeks:
            plan = cheapest_completion(self.problem, insertions)
            return plan if plan is not None and not self.problem.broken(plan) else None
        choices = itertools.product((0.0, 1.0), repeat=columns.packages)
        plans = [np.concatenate([insertions, taken]) for taken in choices]
        kept = [plan for plan in plans if not self.problem.broken(plan)]
        return min(kept, key=self.problem.tariff.total, default=None)

    def value(self, insertions):
        plan = self.plan_of(insertions)
        return -np.inf if plan is None else self.problem.value(plan)

    def greedy(self, insertions):
        """One more insertion of the vehicle that adds most for the money it adds, while one helps and is allowed."""
        one = np.eye(len(insertions))
        while True:
            here, spent = self.value(insertions), self.problem.tariff.total(self.plan_of(insertions))
            best, rate = None, 0.0
            for more in insertions + one:
                plan = self.plan_of(more)
                if plan is None:
                    continue
                gain = self.problem.value(plan) - here
                money = max(self.problem.tariff.total(plan) - spent, 1e-6)  # a step may make it cheaper
                if gain > 1e-12 and gain / money > rate:
                    best, rate = more, gain / money
            if best is None:
                return insertions
            insertions = best

    def local_search(self, insertions):
        """One more, one less, or one for another: the first that helps, until none does."""
        one = np.eye(len(insertions))
        improved = True
        while improved:
            improved, here = False, self.value(insertions)
            exchanges = (one[:, None] - one[None, :]).reshape(-1, len(insertions))
            for change in (*one, *-one, *exchanges):
                if self.value(insertions + change) > here * (1 + 1e-12) + 1e-12:
                    insertions, improved = insertions + change, True
                    break
        return insertions


def families_of(seed):
    """One to three prices and one to three rules; every fifth campaign by the week."""
    rng = np.random.default_rng([555, seed])
    chosen = [*rng.choice(PRICES, rng.integers(1, 4), False), *rng.choice(RULES, rng.integers(1, 4), False)]
    if seed % 5 == 0:
        chosen = [*chosen[:3], *rng.choice(BY_WEEK, 2, False)]
    return tuple(str(family) for family in chosen)


@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_a_plan_is_never_worse_than_greedy_or_local_search(seed, tiny) -> None:
    vehicles = 8 if seed % 5 == 0 else 8 + seed % 8
    problem = tiny(5_000 + seed, families_of(seed), OBJECTIVES[seed % 4], vehicles=vehicles).problem
    try:
        found = allocate(problem, Settings())
    except InfeasiblePlan:
        assert feasible_plan(problem) is None or problem.floors
        return
    assert not problem.broken(found.decision)
    rivals = Rivals(problem)
    starts = [np.zeros(problem.n_vehicles)]
    anything = feasible_plan(problem)
    if anything is not None:
        starts.append(problem.columns.insertions(anything))
    for start in starts:
        if rivals.plan_of(start) is None:
            continue
        for rival in (rivals.greedy(start), rivals.local_search(rivals.greedy(start))):
            worth = rivals.value(rival)
            assert worth <= found.bound * (1 + 1e-7)
            assert worth <= found.value + ROUNDING * abs(worth), f"{(worth - found.value) / worth:.1e} less"
    ours = problem.columns.insertions(found.decision)
    improved = rivals.value(rivals.local_search(ours)) if rivals.plan_of(ours) is not None else found.value
    assert improved <= found.value + ROUNDING * abs(improved), "an exchange of one improves our plan"
