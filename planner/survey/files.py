"""A survey's file: which format it is, whether it is a file at all, and its columns. One module reads one format.

Raises WorkbookError with one sentence for whatever cannot be read; no library's words, and no guess.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from planner.errors import refuse
from planner.names import listing, printable
from planner.survey.table import Survey, SurveyColumn, is_no_answer, is_number, numbers_if_all, said

FORMATS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".tab": "csv", ".parquet": "parquet", ".pq": "parquet",
    ".xlsx": "xlsx", ".sav": "sav", ".zsav": "sav", ".dta": "sav", ".sss": "triple_s", ".xml": "triple_s",
}  # fmt: skip
EXPECTED = "CSV (.csv), Parquet (.parquet), Excel (.xlsx), SPSS (.sav), Stata (.dta) or Triple-S (.sss, .xml)"


def read_survey(path: Path, encoding: str = "") -> Survey:
    """Read a survey. encoding: of its texts, "" = as the file says, else UTF-8."""
    _check_file(path)
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        what = f'ends in "{path.suffix}"' if path.suffix else "has no ending"
        refuse(path, f"{path.name} {what}; expected a survey as {EXPECTED}.")
    survey = _reader(found)(path, encoding)
    if found in ("csv", "xlsx"):
        survey = without_label_rows(survey)
    if not survey.rows:
        refuse(path, f"{path.name} has headings but no respondents.")
    _refuse_twice(path, [column.name for column in survey.columns])
    return survey


def _reader(found: str) -> Callable[[Path, str], Survey]:
    """The module that reads a format, loaded only where it is needed."""
    from importlib import import_module

    reader: Callable[[Path, str], Survey] = import_module(f"planner.survey.{found}_file").read
    return reader


def _check_file(path: Path) -> None:
    if path.is_dir():
        refuse(path, f"{path} is a folder; expected a survey as {EXPECTED}.")
    if not path.exists():
        refuse(path, f"There is no file {path}. Check the name and the folder.")
    if not path.is_file():
        refuse(path, f"{path} is no file but a pipe or a device; expected a survey as {EXPECTED}.")
    try:
        with path.open("rb") as file:
            start = file.read(1)
    except OSError as error:
        refuse(path, f"{path} cannot be read ({error.strerror}). Is it open in another program?")
    if not start:
        refuse(path, f"{path.name} is empty; expected a survey as {EXPECTED}.")


def _refuse_twice(path: Path, names: Iterable[str]) -> None:
    seen: set[str] = set()
    twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if twice:
        shown = listing([f'"{printable(name)}"' for name in dict.fromkeys(twice)])
        refuse(
            path, f"{path.name} has the column {shown} more than once; give every column a name of its own."
        )


# --- rows below the names that hold the questions' texts, as Qualtrics and others write CSV and Excel files ---

_IMPORT_ID = '{"ImportId"'  # what Qualtrics writes below the texts
_MOST = 0.5  # of the columns hold something else than their first row, at least: then that is no answer
_AGAIN = 5  # times each answer is given on the average, where a question has answers to choose from


def without_label_rows(survey: Survey) -> Survey:
    """The survey without those rows, their texts as labels; itself where there are none."""
    labels = [_text(column, 0) for column in survey.columns]
    with_ids = all(_text(column, 1).startswith(_IMPORT_ID) for column in survey.columns)
    rows = 2 if with_ids else 1
    if survey.rows <= rows or any(map(is_number, labels)):
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


def _below(column: SurveyColumn, rows: int, label: str) -> SurveyColumn:
    values, written = column.values[rows:], None if column.written is None else column.written[rows:]
    values = numbers_if_all(values, column.decimal) if column.is_text else values
    return replace(column, values=values, label=label, written=written)
