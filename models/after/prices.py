"""Prices: at what unit cost a vehicle enters the best plan, or leaves it.

A vehicle belongs in the plan at price p when the best plan that buys it is worth more than the best plan that
does not:
    W(p) = best worth of plans with at least one insertion of it, at price p;    V = best worth of plans without.
Where a price only costs money W never rises with p, so there is one price at which W falls to V: it enters (or
stays) below, and is out above. V does not depend on p. Whole insertions make W a staircase.

First guess, from the linear relaxation (`dual_prices`): forced in by one insertion, the vehicle loses its reduced
cost d. Its price stands in the rows of the rules with coefficients a_r(p), and row r is worth mu_r per unit of its
right side; so d falls by  slope = sum_r mu_r a_r'(p)  per unit of price, and is nothing at  p - d / slope. With
nothing but a budget the slope is the worth of money.

Then solving again (`find_threshold`): at each price tried, a plan with the vehicle that is worth more than V is a
proof that it belongs in; a bound on all plans with it that is no more than V (within a stated margin) that it does
not. The answer is the interval between the highest price proven in and the lowest proven out.
A rule that asks for money to be spent (at least so much on a group) can make a higher price welcome; then W may
rise somewhere, and the interval is still proven at its two ends.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import Duals
from models.problem.problem import Problem

TOLERANCE = 0.01  # relative width of the interval that counts as a price found
_STEP = 0.98  # of the tolerance: so far beyond what is proven the next price is tried
_MOST_TRIALS = 16
_CREEPING = 4  # answers in a row that are the same, and one: after so many, hints are left
_FAR = 4.0  # times the tolerance: from there on two prices are halved rather than crept along
_NEAR = 8.0  # times the tolerance: a plan in hand whose hint is nearer is likely to hold as far as any does
_LOWEST = 1e-3  # of the first guess: below that a price is none


@dataclass(frozen=True)
class Trial:
    """What solving at one price told.

    inside: whether the vehicle belongs in the plan at this price; None = not settled in time. holds_to: the
    highest price that the plan found could pay for it, as it stands. hint: about where it would be worth no
    more than the best plan without; nan = no idea. out_from: a price from which on it is out, where all plans that are
    worth more were listed.
    """

    inside: bool | None
    holds_to: float = 0.0
    hint: float = float("nan")
    out_from: float = np.inf


@dataclass(frozen=True)
class Threshold:
    """Up to `low` proven in, from `high` on proven out.

    low 0: in at no price tried; high infinite: out at none. confirmed: the two are no further apart than the
    tolerance, or it is in, or out, at every price there is.
    """

    low: float
    high: float
    confirmed: bool


def dual_prices(
    problem: Problem, dearer: Problem, price: FloatArray, step: FloatArray, duals: Duals
) -> FloatArray:
    """(n_vehicles,) the price at which each vehicle's first insertion would be worth its cost to the relaxation.

    problem: plain. dearer: the same with every price raised by `step` (n_vehicles,). price: (n_vehicles,) of `problem`.
    nan where the relaxation does not offer the vehicle or its price stands in no row that matters.
    """
    n = len(price)
    before, after = (
        each.insertion_rows.matrix * each.scale[:, None]
        for each in (problem.system, dearer.system)
        if each.insertion_rows is not None
    )
    slope = duals.row_worth @ ((after - before) / step)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(slope > 0, price - duals.first_cost[:n] / slope, np.nan)
    return np.asarray(np.maximum(found, 0.0))


def find_threshold(
    trial: Callable[[float], Trial],
    guess: float,
    ceiling: float,
    tolerance: float = TOLERANCE,
    known_in: float = 0.0,
    known_out: float = np.inf,
) -> Threshold:
    """The price where a vehicle goes from in to out, between 0 and `ceiling` (no price above it can be paid).

    guess: where to begin. known_in, known_out: prices at which it is known to be in, and out.
    """
    guess = float(np.clip(guess, _LOWEST * ceiling, ceiling))
    floor = _LOWEST * guess
    low, high, run, before = known_in, known_out, 1, None
    if _near_enough(low, high, floor, tolerance):
        return Threshold(low, high, True)
    price = min(max(guess, known_in * (1 + _STEP * tolerance)), ceiling, known_out / (1 + _STEP * tolerance))
    for _ in range(_MOST_TRIALS):
        answer = trial(price)
        if answer.inside is None:
            return Threshold(low, high, False)
        if answer.inside:
            low = max(low, price, min(answer.holds_to, ceiling))
            high = min(high if high > low else np.inf, answer.out_from)
        else:
            high = price
        if low >= ceiling * (1 - 1e-9):
            return Threshold(low, np.inf, True)
        if _near_enough(low, high, floor, tolerance):
            return Threshold(low, high, True)
        run = run + 1 if answer.inside == before else 2
        before = answer.inside
        price = _next_price(low, high, answer, (floor, ceiling), run, tolerance)
    return Threshold(low, high, False)


def _near_enough(low: float, high: float, floor: float, tolerance: float) -> bool:
    """Whether nothing is left between what is proven."""
    return high <= floor or high <= low * (1 + tolerance)


def _next_price(
    low: float, high: float, answer: Trial, ends: tuple[float, float], run: int, tolerance: float
) -> float:
    """Where to try next: at the hint, where there is a useful one; just beyond what is proven; or in the middle. run:
    how many answers in a row have been the same, and one."""
    (floor, ceiling), step = ends, tolerance * 2.0 ** (run - 1) / 2
    above, below = low * (1 + _STEP * tolerance), high / (1 + _STEP * tolerance)
    if high == np.inf:
        hint = answer.hint if np.isfinite(answer.hint) else 1.5 * low
        return min(above if hint <= low * (1 + _NEAR * tolerance) else float(np.sqrt(low * hint)), ceiling)
    if low == 0:
        lower = min(below, high / (1 + step))
        return max(min(lower, answer.hint if np.isfinite(answer.hint) else lower / 1.1), floor)
    if below <= above * (1 + _FAR * tolerance):
        return above
    middle = float(np.sqrt(low * high))
    if not np.isfinite(answer.hint):  # just below what is out, in growing steps
        return max(middle, high / (1 + 2 * step)) if not answer.inside else middle
    if run > _CREEPING:  # the hints have led nowhere, or only a little further each
        return middle
    return float(np.clip(answer.hint, above, middle if answer.inside else below))
