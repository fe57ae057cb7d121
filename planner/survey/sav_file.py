"""Surveys as SPSS .sav or Stata .dta (pyreadstat), labels of questions and values included; user-missing is no answer.

Dates are texts, 2016-09-22, as CSV has them. SPSS counts seconds since 14 October 1582, Stata days or
milliseconds since 1960 (their formats say which); durations stay numbers.

Files made for Telmar's planning systems hold the full question as the label, with "::" between its levels; the last
level is the name that a planner reads.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.survey.table import Survey, SurveyColumn, Value, date_text, numbers_or_texts
from planner.survey.text_file import known_encoding

_1960 = datetime(1960, 1, 1)
_DATES: tuple[
    tuple[re.Pattern[str], tuple[datetime, timedelta]], ...
] = (  # format -> from when on, of what size
    (
        re.compile(r"(?:[AEJS]?DATE|DATETIME|YMDHMS|QYR|MOYR|WKYR)[\d.]*$"),
        (datetime(1582, 10, 14), timedelta(seconds=1)),
    ),
    (re.compile(r"%-?t?d"), (_1960, timedelta(days=1))),
    (re.compile(r"%-?t[cC]"), (_1960, timedelta(milliseconds=1))),
)


def read(path: Path, encoding: str) -> Survey:
    """Read an SPSS or Stata survey."""
    import pyreadstat

    stata = path.suffix.lower() == ".dta"
    program, opened = ("Stata", pyreadstat.read_dta) if stata else ("SPSS", pyreadstat.read_sav)
    if encoding and not known_encoding(encoding):
        refuse(path, f'"{encoding}" is no encoding that is known here; expected one such as utf-8 or cp1252.')
    try:
        data, about = opened(
            path, output_format="dict", disable_datetime_conversion=True, encoding=encoding or None
        )
    except (
        pyreadstat.ReadstatError,
        pyreadstat.PyreadstatError,
        UnicodeError,
        ValueError,
        OSError,
        MemoryError,
    ):
        refuse(
            path,
            f"{path.name} is no {program} file, is damaged, or its texts are in an encoding that it does not state; "
            f"save it again from {program}, or state the encoding.",
        )
    labels = dict(zip(about.column_names, about.column_labels, strict=True))
    meanings = about.variable_value_labels
    columns = tuple(
        SurveyColumn(
            name,
            _values(_dated(data[name], about.original_variable_types.get(name) or "")),
            labels.get(name) or "",
            _meanings(meanings.get(name)),
        )
        for name in about.column_names
    )
    if not columns or not all(about.column_names):
        refuse(
            path, f"{path.name} has no variables, or variables without a name; save it again from {program}."
        )
    return Survey(path.name, program, columns, len(columns[0].values))


def _meanings(found: dict[Any, str] | None) -> dict[Value, str]:
    return {
        (float(value) if isinstance(value, int | float) else str(value)): str(text)
        for value, text in (found or {}).items()
    }


def _dated(values: Any, written: str) -> Any:
    """Values, dates as texts. written: the program's format of the column."""
    found = next((since for form, since in _DATES if form.match(written)), None)
    if found is None:
        return values
    start, unit = found
    try:
        return [None if value is None else date_text(start + value * unit) for value in values]
    except (OverflowError, TypeError):  # no date that there is
        return values


def _values(values: Any) -> NDArray[Any]:
    array = np.asarray(values)
    if array.dtype.kind not in "USO":
        return np.asarray(array, dtype=np.float64)
    return numbers_or_texts(array.tolist())
