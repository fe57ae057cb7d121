"""A survey's columns and tables as JSON."""

from typing import Any

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
