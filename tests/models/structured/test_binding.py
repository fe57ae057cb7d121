"""Which rules bind, against every plan one change away, listed here from the definition."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.after import binding
from models.errors import InfeasiblePlan
from models.purchase.columns import Columns
from models.purchase.tariff import Steps, Tariff
from models.rules.budget import Budget
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.package_offer import PackageOffer
from models.rules.volume_discount import VolumeDiscount
from models.search.allocate import Settings, allocate
from tests.models.conflict.conflicts import limit, problem_of
from tests.models.structured.arithmetic import every_plan

RULES = (
    "smallest buy", "ratio of insertions", "ratio of grp", "ratio of money", "count", "count of groups",
    "limit in grp", "limit in money", "limit in insertions", "share of spend", "contact goal", "share of contacts",
    "frequency cap",
    "reach floor", "fixed cost", "discount by insertions",
)  # fmt: skip
CAMPAIGNS = 40
PRICES = (FixedCost, PackageOffer, VolumeDiscount)


def drawn(tiny, seed):
    """A campaign of three to five kinds of rule and its best plan, None where it has none."""
    rng = np.random.default_rng(seed)
    families = tuple(str(family) for family in rng.choice(RULES, int(rng.integers(3, 6)), replace=False))
    problem = tiny(seed, families, "reach").problem
    try:
        return problem, allocate(problem, Settings(gap=1e-9)).decision
    except InfeasiblePlan:
        return None


def one_change_away(problem, plan):
    """Plans (plan_size,) with one insertion more, one fewer, or one in another's place."""
    n = problem.n_vehicles
    for out, into in itertools.product((None, *range(n)), repeat=2):
        after = plan.copy()
        if out is not None:
            after[out] -= 1
        if into is not None:
            after[into] += 1
        if out != into and (into is None or problem.cost[into] > 0):
            yield after


def better(problem, plan):
    """Plans one change away that keep everything and are worth more."""
    worth = problem.value(plan) * (1 + 1e-8)
    around = (after for after in one_change_away(problem, plan) if problem.value(after) > worth)
    return [after for after in around if not problem.broken(after)]


def without(problem, rule_id):
    return replace(
        problem,
        rules=tuple(rule for rule in problem.rules if rule.id != rule_id),
        floors=tuple(floor for floor in problem.floors if floor.id != rule_id),
    )


@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_a_rule_that_does_not_bind_can_go_without_a_better_plan_one_change_away(tiny, seed):
    made = drawn(tiny, seed)
    if made is None:
        return
    problem, plan = made
    binds = binding.binding_rules(problem, plan)
    assert better(problem, plan) == []
    for rule in (*problem.rules, *problem.floors):
        if rule.id not in binds and not isinstance(rule, PRICES):
            assert better(without(problem, rule.id), plan) == [], rule.id


@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_a_rule_that_binds_forbids_a_better_plan_one_change_away(tiny, seed):
    made = drawn(tiny, seed)
    if made is None:
        return
    problem, plan = made
    wanted = [a for a in one_change_away(problem, plan) if problem.value(a) > problem.value(plan)]
    forbidden = {rule_id for after in wanted for rule_id in problem.broken(after)}
    assert binding.binding_rules(problem, plan) <= forbidden


@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_of_many_changes_the_likely_ones_show_what_all_of_them_do(tiny, seed, monkeypatch):
    """Nothing is said to bind that does not; what binds alone is found, where loads are exact: without discounts."""
    made = drawn(tiny, seed)
    if made is None:
        return
    problem, plan = made
    everything = binding.binding_rules(problem, plan)
    alone = {
        found[0]
        for after in one_change_away(problem, plan)
        if problem.value(after) > problem.value(plan) * (1 + 1e-8)
        and len(found := problem.broken(after)) == 1
    }
    monkeypatch.setattr(binding, "_FEW", 0)
    likely = binding.binding_rules(problem, plan)
    assert likely <= everything
    prices = {rule.id for rule in problem.rules if isinstance(rule, PRICES)}
    if not problem.tariff.discounts and not any("count" in rule for rule in alone):
        assert alone - prices - {""} <= likely


def test_of_many_changes_one_beyond_the_whole_budget_hides_no_rule(monkeypatch):
    """The third, at 700 of 620, gains more than the second, at 250; only the second is forbidden by the pair alone."""
    tariff, pair = Tariff(np.array([100.0, 250.0, 700.0])), np.array([1, 2])
    at_most = GroupLimit("pair", "pair", pair, "insertions", "<=", 1.0, tariff)
    rules = (Budget("budget", tariff, 620.0), limit(0, "<=", 1.0), at_most)
    problem, plan = replace(problem_of(()), tariff=tariff, rules=rules), np.array([1.0, 1.0, 0.0])
    assert binding.binding_rules(problem, plan) == {rule.id for rule in rules}
    monkeypatch.setattr(binding, "_FEW", 0)
    assert binding.binding_rules(problem, plan) == {rule.id for rule in rules}


@pytest.mark.parametrize("few", [0, 1_500])
def test_a_budget_that_has_room_for_something_wanted_does_not_bind(few, monkeypatch):
    """Of 620, 100 are spent: the second costs 250 and can be bought. The third, at 700, cannot."""
    monkeypatch.setattr(binding, "_FEW", few)
    tariff = Tariff(np.array([100.0, 250.0, 700.0]))
    rules = (Budget("budget", tariff, 620.0), limit(0, "<=", 1.0))
    problem, plan = replace(problem_of(()), tariff=tariff, rules=rules), np.array([1.0, 0.0, 0.0])
    assert binding.binding_rules(problem, plan) == {rules[1].id}
    held = replace(problem, rules=(*rules, limit(1, "<=", 0.0)))
    assert "budget" in binding.binding_rules(held, plan)


def test_a_budget_that_pays_for_what_a_discount_makes_cheap_does_not_bind():
    """100 of 110 are spent on one insertion of the first. At 250 the second is too dear, but two of the first cost 100
    together, at half price."""
    cost, columns = np.array([100.0, 250.0, 700.0]), Columns(3)
    half = Steps("half", np.array([0]), "insertions", np.array([2.0]), np.array([0.5]), columns.private_from)
    tariff, most = Tariff(cost, columns, None, (), np.zeros(3), (half,)), np.full(3, 4.0)
    rules = (Budget("budget", tariff, 110.0), VolumeDiscount("discount", 0, tariff, most))
    problem, plan = replace(problem_of(()), tariff=tariff, rules=rules), np.array([1.0, 0.0, 0.0])
    assert "budget" not in binding.binding_rules(problem, plan)
    assert "budget" in binding.binding_rules(problem, 2.0 * plan)


@pytest.mark.parametrize("first", [0.5, 1.0])
def test_nor_does_one_that_pays_for_a_cheap_week(first):
    """Of 170, 100 are spent; one more costs 50 in the first week at half price, or 100 at the full one."""
    tariff = Tariff(np.array([100.0, 250.0, 700.0]), Columns(3, 2), np.array([[first, 1.0]] * 3))
    case = replace(problem_of(()), tariff=tariff, rules=(Budget("budget", tariff, 170.0),))
    plan = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    assert ("budget" in binding.binding_rules(case, plan)) == (first == 1.0)


@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_where_a_budget_binds_an_edited_plan_no_purchase_is_free(tiny, enumerated, seed):
    """With discounts, weeks at prices of their own and packages; plans that keep everything, good or not."""
    rng = np.random.default_rng([31, seed])
    families = rng.choice(
        ["discount by money", "discount by insertions", "price factor", "package"], 2, False
    )
    case = tiny(80_000 + seed, tuple(map(str, families)), "reach")
    columns, listed = case.problem.columns, enumerated(case)
    plans = [np.concatenate([x, w.ravel(), np.array(z, float)]) for x, w, z in every_plan(case.raw)]
    worth = {tuple(plans[i]): listed.worth[i] for i, broken in enumerate(listed.broken) if not broken}
    ways = [(j, columns.week(j, t)) for j in range(columns.vehicles) for t in range(columns.weeks)]
    for plan in rng.permutation(list(worth))[:8]:
        if "budget" in binding.binding_rules(case.problem, plan):
            for way in ways or [(j,) for j in range(columns.vehicles)]:
                more = plan.copy()
                more[list(way)] += 1
                assert worth.get(tuple(more), 0.0) <= worth[tuple(plan)] * (1 + 1e-7), (plan, way)
