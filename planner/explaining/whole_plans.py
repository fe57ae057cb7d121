"""A vehicle's price between what is proven: by lists and searches of whole plans, or by plans solved freely where
fractions are allowed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from models.after.prices import TOLERANCE, Threshold, Trial, dual_prices, find_threshold
from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.relaxation import keeps_everything
from planner.explaining.first_proofs import known_at, pay_from_the_best_plan
from planner.explaining.pricing import MARGIN, PART, SHARP
from planner.explaining.proven import Proven
from planner.planning.variants import at_price

_NUDGE = 1 - TOLERANCE / 20
_DUALS = 16  # prices at which shadow prices are read, one below the other
_JUST_IN = 1e-6  # of the price at which a vehicle goes out: so near to it, it is seen to be in, and out
_LINEAR = 1e-8  # relative, to which a linear campaign is solved
_FEW = 10_000  # plans half made: with more, a search for one of them is sooner done
_TRIED = 8  # plans that are kept longest: more than insertions may forbid them sooner
_JUST_BEYOND = 1e-4  # of the price that the last of all plans can pay
_AT_MOST_BELOW = 2.0  # times below: where whole plans are worth much less
_WORSE = 1.5  # times what the best plan is worth less than its relaxation, plans with a vehicle at a high price are


def threshold(its: Proven) -> Threshold:
    """Between what prices the vehicle goes out, by lists and searches. Raises InfeasiblePlan where no plan goes without
    it."""
    its.without.search(its.margin())
    pay_from_the_best_plan(its)
    if not its.may_search and its.without.most > its.without.worth * (1 + SHARP):
        return Threshold(its.low, its.high, False)  # beside plans known so roughly no price is sharp
    guess = _guess_below(its) if its.settles else its.guess

    def trial(price: float) -> Trial:
        answer = _trial(its, price)
        if answer.inside:
            its.low = max(its.low, price, answer.holds_to)
        return answer

    return find_threshold(trial, guess, its.ceiling, known_in=its.low, known_out=its.high)


def _guess_below(its: Proven) -> float:
    """About where the vehicle goes out: below where relaxations let it in, by what whole plans are worth less."""
    price = min(its.guess, its.high, its.ceiling)
    return max(price - _WORSE * its.lost_by_wholes, price / _AT_MOST_BELOW)


def _trial(its: Proven, price: float) -> Trial:
    """Whether any plan with the vehicle is worth more at this price."""
    problem = its.problem(price)
    told = _listed_trial(its, problem, price) if its.settles else None
    if told is not None:
        return told
    found = its.questions.plan_worth_more(
        problem, its.without.worth, its.base.left(), [its.known], MARGIN, its.base.whole_gap
    )
    if found.plan is None and not found.settled and its.may_move:
        found = replace(found, plan=its.improved(problem))
    if found.plan is None:
        return Trial(False if found.settled else None, hint=its.hint_below(problem, price, found.bound))
    value = problem.value(found.plan)
    if value <= its.without.beaten * (1 + 1e-12):
        # Worth more than the best plan known without it, but not than any there may be.
        return _trial(its, price) if _sharper(its) else Trial(None)
    hint = its.hint(price, value, float(found.plan[its.place]))
    return Trial(True, its.keep(problem, found.plan, price, searched=True), hint)


def _sharper(its: Proven) -> bool:
    """Whether plans without the vehicle are known more sharply now."""
    before = its.without.worth, its.without.most
    its.without.search()
    return before != (its.without.worth, its.without.most)


def _listed_trial(its: Proven, problem: Problem, price: float) -> Trial | None:
    """The same where all plans worth more can be listed: the vehicle goes out where the budget pays for the last of
    them no more. None where they cannot."""
    known = known_at(its, problem)

    def learn(relaxed: Relaxed) -> None:
        its.solved = [(problem, relaxed)] if its.base.dear else []  # the last: they are large

    plans = its.questions.all_worth_more(problem, its.without.worth, its.base.left(), _FEW, known, learn)
    return None if plans is None else _last_of(its, plans, problem, price)


def _last_of(its: Proven, plans: FloatArray, problem: Problem, price: float) -> Trial | None:
    """What all plans (n, plan_size) tell that may be worth more at a price: those that are kept longest are looked at
    first. None where what plans without the vehicle are worth is known too roughly."""
    kept = np.minimum(np.nan_to_num(its.kept_to(plans, price), nan=price), its.ceiling)
    order, last = np.argsort(-kept, kind="stable"), 0.0
    inside: list[tuple[float, int]] = []
    for number, place in enumerate(order):
        value = problem.value(plans[place])
        if not (value > its.without.worth and keeps_everything(problem, plans[place])):
            continue
        if not last:
            last, order = float(kept[place]), order[number:]
        if value > its.without.beaten * (1 + 1e-12):
            inside.append((its.holds_to(plans[place], price), int(place)))
            if inside[-1][0] > price or len(inside) >= _TRIED:
                break
    if inside:
        holds_to, place = max(inside)
        its.known, beyond = plans[place], last * (1 + _JUST_BEYOND)
        return Trial(True, holds_to, last, _out_from(its, plans[order], beyond))
    return None if last else Trial(False, hint=its.further_below(price))


def _out_from(its: Proven, plans: FloatArray, beyond: float) -> float:
    """A price from which on it is out: where none of the only plans (n, n_vehicles) that are worth more keeps the rows,
    nor does any that a dearer problem allows for the first time; infinite where that is not so."""
    rows = its.problem(beyond).system.insertion_rows
    kept = rows is None or its.rules.dearer or rows.allows(rows.activity(plans.T)).any()
    return np.inf if kept else beyond


def free_threshold(its: Proven) -> Threshold:
    """At what price the vehicle is in the best plan, solved freely; exactly where the campaign is linear and no rule
    grows easier with the price."""
    known = float(its.row.unit_cost or 0.0) if its.base.plan[its.place] > PART else 0.0
    its.low, its.high = known, np.inf
    exactly = _linear(its.base.prepared.problem) and not its.rules.dearer
    if exactly and _free_trial(its, its.ceiling).inside:
        return Threshold(its.ceiling, np.inf, True)
    found = find_threshold(partial(_free_trial, its), max(its.guess, known), its.ceiling, known_in=known)
    price = _exact_price(its, found) if exactly and found.low > 0 else None
    return found if price is None else Threshold(price, price, True)


def _linear(problem: Problem) -> bool:
    """Whether worth and rules are sums over insertions in parts: no curve of reach, nothing whole."""
    reach = problem.objective.segment_worth.any() or problem.objective.effective is not None
    return problem.plain and not (problem.whole or reach or problem.goals)


def _exact_price(its: Proven, between: Threshold) -> float | None:
    """The price at which the vehicle goes out, of a linear campaign. Where it is out, shadow prices y of the best plan
    prove it out from the price on at which its insertion is worth no more than y says that it takes (weak duality): the
    price itself, unless other y are as good; then those half way down to where it is in are asked. None where that
    leads nowhere."""
    low, high = between.low, between.high
    for _ in range(_DUALS if np.isfinite(high) else 0):
        told = _worth_its_cost_at(its, high)
        price = min(told, high) if np.isfinite(told) else high
        if price * (1 + _JUST_IN) <= low:
            return None
        if _in_at(its, price * (1 - _JUST_IN)):
            return None if _in_at(its, price * (1 + _JUST_IN)) else float(f"{price:.9g}")
        middle = (low + price) / 2
        low, high = (middle, price) if _in_at(its, middle) else (low, middle)
    return None


def _in_at(its: Proven, price: float) -> bool:
    return _free_trial(its, price, nudges=(1.0,)).inside is True


def _worth_its_cost_at(its: Proven, price: float) -> float:
    """The price at which the vehicle's insertion is worth what it takes, by the shadow prices where it has this one."""
    here, dearer = (at_price(its.quoted, its.place, price * times) for times in (1.0, 2.0))
    duals = its.questions.bound(here, its.base.left(), tolerance=_LINEAR).duals
    if duals is None:
        return np.nan
    prices = np.full(here.n_vehicles, price)
    return float(dual_prices(here, dearer, prices, prices, duals)[its.place])


def _free_trial(its: Proven, price: float, nudges: Sequence[float] = (1.0, _NUDGE)) -> Trial:
    for nudged in (
        price * nudge for nudge in nudges
    ):  # fractions may meet a floor too roughly at just one price
        if its.base.left() <= 0:
            return Trial(None)
        try:
            plan = its.best_at(nudged, MARGIN)
        except InfeasiblePlan:
            return Trial(False)
        if plan is not None:
            inside = bool(plan[its.place] > PART)
            its.known = plan if inside else its.known
            return Trial(inside)
    return Trial(None)
