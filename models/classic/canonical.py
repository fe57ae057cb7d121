"""Canonical expansion: random duplication, corrected by the correlation of every pair of vehicles.

Assumed: vehicle i accumulates by its own beta-binomial f_i with mean m_i and standard deviation s_i; two vehicles
correlate as one insertion in each does; of the canonical expansion of the joint distribution only the pairs' terms
are kept.

    r_ij = (d_ij - p_i p_j) / sqrt(p_i (1 - p_i) p_j (1 - p_j))
    z_i(x) = (x - m_i) / s_i
    P(x_1, ..., x_n) = prod_i f_i(x_i) · ( 1 + sum over i < j of r_ij z_i(x_i) z_j(x_j) )

Contacts are the sum of the x_i. The joint table has prod (x_i + 1) entries, but the distribution of the sum does not
need it: with F_i(w) and G_i(w) the generating functions of f_i and of f_i z_i, and r = sum_l v_l V_l V_l' its
eigenvectors (zero diagonal),

    sum over i < j of r_ij G_i G_j prod of other F  =  sum_l v_l [t^2] prod_i ( F_i + t V_il G_i ),

evaluated on the unit circle and turned back by one Fourier transform: exact for hundreds of insertions.

Source: Danaher (1991), A Canonical Expansion Model for Multivariate Media Exposure Distributions, Journal of Marketing
Research 28(3); sequential aggregation of its reach (CSD): Kim (2005), dissertation, University of Texas at Austin.

Fault: the truncated expansion is not a probability: classes may come out negative, the more vehicles and the stronger
their correlation, and reach may fall below that of one vehicle.
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray, IntArray
from models.classic.aggregation import aggregate, largest_first
from models.classic.beta_binomial import vehicle_classes
from models.classic.schedule import Estimate, Schedule, estimate
from models.errors import InvalidInput

_DUST = 1e-12  # what the Fourier transform leaves of a zero
MOST_NEGATIVE = 0.05  # share of people in negative classes above which the classes mean nothing


def canonical_expansion(schedule: Schedule) -> Estimate:
    """Reach from the expansion as published; negative classes set to zero, the rest scaled to the reach, and said.

    No distribution where more than 5 % of the people would be in negative classes. Raises InvalidInput where the
    reach is no share of people or a vehicle's repeat audience is below chance.
    """
    parts = vehicle_classes(schedule)
    reach = canonical_reach(schedule, parts)
    alone = np.array([1 - part[0] for part in parts])
    estimate(schedule, reach, alone=alone)  # refuses an impossible reach before its contacts are worked out
    classes, notes = _without_negative(canonical_classes(schedule, parts), reach)
    return estimate(schedule, reach, classes, notes, alone)


def canonical_aggregation(schedule: Schedule) -> Estimate:
    """The expansion's reach, with contacts that cannot be negative: Kim's CSD.

    Raises InvalidInput where the expansion's reach is impossible for the vehicles joined at some step.
    """
    parts = vehicle_classes(schedule)
    return estimate(schedule, canonical_reach(schedule, parts), csd(schedule, parts))


def canonical_reach(schedule: Schedule, parts: Sequence[FloatArray]) -> float:
    """1 - P(0, ..., 0). parts: per vehicle, its own classes."""
    missed, at_zero = _at_zero(parts)
    pairs = float(at_zero @ pair_correlations(schedule) @ at_zero) / 2
    return 1 - float(np.prod(missed)) * (1 + pairs)


def csd(schedule: Schedule, parts: Sequence[FloatArray]) -> FloatArray:
    """(N + 1,) contacts by canonical sequential aggregation."""
    missed, at_zero = _at_zero(parts)
    adjustment = pair_correlations(schedule) * np.outer(at_zero, at_zero)

    def reach_of(vehicles: IntArray) -> float:
        pairs = float(adjustment[np.ix_(vehicles, vehicles)].sum()) / 2
        return 1 - float(np.prod(missed[vehicles])) * (1 + pairs)

    return aggregate(schedule, parts, reach_of, largest_first(schedule))


def pair_correlations(schedule: Schedule) -> FloatArray:
    """(n, n) r_ij of one insertion in each of two vehicles; 0 on the diagonal."""
    p = schedule.rating
    spread = np.sqrt(p * (1 - p))
    correlations = (schedule.shared - np.outer(p, p)) / np.outer(spread, spread)
    np.fill_diagonal(correlations, 0.0)
    return np.asarray(correlations)


def canonical_classes(schedule: Schedule, parts: Sequence[FloatArray]) -> FloatArray:
    """(N + 1,) the expansion's own classes of contacts, negative ones as they come; they sum to 1."""
    size = schedule.total + 1
    strength, directions = np.linalg.eigh(pair_correlations(schedule))
    none = np.ones(size // 2 + 1, dtype=complex)
    one = np.zeros((len(strength), len(none)), dtype=complex)
    two = np.zeros_like(one)
    for part, along in zip(parts, directions, strict=True):
        plain = np.fft.rfft(part, size)
        scored = np.fft.rfft(part * _scores(part), size) * along[:, None]
        two = two * plain + one * scored
        one = one * plain + none * scored
        none = none * plain
    return np.asarray(np.fft.irfft(none + strength @ two, size))


def _at_zero(parts: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Per vehicle, the share it misses and z(0), both (n,)."""
    return np.array([part[0] for part in parts]), np.array([_scores(part)[0] for part in parts])


def _scores(part: FloatArray) -> FloatArray:
    """z of 0, 1, ..., x contacts under a vehicle's own classes."""
    counts = np.arange(len(part))
    mean = float(counts @ part)
    spread = float(np.sqrt(part @ (counts - mean) ** 2))
    if spread <= 0:
        raise InvalidInput("a vehicle that everyone or nobody meets has no correlation with others.")
    return np.asarray((counts - mean) / spread)


def _without_negative(raw: FloatArray, reach: float) -> tuple[FloatArray | None, tuple[str, ...]]:
    """Classes that are shares of people and sum to 1 with 1 - reach at zero, or None; and what was done, in words."""
    met = np.maximum(raw[1:], 0.0)
    negative = float(met.sum() - raw[1:].sum())
    classes = np.concatenate([[1 - reach], met * reach / met.sum()])
    if negative <= _DUST:
        return classes, ()
    said = f"the expansion gives some contact classes a negative share, {100 * negative:.2g} % of the people in all"
    if negative > MOST_NEGATIVE:
        return None, (f"No distribution: {said}.",)
    return classes, (f"{said[0].upper()}{said[1:]}: set to zero, the others scaled.",)
