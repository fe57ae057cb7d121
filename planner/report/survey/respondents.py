"""A plan by the model beside the respondents, and plans on halves of them: for the terminal (100 columns), and JSON."""

from typing import Any

from planner.formats import bought_words, count_of, number, signed
from planner.planning.against_survey import Beside, ModelAgainstSurvey
from planner.planning.halves import Estimate, Half, Halves
from planner.planning.results import AudienceFigures
from planner.report.json_values import fields_of
from planner.report.layout import hanging, table


def against_text(found: ModelAgainstSurvey) -> str:
    """By audience: reach, frequency and n+ by the segment model and by the respondents."""
    times = max(found.times, 2)
    headings = (
        "Audience", "Asked", "Reach %\nmodel", "Reach %\nsurvey", "Differ-\nence", "Sampling\nerror",
        "Frequency\nmodel", "Frequency\nsurvey", f"{times}+ %\nmodel", f"{times}+ %\nsurvey",
    )  # fmt: skip
    rows = [_beside(each, times) for each in found.audiences]
    bought = f"{bought_words(*found.added_up)} of {count_of(len(found.insertions), 'vehicle')}"
    lines = [
        hanging("", f"{bought}, by the segment model and by {count_of(found.respondents, 'respondent')}."),
        "",
        *table(headings, rows, texts=1),
        "",
        hanging("", "Difference: model less survey, in points. Sampling error: one standard error of the survey."),
        *(hanging("", notice) for notice in found.notices),
    ]  # fmt: skip
    return "\n".join(lines)


def _beside(each: Beside, times: int) -> tuple[str, ...]:
    model, survey = each.model, each.survey
    return (
        model.name, f"{each.asked:,}", f"{100 * model.reach_share:.2f}", f"{100 * survey.reach_share:.2f}",
        signed(each.points, 2), f"{100 * each.sampling:.2f}", f"{model.average_frequency:.2f}",
        f"{survey.average_frequency:.2f}", *(_often(figures, times) for figures in (model, survey)),
    )  # fmt: skip


def _often(figures: AudienceFigures, times: int) -> str:
    share = figures.reached_at_least(times)
    return number(None if share is None else 100 * share, 2)


def halves_text(found: Halves) -> str:
    """What plans promise and bring, on average with its interval, and every half."""
    means = [
        ("tailored plan, promised", "%", found.of(lambda half: half.tailored_predicted)),
        ("tailored plan, brought", "%", found.of(lambda half: half.tailored_realised)),
        ("ordinary plan, promised", "%", found.of(lambda half: half.ordinary_predicted)),
        ("ordinary plan, brought", "%", found.of(lambda half: half.ordinary_realised)),
        ("promised more than brought", "points", found.curse),
        ("tailoring, promised", "% of value", found.predicted),
        ("tailoring, brought", "% of value", found.realised),
    ]
    rows = [(name, unit, *_estimate(value)) for name, unit, value in means]
    each = [_half(number, half) for number, half in enumerate(found.halves, 1)]
    lines = [
        hanging("", found.sentence),
        "",
        *table(("Value, of everybody reached", "Unit", "Mean", "95 % from", "to"), rows, texts=2),
        "",
        *table(("Half", "Tailored\npromised", "Tailored\nbrought", "Ordinary\npromised", "Ordinary\nbrought",
                "Tailoring\npromised %", "Tailoring\nbrought %"), each, texts=1),
    ]  # fmt: skip
    return "\n".join(lines)


def _estimate(value: Estimate) -> tuple[str, ...]:
    return tuple(number(each, 2) for each in (value.mean, value.low, value.high))


def _half(number: int, half: Half) -> tuple[str, ...]:
    values = (
        half.tailored_predicted,
        half.tailored_realised,
        half.ordinary_predicted,
        half.ordinary_realised,
    )
    return (
        f"{number}{' (same plan)' if half.same else ''}", *(f"{value:.2f}" for value in values),
        signed(half.predicted, 2), signed(half.realised, 2),
    )  # fmt: skip


# --- as JSON; *_pct are percents ---------------------------------------------------------------------


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
        **fields_of(figures, "population_000 reach_pct average_frequency grp"),
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
        "curse_points": _estimate_json(found.curse),
        "tailoring_predicted_pct": _estimate_json(found.predicted),
        "tailoring_realised_pct": _estimate_json(found.realised),
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


def _estimate_json(value: Estimate) -> dict[str, float | None]:
    return fields_of(value, "mean low high")
