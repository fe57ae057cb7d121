"""A plan to a result workbook: Summary, Plan, Reach, Influence, Ranking, Notes, and the campaign's own sheets.

The file appears whole or not at all: it is written beside its target and moved into place.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from tempfile import mkstemp

from xlsxwriter import Workbook

from planner.errors import OutputError
from planner.report.numbers import one_line
from planner.results import PlanResult
from planner.workbook.campaign_sheets import write_campaign_sheets, write_influence_table
from planner.workbook.influence_sheet import write_influence_sheet
from planner.workbook.notes_sheet import write_notes_sheet
from planner.workbook.plan_sheet import write_plan_sheet
from planner.workbook.ranking_sheet import chart_points, write_chart_points, write_ranking_sheet
from planner.workbook.reach_sheet import write_reach_sheet
from planner.workbook.styles import Page, Styles, colours
from planner.workbook.summary_sheet import write_summary_sheet

# A planner's text is text, whatever it starts with; a nan in a cell is our fault and must be heard of.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "nan_inf_to_errors": False}  # fmt: skip
EPOCH = date(
    2000, 1, 1
)  # stands for the date of creation of a campaign without a start: same input, same bytes


def write_plan(result: PlanResult, path: Path) -> None:
    """Write the result workbook; raises OutputError when it cannot stand where it was asked for."""
    written = _beside(path, lambda temporary: _write(result, temporary))
    _move_into_place(written, path)


def _write(result: PlanResult, path: Path) -> None:
    book = Workbook(str(path), OPTIONS)
    brief = result.campaign.brief
    created = datetime.combine(brief.start or EPOCH, time())
    book.set_properties({"title": one_line(brief.campaign)[:200], "subject": "Media plan",
                         "company": one_line(brief.client)[:200], "created": created})  # fmt: skip
    styles = Styles(book, brief)
    names = ["Summary", "Plan", "Reach", "Influence", "Ranking", "Notes"]
    if result.ranking is None:
        names.remove("Ranking")
    pages = {name: Page(book.add_worksheet(name), styles) for name in names}
    changed = write_plan_sheet(pages["Plan"], result)
    write_summary_sheet(pages["Summary"], result, changed)
    write_reach_sheet(pages["Reach"], result)
    points = []
    if result.ranking is not None:
        write_ranking_sheet(pages["Ranking"], result.ranking, colours(result.campaign))
        points = write_chart_points(pages["Ranking"], chart_points(result))
    influence = pages["Influence"]
    parameters = partial(write_influence_table, book, influence.sheet, result.campaign)
    write_influence_sheet(influence, result, points, parameters)
    write_notes_sheet(pages["Notes"], result)
    write_campaign_sheets(book, result.campaign, influence=False)
    book.close()


def _beside(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` fill a temporary file in the target's folder; nothing is left of it when that fails."""
    try:
        handle, name = mkstemp(prefix=f".{path.stem[:40]}-", suffix=".xlsx", dir=path.parent)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        _flush_to_disk(temporary)
        temporary.chmod(0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _umask() -> int:
    """The permissions a new file is not given; mkstemp ignores them, a planner's colleagues do not."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _move_into_place(temporary: Path, path: Path) -> None:
    """Move the finished file over its target; a locked target leaves it beside, under a name of its own."""
    try:
        os.replace(temporary, path)
    except PermissionError as error:
        kept = _free_name(path)
        os.replace(temporary, kept)
        raise OutputError(
            f"{path} is open in another program. The finished plan is in {kept}; close {path.name} in Excel "
            "and run again, or use that file."
        ) from error
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


def _free_name(path: Path) -> Path:
    stamp = datetime.now(UTC).astimezone().strftime("%Y%m%d-%H%M%S")
    names = [path.with_name(f"{path.stem}-{stamp}{suffix}.xlsx") for suffix in ("", "-2", "-3", "-4")]
    return next((name for name in names if not name.exists()), names[-1])
