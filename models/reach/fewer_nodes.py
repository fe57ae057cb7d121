"""Fewer nodes that do the same: of a rule of many nodes those that tell all chances of contacts apart.

Whatever is integrated over an intensity g here is a sum of exp(-g s), 0 <= s <= S, S the intensity of all that may be
bought (a vehicle's term is differences of such, and so are products of terms). These are so much alike that a dozen
nodes tell them apart to 1e-7: an interpolative decomposition (Cheng, Gimbutas, Martinsson and Rokhlin 2005). Nodes are
taken one after the other, each the one of which the others leave most (QR with column pivoting), as many as leave more
than a tolerance; weights follow by least squares. Some may be negative: sums with them are right, each alone is no
probability.
"""

import numpy as np

from models.arrays import FloatArray, IntArray

_PER_E_FOLD = 3.3  # values of s, down to where exp(-g s) is all but 1 - g s
_E_FOLDS = 18


def fewer_nodes(
    nodes: FloatArray, weights: FloatArray, most: float, tolerance: float
) -> tuple[FloatArray, FloatArray]:
    """Some of the nodes (n,) and weights (n_rules, n_some) of theirs, that integrate exp(-g s), 0 <= s <= `most`, as
    weights (n_rules, n) do. tolerance: of the largest column, where nodes end.

    >>> nodes = np.linspace(0.01, 3, 300)
    >>> few, weights = fewer_nodes(nodes, np.full((1, 300), 1 / 300), 2.0, 1e-8)
    >>> len(few), bool(abs(weights @ np.exp(-few) - np.exp(-nodes).mean()) < 1e-7)
    (8, True)
    """
    s = np.append(most * np.exp(-np.arange(_PER_E_FOLD * _E_FOLDS) / _PER_E_FOLD), 0.0)
    values = np.exp(-np.outer(s, nodes))
    kept = _pivots(values * np.abs(weights).max(axis=0), tolerance)
    found = np.linalg.lstsq(values[:, kept], values @ weights.T, rcond=1e-12)[0]
    return nodes[kept], np.asarray(found.T, dtype=float)


def _pivots(columns: FloatArray, tolerance: float) -> IntArray:
    """Places of columns (n_s, n) of which the others leave no more than a tolerance of the largest, rising."""
    left = columns.copy()
    kept: list[int] = []
    size = np.linalg.norm(left, axis=0)
    least = tolerance * size.max()
    while len(kept) < min(columns.shape) and size.max() > least:
        kept.append(int(size.argmax()))
        unit = left[:, kept[-1]] / size.max()
        left -= np.outer(unit, unit @ left)
        left -= np.outer(unit, unit @ left)  # again, for what rounding left
        size = np.linalg.norm(left, axis=0)
    return np.sort(np.array(kept, dtype=np.int64))
