"""Two plans side by side as JSON: every figure as {a, b, difference}, null where it would mean nothing."""

from planner.comparing.calendars import CalendarPair
from planner.comparing.pair import Pair
from planner.comparing.side_by_side import SideBySide
from planner.planning.results import PlanResult
from planner.report.comparing.compare_text import sentences
from planner.report.json_values import JsonObject, fields_of, finite, percents_of
from planner.report.plan.influence import bought

SCHEMA = 1


def compare_json(compared: SideBySide) -> JsonObject:
    """The whole comparison as plain values, ready for json.dumps(allow_nan=False)."""
    a, b = (_plan(name, plan) for name, plan in zip(compared.names, compared.plans, strict=True))
    return {
        "schema": SCHEMA,
        "status": "compared",
        "a": a,
        "b": b,
        "campaign_differences": [fields_of(found, "sheet row what a b") for found in compared.differences],
        "not_comparable": {
            "money": list(compared.money_apart),
            "people": list(compared.people_apart),
            "value": list(compared.value_apart),
        },
        "sentences": list(sentences(compared)),
        "cost": _pair(compared.cost),
        "value": _pair(compared.value),
        **percents_of(compared, value_model_error_pct="value_error"),
        "vehicles": {
            pair.name: {
                "medium": pair.medium,
                "only_in": pair.only_in or None,
                "insertions": _pair(pair.insertions),
                "cost": _pair(pair.cost),
            }
            for pair in compared.vehicles
        },
        "media": {
            pair.name: {"cost": _pair(pair.cost), "share_pct": _pair(pair.share, 100)}
            for pair in compared.media
        },
        "effective_frequency": compared.times,
        "audiences": {
            pair.name: {
                "same_people": pair.same_people,
                "population_000": _pair(pair.population_000),
                "reach_pct": _pair(pair.reach, 100),
                **percents_of(pair, reach_model_error_points="error"),
                "effective_reach_pct": _pair(pair.effective, 100),
                "average_frequency": _pair(pair.frequency),
                "grp": _pair(pair.grp),
            }
            for pair in compared.audiences
        },
        "calendar": _calendar(compared.calendar),
    }


def _calendar(calendar: CalendarPair | None) -> JsonObject | None:
    """What stands when; null where not both plans have a calendar."""
    if calendar is None:
        return None
    return {
        "by": calendar.by,
        "periods": [
            {
                "name": period.name,
                "cost": _pair(period.cost),
                "insertions": _pair(period.insertions),
                "grp": _pair(period.grp),
                "cumulative_reach_pct": _pair(period.reach, 100),
                **percents_of(period, cumulative_reach_error_pct="reach_error"),
            }
            for period in calendar.periods
        ],
        "moved": {vehicle.name: finite(vehicle.insertions) for vehicle in calendar.moved},
    }


def _pair(pair: Pair, times: float = 1.0) -> JsonObject:
    figures = {"a": pair.a, "b": pair.b, "difference": pair.difference}
    return {name: None if value is None else finite(times * value) for name, value in figures.items()}


def _plan(name: str, plan: PlanResult) -> JsonObject:
    brief = plan.campaign.brief
    return {
        "workbook": name,
        "campaign": brief.campaign,
        **fields_of(plan, "objective value value_unit"),
        "budget": finite(brief.budget),
        "cost": finite(plan.cost),
        "currency": brief.currency,
        "insertions": bought(plan.vehicles.insertions, plan.campaign.vehicles),
        "broken": [fields_of(rule, "cell text") for rule in plan.rules if not rule.holds],
        "edits": list(plan.edits),
        "notices": list(plan.campaign.notices),
        "fingerprint": plan.fingerprint,
    }
