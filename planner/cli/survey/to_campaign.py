"""`planner survey to-campaign`: a campaign filled from its survey."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.options import Force, Json, Workbook
from planner.cli.shared.terminal import check_output, progress_line, tell


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
    from planner.report.survey import filled_json, filled_text
    from planner.workbook.campaign.from_survey import campaign_from_survey
    from planner.workbook.campaign.survey import read_survey_request
    from planner.workbook.template import write_campaign

    destination = output or path.with_name(f"{path.stem}-filled.xlsx")
    target = check_output(destination, path, force)
    progress = progress_line(as_json)
    progress("reading the survey, fitting audience types")
    found = campaign_from_survey(read_survey_request(path), pairs)
    progress("writing the workbook")
    write_campaign(found.campaign, target)
    progress("")
    said = f"The campaign is in {destination}. Look it over: planner check {destination}"
    about = found.campaign, found.said
    tell(as_json, partial(filled_json, *about), partial(filled_text, *about), said=said)
