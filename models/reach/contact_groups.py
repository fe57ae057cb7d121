"""Segments that share their nodes: the intensities of people and media at which contacts are worked out."""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.frequency import NOBODY, Grid, medium_nodes, person_nodes
from models.reach.gamma import ReachModel


@dataclass(frozen=True, eq=False)
class MediumNodes:
    """One medium's nodes for a group of segments. members: (n,) its vehicles. nodes: (n_g,). weights: (n_g0, n_g)
    of g_m given g0, None where g_m is g0. atom: (n_g0,) mass at g_m = 0."""

    members: IntArray
    nodes: FloatArray
    weights: FloatArray | None
    atom: FloatArray

    def mixed(self, product: FloatArray) -> FloatArray:
        """(n, n_segments, n_g0) from (n, n_segments, n_g): g_m integrated out."""
        if self.weights is None:
            return product
        found = product @ self.weights.T
        found[0] += self.atom
        return np.asarray(found)


@dataclass(frozen=True, eq=False)
class Group:
    """Segments of equal k. segments: (n,) their places among those counted. weight: (n_g0,); atom: mass at g0 = 0.
    first, bend: (n_segments, n_vehicles) of them."""

    segments: IntArray
    weight: FloatArray
    atom: float
    media: tuple[MediumNodes, ...]
    first: FloatArray
    bend: FloatArray


def group_of(
    model: ReachModel, segments: IntArray, places: IntArray, intensity: FloatArray, grid: Grid
) -> Group:
    """Nodes for segments of equal k, dense enough for the largest intensity (n_segments, n_vehicles) of any."""
    c = int(segments[places[0]])
    largest = intensity[places]
    total = float(largest.sum(axis=1).max(initial=0.0))
    g0, weight, atom = person_nodes(float(model.k_person[c]), total if total >= NOBODY else 1.0, grid)
    media = []
    for m in range(model.k_medium.shape[1]):
        members = np.flatnonzero(model.audiences.medium == m)
        k = float(model.k_medium[c, m])
        most = float(largest[:, members].sum(axis=1).max(initial=0.0))
        if np.isinf(k) or most < NOBODY:
            media.append(MediumNodes(members, g0, None, np.zeros(len(g0))))
            continue
        nodes, weights = medium_nodes(k, most, g0, grid)
        media.append(MediumNodes(members, nodes, weights, 1 - weights.sum(axis=1)))
    own = segments[places]
    return Group(places, weight, atom, tuple(media), model.first[own], model.bend[own])
