"""How long scenarios take, by one process, two, and a Dask cluster of two; and whether a sweep killed at random moments
resumes to the same answers.

    python benchmarks/scenarios.py us_2016 --scenarios 1000 --on 1 2 cluster
    python benchmarks/scenarios.py spring_launch --scenarios 100 --on 1 2
    python benchmarks/scenarios.py PATH.xlsx --scenarios 5 --on 2
    python benchmarks/scenarios.py us_2016 --scenarios 60 --kill 20

Scenarios are budgets from a half to one and a half times the campaign's, by customers first of 90, 95, 97 and 99 %.
Seconds are of the clock, from the first question to the last verdict; CPU seconds of all processes, from their start
to their end. A machine that others use makes both longer.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from joblib.externals.loky import get_reusable_executor

from planner.campaign.inputs import Campaign
from planner.campaign.scenario import Change, Scenario
from planner.campaign.scenarios import changed
from planner.comparing.desk import Sweep, Terms
from planner.comparing.sweep import Asked, Comparison, compare_scenarios
from planner.workbook.campaign.parse import read_campaign

SAMPLES = Path(__file__).parents[1] / "sample_inputs"
KEEPS = (0.90, 0.95, 0.97, 0.99)


def asked_of(campaign: Campaign, count: int) -> list[Asked]:
    """So many scenarios, neighbours beside each other."""
    keeps = KEEPS[: max(1, min(len(KEEPS), count // 10))]
    budgets = -(-count // len(keeps))
    scenarios = []
    for place in range(count):
        step, keep = place // len(keeps), keeps[place % len(keeps)]
        budget = round(campaign.brief.budget * (0.5 + step / max(budgets - 1, 1)))
        changes = (Change("brief", ("budget",), float(budget), f"Budget {budget:,}"),
                   Change("brief", ("customers_first",), keep, f"keep {keep:.0%}"))  # fmt: skip
        scenarios.append(Scenario(f"{budget} {keep}", changes=changes, base=not scenarios))
    return [Asked(each, changed(campaign, each)) for each in scenarios]


def timed(asked: list[Asked], campaign: Campaign, way: str) -> tuple[Comparison, float, float]:
    """A comparison in one way of working, its seconds, and the CPU seconds of all processes that took part."""
    used = cpu()
    with cluster() if way == "cluster" else nullcontext() as there:
        address = there.scheduler_address if there is not None else None
        clock = time.perf_counter()
        sweep = Sweep(workers=None if address else int(way), cluster=address)
        compared = compare_scenarios(asked, campaign, Terms(1e-3, 60.0), sweep)
        seconds = time.perf_counter() - clock
    get_reusable_executor().shutdown(wait=True)  # so that its processes have ended
    return compared, seconds, cpu() - used


def cpu() -> float:
    """CPU seconds of this process and of those that have ended."""
    own = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in own)


def measure(path: Path, count: int, on: list[str]) -> None:
    """A line per way of working, and whether all gave the same answers."""
    campaign = read_campaign(path)
    asked = asked_of(campaign, count)
    seen = []
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{path.stem}: {count} scenarios, {len(campaign.vehicles)} vehicles; {load}", flush=True)
    for way in on:
        compared, seconds, used = timed(asked, campaign, way)
        status = dict(Counter(answer["status"] for answer in compared.answers))
        print(
            f"  {way:>8}: {seconds:7.1f} s, {used:7.1f} CPU s, load {os.getloadavg()[0]:.1f}, {status}",
            flush=True,
        )
        seen.append(compared.answers)
    print(f"  same answers: {all(each == seen[0] for each in seen)}")


def cluster():
    """Two worker processes of one thread each."""
    from distributed import LocalCluster

    return LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)


def kill(path: Path, count: int, moments: int, seed: int) -> None:
    """Start a sweep, kill it outright at random moments until it ends by itself, compare its answers."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        own = [sys.executable, __file__, str(path), "--scenarios", str(count)]
        whole, journal, out = (Path(folder) / name for name in ("whole", "journal", "out"))
        began = time.perf_counter()
        subprocess.run([*own, "--answers", str(whole)], check=True)
        span, killed = time.perf_counter() - began, 0
        while killed < moments:
            journal.unlink(missing_ok=True)
            for _ in range(3):  # up to three times in one sweep
                sweep = subprocess.Popen(
                    [*own, "--answers", str(out), "--journal", str(journal)], start_new_session=True
                )
                try:
                    sweep.wait(timeout=chance.uniform(0.1, 0.9) * span)
                    break
                except subprocess.TimeoutExpired:
                    os.killpg(sweep.pid, 9)
                    sweep.wait()
                    killed += 1
            subprocess.run([*own, "--answers", str(out), "--journal", str(journal)], check=True)
            same = out.read_bytes() == whole.read_bytes()
            print(f"  killed {killed} times so far: same bytes: {same}", flush=True)


def write_answers(path: Path, count: int, out: Path, journal: Path | None) -> None:
    """The answers as JSON."""
    campaign = read_campaign(path)
    sweep = Sweep(workers=2, journal=journal)
    compared = compare_scenarios(asked_of(campaign, count), campaign, Terms(1e-3, 60.0), sweep)
    out.write_text(json.dumps(compared.answers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaign", help="a sample's name, or a workbook")
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--on", nargs="+", default=["1", "2"], help="1, 2, ... processes, or cluster")
    parser.add_argument("--kill", type=int, default=0, help="at so many random moments")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", type=Path)
    parser.add_argument("--journal", type=Path)
    given = parser.parse_args()
    path = Path(given.campaign)
    path = path if path.suffix else SAMPLES / f"{path.name}.xlsx"
    if given.answers:
        write_answers(path, given.scenarios, given.answers, given.journal)
    elif given.kill:
        kill(path, given.scenarios, given.kill, given.seed)
    else:
        measure(path, given.scenarios, given.on)


if __name__ == "__main__":
    main()
