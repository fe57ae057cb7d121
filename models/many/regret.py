"""Regret: by what share of it each plan is worth less than the best under the same assumptions (Savage 1951)."""

import numpy as np

from models.arrays import FloatArray


def regrets(worth: FloatArray, best: FloatArray) -> FloatArray:
    """(n_plans, n_sets) shares, from worth (n_plans, n_sets) and the best known of each set (n_sets,), which is never
    less than any plan there.

    >>> regrets(np.array([[90.0, 50.0], [100.0, 40.0]]), np.array([100.0, 50.0])).tolist()
    [[0.1, 0.0], [0.0, 0.2]]
    """
    best = np.maximum(best, worth.max(axis=0))
    return np.asarray((best - worth) / np.maximum(np.abs(best), 1e-300))


def minimax(regret: FloatArray) -> int:
    """The plan whose largest regret is least; of several the first.

    >>> minimax(np.array([[0.1, 0.0], [0.0, 0.2]]))
    0
    """
    return int(np.argmin(regret.max(axis=1)))
