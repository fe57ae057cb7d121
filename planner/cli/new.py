"""planner new: a blank campaign workbook, or a filled example."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.shared.options import Force
from planner.cli.shared.terminal import refuse_odd_output, typed


def new(
    path: Annotated[
        Path, typer.Argument(help="The workbook to write, e.g. campaign.xlsx.", show_default=False)
    ],
    example: Annotated[
        bool, typer.Option("--example", help="A filled campaign instead of a blank one.")
    ] = False,
    force: Force = False,
) -> None:
    """Write a blank campaign workbook to fill in.

    Example: planner new campaign.xlsx
    """
    from planner.workbook.template import write_example, write_template

    refuse_odd_output(path)
    (write_example if example else write_template)(path, force)
    then = "Look at it, then: planner plan" if example else "Fill it in, then: planner check"
    typer.echo(f"{path} is ready. {then} {typed(path)}")
