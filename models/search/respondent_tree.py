"""Where few insertions are bought of respondents: a tree of roofs (models.respondents.curves), best bound first.

The roof of each respondent is nearly the lowest concave one, but their sum is not: parts of insertions meet everybody
about equally often, which no whole plan does. Only a choice tells: a vehicle is bought, or it is not (Land and Doig
1960). Each leaf is a relaxation within bounds; the tangents of all leaves hold in each, so one takes a few steps. What
reduced costs rule out for a better plan is left out before the next choice. The highest bound of a leaf bounds every
plan.
"""

import heapq
from dataclasses import dataclass, field, replace

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.problem import rounded
from models.programme.reduced_costs import still_possible
from models.programme.respondents.relaxation import Bounded, Known, RespondentRelaxation
from models.respondents.curves import Roof
from models.respondents.exposure import Exposure
from models.search.respondent_moves import RespondentMoves
from models.search.work import Work

_TOLERANCE = 0.02  # of what is open: how near value and bound of a leaf must come
_STEPS = 8  # of Newton's, a leaf
_SAMPLE = 200_000  # numbers that a leaf's curvature is taken from
_DRAWS, _EVERY = 3, 4  # plans next to the point of one leaf in so many
_WHOLE = 1e-6
_LOOK_BACK = 40  # leaves
_LEAST_CLOSED = 0.01  # of what is open, by so many leaves, for the tree to go on


@dataclass(order=True)
class _Leaf:
    """key: minus its bound, so that the highest comes first."""

    key: float
    number: int
    found: Bounded = field(compare=False)
    lower: FloatArray = field(compare=False)
    upper: FloatArray = field(compare=False)


class RespondentTree:
    """Of one problem, from its relaxation on. known: tangents of the roof."""

    def __init__(self, work: Work, exposure: Exposure, root: Bounded, known: Known) -> None:
        self.work, self.problem, self.exposure, self.known = work, work.problem, exposure, known
        self._count = self._looked = 0
        self.moves = RespondentMoves(self.problem, exposure, work.deadline)
        system = self.problem.system
        self.leaves: list[_Leaf] = []
        self._push(root, system.lower, system.upper)

    def grow(self) -> None:
        """Until the gap is closed, or time ends, or many leaves have closed little."""
        work = self.work
        bounds = [work.bound]
        while self.leaves and not work.closed() and work.left() > 0:
            leaf = heapq.heappop(self.leaves)
            for box in self._choice(leaf):
                self._look(box, leaf.found.bound)
            highest = -self.leaves[0].key if self.leaves else work.value
            work.bound = min(work.bound, max(highest, work.value))
            bounds.append(work.bound)
            work.tell(f"{self._count} leaves")
            if len(bounds) > _LOOK_BACK:
                before = bounds[-_LOOK_BACK - 1]
                if before - work.bound < _LEAST_CLOSED * (before - work.value):
                    return

    def _push(self, found: Bounded, lower: FloatArray, upper: FloatArray) -> None:
        self._count += 1
        heapq.heappush(self.leaves, _Leaf(-found.bound, self._count, found, lower, upper))

    def _choice(self, leaf: _Leaf) -> list[tuple[FloatArray, FloatArray]]:
        """Bounds of its two halves: at most, or more than, as many insertions as the roof buys of a vehicle, that whose
        part counts most; none where nothing is left to choose."""
        problem, found = self.problem, leaf.found
        whole, within = problem.system.whole, (leaf.lower, leaf.upper)
        box = still_possible(found.bound, found.reduced, whole, within, self.work.value)
        part = found.point - np.floor(found.point + _WHOLE)
        part = np.where(whole & (box[1] > box[0]), np.minimum(part, 1 - part), 0.0)
        n = problem.n_vehicles
        missed = self.exposure.missed(found.point[:n])
        gains = self.exposure.gains(problem.objective.worth_of_reach(1 - missed) * missed)
        score = part.copy()
        score[:n] *= gains + problem.objective.insertion_worth
        place = int(np.argmax(score))
        if part[place] <= _WHOLE:
            free = np.flatnonzero(whole & (box[1] > box[0]))
            if not len(free):
                return []
            place = int(free[np.argmax(found.point[free])])
        down, up = box[1].copy(), box[0].copy()
        down[place] = np.clip(np.floor(found.point[place] + _WHOLE), box[0][place], box[1][place] - 1)
        up[place] = down[place] + 1
        return [(box[0], down), (up, box[1])]

    def _look(self, box: tuple[FloatArray, FloatArray], most: float) -> None:
        """The roof within bounds, kept as a leaf where a better plan may lie there; a plan next to it. most: no plan
        there is worth more."""
        work = self.work
        if (box[0] > box[1] + 1e-9).any():
            return
        relaxation = RespondentRelaxation(
            self.problem, self.exposure, Roof(), work.deadline, self.known, box, _SAMPLE
        )
        open_ = (most - work.value) / max(abs(most), 1e-300)
        try:
            found = relaxation.relax(max(_TOLERANCE * open_, 1e-7), work.value, steps=_STEPS)
        except InfeasiblePlan:
            return
        found = replace(found, bound=min(found.bound, most))
        work.offer(rounded(self.problem, np.floor(found.point + _WHOLE)))
        self._looked += 1
        if self._looked % _EVERY == 1:
            drawn = self.moves.drawn(found.point[: self.problem.n_vehicles], _DRAWS, seed=self._looked)
            if drawn is not None:
                work.offer(drawn.insertions.astype(float))
        if found.bound > work.value * (1 + 1e-12):
            self._push(found, *box)
