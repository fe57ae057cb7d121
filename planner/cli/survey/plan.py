"""`planner survey plan`: the best plan for the respondents themselves."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from planner.cli.plans import show
from planner.cli.shared.options import Force, Gap, Json, Quiet, SolverChoice, TimeLimit, Workbook, options_of
from planner.cli.shared.terminal import EXIT_TIME_LIMIT, check_output, progress_line, say_time
from planner.formats import count_of

Halves = Annotated[
    int,
    typer.Option(
        "--halves", min=0, max=100,
        help="How often the respondents are halved to see what tailoring brings people not asked; 0 = not at all.",
    ),
]  # fmt: skip
Seed = Annotated[int, typer.Option(help="Of the random halves: the same seed, the same halves.", min=0)]


def plan(
    path: Workbook,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The plan workbook to write; default: CAMPAIGN-survey-plan.xlsx."
        ),
    ] = None,
    halves: Halves = 5,
    seed: Seed = 0,
    gap: Gap = 0.1,
    time_limit: TimeLimit = 300.0,
    as_json: Json = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Plan on the respondents of a campaign's survey: every figure is theirs, the verdict of people not planned on.

    Example: planner survey plan campaign.xlsx --halves 10
    """
    from dataclasses import replace

    from planner.campaign.inputs import TAILORED
    from planner.planning.halving import validate
    from planner.planning.plan import make_plan
    from planner.survey.respondents import planned_on_survey
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.write import write_plan

    begun = monotonic()
    target = check_output(output or path.with_name(f"{path.stem}-survey-plan.xlsx"), path, force)
    campaign = planned_on_survey(read_campaign(path), path.parent)
    respondents = campaign.respondents
    assert respondents is not None
    progress = progress_line(quiet, time_limit)
    progress(f"{path.name}: {len(respondents):,} respondents, {count_of(len(campaign.vehicles), 'vehicle')}")
    options = options_of(gap, time_limit, SolverChoice.highs, progress, False)
    judged = None
    if halves and campaign.brief.objective in TAILORED:
        judged = validate(campaign, replace(options, seconds=time_limit / 2), halves, seed)
    result = make_plan(campaign, options, campaign.file_hash, judged)
    progress("writing the workbook")
    write_plan(result, target)
    progress("")
    show(result, as_json, quiet, f"The plan is in {target}.")
    say_time(time_limit, monotonic() - begun, result.timed_out)
    if result.timed_out:
        raise typer.Exit(EXIT_TIME_LIMIT)
