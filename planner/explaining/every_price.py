"""Whether what is proven of a vehicle at two prices holds at all others, though its price may ease rules."""

import numpy as np

from models.programme.relaxation import keeps_everything
from planner.explaining.pricing import MARGIN
from planner.explaining.proven import NOTHING, Proven
from planner.planning.variants import without_rules


def turns_once(its: Proven) -> bool:
    """Whether it is in at every price up to its low, and out at every one from its high on. Raises SolverFailure."""
    return _in_below(its) and _out_above(its)


def _in_below(its: Proven) -> bool:
    """Whether one plan shows it in at every price up to low: money, and so what rules leave, is linear in it."""
    tariff, plan = its.quoted.rulebook.tariff, its.known
    if its.low == 0:
        return True
    if tariff.packages or tariff.discounts or plan[its.place] <= 0:
        return False
    ends = [its.problem(price) for price in (NOTHING * its.ceiling, its.low)]
    beats = ends[-1].value(plan) > its.without.beaten * (1 + 1e-12)
    return beats and all(keeps_everything(problem, plan) for problem in ends)


def _out_above(its: Proven) -> bool:
    """Whether it is out at every price from high on: at high no plan with it is worth more without these rules."""
    base, worth = its.base, its.without.worth
    if not np.isfinite(its.high):
        return True
    free = without_rules(its.problem(its.high), {rule.id for rule in its.rules.dearer})
    target = worth * (1 + MARGIN)
    relaxed = its.questions.bound(free, base.left(), above=target)
    if relaxed.status == "infeasible" or relaxed.bound <= target:
        return True
    if base.within_a_gap or base.left() <= 0:
        return False
    found = its.questions.plan_worth_more(free, worth, base.left(), [its.known], MARGIN, base.whole_gap)
    return found.plan is None and found.settled
