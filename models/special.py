"""Three functions of mathematics that scipy.special has too, whose import alone takes a fifth of a plan's time."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def log_gamma(values: Floats) -> Floats:
    """The natural logarithm of the gamma function of each value, > 0.

    >>> np.exp(log_gamma(np.array([1.0, 5.0]))).round(9).tolist()
    [1.0, 24.0]
    """
    flat = [math.lgamma(value) for value in np.ravel(values).tolist()]
    return np.array(flat).reshape(np.shape(values))


def choose(n: int, k: NDArray[np.int64]) -> Floats:
    """How many ways there are to choose each of k from n.

    >>> choose(4, np.array([0, 2, 5])).tolist()
    [1.0, 6.0, 0.0]
    """
    flat = [float(math.comb(n, each)) for each in np.ravel(k).tolist()]
    return np.array(flat).reshape(np.shape(k))


def beyond_gamma(shape: float, tail: float) -> float:
    """A value that Gamma(shape, rate 1) passes with a probability of at most `tail`: shape + sqrt(2 shape l) + l, with
    l = -log(tail) (Boucheron, Lugosi and Massart 2013, section 2.4).

    >>> beyond_gamma(1.0, np.exp(-8.0))
    13.0
    """
    left = -math.log(tail)
    return shape + math.sqrt(2 * shape * left) + left
