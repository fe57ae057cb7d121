"""What each command costs beside what is asked of it: CPU seconds of whole processes, one after another.

    python -m benchmarks.asked CAMPAIGNS            all lines; CAMPAIGNS: the folder of launch_21, grill_60 and the like
    python -m benchmarks.asked CAMPAIGNS --only explain --only "us_2016"

Lines whose workbook is not there are left out. `--help` and the like are the least of three runs, the others one.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook

ROOT = Path(__file__).parents[1]
PLANNER = (sys.executable, "-c", "from planner.cli.commands import main; main()")
BREAK_EVEN = 0.25  # of the rest of plan, at most
SHARE = 0.15  # of what plan costs beyond check: evaluate
VEHICLES = (
    ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max"),
    ("Morning Show", "TV", 10000, 3000, 10), ("Evening News", "TV", 25000, 6000, 10),
    ("Quiz Night", "TV", 18000, 4500, 10), ("Weekly Herald", "Newspapers", 9000, 1500, 6),
    ("Home & Garden", "Magazines", 7000, 1200, 4), ("City Times", "Newspapers", 6000, 900, 6),
)  # fmt: skip
WEEKLY_CAPS = {
    "Brief": (("Currency", "EUR"), ("Universe (000)", 50000), ("Budget", 150000), ("Weeks", 4)),
    "Traits": (("Trait", "Role", "Share of universe %"), ("catalyst", "catalyst", 10), ("customer", "customer", 20)),
    "Vehicles": VEHICLES,
    "Composition": (
        ("Vehicle", "catalyst", "customer"),
        *zip([row[0] for row in VEHICLES[1:]], (8, 10, 7, 18, 14, 20), (20, 22, 18, 25, 30, 20), strict=True),
    ),
    "Weeks": (("Vehicle", "W1", "W2", "W3", "W4"), ("budget at most", 30000, 30000, 30000, 30000)),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """name: of what is measured. asked: CPU seconds at most, of what was measured before. run: measures it."""

    name: str
    run: Callable[["Measured"], tuple[float, float | None]]


class Measured:
    """Runs commands in a folder of their own and remembers what they cost."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[tuple[str, ...], float] = {}

    def cpu(self, *command: str, times: int = 1) -> float:
        """CPU seconds of a planner command; the least of so many runs."""
        if command not in self.known:
            self.known[command] = min(self._once((*PLANNER, *command)) for _ in range(times))
        return self.known[command]

    def python(self, text: str) -> float:
        """CPU seconds of a Python that runs a text; the least of three."""
        return min(self._once((sys.executable, "-c", text)) for _ in range(3))

    def plan(self, path: Path, *options: str) -> float:
        """CPU seconds of a plan, whose workbook stays."""
        return self.cpu("plan", str(path), "-o", str(self.plan_of(path)), "--force", "--quiet", *options)

    def evaluate(self, path: Path) -> float:
        """CPU seconds of evaluate, of a plan made before."""
        self.plan(path)
        return self.cpu("evaluate", str(self.plan_of(path)))

    def plan_of(self, path: Path) -> Path:
        return self.folder / f"{path.stem}-plan.xlsx"

    def _once(self, command: tuple[str, ...]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, env=_environment())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 5):
            print(done.stderr.decode()[-400:], file=sys.stderr)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment() -> dict[str, str]:
    """Compiled modules are kept, as an installed program keeps them."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def lines(campaigns: Path, made: Path) -> Iterator[Line]:
    """Every line of the table, in order."""
    us, spring = (ROOT / "sample_inputs" / f"{name}.xlsx" for name in ("us_2016", "spring_launch"))
    launch, grill = (campaigns / f"{name}_vehicles.xlsx" for name in ("launch_21", "grill_60"))
    caps = _weekly_caps(made / "weekly_caps_slow.xlsx")
    yield Line("--help", lambda m: (m.cpu("--help", times=3), 1.6 * m.python("import typer")))
    for command in ("check", "rank"):
        yield Line(f"{command} us_2016", lambda m, command=command: (m.cpu(command, str(us), times=3), 1.2))
    for path, most in ((us, 2.5), (spring, 4.0), (launch, 4.0), (caps, 2.0), (grill, 25.0)):
        if path.exists():
            yield Line(f"plan {path.stem}", lambda m, p=path, most=most: (m.plan(p, "--no-break-even"), most))
            yield Line(f"  break-even {path.stem}", lambda m, p=path: _break_even(m, p))
            yield Line(f"evaluate {path.stem}", lambda m, p=path: _evaluated(m, p))
    for path, most in ((us, 15.0), (spring, 25.0), (launch, None), (grill, None)):
        if path.exists():
            yield Line(f"explain {path.stem}", lambda m, p=path, most=most: _explained(m, p, most))
    if launch.exists():
        yield Line("line per 1,000 beside per 100,000", lambda m: _per_thousand(m, launch))


def _break_even(measured: Measured, path: Path) -> tuple[float, float]:
    rest = measured.plan(path, "--no-break-even")
    return measured.plan(path) - rest, BREAK_EVEN * rest


def _evaluated(measured: Measured, path: Path) -> tuple[float, float]:
    cost, check = measured.evaluate(path), measured.cpu("check", str(path))
    return cost, check + SHARE * (measured.plan(path) - check)


def _explained(measured: Measured, path: Path, most: float | None) -> tuple[float, float]:
    measured.plan(path)
    cost = measured.cpu("explain", str(measured.plan_of(path)), "--force")
    return cost, max(6 * measured.plan(path, "--no-break-even"), most or 0.0)


def _per_thousand(measured: Measured, path: Path) -> tuple[float, float]:
    """The line of the campaign that is sold per thousand (Max 6,000), beside the same sold per 100,000 (Max 60)."""
    book = load_workbook(path)
    sheet = book["Vehicles"]
    row = next(row for row in sheet.iter_rows() if any(cell.value == 6000 for cell in row))
    price, audience, most, unit = (
        next(cell for cell in row if cell.value == value) for value in ("£6.50", 1, 6000, "CPM 000s")
    )
    price.value, audience.value, most.value, unit.value = "£650.00", 100, 60, "100,000 impressions"
    other = measured.folder / "per_100_000.xlsx"
    book.save(other)
    return measured.plan(path, "--no-break-even"), 1.5 * measured.plan(other, "--no-break-even")


def _weekly_caps(path: Path) -> Path:
    """Six vehicles, four weeks, at most 30,000 a week."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in WEEKLY_CAPS.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("campaigns", type=Path)
    parser.add_argument(
        "--only", action="append", default=[], help="lines whose name has this; repeat for more"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = Measured(Path(folder))
        print(f"{'CPU seconds':40} {'is':>7} {'asked':>7}")
        for line in lines(chosen.campaigns, Path(folder)):
            if chosen.only and not any(word in line.name for word in chosen.only):
                continue
            cost, most = line.run(measured)
            print(f"{line.name:40} {cost:7.2f} {most:7.2f}  {'' if cost <= most else 'missed'}", flush=True)


if __name__ == "__main__":
    main()
