"""What another survey of the same size might have found: shares drawn anew around those that one found.

A share found among n people is one of many that n people might have shown. Shares that exclude each other are drawn
together from a Dirichlet distribution with parameters n times each share (what is left over is one of them); a share
alone is its case of two, a beta distribution. Their means are the shares, their variances s (1-s) / (n+1).

Source: A. Gelman et al., Bayesian Data Analysis, 3rd edition, section 3.4 (multinomial data, no further prior).
"""

import numpy as np
from numpy.random import Generator

from models.arrays import FloatArray

_NOTHING = 1e-9


def drawn_shares(rng: Generator, shares: FloatArray, size: float) -> FloatArray:
    """(k,) shares that exclude each other, as another `size` people might show them; 0 stays 0."""
    rest = max(1.0 - float(shares.sum()), 0.0)
    parts = np.append(shares, rest if rest > _NOTHING else 0.0)
    use = parts > 0
    found = np.zeros(len(parts))
    found[use] = rng.dirichlet(size * parts[use]) if use.sum() > 1 else parts[use]
    return np.asarray(found[:-1])


def drawn_share(rng: Generator, share: float, size: float) -> float:
    """One share, as another `size` people might show it."""
    return float(drawn_shares(rng, np.array([share]), size)[0])


def drawn_triangular(rng: Generator, low: float, used: float, high: float) -> float:
    """A value between low and high, most likely about the one used (which may lie beyond either)."""
    low, high = min(low, used), max(high, used)
    return float(rng.triangular(low, used, high)) if high > low else used
