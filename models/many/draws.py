"""Values that are known within a range only."""

from numpy.random import Generator


def drawn_triangular(rng: Generator, low: float, used: float, high: float) -> float:
    """A value between low and high, most likely about the one used (which may lie beyond either)."""
    low, high = min(low, used), max(high, used)
    return float(rng.triangular(low, used, high)) if high > low else used
