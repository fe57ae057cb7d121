"""Frontiers, ladders and least changes of tiny campaigns against every plan there is."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.after.least_change import nearest_plan, with_few_changes
from models.errors import InfeasiblePlan
from models.many.ladder import between, dropped, nested_plans, order_of_drops
from models.many.trade_off import TradeOff, efficient
from models.rules.budget import Budget
from models.search.allocate import Settings, allocate

LADDERS = {}  # made once for all tests of a class
GAP = 1e-7  # of the searches here: what two worths may differ by

FAMILIES = [(), ("limit in insertions",), ("smallest buy", "fixed cost"), ("count",)]


NEXT = 1e-6  # of a floor, which solvers do not tell apart


def ask(problem, starts):
    return allocate(problem, Settings(gap=GAP, seconds=20), starts)


def loosely(problem, starts):
    return allocate(problem, Settings(gap=0.3, thorough=False, sharpen=False), starts)


def at_budget(problem, amount):
    rules = tuple(replace(r, amount=amount) if isinstance(r, Budget) else r for r in problem.rules)
    return replace(problem, rules=rules)


def budget_of(problem):
    return problem.budgets[0].amount


def points(trade, most=np.inf):
    """One after the other, from the best of the second audience to the best of the first: every one, or about `most`,
    evenly apart."""
    found, end = trade.ends()
    step = (end.first - found.first) / max(most - 1, 1)
    yield found
    while found.first < end.first * (1 - NEXT):
        least = min(max(found.first * (1 + NEXT), found.least + step), end.first)
        found = trade.point(least, [found.plan, end.plan])
        yield found


def every(problem):
    """Every plan that keeps everything."""
    most = int(problem.system.upper[: problem.n_vehicles].max())
    plans = (np.array(x, float) for x in product(range(most + 1), repeat=problem.n_vehicles))
    return [plan for plan in plans if not problem.broken(plan)]


@pytest.mark.parametrize("families", FAMILIES)
@pytest.mark.parametrize("seed", range(1))
class TestTradeOff:
    def two(self, problem):
        people = problem.model.population
        first = people * (np.arange(len(people)) % 2 == 0)
        return first, people - first

    def test_no_plan_reaches_more_of_an_audience_than_the_bound_at_its_end(self, tiny, seed, families):
        """Also where ends are made to a gap of 30 % only, and plans found are not the best."""
        for drawn in range(seed, seed + 12):
            problem = tiny(drawn, families).problem
            plans = every(problem)
            if not plans:
                continue
            trade = TradeOff(problem, *self.two(problem), loosely)
            least, last = trade.ends()
            assert max(trade.reached(trade.first, plan) for plan in plans) <= last.most_first * (1 + GAP)
            assert max(trade.reached(trade.second, plan) for plan in plans) <= least.most_second * (1 + GAP)

    def test_finds_every_plan_of_which_nothing_is_won_without_a_loss(self, tiny, seed, families):
        problem = tiny(seed, families).problem
        first, second = self.two(problem)
        plans = every(problem)
        if not plans:
            pytest.skip("no plan keeps the rules")
        reach = problem.model.reach_shares
        both = {(round(float(first @ reach(x)), 9), round(float(second @ reach(x)), 9)) for x in plans}
        best = sorted(p for p in both if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in both))
        trade = TradeOff(problem, first, second, ask)
        found = efficient(list(points(trade)))
        # a millionth: to which solvers keep a floor
        assert [p.first for p in found] == pytest.approx([p[0] for p in best], rel=1e-6)
        assert [p.second for p in found] == pytest.approx([p[1] for p in best], rel=1e-6)

    def test_no_plan_lies_beyond_a_point_s_bounds(self, tiny, seed, families):
        problem = tiny(seed, families).problem
        first, second = self.two(problem)
        plans = every(problem)
        if not plans:
            pytest.skip("no plan keeps the rules")
        reach = [problem.model.reach_shares(x) for x in plans]
        for point in points(TradeOff(problem, first, second, ask), 4):
            some = [float(second @ r) for r in reach if first @ r >= point.least]
            assert max(some) <= point.most_second * (1 + 1e-9)
            some = [float(first @ r) for r in reach if second @ r >= point.second]
            assert max(some) <= point.most_first * (1 + 1e-9)


@pytest.mark.parametrize("families", FAMILIES)
@pytest.mark.parametrize("seed", range(3))
class TestLeastChange:
    def test_is_the_nearest_of_all_plans_that_are_worth_enough(self, tiny, seed, families):
        problem = tiny(seed, families).problem
        try:
            before = ask(problem, []).insertions
            changed = at_budget(problem, 0.7 * budget_of(problem))
            best = ask(changed, [])
        except InfeasiblePlan:
            pytest.skip("no plan keeps the rules")
        least = 0.97 * best.value
        good = [x for x in every(changed) if changed.value(x) >= least]
        nearest = min(float(np.abs(x - before).sum()) for x in good)
        found = nearest_plan(changed, before, least, [best.decision], 20)
        assert found.changes == nearest
        assert found.certified
        assert changed.value(found.plan) >= least
        assert not changed.broken(found.plan)

    def test_a_plan_that_is_good_enough_already_is_not_changed(self, tiny, seed, families):
        problem = tiny(seed, families).problem
        try:
            best = ask(problem, [])
        except InfeasiblePlan:
            pytest.skip("no plan keeps the rules")
        found = nearest_plan(problem, best.insertions, 0.99 * best.value, [best.decision], 20)
        assert (found.changes, found.fewest) == (0, 0)

    def test_the_rule_on_changes_holds_exactly_where_its_rows_do(self, tiny, seed, families):
        problem = tiny(seed, families).problem
        n, rng = problem.n_vehicles, np.random.default_rng(seed)
        before = rng.integers(0, 4, n).astype(float)
        rule = with_few_changes(problem, before, 3.0).rules[-1]
        for x in rng.integers(0, 4, (40, n)).astype(float):
            columns = np.zeros(rule.first + n)
            columns[:n] = x
            for row in rule.rows()[:-1]:
                columns[row.columns[0]] = max(row.right - columns[row.columns[1]], 0.0)
            last = rule.rows()[-1]
            kept = columns[last.columns] @ last.coefficients <= last.right
            assert kept == rule.holds(problem.outcome(x)) == (np.abs(x - before).sum() <= 3)


@pytest.mark.parametrize("families", [FAMILIES[1], FAMILIES[2]])
@pytest.mark.parametrize("seed", range(2))
class TestLadder:
    def ladder(self, tiny, seed, families):
        if (seed, families) not in LADDERS:
            LADDERS[seed, families] = self.made(tiny(seed, families).problem)
        return LADDERS[seed, families]

    def made(self, problem):
        problems = [at_budget(problem, share * budget_of(problem)) for share in (1.0, 0.8, 0.6, 0.4)]
        try:
            anew = [ask(each, []) for each in problems]
        except InfeasiblePlan:
            pytest.skip("no plan keeps the rules")
        found = nested_plans(problems, anew[0].decision, [each.value for each in anew], ask)
        return problems, anew, found

    def test_every_step_lies_within_the_one_above_and_keeps_its_rules(self, tiny, seed, families):
        problems, _, found = self.ladder(tiny, seed, families)
        above = found[0]
        for problem, plan in zip(problems[1:], found[1:], strict=True):
            if plan is not None:
                assert (plan <= above).all()
                assert not problem.broken(plan)
                above = plan

    def test_no_step_is_worth_more_than_its_budget_s_best_plan(self, tiny, seed, families):
        problems, anew, found = self.ladder(tiny, seed, families)
        for problem, best, plan in zip(problems, anew, found, strict=True):
            assert plan is None or problem.value(plan) <= best.bound * (1 + 1e-9)

    def test_it_is_no_worse_than_dropping_from_the_top_one_step_at_a_time(self, tiny, seed, families):
        problems, anew, found = self.ladder(tiny, seed, families)
        above, stepwise, ladder = anew[0].decision, 0.0, 0.0
        for problem, best, plan in zip(problems[1:], anew[1:], found[1:], strict=True):
            try:
                above = ask(between(problem, above), []).decision
            except InfeasiblePlan:
                continue
            stepwise += problem.value(above) / best.value
            ladder += problem.value(plan) / best.value if plan is not None else 0.0
        assert ladder >= stepwise - 1e-6

    def test_no_step_is_asked_twice_between_the_same_two(self, tiny, seed, families):
        problems, anew, _ = self.ladder(tiny, seed, families)
        asked = []

        def noted(problem, starts):
            asked.append((problem.buyable.tolist(), str(problem.rules)))
            return ask(problem, starts)

        nested_plans(problems, anew[0].decision, [each.value for each in anew], noted)
        assert all(asked.count(question) == 1 for question in asked)

    def test_drops_lead_from_one_plan_to_the_other_the_cheapest_loss_first(self, tiny, seed, families):
        problems, anew, _ = self.ladder(tiny, seed, families)
        problem, top = problems[-1], anew[0].decision
        cut, drops = dropped(problem, top)
        assert problem.tariff.total(cut) <= budget_of(problem) * (1 + 1e-9)
        counted = top.copy()
        for drop in order_of_drops(problem, top, cut):
            rates = []
            for j in np.flatnonzero(counted > cut):
                less = counted - (np.arange(len(top)) == j)
                saved = problem.tariff.total(counted) - problem.tariff.total(less)
                rates.append((problem.value(counted) - problem.value(less)) / saved)
            assert drop.lost / drop.saved == pytest.approx(min(rates))
            counted[drop.vehicle] -= drop.insertions
        assert (counted == cut).all()
        assert sum(drop.insertions for drop in drops) == top.sum() - cut.sum()

    def test_of_thousands_a_hundredth_is_dropped_at_once_and_no_more_than_the_budget_asks(
        self, tiny, seed, families
    ):
        problem = tiny(seed, ()).problem  # fixed costs and counts say nothing more of it
        above = np.array([2_000.0, *[2.0] * (problem.n_vehicles - 1)])
        drops = order_of_drops(problem, above, np.zeros_like(above))
        assert {drop.insertions for drop in drops if drop.vehicle == 0} == {20.0}
        assert {drop.insertions for drop in drops if drop.vehicle != 0} == {1.0}
        assert sum(drop.lost for drop in drops) == pytest.approx(problem.value(above))
        asked = at_budget(problem, problem.tariff.total(above) - 5.5 * problem.cost[0])
        cut, _ = dropped(asked, above)
        assert budget_of(asked) - problem.cost.max() < problem.tariff.total(cut) <= budget_of(asked)
