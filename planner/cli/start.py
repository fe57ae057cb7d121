"""Where the command `planner` begins: an interruption while Python still loads the rest ends it in a word, too."""

import os
import signal
from typing import NoReturn


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
    os._exit(128 + signal.SIGINT)  # nothing is open yet
