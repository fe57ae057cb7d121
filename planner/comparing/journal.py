"""A journal of answers: one line of JSON for each question answered, on the disk before the next is waited for.

A line holds the fingerprint of what was asked about, the stretch of questions it was answered in, its key and the
answer. What is not a whole line, as the last one of a program that was killed may not be, is as if it were not there.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import numpy as np

from models.arrays import FloatArray
from planner.errors import OutputError

Answer = dict[str, Any]
_HEAD = b'{"fingerprint":'  # how every line begins


def insertions_by_name(held: Mapping[str, float], names: Sequence[str]) -> FloatArray:
    """(n_vehicles,) what a plan in an answer buys of vehicles of these names."""
    return np.array([held.get(name, 0.0) for name in names])


def weekly_by_name(held: Mapping[str, Sequence[float]], names: Sequence[str]) -> FloatArray | None:
    """(n_vehicles, n_weeks) the same by week; None where the plan says nothing of weeks."""
    nothing = [0.0] * len(next(iter(held.values()), ()))
    return np.array([held.get(name, nothing) for name in names]) if held else None


class Journal:
    """path: of the file, made where there is none; None keeps nothing. fingerprint: of what is asked about. Raises
    OutputError where the file cannot be read or written, or is another thing than a journal."""

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self.path, self.fingerprint = path, fingerprint
        self._file = None if path is None else _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):  # what could not be written was said
                self._file.close()

    def read(self) -> dict[tuple[str, str], Answer]:
        """What stands there of the same fingerprint: (stretch, key) -> answer."""
        if self.path is None:
            return {}
        found: dict[tuple[str, str], Answer] = {}
        for line in self.path.read_bytes().split(b"\n"):
            entry = _entry(line)
            if entry is not None and entry["fingerprint"] == self.fingerprint:
                found[(entry["stretch"], entry["key"])] = entry["answer"]
        return found

    def keep(self, stretch: str, answers: Sequence[tuple[str, Answer]]) -> None:
        """Append the answers of a stretch, each with its key, and wait until the disk has them."""
        if self._file is None:
            return
        try:
            for key, answer in answers:
                line = {"fingerprint": self.fingerprint, "stretch": stretch, "key": key, "answer": answer}
                self._file.write(as_text(line) + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(
                f"the journal {self.path} cannot be written ({error.strerror}). Make room there, or name another place "
                "with --journal; the same command then goes on from what is kept."
            ) from error


def as_text(value: Mapping[str, Any]) -> bytes:
    """One line of JSON. Raises ValueError where a number is none."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _opened(path: Path) -> Any:
    """The file, at the beginning of a line."""
    try:
        if path.exists() and not _is_journal(path.read_bytes()):
            raise OutputError(f"{path} exists already and is no journal; name another file.")
        file = path.open("ab+")
        if file.tell() > 0:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
    except OSError as error:
        raise OutputError(f"the journal {path} cannot be opened ({error.strerror}); name another.") from error
    return file


def _is_journal(content: bytes) -> bool:
    """Whether it is empty, has a line as `Journal.keep` writes them, or is the torn beginning of one."""
    torn = content.rstrip(b"\n")
    begun = torn != b"" and _HEAD.startswith(torn)
    return content == b"" or begun or any(line.startswith(_HEAD) for line in content.split(b"\n"))


def _entry(line: bytes) -> Mapping[str, Any] | None:
    """A line of the journal; None where it is not a whole one."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(entry, dict) and {"fingerprint", "stretch", "key", "answer"} <= entry.keys()
    return entry if whole else None
