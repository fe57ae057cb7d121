"""What is proven of a vehicle at two prices, taken to all below the one and above the other (models.after.price_range).

Where no rule is easier to keep at a higher price, a plan that keeps the rules keeps them at every lower one: nothing is
left to prove. Where one is: out from a price on is one question, whether any plan that keeps the rules at some price
from there on is worth more than one without the vehicle. In below a price takes plans in a chain, each worth more than
any without it, and each keeping the rules at both ends of its part of the prices.
"""

import numpy as np

from models.after.beating import SETTLED, Beating
from models.after.price_range import at_any_price_from, at_both, kept_towards, linear_in_price
from models.after.shifted import relaxed_from
from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.problem import Problem
from models.programme.relaxation import keeps_everything
from planner.explaining.first_proofs import known_at
from planner.explaining.pricing import MARGIN, settled_plan
from planner.explaining.proven import NOTHING, Proven
from planner.planning.variants import at_price, with_limit

_LINKS = 12  # plans of a chain, at most
_CREEPING = 0.98  # of the price before: a plan of a chain that reaches no further down is the last
_EXCHANGED = (0.0, 0.75)  # of the price so far: down to there, at least, the next reaches
_SEARCHED = (0.9, 0.97, 0.99)  # the same, by searches
_FURTHER = 5  # prices above that are tried, where it is not out at all from the first on
_FEW = 2_000  # plans half made: with more, a relaxation of their own makes them fewer
_JUST = 1e-9  # of prices between two: a little inside


def in_from(its: Proven) -> float:
    """The price from which on, up to its low, the vehicle is proven in at every one; 0 where that is so of all. Raises
    SolverFailure."""
    least, reached = NOTHING * its.ceiling, its.low
    if its.low <= least:
        return 0.0
    if not linear_in_price(its.quoted.rulebook.tariff, its.place):
        return its.low
    plan, before = its.known, np.inf
    for _ in range(_LINKS):
        reached = _kept_down_to(its, plan, reached, least)
        if reached <= least + 2 * _JUST * its.low:
            return 0.0
        found = None if reached > before * _CREEPING else _next_plan(its, plan, reached, least)
        if found is None:
            break
        plan, before = found, reached
    return reached


def _kept_down_to(its: Proven, plan: FloatArray, price: float, least: float) -> float:
    """The lowest price, but no less than the least, down to which a plan (plan_size,) proves the vehicle in."""
    problem = its.problem(price)
    if not _proves(problem, plan, _beaten(its)):
        return price
    share = kept_towards(problem, its.problem(least), plan)
    inside = price - (price - least) * share * (1 - _JUST)
    return inside if keeps_everything(its.problem(inside), plan) else price


def _next_plan(its: Proven, plan: FloatArray, price: float, least: float) -> FloatArray | None:
    """(plan_size,) a plan that proves the vehicle in at a price, and as far below it as one was found; None where none
    was: by exchanges from the one before, which cost little, then by lists and searches."""
    beaten = _beaten(its)
    for far, searched in _tries(its):
        if its.base.left() <= 0:
            return None
        both = at_both(its.problem(price), its.problem(max(price * far, least)))
        found = _worth_more(its, both, beaten).plan if searched else _exchanged(its, both, plan)
        if found is not None and _proves(both, found, beaten):
            return found
    return None


def _tries(its: Proven) -> list[tuple[float, bool]]:
    """How far down the next plan is to reach, as a share of the price so far, and whether it is searched for."""
    if not its.soon_settled:
        return []
    exchanged = [(far, False) for far in _EXCHANGED] if its.by_moves else []
    return [*exchanged, *((far, True) for far in _SEARCHED)]


def _exchanged(its: Proven, problem: Problem, plan: FloatArray) -> FloatArray | None:
    """A plan of a problem to which exchanges lead from another's (plan_size,); None where none is known."""
    start = its.questions.with_room(problem, plan)
    return None if start is None else its.questions.exchanged(problem, start, its.base.local())


def _proves(problem: Problem, plan: FloatArray, beaten: float) -> bool:
    """Whether a plan keeps a problem's rules and is worth more than any plan without the vehicle."""
    return problem.value(plan) > beaten * (1 + 1e-12) and keeps_everything(problem, plan)


def _worth_more(its: Proven, problem: Problem, worth: float) -> Beating:
    """A plan of a problem that is worth more than so much, and whether it is settled that there is none."""
    base = its.base
    if problem.whole:
        return its.questions.plan_worth_more(problem, worth, base.left(), [its.known], MARGIN, base.whole_gap)
    try:
        plan = settled_plan(base, its.questions, problem, MARGIN)
    except InfeasiblePlan:
        return Beating(None, True)
    return Beating(plan, plan is not None)


def _beaten(its: Proven) -> float:
    """A plan worth more belongs in. Where fractions are allowed: more than the best plan where the vehicle is out."""
    return its.without.beaten if its.whole else _worth_without(its) * (1 + MARGIN)


def _worth_without(its: Proven) -> float:
    """What the best plan without the vehicle is worth, as sharply as is known."""
    if its.whole or not np.isfinite(its.high):
        return its.without.worth
    plan = its.best_at(its.high, MARGIN)
    return its.without.worth if plan is None else max(its.without.worth, its.problem(its.high).value(plan))


def out_from(its: Proven) -> float:
    """The lowest price tried from which on the vehicle is proven out at every one; infinite where at none. Raises
    SolverFailure."""
    if not np.isfinite(its.high) or any(rule.treatment.charge for rule in its.rules.dearer):
        return np.inf  # without a discount's rows its columns would be free
    for number, price in enumerate(_prices_from(its)):
        if its.base.left() <= 0:
            break
        if _out_from_on(its, price, search=number == 0):
            return float(price)
    return np.inf


def _prices_from(its: Proven) -> list[float]:
    """Prices from its high to the highest there is."""
    return list(np.geomspace(its.high, max(its.ceiling, its.high), 1 + _FURTHER))


def _out_from_on(its: Proven, price: float, search: bool) -> bool:
    """Whether no plan with the vehicle at any price from one on is worth more than one without. search: of whole plans,
    too, where the relaxation leaves it open."""
    base, place = its.base, its.place
    here, dearer = (
        with_limit(at_price(its.quoted, place, times * price), place, ">=", 1.0) if its.whole
        else at_price(its.quoted, place, times * price)
        for times in (1.0, 2.0)
    )  # fmt: skip
    problem = at_any_price_from(here, dearer, linear_in_price(here.tariff, place))
    worth = _worth_without(its)
    target = worth * (1 + MARGIN)
    if its.whole and search and not base.within_a_gap:
        return _none_worth_more(its, here, dearer, problem, worth)
    tolerance = SETTLED if its.whole else MARGIN / 4
    relaxed = its.questions.bound(problem, base.left(), above=target, tolerance=tolerance)
    return relaxed.status == "infeasible" or relaxed.bound <= target


def _none_worth_more(its: Proven, here: Problem, dearer: Problem, every: Problem, worth: float) -> bool:
    """The same of whole plans, by a list that needs no relaxation of its own where one known tells enough. every: the
    plans of all prices from the one here on."""
    known = known_at(its, here)
    known = None if known is None else relaxed_from(here, dearer, every, known)
    if known is not None:
        plans = its.questions.all_worth_more(every, worth * (1 + MARGIN), its.base.left(), _FEW, known)
        if plans is not None:
            return not any(_proves(every, plan, worth * (1 + MARGIN)) for plan in plans)
    found = _worth_more(its, every, worth)
    return found.plan is None and found.settled
