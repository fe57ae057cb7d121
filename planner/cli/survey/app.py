"""The commands `planner survey ...`, one file each in this room; this file only registers them."""

import typer

from planner.cli.survey.crosstab import crosstab
from planner.cli.survey.describe import describe
from planner.cli.survey.evaluate import evaluate
from planner.cli.survey.plan import plan
from planner.cli.survey.to_campaign import to_campaign
from planner.cli.survey.validate import validate

app = typer.Typer(
    name="survey",
    help="From respondents: what a survey holds, its tables, a campaign made of it, plans on it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(describe)
app.command()(crosstab)
app.command("to-campaign")(to_campaign)
app.command()(plan)
app.command()(evaluate)
app.command()(validate)
