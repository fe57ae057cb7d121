"""Respondents of the 2016 election study as a benchmark takes them: all, or in two halves drawn at random."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.reach.gamma import BETWEEN, Duplication

MEDIA = ("tv", "radio", "web", "print", "online")
KNOWN = ("persuade", "discuss_days", "age", "educ")
TRAITS = ("catalyst", "other persuader", "graduate", "18-34", "35-54", "55+")


@dataclass(frozen=True, eq=False)
class Half:
    """uses: (n_people, n_vehicles). weight: (n_people,) sums to 1. medium: (n_vehicles,). traits: (n_people, 6)."""

    uses: BoolArray
    weight: FloatArray
    medium: IntArray
    traits: BoolArray

    @property
    def rating(self) -> FloatArray:
        return np.asarray(self.weight @ self.uses)

    @property
    def catalyst(self) -> BoolArray:
        return np.asarray(self.traits[:, 0])

    @property
    def composition(self) -> FloatArray:
        """(n_vehicles, 6) share of each vehicle's users that has each trait."""
        return np.asarray((self.uses * self.weight[:, None]).T @ self.traits / self.rating[:, None])

    @property
    def sizes(self) -> FloatArray:
        """(n_vehicles,) users that a sample without weights would need (Kish)."""
        return np.asarray(self.rating**2 / (self.weight**2 @ self.uses))

    def value(self, chosen: IntArray, extra: float) -> float:
        """Reach of a set of vehicles; a catalyst counts 1 + extra."""
        return float((self.weight * (1 + extra * self.catalyst)) @ self.uses[:, chosen].any(axis=1))

    def of(self, people: IntArray, vehicles: IntArray | slice = slice(None)) -> "Half":
        weight = self.weight[people] / self.weight[people].sum()
        return Half(self.uses[people][:, vehicles], weight, self.medium[vehicles], self.traits[people])

    def duplication(self, factor: FloatArray) -> Duplication:
        together = (self.uses * self.weight[:, None]).T @ self.uses
        chance = np.outer(self.rating, self.rating)
        i, j = np.triu_indices(len(self.medium), 1)
        where = np.where(self.medium[i] == self.medium[j], self.medium[i], -1)
        sums = [
            (together[i, j][where == m].sum(), chance[i, j][where == m].sum()) for m in range(-1, len(MEDIA))
        ]
        times = np.maximum([a / max(float(b), 1e-300) for a, b in sums], 1.0)
        return Duplication(float(times[0]), times[1:], factor, frozenset((*MEDIA, BETWEEN)))


def read(path: Path) -> Half:
    """Respondents with a post-election weight and known traits; every vehicle that somebody uses."""
    with path.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["weight_post"] or 0) > 0]
    rows = [row for row in rows if all(row[name] for name in KNOWN) and float(row["educ"]) <= 16]
    columns = [name for name in rows[0] if name.split("_")[0] in MEDIA and name != "web_other"]
    uses = np.array([[float(row[name] or 0) > 0 for name in columns] for row in rows])
    value = {name: np.array([float(row[name]) for row in rows]) for name in (*KNOWN, "weight_post")}
    medium = np.array([MEDIA.index(name.split("_")[0]) for name in columns])
    persuades, age = value["persuade"] == 1, value["age"]
    catalyst = persuades & (value["discuss_days"] == 7)
    traits = (
        catalyst,
        persuades & ~catalyst,
        value["educ"] >= 13,
        age < 35,
        (age >= 35) & (age < 55),
        age >= 55,
    )
    whole = Half(uses, value["weight_post"] / value["weight_post"].sum(), medium, np.column_stack(traits))
    return whole.of(np.arange(len(rows)), np.flatnonzero(uses.any(axis=0)))


def halves(whole: Half, split: int) -> tuple[Half, Half]:
    """The half that calibrates, whose vehicles have users there, and the half that judges."""
    people = np.random.default_rng(split).permutation(len(whole.weight))
    a, b = people[: len(people) // 2], people[len(people) // 2 :]
    used = np.flatnonzero(whole.uses[a].any(axis=0))
    return whole.of(a, used), whole.of(b, used)
