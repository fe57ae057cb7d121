"""The command line: parse, call, print. Results go to standard output, messages and progress to standard error.

Exit codes: 0 done, 1 our own fault, 2 usage, 3 the workbook has problems, 4 no plan satisfies the campaign,
5 stopped at the time limit with a valid plan written, or before there was one, 130 interrupted.
"""

import gc
import os
import sys
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from planner.cli.compare import compare
from planner.cli.explain import explain
from planner.cli.frontier import frontier
from planner.cli.panel import panel
from planner.cli.plans import evaluated
from planner.cli.rank import rank
from planner.cli.shared.csv_files import Csv, CsvDecimal, CsvDelimiter, CsvPath, Decimal, csv_of
from planner.cli.shared.html_file import HtmlPath, html_of, written
from planner.cli.shared.options import (
    BreakEven,
    Force,
    Gap,
    Json,
    ObjectiveChoice,
    Preset,
    Prices,
    Quiet,
    Solver,
    SolverChoice,
    TimeLimit,
    Workbook,
    amount_of,
    given_of,
    options_of,
    refuse_other_currency,
)
from planner.cli.shared.streams import attach, heed_signals, ignore_signals, untaken
from planner.cli.shared.terminal import (
    EXIT_INTERRUPTED,
    EXIT_TIME_LIMIT,
    EXIT_USAGE,
    check_output,
    in_words,
    print_json,
    progress_line,
    refuse,
    refuse_odd_output,
    say,
    say_time,
)
from planner.cli.stability import stability
from planner.cli.survey.app import app as survey

if TYPE_CHECKING:  # imported where they are used: help must not wait for numpy and PuLP
    from planner.explaining.explained import Explanation
    from planner.planning.results import PlanResult

_OBJECTS = 100_000  # made, before Python looks for cycles

app = typer.Typer(
    name="planner",
    help="Plan media: a campaign workbook in, a certified plan workbook out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # main() puts errors into words
    rich_markup_mode=None,  # rich takes longer to load than the help to read
)
app.add_typer(survey)
app.command()(frontier)
app.command()(stability)


def _say_version(asked: bool) -> None:
    """The version, and the end."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"planner {version('influencer-media-planner')}")
        raise typer.Exit


@app.callback()
def planner(
    version: Annotated[
        bool, typer.Option("--version", help="Say the version.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Plan media: a campaign workbook in, a certified plan workbook out."""


@app.command()
def new(
    path: Annotated[
        Path, typer.Argument(help="The workbook to write, e.g. campaign.xlsx.", show_default=False)
    ],
    example: Annotated[
        bool, typer.Option("--example", help="A filled campaign instead of a blank one.")
    ] = False,
    force: Force = False,
) -> None:
    """Write a blank campaign workbook to fill in.

    Example: planner new campaign.xlsx
    """
    from planner.workbook.template import write_example, write_template

    refuse_odd_output(path)
    (write_example if example else write_template)(path, force)
    typer.echo(f"{path} is ready. Fill it in, then: planner check {path}")


@app.command()
def check(path: Workbook, as_json: Json = False) -> None:
    """Read a campaign, list every problem and every default; nothing is solved, nothing is written.

    Example: planner check campaign.xlsx
    """
    from planner.campaign.prepare import prepare
    from planner.report.check_text import check_text
    from planner.report.json_result import check_json
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.plan.fixed import check_scenario_files

    campaign = read_campaign(path)
    if campaign.survey is not None:
        from planner.survey.respondents import with_survey_notices

        campaign = with_survey_notices(campaign, path.parent)
    prepared = prepare(campaign)
    campaign = prepared.campaign
    check_scenario_files(path, campaign)
    if as_json:
        print_json(check_json(campaign, len(prepared.people.segments.names), prepared.people.model.notes))
    else:
        typer.echo(check_text(campaign, len(prepared.people.segments.names), prepared.people.model.notes))


@app.command()
def plan(
    path: Workbook,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The plan workbook to write; default: CAMPAIGN-plan.xlsx beside it."
        ),
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="Money to spend, instead of the Brief's: 1500000, 1.5m or 150k.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="Category, instead of the Brief's.")] = None,
    objective: Annotated[ObjectiveChoice | None, typer.Option(help="What to maximise.")] = None,
    target: Annotated[str | None, typer.Option(help="Target audience: a name or a definition.")] = None,
    keep: Annotated[
        float | None,
        typer.Option(
            help="Customers first: percent of the best customer reach to keep; 0 = off.", min=0, max=100
        ),
    ] = None,
    whole: Annotated[
        bool | None, typer.Option("--whole/--fractional", help="Whole insertions, or parts of them too.")
    ] = None,
    influence: Preset = None,
    lock_edits: Annotated[
        bool,
        typer.Option("--lock-edits", help="Of a plan workbook: keep the edited insertions, plan the rest."),
    ] = False,
    break_even: BreakEven = True,
    prices: Prices = False,
    html: HtmlPath = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    solver: Solver = SolverChoice.highs,
    gap: Gap = 0.1,
    time_limit: TimeLimit = 300.0,
    as_json: Json = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Find the best plan for a campaign, certify it and write the plan workbook.

    Example: planner plan campaign.xlsx -o plan.xlsx
    """
    from planner.planning.plan import make_plan
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.plan.edits import with_edits
    from planner.workbook.write import write_plan

    begun = monotonic()
    amount = amount_of("--budget", budget)
    changes = {
        "budget": amount.value if amount else None,
        "category": category,
        "objective": objective.value.replace("-", " ") if objective else None,
        "target_audience": target,
        "customers_first": None if keep is None else keep / 100,
        "whole": whole,
        "influence_preset": influence.value if influence else None,
    }
    for option, number in (("--time-limit", time_limit), ("--gap", gap)):
        if number is not None and not isfinite(number):
            refuse(f"{option} is {number}; expected a number.")
    destination = check_output(output or path.with_name(f"{path.stem}-plan.xlsx"), path, force)
    report = html_of(html, path, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    campaign = with_edits(path, read_campaign(path, given_of(changes)), lock_edits)
    refuse_other_currency("--budget", amount, campaign.brief.currency)
    progress = progress_line(quiet, time_limit)
    progress(f"{path.name}: {len(campaign.vehicles)} vehicles")
    options = options_of(gap, time_limit, solver, progress, break_even)
    if prices:
        from planner.explaining.explain import explain as explain_plan
        from planner.explaining.explain import refuse_unexplained

        refuse_unexplained(campaign)
    result = make_plan(campaign, options, campaign.file_hash)
    explanation = None
    if prices:
        explanation = explain_plan(result, options)
    progress("writing the workbook")
    write_plan(result, destination, explanation)
    told = written(report, lambda: _report(result)) + _tables_said(result, tables, explanation)
    progress("")
    _show(result, as_json, quiet, f"The plan is in {destination}.{told}")
    say_time(time_limit, monotonic() - begun, result.timed_out)
    if result.timed_out:
        raise typer.Exit(EXIT_TIME_LIMIT)


@app.command()
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
    from planner.workbook.write import write_plan

    target = None if output is None else check_output(output, path, force)
    report = html_of(html, path, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    progress = progress_line(quiet, time_limit)
    result = evaluated(path, options_of(gap, time_limit, solver, progress, break_even))
    if target is not None:
        progress("writing the workbook")
        write_plan(result, target)
    told = written(report, lambda: _report(result)) + _tables_said(result, tables, None)
    progress("")
    said = f"The edited plan is in {output}." if output is not None else ""
    _show(result, as_json, quiet, f"{said}{told}".strip())


app.command()(compare)
app.command()(explain)
app.command()(rank)
app.command()(panel)


def _tables_said(result: "PlanResult", tables: Csv | None, explanation: "Explanation | None") -> str:
    """Write a plan's tables as CSV, where they are asked for; a sentence that says where they are."""
    if tables is None:
        return ""
    from planner.report.plan_csv import plan_tables

    return tables.write(plan_tables(result, explanation))


def _report(result: "PlanResult") -> str:
    """The plan's HTML report."""
    from planner.report.html.plan import plan_page

    return plan_page(result)


def _show(result: "PlanResult", as_json: bool, quiet: bool, last: str) -> None:
    """The result, as JSON or as a table on standard output."""
    from planner.report.json_result import plan_json
    from planner.report.text import plan_table

    if as_json:
        print_json(plan_json(result))
    elif not quiet:
        typer.echo(plan_table(result))
    if last:
        typer.echo(last, err=as_json or quiet)


def main() -> None:
    """The command `planner`: every error of ours becomes a message and an exit code.

    Typer itself answers usage errors (2) and Ctrl-C (130); what is neither is a bug and shows where it arose.
    """
    # Before numpy is loaded. Its matrices are small here: threads of its own cost more than they bring, and on a
    # busy machine they wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_OBJECTS)  # a plan makes few cycles, and looking for them took a tenth of its time
    attach()
    heed_signals()
    try:
        app()
    except SystemExit as ended:
        if ended.code == EXIT_INTERRUPTED:
            _end_interrupted()
        _leave("", ended.code)
    except KeyboardInterrupt:
        _end_interrupted()
    except Exception as error:
        _leave(*in_words(error))


def _end_interrupted() -> NoReturn:
    from planner.cli.shared.scratch import leave_own_folder

    ignore_signals()
    say("\nInterrupted.")
    untaken()
    leave_own_folder()
    os._exit(EXIT_INTERRUPTED)  # a solver's own threads may still be at work; Python cannot end them


def _leave(message: str, code: int | str | None) -> NoReturn:
    """End with a message, and with a usage error where the result could not be printed."""
    if message:
        say(message)
    failed = untaken()
    if failed is not None:
        say(f"Standard output could not be written: {failed.strerror}.")
        code = code or EXIT_USAGE
    sys.exit(code)


if __name__ == "__main__":
    main()
