"""Audience types from a table of pairs: who shares which two vehicles, and which vehicle has whom.

Of n people asked, n_ij met both i and j; a trait is one more column. With types (models.people.types) the expected
number is

    m_ij = n sum_k pi_k a_ik a_jk

over the cells that are known; a column's own share p_i is known too. pi (softmax) and the log-odds of a are found
by least Poisson deviance 2 sum n_ij ln(n_ij / m_ij) - (n_ij - m_ij), plus 1 x (shift)^2 for each log-odds shift of a
type from the column's own (McCullagh and Nelder 1989; not least squares: it fits small vehicles badly, and an
optimiser buys them). The start: clusters of columns that share people beyond chance.

Breaks down: cells that contradict the ratings are fitted as well as can be, and `worst` says by how much.
"""

from dataclasses import dataclass

import numpy as np
import scipy

from models.arrays import BoolArray, FloatArray
from models.errors import InvalidInput
from models.people.types import AudienceTypes, exact_ratings, held

TYPES_FROM_PAIRS = 12
_PENALTY = 1.0
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
    shared: (n_columns, n_columns) share of the universe that has both, symmetric, nan = not known; its diagonal is not
    read. respondents: people asked. Raises InvalidInput where a share cannot be.
    """
    known = ~np.isnan(shared) & ~np.eye(len(rating), dtype=bool)
    _check(rating, shared, known)
    n_types = max(min(n_types, len(rating)), 2)
    fit = _Fit(rating, np.where(known, shared, 0.0), known, respondents)
    found = scipy.optimize.minimize(
        fit.deviance,
        fit.start(n_types),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxfun": 2 * _STEPS},
    )
    share, rough = held(*fit.parts(found.x), 1 / respondents)
    exact = exact_ratings(rating, rough, share)
    split = len(rating) - n_traits
    residual = np.where(
        known, (exact * share) @ exact.T / np.where(known & (shared > 0), shared, np.nan), np.nan
    )
    return PairTypes(AudienceTypes(share, exact[:split], exact[split:]), residual)


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
        chance = np.outer(self.rating, self.rating)
        lift = np.where(self.known, np.log((self.shared + 0.1 * chance) / (1.1 * chance)), 0.0)
        cluster = scipy.cluster.hierarchy.fcluster(
            scipy.cluster.hierarchy.linkage(lift, "ward"), n_types, "maxclust"
        )
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
        per_both = n * np.where(
            self.known, 2 * (1 - self.shared / both), 0.0
        )  # half of it twice, by symmetry
        per_alone = _MARGIN * n * 2 * (1 - self.rating / alone)
        per_rate = (per_both @ rate) * share + per_alone[:, None] * share
        per_share = ((per_both @ rate) * rate).sum(axis=0) / 2 + per_alone @ rate
        per_weight = share * (per_share - float(per_share @ share))
        gradient = per_rate * rate * (1 - rate) + 2 * _PENALTY * shift
        return value, np.concatenate([per_weight, gradient.ravel()])


def _poisson(stated: FloatArray, fitted: FloatArray) -> FloatArray:
    """Deviance of each cell for one respondent."""
    logs = np.where(stated > 0, stated * np.log(np.where(stated > 0, stated, 1.0) / fitted), 0.0)
    return np.asarray(2 * (logs - (stated - fitted)))
