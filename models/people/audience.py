"""People: traits, segments, and how a vehicle's audience divides over the segments.

Assumed:
1. A person has or has not each trait; traits of one band (ages) exclude each other.
2. Segments are all combinations of the traits in use. Their populations are the maximum-entropy table
   with the stated trait shares and overlaps (raking, iterative proportional fitting: Deming and
   Stephan 1940).
3. A vehicle's audience in each segment comes from raking the two-layer table reached / not reached:
   segment totals fixed, trait totals of the reached fixed. The fitted table is log-linear,
       reached_c / not_reached_c = exp(alpha + sum over traits of c: beta_trait),
   so every rating lies strictly between 0 and 1 and all margins are exact. (Raking the reached alone
   gives ratings above 1 for big vehicles.) We solve its concave dual by Newton's method, for many
   vehicles at once; the table is the same that raking converges to.

Breaks down when a composition contradicts the population (more catalysts in the audience than there
are catalysts): then InvalidInput names the vehicle and the trait; no table that did not converge is
ever returned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from models.arrays import BoolArray, FloatArray, frozen_floats
from models.errors import InvalidInput
from models.people.raking import JointShares, raked
from models.people.traits import Traits

MOST_SEGMENTS = 512
_LEAST = 1e-9  # share of the universe that a cell of a joint table has at least
_NEWTON_ROUNDS = 200


@dataclass(frozen=True, eq=False)
class Segments:
    """Combinations of traits and how many people each holds.

    names: e.g. "customer, catalyst". traits: labels. has: (n_segments, n_traits).
    population: (n_segments,) people (000), > 0.
    """

    names: tuple[str, ...]
    traits: Traits
    has: BoolArray
    population: FloatArray

    @property
    def universe(self) -> float:
        """People (000) in all segments together."""
        return float(self.population.sum())

    def with_trait(self, trait: str) -> BoolArray:
        """(n_segments,) whether the segment has the trait."""
        return self.has[:, self.traits.names.index(trait)]

    def trait_population(self) -> FloatArray:
        """(n_traits,) people (000) with each trait."""
        return self.population @ self.has


def build_segments(
    universe: float,
    traits: Traits,
    overlaps: Sequence[tuple[str, str, float]] = (),
    joints: Sequence[JointShares] = (),
) -> Segments:
    """Segments of a universe (000), raked to the trait shares and to stated overlaps.

    overlaps: (trait, trait, share of the universe that has both). joints: bands crossed. Empty segments are left
    out. Raises InvalidInput when an overlap is impossible beside the shares, or they contradict each other.

    >>> both = build_segments(1000, Traits(("customer", "catalyst"), np.array([.3, .1]), ("", "")))
    >>> both.population.round(6).tolist()
    [630.0, 70.0, 270.0, 30.0]
    """
    has = _combinations(traits)
    _check_overlaps(traits, overlaps)
    share = raked(has, traits, overlaps, joints)
    kept = share > 1e-12
    names = tuple(_segment_name(traits, row) for row in has[kept])
    return Segments(names, traits, has[kept], universe * share[kept] / share[kept].sum())


def _combinations(traits: Traits) -> BoolArray:
    choices = []
    for members in traits.dimensions():
        complete = len(members) > 1 and abs(traits.share[members].sum() - 1) <= 1e-9
        choices.append(([] if complete else [None]) + list(members))
    count = int(np.prod([len(choice) for choice in choices], dtype=float))
    if count > MOST_SEGMENTS:
        raise InvalidInput(
            f"the traits in use make {count:,} segments; at most {MOST_SEGMENTS} are planned. Use fewer traits.",
            traits.names,
        )
    has = np.zeros((count, len(traits.names)), dtype=bool)
    for row, combination in zip(has, product(*choices), strict=True):
        row[[index for index in combination if index is not None]] = True
    return has


def _segment_name(traits: Traits, row: BoolArray) -> str:
    return ", ".join(name for name, has in zip(traits.names, row, strict=True) if has) or "others"


def overlap_bounds(share_a: float, share_b: float, exclusive: bool = False) -> tuple[float, float]:
    """Least and most that two traits can overlap (Fréchet 1951).

    >>> overlap_bounds(.7, .6)
    (0.3, 0.6)
    """
    return round(max(0.0, share_a + share_b - 1), 12), 0.0 if exclusive else min(share_a, share_b)


def _check_overlaps(traits: Traits, overlaps: Sequence[tuple[str, str, float]]) -> None:
    for name_a, name_b, share in overlaps:
        a, b = traits.names.index(name_a), traits.names.index(name_b)
        exclusive = bool(traits.band[a]) and traits.band[a] == traits.band[b]
        least, most = overlap_bounds(float(traits.share[a]), float(traits.share[b]), exclusive)
        if not least - 1e-9 <= share <= most + 1e-9:
            raise InvalidInput(
                f"{share:.2%} of the universe cannot be both {name_a} ({traits.share[a]:.2%}) and {name_b} "
                f"({traits.share[b]:.2%}); possible are {least:.2%} to {most:.2%}.",
                (name_a, name_b),
            )


def split_audiences(
    segments: Segments, vehicles: Sequence[str], audience: FloatArray, composition: FloatArray
) -> FloatArray:
    """People (000) of each vehicle's audience in each segment.

    vehicles: labels for messages. audience: (n_vehicles,) people (000) of one insertion.
    composition: (n_vehicles, n_traits) share of the audience that has each trait, 0..1.
    Returns (n_segments, n_vehicles); columns sum to the audience, trait totals to the composition.
    Raises InvalidInput naming vehicle and traits when no such table exists.
    """
    audience = frozen_floats("audience", audience, (len(vehicles),))
    composition = frozen_floats("composition", composition, (len(vehicles), len(segments.traits.names)))
    _check_composition(segments, vehicles, audience, composition)
    reached = np.zeros((len(segments.population), len(vehicles)))
    # Traits that an audience lacks altogether (or, in a complete band, has altogether) leave fewer
    # segments to fill; vehicles alike in that are solved together.
    patterns: dict[bytes, list[int]] = {}
    for vehicle in np.flatnonzero(audience > 0):
        patterns.setdefault(_possible(segments, composition[vehicle]).tobytes(), []).append(int(vehicle))
    for pattern, members in patterns.items():
        possible = np.frombuffer(pattern, dtype=bool)
        if not possible.any():
            raise _no_table(segments, vehicles[members[0]], audience[members[0]])
        shares = _fit_log_linear(segments, possible, vehicles, audience, composition, members)
        reached[np.ix_(possible, np.array(members))] = shares * segments.population[possible, None]
    return reached


def _possible(segments: Segments, composition: FloatArray) -> BoolArray:
    """(n_segments,) segments that can hold anyone of an audience: none with a trait of share 0, none without
    a trait of share 1, and in a band that the audience fills completely none outside the band."""
    possible = ~(segments.has & (composition <= 0)).any(axis=1)
    for members in segments.traits.dimensions():
        if composition[members].sum() >= 1 - 1e-9:
            possible &= segments.has[:, members].any(axis=1)
    return np.asarray(possible)


def _check_composition(
    segments: Segments, vehicles: Sequence[str], audience: FloatArray, composition: FloatArray
) -> None:
    totals = segments.trait_population()
    for v, t in np.argwhere(audience[:, None] * composition > totals[None, :] * (1 - 1e-9)):
        name, trait, reached = vehicles[v], segments.traits.names[t], audience[v] * composition[v, t]
        there = (
            f"but there are only {totals[t]:,.0f} thousand"
            if reached > totals[t] * (1 + 1e-9)
            else "all there are"
        )
        raise InvalidInput(
            f'"{name}" would reach {reached:,.0f} thousand {trait}, {there}; lower its audience or its {trait} share.',
            (name, trait),
        )
    for members in segments.traits.dimensions():
        over = np.flatnonzero(composition[:, members].sum(axis=1) > 1 + 1e-9)
        if len(over):
            names = tuple(segments.traits.names[i] for i in members)
            raise InvalidInput(
                f'the shares of {", ".join(names)} in the audience of "{vehicles[over[0]]}" add up to over 100 %.',
                (vehicles[over[0]], *names),
            )


def _fit_log_linear(
    segments: Segments,
    possible: BoolArray,
    vehicles: Sequence[str],
    audience: FloatArray,
    composition: FloatArray,
    members: list[int],
) -> FloatArray:
    """Ratings (n_possible, n_members) with the stated margins: Newton on the dual of raking.

    The dual of one vehicle, sum_c N_c ln(1 + exp(x_c'b)) - m'b, is convex; its gradient is the error of
    the margins. Rows of x: 1 and the traits that vary over the possible segments.
    """
    has = segments.has[possible].astype(float)
    design = np.column_stack([np.ones(len(has)), has])
    free = _independent_columns(design)
    x = design[:, free]
    weight = segments.population[possible] / segments.universe
    size = audience[members] / segments.universe
    margins = np.column_stack([np.ones(len(members)), composition[members]])[:, free] * size[:, None]
    share = np.clip(size / weight.sum(), 1e-12, 1 - 1e-9)
    beta = np.zeros((len(members), x.shape[1]))
    beta[:, 0] = np.log(share / (1 - share))

    def dual(b: FloatArray) -> FloatArray:
        return np.asarray(np.logaddexp(0, b @ x.T) @ weight - (margins * b).sum(axis=1))

    current = dual(beta)
    for _ in range(_NEWTON_ROUNDS):
        rating = 1 / (1 + np.exp(-np.clip(beta @ x.T, -700, 700)))
        error = (rating * weight) @ x - margins
        if np.all(np.abs(error) <= 1e-13 + 1e-10 * size[:, None]):
            return np.asarray(rating.T)
        curvature = np.einsum("vc,ci,cj->vij", rating * (1 - rating) * weight, x, x)
        curvature += 1e-15 * np.eye(x.shape[1])
        step = np.linalg.solve(curvature, error[:, :, None])[:, :, 0]
        step *= np.minimum(1, 8 / np.maximum(np.abs(step).max(axis=1), 1e-300))[:, None]
        scale = np.ones(len(members))
        for _ in range(30):
            trial = dual(beta - scale[:, None] * step)
            worse = trial > current + 1e-14 * np.abs(current)
            if not worse.any():
                break
            scale[worse] /= 2
        beta = beta - scale[:, None] * step
        current = dual(beta)
    missed = members[int(np.argmax(np.abs(error).max(axis=1)))]
    raise _no_table(segments, vehicles[missed], audience[missed])


def _no_table(segments: Segments, vehicle: str, audience: float) -> InvalidInput:
    return InvalidInput(
        f'the composition of "{vehicle}" contradicts the population: no audience of its size, '
        f"{100 * audience / segments.universe:.4g} % of the universe, can have its shares of "
        f"{', '.join(segments.traits.names)} beside their overlaps in the universe.",
        (vehicle, *segments.traits.names),
    )


def _independent_columns(design: FloatArray) -> list[int]:
    """Columns of a 0/1 design that are linearly independent, taken from the left."""
    kept: list[int] = []
    for column in range(design.shape[1]):
        if np.linalg.matrix_rank(design[:, [*kept, column]]) > len(kept):
            kept.append(column)
    return kept
