"""The option --html: one file for a client meeting beside the workbook, and that nothing stands there already."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.shared.terminal import check_output

if TYPE_CHECKING:  # help must not wait for what writes workbooks
    from planner.workbook.page.files import Target

HtmlPath = Annotated[
    Path | None,
    typer.Option(
        "--html", help="Write a report for a client meeting too: one HTML file, opened by any browser."
    ),
]


def html_of(path: Path | None, source: Path, force: bool) -> "Target | None":
    """Where a report is asked for; a usage error where it cannot be written there."""
    return None if path is None else check_output(path, source, force, ".html")


def written(target: "Target | None", page: Callable[[], str]) -> str:
    """Write the page where one is asked for; a sentence that says where, "" where none is."""
    if target is None:
        return ""
    from planner.workbook.page.files import write_text

    write_text(target, page())
    return f" The report is in {target}."
