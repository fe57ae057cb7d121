"""How often the units of one vehicle are met, by the story of models.reach.units: occasions.

Given the medium's intensity g, occasions of a size h arrive g rate(h) at a time; each meets every insertion that is
still missed with the chance of its unit. The numbers of insertions met, of each kind, can only grow: a Markov chain,
whose state at the time g is worked out by uniformisation (Jensen 1953): its jumps come at the rate q of the state in
which none is met, so that with V the chances after r jumps

    P(state | g) = sum over r of Poisson(r; q g) V_r,     P(none | g) = exp(-q g),   q = f(x).

All terms are positive: nothing cancels, however many insertions there are. An insertion that is met gives one contact,
or, where it gives several, 1, 2, 3, ... by a geometric law of their mean, whatever the others give.

Breaks down: states beyond _MOST_STATES are spared by counting the two kinds that are most alike as one, of their mean
chance; reach is then put right by the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.arrays import ComplexArray, FloatArray, IntArray
from models.reach.polynomials import multiplied
from models.special import log_gamma

_MOST_STATES = 700
_BEYOND = 64  # contacts from which on they are one class
_AT_ONCE = 128  # jumps in the mean, one by one
_NO_CHANCE = 1e-18
_TAIL = 8.0  # standard deviations of jumps beyond their mean that are counted


@dataclass(frozen=True, eq=False)
class Occasions:
    """Those of one vehicle in segments. missed: (n_units, n_segments, n_nodes) log of missing an insertion on an
    occasion; size, rate: (n_segments, n_nodes) of them; small: (n_units, n_segments) rate at which the smallest meet an
    insertion."""

    missed: FloatArray
    size: FloatArray
    rate: FloatArray
    small: FloatArray

    def level(self, insertions: FloatArray) -> FloatArray:
        """(n_segments,) f of (n_units,) insertions."""
        found = -(self.rate * np.expm1(np.tensordot(insertions, self.missed, 1))).sum(axis=-1)
        return np.asarray(found + insertions @ self.small)

    def contacts(self, insertions: FloatArray, each: FloatArray, g: FloatArray, most: int) -> FloatArray:
        """(n_segments, n_g, most) P(exactly 0, 1, ..., most - 1 contacts) of (n_units,) whole insertions, given the
        medium's intensity g (n_segments, n_g). each: (n_units,) contacts of one that is met, in the mean."""
        kinds = [
            Kind(round(count), missed, small, further_contacts(mean, most))
            for count, missed, small, mean in zip(
                insertions.tolist(), self.missed, self.small, each.tolist(), strict=True
            )
            if count > 0
        ]
        return contacts_given(kinds, self.rate, g)

    def generating(
        self, insertions: FloatArray, each: FloatArray, g: FloatArray, z: ComplexArray
    ) -> ComplexArray:
        """(n_segments, n_g, n_z) E z^n of the same contacts; those beyond _BEYOND are one class."""
        numbers = self.contacts(insertions, each, g, _BEYOND)
        numbers = np.concatenate([numbers, 1 - numbers.sum(axis=-1, keepdims=True)], axis=-1)
        powers = np.cumprod(np.vstack([np.ones_like(z), np.broadcast_to(z, (_BEYOND, len(z)))]), axis=0)
        return np.asarray((numbers @ np.ascontiguousarray(powers).view(np.float64)).view(np.complex128))


@dataclass(frozen=True, eq=False)
class Kind:
    """Insertions that are missed alike. number: how many. missed: (n_segments, n_nodes), small: (n_segments,) of one of
    them, as above. contacts: (most,) chance that one which is met gives 0 (none does), 1, 2, ... contacts."""

    number: int
    missed: FloatArray
    small: FloatArray
    contacts: FloatArray

    def met(self, rate: FloatArray) -> float:
        """How often they meet, all segments together."""
        return self.number * float(self.small.sum() - (rate * np.expm1(self.missed)).sum())


def further_contacts(mean: float, most: int) -> FloatArray:
    """(most,) chances that an insertion which is met gives 0 (none), 1, 2, ... contacts: each further one as likely as
    the one before.

    >>> further_contacts(1.0, 3).tolist(), further_contacts(2.0, 4).tolist()
    ([0.0, 1.0, 0.0], [0.0, 0.5, 0.25, 0.125])
    """
    again = 1 - 1 / mean
    return np.concatenate([[0.0], again ** np.arange(most - 1) / mean])


def contacts_given(kinds: Sequence[Kind], rate: FloatArray, g: FloatArray) -> FloatArray:
    """(n_segments, n_g, most) P(exactly 0, 1, ..., most - 1 contacts in all) given the medium's intensity g
    (n_segments, n_g). rate: (n_segments, n_nodes)."""
    most = len(kinds[0].contacts)
    kinds = _few(list(kinds), rate, most)
    tops = [min(kind.number, most - 1) for kind in kinds]
    states = np.stack(np.meshgrid(*(np.arange(top + 1) for top in tops), indexing="ij"), -1).reshape(
        -1, len(tops)
    )
    counted = np.flatnonzero(states.sum(axis=1) < most)
    states = states[counted]
    left = (np.array([kind.number for kind in kinds]) - states).astype(float)
    missed, small = np.array([kind.missed for kind in kinds]), np.array([kind.small for kind in kinds])
    leaving = (left @ small).T - np.einsum("cl,scl->cs", rate, np.expm1(np.tensordot(left, missed, 1)))
    jumps = _jumps(kinds, tops, rate)[:, counted[:, None], counted]
    q = np.maximum(leaving[:, 0], 1e-300)
    jumps[:, np.arange(len(counted)), np.arange(len(counted))] = q[:, None] - leaving
    found = _after_jumps(jumps / q[:, None, None], leaving / q[:, None], q[:, None] * g)
    return np.asarray(found @ _contacts_in(kinds, states))


def _contacts_in(kinds: Sequence[Kind], states: IntArray) -> FloatArray:
    """(n_states, most) chances of contacts in all, of states (n_states, n_kinds)."""
    most = len(kinds[0].contacts)
    found = np.eye(most, 1).repeat(len(states), axis=1)
    for kind, met in zip(kinds, states.T, strict=True):
        powers = [np.eye(most)[0]]
        for _ in range(int(met.max())):
            powers.append(np.convolve(powers[-1], kind.contacts)[:most])
        found = multiplied(found, np.array(powers)[met].T)
    return found.T


def _after_jumps(step: FloatArray, leaving: FloatArray, mean: FloatArray) -> FloatArray:
    """(n_segments, n_g, n_states) chances at so many jumps in the mean (n_segments, n_g), from state 0. Where there are
    many, and chances are left then, only the rest of these beyond a multiple of _AT_ONCE is taken jump by jump; then
    what _AT_ONCE, twice, four times as many do, as the multiple's binary digits say. leaving: (n_segments, n_states)
    chance that a jump leaves a state, known to the last digit, also next to 0: no rounding grows with the jumps."""
    chances = _by_jumps(step, min(float(mean.max(initial=0.0)), _AT_ONCE))
    last = chances[:, -1].sum(axis=-1).max() <= _NO_CHANCE
    whole, number = np.zeros_like(mean) if last else mean // _AT_ONCE * _AT_ONCE, np.arange(chances.shape[1])
    part = mean - whole
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(number == 0, 0.0, number * np.log(part)[..., None])
    found = np.exp(log - part[..., None] - _log_factorials(len(number))) @ chances
    at = np.arange(step.shape[-1])
    further = _one_jump(step) if whole.any() else step
    while whole.any():
        further[:, at, at] = np.exp(-leaving)
        found = np.where(whole[..., None] % 2 == 1, found @ further, found)
        whole, leaving, further = whole // 2, 2 * leaving, further @ further
    return np.asarray(found)


def _one_jump(step: FloatArray) -> FloatArray:
    """(n_segments, n_states, n_states) what one jump in the mean does: the sum of step^r / (e r!), of which 19 terms
    leave less than 1e-17."""
    found = unchanged = np.eye(step.shape[-1])
    for number in range(18, 0, -1):
        found = unchanged + step @ found / number
    return np.asarray(found * np.exp(-1.0))


def _by_jumps(step: FloatArray, highest: float) -> FloatArray:
    """(n_segments, n, n_states) chances after 0, 1, ... jumps, as many as matter where there are `highest` in the
    mean at most: chances of the states that are counted only fall."""
    enough = highest + _TAIL * np.sqrt(highest) + 31.0
    chances = np.zeros((len(step), 1, step.shape[-1]))
    chances[:, 0, 0] = 1.0
    further = step  # in so many jumps as chances has rows
    while chances.shape[1] < enough and chances[:, -1].sum(axis=-1).max() > _NO_CHANCE:
        chances, further = np.concatenate([chances, chances @ further], axis=1), further @ further
    return np.asarray(chances[:, : int(enough)])


def _log_factorials(count: int) -> FloatArray:
    """(count,) of 0, 1, ..."""
    return _so_many_log_factorials(1 << (count - 1).bit_length())[:count]


@lru_cache
def _so_many_log_factorials(count: int) -> FloatArray:
    return log_gamma(np.arange(1.0, count + 1))


def _jumps(kinds: Sequence[Kind], tops: Sequence[int], rate: FloatArray) -> FloatArray:
    """(n_segments, n_states, n_states) rate of jumps from state to state, of every kind at most its top; the diagonal
    means nothing."""
    together, size = rate[..., None, None], 1
    for place, (kind, top) in enumerate(zip(kinds, tops, strict=True)):
        own = _thinned(kind, top)
        if place < len(kinds) - 1:
            joint = np.einsum("klab,klcd->klacbd", together, own)
            together = joint.reshape(*rate.shape, size * (top + 1), -1)
        else:
            flat = together.reshape(*rate.shape, -1).swapaxes(1, 2) @ own.reshape(*rate.shape, -1)
            joint = flat.reshape(-1, size, size, top + 1, top + 1).transpose(0, 1, 3, 2, 4)
        size *= top + 1
    found = joint.reshape(len(rate), size, size)
    for place, (kind, top) in enumerate(zip(kinds, tops, strict=True)):
        behind = int(np.prod([each + 1 for each in tops[place + 1 :]]))
        at = np.arange(size)
        here = (at // behind) % (top + 1)
        able = at[here < top]
        found[:, able, able + behind] += (kind.number - here[able]) * kind.small[:, None]
    return np.asarray(found)


def _thinned(kind: Kind, top: int) -> FloatArray:
    """(n_segments, n_nodes, top + 1, top + 1) chance that an occasion takes a kind from so many met to so many."""
    more, left, ways = _ways(kind.number, top)
    with np.errstate(divide="ignore"):
        hit = np.log(-np.expm1(kind.missed))
    return np.asarray(np.exp(ways + _times(more, hit) + _times(left, kind.missed)))


@lru_cache(maxsize=4096)
def _ways(number: int, top: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(top + 1, top + 1) of insertions from so many met to so many: how many more, how many still missed, and the log
    of the ways to choose them (none where they would be fewer)."""
    before, after = np.arange(top + 1.0)[:, None], np.arange(top + 1.0)[None, :]
    more, room = np.maximum(after - before, 0), number - before
    ways = log_gamma(room + 1) - log_gamma(more + 1) - log_gamma(np.maximum(room - more, 0) + 1)
    return more, np.broadcast_to(number - after, more.shape), np.where(after >= before, ways, -np.inf)


def _times(count: FloatArray, log: FloatArray) -> FloatArray:
    """(n_segments, n_nodes, *count.shape) log of a chance, that many times; of no chance at all no time is certain."""
    with np.errstate(invalid="ignore"):
        return np.where(count == 0, 0.0, count * log[..., None, None])


def _few(kinds: list[Kind], rate: FloatArray, most: int) -> list[Kind]:
    """The kinds, those most alike taken together until their states are few enough."""
    while len(kinds) > 1 and np.prod([min(kind.number, most - 1) + 1.0 for kind in kinds]) > _MOST_STATES:
        once = np.array([kind.met(rate) / kind.number for kind in kinds])
        order = np.argsort(once, kind="stable")
        kinds = [kinds[place] for place in order]
        at = int(np.argmin(np.diff(once[order])))
        kinds[at : at + 2] = [_mean_of(kinds[at], kinds[at + 1], rate)]
    return kinds


def _mean_of(a: Kind, b: Kind, rate: FloatArray) -> Kind:
    """Contacts are those of who is met."""
    number, met = a.number + b.number, np.array([a.met(rate), b.met(rate)])
    share = met / met.sum() if met.sum() > 0 else np.full(2, 0.5)
    hit = (a.number * np.expm1(a.missed) + b.number * np.expm1(b.missed)) / number
    contacts = share[0] * a.contacts + share[1] * b.contacts
    return Kind(number, np.log1p(hit), (a.number * a.small + b.number * b.small) / number, contacts)
