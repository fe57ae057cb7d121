"""Files appear whole or not at all: written beside their target, flushed, and moved into place."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import gettempdir, mkstemp
from typing import NoReturn

from planner.errors import OutputError

# A planner's text is text, whatever it starts with; a nan in a cell is our fault and must be heard of.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "nan_inf_to_errors": False}  # fmt: skip
# Stands for the date of creation of a campaign without a start: same input, same bytes.
EPOCH = date(2000, 1, 1)


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file in the target's folder, then move it over the target.

    Nothing is left behind when writing fails. A target that another program holds open keeps the finished
    file beside it under a name of its own; a folder that can no longer be written to, in the folder for
    temporary files. Raises OutputError, which says where things are.
    """
    try:
        temporary = _beside(path, write)
    except OutputError as error:
        _keep_elsewhere(path, write, error)
    _move_into_place(temporary, path)


def _keep_elsewhere(path: Path, write: Callable[[Path], None], error: OutputError) -> NoReturn:
    """The finished file in the folder for temporary files, for the work it took is not to be lost."""
    kept = _free_name(Path(gettempdir()) / path.name)
    _move_into_place(_beside(kept, write), kept)
    raise OutputError(f"{error} The finished workbook is in {kept} instead.") from error


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
