"""Roots against SciPy's, and what has none."""

import math

import pytest
from scipy.optimize import brentq

from models.roots import root_between

FUNCTIONS = [
    (lambda x: x * x - 2, 0.0, 2.0),
    (lambda x: math.exp(-x) - 0.3, -4.0, 14.0),
    (lambda x: 1 / (1 + math.exp(x)) - 0.999, -20.0, 14.0),  # flat at both ends
    (lambda x: (x - 1) ** 3, 0.0, 3.0),
    (lambda x: x**9, -1.0, 4.0),
    (lambda x: x - 14.0, 0.0, 14.0),  # at an end
    (lambda x: -1.0 if x < 1 / 3 else 1.0, 0.0, 1.0),  # a step
]


@pytest.mark.parametrize(("f", "low", "high"), FUNCTIONS)
def test_a_root_is_where_scipy_finds_it(f, low, high):
    found = root_between(f, low, high, 1e-12)
    # A root of x ** 9 is known to the ninth root of the smallest double alone: both must only bracket it.
    assert f(found - 1e-11) * f(found + 1e-11) <= 0 or found == pytest.approx(
        brentq(f, low, high, xtol=1e-12), abs=1e-11
    )


def test_few_steps_are_enough():
    calls = []

    def counted(x: float) -> float:
        calls.append(x)
        return math.exp(-x) - 0.3

    root_between(counted, -4.0, 14.0, 1e-12)
    assert len(calls) <= 20


def test_a_function_without_a_change_of_sign_has_no_root():
    with pytest.raises(ValueError, match="no change of sign"):
        root_between(lambda x: x * x + 1, -1.0, 1.0, 1e-12)
