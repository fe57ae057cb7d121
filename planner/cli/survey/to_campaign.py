"""`planner survey to-campaign`: a campaign filled from its survey."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.options import Force, Json, Workbook
from planner.cli.shared.terminal import check_output, print_json, progress_line


def to_campaign(
    path: Workbook,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The campaign workbook to write; default: CAMPAIGN-filled.xlsx beside it."
        ),
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Fill Pairs instead of Types: who shares which two vehicles.")
    ] = False,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """Fill a campaign from its survey: traits, overlaps, audiences, compositions, types, duplication, sample sizes.

    Example: planner survey to-campaign campaign.xlsx -o filled.xlsx
    """
    from planner.report.survey_json import filled_json
    from planner.report.survey_text import filled_text
    from planner.workbook.campaign.from_survey import campaign_from_survey
    from planner.workbook.campaign.survey_request import read_survey_request
    from planner.workbook.template import write_campaign

    destination = output or path.with_name(f"{path.stem}-filled.xlsx")
    target = check_output(destination, path, force)
    progress = progress_line(as_json)
    progress("reading the survey, fitting audience types")
    found = campaign_from_survey(read_survey_request(path), pairs)
    progress("writing the workbook")
    write_campaign(found.campaign, target)
    progress("")
    if as_json:
        print_json(filled_json(found.campaign, found.said))
    else:
        typer.echo(filled_text(found.campaign, found.said))
    typer.echo(f"The campaign is in {destination}. Look it over: planner check {destination}", err=as_json)
