"""planner explain: why this plan, and the prices at which it would be another."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.plans import evaluated, made
from planner.cli.shared.files import CsvDecimal, CsvDelimiter, CsvPath, Decimal, csv_of, tables_written
from planner.cli.shared.options import Force, Gap, Json, Quiet, SolverChoice, options_of
from planner.cli.shared.terminal import EXIT_TIME_LIMIT, check_output, progress_line, say, tell

TIME_LIMIT = 300.0  # seconds
SearchLimit = Annotated[
    float | None,
    typer.Option(
        help="Seconds until which prices are made sharper; without it few searches do, in 300 s at most.",
        min=0.1,
    ),
]


def explain(
    path: Annotated[Path, typer.Argument(help="A plan workbook (.xlsx), or a campaign to plan first.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A plan workbook with the Prices sheet to write.")
    ] = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    gap: Gap = 0.1,
    time_limit: SearchLimit = None,
    as_json: Json = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Why this plan: the price at which each vehicle comes in or goes out, what each rule costs, a sentence each.

    Example: planner explain plan.xlsx -o plan-explained.xlsx
    """
    from planner.explaining.explain import explain as explain_plan
    from planner.report.plan.json_result import explanation_tables
    from planner.report.why.explain import explanation_json, explanation_text
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.plan.plan import has_plan

    started = time.perf_counter()
    target = None if output is None else check_output(output, path, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    limit = TIME_LIMIT if time_limit is None else time_limit
    progress = progress_line(quiet, limit)
    options = options_of(gap, limit, SolverChoice.highs, progress, False)
    options = replace(options, thorough=time_limit is not None)
    planned = has_plan(path)
    result = evaluated(path, options) if planned else made(read_campaign(path), options)
    explanation = explain_plan(result, options, time.perf_counter() - started)
    if target is not None:
        from planner.workbook.write import write_plan  # loaded where it writes

        progress("writing the workbook")
        write_plan(result, target, explanation)
    progress("")
    said = f"The explained plan is in {output}." if output is not None else ""
    said = tables_written(tables, result.campaign, lambda: explanation_tables(explanation), said)
    forms = explanation_json, explanation_text
    tell(as_json, forms, explanation, campaign=result.campaign, said=said.strip(), quiet=quiet)
    if not explanation.complete:
        say(f"The time limit of {limit:g} seconds ended the work; what was not reached is marked.")
        raise typer.Exit(EXIT_TIME_LIMIT)
