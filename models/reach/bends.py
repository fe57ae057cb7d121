"""How a vehicle's curve bends (u of models.reach.gamma): from its repeat audience, and the contacts of an insertion."""

import numpy as np

from models.arrays import FloatArray
from models.errors import RepeatTooLow
from models.reach.audiences import Audiences
from models.reach.curves import K_INFINITE, intensity_of, reached, saturate, schedule_intensity

_BISECTIONS = 60
_ROOM = 1 + 1e-9  # so that rounding refuses no contacts that were made room for


def bends(audiences: Audiences, k_person: FloatArray, k_medium: FloatArray, first: FloatArray) -> FloatArray:
    """(n_segments, n_vehicles) u, so that two insertions reach 2p - p r. k_person: (n_segments,); k_medium:
    (n_segments, n_media); first: (n_segments, n_vehicles). Raises RepeatTooLow where measured repeat audiences are."""
    p = audiences.rating
    k0, km = k_person[:, None], k_medium[:, audiences.medium]
    least = np.where(p > 0, 2 - reached(saturate(2 * first, km), k0) / np.where(p > 0, p, 1), 0.0)
    repeat = _repeat_by_segment(audiences, least)
    second = intensity_of(p * (2 - repeat), k0, km)
    growth = np.where(first > 0, second / np.where(first > 0, first, 1), 2.0) - 1
    bend = _solve_bend(np.clip(growth, 1e-6, 1.0))
    return np.where((repeat <= least) | (first > K_INFINITE * bend), 0.0, bend)


def room_for_contacts(
    audiences: Audiences, k_person: FloatArray, k_medium: FloatArray, first: FloatArray, bend: FloatArray
) -> tuple[FloatArray, dict[str, float]]:
    """The bends, no smaller than the contacts of an insertion ask for where its repeat audience is assumed; and the
    repeat audiences that this raised, by vehicle.

    Who is met C times where p are met at all has an intensity of C p, which is first (exp(u) - 1) / u at most.
    """
    if audiences.per_person is None:
        return bend, {}
    wanted = audiences.contacts / np.where(first > 0, first, np.inf) * _ROOM
    wanted[:, audiences.repeat_measured | (audiences.per_person <= 1)] = 0.0
    needed = np.maximum(bend, _bend_of_growth(wanted))
    people = audiences.population[:, None] * audiences.rating
    k0, km = k_person[:, None], k_medium[:, audiences.medium]
    raised = {}
    for j in np.flatnonzero((needed > bend).any(axis=0)):
        two = schedule_intensity(first[:, [j]], needed[:, [j]], np.array(2.0))
        met = float(audiences.population @ reached(saturate(two, km[:, [j]]), k0)[:, 0])
        raised[audiences.vehicles[j]] = 2 - met / float(people[:, j].sum())
    return needed, raised


def _bend_of_growth(wanted: FloatArray) -> FloatArray:
    """u with (exp(u) - 1) / u = wanted, by bisection; 0 where wanted is at most 1."""
    low, high = np.zeros_like(wanted), 2 + 2 * np.log(np.maximum(wanted, 1.0))
    for _ in range(_BISECTIONS):
        u = (low + high) / 2
        above = np.expm1(u) > wanted * u
        low, high = np.where(above, low, u), np.where(above, u, high)
    return np.where(wanted > 1, high, 0.0)


def _repeat_by_segment(audiences: Audiences, least: FloatArray) -> FloatArray:
    """r per segment, max(r~, least), with r~ such that the audience-weighted mean is the stated r."""
    people = audiences.population[:, None] * audiences.rating
    share = people / np.maximum(people.sum(axis=0), 1e-300)
    lowest = (share * least).sum(axis=0)
    too_low = np.flatnonzero(audiences.repeat_measured & (audiences.repeat < lowest - 1e-9))
    if len(too_low):
        raise RepeatTooLow({audiences.vehicles[j]: float(lowest[j]) for j in too_low})
    low, high = np.zeros_like(audiences.repeat), np.ones_like(audiences.repeat)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        too_high = (share * np.maximum(middle, least)).sum(axis=0) > audiences.repeat
        high, low = np.where(too_high, middle, high), np.where(too_high, low, middle)
    return np.maximum((low + high) / 2, least)


def _solve_bend(growth: FloatArray) -> FloatArray:
    """u with ln(2 - exp(-u))/u = growth, 0 < growth <= 1 (falling in u), by bisection in log u."""
    low, high = np.full_like(growth, np.log(1e-12)), np.log(np.log(2) / growth + 1e-12)
    for _ in range(_BISECTIONS):
        u = np.exp((low + high) / 2)
        above = np.log1p(-np.expm1(-u)) / u > growth
        low, high = np.where(above, (low + high) / 2, low), np.where(above, high, (low + high) / 2)
    return np.asarray(np.exp((low + high) / 2))
