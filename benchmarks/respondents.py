"""Plans on synthetic respondents: relaxation, whole plans, beside greedy, local search and SLSQP on the same people.

python benchmarks/respondents.py relaxation          25,000 x 500 and 200,000 x 500, 20 rules
python benchmarks/respondents.py whole 65 0.5 900    25,000 x 500, 20 rules, money for 65 insertions at the median
                                                     price, to 0.5 percent, in 900 seconds by the clock
python benchmarks/respondents.py segments 65         the plan that the segment model buys for the same money and rules
python benchmarks/respondents.py envelope 65         how far the roof is above what any cut for one respondent can reach
python benchmarks/respondents.py cost                respondents x vehicles, with fitted exponents

CPU seconds. A respondent is of one of 12 kinds, uses each vehicle with a chance of his kind and his own activity, and
then meets 1 in 10, 1 in 4, 1 in 2 or 17 in 20 of its insertions ("reads n of m issues"); about 5 % of the chances are
above 0. Weights are gamma with a shape of 4. Prices follow audiences, with an error of 30 %. Nothing of it is tuned.
"""

import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import scipy.optimize
import scipy.sparse

from models.arrays import FloatArray
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.programme.plans.feasible import feasible_plan
from models.programme.respondents.relaxation import RespondentRelaxation
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences
from models.respondents.curves import Curve, Roof
from models.respondents.exposure import Exposure, exposure_of
from models.respondents.model import RespondentModel
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.search.allocate import Settings, allocate
from models.search.respondent_moves import RespondentMoves

KINDS, RULES, MOST = 12, 20, 20.0
CHANCES, OFTEN = (0.1, 0.25, 0.5, 0.85), (0.3, 0.3, 0.25, 0.15)


def survey(n: int, vehicles: int, seed: int = 0) -> tuple[Any, FloatArray]:
    """Chances of contact (n, vehicles), sparse, and weights (n,) of mean 1."""
    rng = np.random.default_rng(seed)
    size = np.sort(np.minimum(0.01 + 0.03 * rng.pareto(1.5, vehicles), 0.4))[::-1]
    kinds = rng.dirichlet(np.full(KINDS, 2.0))
    kind = rng.choice(KINDS, n, p=kinds)
    lift = np.exp(rng.normal(0, 0.8, (KINDS, vehicles)))
    lift /= kinds @ lift
    active = np.exp(rng.normal(0, 0.5, n))
    active /= active.mean()
    parts = []
    for at in range(0, n, 5000):
        rows = slice(at, at + 5000)
        use = np.minimum(size * lift[kind[rows]] * active[rows, None], 0.95)
        uses = rng.random(use.shape) < use
        parts.append(scipy.sparse.csr_matrix(uses * rng.choice(CHANCES, use.shape, p=OFTEN)))
    weight = rng.gamma(4, 0.25, n)
    return scipy.sparse.vstack(parts, format="csr"), weight / weight.mean()


def problem_of(chances: Any, weight: FloatArray, insertions: float, seed: int = 1) -> Problem:
    """Most weighted reach under a budget and 19 limits on groups' money; insertions: that it pays for, at their median
    price. The people are in its model's exposure only."""
    rng, (n, vehicles) = np.random.default_rng(seed), chances.shape
    audience = np.asarray(chances.T @ weight) / weight.sum()
    cost = np.round(1000 * audience * np.exp(rng.normal(0, 0.3, vehicles)) + 2, 1)
    tariff, budget = Tariff(cost), float(np.round(insertions * np.median(cost)))
    rules: list[Any] = [Budget("budget", tariff, budget)]
    for number in range(RULES - 1):
        members = np.flatnonzero(rng.random(vehicles) < 0.1)
        share = float(cost[members].sum() / cost.sum())
        sense, amount = ("<=", 1.6 * share * budget) if number % 2 else (">=", 0.3 * share * budget)
        rules.append(GroupLimit(f"g{number}", f"group {number}", members, "money", sense, amount, tariff))
    worth = weight * np.where(rng.random(n) < 0.3, 1.8, 1.0)
    objective = Objective("influence", "", worth, np.zeros(vehicles))
    return Problem(model_of(chances), tariff, np.full(vehicles, MOST), objective, tuple(rules))


def model_of(chances: Any) -> RespondentModel:
    """Respondents as a reach model that keeps no dense ratings."""
    vehicles = chances.shape[1]
    none = np.zeros((0, vehicles))
    audiences = Audiences(
        tuple(f"v{j}" for j in range(vehicles)), ("m",), np.zeros(vehicles, dtype=np.int64), np.zeros(0), none,
        np.zeros(vehicles), np.zeros(vehicles, dtype=bool),
    )  # fmt: skip
    return RespondentModel(
        audiences, np.zeros(0), np.zeros((0, 1)), none, none, exposure=exposure_of(chances)
    )


def exposure_in(problem: Problem) -> Exposure:
    assert isinstance(problem.model, RespondentModel)
    return problem.model.exposure


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def relaxed(problem: Problem, above: Any, tolerance: float) -> tuple[Any, float]:
    """The relaxation and its CPU seconds, from nothing but the respondents."""
    began = time.process_time()
    found = RespondentRelaxation(problem, exposure_in(problem), above).relax(tolerance)
    return found, time.process_time() - began


def relaxation() -> None:
    print("| respondents x vehicles | chances above 0 | roof | to | steps | CPU s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for n, vehicles in ((25_000, 500), (200_000, 500)):
        chances, weight = survey(n, vehicles)
        problem = problem_of(chances, weight, 200)
        problem.system  # noqa: B018
        share = chances.nnz / n / vehicles
        for name, above, tolerance in (("the worth", Curve(), 1e-6), ("of whole plans", Roof(), 5e-5)):
            found, seconds = relaxed(problem, above, tolerance)
            print(
                f"| {n:,} x {vehicles} | {100 * share:.1f} % | {name} | {found.loose:.0e} | {found.steps} | "
                f"{seconds:.1f} | {megabytes():,.0f} |", flush=True,
            )  # fmt: skip


def whole(insertions: float, gap: float = 0.1, seconds: float = 60.0) -> None:
    """Greedy, local search and ours, all valued on the respondents. gap: percent asked; seconds: by the clock."""
    chances, weight = survey(25_000, 500)
    problem = problem_of(chances, weight, insertions)
    exposure = exposure_in(problem)
    plain, _ = relaxed(problem, Curve(), 1e-6)
    moves = RespondentMoves(problem, exposure)
    rows = []
    began = time.process_time()
    start = feasible_plan(problem, exposure.gains(problem.objective.segment_worth))
    greedy = moves.filled(moves.at(np.rint(start).astype(np.int64)))  # type: ignore[arg-type]
    rows.append(("greedy", greedy.value, greedy.insertions.sum(), time.process_time() - began))
    local = moves.improved(greedy.insertions)
    rows.append(("exchanges from there", local.value, local.insertions.sum(), time.process_time() - began))
    began, trace = time.process_time(), [(0.0, "")]
    found = allocate(
        problem,
        Settings(
            gap=gap / 100, seconds=seconds,
            progress=lambda text: trace.append((time.process_time() - began, text)),
        ),
    )  # fmt: skip
    rows.append((f"ours, to {gap:g} %", found.value, found.insertions.sum(), time.process_time() - began))
    print(f"plain bound {plain.bound:,.1f}; last bound {found.bound:,.1f}")
    for name, value, many, spent in rows:
        print(
            f"| {name} | {many:g} | {value:,.1f} | {100 * (1 - value / plain.bound):.2f} % | "
            f"{100 * (1 - value / found.bound):.2f} % | {spent:.1f} |", flush=True,
        )  # fmt: skip
    for limit in (10, 60, 300):
        known = [(spent, text) for spent, text in trace if spent <= limit and "gap" in text]
        print(f"at {limit} CPU s: {known[-1] if known else 'no gap told yet'}")
    print(f"peak {megabytes():,.0f} MB")


def segments(insertions: float) -> None:
    """What the segment model buys: filled by `planner survey to-campaign`, planned, valued on the respondents."""
    chances, weight = survey(25_000, 500)
    problem = problem_of(chances, weight, insertions)
    heavy = problem.objective.segment_worth > 1.5 * weight
    with tempfile.TemporaryDirectory() as folder:
        survey_file, campaign = Path(folder, "survey.parquet"), Path(folder, "campaign.xlsx")
        table = pd.DataFrame(chances.toarray(), columns=[f"v{j}" for j in range(problem.n_vehicles)])
        table.assign(weight=weight, heavy=heavy.astype(float)).to_parquet(survey_file)
        campaign_book(problem, float(heavy @ weight / weight.sum())).save(campaign)
        began = children_seconds()
        run("survey", "to-campaign", campaign, "-o", Path(folder, "filled.xlsx"))
        filled = children_seconds()
        told = json.loads(
            run(
                "plan",
                Path(folder, "filled.xlsx"),
                "-o",
                Path(folder, "plan.xlsx"),
                "--no-break-even",
                "--json",
            )
        )
    plan = np.array([float(told["insertions"].get(f"v{j}", 0)) for j in range(problem.n_vehicles)])
    assert not problem.broken(plan)
    print(f"| the segment model's | {plan.sum():g} | {problem.value(plan):,.1f} | it says {told['value']:,.1f}, gap "
          f"{told['gap']:.2%} | {filled - began:.1f} to fill, {children_seconds() - filled:.1f} to plan |")  # fmt: skip


def run(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "planner.cli.commands", *(str(each) for each in arguments), "--quiet"]
        if arguments[0] == "plan"
        else [sys.executable, "-m", "planner.cli.commands", *(str(each) for each in arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in (0, 5):  # done, or the time limit
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def campaign_book(problem: Problem, heavy: float) -> openpyxl.Workbook:
    """The same campaign as a workbook, its people to be filled from the survey."""
    money = [rule for rule in problem.rules if isinstance(rule, GroupLimit)]
    groups = [
        "; ".join(f"g{k}" for k, rule in enumerate(money) if j in rule.members)
        for j in range(problem.n_vehicles)
    ]
    budget = next(rule.amount for rule in problem.rules if isinstance(rule, Budget))
    limits = [(rule.amount, None) if rule.sense == ">=" else (None, rule.amount) for rule in money]
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "Brief": [("Key", "Value"), ("Universe (000)", 25_000), ("Budget", budget), ("Category", "any"), ("Weeks", 20)],
        "Traits": [("Trait", "Role", "Share of universe %", "Weight"), ("heavy", "demographic", 100 * heavy, 1.8)],
        "Vehicles": [
            ("Vehicle", "Medium", "Unit cost", "Max", "Groups"),
            *((f"v{j}", "TV", float(problem.cost[j]), MOST, groups[j]) for j in range(problem.n_vehicles)),
        ],
        "Rules": [
            ("Rule", "Applies to", "At least", "At most", "Unit"),
            *((f"limit {k}", f"group: g{k}", *limit, "money") for k, limit in enumerate(limits)),
        ],
        "Survey": [
            ("What", "Vehicle, trait or medium", "Column or expression", "Reads as"),
            ("file", None, "survey.parquet"), ("weight", None, "weight"), ("trait", "heavy", "heavy == 1"),
            *(("vehicle", f"v{j}", f"v{j}", "probability") for j in range(problem.n_vehicles)),
        ],
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def slsqp(insertions: float) -> None:
    """SciPy's SLSQP on the same exact function with its gradient, parts of insertions allowed."""
    chances, weight = survey(25_000, 500)
    problem = problem_of(chances, weight, insertions)
    exposure, worth, system = exposure_in(problem), problem.objective.segment_worth, problem.system
    plain, seconds = relaxed(problem, Curve(), 1e-6)
    n = problem.n_vehicles

    def minus(x: FloatArray) -> tuple[float, FloatArray]:
        tangent = Curve().tangent(exposure, worth, np.maximum(x, 0))
        return -tangent.value / worth.sum(), -tangent.slope / worth.sum()

    rows, bounds = system.insertion_rows, scipy.optimize.Bounds(system.lower[:n], system.upper[:n])
    limits = [
        {"type": "ineq", "fun": lambda x, a=a, b=b: b - a @ x, "jac": lambda x, a=a: -a}
        for a, b in [
            *((row, most) for row, most in zip(rows.matrix, rows.most, strict=True) if np.isfinite(most)),
            *(
                (-row, -least)
                for row, least in zip(rows.matrix, rows.least, strict=True)
                if np.isfinite(least)
            ),
        ]
    ]
    began = time.process_time()
    found = scipy.optimize.minimize(
        minus, np.full(n, 0.1), jac=True, bounds=bounds, constraints=limits, method="SLSQP",
        options={"maxiter": 100, "ftol": 1e-9},
    )  # fmt: skip
    value = -found.fun * worth.sum()
    print(f"| ours | {plain.value:,.1f} | {plain.loose:.0e} | {seconds:.1f} |")
    spent = time.process_time() - began
    print(f"| SLSQP, {found.nit} steps | {value:,.1f} | {1 - value / plain.bound:.0e} | {spent:.1f} |")


def envelope(insertions: float, asked: int = 400) -> None:
    """The roof beside the lowest concave function above each respondent's reach at whole plans, at the roof's point.

    Reach hangs on how many insertions of each chance are bought, (n_1 .. n_4). So the most that plans of whole numbers
    reach whose mean is the point is a linear programme over (n_1 .. n_4), and no inequality that is right for the
    reach of every whole plan, of one respondent, can be lower there.
    """
    chances, weight = survey(25_000, 500)
    problem = problem_of(chances, weight, insertions)
    found, _ = relaxed(problem, Roof(), 1e-3)
    point = found.point[: problem.n_vehicles]
    chosen = np.random.default_rng(3).choice(len(weight), int(asked), replace=False)
    people = Exposure(exposure_in(problem).level[chosen])
    worth = problem.objective.segment_worth[chosen]
    level = -np.log1p(-np.array(CHANCES))
    grid = np.array(list(itertools.product(range(8), range(6), range(5), range(4))))
    reach, lowest = 1 - np.exp(-grid @ level), np.zeros(int(asked))
    for i in range(int(asked)):
        row = people.level[i]
        of = np.argmin(np.abs(row.data[:, None] - level), axis=1)
        mean = np.bincount(of, point[row.indices], len(level))
        mixed = np.vstack([grid.T, np.ones(len(grid))])
        lowest[i] = -scipy.optimize.linprog(-reach, A_eq=mixed, b_eq=np.append(mean, 1)).fun
    tangent = Roof().tangent(people, worth, point)
    for name, value in (("roof", tangent.value), ("worth of parts", people.value(worth, point))):
        print(f"{name}: {value / float(worth @ lowest) - 1:.2%} above the lowest")


def cost() -> None:
    """CPU seconds of the relaxation to 1e-6 by respondents and vehicles; exponents by least squares of logarithms."""
    rows = []
    for n in (3_000, 12_000, 48_000):
        for vehicles in (125, 250, 500):
            problem = problem_of(*survey(n, vehicles), insertions=0.4 * vehicles)
            problem.system  # noqa: B018
            found, seconds = relaxed(problem, Curve(), 1e-6)
            rows.append((n, vehicles, found.steps, seconds))
            print(f"| {n:,} | {vehicles} | {found.steps} | {seconds:.2f} |", flush=True)
    logs = np.log(np.array([(n, j, s) for n, j, _, s in rows], dtype=float))
    design = np.column_stack([np.ones(len(logs)), logs[:, :2]])
    fitted = np.linalg.lstsq(design, logs[:, 2], rcond=None)[0]
    print(f"CPU s ~ respondents^{fitted[1]:.2f} x vehicles^{fitted[2]:.2f}")
    words = f"CPU s ~ respondents^{fitted[1]:.2f} x vehicles^{fitted[2]:.2f}"
    Path(__file__).with_name("respondents_cost.svg").write_text(chart(rows, words), encoding="utf-8")


def chart(rows: list[tuple[int, int, int, float]], words: str) -> str:
    """CPU seconds against respondents, a line for each number of vehicles; both axes logarithmic."""
    left, top, width, height = 60, 40, 420, 240

    def at(n: float, seconds: float) -> str:
        x = left + width * np.log(n / 2_000) / np.log(100_000 / 2_000)
        y = top + height * (1 - np.log(seconds / 0.05) / np.log(50 / 0.05))
        return f"{x:.0f},{y:.0f}"

    parts = [f'<text x="{left}" y="20">Relaxation to 1e-6: {words}</text>']
    for seconds in (0.1, 1, 10):
        y = at(2_000, seconds).split(",")[1]
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="#ccc"/>')
        parts.append(f'<text x="{left - 8}" y="{int(y) + 4}" text-anchor="end">{seconds:g} s</text>')
    for n in sorted({row[0] for row in rows}):
        x = at(n, 1).split(",")[0]
        parts.append(f'<text x="{x}" y="{top + height + 20}" text-anchor="middle">{n:,}</text>')
    for vehicles, colour in zip(
        sorted({row[1] for row in rows}), ("#4477aa", "#228833", "#ee6677"), strict=False
    ):
        points = [at(n, s) for n, j, _, s in rows if j == vehicles]
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        x, y = points[-1].split(",")
        parts.append(f'<text x="{int(x) + 6}" y="{int(y) + 4}" fill="{colour}">{vehicles} vehicles</text>')
    parts.append(
        f'<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle">respondents</text>'
    )
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 110} {top + height + 50}" '
        f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    question, *numbers = sys.argv[1:]
    {
        "relaxation": relaxation,
        "whole": whole,
        "segments": segments,
        "slsqp": slsqp,
        "cost": cost,
        "envelope": envelope,
    }[question](*(float(n) for n in numbers))
