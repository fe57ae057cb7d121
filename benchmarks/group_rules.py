"""Plans under many group rules, ours beside the one matrix: the same instances, one run, processor seconds.

    python -m benchmarks.group_rules                     all 30 instances
    python -m benchmarks.group_rules --size 60           those of 60 vehicles
    python -m benchmarks.group_rules --rules 50 --seconds 60

Each instance is a made campaign (benchmarks.made) under random group rules: money, insertions or rating points of a
random tenth to third of the vehicles, at least or at most. Limits lie up to 15 % off what a witness buys, a greedy
plan at prices that are a third off, so that every instance has a plan and many rules bind.
"""

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.made import made_campaign
from benchmarks.one_matrix import OneMatrixPlan, plan_by_one_matrix
from benchmarks.rivals import greedy_alone
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.search.allocate import Settings, allocate
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import RuleRow, RuleUnit

GAP = 1e-3
SIZES = ((60, 8), (200, 12), (500, 24))
RULES = (0, 20, 50, 100)
SEEDS = {60: 3, 200: 3, 500: 2}  # instances of each size and number of rules; 500 x 100 rules: none
UNITS: tuple[RuleUnit, ...] = ("money", "insertions", "grp")
_PRICES_OFF, _ROOM = 0.33, 0.15


@dataclass(frozen=True)
class Instance:
    """A problem of whole insertions under so many group rules."""

    vehicles: int
    segments: int
    rules: int
    seed: int
    problem: Problem

    @property
    def name(self) -> str:
        return f"{self.vehicles} x {self.segments}, {self.rules} rules, {self.seed}"


def instance(vehicles: int, segments: int, rules: int, seed: int) -> Instance:
    """The same instance every time."""
    campaign = made_campaign(vehicles, segments)
    rng = np.random.default_rng([vehicles, segments, rules, seed])
    budget = campaign.brief.budget * float(rng.uniform(0.5, 1.5))
    campaign = replace(campaign, brief=replace(campaign.brief, budget=budget))
    problem = prepare(campaign).problem
    if not rules:
        return Instance(vehicles, segments, rules, seed, problem)
    witness = _witness(campaign, rng)
    rows = tuple(_rule(campaign, witness, rng, number) for number in range(rules))
    ruled = prepare(replace(campaign, rules=rows)).problem
    broken = ruled.broken(witness)
    assert not broken, broken
    return Instance(vehicles, segments, rules, seed, ruled)


def instances(size: int | None = None, rules: int | None = None) -> list[Instance]:
    """The 30 of the table, or those of one size or number of rules."""
    return [
        instance(vehicles, segments, count, seed)
        for vehicles, segments in SIZES
        for count in RULES
        for seed in range(SEEDS[vehicles])
        if size in (None, vehicles) and rules in (None, count) and (vehicles, count) != (500, 100)
    ]


def _witness(campaign: Campaign, rng: np.random.Generator) -> np.ndarray:
    """A plan within the budget: greedy's, were prices a third off. The last purchases are given back."""
    vehicles = tuple(
        replace(row, unit_cost=(row.unit_cost or 0.0) * float(rng.lognormal(0.0, _PRICES_OFF)))
        for row in campaign.vehicles
    )
    plan = greedy_alone(prepare(replace(campaign, vehicles=vehicles)).problem)
    assert plan is not None
    cost = np.array([row.unit_cost or 0.0 for row in campaign.vehicles])
    order = rng.permutation(np.flatnonzero(plan))
    for vehicle in order:
        if cost @ plan <= campaign.brief.budget:
            break
        plan[vehicle] = 0.0
    return plan


def _rule(campaign: Campaign, witness: np.ndarray, rng: np.random.Generator, number: int) -> RuleRow:
    """At least or at most about what the witness buys of some vehicles."""
    n = len(campaign.vehicles)
    members = rng.choice(n, int(rng.integers(max(n // 10, 2), max(n // 3, 3))), replace=False)
    unit = UNITS[int(rng.integers(len(UNITS)))]
    each = {
        "money": [row.unit_cost or 0.0 for row in campaign.vehicles],
        "insertions": [1.0] * n,
        "grp": [
            100 * (row.audience_000 or 0.0) / (campaign.brief.universe_000 or 1.0)
            for row in campaign.vehicles
        ],
    }[unit]
    has = float(np.array(each)[members] @ witness[members])
    room = float(rng.uniform(0.0, _ROOM))
    at_least = bool(rng.integers(2))
    names = tuple(campaign.vehicles[j].name for j in sorted(members))
    return RuleRow(
        f"rule {number + 1}", "some vehicles", names, has * (1 - room) if at_least else None,
        None if at_least else has * (1 + room), unit, cell=f"Rules!B{number + 2}",
    )  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One instance both ways."""

    instance: Instance
    ours: Allocation | None
    cpu: float
    rival: OneMatrixPlan

    @property
    def short(self) -> float:
        """By what share of it our plan is worth less than the rival's; negative where it is worth more."""
        if self.rival.plan is None or self.ours is None:
            return float("nan")
        return (self.rival.value - self.ours.value) / self.rival.value


def measured(case: Instance, seconds: float) -> Row:
    """Both, in turn, in this process."""
    rival = plan_by_one_matrix(case.problem, GAP, seconds)
    problem = replace(case.problem)  # nothing worked out before is at hand
    start = time.process_time()
    ours = allocate(problem, Settings(gap=GAP, seconds=seconds))
    return Row(case, ours, time.process_time() - start, rival)


HEADINGS = f"{'instance':28} {'one matrix':>10} {'gap %':>8} {'ours CPU':>9} {'gap %':>8} {'ratio':>6} {'short %':>8}"


def _line(row: Row) -> str:
    gap = np.nan if row.ours is None else 100 * row.ours.gap
    return (
        f"{row.instance.name:28} {row.rival.cpu:10.2f} {100 * row.rival.gap:8.4f} {row.cpu:9.2f} {gap:8.4f} "
        f"{row.cpu / max(row.rival.cpu, 1e-9):6.2f} {100 * row.short:8.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Ours beside the one matrix, under many group rules.")
    parser.add_argument("--size", type=int, choices=[size for size, _ in SIZES])
    parser.add_argument("--rules", type=int, choices=RULES)
    parser.add_argument("--seconds", type=float, default=60.0, help="limit of each, by the clock")
    chosen = parser.parse_args()
    print(HEADINGS, flush=True)
    rows = []
    for case in instances(chosen.size, chosen.rules):
        rows.append(measured(case, chosen.seconds))
        print(_line(rows[-1]), flush=True)
    ratios = np.array([row.cpu / max(row.rival.cpu, 1e-9) for row in rows])
    short = np.array([row.short for row in rows])
    print(f"\nratio: mean {ratios.mean():.2f} (asked 2), worst {ratios.max():.2f} (asked 4)")
    mean, most = 100 * np.nanmean(short), 100 * np.nanmax(short)
    print(f"short of the one matrix: mean {mean:.4f} % (asked 0), most {most:.4f} % (asked .01)")


if __name__ == "__main__":
    main()
