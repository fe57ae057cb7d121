"""Plans made on one half of a survey's respondents, judged on the other half: what audience types are worth.

    python -m benchmarks.on_respondents FILE.csv [splits [first split]]

FILE.csv: the 2016 election study's respondents (tests/models/reach/respondents_2016.py says which columns); it
is licensed for research and is not part of this project. Every vehicle that has users costs the same; plans buy one
insertion in each of 8 or 16 vehicles, by greedy and exchanges on the model's own value. The version before knew traits
alone: catalysts, other persuaders, graduates and ages, compositions moved towards the universe's shares, catalysts'
duplication multiplied by 0.6. Printed, with 95 % intervals of the mean, over the splits and (in brackets) corrected for
halves that share respondents (Nadeau and Bengio 2003):

- how much better plans made with types (40 of respondents, or 12 of pairs) are than those of the version before, on the
  half that nobody saw: the ordinary plan (everyone's reach) and the tailored one (a catalyst counts 1.8); and the most
  that is possible, plans made on the judging half itself;
- what plans promise beyond what they bring; what tailoring promises and brings;
- the error of everyone's reach of random plans, ratings being the judging half's: root mean square, sampling noise off;
- c of the model's error on a difference, c sqrt(d (1 - d / 2n)) / n of value: its root mean square over random plans
  that exchange d of n vehicles, sampling noise taken off;
- the best five programmes for catalysts by the model, beside the respondents' own greedy choice: on the people both
  were made on, and on the other half, where the respondents' choice no longer profits from its own chance;
- the bias of each trait's reach by types alone, each half judging the other: what the halves differ by cancels.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy

from benchmarks.halves import MEDIA, TRAITS, Half, halves, read
from models.arrays import FloatArray, IntArray
from models.people.audience import Segments, build_segments, split_audiences
from models.people.pair_types import types_from_pairs
from models.people.raking import JointShares
from models.people.shrinkage import shrink_compositions
from models.people.traits import Traits
from models.people.types import AudienceTypes, exact_ratings, types_from_respondents
from models.reach.curves import reached, saturate
from models.reach.gamma import Audiences, ReachModel, calibrate

BANDS = ("persuasion", "persuasion", "", "age", "age", "age")
SIZES, EXTRA, FACTOR_BEFORE, K_WITH_TYPES = (8, 16), 0.8, 0.6, 150.0
PAIRS = 200  # of random plans a split
MEASURED = 50  # users of a vehicle in random plans
UNIVERSE = 1000.0


@dataclass(frozen=True, eq=False)
class Made:
    """A model of half A. extra: (n_segments,) 1 where people are catalysts. Plans are sets of vehicles, one insertion
    each."""

    model: ReachModel
    extra: FloatArray

    def value(self, chosen: IntArray, extra: float) -> float:
        bought = np.zeros(len(self.model.audiences.vehicles))
        bought[chosen] = 1
        return float(self._people(extra) @ self.model.reach_shares(bought))

    def _people(self, extra: float) -> FloatArray:
        return np.asarray(self.model.population * (1 + extra * self.extra) / self.model.population.sum())

    def plan(self, size: int, extra: float) -> IntArray:
        """(size,) vehicles."""
        people = self._people(extra)
        return best_set(lambda rest: people @ self._beside(rest), size)

    def _beside(self, chosen: list[int]) -> FloatArray:
        """(n_segments, n_vehicles) reach of some vehicles and one more."""
        level = self._once[:, chosen] @ self._one_hot[chosen]
        k_medium, medium = self.model.k_medium, self.model.audiences.medium
        before = saturate(level, k_medium)
        after = saturate(level[:, medium] + self._once, k_medium[:, medium])
        total = before.sum(axis=1)[:, None] - before[:, medium] + after
        return reached(total, self.model.k_person[:, None])

    @cached_property
    def _once(self) -> FloatArray:
        return self.model.intensity(np.ones(len(self.model.audiences.vehicles)))

    @cached_property
    def _one_hot(self) -> FloatArray:
        return np.eye(len(MEDIA))[self.model.audiences.medium]


def best_set(beside: Callable[[list[int]], FloatArray], size: int, among: IntArray | None = None) -> IntArray:
    """Greedy, then exchanges of one vehicle until none helps. beside: (n_vehicles,) value of some and one more."""
    chosen: list[int] = []
    value, improved = 0.0, True

    def best(rest: list[int]) -> tuple[int, float]:
        found = beside(rest)
        offered = np.setdiff1d(np.arange(len(found)) if among is None else among, rest)
        j = int(offered[found[offered].argmax()])
        return j, float(found[j])

    while len(chosen) < size:
        j, value = best(chosen)
        chosen.append(j)
    while improved:
        improved = False
        for place in range(size):
            j, found = best([*chosen[:place], *chosen[place + 1 :]])
            if found > value * (1 + 1e-9) and j != chosen[place]:
                chosen[place], value, improved = j, found, True
    return np.array(chosen)


def on_people(
    half: Half, size: int, extra: float, who: FloatArray | None = None, among: IntArray | None = None
) -> IntArray:
    """The respondents' own best set."""
    weight = half.weight * (1 + extra * half.catalyst) if who is None else half.weight * who

    def beside(rest: list[int]) -> FloatArray:
        met = half.uses[:, rest].any(axis=1)
        return np.asarray(float(weight @ met) + (weight * ~met) @ half.uses)

    return best_set(beside, size, among)


def before(a: Half) -> Made:
    """As the version before planned: traits alone, catalysts' duplication multiplied."""
    share = a.weight @ a.traits
    share[3:] /= share[3:].sum()
    composition = shrink_compositions(a.composition, np.maximum(a.sizes, 1.0), share, BANDS).composition
    segments = build_segments(UNIVERSE, Traits(TRAITS, share, BANDS))
    factor = np.where(segments.with_trait("catalyst"), FACTOR_BEFORE, 1.0)
    return _made(a, segments, composition, factor)


def of_respondents(a: Half) -> AudienceTypes:
    return types_from_respondents(a.uses, a.weight, a.traits[:, :1])


def of_pairs(a: Half) -> AudienceTypes:
    columns = np.column_stack([a.uses, a.catalyst]).astype(float)
    shared = (columns * a.weight[:, None]).T @ columns
    return types_from_pairs(np.diag(shared).copy(), shared, 1, 1 / float((a.weight**2).sum())).types


def with_types(a: Half, types: AudienceTypes, repeat: float = 0.9) -> Made:
    """Catalysts and everyone else, by audience types. repeat: audience; plans of one insertion each do not ask."""
    own = slice(0, 1)
    names = tuple(f"type {k}" for k in range(len(types.share)))
    share = np.append(a.weight @ a.traits[:, own], types.share)
    joints = [JointShares(("catalyst",), names, types.trait * types.share)]
    segments = build_segments(
        UNIVERSE, Traits(("catalyst", *names), share, ("", *["types"] * len(names))), (), joints
    )
    of_types = types.composition()
    implied = of_types @ types.trait.T
    moved = (a.sizes[:, None] * a.composition[:, own] + K_WITH_TYPES * implied) / (
        a.sizes[:, None] + K_WITH_TYPES
    )
    return _made(a, segments, np.hstack([moved, of_types]), np.ones(len(segments.population)), repeat)


def _made(
    a: Half, segments: Segments, composition: FloatArray, factor: FloatArray, repeat: float = 0.9
) -> Made:
    n = len(a.medium)
    vehicles = tuple(f"v{j}" for j in range(n))
    people = split_audiences(segments, list(vehicles), a.rating * UNIVERSE, composition)
    rating = people / segments.population[:, None]
    given = Audiences(
        vehicles, MEDIA, a.medium, segments.population, rating, np.full(n, repeat), np.zeros(n, dtype=bool)
    )
    return Made(calibrate(given, a.duplication(factor)), segments.with_trait("catalyst").astype(float))


def with_ratings(made: Made, a: Half, b: Half) -> Made:
    """The same with half B's ratings: what is judged is duplication, as a planner knows ratings."""
    old = made.model.audiences
    odds = np.log(old.rating / (1 - old.rating))
    wanted = np.maximum(b.rating, 1e-3)
    low, high = np.full(len(wanted), -9.0), np.full(len(wanted), 9.0)
    for _ in range(60):
        middle = (low + high) / 2
        above = old.population @ scipy.special.expit(odds + middle) / old.population.sum() > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    n = len(wanted)
    given = Audiences(
        old.vehicles, MEDIA, old.medium, old.population, scipy.special.expit(odds + (low + high) / 2),
        np.full(n, 0.9), np.zeros(n, dtype=bool),
    )  # fmt: skip
    return Made(calibrate(given, a.duplication(np.ones(len(old.population)))), made.extra)


def squared_errors(made: Made, b: Half, size: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """(PAIRS, 2) squared error and what of it is chance: of reach as a share of itself, and of a difference in units
    of (d (1 - d/2n)) / n^2 of reach squared."""
    measured = np.flatnonzero(b.uses.sum(axis=0) >= MEASURED / 2)
    levels: list[tuple[float, float]] = []
    differences: list[tuple[float, float]] = []
    for _ in range(PAIRS):
        d = int(rng.integers(1, size // 2 + 1))
        drawn = rng.choice(measured, size + d, replace=False)
        one, other = drawn[:size], np.concatenate([drawn[: size - d], drawn[size:]])
        met, beside = b.uses[:, one].any(axis=1) * 1.0, b.uses[:, other].any(axis=1) * 1.0
        said, said_beside = made.value(one, 0.0), made.value(other, 0.0)
        reach = float(b.weight @ met)
        unit = d * (1 - d / (2 * size)) / size**2
        for found, told, seen, scale in (
            (levels, said, met, reach**2),
            (differences, said - said_beside, met - beside, reach**2 * unit),
        ):
            error = told - float(b.weight @ seen)
            found.append((error**2 / scale, _chance(b, drawn, seen) / scale))
    return np.array(levels), np.array(differences)


def _chance(b: Half, drawn: IntArray, seen: FloatArray) -> float:
    """Variance of the mean of `seen` (n_people,) that half B's own ratings leave."""
    design = np.column_stack([np.ones(len(seen)), b.uses[:, drawn]]).astype(float)
    weighted = design * b.weight[:, None]
    fitted = design @ np.linalg.lstsq(weighted.T @ design, weighted.T @ seen, rcond=None)[0]
    return float(((b.weight * (seen - fitted)) ** 2).sum())


class Figures:
    """What is measured split by split, under names."""

    def __init__(self) -> None:
        self.numbers: dict[str, list[float]] = {}
        self.squares: dict[str, list[FloatArray]] = {}

    def add(self, name: str, percent: float) -> None:
        self.numbers.setdefault(name, []).append(100 * percent)

    def tell(self) -> None:
        for name, found in self.numbers.items():
            n, sd = len(found), float(np.std(found, ddof=1))
            t = float(scipy.stats.t.ppf(0.975, n - 1))
            half, wide = t * sd / n**0.5, t * sd * (1 / n + 1) ** 0.5
            print(f"{name}: {np.mean(found):+.2f} % (+-{half:.2f}; +-{wide:.2f}); sd of a split {sd:.2f}")
        for name, parts in self.squares.items():
            error, chance = np.vstack(parts).T
            print(f"{name} = {100 * max(error.mean() - chance.mean(), 0) ** 0.5:.1f} %")


def judge(figures: Figures, a: Half, b: Half, split: int) -> None:
    """The models' plans of one split."""
    models = {
        "before": before(a),
        "types": with_types(a, of_respondents(a)),
        "pairs": with_types(a, of_pairs(a)),
    }
    for size in SIZES:
        got: dict[str, list[float]] = {}
        for name, made in models.items():
            got[name] = _plans(figures, f"{size}, {name}", made, b, size)
            rng = np.random.default_rng([split, size])
            levels, differences = squared_errors(with_ratings(made, a, b), b, size, rng)
            figures.squares.setdefault(f"{size} vehicles, {name}: error of reach", []).append(levels)
            figures.squares.setdefault(f"{size} vehicles, {name}: c", []).append(differences)
        for place, (kind, extra) in enumerate((("ordinary", 0.0), ("tailored", EXTRA))):
            got["themselves"] = [0.0] * place + [b.value(on_people(b, size, extra), extra)]
            for name, what in (("types", "with types"), ("pairs", "with pairs"), ("themselves", "at most")):
                better = got[name][place] / got["before"][place] - 1
                figures.add(f"{size}: {kind} plan better {what}", better)


def _plans(figures: Figures, name: str, made: Made, b: Half, size: int) -> list[float]:
    """What a model's ordinary and tailored plan are worth to half B."""
    plans = [(made.plan(size, extra), extra) for extra in (0.0, EXTRA)]
    got = [b.value(chosen, extra) for chosen, extra in plans]
    said = [made.value(chosen, extra) for chosen, extra in plans]
    figures.add(f"{name}: ordinary plan promises beyond what it brings", said[0] / got[0] - 1)
    figures.add(f"{name}: tailoring promises", said[1] / made.value(plans[0][0], EXTRA) - 1)
    figures.add(f"{name}: tailoring brings", got[1] / b.value(plans[0][0], EXTRA) - 1)
    return got


def programmes(a: Half, made: Made, b: Half) -> list[float]:
    """Catalysts' reach in half B of the best five programmes for them: by the model, by half A's respondents' own
    choice, by half B's."""
    tv = np.flatnonzero(a.medium == 0)
    people = made.model.population * made.extra
    chosen = best_set(lambda rest: people @ made._beside(rest), 5, tv)
    own = [on_people(half, 5, 0.0, half.catalyst * 1.0, tv) for half in (a, b)]
    weight = b.weight * b.catalyst / float((b.weight * b.catalyst).sum())
    return [float(weight @ b.uses[:, five].any(axis=1)) for five in (chosen, *own)]


def by_types_alone(types: AudienceTypes, of: Half, rating: FloatArray) -> ReachModel:
    """A segment a type, with the ratings as given."""
    n, one = len(rating), np.ones(len(types.share))
    by_type = exact_ratings(np.maximum(rating, 1e-3), types.rating, types.share).T
    names, repeat = tuple(f"v{j}" for j in range(n)), np.full(n, 0.9)
    given = Audiences(
        names, MEDIA, of.medium, UNIVERSE * types.share, by_type, repeat, np.zeros(n, dtype=bool)
    )
    return calibrate(given, of.duplication(one))


def trait_bias(a: Half, b: Half, size: int, rng: np.random.Generator) -> FloatArray:
    """(6,) mean error of each trait's reach in half B, by types of half A alone, in percent."""
    types = types_from_respondents(a.uses, a.weight, a.traits)
    model, measured = by_types_alone(types, a, b.rating), np.flatnonzero(b.uses.sum(axis=0) >= MEASURED / 2)
    errors, who, whose = [], types.of_traits(), b.traits.T * b.weight
    for _ in range(PAIRS // 2):
        bought = np.isin(np.arange(len(a.medium)), rng.choice(measured, size, replace=False))
        seen = whose @ b.uses[:, bought].any(axis=1) / whose.sum(axis=1)
        errors.append(who @ model.reach_shares(bought.astype(float)) / seen - 1)
    return np.asarray(100 * np.mean(errors, axis=0))


def main() -> None:
    whole, splits = read(Path(sys.argv[1])), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    first, figures = int(sys.argv[3]) if len(sys.argv) > 3 else 0, Figures()
    print(
        f"{whole.uses.shape[1]} vehicles, {len(whole.weight):,} respondents, splits {first} to {first + splits - 1}"
    )
    for split in range(first, first + splits):
        a, b = halves(whole, split)
        judge(figures, a, b, split)
        ours, of_a, of_b = programmes(a, with_types(a, of_respondents(a)), b)
        figures.add(
            "best five for catalysts on half B beside its own choice: types of half A", ours / of_b - 1
        )
        figures.add("best five for catalysts on half B beside its own choice: half A's own", of_a / of_b - 1)
        for size in SIZES:
            both = np.flatnonzero(b.uses.any(axis=0))
            one, other = (half.of(np.arange(len(half.weight)), both) for half in (a, b))
            rng = np.random.default_rng([7, size, split])
            bias = trait_bias(one, other, size, rng) + trait_bias(other, one, size, rng)
            for name, percent in zip(TRAITS, bias / 2, strict=True):
                figures.add(f"{size} vehicles, types alone: bias of the reach of {name}", percent / 100)
    figures.tell()
    for name, made in (("traits", before(whole)), ("types", with_types(whole, of_respondents(whole)))):
        ours, own, _ = programmes(whole, made, whole)
        print(f"best five programmes for catalysts, {name}: {ours:.2%}, the respondents' own {own:.2%}")


if __name__ == "__main__":
    main()
