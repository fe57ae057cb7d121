"""Polynomials in z cut off at degree n-1, coefficients (..., n, n_segments, n_g): products are exact below n."""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray

_NEVER = 1e-12  # chance of no contact below which others are not told apart


def multiplied(a: FloatArray, b: FloatArray) -> FloatArray:
    """Their product, (n, ...)."""
    found = a * b[0]
    for i in range(1, len(b)):
        found[i:] += a[: len(a) - i] * b[i]
    return np.asarray(found)


def product_of(factors: Sequence[FloatArray]) -> FloatArray | None:
    """Their product; None where there are none."""
    if not factors:
        return None
    found = factors[0]
    for factor in factors[1:]:
        found = multiplied(found, factor)
    return found


def correlated(loss: FloatArray, factor: FloatArray) -> FloatArray:
    """What each class of one factor loses, from what each class of the product loses: sum_l loss[a+l] factor[l].
    loss: (n, ...); factor: the same, or several of them."""
    n = len(loss)
    found = loss * factor[..., :1, :, :]
    for i in range(1, n):
        found[..., : n - i, :, :] += loss[i:] * factor[..., i : i + 1, :, :]
    return np.asarray(found)


def leaving_out(factors: FloatArray) -> FloatArray:
    """Per factor (first axis) the product of all others."""
    found = np.zeros_like(factors)
    found[:, 0] = 1.0
    for i in range(1, len(factors)):
        found[i] = multiplied(found[i - 1], factors[i - 1])
    after = factors[-1]
    for i in range(len(factors) - 2, -1, -1):
        found[i] = multiplied(found[i], after)
        after = multiplied(after, factors[i])
    return found


def divided(product: FloatArray, factors: FloatArray) -> FloatArray:
    """The same by long division, all at once: fast, but roundings grow as people met for certain are few."""
    found = np.empty_like(factors)
    never = 1 / np.maximum(factors[:, 0], _NEVER)
    for a in range(len(product)):
        rest = found[:, a]
        rest[:] = product[a]
        for i in range(1, a + 1):
            rest -= factors[:, i] * found[:, a - i]
        np.maximum(rest, 0.0, out=rest)
        rest *= never
    return np.minimum(found, 1.0, out=found)
