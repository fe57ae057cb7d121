"""`planner survey evaluate`: a plan by the segment model and by the respondents, side by side."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.options import Json
from planner.cli.shared.terminal import tell


def evaluate(
    path: Annotated[
        Path, typer.Argument(help="A plan workbook (.xlsx) with a sheet Survey.", show_default=False)
    ],
    as_json: Json = False,
) -> None:
    """Value a plan by the segment model and by the survey's respondents, side by side, by audience; nothing is solved.

    Example: planner survey evaluate plan.xlsx
    """
    from planner.planning.against_survey import model_against_survey
    from planner.report.respondents import against_json, against_text
    from planner.survey.respondents import planned_on_survey
    from planner.workbook.plan.edits import read_plan

    campaign, given = read_plan(path)
    found = model_against_survey(planned_on_survey(campaign, path.parent), given.insertions)
    tell(as_json, partial(against_json, found), partial(against_text, found))
