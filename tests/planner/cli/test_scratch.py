"""Nothing of a campaign stays behind in the temporary folder, whatever ended the run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from planner.cli.shared import scratch

GONE = 4_194_304  # above the highest number of a process


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


def test_folders_of_runs_that_are_gone_are_cleared_and_no_others(parent: Path) -> None:
    left = parent / f"{scratch._PREFIX}{GONE}-abc"
    others = [parent / f"{scratch._PREFIX}{os.getppid()}-abc", parent / "planner-work-elsewhere-1-abc"]
    for folder in (left, *others):
        folder.mkdir()
        (folder / "x-pulp.mps").write_text("a campaign's numbers")
    scratch.clear_left_over()
    assert sorted(parent.iterdir()) == sorted(others)


def test_what_a_solver_writes_goes_with_the_run(parent: Path) -> None:
    scratch.work_in_own_folder()
    (own,) = parent.iterdir()
    assert os.environ["TMPDIR"] == os.environ["TMP"] == os.environ["TEMP"] == str(own)
    (own / "x-pulp.mps").write_text("a campaign's numbers")
    scratch.leave_own_folder()
    assert list(parent.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_run_that_is_ended_leaves_nothing_after_the_next(name: str, parent: Path) -> None:
    at_work = (
        "import os, signal, sys, time\n"
        "from planner.cli import commands\n"
        "from planner.cli.shared import scratch\n"
        "def work():\n"
        "    scratch.clear_left_over()\n"
        "    scratch.work_in_own_folder()\n"
        "    open(os.path.join(os.environ['TMP'], 'x-pulp.mps'), 'w').close()\n"
        f"    os.kill(os.getpid(), signal.{name})\n"
        "    time.sleep(60)\n"
        "commands.app = work\n"
        "commands.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", at_work], capture_output=True, text=True, check=False)
    if name == "SIGKILL":
        assert len(list(parent.iterdir())) == 1
        scratch.clear_left_over()
    else:
        assert (ended.returncode, ended.stderr.strip()) == (130, "Interrupted.")
    assert list(parent.iterdir()) == []
