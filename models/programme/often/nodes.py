"""The people of a plan met n times or more, as sums over vehicles at nodes of intensity (models.reach.clusters).

A node is a segment with an intensity of each of its media. There a level of a vehicle is clusters of contacts at rates
A_j(k), (n,); a plan's are their sum. Of nodes that few people are at nothing is worked out: all of
them count as met.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.often.clock import UNTIMED, Clock
from models.programme.often.levels import Levels, levels_of
from models.reach.clusters import as_large, dominating, fewer_sizes
from models.reach.contact_nodes import ContactNodes, MediumNodes, contact_nodes
from models.reach.frequency import Grid
from models.reach.gamma import ReachModel
from models.reach.vehicle_terms import VehicleTerms

MOST_SIZES = 4  # of clusters: with more, planes take too long
_STRIDE, _LEFT = 3.0, 1e-6  # of nodes, and what those left out may tell more
_UNMET = 2e-4  # chance of contact below which intensities, of all media together, count as 0
_FEW = 3e-5  # of a segment's people, at nodes left out
_ROUNDING = 2e-5  # of the people: what nodes may miss, of the person and up to five media
SPARE = _UNMET + _FEW + _ROUNDING  # share of people who count as met, come what may
_MOST_NODES, _MOST_NUMBERS = 330_000, 30_000_000  # before those of few people are left out; of all rates


class OftenNodes:
    """Of levels of a problem's insertions, people (n_segments,) counted where met `times` times or more.

    weight: (n_nodes,) people (000) at each. sizes: of clusters, so many.
    """

    def __init__(
        self, problem: Problem, people: FloatArray, times: int, levels: Levels, clock: Clock = UNTIMED
    ) -> None:
        self._clock, self._levels = clock, levels
        model, n = problem.model, problem.n_vehicles
        self.segments = np.flatnonzero(people > 0)
        self.people = people[self.segments]
        self._nodes = contact_nodes(
            model, self.segments, np.ceil(problem.system.upper[:n] - 1e-9), _grid(model, times)
        )
        self._medium = [int(model.audiences.medium[lines[0]]) for lines in levels.lines]
        self.sizes = min(times, MOST_SIZES)
        terms = VehicleTerms(model, times, self.segments, self._nodes)
        self._rates = [self._of_levels(terms, place) for place in range(len(levels.lines))]
        places, self._segment, share = _joint(self._nodes, sorted(set(self._medium)), clock)
        shapes = (medium.nodes.shape for medium in self._nodes.media)
        pairs = zip(places, shapes, strict=True)
        # Of each medium's nodes, in one row with a last one of intensity 0.
        self._at = [np.where(p >= 0, self._segment * s[1] + p, s[0] * s[1]) for p, s in pairs]
        self.weight = share * self.people[self._segment]

    def _of_levels(self, terms: VehicleTerms, place: int) -> FloatArray:
        """(n_levels, n_sizes, n_segments, n_g) rates of a vehicle."""
        self._clock.check()
        m, lines, levels = self._medium[place], self._levels.lines[place], self._levels
        found = [self._clusters(terms, m, lines, most) for most in levels.most[place]]
        if levels.parts and len(lines) == 1:
            whole = terms.made(m, lines, np.ones(1))
            found[0] = fewer_sizes(as_large(whole), self.sizes) * levels.most[place][0, 0]
        return np.array(found).reshape(len(found), self.sizes, *self._nodes.media[m].nodes.shape)

    def _clusters(self, terms: VehicleTerms, m: int, lines: IntArray, most: FloatArray) -> FloatArray:
        """(n_sizes, n_segments, n_g) of so many insertions (n_units,)."""
        bought = most > 0
        made = terms.made if (most == np.floor(most)).all() else terms.mixed
        return fewer_sizes(dominating(made(m, lines[bought], most[bought])), self.sizes)

    def rates(self, bought: FloatArray) -> FloatArray:
        """(n_sizes, n_nodes) of a plan, (n_levels of all vehicles,) how much of each level is bought."""
        per_medium = [np.zeros((self.sizes, *medium.nodes.shape)) for medium in self._nodes.media]
        for rates, m, own in zip(self._rates, self._medium, self._of_each(bought), strict=True):
            if own.any():
                per_medium[m] += np.tensordot(own, rates, 1)
        return self._added(per_medium)

    def _of_each(self, values: FloatArray) -> list[FloatArray]:
        """Per vehicle its own of (n_levels of all vehicles,)."""
        return np.split(values, self._levels.begin[1:-1])

    def _added(self, per_medium: Sequence[FloatArray]) -> FloatArray:
        """(..., n_nodes) sums over media of (..., n_segments, n_g)."""
        found = np.zeros((*per_medium[0].shape[:-2], len(self.weight)))
        for own, at in zip(per_medium, self._at, strict=True):
            row = own.reshape(*own.shape[:-2], -1)
            found += np.concatenate([row, np.zeros((*row.shape[:-1], 1))], axis=-1).take(at, axis=-1)
        return found

    def worth(self, price: FloatArray) -> FloatArray:
        """(n_levels of all vehicles,) what each level is worth, from what a cluster of each size is worth at each node,
        (n_sizes, n_nodes)."""
        per_medium = []
        for medium, at in zip(self._nodes.media, self._at, strict=True):
            shape, many = medium.nodes.shape, medium.nodes.size
            own = [np.bincount(at, each, many + 1)[:many].reshape(shape) for each in price]
            per_medium.append(np.array(own))
        each = [np.tensordot(r, per_medium[m], 3) for r, m in zip(self._rates, self._medium, strict=True)]
        return np.concatenate(each) if each else np.zeros(0)

    def at_node(self, node: int, direction: FloatArray) -> FloatArray:
        """(n_levels of all vehicles,) direction . rates of each level at one node."""
        found = []
        for rates, m in zip(self._rates, self._medium, strict=True):
            place, flat = int(self._at[m][node]), rates.reshape(*rates.shape[:2], -1)
            there = place < flat.shape[2]
            found.append(flat[:, :, place] @ direction if there else np.zeros(len(flat)))
        return np.concatenate(found)

    def along(self, direction: FloatArray) -> list[FloatArray]:
        """Per vehicle (n_levels, n_segments, n_g) direction . rates, of a direction (n_sizes,)."""
        return [np.tensordot(rates, direction, (1, 0)) for rates in self._rates]

    def highest(self, along: Sequence[FloatArray], paid: FloatArray) -> FloatArray:
        """(n_nodes,) the most that the levels of a plan, one of each vehicle or none, can have of what is `along` them,
        less what is `paid` for them (n_levels of all vehicles,)."""
        self._clock.check()
        found = [np.zeros(medium.nodes.shape) for medium in self._nodes.media]
        for own, price, m in zip(along, self._of_each(paid), self._medium, strict=True):
            found[m] += np.maximum((own - price[:, None, None]).max(axis=0), 0.0)
        return self._added(found)


def possible(problem: Problem, people: FloatArray, times: int) -> bool:
    """Whether nodes can be worked out: not too many numbers."""
    model, n = problem.model, problem.n_vehicles
    levels = levels_of(problem)
    if times < 2 or not (people > 0).any() or not len(levels):
        return False
    segments = np.flatnonzero(people > 0)
    nodes = contact_nodes(model, segments, np.ceil(problem.system.upper[:n] - 1e-9), _grid(model, times))
    medium = np.array([model.audiences.medium[lines[0]] for lines in levels.lines])
    rules = [[e.weights for e in nodes.media[m].mixtures if e.weights is not None] for m in np.unique(medium)]
    apart = [max(int(np.count_nonzero(w, axis=1).max()) for w in own) + 1 for own in rules if own]
    together = float(np.prod([*nodes.weight.shape, *apart]))
    sizes = np.array([own.nodes.size for own in nodes.media])[medium]
    numbers = float(np.diff(levels.begin) @ sizes) * min(times, MOST_SIZES)
    return together <= _MOST_NODES and numbers <= _MOST_NUMBERS


def _grid(model: ReachModel, times: int) -> Grid:
    """Nobody loses more than _UNMET contacts where the person's intensity, or any medium's, counts as 0."""
    return Grid(_STRIDE, _UNMET / (1 + len(model.audiences.media)), _LEFT, min(times, MOST_SIZES))


def _joint(nodes: ContactNodes, used: Sequence[int], clock: Clock) -> tuple[IntArray, IntArray, FloatArray]:
    """Nodes of all media together: (n_media, n_nodes) places in each medium's own, -1 where its intensity is 0;
    (n_nodes,) segments; (n_nodes,) shares of their people."""
    places, segments, shares = [], [], []
    for c in range(len(nodes.weight)):
        clock.check()
        place, share = _of_segment(nodes, used, c)
        places.append(place)
        shares.append(share)
        segments.append(np.full(len(share), c))
    return np.concatenate(places, axis=1), np.concatenate(segments), np.concatenate(shares)


def _occurring(persons: FloatArray, rows: Sequence[FloatArray]) -> tuple[IntArray, FloatArray]:
    """(1 + n_media, n) nodes of the person and of each medium apart, all that occur together, and their weights (n,).
    persons: (n_g0,) weights; rows: of each medium (n_g0, n_g)."""
    places, shares = [], []
    for i in np.flatnonzero(persons):
        at = [np.flatnonzero(row[i]) for row in rows]
        share = persons[i : i + 1]
        for row, own in zip(rows, at, strict=True):
            share = np.multiply.outer(share, row[i, own])
        grid = np.meshgrid(np.array([i]), *at, indexing="ij")
        places.append(np.array(grid).reshape(len(grid), -1))
        shares.append(share.ravel())
    return np.concatenate(places, axis=1), np.concatenate(shares)


def _of_segment(nodes: ContactNodes, used: Sequence[int], c: int) -> tuple[IntArray, FloatArray]:
    """The same of one segment."""
    apart = [m for m in used if _weights(nodes.media[m], c) is not None]
    as_people = [m for m in used if m not in apart]  # their intensity is the person's
    joint, flat = _occurring(
        nodes.weight[c], [_with_atom(nodes.media[m], c, nodes.weight.shape[1]) for m in apart]
    )
    if not as_people:  # of whatever persons
        joint[0] = 0
        joint, of = np.unique(joint, axis=1, return_inverse=True)
        flat = np.asarray(np.bincount(of.ravel(), flat), dtype=float)
    order = np.argsort(flat)
    kept = np.sort(order[np.cumsum(flat[order]) > _FEW])
    found = np.full((len(nodes.media), len(kept)), -1)
    for m, own in zip(apart, joint[1:, kept], strict=True):
        found[m] = np.where(own < nodes.media[m].nodes.shape[1], own, -1)
    for m in as_people:
        found[m] = joint[0, kept]
    return found, flat[kept]


def _weights(medium: MediumNodes, c: int) -> FloatArray | None:
    return next(mixture.weights for mixture in medium.mixtures if c in mixture.places)


def _with_atom(medium: MediumNodes, c: int, n_g0: int) -> FloatArray:
    """(n_g0, n_g + 1) weights of a medium's nodes and of intensity 0, given the person's."""
    weights = _weights(medium, c)
    assert weights is not None
    found = np.zeros((n_g0, medium.nodes.shape[1] + 1))
    found[: len(weights), : weights.shape[1]] = weights
    found[:, -1] = medium.atom[c]
    return found
