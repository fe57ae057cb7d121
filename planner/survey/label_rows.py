"""Rows below the names that hold the questions' texts, as Qualtrics and others write CSV and Excel files."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.survey.table import NotANumber, Numbers, Survey, SurveyColumn, is_no_answer, numbers_if_all, said

_IMPORT_ID = '{"ImportId"'  # what Qualtrics writes below the texts
_MOST = 0.5  # of the columns hold something else than their first row, at least: then that is no answer
_AGAIN = 5  # times each answer is given on the average, where a question has answers to choose from


def without_label_rows(survey: Survey) -> Survey:
    """The survey without those rows, their texts as labels; itself where there are none."""
    labels = [_text(column, 0) for column in survey.columns]
    with_ids = all(_text(column, 1).startswith(_IMPORT_ID) for column in survey.columns)
    rows = 2 if with_ids else 1
    if survey.rows <= rows or any(map(_is_number, labels)):
        return survey
    columns = tuple(map(_below, survey.columns, [rows] * len(labels), labels))
    if not (with_ids or _above_answers(labels, columns)):
        return survey
    told = f"Row 2 of {survey.file} was taken for the questions' labels, as it holds no answers."
    return replace(survey, columns=columns, rows=survey.rows - rows, notices=(*survey.notices, told))


def _above_answers(labels: Sequence[str], columns: Sequence[SurveyColumn]) -> bool:
    """Whether texts, not all of them answers, stand above most columns: above numbers, or above answers that are given
    again and again, and never are such a text."""
    told = [
        (text, column.is_text, _choices(column)) for text, column in zip(labels, columns, strict=True) if text
    ]
    above = [text for text, is_text, choices in told if choices or not is_text]
    if any(text in choices for text, _, choices in told):
        return False
    return len(above) >= max(2, _MOST * len(columns)) and not all(map(_answers, above))


def _choices(column: SurveyColumn) -> set[str]:
    """The texts that are given again and again; none of a column of numbers or of texts that all differ."""
    answers = column.values[~column.missing].tolist() if column.is_text else []
    return {*answers} if len({*answers}) * _AGAIN <= len(answers) else set()


def _answers(text: str) -> bool:
    """Whether a text says yes, no, or that there is no answer, as a first respondent may."""
    return said(text) is not None or is_no_answer(text)


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
    values, written = column.values[rows:], None if column.written is None else column.written[rows:]
    values = numbers_if_all(values, column.decimal) if column.is_text else values
    return replace(column, values=values, label=label, written=written)
