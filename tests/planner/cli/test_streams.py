"""What the program reads from and prints on may be closed, full, odd or nobody's: never a fault of ours."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from planner.cli.shared.fault import fault_text

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="shell redirections, pipes and signals as POSIX has them"
)
PROGRAM = f"{sys.executable} -m planner.cli.commands"


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of bash; `planner` is the program."""
    line = f'planner() {{ {PROGRAM} "$@"; }}; set -o pipefail; {line}'
    return subprocess.run(
        ["bash", "-c", line], check=False, cwd=folder, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def folder(buyers_book, tmp_path: Path) -> Path:
    """A folder with campaign.xlsx."""
    buyers_book()
    return tmp_path


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("planner check campaign.xlsx >&-", 0),
        ("planner check campaign.xlsx >&- 2>&-", 0),
        ("planner check campaign.xlsx | true", 0),
        ("planner --help | true", 0),
        ("planner check nowhere.xlsx 2>&-", 3),
    ],
)
def test_what_nobody_reads_changes_no_exit_code(line: str, code: int, folder: Path) -> None:
    assert shell(line, folder).returncode == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device")
@pytest.mark.parametrize("line", ["planner check campaign.xlsx", "planner --help"])
def test_a_full_standard_output_is_said_in_a_sentence(line: str, folder: Path) -> None:
    ended = shell(f"{line} > /dev/full", folder)
    assert ended.returncode == 2
    assert ended.stderr == "Standard output could not be written: No space left on device.\n"


@pytest.mark.parametrize(("encoding", "budget"), [("cp1252", "€5,000"), ("cp437", "EUR 5,000")])
def test_a_currency_that_a_terminal_cannot_show_is_written_by_its_code(
    encoding: str, budget: str, folder: Path
) -> None:
    line = f"PYTHONIOENCODING={encoding} planner check campaign.xlsx | iconv -f {encoding} -t utf-8"
    assert f" {budget} " in shell(line, folder).stdout


@pytest.mark.parametrize(
    "line", ["check LONG.xlsx", "plan campaign.xlsx -o LONG.xlsx", "survey describe LONG.csv"]
)
def test_a_name_that_no_disk_takes_is_refused_in_a_sentence(line: str, folder: Path) -> None:
    ended = shell(f"planner {line.replace('LONG', 'n' * 300)}", folder)
    assert ended.returncode == 2
    assert "cannot be reached (File name too long)" in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device")
def test_a_full_standard_error_changes_no_exit_code(folder: Path) -> None:
    assert shell("planner check nowhere.xlsx 2> /dev/full", folder).returncode == 3


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_file_is_refused_at_once(kind: str, folder: Path) -> None:
    path = {"pipe": folder / "pipe.xlsx", "folder": folder, "device": Path("/dev/zero")}[kind]
    if kind == "pipe":
        os.mkfifo(path)
    ended = shell(f"planner check {path} --json", folder)
    assert ended.returncode == 3
    assert len(json.loads(ended.stdout)["problems"]) == 1


def test_a_file_name_in_another_encoding_is_planned(folder: Path) -> None:
    shutil.copy(folder / "campaign.xlsx", os.fsencode(folder) + b"/Fr\xfchling.xlsx")
    ended = shell("planner plan $'Fr\\xfchling.xlsx' --no-break-even --quiet --json", folder)
    assert ended.returncode == 0, ended.stderr
    assert os.path.exists(os.fsencode(folder) + b"/Fr\xfchling-plan.xlsx")


@pytest.mark.parametrize("then", ["raise", "raise ImportError from ended"])  # the second of compiled modules
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_end_leaves_nothing(number: int, then: str, folder: Path) -> None:
    command = [*PROGRAM.split(), "plan", "campaign.xlsx"]
    pause = {**os.environ, "PYTHONPATH": str(folder)}
    # A campaign this small is planned in no time: the interpreter is told to wait where the plan would be written.
    (folder / "sitecustomize.py").write_text(
        "import sys, time\n"
        "class Waits:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'planner.workbook.write':\n"
        "            print('now', flush=True)\n"
        "            try:\n"
        "                time.sleep(60)\n"
        "            except KeyboardInterrupt as ended:\n"
        f"                {then}\n"
        "sys.meta_path.insert(0, Waits())\n"
    )
    run = subprocess.Popen(
        command, cwd=folder, env=pause, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "now\n"
    run.send_signal(number)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.strip() == "Interrupted."
    assert sorted(file.name for file in folder.iterdir() if "cache" not in file.name) == [
        "campaign.xlsx",
        "sitecustomize.py",
    ]


def test_a_fault_file_holds_no_contents_of_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fails(cell: str) -> None:
        try:
            raise KeyError(cell)
        except KeyError as error:
            raise ValueError(f"the cell says {cell}") from error

    try:
        fails("Secret Brand 4711")
    except ValueError as error:
        said = fault_text(error)
    (kept,) = tmp_path.iterdir()
    assert str(kept) in said
    assert "delete that file" in said
    assert "4711" not in kept.read_text() + said
    assert "builtins.ValueError" in kept.read_text()
    assert "builtins.KeyError" in kept.read_text()
    assert "in fails" in kept.read_text()
