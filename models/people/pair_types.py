"""Audience types from a table of pairs: who shares which two vehicles, and which vehicle has whom.

Of n people asked, n_ij met both i and j; a trait is one more column. With types (models.people.types) the expected
number is

    m_ij = n c_ij sum_k pi_k a_ik a_jk,      c = 1 + (D - 1) / 2 of two vehicles, 1 of a vehicle and a trait

over the cells that are known; a column's own share p_i is known too. D is how much more often than by chance two
vehicles share a person, over all known pairs: half of what is beyond chance is left to the k of models.reach.gamma:
some people use more of everything. Pairs alone cannot tell that from types; types that take all of it overstate
what three and more vehicles share.

pi (softmax) and the log-odds of a are found by least Poisson deviance 2 sum n_ij ln(n_ij / m_ij) - (n_ij - m_ij)
(McCullagh and Nelder 1989; not least squares: it fits small vehicles badly, and an optimiser buys them), with two
priors: log-odds of a type lie about the column's own with a standard deviation of 2 (shift^2 / 4 of deviance), and
each type has 5 people beside those asked (Dirichlet), for without them half of the types vanish. The start: clusters
of columns that share people beyond chance.

On halves of the 2016 election study (tests/models/reach/test_types_on_respondents.py) the rms error of reach came from
2.5 and 2.3 % (8 and 16 vehicles; types took all duplication, standard deviation 1, no people beside) to 2.1 and 1.8;
c of .3 to .5, 2 to 10 people, deviations of 1.4 to 2 are alike.

Breaks down: cells that contradict the ratings are fitted as well as can be, and `worst` says by how much.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.errors import InvalidInput
from models.people.types import AudienceTypes, exact_ratings, held

TYPES_FROM_PAIRS = 12
_PENALTY = 0.25  # of a squared log-odds shift
_PEOPLE = 5.0  # beside those asked, in each type
_LEFT = 0.5  # of the duplication beyond chance: is not the types'
_MARGIN = 1.0  # weight of a column's own share beside its cells
_STEPS = 400
_START = 1.0  # log-odds that a cluster's columns start with in its type


@dataclass(frozen=True, eq=False)
class PairTypes:
    """types: as fitted. residual: (n_columns, n_columns) fitted over stated share, nan where nothing is stated."""

    types: AudienceTypes
    residual: FloatArray


def types_from_pairs(
    rating: FloatArray, shared: FloatArray, n_traits: int, respondents: float, n_types: int = TYPES_FROM_PAIRS
) -> PairTypes:
    """Audience types from pairs.

    rating: (n_columns,) share of the universe that uses each vehicle, then has each trait (the last n_traits).
    shared: (n_columns, n_columns) share of the universe that has both, symmetric, nan = not known; its diagonal and
    pairs of traits are not read (ages exclude each other: types would become ages). respondents: people asked. Raises
    InvalidInput where a share cannot be.
    """
    from scipy import optimize

    known = ~np.isnan(shared) & ~np.eye(len(rating), dtype=bool)
    known[len(rating) - n_traits :, len(rating) - n_traits :] = False
    _check(rating, shared, known)
    n_types = max(min(n_types, len(rating)), 2)
    left = _left_to_others(rating, shared, known, n_traits)
    fit = _Fit(rating, np.where(known, shared, 0.0) / left, known, respondents)
    found = optimize.minimize(
        fit.deviance,
        fit.start(n_types),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxfun": 2 * _STEPS},
    )
    share, rough = held(*fit.parts(found.x), 1 / respondents)
    exact = exact_ratings(rating, rough, share)
    split = len(rating) - n_traits
    stated = np.where(known & (shared > 0), shared, np.nan)
    residual = left * ((exact * share) @ exact.T) / stated
    return PairTypes(AudienceTypes(share, exact[:split], exact[split:]), residual)


def _left_to_others(rating: FloatArray, shared: FloatArray, known: BoolArray, n_traits: int) -> FloatArray:
    """(n_columns, n_columns) c: what the types' share of a pair is multiplied by, for they do not take it all."""
    left, vehicles = np.ones_like(shared), slice(len(rating) - n_traits)
    own = known[vehicles, vehicles]
    chance = float(np.outer(rating[vehicles], rating[vehicles])[own].sum())
    if chance > 0:
        duplication = float(shared[vehicles, vehicles][own].sum()) / chance
        left[vehicles, vehicles] = 1 + _LEFT * max(duplication - 1, 0.0)
    return left


def _check(rating: FloatArray, shared: FloatArray, known: BoolArray) -> None:
    if not ((rating > 0) & (rating < 1)).all():
        raise InvalidInput("a share of the universe is not between 0 and 1.")
    most = np.minimum(rating[:, None], rating[None, :])
    if (known & ((shared < 0) | (shared > most * (1 + 1e-6)))).any():
        raise InvalidInput("two vehicles share more people than the smaller of them has.")


@dataclass(frozen=True, eq=False)
class _Fit:
    """Shares (n_columns,) and (n_columns, n_columns) stated, which are known, and the number of people asked."""

    rating: FloatArray
    shared: FloatArray
    known: BoolArray
    respondents: float

    @property
    def own(self) -> FloatArray:
        """(n_columns, 1) log-odds of everyone."""
        return np.asarray(np.log(self.rating / (1 - self.rating)))[:, None]

    def start(self, n_types: int) -> FloatArray:
        """Equal types, each with the columns of one cluster somewhat higher."""
        from scipy.cluster.hierarchy import fcluster, linkage
        from scipy.spatial.distance import pdist

        chance = np.outer(self.rating, self.rating)
        lift = np.where(self.known, np.log((self.shared + 0.1 * chance) / (1.1 * chance)), 0.0)
        cluster = fcluster(linkage(pdist(lift), "ward"), n_types, "maxclust")
        shift = np.where(cluster[:, None] == np.arange(1, n_types + 1), _START, 0.0)
        return np.concatenate([np.zeros(n_types), shift.ravel()])

    def parts(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n_types,) shares and (n_columns, n_types) ratings."""
        n_types = len(x) // (len(self.rating) + 1)
        weights = np.exp(x[:n_types] - x[:n_types].max())
        shift = x[n_types:].reshape(len(self.rating), n_types)
        return weights / weights.sum(), 1 / (1 + np.exp(-np.clip(self.own + shift, -60, 60)))

    def deviance(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Penalised deviance and its gradient; each pair counts once."""
        share, rate = self.parts(x)
        shift = x[len(share) :].reshape(rate.shape)
        both, alone = np.maximum((rate * share) @ rate.T, 1e-300), rate @ share
        n = self.respondents
        value = n * float(_poisson(self.shared, both)[self.known].sum()) / 2
        value += _MARGIN * n * float(_poisson(self.rating, alone).sum()) + _PENALTY * float((shift**2).sum())
        value -= 2 * _PEOPLE * float(np.log(np.maximum(share, 1e-300)).sum())
        # Half of it twice, by symmetry.
        per_both = n * np.where(self.known, 2 * (1 - self.shared / both), 0.0)
        per_alone = _MARGIN * n * 2 * (1 - self.rating / alone)
        per_rate = (per_both @ rate) * share + per_alone[:, None] * share
        per_share = ((per_both @ rate) * rate).sum(axis=0) / 2 + per_alone @ rate
        per_weight = share * (per_share - float(per_share @ share)) - 2 * _PEOPLE * (1 - len(share) * share)
        gradient = per_rate * rate * (1 - rate) + 2 * _PENALTY * shift
        return value, np.concatenate([per_weight, gradient.ravel()])


def _poisson(stated: FloatArray, fitted: FloatArray) -> FloatArray:
    """Deviance of each cell for one respondent."""
    logs = np.where(stated > 0, stated * np.log(np.where(stated > 0, stated, 1.0) / fitted), 0.0)
    return np.asarray(2 * (logs - (stated - fitted)))
