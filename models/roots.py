"""Where a function of one number changes sign.

Chandrupatla (1997), A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
without using derivatives, Advances in Engineering Software 28, 145-149: inverse quadratic interpolation where
three points lie well for it, halving elsewhere. SciPy has the like of it, in a package that takes longer to load
(0.15 s) than a campaign to prepare.
"""

from collections.abc import Callable

_MOST_STEPS = 200  # halving alone needs 50 from 1 to the last bit of a number


def root_between(function: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """The x between low and high, to `tolerance`, at which a continuous function passes zero.

    The function must be zero at an end or differ in sign at the two; ValueError where it does not.

    >>> round(root_between(lambda x: x * x - 2, 0.0, 2.0, 1e-12), 9)
    1.414213562
    """
    a, b = low, high
    at_a, at_b = function(a), function(b)
    if at_a * at_b > 0:
        raise ValueError(f"the function has one sign at {low} and {high}: {at_a}, {at_b}")
    part = 0.5
    for _ in range(_MOST_STEPS):
        x = a + part * (b - a)
        at_x = function(x)
        # The zero stays between a (the newest point) and b; c is the point that one of them has replaced.
        if (at_x > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c, b, at_b = b, at_b, a, at_a
        a, at_a = x, at_x
        best, at_best = (a, at_a) if abs(at_a) < abs(at_b) else (b, at_b)
        least = tolerance / abs(b - a) if b != a else 1.0
        if at_best == 0 or least > 0.5:
            return best
        part = min(max(_interpolated(a, b, c, at_a, at_b, at_c), least), 1 - least)
    return best


def _interpolated(a: float, b: float, c: float, at_a: float, at_b: float, at_c: float) -> float:
    """How far from a towards b the inverse parabola through the three points is zero; one half where it is no guide."""
    across, up = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not (up * up < across and (1 - up) ** 2 < 1 - across):
        return 0.5
    return at_a / (at_b - at_a) * at_c / (at_b - at_c) + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (
        at_c - at_b
    )
