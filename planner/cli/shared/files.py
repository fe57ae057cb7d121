"""The options --html and --csv: where a report and tables go, how, and that nothing stands there already."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared.terminal import check_output, refuse, refuse_odd_folder

if TYPE_CHECKING:
    from planner.campaign.inputs import Campaign
    from planner.report.csv import Notation
    from planner.table import Table
    from planner.workbook.page.files import Target

HtmlPath = Annotated[
    Path | None,
    typer.Option(
        "--html", help="Write a report for a client meeting too: one HTML file, opened by any browser."
    ),
]


def html_of(path: Path | None, source: Path, force: bool) -> "Target | None":
    """Where a report is asked for; a usage error where it cannot be written there."""
    return None if path is None else check_output(path, source, force, ".html")


@contextmanager
def after(said: str) -> Iterator[None]:
    """What cannot be written in here is told behind what is written already. said: sentences about that, or none."""
    from planner.errors import OutputError

    try:
        yield
    except (OutputError, OSError) as error:
        if not said or (isinstance(error, OSError) and not error.filename):
            raise
        where = (
            f"{error.filename} cannot be written: {error.strerror}." if isinstance(error, OSError) else error
        )
        raise OutputError(f"{said.strip()} {where}") from error


def written(target: "Target | None", page: Callable[[], str], said: str = "") -> str:
    """Write the page where one is asked for; said, and behind it a sentence that says where."""
    if target is None:
        return said
    from planner.workbook.page.files import write_text

    with after(said):
        write_text(target, page())
    return f"{said} The report is in {target}."


class Delimiter(StrEnum):
    """What stands between figures."""

    comma = "comma"
    semicolon = "semicolon"
    tab = "tab"
    bar = "bar"


class Decimal(StrEnum):
    """What stands before decimals."""

    point = "point"
    comma = "comma"


CsvPath = Annotated[
    Path | None,
    typer.Option(
        "--csv", help="Write tables as CSV too: FILE.csv for the main one, a folder for all of them."
    ),
]
CsvDelimiter = Annotated[
    Delimiter | None,
    typer.Option(
        "--csv-delimiter", help="Between figures; default: comma, semicolon beside a decimal comma."
    ),
]
CsvDecimal = Annotated[Decimal, typer.Option("--csv-decimal", help="Before decimals.")]


@dataclass(frozen=True)
class Csv:
    """Where tables are to stand, found fit before the work. target: a file; None = `path` is a folder, for all."""

    path: Path
    source: Path
    force: bool
    notation: "Notation"
    target: "Target | None"

    def write(self, tables: "Sequence[Table]") -> str:
        """Write tables, the main one first: to a file that one, to a folder all; a sentence that says where."""
        from planner.report.csv import csv_text
        from planner.workbook.page.files import write_text

        if self.target is not None:
            write_text(self.target, csv_text(tables[0], self.notation))
            return f" The table {tables[0].key} is in {self.path}."
        self.path.mkdir(exist_ok=True)
        targets = [self._target(table.key) for table in tables]
        for target, table in zip(targets, tables, strict=True):
            write_text(target, csv_text(table, self.notation))
        return f" The tables {', '.join(table.key for table in tables)} are in {self.path}."

    def _target(self, name: str) -> "Target":
        return check_output(self.path / f"{name}.csv", self.source, self.force, ".csv")


def csv_of(
    path: Path | None, delimiter: Delimiter | None, decimal: Decimal, source: Path, force: bool
) -> Csv | None:
    """Where tables are asked for; a usage error where they cannot be written there, or not told apart."""
    if path is None:
        return None
    target = check_output(path, source, force, ".csv") if path.suffix.lower() == ".csv" else None
    if target is None:
        _check_folder(path, force)
    return Csv(path, source, force, _notation(delimiter, decimal), target)


def tables_written(
    csv: Csv | None, campaign: "Campaign", tables: "Callable[[], Sequence[Table]]", said: str = ""
) -> str:
    """Write a campaign's tables where they are asked for; said, and behind it a sentence that says where."""
    if csv is None:
        return said
    from planner.report.assumed import tables_with_assumed

    with after(said):
        return said + csv.write(tables_with_assumed(campaign, tables()))


def _check_folder(path: Path, force: bool) -> None:
    if path.exists() and not path.is_dir():
        refuse(f"{path} is a file that does not end in .csv; name a .csv file, or a folder for all tables.")
    refuse_odd_folder(path if path.is_dir() else path.parent)
    if path.is_dir() and not force and any(path.glob("*.csv")):
        refuse(f"{path} holds tables already; choose another folder, or overwrite them with --force.")


def _notation(delimiter: Delimiter | None, decimal: Decimal) -> "Notation":
    from planner.report.csv import DECIMALS, DELIMITERS, Notation

    usual = Delimiter.semicolon if decimal is Decimal.comma else Delimiter.comma
    between = DELIMITERS[(delimiter or usual).value]
    if between == DECIMALS[decimal.value]:
        refuse("--csv-delimiter and --csv-decimal are both a comma; figures could not be told apart.")
    return Notation(between, DECIMALS[decimal.value])
