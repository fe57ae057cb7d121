"""A survey's columns and tables as JSON."""

from typing import Any

from planner.survey.crosstab import SMALL_BASE, Crosstab
from planner.survey.describe import Description


def description_json(found: Description) -> dict[str, Any]:
    """The columns with what looks odd, and the weights."""
    survey = found.survey
    labels = {
        column.name: {str(value): words for value, words in column.value_labels.items()}
        for column in survey.columns
    }
    return {
        "schema": 1,
        "file": survey.file,
        "format": survey.format,
        "respondents": survey.rows,
        "weight": None if found.weight is None else vars(found.weight),
        "columns": [
            {**vars(column), "odd": list(column.odd), "value_labels": labels[column.name]}
            for column in found.columns
        ],
        "notices": list(survey.notices),
    }


def crosstab_json(found: Crosstab) -> dict[str, Any]:
    """Every figure; *_pct are percents, null where nobody is there to count."""
    return {
        "schema": 1,
        "file": found.file,
        "respondents": found.respondents,
        "effective_base": found.effective_base,
        "universe_000": found.universe_000,
        "small_base": SMALL_BASE,
        "assumptions": [found.assumption] if found.assumption else [],
        "figures": [vars(figure) for figure in found.figures],
        "notices": list(found.notices),
    }
