"""The commands `planner survey ...`: what a survey holds, its tables, a campaign made of it, plans on it."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from planner.cli.plans import show
from planner.cli.shared.files import CsvDecimal, CsvDelimiter, CsvPath, Decimal, after, csv_of
from planner.cli.shared.options import Force, Gap, Json, Quiet, SolverChoice, TimeLimit, Workbook, options_of
from planner.cli.shared.terminal import (
    EXIT_TIME_LIMIT,
    check_output,
    progress_line,
    refuse,
    say_time,
    tell,
    typed,
)
from planner.formats import count_of

app = typer.Typer(
    name="survey",
    help="From respondents: what a survey holds, its tables, a campaign made of it, plans on it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

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
Halves = Annotated[
    int,
    typer.Option(
        "--halves", min=0, max=100,
        help="How often the respondents are halved to see what tailoring brings people not asked; 0 = not at all.",
    ),
]  # fmt: skip
Seed = Annotated[int, typer.Option(help="Of the random halves: the same seed, the same halves.", min=0)]


@app.command()
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
    from planner.report.survey.survey import description_json, description_text
    from planner.survey.describe import describe as describe_survey
    from planner.survey.files import read_survey

    said, target = "", None if output is None else check_output(output, path, force)
    found = describe_survey(read_survey(path, encoding), weight)
    if target is not None:
        from planner.survey.describe import survey_form
        from planner.workbook.campaign.survey.survey import survey_rows
        from planner.workbook.template import write_template_with

        form = survey_form(found, path, target.path.parent, encoding)
        write_template_with(survey_rows(form), target)
        begun = "remove what is no vehicle" if form.vehicles else "add a row for each vehicle"
        said = (
            f"{output} is ready. On its sheet Survey, {begun}, name media, add traits; then: planner survey crosstab "
            f"{output}"
        )
    tell(as_json, (description_json, description_text), found, said=said)


@app.command()
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
    from planner.campaign.survey import CLAIMS_ARE_CONTACTS
    from planner.report.survey.survey import crosstab_json, crosstab_text
    from planner.survey.answers import answers_of, survey_of
    from planner.survey.crosstab import crosstab as tabulate
    from planner.workbook.campaign.survey.survey import read_survey_request
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
    with after(said):
        said += "" if tables is None else tables.write([found.table()])
    tell(as_json, (crosstab_json, crosstab_text), found, said=said.strip())


@app.command("to-campaign")
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
    from planner.report.survey.survey import filled_json, filled_text
    from planner.workbook.campaign.from_survey import campaign_from_survey
    from planner.workbook.campaign.survey.survey import read_survey_request
    from planner.workbook.template import write_campaign

    destination = output or path.with_name(f"{path.stem}-filled.xlsx")
    target = check_output(destination, path, force)
    progress = progress_line(as_json)
    progress("reading the survey, fitting audience types")
    found = campaign_from_survey(read_survey_request(path), pairs)
    progress("writing the workbook")
    write_campaign(found.campaign, target)
    progress("")
    said = f"The campaign is in {destination}. Look it over: planner check {typed(destination)}"
    tell(as_json, (filled_json, filled_text), found.campaign, found.said, said=said)


@app.command()
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


@app.command()
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
    from planner.report.survey.survey import against_json, against_text
    from planner.survey.respondents import planned_on_survey
    from planner.workbook.plan.edits import read_plan

    campaign, given = read_plan(path)
    found = model_against_survey(planned_on_survey(campaign, path.parent), given.insertions)
    tell(as_json, (against_json, against_text), found)


@app.command()
def validate(
    path: Workbook,
    halves: Halves = 10,
    seed: Seed = 0,
    gap: Gap = 0.1,
    time_limit: TimeLimit = 300.0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plan on one half of the respondents, value on the other, again and again: what a plan promises and brings.

    Example: planner survey validate campaign.xlsx --halves 20
    """
    from planner.planning.halving import validate as on_halves
    from planner.report.survey.survey import halves_json, halves_text
    from planner.survey.respondents import planned_on_survey
    from planner.workbook.campaign.parse import read_campaign

    if not halves:
        refuse("--halves is 0; expected at least 1.")
    campaign = planned_on_survey(read_campaign(path), path.parent)
    progress = progress_line(quiet, time_limit)
    options = options_of(gap, time_limit, SolverChoice.highs, progress, False)
    found = on_halves(campaign, options, halves, seed)
    progress("")
    tell(as_json, (halves_json, halves_text), found, campaign=campaign)
