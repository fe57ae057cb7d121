"""What an audience survey leaves open: plans valued on surveys that might have been taken instead.

Of vehicle j, n_j respondents were met, spread over the segments c in shares q_jc, out of n_j / p_j in all. Another
survey of the same people would have met gamma-distributed numbers instead (a Dirichlet for shares, a beta for ratings):

    g_c ~ Gamma(n_j q_jc),  g_0 ~ Gamma(n_j (1 - p_j) / p_j),   p'_j = sum g_c / (sum g_c + g_0),  q'_jc = g_c / sum g_c
    p'_jc = p'_j q'_jc N / N_c                                  N people in all, N_c of the segment

Every plan is valued on the same draws, so that what two plans share is not taken for a difference. How people of one
vehicle meet others (k0, k_m, u) is held: it was measured elsewhere. Vehicles whose n_j is not known (infinite) keep
their ratings.

Breaks down: respondents are taken as drawn vehicle by vehicle, though one survey measures all of them; where audiences
overlap, errors of two vehicles go together, and differences of plans are surer than is said.
"""

from collections.abc import Callable

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.curves import intensity_of, reached, saturate, schedule_intensity
from models.reach.gamma import ReachModel

_MOST_NUMBERS = 2_000_000  # at work at once
_MOST_RATING = 0.999  # of a segment, however few respondents say so


def values_over_draws(
    model: ReachModel,
    plans: FloatArray,
    sample: FloatArray,
    worth: Callable[[FloatArray], FloatArray],
    draws: int,
    rng: np.random.Generator,
) -> FloatArray:
    """(draws, n_plans) what each plan is worth on each of the surveys drawn.

    plans: (n_plans, n_vehicles) insertions. sample: (n_vehicles,) respondents in each audience, infinite where not
    known. worth: (..., n_plans) of reach shares (..., n_plans, n_segments).
    """
    bought = np.flatnonzero((plans > 0).any(axis=0))
    open_ones = bought[np.isfinite(sample[bought])]
    shapes = _respondents(model, open_ones, sample[open_ones])
    curve = _curves(model, plans[:, bought], bought)
    k_medium = model.k_medium[:, model.audiences.medium[open_ones]]
    where = np.searchsorted(bought, open_ones)
    found = np.empty((draws, len(plans)))
    block = max(1, _MOST_NUMBERS // max(curve.size, 1))
    for start in range(0, draws, block):
        count = min(block, draws - start)
        first = np.repeat(model.first[None, :, bought], count, axis=0)
        if len(open_ones):
            rating = _drawn(model, shapes, count, rng)
            first[:, :, where] = intensity_of(rating, model.k_person[:, None], k_medium)
        found[start : start + count] = worth(_reach(model, curve * first[:, :, None, :], bought))
    return found


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


def _respondents(model: ReachModel, vehicles: IntArray, sample: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Respondents of each vehicle by segment (n_segments, n), and those it did not meet (n,)."""
    people = model.population[:, None] * model.audiences.rating[:, vehicles]
    met = people.sum(axis=0)
    rating = met / model.population.sum()
    shares = people / np.maximum(met, 1e-300)
    return np.asarray(sample * shares), sample * (1 - rating) / np.maximum(rating, 1e-300)


def _drawn(
    model: ReachModel, shapes: tuple[FloatArray, FloatArray], count: int, rng: np.random.Generator
) -> FloatArray:
    """(count, n_segments, n) ratings of other surveys."""
    met, others = (rng.standard_gamma(shape, (count, *shape.shape)) for shape in shapes)
    everybody = met.sum(axis=1) + others
    people = met / np.maximum(everybody, 1e-300)[:, None] * model.population.sum()
    return np.asarray(np.minimum(people / np.maximum(model.population[:, None], 1e-300), _MOST_RATING))


def _curves(model: ReachModel, insertions: FloatArray, vehicles: IntArray) -> FloatArray:
    """(n_segments, n_plans, n) intensity of each plan's insertions, one insertion being 1; parts interpolate."""
    one, bend = np.ones((len(model.population), 1, len(vehicles))), model.bend[:, None, vehicles]
    whole = np.floor(insertions)
    part = (insertions - whole)[None]
    lower = schedule_intensity(one, bend, whole[None])
    if not part.any():
        return np.asarray(lower)
    return np.asarray(lower + part * (schedule_intensity(one, bend, whole[None] + 1) - lower))


def _reach(model: ReachModel, intensity: FloatArray, vehicles: IntArray) -> FloatArray:
    """(n_draws, n_plans, n_segments) from (n_draws, n_segments, n_plans, n)."""
    by_medium = intensity @ np.eye(len(model.audiences.media))[model.audiences.medium[vehicles]]
    levels = saturate(by_medium, model.k_medium[:, None, :]).sum(axis=3)
    return np.swapaxes(reached(levels, model.k_person[:, None]), 1, 2)
