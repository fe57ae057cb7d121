"""Standard output and error as they may be: closed, full, or read by nobody; and signals that end the program.

Nothing that is printed is worth losing a plan for: what cannot be printed is dropped, and said once at the end.
"""

import codecs
import errno
import os
import signal
import sys
from typing import Any, NoReturn, TextIO

_STANDARD = (0, 1, 2)


class Tolerant:
    """A text stream that swallows what nobody takes. failed: why the first of it was not taken; None where all was, or
    where the reader has gone away, as `| head` does."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.failed: OSError | None = None

    def write(self, text: str) -> int:
        """As a stream's; the text's length in any case."""
        try:
            return self.stream.write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """As a stream's."""
        try:
            self.stream.flush()
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError) -> None:
        """From here on, and with what is still kept, to nowhere: Python flushes its streams once more at the end."""
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # Windows says EINVAL of a pipe that nobody reads
            self.failed = self.failed or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def attach() -> None:
    """Make standard streams of what the program was given.

    A closed one leads nowhere, for the next file opened would stand in its place; letters that a stream's encoding
    lacks are written without them.
    """
    codecs.register_error("planner", without)
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="planner")
        if not isinstance(stream, Tolerant):
            setattr(sys, name, Tolerant(stream))


def without(error: UnicodeError) -> tuple[str, int]:
    """Letters that an encoding lacks, in others: a currency's sign as its code, for "?" beside an amount is read as
    "not quoted"; else "?".

    >>> codecs.register_error("planner", without)
    >>> [text.encode("cp866", "planner") for text in ("€12k, £5", "CN¥7", "naïve")]
    [b'EUR 12k, GBP 5', b'CNY 7', b'na?ve']
    """
    from planner.formats import SYMBOLS

    if not isinstance(error, UnicodeEncodeError):
        raise error
    if error.object[: error.start].endswith("CN"):
        return "Y ", error.start + 1
    codes = {sign: f"{code} " for code, sign in SYMBOLS.items()}
    return "".join(codes.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def untaken() -> OSError | None:
    """Why standard output could not be written, None where it could."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return getattr(sys.stdout, "failed", None)


def heed_signals() -> None:
    """Being asked to end, or losing the terminal, is an interruption like Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            signal.signal(number, _interrupt)


def interrupted(error: BaseException | None) -> bool:
    """Whether an error comes of an interruption: a compiled module that is interrupted while it is imported fails with
    an ImportError.

    >>> interrupted(ImportError()), interrupted(KeyboardInterrupt())
    (False, True)
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def ignore_signals() -> None:
    """Nothing more ends the program, which is ending."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
