"""The file of a plan's workbook: the same bytes, and never half of one."""

import os
import re
from pathlib import Path

import pytest

from planner.errors import OutputError
from planner.workbook import write
from planner.workbook.page import files
from planner.workbook.write import write_plan
from tests.planner.workbook.plan.cells import OURS, Maker, texts, values


def test_the_same_result_gives_the_same_bytes(made_result: Maker, tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_plan(made_result(), first)
    write_plan(made_result(), second)
    assert first.read_bytes() == second.read_bytes()


def test_writing_replaces_an_older_plan_and_leaves_nothing_beside_it(
    made_result: Maker, written: Maker
) -> None:
    path = written(made_result(fingerprint="old"))
    written(made_result(fingerprint="new"))
    assert "new" in texts(values(path)["Notes"])
    assert [file.name for file in path.parent.iterdir()] == ["plan.xlsx"]


def test_a_locked_target_keeps_the_finished_plan_beside_it(
    made_result: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_text("open in Excel")
    replace_file = os.replace

    def locked(source: Path, path: Path) -> None:
        if Path(path) == target:
            raise PermissionError(13, "Permission denied")
        replace_file(source, path)

    monkeypatch.setattr(files.os, "replace", locked)
    with pytest.raises(OutputError, match=r"close plan\.xlsx in Excel") as error:
        write_plan(made_result(), target)
    kept = next(file for file in tmp_path.iterdir() if file != target)
    assert re.fullmatch(r"plan-\d{8}-\d{6}\.xlsx", kept.name)
    assert str(kept) in str(error.value)
    assert values(kept).sheetnames[: len(OURS)] == OURS
    assert target.read_text() == "open in Excel"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failure_while_writing_leaves_the_old_file_and_no_litter(
    made_result: Maker, written: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(made_result())
    before = path.read_bytes()
    monkeypatch.setattr(write, "write_notes_sheet", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_plan(made_result(), path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["plan.xlsx"]
