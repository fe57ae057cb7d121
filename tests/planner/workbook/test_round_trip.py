"""The round trip as a planner makes it: plan, edit three cells in LibreOffice, evaluate, keep the edits."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.plan_columns import FIRST_ROW, HEADER_ROW
from tests.planner.workbook.reading.book import opened

Maker = Callable[..., Any]
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Edit(source As String, target As String, edits As String)
  On Error Goto Failed
  Dim opened(0) As New com.sun.star.beans.PropertyValue
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  Dim book As Object, entries, parts, i
  opened(0).Name = "Hidden"
  opened(0).Value = True
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, opened())
  entries = Split(edits, ";")
  For i = 0 To UBound(entries)
    parts = Split(entries(i), ":")
    book.Sheets.getByName("Plan").getCellRangeByName(parts(0)).setValue(CDbl(parts(1)))
  Next i
  book.calculateAll()
  saved(0).Name = "FilterName"
  saved(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(target, saved())
  book.close(True)
Failed:
  StarDesktop.terminate()
End Sub
</script:module>
"""


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Path, dict[str, int]], None]:
    """Opens a workbook in LibreOffice, types numbers into cells of Plan, and saves it under another name.

    By a Basic macro in a profile of its own: LibreOffice Calc alone brings Basic, but not Python.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")

    def run(*arguments: str) -> None:
        command = [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            *arguments,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)

    run("--terminate_after_init")  # makes the profile, with a Standard library whose Module1 is ours to fill
    (profile / "user" / "basic" / "Standard" / "Module1.xba").write_text(MODULE)

    def edit(source: Path, target: Path, cells: dict[str, int]) -> None:
        edits = ";".join(f"{cell}:{count}" for cell, count in cells.items())
        run(f"macro:///Standard.Module1.Edit({source.as_uri()},{target.as_uri()},{edits})")
        assert target.exists(), "LibreOffice saved nothing"

    return edit


def column_of(sheet: Worksheet, heading: str) -> int:
    return next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)


def planner(*arguments: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """The command, as a planner types it."""
    command = [sys.executable, "-m", "planner.cli.commands", *map(str, arguments)]
    root = Path(__file__).parents[3]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=root, check=False)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def example_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example campaign without a Start, so without a Flowchart, planned: Plan is the place to edit."""
    folder = tmp_path_factory.mktemp("example")
    planner("new", folder / "campaign.xlsx", "--example")
    with opened(folder / "campaign.xlsx") as book:
        next(row for row in book["Brief"].iter_rows() if row[0].value == "Start")[1].value = None
    planner("plan", folder / "campaign.xlsx", "-o", folder / "plan.xlsx", "--no-break-even", "--quiet")
    return folder / "plan.xlsx"


def three_edits(path: Path) -> dict[str, tuple[str, int, int]]:
    """Cell, insertions optimised and edited of the first three vehicles bought, one insertion fewer each."""
    sheet = openpyxl.load_workbook(path)["Plan"]
    at, before = column_of(sheet, "Insertions (editable)"), column_of(sheet, "Optimised (fixed)")
    rows = [row for row in range(FIRST_ROW + 1, FIRST_ROW + 4) if sheet.cell(row, before).value > 0]
    return {
        sheet.cell(row, 1).value: (
            sheet.cell(row, at).coordinate, sheet.cell(row, before).value, sheet.cell(row, before).value - 1
        )
        for row in rows
    }  # fmt: skip


def test_a_plan_edited_in_libreoffice_is_evaluated_and_its_edits_kept(
    example_plan: Path, libreoffice: Maker, tmp_path: Path
) -> None:
    changes = three_edits(example_plan)
    assert len(changes) == 3
    edited, kept = tmp_path / "edited.xlsx", tmp_path / "kept.xlsx"
    libreoffice(example_plan, edited, {cell: after for cell, _, after in changes.values()})

    evaluated = json.loads(planner("evaluate", edited, "--json", "--no-break-even").stdout)
    told = {name: {"optimised": before, "edited": after} for name, (_, before, after) in changes.items()}
    assert evaluated["edit"]["vehicles"] == told
    assert evaluated["edit"]["value_lost"] > 0
    assert evaluated["value"] + evaluated["edit"]["value_lost"] <= evaluated["bound"] * (1 + 1e-9)
    assert not any("was a formula" in notice for notice in evaluated["notices"])

    done = planner("plan", edited, "--lock-edits", "-o", kept, "--json", "--no-break-even")
    planned = json.loads(done.stdout)
    assert {name: planned["insertions"].get(name, 0) for name in changes} == {
        name: after for name, (_, _, after) in changes.items()
    }
    assert planned["edits"] == []
    assert any("Locked by your edits on Plan" in notice for notice in planned["notices"])
    # The rest is planned anew: worth at least what the edits left.
    assert planned["value"] >= evaluated["value"] * (1 - 1e-9)
    locked = {row.name: row.locked for row in read_campaign(kept).vehicles if row.locked is not None}
    assert locked == {name: after for name, (_, _, after) in changes.items()}


def test_of_a_plan_that_is_not_edited_evaluate_says_so(example_plan: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.xlsx"
    shutil.copy(example_plan, edited)
    cell, _, after = next(iter(three_edits(example_plan).values()))
    said = f"No insertion is edited in {edited.name}."
    assert planner("evaluate", edited, "--no-break-even").stdout.strip().endswith(said)
    with opened(edited) as book:
        book["Plan"][cell] = after
    assert said not in planner("evaluate", edited, "--no-break-even").stdout


def test_a_plan_edited_and_saved_by_openpyxl_comes_to_the_same(example_plan: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.xlsx"
    shutil.copy(example_plan, edited)
    changes = three_edits(example_plan)
    with opened(edited) as book:
        for cell, _, after in changes.values():
            book["Plan"][cell] = after
    evaluated = json.loads(planner("evaluate", edited, "--json", "--no-break-even").stdout)
    assert set(evaluated["edit"]["vehicles"]) == set(changes)
    planned = planner("plan", edited, "-o", tmp_path / "anew.xlsx", "--no-break-even")
    assert "3 edits on Plan were not kept" in planned.stdout


def test_kept_edits_that_cannot_hold_name_their_cells(example_plan: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.xlsx"
    shutil.copy(example_plan, edited)
    with opened(edited) as book:
        brief = book["Brief"]
        (budget,) = (row[1] for row in brief.iter_rows() if row[0].value == "Budget")
        budget.value = 30_000  # less than what any of the edited vehicles costs
        cells = []
        for cell, before, _ in three_edits(example_plan).values():
            book["Plan"][cell] = before - 1
            cells.append(cell)
    done = planner("plan", edited, "--lock-edits", "-o", tmp_path / "anew.xlsx", code=4)
    assert any(f"Plan!{cell}" in done.stderr for cell in cells)
    assert not (tmp_path / "anew.xlsx").exists()


def test_an_edit_above_max_is_a_problem_of_both_cells(example_plan: Path, tmp_path: Path) -> None:
    edited = tmp_path / "edited.xlsx"
    shutil.copy(example_plan, edited)
    name, (cell, before, _) = next(iter(three_edits(example_plan).items()))
    with opened(edited) as book:
        book["Plan"][cell] = 999
        vehicles = book["Vehicles"]
        (most,) = (cell.column for row in vehicles.iter_rows() for cell in row if cell.value == "Max")
        (row,) = (row[0].row for row in vehicles.iter_rows() if row[0].value == name)
        vehicles.cell(row, most).value = before + 1
    done = planner("plan", edited, "--lock-edits", "-o", tmp_path / "anew.xlsx", code=3)
    assert f"Plan!{cell}" in done.stderr
    assert "above maximum" in done.stderr
    assert "(Vehicles!" in done.stderr
