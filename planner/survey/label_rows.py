"""Rows below the names that hold the questions' texts, as Qualtrics and others write CSV and Excel files."""

from dataclasses import replace

import numpy as np

from planner.survey.table import NotANumber, Numbers, Survey, SurveyColumn, numbers_if_all

_IMPORT_ID = '{"ImportId"'  # what Qualtrics writes below the texts
_NUMBERS = 0.5  # of the columns hold numbers but for their first row, at least: then that is no answer


def without_label_rows(survey: Survey) -> Survey:
    """The survey without those rows, their texts as labels; itself where there are none."""
    firsts = [_first(column, 0) for column in survey.columns]
    texts = [text for text in firsts if text is not None]
    if not texts or len(set(texts)) < len(texts) or any(map(_is_number, texts)):
        return survey
    ids = [_first(column, 1) for column in survey.columns]
    certain = all(text is not None and text.startswith(_IMPORT_ID) for text in ids)
    rows = 2 if certain else 1
    columns = tuple(map(_below, survey.columns, [rows] * len(firsts), firsts))
    now_numbers = sum(not new.is_text and bool(text) for new, text in zip(columns, firsts, strict=True))
    if survey.rows <= rows or not (certain or now_numbers >= max(2, _NUMBERS * len(columns))):
        return survey
    said = f"Row 2 of {survey.file} was taken for the questions' labels, as it holds no answers."
    return replace(survey, columns=columns, rows=survey.rows - rows, notices=(*survey.notices, said))


def _first(column: SurveyColumn, row: int) -> str | None:
    """The text in a row; None where there is none. A number is its text."""
    if len(column.values) <= row or column.missing[row]:
        return None
    return str(column.values[row])


def _is_number(text: str) -> bool:
    try:
        return not np.isnan(Numbers()[text])
    except NotANumber:
        return False


def _below(column: SurveyColumn, rows: int, label: str | None) -> SurveyColumn:
    values = column.values[rows:]
    return replace(
        column, values=numbers_if_all(values, column.decimal) if column.is_text else values, label=label or ""
    )
