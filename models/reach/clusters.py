"""Contacts as clusters: an upper limit of who is met n times or more, in sums over vehicles.

Given the intensities of all media, the contacts N_j of vehicles are independent. Let clusters of i contacts come at
independent Poisson rates A_ij >= 0, i = 1..n, "n" being n or more, so that their contacts C_j are no fewer:

    P(C_j <= i) <= P(N_j <= i)      for i = 0..n-1                                                  (1)

Sums of independent numbers keep that order, and sums of Poisson clusters are clusters at the summed rates A_i. So

    P(sum of N_j >= n) <= reached_often(A),      A = sum over vehicles of A_j                         (2)

whatever the plan: all that its n+ reach needs is a sum over its vehicles. `dominating` makes (1) nearly an equality:
a_1 .. a_n are the largest first ones that keep it, all together -ln P(N_j = 0), so that 0 contacts are as likely.
Where that fails (a class leaves no room), clusters are as large as N_j is where it is not 0: the number of clusters is
then 0 as often as N_j, and one alone is N_j.
"""

import numpy as np

from models.arrays import FloatArray

_NEVER, _NOBODY = 1e-280, 1e-9
_ROUNDING = 1e-12


def dominating(classes: FloatArray) -> FloatArray:
    """(n, ...) rates of clusters of 1, ..., n-1 contacts and of n or more, from the chances (n, ...) of 0..n-1.

    >>> dominating(np.array([0.5, 0.3, 0.1])).round(3).tolist()
    [0.6, 0.02, 0.073]
    """
    never = np.clip(classes[0], _NEVER, 1.0)
    rest = -np.log(never)
    rates = np.zeros_like(classes)
    chances, below, allowed = [np.ones_like(never)], np.zeros_like(never), np.zeros_like(never)
    fits = np.ones(never.shape, dtype=bool)
    for k in range(1, len(classes)):
        allowed = allowed + np.maximum(classes[k], 0.0) / never
        smaller = sum((i * rates[i - 1] * chances[k - i] for i in range(1, k)), np.zeros_like(never)) / k
        room = allowed - below - smaller
        fits &= room >= -_ROUNDING
        rates[k - 1] = np.clip(room, 0.0, rest)
        rest = rest - rates[k - 1]
        chances.append(smaller + rates[k - 1])
        below = below + chances[-1]
    rates[-1] = np.maximum(rest, 0.0)
    return np.where(fits, rates, as_large(classes))


def as_large(classes: FloatArray) -> FloatArray:
    """The same, clusters as large as the contacts are where there are any: as often 0, and one alone is all of them. At
    so much of these rates, too, they are no fewer than contacts that so many people have and the others have not."""
    met = 1 - classes[0]
    every = -np.log(np.clip(classes[0], _NEVER, 1.0))
    share = np.where(met > _NOBODY, every / np.maximum(met, _NOBODY), 1.0)
    more = np.maximum(1 - classes.sum(axis=0), 0.0)
    return np.asarray(np.concatenate([np.maximum(classes[1:], 0.0), more[None]]) * share)


def reached_often(rates: FloatArray) -> FloatArray:
    """(...) chance of n contacts or more, from rates (n, ...) of clusters of 1, ..., n-1 and n or more.

    >>> float(reached_often(np.array([0.0, 0.0, 1.0])).round(4))  # one cluster of 3 or more: 1 - 1/e
    0.6321
    """
    return np.asarray(1 - missed(rates))


def missed(rates: FloatArray) -> FloatArray:
    """(...) chance of fewer than n contacts (Panjer 1981)."""
    chances = [np.exp(-rates.sum(axis=0))]
    for k in range(1, len(rates)):
        chances.append(sum(i * rates[i - 1] * chances[k - i] for i in range(1, k + 1)) / k)
    return np.asarray(sum(chances))


def fewer_sizes(rates: FloatArray, most: int) -> FloatArray:
    """(most, ...) where there are more sizes: i of n contacts count as i * most / n of `most`, rounded up, so that n
    or more are `most` or more."""
    n = len(rates)
    if n <= most:
        return rates
    found = np.zeros((most, *rates.shape[1:]))
    for i in range(1, n + 1):
        found[-(-i * most // n) - 1] += rates[i - 1]
    return found
