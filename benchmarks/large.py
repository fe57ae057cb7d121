"""Workbooks as large as they come: how long checking, refusing and planning them takes, beside what is asked.

python -m benchmarks.large [case ...]     each case in a process of its own; CPU seconds, start-up included
- column, columns: 1,000,000 filled cells, in one column and in a hundred: at most twice openpyxl's own read-only
  time, 400 MB
- more: 1,000,001 cells are refused within 5 s; sheets: 4,000 sheets that are not ours
- names: vehicles with names of 30,000 characters, within 5 s; problems: 3,000 of them, summed up
- plan_2000, plan_5000: 2,000 vehicles x 12 traits and 5,000 vehicles x 9, planned and written within --time-limit
"""

import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from benchmarks.made import made_campaign
from planner.campaign.inputs import Campaign, CompositionRow, TraitRow
from planner.workbook.campaign.sheets import write_campaign_sheets
from planner.workbook.page.files import OPTIONS

LIMIT = 60.0  # seconds, --time-limit of the plans
MEGABYTES = 400.0
READ_ONLY = """
import sys, openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True, data_only=True):
    for row in sheet.iter_rows(values_only=True):
        pass
"""
# Runs a command line and tells the CPU seconds and megabytes of that one process.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("@", code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def measured(*arguments: str) -> tuple[int, float, float, float, str]:
    """Exit code, CPU seconds, megabytes, seconds, and what was said, of `python arguments`."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    said, _, figures = done.stdout.rpartition("@")
    code, cpu, megabytes = figures.split()
    return int(code), float(cpu), float(megabytes), time.perf_counter() - begun, said + done.stderr


def planner(*arguments: str) -> tuple[int, float, float, float, str]:
    """The same of a command of the program."""
    return measured("-m", "planner.cli.commands", *arguments)


# --- workbooks --------------------------------------------------------------------------------------

BRIEF = (("Universe (000)", 50_000), ("Budget", 100_000), ("Objective", "reach"))
HEADINGS = ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max")
Rows = Iterable[Iterable[object]]


def vehicles(count: int, name: str = "Title {}", audience: float = 900) -> Iterator[tuple[object, ...]]:
    """The rows of Vehicles."""
    yield HEADINGS
    for number in range(count):
        yield name.format(number), "TV", 1000 + number % 7, audience, 4


def written(path: Path, sheets: dict[str, Rows]) -> Path:
    """A workbook of these sheets, row by row."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def wide(path: Path, cells: int, columns: int) -> Path:
    """So many remarks in so many columns under headings of their own, below a table of four vehicles."""
    first, *others = vehicles(4)
    table = [(*first, *(f"Own {n}" for n in range(columns))), *others]
    small = written(path.with_name("small.xlsx"), {"Brief": BRIEF, "Vehicles": table})
    letters = [xl_col_to_name(5 + n) for n in range(columns)]
    cell = '<c r="{}{}" t="str"><v>remark</v></c>'
    rows = "".join(
        f'<row r="{row}">{"".join(cell.format(letter, row) for letter in letters)}</row>'
        for row in range(6, 6 + cells // columns)
    )
    with (
        zipfile.ZipFile(small) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = content.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
                content = re.sub(rb"<dimension [^>]*/>", b"", content)  # openpyxl would stop where it says
            new.writestr(name, content)
    return path


# --- cases ------------------------------------------------------------------------------------------


def cells_case(folder: Path, columns: int) -> Iterator[str]:
    """One million cells beside openpyxl."""
    path = wide(folder / "cells.xlsx", 999_000, columns)
    code, cpu, megabytes, *_ = planner("check", str(path))
    _, theirs, *_ = measured("-c", READ_ONLY, str(path))
    yield asked(
        f"1,000,000 cells in {columns} columns: check {cpu:.1f} s (exit {code}), {megabytes:.0f} MB; openpyxl "
        f"read-only {theirs:.1f} s", cpu <= 2 * theirs and megabytes <= MEGABYTES,
    )  # fmt: skip


def more_case(folder: Path) -> Iterator[str]:
    """More than is read."""
    path = wide(folder / "more.xlsx", 1_100_000, 10)
    code, cpu, megabytes, *_ = planner("check", str(path))
    yield asked(
        f"1,100,000 cells: refused in {cpu:.1f} s (exit {code}), {megabytes:.0f} MB", cpu <= 5 and code == 3
    )


def sheets_case(folder: Path) -> Iterator[str]:
    """Thousands of sheets that are not ours."""
    others: dict[str, Rows] = {f"Own {n}": (("a", "b"), (1, 2)) for n in range(4_000)}
    path = written(folder / "sheets.xlsx", {"Brief": BRIEF, "Vehicles": vehicles(4), **others})
    code, cpu, *_, said = planner("check", str(path))
    yield asked(
        f"4,000 foreign sheets: check {cpu:.1f} s (exit {code}), {len(said):,} characters", len(said) < 5000
    )


def names_case(folder: Path) -> Iterator[str]:
    """Names as long as a cell can hold."""
    path = written(
        folder / "names.xlsx", {"Brief": BRIEF, "Vehicles": vehicles(20, "Title {} " + "x" * 30_000)}
    )
    code, cpu, *_, said = planner("check", str(path))
    yield asked(f"names of 30,000 characters: {cpu:.1f} s (exit {code}), {len(said):,} characters", cpu <= 5)


def problems_case(folder: Path) -> Iterator[str]:
    """Every vehicle wrong, of one kind and of many."""
    path = written(folder / "problems.xlsx", {"Brief": BRIEF, "Vehicles": vehicles(3_000, audience=-5)})
    code, cpu, *_, said = planner("check", str(path))
    yield asked(
        f"3,000 problems of one kind: {cpu:.1f} s (exit {code}), {len(said):,} characters", len(said) < 5000
    )
    words: list[tuple[object, ...]] = [*vehicles(3_000)]
    words = [
        words[0],
        *(
            (name, medium, f"abc {n}", people, most)
            for n, (name, medium, _, people, most) in enumerate(words[1:])
        ),
    ]
    path = written(folder / "words.xlsx", {"Brief": BRIEF, "Vehicles": words})
    code, cpu, *_, said = planner("check", str(path))
    yield asked(
        f"3,000 words for prices: {cpu:.1f} s (exit {code}), {len(said):,} characters", len(said) < 5000
    )


def with_traits(campaign: Campaign, count: int) -> Campaign:
    """The campaign with further traits, up to `count`, that its vehicles have about as everyone."""
    rng = np.random.default_rng(12)
    more = tuple(
        TraitRow(f"interest {n}", "demographic", 0.3) for n in range(count - len(campaign.composition_traits))
    )
    return replace(
        campaign,
        traits=(*campaign.traits, *more),
        composition_traits=(*campaign.composition_traits, *(trait.name for trait in more)),
        composition=tuple(
            CompositionRow(row.vehicle, (*row.shares, *rng.uniform(0.25, 0.35, len(more)).round(3)))
            for row in campaign.composition
        ),
    )


def plan_case(folder: Path, count: int, traits: int) -> Iterator[str]:
    """A campaign of thousands of vehicles, from workbook to workbook."""
    campaign = with_traits(made_campaign(count, 48), traits)
    path, plan = folder / "campaign.xlsx", folder / "plan.xlsx"
    options: dict[str, Any] = OPTIONS
    with xlsxwriter.Workbook(str(path), options) as book:
        write_campaign_sheets(book, campaign)
    code, cpu, _, took, _ = planner("check", str(path))
    yield f"{count:,} vehicles x {traits} traits: check {cpu:.1f} CPU s, {took:.1f} s (exit {code})"
    limit = ("--time-limit", f"{LIMIT:g}")
    code, cpu, megabytes, took, said = planner("plan", str(path), "-o", str(plan), "--quiet", *limit)
    whole = plan.exists() and zipfile.ZipFile(plan).testzip() is None
    yield asked(
        f"{count:,} vehicles x {traits} traits: plan {cpu:.1f} CPU s, {took:.1f} s of {LIMIT:g} (exit {code}), "
        f"{megabytes:.0f} MB, workbook {'whole' if whole else 'NOT THERE'}: {said.strip()[:300]}",
        took <= LIMIT and whole,
    )


CASES = {
    "column": lambda folder: cells_case(folder, 1),
    "columns": lambda folder: cells_case(folder, 100),
    "more": more_case,
    "sheets": sheets_case,
    "names": names_case,
    "problems": problems_case,
    "plan_2000": lambda folder: plan_case(folder, 2_000, 12),
    "plan_5000": lambda folder: plan_case(folder, 5_000, 9),
}


def asked(text: str, met: bool) -> str:
    """A measurement with whether it is what is asked."""
    return f"{text} {'' if met else '<- MISSED'}".strip()


def main(names: Iterable[str]) -> None:
    """Print the cases, one a line."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            for line in CASES[name](Path(folder)):
                print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or CASES)
