"""The intensities of people and media at which contacts are worked out: for all segments at once.

Segments of equal k share their nodes. Others have more or fewer of them; the arrays of all are as long as the longest,
and what is beyond a segment's own is an intensity of 0 with a weight of 0, which nothing comes from.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.fewer_nodes import few_positive, fewer_nodes
from models.reach.frequency import NOBODY, Grid, medium_nodes, person_nodes
from models.reach.gamma import ReachModel


@dataclass(frozen=True, eq=False)
class Mixture:
    """Segments of equal k, by their places, and how g_m follows from g0 there. weights: (n_g0, n_g) of g_m given g0,
    None where g_m is g0."""

    places: IntArray
    weights: FloatArray | None


@dataclass(frozen=True, eq=False)
class MediumNodes:
    """One medium's nodes. members: (n,) its vehicles. nodes: (n_segments, n_g). mixtures: of all segments. atom:
    (n_segments, n_g0) mass at g_m = 0."""

    members: IntArray
    nodes: FloatArray
    mixtures: tuple[Mixture, ...]
    atom: FloatArray

    def mixture(self, place: int) -> FloatArray | None:
        """(n_g0, n_g) weights of g_m given g0 of a segment; None where g_m is g0."""
        return next(mixture.weights for mixture in self.mixtures if place in mixture.places)

    def mixed(self, product: FloatArray) -> FloatArray:
        """(n, n_segments, n_g0) from (n, n_segments, n_g): g_m integrated out."""
        found = np.zeros((len(product), *self.atom.shape))
        for mixture in self.mixtures:
            own = product[:, mixture.places]
            if mixture.weights is None:
                n_g = min(own.shape[2], found.shape[2])
                found[:, mixture.places, :n_g] = own[:, :, :n_g]
            else:
                n_g0, n_g = mixture.weights.shape
                found[:, mixture.places, :n_g0] = own[:, :, :n_g] @ mixture.weights.T
        found[0] += self.atom
        return found

    def spread(self, price: FloatArray) -> FloatArray:
        """(n, n_segments, n_g) from (n, n_segments, n_g0): what each class of the medium's product is worth, from what
        it is worth with g_m integrated out."""
        found = np.zeros((len(price), *self.nodes.shape))
        for mixture in self.mixtures:
            own = price[:, mixture.places]
            if mixture.weights is None:
                n_g = min(own.shape[2], found.shape[2])
                found[:, mixture.places, :n_g] = own[:, :, :n_g]
            else:
                n_g0, n_g = mixture.weights.shape
                found[:, mixture.places, :n_g] = own[:, :, :n_g0] @ mixture.weights
        return found


@dataclass(frozen=True, eq=False)
class ContactNodes:
    """Of some segments of a model. groups: those of equal k, by their places. g0, weight: (n_segments, n_g0); atom:
    (n_segments,) mass at g0 = 0. first, bend: (n_segments, n_vehicles) of them."""

    groups: tuple[IntArray, ...]
    g0: FloatArray
    weight: FloatArray
    atom: FloatArray
    media: tuple[MediumNodes, ...]
    first: FloatArray
    bend: FloatArray


def contact_nodes(model: ReachModel, segments: IntArray, most: FloatArray, grid: Grid) -> ContactNodes:
    """Nodes for these segments of the model, dense enough for schedules of at most `most` (n_vehicles,) insertions."""
    intensity = model.intensity(most)[segments]
    keys = np.column_stack([model.k_person, model.k_medium])[segments]
    _, group = np.unique(keys, axis=0, return_inverse=True)
    groups = [np.flatnonzero(group.ravel() == g) for g in range(int(group.max(initial=-1)) + 1)]
    people = [_of_people(model, segments, places, intensity) for places in groups]
    persons = [_of_person(k, total, grid) for k, total in people]
    longest = max((len(g0) for g0, _, _ in persons), default=0)
    nodes, weight = np.zeros((2, len(segments), longest))
    atom = np.zeros(len(segments))
    for places, (g0, weights, rest) in zip(groups, persons, strict=True):
        nodes[places, : len(g0)], weight[places, : len(g0)], atom[places] = g0, weights, rest
    g0s = [g0 for g0, _, _ in persons]
    media = tuple(
        _medium(model, m, segments, groups, g0s, intensity, grid) for m in range(model.k_medium.shape[1])
    )
    return ContactNodes(
        tuple(groups), nodes, weight, atom, media, model.first[segments], model.bend[segments]
    )


def _of_people(
    model: ReachModel, segments: IntArray, places: IntArray, intensity: FloatArray
) -> tuple[float, float]:
    """k of a group of segments and the largest intensity of any."""
    total = float(intensity[places].sum(axis=1).max(initial=0.0))
    return float(model.k_person[segments[places[0]]]), total if total >= NOBODY else 1.0


def _of_person(k: float, total: float, grid: Grid) -> tuple[FloatArray, FloatArray, float]:
    """Nodes and weights of g0, and the mass left at 0."""
    nodes, weights, atom = person_nodes(k, total, grid)
    if grid.left is None:
        return nodes, weights, atom
    nodes, few = _few(nodes, weights[None], total, grid)
    return nodes, few[0], 1 - float(few.sum())


def _of_medium(k: float, total: float, g0: FloatArray, grid: Grid) -> tuple[FloatArray, FloatArray | None]:
    """Nodes of g_m and their weights (n_g0, n_g), None where it is g0."""
    if np.isinf(k) or total < NOBODY:
        return g0, None
    nodes, weights = medium_nodes(k, total, g0, grid)
    return (nodes, weights) if grid.left is None else _few(nodes, weights, total, grid)


def _few(nodes: FloatArray, weights: FloatArray, most: float, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Some of the nodes (n,), and their weights (n_rules, n_some) in place of weights (n_rules, n)."""
    assert grid.left is not None
    if not grid.positive:
        return fewer_nodes(nodes, weights, most, grid.left)
    few = few_positive(nodes, weights, most, grid.left, grid.positive)
    used = few.any(axis=0)
    return nodes[used], few[:, used]


def _medium(
    model: ReachModel,
    m: int,
    segments: IntArray,
    groups: list[IntArray],
    g0s: list[FloatArray],
    intensity: FloatArray,
    grid: Grid,
) -> MediumNodes:
    members = np.flatnonzero(model.audiences.medium == m)
    made = []
    for places, g0 in zip(groups, g0s, strict=True):
        k = float(model.k_medium[segments[places[0]], m])
        most = float(intensity[places][:, members].sum(axis=1).max(initial=0.0))
        made.append(_of_medium(k, most, g0, grid))
    nodes = np.zeros((len(segments), max((len(n) for n, _ in made), default=0)))
    atom = np.zeros((len(segments), max((len(g0) for g0 in g0s), default=0)))
    for places, g0, (own_nodes, weights) in zip(groups, g0s, made, strict=True):
        nodes[places, : len(own_nodes)] = own_nodes
        if weights is not None:
            atom[places, : len(g0)] = 1 - weights.sum(axis=1)
    mixtures = tuple(Mixture(places, weights) for places, (_, weights) in zip(groups, made, strict=True))
    return MediumNodes(members, nodes, mixtures, atom)
