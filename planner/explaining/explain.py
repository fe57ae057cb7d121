"""Why this plan: the price of every vehicle, of every rule that binds, of a little more or less money; and in words
what earns each vehicle its place or keeps it out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan, InvalidInput, SolverFailure
from models.problem.problem import Problem
from models.programme.plans.completion import completed
from models.programme.relaxation import keeps_everything
from models.programme.solvers.highs_quiet import load_highs
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.explaining.explained import BudgetStep, Explanation, RulePrice, VehiclePrice
from planner.explaining.inquiry import Inquiry
from planner.explaining.pricing import Base, make_base
from planner.explaining.reason_text import reason_line, reason_sentence
from planner.explaining.reasons import find_reasons, measured
from planner.explaining.rule_behind import told
from planner.explaining.rule_costs import Rough, priced_rules, rule_prices, solved_near
from planner.explaining.side_by_side import threads, together
from planner.planning.model_error import value_error
from planner.planning.options import Options
from planner.planning.questions import (
    CUSTOMERS_FIRST,
    customer_floor,
    customer_problem,
    floored,
    keeping_customers,
)
from planner.planning.results import PlanResult, RuleOutcome
from planner.planning.variants import (
    best_customers,
    customer_slack,
    settled_by_search,
    variant,
    with_budget,
    without_rules,
)

NEAREST = 50
STEP = 1_000.0  # of the budget's currency
_FEW = 12  # bought vehicles, of which a plan with each is solved at a dearer price where it takes as long as that
_EASILY = 5e-3  # of the floor of customers first: by so much more it is out of the way
_SMOOTH = 1e-7  # relative, to which the relaxation's worth of 1,000 is told

T = TypeVar("T")


def refuse_unexplained(campaign: Campaign) -> None:
    """Raises InvalidInput where prices are not worked out: an objective whose plans carry no certificate to compare
    by, or whose worth is money itself."""
    if campaign.brief.objective in ("minimum cost", "effective reach"):
        raise InvalidInput(
            f"Prices are worked out for the objectives influence, word of mouth, reach and impressions, not for "
            f"{campaign.brief.objective}; plan for one of these to have them."
        )


def explain(result: PlanResult, options: Options, spent: float = 0.0) -> Explanation:
    """Explain a plan that keeps its rules. spent: seconds of the time limit that reading and planning took. Where the
    limit ends the work, prices not reached are the relaxation's guesses, and rules not reached are left out; nothing
    found is lost."""
    refuse_unexplained(result.campaign)
    started = time.perf_counter() - spent

    def left() -> float:
        return options.seconds - (time.perf_counter() - started)

    load_highs()
    prepared = keeping_customers(prepare(result.campaign), result.customers_first)
    plan = result.vehicles.insertions
    weekly = None if result.weeks is None else result.weeks.insertions
    options.progress("what each vehicle does")
    decision = completed(prepared.problem, plan, weekly)
    standing = measured(prepared, decision)
    options.progress("the best plan, sharply")
    base = make_base(prepared, decision, left, options.thorough)
    inquiries = [Inquiry(base, j, float(plan[j])) for j in range(len(plan))]
    _each(inquiries, Inquiry.coarse, "brackets", options.progress)
    # The budget and the rules before what is sharper: they are few, and the vehicles would leave them no time.
    better = list[FloatArray]()
    steps, rules = _budget_and_rules(base, priced_rules(prepared, result.rules), better, options.progress)
    vehicles = _customers_aside(inquiries, _sharpened(inquiries, options.progress), options.progress)
    currency = prepared.campaign.brief.currency
    reasoned = tuple(
        replace(price, reason=reason_sentence(reason, currency), line=reason_line(reason, currency))
        for price, reason in zip(vehicles, find_reasons(standing, vehicles), strict=True)
    )
    best = _best_known(base, inquiries, better)
    return Explanation(
        result,
        reasoned,
        tuple(rule.beside(base.best.value, best) for rule in rules if isinstance(rule, RulePrice)),
        steps[0],
        steps[1],
        better=max(0.0, best / result.value - 1) if result.value > 0 else 0.0,
        complete=base.left() > 0 and None not in rules,
        left_wide=sum(inquiry.left_wide for inquiry in inquiries),
        rules_open=rules.count("rough"),
        seconds=time.perf_counter() - started,
    )


def _best_known(base: Base, inquiries: Sequence[Inquiry], found: Sequence[FloatArray]) -> float:
    """What the best plan that keeps all rules is worth, of all that were found, here or on the way to prices."""
    problem, best = base.prepared.problem, base.best.value
    without = (
        inquiry.proven.without.plan for inquiry in inquiries if np.isfinite(inquiry.proven.without.worth)
    )
    for plan in (*found, *without, *(inquiry.proven.known for inquiry in inquiries)):
        value = problem.value(plan)
        if value > best and keeps_everything(problem, plan):
            best = value
    return best


def _budget_and_rules(
    base: Base,
    priced: Sequence[tuple[RuleOutcome, set[str]]],
    better: list[FloatArray],
    progress: Callable[[str], None],
) -> tuple[list[BudgetStep | None], list[RulePrice | Rough | None]]:
    """What a little more and less budget does, and what each rule costs beside the base's best plan; None of what time
    did not allow. better: takes the plans found that keep all rules and are worth more."""
    progress("a little more and less budget")
    steps = together(
        [partial(_budget_step, base, money) for money in (STEP, -STEP)], lambda _: None, threads(base)
    )
    return steps, rule_prices(base, priced, better, progress)


def _sharpened(inquiries: Sequence[Inquiry], progress: Callable[[str], None]) -> list[VehiclePrice]:
    """Every vehicle's price, in the order a buyer cares about, the nearest to the price asked first; last what 10 %
    less and more would change."""
    order = [inquiries[j] for j in _nearest(inquiries)]
    _each(order, Inquiry.by_moves, "local search", progress)
    _each(order, Inquiry.sharpen, "sharper", progress)
    further = [inquiries[j] for j in _nearest(inquiries) if inquiries[j].bought][:_FEW]
    _each(further, Inquiry.sharpen_further, "how much dearer", progress)
    _each(order, Inquiry.prove_everywhere, "at every price", progress)
    _each(order, Inquiry.look_for_rule, "rules behind them", progress)
    changes = _each(order, Inquiry.at_other_prices, "10 % less and more", progress)
    found = {inquiry.place: price for inquiry, price in zip(order, changes, strict=True)}
    return [found.get(inquiry.place) or inquiry.price() for inquiry in inquiries]


def _customers_aside(
    inquiries: Sequence[Inquiry], prices: list[VehiclePrice], progress: Callable[[str], None]
) -> list[VehiclePrice]:
    """The prices, without customers first where it needs a vehicle at any price: held at the number of people that it
    asks for now it does so long after a plan made anew, of which it asks for fewer, leaves the vehicle out."""
    found = {}
    for its in _without_customers_first(inquiries, progress):
        price, held = its.price(), prices[its.place]
        if price.source == "solved" and price.price is not None:
            found[its.place] = replace(price, aside=held.rule, cheaper=held.cheaper, dearer=held.dearer)
    return [found.get(place, price) for place, price in enumerate(prices)]


def _without_customers_first(inquiries: Sequence[Inquiry], progress: Callable[[str], None]) -> list[Inquiry]:
    """The inquiries about vehicles that customers first needs, made again without it; none where time ended."""
    base = inquiries[0].proven.base
    if customer_floor(base.prepared.problem) is None or base.left() <= 0:
        return []
    needed = [its for its in inquiries if its.by_rule and its.rule == told(base, CUSTOMERS_FIRST)]
    free = replace(base.prepared, problem=without_rules(base.prepared.problem, {CUSTOMERS_FIRST}))
    try:
        free_base = make_base(free, base.best.decision, base.remaining, base.thorough) if needed else base
    except SolverFailure:
        return []
    again = [Inquiry(free_base, its.place, its.bought) for its in needed]
    for ask in (Inquiry.coarse, Inquiry.by_moves, Inquiry.sharpen, Inquiry.prove_everywhere):
        _each(again, ask, "customers first aside", progress)
    return again


def _each(
    inquiries: Sequence[Inquiry], ask: Callable[[Inquiry], T], words: str, progress: Callable[[str], None]
) -> list[T]:
    """What is found out about vehicles, in order; those that share a programme are asked about in turn."""
    if not inquiries:
        return []
    base, found = inquiries[0].proven.base, dict[int, T]()
    by_programme: dict[int, list[Inquiry]] = {}
    for inquiry in inquiries:
        by_programme.setdefault(base.programme_of(inquiry.place), []).append(inquiry)

    def in_turn(own: Sequence[Inquiry]) -> None:
        for inquiry in own:
            found[inquiry.place] = ask(inquiry)

    tasks = [partial(in_turn, own) for own in by_programme.values()]
    said = f"prices: {words}, {{}} of {len(inquiries)} vehicles"
    together(tasks, lambda _: progress(said.format(len(found))), threads(base))
    return [found[inquiry.place] for inquiry in inquiries]


def _nearest(inquiries: Sequence[Inquiry]) -> list[int]:
    """Places of the vehicles to search for, the nearest to their price first, and before them the bought ones of which
    nothing is proven at it: all, or in a large campaign the nearest few."""
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.array(
            [
                0.0 if found.open else abs(np.log(found.proven.guess / found.proven.base.quoted[found.place]))
                for found in inquiries
            ]
        )
    order = [int(j) for j in np.argsort(np.where(np.isfinite(distance), distance, np.inf), kind="stable")]
    return order[:NEAREST] if inquiries and inquiries[0].proven.base.many else order


# --- budget --------------------------------------------------------------------------------------


def _budget_step(base: Base, money: float) -> BudgetStep | None:
    """What so much more (or less) budget does; None where nothing is left of it, or time ended."""
    budget = base.campaign.brief.budget + money
    if budget <= 0 or base.left() <= 0:
        return None
    if base.within_a_gap:
        return BudgetStep(money, None, money * base.money_worth)
    try:
        return _solved_at(base, money, _at_budget(base, budget))
    except (InfeasiblePlan, SolverFailure):
        return None


def _solved_at(base: Base, money: float, problem: Problem) -> BudgetStep | None:
    questions = base.asked(problem)
    best = solved_near(base, questions, problem)
    if best is None:
        return None
    relaxed = questions.bound(problem, base.left(), tolerance=_SMOOTH)
    sharp = relaxed.settled and problem.plain and not problem.effective
    smoothed = relaxed.bound - base.relaxed.bound if sharp else None
    pairs = zip(base.campaign.vehicles, base.plan, best.insertions, strict=True)
    changes = {row.name: (float(a), float(b)) for row, a, b in pairs if a != b}
    gap, value = max(best.gap, base.best.gap), best.value - base.best.value
    moved = best.insertions - base.best.insertions
    nested = bool((moved >= 0).all() or (moved <= 0).all())
    error = 0.0 if nested else value_error(base.prepared, base.best.insertions, best.insertions)
    share = value / max(abs(base.best.value), 1e-300)
    return BudgetStep(money, value, smoothed, changes, gap, share, error)


def _at_budget(base: Base, budget: float) -> Problem:
    """The problem at another budget, where customers first asks for its share of the best reach there. Raises
    InfeasiblePlan, NoPlanInTime."""
    now, then = base.prepared, variant(base.prepared, with_budget(base.campaign, budget))
    floor, reach = customer_floor(now.problem), customer_problem(then)
    far = customer_slack(now.problem, base.best.decision) > _EASILY
    if floor is None or reach is None or far or not settled_by_search(reach):
        return then.problem
    questions, near = base.asked(reach), base.best.decision
    before, after = (
        best_customers(problem, near, base.left() / 4, questions, base.whole_gap)
        for problem in (replace(reach, tariff=now.problem.tariff, rules=now.problem.rules), reach)
    )
    return floored(then, floor.least * after / before).problem
