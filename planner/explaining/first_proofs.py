"""First brackets of a vehicle's price: from relaxations, from what the best plan could pay, by local search."""

import numpy as np

from models.after.prices import TOLERANCE
from models.after.shifted import relaxed_at
from models.arrays import FloatArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.relaxation import keeps_everything
from planner.explaining.pricing import MARGIN
from planner.explaining.proven import NOTHING, Proven

_GUESSES = 3  # prices tried by local search alone, where whole-number searches settle little
_DOWN = 1.5  # times lower, at least, is the next price where local search found no plan that proves it in
MOST_RELAXATIONS = 7  # prices tried for a first proof that a vehicle is out
_NEAR_OUT = 0.02  # of a price: a first proof so near to where the relaxation lets it in is near enough
_ROUGHLY_OUT = 0.1  # the same where plans will be listed
_FURTHER = 1.3  # times the last price, where steps along the slope did not get out
_FAR = 2.0  # times one price is the other: further apart they are halved
_BEYOND = 0.004  # of a price: so far beyond where the relaxation says it is out, it is tried


def pay_from_the_best_plan(its: Proven) -> None:
    """Up to what price the best plan proves the vehicle in: it buys it, or could buy one more from what is left. Out it
    is at its own price where no plan is worth more than one that does not buy it."""
    base, problem = its.base, its.base.prepared.problem
    plan, price = base.best.decision, float(its.row.unit_cost or 0.0)
    if base.plan[its.place] > 0:
        if price > its.low and base.best.value > its.without.beaten * (1 + 1e-12):
            its.low = its.keep(problem, plan, price)
        return
    _out_at_its_own(its)
    if problem.columns.weeks or problem.columns.packages:
        return
    rest = base.campaign.brief.budget - problem.tariff.total(plan)
    price, more = rest / its.factor * (1 - 1e-9), plan + (1 - its.without.others())
    if price > 0 and problem.value(more) > its.without.beaten * (1 + 1e-12):
        there = its.problem(price)
        its.low = max(its.low, price if keeps_everything(there, more) else 0.0)


def _out_at_its_own(its: Proven) -> None:
    """Out at its own price is what the best plan does not buy, where no plan is worth more than it."""
    if its.row.unit_cost and its.base.best.bound <= its.without.worth * (1 + MARGIN):
        its.high = min(its.high, float(its.row.unit_cost))


def known_at(its: Proven, problem: Problem) -> Relaxed | None:
    """What the relaxation without the vehicle, or one solved at another price, says of a problem that buys it at a
    price: the one that says it is worth least. None where none says anything, or where another is soon solved."""
    if not (its.base.dear and its.settles and its.row.unit_cost):
        return None
    bought = its.base.plan[its.place] > 0
    relaxed = its.without.relaxed() if bought else its.base.relaxed
    own = its.without.problem() if bought else its.base.prepared.problem
    told = (
        relaxed_at(*asked, its.place)
        for asked in [(own, problem, relaxed), *((other, problem, solved) for other, solved in its.solved)]
    )
    return min((each for each in told if each is not None), key=lambda each: each.bound, default=None)


def out_by_relaxation(its: Proven, most: int = MOST_RELAXATIONS) -> None:
    """A price at which the relaxation with the vehicle is worth no more than a plan without it, near to the lowest
    such price: steps along its slope in the price, a little beyond; so many relaxations at most."""
    target, inside, outside = its.without.worth * (1 + MARGIN), (its.low, np.nan), (its.high, np.nan)
    if not np.isfinite(target):
        return
    first = its.guess if its.guess > its.low else _first(its)
    price = min(first or its.base.quoted[its.place], its.ceiling)  # nothing is for nothing
    near = _ROUGHLY_OUT if its.settles else _NEAR_OUT
    for number in range(most):
        if its.base.left() <= 0:
            return
        relaxed = known_at(its, its.problem(price))
        if relaxed is None:
            relaxed = its.questions.bound(its.problem(price), its.base.left(), above=target)
        out = relaxed.status == "infeasible" or relaxed.bound <= target
        told = (price, relaxed.bound - target)
        inside, outside = (inside, told) if out else (told, outside)
        its.high = min(its.high, outside[0])
        if its.high <= inside[0] * (1 + near) or (not out and price >= its.ceiling * (1 - 1e-9)):
            break
        both = np.isfinite(inside[1]) and np.isfinite(outside[0])
        price = (
            _between(inside, outside)
            if both
            else _step(its, price, relaxed, target, _FURTHER if number else 1.0)
        )
        if not its.low < price < its.high:
            break
    its.guess = float(np.clip(inside[0] or its.high, its.low, its.high))


def _first(its: Proven) -> float:
    """Where a vehicle known to be in may be out: dearer by what the best plan is worth more, as money."""
    lost = (its.base.best.value - its.without.worth) / max(its.per_insertion, 1e-300)
    return float(its.low * (1 + _BEYOND) + max(lost, 0.0))


def _step(its: Proven, price: float, relaxed: Relaxed, target: float, further: float) -> float:
    """The next price where as yet it is in at all tried, or out at all: where the relaxation would be worth the target
    if it fell on as it does here. further: times the price, at least, where it is in: its worth falls ever slower."""
    out = relaxed.status == "infeasible" or relaxed.bound <= target
    ahead = _ahead(its, price, relaxed, target)
    there = price + (ahead if np.isfinite(ahead) else -0.5 * price if out else price)
    if out and there <= 0 and its.not_too_far(price, 0.0) == 0:  # not even for nothing is it in, it seems
        return max(NOTHING * its.ceiling, its.low * (1 + _BEYOND))
    if out:
        return max(float(np.clip(there, price / 4, price) / (1 + _BEYOND)), its.low * (1 + _BEYOND))
    return float(min(max(there * (1 + _BEYOND), further * price), its.ceiling))


def _ahead(its: Proven, price: float, relaxed: Relaxed, target: float) -> float:
    """By how much more a price would take all that the relaxation is worth above the target, along its slope there;
    not finite where that is not known."""
    if relaxed.settled and its.by_moves:
        its.learn_slope(price, relaxed)
    fall = its.per_insertion * (1.0 if relaxed.point is None else max(float(relaxed.point[its.place]), 1.0))
    return (relaxed.bound - target) / fall if fall > 0 else np.nan


def _between(inside: tuple[float, float], outside: tuple[float, float]) -> float:
    """The next price between one that is in and one that is out, both with what the relaxation is worth beyond the
    target: where a straight line between them meets it; the geometric middle where they are far apart."""
    (low, above), (high, below) = inside, outside
    if not np.isfinite(below) or high > _FAR * low:
        return float(np.sqrt(low * high))
    straight = low + (high - low) * above / (above - below)
    return float(np.clip(straight, low * (1 + _BEYOND), high / (1 + _BEYOND)))


def in_by_moves(its: Proven) -> None:
    """A price at which local search finds a plan with the vehicle that is worth more than any without can be: ever
    lower until there is one, or until the price is known to be in."""
    price = min(its.guess, its.ceiling)
    for _ in range(_GUESSES if its.by_moves else 0):
        if its.base.left() <= 0 or not its.may_search or price <= its.low * (1 + TOLERANCE):
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
    per_unit = its.per_insertion * max(float(plan[its.place]), 1.0)
    ahead = (its.without.beaten - value) / per_unit if per_unit > 0 else 0.0
    return float(np.clip(price - ahead, price / _DOWN**3, price / _DOWN))
