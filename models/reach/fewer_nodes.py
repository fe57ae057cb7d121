"""Fewer nodes that do the same: of a rule of many nodes those that tell all chances of contacts apart.

Whatever is integrated over an intensity g here is a sum of exp(-g s), 0 <= s <= S, S the intensity of all that may be
bought (a vehicle's term is differences of such, and so are products of terms). These are so much alike that a dozen
nodes tell them apart to 1e-7: an interpolative decomposition (Cheng, Gimbutas, Martinsson and Rokhlin 2005). Nodes are
taken one after the other, each the one of which the others leave most (QR with column pivoting), as many as leave more
than a tolerance; weights follow by least squares. Some may be negative: sums with them are right, each alone is no
probability.

Where weights must be probabilities, as in bounds, nodes are left out one at a time: of more nodes than sums differ in
there is a combination that changes none of them, and so much of it is taken as leaves one weight 0 and none below
(Tchakaloff 1957; Caratheodory's theorem). There who is met fewer than n times has to be right as well: sums of
(g s)^a exp(-g s) / a!, a < n, in which what sums of exp(-g s) miss is up to some hundred times as much.
"""

import numpy as np

from models.arrays import FloatArray, IntArray

_PER_E_FOLD = 6  # values of s, down to where exp(-g s) is all but 1 - g s at all nodes: g s so little
_E_FOLDS, _LITTLE = 18, 1e-3  # at least so many
_LOOSE = 1e4  # times a tolerance, what sums may differ by that are told apart first
_FIRST, _MORE = 10.0, 1.15  # the same where weights are looked at; so many times as many next
_ROUNDING = 1e-12


def fewer_nodes(
    nodes: FloatArray, weights: FloatArray, most: float, tolerance: float
) -> tuple[FloatArray, FloatArray]:
    """Some of the nodes (n,) and weights (n_rules, n_some) of theirs, that integrate exp(-g s), 0 <= s <= `most`, as
    weights (n_rules, n) do. tolerance: of the largest column, where nodes end.

    >>> nodes = np.linspace(0.01, 3, 300)
    >>> few, weights = fewer_nodes(nodes, np.full((1, 300), 1 / 300), 2.0, 1e-8)
    >>> len(few), bool(abs(weights @ np.exp(-few) - np.exp(-nodes).mean()) < 1e-7)
    (9, True)
    """
    values = _sums(nodes, most)
    kept = _pivots(values * np.abs(weights).max(axis=0), tolerance)
    found = np.linalg.lstsq(values[:, kept], values @ weights.T, rcond=1e-12)[0]
    return nodes[kept], np.asarray(found.T, dtype=float)


def few_positive(
    nodes: FloatArray, weights: FloatArray, most: float, tolerance: float, times: int = 1
) -> FloatArray:
    """Weights (n_rules, n), none below 0 and most of them 0, that integrate the same as weights (n_rules, n) of these
    nodes (n,) do, to a tolerance: who is met fewer than 1, ..., `times` times.

    >>> nodes = np.linspace(0.01, 3, 300)
    >>> few = few_positive(nodes, np.full((1, 300), 1 / 300), 2.0, 1e-6)[0]
    >>> int((few > 0).sum()), bool(abs(few @ np.exp(-nodes) - np.exp(-nodes).mean()) < 1e-6)
    (6, True)
    """
    values = _sums(nodes, most, times)
    left, size, _ = np.linalg.svd(values, full_matrices=False)
    told, found = (left / size).T @ values, np.empty_like(weights)
    for row, own in enumerate(weights):
        number = int((size > _LOOSE * tolerance).sum())
        found[row] = _left_out(told[:number], own)
        while np.abs(values @ (found[row] - own)).max() > tolerance and number < len(told):
            number += 1
            found[row] = _left_out(told[:number], own)
    return found


def without_needless(values: FloatArray, weights: FloatArray, tolerance: float) -> FloatArray:
    """Weights (n,), none below 0 and most of them 0, of which sums (n_sums, n) are what weights (n,) > 0 say, to a
    tolerance. What they differ in is looked for where weights are large."""
    root = np.sqrt(weights)
    _, size, right = np.linalg.svd(values * root, full_matrices=False)
    told, number = right / root, max(int((size > _FIRST * tolerance).sum()), 1)
    found = _left_out(told[:number], weights)
    while number < len(told) and np.abs(values @ (found - weights)).max() > tolerance:
        number = min(int(_MORE * number) + 1, len(told))
        found = _left_out(told[:number], weights)
    return found


def _left_out(told: FloatArray, weights: FloatArray) -> FloatArray:
    """Weights (n,) with no more above 0 than there are sums (n_sums, n) told apart, which stay. Every change that no
    sum sees is taken as far as a weight is 0; what is left of the others leaves that one alone."""
    found, sums = np.maximum(weights, 0.0), len(told)
    kept = np.flatnonzero(found)
    while len(kept) > sums:
        some = kept[: 2 * sums]  # not more at once: each costs as many steps as there are others
        own, unseen = found[some], np.linalg.qr(told[:, some].T, mode="complete")[0][:, sums:]
        for last in range(unseen.shape[1] - 1, -1, -1):
            place, own = _first_gone(own, unseen[:, last])
            unseen[:, :last] -= np.outer(unseen[:, last] / unseen[place, last], unseen[place, :last])
            unseen[place, :last] = 0.0
        found[some] = own
        kept = np.flatnonzero(found)
    return found


def _first_gone(weights: FloatArray, change: FloatArray) -> tuple[int, FloatArray]:
    """The weight (n,) that a change (n,), one way or the other, makes 0 first, by its place; and all of them then. Of
    the two ways the one in which the weight changes faster: less is lost by rounding."""
    tiny, ends = _ROUNDING * float(np.abs(change).max()), []
    for way in (change, -change):
        falls = way > tiny
        if falls.any():
            steps = np.where(falls, weights / np.where(falls, way, 1.0), np.inf)
            place = int(steps.argmin())
            ends.append((float(way[place]), place, way, float(steps[place])))
    _, place, way, step = max(ends, key=lambda end: end[0])
    after = np.maximum(weights - step * way, 0.0)
    after[place] = 0.0
    return place, after


def _sums(nodes: FloatArray, most: float, times: int = 1) -> FloatArray:
    """(n_s * times, n) chance of fewer than 1, ..., `times` contacts at intensities g s, nodes g (n,)."""
    e_folds = np.log(max(most * float(nodes.max(initial=0.0)) / _LITTLE, 1.0))
    number = _PER_E_FOLD * max(_E_FOLDS, int(np.ceil(e_folds)))
    s = np.append(most * np.exp(-np.arange(number) / _PER_E_FOLD), 0.0)
    intensity = np.outer(s, nodes)
    classes = [np.exp(-intensity)]
    for a in range(1, times):
        classes.append(classes[-1] * intensity / a)
    return np.asarray(np.cumsum(classes, axis=0).reshape(-1, len(nodes)))


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
