"""The command frontier: what other budgets buy, what influencers cost, what to drop, and the least change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared.files import CsvDecimal, CsvDelimiter, CsvPath, Decimal, HtmlPath, csv_of, html_of
from planner.cli.shared.options import Force, Gap, Json, Quiet, amount_of, budget_of, refuse_other_currency
from planner.cli.shared.terminal import check_output, progress_line, refuse
from planner.cli.sweeps import (
    Cluster,
    Deliverables,
    JournalPath,
    QuestionTime,
    Workers,
    budgets_of,
    journalled,
    sweep_of,
    terms_of,
)

if TYPE_CHECKING:
    from planner.campaign.inputs import Campaign
    from planner.comparing.frontier import Changed

Points = Annotated[
    int,
    typer.Option(help="Budgets of the curve, evenly up to twice the campaign's; 0 = none.", min=0, max=500),
]
TradeOffs = Annotated[
    int | None,
    typer.Option(
        help="Plans of customers' against influencers' reach; 0 = none. Default: 11, or 2 where the ends are nearer to "
        "each other than the model's own error.",
        min=0,
        max=500,
    ),
]
Budgets = Annotated[
    str | None,
    typer.Option(
        help="Steps of the ladder, such as 4m,3.5m,3m; default: from the campaign's by 5 % to a half."
    ),
]
Ladder = Annotated[bool, typer.Option("--ladder/--no-ladder", help="What to drop as the budget is cut.")]


def frontier(
    path: Annotated[
        Path,
        typer.Argument(
            help="A campaign, or a plan workbook whose plan is in hand (.xlsx).", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The workbook to write; default: CAMPAIGN-frontier.xlsx beside it."
        ),
    ] = None,
    points: Points = 25,
    trade_offs: TradeOffs = None,
    budgets: Budgets = None,
    ladder: Ladder = True,
    to_budget: Annotated[
        str | None,
        typer.Option("--to-budget", help="The least change of the plan for a new budget: 3.5m, or -10%."),
    ] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(
            help='The least change for a new Unit cost: "VEHICLE=8500"; may be given several times.'
        ),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option(
            help="Percent of the best value that the least change may lose; default: the gap.", min=0, max=50
        ),
    ] = None,
    gap: Gap = 0.1,
    time_limit: QuestionTime = 60.0,
    workers: Workers = None,
    journal: JournalPath = None,
    cluster: Cluster = None,
    html: HtmlPath = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    as_json: Json = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """What other budgets buy, what influencers' reach costs in customers', what to drop first, and the least change.

    Example: planner frontier campaign.xlsx --to-budget 3.5m -o frontier.xlsx
    """
    from planner.comparing.frontier import Asked, refuse_savers, steps_of
    from planner.comparing.frontier import frontier as frontier_of
    from planner.comparing.frontier_tables import frontier_tables
    from planner.report.comparing.frontier import frontier_json, frontier_text
    from planner.report.html.frontier import frontier_page
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.figures.frontier import write_frontier
    from planner.workbook.plan.plan import in_hand

    output = output or path.with_name(f"{path.stem}-frontier.xlsx")
    target = check_output(output, path, force)
    report = html_of(html, path, force)
    files = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    given_out = Deliverables(target, report, files, as_json, quiet)
    campaign = read_campaign(path)
    refuse_savers(campaign)
    terms = terms_of(gap, time_limit)
    plan = in_hand(path, campaign)
    hand = None if plan is None else tuple(plan.tolist())
    change = _changed(campaign, hand, to_budget, price or [], (gap if within is None else within) / 100)
    given = budgets_of("--budgets", budgets, campaign)
    steps = steps_of(campaign.brief.budget, given) if ladder else ()
    asked = Asked(points, trade_offs, steps, given, change, hand)
    progress = progress_line(quiet)
    with journalled(journal, output) as kept:
        found = frontier_of(campaign, asked, terms, sweep_of(workers, kept, cluster, progress))
        code = given_out.deliver(
            found,
            "The frontier is in",
            write_frontier,
            (frontier_json, frontier_text),
            frontier_page,
            frontier_tables,
            progress,
        )
    raise typer.Exit(code)


def _changed(
    campaign: "Campaign",
    hand: tuple[float, ...] | None,
    to_budget: str | None,
    prices: list[str],
    within: float,
) -> "Changed | None":
    """The new terms; None where none are given. hand: the plan in hand."""
    from planner.comparing.frontier import Changed

    if to_budget is None and not prices:
        return None
    if not campaign.brief.whole:
        refuse(
            "The least change counts whole insertions, and the Brief allows parts (Whole insertions: no); "
            "leave out --to-budget and --price."
        )
    budget = None if to_budget is None else budget_of("--to-budget", to_budget, campaign)
    return Changed(budget, tuple(_price(campaign, text) for text in prices), hand, within)


def _price(campaign: "Campaign", text: str) -> tuple[str, float]:
    """VEHICLE=8500: the vehicle as it is spelled in the workbook, and its unit cost."""
    from planner.names import key, unknown

    name, _, value = text.rpartition("=")
    if not name:
        refuse(f'--price "{text}" has no "="; expected VEHICLE=UNIT COST, such as "Evening News=8500".')
    known = {key(vehicle.name): vehicle.name for vehicle in campaign.vehicles}
    if key(name) not in known:
        refuse(f"--price: {unknown(name.strip(), f'a vehicle of {campaign.workbook}', known.values())}")
    amount = amount_of("--price", value)
    refuse_other_currency("--price", amount, campaign.brief.currency)
    assert amount is not None
    if amount.value <= 0:
        refuse(f'--price "{text}" is not above 0; expected what one insertion costs.')
    return known[key(name)], amount.value
