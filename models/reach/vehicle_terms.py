"""How often one vehicle meets people, given the intensity of its medium: P(a of x | g_m) of models.reach.contacts."""

import math
from functools import partial

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.bought_units import classes, neighbours_mixed
from models.reach.contact_nodes import ContactNodes
from models.reach.frequency import NOBODY, vehicle_nodes
from models.reach.gamma import ReachModel, schedule_intensity
from models.reach.units import Units
from models.special import choose

_ROUNDINGS = 1e4  # of 1e-16 each, that differences of exponentials may lose


class VehicleTerms:
    """The terms of vehicles in the classes 0 .. times-1, each worked out once: by medium, lines (units of a vehicle)
    and their insertions. segments: those counted, of the model's."""

    def __init__(self, model: ReachModel, times: int, segments: IntArray, nodes: ContactNodes) -> None:
        self.model, self.times, self.segments, self.nodes = model, times, segments, nodes
        self._known: dict[tuple[int, bytes, bytes], FloatArray] = {}
        self._plain = model.plain(segments)

    def mixed(self, m: int, lines: IntArray, insertions: FloatArray) -> FloatArray:
        """Of one vehicle's units (n,) and their insertions; parts mix neighbours, unit by unit."""
        return neighbours_mixed(partial(self.whole, m, lines), insertions)

    def whole(self, m: int, lines: IntArray, counts: FloatArray) -> FloatArray:
        """(times, n_segments, n_g) P(a of the contacts of one vehicle's units | g_m)."""
        if len(lines) > 1:
            lines, counts = lines[counts > 0], counts[counts > 0]
        key = (m, lines.tobytes(), counts.tobytes())
        if key not in self._known:
            self._known[key] = self.made(m, lines, counts)
        return self._known[key]

    def made(self, m: int, lines: IntArray, counts: FloatArray) -> FloatArray:
        """(times, n_segments, n_g) the term, worked out."""
        nodes, at = self.nodes.media[m].nodes, self.nodes
        if not (counts > 0).any():
            found = np.zeros((self.times, *nodes.shape))
            found[0] = 1.0
            return found
        j, units = int(lines[0]), self.model.units
        if units is not None and units.of[j] >= 0:
            return self._of_occasions(units, lines, counts, nodes)
        count = float(counts[0])
        if self._plain[j]:
            return _contacts_given(at.first[:, j], at.bend[:, j], int(count), nodes, self.times)
        return np.stack(
            [self._of_parts(int(c), j, count, own) for c, own in zip(self.segments, nodes, strict=True)],
            axis=1,
        )

    def _of_occasions(
        self, units: Units, lines: IntArray, counts: FloatArray, nodes: FloatArray
    ) -> FloatArray:
        """(times, n_segments, n_g) of a vehicle of several units."""
        occasions, contacts = units.occasions(self.segments, lines), self.model.audiences.contacts_each(lines)
        found = np.moveaxis(occasions.contacts(counts, contacts, nodes, self.times), -1, 0).copy()
        found[0] = np.exp(-nodes * occasions.level(counts)[:, None])
        return found

    def _of_parts(self, c: int, j: int, count: float, nodes: FloatArray) -> FloatArray:
        """(times, n_g) of one unit, of several contacts, in one segment."""
        bought = self.model.bought(c, j, count)
        if bought.plain or bought.first < NOBODY:
            first, bend = np.array([bought.first]), np.array([bought.bend])
            return _contacts_given(first, bend, int(count), nodes[None], self.times)[:, 0]
        found = np.zeros((self.times, len(nodes)))
        found[0], real = 1.0, nodes > 0
        if real.any():
            found[:, real] = classes(bought, nodes[real], self.times, vehicle_nodes)
        return found


def _contacts_given(first: FloatArray, bend: FloatArray, x: int, g: FloatArray, times: int) -> FloatArray:
    """(times, n_segments, n_g) probability that exactly a of x insertions meet, given the medium's intensity g
    (n_segments, n_g)."""
    found = np.zeros((times, *g.shape))
    if x == 0:
        found[0] = 1.0
        return found
    highest = min(x, times - 1)
    if max(math.comb(x, a) * 2.0**a for a in range(highest + 1)) > _ROUNDINGS:
        found[0] = 1.0
        for c, (s, u) in enumerate(zip(first, bend, strict=True)):
            real = g[c] > 0
            if not real.any():
                continue
            found[:, c, real] = _contacts_integrated(float(s), float(u), x, g[c, real], times)
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
