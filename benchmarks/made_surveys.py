"""Audience types of surveys drawn from universes that are known person by person: is reach theirs, of every trait too?

    python -m benchmarks.made_surveys [respondents [draws]]

Each universe has 60,000 people, 60 vehicles in five media (few: 8), and three traits: `old` and `group` go with media
use, `influencers` with its first trait. Surveys have weights (lognormal); of `oversampled` ones half of the respondents
are of the group, which is 15 % of the universe (weights .2 to 5), and in the second of them the group's use of each
vehicle is its own besides. Ratings are the universe's, as a planner knows them; duplications, types and traits are the
survey's. Printed, over draws of universe and survey, for random sets of 8 and 16 vehicles (few: 3 and 5): rms error and
bias of everyone's reach, c of the error on differences, bias and rms of each trait's reach by types alone; in percent.
"""

import sys
from dataclasses import dataclass

import numpy as np
import scipy

from benchmarks.halves import MEDIA, Half
from benchmarks.on_respondents import by_types_alone
from models.arrays import BoolArray, FloatArray, IntArray
from models.people.types import AudienceTypes, types_from_respondents
from models.reach.gamma import ReachModel

KINDS = ("correlated", "heavy users", "classes", "few", "oversampled", "oversampled, own use")
TRAITS = ("old", "influencers", "group")
PEOPLE, VEHICLES, FEW, GROUP = 60_000, 60, 8, 0.15
SETS = 60


@dataclass(frozen=True, eq=False)
class Universe:
    """uses: (PEOPLE, n_vehicles). medium: (n_vehicles,). traits: (PEOPLE, 3)."""

    uses: BoolArray
    medium: IntArray
    traits: BoolArray


def universe(kind: str, seed: int) -> Universe:
    """People whose use of vehicles is logistic in latent traits."""
    rng = np.random.default_rng([99, seed])
    n, usual = (FEW, 0.2) if kind == "few" else (VEHICLES, 0.06)
    medium = np.sort(rng.integers(0, len(MEDIA), n))
    rating = np.clip(usual * np.exp(rng.normal(0, 0.8, n)), 0.01, 0.5)
    trait, slope = _latent(kind, medium, rng)
    odds = trait @ slope.T + np.log(rating / (1 - rating))
    old = scipy.special.expit(trait @ rng.normal(0, 0.8, trait.shape[1]) + rng.normal(-0.4, 1, PEOPLE)) > 0.5
    influencers = 0.6 * trait[:, 0] + rng.normal(0, 1, PEOPLE) > 1.1
    place = trait @ rng.normal(0, 0.6, trait.shape[1]) + rng.normal(0, 1, PEOPLE)
    group = place > np.quantile(place, 1 - GROUP)
    if kind.endswith("own use"):
        odds += group[:, None] * rng.normal(0, 1, n)
    uses = rng.random(odds.shape) < scipy.special.expit(odds)
    return Universe(uses, medium, np.column_stack([old, influencers, group]))


def _latent(kind: str, medium: IntArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """(PEOPLE, n) latent traits and (n_vehicles, n) slopes."""
    n = len(medium)
    if kind == "heavy users":
        of_all, of_medium = rng.gamma(1, 1, (PEOPLE, 1)), rng.gamma(2, 0.5, (PEOPLE, len(MEDIA)))
        slope = np.column_stack([np.full(n, 0.7), 0.6 * np.eye(len(MEDIA))[medium]])
        return np.log(np.hstack([of_all, of_medium]) + 1e-3), slope
    if kind == "classes":
        return np.eye(12)[rng.integers(0, 12, PEOPLE)], rng.normal(0, 1.3, (n, 12))
    alike = np.full((10, 10), 0.4) + 0.6 * np.eye(10)
    slope = rng.normal(0, 1, (n, 10)) * (rng.random((n, 10)) < 0.25)
    return rng.multivariate_normal(np.zeros(10), alike, PEOPLE), slope


def survey(of: Universe, kind: str, respondents: int, seed: int) -> tuple[Half, IntArray]:
    """Respondents, and the places of the vehicles that any of them uses."""
    rng, group = np.random.default_rng([5, seed]), of.traits[:, 2]
    weight = np.exp(rng.normal(0, 0.5, PEOPLE))
    if kind.startswith("oversampled"):
        weight *= np.where(group, GROUP, 1 - GROUP)
    asked = rng.choice(PEOPLE, respondents, replace=False, p=1 / weight / (1 / weight).sum())
    used = np.flatnonzero(of.uses[asked].any(axis=0))
    own = np.clip(weight[asked] / weight[asked].mean(), 0.15, 5)
    return Half(of.uses[asked][:, used], own / own.sum(), of.medium[used], of.traits[asked]), used


def errors(types: AudienceTypes, model: ReachModel, of: Universe, used: IntArray, size: int) -> FloatArray:
    """(SETS, 5) of everyone's reach, of differences in units of sqrt(d (1 - d / 2n)) / n, of each trait's reach."""
    rng, n = np.random.default_rng([3, size]), len(used)
    whose = np.vstack([types.share, types.trait * types.share])
    whose /= whose.sum(axis=1, keepdims=True)
    rows = []
    for _ in range(SETS):
        d = int(rng.integers(1, min(size // 2, n - size) + 1))
        drawn = rng.choice(n, size + d, replace=False)
        said, met = [], []
        for chosen in (drawn[:size], np.concatenate([drawn[: size - d], drawn[size:]])):
            said.append(whose @ model.reach_shares(np.isin(np.arange(n), chosen).astype(float)))
            reached = of.uses[:, used[chosen]].any(axis=1)
            met.append(np.array([reached.mean(), *(reached[has].mean() for has in of.traits.T)]))
        unit = (d * (1 - d / (2 * size))) ** 0.5 / size
        difference = ((said[0] - said[1]) - (met[0] - met[1]))[0] / met[0][0] / unit
        rows.append([said[0][0] / met[0][0] - 1, difference, *(said[0] / met[0] - 1)[1:]])
    return np.array(rows)


def main() -> None:
    given = [int(each) for each in sys.argv[1:]]
    respondents, draws = [*given, *(1000, 6)[len(given) :]]
    for kind in KINDS:
        found: dict[int, list[FloatArray]] = {}
        for draw in range(draws):
            people = universe(kind, draw)
            asked, used = survey(people, kind, respondents, draw)
            types = types_from_respondents(asked.uses, asked.weight, asked.traits)
            model = by_types_alone(types, asked, people.uses[:, used].mean(axis=0))
            for size in (3, 5) if kind == "few" else (8, 16):
                found.setdefault(size, []).append(100 * errors(types, model, people, used, size))
        for size, each in found.items():
            bias, rms = np.mean(each, axis=(0, 1)), np.sqrt(np.mean(np.square(each), axis=(0, 1)))
            traits = ", ".join(
                f"{n} {b:+.1f} ({r:.1f})" for n, b, r in zip(TRAITS, bias[2:], rms[2:], strict=True)
            )
            print(
                f"{kind}, {size}: reach {rms[0]:.2f} ({bias[0]:+.2f}), c {rms[1]:.1f}; {traits}", flush=True
            )


if __name__ == "__main__":
    main()
