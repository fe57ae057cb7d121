"""Published reach beside ours: the points of curves.csv, by one stated rule, to curves.md and back to curves.csv.

    python benchmarks/curves.py

The rule: TV and radio campaigns are one line of 3 % a spot (radio 1 %), bought as the point's kind says, with the cume
that the point states; a named programme, a medium as a whole, issues and posters are the lines that the point states.
Repeat audiences are the program's defaults by kind, but where the source's second day or week is itself the repeat
audience ("given").
"""

import csv
from pathlib import Path

import numpy as np

from models.reach.gamma import Audiences, Duplication, calibrate
from models.reach.repeats import ONE_DAYPART, poster_repeat, rotation_repeat
from planner.campaign import assumptions

HERE = Path(__file__).parent
RATING = {"TV": 0.03, "radio": 0.01}


def repeat_of(row: dict[str, str], rating: float) -> float:
    """The default by kind, or the one given."""
    kind, cume = row["bought_as"], float(row["cume"]) if row["cume"] else None
    if kind == "given":
        return float(row["repeat"])
    fixed = {
        "programme": assumptions.PROGRAMME_REPEAT,
        "issue": assumptions.ISSUE,
        "daily": assumptions.ISSUE_OF_A_DAILY,
    }
    if kind in fixed:
        return fixed[kind].value
    if kind == "poster":
        return poster_repeat(rating)
    return rotation_repeat(rating, cume, ONE_DAYPART if kind == "daypart" else 2.0)


def reach(row: dict[str, str]) -> tuple[float, float]:
    """Reach in percent, and the repeat audience taken."""
    if row["lines"]:
        lines = [tuple(map(float, line.split("x"))) for line in row["lines"].split(";")]
    else:
        rating = RATING[row["medium"]]
        lines = [(rating, float(row["grp"]) / 100 / rating)]
    ratings = np.array([line[0] for line in lines])
    repeats = np.array([repeat_of(row, rating) for rating in ratings])
    within = assumptions.by_medium(
        assumptions.DUPLICATION_WITHIN, row["medium"], assumptions.DUPLICATION_OTHER
    )
    n = len(lines)
    audiences = Audiences(
        tuple(map(str, range(n))),
        ("m",),
        np.zeros(n, int),
        np.ones(1),
        ratings[None],
        repeats,
        np.zeros(n, bool),
    )
    model = calibrate(audiences, Duplication(1.35, np.array([within.value]), np.ones(1), frozenset("m")))
    return 100 * float(model.reach_shares(np.array([line[1] for line in lines]))[0]), float(repeats[0])


def main() -> None:
    """Work out every point and write both files."""
    with (HERE / "curves.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    table = [
        "| point | bought as | GRP | published | ours | off | doubt |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ours, repeat = reach(row)
        row["ours"], row["repeat"] = f"{ours:.1f}", f"{repeat:.4g}"
        off = f"{ours - float(row['reach']):+.1f}"
        cells = (row["id"], row["bought_as"], row["grp"], row["reach"], row["ours"], off, row["doubt"])
        table.append("| " + " | ".join(cells) + " |")
    with (HERE / "curves.csv").open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    counted = [float(row["ours"]) - float(row["reach"]) for row in rows if row["counted"] == "yes"]
    rms = float(np.sqrt(np.mean(np.square(counted))))
    rule = (__doc__ or "").split("The rule: ")[1].strip()
    title = f"# Published reach beside ours\n\nThe rule: {rule}\n\n"
    summary = f"TV campaigns of 75 to 600 GRP ({len(counted)} points): rms {rms:.2f} points.\n\n"
    (HERE / "curves.md").write_text(title + summary + "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
