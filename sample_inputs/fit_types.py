"""Fit the audience types of us_2016_types to the respondents of the 2016 election study.

    python sample_inputs/fit_types.py FILE.csv

FILE.csv: a row per respondent, with weight_post, age, educ, persuade, discuss_days and 0 or 1 for each vehicle. It
is licensed for research and is not part of this project; what is written, facts/us_2016_types.csv, are shares of
whole groups only: of adults, of each vehicle's regular users and of each trait's people in each type, in percent.

Respondents with a post-election weight and known traits, as in the compositions (facts/us_2016_compositions.csv);
vehicles with 50 users or more; not asked counts as not using. The method: models/people/types.py.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from models.people.types import types_from_respondents

FACTS = Path(__file__).parent / "facts"
TYPES = 20  # with its bands of traits a campaign has 360 segments so
STARTS = 5
MEDIA = ("tv", "radio", "web", "print", "online")
ENOUGH_USERS = 50
KNOWN = ("persuade", "discuss_days", "age", "educ")


def main() -> None:
    """Read the respondents, fit, and write the shares."""
    parser = argparse.ArgumentParser(description="Fit audience types to the respondents of a survey.")
    parser.add_argument("file", type=Path)
    with parser.parse_args().file.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if float(row["weight_post"] or 0) > 0]
    rows = [row for row in rows if all(row[name] for name in KNOWN) and float(row["educ"]) <= 16]
    columns = [name for name in rows[0] if name.split("_")[0] in MEDIA and name != "web_other"]
    uses = np.array([[float(row[name] or 0) > 0 for name in columns] for row in rows])
    kept = uses.sum(axis=0) >= ENOUGH_USERS
    value = {name: np.array([float(row[name]) for row in rows]) for name in KNOWN}
    persuades, daily, age = value["persuade"] == 1, value["discuss_days"] == 7, value["age"]
    traits = {
        "catalyst": persuades & daily,
        "other persuader": persuades & ~daily,
        "graduate": value["educ"] >= 13,
        "age 18-34": age < 35,
        "age 35-54": (age >= 35) & (age < 55),
        "age 55+": age >= 55,
    }
    weight = np.array([float(row["weight_post"]) for row in rows])
    found = types_from_respondents(
        uses[:, kept], weight, np.column_stack(list(traits.values())), TYPES, STARTS
    )
    order = np.argsort(-found.share)
    names = [name for name, keep in zip(columns, kept, strict=True) if keep]
    table = [("ALL ADULTS", found.share)]
    table += [(f"trait: {name}", row) for name, row in zip(traits, found.of_traits(), strict=True)]
    with (FACTS / "us_2016_vehicles.csv").open(newline="", encoding="utf-8") as lines:
        offered = {row["survey"] for row in csv.DictReader(lines)}
    table += [pair for pair in zip(names, found.composition(), strict=True) if pair[0] in offered]
    with (FACTS / "us_2016_types.csv").open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["row", *(f"type {number}" for number in range(1, len(order) + 1))])
        writer.writerows([name, *(f"{100 * share:.3f}" for share in shares[order])] for name, shares in table)


if __name__ == "__main__":
    main()
