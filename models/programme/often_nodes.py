"""The people of a plan met n times or more, as sums over vehicles at nodes of intensity (models.reach.clusters).

A node is a segment with an intensity of each of its media. There a vehicle's insertions, k of them, are clusters of
contacts at rates A_j(k), (n,); a plan's are their sum. Of nodes that few people are at nothing is worked out: all of
them count as met.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.clock import UNTIMED, Clock
from models.reach.clusters import dominating, fewer_sizes
from models.reach.contact_nodes import ContactNodes, MediumNodes, contact_nodes
from models.reach.frequency import Grid
from models.reach.gamma import ReachModel
from models.reach.vehicle_terms import VehicleTerms

MOST_SIZES = 4  # of clusters: with more, planes take too long
_STRIDE = 3.0  # of nodes
_UNMET = 2e-4  # chance of contact below which intensities, of all media together, count as 0
_FEW = 3e-5  # of a segment's people, at nodes left out
_ROUNDING = 1e-5  # of the people: what nodes may miss
SPARE = _UNMET + _FEW + _ROUNDING  # share of people who count as met, come what may
_EXACT, _LONGER = (
    16,
    1.1,
)  # numbers of insertions of their own; beyond, how much longer each stretch of them is
_MOST_NODES, _MOST_NUMBERS = 1_800_000, 30_000_000  # of a segment; of all rates
_PRICES = np.geomspace(0.005, 30.0, 20)  # of all money


class OftenNodes:
    """Of whole insertions of a problem, people (n_segments,) counted where met `times` times or more.

    weight: (n_nodes,) people (000) at each. first: per vehicle (n_levels,) fewest insertions of each level; the rates
    of its most count for all of them. levels: (n_vehicles + 1,) where each vehicle's begin.
    """

    def __init__(self, problem: Problem, people: FloatArray, times: int, clock: Clock = UNTIMED) -> None:
        self._clock = clock
        model, n = problem.model, problem.n_vehicles
        self.segments = np.flatnonzero(people > 0)
        self.people = people[self.segments]
        most = np.floor(problem.system.upper[:n] + 1e-9)
        self._nodes = contact_nodes(model, self.segments, most, _grid(model))
        self._medium = model.audiences.medium
        ends = [_ends(int(upper)) for upper in most]
        self.first = [np.concatenate([[1], own[:-1] + 1])[: len(own)] for own in ends]
        self.levels = np.concatenate([[0], np.cumsum([len(own) for own in ends])])
        self.sizes = min(times, MOST_SIZES)
        terms = VehicleTerms(model, times, self.segments, self._nodes)
        self._rates = [self._made(terms, j, own) for j, own in enumerate(ends)]
        used = sorted({int(self._medium[j]) for j, own in enumerate(ends) if len(own)})
        places, self._segment, share = _joint(self._nodes, used, clock)
        shapes = (medium.nodes.shape for medium in self._nodes.media)
        pairs = zip(places, shapes, strict=True)
        # Of each medium's nodes, in one row with a last one of intensity 0.
        self._at = [np.where(p >= 0, self._segment * s[1] + p, s[0] * s[1]) for p, s in pairs]
        self.weight = share * self.people[self._segment]

    def _made(self, terms: VehicleTerms, j: int, ends: IntArray) -> FloatArray:
        """(n_levels, n_sizes, n_segments, n_g) rates of a vehicle."""
        self._clock.check()
        m = int(self._medium[j])
        each = [
            fewer_sizes(dominating(terms.made(m, np.array([j]), np.array([float(k)]))), self.sizes)
            for k in ends.tolist()
        ]
        shape = (len(ends), self.sizes, *self._nodes.media[m].nodes.shape)
        return np.array(each).reshape(shape)

    def rates(self, bought: FloatArray) -> FloatArray:
        """(n_sizes, n_nodes) of a plan, (n_levels of all vehicles,) how much of each level is bought."""
        per_medium = [np.zeros((self.sizes, *medium.nodes.shape)) for medium in self._nodes.media]
        for j, rates in enumerate(self._rates):
            own = bought[self.levels[j] : self.levels[j + 1]]
            if own.any():
                per_medium[self._medium[j]] += np.tensordot(own, rates, 1)
        return self._added(per_medium)

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
        each = [np.tensordot(r, per_medium[self._medium[j]], 3) for j, r in enumerate(self._rates) if len(r)]
        return np.concatenate(each) if each else np.zeros(0)

    def most(self, direction: FloatArray, cost: FloatArray, money: float) -> FloatArray:
        """(n_nodes,) no plan with cost . x <= money has more of direction . rates, (n_sizes,) >= 0: the dual of a
        choice of levels for each vehicle, the least of what a few prices of money leave."""
        every = [np.tensordot(rates, direction, (1, 0)) for rates in self._rates]
        least = np.full(len(self.weight), np.inf)
        for price in _PRICES / max(money, 1e-300):
            self._clock.check()
            gained = [np.zeros(medium.nodes.shape) for medium in self._nodes.media]
            for j, own in enumerate(every):
                if len(own):
                    paid = price * cost[j] * self.first[j]
                    gained[self._medium[j]] += np.maximum((own - paid[:, None, None]).max(axis=0), 0.0)
            least = np.minimum(least, self._added(gained) + price * money)
        return least


def possible(problem: Problem, people: FloatArray, times: int) -> bool:
    """Whether nodes can be worked out: whole insertions, each vehicle of one unit, and not too many numbers."""
    model, n = problem.model, problem.n_vehicles
    if not problem.whole or model.units is not None or times < 2 or not (people > 0).any():
        return False
    segments, most = np.flatnonzero(people > 0), np.floor(problem.system.upper[:n] + 1e-9)
    nodes = contact_nodes(model, segments, most, _grid(model))
    used = np.unique(model.audiences.medium[most > 0])
    apart = [nodes.media[m] for m in used if any(e.weights is not None for e in nodes.media[m].mixtures)]
    many = [medium.nodes.shape[1] + 1 for medium in apart]
    together = nodes.weight.shape[1] * float(np.prod(many))
    sizes = np.array([medium.nodes.size for medium in nodes.media])[model.audiences.medium]
    each = [len(_ends(int(upper))) * int(size) for upper, size in zip(most, sizes, strict=True)]
    return together <= _MOST_NODES and sum(each) * min(times, MOST_SIZES) <= _MOST_NUMBERS


def _grid(model: ReachModel) -> Grid:
    """Nobody loses more than _UNMET contacts where the person's intensity, or any medium's, counts as 0."""
    return Grid(_STRIDE, _UNMET / (1 + len(model.audiences.media)))


def _ends(upper: int) -> IntArray:
    """Most insertions of each level.

    >>> _ends(24).tolist()
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24]
    """
    found = list(range(1, min(upper, _EXACT) + 1))
    while found and found[-1] < upper:
        found.append(min(upper, max(found[-1] + 1, int(found[-1] * _LONGER))))
    return np.array(found, dtype=np.int64)


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


def _of_segment(nodes: ContactNodes, used: Sequence[int], c: int) -> tuple[IntArray, FloatArray]:
    """The same of one segment."""
    share, apart = nodes.weight[c], [m for m in used if _weights(nodes.media[m], c) is not None]
    for place, m in enumerate(apart):
        own = _with_atom(nodes.media[m], c, len(nodes.weight[c]))
        share = share[..., None] * own.reshape(len(own), *(1,) * place, -1)
    as_people = [m for m in used if m not in apart]  # their intensity is the person's
    if not as_people:
        share = share.sum(axis=0, keepdims=True)
    flat = share.ravel()
    kept = np.flatnonzero(flat > _FEW / 2 / max(len(flat), 1))
    order = np.argsort(flat[kept])
    kept = np.sort(kept[order[np.cumsum(flat[kept][order]) > _FEW / 2]])
    at = np.unravel_index(kept, share.shape)
    found = np.full((len(nodes.media), len(kept)), -1)
    for m, places in zip(apart, at[1:], strict=True):
        found[m] = np.where(places < nodes.media[m].nodes.shape[1], places, -1)
    for m in as_people:
        found[m] = at[0]
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
