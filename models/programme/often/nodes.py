"""The people of a plan met n times or more, as sums over vehicles at nodes of intensity (models.reach.clusters).

A node is a segment with an intensity of each of its media. There a level of a vehicle is clusters of contacts at rates
A_j(k), (n,); a plan's are their sum. Nodes are few (models.programme.often.joint_nodes); of those that few are at
nothing is worked out: all of them count as met.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.programme.often.clock import UNTIMED, Clock
from models.programme.often.joint_nodes import FEW, MISSED, joint_nodes
from models.programme.often.levels import Levels, levels_of
from models.reach.clusters import as_large, dominating, fewer_sizes
from models.reach.contact_nodes import ContactNodes, contact_nodes
from models.reach.frequency import Grid
from models.reach.vehicle_terms import VehicleTerms

MOST_SIZES = 4  # of clusters: with more, planes take too long
_STRIDE, _LEFT = 3.0, 1e-6  # of nodes, and what those left out may tell more
_UNMET = 2e-4  # chance of contact below which intensities, of all media together, count as 0
_ROUNDING = 2e-5  # of the people: what nodes may miss, of the person and up to five media
SPARE = _UNMET + FEW + MISSED + _ROUNDING  # share of people who count as met, come what may
_MOST_NODES, _MOST_GROUPS, _MOST_NUMBERS = 330_000, 40, 30_000_000  # groups of many nodes; of all rates
_MANY = 150  # nodes of a segment, about, after those are left out that are not needed


class OftenNodes:
    """Of levels of a problem's insertions, people (n_segments,) counted where met `times` times or more.

    nodes: as nodes_of them has it.
    weight: (n_nodes,) people (000) at each. sizes: of clusters, so many.
    """

    def __init__(
        self,
        problem: Problem,
        people: FloatArray,
        times: int,
        levels: Levels,
        nodes: ContactNodes,
        clock: Clock = UNTIMED,
    ) -> None:
        self._clock, self._levels, self._nodes = clock, levels, nodes
        model = problem.model
        self.segments = np.flatnonzero(people > 0)
        self.people = people[self.segments]
        self._medium = [int(model.audiences.medium[lines[0]]) for lines in levels.lines]
        self.sizes = min(times, MOST_SIZES)
        terms = VehicleTerms(model, times, self.segments, self._nodes)
        self._rates = [self._of_levels(terms, place) for place in range(len(levels.lines))]
        of_medium = model.audiences.medium[:, None] == np.arange(len(self._nodes.media))
        most = model.intensity(_most(problem))[self.segments] @ of_medium
        joint = joint_nodes(self._nodes, most, sorted(set(self._medium)), self.sizes, clock)
        shapes = (medium.nodes.shape for medium in self._nodes.media)
        pairs = zip(joint.places, shapes, strict=True)
        # Of each medium's nodes, in one row with a last one of intensity 0.
        self._at = [np.where(p >= 0, joint.segment * s[1] + p, s[0] * s[1]) for p, s in pairs]
        self.weight = joint.share * self.people[joint.segment]

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


def nodes_of(problem: Problem, people: FloatArray, times: int) -> ContactNodes:
    """Each medium's nodes, where these people (n_segments,) are."""
    # Nobody loses more than _UNMET contacts where the person's intensity, or any medium's, counts as 0.
    unmet = _UNMET / (1 + len(problem.model.audiences.media))
    grid = Grid(_STRIDE, unmet, _LEFT, min(times, MOST_SIZES))
    return contact_nodes(problem.model, np.flatnonzero(people > 0), _most(problem), grid)


def few_nodes_of(problem: Problem, people: FloatArray, times: int) -> ContactNodes | None:
    """The same; None where they, or numbers at them, would be too many to be worked out together, or nothing is."""
    levels = levels_of(problem)
    if times < 2 or not (people > 0).any() or not len(levels):
        return None
    nodes = nodes_of(problem, people, times)
    medium = np.array([problem.model.audiences.medium[lines[0]] for lines in levels.lines])
    sizes = np.array([own.nodes.size for own in nodes.media])[medium]
    numbers = float(np.diff(levels.begin) @ sizes) * min(times, MOST_SIZES)
    return nodes if numbers <= _MOST_NUMBERS and _few_together(nodes, medium) else None


def _few_together(nodes: ContactNodes, medium: IntArray) -> bool:
    """Whether nodes of all media together are few. medium: of each vehicle with levels."""
    rules = [[nodes.media[m].mixture(int(own[0])) for m in np.unique(medium)] for own in nodes.groups]
    together = np.array([_at_most(own) * nodes.weight.shape[1] for own in rules])
    segments_each = np.array([len(own) for own in nodes.groups])
    few = segments_each @ np.minimum(together, _MANY) <= _MOST_NODES
    return bool(few and (together > _MANY).sum() <= _MOST_GROUPS)


def _most(problem: Problem) -> FloatArray:
    """(n_vehicles,) insertions that may be bought, whole ones."""
    return np.asarray(np.ceil(problem.system.upper[: problem.n_vehicles] - 1e-9))


def _at_most(rules: Sequence[FloatArray | None]) -> float:
    """How many nodes media have together, given the person's, by their rules (n_g0, n_g); None where they have none."""
    return float(
        np.prod([float(np.count_nonzero(own, axis=1).max(initial=0)) + 1 for own in rules if own is not None])
    )
