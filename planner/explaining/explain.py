"""Why this plan: the price of every vehicle, of every rule that binds, of a little more or less money; and in words
what earns each vehicle its place or keeps it out."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import Literal, TypeVar

import numpy as np

from models.after.prices import Trial, find_threshold
from models.after.questions import Questions
from models.after.respondent_questions import Asked
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, InvalidInput, SolverFailure
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.programme.plans.completion import completed
from models.programme.relaxation import keeps_everything
from models.programme.solvers.highs_quiet import load_highs
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.explaining.explained import BudgetStep, Explanation, RulePrice, VehiclePrice
from planner.explaining.inquiry import Inquiry
from planner.explaining.pricing import MARGIN, PROGRAMMES, SETTLED, SHARP, Base, best_near, make_base
from planner.explaining.reason_text import reason_line, reason_sentence
from planner.explaining.reasons import find_reasons, measured
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
    searched_by_tree,
    settled_by_search,
    variant,
    with_budget,
    without_rules,
)

NEAREST = 50
STEP = 1_000.0  # of the budget's currency
_FEW = 12  # bought vehicles, of which a plan with each is solved at a dearer price where it takes as long as that
_OF_GAIN = 0.01  # of what the relaxation gains without a rule: so sharply is its price known
_OF_TREES = 5e-5  # relative gap of plans without a rule, where weeks, packages or discounts are chosen too
_ROUGHLY = 1e-3  # relative gap: a plan known no better tells no price of a rule
_EASILY = 5e-3  # of the floor of customers first: by so much more it is out of the way
_SMOOTH = 1e-7  # relative, to which the relaxation's worth of 1,000 is told
_RULE_TOLERANCE = 0.05  # of the money that a rule costs
_PATIENCE = 0.2  # seconds between looks at what is done; so soon is Ctrl-C heard

T = TypeVar("T")
Rough = Literal["rough"]  # known too roughly to be told


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
    steps, rules = _budget_and_rules(base, _rules(prepared, result.rules), options.progress)
    vehicles = _sharpened(inquiries, options.progress)
    currency = prepared.campaign.brief.currency
    told = tuple(
        replace(price, reason=reason_sentence(reason, currency), line=reason_line(reason, currency))
        for price, reason in zip(vehicles, find_reasons(standing, vehicles), strict=True)
    )
    return Explanation(
        result,
        told,
        tuple(rule for rule in rules if isinstance(rule, RulePrice)),
        steps[0],
        steps[1],
        better=max(0.0, base.best.value / result.value - 1) if result.value > 0 else 0.0,
        complete=base.left() > 0 and None not in rules,
        left_wide=sum(inquiry.left_wide for inquiry in inquiries),
        rules_open=rules.count("rough"),
        seconds=time.perf_counter() - started,
    )


def _budget_and_rules(
    base: Base, priced: Sequence[tuple[RuleOutcome, set[str]]], progress: Callable[[str], None]
) -> tuple[list[BudgetStep | None], list[RulePrice | Rough | None]]:
    """What a little more and less budget does, and what each rule costs; None of what time did not allow."""
    progress("a little more and less budget")
    steps = _together(
        [partial(_budget_step, base, money) for money in (STEP, -STEP)], lambda _: None, _threads(base)
    )
    return steps, _rule_prices(base, priced, progress)


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
    told = f"prices: {words}, {{}} of {len(inquiries)} vehicles"
    _together(tasks, lambda _: progress(told.format(len(found))), _threads(base))
    return [found[inquiry.place] for inquiry in inquiries]


def _threads(base: Base) -> int:
    """How many tasks may go side by side: one where they ask the same programme."""
    return 1 if base.within_a_gap else max(1, min(os.cpu_count() or 1, 4))


def _nearest(inquiries: Sequence[Inquiry]) -> list[int]:
    """Places of the vehicles to search for, the nearest to their price first: all, or in a large campaign the nearest
    few."""
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.array(
            [abs(np.log(found.proven.guess / found.proven.base.quoted[found.place])) for found in inquiries]
        )
    order = [int(j) for j in np.argsort(np.where(np.isfinite(distance), distance, np.inf), kind="stable")]
    return order[:NEAREST] if inquiries and inquiries[0].proven.base.many else order


def _together(tasks: Sequence[Callable[[], T]], done: Callable[[int], None], threads: int) -> list[T]:
    """The tasks' answers in order, worked out in so many threads: the solver lets others go on."""
    pool = ThreadPoolExecutor(max_workers=threads)
    try:
        waiting: set[Future[T]] = set()
        futures = [pool.submit(task) for task in tasks]
        waiting.update(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=_PATIENCE)
            done(len(futures) - len(waiting))
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


# --- rules ---------------------------------------------------------------------------------------


def _rules(prepared: Prepared, outcomes: Sequence[RuleOutcome]) -> list[tuple[RuleOutcome, set[str]]]:
    """The rules to be priced, with their ids: what binds, every minimum, must-buy and lock, and customers first."""
    found = []
    for outcome in outcomes:
        if not outcome.ids:  # the calendar's: no row of the programme, so nothing to leave out
            continue
        priced = prepared.rule(outcome.ids[0]).treatment.priced
        if outcome.holds and (priced == "always" or (priced == "when binding" and outcome.binding)):
            found.append((outcome, set(outcome.ids)))
    if customer_floor(prepared.problem) is not None:
        cell = prepared.campaign.brief_cell("customers_first")
        text = "customers first: keeps its share of the best customer reach"
        found.append((RuleOutcome(cell, text, True, False, 0.0, ""), {CUSTOMERS_FIRST}))
    return found


def _rule_prices(
    base: Base, priced: Sequence[tuple[RuleOutcome, set[str]]], progress: Callable[[str], None]
) -> list[RulePrice | Rough | None]:
    """What each rule costs; few tasks, each with its rules in turn, so that no number of threads can change it."""
    if not priced:
        return []
    problem, found = base.prepared.problem, dict[int, RulePrice | Rough | None]()
    every = without_rules(problem, set[str]().union(*(ids for _, ids in priced)))
    few = 1 if base.within_a_gap else PROGRAMMES

    def in_turn(first: int) -> None:
        questions, better = base.asked(every), list[FloatArray]()
        searches = questions.effort.searches
        for place in range(first, len(priced), few):
            if not base.rules_share:
                questions = base.asked(without_rules(problem, priced[place][1]))
            questions.effort.searches = searches
            found[place] = _rule_price(base, questions, better, *priced[place])

    tasks = [partial(in_turn, first) for first in range(min(few, len(priced)))]
    _together(tasks, lambda _: progress(f"rules: {len(found)} of {len(priced)}"), _threads(base))
    return [found[place] for place in range(len(priced))]


def _rule_price(
    base: Base, questions: Asked, better: list[FloatArray], outcome: RuleOutcome, ids: set[str]
) -> RulePrice | Rough | None:
    """What a rule costs in worth and in money; None where time did not allow it. better: the plan found that keeps all
    rules and is worth more than the base's, if any."""
    if base.left() <= 0:
        return None
    try:
        return _solved_without(base, questions, better, outcome, ids)
    except SolverFailure:
        return None


def _solved_without(
    base: Base, questions: Asked, better: list[FloatArray], outcome: RuleOutcome, ids: set[str]
) -> RulePrice | Rough | None:
    free = without_rules(base.prepared.problem, ids)
    best = _solved(base, questions, free, _OF_GAIN, better)
    if best is None:
        return "rough" if base.left() > 0 else None
    problem = base.prepared.problem
    # a better plan that keeps the rule, too, is not the rule's doing
    gain = max(0.0, best.value - max([base.best.value, *map(problem.value, better)]))
    if keeps_everything(problem, best.decision):
        gain = 0.0
        better[:] = [best.decision]
    share = gain / max(base.best.value, 1e-300)
    if share <= 1e-9:
        return RulePrice(outcome.cell, outcome.text, 0.0, 0.0, 0.0)
    money = _money_saved(base, questions, ids, gain, best.insertions) if settled_by_search(free) else None
    error = value_error(base.prepared, base.best.insertions, best.insertions)
    return RulePrice(outcome.cell, outcome.text, gain, share, money, error)


def _money_saved(
    base: Base, questions: Asked, ids: set[str], gain: float, without: FloatArray
) -> float | None:
    """How much less than this plan costs buys its worth without the rule: a plan that does so was found, and none
    was found for 5 % more of a saving."""
    target, spent = base.best.value * (1 - 1e-9), base.prepared.rulebook.spend(base.plan)
    known = [without]

    def trial(saving: float) -> Trial:
        if base.left() <= 0:
            return Trial(None)
        prepared = variant(base.prepared, with_budget(base.campaign, spent - saving))
        problem = without_rules(prepared.problem, ids)
        start = questions.with_room(problem, known[-1])
        starts = [] if start is None else [start]
        found = questions.plan_worth_more(problem, target, base.left(), starts, MARGIN, base.whole_gap)
        value = found.bound if found.plan is None or np.isfinite(found.bound) else problem.value(found.plan)
        # On a line from nothing saved: worth may fall far slower than the base's, which has the rule to keep.
        lost = target + gain - value
        hint = saving * gain / lost if lost > 0 and np.isfinite(lost) else float("nan")
        if found.plan is None:
            return Trial(False if found.settled else None, hint=hint)
        known.append(found.plan)
        return Trial(True, spent - prepared.rulebook.spend(found.plan), hint)

    guess = gain / base.money_worth if base.money_worth > 0 else spent / 100
    found = find_threshold(trial, guess, spent * (1 - 1e-9), _RULE_TOLERANCE)
    return found.low if found.confirmed else None


def _solved(
    base: Base,
    questions: Asked,
    problem: Problem,
    of_gain: float = 0.0,
    better: Sequence[FloatArray] = (),
) -> Allocation | None:
    """The best plan of a problem near the base's, as sharply as prices ask, or as searches settle it; None where it
    is known too roughly. of_gain: a share of what the relaxation gains is sharp enough. better: plans to begin with,
    too. Raises SolverFailure."""
    relaxed = questions.bound(problem, base.left(), tolerance=1e-7)
    gain = relaxed.bound / base.relaxed.bound - 1
    near, sharp = base.best.decision, float(np.clip(of_gain * gain, SHARP, _ROUGHLY / 10))
    if relaxed.point is None:
        return None
    if not keeps_everything(problem, near) and problem.whole and problem.insertions_only:
        room = questions.with_room(problem, base.plan)
        near = near if room is None else room
    if isinstance(questions, Questions) and searched_by_tree(problem):
        gap = max(sharp, _OF_TREES if of_gain else SETTLED)
        return _not_rough(questions.within_gap(problem, gap, base.left(), [near, *better]))
    # Where searches do not settle it, they are too few to look ever further.
    below = base.whole_gap if settled_by_search(problem) else None
    return _not_rough(best_near(questions, problem, near, relaxed, base.left(), sharp=sharp, below=below))


def _not_rough(found: Allocation) -> Allocation | None:
    return found if found.gap <= _ROUGHLY else None


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
    best = _solved(base, questions, problem)
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
