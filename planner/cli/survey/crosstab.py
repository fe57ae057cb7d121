"""`planner survey crosstab`: vehicles by traits, as the survey counts them."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.files import CsvDecimal, CsvDelimiter, CsvPath, Decimal, csv_of
from planner.cli.shared.options import Force, Json, Workbook
from planner.cli.shared.terminal import check_output, tell


def crosstab(
    path: Workbook,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A workbook of the tables to write; default: none.")
    ] = None,
    vehicle: Annotated[list[str] | None, typer.Option(help="Only this vehicle; may be repeated.")] = None,
    trait: Annotated[
        list[str] | None,
        typer.Option(help="Only this trait or audience, or a definition over traits; may be repeated."),
    ] = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """Tabulate a campaign's survey: coverage, composition, index, bases and intervals of vehicles by traits.

    Example: planner survey crosstab campaign.xlsx --trait catalyst -o tables.xlsx
    """
    from planner.report.survey import crosstab_json, crosstab_text
    from planner.survey.answers import CLAIMS_ARE_CONTACTS, answers_of, survey_of
    from planner.survey.crosstab import crosstab as tabulate
    from planner.workbook.campaign.survey import read_survey_request
    from planner.workbook.figures.crosstab import write_crosstab

    target = None if output is None else check_output(output, path, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    request = read_survey_request(path)
    answers = answers_of(request.sheet, survey_of(request.sheet, request.folder), request.brief.universe_000)
    assumption = CLAIMS_ARE_CONTACTS if answers.contacts else ""
    found = tabulate(answers, request.audiences, vehicle or (), trait or (), assumption)
    if target is not None:
        write_crosstab(found, target, request.brief)
    said = "" if output is None else f"The tables are in {output}."
    said += "" if tables is None else tables.write({"crosstab": found.frame()})
    tell(as_json, partial(crosstab_json, found), partial(crosstab_text, found), said=said.strip())
