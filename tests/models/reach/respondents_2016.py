"""Respondents of the 2016 election study, one contact in each vehicle that they use.

American National Election Studies, 2016 Time Series Study. The file is licensed for research and may not be
redistributed, so it is read where it lies (../shared/data) and the tests are skipped without it.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.arrays import FloatArray

FILE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "anes_2016_media.csv"
MEDIA = ("tv", "radio", "web", "print", "online")
ENOUGH_USERS = 50
UNIVERSE = 1000.0
TRAITS = ("catalyst", "college", "18-34", "35-54", "55+")

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Survey:
    """uses: (n_people, n_vehicles). weight: (n_people,) sums to 1. medium: (n_vehicles,). traits: masks."""

    vehicles: tuple[str, ...]
    medium: NDArray[np.int64]
    uses: Mask
    weight: FloatArray
    traits: dict[str, Mask]

    @property
    def rating(self) -> FloatArray:
        return np.asarray(self.weight @ self.uses)

    def reach(self, chosen: NDArray[np.int64], who: Mask | None = None) -> float:
        weight = self.weight if who is None else self.weight * who
        return float(weight @ self.uses[:, chosen].any(axis=1) / weight.sum())

    def duplication(self, medium: NDArray[np.int64]) -> tuple[float, FloatArray]:
        """Between and within media: how much more often than by chance two vehicles share a user."""
        together = (self.uses * self.weight[:, None]).T @ self.uses
        chance = np.outer(self.rating, self.rating)
        i, j = np.triu_indices(len(self.vehicles), 1)
        where = np.where(medium[i] == medium[j], medium[i], -1)
        times = [
            together[i, j][where == m].sum() / max(float(chance[i, j][where == m].sum()), 1e-300)
            for m in (-1, *range(len(MEDIA)))
        ]
        return float(times[0]), np.array(times[1:])


@cache
def survey() -> Survey:
    """Respondents with a post-election weight and known traits. Not asked (447 people, some media) counts as
    not using, as in the shares of ../shared/data/us_2016_media_audiences.csv."""
    if not FILE.exists():
        pytest.skip("../shared/data/anes_2016_media.csv is not here")
    with FILE.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["weight_post"] or 0) > 0]
    known = ("persuade", "discuss_days", "age", "educ")
    rows = [row for row in rows if all(row[name] for name in known) and float(row["educ"]) <= 16]
    columns = [name for name in rows[0] if name.split("_")[0] in MEDIA and name != "web_other"]
    uses = np.array([[float(row[name] or 0) > 0 for name in columns] for row in rows])
    kept = np.flatnonzero(uses.sum(axis=0) >= ENOUGH_USERS)
    value = {name: np.array([float(row[name]) for row in rows]) for name in (*known, "weight_post")}
    age = value["age"]
    masks = (
        (value["persuade"] == 1) & (value["discuss_days"] == 7),
        value["educ"] >= 13,  # V161270: 13 bachelor's, 14 master's, 15 professional, 16 doctorate
        age < 35,
        (age >= 35) & (age < 55),
        age >= 55,
    )
    return Survey(
        tuple(columns[j] for j in kept),
        np.array([MEDIA.index(columns[j].split("_")[0]) for j in kept]),
        uses[:, kept],
        value["weight_post"] / value["weight_post"].sum(),
        dict(zip(TRAITS, masks, strict=True)),
    )
