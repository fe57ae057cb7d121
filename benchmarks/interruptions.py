"""A plan that is killed or asked to end at random moments: the output is whole, and nothing is left after the next run.

python benchmarks/interruptions.py [moments a signal, default 20]. Seeded; the moments lie within an undisturbed run.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

CAMPAIGN = Path(__file__).parents[1] / "sample_inputs" / "us_2016.xlsx"
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)


def started(folder: Path) -> "subprocess.Popen[bytes]":
    """A run that writes plan.xlsx over the one that is there."""
    command = [
        sys.executable,
        "-m",
        "planner.cli.commands",
        "plan",
        str(CAMPAIGN),
        "-o",
        "plan.xlsx",
        "--force",
    ]
    command += ["--no-break-even", "--quiet"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def whole(path: Path) -> bool:
    """Whether a workbook's every part can be read."""
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None


def main(moments: int) -> None:
    """Print what was found, a line a signal."""
    draw = random.Random(15)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        started(folder).wait()
        seconds = time.perf_counter() - begun
        for number in SIGNALS:
            torn = parts = 0
            for _ in range(moments):
                run = started(folder)
                time.sleep(draw.uniform(0, 1.05 * seconds))
                run.send_signal(number)
                run.wait()
                torn += not whole(folder / "plan.xlsx")
                parts += len(list(folder.iterdir())) - 1
            started(folder).wait()
            left = len(list(folder.iterdir())) - 1
            print(
                f"{number.name}: {moments} moments, {torn} torn, {parts} hidden parts, {left} left after the next run"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
