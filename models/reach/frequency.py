"""How often people are met: the distribution of contacts of a schedule under the nested gamma model.

The generating function of the contacts, G(z) = E z^n, is a product over vehicles given the medium's
intensity, and over media given the person's; the intensities are integrated out:

    vehicle   E (e + (1-e) z)^x  over g_j | g_m,     e = exp(-g_j eta_j)
    medium    product over its vehicles, integrated over g_m | g0
    person    product over media, integrated over g0

For few insertions the vehicle's term has a closed form,
    sum_i C(x,i) z^(x-i) (1-z)^i exp(-g_m s_j(i)),
free of cancellation while x is small; for many, g_j is integrated like the others: by the trapezoid rule in
log g, whose nodes lie dense enough to resolve the narrowest gamma; the mass below the smallest node is an
atom at g = 0. Evaluated at points on a circle of radius below 1, the coefficients of G follow from one
Fourier transform; the radius keeps what lies beyond the last class out (Abate and Whitt 1992, section 5).

Accuracy (tested): the zero class equals the closed form of models.reach.gamma, and the mean the sum of ratings,
to 1e-6. A fractional number of insertions has no distribution of its own: the classes of its two whole
neighbours are mixed. The model's reach is more than theirs: whom it has besides is met once, so that no more are met
n times than contacts / n.
"""

from collections.abc import Iterable
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from models.arrays import ComplexArray, FloatArray, IntArray
from models.reach.bought_units import generating, neighbours_mixed
from models.reach.gamma import ReachModel, schedule_intensity
from models.special import beyond_gamma, choose, log_gamma

CLASSES = 41  # contacts 0..39 and "40 or more"
_ALIAS = 1e-10  # what a class may take of those that lie a whole circle of points further
_CLOSED_FORM_UP_TO = 10
_TOGETHER = 8  # segments whose terms are held at a time: of audience types there are thousands
_TAIL = 1e-13
_SMALLEST = 1e-8  # contact probability below which an intensity counts as 0
NOBODY = 1e-15  # intensity of a whole schedule below which a segment does not meet it
_NARROW = 1.15  # standard deviations of a gamma, no longer steps
_CERTAIN = 60.0  # intensity above which every insertion meets


class Grid(NamedTuple):
    """How finely intensities are integrated over. stride: of the steps that 1e-10 asks for. smallest: contact
    probability below which an intensity counts as 0. left: what nodes that are left out may tell more
    (models.reach.fewer_nodes); None: none is. positive: no weight may be below 0 then, and so many contacts are told
    apart; 0: weights may."""

    stride: float
    smallest: float
    left: float | None = None
    positive: int = 0


FINE = Grid(1.6, _SMALLEST)  # a share is right to 2e-8 (tested)
# A share is right to 1e-6 (tested): to choose between plans, not to report one.
COARSE = Grid(3.0, 1e-5, left=1e-9)


def contact_distribution(model: ReachModel, insertions: FloatArray, classes: int = CLASSES) -> FloatArray:
    """Share of each segment met exactly 0, 1, ..., classes-2 times, and classes-1 times or more.

    insertions: (n_vehicles,). Returns (n_segments, classes); rows sum to 1. classes <= 64.
    """
    own = model.own_distribution(insertions, classes)
    if own is not None:
        return own
    bought = np.flatnonzero(insertions > 0)
    reach, intensity = model.reach_shares(insertions), model.intensity(insertions[bought], bought)
    rows = np.zeros((len(intensity), classes))
    for alike in _alike(model):
        nodes = _nodes(model, alike[0], bought, intensity[alike].max(axis=0))
        for at in range(0, len(alike), _TOGETHER):
            some = alike[at : at + _TOGETHER]
            for c, raw in zip(some, _distributions(model, some, insertions, nodes, classes), strict=True):
                rows[c] = _close_at_zero(raw, float(reach[c]))
    return rows


def _alike(model: ReachModel) -> Iterable[list[int]]:
    """Segments by the spreads of their people: those of equal ones share their nodes."""
    alike: dict[bytes, list[int]] = {}
    for c, spreads in enumerate(np.column_stack([model.k_person, model.k_medium])):
        alike.setdefault(spreads.tobytes(), []).append(c)
    return alike.values()


class _Nodes(NamedTuple):
    """Nodes and weights of g0 and the mass left at 0; of each medium its vehicles that are bought, the nodes of g_m and
    their weights (n_g0, n_g), None where g_m is g0."""

    people: tuple[FloatArray, float]
    media: list[tuple[IntArray, FloatArray, FloatArray | None]]


def _nodes(model: ReachModel, c: int, bought: IntArray, intensity: FloatArray) -> _Nodes:
    """Those of segment c, dense enough for this intensity (n,) of the vehicles bought."""
    g0, weights, atom = person_nodes(float(model.k_person[c]), max(float(intensity.sum()), NOBODY))
    media: list[tuple[IntArray, FloatArray, FloatArray | None]] = []
    for m in range(len(model.audiences.media)):
        own = model.audiences.medium[bought] == m
        k, total = float(model.k_medium[c, m]), float(intensity[own].sum())
        if np.isinf(k):
            media.append((bought[own], g0, None))
        elif total >= NOBODY:
            media.append((bought[own], *medium_nodes(k, total, g0)))
    return _Nodes((weights, atom), media)


def _close_at_zero(distribution: FloatArray, reach: float) -> FloatArray:
    """The zero class set to the closed form: where that is less, the rest is met once; else the others keep their
    proportions."""
    met = np.maximum(distribution[1:], 0.0)
    met *= min(reach / max(float(met.sum()), 1e-300), 1.0)
    met[0] += max(reach - float(met.sum()), 0.0)
    return np.concatenate([[1 - met.sum()], met])


def _distributions(
    model: ReachModel, alike: list[int], insertions: FloatArray, nodes: _Nodes, classes: int
) -> FloatArray:
    """(n_alike, classes) raw, from the generating function (before the zero class is closed)."""
    z, coefficients_of = _circle(classes)
    weight0, atom0 = nodes.people
    product = np.ones((len(alike), len(weight0), len(z)), dtype=complex)
    for vehicles, g, weights in nodes.media:
        terms = _vehicle_product(model, alike, vehicles, insertions, g, z)
        product *= terms if weights is None else _product(weights, terms) + (1 - weights.sum(axis=1))[:, None]
    generating = weight0 @ product + atom0
    coefficients = generating.real @ coefficients_of.real + generating.imag @ coefficients_of.imag
    coefficients[:, -1] = 1 - coefficients[:, :-1].sum(axis=1)
    return np.asarray(coefficients)


@lru_cache(maxsize=4)
def _circle(classes: int) -> tuple[ComplexArray, ComplexArray]:
    """(n_z,) the upper half of a circle that gives so many classes, and (n_z, classes) how: the coefficients of a
    generating function are the real parts of its values there times their conjugates. Rounding in the last class is
    _ALIAS^(-2/3) times that of a number, 5e-10.

    >>> len(_circle(41)[0]), len(_circle(64)[0])
    (33, 65)
    """
    points = 1 << int(np.ceil(np.log2(1.5 * classes)))
    radius, half, n = float(_ALIAS ** (1 / points)), np.arange(points // 2 + 1), np.arange(classes)
    turned = 2j * np.pi / points
    twice = np.where((half == 0) | (half == points // 2), 1.0, 2.0)  # the lower half mirrors the upper
    back = twice[:, None] / points * np.exp(turned * (half[:, None] * n % points)) * radius**-n
    return radius * np.exp(turned * half), back


def person_nodes(k: float, total: float, grid: Grid = FINE) -> tuple[FloatArray, FloatArray, float]:
    """Nodes and weights of g0 ~ Gamma(k, rate k), and the mass left at 0. total: intensity of the schedule."""
    if np.isinf(k):
        return np.ones(1), np.ones(1), 0.0
    nodes, step = _log_grid(k, grid.smallest / total, beyond_gamma(k, _TAIL) / k, grid.stride)
    weights = _gamma_weights(np.array([k]), k * nodes, np.log(k * nodes), step)[0]
    return nodes, weights, 1 - float(weights.sum())


def medium_nodes(k: float, total: float, g0: FloatArray, grid: Grid = FINE) -> tuple[FloatArray, FloatArray]:
    """Nodes of g_m ~ Gamma(g0 k, rate k), dense enough for every g0, and their weights (n_g0, n_nodes)."""
    shape, smallest = g0 * k, grid.smallest / max(total, 1e-300)
    nodes, step = _log_grid(k, smallest, beyond_gamma(float(shape.max()), _TAIL) / k, grid.stride)
    return nodes, _gamma_weights(shape, k * nodes, np.log(k * nodes), step)


def _vehicle_product(
    model: ReachModel,
    alike: list[int],
    vehicles: IntArray,
    insertions: FloatArray,
    g: FloatArray,
    z: ComplexArray,
) -> ComplexArray:
    """(n_alike, n_g, n_z) product over vehicles of E z^n given the medium's intensity g; fractions mix neighbours."""
    product = np.ones((len(alike), len(g), len(z)), dtype=complex)
    plain = model.plain(alike)[vehicles]
    for lines in model.together(vehicles[~plain]):
        of_whole = partial(_lines_term, model, alike, lines, g=g, z=z)
        product *= neighbours_mixed(of_whole, insertions[lines])
    vehicles = vehicles[plain]
    bought, bend = insertions[vehicles], model.bend[alike][:, vehicles]
    few = (np.floor(bought) == bought) & (bought <= _CLOSED_FORM_UP_TO) & (bend > 0).all(axis=0)
    if few.any():
        product *= _few_product(model.first[alike][:, vehicles[few]], bend[:, few], bought[few], g, z)
    for j in vehicles[~few]:
        least = int(np.floor(insertions[j]))
        part = float(insertions[j]) - least
        for at, c in enumerate(alike):
            curve = float(model.first[c, j]), float(model.bend[c, j])
            term = _vehicle_term(*curve, least, g, z)
            if part > 0:
                term = (1 - part) * term + part * _vehicle_term(*curve, least + 1, g, z)
            product[at] *= term
    return product


def _few_product(
    first: FloatArray, bend: FloatArray, insertions: FloatArray, g: FloatArray, z: ComplexArray
) -> ComplexArray:
    """(n_alike, n_g, n_z) product over vehicles (n,) of E z^n of a few whole insertions in each, in closed form.
    first, bend > 0: (n_alike, n)."""
    product = np.ones((len(first), len(g), len(z)), dtype=complex)
    steps = -schedule_intensity(first[..., None], bend[..., None], np.arange(insertions.max() + 1))
    met = (first >= NOBODY).any(axis=0)
    for number in sorted({int(x) for x in insertions[met]}):  # np.unique would load what masked arrays need
        i = np.arange(number + 1)
        polynomial = choose(number, i)[:, None] * z ** (number - i)[:, None] * (1 - z) ** i[:, None]
        for j in np.flatnonzero(met & (insertions == number)):
            missed = np.exp(g[:, None] * steps[:, j, None, : len(i)])
            product *= _product(missed, polynomial)
    return product


def _lines_term(
    model: ReachModel, alike: list[int], lines: IntArray, whole: FloatArray, g: FloatArray, z: ComplexArray
) -> ComplexArray:
    """(n_alike, n_g, n_z) E z^n of whole insertions (n_units,) of one vehicle given the medium's intensity g, where
    they are of several units or give several contacts."""
    term = np.ones((len(alike), len(g), len(z)), dtype=complex)
    if not whole.any():
        return term
    if model.units is not None and model.units.of[lines[0]] >= 0:
        occasions = model.units.occasions(np.array(alike), lines)
        return occasions.generating(
            whole, model.audiences.contacts_each(lines), np.tile(g, (len(alike), 1)), z
        )
    for at, c in enumerate(alike):
        bought = model.bought(c, int(lines[0]), float(whole[0]))
        if bought.first >= NOBODY:
            term[at] = (
                _vehicle_term(bought.first, bought.bend, round(bought.count), g, z)
                if bought.plain
                else generating(bought, g, z, vehicle_nodes)
            )
    return term


def _vehicle_term(first: float, bend: float, x: int, g: FloatArray, z: ComplexArray) -> ComplexArray:
    """(n_g, n_z) E z^n of x insertions in one vehicle given the medium's intensity g."""
    if x == 0 or first < NOBODY:
        return np.ones((len(g), len(z)), dtype=complex)
    if bend <= 0:
        missed = np.exp(-g * first)[:, None]
        return np.asarray((missed + (1 - missed) * z) ** x)
    if x <= _CLOSED_FORM_UP_TO:
        return np.asarray(_few_product(np.array([[first]]), np.array([[bend]]), np.array([x]), g, z)[0])
    nodes, weights = vehicle_nodes(first, bend, g)
    never = np.exp(-g * float(schedule_intensity(np.array(first), np.array(bend), np.array(float(x)))))[
        :, None
    ]
    missed = np.exp(-nodes)[:, None]
    # z^x + (1 - z^x) missed^x has a known mean and meets the integrand at both ends, so that only the passage
    # between "never" and "always" is integrated, however loyal the audience (r -> 1).
    passage = (missed + (1 - missed) * z) ** x - z**x - (1 - z**x) * missed**x
    return np.asarray(z**x + (1 - z**x) * never + _product(weights, passage))


def _product(real: FloatArray, other: ComplexArray) -> ComplexArray:
    """The matrix product of a real matrix and a complex one: of its real and imaginary parts side by side, which takes
    half as long."""
    both = np.ascontiguousarray(other).view(np.float64)
    return np.asarray((real @ both).view(np.complex128))


def vehicle_nodes(
    first: float, bend: float, g: FloatArray, further: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Nodes of h = g_j eta_j ~ Gamma(g k, rate k/eta) up to where every insertion meets, and their weights
    (n_g, n_nodes). further: times as far."""
    k, log_rate = first / bend, -(bend + np.log(-np.expm1(-bend)))
    shape, rate = g * k, max(float(np.exp(log_rate)), 1e-290)
    nodes, step = _log_grid(
        rate,
        _SMALLEST,
        min(_CERTAIN * further, beyond_gamma(float(shape.max()), _TAIL) / rate),
        FINE.stride,
    )
    return nodes, _gamma_weights(shape, rate * nodes, log_rate + np.log(nodes), step)


def _log_grid(
    k: float, smallest: float, largest: float, stride: float = 1.0
) -> tuple[FloatArray, FloatArray]:
    """Nodes g and d(log g) for the trapezoid rule, dense enough for Gamma(., rate k) everywhere.

    A smooth map tau(y) = 4 y + 2 sqrt(k/.36) exp(y/2) of y = log g takes unit steps: steps of 1/4 where the
    gamma is wide, of .6/sqrt(k g) where it is narrow; `stride` times as long. Steps of h standard deviations of a
    narrow gamma miss 2 exp(-2 (pi/h)^2) of it, a millionth at 1.15: they are no longer than that up to g = 3.
    """
    root = np.sqrt(k) * max(1 / 0.6, stride / _NARROW - 4 / np.sqrt(3 * k))
    low, high = np.log(min(max(smallest, 1e-290), largest / 2)), np.log(largest)  # some nodes, always

    def tau(y: FloatArray) -> FloatArray:
        return np.asarray(4 * y + 2 * root * np.exp(y / 2))

    ends = tau(np.array([low, high]))
    target = np.arange(ends[0], ends[1] + stride, stride)
    coarse = np.linspace(low, high + 1, 400)
    y = np.interp(target, tau(coarse), coarse)
    for _ in range(3):  # Newton from a close start: tau is convex and increasing
        y = y - (tau(y) - target) / (4 + root * np.exp(y / 2))
    return np.exp(y), stride / (4 + root * np.exp(y / 2))


def _gamma_weights(
    shape: FloatArray, scaled: FloatArray, log_scaled: FloatArray, step: FloatArray
) -> FloatArray:
    """(n_shapes, n_nodes) probability that Gamma(shape, rate) puts at each node. scaled: rate times node."""
    weights = np.multiply.outer(shape, log_scaled)
    weights -= scaled
    weights -= log_gamma(shape)[:, None]
    np.exp(weights, out=weights)
    weights *= step
    return np.asarray(weights)
