"""Where the command `planner` begins: an interruption while Python still loads the rest ends it in a word, too."""

import os
import signal
from typing import NoReturn

_INTERRUPTED = 130


def main() -> None:
    """Load the commands, and run the one asked for."""
    heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # nohup and the like do not
    if heeds:
        signal.signal(signal.SIGINT, _end)
    from planner.cli.commands import main as run

    if heeds:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _end(*_: object) -> NoReturn:
    os.write(2, b"\nInterrupted.\n")
    os._exit(_INTERRUPTED)  # nothing is open yet
