"""A survey's columns and tables: for the terminal (100 columns), and JSON."""

from collections.abc import Sequence
from typing import Any

from models.reach.gamma import BETWEEN
from planner.campaign.inputs import Campaign
from planner.formats import bought_words, count_of, number, shorten, signed
from planner.names import listing
from planner.planning.against_survey import Beside, ModelAgainstSurvey
from planner.planning.halves import Estimate, Half, Halves
from planner.planning.results import AudienceFigures
from planner.report.json_values import fields_of
from planner.report.layout import hanging, table
from planner.survey.crosstab import SMALL_BASE, SMALL_BASE_RULE, Crosstab, Figure
from planner.survey.describe import ColumnFigures, Description, Oddity, WeightFigures

_COLUMNS_SHOWN = 5  # of columns that are odd alike
_MANY = 1e5  # from there on a figure stands with its thousands separated
_HEADINGS = ("Column", "Label", "Kind", "No answer", "Lowest", "Highest")


def description_text(found: Description) -> str:
    """The columns, the weights, what looks odd."""
    survey = found.survey
    lines = [
        hanging("", f"{survey.file} ({survey.format}): {count_of(survey.rows, 'respondent')}, "
                    f"{count_of(len(found.columns), 'column')}."),
        *(hanging("", notice) for notice in survey.notices),
        *([] if found.weight is None else [hanging("", _weight(found.weight))]),
        "",
        *table(_HEADINGS, [_row(column) for column in found.columns], texts=3),
    ]  # fmt: skip
    odd = [hanging("  ", text) for text in _oddities(found.columns)]
    if odd:
        lines += ["", "Worth a look:", *odd]
    return "\n".join(lines)


def _oddities(columns: Sequence[ColumnFigures]) -> list[str]:
    """A sentence each; what is odd of many columns alike is said once, with whom it is about in the fewest and most."""
    alike: dict[tuple[str, str], list[tuple[str, Oddity]]] = {}
    for column in columns:
        for odd in column.odd:
            alike.setdefault((odd.value, odd.what), []).append((column.name, odd))
    return [_oddity(value, what, found) for (value, what), found in alike.items()]


def _oddity(value: str, what: str, found: Sequence[tuple[str, Oddity]]) -> str:
    people = sorted(odd.respondents for _, odd in found)
    between = number(people[0]) + (f" to {number(people[-1])}" if people[-1] > people[0] else "")
    one = "respondent" if people[-1] == 1 else "respondents"
    who = f"{value} ({between} {one}) " if value else ""
    many = f" ({count_of(len(found), 'column')})" if len(found) > _COLUMNS_SHOWN else ""
    return f"{listing([name for name, _ in found], _COLUMNS_SHOWN)}{many}: {who}{what}."


def _figure(value: float) -> str:
    """An answer or a weight: a weight may be of many people.

    >>> _figure(0.5), _figure(1234567.0)
    ('0.5', '1,234,567')
    """
    return number(value) if abs(value) >= _MANY else f"{value:g}"


def _row(column: ColumnFigures) -> tuple[str, ...]:
    ends = ("" if value is None else _figure(value) for value in (column.low, column.high))
    return (
        column.name,
        # Of a full-question label what tells it from its neighbours; the workbook has it whole.
        column.label.rsplit("::", 1)[-1].strip() or column.values,
        column.kind,
        number(column.missing),
        *ends,
    )


def _weight(weight: WeightFigures) -> str:
    verb = "is" if weight.left_out == 1 else "are"
    out = (
        f"; {count_of(weight.left_out, 'respondent')} without a weight above 0 {verb} left out"
        if weight.left_out
        else ""
    )
    wrong = f"; {count_of(weight.negative, 'weight')} below 0, which none can be" if weight.negative else ""
    return (
        f"Weight {weight.name}: {count_of(weight.used, 'respondent')}, sum {number(weight.total, 3)}, "
        f"{_figure(weight.low)} to {_figure(weight.high)}, effective base {number(weight.effective)} (Kish)"
        f"{out}{wrong}."
    )


# --- vehicles by traits -------------------------------------------------------------------------------

_TRAITS_A_TABLE = 3
_MARK = "*"
_ONE_TRAIT = (
    "Vehicle", "Base", "Effective\nbase", "People\n(000)", "Cover-\nage %", "Compo-\nsition %", "95 % interval",
    "Index",
)  # fmt: skip


def crosstab_text(found: Crosstab) -> str:
    """Of one trait every measure; of several composition and index side by side, a few traits a table."""
    traits = found.traits
    blocks = [traits[at : at + _TRAITS_A_TABLE] for at in range(0, len(traits), _TRAITS_A_TABLE)]
    tables = [_one_trait(found)] if len(traits) == 1 else [_several(found, block) for block in blocks]
    base = (
        f"{count_of(found.respondents, 'respondent')}, effective base {number(found.effective_base)} (Kish)"
    )
    lines = [hanging("", f"{found.file}: {base}.")]
    lines += [
        hanging("", notice) for notice in (*([found.assumption] if found.assumption else []), *found.notices)
    ]
    for one in tables:
        lines += ["", *one]
    if any(figure.small_base for figure in found.figures):
        lines += ["", hanging(f"{_MARK} ", f"{SMALL_BASE_RULE}.")]
    return "\n".join(lines)


def _marked(figure: Figure) -> str:
    return f"{_MARK if figure.small_base else ''}{figure.vehicle}"


def _one_trait(found: Crosstab) -> list[str]:
    rows = [
        (
            _marked(f), number(f.base), number(f.effective_base), number(f.people_000), number(f.coverage_pct, 1),
            number(f.composition_pct, 1), _interval(f), number(f.index),
        )
        for f in found.figures
    ]  # fmt: skip
    return [f"{found.traits[0]}:", *table(_ONE_TRAIT, rows, texts=1)]


def _interval(figure: Figure) -> str:
    """Nothing where nobody is there to count."""
    low, high = number(figure.low_pct, 1), number(figure.high_pct, 1)
    return low if figure.low_pct is None else f"{low} - {high}"


def _several(found: Crosstab, traits: Sequence[str]) -> list[str]:
    names = [_heading(trait) for trait in traits]
    headings = ["Vehicle", "Base", *(f"{name}\n{what}" for name in names for what in ("%", "index"))]
    rows = []
    for vehicle in found.vehicles:
        figures = [figure for figure in found.of(vehicle) if figure.trait in traits]
        cells = [text for f in figures for text in (number(f.composition_pct, 1), number(f.index))]
        rows.append((_marked(figures[0]), number(figures[0].base), *cells))
    return ["Composition in percent, and index:", *table(headings, rows, texts=1)]


def _heading(trait: str) -> str:
    """A trait's name over two narrow columns: its words on lines of their own."""
    return "\n".join(shorten(word, 9) for word in trait.replace("_", " ").split()[:3])


# --- a campaign filled from its survey ----------------------------------------------------------------


def filled_text(campaign: Campaign, said: Sequence[str]) -> str:
    """What was filled in, and what must be known of it."""
    types = "" if campaign.types is None else f", {len(campaign.types.names)} audience types"
    pairs = f", {count_of(len(campaign.pairs), 'pair')}" if campaign.pairs else ""
    media = ", ".join(_duplication(campaign, medium.name, medium.duplication) for medium in campaign.media)
    between = _duplication(campaign, BETWEEN, campaign.between_media)
    counts = f"{count_of(len(campaign.vehicles), 'vehicle')}, {count_of(len(campaign.traits), 'trait')}{types}{pairs}"
    lines = [
        hanging("", f"Filled in: {counts}; universe {number(campaign.brief.universe_000)} thousand people."),
        hanging("", f"Duplication: {media}; {between}."),
    ]
    return "\n".join([*lines, *(hanging("- ", text) for text in said)])


def _duplication(campaign: Campaign, name: str, times_chance: float) -> str:
    """Of a medium, or between media; said where it is not the survey's, which has no two vehicles to count."""
    assumed = any((d.sheet, d.attribute, d.row) == ("Media", "duplication", name) for d in campaign.defaults)
    return f"{name} {times_chance:.3g}" + (" (assumed)" if assumed else "")


# --- as JSON -----------------------------------------------------------------------------------------


def description_json(found: Description) -> dict[str, Any]:
    """The columns with what looks odd, and the weights."""
    survey = found.survey
    labels = {
        column.name: {str(value): words for value, words in column.value_labels.items()}
        for column in survey.columns
    }
    return {
        "schema": 1,
        **fields_of(survey, "file format"),
        "respondents": survey.rows,
        "weight": None if found.weight is None else vars(found.weight),
        "columns": [
            {**vars(column), "odd": [str(each) for each in column.odd], "value_labels": labels[column.name]}
            for column in found.columns
        ],
        "notices": list(survey.notices),
    }


def crosstab_json(found: Crosstab) -> dict[str, Any]:
    """Every figure; *_pct are percents, null where nobody is there to count."""
    return {
        "schema": 1,
        **fields_of(found, "file respondents effective_base universe_000"),
        "small_base": SMALL_BASE,
        "assumptions": [found.assumption] if found.assumption else [],
        "figures": [vars(figure) for figure in found.figures],
        "notices": list(found.notices),
    }


def filled_json(campaign: Campaign, said: Sequence[str]) -> dict[str, Any]:
    """What a campaign was filled with, and what must be known of it."""
    return {
        "schema": 1,
        "population_000": campaign.brief.universe_000,
        "vehicles": {vehicle.name: vehicle.audience_000 for vehicle in campaign.vehicles},
        "not_quoted": [vehicle.name for vehicle in campaign.vehicles if vehicle.unit_cost is None],
        "traits": {trait.name: {"share_pct": 100 * trait.share} for trait in campaign.traits},
        "audience_types": 0 if campaign.types is None else len(campaign.types.names),
        "pairs": len(campaign.pairs),
        "duplication": {medium.name: medium.duplication for medium in campaign.media}
        | {"between media": campaign.between_media},
        "notices": list(said),
    }


# --- a plan by the model beside the respondents, and plans on halves of them ------------------------


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
        "curse_points": fields_of(found.curse, "mean low high"),
        "tailoring_predicted_pct": fields_of(found.predicted, "mean low high"),
        "tailoring_realised_pct": fields_of(found.realised, "mean low high"),
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
