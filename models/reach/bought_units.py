"""How often one vehicle is met, where one gamma is not enough: several units, or several contacts of a unit.

Given the vehicle's intensity h = g_j eta_j an insertion is m contacts, each met with probability 1 - exp(-h / m): it is
missed altogether with exp(-h), whatever m is, so that reach does not change, and it gives each person

    m (1 - exp(-h / m))     contacts,    in the mean  m R(s(1 / m)),    R the reach of models.reach.gamma.

The mean rises with m from the rating to the limit eta (Poisson). A unit of stated contacts takes m and m + 1 of
them by turns, in the share that gives the stated mean exactly; above 50 it takes 50 and the Poisson limit by turns.

Of a vehicle of one unit it is integrated over h by models.reach.frequency's nodes: only the passage between "never" and
"always" is, as there. Several units are met on the occasions of models.reach.units: models.reach.occasions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from models.arrays import ComplexArray, FloatArray, IntArray, freeze
from models.errors import InvalidInput
from models.reach.curves import intensity_at, reached, saturate
from models.reach.polynomials import multiplied
from models.special import choose, log_gamma

Term = TypeVar("Term", FloatArray, ComplexArray)
MOST_PARTS = 50  # equal contacts of a unit; above, the Poisson limit
_ONE = 1 + 1e-12  # contacts of a unit up to which it is one
_ENDLESS = 300.0  # intensity at which a Poisson number of contacts is beyond every class


@dataclass(frozen=True, eq=False)
class Parts:
    """Equal contacts that each insertion is divided into, (n_segments, n_vehicles). fewer: so many; more: the share of
    insertions that have one more, or (fewer = MOST_PARTS) are Poisson."""

    fewer: IntArray
    more: FloatArray

    def __post_init__(self) -> None:
        freeze(self, fewer=self.fewer, more=self.more)


@dataclass(frozen=True, eq=False)
class Bought:
    """Insertions of a vehicle of one unit in one segment. count: whole insertions. fewer, more: the parts of each."""

    first: float
    bend: float
    count: float
    fewer: int
    more: float

    @property
    def plain(self) -> bool:
        """Whether each has one contact: models.reach.frequency has it in closed form."""
        return self.fewer == 1 and self.more == 0

    def never(self, g: FloatArray) -> FloatArray:
        """(n_g,) probability that none meets, given the medium's intensity g."""
        level = intensity_at(np.array(self.first), np.array(self.bend), np.array(self.count))
        return np.asarray(np.exp(-g * float(level)))


def neighbours_mixed(term: Callable[[FloatArray], Term], insertions: FloatArray) -> Term:
    """The term of a vehicle's insertions (n_units,): parts mix their whole neighbours, unit by unit."""
    parts = np.flatnonzero(np.floor(insertions) < insertions)
    if not len(parts):
        return term(insertions)
    low, high = insertions.copy(), insertions.copy()
    low[parts[0]], high[parts[0]] = np.floor(insertions[parts[0]]), np.ceil(insertions[parts[0]])
    part = float(insertions[parts[0]] - low[parts[0]])
    return np.asarray((1 - part) * neighbours_mixed(term, low) + part * neighbours_mixed(term, high))


# vehicle_nodes, of models.reach.frequency.
Nodes = Callable[[float, float, FloatArray, float], tuple[FloatArray, FloatArray]]


def generating(bought: Bought, g: FloatArray, z: ComplexArray, nodes: Nodes) -> ComplexArray:
    """(n_g, n_z) E z^n of the vehicle's contacts given the medium's intensity g."""
    x = round(bought.count)

    def given(h: FloatArray) -> ComplexArray:
        return np.asarray(_by_turns(bought.more, lambda m: _unit(h, m, z), bought.fewer) ** x)

    return np.asarray(_integrated(bought, g, given, np.ones(len(z)), nodes))


def classes(bought: Bought, g: FloatArray, times: int, nodes: Nodes) -> FloatArray:
    """(times, n_g) P(exactly 0, 1, ..., times-1 contacts) of one unit given the medium's intensity g."""
    x = round(bought.count)

    def given(h: FloatArray) -> FloatArray:
        unit = _by_turns(bought.more, lambda m: _unit_classes(h, m, times), bought.fewer)
        return _power(unit, x).T

    nobody = np.zeros(times)
    nobody[0] = 1.0
    found = np.asarray(_integrated(bought, g, given, nobody, nodes)).T
    found[0] = bought.never(g)
    return found


def _integrated(bought: Bought, g: FloatArray, given: Callable, at_zero: FloatArray, nodes: Nodes):  # type: ignore[no-untyped-def, type-arg]
    """(n_g, n) of values given h (n_h, n), at_zero (n,) where h is 0."""
    if bought.bend <= 0:
        return given(g * bought.first)
    h, weights = nodes(bought.first, bought.bend, g, float(bought.fewer))
    always = given(np.array([np.inf]))[0]
    missed = np.exp(-h * bought.count)[:, None]
    passage = given(h) - always - (at_zero - always) * missed
    return always + (at_zero - always) * bought.never(g)[:, None] + weights @ passage


def _by_turns(more: float, unit: Callable, fewer: int):  # type: ignore[no-untyped-def, type-arg]
    """`fewer` contacts in most insertions, one more (0: Poisson) in the share `more` of them."""
    found = unit(fewer)
    if more > 0:
        found = (1 - more) * found + more * unit(fewer + 1 if fewer < MOST_PARTS else 0)
    return found


def _unit(h: FloatArray, m: int, z: ComplexArray) -> ComplexArray:
    """(n_h, n_z) E z^n of one insertion of m contacts; m = 0: Poisson."""
    if m == 0:
        return np.asarray(np.exp(-np.minimum(h, _ENDLESS)[:, None] * (1 - z)))
    missed = np.exp(-h / m)[:, None]
    return np.asarray((missed + (1 - missed) * z) ** m)


def _unit_classes(h: FloatArray, m: int, times: int) -> FloatArray:
    """(times, n_h) the same as classes."""
    a = np.arange(times)[:, None]
    if m == 0:
        level = np.minimum(h, _ENDLESS)
        return np.asarray(np.exp(-level) * level**a / np.exp(log_gamma(np.asarray(a + 1, dtype=float))))
    missed = np.exp(-h / m)
    left = np.maximum(m - a, 0)
    return np.asarray(choose(m, a) * (1 - missed) ** a * missed**left * (a <= m))


def _power(a: FloatArray, x: int) -> FloatArray:
    found = np.zeros_like(a)
    found[0] = 1.0
    while x:
        if x & 1:
            found = multiplied(found, a)
        a, x = multiplied(a, a) if x > 1 else a, x >> 1
    return found


def parts_of(
    names: tuple[str, ...],
    rating: FloatArray,
    contacts: FloatArray,
    curve: tuple[FloatArray, FloatArray],
    k: tuple[FloatArray, FloatArray],
) -> Parts | None:
    """Parts of insertions that give each person reached `contacts` (n_vehicles,) in the mean; None where all are one.

    rating: (n_segments, n_vehicles). curve: first and bend of the vehicles. k: of the person, and of each
    vehicle's medium. Raises InvalidInput that names the most that ratings and repeat audiences allow.
    """
    if (contacts <= _ONE).all():
        return None
    fewer, more = np.ones(rating.shape, dtype=np.int64), np.zeros(rating.shape)
    for j in np.flatnonzero(contacts > _ONE):
        levels, each = _levels(curve[0][:, j], curve[1][:, j]), (k[0], k[1][:, j])
        seen = rating[:, j] > 0
        limit = levels[-1][seen] / rating[seen, j]
        if limit.min(initial=np.inf) < contacts[j]:
            most = np.floor(float(limit.min()) * 100) / 100
            raise InvalidInput(
                f'"{names[j]}" gives {contacts[j]:.4g} contacts to each person reached, but with its rating and '
                f"repeat audience at most {max(most, 1.0):.4g} are possible; lower its Contacts, or raise its repeat "
                "audience (not stated, it is as high as they ask for).",
                (names[j], "contacts"),
            )
        fewer[:, j], more[:, j] = _by_turns_of(levels, each, contacts[j] * rating[:, j])
        fewer[~seen, j], more[~seen, j] = 1, 0.0
    return Parts(fewer, more)


def _levels(first: FloatArray, bend: FloatArray) -> FloatArray:
    """(MOST_PARTS + 1, n_segments) intensity of one part of an insertion divided into 1, 2, ... parts; last contacts
    per person of one in ever more parts, eta."""
    safe = np.where(bend > 0, bend, 1.0)
    with np.errstate(over="ignore"):
        most = first * np.where(bend > 0, np.expm1(safe) / safe, 1.0)
    parts = 1.0 / np.arange(1, MOST_PARTS + 1)
    return np.vstack([intensity_at(first, bend, parts[:, None]), most])


def _by_turns_of(
    levels: FloatArray, k: tuple[FloatArray, FloatArray], wanted: FloatArray
) -> tuple[IntArray, FloatArray]:
    """The parts whose mean is not above the wanted one (n_segments,), and the share that has more."""
    many = np.arange(1, MOST_PARTS + 1)[:, None]
    means = np.vstack([many * reached(saturate(levels[:-1], k[1]), k[0]), levels[-1]])
    at = np.clip((means <= wanted * _ONE).sum(axis=0) - 1, 0, MOST_PARTS - 1)
    c = np.arange(len(wanted))
    step = means[at + 1, c] - means[at, c]
    share = np.where(step > 0, (wanted - means[at, c]) / np.where(step > 0, step, 1.0), 0.0)
    return at + 1, np.clip(share, 0.0, 1.0)
