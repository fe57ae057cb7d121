"""Every price from one on, and every price between two, against each plan at each price where a rule turns."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from models.after.price_range import at_any_price_from, at_both, kept_towards, linear_in_price
from models.programme.relaxation import keeps_everything
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.rules.budget import Budget
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.ratio import Ratio

COST = np.array([40.0, 55.0, 70.0])
PLANS = [np.array(plan, dtype=float) for plan in product(range(3), repeat=3)]
FIXED = np.array([0.0, 30.0, 0.0])
ROUNDING = 1e-9  # of a sum of money


def limits(rng):
    """Three limits on money as plain numbers: sum of weight * spend >= right, or at most it where `sign` is -1."""
    drawn = []
    for kind in rng.choice(["money", "share", "budget", "ratio"], 3, replace=False):
        inside = (rng.permutation(3) < rng.integers(1, 3)).astype(float)
        amount = {"money": rng.uniform(60, 160), "share": rng.uniform(0.2, 0.7), "budget": rng.uniform(0.2, 0.5),
                  "ratio": rng.uniform(0.4, 1.6)}[kind]  # fmt: skip
        drawn.append((str(kind), inside, float(amount), int(rng.choice([-1, 1]))))
    return drawn


def left_of(kind, inside, amount, sign, spend):
    """What a plan's money (n_vehicles,) leaves of such a limit."""
    asked = {"money": amount, "share": amount * spend.sum(), "budget": amount * 300.0,
             "ratio": amount * ((1 - inside) @ spend)}[kind]  # fmt: skip
    return sign * (inside @ spend - asked)


def spend_at(plan, price):
    return np.array([price, *COST[1:]]) * plan + FIXED * (plan > 0)


def kept(drawn, plan, price):
    """By plain arithmetic: whether a plan keeps all at a price of the first vehicle."""
    spend = spend_at(plan, price)
    left = [300.0 - spend.sum(), *(left_of(*limit, spend) for limit in drawn)]
    return min(left) >= -ROUNDING * 300.0


def turning(drawn, plan, price):
    """Prices from one on where a limit turns: what is left of each is linear in the price."""
    found = [price]
    for limit in drawn:
        now, then = (left_of(*limit, spend_at(plan, each)) for each in (price, 2 * price))
        if now * (then - now) < 0:
            found.append(price + price * now / (now - then))
    return found


def problem_at(problem, drawn, price):
    tariff = Tariff(np.array([price, *COST[1:]]), fixed=FIXED)
    rules = [Budget("budget", tariff, 300.0), FixedCost("fixed", 1, "b", 30.0, tariff.columns)]
    for number, (kind, inside, amount, sign) in enumerate(drawn):
        name, side, members = f"{kind} {number}", ">=" if sign > 0 else "<=", np.flatnonzero(inside)
        others = np.flatnonzero(1 - inside)
        rules.append(
            Ratio(name, "a", members, "b", others, "money", side, amount, tariff, np.ones(3)) if kind == "ratio"
            else GroupLimit(name, "a", members, kind, side, amount, tariff, budget=300.0)
        )  # fmt: skip
    return replace(problem, tariff=tariff, rules=tuple(rules), floors=(), buyable=np.full(3, 2.0))


@pytest.fixture(scope="module")
def people(make_problem):
    return make_problem(5, 3, 3).problem


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_is_kept_at_some_price_from_one_on_exactly_where_the_joined_rows_keep_it(people, seed):
    rng = np.random.default_rng([99, seed])
    drawn, price = limits(rng), float(rng.uniform(20.0, 90.0))
    joined = at_any_price_from(*(problem_at(people, drawn, each) for each in (price, 2 * price)))
    for plan in PLANS:
        if plan[0] > 0:
            somewhere = any(kept(drawn, plan, each) for each in turning(drawn, plan, price))
            assert keeps_everything(joined, plan) == somewhere, (drawn, plan, price)


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_keeps_on_from_one_price_towards_another_until_a_limit_turns(people, seed):
    rng = np.random.default_rng([98, seed])
    drawn, price = limits(rng), float(rng.uniform(40.0, 90.0))
    lower = price / 4
    here, there = (problem_at(people, drawn, each) for each in (price, lower))
    both = at_both(here, there)
    for plan in PLANS:
        assert keeps_everything(both, plan) == (kept(drawn, plan, price) and kept(drawn, plan, lower))
        if not kept(drawn, plan, price):
            continue
        share = kept_towards(here, there, plan)
        assert kept(drawn, plan, price - (price - lower) * share * (1 - 1e-9))
        assert share == 1.0 or not kept(drawn, plan, price - (price - lower) * (share + 1e-6))


def test_a_discount_beside_a_limit_does_not_hide_where_the_limit_turns(people):
    """Two insertions are to cost 120 in all: down to 60 each, from 90, of the way to 30 the half. The budget, whose row
    has columns of the discount, is kept all the way."""

    def at(price):
        steps = Steps(
            "some", np.array([1]), "insertions", np.array([2.0]), np.array([0.1]), Columns(3).private_from
        )
        tariff = Tariff(np.array([price, *COST[1:]]), Columns(3), discounts=(steps,))
        least = GroupLimit("least", "a", np.array([0]), "money", ">=", 120.0, tariff)
        return replace(people, tariff=tariff, rules=(Budget("budget", tariff, 300.0), least), floors=())

    assert kept_towards(at(90.0), at(30.0), np.array([2.0, 0.0, 0.0])) == pytest.approx(0.5)


def test_money_is_not_linear_in_a_price_in_a_package_or_where_a_discount_counts_it():
    columns = Columns(3, 0, 1)
    package = (Package("pair", np.array([1.0, 0.0, 1.0]), 90.0),)
    steps = Steps("some", np.array([1]), "money", np.array([50.0]), np.array([0.1]), columns.private_from)
    tariff = Tariff(COST, columns, packages=package, discounts=(steps,))
    assert [linear_in_price(tariff, place) for place in range(3)] == [False, False, False]
    counted = replace(steps, by="insertions", start=np.array([2.0]))
    assert linear_in_price(replace(tariff, discounts=(counted,)), 1)
