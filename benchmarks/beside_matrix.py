"""A whole plan beside the one matrix: CPU seconds of processes, for campaigns as users have them.

    python -m benchmarks.beside_matrix CAMPAIGNS      the folder of launch_21, grill_60 and the like

The plan without break-even may cost three times the one matrix (benchmarks.one_matrix, of the tailored plan's problem
alone, in a process that has the campaign ready) and two seconds; break-even a quarter of the rest. Where the matrix
does not close the gap within its time, what it took is less than what it needs.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.asked import BREAK_EVEN, ROOT, Measured
from benchmarks.one_matrix import OneMatrixPlan, plan_by_one_matrix
from planner.campaign.prepare import prepare
from planner.workbook.campaign.parse import read_campaign

TIMES, SECONDS = 3.0, 2.0  # of the one matrix, and more
GAP, LIMIT = 1e-3, 120.0


def main() -> None:
    """Print a line a campaign."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("campaigns", type=Path)
    chosen = parser.parse_args()
    samples = [ROOT / "sample_inputs" / f"{name}.xlsx" for name in ("us_2016", "spring_launch")]
    others = [chosen.campaigns / f"{name}.xlsx" for name in ("launch_21_vehicles", "grill_60_vehicles")]
    print(
        f"{'campaign':22} {'matrix':>7} {'gap %':>8} {'plan':>7} {'asked':>7} {'break-even':>10} {'asked':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        measured = Measured(Path(folder))
        for path in (*samples, *others):
            if path.exists():
                print(_line(path, measured, _by_matrix(path)), flush=True)


def _by_matrix(path: Path) -> OneMatrixPlan:
    return plan_by_one_matrix(prepare(read_campaign(path)).problem, GAP, LIMIT)


def _line(path: Path, measured: Measured, matrix: OneMatrixPlan) -> str:
    rest = measured.plan(path, "--no-break-even")
    further = measured.plan(path) - rest
    return (
        f"{path.stem:22} {matrix.cpu:7.2f} {100 * matrix.gap:8.4f} {rest:7.2f} "
        f"{TIMES * matrix.cpu + SECONDS:7.2f} {further:10.2f} {BREAK_EVEN * rest:7.2f}"
    )


if __name__ == "__main__":
    main()
