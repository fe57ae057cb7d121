"""Plans made on one half of a survey's respondents, judged on the other half: what audience types are worth.

    python benchmarks/on_respondents.py FILE.csv [splits [first split]]

FILE.csv: the 2016 election study's respondents (tests/models/reach/test_reach_on_respondents.py says which columns); it
is licensed for research and is not part of this project. Every vehicle costs the same; plans buy one insertion in each
of 8 or 16 vehicles, by greedy and exchanges on the model's own value. Printed, with their sampling errors over splits:

- how much better plans made with types are than plans made with traits alone, on the half that nobody saw: the
  ordinary plan (everyone's reach) and the tailored one (a catalyst counts 1.8);
- what tailoring was predicted to gain over the ordinary plan of the same model, and what it gained;
- c of the model's error on a difference, c sqrt(d (1 - d / 2n)) / n of value: its root mean square over random plans
  that exchange d of n vehicles, sampling noise taken off;
- the best five programmes for catalysts by the model, beside the respondents' own greedy choice.
"""

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.people.audience import JointShares, Traits, build_segments, split_audiences
from models.people.types import AudienceTypes, types_from_respondents
from models.reach.gamma import Audiences, Duplication, ReachModel, TraitExcess, calibrate

MEDIA = ("tv", "radio", "web", "print", "online")
KNOWN = ("persuade", "discuss_days", "age", "educ")
ENOUGH_USERS, SIZES, EXTRA = 50, (8, 16), 0.8
PAIRS = 200  # of random plans a split


@dataclass(frozen=True, eq=False)
class Half:
    """uses: (n_people, n_vehicles). weight: (n_people,) sums to 1. medium: (n_vehicles,). catalyst: (n_people,)."""

    uses: BoolArray
    weight: FloatArray
    medium: IntArray
    catalyst: BoolArray

    @property
    def rating(self) -> FloatArray:
        return np.asarray(self.weight @ self.uses)

    def value(self, chosen: IntArray, extra: float) -> float:
        """Reach of a set of vehicles; a catalyst counts 1 + extra."""
        return float((self.weight * (1 + extra * self.catalyst)) @ self.uses[:, chosen].any(axis=1))

    def duplication(self) -> tuple[float, FloatArray]:
        together = (self.uses * self.weight[:, None]).T @ self.uses
        chance = np.outer(self.rating, self.rating)
        i, j = np.triu_indices(len(self.medium), 1)
        where = np.where(self.medium[i] == self.medium[j], self.medium[i], -1)
        sums = [
            (together[i, j][where == m].sum(), chance[i, j][where == m].sum()) for m in range(-1, len(MEDIA))
        ]
        times = np.array([a / max(float(b), 1e-300) for a, b in sums])
        return float(times[0]), np.maximum(times[1:], 1.0)


def read(path: Path) -> Half:
    """Respondents with a post-election weight and known traits."""
    with path.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["weight_post"] or 0) > 0]
    rows = [row for row in rows if all(row[name] for name in KNOWN) and float(row["educ"]) <= 16]
    columns = [name for name in rows[0] if name.split("_")[0] in MEDIA and name != "web_other"]
    uses = np.array([[float(row[name] or 0) > 0 for name in columns] for row in rows])
    kept = np.flatnonzero(uses.sum(axis=0) >= ENOUGH_USERS)
    value = {name: np.array([float(row[name]) for row in rows]) for name in (*KNOWN, "weight_post")}
    medium = np.array([MEDIA.index(columns[j].split("_")[0]) for j in kept])
    catalyst = (value["persuade"] == 1) & (value["discuss_days"] == 7)
    return Half(uses[:, kept], value["weight_post"] / value["weight_post"].sum(), medium, catalyst)


def halves(whole: Half, split: int) -> tuple[Half, Half]:
    people = np.random.default_rng(split).permutation(len(whole.weight))
    parts = people[: len(people) // 2], people[len(people) // 2 :]
    return tuple(  # type: ignore[return-value]
        Half(whole.uses[p], whole.weight[p] / whole.weight[p].sum(), whole.medium, whole.catalyst[p])
        for p in parts
    )


@dataclass(frozen=True, eq=False)
class Made:
    """A model of half A. extra: (n_segments,) 1 where people are catalysts."""

    model: ReachModel
    extra: FloatArray

    def value(self, insertions: FloatArray, extra: float) -> float:
        people = self.model.population * (1 + extra * self.extra) / self.model.population.sum()
        return float(people @ self.model.reach_shares(insertions))


def made_of(a: Half, typed: bool) -> Made:
    """Catalysts and everyone else, by 20 audience types or (the version without) with catalysts' own duplication."""
    share = float(a.weight @ a.catalyst)
    people = (a.uses & a.catalyst[:, None]).T @ a.weight
    composition = (people / a.rating)[:, None]
    sizes = 1 / float((a.weight**2).sum()) * a.rating
    traits = Traits(("catalyst",), np.array([share]), ("",))
    joints: list[JointShares] = []
    if typed:
        types = types_from_respondents(a.uses, a.weight, a.catalyst[:, None])
        names = tuple(f"type {k}" for k in range(len(types.share)))
        traits = Traits(("catalyst", *names), np.append(share, types.share), ("", *["types"] * len(names)))
        joints = [JointShares(("catalyst",), names, types.trait * types.share)]
        composition = np.hstack([_shrunk(composition, types, sizes), types.composition()])
    else:
        mean = float((people.sum()) / a.rating.sum())
        composition = (sizes[:, None] * composition + 100 * mean) / (sizes[:, None] + 100)
    segments = build_segments(1000.0, traits, (), joints)
    vehicles = [f"v{j}" for j in range(len(a.medium))]
    reached = split_audiences(segments, vehicles, a.rating * 1000, composition)
    rating, n = reached / segments.population[:, None], len(a.medium)
    given = Audiences(
        tuple(vehicles), MEDIA, a.medium, segments.population, rating, np.full(n, 0.9), np.zeros(n, bool)
    )
    excess = () if typed else (TraitExcess("catalyst", segments.with_trait("catalyst"), 0.55),)
    between, within = a.duplication()
    everyone = np.ones(len(segments.population))
    model = calibrate(given, Duplication(max(between, 1.0), within, everyone, frozenset(), excess))
    return Made(model, segments.with_trait("catalyst").astype(float))


def _shrunk(composition: FloatArray, types: AudienceTypes, sizes: FloatArray) -> FloatArray:
    implied = (types.composition() @ types.trait.T)[:, :1]
    return np.asarray((sizes[:, None] * composition + 150 * implied) / (sizes[:, None] + 150))


def best_set(
    value: Callable[[IntArray], float], n: int, size: int, among: IntArray | None = None
) -> IntArray:
    """Greedy, then exchanges of one vehicle until none helps."""
    offered = np.arange(n) if among is None else among
    chosen: list[int] = []
    while len(chosen) < size:
        chosen.append(
            max((j for j in offered if j not in chosen), key=lambda j: value(np.array([*chosen, j])))
        )
    best, improved = value(np.array(chosen)), True
    while improved:
        improved = False
        for place in range(size):
            for j in offered:
                trial = [*chosen[:place], int(j), *chosen[place + 1 :]]
                if j not in chosen and (found := value(np.array(trial))) > best * (1 + 1e-9):
                    chosen, best, improved = trial, found, True
    return np.array(chosen)


def plan(made: Made, size: int, extra: float) -> IntArray:
    n = len(made.model.audiences.vehicles)
    return best_set(lambda chosen: made.value(_bought(n, chosen), extra), n, size)


def _bought(n: int, chosen: IntArray) -> FloatArray:
    found = np.zeros(n)
    found[chosen] = 1
    return found


def difference_errors(made: Made, b: Half, size: int, rng: np.random.Generator) -> FloatArray:
    """(PAIRS, 2) squared error of a difference in units of (d (1 - d/2n)) / n^2, and what of it is chance."""
    n, found = len(b.medium), []
    for _ in range(PAIRS):
        d = int(rng.integers(1, size // 2 + 1))
        drawn = rng.choice(n, size + d, replace=False)
        one, other = drawn[:size], np.concatenate([drawn[: size - d], drawn[size:]])
        seen = b.uses[:, one].any(axis=1) * 1.0 - b.uses[:, other].any(axis=1)
        predicted = made.value(_bought(n, one), 0.0) - made.value(_bought(n, other), 0.0)
        reach = b.value(one, 0.0)
        design = np.column_stack([np.ones(len(seen)), b.uses[:, drawn]]) * 1.0
        weighted = design * b.weight[:, None]
        fitted = design @ np.linalg.lstsq(weighted.T @ design, weighted.T @ seen, rcond=None)[0]
        unit = d * (1 - d / (2 * size)) / size**2
        error = predicted - float(b.weight @ seen)
        chance = float(((b.weight * (seen - fitted)) ** 2).sum())
        found.append((error**2 / reach**2 / unit, chance / reach**2 / unit))
    return np.array(found)


def with_ratings(made: Made, b: Half) -> Made:
    """The same with half B's ratings: what is judged is duplication, as a planner knows ratings."""
    old = made.model.audiences
    people = old.population @ old.rating / old.population.sum()
    odds = np.log(old.rating / (1 - old.rating))
    low, high = np.full(len(people), -9.0), np.full(len(people), 9.0)
    for _ in range(60):
        middle = (low + high) / 2
        above = old.population @ (1 / (1 + np.exp(-odds - middle))) / old.population.sum() > np.maximum(
            b.rating, 1e-3
        )
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    rating = 1 / (1 + np.exp(-odds - (low + high) / 2))
    n = len(people)
    given = Audiences(
        old.vehicles, MEDIA, old.medium, old.population, rating, np.full(n, 0.9), np.zeros(n, bool)
    )
    between, within = b.duplication()
    return Made(
        calibrate(given, Duplication(max(between, 1.0), within, np.ones(len(old.population)))), made.extra
    )


def main() -> None:
    whole, splits = read(Path(sys.argv[1])), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    figures: dict[str, list[float]] = {}
    squares: dict[str, list[FloatArray]] = {}
    for split in range(first, first + splits):
        a, b = halves(whole, split)
        models = {typed: made_of(a, typed) for typed in (False, True)}
        for size in SIZES:
            realised = {}
            for typed, made in models.items():
                name = "types" if typed else "traits"
                ordinary, tailored = plan(made, size, 0.0), plan(made, size, EXTRA)
                n = len(a.medium)
                realised[typed] = (b.value(ordinary, 0.0), b.value(tailored, EXTRA))
                gain = made.value(_bought(n, tailored), EXTRA) / made.value(_bought(n, ordinary), EXTRA) - 1
                figures.setdefault(f"{size}, {name}: tailoring predicted %", []).append(100 * gain)
                got = b.value(tailored, EXTRA) / b.value(ordinary, EXTRA) - 1
                figures.setdefault(f"{size}, {name}: tailoring realised %", []).append(100 * got)
                rng = np.random.default_rng([split, size])
                squares.setdefault(f"{size}, {name}", []).append(
                    difference_errors(with_ratings(made, b), b, size, rng)
                )
            for place, kind in enumerate(("ordinary", "tailored")):
                better = realised[True][place] / realised[False][place] - 1
                figures.setdefault(f"{size}: {kind} plan better with types %", []).append(100 * better)
    for name, found in sorted(figures.items()):
        print(
            f"{name}: {np.mean(found):+.2f} (sd of the mean {np.std(found, ddof=1) / len(found) ** 0.5:.2f})"
        )
    for name, parts in squares.items():
        error, chance = np.vstack(parts).T
        print(f"{name} vehicles: c = {100 * max(error.mean() - chance.mean(), 0) ** 0.5:.1f} %")
    for typed in (False, True):
        ours, own = programmes(whole, typed)
        print(
            f"best five programmes, {'types' if typed else 'traits'}: {ours:.2%}, the respondents' own {own:.2%}"
        )


def programmes(whole: Half, typed: bool) -> tuple[float, float]:
    """Catalysts' reach of the best five programmes for them: by the model, and by the respondents' own choice."""
    made, n, tv = made_of(whole, typed), len(whole.medium), np.flatnonzero(whole.medium == 0)
    people = made.model.population * made.extra
    chosen = best_set(lambda c: float(people @ made.model.reach_shares(_bought(n, c))), n, 5, tv)
    weight = whole.weight * whole.catalyst
    own = best_set(lambda c: float(weight @ whole.uses[:, c].any(axis=1)), n, 5, tv)
    reach = [float(weight @ whole.uses[:, c].any(axis=1)) / float(weight.sum()) for c in (chosen, own)]
    return reach[0], reach[1]


if __name__ == "__main__":
    main()
