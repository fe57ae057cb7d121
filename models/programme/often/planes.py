"""Planes above the chance of n contacts or more, as a function of the rates of clusters (models.reach.clusters).

The chance, reached_often(A), is not concave in the rates A >= 0 of clusters of 1, ..., n-1 and n or more contacts. A
plane a + b . A lies above it wherever plans can be,

    sum of A_i <= most,   A_n <= most_often,   least_contacts <= sum of i A_i <= most_contacts,

if a is no less than the largest reached_often(A) - b . A there. For given A_1..A_(n-1) the best A_n is known, for the
chance of a miss is exp(-A_n) K(A_1..A_(n-1)):  ln(K / b_n), within what is allowed. The others lie in cells. In
a cell nothing is higher than at its highest corner by more than (sum of its sides)^2 / 8 times the chance of a miss at
its lowest, since the second derivatives of reached_often are differences of two chances of missing; A_n may be at every
corner what it may be anywhere in the cell. Cells are halved until that says enough, so `above` is an upper limit, not
an estimate. Which planes are the lowest at given points is a linear programme, solved by adding the points where its
planes are too low; any planes are right.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from models.arrays import FloatArray, IntArray
from models.programme.often.clock import UNTIMED, Clock
from models.programme.solvers.highs import open_live
from models.programme.solvers.linear_programme import LinearProgramme, Rows, rows_of
from models.programme.solvers.solver import Limits
from models.reach.clusters import missed, reached_often

_COARSE = {2: 40, 3: 20, 4: 10}  # steps of each axis, to find planes
_SLACK = {2: 2e-4, 3: 5e-4, 4: 2e-3}  # by how much planes may be too high, of all people together
_LEAST, _MOST = 0.25, 100.0  # times that, at a domain
_HALVINGS, _TOGETHER = {2: 12, 3: 9, 4: 6}, 100  # of cells, at most; domains at once
_ROUNDS = 12
_DEEPEST = 2.0  # that far below 0 a plane may be where nobody is met, where all plans meet people
_NEAR = 2e-4
_TRACE = 1e-6  # rate below which a programme of planes takes none
_LEVEL, _MIX, _SINGLES = 0.08, 0.03, 0.06  # widths of classes of nodes
_ALIKE_LEAST = 0.03
_ALIKE = {2: 0.02, 3: 0.015, 4: 0.06}


@dataclass(frozen=True, eq=False)
class Domain:
    """Where plans can be, (n_domains,) each: most clusters, most of n or more contacts, most and least contacts."""

    most: FloatArray
    most_often: FloatArray
    most_contacts: FloatArray
    least_contacts: FloatArray

    def of(self, places: IntArray) -> "Domain":
        """Some of them."""
        return Domain(*(own[places] for own in self._all))

    def mean(self, of: IntArray, weight: FloatArray) -> "Domain":
        """Of classes, which each is `of`, the mean."""
        return Domain(*(_mean(own, of, weight) for own in self._all))

    def largest(self, of: IntArray, many: int) -> "Domain":
        """Of classes, which each is `of`, one that holds all."""
        found = [np.zeros(many), np.zeros(many), np.zeros(many), np.full(many, np.inf)]
        for into, own in zip(found[:3], self._all, strict=False):
            np.maximum.at(into, of, own)
        np.minimum.at(found[3], of, self.least_contacts)
        return Domain(*found)

    def often(self, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n_cells,) the least and the most that A_n may be somewhere in cells, the other way round where it may be
        nothing; low, high: (n-1, ...) the others."""
        n = len(low) + 1
        sizes = np.arange(1.0, n)
        contacts = np.tensordot(sizes, low, 1)
        most = np.minimum(
            np.minimum(self.most - low.sum(axis=0), (self.most_contacts - contacts) / n), self.most_often
        )
        least = (self.least_contacts - np.tensordot(sizes, high, 1)) / n
        return np.asarray(np.maximum(least, 0.0)), np.asarray(most)

    @property
    def _all(self) -> tuple[FloatArray, ...]:
        return self.most, self.most_often, self.most_contacts, self.least_contacts


class _Grids:
    """Points of each domain but for A_n, (n-1, n_points, n_domains), and the least and the most A_n there."""

    def __init__(self, n: int, domain: Domain, steps: int) -> None:
        index = np.array(list(product(range(steps + 1), repeat=n - 1))).T / steps
        longest = np.minimum(domain.most, domain.most_contacts / np.arange(1, n)[:, None])
        self.points = index[:, :, None] * longest[:, None]
        self.room = domain.often(self.points, self.points)

    def above(self, slopes: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n_domains,) about the least a of planes of slopes (n, n_domains); (n, n_domains) rates where they are
        lowest."""
        least, most = self.room
        height, often = _at(self.points, slopes, least, most)
        value = np.where(least <= most, height, -np.inf)
        best = value.argmax(axis=0)
        own = np.arange(len(best))
        found = np.concatenate([self.points[:, best, own], often[best, own][None]])
        return np.maximum(value[best, own], -_DEEPEST), found


def above(domain: Domain, slopes: FloatArray, slack: FloatArray, clock: Clock = UNTIMED) -> FloatArray:
    """(n_domains,) a of planes a + b . A that lie above the chance everywhere in domains. slopes: (n, n_domains) b;
    slack: (n_domains,) by how much they may be too high. Raises Late."""
    places, found = np.arange(slopes.shape[1]), []
    for own in np.array_split(places, -(-len(places) // _TOGETHER)):
        clock.check()
        found.append(_highest(domain.of(own), slopes[:, own], slack[own]))
    return np.concatenate(found)


def _highest(domain: Domain, slopes: FloatArray, slack: FloatArray) -> FloatArray:
    """The same by halving cells: one is done with where nothing in it can be higher than what is found, and slack."""
    n, many = slopes.shape
    corners = np.array(list(product((0.0, 1.0), repeat=n - 1))).T[:, :, None]
    ends: tuple[IntArray, FloatArray] = (np.zeros(0, dtype=np.int64), np.zeros(0))
    low, of = np.zeros((n - 1, many)), np.arange(many)
    step = np.minimum(domain.most, domain.most_contacts / np.arange(1.0, n)[:, None])
    found = np.full(many, -np.inf)
    for _ in range(_HALVINGS[n]):
        own, slope = domain.of(of), slopes[:, of]
        least, most = own.often(low, low + step)
        value = _at(low[:, None] + corners * step[:, None], slope, least, most)[0]
        exact = np.maximum(own.often(low, low)[0], least)  # the lowest corner, where plans can be there
        there = exact <= most
        np.maximum.at(found, of[there], _at(low[:, there], slope[:, there], exact[there], most[there])[0])
        between = step.sum(axis=0) ** 2 / 8 * missed(np.concatenate([low, np.zeros((1, len(of)))]))
        highest = value.max(axis=0) + between
        open_ = highest > found[of] + slack[of]
        of, low, half, highest = of[open_], low[:, open_], step[:, open_] / 2, highest[open_]
        ends = of, highest
        of, low, step = _halved(domain, of, low, half, corners)
    found += slack
    np.maximum.at(found, *ends)
    return np.where(np.isfinite(found), np.minimum(found, 1.0), 1.0)


def _halved(
    domain: Domain, of: IntArray, low: FloatArray, half: FloatArray, corners: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """The parts of cells where plans can be: whose, their lowest corners, their sides."""
    parts = (low[:, None] + corners * half[:, None]).reshape(len(low), -1)
    of, step = np.tile(of, corners.shape[1]), np.tile(half, corners.shape[1])
    least, most = domain.of(of).often(parts, parts + step)
    there = least <= most
    return of[there], parts[:, there], step[:, there]


def _at(
    points: FloatArray, slopes: FloatArray, least: FloatArray, most: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(..., n_cells) chance less slopes . A at points (n-1, ..., n_cells), A_n the best there is from least to most
    (n_cells,); and that."""
    last = np.maximum(slopes[-1], 1e-12)
    log_missed = np.log(
        np.maximum(missed(np.concatenate([points, np.zeros((1, *points.shape[1:]))])), 1e-300)
    )
    often = np.clip(log_missed - np.log(last), least, np.maximum(most, least))
    value = -np.expm1(log_missed - often) - slopes[-1] * often
    for slope, own in zip(slopes[:-1], points, strict=True):
        value = value - slope * own
    return np.asarray(value), np.asarray(often)


def planes(
    rates: FloatArray, domain: Domain, weight: FloatArray, solver: str, clock: Clock = UNTIMED
) -> tuple[FloatArray, FloatArray]:
    """(n_nodes,) a and (n, n_nodes) b of planes that are low at rates (n, n_nodes). Nodes much alike share their b,
    those alike in all their a. weight: (n_nodes,) people at each. Raises Late."""
    contacts = np.maximum(domain.most_contacts, 1e-6)
    least = np.minimum(domain.least_contacts, domain.most_contacts)
    domain = Domain(domain.most + 1e-9, domain.most_often + 1e-9, contacts + 1e-9, least - 1e-9)
    level, often = np.log(contacts), np.log(np.maximum(domain.most_often, 1e-9) / contacts)
    key = [level / _LEVEL, rates[-1] / contacts / _MIX, rates[0] / contacts / _SINGLES]
    of = _classes(key)
    at = np.array([_mean(own, of, weight) for own in rates])
    people = np.asarray(np.bincount(of, weight), dtype=float)
    slopes = _lowest(at, domain.mean(of, weight), people, solver, clock)[:, of]
    width = _ALIKE[len(rates)]
    alike = _classes([of.astype(float), level / width, often / width, least / contacts / _ALIKE_LEAST])
    many, first = int(alike.max(initial=-1)) + 1, np.unique(alike, return_index=True)[1]
    slack = _slack(len(rates), np.asarray(np.bincount(alike, weight), dtype=float))
    return above(domain.largest(alike, many), slopes[:, first], slack, clock)[alike], slopes


def _slack(n: int, people: FloatArray) -> FloatArray:
    """(n_domains,) more where there are few people: a third of the time for the same planes of all together."""
    root = np.sqrt(people)
    even = people.sum() / max(float(root.sum()), 1e-300)
    return np.asarray(_SLACK[n] * np.clip(even / np.maximum(root, 1e-300), _LEAST, _MOST))


def _lowest(at: FloatArray, domain: Domain, weight: FloatArray, solver: str, clock: Clock) -> FloatArray:
    """(n, n_domains) slopes of planes that are about the lowest at points (n, n_domains)."""
    n, many = at.shape
    parts, programme = np.array_split(np.arange(many), -(-many // _TOGETHER)), LinearProgramme()
    columns = _of_planes(programme, at, domain, weight)
    live = open_live(programme, solver)
    slopes, lowest = np.zeros((n, many)), np.full(many, np.inf)
    for _ in range(_ROUNDS):
        clock.check()
        values = live.solve(False, Limits()).values
        if values is None:
            break
        tried = np.array([values[own] for own in columns[1:]])
        each = [_Grids(n, domain.of(own), _COARSE[n]).above(tried[:, own]) for own in parts]
        highest, points = (np.concatenate(found, axis=-1) for found in zip(*each, strict=True))
        height = highest + (tried * at).sum(axis=0)
        slopes = np.where(height < lowest, tried, slopes)
        lowest = np.minimum(lowest, height)
        stated = values[columns[0]] - _DEEPEST + (tried * at).sum(axis=0)
        if weight @ (lowest - stated) <= _NEAR * (weight @ lowest):
            break
        live.add_rows(_above_points(columns, points, domain))
    return slopes


def _of_planes(
    programme: LinearProgramme, at: FloatArray, domain: Domain, weight: FloatArray
) -> list[IntArray]:
    """State planes that lie above what they must at points (n, n_domains) and at corners; their columns: heights, from
    the deepest, and slopes of each size."""
    n, many = at.shape
    limits = [("a", 2 + _DEEPEST), *((f"b{size}", 1.0) for size in range(n))]
    columns = [
        programme.add_columns([f"{name}_{i}" for i in range(many)], np.zeros(many), np.full(many, most))
        for name, most in limits
    ]
    programme.set_costs(np.concatenate(columns), np.concatenate([weight, *(weight * at)]) / weight.sum())
    for points in (at, *_corners(n, domain)):
        programme.add_rows(_above_points(columns, points, domain))
    return columns


def _corners(n: int, domain: Domain) -> list[FloatArray]:
    """(n, n_domains) clusters of one size alone, as many as can be."""
    found = []
    for size in range(1, n + 1):
        corner = np.zeros((n, len(domain.most)))
        corner[size - 1] = np.minimum(domain.most, domain.most_contacts / size)
        found.append(corner)
    found[-1][-1] = np.minimum(found[-1][-1], domain.most_often)
    return found


def _above_points(columns: list[IntArray], points: FloatArray, domain: Domain) -> Rows:
    """a + b . A >= chance at points (n, n_domains), one each, where plans can be there."""
    row = np.arange(points.shape[1])
    values = np.concatenate([np.ones(len(row)), *np.where(points > _TRACE, points, 0.0)])
    there = np.arange(1, len(points) + 1) @ points >= domain.least_contacts - 1e-6
    least = np.where(there, reached_often(points) + _DEEPEST, -np.inf)
    return rows_of(
        np.tile(row, len(columns)), np.concatenate(columns), values, least, np.full(len(row), np.inf)
    )


def _classes(keys: list[FloatArray]) -> IntArray:
    """(n,) which class each is of: those whose keys are between the same whole numbers, numbered as the first key, then
    the next, rises."""
    found = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:  # renumbered each time, so that no number is too large
        own = np.floor(key).astype(np.int64)
        own -= own.min(initial=0)
        found = np.unique(found * (int(own.max(initial=0)) + 1) + own, return_inverse=True)[1].ravel()
    return found


def _mean(values: FloatArray, of: IntArray, weight: FloatArray) -> FloatArray:
    return np.asarray(np.bincount(of, weight * values) / np.bincount(of, weight))
