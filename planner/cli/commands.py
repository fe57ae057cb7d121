"""The command line: parse, call, print. Results go to standard output, messages and progress to standard error.

Exit codes: 0 done, 1 our own fault, 2 usage, 3 the workbook has problems, 4 no plan satisfies the campaign,
5 stopped at the time limit with a valid plan written, or before there was one, 130 interrupted.
"""

import gc
import os
import sys
from typing import Annotated, NoReturn

import typer

from planner import __version__
from planner.cli.check import check
from planner.cli.compare import compare
from planner.cli.evaluate import evaluate
from planner.cli.explain import explain
from planner.cli.frontier import frontier
from planner.cli.new import new
from planner.cli.panel import panel
from planner.cli.plan import plan
from planner.cli.rank import rank
from planner.cli.shared.streams import attach, heed_signals, ignore_signals, interrupted, untaken
from planner.cli.shared.terminal import EXIT_INTERRUPTED, EXIT_USAGE, in_words, say
from planner.cli.stability import stability
from planner.cli.survey import app as survey

_OBJECTS = 100_000  # made, before Python looks for cycles

app = typer.Typer(
    name="planner",
    help="Plan media: a campaign workbook in, a certified plan workbook out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # main() puts errors into words
    rich_markup_mode=None,  # rich takes longer to load than the help to read
)
app.add_typer(survey)


def _say_version(asked: bool) -> None:
    """The version, and the end."""
    if asked:
        typer.echo(f"planner {__version__}")
        raise typer.Exit


@app.callback()
def planner(
    version: Annotated[
        bool, typer.Option("--version", help="Say the version.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    """Plan media: a campaign workbook in, a certified plan workbook out."""


for command in (new, check, rank, plan, evaluate, explain, compare, frontier, stability, panel):
    app.command()(command)


def main() -> None:
    """The command `planner`: every error of ours becomes a message and an exit code.

    Typer itself answers usage errors (2) and Ctrl-C (130); what is neither is a bug and shows where it arose.
    """
    # Before numpy is loaded. Its matrices are small here: threads of its own cost more than they bring, and on a
    # busy machine they wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_OBJECTS)  # a plan makes few cycles, and looking for them took a tenth of its time
    attach()
    heed_signals()
    try:
        app()
    except SystemExit as ended:
        if ended.code == EXIT_INTERRUPTED:
            _end_interrupted()
        _leave("", ended.code)
    except KeyboardInterrupt:
        _end_interrupted()
    except Exception as error:
        if interrupted(error):
            _end_interrupted()
        _leave(*in_words(error))


def _end_interrupted() -> NoReturn:
    from planner.cli.shared.scratch import leave_own_folder

    ignore_signals()
    say("\nInterrupted.")
    untaken()
    leave_own_folder()
    os._exit(EXIT_INTERRUPTED)  # a solver's own threads may still be at work; Python cannot end them


def _leave(message: str, code: int | str | None) -> NoReturn:
    """End with a message, and with a usage error where the result could not be printed."""
    if message:
        say(message)
    failed = untaken()
    if failed is not None:
        say(f"Standard output could not be written: {failed.strerror}.")
        code = code or EXIT_USAGE
    gc.freeze()  # what is left goes with the process: Python need not look for cycles in it once more
    sys.exit(code)


if __name__ == "__main__":
    main()
