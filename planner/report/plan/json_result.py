"""A plan as JSON: *_pct are percents, gap and distribution fractions, null where there is no number.

What varies from run to run sits under `run`; everything else is the same for the same campaign.
"""

from planner.planning.airtime import airtime_json
from planner.planning.results import CustomersFirst, PlanResult
from planner.report.json_values import SCHEMA, JsonObject, fields_of, finite, percents_of
from planner.report.plan.edit_text import edit_json
from planner.report.plan.influence import bought, influence_json


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
