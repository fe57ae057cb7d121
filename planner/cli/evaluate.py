"""planner evaluate: the figures of a workbook's insertions as they stand."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.plans import evaluated, files_said, show
from planner.cli.shared.files import (
    CsvDecimal,
    CsvDelimiter,
    CsvPath,
    Decimal,
    HtmlPath,
    csv_of,
    html_of,
)
from planner.cli.shared.options import (
    BreakEven,
    Force,
    Gap,
    Json,
    Quiet,
    Solver,
    SolverChoice,
    TimeLimit,
    options_of,
)
from planner.cli.shared.terminal import check_output, progress_line

if TYPE_CHECKING:
    from planner.planning.results import PlanResult


def evaluate(
    path: Annotated[Path, typer.Argument(help="A plan workbook (.xlsx), its Insertions edited or not.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write the edited plan as a workbook of its own; default: none."),
    ] = None,
    html: HtmlPath = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    break_even: BreakEven = True,
    solver: Solver = SolverChoice.highs,
    gap: Gap = 0.1,
    time_limit: TimeLimit = 300.0,
    as_json: Json = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Work out the figures of the insertions in a workbook's Flowchart or Plan; that workbook is not changed.

    Example: planner evaluate plan.xlsx -o final.xlsx
    """
    target = None if output is None else check_output(output, path, force)
    report = html_of(html, path, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    progress = progress_line(quiet, time_limit)
    result = evaluated(path, options_of(gap, time_limit, solver, progress, break_even))
    if target is not None:
        from planner.workbook.write import write_plan  # what writes workbooks is not loaded for a look

        progress("writing the workbook")
        write_plan(result, target)
    told = files_said(result, report, tables, _said(result, path, output))
    progress("")
    show(result, as_json, quiet, told.strip())


def _said(result: "PlanResult", path: Path, output: Path | None) -> str:
    """Where the plan is, and that nothing of it is edited: who edited and did not save is told so."""
    unedited = "" if result.is_edited else f"No insertion is edited in {path.name}."
    where = f"The {'edited ' if result.is_edited else ''}plan is in {output}." if output is not None else ""
    return " ".join(filter(None, (unedited, where)))
