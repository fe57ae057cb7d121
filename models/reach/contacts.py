"""Who is met fewer than n times, exactly and fast: for a schedule, and for all schedules next to it.

Only the classes 0 .. n-1 of the contacts are needed, and for them the generating function of models.reach.frequency
needs no circle: every factor is a polynomial in z cut off at degree n-1, and products of such polynomials are
exact in those degrees. The nodes of the intensities are the same.

    vehicle   P(a of x | g_m)  =  C(x,a) sum_l (-1)^l C(a,l) exp(-g_m s(x-a+l))                     a < n
    medium    product over its vehicles, integrated over g_m | g0;  person   product over media, over g0

A loss, sum over segments c and classes a of loss_ac times the share of c met a times, is linear in every single
vehicle's term while the others stand still:

    loss  =  what the atoms at g = 0 lose  +  sum over nodes g and classes a of  Q_j(a, g) P_j(a | g)

Q_j comes from one pass backwards through the products (reverse accumulation, Griewank and Walther 2008), so that
every number of insertions of vehicle j costs one scalar product. All vehicles of a medium that are not bought
have the same Q.

Segments of equal k share their nodes and are worked out together. Accuracy (tested): as models.reach.frequency's.
Differences of exp(-g s) lose 2^a C(x,a) roundings; where that is too many, g_j is integrated over nodes too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.contact_groups import group_of
from models.reach.frequency import FINE, Grid
from models.reach.gamma import ReachModel
from models.reach.polynomials import correlated, divided, leaving_out, product_of
from models.reach.vehicle_terms import VehicleTerms


@dataclass(frozen=True, eq=False)
class Tally:
    """A schedule and how often it meets people. insertions: (n_vehicles,). classes: (times, n_segments) share met
    exactly 0, 1, ..., times-1 times. products: per group and medium (times, n_segments, n_g), None where nothing
    of the medium is bought; mixed: the same with g_m integrated out."""

    insertions: FloatArray
    classes: FloatArray
    products: tuple[tuple[FloatArray | None, ...], ...]
    mixed: tuple[tuple[FloatArray | None, ...], ...]


class Contacts:
    """The contacts of schedules of at most `most` (n_vehicles,) insertions, in the classes 0 .. times-1.

    segments: (n_segments of the model,) which of them are counted. tried: (n_vehicles,) vehicles of which
    `changes` tells what a first insertion does (a table each); all where not given. grid: how finely.
    """

    def __init__(
        self,
        model: ReachModel,
        times: int,
        most: FloatArray,
        segments: BoolArray,
        tried: BoolArray | None = None,
        grid: Grid = FINE,
    ) -> None:
        self.model, self.times = model, times
        self.segments = np.flatnonzero(segments)
        self.n_vehicles = len(most)
        self.most = np.ceil(most - 1e-9)
        intensity = model.intensity(self.most)[self.segments]
        keys = np.column_stack([model.k_person, model.k_medium])[self.segments]
        _, group = np.unique(keys, axis=0, return_inverse=True)
        self.groups = tuple(
            group_of(model, self.segments, np.flatnonzero(group.ravel() == g), intensity, grid)
            for g in range(int(group.max(initial=-1)) + 1)
        )
        self.divides = grid.stride > 1
        self.terms = VehicleTerms(model, times, self.segments, self.groups)
        self._lines = tuple(
            tuple(model.together(medium.members) for medium in group.media) for group in self.groups
        )
        self._blocks: dict[tuple[int, int, int, int], tuple[bytes, FloatArray | None]] = {}
        self._tables: dict[tuple[int, int, int], FloatArray] = {}
        self.tried = np.ones(len(most), dtype=bool) if tried is None else tried

    @property
    def numbers_each(self) -> int:
        """Numbers in the table of one vehicle's so many first insertions."""
        sizes = (len(group.segments) * max(len(m.nodes) for m in group.media) for group in self.groups)
        return self.times * sum(sizes)

    def tally(self, insertions: FloatArray) -> Tally:
        """A schedule's contacts; fractions mix the terms of their two whole neighbours."""
        products = tuple(
            tuple(self._product(g, m, insertions) for m in range(len(group.media)))
            for g, group in enumerate(self.groups)
        )
        return self._tally(np.asarray(insertions, dtype=float), products)

    def moved(self, tally: Tally, vehicle: int, step: float) -> Tally:
        """The tally after `step` more (or, negative, less) insertions of a vehicle."""
        insertions = tally.insertions.copy()
        insertions[vehicle] += step
        products = tuple(
            tuple(
                self._product(g, m, insertions) if vehicle in medium.members else kept
                for m, (medium, kept) in enumerate(zip(group.media, tally.products[g], strict=True))
            )
            for g, group in enumerate(self.groups)
        )
        return self._tally(insertions, products)

    def shares(self, tally: Tally, times: int) -> FloatArray:
        """(n_segments counted,) share met `times` times or more."""
        return np.asarray(1 - tally.classes[:times].sum(axis=0))

    def changes(
        self, tally: Tally, loss: FloatArray, steps: Sequence[int], asked: BoolArray | None = None
    ) -> FloatArray:
        """(n_vehicles, n_steps) change of the loss if each vehicle alone moved by each of `steps` insertions; nan
        where that is below 0, above `most`, or not tried. Whole insertions. loss: (times, n_segments counted).
        asked: (n_vehicles, n_steps) which are wanted; the others mean nothing."""
        asked = np.ones((self.n_vehicles, len(steps)), dtype=bool) if asked is None else asked
        found = np.zeros((self.n_vehicles, len(steps)))
        for g, group in enumerate(self.groups):
            own = loss[:, group.segments][:, :, None]
            for m, wanted in enumerate(self._backwards(g, own, tally)):
                self._add_changes(found, (g, m), wanted, tally, steps, asked)
        after = tally.insertions[:, None] + np.asarray(steps)[None, :]
        untried = (tally.insertions <= 0) & ~self.tried
        found[(after < 0) | (after > self.most[:, None]) | untried[:, None]] = np.nan
        return found

    # --- forwards ---

    def _tally(self, insertions: FloatArray, products: tuple[tuple[FloatArray | None, ...], ...]) -> Tally:
        classes = np.zeros((self.times, len(self.segments)))
        mixed = []
        for group, own in zip(self.groups, products, strict=True):
            levels = [
                None if product is None else medium.mixed(product)
                for medium, product in zip(group.media, own, strict=True)
            ]
            mixed.append(tuple(levels))
            together = product_of([level for level in levels if level is not None])
            if together is None:
                classes[0, group.segments] = 1.0
            else:
                classes[:, group.segments] = together @ group.weight
                classes[0, group.segments] += group.atom
        return Tally(insertions, classes, products, tuple(mixed))

    def _product(self, g: int, m: int, insertions: FloatArray) -> FloatArray | None:
        """(times, n_segments, n_g) of a medium's vehicles together; None where none is bought."""
        return self._of_block((g, m, 0, len(self._lines[g][m])), insertions)

    def _of_block(self, block: tuple[int, int, int, int], insertions: FloatArray) -> FloatArray | None:
        """The product over some of a medium's vehicles, by halves. The last of each block is kept: where one vehicle
        moves, only the blocks that hold it are multiplied anew."""
        g, m, start, end = block
        if start == end:
            return None
        lines = self._lines[g][m][start:end]
        counts = insertions[np.concatenate(lines)]
        if not counts.any():
            return None
        if end - start == 1:
            return self.terms.mixed(g, m, lines[0], counts)
        key = counts.tobytes()
        last = self._blocks.get(block)
        if last is not None and last[0] == key:
            return last[1]
        middle = (start + end) // 2
        halves = (self._of_block((g, m, *ends), insertions) for ends in ((start, middle), (middle, end)))
        found = product_of([half for half in halves if half is not None])
        self._blocks[block] = key, found
        return found

    # --- backwards ---

    def _backwards(self, g: int, loss: FloatArray, tally: Tally) -> list[FloatArray]:
        """Per medium of a group (times, n_segments, n_g): what a little more of each class of the medium's product
        loses. loss: (times, n_segments, 1)."""
        group, mixed = self.groups[g], tally.mixed[g]
        found = []
        for m, medium in enumerate(group.media):
            others = product_of([level for i, level in enumerate(mixed) if level is not None and i != m])
            if others is None:
                wanted = np.broadcast_to(loss * group.weight, (*loss.shape[:2], len(group.weight)))
            else:
                wanted = correlated(loss, others) * group.weight
            found.append(wanted if medium.weights is None else wanted @ medium.weights)
        return found

    def _add_changes(
        self,
        found: FloatArray,
        place: tuple[int, int],
        wanted: FloatArray,
        tally: Tally,
        steps: Sequence[int],
        asked: BoolArray,
    ) -> None:
        """Add a medium's vehicles' changes of loss in a group to found (n_vehicles, n_steps)."""
        g, m = place
        members, product = self.groups[g].media[m].members, tally.products[g][m]
        bought = self.model.together(members[tally.insertions[members] > 0])
        new_ones = self.tried.copy()
        for own in bought:
            new_ones[self.terms.units_of(own)] = False
        first_time = members[new_ones[members]]
        new = wanted if product is None else correlated(wanted, product)
        for i, step in enumerate(steps):
            if step > 0 and asked[first_time, i].any():
                found[first_time, i] += self._first_time(g, m, first_time, step, new) - new[0].sum()
        if bought:
            self._add_further(found, place, wanted, bought, tally, steps, asked)

    def _add_further(
        self,
        found: FloatArray,
        place: tuple[int, int],
        wanted: FloatArray,
        bought: Sequence[IntArray],
        tally: Tally,
        steps: Sequence[int],
        asked: BoolArray,
    ) -> None:
        """The same of vehicles that are bought already. bought: their lines that are."""
        g, m = place
        product = tally.products[g][m]
        terms = np.array([self.terms.whole(g, m, own, tally.insertions[own]) for own in bought])
        assert product is not None
        others = divided(product, terms) if self.divides else leaving_out(terms)
        prices = correlated(wanted, others).reshape(len(bought), -1)
        lost = np.einsum("ij,ij->i", prices, terms.reshape(len(bought), -1))
        for own, price, before in zip(bought, prices, lost.tolist(), strict=True):
            lines = self.terms.units_of(own)
            for j, line in enumerate(lines.tolist()):
                counts = tally.insertions[lines]
                for i, step in enumerate(steps):
                    after = float(tally.insertions[line]) + step
                    if not (asked[line, i] and self._may_be(line, after, tally)):
                        continue
                    counts[j] = after
                    found[line, i] += price @ self.terms.whole(g, m, lines, counts).ravel() - before

    def _may_be(self, line: int, count: float, tally: Tally) -> bool:
        """Whether so many insertions of a line are on offer, and it is one that is tried or bought."""
        return 0 <= count <= self.most[line] and bool(self.tried[line] or tally.insertions[line])

    def _first_time(
        self, g: int, m: int, vehicles: IntArray, insertions: int, price: FloatArray
    ) -> FloatArray:
        """(n,) price . term of so many insertions of vehicles that are not bought; 0 where they cannot be."""
        key = (g, m, insertions)
        members = self.groups[g].media[m].members
        members = members[self.tried[members]]
        if key not in self._tables:
            count = np.array([float(insertions)])
            rows = [
                self.terms.made(g, m, np.array([j]), count).ravel()
                if self.most[j] >= insertions
                else np.zeros(price.size)
                for j in members
            ]
            self._tables[key] = np.array(rows)
        return np.asarray(self._tables[key] @ price.ravel())[np.searchsorted(members, vehicles)]


def effective_shares(model: ReachModel, insertions: FloatArray, times: int) -> FloatArray:
    """(n_segments,) share of each segment met `times` times or more; times >= 1.

    As models.reach.frequency has it: classes above 0 are scaled so that reach is the model's.
    """
    reach = model.reach_shares(insertions)
    if times == 1:
        return reach
    own = model.own_distribution(insertions, times + 1)
    if own is not None:
        return own[:, times]
    everyone = np.ones(len(reach), dtype=bool)
    contacts = Contacts(model, times, insertions, everyone)
    tally = contacts.tally(insertions)
    met = 1 - tally.classes[0]
    scale = np.divide(reach, met, out=np.zeros_like(met), where=met > 0)
    return np.asarray(np.maximum(contacts.shares(tally, times), 0.0) * scale)
