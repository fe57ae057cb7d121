"""How the program ends: the exit code, one sentence, and JSON where it was asked for."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import NoPlanInTime, SolverFailure
from planner.cli.commands import main

IN_TIME = "The time limit ended the search before a plan was found; allow more time."


@pytest.fixture
def ending(buyers_book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Runs `planner plan --json` where the search raises an error; returns the exit code."""

    def run(error: Exception) -> int:
        def ended(*_: object) -> None:
            raise error

        monkeypatch.setattr("planner.planning.solve.allocate", ended)
        arguments = ["planner", "plan", str(buyers_book()), "-o", str(tmp_path / "plan.xlsx"), "--json"]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended_with:
            main()
        return int(ended_with.value.code or 0)

    return run


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (NoPlanInTime(IN_TIME), 5, "none"),
        (SolverFailure("The solver's answers keep the rules only roughly."), 1, "none"),
        (MemoryError(), 1, "none"),
        (OSError(36, "File name too long", "plan.xlsx"), 2, "refused"),
        (PermissionError(13, "Permission denied", "shared/plan.xlsx"), 2, "refused"),
        (FileNotFoundError(2, "No such file or directory", "ours.toml"), 1, "fault"),
        (ZeroDivisionError("a cell's contents"), 1, "fault"),
    ],
)
def test_an_end_without_a_plan_has_its_code_a_sentence_and_json(error, code, status, ending, capsys):
    assert ending(error) == code
    shown = capsys.readouterr()
    assert json.loads(shown.out)["status"] == status
    assert json.loads(shown.out)["message"] == shown.err.strip()
    assert len(shown.err.strip().splitlines()) == 1


INTERRUPTED_WHILE_LOADING = """
import builtins, os, signal
from planner.cli.start import main
load = builtins.__import__
def interrupted(name, *rest):
    if name == "planner.cli.commands":
        os.kill(os.getpid(), signal.SIGINT)
    return load(name, *rest)
builtins.__import__ = interrupted
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal that a process sends itself")
def test_ctrl_c_while_python_loads_the_program_ends_it_in_a_word():
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADING], capture_output=True, check=False
    )
    assert ended.returncode == 130
    assert ended.stderr.decode() == "\nInterrupted.\n"
