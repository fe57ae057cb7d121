"""Nested gamma reach: how many people a schedule reaches at least once.

Assumed, in each segment c:
1. A person's intensity of media use g0 is Gamma(k0, rate k0): mean 1, the smaller k0 the more some people
   use of everything. Given g0, intensity for a medium g_m is Gamma(g0*km, rate km), and given that, for a
   vehicle g_j is Gamma(g_m*kj, rate kj).
2. Each insertion in vehicle j meets the person with probability 1 - exp(-g_j*eta_j), independently.

Then x_j insertions in each vehicle leave unreached
    phi_k(t) = k ln(1 + t/k)                            (k infinite: t)     concave, increasing
    vehicle   s_j = phi_kj(eta_j x_j)
    medium    t_m = phi_km( sum of s_j over the medium's vehicles )
    person    not reached = (1 + sum_m t_m / k0)^(-k0)

Calibrated (function calibrate) from what planners know: the rating p of one insertion; the repeat
audience r, the share of one insertion's audience that the next one meets again; and duplication D, how
much more often than by chance two vehicles share a person (Goodhardt and Ehrenberg 1969, duplication of
viewing law), between media and within each medium. The segments explain a part of D already; the k take
only the rest. D = 1 everywhere is Sainsbury's random duplication.

Numerically eta is never formed (it overflows as r -> 1): with u = s1/kj, s1 the intensity of one insertion,
    s(x) = s1 (1 + ln(x + (1 - x) exp(-u)) / u),   u from   ln(2 - exp(-u)) / u = s2/s1 - 1.
A fractional x is valued by interpolating s between whole insertions.

A trait may have a duplication factor f, its excess duplication beside everyone's (influencers' contacts spread
over more vehicles, f = 0.55): among its people two vehicles share 1 + f (D - 1) times chance. In segment c the k
are k0/F_c and km/F_c, ln F_c the sum of one alpha for each trait that c has; the alphas are scaled, and the base k
with them, until every trait's pairs and the universe's have their totals (raking). Factors that were multiplied
instead would miss each of them where traits overlap.

Breaks down: vehicles that exclude each other (D below 1, or D_m below D0) cannot be represented; reach is
then understated and the calibration says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, freeze, frozen_floats
from models.errors import InvalidInput
from models.reach.audiences import Audiences
from models.reach.bends import bends, room_for_contacts
from models.reach.bought_units import Bought, Parts, parts_of
from models.reach.curves import (
    K_INFINITE,
    intensity_of,
    reached,
    saturate,
    schedule_intensity,
    spread,
    total_for,
)
from models.reach.pair_sums import PairSums, TraitExcess, raked_factors
from models.reach.units import Units, alone_intensity, units_of
from models.roots import root_between

__all__ = [
    "Audiences", "Duplication", "ReachModel", "TraitExcess", "calibrate",
    "reached", "saturate", "schedule_intensity", "spread", "total_for",
]  # fmt: skip

_K_SMALLEST = 0.02
_STEEPEST = 32.0  # times k, an audience's intensity one level up, at most: its exponential, 1e14, is the next
BETWEEN = "between media"  # in messages, and as a name beside the media's
_LOWERINGS = 20
_APART = 0.9  # of what chance gives, below which it is told that audiences are kept apart


@dataclass(frozen=True, eq=False)
class Duplication:
    """How much more often than by chance two vehicles share a person.

    between: two vehicles of different media. within: (n_media,) two of the same medium.
    factor: (n_segments,) k0 and km are divided by it, > 0. may_be_lowered: media, or BETWEEN, whose duplication is
    lowered to what these audiences can share, where it is more than that.
    traits: whose excess duplication is known; further factors of their segments are found for them. assumed: media, or
    BETWEEN, whose duplication was measured on vehicles that the same people can meet: where segments keep audiences
    apart, as those of two countries, it is times what the people of each segment share by chance.
    """

    between: float
    within: FloatArray
    factor: FloatArray
    may_be_lowered: frozenset[str] = frozenset()
    traits: tuple[TraitExcess, ...] = ()
    assumed: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class ReachModel:
    """A calibrated population: everything needed to value a schedule exactly.

    audiences: as given. k_person: (n_segments,). k_medium: (n_segments, n_media). first: (n_segments,
    n_vehicles) intensity s1 of one insertion. bend: (n_segments, n_vehicles) u = s1/kj, 0 where kj is
    infinite. notes: what the calibration could not represent, for people. lowered: duplications (medium, or
    BETWEEN) that were too high, and what was taken. raised: assumed repeat audiences (vehicle) that were too low for
    its contacts, and what was taken. units: vehicles of several units, whose lines have first and bend
    of the unit that stands for them; None where there are none. parts: contacts that insertions are divided into;
    None where each is one.
    """

    audiences: Audiences
    k_person: FloatArray
    k_medium: FloatArray
    first: FloatArray
    bend: FloatArray
    notes: tuple[str, ...] = ()
    lowered: Mapping[str, float] = field(default_factory=dict)
    raised: Mapping[str, float] = field(default_factory=dict)
    units: Units | None = None
    parts: Parts | None = None

    def __post_init__(self) -> None:
        freeze(self, k_person=self.k_person, k_medium=self.k_medium, first=self.first, bend=self.bend)

    @property
    def population(self) -> FloatArray:
        """(n_segments,) people (000)."""
        return self.audiences.population

    def intensity(self, insertions: FloatArray, vehicles: IntArray | slice = slice(None)) -> FloatArray:
        """s of each vehicle, (n_segments, n_vehicles), for (n_vehicles,) insertions; fractions interpolate.

        Of a vehicle of several units the first of them here has what all have together, the others have nothing.
        """
        if self.units is not None:
            return self._of_units(self.units, insertions, np.arange(len(self.audiences.vehicles))[vehicles])
        first, bend = self.first[:, vehicles], self.bend[:, vehicles]
        whole = np.floor(insertions)
        part = insertions - whole
        lower = schedule_intensity(first, bend, whole)
        if not part.any():
            return lower
        return lower + part * (schedule_intensity(first, bend, whole + 1) - lower)

    def alone(self, insertions: FloatArray) -> FloatArray:
        """(n_segments, n_vehicles) s of each vehicle or unit, (n_vehicles,) insertions, if it were bought alone."""
        if self.units is None:
            return self.intensity(insertions)
        every = np.arange(len(self.audiences.vehicles))
        return alone_intensity(self.units, self.first, self.bend, insertions, every)

    def changes(self, insertions: FloatArray, step: float) -> FloatArray:
        """(n_segments, n_vehicles) change of s where each vehicle or unit alone moves by a step (not below nothing)."""
        after = np.maximum(insertions + step, 0.0)
        found = self.alone(after) - self.alone(insertions)
        if self.units is not None:
            for place, own in enumerate(self.units.members):
                now = self.units.together(self.first, self.bend, insertions, place)
                for j in own:
                    moved = insertions.astype(float)
                    moved[j] = after[j]
                    found[:, j] = self.units.together(self.first, self.bend, moved, place) - now
        return found

    def bought(self, c: int, j: int, count: float) -> Bought:
        """Whole insertions of a vehicle of one unit in a segment, as the distribution of contacts takes them."""
        parts = self.parts
        return Bought(
            float(self.first[c, j]), float(self.bend[c, j]), count,
            1 if parts is None else int(parts.fewer[c, j]),
            0.0 if parts is None else float(parts.more[c, j]),
        )  # fmt: skip

    def together(self, vehicles: IntArray) -> list[IntArray]:
        """Vehicles (n,), those that are units of one vehicle in one array."""
        if self.units is None:
            return [np.array([j]) for j in vehicles]
        of = self.units.of[vehicles]
        found = [np.array([j]) for j in vehicles[of < 0]]
        return found + [vehicles[of == place] for place in sorted(set(of[of >= 0].tolist()))]

    def plain(self, segments: list[int] | IntArray) -> BoolArray:
        """(n_vehicles,) whether a vehicle has one unit, of one contact each, in all these segments."""
        found = np.ones(len(self.audiences.vehicles), dtype=bool)
        if self.units is not None:
            found &= self.units.of < 0
        if self.parts is not None:
            found &= ((self.parts.fewer == 1) & (self.parts.more == 0))[segments].all(axis=0)
        return found

    def _of_units(self, units: Units, insertions: FloatArray, vehicles: IntArray) -> FloatArray:
        first, bend = self.first[:, vehicles], self.bend[:, vehicles]
        found = alone_intensity(units, first, bend, insertions, vehicles)
        every = np.zeros(len(self.audiences.vehicles))
        every[vehicles] = insertions
        for place in sorted(set(units.of[vehicles][units.of[vehicles] >= 0].tolist())):
            own = np.flatnonzero(units.of[vehicles] == place)
            if (insertions[own] > 0).sum() > 1:
                found[:, own] = 0.0
                found[:, own[0]] = units.together(self.first, self.bend, every, int(place))
        return found

    def by_medium(self, intensity: FloatArray) -> FloatArray:
        """S: intensities summed over each medium's vehicles, (n_segments, n_media)."""
        return intensity @ self._one_hot

    @cached_property
    def _one_hot(self) -> FloatArray:
        """(n_vehicles, n_media) 1 where the vehicle is of the medium."""
        return np.eye(len(self.audiences.media))[self.audiences.medium]

    def medium_level(self, medium_intensity: FloatArray) -> FloatArray:
        """t_m = phi_km(S_m), same shape (n_segments, n_media)."""
        return saturate(medium_intensity, self.k_medium)

    def person_level(self, total: FloatArray) -> FloatArray:
        """Reach share per segment from T = sum of t_m, (n_segments, ...)."""
        k = self.k_person.reshape((-1,) + (1,) * (total.ndim - 1))
        return reached(total, k)

    def reach_shares(self, insertions: FloatArray) -> FloatArray:
        """(n_segments,) share of each segment reached at least once."""
        return self.person_level(self.medium_level(self.by_medium(self.intensity(insertions))).sum(axis=1))

    def own_distribution(self, insertions: FloatArray, classes: int) -> FloatArray | None:
        """(n_segments, classes) contacts where a model knows a shorter way than models.reach.frequency; else None."""
        return None


def calibrate(audiences: Audiences, duplication: Duplication) -> ReachModel:
    """Nested gamma parameters that reproduce ratings, duplications and repeat audiences.

    Order: k0 from duplication between media, each km from duplication within its medium, then each
    vehicle's curve from its repeat audience. Raises InvalidInput (subject: medium or vehicle) when a
    stated duplication is higher, or a measured repeat audience lower, than these ratings can have.
    A vehicle of several units counts once, by the unit that stands for it. Raises InvalidInput (subject: vehicle)
    also where an insertion has more contacts than its measured repeat audience allows; an assumed one is raised.
    """
    if audiences.stands_for is None:
        model = _of_only_units(audiences, duplication)
    else:
        model = _with_units(audiences, audiences.stands_for, duplication)
    if audiences.per_person is None:
        return model
    k = (model.k_person, model.k_medium[:, audiences.medium])
    contacts = audiences.per_person
    if model.units is not None:  # of theirs, models.reach.occasions has a law
        contacts = np.where(model.units.of < 0, contacts, 1.0)
    return replace(
        model, parts=parts_of(audiences.vehicles, audiences.rating, contacts, (model.first, model.bend), k)
    )


def _of_only_units(audiences: Audiences, duplication: Duplication) -> ReachModel:
    """Calibrated, every vehicle of one unit."""
    frozen_floats("duplication factor", duplication.factor, audiences.population.shape)
    names = (BETWEEN, *audiences.media)
    assumed = [name in duplication.assumed for name in names]
    pairs = PairSums(audiences.population, audiences.rating, audiences.medium, len(audiences.media), assumed)
    lowered: dict[str, float] = {}
    # Factors of traits depend on the duplications: where one is lowered they are found anew for what it became.
    for _ in range(_LOWERINGS):
        notes: list[str] = []
        now: dict[str, float] = {}
        k_person, k_medium = _strengths(audiences, pairs, duplication, notes, now)
        lowered |= now
        if not now or not duplication.traits:
            break
        within = [now.get(name, own) for name, own in zip(audiences.media, duplication.within, strict=True)]
        between = now.get(BETWEEN, duplication.between)
        duplication = replace(duplication, between=between, within=np.array(within))
    first = intensity_of(audiences.rating, k_person[:, None], k_medium[:, audiences.medium])
    bend = bends(audiences, k_person, k_medium, first)
    bend, raised = room_for_contacts(audiences, k_person, k_medium, first, bend)
    notes += [
        f"Duplication {name}: by their compositions these audiences are kept apart and share {100 * part:.0f} % of "
        "what they would by chance; the default counts from there."
        for name, part in zip(names, pairs.apart, strict=True)
        if part < _APART
    ]
    return ReachModel(audiences, k_person, k_medium, first, bend, tuple(notes), lowered, raised)


def _with_units(audiences: Audiences, stands_for: IntArray, duplication: Duplication) -> ReachModel:
    """Calibrated on the units that stand for their vehicles; the others are noticed less often."""
    heads, place = np.unique(stands_for, return_inverse=True)
    alone = audiences.chosen(heads)
    if alone.per_person is not None:  # of a vehicle of several units models.reach.occasions has a law
        alone = replace(alone, per_person=np.where(np.bincount(place) > 1, 1.0, alone.per_person))
    model = _of_only_units(alone, duplication)
    first, bend = model.first[:, place], model.bend[:, place]
    own = intensity_of(audiences.rating, model.k_person[:, None], model.k_medium[:, audiences.medium])
    units = units_of(stands_for, first, bend, own)
    return replace(model, audiences=audiences, first=first, bend=bend, units=units)


def _strengths(
    audiences: Audiences,
    pairs: PairSums,
    duplication: Duplication,
    notes: list[str],
    lowered: dict[str, float],
) -> tuple[FloatArray, FloatArray]:
    """k of the person (n_segments,) and of each medium (n_segments, n_media)."""
    factor = duplication.factor
    if duplication.traits:
        factor = raked_factors(pairs, duplication.between, duplication.within, factor, duplication.traits)
    k_person = (
        _solve_k(
            lambda k: float(pairs.between(k / factor).sum()),
            BETWEEN,
            duplication.between,
            pairs.chance_between,
            notes,
            lowered if BETWEEN in duplication.may_be_lowered else None,
            _smallest(total_for(audiences.rating, np.inf), factor),
        )
        / factor
    )
    k_medium = np.empty((len(factor), len(audiences.media)))
    total = total_for(audiences.rating, k_person[:, None])
    for m, medium in enumerate(audiences.media):
        k_m = _solve_k(
            lambda k, m=m: float(pairs.within(m, k_person, k / factor).sum()),  # type: ignore[misc]
            medium,
            float(duplication.within[m]),
            pairs.chance_within[m],
            notes,
            lowered if medium in duplication.may_be_lowered else None,
            _smallest(total[:, audiences.medium == m], factor),
        )
        k_medium[:, m] = k_m / factor
    return k_person, k_medium


def _smallest(level: FloatArray, factor: FloatArray) -> float:
    """The smallest k at which audiences of this intensity (n_segments, n), one level up, are numbers one level down."""
    k = max(_K_SMALLEST, float((level * factor[:, None]).max(initial=0.0)) / _STEEPEST)
    return k if k < K_INFINITE else np.inf


def _solve_k(
    delivered: Callable[[float], float],
    where: str,
    stated: float,
    chance: float,
    notes: list[str],
    lowered: dict[str, float] | None,
    smallest: float,
) -> float:
    """The k whose duplication is `stated` times chance; infinite when segments alone give as much (said in notes).
    lowered: where a duplication that is too high is put, lowered; None: it is an error. smallest: that k may be."""
    if chance <= 0:
        return np.inf
    wanted = stated * chance
    at_most_spread = delivered(np.inf)
    if at_most_spread >= wanted * (1 - 1e-9):
        if at_most_spread > wanted * 1.02:
            alone = "" if where == BETWEEN else " and the duplication between media"
            notes.append(
                f"Duplication {where} cannot be {stated:.2f}: the audiences' compositions{alone} alone give "
                f"{at_most_spread / chance:.2f}, which is used."
            )
        return np.inf
    together = delivered(smallest)
    most = together / chance
    if lowered is not None and most < stated:
        down = float(np.floor(most * 100) / 100)  # a number to type
        lowered[where] = down if down * chance > at_most_spread else most
        wanted = min(lowered[where] * chance, together)
    elif most < stated:
        raise InvalidInput(
            f"duplication {where} is {stated:.2f}; these audiences cannot share more than "
            f"{most:.2f} times chance.",
            (where,),
        )
    return _root(lambda k: delivered(k) - wanted, smallest)


def _root(excess: Callable[[float], float], smallest: float) -> float:
    """The k of no excess (it falls in k): `smallest` where there is none at it, infinite where some is always left."""
    low, high = float(np.log(smallest)), float(np.log(K_INFINITE * 10))

    def at(log_k: float) -> float:
        return excess(float(np.exp(log_k)))

    if np.isinf(low) or at(high) >= 0:
        return np.inf
    root = root_between(at, low, high, 1e-12) if at(low) > 0 else low
    return float(np.exp(root)) if root < np.log(K_INFINITE) else np.inf
