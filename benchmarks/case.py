"""One case of the benchmark in a process of its own, so that its peak memory is its own: JSON on standard output.

python -m benchmarks.case plan sample_inputs/us_2016.xlsx off
python -m benchmarks.case beside sample_inputs/us_2016.xlsx
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.rivals import SLSQP_VEHICLES, greedy_alone, one_matrix, slsqp_alone
from models.allocation import Settings, allocate
from planner.figures import audience_figures
from planner.inputs import Campaign
from planner.plan import make_plan
from planner.prepare import prepare
from planner.solve import Options
from planner.workbook.parse import read_campaign
from planner.workbook.write import write_plan

Found = TypeVar("Found")
SOLVES = ("customers first", "tailored plan")  # steps of make_plan; the plans to compare with come besides


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """What a function returns, and the seconds it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def with_customers(campaign: Campaign, on: bool) -> Campaign:
    """The campaign with customers first at 97 %, or without."""
    return replace(campaign, brief=replace(campaign.brief, customers_first=0.97 if on else 0.0))


def plan_case(path: Path, on: bool) -> dict[str, Any]:
    """Seconds of each step. With customers first, solving is the whole story of make_plan: two solves."""
    campaign, read = timed(lambda: read_campaign(path))
    campaign = with_customers(campaign, on)
    prepared, build = timed(lambda: prepare(campaign))
    if on:
        result = make_plan(campaign, Options())
        solve = sum(seconds for step, seconds in result.run.seconds.items() if step in SOLVES)
        value, gap, insertions = result.value, result.gap, result.vehicles.insertions
    else:
        found, solve = timed(lambda: allocate(prepared.problem, Settings()))
        value, gap, insertions = found.value, found.gap, found.insertions
        result = make_plan(campaign, Options(gap=0.5))  # only to have something to write
    _, evaluate = timed(lambda: audience_figures(prepared.people, insertions))
    with tempfile.TemporaryDirectory() as folder:
        _, write = timed(lambda: write_plan(result, Path(folder) / "plan.xlsx"))
    return {
        "vehicles": len(campaign.vehicles), "segments": len(prepared.people.segments.names),
        "read": read, "build": build, "solve": solve, "evaluate": evaluate, "write": write,
        "value": value, "gap": gap, "memory": peak_megabytes(),
    }  # fmt: skip


def beside_case(path: Path) -> dict[str, Any]:
    """The same problem, customers first off: ours, greedy alone, SLSQP, and the programme as one matrix."""
    problem = prepare(with_customers(read_campaign(path), False)).problem
    ours, seconds = timed(lambda: allocate(problem, Settings()))
    greedy, greedy_seconds = timed(lambda: greedy_alone(problem))
    found: dict[str, Any] = {
        "vehicles": problem.n_vehicles,
        "ours": [ours.value, seconds, ours.gap],
        "greedy": [greedy, greedy_seconds],
        "matrix": one_matrix(problem),
    }
    if problem.n_vehicles <= SLSQP_VEHICLES:
        fractional = replace(problem, whole=False)
        best, best_seconds = timed(lambda: allocate(fractional, Settings()))
        other, other_seconds = timed(lambda: slsqp_alone(fractional))
        found["fractional"] = [best.value, best_seconds]
        found["slsqp"] = [other, other_seconds]
    return found


def peak_megabytes() -> float:
    """This process's peak memory; Linux counts kilobytes, macOS bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    what, path, *rest = sys.argv[1:]
    found = plan_case(Path(path), rest == ["on"]) if what == "plan" else beside_case(Path(path))
    print(json.dumps(found, default=lambda value: np.asarray(value).tolist()))


if __name__ == "__main__":
    main()
