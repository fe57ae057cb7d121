"""What a calibrated population says of pairs: who meets one insertion in each of two vehicles, or two in one.

    d_ij = R(one in i) + R(one in j) - R(one in each),    d_jj = 2 R(one in j) - R(two in j)

in each segment, by the nested gamma model's exact reach, and summed over the segments of an audience. These are
the duplications and repeat audiences that the classic models (models/classic) ask for.
"""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.gamma import ReachModel, reached, saturate


def shared_audiences(model: ReachModel, vehicles: IntArray, share: FloatArray) -> FloatArray:
    """(n, n) share of an audience that meets one insertion in each of two vehicles; on the diagonal two in one.

    vehicles: (n,) places. share: (n_segments,) of the audience, summing to 1. Symmetric.
    """
    medium = model.audiences.medium[vehicles]
    same_medium = medium[:, None] == medium[None, :]
    shared = np.zeros((len(vehicles), len(vehicles)))
    one = np.ones(len(model.audiences.vehicles))
    once_each, twice_each = model.alone(one)[:, vehicles], model.alone(2 * one)[:, vehicles]
    for c in np.flatnonzero(share > 0):
        k0, km = float(model.k_person[c]), model.k_medium[c, medium]
        once = once_each[c]
        alone = saturate(once, km)
        together = np.where(
            same_medium, saturate(once[:, None] + once[None, :], km[:, None]), alone[:, None] + alone[None, :]
        )
        for a, b in _same_vehicle(model, vehicles):
            together[a, b] = saturate(_both(model, int(c), int(vehicles[a]), int(vehicles[b])), km[a])
        np.fill_diagonal(together, saturate(twice_each[c], km))
        p = reached(alone, k0)
        shared += share[c] * np.maximum(p[:, None] + p[None, :] - reached(together, k0), 0.0)
    return shared


def _same_vehicle(model: ReachModel, vehicles: IntArray) -> Iterator[tuple[int, int]]:
    """Places of two units of one vehicle."""
    if model.units is None:
        return
    of = model.units.of[vehicles]
    for a, b in zip(*np.nonzero((of[:, None] == of[None, :]) & (of[:, None] >= 0)), strict=True):
        if a != b:
            yield int(a), int(b)


def _both(model: ReachModel, c: int, a: int, b: int) -> FloatArray:
    """Intensity in a segment of one insertion in each of two units of one vehicle."""
    assert model.units is not None
    return np.array(model.units.occasions(np.array([c]), np.array(sorted((a, b)))).level(np.ones(2))[0])
