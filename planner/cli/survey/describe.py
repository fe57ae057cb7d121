"""`planner survey describe`: what a survey's file holds."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import Json
from planner.cli.terminal import print_json

SurveyFile = Annotated[
    Path,
    typer.Argument(
        help="The survey: CSV, Parquet, Excel, SPSS (.sav) or Triple-S (.sss, .xml).", show_default=False
    ),
]
Encoding = Annotated[
    str, typer.Option(help="Encoding of its texts, such as cp1252; default: as the file says, else UTF-8.")
]


def describe(
    path: SurveyFile,
    weight: Annotated[str, typer.Option(help="The weight column: its sum, range and effective base.")] = "",
    encoding: Encoding = "",
    as_json: Json = False,
) -> None:
    """List a survey's columns: labels, kinds, blanks, ranges, and what looks odd; nothing is written.

    Example: planner survey describe survey.sav --weight wt
    """
    from planner.report.survey_json import description_json
    from planner.report.survey_text import description_text
    from planner.survey.describe import describe as describe_survey
    from planner.survey.files import read_survey

    found = describe_survey(read_survey(path, encoding), weight)
    if as_json:
        print_json(description_json(found))
    else:
        typer.echo(description_text(found))
