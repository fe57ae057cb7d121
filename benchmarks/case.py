"""One case of the benchmark in a process of its own, so that its peak memory is its own: JSON on standard output.

python -m benchmarks.case solve sample_inputs/us_2016.xlsx      one solve, customers first off, step by step
python -m benchmarks.case beside sample_inputs/us_2016.xlsx     the same solve beside greedy and local search
python -m benchmarks.case fractional sample_inputs/us_2016.xlsx with fractions, beside SLSQP
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.rivals import greedy_alone, local_search_alone, rounded_down, slsqp_alone
from models.problem.problem import Problem
from models.search.allocate import Settings, allocate
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.planning.figures import audience_figures
from planner.workbook.campaign.parse import read_campaign

Found = TypeVar("Found")
LOCAL_SEARCH = 30.0  # seconds after which the rival local search is stopped


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """What a function returns, and the seconds it took."""
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def read_simple(path: Path) -> Campaign:
    """The campaign with customers first switched off: one solve is the whole work."""
    campaign = read_campaign(path)
    return replace(campaign, brief=replace(campaign.brief, customers_first=0.0))


def solve_case(path: Path) -> dict[str, Any]:
    """Seconds of each step of one solve to 0.1 %."""
    campaign, read = timed(lambda: read_simple(path))
    prepared, build = timed(lambda: prepare(campaign))
    found, solve = timed(lambda: allocate(prepared.problem, Settings()))
    _, evaluate = timed(lambda: audience_figures(prepared.people, found.insertions))
    return {
        "vehicles": len(campaign.vehicles), "segments": len(prepared.people.segments.names),
        "read": read, "build": build, "solve": solve, "evaluate": evaluate,
        "value": found.value, "gap": found.gap, "memory": peak_megabytes(),
    }  # fmt: skip


def beside_case(path: Path) -> dict[str, Any]:
    """The same whole-number problem: ours, greedy, and a local search from greedy's plan."""
    problem = prepare(read_simple(path)).problem
    ours, seconds = timed(lambda: allocate(problem, Settings()))
    greedy, greedy_seconds = timed(lambda: greedy_alone(problem))
    found: dict[str, Any] = {
        "ours": [ours.value, seconds, ours.gap],
        "greedy": [_worth(problem, greedy), greedy_seconds],
    }
    if greedy is not None:
        local, more = timed(lambda: local_search_alone(problem, greedy, LOCAL_SEARCH))
        found["local"] = [_worth(problem, local), greedy_seconds + more]
    return found


def fractional_case(path: Path) -> dict[str, Any]:
    """The problem with fractions: ours and SLSQP's; and SLSQP's rounded down beside our whole plan."""
    whole = prepare(read_simple(path)).problem
    fractional = replace(whole, whole=False)
    ours, seconds = timed(lambda: allocate(fractional, Settings()))
    other, other_seconds = timed(lambda: slsqp_alone(fractional))
    rounded = None if other is None else rounded_down(whole, other)
    return {
        "ours": [ours.value, seconds],
        "slsqp": [_worth(fractional, other), other_seconds],
        "whole": allocate(whole, Settings()).value,
        "rounded": _worth(whole, rounded),
    }


def _worth(problem: Problem, plan: np.ndarray | None) -> float | None:
    """A rival's plan counts only where it keeps every rule."""
    return None if plan is None or problem.broken(plan) else problem.value(plan)


def peak_megabytes() -> float:
    """This process's peak memory; Linux counts kilobytes, macOS bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


CASES = {"solve": solve_case, "beside": beside_case, "fractional": fractional_case}


def main() -> None:
    what, path = sys.argv[1:]
    print(json.dumps(CASES[what](Path(path)), default=lambda value: np.asarray(value).tolist()))


if __name__ == "__main__":
    main()
