"""A plan as JSON: *_pct are percents, gap and distribution fractions, null where there is no number.

What varies from run to run sits under `run`; everything else is the same for the same campaign.
"""

from typing import Any

from planner.explaining.explained import Explanation, price_rows
from planner.planning.airtime import airtime_json
from planner.planning.audience_tables import FIGURES
from planner.planning.ranking import ranked_rows
from planner.planning.results import AudienceFigures, CustomersFirst, PlanResult
from planner.planning.tables import GROUPED_BY, plan_rows, totals
from planner.planning.week_tables import month_rows, vehicle_weeks
from planner.report.json_values import SCHEMA, JsonObject, fields_of, finite, percents_of
from planner.report.plan.certificate import edit_json
from planner.report.plan.influence import bought, influence_json
from planner.table import Table, plain_table


def plan_json(result: PlanResult) -> JsonObject:
    """The whole result as plain values, ready for json.dumps(allow_nan=False)."""
    brief = result.campaign.brief
    return {
        "schema": SCHEMA,
        "status": result.status,
        "campaign": brief.campaign,
        **fields_of(result, "objective value value_unit bound gap"),
        "bound_read_back": result.read_back,
        "budget": finite(brief.budget),
        "cost": finite(result.cost),
        "currency": brief.currency,
        "insertions": bought(result.vehicles.insertions, result.campaign.vehicles),
        "audiences": {
            found.name: {
                **fields_of(found, "population_000 reach_pct average_frequency grp impressions_000"),
                "distribution": [finite(share) for share in found.distribution],
            }
            for found in result.audiences
        },
        "airtime": airtime_json(result.airtime),
        "customers_first": _customers_first(result.customers_first),
        "influence": influence_json(result),
        "packages": {package.name: fields_of(package, "bought price") for package in result.packages},
        **weeks_json(result),
        "rules": [fields_of(rule, "cell text holds binding slack unit") for rule in result.rules],
        "notes": [{"topic": topic, "text": text} for topic, text in result.notes],
        "notices": list(result.campaign.notices),
        "edits": list(result.edits),
        "edit": edit_json(result),
        "fingerprint": result.fingerprint,
        "run": {
            "seconds": {step: finite(seconds) for step, seconds in result.run.seconds.items()},
            "versions": dict(result.run.versions()),
            "solver": result.run.solver,
            "timed_out": result.timed_out,
        },
    }


def _customers_first(first: CustomersFirst | None) -> JsonObject | None:
    """Percents of the customers reached: the best any plan does, what this one keeps, the floor asked for."""
    if first is None:
        return None
    shares = percents_of(first, best="best", kept="kept", floor="floor", model_error_pct="error")
    return {**shares, "model_error_points": finite(first.reach_error)}


def weeks_json(result: PlanResult) -> JsonObject:
    """The weeks and the flighting they follow; null where the plan has no calendar. monday: null without a Start."""
    weeks = result.weeks
    if weeks is None:
        return {"calendar": None, "weeks": None}
    listed = [
        {
            "label": label,
            "monday": None if monday is None else monday.isoformat(),
            "insertions": bought(weeks.insertions[:, week], result.campaign.vehicles),
            "cost": finite(float(weeks.cost[week])),
            "grp": finite(float(weeks.grp[week])),
            "reach_pct": finite(100 * float(weeks.reach_share[week])),
            "cumulative_reach_pct": finite(100 * float(weeks.cumulative_share[week])),
            "pattern_pct": finite(100 * float(weeks.pattern[week])),
        }
        for week, (label, monday) in enumerate(zip(weeks.labels, weeks.mondays, strict=True))
    ]
    calendar = {
        "pattern": weeks.pattern_name,
        "off_pattern_pct": finite(100 * weeks.off_pattern),
        "audience": weeks.audience,
    }
    return {"calendar": calendar, "weeks": listed}


# --- as tables for CSV, by the names of their files -------------------------------------------------


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
