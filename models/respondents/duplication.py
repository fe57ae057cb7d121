"""How much more often than by chance two vehicles share a person, counted on respondents (design: duplication of
viewing law, Goodhardt and Ehrenberg 1969).

With shares of people s_ij that one insertion in each of i and j meets, ratings p, over the pairs of a group

    D = sum s_ij / sum p_i p_j

a trait's excess beside everyone's, over the pairs of all groups, with D_ij that of the pair's group among all:

    f_t = sum (s_ij|t - p_i|t p_j|t) / sum (D_ij - 1) p_i|t p_j|t
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray


def shared_people(weight: FloatArray, probability: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n_vehicles, n_vehicles) share of people whom one insertion in each meets, and (n_vehicles,) ratings.

    weight: (n,) > 0. probability: (n, n_vehicles).

    >>> shared, rating = shared_people(np.ones(4), np.array([[1.0, 1], [1, 1], [0, 0], [0, 0]]))
    >>> float(shared[0, 1]), rating.tolist()
    (0.5, [0.5, 0.5])
    """
    weighted = probability * (weight / weight.sum())[:, None]
    return np.asarray(weighted.T @ probability), np.asarray(weighted.sum(axis=0))


def group_duplications(
    shared: FloatArray, rating: FloatArray, group: Sequence[str]
) -> tuple[dict[str, float], float | None]:
    """The duplication within each group that has two vehicles with people, and between groups (None: one group).

    group: per vehicle, its medium.
    """
    names = np.array(group)
    upper = np.triu(np.ones_like(shared, dtype=bool), 1)
    same = names[:, None] == names[None, :]
    within = {
        name: duplication
        for name in dict.fromkeys(group)
        if (duplication := _pooled(shared, rating, upper & same & (names == name)[:, None])) is not None
    }
    return within, _pooled(shared, rating, upper & ~same)


def _pooled(shared: FloatArray, rating: FloatArray, pairs: BoolArray) -> float | None:
    chance = float(np.outer(rating, rating)[pairs].sum())
    return float(shared[pairs].sum()) / chance if chance > 0 else None


def excess_factor(
    weight: FloatArray, probability: FloatArray, members: BoolArray, everyones: FloatArray
) -> float | None:
    """A trait's excess duplication beside everyone's; None where everyone's is none.

    members: (n,) who has the trait. everyones: (n_vehicles, n_vehicles) duplication of each pair's group among all.
    """
    shared, rating = shared_people(weight[members], probability[members])
    upper = np.triu(np.ones_like(shared, dtype=bool), 1)
    chance = np.outer(rating, rating)
    expected = float(((everyones - 1) * chance)[upper].sum())
    return float((shared - chance)[upper].sum()) / expected if expected > 0 else None
