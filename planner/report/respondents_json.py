"""A plan by the model beside the respondents, and plans on halves of them, as JSON; *_pct are percents."""

from math import isfinite
from typing import Any

from planner.planning.against_survey import ModelAgainstSurvey
from planner.planning.halves import Estimate, Halves
from planner.planning.results import AudienceFigures


def against_json(found: ModelAgainstSurvey) -> dict[str, Any]:
    """Every audience twice."""
    return {
        "schema": 1,
        "respondents": found.respondents,
        "insertions": found.insertions,
        "audiences": [
            {
                "name": each.model.name,
                "asked": each.asked,
                "model": _figures(each.model),
                "survey": _figures(each.survey),
                "difference_points": each.points,
                "sampling_error_points": 100 * each.sampling,
            }
            for each in found.audiences
        ],
        "notices": list(found.notices),
    }


def _figures(figures: AudienceFigures) -> dict[str, Any]:
    return {
        "population_000": figures.population_000,
        "reach_pct": 100 * figures.reach_share,
        "average_frequency": figures.average_frequency,
        "grp": figures.grp,
        "distribution": figures.distribution.tolist(),
    }


def halves_json(found: Halves) -> dict[str, Any]:
    """Means with their intervals (null of a single half), and every half."""
    return {
        "schema": 1,
        "respondents": found.respondents,
        "halved": found.repeats,
        "seed": found.seed,
        "verdict": found.sentence,
        "brings_a_gain": found.brings,
        "curse_points": _estimate(found.curse),
        "tailoring_predicted_pct": _estimate(found.predicted),
        "tailoring_realised_pct": _estimate(found.realised),
        "halves": [
            {
                "tailored_predicted_pct": half.tailored_predicted,
                "tailored_realised_pct": half.tailored_realised,
                "ordinary_predicted_pct": half.ordinary_predicted,
                "ordinary_realised_pct": half.ordinary_realised,
                "same_plan": half.same,
            }
            for half in found.halves
        ],
    }


def _estimate(value: Estimate) -> dict[str, float | None]:
    return {
        "mean": value.mean,
        "low": value.low if isfinite(value.low) else None,
        "high": value.high if isfinite(value.high) else None,
    }
