"""Where results stand: whole or not at all, never over what nobody agreed to, and never lost."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from planner.errors import OutputError
from planner.workbook.page import files
from planner.workbook.page.files import target_of, try_folder, write_whole


def plan(file: BinaryIO) -> None:
    file.write(b"the plan")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, the home folder and that for temporary files."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setattr(files, "gettempdir", lambda: str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that a plan is asked into."""
    made = tmp_path / "plans"
    made.mkdir()
    return made


def only(folder: Path) -> Path:
    """The one file of a folder."""
    (found,) = folder.iterdir()
    return found


def test_a_new_file_is_there_whole_and_nothing_beside_it(folder: Path) -> None:
    write_whole(folder / "plan.xlsx", plan)
    assert only(folder).read_bytes() == b"the plan"


def test_a_target_that_was_looked_at_is_overwritten_and_keeps_who_may_read_it(folder: Path) -> None:
    path = folder / "plan.xlsx"
    path.write_text("old")
    path.chmod(0o640)
    write_whole(target_of(path), plan)
    assert only(folder).read_bytes() == b"the plan"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("before", [None, "older"])
def test_what_came_during_the_work_is_not_overwritten(before: str | None, folder: Path) -> None:
    path = folder / "plan.xlsx"
    if before is not None:
        path.write_text(before)
    target = target_of(path)
    path.unlink(missing_ok=True)
    path.write_text("a colleague's")
    with pytest.raises(OutputError, match="written by another program during the work") as error:
        write_whole(target, plan)
    (kept,) = (file for file in folder.iterdir() if file != path)
    assert path.read_text() == "a colleague's"
    assert kept.read_bytes() == b"the plan"
    assert str(kept) in str(error.value)


def test_a_target_that_became_a_folder_has_the_plan_beside_it(folder: Path) -> None:
    path = folder / "plan.xlsx"
    target = target_of(path)
    path.mkdir()
    with pytest.raises(OutputError, match="has become a folder") as error:
        write_whole(target, plan)
    (kept,) = (file for file in folder.iterdir() if file != path)
    assert kept.read_bytes() == b"the plan"
    assert str(kept) in str(error.value)


def test_a_folder_that_is_gone_does_not_lose_the_plan(folder: Path, elsewhere: Path) -> None:
    target = target_of(folder / "plan.xlsx")
    folder.rmdir()
    with pytest.raises(OutputError, match="The finished file is in") as error:
        write_whole(target, plan)
    assert only(elsewhere).read_bytes() == b"the plan"
    assert str(only(elsewhere)) in str(error.value)


def test_a_full_disk_keeps_the_older_file_and_the_plan_elsewhere(
    folder: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = folder / "plan.xlsx", os.fsync
    path.write_text("old")

    def full(handle: int) -> None:
        if Path(os.readlink(f"/proc/self/fd/{handle}")).parent == folder:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(handle)

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OutputError, match=r"the disk is full. The finished file is in") as error:
        write_whole(target_of(path), plan)
    assert only(folder).read_text() == "old"
    assert only(elsewhere).read_bytes() == b"the plan"
    assert len(str(error.value).splitlines()) == 1


def test_where_nothing_can_be_written_at_all_that_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OutputError, match="could be kept nowhere else; make room"):
        write_whole(folder / "plan.xlsx", plan)
    assert list(folder.iterdir()) == []


def test_a_link_is_followed_not_replaced(folder: Path, elsewhere: Path) -> None:
    link, real = folder / "plan.xlsx", elsewhere / "shared.xlsx"
    real.write_text("old")
    link.symlink_to(real)
    write_whole(link, plan)
    assert link.is_symlink()
    assert real.read_bytes() == b"the plan"


def test_a_link_to_nothing_yet_makes_what_it_leads_to(folder: Path, elsewhere: Path) -> None:
    (folder / "plan.xlsx").symlink_to(elsewhere / "shared.xlsx")
    write_whole(folder / "plan.xlsx", plan)
    assert only(elsewhere).read_bytes() == b"the plan"


def test_a_file_system_without_links_has_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", none)
    write_whole(folder / "plan.xlsx", plan)
    assert only(folder).read_bytes() == b"the plan"


def test_parts_of_killed_runs_are_cleared_and_those_of_running_ones_are_not(folder: Path) -> None:
    def part(process: int, run: str) -> Path:
        made = folder / f"{files._PREFIX}-{files.OF_THIS_COMPUTER}-{process}-{run}-00.xlsx"
        made.write_text("half a plan")
        return made

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    running = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        gone, earlier = (
            part(ended.pid, "aa"),
            part(os.getpid(), "aa"),
        )  # a process may get an earlier one's number
        there, own = part(running.pid, "aa"), part(os.getpid(), files._RUN)
        elsewhere = folder / f"{files._PREFIX}-otherhost-{ended.pid}-aa-00.xlsx"
        elsewhere.write_text("of another computer")
        target_of(folder / "plan.xlsx")
        assert sorted(folder.iterdir()) == sorted([there, own, elsewhere])
        assert not gone.exists()
        assert not earlier.exists()
    finally:
        running.communicate(b"")


def test_trying_a_folder_leaves_nothing_in_it(folder: Path) -> None:
    try_folder(folder)
    assert list(folder.iterdir()) == []
    with pytest.raises(OSError, match="No such file"):
        try_folder(folder / "nowhere")
