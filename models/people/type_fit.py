"""Audience types fitted to respondents: points on a few latent traits, by penalised EM.

Types that are free of each other have a rating for every vehicle and type, more than a survey can tell: on halves of
the 2016 election study people left out are less likely by 20 such types than by 40 that lie on six latent traits.
With type k at s_k (standard normal) and vehicle j's slopes v_j (standard normal), a type's rating is

    a_kj = 1 / (1 + exp(-(c_j + s_k v_j))),      z_ik ~ pi_k prod_j a_kj^X (1-a_kj)^(1-X)

(located latent classes, Formann 1992; discretised latent traits, Heinen 1996). EM: z of the respondents, then Newton's
steps of the vehicles and of the types in turn, each a logistic regression with its normal prior.

Whoever is counted in the types (everyone with weights, who has a trait) is spread over them by EM too, ratings as they
are: means of z alone, which know nobody's weight or trait, lie between the truth and the mean of those fitted to, for
vehicles tell little of a person's type (three-step latent classes; Bolck, Croon, Hagenaars 2004; Vermunt 2010).

Breaks down: in small surveys types fall together, or become empty; they are no worse for it.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray

_LATENT = 6  # traits; 5 to 8 are alike
_PRIOR = np.append(1e-3, np.ones(_LATENT))  # precision of a vehicle's level, and of slopes and places
_ROUNDS, _STEPS, _FIRST = 50, 2, 10
ENOUGH_TO_CHOOSE = 5_000  # respondents that say how types are fitted best
_LONGEST = 1.0  # step, in log-odds
_SPREADING = 20  # rounds; 5 and 100 are alike
_HELD = 0.25  # respondents that a trait's share of everyone is worth in a type; more pulls traits together


@dataclass(frozen=True, eq=False)
class TypeFit:
    """share: (n_types,). rate: (n_vehicles, n_types). belongs: (n_people, n_types) chance that each respondent is of
    each type. likelihood: penalised, of the respondents fitted to."""

    share: FloatArray
    rate: FloatArray
    belongs: FloatArray
    likelihood: float

    def log_likelihoods(self, uses: FloatArray) -> FloatArray:
        """(n_people,) of other respondents."""
        return _posterior(uses, self.share, self.rate)[1]

    def with_trait(self, has: FloatArray, weight: FloatArray) -> FloatArray:
        """(n_types,) share of each type's people that has a trait. has: (n_people,) 1 or 0. weight: (n_people,)."""
        everyone = float(weight @ has / weight.sum())
        share = np.full(len(self.share), everyone)
        for _ in range(_SPREADING):
            likely = self.belongs * np.where(has[:, None] > 0, share, 1 - share)
            people = likely * (weight / likely.sum(axis=1))[:, None]
            share = (has @ people + _HELD * everyone) / (people.sum(axis=0) + _HELD)
        return share


def fit_types(uses: FloatArray, weight: FloatArray, fitting: FloatArray, n_types: int, seed: int) -> TypeFit:
    """uses: (n_people, n_vehicles) chances of contact. weight: (n_people,) of mean 1, whose people the shares are of.
    fitting: (n_people,) weights of the fit (fitting_weights)."""
    random = np.random.default_rng(seed)
    n_latent = max(min(_LATENT, n_types - 1, uses.shape[1]), 1)
    everyone = np.clip(fitting @ uses / fitting.sum(), 0.3 / len(uses), 1 - 0.3 / len(uses))
    vehicle = np.column_stack([np.log(everyone / (1 - everyone)), np.zeros((len(everyone), n_latent))])
    place = random.normal(size=(n_types, n_latent))
    belongs = random.dirichlet(np.full(n_types, 0.5), len(uses))
    prior, likelihood = _PRIOR[: n_latent + 1], -np.inf
    for turn in range(_ROUNDS):
        people = fitting[:, None] * belongs
        size, met = people.sum(axis=0), uses.T @ people
        for _ in range(_STEPS if turn else _FIRST):
            located = np.column_stack([np.ones(n_types), place])
            vehicle = _stepped(vehicle, located, np.zeros(n_types), met, size[None], prior)
            place = _stepped(place, vehicle[:, 1:], vehicle[:, 0], met.T, size[:, None], prior[1:])
        rate = _rates(vehicle[:, :1].T + place @ vehicle[:, 1:].T).T
        belongs, each = _posterior(uses, np.maximum(size / size.sum(), 1e-12), rate)
        likelihood = float(fitting @ each) - float((vehicle**2 @ prior).sum() + (place**2).sum()) / 2
    for _ in range(_SPREADING):
        share = np.maximum(weight @ belongs / weight.sum(), 1e-12)
        belongs = _posterior(uses, share, rate)[0]
    return TypeFit(share, rate, belongs, likelihood)


def fitting_weights(uses: FloatArray, weight: FloatArray, n_types: int) -> FloatArray:
    """(n_people,) weights of mean 1 that types are fitted with: equal ones, unless weighted ones serve others better.

    Weights make ratings and shares those of the universe, and cost a third of the sample or more (Kish); who uses what
    together hardly depends on them. So each half of the respondents is fitted with and without them, and the other
    half, counted with its weights, judges. Of many respondents ENOUGH_TO_CHOOSE drawn at random say it.
    """
    equal = np.ones(len(weight))
    if np.ptp(weight) == 0 or len(weight) < 2:
        return equal
    drawn = np.random.default_rng(0).permutation(len(weight))
    halves = [(drawn % 2 == odd) & (drawn < ENOUGH_TO_CHOOSE) for odd in (0, 1)]
    gain = 0.0
    for rest, judges in (halves, halves[::-1]):
        by_equal, by_weight = (
            fit_types(uses[rest], weight[rest], fitting[rest], n_types, 0).log_likelihoods(uses[judges])
            for fitting in (equal, weight)
        )
        gain += float(weight[judges] @ (by_equal - by_weight))
    return equal if gain >= 0 else weight


def _stepped(
    own: FloatArray,
    other: FloatArray,
    level: FloatArray,
    met: FloatArray,
    size: FloatArray,
    prior: FloatArray,
) -> FloatArray:
    """(n, p) coordinates after one step of Newton's: logistic regressions of `met` out of `size` (n, m) on the
    coordinates of the others (m, p), whose level is (m,)."""
    rate = _rates(own @ other.T + level)
    slope = (met - size * rate) @ other - own * prior
    bend = (other.T * (size * rate * (1 - rate))[:, None, :]) @ other + np.diag(prior)
    step = np.linalg.solve(bend, slope[..., None])[..., 0]
    return np.asarray(own + step / np.maximum(np.abs(step).max(axis=1, keepdims=True) / _LONGEST, 1.0))


def _rates(odds: FloatArray) -> FloatArray:
    """Of log-odds; never 0 or 1."""
    return np.clip(logistic(odds), 1e-12, 1 - 1e-12)


def logistic(odds: FloatArray) -> FloatArray:
    """The share that log-odds are of."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -700, 700))))


def _posterior(uses: FloatArray, share: FloatArray, rate: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n_people, n_types) chance of each type, and (n_people,) log-likelihood."""
    fit = uses @ np.log(rate / (1 - rate)) + np.log1p(-rate).sum(axis=0) + np.log(share)
    highest = fit.max(axis=1, keepdims=True)
    belongs = np.exp(fit - highest)
    total = belongs.sum(axis=1, keepdims=True)
    return np.asarray(belongs / total), np.asarray((highest + np.log(total))[:, 0])
