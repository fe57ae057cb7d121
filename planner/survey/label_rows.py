"""Rows below the names that hold the questions' texts, as Qualtrics and others write CSV and Excel files."""

from dataclasses import replace

import numpy as np

from planner.survey.table import NotANumber, Numbers, Survey, SurveyColumn, numbers_if_all

_IMPORT_ID = '{"ImportId"'  # what Qualtrics writes below the texts
_NUMBERS = 0.5  # of the columns hold numbers but for their first row, at least: then that is no answer


def without_label_rows(survey: Survey) -> Survey:
    """The survey without those rows, their texts as labels; itself where there are none."""
    labels = [_text(column, 0) for column in survey.columns]
    with_ids = all(_text(column, 1).startswith(_IMPORT_ID) for column in survey.columns)
    rows = 2 if with_ids else 1
    if survey.rows <= rows or not _may_be_labels(labels):
        return survey
    columns = tuple(map(_below, survey.columns, [rows] * len(labels), labels))
    numbers = sum(bool(text) and not column.is_text for text, column in zip(labels, columns, strict=True))
    if not with_ids and numbers < max(2, _NUMBERS * len(columns)):
        return survey
    said = f"Row 2 of {survey.file} was taken for the questions' labels, as it holds no answers."
    return replace(survey, columns=columns, rows=survey.rows - rows, notices=(*survey.notices, said))


def _may_be_labels(texts: list[str]) -> bool:
    """Whether these are texts, each another one, and no numbers."""
    there = [text for text in texts if text]
    return bool(there) and len(set(there)) == len(there) and not any(map(_is_number, there))


def _text(column: SurveyColumn, row: int) -> str:
    """What stands in a row, "" where nothing does. A number is its text."""
    blank = len(column.values) <= row or column.missing[row]
    return "" if blank else str(column.values[row])


def _is_number(text: str) -> bool:
    try:
        return not np.isnan(Numbers()[text])
    except NotANumber:
        return False


def _below(column: SurveyColumn, rows: int, label: str) -> SurveyColumn:
    values = column.values[rows:]
    return replace(
        column, values=numbers_if_all(values, column.decimal) if column.is_text else values, label=label
    )
