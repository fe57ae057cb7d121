"""What the command line says of the time that a run took."""

from pathlib import Path

import pytest
import typer

from planner.cli.shared.files import Decimal, csv_of
from planner.cli.shared.terminal import check_output, say_time


@pytest.mark.parametrize(
    ("spent", "ended", "said"),
    [
        (9.0, False, ""),
        (10.9, False, ""),
        (
            10.2,
            True,
            "The time limit of 10 seconds ended the search; the plan is valid, see its certificate.",
        ),
        (
            14.0,
            True,
            "The time limit of 10 seconds ended the search; with reading and writing the run took 14; the plan is "
            "valid, see its certificate.",
        ),
        (
            14.0,
            False,
            "The run took 14 seconds, reading and writing included; the time limit of 10 is the search's.",
        ),
    ],
)
def test_what_the_limit_does_not_cover_is_said(
    spent: float, ended: bool, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say_time(10.0, spent, ended)
    assert capsys.readouterr().err.strip() == said


@pytest.mark.parametrize("mark", [".~lock.plan.xlsx#", "~$plan.xlsx"])
def test_a_result_that_is_open_in_another_program_is_not_overwritten(
    mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program that has it open would save it over the result; a mark beside nothing is a left-over."""
    plan, source = tmp_path / "plan.xlsx", tmp_path / "campaign.xlsx"
    (tmp_path / mark).touch()
    assert check_output(plan, source, force=True).seen is None
    plan.touch()
    with pytest.raises(typer.Exit) as stopped:
        check_output(plan, source, force=True)
    assert stopped.value.exit_code == 2
    assert mark in capsys.readouterr().err


def test_a_name_that_is_too_long_to_have_a_mark_beside_it_is_of_no_open_file(tmp_path: Path) -> None:
    plan = tmp_path / f"{'p' * 250}.xlsx"  # 255 are the most that a name may have
    plan.touch()
    assert check_output(plan, tmp_path / "campaign.xlsx", force=True).seen is not None


@pytest.mark.parametrize("there", [True, False])
def test_tables_that_cannot_be_written_to_their_folder_are_refused_before_the_work(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = tmp_path / "tables"
    if there:
        tables.mkdir()

    def locked(folder: Path) -> None:
        assert folder == (tables if there else tmp_path)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("planner.workbook.page.files.try_folder", locked)
    with pytest.raises(typer.Exit) as stopped:
        csv_of(tables, None, Decimal.point, tmp_path / "campaign.xlsx", force=False)
    assert stopped.value.exit_code == 2
    assert "cannot be written to (Permission denied); choose another" in capsys.readouterr().err
