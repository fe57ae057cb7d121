"""What influencers add to a plan, as JSON: *_pct are percents, shares and parameters as they are used (0.05)."""

from collections.abc import Iterable, Sequence
from typing import Any

from planner.campaign.influence import Parameter
from planner.campaign.inputs import VehicleRow
from planner.formats import is_whole
from planner.planning.influence import BreakEven, PlanMeasures
from planner.planning.results import PlanResult
from planner.planning.tables import BOUGHT, finite

JsonObject = dict[str, Any]


def influence_json(result: PlanResult) -> JsonObject | None:
    """The part `influence` of a plan's JSON; None where it was not calculated."""
    influence = result.influence
    if influence is None:
        return None
    vehicles = result.campaign.vehicles
    return {
        "preset": influence.preset,
        "worth": _numbers(influence.worth),
        "audiences": _audiences(influence.tailored),
        "channels": _numbers(influence.channels),
        "passed_on": _numbers(influence.passed_on),
        "tailored": _measures(influence.tailored, vehicles),
        "ordinary": _measures(influence.ordinary, vehicles),
        "impressions_plan": _measures(influence.impressions, vehicles),
        "gain": {gain.measure: finite(gain.points) for gain in influence.gains},
        "gain_model_error": {gain.measure: finite(gain.error) for gain in influence.gains},
        "comes_in": list(influence.comes_in),
        "goes_out": list(influence.goes_out),
        "verdict": influence.verdict,
        "verdict_code": influence.verdict_code,
        "gain_pct": finite(100 * influence.gain),
        "model_error_pct": finite(100 * influence.model_error),
        "measurable": influence.measurable,
        "break_even": _break_even(influence.break_even),
        "parameters": {parameter.heading: _parameter(parameter) for parameter in influence.parameters},
        "warnings": list(influence.warnings),
    }


def bought(insertions: Iterable[float], vehicles: Sequence[VehicleRow]) -> dict[str, int | float]:
    """Bought vehicles only, in the campaign's order; whole numbers as integers."""
    return {
        vehicle.name: round(count) if is_whole(count) else float(count)
        for vehicle, count in zip(vehicles, insertions, strict=True)
        if count > BOUGHT
    }


def _numbers(figures: Any) -> dict[str, float | None]:
    return {name: finite(float(value)) for name, value in figures.items()}


def _audiences(plan: PlanMeasures) -> JsonObject:
    return {
        figures.name: {
            "paid_pct": finite(100 * figures.paid),
            "earned_pct": finite(100 * figures.earned),
            "combined_pct": finite(100 * figures.combined),
        }
        for figures in plan.audiences
    }


def _measures(plan: PlanMeasures, vehicles: Sequence[VehicleRow]) -> JsonObject:
    return {
        "insertions": bought(plan.insertions, vehicles),
        "cost": finite(plan.cost),
        "audiences": _audiences(plan),
        "influence_weighted_000": finite(plan.influence_weighted_000),
        "earned_contacts_000": finite(plan.earned_contacts_000),
        "cost_per_thousand_influencers": finite(plan.cost_per_thousand_influencers),
    }


def _break_even(found: BreakEven | None) -> JsonObject | None:
    if found is None:
        return None
    return {
        "multiplier": finite(found.multiplier),
        "searched_to": finite(found.searched_to),
        "assumptions": {
            turn.parameter: {"used": finite(turn.used), "turns_at": finite(turn.turns_at)}
            for turn in found.assumptions
        },
    }


def _parameter(parameter: Parameter) -> JsonObject:
    return {
        "low": finite(parameter.low),
        "used": finite(parameter.used),
        "high": finite(parameter.high),
        "source": parameter.source,
        "given": parameter.given,
    }
