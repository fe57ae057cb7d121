"""A sheet Survey begun from what a file holds: its weight, and every column of 0 and 1 as a vehicle to keep or not."""

from collections import Counter
from pathlib import Path

from planner.campaign.survey import SurveyItem, SurveySheet, relative
from planner.names import key
from planner.survey.describe import Description
from planner.survey.table import SurveyColumn


def survey_form(found: Description, survey: Path, folder: Path, encoding: str = "") -> SurveySheet:
    """The sheet. survey: where the file lies; folder: the campaign's, to which its name is relative."""
    kinds = {figures.name: figures.kind for figures in found.columns}
    columns = [column for column in found.survey.columns if kinds[column.name] == "0/1"]
    times = Counter(key(column.short_label) for column in columns)
    return SurveySheet(
        relative(survey, folder),
        tuple(SurveyItem(_name(column, times), column.name) for column in columns),
        encoding=encoding,
        weight="" if found.weight is None else found.weight.name,
    )


def _name(column: SurveyColumn, times: Counter[str]) -> str:
    """The last level of its label, unless other columns have the same."""
    return column.short_label if times[key(column.short_label)] == 1 else column.name
