"""A vehicle's price where whole plans are known within a gap alone (weeks, packages, discounts): a plan solved without
it, relaxations at a few prices, a plan solved with it.

Out where the relaxation with the vehicle is worth no more than the plan without it. In where a plan with it is worth
more than the bound on those without it: that is looked for at a price where the relaxation is worth more by a gap
to which plans are soon found.
"""

import numpy as np

from models.after.prices import TOLERANCE
from models.after.questions import Questions
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, SolverFailure
from planner.explaining.first_proofs import out_by_relaxation, pay_from_the_best_plan
from planner.explaining.pricing import NARROW, WITHIN
from planner.explaining.proven import Proven

_ROOM = 6e-4  # of a worth: so far above it a relaxation leaves room for a whole plan
_WIDER = 2.0  # times the room, the next time
_SOLVED, _RELAXATIONS = 2, 6  # plans with the vehicle; relaxations for each
_ROUGHLY = 2.0  # times the room, at most
_LOWEST = 1e-3  # of the price quoted: below that a price is none


def solve_each_side(its: Proven) -> bool:
    """Sharpen what is proven; whether the vehicle is out at every price. Raises InfeasiblePlan where no plan goes
    without it, SolverFailure."""
    its.without.solve(WITHIN)
    pay_from_the_best_plan(its)
    if its.base.plan[its.place] > 0 and its.low == 0:  # about even at its own price
        its.without.solve(NARROW)
        pay_from_the_best_plan(its)
    out_by_relaxation(its)
    if its.low > 0:
        return False
    if its.high > _LOWEST * its.base.quoted[its.place]:
        solve_with_it(its)
        return False
    return True


def solve_with_it(its: Proven) -> None:
    """A price, above those it is known to be in at, at which a plan with the vehicle is worth more than any without."""
    beaten, room = its.without.beaten, _ROOM
    for _ in range(_SOLVED):
        priced = _priced_for(its, beaten * (1 + room), beaten * (1 + _ROUGHLY * room))
        if priced is None or its.base.left() <= 0:
            return
        price, bound = priced
        if price <= its.low * (1 + TOLERANCE):
            return
        plan = _solved(its, price, 1 - beaten / bound)
        if plan is not None and its.problem(price).value(plan) > beaten * (1 + 1e-12):
            its.low = its.keep(its.problem(price), plan, price)
            return
        room *= _WIDER


def _solved(its: Proven, price: float, gap: float) -> FloatArray | None:
    """(plan_size,) a plan that buys the vehicle at a price, within a gap if time allows; None where none was found."""
    questions = its.questions
    assert isinstance(questions, Questions)
    try:
        return questions.within_gap(its.problem(price), gap, its.base.one_solve(), [its.known]).decision
    except (InfeasiblePlan, SolverFailure):
        return None


def _priced_for(its: Proven, least: float, most: float) -> tuple[float, float] | None:
    """A price, and the relaxation's worth there, which lies between two; None where none was found."""
    price, low, high = min(its.guess, its.ceiling), 0.0, its.high
    for _ in range(_RELAXATIONS):
        if its.base.left() <= 0 or price < _LOWEST * its.base.quoted[its.place]:
            return None
        problem = its.problem(price)
        relaxed = its.questions.bound(problem, its.base.left())
        if least <= relaxed.bound <= most:
            return price, relaxed.bound
        low, high = (price, high) if relaxed.bound > most else (low, price)
        price = _nearer(its, price, (least + most) / 2 - relaxed.bound, relaxed.point, low, high)
    return (low, its.questions.bound(its.problem(low), its.base.left()).bound) if low > 0 else None


def _nearer(
    its: Proven, price: float, lacking: float, point: FloatArray | None, low: float, high: float
) -> float:
    """The next price, where money saved on the insertions bought makes up for what is lacking; between two."""
    bought = 1.0 if point is None else max(float(point[its.place]), 1.0)
    worth = its.per_insertion * bought
    step = lacking / worth if worth > 0 and np.isfinite(lacking) else np.inf
    ahead = price - step if np.isfinite(step) else 0.0
    if low < ahead < high:
        return ahead
    return float(np.sqrt(low * high)) if low > 0 and np.isfinite(high) else price / 2
