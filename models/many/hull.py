"""Points of a frontier and the concave hull above them: where weighted sums of two measures can lead, and where not."""

import numpy as np

from models.arrays import BoolArray, FloatArray

_ON = 1e-9  # of the range: nearer to the hull is on it


def on_hull(x: FloatArray, y: FloatArray) -> BoolArray:
    """Which points (n,), x rising, lie on the least concave curve above all of them.

    >>> on_hull(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 3.0, 3.5, 6.0])).tolist()
    [True, True, False, True]
    """
    return np.asarray(y >= hull_at(x, y, x) - _ON * max(float(np.ptp(y)), 1e-300))


def hull_at(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """Height of that curve at positions `at` within the range of x."""
    corners = _corners(x, y)
    return np.asarray(np.interp(at, x[corners], y[corners]))


def _corners(x: FloatArray, y: FloatArray) -> list[int]:
    """Andrew's monotone chain (1979), its upper half. Of points above each other the highest counts."""
    kept: list[int] = []
    for i in np.lexsort((y, x)).tolist():
        if kept and x[i] == x[kept[-1]]:
            kept.pop()
        while len(kept) >= 2 and _below(x, y, (kept[-2], kept[-1], i)):
            kept.pop()
        kept.append(i)
    return kept


def _below(x: FloatArray, y: FloatArray, three: tuple[int, int, int]) -> bool:
    a, b, c = three
    return bool((x[b] - x[a]) * (y[c] - y[a]) >= (y[b] - y[a]) * (x[c] - x[a]))


def half_point(x: FloatArray, y: FloatArray) -> tuple[float, float] | None:
    """Where the first stretch of that curve ends, and where more of x buys only half the y that it bought there, by the
    curve's slopes; None where it never falls so low. x: rising, (n,).

    >>> half_point(np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 4.0, 7.0, 8.0]))
    (1.0, 2.0)
    """
    corners = _corners(x, y)
    if len(corners) < 3:
        return None
    slopes = np.diff(y[corners]) / np.diff(x[corners])
    low = np.flatnonzero(slopes <= 0.5 * slopes[0])
    return (float(x[corners[1]]), float(x[corners[low[0]]])) if len(low) and slopes[0] > 0 else None
