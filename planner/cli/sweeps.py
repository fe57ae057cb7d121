"""Options of the commands that ask many questions about a campaign."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared.files import tables_written, written
from planner.cli.shared.options import budget_of
from planner.cli.shared.terminal import EXIT_TIME_LIMIT, Forms, refuse, refuse_odd_folder, say, tell

if TYPE_CHECKING:  # help must not wait for numpy
    from planner.campaign.inputs import Campaign
    from planner.cli.shared.files import Csv
    from planner.comparing.desk import Sweep, Terms
    from planner.table import Table
    from planner.workbook.page.files import Target

Workers = Annotated[
    int | None,
    typer.Option(
        help="Processes that work side by side; default: one a core, where the work is long.", min=1
    ),
]
JournalPath = Annotated[
    Path | None,
    typer.Option(
        "--journal",
        help="A file that keeps answers as they come; a run that was ended goes on from it. Default: one beside the "
        "workbook to be written, deleted at the end.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(help="Address of a Dask scheduler that does the work, such as tcp://10.0.0.5:8786."),
]
QuestionTime = Annotated[
    float, typer.Option(help="Seconds for one plan, after which its row is marked time.", min=0.1)
]


@dataclass(frozen=True)
class Deliverables:
    """What a command writes: a workbook, and where they are asked for a page and tables."""

    workbook: "Target"
    page: "Target | None"
    tables: "Csv | None"
    as_json: bool
    quiet: bool

    def deliver(
        self,
        found: Any,
        said: str,
        write: "Callable[[Any, Target], None]",
        forms: Forms,
        page: Callable[[Any], str],
        tables: "Callable[[Any], Sequence[Table]]",
        progress: Callable[[str], None],
    ) -> int:
        """Write everything and say it; the exit code. said: "The frontier is in"; write, forms, page, tables: make the
        forms of what was found."""
        from planner.comparing.desk import STATUS
        from planner.report.assumed import assumed, text_with_assumed

        progress("writing the workbook")
        write(found, self.workbook)
        progress("")
        campaign = found.campaign
        told = written(self.page, lambda: page(found), f"{said} {self.workbook}.")
        told = tables_written(
            self.tables, campaign, lambda: [table for table in tables(found) if table.rows], told
        )
        shown = text_with_assumed(campaign, lambda: forms[1](found))
        tell(
            self.as_json, (lambda: forms[0](found), shown),
            said=told, quiet=self.quiet, repeated=assumed(campaign),
        )  # fmt: skip
        timed = any(row.get("status") == STATUS["time"] for table in tables(found) for row in table.records)
        return EXIT_TIME_LIMIT if timed else 0


@contextmanager
def journalled(journal: Path | None, output: Path | None) -> Iterator[Path | None]:
    """The journal of a sweep: the one that is named, else one beside the workbook that is to be written, which is
    deleted once all is done; None where there is neither. What it keeps is said."""
    path = journal or (None if output is None else output.with_name(f"{output.name}.journal"))
    if path is not None and path.exists():
        say(f"Answers that stand in {path} already are taken from there.")
    try:
        yield path
    except KeyboardInterrupt:
        if path is not None:
            say(f"\nWhat was answered is kept in {path}; the same command goes on from there.")
        raise
    if path is not None and journal is None:
        path.unlink(missing_ok=True)


def terms_of(gap: float, seconds: float) -> "Terms":
    """How to ask. gap: percent."""
    from planner.comparing.desk import Terms

    return Terms(gap / 100, seconds)


def sweep_of(
    workers: int | None, journal: Path | None, cluster: str | None, progress: Callable[[str], None]
) -> "Sweep":
    """Where to ask."""
    from planner.comparing.desk import Sweep

    if journal is not None:
        refuse_odd_folder(journal.parent)
    return Sweep(workers, journal, cluster, progress)


def refuse_thousands(option: str, text: str, parts: Sequence[str]) -> None:
    """A usage error where parts of a list, separated by commas, may be one number: 400,000."""
    if any(part.strip().isdigit() and len(part.strip()) == 3 for part in parts[1:]):
        refuse(
            f'{option} "{text}": are these thousands, or budgets of less than 1,000? Write 400000 or 400k, and '
            "separate budgets by ; where in doubt."
        )


def budgets_of(option: str, text: str | None, campaign: "Campaign") -> tuple[float, ...]:
    """Several budgets, as 4m,3.5m,-10%; a usage error where one is not certain."""
    found, parts = [], [] if text is None else text.replace(";", ",").split(",")
    if text is not None and ";" not in text:
        refuse_thousands(option, text, parts)
    for part in parts:
        budget = budget_of(option, part.strip(), campaign)
        if budget <= 0:
            refuse(f'{option} "{part.strip()}" is not above 0; expected a budget.')
        found.append(budget)
    return tuple(dict.fromkeys(found))
