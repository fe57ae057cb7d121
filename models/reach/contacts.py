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

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.bought_units import classes
from models.reach.frequency import FINE, NOBODY, Grid, medium_nodes, person_nodes, vehicle_nodes
from models.reach.gamma import ReachModel, schedule_intensity
from models.reach.polynomials import correlated, divided, leaving_out, product_of
from models.special import choose

_ROUNDINGS = 1e4  # of 1e-16 each, that differences of exponentials may lose


@dataclass(frozen=True, eq=False)
class _Medium:
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
class _Group:
    """Segments of equal k. segments: (n,) their places among those counted. weight: (n_g0,); atom: mass at g0 = 0.
    first, bend: (n_segments, n_vehicles) of them."""

    segments: IntArray
    weight: FloatArray
    atom: float
    media: tuple[_Medium, ...]
    first: FloatArray
    bend: FloatArray


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
            _group(model, self.segments, np.flatnonzero(group.ravel() == g), intensity, grid)
            for g in range(int(group.max(initial=-1)) + 1)
        )
        self.divides = grid.stride > 1
        self._terms: dict[tuple[int, int, bytes, bytes], FloatArray] = {}
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
            return self._mixed_term(g, m, lines[0], counts)
        key = counts.tobytes()
        last = self._blocks.get(block)
        if last is not None and last[0] == key:
            return last[1]
        middle = (start + end) // 2
        halves = (self._of_block((g, m, *ends), insertions) for ends in ((start, middle), (middle, end)))
        found = product_of([half for half in halves if half is not None])
        self._blocks[block] = key, found
        return found

    def _mixed_term(self, g: int, m: int, lines: IntArray, insertions: FloatArray) -> FloatArray:
        """Of one vehicle's units (n,) and their insertions; parts mix neighbours, unit by unit."""
        whole = np.floor(insertions)
        for at in np.flatnonzero(insertions > whole):
            part = insertions[at] - whole[at]
            low, high = insertions.copy(), insertions.copy()
            low[at], high[at] = whole[at], whole[at] + 1
            lower, higher = self._mixed_term(g, m, lines, low), self._mixed_term(g, m, lines, high)
            return np.asarray((1 - part) * lower + part * higher)
        return self._term(g, m, lines, whole)

    def _term(self, g: int, m: int, lines: IntArray, counts: FloatArray) -> FloatArray:
        """(times, n_segments, n_g) P(a of the contacts of one vehicle's units | g_m)."""
        lines, counts = lines[counts > 0], counts[counts > 0]
        key = (g, m, lines.tobytes(), counts.tobytes())
        if key not in self._terms:
            self._terms[key] = self._made_term(g, m, lines, counts)
        return self._terms[key]

    def _made_term(self, g: int, m: int, lines: IntArray, counts: FloatArray) -> FloatArray:
        group = self.groups[g]
        nodes = group.media[m].nodes
        if len(lines) == 0:
            found = np.zeros((self.times, len(group.segments), len(nodes)))
            found[0] = 1.0
            return found
        j = int(lines[0])
        if self.model.units is None and self.model.parts is None:
            return _contacts_given(group.first[:, j], group.bend[:, j], int(counts[0]), nodes, self.times)
        return np.stack(
            [self._of_units(int(c), lines, counts, nodes) for c in self.segments[group.segments]], axis=1
        )

    def _of_units(self, c: int, lines: IntArray, counts: FloatArray, nodes: FloatArray) -> FloatArray:
        """(times, n_g) in one segment."""
        bought = self.model.bought(c, lines, counts)
        if bought.plain or bought.first < NOBODY:
            first, bend = np.array([bought.first]), np.array([bought.bend])
            return _contacts_given(first, bend, int(counts[0]), nodes, self.times)[:, 0]
        return classes(bought, nodes, self.times, vehicle_nodes)

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
        taken = np.concatenate([self._units_of(own) for own in bought]) if bought else members[:0]
        new = wanted if product is None else correlated(wanted, product)
        first_time = members[self.tried[members] & ~np.isin(members, taken)]
        for i, step in enumerate(steps):
            if step > 0 and asked[first_time, i].any():
                found[first_time, i] += self._first_time(g, m, first_time, step, new) - new[0].sum()
        if not bought:
            return
        terms = np.array([self._term(g, m, own, tally.insertions[own]) for own in bought])
        assert product is not None
        prices = correlated(wanted, divided(product, terms) if self.divides else leaving_out(terms))
        for own, price, here in zip(bought, prices, terms, strict=True):
            lines, lost = self._units_of(own), np.vdot(price, here)
            for j, i in zip(*np.nonzero(asked[lines]), strict=True):
                counts = tally.insertions[lines].copy()
                counts[j] += steps[i]
                if 0 <= counts[j] <= self.most[lines[j]] and (
                    self.tried[lines[j]] or tally.insertions[lines[j]]
                ):
                    found[lines[j], i] += np.vdot(price, self._term(g, m, lines, counts)) - lost

    def _units_of(self, lines: IntArray) -> IntArray:
        """All units of the vehicle of these lines."""
        units = self.model.units
        return lines if units is None or units.of[lines[0]] < 0 else units.members[units.of[lines[0]]]

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
                self._made_term(g, m, np.array([j]), count).ravel()
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


def _group(
    model: ReachModel, segments: IntArray, places: IntArray, intensity: FloatArray, grid: Grid
) -> _Group:
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
            media.append(_Medium(members, g0, None, np.zeros(len(g0))))
            continue
        nodes, weights = medium_nodes(k, most, g0, grid)
        media.append(_Medium(members, nodes, weights, 1 - weights.sum(axis=1)))
    own = segments[places]
    return _Group(places, weight, atom, tuple(media), model.first[own], model.bend[own])


def _contacts_given(first: FloatArray, bend: FloatArray, x: int, g: FloatArray, times: int) -> FloatArray:
    """(times, n_segments, n_g) probability that exactly a of x insertions meet, given the medium's intensity g."""
    found = np.zeros((times, len(first), len(g)))
    if x == 0:
        found[0] = 1.0
        return found
    highest = min(x, times - 1)
    if max(math.comb(x, a) * 2.0**a for a in range(highest + 1)) > _ROUNDINGS:
        for c, (s, u) in enumerate(zip(first, bend, strict=True)):
            found[:, c] = _contacts_integrated(float(s), float(u), x, g, times)
        return found
    numbers = np.arange(x - highest, x + 1, dtype=float)
    levels = schedule_intensity(first[:, None], bend[:, None], numbers[None, :])  # (n_segments, highest + 1)
    missed = np.exp(-levels.T[:, :, None] * g)  # (highest + 1, n_segments, n_g): x - highest, ..., x
    found[0] = missed[-1]
    for a in range(1, highest + 1):
        missed = missed[:-1] - missed[1:]
        found[a] = float(math.comb(x, a)) * missed[-1]
    return found


def _contacts_integrated(first: float, bend: float, x: int, g: FloatArray, times: int) -> FloatArray:
    """The same of one segment (times, n_g), by the nodes of g_j; binomial where g_j is g_m."""
    found = np.zeros((times, len(g)))
    if first < NOBODY:
        found[0] = 1.0
        return found
    never = np.exp(-g * float(schedule_intensity(np.array(first), np.array(bend), np.array(float(x)))))
    found[0] = never
    a = np.arange(1, min(x, times - 1) + 1)[:, None]
    if bend <= 0:
        found[a[:, 0]] = _binomial(a, x, g * first)
        return found
    nodes, weights = vehicle_nodes(first, bend, g)
    found[a[:, 0]] = _binomial(a, x, nodes) @ weights.T
    if x < times:  # x of x: between "never" and "always" as in models.reach.frequency
        always = (-np.expm1(-nodes)) ** x
        found[x] = 1 - never + (always - 1 + np.exp(-x * nodes)) @ weights.T
    return found


def _binomial(a: IntArray, x: int, h: FloatArray) -> FloatArray:
    """P(a of x) with a chance of 1 - exp(-h) each."""
    return np.asarray(choose(x, a) * (-np.expm1(-h)) ** a * np.exp(-h * (x - a)))
