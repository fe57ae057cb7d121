"""The option --html: one file for a client meeting beside the workbook, and that nothing stands there already."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Html:
    """Where a report is to stand, found fit before the work."""

    target: "Target"

    def write(self, text: str) -> str:
        """Write the page; a sentence that says where."""
        from planner.workbook.page.files import write_text

        write_text(self.target, text)
        return f" The report is in {self.target}."


def html_of(path: Path | None, source: Path, force: bool) -> Html | None:
    """Where a report is asked for; a usage error where it cannot be written there."""
    return None if path is None else Html(check_output(path, source, force, ".html"))


def written(file: Html | None, page: Callable[[], str]) -> str:
    """Write the page where one is asked for; a sentence that says where, "" where none is."""
    return "" if file is None else file.write(page())
