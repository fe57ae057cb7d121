"""Campaigns as new users make them, drawn at random: is each planned, how near to its bound, in what time?

    python -m benchmarks.drawn [--first 0] [--count 120] [--seconds 60] [--prices] [--often 3]

Campaign n is the same every time: 5 to 60 vehicles of benchmarks.made, a budget between a seventh and twice of what
400 rating points cost, and each of these by chance: lines by the thousand, fixed costs, smallest buys, minimums,
customers first, rules of eight kinds, discounts, packages, weeks with caps, rating points, prices and issues, a cap on
frequency, a goal on reach, any objective but least money and n+ reach, insertions in parts. Some rules and goals
cannot hold: then the answer is why. `--prices` explains each plan too. `--often 3` plans each for people met three
times or more, whatever objective was drawn.

A line each: CPU seconds, gap in %, what was drawn. At the end what is worth a look: how many are open, and the slowest.
"""

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from benchmarks.made import made_campaign
from models.errors import PlanningError
from planner.campaign.calendar import Calendar, PriceFactor, WeekLimit
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.rule_rows import DiscountRow, GoalRow, PackageRow, RuleRow
from planner.explaining.explain import explain
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.results import PlanResult

SIZES, SEGMENTS = (5, 8, 12, 21, 35, 60), (8, 12, 24, 48)
OBJECTIVES = ("influence", "influence", "influence", "reach", "word of mouth", "impressions")
GRP = 400.0  # what the budget of benchmarks.made buys, at the median price
SLOWEST = 8  # told at the end


@dataclass
class Draw:
    """A campaign in the making. had: words for what was drawn."""

    rng: Generator
    campaign: Campaign
    had: list[str]

    def chance(self, share: float, word: str) -> bool:
        """Whether something is drawn, and its word kept."""
        drawn = bool(self.rng.random() < share)
        if drawn:
            self.had.append(word)
        return drawn

    def some(self, number: int) -> list[int]:
        """Places of so many vehicles."""
        n = len(self.campaign.vehicles)
        return [int(j) for j in self.rng.choice(n, min(n, number), replace=False)]

    def medium(self) -> tuple[str, tuple[str, ...]]:
        """A medium that has vehicles, and their names."""
        used = sorted({row.medium for row in self.campaign.vehicles})
        name = used[int(self.rng.integers(len(used)))]
        return name, tuple(row.name for row in self.campaign.vehicles if row.medium == name)

    def change(self, places: Sequence[int], **values: object) -> None:
        """Vehicles with other values."""
        rows = list(self.campaign.vehicles)
        for j in places:
            rows[j] = replace(rows[j], **values)
        self.campaign = replace(self.campaign, vehicles=tuple(rows))


def drawn(number: int) -> tuple[Campaign, str]:
    """Campaign `number`, and what was drawn, in words."""
    rng = np.random.default_rng(number)
    vehicles, segments = int(rng.choice(SIZES)), int(rng.choice(SEGMENTS))
    draw = Draw(rng, made_campaign(vehicles, segments), [f"{vehicles} vehicles", f"{segments} segments"])
    draw.campaign = replace(
        draw.campaign, vehicles=tuple(_priced(rng, row) for row in draw.campaign.vehicles)
    )
    for add in (_brief, _lines, _rules, _discounts, _packages, _weeks, _goals):
        add(draw)
    return draw.campaign, ", ".join(draw.had)


def _priced(rng: Generator, row: VehicleRow) -> VehicleRow:
    price = float(np.round((row.unit_cost or 0.0) * rng.lognormal(0, 0.3), -2)) + 100
    return replace(row, unit_cost=price, maximum=float(rng.choice([1, 2, 3, 4, 6, 8, 12, 20])))


def _brief(draw: Draw) -> None:
    rng, brief = draw.rng, draw.campaign.brief
    objective = str(rng.choice(OBJECTIVES))
    draw.had.append(objective)
    brief = replace(
        brief, budget=float(np.round(brief.budget * rng.choice([0.15, 0.4, 1, 2]), -3)), objective=objective
    )
    with_customers = any(trait.role == "customer" for trait in draw.campaign.traits)
    if with_customers and draw.chance(0.4, "customers first"):
        brief = replace(brief, customers_first=float(rng.choice([0.8, 0.9, 0.95])))
    if draw.chance(0.1, "parts"):
        brief = replace(brief, whole=False)
    draw.campaign = replace(draw.campaign, brief=brief)


def _lines(draw: Draw) -> None:
    rng, few = draw.rng, max(1, len(draw.campaign.vehicles) // 6)
    if draw.chance(0.3, "by the thousand"):
        for j in draw.some(2):
            price, most = float(np.round(rng.uniform(5, 20), 1)), float(rng.choice([2000, 6000, 20000]))
            draw.change([j], bought_as="impressions", unit_cost=price, audience_000=1.0, maximum=most)
    if draw.chance(0.3, "fixed costs"):
        for j in draw.some(few):
            row = draw.campaign.vehicles[j]
            once = 0.5 * (row.unit_cost or 0.0) * min(row.maximum, 5)
            draw.change([j], fixed_cost=float(np.round(once, -1)))
    if draw.chance(0.3, "smallest buys"):
        for j in draw.some(few):
            draw.change([j], smallest_buy=min(3.0, draw.campaign.vehicles[j].maximum))
    if draw.chance(0.3, "a minimum"):
        draw.change(draw.some(1), minimum=1.0)


def _rules(draw: Draw) -> None:
    count = int(draw.rng.choice([0, 1, 2, 4, 6]))
    draw.had.append(f"{count} rules")
    rows = tuple(_rule(draw, f"Rules!B{number + 2}") for number in range(count))
    draw.campaign = replace(draw.campaign, rules=rows)


def _rule(draw: Draw, cell: str) -> RuleRow:
    """One of a medium, or of a quarter of the vehicles."""
    rng, rows, budget = draw.rng, draw.campaign.vehicles, draw.campaign.brief.budget
    name, members = draw.medium()
    if rng.random() > 0.6:
        name, members = "a quarter", tuple(rows[j].name for j in draw.some(max(2, len(rows) // 4)))
    one, other = (rows[j].name for j in draw.some(2))
    either = ((one, (one,)), (other, (other,)))
    return (
        RuleRow("r", name, members, 0.1, None, "share", cell=cell),
        RuleRow("r", name, members, None, float(rng.choice([0.3, 0.5])), "share", cell=cell),
        RuleRow("r", name, members, None, float(rng.choice([1, 2, 3])), "vehicles", cell=cell),
        RuleRow("r", name, members, float(rng.choice([1, 2])), None, "vehicles", cell=cell),
        RuleRow("r", name, members, None, float(rng.choice([0.2, 0.4])), "budget", cell=cell),
        RuleRow("r", name, members, 2.0, None, "insertions", cell=cell),
        RuleRow("r", f"{one}; {other}", (one, other), None, 1.0, "items", items=either, cell=cell),
        RuleRow("r", name, members, None, float(np.round(0.5 * budget)), "money", cell=cell),
    )[int(rng.integers(8))]


def _discounts(draw: Draw) -> None:
    if not draw.chance(0.3, "discounts"):
        return
    (name, members), budget, cell = draw.medium(), draw.campaign.brief.budget, "Discounts!A2"
    if draw.rng.random() < 0.5:
        steps = ((0.1 * budget, 0.05), (0.2 * budget, 0.1))
        rows = [DiscountRow(f"medium: {name}", members, "money", round(a), rate, cell) for a, rate in steps]
    else:
        steps = ((3.0, 0.05), (6.0, 0.12))
        rows = [DiscountRow(v, (v,), "insertions", a, rate, cell) for v in members[:3] for a, rate in steps]
    draw.campaign = replace(draw.campaign, discounts=tuple(rows))


def _packages(draw: Draw) -> None:
    if not draw.chance(0.25, "packages"):
        return
    rows = []
    for number in range(int(draw.rng.integers(1, 4))):
        pair = [draw.campaign.vehicles[j] for j in draw.some(2)]
        if all(row.bought_as != "impressions" and row.maximum >= 2 for row in pair):
            price = float(np.round(0.82 * sum(2 * (row.unit_cost or 0.0) for row in pair)))
            names = tuple(row.name for row in pair)
            rows.append(PackageRow(f"package {number + 1}", names, (2.0, 2.0), price, "Packages!A2"))
    draw.campaign = replace(draw.campaign, packages=tuple(rows))


def _weeks(draw: Draw) -> None:
    if not draw.chance(0.35, "weeks:"):
        return
    rng, brief = draw.rng, draw.campaign.brief
    weeks = int(rng.choice([4, 6, 8, 10, 13]))
    draw.had[-1] += f" {weeks}"
    mondays = tuple(date(2027, 3, 1) + timedelta(weeks=t) for t in range(weeks))
    limits: list[WeekLimit] = []
    if draw.chance(0.5, "weekly caps"):
        most = float(np.round(1.3 * brief.budget / weeks))
        limits += [WeekLimit("money", "<=", (t,), most, f"week {t + 1}", "Weeks!B3") for t in range(weeks)]
    if draw.chance(0.3, "weekly rating points"):
        least = float(np.round(0.1 * GRP / weeks, 1))
        limits += [WeekLimit("grp", ">=", (t,), least, f"week {t + 1}", "Weeks!B4") for t in range(weeks)]
    factors: tuple[PriceFactor, ...] = ()
    if draw.chance(0.5, "weekly prices"):
        name, members = draw.medium()
        factors = (
            PriceFactor(name, members, tuple(np.round(rng.uniform(0.8, 1.2, weeks), 2).tolist()), "Weeks!B5"),
        )
    most_of: dict[str, tuple[float, ...]] = {}
    if draw.chance(0.5, "at most 2 a week"):
        paced = [row.name for row in draw.campaign.vehicles if row.bought_as != "impressions"]
        most_of = {name: (2.0,) * weeks for name in paced if rng.random() < 0.5}
    calendar = Calendar(
        tuple(f"W{t + 1}" for t in range(weeks)), mondays, limits=tuple(limits), factors=factors, most=most_of
    )
    brief = replace(brief, weeks=weeks, start=mondays[0])
    draw.campaign = replace(draw.campaign, brief=brief, calendar=calendar)


def _goals(draw: Draw) -> None:
    goals: list[GoalRow] = []
    if draw.chance(0.2, "a cap on frequency"):
        most = float(draw.rng.choice([3, 5, 8]))
        goals.append(GoalRow("everyone", "average frequency", None, most, cell="Goals!C2"))
    if draw.chance(0.15, "a goal on reach"):
        goals.append(GoalRow("catalysts", "reach", 0.3, cell="Goals!C3"))
    draw.campaign = replace(draw.campaign, goals=tuple(goals))


@dataclass(frozen=True)
class Answer:
    """cpu: seconds. gap: in %, None where there is no plan. said: why, or how far prices are told."""

    number: int
    cpu: float
    gap: float | None
    said: str
    had: str

    def line(self) -> str:
        gap = "      -" if self.gap is None else f"{self.gap:7.3f}"
        return f"{self.number:5} {self.cpu:7.2f} {gap}  {self.said}{self.had}"


def planned(number: int, seconds: float, prices: bool, often: int = 0) -> Answer:
    """What becomes of campaign `number`. often: times that people must be met to count, 0 for the objective drawn."""
    campaign, had = drawn(number)
    if often:
        brief = replace(campaign.brief, objective="effective reach", effective_frequency=often)
        campaign, had = replace(campaign, brief=brief), f"{had}; but for people met {often} times"
    options, began = Options(seconds=seconds, break_even=False), time.process_time()
    try:
        result = make_plan(campaign, options)
    except PlanningError as error:
        return Answer(
            number, time.process_time() - began, None, f"{type(error).__name__}: {str(error)[:90]} | ", had
        )
    cpu = time.process_time() - began
    return Answer(number, cpu, 100 * result.gap, _priced_too(result, options) if prices else "", had)


def _priced_too(result: PlanResult, options: Options) -> str:
    """CPU seconds of explain, how many prices are proven on both sides, on one, and not at all."""
    began = time.process_time()
    told = explain(result, options).vehicles
    ends = [(v.low is not None) + (v.high is not None) if v.source == "solved" else 2 for v in told]
    counts = ", ".join(str(ends.count(n)) for n in (2, 1, 0))
    return f"prices {time.process_time() - began:.1f} s ({counts}) | "


def main() -> None:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each plan, at most")
    parser.add_argument("--prices", action="store_true")
    parser.add_argument("--often", type=int, default=0, help="times that people must be met to count")
    asked = parser.parse_args()
    answers = []
    for number in range(asked.first, asked.first + asked.count):
        answers.append(planned(number, asked.seconds, asked.prices, asked.often))
        print(answers[-1].line(), flush=True)
    plans = [answer for answer in answers if answer.gap is not None]
    open_ = [answer for answer in plans if (answer.gap or 0.0) > 0.1]
    print(f"\n{len(plans)} plans of {len(answers)} campaigns, {len(open_)} of them open by more than 0.1 %.")
    if asked.often:
        gaps = [answer.gap for answer in plans]
        print(f"Gap: median {np.median(gaps):.2f} %, mean {np.mean(gaps):.2f}, most {np.max(gaps):.1f}.")
    cpu = np.array([answer.cpu for answer in answers])
    print(f"CPU seconds: median {np.median(cpu):.2f}, mean {cpu.mean():.2f}, most {cpu.max():.1f}. Slowest:")
    for answer in sorted(answers, key=lambda answer: -answer.cpu)[:SLOWEST]:
        print(answer.line())


if __name__ == "__main__":
    main()
