"""A plan that is killed or asked to end at random moments: the output is whole, and nothing is left after the next run.

python benchmarks/interruptions.py [--moments 20] [--campaign us_2016.xlsx] [--solver highs] [SIGKILL SIGINT SIGTERM]

Seeded; the moments lie within an undisturbed run. Looked at: the plan's workbook, hidden parts beside it, and the
folder for temporary files. Early in the start of Python a signal ends the program before it can answer (code -2 or -15,
or 1).
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

CAMPAIGN = Path(__file__).parents[1] / "sample_inputs" / "us_2016.xlsx"
SIGNALS = ("SIGKILL", "SIGINT", "SIGTERM")


def started(folder: Path, campaign: Path, solver: str) -> "subprocess.Popen[bytes]":
    """A run that writes plan.xlsx over the one that is there; its temporary folder is `folder`/tmp."""
    command = [
        sys.executable,
        "-m",
        "planner.cli.commands",
        "plan",
        str(campaign),
        "-o",
        "plan.xlsx",
        "--force",
    ]
    command += ["--no-break-even", "--quiet", "--solver", solver]
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder / "tmp"))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=folder / "out", env={**os.environ, **temporary}, **quiet)  # type: ignore[call-overload,no-any-return]


def whole(path: Path) -> bool:
    """Whether a workbook's every part can be read."""
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None


def left(folder: Path) -> int:
    """Files beside the plan, and in the folder for temporary files."""
    return len(list((folder / "out").iterdir())) - 1 + len(list((folder / "tmp").rglob("*")))


def interrupted(name: str, moments: int, campaign: Path, solver: str) -> str:
    """What was found of one signal."""
    draw = random.Random(15)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "out").mkdir()
        (folder / "tmp").mkdir()
        begun = time.perf_counter()
        started(folder, campaign, solver).wait()
        seconds = time.perf_counter() - begun
        torn = parts = 0
        codes: Counter[int] = Counter()
        for _ in range(moments):
            run = started(folder, campaign, solver)
            time.sleep(draw.uniform(0, 1.05 * seconds))
            run.send_signal(getattr(signal, name))
            codes[run.wait()] += 1
            torn += not whole(folder / "out" / "plan.xlsx")
            parts = max(parts, left(folder))
        started(folder, campaign, solver).wait()
        ended = ", ".join(f"{count} x {code}" for code, count in sorted(codes.items()))
        return (
            f"{name}, {solver}: {moments} moments (exit codes {ended}), {torn} torn, at most {parts} files left "
            f"between, {left(folder)} after the next run"
        )


def main() -> None:
    """Print what was found, a line a signal."""
    parser = argparse.ArgumentParser(description="End runs at random moments.")
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--campaign", type=Path, default=CAMPAIGN)
    parser.add_argument("--solver", default="highs")
    parser.add_argument("signals", nargs="*", default=SIGNALS)
    asked = parser.parse_args()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of a program that runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in asked.signals:
        print(interrupted(name, asked.moments, asked.campaign.resolve(), asked.solver), flush=True)


if __name__ == "__main__":
    main()
