"""Scenarios of a campaign at other budgets, each from its neighbour's plans, beside the one matrix: CPU seconds.

    python -m benchmarks.warm sample_inputs/us_2016.xlsx
    python -m benchmarks.warm sample_inputs/spring_launch.xlsx --parts 1 1.2 1.5 2 0.9 0.8

One live programme answers customers first, the ordinary and the tailored plan of each scenario, certified to 0.1 %; the
one matrix (benchmarks.one_matrix) is stated and solved anew for the tailored plan's problem alone, to the same gap.
"""

import argparse
import time
from pathlib import Path

from benchmarks.one_matrix import plan_by_one_matrix
from planner.campaign.prepare import prepare
from planner.planning.options import Options
from planner.planning.questions import Solved
from planner.planning.variants import with_budget
from planner.planning.warm import answer, changed, relaxation_for
from planner.workbook.campaign.parse import read_campaign

PARTS = (1.0, 1.2, 1.5, 2.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
GAP = 1e-3
SECONDS = 60.0  # for the one matrix, a scenario


def main() -> None:
    """Print a line a scenario."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--parts", type=float, nargs="+", default=PARTS, help="of the budget, in this order")
    parser.add_argument("--alone", action="store_true", help="without the one matrix")
    chosen = parser.parse_args()
    campaign = read_campaign(chosen.workbook)
    base = prepare(campaign)
    scenarios = {
        part: changed(base, with_budget(campaign, part * campaign.brief.budget)) for part in chosen.parts
    }
    relaxation = relaxation_for(base, list(scenarios.values()))
    solved: dict[float, Solved] = {}
    print(
        f"{'budget':>7} {'warm s':>7} {'gaps %: ordinary':>17} {'tailored':>9} {'matrix s':>9} {'its gap %':>10}"
    )
    for part, scenario in scenarios.items():
        nearest = min(solved, key=lambda other: abs(other - part), default=None)
        start = time.process_time()
        solved[part] = found = answer(
            scenario, relaxation, None if nearest is None else solved[nearest], Options(gap=GAP)
        )
        warm = time.process_time() - start
        line = f"{part:7g} {warm:7.3f} {100 * found.ordinary.gap:17.4f} {100 * found.tailored.gap:9.4f}"
        if not chosen.alone:
            rival = plan_by_one_matrix(found.problem, GAP, SECONDS)
            line += f" {rival.cpu:9.3f} {100 * rival.gap:10.4f}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
