"""A plan's stability in words, for the terminal."""

from planner.comparing.doubts import SOURCES
from planner.comparing.stability import Stability
from planner.comparing.stability_tables import sentences, vehicle_table, warnings

_ROWS = 12


def stability_text(found: Stability) -> str:
    """Sentences, the vehicles bought that stay least, and what to look at."""
    return "\n".join([*sentences(found), *_vehicles(found), *found.untold, *warnings(found)])


def _vehicles(found: Stability) -> list[str]:
    table = vehicle_table(found)
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    sources = [source for source in SOURCES if f"{source}_bought" in keys]
    bought = [row for row in rows if row["insertions"]]
    if not sources or not bought:
        return []
    bought.sort(key=lambda row: min(row[f"{source}_bought"] for source in sources))
    lines = [f"{'vehicle':30} {'bought':>6} " + " ".join(f"{source:>12}" for source in sources)]
    for row in bought[:_ROWS]:
        shares = " ".join(f"{100 * row[f'{source}_bought']:>10.0f} %" for source in sources)
        lines.append(f"{row['vehicle'][:30]:30} {row['insertions']:>6g} {shares}")
    return lines
