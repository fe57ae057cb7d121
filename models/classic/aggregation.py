"""Sequential aggregation: vehicles joined one by one, so that margins are kept and reach is what a formula says.

Assumed: the vehicles joined so far are one, with a distribution of contacts f; the next one, g, meets them so that
together they reach R, given by a reach formula for exactly these vehicles. Among those who meet both, and among those
who meet only one, contacts are spread as in each one's own distribution:

    f+ = f without its zero class / its reach,  g+ likewise;  both = R_f + R_g - R
    joined = (1 - R) at 0  +  (R - R_g) f+  +  (R - R_f) g+  +  both (f+ * g+)          (* : convolution)

The largest vehicle is taken first. Nothing becomes negative, and contacts per head stay sum x p. It works as long as
R lies between the larger of the two reaches and their sum.

Source: Leckenby and Rice (1986), The Declining Reach Phenomenon in Exposure Distribution Models, Journal of Advertising
15(3); Lee (1988) and Kim (2005), dissertations, University of Texas at Austin.
"""

from collections.abc import Callable, Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.classic.schedule import ROUNDING, Schedule
from models.errors import InvalidInput


def largest_first(schedule: Schedule) -> IntArray:
    """(n,) places of the vehicles by rating, equals in their order."""
    return np.argsort(-schedule.rating, kind="stable").astype(np.int64)


def aggregate(
    schedule: Schedule,
    parts: Sequence[FloatArray],
    reach_of: Callable[[IntArray], float],
    order: IntArray,
) -> FloatArray:
    """(N + 1,) share met exactly 0, 1, ..., N times.

    parts: per vehicle (x_i + 1,) its own classes. reach_of: reach of these vehicles (their places) together.
    order: in which they are joined. Raises InvalidInput (subject: the vehicle) where a formula's reach is impossible
    beside the two that are joined.
    """
    joined = parts[order[0]]
    for step in range(1, len(order)):
        place = order[step]
        joined = _join(joined, parts[place], reach_of(order[: step + 1]), schedule.vehicles[place])
    return np.asarray(joined)


def _join(left: FloatArray, right: FloatArray, reach: float, name: str) -> FloatArray:
    reach_left, reach_right = float(left[1:].sum()), float(right[1:].sum())
    low, high = max(reach_left, reach_right), min(1.0, reach_left + reach_right)
    if not low - ROUNDING <= reach <= high + ROUNDING:
        raise InvalidInput(
            f'with "{name}" its formula gives a reach of {reach:.2%}; contacts can be joined between {low:.2%} and '
            f"{high:.2%} only.",
            (name,),
        )
    reach = min(max(reach, low), high)
    joined = np.zeros(len(left) + len(right) - 1)
    joined[0] = 1 - reach
    joined[1 : len(left)] += (reach - reach_right) * left[1:] / reach_left
    joined[1 : len(right)] += (reach - reach_left) * right[1:] / reach_right
    both = (reach_left + reach_right - reach) / (reach_left * reach_right)
    joined[2:] += both * np.convolve(left[1:], right[1:])
    return joined
