"""`planner survey describe`: what a survey's file holds."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.options import Force, Json
from planner.cli.shared.terminal import check_output, tell

SurveyFile = Annotated[
    Path,
    typer.Argument(
        help="The survey: CSV, Parquet, Excel, SPSS (.sav), Stata (.dta) or Triple-S (.sss, .xml).",
        show_default=False,
    ),
]
Encoding = Annotated[
    str, typer.Option(help="Encoding of its texts, such as cp1252; default: as the file says, else UTF-8.")
]


def describe(
    path: SurveyFile,
    weight: Annotated[str, typer.Option(help="The weight column: its sum, range and effective base.")] = "",
    encoding: Encoding = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="A blank campaign to write, its sheet Survey begun: each column of 0/1 or of chances a vehicle.",
        ),
    ] = None,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """List a survey's columns: labels, kinds, blanks, ranges, and what looks odd; -o begins a campaign with it.

    Example: planner survey describe survey.sav --weight wt -o campaign.xlsx
    """
    from planner.report.survey import description_json, description_text
    from planner.survey.describe import describe as describe_survey
    from planner.survey.files import read_survey

    said, target = "", None if output is None else check_output(output, path, force)
    found = describe_survey(read_survey(path, encoding), weight)
    if target is not None:
        from planner.survey.describe import survey_form
        from planner.workbook.campaign.survey import survey_rows
        from planner.workbook.template import write_template_with

        form = survey_form(found, path, target.path.parent, encoding)
        write_template_with(survey_rows(form), target)
        begun = "remove what is no vehicle" if form.vehicles else "add a row for each vehicle"
        said = (
            f"{output} is ready. On its sheet Survey, {begun}, name media, add traits; then: planner survey crosstab "
            f"{output}"
        )
    tell(as_json, partial(description_json, found), partial(description_text, found), said=said)
