"""Sums over all pairs of vehicles, and what makes them right: duplication factors of traits.

The people that two vehicles share depend on their two ratings only, smoothly; so every rating is replaced by its
Lagrange weights on Chebyshev nodes in [0, highest rating], and a sum over pairs becomes a bilinear form of the
weights (Berrut and Trefethen 2004, barycentric interpolation).

A trait whose excess duplication is f times everyone's must share, over all pairs of vehicles,

    sum over media of chance_tm (1 + f (D_m - 1)),     chance_t = N_t sum p_it p_jt    over the pairs of m

(m also: between media) among its own people, p_it the rating in the trait as a whole. raked_factors finds for each
trait an alpha, and for each segment F_c = exp(sum of its traits' alphas), with k0/F_c and km/F_c, so that every trait
and the universe have their totals: log steps towards each total in turn of the excess it lacks, damped, the k beside
them (a raking, as Deming and Stephan 1940; excess is nearly proportional to F/k).

Breaks down where the compositions alone give a trait more than its total: its factor then stays at the least,
1/8. Where the totals of a complete band and of the universe disagree, the universe's stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.curves import joined, reached, total_for

_NODES = 32  # interpolation nodes; exact to 1e-10 for ratings up to 0.6
_ROUNDS = 40
_DAMPING = 0.7
_MOST_FACTOR = 8.0
_MOST_STEP = 4.0
_CLOSE = 1e-3
_LOG_K = (np.log(0.02), np.log(1e6))


@dataclass(frozen=True, eq=False)
class TraitExcess:
    """Excess duplication among people of a trait: `times` everyone's, > 0. has: (n_segments,) who has the trait."""

    name: str
    has: BoolArray
    times: float


class PairSums:
    """Sums over all pairs of vehicles of the people (000) that both meet, fast for thousands of vehicles.

    population: (n_segments,). rating: (n_segments, n_vehicles). medium: (n_vehicles,).
    chance_between, chance_within: those sums if the whole universe met vehicles independently; of the `assumed`
    (1 + n_media,), between media and within each, if the people of each segment did, where that is less.
    apart: (1 + n_media,) what part of the first the second is; 1 where it is not asked for, or no less.
    """

    def __init__(
        self,
        population: FloatArray,
        rating: FloatArray,
        medium: IntArray,
        n_media: int,
        assumed: Sequence[bool] = (),
    ) -> None:
        self.population, self.rating, self.apart = population, rating, np.ones(1 + n_media)
        self.members = [np.flatnonzero(medium == m) for m in range(n_media)]
        highest = float(self.rating.max(initial=0.0)) * (1 + 1e-9) + 1e-9
        angle = (np.arange(_NODES) + 0.5) * np.pi / _NODES
        self.nodes = highest * (1 - np.cos(angle)) / 2
        sign = np.sin(angle) * (-1.0) ** np.arange(_NODES)
        self.weights = np.stack([self._lagrange(rows, sign) for rows in self.members], axis=1)
        everyone = np.ones(len(population), dtype=bool)
        if any(assumed):
            by_chance = np.maximum(self.chance(everyone), 1e-300)
            part = np.minimum(1.0, self._independent(population, rating) / by_chance)
            self.apart = np.where(np.array(assumed) & (by_chance > 1e-300), part, 1.0)
        self.chance_between, *self.chance_within = map(float, self.chance(everyone))

    def chance(self, who: BoolArray) -> FloatArray:
        """(1 + n_media,) people (000) of the segments `who` that pairs would share by chance: between media, within
        each."""
        people = float(self.population[who].sum())
        rating = self.population[who] @ self.rating[who] / people
        return self.apart * self._independent(np.array([people]), rating[None, :])

    def _independent(self, people: FloatArray, rating: FloatArray) -> FloatArray:
        """(1 + n_media,) people whom pairs share where those of each row of ratings meet vehicles independently."""
        total = np.stack([rating[:, rows].sum(axis=1) for rows in self.members], axis=1)
        squares = np.stack([(rating[:, rows] ** 2).sum(axis=1) for rows in self.members], axis=1)
        between = total.sum(axis=1) ** 2 - (total**2).sum(axis=1)
        shared = people @ np.column_stack([between, total**2 - squares]) / 2
        return np.where(shared < 1e-12 * people.sum(), 0.0, shared)

    def _lagrange(self, rows: IntArray, sign: FloatArray) -> FloatArray:
        """(n_segments, nodes) Lagrange weights of these vehicles' ratings, summed over the vehicles."""
        summed = np.empty((len(self.population), _NODES))
        for c, ratings in enumerate(self.rating[:, rows]):
            distance = ratings[:, None] - self.nodes
            hit = np.abs(distance) < 1e-15
            terms = sign / np.where(hit, 1e-15, distance)
            summed[c] = ratings @ (terms / terms.sum(axis=1, keepdims=True))
        return summed

    def between(self, k_person: FloatArray) -> FloatArray:
        """(n_segments,) people (000) shared by pairs of different media, summed over the pairs."""
        unique, own = np.unique(k_person, return_inverse=True)
        k = unique[:, None, None]
        p, q = self.nodes[:, None], self.nodes[None, :]
        not_both = np.exp(-joined(total_for(p, np.inf), total_for(q, np.inf), k))
        shared = ((p + q - 1 + not_both) / (p * q))[own.ravel()]
        total = self.weights.sum(axis=1)
        everyone = ((total[:, None, :] @ shared)[:, 0] * total).sum(axis=1)
        same = ((self.weights @ shared) * self.weights).sum(axis=(1, 2))
        return np.asarray(self.population * (everyone - same) / 2)

    def within(self, m: int, k_person: FloatArray, k_medium: FloatArray) -> FloatArray:
        """(n_segments,) people (000) shared by pairs of medium m, summed over the pairs."""
        unique, own = np.unique(np.column_stack([k_person, k_medium]), axis=0, return_inverse=True)
        p, q = self.nodes[:, None], self.nodes[None, :]
        k0, km = unique[:, 0, None, None], unique[:, 1, None, None]
        shared = (_shared_in_medium(p, q, k0, km) / (p * q))[own.ravel()]
        w, rating = self.weights[:, m], self.rating[:, self.members[m]]
        pairs = ((w[:, None, :] @ shared)[:, 0] * w).sum(axis=1)
        twice = _shared_in_medium(rating, rating, k_person[:, None], k_medium[:, None]).sum(axis=1)
        return np.asarray(self.population * (pairs - twice) / 2)


def _shared_in_medium(p: FloatArray, q: FloatArray, k_person: FloatArray, k_medium: FloatArray) -> FloatArray:
    """Share that two vehicles of one medium with ratings p and q both meet."""
    level = joined(total_for(p, k_person), total_for(q, k_person), k_medium)
    return p + q - reached(level, k_person)


def raked_factors(
    pairs: PairSums, between: float, within: FloatArray, factor: FloatArray, traits: Sequence[TraitExcess]
) -> FloatArray:
    """(n_segments,) factor times exp(sum of the traits' alphas), so that every trait has its own pair total.

    between, within: (n_media,) duplication, times chance. factor: (n_segments,) to start from.
    """
    levels = [(pairs.chance_between, between), *zip(pairs.chance_within, map(float, within), strict=True)]
    log_k = np.array([_first_log_k(chance, times) for chance, times in levels])
    goals = [_Goal.of(pairs, trait, between, within) for trait in traits]
    alpha = np.zeros(len(traits))
    has = np.array([trait.has for trait in traits], dtype=float)
    logs = np.zeros(len(factor))
    for _ in range(_ROUNDS):
        shared = _shared(pairs, np.exp(log_k), factor * np.exp(logs))
        for level, (chance, times) in enumerate(levels):
            step = _log_step(float(shared[level].sum()), chance, chance * (times - 1))
            log_k[level] = np.clip(log_k[level] - step, *_LOG_K)
        total = shared.sum(axis=0)
        alpha += [_log_step(float(total[goal.who].sum()), goal.chance, goal.excess) for goal in goals]
        before, logs = logs, _centred(alpha @ has, pairs.population)
        if np.abs(logs - before).max() < _CLOSE:
            break
    return np.asarray(factor * np.exp(logs))


def _centred(logs: FloatArray, population: FloatArray) -> FloatArray:
    """Logs of factors, mean 0 over the people (a common factor is the k's), and none above _MOST_FACTOR."""
    centred = logs - float(logs @ population) / float(population.sum())
    return np.clip(centred, -np.log(_MOST_FACTOR), np.log(_MOST_FACTOR))


@dataclass(frozen=True, eq=False)
class _Goal:
    """People (000) that pairs share among a trait's own: by chance, and the excess wanted beyond it."""

    who: BoolArray
    chance: float
    excess: float

    @classmethod
    def of(cls, pairs: PairSums, trait: TraitExcess, between: float, within: FloatArray) -> "_Goal":
        own = pairs.chance(trait.has)
        excess = trait.times * float(own @ (np.array([between, *within]) - 1))
        return cls(trait.has, float(own.sum()), excess)


def _shared(pairs: PairSums, k: FloatArray, factors: FloatArray) -> FloatArray:
    """(1 + n_media, n_segments) people shared: between media, then within each. k: (1 + n_media,) at factor 1."""
    k_person = k[0] / factors
    rows = [pairs.between(k_person)]
    rows += [pairs.within(m, k_person, k[m + 1] / factors) for m in range(len(k) - 1)]
    return np.array(rows)


def _first_log_k(chance: float, times: float) -> float:
    return float(np.log(min(1 / max(times - 1, 1e-3), 1e3)) if chance > 0 else _LOG_K[1])


def _log_step(shared: float, chance: float, wanted: float) -> float:
    """A damped step in the log of an excess over chance towards the one wanted; at most _MOST_STEP times at once. None
    where there are no pairs: what is found there is rounding."""
    found = shared - chance
    if chance <= 0 or wanted == found:
        return 0.0
    if wanted <= 0 or found <= 0:
        return _DAMPING * float(np.sign(wanted - found) * np.log(_MOST_STEP))
    return _DAMPING * float(np.clip(np.log(wanted / found), -np.log(_MOST_STEP), np.log(_MOST_STEP)))
