"""Respondents as a reach model: one segment a respondent, every k infinite, his own probabilities.

    not reached = prod (1 - p_ij)^x_j          the nested gamma model whose k are infinite

So every question that a reach model answers, respondents answer too; what would take long for thousands of segments is
worked out on their few chances above 0 (models.respondents.exposure).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.gamma import Audiences, ReachModel
from models.respondents.exposure import CERTAIN, Exposure, contact_shares, exposure_of
from models.respondents.respondents import Respondents


@dataclass(frozen=True, eq=False)
class RespondentModel(ReachModel):
    """exposure: the same respondents, for sums over them. Every k is infinite; first and bend are not kept (nan)."""

    exposure: Exposure = field(kw_only=True)

    def reach_shares(self, insertions: FloatArray) -> FloatArray:
        """(n,) chance of each respondent to be reached at least once."""
        return self.exposure.reach(insertions)

    def intensity(self, insertions: FloatArray, vehicles: IntArray | slice = slice(None)) -> FloatArray:
        """(n, n_vehicles) l_ij x_j."""
        return np.asarray(self.exposure.columns[:, vehicles].toarray() * insertions)

    def own_distribution(self, insertions: FloatArray, classes: int) -> FloatArray:
        """(n, classes) chance of exactly 0, 1, ... contacts; the last class is "or more"."""
        return contact_shares(self.audiences.rating, insertions, classes)

    def shared_audiences(self, vehicles: IntArray, share: FloatArray) -> FloatArray:
        """(n, n) share of an audience that meets one insertion in each of two vehicles (n,), counted; on the diagonal
        two in one. share: (n_respondents,) of the audience, summing to 1. (models.reach.pairs, of segments.)"""
        chance = self.audiences.rating[:, vehicles]
        return np.asarray(chance.T @ (chance * share[:, None]))


def respondent_model(respondents: Respondents, media: Sequence[str], medium: IntArray) -> RespondentModel:
    """media: labels; medium: (n_vehicles,) index into them."""
    p = np.minimum(respondents.probability, 1 - CERTAIN)
    exposure, n, people = exposure_of(p), len(respondents), respondents.weight
    audience = people @ p
    again = np.divide(people @ p**2, audience, out=np.zeros_like(audience), where=audience > 0)
    audiences = Audiences(
        respondents.vehicles, tuple(media), medium, people, p, np.minimum(again, 1 - CERTAIN),
        np.zeros(len(again), dtype=bool),
    )  # fmt: skip
    infinite = np.full((n, len(media)), np.inf)
    unknown = np.broadcast_to(np.nan, p.shape)
    return RespondentModel(
        audiences, infinite[:, 0].copy(), infinite, unknown, unknown.view(), exposure=exposure
    )
