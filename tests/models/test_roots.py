"""Roots with a closed form, and SciPy's finder beside ours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from models.roots import root_between


@pytest.mark.parametrize(
    ("function", "low", "high", "root"),
    [
        (lambda x: x - 3, 0.0, 10.0, 3.0),
        (lambda x: x**3 - 8, 0.0, 100.0, 2.0),
        (lambda x: np.log(x) + 2, 1e-9, 1.0, np.exp(-2)),
        (lambda x: 1e9 * (x - 0.25), 0.0, 1.0, 0.25),
        (lambda x: -1.0 if x < 1 / 3 else 1.0, 0.0, 1.0, 1 / 3),
        (lambda x: (x - 0.5) ** 9, 0.0, 2.0, 0.5),
    ],
)
def test_a_known_root_is_found_from_either_end(function, low, high, root):
    # The tolerance is that of the call, twice; a jump and a root of order nine show that halving takes over.
    assert root_between(function, low, high, 1e-12) == pytest.approx(root, abs=2e-12)
    assert root_between(function, high, low, 1e-12) == pytest.approx(root, abs=2e-12)


def test_an_end_may_be_the_root():
    assert root_between(lambda x: x, 0.0, 1.0, 1e-12) == pytest.approx(0.0, abs=1e-12)
    assert root_between(lambda x: x - 1, 0.0, 1.0, 1e-12) == pytest.approx(1.0, abs=1e-12)


def test_a_function_of_one_sign_is_refused():
    with pytest.raises(ValueError, match="one sign"):
        root_between(lambda x: x + 1, 0.0, 1.0, 1e-12)


@given(st.floats(0.01, 20), st.floats(0.05, 0.95))
def test_it_finds_what_brent_finds(steepness, level):
    def function(x):
        return float(np.expm1(steepness * x) / np.expm1(steepness)) - level

    expected = brentq(function, 0.0, 1.0, xtol=1e-12)
    assert root_between(function, 0.0, 1.0, 1e-12) == pytest.approx(expected, abs=3e-12)


def test_few_values_are_asked_for():
    asked = []

    def function(x):
        asked.append(x)
        return float(np.exp(x)) - 5

    root_between(function, -4.0, 14.0, 1e-12)
    assert len(asked) <= 20  # halving alone would need 44
