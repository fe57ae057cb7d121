"""What the command line says, and where; files are looked at before the work, errors are put into words.

Results go to standard output, messages and progress to standard error.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn

import typer

if TYPE_CHECKING:  # help must not wait for what writes workbooks
    from planner.campaign.inputs import Campaign
    from planner.workbook.page.files import Target

EXIT_OUR_FAULT, EXIT_USAGE, EXIT_WORKBOOK, EXIT_NO_PLAN, EXIT_TIME_LIMIT = 1, 2, 3, 4, 5
EXIT_INTERRUPTED = 130
WRITTEN = {".xlsx": "a workbook", ".html": "a web page", ".csv": "a table"}  # what is written, by its ending


def print_json(value: dict[str, Any]) -> None:
    """Plain values, on standard output."""
    typer.echo(json.dumps(value, indent=2, allow_nan=False))


def say(message: str) -> None:
    """A message, on standard error."""
    typer.echo(message, err=True)


Forms = tuple[Callable[..., dict[str, Any]], Callable[..., str]]  # of a result: JSON, text


def typed(path: "Path | Target") -> str:
    """A path as it is typed in a command: in quotes, which shells of all systems take, where a letter means something
    to one of them.

    >>> typed(Path("plan.xlsx")), typed(Path("spring plan.xlsx")), typed(Path("plan(2).xlsx"))
    ('plan.xlsx', '"spring plan.xlsx"', '"plan(2).xlsx"')
    """
    return f'"{path}"' if set(str(path)) & set(" ()[]{}&;|<>'*?#!`^~$") else str(path)


def tell(
    json_wanted: bool,
    forms: Forms,
    *result: Any,
    campaign: "Campaign | None" = None,
    said: str = "",
    quiet: bool = False,
    repeated: Sequence[str] = (),
) -> None:
    """A result on standard output, in one of its two forms, and after it where its files are. What is said goes to
    standard error where the result is for programs, or not shown. campaign: whose assumptions the result itself does
    not tell; None = there are none, or it does. repeated: assumptions that it tells, said where it is not shown."""
    as_json: Callable[[], dict[str, Any]] = partial(forms[0], *result)
    as_text: Callable[[], str] = partial(forms[1], *result)
    if campaign is not None:
        from planner.report.assumed import assumed, json_with_assumed, text_with_assumed

        repeated = assumed(campaign)
        as_json, as_text = json_with_assumed(campaign, as_json), text_with_assumed(campaign, as_text)
    if json_wanted:
        print_json(as_json())
    elif not quiet:
        typer.echo(as_text())
    else:
        said = "\n".join(filter(None, (said, *repeated)))
    if said:
        typer.echo(said, err=json_wanted or quiet)


def progress_line(quiet: bool, seconds: float = inf) -> Callable[[str], None]:
    """One line on the terminal that is overwritten as the work goes on; plain silence elsewhere.

    A text that begins with a blank tells more of the step before it. seconds: the time limit.
    """
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return lambda _: None
    started, step = monotonic(), ""

    def show(text: str) -> None:
        nonlocal step
        more, step = (text, step) if text.startswith(" ") else ("", text)
        spent = monotonic() - started
        width = min(get_terminal_size().columns, 80) - 1  # a line that wraps is not overwritten
        sys.stderr.write(f"\r\x1b[K{progress_text(step, more.strip(), spent, seconds, width)}")
        sys.stderr.flush()

    return show


def progress_text(step: str, more: str, spent: float, seconds: float, width: int = 79) -> str:
    """What is being done, how far it is, and the time spent and left; "" once there is nothing to do.

    >>> progress_text("the tailored plan", "gap 0.2 %", 12.4, 300.0)
    'the tailored plan: gap 0.2 % | 12 s, at most 288 s left'
    >>> progress_text("the tailored plan", "gap 0.2 %", 12.4, 300.0, width=40)
    'the tailored  | 12 s, at most 288 s left'
    """
    if not step:
        return ""
    left = f", at most {max(seconds - spent, 0.0):.0f} s left" if seconds < inf else ""
    time, what = f" | {spent:.0f} s{left}", f"{step}: {more}" if more else step
    return f"{what[: max(width - len(time), 0)]}{time}"


def say_time(limit: float, spent: float, ended: bool) -> None:
    """What the time limit did, where it did something. spent: seconds of the whole run, of which the limit covers all
    but the writing of the workbook. ended: whether the limit ended the search."""
    over = spent - limit
    with_writing = f"; with reading and writing the run took {spent:.0f}" if over >= 1 else ""
    if ended:
        valid = "the plan is valid, see its certificate"
        say(f"The time limit of {limit:g} seconds ended the search{with_writing}; {valid}.")
    elif over >= 1:
        own = f"the time limit of {limit:g} is the search's"
        say(f"The run took {spent:.0f} seconds, reading and writing included; {own}.")


def check_output(destination: Path, source: Path, force: bool, ending: str = ".xlsx") -> "Target":
    """Find out before the work whether its result can be written; the target as it is now."""
    from planner.workbook.page.files import target_of

    refuse_odd_output(destination, ending)
    if destination.exists() and source.exists() and destination.samefile(source):
        refuse(
            f"{destination} is read here; a result is never written over its own campaign. Choose another name with -o."
        )
    target = target_of(destination)
    if target.seen is not None and not force:
        refuse(f"{destination} exists already; choose another name with -o, or overwrite it with --force.")
    if target.seen is not None:
        refuse_opened(target.real)
    try:
        if target.seen is not None:
            target.real.open("rb+").close()
    except OSError as error:
        refuse(f"{destination} cannot be overwritten ({error.strerror}); is it open in another program?")
    return target


def refuse_opened(*paths: Path) -> None:
    """A usage error where another program has a file open that is to be overwritten."""
    from planner.workbook.page.files import opened_by

    for path, mark in zip(paths, map(opened_by, paths), strict=True):
        if mark is not None:
            refuse(
                f"{path} is open in another program, which would save it over the result; close it there, or choose "
                f"another name. If nothing has it open, {mark.name} beside it is a left-over: delete that file."
            )


def refuse_odd_output(path: Path, ending: str = ".xlsx") -> None:
    """A usage error where no file of this kind (an ending of WRITTEN) can be written to a path."""
    if path.suffix.lower() != ending:
        refuse(f"{path} does not end in {ending}; {WRITTEN[ending]} is written, so choose a name that does.")
    if path.is_dir():
        refuse(f"{path} is a folder; name a file.")
    if path.exists() and not path.is_file():
        refuse(f"{path} is no file that {WRITTEN[ending]} can be written to; name another.")
    refuse_odd_folder(Path(os.path.realpath(path)).parent if path.is_symlink() else path.parent)


def refuse_odd_folder(folder: Path) -> None:
    """A usage error where a folder is not there, or no file can be made in it."""
    from planner.workbook.page.files import try_folder

    if not folder.is_dir():
        refuse(f"The folder {folder} does not exist; create it first.")
    try:
        try_folder(folder)
    except OSError as error:
        refuse(f"The folder {folder} cannot be written to ({error.strerror}); choose another.")


def refuse(message: str) -> NoReturn:
    """A usage error."""
    say(message)
    raise typer.Exit(EXIT_USAGE)


def in_words(error: Exception) -> tuple[str, int]:
    """An error in words, and its exit code; with --json also as JSON."""
    from models.errors import InfeasiblePlan
    from planner.errors import WorkbookError
    from planner.report.campaign.check_text import ended_json, problems_json, problems_text
    from planner.report.why.infeasible import infeasible_json, infeasible_text

    as_json = "--json" in sys.argv
    if isinstance(error, WorkbookError):
        if as_json:
            print_json(problems_json(error))
        return problems_text(error), EXIT_WORKBOOK
    if isinstance(error, InfeasiblePlan):
        if as_json:
            print_json(infeasible_json(error))
        return infeasible_text(error), EXIT_NO_PLAN
    message, code, status = _without_plan(error)
    if as_json:
        print_json(ended_json(status, message))
    return message, code


def _without_plan(error: Exception) -> tuple[str, int, str]:
    """An error that says nothing of the campaign itself: its words, exit code, and status in JSON."""
    from models.errors import InvalidInput, NoPlanInTime, PlanningError
    from planner.errors import OutputError

    if isinstance(error, NoPlanInTime):
        return str(error), EXIT_TIME_LIMIT, "none"
    if isinstance(error, OutputError | InvalidInput):
        return str(error), EXIT_USAGE, "refused"
    if isinstance(error, PlanningError):
        return str(error), EXIT_OUR_FAULT, "none"
    if isinstance(error, OSError) and error.filename and not isinstance(error, FileNotFoundError):
        reason = f"{error.filename} cannot be reached ({error.strerror})"
        return f"{reason}. Check its name, its folder, and whether you may use it.", EXIT_USAGE, "refused"
    if isinstance(error, MemoryError):
        return "There is not enough memory for this campaign.", EXIT_OUR_FAULT, "none"
    from planner.cli.shared.fault import fault_text

    return fault_text(error), EXIT_OUR_FAULT, "fault"
