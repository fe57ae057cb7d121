"""First brackets of a vehicle's price: from relaxations, from what the best plan could pay, by local search."""

import numpy as np

from models.after.prices import TOLERANCE
from models.arrays import FloatArray
from models.programme.answers import Relaxed
from models.programme.relaxation import keeps_everything
from planner.explaining.pricing import MARGIN
from planner.explaining.proven import Proven

_GUESSES = 3  # prices tried by local search alone, where whole-number searches settle little
_DOWN = 1.5  # times lower, at least, is the next price where local search found no plan that proves it in
MOST_RELAXATIONS = 7  # prices tried for a first proof that a vehicle is out
_NEAR_OUT = 0.02  # of a price: a first proof so near to where the relaxation lets it in is near enough
_ROUGHLY_OUT = 0.1  # the same where plans will be listed
_BEYOND = 0.004  # of a price: so far beyond where the relaxation says it is out, it is tried


def pay_from_the_best_plan(its: Proven) -> None:
    """Up to what price the best plan proves the vehicle in: it buys it, or could buy one more from what is left."""
    base, problem = its.base, its.base.prepared.problem
    plan, price = base.best.decision, float(its.row.unit_cost or 0.0)
    if base.plan[its.place] > 0:
        if price > its.low and base.best.value > its.without.beaten * (1 + 1e-12):
            its.low = its.keep(problem, plan, price)
        return
    if problem.columns.weeks or problem.columns.packages:
        return
    rest = base.campaign.brief.budget - problem.tariff.total(plan)
    price, more = rest / its.factor * (1 - 1e-9), plan + (1 - its.without.others())
    if price > 0 and problem.value(more) > its.without.beaten * (1 + 1e-12):
        there = its.problem(price)
        its.low = max(its.low, price if keeps_everything(there, more) else 0.0)


def out_by_relaxation(its: Proven, most: int = MOST_RELAXATIONS) -> None:
    """A price at which the relaxation with the vehicle is worth no more than a plan without it, near to the lowest
    such price: steps along its slope in the price, a little beyond; so many relaxations at most."""
    target, inside = its.without.worth * (1 + MARGIN), its.low
    if not np.isfinite(target):
        return
    price = min(max(its.guess, its.low * (1 + _BEYOND)), its.ceiling)
    near = _ROUGHLY_OUT if its.settles else _NEAR_OUT
    for _ in range(most):
        if its.base.left() <= 0:
            return
        relaxed = its.questions.bound(its.problem(price), its.base.left(), above=target)
        out = relaxed.status == "infeasible" or relaxed.bound <= target
        its.trials += 1
        if out:
            its.high = min(its.high, price)
        else:
            inside = max(inside, price)
        if its.high <= inside * (1 + near) or (not out and price >= its.ceiling * (1 - 1e-9)):
            break
        price = _step(its, price, relaxed, target, inside)
        if not its.low < price < its.high:
            break
    its.guess = float(np.clip(inside or its.high, its.low, its.high))


def _step(its: Proven, price: float, relaxed: Relaxed, target: float, inside: float) -> float:
    """The next price: where the relaxation would be worth the target if it fell on as it does here."""
    insertions = 1.0 if relaxed.point is None else max(float(relaxed.point[its.place]), 1.0)
    fall = its.base.money_worth * its.factor * insertions
    ahead = (relaxed.bound - target) / fall if fall > 0 and np.isfinite(relaxed.bound) else np.nan
    if not np.isfinite(ahead):
        ahead = -0.3 * price if relaxed.bound <= target else price
    step = max(price + ahead, price / 4) * (1 + _BEYOND)
    if np.isfinite(its.high):  # between what is known, the middle where the slope says nothing new
        low = max(inside, its.low, 1e-3 * its.high)
        step = (
            step if low * (1 + _BEYOND) < step < its.high * (1 - _BEYOND) else float(np.sqrt(low * its.high))
        )
    return float(min(step, its.ceiling))


def in_by_moves(its: Proven) -> None:
    """A price at which local search finds a plan with the vehicle that is worth more than any without can be: ever
    lower until there is one, or until the price is known to be in."""
    price = min(its.guess, its.ceiling)
    for _ in range(_GUESSES if its.by_moves and not its.settles else 0):
        if its.base.left() <= 0 or price <= its.low * (1 + TOLERANCE):
            return
        problem = its.problem(price)
        plan = its.improved(problem)
        value = -np.inf if plan is None else problem.value(plan)
        if plan is not None and value > its.without.beaten * (1 + 1e-12):
            its.low = its.keep(problem, plan, price)
            return
        price = _lower(its, price, value, plan)


def _lower(its: Proven, price: float, value: float, plan: FloatArray | None) -> float:
    """The next price where a plan worth so much proved nothing: where money saved makes up for what it lacks."""
    if plan is None or not np.isfinite(its.without.beaten):
        return price / _DOWN
    per_unit = its.base.money_worth * its.factor * max(float(plan[its.place]), 1.0)
    ahead = (its.without.beaten - value) / per_unit if per_unit > 0 else 0.0
    return float(np.clip(price - ahead, price / _DOWN**3, price / _DOWN))
