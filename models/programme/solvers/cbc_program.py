"""CBC as a program that works by files: run, and ended with the run that waits for it.

PuLP writes the programme, knows where CBC is and reads its answer; what it does not do is end CBC when the wait for it
is interrupted, which then works on to its own time limit.
"""

import subprocess
import threading
from typing import Any

import pulp

from models.errors import SolverFailure


class Cbc(pulp.PULP_CBC_CMD):  # type: ignore[misc]
    """PuLP's CBC, silent, on one core. nodes: of the search tree, None for any number."""

    def __init__(self, whole: bool, gap: float, seconds: float, nodes: int | None) -> None:
        super().__init__(msg=False, mip=whole, gapRel=gap, timeLimit=seconds, threads=1, maxNodes=nodes)

    def solve_CBC(self, lp: pulp.LpProblem, use_mps: bool = True) -> Any:  # noqa: N802
        """As PuLP's own. Raises SolverFailure where CBC gives no answer."""
        programme, answer = self.create_tmp_files(lp.name, "mps", "sol")
        try:
            variables, names, rows, _ = lp.writeMPS(programme, rename=1)
            code = run([self.path, programme, *self._told(), "-solution", answer])
            try:
                read = self.readsol_MPS(answer, lp, variables, names, rows)
            except (OSError, IndexError, ValueError) as error:
                raise SolverFailure(f"CBC gave no answer (exit code {code}); use --solver highs.") from error
        finally:
            self.delete_tmp_files(programme, answer)
        status, values, _, _, _, kind = read
        lp.assignVarsVals(values)
        lp.assignStatus(status, kind)
        return status

    def _told(self) -> list[str]:
        """The options of a solve, word by word."""
        options = [f"-{option}" for option in self.getOptions()]
        limit = ["-sec", str(self.timeLimit)]
        solve = "-solve" if self.mip else "-initialSolve"
        return [*limit, *" ".join(options).split(), solve, "-printingOptions", "all"]


class Program:
    """A program, started and waited for in a thread of its own: a signal is heard in the main one, and cannot fall
    between the program's start and our knowing it. code: what it ended with, None before, or where it could not be
    started. over: nothing of it runs any more. (Python 3.11 takes a thread for ended whose join is interrupted.)"""

    def __init__(self, arguments: list[str]) -> None:
        self.code: int | None = None
        self.over = threading.Event()
        self._arguments, self._unwanted = arguments, False
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = threading.Lock()

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            with self._starting:
                self._process = None if self._unwanted else _started(self._arguments)
            if self._process is not None:
                self.code = self._process.wait()
        finally:
            self.over.set()

    def end(self) -> None:
        """End it, and wait until it is gone; where it has not begun, it never does."""
        with self._starting:
            self._unwanted = True
            begun = self._process
        if begun is not None:
            begun.kill()
            self.over.wait()


def _started(arguments: list[str]) -> subprocess.Popen[bytes] | None:
    nothing, no_window = subprocess.DEVNULL, getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        return subprocess.Popen(
            arguments, stdin=nothing, stdout=nothing, stderr=nothing, creationflags=no_window
        )
    except OSError:
        return None


def run(arguments: list[str]) -> int | None:
    """Run a program silently to its end; its exit code, None where it could not be started. Whatever interrupts the
    wait ends the program too."""
    program = Program(arguments)
    try:
        program.start()
        while not program.over.wait(0.2):
            pass
    except BaseException:
        program.end()
        raise
    return program.code
