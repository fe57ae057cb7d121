"""The README's commands, tables and promises are true."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.verdicts import ASKED, row
from planner.cli.commands import app
from planner.workbook.schema.help import schema_markdown
from planner.workbook.template import write_example

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_the_workbook_table_is_the_schemas():
    assert schema_markdown() in README


def test_every_command_appears():
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"`planner {name}" in README


def test_every_option_of_plan_appears():
    from typer.main import get_command

    options = [
        option for p in get_command(app).commands["plan"].params for option in p.opts if option[:2] == "--"
    ]
    for option in options:
        if option not in ("--output", "--help"):
            assert option in README


@pytest.mark.parametrize("page", ["README.md", "docs/json.md", "docs/method.md"])
def test_every_file_that_a_page_links_exists(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
        assert (path.parent / target).exists(), target


def test_run_it_and_test_it_are_one_command_line_each():
    for heading in ("Run it", "Test it"):
        section = README.split(f"## {heading}\n")[1].split("\n\n")[0].strip("\n")
        assert section.startswith("    python3 -m venv .venv && ")
        assert "\n" not in section


def test_the_lines_for_a_notebook_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    block = README.split("In a notebook, without a workbook written:\n\n")[1].split("\n\n## ")[0]
    names: dict[str, object] = {}
    exec("\n".join(line[4:] for line in block.splitlines()), names)
    plan, audiences = names["plan_frame"](names["result"]), names["audience_frame"](names["result"])
    assert plan["insertions"].sum() > 0
    assert {"everyone", "customers"} <= set(audiences["audience"])


def test_the_lines_for_a_cluster_run_and_answer_as_without_one(tmp_path):
    pytest.importorskip("distributed")
    write_example(tmp_path / "campaign.xlsx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = (ROOT / "docs" / "json.md").read_text()
    block = page.split('-m pip install -q ".[cluster]"\n')[1].split("\n\n")[0].replace("8786", str(port))
    *services, command = [line.strip() for line in block.splitlines()]
    assert [line[-1] for line in services] == ["&", "&"]
    running = [in_folder(line[:-1], tmp_path) for line in services]
    try:
        asked = in_folder(f"{command} --json", tmp_path).communicate(timeout=120)[0]
    finally:
        for each in running[::-1]:
            os.killpg(each.pid, signal.SIGTERM)
            each.communicate(timeout=30)
    alone = re.sub(r" --cluster \S+", " --force --workers 1 --json", command)
    told, other = json.loads(asked), json.loads(in_folder(alone, tmp_path).communicate(timeout=120)[0])
    assert told.pop("run")["cluster"] == f"tcp://127.0.0.1:{port}"
    assert other.pop("run")["cluster"] is None
    assert told == other


def in_folder(line: str, folder: Path) -> "subprocess.Popen[str]":
    """A line of the README at work in a folder, by the programs installed beside this Python."""
    words = shlex.split(line.replace(".venv/bin", str(Path(sys.executable).parent)))
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            start_new_session=True)  # fmt: skip


def test_the_table_of_verdicts_is_what_the_samples_say() -> None:
    """All rows are there; two are planned again (the others by the command that README names)."""
    rows = re.findall(r"^\| (us_2016\S*|spring_launch) \| (.*?) \| (.*?) \|", README, re.MULTILINE)
    assert tuple(rows) == ASKED
    for asked in (ASKED[0], ASKED[1]):
        assert f"| {' | '.join(row(*asked))} |" in README
