"""What an audience survey leaves open: other surveys of the same size, drawn about what one found.

Of vehicle j, n_j respondents were met among N_j = n_j / p_j asked, spread over the segments c. Another survey would
have met other numbers x_jc, and asked other numbers R_c of each segment, with the means and covariances of a
multinomial sample (Poisson numbers before their sum is known), p_ijc being the share of segment c that both i and j
meet, by the reach model, and s_c the segment's share of everyone:

    E x_jc = N_j s_c p_jc,   cov(x_ic, x_jc) = min(N_i, N_j) s_c p_ijc,   cov(x_jc, R_c) = min(N_j, N) s_c p_jc

One survey asks the same people about all vehicles, the smaller ones a part of them (`shared`); separate surveys, one
a vehicle, have cov(x_ic, x_jc) = 0 for i other than j, and each an R_c of its own. Which it was, a rate card seldom
says, so verdicts look at both. What is drawn are lognormal numbers of exactly these means and covariances: above 0,
however few respondents stand behind a figure. Then

    p'_jc = min( x_jc / sum_d R_d / s_c, .999 )          where the sizes of segments are held
    s'_c = R_c / sum_d R_d,  p'_jc = min( x_jc / R_c, .999 )      where they are drawn too

The mean of p'_jc is p_jc and, over all segments, the variance is p (1 - p) / N_j, as a beta distribution's of so many
respondents (A. Gelman et al., Bayesian Data Analysis, 3rd edition, section 3.4), to first order.

How people of one vehicle meet others (k0, k_m, u) is held: it was measured elsewhere. Vehicles whose n_j is not known
(infinite) keep their ratings. Units of a vehicle have the people of the one that stands for it.

Segments that no survey tells apart (`alike`: who uses a medium at all) are drawn as one, c being all of them together,
and keep their proportions: drawn one by one, parts with few people each would scatter far more than what was asked
does, and reach, which is concave, would come out too low.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.curves import intensity_of, reached, saturate
from models.reach.gamma import ReachModel

_MOST_NUMBERS = 2_000_000  # at work at once
_MOST_RATING = 0.999  # of a segment, however few respondents say so
_NOBODY = 1e-12  # share of a segment below which a vehicle does not meet it


class Surveys:
    """Other surveys of a model's people. sample: (n_vehicles,) respondents in each audience, infinite where not known.
    shared: whether one survey asked about all vehicles; else one a vehicle. alike: (n_segments,) numbers 0, 1, ..., one
    for all segments that a survey does not tell apart; None: it tells all."""

    def __init__(
        self, model: ReachModel, sample: FloatArray, shared: bool, alike: IntArray | None = None
    ) -> None:
        self.model, self.shared = model, shared
        self.share = model.population / model.population.sum()
        self.alike = np.arange(len(self.share)) if alike is None else alike
        heads = _heads(model)
        rating = np.asarray(self.share @ model.audiences.rating)
        known = np.isfinite(sample[heads]) & (rating[heads] > 0)
        self.lines = np.flatnonzero(known)
        self.vehicles, self._place = np.unique(heads[self.lines], return_inverse=True)
        self.asked = sample[self.vehicles] / np.maximum(rating[self.vehicles], _NOBODY)
        # Of the covariances of the logarithms; what rounding makes negative is 0.
        value, vector = np.linalg.eigh(np.log1p(self._covariance()))
        self._root = vector * np.sqrt(np.maximum(value, 0.0))[:, None]  # (n_groups, m, m)

    def numbers(self, draws: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Numbers met of each of `vehicles` (draws, n_segments, n), and asked (draws, n_segments, 1, or n where surveys
        are separate), as shares of their means."""
        normal = rng.standard_normal((draws, *self._root.shape[:2]))
        level = np.einsum("cij,dcj->dci", self._root, normal)
        times = np.exp(level - (self._root**2).sum(axis=2) / 2)[:, self.alike]
        return times[:, :, : len(self.vehicles)], times[:, :, len(self.vehicles) :]

    def ratings(self, draws: int, rng: np.random.Generator) -> FloatArray:
        """(draws, n_segments, n) of each of `vehicles`, the sizes of segments held."""
        met, asked = self.numbers(draws, rng)
        everyone = self.share @ asked  # (draws, 1 or n)
        own = self.model.audiences.rating[:, self.vehicles]
        return np.asarray(np.minimum(own * met / everyone[:, None], _MOST_RATING))

    def intensities(self, draws: int, rng: np.random.Generator) -> FloatArray:
        """(draws, n_segments, n) intensity of each of `lines`, times what it is in the model."""
        return self._times(self.ratings(draws, rng))

    def model_drawn(self, rng: np.random.Generator) -> ReachModel:
        """The people as another survey that asks about all vehicles finds them, the sizes of segments too."""
        if not self.shared:
            raise ValueError("separate surveys find other sizes of segments each")
        model, lines = self.model, self.lines
        met, asked = (each[0] for each in self.numbers(1, rng))
        drawn = np.minimum(model.audiences.rating[:, self.vehicles] * met / asked, _MOST_RATING)
        times = np.ones_like(model.first)
        times[:, lines] = self._times(drawn)
        k = model.k_person[:, None], model.k_medium[:, model.audiences.medium[lines]]
        own = intensity_of(np.minimum(model.audiences.rating[:, lines], _MOST_RATING), *k)
        rating = model.audiences.rating.copy()
        rating[:, lines] = np.minimum(reached(saturate(own * times[:, lines], k[1]), k[0]), _MOST_RATING)
        size = model.population * asked[:, 0]
        population = size * (model.population.sum() / size.sum())
        audiences = replace(model.audiences, rating=rating, population=population)
        return replace(model, audiences=audiences, first=model.first * times)

    def _times(self, drawn: FloatArray) -> FloatArray:
        """(..., n_segments, n) intensity of each of `lines` at ratings drawn (..., n_segments, n of vehicles), times
        what it is in the model."""
        model, j = self.model, self.vehicles
        k = model.k_person[:, None], model.k_medium[:, model.audiences.medium[j]]
        before = intensity_of(np.minimum(model.audiences.rating[:, j], _MOST_RATING), *k)
        after = intensity_of(drawn, *k)
        times = np.divide(after, before, out=np.ones_like(after), where=before > 0)
        return np.asarray(times[..., self._place])

    def _covariance(self) -> FloatArray:
        """(n_groups, m, m) of the numbers met of each vehicle and then asked, as shares of their means. A group has the
        segments that are drawn alike."""
        model, n = self.model, len(self.vehicles)
        every = np.maximum(model.audiences.rating[:, self.vehicles], _NOBODY)
        p = self._together(every)
        size = 1 / np.maximum(self.asked[:, None], self.asked)  # min(N_i, N_j) / (N_i N_j)
        own = np.eye(n)
        if self.shared:
            both = self._together(self._both(every))
            most = self.asked.max(initial=1.0)
            found = np.full((len(p), n + 1, n + 1), 1 / most)
            found[:, :n, :n] = size * both / (p[:, :, None] * p[:, None])
        else:
            found = np.zeros((len(p), 2 * n, 2 * n))
            found[:, :n, :n] = own * size / p[:, :, None]
            found[:, n:, n:] = found[:, :n, n:] = found[:, n:, :n] = own * size
        return np.asarray(found / np.bincount(self.alike, self.share)[:, None, None])

    def _together(self, shares: FloatArray) -> FloatArray:
        """(n_groups, ...) shares of each group of segments that are drawn alike, of those of its segments."""
        by = np.zeros((self.alike.max() + 1, len(self.share)))
        by[self.alike, np.arange(len(self.share))] = self.share
        return np.asarray(np.tensordot(by / by.sum(axis=1, keepdims=True), shares, axes=1))

    def _both(self, p: FloatArray) -> FloatArray:
        """(n_segments, n, n) share of each segment that meets both of two vehicles, bought once each."""
        model = self.model
        medium = model.audiences.medium[self.vehicles]
        k, k_medium = model.k_person[:, None, None], model.k_medium[:, medium]
        first = intensity_of(p, model.k_person[:, None], k_medium)
        same = saturate(first[:, :, None] + first[:, None], k_medium[:, :, None])
        apart = saturate(first, k_medium)
        level = np.where(medium[:, None] == medium, same, apart[:, :, None] + apart[:, None])
        both = p[:, :, None] + p[:, None] - reached(level, k)
        at = np.arange(len(self.vehicles))
        both[:, at, at] = p
        return np.asarray(np.clip(both, 0.0, np.minimum(p[:, :, None], p[:, None])))


def values_over_draws(
    model: ReachModel,
    plans: FloatArray,
    surveys: Surveys,
    worth: Callable[[FloatArray], FloatArray],
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """(draws, n_plans) what each plan is worth on each of the surveys drawn: the same ones for all plans, so that what
    two plans share is not taken for a difference.

    plans: (n_plans, n_vehicles) insertions. worth: (..., n_plans) of reach shares (..., n_plans, n_segments).
    """
    times = np.ones((draws, *model.first.shape))
    times[:, :, surveys.lines] = surveys.intensities(draws, rng)
    numbers = model.first.size
    per_plan = [
        values_of(model, plans[own], times, worth) for own in _blocks(len(plans), _MOST_NUMBERS // numbers)
    ]
    return np.concatenate(per_plan, axis=1)


def values_over_respondents(
    model: ReachModel,
    plans: FloatArray,
    asked: IntArray,
    worth: Callable[[FloatArray], FloatArray],
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """(draws, n_plans) the same where every segment is a respondent: surveys of as many people, drawn with replacement
    from those asked (Efron 1979). asked: (n_segments,) people interviewed who stand behind each."""
    reach = np.array([model.reach_shares(plan) for plan in plans])
    total, found = int(asked.sum()), np.empty((draws, len(plans)))
    for draw in range(draws):
        times = rng.multinomial(total, asked / total) / asked
        times *= model.population.sum() / float(model.population @ times)
        found[draw] = worth(reach * times)
    return found


def values_of(
    model: ReachModel, plans: FloatArray, times: FloatArray, worth: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """(n_draws, n_plans) what plans are worth where intensities are so many times the model's, (n_draws, n_segments,
    n_vehicles)."""
    # (n_segments, n_plans, n_vehicles).
    intensity = np.stack([model.intensity(plan) for plan in plans], axis=1)
    numbers = intensity[:, :, 0].size
    found = [
        worth(_reach(model, intensity, times[own])) for own in _blocks(len(times), _MOST_NUMBERS // numbers)
    ]
    return np.concatenate(found)


def _blocks(count: int, size: int) -> list[slice]:
    """Places 0 .. count-1, at most so many together."""
    return [slice(start, start + max(size, 1)) for start in range(0, count, max(size, 1))]


def _reach(model: ReachModel, intensity: FloatArray, times: FloatArray) -> FloatArray:
    """(n_draws, n_plans, n_segments) from intensities (n_segments, n_plans, n_vehicles) and what they are multiplied
    with (n_draws, n_segments, n_vehicles)."""
    total = np.zeros((len(times), *intensity.shape[:2]))
    for m in range(len(model.audiences.media)):
        own = np.flatnonzero(model.audiences.medium == m)
        level = np.swapaxes(times[:, :, own], 0, 1) @ np.swapaxes(intensity[:, :, own], 1, 2)
        total += saturate(np.swapaxes(level, 0, 1), model.k_medium[:, m, None])
    return np.swapaxes(reached(total, model.k_person[:, None]), 1, 2)


def _heads(model: ReachModel) -> IntArray:
    """(n_vehicles,) of each line the unit that stands for its vehicle."""
    own = model.audiences.stands_for
    return np.arange(len(model.audiences.vehicles)) if own is None else own
