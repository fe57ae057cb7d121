"""The curves of nested gamma reach (models.reach.gamma): what an intensity reaches, and back.

phi_k(t) = k ln(1 + t/k)   (k infinite: t);      reached(T) = 1 - (1 + T/k)^(-k)
"""

import numpy as np

from models.arrays import FloatArray

_NEARLY_ALL = 1 - 1e-6
_LARGEST = 1e300  # an intensity that reaches everybody, and adds up to a number
K_INFINITE = 1e5  # above this a gamma is a point for every purpose here


def saturate(value: FloatArray, k: FloatArray | float) -> FloatArray:
    """phi_k(t) = k ln(1 + t/k); t where k is infinite.

    >>> float(saturate(np.array(1.0), np.inf))
    1.0
    """
    infinite = np.isinf(k)
    if not infinite.any():
        return np.asarray(k * np.log1p(value / k))
    safe = np.where(infinite, 1.0, k)
    return np.where(infinite, value, safe * np.log1p(value / safe))


def spread(value: FloatArray, k: FloatArray | float) -> FloatArray:
    """The inverse of saturate: k (exp(t/k) - 1)."""
    safe = np.where(np.isinf(k), 1.0, k)
    with np.errstate(over="ignore"):
        return np.where(np.isinf(k), value, np.minimum(safe * np.expm1(value / safe), _LARGEST))


def joined(a: FloatArray, b: FloatArray, k: FloatArray | float) -> FloatArray:
    """saturate(spread(a, k) + spread(b, k), k), of levels that may have no number for an intensity.

    >>> float(joined(np.array(900.0), np.array(1.0), 1.0)), float(joined(np.array(0.2), np.array(0.3), np.inf))
    (900.0, 0.5)
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    safe = np.where(np.isinf(k), 1.0, k)
    more = safe * np.log1p(-np.expm1(-low / safe) * np.exp((low - high) / safe))
    return np.asarray(high + np.where(np.isinf(k), low, more))


def reached(total: FloatArray, k: FloatArray | float) -> FloatArray:
    """1 - (1 + T/k)^(-k); 1 - exp(-T) where k is infinite."""
    return -np.expm1(-saturate(total, k))


def total_for(reach: FloatArray, k: FloatArray | float) -> FloatArray:
    """The inverse of reached: the T that reaches the share `reach`; of everybody the T of nearly everybody."""
    return spread(-np.log1p(-np.minimum(reach, _NEARLY_ALL)), k)


def schedule_intensity(first: FloatArray, bend: FloatArray, insertions: FloatArray) -> FloatArray:
    """s(x) = s1 (1 + ln(x + (1-x) exp(-u)) / u), whole x >= 0; s1*x where u is 0."""
    safe = np.where(bend > 0, bend, 1.0)
    curved = 1 + np.log1p(np.maximum(insertions - 1, 0) * -np.expm1(-safe)) / safe
    return first * np.where(bend > 0, np.where(insertions > 0, curved, 0.0), insertions)


def intensity_of(reach: FloatArray, k_person: FloatArray | float, k_medium: FloatArray | float) -> FloatArray:
    """The S in one medium alone that reaches the share `reach`."""
    return spread(total_for(reach, k_person), k_medium)


def intensity_at(first: FloatArray, bend: FloatArray, amount: FloatArray) -> FloatArray:
    """s of a real amount >= 0, ln(1 + x (exp(u) - 1)) / u times s1: schedule_intensity between whole insertions too.

    >>> float(intensity_at(np.array(0.2), np.array(0.5), np.array(1.0)).round(12))
    0.2
    """
    safe = np.where(bend > 0, bend, 1.0)
    with np.errstate(divide="ignore"):
        grown = np.logaddexp(0.0, np.log(amount) + safe + np.log(-np.expm1(-safe)))
    return np.asarray(first * np.where(bend > 0, grown / safe, amount))


def amount_of(first: FloatArray, bend: FloatArray, intensity: FloatArray) -> FloatArray:
    """The inverse of intensity_at, of intensities up to s1; 0 where s1 is 0.

    >>> amount_of(np.array(0.2), np.array(0.5), np.array([0.0, 0.2])).tolist()
    [0.0, 1.0]
    """
    ratio = np.where(first > 0, intensity / np.where(first > 0, first, 1.0), 0.0)
    safe = np.where(bend > 0, bend, 1.0)
    curved = np.exp(safe * (ratio - 1)) * np.expm1(-safe * ratio) / np.expm1(-safe)
    return np.asarray(np.where(bend > 0, curved, ratio))
