"""The certificate with audience types, where ratings of 20 to 80 % within a type make it hard: equal prices.

    python -m benchmarks.types_certificate FILE.csv [seconds]

FILE.csv: the 2016 election study's respondents (benchmarks/on_respondents.py). All of its vehicles with users, 40
audience types and catalysts, who count 1.8: 80 segments, every insertion at one price, at most four a vehicle, half of
whose people come back. Printed for budgets of 8, 16 and 32 insertions: what is bought, the gap, CPU and wall seconds.
"""

import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.halves import Half, read
from benchmarks.on_respondents import EXTRA, of_respondents, with_types
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.reach.gamma import ReachModel
from models.rules.budget import Budget
from models.search.allocate import Settings, allocate

BUDGETS, MOST, REPEAT = (8, 16, 32), 4.0, 0.5


def problem_of(model: ReachModel, catalyst: np.ndarray, insertions: float) -> Problem:
    n = len(model.audiences.vehicles)
    tariff = Tariff(np.ones(n))
    worth = model.population * (1 + EXTRA * catalyst)
    objective = Objective("influence", "", worth, np.zeros(n))
    return Problem(model, tariff, np.full(n, MOST), objective, (Budget("budget", tariff, insertions),))


def main(path: Path, seconds: float) -> None:
    whole: Half = read(path)
    made = with_types(whole, of_respondents(whole), REPEAT)
    segments, vehicles = made.model.audiences.rating.shape
    print(f"{vehicles} vehicles, {segments} segments, at most {seconds:g} s")
    print("| budget | insertions | vehicles | gap | CPU s | wall s |\n| --- | --- | --- | --- | --- | --- |")
    for budget in BUDGETS:
        began, wall = time.process_time(), time.perf_counter()
        found = allocate(problem_of(made.model, made.extra, budget), Settings(gap=1e-3, seconds=seconds))
        bought = found.insertions
        print(
            f"| {budget} | {bought.sum():g} | {(bought > 0).sum()} | {found.gap:.3%} | "
            f"{time.process_time() - began:.1f} | {time.perf_counter() - wall:.1f} |", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 30.0)
