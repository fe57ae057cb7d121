"""What cannot be written beside a result that stands already is told behind where that stands."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from planner.cli.commands import app
from planner.cli.shared.files import after
from planner.cli.shared.terminal import in_words
from planner.errors import OutputError
from planner.workbook.page import files


@pytest.fixture
def full_for_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Disks that have room for workbooks and for nothing else."""
    part = files._part

    def only_workbooks(folder: Path, content: bytes) -> Path:
        if content and not content.startswith(b"PK"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return part(folder, content)

    monkeypatch.setattr(files, "_part", only_workbooks)


@pytest.mark.parametrize("more", [("--html", "report.html"), ("--csv", "plan.csv"), ("--csv", "tables")])
def test_a_plan_that_is_written_is_told_where_the_disk_has_no_room_for_its_report_or_tables(
    more, buyers_book: Callable[..., Path], tmp_path: Path, full_for_text
):
    target = tmp_path / "plan.xlsx"
    asked = ["plan", str(buyers_book()), "-o", str(target), more[0], str(tmp_path / more[1])]
    said, code = in_words(CliRunner().invoke(app, asked).exception)
    assert code == 2
    assert target.exists()
    assert said.startswith(f"The plan is in {target}. {tmp_path / more[1]}")
    assert "cannot be written: the disk is full." in said


def test_what_is_not_about_a_file_keeps_its_own_words():
    with pytest.raises(OSError, match="no colour"), after("The plan is in plan.xlsx."):
        raise OSError("no colour")
    with pytest.raises(OutputError, match=r"^tables cannot be reached$"), after(""):
        raise OutputError("tables cannot be reached")
    full = OSError(errno.ENOSPC, "No space left on device", "tables")
    words = r"^The plan is in plan\.xlsx\. tables cannot be written: No space left on device\.$"
    with pytest.raises(OutputError, match=words), after("The plan is in plan.xlsx."):
        raise full
