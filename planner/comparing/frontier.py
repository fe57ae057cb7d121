"""What other money would buy: a campaign solved at many budgets, the trade-off of two audiences, a budget ladder, and
the nearest plan for a new budget or price.

Every part is a question to the campaign's live programme (planner.planning.warm), asked side by side by
planner.comparing.runner: first each budget and the ends of the trade-off, then what builds on them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from models.errors import InfeasiblePlan, InvalidInput
from models.many.hull import half_point
from models.many.trade_off import Point, TradeOff, efficient
from models.problem.certificate import relative_gap
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.comparing.candidates import never_less, plans_of, undominated, valued, with_best
from planner.comparing.desk import (
    Answer,
    Desk,
    Sweep,
    Terms,
    asked_of,
    certified,
    figures,
    floor_of,
    why_none,
)
from planner.comparing.frontier_errors import (
    after_each_other,
    change_error,
    ends_error,
    errors_of_rungs,
    reach_error_of,
    with_errors,
)
from planner.comparing.frontier_questions import (
    ask_change,
    ask_cheapest,
    ask_ladder,
    cheapest_task,
    with_reasons,
)
from planner.comparing.runner import Task
from planner.errors import NoPlan
from planner.planning.variants import with_budget
from planner.planning.warm import answer, changed

POINTS, TRADE_OFFS = 25, 11
UP_TO = 2.0  # times the campaign's own budget
_SHARPER = 0.1  # of the gap asked: plans of a trade-off differ by little
FEW = (
    "The two ends are nearer to each other than the model's own error, so plans between them were not looked for; "
    f"--trade-offs {TRADE_OFFS} looks for them."
)
LADDER = tuple(1 - 0.05 * step for step in range(11))  # of the campaign's own budget


@dataclass(frozen=True)
class Asked:
    """What is asked. points, trade_offs: how many, 0 = none; trade_offs None = TRADE_OFFS, but the two ends only where
    they are within the model's own error of each other. ladder: falling budgets, the first of which has the plan that
    is cut; () = none. budgets: further ones to solve. in_hand: (n_vehicles,) insertions of a plan that is known."""

    points: int = POINTS
    trade_offs: int | None = None
    ladder: tuple[float, ...] = ()
    budgets: tuple[float, ...] = ()
    change: "Changed | None" = None
    in_hand: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Changed:
    """New terms, under which the nearest plan is asked for. budget: None = as it is. prices: unit costs by vehicle.
    before: (n_vehicles,) insertions in hand, None = the best plan under the terms as they are. within: share of the
    best value that the nearest plan may lose."""

    budget: float | None = None
    prices: tuple[tuple[str, float], ...] = ()
    before: tuple[float, ...] | None = None
    within: float = 1e-3


@dataclass(frozen=True, eq=False)
class Frontier:
    """budgets: an answer each, rising. own: the campaign's budget. half: a budget whose money buys alike, and that
    from which on another 1,000 buys half of it, None where that is never. trade_offs: efficient points, the first
    audience rising; pair: names of the audiences, untold: why there are none,
    why_few: why only the ends. rungs: of the ladder, no_ladder: why it has none. change: the least change. audiences:
    names. target_000: people. ends_error: one standard deviation of the model's own error between the first and the
    last of trade_offs, a share of reach."""

    campaign: Campaign
    terms: Terms
    budgets: tuple[Answer, ...]
    own: float
    half: tuple[float, float] | None
    pair: tuple[str, str] = ("", "")
    trade_offs: tuple[Answer, ...] = ()
    untold: str = ""
    why_few: str = ""
    rungs: tuple[Answer, ...] = ()
    no_ladder: str = ""
    change: Answer | None = None
    audiences: tuple[str, ...] = ()
    target_000: float = 0.0
    ends_error: float = 0.0


def frontier(campaign: Campaign, asked: Asked, terms: Terms, sweep: Sweep) -> Frontier:
    """Solve a campaign at many budgets, and what is asked besides. Raises InvalidInput where its objective is to save
    money, NoPlan where its own budget has none."""
    refuse_savers(campaign)
    prepared = prepare(campaign)
    own = campaign.brief.budget
    put = partial(asked_of, campaign, ask, terms=terms, sweep=sweep)
    budgets, (pair, untold) = budgets_of(own, asked), pair_of(prepared)
    tasks = _first_tasks(asked, budgets, trade_offs=asked.trade_offs != 0 and not untold)
    first = dict(zip((task.key for task in tasks), put(tasks, what="budgets"), strict=True))
    points = [{"budget": budget, **first[_budget_task(budget).key]} for budget in budgets]
    points = _told(points, put, campaign.brief.currency)
    known = valued(prepared, asked.in_hand)
    solved = never_less(prepared, points, known)
    ends = first.get("both ends")
    why_few = nothing_between(prepared, ends, asked)
    second = [*([] if why_few else trade_tasks(ends, asked)), *_ladder_tasks(solved, asked)]
    answers = list(put(second, what="trade-offs and ladder"))
    ladder = answers.pop() if asked.ladder else {}
    change = None if asked.change is None else first[_change_task(asked.change).key]
    known += [*ladder.get("rungs", ()), *_as_quoted(asked, plans_of(change))]
    solved = never_less(prepared, solved, known)
    change = with_best(change, _as_quoted(asked, solved))
    steps = _along(ends, answers)[: asked.trade_offs]
    trade_offs, failed = _efficient(undominated(prepared, steps, [*solved, *known], pair, terms.gap))
    return Frontier(
        campaign, terms, with_errors(prepared, solved), own, half_of(solved), pair,
        after_each_other(prepared, trade_offs, reach_error_of), untold or failed, why_few,
        errors_of_rungs(prepared, ladder.get("rungs", ()), solved), ladder.get("reason", ""),
        change_error(prepared, change), tuple(prepared.people.masks),
        float(prepared.people.segments.population @ prepared.people.target), ends_error(prepared, trade_offs),
    )  # fmt: skip


def _as_quoted(asked: Asked, plans: Sequence[Answer]) -> Sequence[Answer]:
    """Plans that may stand for each other: none where new terms have other prices."""
    return () if asked.change is not None and asked.change.prices else plans


def _told(points: list[Answer], put: Callable[..., Sequence[Answer]], currency: str) -> list[Answer]:
    """The points, those without a plan with their reason."""
    tasks = cheapest_task(points)
    return with_reasons(points, put(tasks, what="the cheapest plan")[0], currency) if tasks else points


def _first_tasks(asked: Asked, budgets: Sequence[float], *, trade_offs: bool) -> list[Task]:
    """What can be asked before anything is known: every budget, the ends of the trade-off, the new terms."""
    tasks = [_budget_task(budget) for budget in budgets]
    tasks += [Task("both ends", {"kind": "ends"})] if trade_offs else []
    tasks += [] if asked.change is None else [_change_task(asked.change)]
    return tasks


def refuse_savers(campaign: Campaign) -> None:
    """Raises InvalidInput where money is what is looked for."""
    if campaign.brief.objective == "minimum cost":
        cell = campaign.brief_cell("objective")
        raise InvalidInput(
            f"{cell}: the objective minimum cost looks for the least money, so there is nothing to ask of other "
            "budgets; choose an objective that a budget limits, such as influence or reach."
        )
    if not np.isfinite(campaign.brief.budget):
        cell = campaign.brief_cell("budget")
        raise InvalidInput(f"{cell}: the campaign has no budget; state one, and others are compared with it.")


def budgets_of(own: float, asked: Asked) -> tuple[float, ...]:
    """Budgets to solve, rising: evenly up to twice the campaign's own, it among them, and those of the ladder.

    >>> budgets_of(1000.0, Asked(points=4, ladder=(1000.0, 800.0)))
    (500.0, 800.0, 1000.0, 1500.0, 2000.0)
    """
    even = [round_to(UP_TO * own * at / asked.points, own) for at in range(1, asked.points + 1)]
    every = sorted({*even, own, *asked.ladder, *asked.budgets})
    return tuple(float(budget) for budget in every if budget > 0)


def steps_of(own: float, given: Sequence[float] = ()) -> tuple[float, ...]:
    """The ladder's budgets, falling: those given and the campaign's own, or by 5 % to a half.

    >>> steps_of(1000.0, [800.0, 900.0, 1200.0])
    (1200.0, 1000.0, 900.0, 800.0)
    """
    even = () if given else tuple(round_to(own * share, own) for share in LADDER)
    return tuple(sorted({own, *given, *even}, reverse=True))


def round_to(budget: float, own: float) -> float:
    """A budget that people would say: to a thousandth of the size of the campaign's own.

    >>> round_to(1234567.0, 2e6), round_to(123.456, 500.0)
    (1235000.0, 123.5)
    """
    unit = 10.0 ** (np.floor(np.log10(own)) - 3)
    return float(f"{np.round(budget / unit) * unit:.12g}")  # 1168 tenths are 116.8, as people write it


def half_of(solved: Sequence[Answer]) -> tuple[float, float] | None:
    """A budget, and that from which on another 1,000 buys half the value that each 1,000 of the first did, of certified
    points alone: what a search that time ended leaves open may be more than what a step buys."""
    known = [(each["budget"], each["value"]) for each in solved if each["status"] == "optimal"]
    budgets, values = np.array([(0.0, 0.0), *known]).T
    return half_point(budgets, values)


def pair_of(prepared: Prepared) -> tuple[tuple[str, str], str]:
    """The two audiences whose reach is traded, and why there is no trade-off ("" where there is one)."""
    masks = prepared.people.masks
    first = "customers" if "customers" in masks else "target"
    if "influencers" not in masks:
        return (first, ""), "No trait is a catalyst's or an expert's, so there is no price of influence."
    if np.array_equal(masks[first], masks["influencers"]):
        return (first, "influencers"), f"The {first} and the influencers are the same people."
    return (first, "influencers"), ""


# --- tasks ----------------------------------------------------------------------------------------------


def _budget_task(budget: float) -> Task:
    return Task(f"budget {budget:.12g}", {"kind": "budget", "budget": budget})


def _change_task(change: Changed) -> Task:
    data = {"kind": "change", "budget": change.budget, "prices": dict(change.prices), "within": change.within}
    return Task(
        f"change {change}", {**data, "before": None if change.before is None else list(change.before)}
    )


def trade_tasks(ends: Answer | None, asked: Asked) -> list[Task]:
    """The points between the ends of the trade-off, evenly apart; none where the ends are the same."""
    if ends is None or "least" not in ends or ends["least"]["first"] >= ends["last"]["first"]:
        return []
    count = TRADE_OFFS if asked.trade_offs is None else asked.trade_offs
    between = np.linspace(ends["least"]["first"], ends["last"]["asked"], max(count, 2))[1:-1]
    starts = [ends["least"]["plan"], ends["last"]["plan"]]
    levels = {f"trade-off {least:.12g}": float(least) for least in between}
    return [
        Task(name, {"kind": "trade-off", "least": least, "starts": starts}) for name, least in levels.items()
    ]


def nothing_between(prepared: Prepared, ends: Answer | None, asked: Asked) -> str:
    """Why nothing is asked between the ends of the trade-off, in a sentence; "" where that is asked."""
    if asked.trade_offs is not None or ends is None or "least" not in ends:
        return ""
    least, last = ends["least"], ends["last"]
    error = ends_error(prepared, (least, last))
    won, lost = last["most_first"] - least["first"], least["most_second"] - last["second"]
    within = won < error * least["first"] and lost < error * last["second"]
    return FEW if within else ""


def _along(ends: Answer | None, between: Sequence[Answer]) -> list[Answer]:
    """Answers from one end of the trade-off to the other; where there are no ends, the reason."""
    if ends is None:
        return []
    return [ends["least"], *between, ends["last"]] if "least" in ends else [ends]


def _ladder_tasks(solved: Sequence[Answer], asked: Asked) -> list[Task]:
    if not asked.ladder:
        return []
    by_budget = {each.get("budget"): each for each in solved}
    steps = [by_budget.get(budget, {"budget": budget}) for budget in asked.ladder]
    return [Task(f"ladder {asked.ladder}", {"kind": "ladder", "steps": steps})]


def _efficient(answers: Sequence[Answer]) -> tuple[tuple[Answer, ...], str]:
    """The points of which no other is better, and why there are none."""
    known = [each for each in answers if "first" in each]
    failed = next((each["reason"] for each in answers if "reason" in each), "")
    points = [
        Point(np.array(each["plan"]), each["asked"], each["first"], each["second"], 0.0, 0.0)
        for each in known
    ]
    kept = {id(point) for point in efficient(points)}
    found = [each for each, point in zip(known, points, strict=True) if id(point) in kept]
    return tuple(sorted(found, key=lambda each: each["first"])), "" if found else failed


# --- asking ---------------------------------------------------------------------------------------------


def ask(desk: Desk, task: Task) -> Answer:
    """The answer to one question."""
    kinds: Mapping[str, Callable[[Desk, Any], Answer]] = {
        "budget": _ask_budget,
        "ends": _ask_ends,
        "trade-off": _ask_trade_off,
        "ladder": ask_ladder,
        "change": ask_change,
        "cheapest": ask_cheapest,
    }
    return kinds[task.data["kind"]](desk, task.data)


def _ask_budget(desk: Desk, data: Any) -> Answer:
    prepared = changed(desk.prepared, with_budget(desk.prepared.campaign, data["budget"]))
    try:
        solved = desk.last = answer(prepared, desk.relaxation, desk.last, desk.options)
    except NoPlan:
        return {"budget": data["budget"], "status": "none"}
    plan = solved.tailored
    return {
        "budget": data["budget"],
        **certified(plan),
        **figures(prepared, plan.decision),
        "ordinary": prepared.problem.value(solved.ordinary.decision),
        "ordinary_insertions": solved.ordinary.insertions.tolist(),
        "floor": floor_of(solved),
    }


# --- two audiences --------------------------------------------------------------------------------------


def _trade_off(desk: Desk) -> TradeOff:
    people, (first, second) = desk.prepared.people, pair_of(desk.prepared)[0]
    population, problem = people.segments.population, desk.prepared.problem
    best = partial(desk.best, sharper=_SHARPER)
    return TradeOff(problem, population * people.masks[first], population * people.masks[second], best)


def _ask_ends(desk: Desk, _: Any) -> Answer:
    trade = _trade_off(desk)
    try:
        least, last = trade.ends()
    except InfeasiblePlan:
        return {"status": "none", "reason": why_none(desk.prepared)}
    return {"least": _point(desk, least), "last": _point(desk, last)}


def _ask_trade_off(desk: Desk, data: Any) -> Answer:
    trade = _trade_off(desk)
    starts = [np.array(plan) for plan in data["starts"]]
    return _point(desk, trade.point(data["least"], starts))


def _point(desk: Desk, point: Point) -> Answer:
    """A point of the trade-off. gap: by how much more of either audience some plan may reach, at most."""
    gap = max(relative_gap(point.first, point.most_first), relative_gap(point.second, point.most_second))
    return {
        "asked": point.least,
        "first": point.first,
        "second": point.second,
        "most_first": point.most_first,
        "most_second": point.most_second,
        "gap": gap,
        "status": "optimal" if gap <= desk.terms.gap else "feasible",
        "value": desk.prepared.problem.value(point.plan),
        **figures(desk.prepared, point.plan),
    }
