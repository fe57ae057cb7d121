"""A plan's stability: in words for the terminal, and JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.campaign.bought import bought_000
from planner.comparing.doubts import SOURCES
from planner.comparing.stability import Stability
from planner.comparing.stability_tables import sentences, stability_tables, vehicle_table, warnings
from planner.formats import percent
from planner.report.json_values import fields_of
from planner.report.layout import table, wrapped
from planner.report.why.explain import count_text

_ROWS = 12
Row = Mapping[str, Any]


def stability_text(found: Stability) -> str:
    """Sentences, the vehicles bought that stay least, and what to look at."""
    rest = wrapped("\n".join([*found.untold, *warnings(found)]))
    return "\n".join([wrapped("\n".join(sentences(found))), *_vehicles(found), rest]).rstrip()


def _vehicles(found: Stability) -> list[str]:
    kept = vehicle_table(found)
    keys = kept.keys
    sources = [source for source in SOURCES if f"{source}_bought" in keys]
    if not sources:
        return []
    rows = _least_kept(kept.records, sources)
    shown = [_vehicle(found, row, sources) for row in rows[:_ROWS]]
    if not shown:
        return []
    headings = ("Vehicle", "Bought", *(source.capitalize() for source in sources))
    more = [f"... and {len(rows) - _ROWS} more, in no fewer draws"] if len(rows) > _ROWS else []
    title = (
        "In how many draws of each doubt the best plan buys what the plan in hand buys, the least often first"
    )
    return ["", wrapped(title), "", *table(headings, shown, texts=1), *more, ""]


def _least_kept(rows: Sequence[Row], sources: Sequence[str]) -> list[Row]:
    """Vehicles in hand, the one first that the fewest draws of a source keep."""
    bought = [row for row in rows if row["insertions"]]
    return sorted(bought, key=lambda row: min(row[f"{source}_bought"] for source in sources))


def _vehicle(found: Stability, row: Row, sources: Sequence[str]) -> tuple[str, ...]:
    kept = (percent(row[f"{source}_bought"], 0) for source in sources)
    vehicle = next(each for each in found.campaign.vehicles if each.name == row["vehicle"])
    return (row["vehicle"], count_text(row["insertions"], bought_000(vehicle)), *kept)


# --- as JSON: vehicles, plans, assumptions, regret, average, draws -----------------------------------

SCHEMA = 1


def stability_json(found: Stability) -> dict[str, Any]:
    """The whole result as plain values, ready for json.dumps(allow_nan=False)."""
    brief, doubt = found.campaign.brief, found.doubt
    return {
        "schema": SCHEMA,
        "kind": "stability",
        **fields_of(brief, "campaign currency objective"),
        "gap_asked": found.terms.gap,
        "seed": doubt.seed,
        "draws_each": doubt.draws,
        "price_range": doubt.prices,
        "sample_assumed": doubt.sample,
        "sentences": sentences(found),
        "warnings": warnings(found),
        "left_out": list(found.untold),
        **{table.key: table.json() for table in stability_tables(found)},
        "notices": list(found.campaign.notices),
        "run": {"seconds_per_question": found.terms.seconds},
    }
