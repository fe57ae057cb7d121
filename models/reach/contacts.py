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

All segments are worked out together (models.reach.contact_nodes). Accuracy (tested): as models.reach.frequency's.
Differences of exp(-g s) lose 2^a C(x,a) roundings; where that is too many, g_j is integrated over nodes too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.contact_nodes import contact_nodes
from models.reach.frequency import FINE, Grid
from models.reach.gamma import ReachModel
from models.reach.polynomials import correlated, divided, leaving_out, product_of
from models.reach.vehicle_terms import VehicleTerms


@dataclass(frozen=True, eq=False)
class Tally:
    """A schedule and how often it meets people. insertions: (n_vehicles,). classes: (times, n_segments) share met
    exactly 0, 1, ..., times-1 times. products: per medium (times, n_segments, n_g), None where nothing of it is
    bought; mixed: the same with g_m integrated out."""

    insertions: FloatArray
    classes: FloatArray
    products: tuple[FloatArray | None, ...]
    mixed: tuple[FloatArray | None, ...]

    def shares(self, times: int) -> FloatArray:
        """(n_segments counted,) share met `times` times or more."""
        return np.asarray(1 - self.classes[:times].sum(axis=0))

    def shares_of(self, reach: FloatArray) -> FloatArray:
        """(n_segments counted,) share met as often as classes are told, or more; classes above 0 are scaled to this
        reach (n_segments counted,)."""
        met = 1 - self.classes[0]
        scale = np.divide(reach, met, out=np.zeros_like(met), where=met > 0)
        return np.asarray(np.maximum(self.shares(len(self.classes)), 0.0) * scale)


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
        self.nodes = contact_nodes(model, self.segments, self.most, grid)
        self.divides = grid.stride > 1
        self.terms = VehicleTerms(model, times, self.segments, self.nodes)
        self._lines = tuple(model.together(medium.members) for medium in self.nodes.media)
        self._blocks: dict[tuple[int, int, int], tuple[bytes, FloatArray | None]] = {}
        self._tables: dict[tuple[int, int], FloatArray] = {}
        self.tried = np.ones(len(most), dtype=bool) if tried is None else tried

    @property
    def numbers_each(self) -> int:
        """Numbers in the table of one vehicle's so many first insertions."""
        return self.times * max(medium.nodes.size for medium in self.nodes.media)

    def tally(self, insertions: FloatArray) -> Tally:
        """A schedule's contacts; fractions mix the terms of their two whole neighbours."""
        insertions = np.asarray(insertions, dtype=float)
        products = tuple(self._product(m, insertions) for m in range(len(self.nodes.media)))
        return self._tally(insertions, products, tuple(map(self._mixed, range(len(products)), products)))

    def moved(self, tally: Tally, vehicle: int, step: float) -> Tally:
        """The tally after `step` more (or, negative, less) insertions of a vehicle."""
        insertions = tally.insertions.copy()
        insertions[vehicle] += step
        products, mixed = list(tally.products), list(tally.mixed)
        m = int(self.model.audiences.medium[vehicle])
        products[m] = self._product(m, insertions)
        mixed[m] = self._mixed(m, products[m])
        return self._tally(insertions, tuple(products), tuple(mixed))

    def changes(
        self, tally: Tally, loss: FloatArray, steps: Sequence[int], asked: BoolArray | None = None
    ) -> FloatArray:
        """(n_vehicles, n_steps) change of the loss if each vehicle alone moved by each of `steps` insertions; nan
        where that is below 0, above `most`, or not tried. Whole insertions. loss: (times, n_segments counted).
        asked: (n_vehicles, n_steps) which are wanted; the others mean nothing."""
        asked = np.ones((self.n_vehicles, len(steps)), dtype=bool) if asked is None else asked
        found = np.zeros((self.n_vehicles, len(steps)))
        for m in range(len(self.nodes.media)):
            self._add_changes(found, m, self._backwards(m, loss[:, :, None], tally), tally, steps, asked)
        after = tally.insertions[:, None] + np.asarray(steps)[None, :]
        untried = (tally.insertions <= 0) & ~self.tried
        found[(after < 0) | (after > self.most[:, None]) | untried[:, None]] = np.nan
        return found

    # --- forwards ---

    def _tally(
        self,
        insertions: FloatArray,
        products: tuple[FloatArray | None, ...],
        mixed: tuple[FloatArray | None, ...],
    ) -> Tally:
        together = product_of([level for level in mixed if level is not None])
        if together is None:
            classes = np.zeros((self.times, len(self.segments)))
            classes[0] = 1.0
        else:
            classes = np.einsum("acg,cg->ac", together, self.nodes.weight)
            classes[0] += self.nodes.atom
        return Tally(insertions, classes, products, mixed)

    def _product(self, m: int, insertions: FloatArray) -> FloatArray | None:
        """(times, n_segments, n_g) of a medium's vehicles together; None where none is bought."""
        return self._of_block((m, 0, len(self._lines[m])), insertions)

    def _mixed(self, m: int, product: FloatArray | None) -> FloatArray | None:
        """(times, n_segments, n_g0): the same with g_m integrated out."""
        return None if product is None else self.nodes.media[m].mixed(product)

    def _of_block(self, block: tuple[int, int, int], insertions: FloatArray) -> FloatArray | None:
        """The product over some of a medium's vehicles, by halves. The last of each block is kept: where one vehicle
        moves, only the blocks that hold it are multiplied anew."""
        m, start, end = block
        if start == end:
            return None
        lines = self._lines[m][start:end]
        counts = insertions[np.concatenate(lines)]
        if not counts.any():
            return None
        if end - start == 1:
            return self.terms.mixed(m, lines[0], counts)
        key = counts.tobytes()
        last = self._blocks.get(block)
        if last is not None and last[0] == key:
            return last[1]
        middle = (start + end) // 2
        halves = (self._of_block((m, *ends), insertions) for ends in ((start, middle), (middle, end)))
        found = product_of([half for half in halves if half is not None])
        self._blocks[block] = key, found
        return found

    # --- backwards ---

    def _backwards(self, m: int, loss: FloatArray, tally: Tally) -> FloatArray:
        """(times, n_segments, n_g): what a little more of each class of a medium's product loses. loss: (times,
        n_segments, 1)."""
        weight = self.nodes.weight
        others = product_of([level for i, level in enumerate(tally.mixed) if level is not None and i != m])
        wanted = loss * weight if others is None else correlated(loss, others) * weight
        return self.nodes.media[m].spread(wanted)

    def _add_changes(
        self,
        found: FloatArray,
        m: int,
        wanted: FloatArray,
        tally: Tally,
        steps: Sequence[int],
        asked: BoolArray,
    ) -> None:
        """Add a medium's vehicles' changes of loss to found (n_vehicles, n_steps)."""
        members, product = self.nodes.media[m].members, tally.products[m]
        bought = self.model.together(members[tally.insertions[members] > 0])
        new_ones = self.tried.copy()
        for own in bought:
            new_ones[self.terms.units_of(own)] = False
        first_time = members[new_ones[members]]
        new = wanted if product is None else correlated(wanted, product)
        for i, step in enumerate(steps):
            if step > 0 and asked[first_time, i].any():
                found[first_time, i] += self._first_time(m, first_time, step, new) - new[0].sum()
        if bought:
            self._add_further(found, m, wanted, bought, tally, steps, asked)

    def _add_further(
        self,
        found: FloatArray,
        m: int,
        wanted: FloatArray,
        bought: Sequence[IntArray],
        tally: Tally,
        steps: Sequence[int],
        asked: BoolArray,
    ) -> None:
        """The same of vehicles that are bought already. bought: their lines that are."""
        product = tally.products[m]
        terms = np.array([self.terms.whole(m, own, tally.insertions[own]) for own in bought])
        assert product is not None
        others = divided(product, terms) if self.divides else leaving_out(terms)
        prices = correlated(wanted, others).reshape(len(bought), -1)
        lost = np.einsum("ij,ij->i", prices, terms.reshape(len(bought), -1))
        alone = np.array([len(self.terms.units_of(own)) == 1 for own in bought])
        if alone.any():
            lines = np.array([own[0] for own, one in zip(bought, alone, strict=True) if one])
            after = tally.insertions[lines][:, None] + np.asarray(steps)
            after = np.where(
                self._may_be(lines[:, None], after, tally), after, tally.insertions[lines][:, None]
            )
            there = self.terms.of_lines(m, np.broadcast_to(lines[:, None], after.shape), after)
            found[lines] += (there @ prices[alone][:, :, None])[:, :, 0] - lost[alone][:, None]
        for i in np.flatnonzero(~alone).tolist():
            self._add_units(found, m, bought[i], prices[i], float(lost[i]), tally, steps, asked)

    def _add_units(
        self,
        found: FloatArray,
        m: int,
        own: IntArray,
        price: FloatArray,
        before: float,
        tally: Tally,
        steps: Sequence[int],
        asked: BoolArray,
    ) -> None:
        """The same of the lines of one vehicle of several units."""
        lines = self.terms.units_of(own)
        for j, line in enumerate(lines.tolist()):
            counts = tally.insertions[lines]
            for i, step in enumerate(steps):
                after = float(tally.insertions[line]) + step
                if asked[line, i] and self._may_be(line, after, tally):
                    counts[j] = after
                    found[line, i] += price @ self.terms.whole(m, lines, counts).ravel() - before

    def _may_be(self, line: IntArray | int, count: FloatArray | float, tally: Tally) -> BoolArray:
        """Whether so many insertions of a line are on offer, and it is one that is tried or bought."""
        on_offer = (count >= 0) & (count <= self.most[line])
        return np.asarray(on_offer & (self.tried[line] | (tally.insertions[line] > 0)))

    def _first_time(self, m: int, vehicles: IntArray, insertions: int, price: FloatArray) -> FloatArray:
        """(n,) price . term of so many insertions of vehicles that are not bought; 0 where they cannot be."""
        key = (m, insertions)
        members = self.nodes.media[m].members
        members = members[self.tried[members]]
        if key not in self._tables:
            count = np.array([float(insertions)])
            rows = [
                self.terms.made(m, np.array([j]), count).ravel()
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
    return Contacts(model, times, insertions, everyone).tally(insertions).shares_of(reach)
