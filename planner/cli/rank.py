"""planner rank: every vehicle by its measures; nothing is solved."""

from typing import Annotated

import typer

from planner.cli.shared.files import CsvDecimal, CsvDelimiter, CsvPath, Decimal, csv_of, tables_written
from planner.cli.shared.options import Force, Json, Preset, Workbook, given_of
from planner.cli.shared.terminal import tell


def rank(
    path: Workbook,
    audience: Annotated[
        str, typer.Option(help="An audience's name, or a definition over traits.")
    ] = "target",
    sort: Annotated[
        str, typer.Option(help="The measure to sort by; default: cost per thousand influencers.")
    ] = "",
    top: Annotated[int | None, typer.Option(help="Only the first so many vehicles.", min=1)] = None,
    category: Annotated[str | None, typer.Option(help="Category, instead of the Brief's.")] = None,
    influence: Preset = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """Rank every vehicle by coverage, index, cost per thousand, and what its influencers cost; nothing is solved.

    Example: planner rank campaign.xlsx --audience customers --sort cpm --top 10
    """
    from planner.campaign.prepare import prepare
    from planner.planning.ranking import rank_vehicles, ranked_rows
    from planner.report.campaign.ranking import ranking_json, ranking_table
    from planner.table import plain_table
    from planner.workbook.campaign.parse import read_campaign

    tables = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    changes = {"category": category, "influence_preset": influence.value if influence else None}
    campaign = read_campaign(path, given_of(changes))
    ranking = rank_vehicles(campaign, prepare(campaign).people, audience)
    said = tables_written(tables, campaign, lambda: [plain_table("ranking", ranked_rows(ranking, sort, top))])
    forms = ranking_json, ranking_table
    tell(as_json, forms, ranking, sort, top, campaign=campaign, said=said.strip())
