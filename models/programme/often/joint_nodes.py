"""Nodes of all media together, and few of them: a person's chance of contacts, integrated over all intensities at once.

Given the person's intensity each medium has nodes of its own, so together they are a product: five media of eight nodes
each have 30,000, times those of the person. What is integrated there, though, is told apart by few. With media whose
intensities are g_m it is made of

    product over media of  exp(-g_m s_m) (g_m s_m)^b_m / b_m!,    0 <= s_m <= S_m,

of fewer than n contacts together (models.reach.fewer_nodes has one medium). So media are joined one after the other,
and after each the nodes are left out that such sums do not need (Tchakaloff 1957; by the null space of what they say,
as Litterer and Lyons 2012, "High order recombination and an application to cubature on Wiener space", leave out points
of a measure). What media to come have follows from the person's intensity g0 alone, gamma mixtures of exp(-g s), which
are sums in g0 of the same kind: until all are joined, g0 is one more intensity. Weights stay chances.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from models.arrays import FloatArray, IntArray
from models.programme.often.clock import Clock
from models.reach.contact_nodes import ContactNodes, MediumNodes
from models.reach.fewer_nodes import without_needless
from models.reach.polynomials import multiplied

FEW = 3e-5  # of a segment's people, at nodes left out
MISSED = 5e-5  # of a segment's people: what the nodes left may tell wrong (tested)
_TOLERANCE = 1e-5  # of the sums that are compared
_TRIED, _E_FOLDS, _NONE = 100, 7.0, 0.2  # sums for each medium; how far down; share of media with s_m = 0
_ENOUGH = 40  # nodes that need not be fewer


@dataclass(frozen=True, eq=False)
class JointNodes:
    """places: (n_media, n_nodes) of each medium's own nodes, -1 where its intensity is 0. segment: (n_nodes,) by place
    among those counted. share: (n_nodes,) of its people."""

    places: IntArray
    segment: IntArray
    share: FloatArray


def joint_nodes(
    nodes: ContactNodes, most: FloatArray, used: Sequence[int], times: int, clock: Clock
) -> JointNodes:
    """Of all segments. most: (n_segments, n_media) intensity of all that may be bought. used: media with vehicles.
    Raises Late."""
    places, segments, shares = [], [], []
    for own in nodes.groups:
        clock.check()
        place, share = _of_group(nodes, int(own[0]), most[own].max(axis=0), used, times, clock)
        places.append(np.tile(place, len(own)))
        shares.append(np.tile(share, len(own)))
        segments.append(np.repeat(own, len(share)))
    return JointNodes(np.concatenate(places, axis=1), np.concatenate(segments), np.concatenate(shares))


def _of_group(
    nodes: ContactNodes, c: int, most: FloatArray, used: Sequence[int], times: int, clock: Clock
) -> tuple[IntArray, FloatArray]:
    """(n_media, n) places and (n,) shares of segments that are like segment c. most: (n_media,)."""
    apart = sorted((m for m in used if nodes.media[m].mixture(c) is not None), key=lambda m: float(most[m]))
    person = np.flatnonzero(nodes.weight[c])
    share, joined = nodes.weight[c, person], np.zeros((0, len(person)), dtype=np.int64)
    intensity = np.zeros((0, len(person)))
    for number, m in enumerate(apart, 1):
        clock.check()
        rows, own = _with_atom(nodes.media[m], c), np.append(nodes.media[m].nodes[c], 0.0)
        before, place = np.nonzero(rows[person])
        share = share[before] * rows[person[before], place]
        person, joined = person[before], np.vstack([joined[:, before], place])
        intensity = np.vstack([intensity[:, before], own[place]])
        told, limits = intensity, most[apart[:number]]
        to_come = float(sum(most[other] for other in used if other not in apart[:number]))
        if to_come > 0:
            told, limits = np.vstack([told, nodes.g0[c, person]]), np.append(limits, to_come)
        share = _few(told, share, limits, FEW / len(apart), times)
        kept = np.flatnonzero(share)
        share, person, joined, intensity = share[kept], person[kept], joined[:, kept], intensity[:, kept]
    found = np.full((len(nodes.media), len(share)), -1)
    found[[m for m in used if m not in apart]] = person  # their intensity is the person's
    for m, place in zip(apart, joined, strict=True):
        found[m] = np.where(place < nodes.media[m].nodes.shape[1], place, -1)
    return found, share


def _few(intensity: FloatArray, share: FloatArray, most: FloatArray, left: float, times: int) -> FloatArray:
    """Shares (n,) of fewer nodes, 0 elsewhere. left: share of people at nodes left out first."""
    order = np.argsort(share)
    kept = np.sort(order[np.cumsum(share[order]) > left])
    found = np.zeros(len(share))
    found[kept] = share[kept]
    if len(kept) > _ENOUGH:
        sums = _sums(intensity[:, kept], most, times)
        found[kept] = without_needless(sums, share[kept], _TOLERANCE)
    return found


def _sums(intensity: FloatArray, most: FloatArray, times: int) -> FloatArray:
    """(n_sums, n) chances of fewer than 1, ..., `times` contacts at nodes, for media bought in many ways: little or
    much, their contacts one by one or in clusters."""
    rng, tried = np.random.default_rng(0), _TRIED * len(most)
    shape = (tried, len(most))
    bought = most * np.exp(-_E_FOLDS * rng.random(shape) ** 2) * (rng.random(shape) >= _NONE)
    bought = np.concatenate([np.zeros((1, len(most))), np.diag(most), most[None], bought])
    sizes = rng.integers(1, times + 1, bought.shape)
    each = zip(bought.T, intensity, sizes.T, strict=True)
    classes = [_clusters(np.outer(own, at), size, times) for own, at, size in each]
    return np.asarray(np.cumsum(reduce(multiplied, classes), axis=0).reshape(-1, intensity.shape[1]))


def _clusters(mean: FloatArray, size: IntArray, times: int) -> FloatArray:
    """(times, n_tried, n) chances of 0, 1, ... contacts in clusters of a size (n_tried,), so many in the mean."""
    found, chance = np.zeros((times, *mean.shape)), np.exp(-mean)
    for number in range(times):
        for a in np.unique(number * size[number * size < times]):
            own = number * size == a
            found[a, own] = chance[own]
        chance = chance * mean / (number + 1)
    return found


def _with_atom(medium: MediumNodes, c: int) -> FloatArray:
    """(n_g0, n_g + 1) weights of a medium's nodes and of intensity 0, given the person's."""
    weights, n_g0 = medium.mixture(c), medium.atom.shape[1]
    assert weights is not None
    found = np.zeros((n_g0, medium.nodes.shape[1] + 1))
    found[: len(weights), : weights.shape[1]] = weights
    found[:, -1] = medium.atom[c]
    return found
