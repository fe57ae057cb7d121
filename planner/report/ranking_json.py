"""The ranking of the vehicles as JSON: *_pct and compositions are percents, null where there is no figure."""

from typing import Any

from planner.planning.ranking import MEASURES, default_sort, measure_of, ranked_rows
from planner.planning.results import Ranking
from planner.planning.tables import finite


def ranking_json(ranking: Ranking, sort: str = "", top: int | None = None) -> dict[str, Any]:
    """The vehicles, best first, each with every measure. Raises InvalidInput where `sort` is no measure."""
    measure = measure_of(sort or default_sort(ranking))
    return {
        "schema": 1,
        "audience": ranking.audience,
        "definition": ranking.definition,
        "population_000": finite(ranking.population_000),
        "currency": ranking.currency,
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
