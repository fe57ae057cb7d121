"""Audiences by hand."""

import numpy as np

from models.arrays import FloatArray
from models.reach.gamma import (
    Audiences,
    Duplication,
    ReachModel,
)


def audiences(
    rating: FloatArray, medium: list[int], repeat: FloatArray | float = 0.5, measured: bool = True
) -> Audiences:
    """Vehicles v0, v1, ... in media m0, m1, ...; rating (n_vehicles,) or (n_segments, n_vehicles)."""
    rating = np.atleast_2d(rating)
    n = rating.shape[1]
    return Audiences(
        tuple(f"v{j}" for j in range(n)),
        tuple(f"m{m}" for m in range(max(medium) + 1)),
        np.array(medium),
        np.linspace(1000.0, 400.0, len(rating)),
        rating,
        np.broadcast_to(np.asarray(repeat, dtype=float), n).copy(),
        np.full(n, measured),
    )


def random_duplication(media: int, segments: int = 1) -> Duplication:
    return Duplication(1.0, np.ones(media), np.ones(segments))


def universe_reach(model: ReachModel, insertions: FloatArray) -> float:
    return float(model.population @ model.reach_shares(insertions) / model.population.sum())


def shared_share(model: ReachModel, i: int, j: int) -> FloatArray:
    """(n_segments,) share met by one insertion in each of two vehicles, by inclusion and exclusion."""
    one = np.eye(len(model.audiences.vehicles))
    together = model.reach_shares(one[i] + one[j])
    return np.asarray(model.reach_shares(one[i]) + model.reach_shares(one[j]) - together)
