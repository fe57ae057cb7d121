"""planner plan: the best plan for a campaign, certified, as a workbook."""

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.plans import files_said, show
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
from planner.cli.shared.terminal import EXIT_TIME_LIMIT, check_output, progress_line, refuse, say_time, typed
from planner.formats import count_of

if TYPE_CHECKING:  # help must not wait for numpy
    from planner.campaign.inputs import Campaign
    from planner.explaining.explained import Explanation
    from planner.planning.options import Options
    from planner.planning.results import PlanResult


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
    _refuse_endless(gap, time_limit)
    destination = check_output(output or path.with_name(f"{path.stem}-plan.xlsx"), path, force)
    report = html_of(html, path, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    campaign = with_edits(path, read_campaign(path, given_of(changes)), lock_edits)
    refuse_other_currency("--budget", amount, campaign.brief.currency)
    progress = progress_line(quiet, time_limit)
    progress(f"{path.name}: {count_of(len(campaign.vehicles), 'vehicle')}")
    options = options_of(gap, time_limit, solver, progress, break_even)
    explained = _explained(campaign) if prices else None
    result = make_plan(campaign, options, campaign.file_hash)
    explanation = None if explained is None else explained(result, options)
    progress("writing the workbook")
    write_plan(result, destination, explanation)
    told = files_said(result, report, tables, f"The plan is in {destination}.", explanation)
    progress("")
    edit = f"To change the plan, edit its yellow cells, save, and run planner evaluate {typed(destination)}."
    show(result, as_json, quiet, f"{told}{'' if quiet else f' {edit}'}")
    say_time(time_limit, monotonic() - begun, result.timed_out)
    if result.timed_out:
        raise typer.Exit(EXIT_TIME_LIMIT)


def _explained(campaign: "Campaign") -> "Callable[[PlanResult, Options], Explanation]":
    """What explains the campaign's plan, loaded where it is asked for. A usage error where it cannot be explained."""
    from planner.explaining.explain import explain, refuse_unexplained

    refuse_unexplained(campaign)
    return explain


def _refuse_endless(gap: float, time_limit: float) -> None:
    """A usage error where a limit is nan or infinite."""
    for option, number in (("--time-limit", time_limit), ("--gap", gap)):
        if not isfinite(number):
            refuse(f"{option} is {number}; expected a number.")
