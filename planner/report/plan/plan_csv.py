"""Which tables a result has as CSV, by the names of their files."""

from typing import Any

from planner.explaining.explained import Explanation, price_rows
from planner.planning.audience_tables import FIGURES
from planner.planning.ranking import ranked_rows
from planner.planning.results import AudienceFigures, PlanResult
from planner.planning.tables import GROUPED_BY, plan_rows, totals
from planner.planning.week_tables import month_rows, vehicle_weeks
from planner.table import Table, plain_table


def plan_tables(result: PlanResult, explanation: Explanation | None = None) -> list[Table]:
    """The tables of a plan, the plan itself first; those that have no rows are left out."""
    tables = {
        "plan": _vehicles(result),
        "audiences": [_audience(found) for found in result.audiences],
        **{by: [vars(total) for total in totals(result, by)] for by in GROUPED_BY},
        "months": [vars(month) for month in month_rows(result)],
        "weeks": vehicle_weeks(result),
        "ranking": [] if result.ranking is None else ranked_rows(result.ranking),
        "prices": [] if explanation is None else price_rows(explanation),
    }
    return [plain_table(name, rows) for name, rows in tables.items() if rows]


def explanation_tables(explanation: Explanation) -> list[Table]:
    """The tables of an explanation: the prices first, then those of its plan."""
    return [plain_table("prices", price_rows(explanation)), *plan_tables(explanation.result)]


def _vehicles(result: PlanResult) -> list[dict[str, Any]]:
    left_out = ("extra", "unit_000")
    return [
        {name: value for name, value in vars(row).items() if name not in left_out}
        for row in plan_rows(result)
    ]


def _audience(found: AudienceFigures) -> dict[str, Any]:
    """An audience's figures, n+ reach in columns of its own."""
    often = range(1, len(found.distribution))
    return {
        "audience": found.name,
        **{name: getattr(found, name) for name in FIGURES},
        **{f"reach_{n}_plus_pct": 100 * (found.reached_at_least(n) or 0.0) for n in often},
    }
