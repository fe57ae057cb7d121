"""The command stability: how a plan stands in other surveys, other assumptions and other prices."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.files import CsvDecimal, CsvDelimiter, CsvPath, Decimal, HtmlPath, csv_of, html_of
from planner.cli.shared.options import Force, Gap, Json, Quiet
from planner.cli.shared.terminal import check_output, progress_line
from planner.cli.sweeps import (
    Cluster,
    Deliverables,
    JournalPath,
    QuestionTime,
    Workers,
    journalled,
    sweep_of,
    terms_of,
)

Draws = Annotated[
    int, typer.Option(help="Draws of each doubt: surveys, assumptions, prices.", min=1, max=10_000)
]
Seed = Annotated[int, typer.Option(help="The same seed draws the same, on any number of workers.", min=0)]
PriceRange = Annotated[
    float, typer.Option("--price-range", help="Percent by which a price may be off; 0 = none.", min=0, max=90)
]
Sample = Annotated[
    float | None,
    typer.Option(
        "--sample", help="Respondents of vehicles without a Sample size; default: taken as certain.", min=1
    ),
]


def stability(
    path: Annotated[
        Path, typer.Argument(help="A plan workbook (.xlsx), or a campaign to plan first.", show_default=False)
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="The workbook to write; default: PLAN-stability.xlsx beside it."),
    ] = None,
    draws: Draws = 40,
    seed: Seed = 1,
    price_range: PriceRange = 10.0,
    sample: Sample = None,
    gap: Gap = 0.1,
    time_limit: QuestionTime = 20.0,
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
    """How a plan stands in other surveys of the same size, under other assumptions, and at other prices.

    Example: planner stability plan.xlsx -o stability.xlsx
    """
    from planner.comparing.doubts import Doubt
    from planner.comparing.stability import stability as stability_of
    from planner.comparing.stability_tables import stability_tables
    from planner.report.comparing.stability import stability_json, stability_text
    from planner.report.html.stability import stability_page
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.figures.stability import write_stability
    from planner.workbook.plan.plan import in_hand

    output = output or path.with_name(f"{path.stem}-stability.xlsx")
    target = check_output(output, path, force)
    report = html_of(html, path, force)
    files = csv_of(csv, csv_delimiter, csv_decimal, path, force)
    given_out = Deliverables(target, report, files, as_json, quiet)
    campaign = read_campaign(path)
    plan = in_hand(path, campaign)
    progress = progress_line(quiet)
    doubt = Doubt(draws, seed, price_range / 100, sample)
    with journalled(journal, output) as kept:
        sweep = sweep_of(workers, kept, cluster, progress)
        found = stability_of(campaign, plan, doubt, terms_of(gap, time_limit), sweep)
        code = given_out.deliver(
            found, "The stability of the plan is in", write_stability, (stability_json, stability_text),
            stability_page, stability_tables, progress,
        )  # fmt: skip
    raise typer.Exit(code)
