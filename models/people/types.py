"""Audience types: people who use the same vehicles, known to a survey and not to the eye.

K exclusive types, to one of which everyone belongs; within a type vehicles are used independently, so types carry
the duplication that traits do not (latent class analysis, Lazarsfeld and Henry 1968).

From respondents (types_from_respondents): maximum likelihood by EM (Dempster, Laird, Rubin 1977) of types that lie on a
few latent traits (models.people.type_fit). Weights make ratings, shares of types and traits those of the universe; who
uses what together is fitted without them, where others left out do not say otherwise. From a table of pairs:
models.people.pair_types.

A type's rating is floored at 2 % of the vehicle's (a sample finds nobody where there are a few), then the log-odds
of the vehicle are shifted alike until its rating is exact.

Breaks down: with very few types (5) an optimiser exploits what they leave out; with 20 reach of 8 and 16 vehicles is
less exact than with 40, with 60 no more so (docs/method.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, freeze, frozen_floats
from models.errors import InvalidInput
from models.people.type_fit import ENOUGH_TO_CHOOSE, fit_types, fitting_weights, logistic

TYPES_FROM_RESPONDENTS = 40
ENOUGH_TYPES = 20  # reach is nearly as exact as with all
FEWEST_TYPES = 8  # with 5 an optimiser exploits what types leave out
_STARTS = 2  # random ones
_EACH = 25  # respondents for one type: 1,000 carry 40
_FLOOR = 0.02
_SHIFTS = 100
_PARTS = 10  # of the respondents, of which one is held out
_RAKINGS = 200
_MISSED, _ANSWERED = 1e-6, 0.1  # of the universe; share of the table that respondents alone make
_LEAST = 1e-9  # chance of a type that anyone has
_JUDGES = 200  # respondents held out, at least: so many parts in turn


@dataclass(frozen=True, eq=False)
class AudienceTypes:
    """share: (n_types,) of the universe, sums to 1. rating: (n_vehicles, n_types) share of a type's people that the
    vehicle reaches, 0 < a < 1. trait: (n_traits, n_types) share of a type's people that has the trait."""

    share: FloatArray
    rating: FloatArray
    trait: FloatArray

    def __post_init__(self) -> None:
        n = len(self.share)
        freeze(
            self,
            share=frozen_floats("shares of types", self.share, (n,)),
            rating=frozen_floats("ratings by type", self.rating, (len(self.rating), n)),
            trait=frozen_floats("traits by type", self.trait, (len(self.trait), n)),
        )

    def composition(self) -> FloatArray:
        """(n_vehicles, n_types) share of each vehicle's audience that is of each type."""
        people = self.rating * self.share
        return np.asarray(people / people.sum(axis=1, keepdims=True))

    def of_traits(self) -> FloatArray:
        """(n_traits, n_types) share of each trait's people that is of each type."""
        people = self.trait * self.share
        return np.asarray(people / people.sum(axis=1, keepdims=True))


def types_from_respondents(
    uses: BoolArray | FloatArray,
    weight: FloatArray,
    traits: BoolArray,
    n_types: int = TYPES_FROM_RESPONDENTS,
) -> AudienceTypes:
    """Audience types of a survey.

    uses: (n_people, n_vehicles), or chances of contact. weight: (n_people,) > 0. traits: (n_people, n_traits).
    Of random starts the most likely end is taken (seeded: the same survey gives the same types). Raises InvalidInput
    where a vehicle or trait has nobody, or everybody.
    """
    weight = weight / weight.mean()
    used, having = np.asarray(uses, dtype=np.float64), np.asarray(traits, dtype=np.float64)
    for name, have in (("vehicle", used), ("trait", having)):
        share = weight @ have / weight.sum()
        if ((share <= 0) | (share >= 1)).any():
            raise InvalidInput(f"a {name} of the survey has nobody, or everybody; leave it out.")
    fitting = fitting_weights(used, weight, n_types)
    fits = [fit_types(used, weight, fitting, n_types, seed) for seed in range(_STARTS)]
    fit = max(fits, key=lambda each: each.likelihood)
    of_traits = [fit.with_trait(has, weight) for has in having.T]
    share, rough = held(fit.share, np.vstack([fit.rate, *of_traits, fit.belongs]), 1 / len(uses))
    n, columns = used.shape[1], np.hstack([used, having])
    exact = exact_ratings(weight @ columns / weight.sum(), rough[: columns.shape[1]], share)
    trait = had_together(exact[n:], share, rough[columns.shape[1] :], traits, weight)
    return AudienceTypes(share, exact[:n], trait)


def had_together(
    trait: FloatArray, share: FloatArray, belongs: FloatArray, has: BoolArray, weight: FloatArray
) -> FloatArray:
    """(n_traits, n_types) shares of types' people with each trait, as near to `trait` as people can be who have the
    traits together as respondents do.

    Each trait is spread over types by itself, so that of a type more may have a trait than have the wider one that it
    is a part of. Respondents by what traits they have and by their chances of being of each type (belongs: (n_people,
    n_types)) are a table of people that there can be; it is raked to `trait`, and ends with its own margins.

    >>> nested = np.array([[True, True], [False, True], [False, False]])
    >>> had_together(np.array([[0.3], [0.2]]), np.ones(1), np.ones((3, 1)), nested, np.ones(3)).round(6).tolist()
    [[0.333333], [0.666667]]
    """
    if not len(trait):
        return trait
    together, whose = np.unique(np.asarray(has, dtype=bool), axis=0, return_inverse=True)
    table = np.zeros((len(together), len(share)))
    np.add.at(table, whose.ravel(), (belongs + _LEAST) * (weight / weight.sum())[:, None])
    people = np.bincount(whose.ravel(), weight / weight.sum())
    as_answered, wanted = table.copy(), trait * share
    for total, members in [*zip(wanted, together.T, strict=True)] * _RAKINGS:
        for kept, of in ((members, total), (~members, share - total)):
            table[kept] *= of / table[kept].sum(axis=0)
        table *= (people / table.sum(axis=1))[:, None]
    if np.abs(together.T @ table - wanted).max() > _MISSED:  # then raking drives somebody out of every type
        table = (1 - _ANSWERED) * table + _ANSWERED * as_answered
    for _ in range(_RAKINGS):
        table *= share / table.sum(axis=0)
        table *= (people / table.sum(axis=1))[:, None]
    return np.asarray(together.T @ table / table.sum(axis=0))


def usual_types(respondents: float) -> int:
    """How many types so many respondents (effective base) carry, as surveys of 1,000 to 3,700 had it.

    >>> usual_types(500)
    20
    """
    return int(min(max(respondents // _EACH, FEWEST_TYPES), TYPES_FROM_RESPONDENTS))


def number_of_types(
    uses: BoolArray | FloatArray,
    weight: FloatArray,
    numbers: Sequence[int],
    usual: int = TYPES_FROM_RESPONDENTS,
) -> int:
    """How many types a survey bears: the usual number, unless a held-out tenth of the respondents says otherwise.

    Types are fitted to nine tenths; another number is taken where the tenth is likelier under it by more than two
    standard errors of the difference over its respondents. In a small survey further tenths are held out in turn, for a
    tenth of 400 people can tell nothing; of many respondents ENOUGH_TO_CHOOSE drawn at random say it. uses, weight: as
    above. Seeded.
    """
    if len(weight) < _PARTS:
        return usual
    parts, asked = _held_out(len(weight))
    numbers = (*numbers, *(() if usual in numbers else (usual,)))
    used, mean_one = uses.astype(float), weight / weight.mean()
    fitting = fitting_weights(used, mean_one, usual)
    fitted = {
        n: np.concatenate(
            [
                fit_types(used[rest], mean_one[rest], fitting[rest], n, 0).log_likelihoods(used[out])
                for out, rest in ((out, asked & ~out) for out in parts)
            ]
        )
        for n in numbers
    }
    share = np.concatenate([weight[held_out] for held_out in parts])
    share = share / share.sum()
    best, gain = usual, 0.0
    for n in numbers:
        difference = fitted[n] - fitted[usual]
        mean = float(share @ difference)
        error = float(np.sqrt(share**2 @ (difference - mean) ** 2))
        if mean > 2 * error and mean > gain:
            best, gain = n, mean
    return best


def _held_out(n: int) -> tuple[list[BoolArray], BoolArray]:
    """(n,) who is held out, in turn; and (n,) who takes part."""
    drawn = np.random.default_rng(0).permutation(n)
    asked, turns = drawn < ENOUGH_TO_CHOOSE, min(-(-_JUDGES * _PARTS // n), _PARTS)
    return [asked & (drawn % _PARTS == at) for at in range(turns)], asked


def held(share: FloatArray, rating: FloatArray, least: float) -> tuple[FloatArray, FloatArray]:
    """Types of at least the share `least` of the universe, or the largest, and their columns of (n_columns, n_types)
    ratings."""
    kept = share >= min(least, float(share.max()))
    return share[kept] / share[kept].sum(), rating[:, kept]


def exact_ratings(rating: FloatArray, rough: FloatArray, share: FloatArray) -> FloatArray:
    """(n_vehicles, n_types) ratings by type, floored and shifted in log-odds until their mean is `rating`.

    rating: (n_vehicles,) of everyone, 0 < p < 1. rough: (n_vehicles, n_types). share: (n_types,) sums to 1.

    >>> exact_ratings(np.array([0.3]), np.array([[0.2, 0.4]]), np.array([0.5, 0.5])).round(6).tolist()
    [[0.2, 0.4]]
    """
    floored = np.clip(rough, _FLOOR * rating[:, None], 1 - 1e-9)
    odds = np.log(floored / (1 - floored))
    low, high = np.full(len(rating), -60.0), np.full(len(rating), 60.0)
    for _ in range(_SHIFTS):
        middle = (low + high) / 2
        above = logistic(odds + middle[:, None]) @ share > rating
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return logistic(odds + ((low + high) / 2)[:, None])


def type_names(count: int) -> Sequence[str]:
    """Names of types, in their order: type 1, type 2, ..."""
    return [f"type {number}" for number in range(1, count + 1)]
