"""What a calibrated population says of pairs: who meets one insertion in each of two vehicles, or two in one.

    d_ij = R(one in i) + R(one in j) - R(one in each),    d_jj = 2 R(one in j) - R(two in j)

in each segment, by the nested gamma model's exact reach, and summed over the segments of an audience. These are
the duplications and repeat audiences that the classic models (models/classic) ask for.
"""

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.gamma import ReachModel, reached, saturate, schedule_intensity


def shared_audiences(model: ReachModel, vehicles: IntArray, share: FloatArray) -> FloatArray:
    """(n, n) share of an audience that meets one insertion in each of two vehicles; on the diagonal two in one.

    vehicles: (n,) places. share: (n_segments,) of the audience, summing to 1. Symmetric.
    """
    medium = model.audiences.medium[vehicles]
    same_medium = medium[:, None] == medium[None, :]
    shared = np.zeros((len(vehicles), len(vehicles)))
    for c in np.flatnonzero(share > 0):
        k0, km = float(model.k_person[c]), model.k_medium[c, medium]
        once, bend = model.first[c, vehicles], model.bend[c, vehicles]
        alone = saturate(once, km)
        together = np.where(
            same_medium, saturate(once[:, None] + once[None, :], km[:, None]), alone[:, None] + alone[None, :]
        )
        twice = saturate(schedule_intensity(once, bend, np.full(len(vehicles), 2.0)), km)
        np.fill_diagonal(together, twice)
        p = reached(alone, k0)
        shared += share[c] * np.maximum(p[:, None] + p[None, :] - reached(together, k0), 0.0)
    return shared
