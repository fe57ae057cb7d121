"""Every pair of scenarios on the report: which is more, and how sure that is."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.comparing.scenario_tables import pair_table
from planner.comparing.sweep import Comparison
from planner.formats import number, signed
from planner.report.comparing.scenarios import SHORT_VERDICT
from planner.report.html.page import Markup
from planner.report.html.tables import MOST_ROWS, Cell, Figure, Shaded, grid, signed_tint, sortable

MOST_PAIRS = 25  # scenarios whose pairs are shown as a square too
UNSURE = "#D9E2EC"


def pairs(compared: Comparison) -> list[Markup]:
    """Every pair with its verdict; as a square where they are few enough."""
    rows = pair_table(compared).records
    if not rows:
        return []
    base = compared.scenarios[compared.base].name
    rows.sort(key=lambda row: base not in (row["a"], row["b"]))  # those with the base first
    headings = ("Scenario", "Beside", "Verdict", "Measure", "Difference", "From", "To", "Model's error")
    listed: list[list[Cell]] = [
        [row["a"], row["b"], row["verdict"], row["measure"], _plain(row["difference"]), _plain(row["low"]),
         _plain(row["high"]), _plain(row["model_error"])]
        for row in rows
    ]  # fmt: skip
    caption = "The difference of the first less the second, and the interval that decided."
    square = [_square(compared, rows)] if 2 < len(compared.found) <= MOST_PAIRS else []
    return [*square, sortable(headings, listed, caption=caption, most=MOST_ROWS)]


def _plain(value: float) -> Figure:
    return Figure(number(value, 2), value)


def _square(compared: Comparison, rows: Sequence[Mapping[str, Any]]) -> Markup:
    names = [compared.scenarios[at].name for at in compared.found]
    known = {(row["a"], row["b"]): row for row in rows}
    largest = max(abs(float(value)) for value in (row["difference"] for row in rows)) or 1.0
    listed = [(a, [_verdict_cell(known, a, b, largest) for b in names]) for a in names]
    marked = names.index(compared.scenarios[compared.base].name) if compared.base in compared.found else None
    caption = (
        "Row beside column. Coloured where they are different (green: more), grey where nothing can be said."
    )
    return grid("", names, listed, caption=caption, marked=marked)


def _verdict_cell(
    known: Mapping[tuple[str, str], Mapping[str, Any]], a: str, b: str, largest: float
) -> Shaded:
    if a == b:
        return Shaded("·")
    row, sign = (known[a, b], 1.0) if (a, b) in known else (known.get((b, a)), -1.0)
    if row is None:
        return Shaded("")
    difference = sign * float(row["difference"])
    if row["verdict"] != "different":
        return Shaded(SHORT_VERDICT[row["verdict"]], UNSURE)
    better = -difference if row["measure"] == "cost" else difference
    return Shaded(signed(difference, 1), signed_tint(better, largest), strong=True)
