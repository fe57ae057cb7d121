"""planner panel: a plan's reach by the classic reach models beside ours."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.options import Json
from planner.cli.shared.terminal import tell


def panel(
    path: Annotated[Path, typer.Argument(help="A plan workbook (.xlsx), its Insertions edited or not.")],
    audience: Annotated[
        str, typer.Option(help="An audience's name, or a definition over traits.")
    ] = "everyone",
    as_json: Json = False,
) -> None:
    """Estimate a plan's reach by the classic reach models beside ours, and say how far they lie apart.

    Example: planner panel plan.xlsx --audience influencers
    """
    from planner.campaign.prepare import prepare
    from planner.planning.panel import panel_of
    from planner.report.plan.panel import panel_json, panel_table
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.plan.plan import read_insertions

    campaign = read_campaign(path)
    given = read_insertions(path, campaign)
    found = panel_of(campaign, prepare(campaign).people, given.insertions, audience)
    tell(as_json, (panel_json, panel_table), found, campaign=campaign)
