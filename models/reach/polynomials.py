"""Polynomials in z cut off at degree n-1, coefficients (..., n, n_segments, n_g): products are exact below n."""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray


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


def divided(product: FloatArray, factor: FloatArray) -> FloatArray:
    """The power series, (n, ...), that a factor is multiplied by to give a product: long division."""
    found = np.empty_like(product)
    for a in range(len(product)):
        rest = product[a] - (factor[a:0:-1] * found[:a]).sum(axis=0)
        found[a] = rest / factor[0]
    return found
