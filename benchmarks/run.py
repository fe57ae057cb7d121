"""The benchmark, one command that prints its tables:

    python -m benchmarks.run                    all of it, at most 12 minutes
    python -m benchmarks.run --quick            the sample campaigns and the two smaller made ones
    python -m benchmarks.run --only spring_launch --only "made 500"
    python -m benchmarks.run --minutes 30       more patience, for a slow or busy machine

Every case runs in a process of its own, one after another, so that times do not disturb each other and peak
memory is the case's own. A case that takes too long or fails is shown as "-" and the rest goes on; what is
under way, and why a case is left out, is said on standard error.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from benchmarks import tables
from benchmarks.made import made_campaign
from benchmarks.ruled import made_ruled_campaign
from benchmarks.tables import percent, print_headings, print_row, seconds, short
from planner.workbook.campaign.sheets import write_campaign_sheets

ROOT = Path(__file__).parents[1]
SAMPLES = ("us_2016", "spring_launch")
MADE = ((60, 8), (200, 16), (500, 24), (2000, 48))
OBJECTIVES = ("reach", "influence", "word-of-mouth")
PATIENCE = 180.0  # seconds after which a case is left out
WITHOUT_BREAK_EVEN = 1_000  # vehicles, from which on the process is run without it
SLSQP_VEHICLES = 500  # it factors dense matrices of all variables: a minute here, an hour at 2,000

# What is to be reached on two cores: (case, step), the most, and its unit.
TARGETS = (
    ("spring_launch", "whole process", 5.0, "s"),
    ("spring_launch", "explain", 60.0, "s"),
    ("made 500 x 24", "one solve to 0.1 %", 3.0, "s"),
    ("made 2000 x 48", "one solve to 0.1 %", 30.0, "s"),
    ("120 under rules", "four plans to 0.5 %", 60.0, "s"),
    ("made 2000 x 48", "peak memory", 1500.0, "MB"),
    ("planner", "--help", 0.3, "s"),
)

RULED = "120 under rules"

Measured = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Case:
    """A campaign to run. path: its workbook. vehicles: how many."""

    name: str
    path: Path
    vehicles: int


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds by the clock and of the processor, peak megabytes."""

    seconds: float
    cpu: float
    memory: float


class Runner:
    """Runs cases, each in its own process, until the time is up."""

    def __init__(self, minutes: float) -> None:
        self.end = time.monotonic() + 60 * minutes
        self.start = time.monotonic()

    def case(self, what: str, case: Case) -> dict[str, Any] | None:
        """What benchmarks.case prints; None where it took too long or failed."""
        return self._json(f"{case.name}: {what}", ["-m", "benchmarks.case", what, str(case.path)])[0]

    def plan(self, case: Case, output: Path, *options: str) -> tuple[dict[str, Any] | None, "Usage"]:
        """`planner plan`: its JSON (None where it failed), and what the process took."""
        return self._json(
            f"{case.name}: planner plan {' '.join(options)}",
            [*PLANNER, "plan", str(case.path), "-o", str(output), "--force", "--quiet", "--json", *options],
        )

    def explain(self, case: Case, plan: Path) -> tuple[dict[str, Any] | None, "Usage"]:
        """`planner explain`, of a plan workbook, likewise."""
        return self._json(
            f"{case.name}: planner explain", [*PLANNER, "explain", str(plan), "--quiet", "--json"]
        )

    def help(self) -> float:
        """Seconds of `planner --help`, the best of five."""
        return min(self._run("planner --help", [*PLANNER, "--help"])[2].seconds for _ in range(5))

    def _json(self, title: str, arguments: list[str]) -> tuple[dict[str, Any] | None, "Usage"]:
        code, text, usage = self._run(title, arguments)
        return (json.loads(text) if code in (0, 5) else None), usage

    def _run(self, title: str, arguments: list[str]) -> tuple[int, str, "Usage"]:
        """Exit code (-9 where it was stopped), standard output, what it took."""
        patience = min(PATIENCE, self.end - time.monotonic())
        if patience < 1:
            self._say(f"{title}: left out, no time left (--minutes)")
            return -9, "", Usage(0.0, 0.0, 0.0)
        self._say(title)
        start = time.perf_counter()
        with tempfile.TemporaryFile("w+") as text, tempfile.TemporaryFile("w+") as errors:
            command = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=ENVIRONMENT, stdout=text, stderr=errors
            )
            watch = threading.Timer(patience, command.kill)
            watch.start()
            _, status, used = os.wait4(command.pid, 0)
            watch.cancel()
            taken = time.perf_counter() - start
            code = command.returncode = os.waitstatus_to_exitcode(status)
            text.seek(0)
            errors.seek(0)
            if code == -9:
                self._say(f"{title}: left out, not done after {patience:.0f} s")
            elif code not in (0, 5):
                self._say(f"{title}: ended with {code}: {errors.read()[-400:]}")
            memory = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
            return code, text.read(), Usage(taken, used.ru_utime + used.ru_stime, memory)

    def _say(self, message: str) -> None:
        print(f"[{time.monotonic() - self.start:4.0f} s] {message}", file=sys.stderr, flush=True)


ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # as planner/cli/commands.py sets it for itself
PLANNER = ["-c", "from planner.cli.commands import main; main()"]


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description="Times of the planner, beside other ways to plan.")
    parser.add_argument(
        "--quick", action="store_true", help="without the campaigns of 500 and 2,000 vehicles"
    )
    parser.add_argument("--only", action="append", default=[], help="cases whose name contains this")
    parser.add_argument("--minutes", type=float, default=12.0, help="time in all; what is left is left out")
    chosen = parser.parse_args()
    runner = Runner(chosen.minutes)
    print(f"{os.cpu_count()} processors, load {_load()} before the first case.\n")
    with tempfile.TemporaryDirectory() as folder:
        cases = [case for case in _cases(Path(folder), chosen.quick) if _wanted(case.name, chosen.only)]
        measured: Measured = {("planner", "--help"): runner.help()}
        _print_solve(runner, cases, measured)
        _print_process(runner, [*cases, *_ruled(Path(folder), chosen)], Path(folder), measured)
        _print_objectives(runner, [case for case in cases if case.name in SAMPLES], Path(folder))
        _print_explain(runner, [case for case in cases if case.name in SAMPLES], Path(folder), measured)
        _print_beside(runner, cases)
        _print_fractional(runner, [case for case in cases if case.vehicles <= SLSQP_VEHICLES])
    _print_targets(measured)
    print(
        f"\nLoad {_load()} after the last case: 1 is this benchmark alone; above 2, times by the clock are too long."
    )


def _load() -> str:
    """How busy the machine was in the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _wanted(name: str, only: list[str]) -> bool:
    return not only or any(word in name for word in only)


def _cases(folder: Path, quick: bool) -> Iterable[Case]:
    """The samples and the made campaigns."""
    for name, vehicles in zip(SAMPLES, (39, 85), strict=True):
        yield Case(name, ROOT / "sample_inputs" / f"{name}.xlsx", vehicles)
    for vehicles, segments in MADE[:2] if quick else MADE:
        path = folder / f"made_{vehicles}.xlsx"
        book = Workbook(str(path))
        write_campaign_sheets(book, made_campaign(vehicles, segments))
        book.close()
        yield Case(f"made {vehicles} x {segments}", path, vehicles)


def _ruled(folder: Path, chosen: argparse.Namespace) -> Iterable[Case]:
    """120 vehicles, 26 weeks and every kind of rule; only as a whole process, for no rival knows such rules."""
    if chosen.quick or not _wanted(RULED, chosen.only):
        return
    path = folder / "ruled.xlsx"
    book = Workbook(str(path))
    write_campaign_sheets(book, made_ruled_campaign()[0])
    book.close()
    yield Case(RULED, path, 120)


def _print_table(
    about: str, columns: tables.Columns, cases: Iterable[Case], row: Callable[[Case], list[str] | None]
) -> None:
    """A row a case; a case that was left out has only its name."""
    print_headings(about, columns)
    for case in cases:
        print_row(columns, row(case) or [case.name])


def _print_solve(runner: Runner, cases: list[Case], measured: Measured) -> None:
    def row(case: Case) -> list[str] | None:
        found = runner.case("solve", case)
        if found is None:
            return None
        measured[case.name, "one solve to 0.1 %"] = found["solve"]
        measured[case.name, "peak memory"] = found["memory"]
        steps = [seconds(found[step]) for step in ("read", "build", "solve", "evaluate")]
        size = [str(found["vehicles"]), str(found["segments"])]
        return [
            case.name,
            *size,
            *steps,
            f"{found['memory']:.0f}",
            percent(found["gap"]),
            f"{found['value']:,.1f}",
        ]

    _print_table(tables.ABOUT_SOLVE, tables.SOLVE, cases, row)


def _print_process(runner: Runner, cases: list[Case], folder: Path, measured: Measured) -> None:
    def row(case: Case) -> list[str] | None:
        without = case.vehicles >= WITHOUT_BREAK_EVEN or case.name == RULED
        options = ["--no-break-even"] if without else []
        options += ["--gap", "0.5"] if case.name == RULED else []
        found, usage = runner.plan(case, folder / "plan.xlsx", "--keep", "97", *options)
        if found is None:
            return None
        certified = "whole process" if case.name != RULED else "four plans to 0.5 %"
        if case.name != RULED or found["gap"] <= 0.005:
            measured[case.name, certified] = usage.seconds
        measured[case.name, "peak memory"] = max(usage.memory, measured.get((case.name, "peak memory"), 0.0))
        steps = found["run"]["seconds"]
        names = ("prepare", "customers first", "ordinary plan", "tailored plan", "impressions plan", "comparison",
                 "figures")  # fmt: skip
        cells = [seconds(steps.get(name)) for name in names]
        whole = [usage.seconds - sum(steps.values()), usage.seconds, usage.cpu]
        ends = [f"{usage.memory:.0f}", percent(found["gap"])]
        return [case.name + "*" * without, *cells, *(seconds(value) for value in whole), *ends]

    _print_table(tables.ABOUT_PROCESS, tables.PROCESS, cases, row)


def _print_objectives(runner: Runner, cases: list[Case], folder: Path) -> None:
    if not cases:
        return
    print_headings(tables.ABOUT_OBJECTIVES, tables.OBJECTIVES)
    for case in cases:
        for objective in OBJECTIVES:
            found, usage = runner.plan(case, folder / "plan.xlsx", "--objective", objective)
            cells = [case.name, objective]
            if found is not None:
                steps, influence = found["run"]["seconds"], found["influence"]
                reached = influence["audiences"]["influencers"]["paid_pct"]
                points = influence["gain"]["reach of influencers"]
                names = ("ordinary plan", "tailored plan", "comparison")
                cells += [seconds(usage.seconds), seconds(usage.cpu)]
                cells += [seconds(steps.get(name)) for name in names]
                cells += [percent(found["gap"]), f"{reached:.2f}", f"{points:+.2f}"]
                cells += ["yes" if influence["measurable"] else "no"]
            print_row(tables.OBJECTIVES, cells)


def _print_explain(runner: Runner, cases: list[Case], folder: Path, measured: Measured) -> None:
    def row(case: Case) -> list[str] | None:
        plan = folder / f"{case.name}-explained.xlsx"
        if runner.plan(case, plan, "--no-break-even")[0] is None:
            return None
        found, usage = runner.explain(case, plan)
        if found is None:
            return None
        measured[case.name, "explain"] = usage.seconds
        confirmed = sum(vehicle["confirmed"] for vehicle in found["vehicles"].values())
        count = f"{confirmed} of {len(found['vehicles'])}"
        return [case.name, seconds(usage.seconds), seconds(usage.cpu), count]

    if cases:
        _print_table(tables.ABOUT_EXPLAIN, tables.EXPLAIN, cases, row)


def _print_beside(runner: Runner, cases: list[Case]) -> None:
    def row(case: Case) -> list[str] | None:
        found = runner.case("beside", case)
        if found is None:
            return None
        value, taken, gap = found["ours"]
        greedy, greedy_taken = found["greedy"]
        local, local_taken = found.get("local", (None, None))
        return [case.name, f"{value:,.1f}", seconds(taken), percent(gap), short(greedy, value), seconds(greedy_taken),
                short(local, value), seconds(local_taken)]  # fmt: skip

    _print_table(tables.ABOUT_BESIDE, tables.BESIDE, cases, row)


def _print_fractional(runner: Runner, cases: list[Case]) -> None:
    def row(case: Case) -> list[str] | None:
        found = runner.case("fractional", case)
        if found is None:
            return None
        (value, taken), (other, other_taken) = found["ours"], found["slsqp"]
        return [case.name, f"{value:,.1f}", seconds(taken), short(other, value), seconds(other_taken),
                short(found["rounded"], found["whole"])]  # fmt: skip

    _print_table(tables.ABOUT_FRACTIONAL, tables.FRACTIONAL, cases, row)


def _print_targets(measured: Measured) -> None:
    print("\nTargets on two cores:")
    for name, step, most, unit in TARGETS:
        seen = measured.get((name, step))
        if seen is None:
            print(f"  {name:15} {step:20} at most {most:7,.1f} {unit:2}  not measured")
        else:
            word = "reached" if seen <= most else "MISSED"
            print(
                f"  {name:15} {step:20} at most {most:7,.1f} {unit:2}  measured {seen:8,.2f} {unit:2}  {word}"
            )


if __name__ == "__main__":
    main()
