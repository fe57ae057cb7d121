"""Compositions measured on samples, moved towards what is expected of the vehicle: empirical Bayes.

A vehicle's composition c, the share of its audience that has a trait, is often measured on a few dozen
respondents; the vehicles with the highest figures are then those with the luckiest samples.

Assumed:
1. The true compositions of the vehicles vary around an expected share s as a beta distribution with mean s
   and variance tau^2 (exclusive traits together as a Dirichlet distribution). s is the vehicles'
   audience-weighted mean (expected_composition), or what is known of each vehicle otherwise. (The universe's
   share as s would bias every trait that uses media more or less than average: by 1 to 3 % of its reach on halves
   of three US surveys.)
2. A measured composition is a simple random sample of n people from the vehicle's audience; n is the effective
   (Kish) sample size where respondents are weighted. Vehicles are independent, though they share respondents.

The beta distribution is worth k respondents, and the expected composition given the sample is

    (n c + k s) / (n + k),     k = s (1-s) / tau^2 - 1.

k comes from the vehicles themselves by moments. Given the true share, the sampling variance is
(s (1-s) - tau^2) / n on average, so E n (c-s)^2 = s (1-s) + (n-1) tau^2; summed over V vehicles,

    tau^2 = max(0, [sum n (c-s)^2 - V s (1-s)] / sum (n-1)).

tau^2 = 0 (no more spread than chance makes) gives an infinite k and c = s; tau^2 >= s (1-s) gives k = 0 and c
as it was measured. Traits of one band exclude each other and add up to 100 %, which only a common k keeps:
numerator and denominator of rho = tau^2 / (s (1-s)) = 1 / (k+1), which all classes of a Dirichlet distribution
share, are added over the band's classes, those without any of its traits (the rest) among them. For a trait
alone the rest says the same as the trait, so the formula above stays.

Source: C. Morris, Parametric Empirical Bayes Inference, JASA 78 (1983); moments of the beta-binomial after
J. Kleinman, Proportions with extraneous variance, JASA 68 (1973).
Breaks down: under MEASURABLE vehicles the spread cannot be measured, and the caller's k is taken; where the
vehicles measured are a choice (only news, say), the rest is shrunk by their spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, freeze, frozen_floats
from models.errors import InvalidInput

MEASURABLE = 8  # vehicles


@dataclass(frozen=True, eq=False)
class ShrunkCompositions:
    """What a sample says of each vehicle, with the spread of all vehicles in mind.

    composition: (n_vehicles, n_traits) shares 0..1, nan where there is no figure. k: (n_traits,) respondents
    that the expected share is worth; inf where the vehicles differ by no more than chance.
    estimated: (n_traits,) k was measured, not given. shrunk: (n_vehicles, n_traits) figures that were moved.
    """

    composition: FloatArray
    k: FloatArray
    estimated: BoolArray
    shrunk: BoolArray

    def __post_init__(self) -> None:
        shape = self.composition.shape
        freeze(
            self,
            composition=frozen_floats("composition", self.composition, shape),
            k=frozen_floats("k", self.k, shape[1:]),
            estimated=self.estimated,
            shrunk=self.shrunk,
        )


def shrink_compositions(
    composition: FloatArray,
    sample_size: FloatArray,
    share: FloatArray,
    bands: Sequence[str],
    k_of_few: float = 50.0,
    k_known: FloatArray | None = None,
) -> ShrunkCompositions:
    """Measured compositions moved towards the expected shares.

    composition: (n_vehicles, n_traits) 0..1, nan = no figure. sample_size: (n_vehicles,) nan = unknown; such
    vehicles and figures stay as they are. share: expected, (n_traits,) of all or (n_vehicles, n_traits) of each.
    bands: per trait, "" = none. k_of_few: k where fewer than MEASURABLE vehicles have a figure and a sample size.
    k_known: (n_traits,) k that need not be measured; nan where it is, None: nowhere known.
    Raises InvalidInput when a share, a composition or a sample size is out of bounds.

    >>> one = shrink_compositions(np.array([[0.4]]), np.array([100.0]), np.array([0.1]), [""])
    >>> round(float(one.composition[0, 0]), 4), one.k.tolist()
    (0.3, [50.0])
    """
    n_vehicles, n_traits = composition.shape
    share = np.broadcast_to(share, composition.shape)
    _check(composition, sample_size, share, bands)
    given = np.full(n_traits, np.nan) if k_known is None else k_known
    k = np.where(np.isnan(given), k_of_few, given)
    estimated = np.zeros(n_traits, dtype=bool)
    shrunk = np.zeros((n_vehicles, n_traits), dtype=bool)
    result = composition.copy()
    for traits in _groups(bands):
        measured = ~np.isnan(sample_size) & ~np.isnan(composition[:, traits]).any(axis=1)
        at = np.ix_(np.flatnonzero(measured), np.array(traits))
        c, n, s = composition[at], sample_size[measured, None], share[at]
        if np.isnan(given[traits]).all() and len(c) >= MEASURABLE and (n > 1).any():
            k[traits], estimated[traits] = _respondents_worth(c, n, s), True
        moved = s + (c - s) / (1 + k[traits[0]] / n)  # (n c + k s) / (n + k), also at k = infinity
        result[at] = np.clip(moved, np.minimum(c, s), np.maximum(c, s))
        shrunk[at] = True
    return ShrunkCompositions(result, k, estimated, shrunk)


def expected_composition(composition: FloatArray, audience: FloatArray, universe: FloatArray) -> FloatArray:
    """(n_traits,) the vehicles' audience-weighted mean composition, sum p c / sum p.

    composition: (n_vehicles, n_traits) 0..1, nan = no figure. audience: (n_vehicles,) people. universe: (n_traits,)
    share of the universe, which stands where fewer than MEASURABLE vehicles have a figure: a mean of few is
    itself chance.

    >>> expected_composition(np.array([[0.4]] * 8), np.ones(8), np.array([0.1])).tolist()
    [0.4]
    """
    known = ~np.isnan(composition) & (audience > 0)[:, None]
    people = (known * audience[:, None]).sum(axis=0)
    mean = (np.where(known, composition, 0.0) * audience[:, None]).sum(axis=0) / np.maximum(people, 1e-300)
    usable = (known.sum(axis=0) >= MEASURABLE) & (mean > 0) & (mean < 1)
    return np.where(usable, mean, universe)


def _respondents_worth(c: FloatArray, n: FloatArray, s: FloatArray) -> float:
    """k of a band, or of a single trait; c, s (n_vehicles, n_traits), n (n_vehicles, 1)."""
    c, s = (np.hstack([x, 1 - x.sum(axis=1, keepdims=True)]) for x in (c, s))  # and the rest
    within = (s * (1 - s)).sum(axis=1, keepdims=True)
    beyond_chance = float((n * (c - s) ** 2).sum()) - float(within.sum())
    rho = beyond_chance / float(((n - 1) * within).sum())  # tau^2 as a part of s (1-s)
    return np.inf if rho <= 0 else max(1 / rho - 1, 0.0)


def _groups(bands: Sequence[str]) -> list[list[int]]:
    """The traits of each band; a trait of no band stands alone."""
    named = [name or f"\0{at}" for at, name in enumerate(bands)]
    return [[at for at, own in enumerate(named) if own == name] for name in dict.fromkeys(named)]


def _check(composition: FloatArray, sample_size: FloatArray, share: FloatArray, bands: Sequence[str]) -> None:
    n_vehicles, n_traits = composition.shape
    frozen_floats("sample size", sample_size, (n_vehicles,))
    frozen_floats("expected share", share, (n_vehicles, n_traits))
    if len(bands) != n_traits:
        raise InvalidInput(f"{len(bands)} bands are given for {n_traits} traits.")
    if not ((share > 0) & (share < 1)).all():
        raise InvalidInput("a trait's expected share is not between 0 and 1.")
    known = composition[~np.isnan(composition)]
    if not ((known >= 0) & (known <= 1 + 1e-9)).all():
        raise InvalidInput("a composition is not between 0 and 1.")
    if not (sample_size[~np.isnan(sample_size)] > 0).all():
        raise InvalidInput("a sample size is not above 0.")
