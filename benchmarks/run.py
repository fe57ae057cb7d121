"""The benchmark, one command that prints its tables:

    python -m benchmarks.run            all of it, some minutes on two cores
    python -m benchmarks.run --quick    the sample campaigns and the two smaller made ones
    python -m benchmarks.run --only spring_launch --only "made 500"

Every case runs in a process of its own, one after another, so that times do not disturb each other and peak
memory is the case's own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from benchmarks.made import made_campaign
from planner.workbook.campaign_sheets import write_campaign_sheets

ROOT = Path(__file__).parents[1]
MADE = ((60, 8), (200, 16), (500, 24), (2000, 48))
PATIENCE = 900  # seconds after which a case is left out

# What is to be reached on two cores: (case, step), the most, and its unit.
TARGETS = (
    ("spring_launch", "whole process", 5.0, "s"),
    ("made 500 x 24", "one solve to 0.1 %", 3.0, "s"),
    ("made 2000 x 48", "one solve to 0.1 %", 30.0, "s"),
    ("made 2000 x 48", "peak memory", 1500.0, "MB"),
    ("planner", "--help", 0.3, "s"),
)


@dataclass(frozen=True)
class Case:
    """A campaign to run. path: its workbook."""

    name: str
    path: Path


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description="Times of the planner, beside other ways to plan.")
    parser.add_argument(
        "--quick", action="store_true", help="without the campaigns of 500 and 2,000 vehicles"
    )
    parser.add_argument("--only", action="append", default=[], help="cases whose name contains this")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = [case for case in _cases(Path(folder), chosen.quick) if _wanted(case.name, chosen.only)]
        measured = _print_steps(cases, Path(folder))
        _print_beside(cases)
    measured["planner", "--help"] = min(_process(["--help"])[0] for _ in range(3))
    _print_targets(measured)


def _wanted(name: str, only: list[str]) -> bool:
    return not only or any(word in name for word in only)


def _cases(folder: Path, quick: bool) -> list[Case]:
    cases = [Case(name, ROOT / "sample_inputs" / f"{name}.xlsx") for name in ("us_2016", "spring_launch")]
    for vehicles, segments in MADE[:2] if quick else MADE:
        path = folder / f"made_{vehicles}.xlsx"
        book = Workbook(str(path))
        write_campaign_sheets(book, made_campaign(vehicles, segments))
        book.close()
        cases.append(Case(f"made {vehicles} x {segments}", path))
    return cases


# Headings and widths of the tables' columns; the first column is flush left.
STEPS = (
    ("campaign", 15), ("vehicles", 8), ("segm.", 5), ("cust.", 5), ("read", 6), ("build", 6), ("solve", 7),
    ("eval.", 6), ("write", 6), ("process", 8), ("peak MB", 8), ("gap %", 7), ("value", 12),
)  # fmt: skip
BESIDE = (
    ("campaign", 15), ("ours", 12), ("s", 6), ("gap %", 7), ("greedy short", 13), ("s", 6), ("ours fract.", 12),
    ("s", 6), ("SLSQP short", 13), ("s", 6),
)  # fmt: skip
STATING = (
    ("campaign", 15), ("PuLP states", 12), ("loads", 7), ("solves", 7), ("matrix states", 14), ("solves", 7),
    ("bounds differ by", 17),
)  # fmt: skip

ABOUT_STEPS = """\
Seconds by step (gap asked 0.1 %). build: people, reach, rules; solve: to the certificate, customers first
included where it is on; process: `planner plan` from start to written workbook, with every plan it compares."""
ABOUT_BESIDE = """
Beside others, the same problem (customers first off) and the same exact value. short: worth less than ours;
SLSQP on fractional insertions, beside our fractional plan (left out above 100 vehicles, where it takes minutes)."""
ABOUT_STATING = """
What PuLP costs: the first relaxation stated in PuLP and loaded into HiGHS, beside the same rows as one matrix
handed to HiGHS (passModel). Seconds to state and to solve, and the relative difference of the bounds."""


def _print_row(columns: tuple[tuple[str, int], ...], cells: Sequence[str]) -> None:
    first, *rest = (
        f"{cell:>{width}}" if n else f"{cell:{width}}"
        for n, ((_, width), cell) in enumerate(zip(columns, cells, strict=False))
    )
    print(" ".join([first, *rest]), flush=True)


def _print_headings(about: str, columns: tuple[tuple[str, int], ...]) -> None:
    print(about + "\n")
    _print_row(columns, [name for name, _ in columns])


def _print_steps(cases: list[Case], folder: Path) -> dict[tuple[str, str], float]:
    """The planner's own steps, in seconds; returns what the targets look at."""
    _print_headings(ABOUT_STEPS, STEPS)
    measured: dict[tuple[str, str], float] = {}
    for case in cases:
        for customers, keep in (("off", "0"), ("on", "97")):
            found = _case("plan", str(case.path), customers)
            if found is None:
                _print_row(STEPS, [case.name, "left out", "", customers])
                continue
            output = folder / f"{case.path.stem}-{keep}.xlsx"
            process, memory = _process(["plan", str(case.path), "-o", str(output), "--keep", keep, "--quiet"])
            memory = max(memory, found["memory"])
            seconds = [f"{found[step]:.2f}" for step in ("read", "build", "solve", "evaluate", "write")]
            size = [str(found["vehicles"]), str(found["segments"])]
            rest = [f"{process:.2f}", f"{memory:.0f}", f"{100 * found['gap']:.4f}", f"{found['value']:,.1f}"]
            _print_row(STEPS, [case.name, *size, customers, *seconds, *rest])
            if customers == "off":
                measured[case.name, "one solve to 0.1 %"] = found["solve"]
            measured[case.name, "whole process"] = process  # the last: with customers first
            measured[case.name, "peak memory"] = memory
    return measured


def _print_beside(cases: list[Case]) -> None:
    """Ours beside greedy, SLSQP and the programme as one matrix, on the same problem."""
    _print_headings(ABOUT_BESIDE, BESIDE)
    found = {case.name: _case("beside", str(case.path)) for case in cases}
    rows = {name: row for name, row in found.items() if row is not None}
    for name, row in rows.items():
        value, seconds, gap = row["ours"]
        greedy, greedy_seconds = row["greedy"]
        cells = [name, f"{value:,.1f}", f"{seconds:.2f}", f"{100 * gap:.4f}"]
        cells += [_short(greedy, value), f"{greedy_seconds:.2f}"]
        if "slsqp" in row:
            (best, best_seconds), (other, other_seconds) = row["fractional"], row["slsqp"]
            cells += [f"{best:,.1f}", f"{best_seconds:.2f}", _short(other, best), f"{other_seconds:.2f}"]
        _print_row(BESIDE, cells)
    _print_headings(ABOUT_STATING, STATING)
    for name, row in rows.items():
        both = row["matrix"]
        apart = abs(both["pulp bound"] - both["matrix bound"]) / both["pulp bound"]
        steps = ("pulp", "load", "pulp solve", "matrix", "matrix solve")
        _print_row(STATING, [name, *(f"{both[step]:.2f}" for step in steps), f"{apart:.1e}"])


def _print_targets(measured: dict[tuple[str, str], float]) -> None:
    print("\nTargets on two cores:")
    for name, step, most, unit in TARGETS:
        if (name, step) in measured:
            seen = measured[name, step]
            word = "reached" if seen <= most else "MISSED"
            print(
                f"  {name:15} {step:20} at most {most:7,.1f} {unit:2}  measured {seen:8,.2f} {unit:2}  {word}"
            )


def _short(other: float | None, ours: float) -> str:
    return "no plan" if other is None else f"{100 * (ours - other) / ours:.4f} %"


def _case(*arguments: str) -> dict[str, Any] | None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.case", *arguments],
            cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        print(done.stderr[-400:], file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _process(arguments: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of a `planner` command in a process of its own."""
    start = time.perf_counter()
    command = subprocess.Popen(
        [sys.executable, "-c", "from planner.cli import main; main()", *arguments],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(command.pid, 0)
    command.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if command.returncode not in (0, 5):
        print(f"planner {' '.join(arguments[:2])} ended with {command.returncode}", file=sys.stderr)
    return seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main()
