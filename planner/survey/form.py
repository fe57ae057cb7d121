"""A sheet Survey begun from what a file holds: its weight, and every column that may be a vehicle, to keep or not."""

from collections import Counter
from pathlib import Path

import numpy as np

from planner.campaign.survey import Reading, SurveyItem, SurveySheet, relative
from planner.names import key
from planner.survey.describe import ColumnFigures, Description
from planner.survey.table import SurveyColumn


def survey_form(found: Description, survey: Path, folder: Path, encoding: str = "") -> SurveySheet:
    """The sheet. survey: where the file lies; folder: the campaign's, to which its name is relative."""
    weight = "" if found.weight is None else found.weight.name
    readings = [
        (column, reading)
        for column, figures in zip(found.survey.columns, found.columns, strict=True)
        if column.name != weight and (reading := _reading(column, figures)) is not None
    ]
    times = Counter(key(column.short_label) for column, _ in readings)
    return SurveySheet(
        relative(survey, folder),
        tuple(SurveyItem(_name(column, times), column.name, reading) for column, reading in readings),
        encoding=encoding,
        weight=weight,
    )


def _reading(column: SurveyColumn, figures: ColumnFigures) -> Reading | None:
    """0 and 1, beside what looks like no answer, or shares; None of what reads as neither."""
    if figures.kind in ("text", "blank"):
        return None
    odd = [float(each.value) for each in figures.odd if each.value]
    answers = np.unique(column.values[~column.missing])
    answers = answers[~np.isin(answers, odd)]
    if set(answers.tolist()) <= {0.0, 1.0}:
        return Reading()
    shares = figures.kind == "number" and answers[0] >= 0 and answers[-1] <= 1
    return Reading("probability") if shares else None


def _name(column: SurveyColumn, times: Counter[str]) -> str:
    """The last level of its label, unless other columns have the same."""
    return column.short_label if times[key(column.short_label)] == 1 else column.name
