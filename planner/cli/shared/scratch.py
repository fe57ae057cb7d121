"""A temporary folder of a run's own, for a solver that works by files: nothing of a campaign stays behind in it.

It goes with the run; what a killed run left is cleared by the next.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from planner.workbook.page.files import OF_THIS_COMPUTER, runs

_PREFIX = f"planner-work-{OF_THIS_COMPUTER}-"
_VARIABLES = ("TMPDIR", "TEMP", "TMP")  # where PuLP looks, and CBC by it
_own: list[Path] = []


def clear_left_over() -> None:
    """Remove the folders of runs of this computer that are gone."""
    with suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            process = folder.name.removeprefix(_PREFIX).partition("-")[0]
            if process.isdigit() and not runs(int(process)):
                shutil.rmtree(folder, ignore_errors=True)


def work_in_own_folder() -> None:
    """Give programs that this run starts a temporary folder of its own."""
    if not _own:
        _own.append(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")))
        os.environ.update(dict.fromkeys(_VARIABLES, str(_own[0])))
        atexit.register(leave_own_folder)


def leave_own_folder() -> None:
    """Remove the run's folder, if it has one, with what is in it."""
    while _own:
        shutil.rmtree(_own.pop(), ignore_errors=True)
