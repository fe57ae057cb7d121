"""The commands `planner survey ...`, one file each in this room; this file only registers them."""

import typer

from planner.cli.survey.crosstab import crosstab
from planner.cli.survey.describe import describe
from planner.cli.survey.to_campaign import to_campaign

app = typer.Typer(
    name="survey",
    help="From respondents: what a survey holds, its tables, a campaign made of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(describe)
app.command()(crosstab)
app.command("to-campaign")(to_campaign)
