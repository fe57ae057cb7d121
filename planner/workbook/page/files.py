"""Files appear whole or not at all: made in memory, written beside their target, flushed, and moved into place.

Nothing is overwritten that was not there, and as it was, when the target was looked at; what cannot stand where it
was asked for is kept elsewhere. A run that was killed may leave a hidden part behind; the next one clears it.
"""

import errno
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import BinaryIO, NoReturn

from planner.errors import OutputError

# A planner's text is text, whatever it starts with; a nan in a cell is our fault and must be heard of.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "nan_inf_to_errors": False, "in_memory": True}  # fmt: skip
# Stands for the date of creation of a campaign without a start: same input, same bytes.
EPOCH = date(2000, 1, 1)

OF_THIS_COMPUTER = sha256(platform.node().encode()).hexdigest()[:8]
_RUN = os.urandom(4).hex()
_PREFIX = ".planner-part"

State = tuple[int, int, int, int]  # device, number, time of change, size


@dataclass(frozen=True)
class Target:
    """Where a result is to stand. real: where `path` leads if it is a link. seen: the file that stood there when it
    was looked at, the only one that may be overwritten; None where there was none."""

    path: Path
    real: Path
    seen: State | None

    def __str__(self) -> str:
        return str(self.path)


def target_of(path: Path) -> Target:
    """The target as it is now; hidden parts that killed runs left in its folder are cleared."""
    real = Path(os.path.realpath(path))
    _clear_parts(real.parent)
    return Target(path, real, _state(real))


def opened_by(path: Path) -> Path | None:
    """The file that LibreOffice or Excel keeps beside one that it has open; None where there is none."""
    marks = (path.with_name(f".~lock.{path.name}#"), path.with_name(f"~${path.name}"))
    # There is no mark where the name is too long for one.
    return next((mark for mark in marks if os.path.exists(mark)), None)


def try_folder(folder: Path) -> None:
    """Raises OSError where no file can be made in a folder."""
    _part(folder, b"").unlink(missing_ok=True)


def write_whole(target: Path | Target, write: Callable[[BinaryIO], None], keep: bool = True) -> None:
    """Let `write` make a file in memory, and put it where it is to stand.

    Where that fails, or would overwrite what came since the target was looked at, the finished file is kept beside
    it, else in the current folder, the home folder or that for temporary files; not where `keep` is False, for what
    took no work. Raises OutputError, which says where.
    """
    target = target if isinstance(target, Target) else target_of(target)
    content = BytesIO()
    write(content)
    try:
        _put(content.getvalue(), target)
    except OSError as error:
        if not keep:
            raise OutputError(_in_words(target, error)) from error
        _keep_elsewhere(content.getvalue(), target, error)


def write_text(target: Path | Target, text: str) -> None:
    """Put a text where it is to stand, in UTF-8, as write_whole does."""

    def write(file: BinaryIO) -> None:
        file.write(text.encode())

    write_whole(target, write)


def _put(content: bytes, target: Target) -> None:
    """Write a part beside the target and move it into place; nothing is left of it when that fails."""
    part = _part(target.real.parent, content)
    try:
        now = _state(target.real)
        if now is None:
            _move_where_nothing_is(part, target.real)
        elif now == target.seen:
            part.chmod(target.real.stat().st_mode & 0o777)
            os.replace(part, target.real)
        else:
            raise FileExistsError(errno.EEXIST, "taken", str(target.path))
    finally:
        part.unlink(missing_ok=True)


def _move_where_nothing_is(part: Path, path: Path) -> None:
    """Raises FileExistsError where something has come in the meantime."""
    try:
        os.link(part, path)  # in one step, and never over another file
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        path.open("xb").close()
        os.replace(part, path)


def _keep_elsewhere(content: bytes, target: Target, error: OSError) -> NoReturn:
    """The finished file where it can be kept, for the work it took is not to be lost."""
    why = _in_words(target, error)
    for folder in (target.real.parent, Path.cwd(), Path.home(), Path(gettempdir())):
        kept = _free_name(folder / target.path.name)
        with suppress(OSError):
            _put(content, Target(kept, kept, None))
            raise OutputError(f"{why} The finished file is in {kept}.") from error
    raise OutputError(
        f"{why} The finished file could be kept nowhere else; make room and run again."
    ) from error


def _in_words(target: Target, error: OSError) -> str:
    if target.real.is_dir():
        return f"{target} has become a folder."
    if isinstance(error, FileExistsError):
        return f"{target} was written by another program during the work; it was not overwritten."
    if isinstance(error, PermissionError):
        name = target.path.name
        return f"{target} cannot be overwritten; close {name} in Excel if it is open there, and run again."
    if error.errno == errno.ENOSPC:
        return f"{target} cannot be written: the disk is full."
    return f"{target} cannot be written: {error.strerror or error}."


def _state(path: Path) -> State | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _free_name(path: Path) -> Path:
    stamp = datetime.now(UTC).astimezone().strftime("%Y%m%d-%H%M%S")
    names = [path.with_name(f"{path.stem}-{stamp}{more}{path.suffix}") for more in ("", "-2", "-3", "-4")]
    return next((name for name in names if not name.exists()), names[-1])


# --- parts: hidden files that say which process writes them ---


def _part(folder: Path, content: bytes) -> Path:
    """A hidden file with this content in a folder; nothing is left of it when that fails."""
    part = folder / f"{_PREFIX}-{OF_THIS_COMPUTER}-{os.getpid()}-{_RUN}-{os.urandom(4).hex()}.xlsx"
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part


def _clear_parts(folder: Path) -> None:
    """Remove the parts that processes of this computer left, if these are gone."""
    with suppress(OSError):
        for part in folder.glob(f"{_PREFIX}-{OF_THIS_COMPUTER}-*.xlsx"):
            process, run = part.stem.removeprefix(f"{_PREFIX}-{OF_THIS_COMPUTER}-").split("-")[:2]
            if run != _RUN and process.isdigit() and not runs(int(process)):
                part.unlink(missing_ok=True)


def runs(process: int) -> bool:
    """Whether a process is there; on Windows one that writes a part holds it open, so that it cannot be removed."""
    if os.name == "nt" or process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is there, and somebody else's
    return True
