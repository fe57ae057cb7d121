"""The ranking of the vehicles: a table for the terminal (100 columns), and JSON."""

from typing import Any

from planner.formats import count_of, number, people_text
from planner.planning.ranking import MEASURES, Measure, default_sort, measure_of, ranked_rows
from planner.planning.results import Ranking
from planner.report.json_values import fields_of, finite
from planner.report.layout import hanging, table

# Headings in few columns; what is left out of the table is its price, which stands in CPM and CPP.
_SHORT = {
    "audience_000": "People\n(000)", "coverage_pct": "Cover-\nage %", "composition_pct": "Compo-\nsition\n%",
    "index": "Index", "cpm": "CPM", "cpp": "CPP", "influencer_index": "Influ-\nencer\nindex",
    "cost_per_thousand_influencers": "Cost\nper 000\ninflu-\nencers",
    "cost_per_thousand_contacts": "Cost\nper 000\npaid +\nearned",
}  # fmt: skip


def ranking_table(ranking: Ranking, sort: str = "", top: int | None = None) -> str:
    """The vehicles, best first, with a line that says how they are measured and sorted.

    sort: a measure; "" = cost per thousand influencers (CPM where there are none). Raises InvalidInput where
    there is no such measure.
    """
    measure = measure_of(sort or default_sort(ranking))
    vehicles = ranked_rows(ranking, measure.key, top)
    shown = [found for found in MEASURES if found.key in _SHORT]
    headings = ("Vehicle", "Medium", *(_SHORT[found.key] for found in shown))
    rows = [
        (_name(row), row["medium"], *(_figure(found, row[found.key]) for found in shown)) for row in vehicles
    ]
    lines = [
        hanging("", _caption(ranking, measure, len(vehicles))),
        "",
        *table(headings, rows, texts=2, gap=1),
    ]
    if not all(row["composition_given"] for row in vehicles):
        lines += [
            "",
            hanging("* ", "no composition figure for influencers: the universe's share is used instead."),
        ]
    return "\n".join(lines)


def _caption(ranking: Ranking, measure: Measure, shown: int) -> str:
    everyone = len(ranking.vehicles)
    how_many = (
        f"the first {shown} of {everyone} vehicles" if shown < everyone else count_of(everyone, "vehicle")
    )
    who = f"{ranking.audience}, {people_text(ranking.population_000)} thousand people"
    unit = f" Money in {ranking.currency.rstrip('.')}." if ranking.currency else ""
    order = "lowest first" if measure.cost else "highest first"
    return f"Ranking for {who}: {how_many} by {measure.heading}, {order}.{unit} One insertion each."


def _name(row: dict[str, Any]) -> str:
    return f"{'' if row['composition_given'] else '* '}{row['vehicle']}"


def _figure(measure: Measure, value: float | None) -> str:
    """A figure in as few columns as it can be read in: decimals only while they tell something, millions in short."""
    value = finite(value)
    if value is not None and abs(value) >= 1e6:
        return f"{number(value / 1e6, 1)}m"
    large = value is not None and measure.money and abs(value) >= 1_000
    return number(value, 0 if large else measure.decimals)


# --- as JSON: *_pct and compositions are percents, null where there is no figure ---------------------


def ranking_json(ranking: Ranking, sort: str = "", top: int | None = None) -> dict[str, Any]:
    """The vehicles, best first, each with every measure. Raises InvalidInput where `sort` is no measure."""
    measure = measure_of(sort or default_sort(ranking))
    return {
        "schema": 1,
        **fields_of(ranking, "audience definition population_000 currency"),
        "sort": measure.key,
        "order": "ascending" if measure.cost else "descending",
        "vehicles": [_vehicle(ranking, row) for row in ranked_rows(ranking, measure.key, top)],
    }


def _vehicle(ranking: Ranking, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "vehicle": row["vehicle"],
        "medium": row["medium"],
        **{found.key: finite(row[found.key]) for found in MEASURES},
        "composition_given": row["composition_given"],
        "composition": {
            found.trait: {how: row[f"{found.trait} {how}"] for how in ("given", "used")}
            for found in ranking.compositions
        },
    }
