"""How often one vehicle is met, where one gamma is not enough: several units, or several contacts of a unit.

Given the vehicle's intensity h = g_j eta_j (of one insertion of the unit that stands for it), an insertion of unit u is
m contacts, each met with probability 1 - exp(-h e_u / m): it is missed altogether with exp(-h e_u), whatever m is, so
that reach does not change, and it gives each person

    m (1 - exp(-h e_u / m))     contacts,    in the mean  m R(s(e_u / m)),    R the reach of models.reach.gamma.

The mean rises with m from the rating to the limit e_u eta (Poisson). A unit of stated contacts takes m and m + 1 of
them by turns, in the share that gives the stated mean exactly; above 50 it takes 50 and the Poisson limit by turns.

Integrated over h by models.reach.frequency's nodes: only the passage between "never" and "always" is, as there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from models.arrays import FloatArray, IntArray, freeze
from models.errors import InvalidInput
from models.reach.curves import intensity_at, reached, saturate
from models.reach.polynomials import multiplied
from models.special import choose, log_gamma

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
    """Insertions of one vehicle's units in one segment. first, bend: of the unit that stands for it. count, worth,
    fewer, more: (n_units,) whole insertions, what each is worth, and its parts."""

    first: float
    bend: float
    count: FloatArray
    worth: FloatArray
    fewer: IntArray
    more: FloatArray

    @property
    def plain(self) -> bool:
        """Whether it is insertions of one unit with one contact each: models.reach.frequency has it in closed form."""
        return len(self.count) == 1 and self.worth[0] == 1 and self.fewer[0] == 1 and self.more[0] == 0

    @property
    def amount(self) -> float:
        return float(self.count @ self.worth)

    def never(self, g: FloatArray) -> FloatArray:
        """(n_g,) probability that none meets, given the medium's intensity g."""
        level = intensity_at(np.array(self.first), np.array(self.bend), np.array(self.amount))
        return np.asarray(np.exp(-g * float(level)))


Nodes = Callable[
    [float, float, FloatArray, float], tuple[FloatArray, FloatArray]
]  # vehicle_nodes, of frequency
Complex: TypeAlias = "np.typing.NDArray[np.complex128]"


def generating(bought: Bought, g: FloatArray, z: Complex, nodes: Nodes) -> Complex:
    """(n_g, n_z) E z^n of the vehicle's contacts given the medium's intensity g."""

    def given(h: FloatArray) -> Complex:
        found = np.ones((len(h), len(z)), dtype=complex)
        for x, worth, fewer, more in _units(bought):
            found *= _by_turns(more, lambda m, e=worth: _unit(h * e, m, z), fewer) ** x
        return found

    return np.asarray(_integrated(bought, g, given, np.ones(len(z)), nodes))


def classes(bought: Bought, g: FloatArray, times: int, nodes: Nodes) -> FloatArray:
    """(times, n_g) P(exactly 0, 1, ..., times-1 contacts) given the medium's intensity g."""

    def given(h: FloatArray) -> FloatArray:
        found = np.zeros((times, len(h)))
        found[0] = 1.0
        for x, worth, fewer, more in _units(bought):
            unit = _by_turns(more, lambda m, e=worth: _unit_classes(h * e, m, times), fewer)
            found = multiplied(found, _power(unit, x))
        return found.T

    nobody = np.zeros(times)
    nobody[0] = 1.0
    found = np.asarray(_integrated(bought, g, given, nobody, nodes)).T
    found[0] = bought.never(g)
    return found


def _units(bought: Bought) -> list[tuple[int, float, int, float]]:
    numbers = (bought.count, bought.worth, bought.fewer, bought.more)
    return [(round(x), float(e), int(m), float(w)) for x, e, m, w in zip(*numbers, strict=True) if x > 0]


def _integrated(bought: Bought, g: FloatArray, given: Callable, at_zero: FloatArray, nodes: Nodes):  # type: ignore[no-untyped-def, type-arg]
    """(n_g, n) of values given h (n_h, n), at_zero (n,) where h is 0."""
    if bought.bend <= 0:
        return given(g * bought.first)
    least = float((bought.worth / bought.fewer)[bought.count > 0].min())
    h, weights = nodes(bought.first, bought.bend, g, 1 / max(least, 1e-6))
    always = given(np.array([np.inf]))[0]
    missed = np.exp(-h * bought.amount)[:, None]
    passage = given(h) - always - (at_zero - always) * missed
    return always + (at_zero - always) * bought.never(g)[:, None] + weights @ passage


def _by_turns(more: float, unit: Callable, fewer: int):  # type: ignore[no-untyped-def, type-arg]
    """`fewer` contacts in most insertions, one more (0: Poisson) in the share `more` of them."""
    found = unit(fewer)
    if more > 0:
        found = (1 - more) * found + more * unit(fewer + 1 if fewer < MOST_PARTS else 0)
    return found


def _unit(h: FloatArray, m: int, z: Complex) -> Complex:
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
    curve: tuple[FloatArray, FloatArray, FloatArray],
    k: tuple[FloatArray, FloatArray],
) -> Parts | None:
    """Parts of insertions that give each person reached `contacts` (n_vehicles,) in the mean; None where all are one.

    rating: (n_segments, n_vehicles). curve: first, bend and worth of the vehicles. k: of the person, and of each
    vehicle's medium. Raises InvalidInput that names the most that ratings and repeat audiences allow.
    """
    if (contacts <= _ONE).all():
        return None
    fewer, more = np.ones(rating.shape, dtype=np.int64), np.zeros(rating.shape)
    for j in np.flatnonzero(contacts > _ONE):
        own = [part[:, j] for part in curve]
        each = (k[0], k[1][:, j])
        seen = rating[:, j] > 0
        limit = _most_contacts(own)[seen] / rating[seen, j]
        if limit.min(initial=np.inf) < contacts[j]:
            most = np.floor(float(limit.min()) * 100) / 100
            raise InvalidInput(
                f'"{names[j]}" gives {contacts[j]:.4g} contacts to each person reached, but with its rating and '
                f"repeat audience at most {max(most, 1.0):.4g} are possible; lower its Contacts, or raise its repeat "
                "audience.",
                (names[j], "contacts"),
            )
        fewer[:, j], more[:, j] = _by_bisection(own, each, contacts[j] * rating[:, j])
        fewer[~seen, j], more[~seen, j] = 1, 0.0
    return Parts(fewer, more)


def _most_contacts(curve: list[FloatArray]) -> FloatArray:
    """(n_segments,) contacts per person of one insertion in ever more parts: e_u eta."""
    first, bend, worth = curve
    safe = np.where(bend > 0, bend, 1.0)
    with np.errstate(over="ignore"):
        return np.asarray(worth * first * np.where(bend > 0, np.expm1(safe) / safe, 1.0))


def _mean(curve: list[FloatArray], k: tuple[FloatArray, FloatArray], m: IntArray) -> FloatArray:
    """(n_segments,) contacts per person of one insertion in m parts."""
    first, bend, worth = curve
    return np.asarray(m * reached(saturate(intensity_at(first, bend, worth / m), k[1]), k[0]))


def _by_bisection(
    curve: list[FloatArray], k: tuple[FloatArray, FloatArray], wanted: FloatArray
) -> tuple[IntArray, FloatArray]:
    """The parts whose mean is not above the wanted one (n_segments,), and the share that has more."""
    means = np.array([_mean(curve, k, np.full(len(wanted), m)) for m in range(1, MOST_PARTS + 1)])
    means = np.vstack([means, _most_contacts(curve)])
    at = np.clip((means <= wanted * _ONE).sum(axis=0) - 1, 0, MOST_PARTS - 1)
    c = np.arange(len(wanted))
    step = means[at + 1, c] - means[at, c]
    share = np.where(step > 0, (wanted - means[at, c]) / np.where(step > 0, step, 1.0), 0.0)
    return at + 1, np.clip(share, 0.0, 1.0)
