"""A survey's file: which format it is, whether it is a file at all, and its columns. One module reads one format.

Raises WorkbookError with one sentence for whatever cannot be read; no library's words, and no guess.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from planner.errors import refuse
from planner.names import listing, printable
from planner.survey.label_rows import without_label_rows
from planner.survey.table import Survey

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
