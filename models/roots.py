"""Where a function crosses 0, by inverse quadratic interpolation and bisection.

Chandrupatla (1997), A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function without
using derivatives, Advances in Engineering Software 28, 145-149. SciPy has it, and takes longer to load than a whole
campaign takes to calibrate.
"""

from collections.abc import Callable
from math import copysign, sqrt

_MOST_STEPS = 200


def root_between(f: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """A root of f, known to `tolerance` or to the last bits of a double, whichever is more.

    Raises ValueError where f has the same sign at both ends.

    >>> round(root_between(lambda x: x * x - 2, 0.0, 2.0, 1e-12), 10)
    1.4142135624
    """
    a, b, fa, fb = high, low, f(high), f(low)
    if fa != 0 and fb != 0 and copysign(1, fa) == copysign(1, fb):
        raise ValueError(f"no change of sign between {low} and {high}.")
    share = 0.5  # of the way from a, the newer end, to b, the older one
    for _ in range(_MOST_STEPS):
        x = a + share * (b - a)
        fx = f(x)
        if copysign(1, fx) == copysign(1, fa):
            c, fc, a, fa = a, fa, x, fx
        else:
            c, fc, b, fb, a, fa = b, fb, a, fa, x, fx
        best, least = (a, fa) if abs(fa) < abs(fb) else (b, fb)
        room = (tolerance + 4e-16 * abs(best)) / max(abs(b - a), 1e-300)
        if least == 0 or room > 0.5:
            return best
        share = min(max(_share(a, b, c, fa, fb, fc), room), 1 - room)
    return best


def _share(a: float, b: float, c: float, fa: float, fb: float, fc: float) -> float:
    """Where between a and b the parabola through three points is 0; the middle where it would not be trusted."""
    along, up = (a - b) / (c - b), (fa - fb) / (fc - fb)
    if not (1 - sqrt(1 - along) < up < sqrt(along)):
        return 0.5
    return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
