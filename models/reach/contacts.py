"""Who is met fewer than n times, exactly and fast: for a schedule, and for all schedules next to it.

Only the classes 0 .. n-1 of the contacts are needed, and for them the generating function of models.reach.frequency
needs no circle: every factor is a polynomial in z cut off at degree n-1, and products of such polynomials are
exact in those degrees. The nodes of the intensities are the same.

    vehicle   P(a of x | g_m)  =  C(x,a) sum_l (-1)^l C(a,l) exp(-g_m s(x-a+l))                     a < n
    medium    product over its vehicles, integrated over g_m | g0;  person   product over media, over g0

A loss, sum over segments c and classes a of loss_ac times the share of c met a times, is linear in every single
vehicle's term while the others stand still:

    loss  =  what the atoms at g = 0 lose  +  sum over nodes g and classes a of  Q_j(a, g) P_j(a | g)

That of a product is linear in what the product is multiplied by, so with the power series R = P_j(x + step) / P_j(x)

    loss after the step  =  ...  +  sum over nodes g and classes a of  Y(a, g) R(a | g)

R depends on nothing else that is bought: it is worked out once. Y comes from one pass backwards through the products
(reverse accumulation, Griewank and Walther 2008), the same for all vehicles of a medium, so that every step of every
vehicle costs one scalar product.

All segments are worked out together (models.reach.contact_nodes). Accuracy (tested): as models.reach.frequency's.
Differences of exp(-g s) lose 2^a C(x,a) roundings; where that is too many, g_j is integrated over nodes too. Where R
loses too many (models.reach.step_ratios) the plan after the step is worked out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.contact_nodes import contact_nodes
from models.reach.frequency import FINE, Grid
from models.reach.gamma import ReachModel
from models.reach.polynomials import correlated, product_of
from models.reach.step_ratios import StepRatios
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
        """(n_segments counted,) share met as often as classes are told, twice at least, or more; of no more people than
        this reach (n_segments counted,)."""
        met = 1 - self.classes[0]
        scale = np.divide(reach, met, out=np.ones_like(met), where=met > reach)
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
        self.terms = VehicleTerms(model, times, self.segments, self.nodes)
        self._lines = tuple(model.together(medium.members) for medium in self.nodes.media)
        self._lines_in: dict[tuple[int, int, int], IntArray] = {}
        self._blocks: dict[tuple[int, int, int], tuple[bytes, FloatArray | None]] = {}
        self._tables: dict[tuple[int, int], FloatArray] = {}
        self._ratios = tuple(StepRatios(self.terms, m, own) for m, own in enumerate(self._lines))
        self.tried = np.ones(len(most), dtype=bool) if tried is None else tried

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
        after = tally.insertions[:, None] + np.asarray(steps)
        untried = (tally.insertions <= 0) & ~self.tried
        found = np.where((after < 0) | (after > self.most[:, None]) | untried[:, None], np.nan, 0.0)
        open_ = found == 0 if asked is None else (found == 0) & asked
        for m, medium in enumerate(self.nodes.media):
            lines = medium.members[open_[medium.members].any(axis=1)]
            if len(lines):
                self._add_changes(found, m, lines, loss[:, :, None], tally, steps, open_)
        return found

    def given_people(self, m: int, insertions: FloatArray) -> FloatArray:
        """(times, n_segments, n_g0) chances of each number of contacts with a medium, given a person's intensity."""
        mixed = self._mixed(m, self._product(m, insertions))
        if mixed is None:
            mixed = np.zeros((self.times, *self.nodes.weight.shape))
            mixed[0] = 1.0
        return mixed

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
        lines = self._lines_in.get(block)
        if lines is None:
            m, start, end = block
            none = np.zeros(0, dtype=np.int64)
            lines = self._lines_in[block] = np.concatenate([none, *self._lines[m][start:end]])
        counts = insertions[lines]
        key, last = counts.tobytes(), self._blocks.get(block)
        if last is None or last[0] != key:
            last = self._blocks[block] = key, self._multiplied(block, lines, counts, insertions)
        return last[1]

    def _multiplied(
        self, block: tuple[int, int, int], lines: IntArray, counts: FloatArray, insertions: FloatArray
    ) -> FloatArray | None:
        """The same, worked out. counts: insertions of its lines."""
        m, start, end = block
        if not counts.any():
            return None
        if end - start == 1:
            return self.terms.mixed(m, lines, counts)
        middle = (start + end) // 2
        halves = (self._of_block((m, *ends), insertions) for ends in ((start, middle), (middle, end)))
        return product_of([half for half in halves if half is not None])

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
        lines: IntArray,
        loss: FloatArray,
        tally: Tally,
        steps: Sequence[int],
        open_: BoolArray,
    ) -> None:
        """Put the changes of loss (times, n_segments, 1) by open steps of a medium's lines (n,) into found (n_vehicles,
        n_steps)."""
        wanted, product = self._backwards(m, loss, tally), tally.products[m]
        price = wanted if product is None else correlated(wanted, product)
        before, again = price[0].sum(), self._ratios[m].bought(lines, tally.insertions)
        first_time, further = lines[~again], lines[again]
        for i, insertions in enumerate(steps):
            new = first_time[open_[first_time, i]]
            if len(new):
                found[new, i] = self._first_time(m, new, insertions, price) - before
        row = self._ratios[m].after(further, tally.insertions, steps, open_[further])
        line, step = np.nonzero(row >= 0)
        found[further[line], step] = self._ratios[m].table[row[line, step]] @ price.ravel() - before
        for place, i in np.argwhere((row < 0) & open_[further]).tolist():
            moved = self.moved(tally, int(further[place]), steps[i])
            found[further[place], i] = (loss[:, :, 0] * (moved.classes - tally.classes)).sum()

    def _first_time(self, m: int, vehicles: IntArray, insertions: int, price: FloatArray) -> FloatArray:
        """(n,) price . term of so many insertions of vehicles (n,) that are not bought."""
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

    As models.reach.frequency has it: whom reach has besides is met once.
    """
    if times == 1:
        return model.reach_shares(insertions)
    return _effective_shares(model, np.asarray(insertions, dtype=np.float64).tobytes(), times)


@lru_cache(maxsize=8)  # a plan, those beside it: each is asked of by rules, by edits, by what binds
def _effective_shares(model: ReachModel, plan: bytes, times: int) -> FloatArray:
    """(n_segments,) of a plan, (n_vehicles,) numbers as bytes; not to be written to."""
    insertions = np.frombuffer(plan)
    reach = model.reach_shares(insertions)
    own = model.own_distribution(insertions, times + 1)
    if own is not None:
        return own[:, times]
    most = np.ceil(insertions - 1e-9).tobytes()
    whole = bool((insertions == np.floor(insertions)).all())
    contacts = _counted(model, times, most) if whole else _counted_between(model, times, most)
    shares = contacts.tally(insertions).shares_of(reach)
    shares.setflags(write=False)
    return shares


def _counted(model: ReachModel, times: int, most: bytes) -> Contacts:
    """The contacts of everyone in schedules of at most so many insertions, (n_vehicles,) numbers as bytes."""
    return Contacts(model, times, np.frombuffer(most), np.ones(len(model.population), dtype=bool))


# Schedules of parts between the same whole ones, as halvings ask for them, have all terms in common.
_counted_between = lru_cache(maxsize=1)(_counted)
