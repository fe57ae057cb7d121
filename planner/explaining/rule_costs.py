"""What each rule costs: the best plan without it, beside the best known with it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import numpy as np

from models.after.prices import Trial, find_threshold
from models.after.questions import Questions
from models.after.respondent_questions import Asked
from models.arrays import FloatArray
from models.errors import SolverFailure
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.programme.relaxation import keeps_everything
from planner.campaign.prepare import Prepared
from planner.explaining.explained import RulePrice
from planner.explaining.pricing import MARGIN, PROGRAMMES, SETTLED, SHARP, Base, best_near
from planner.explaining.side_by_side import threads, together
from planner.planning.model_error import value_error
from planner.planning.questions import CUSTOMERS_FIRST, customer_floor
from planner.planning.results import RuleOutcome
from planner.planning.variants import (
    searched_by_tree,
    settled_by_search,
    variant,
    with_budget,
    without_rules,
)

_OF_GAIN = 0.01  # of what the relaxation gains without a rule: so sharply is its price known
_OF_TREES = 5e-5  # relative gap of plans without a rule, where weeks, packages or discounts are chosen too
_OF_GAPS = 4e-4  # the same where the best plan is known within a gap alone: nearer takes ten times as long
_ROUGHLY = 1e-3  # relative gap: a plan known no better tells no price of a rule
_RULE_TOLERANCE = 0.05  # of the money that a rule costs

Rough = Literal["rough"]  # known too roughly to be told


def priced_rules(prepared: Prepared, outcomes: Sequence[RuleOutcome]) -> list[tuple[RuleOutcome, set[str]]]:
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


def rule_prices(
    base: Base,
    priced: Sequence[tuple[RuleOutcome, set[str]]],
    better: list[FloatArray],
    progress: Callable[[str], None],
) -> list[RulePrice | Rough | None]:
    """What each rule costs; few tasks, each with its rules in turn, so that no number of threads can change it."""
    if not priced:
        return []
    problem, found = base.prepared.problem, dict[int, RulePrice | Rough | None]()
    every = without_rules(problem, set[str]().union(*(ids for _, ids in priced)))
    few = 1 if base.within_a_gap else PROGRAMMES

    def in_turn(first: int) -> None:
        questions, known = base.asked(every), list[FloatArray]()
        searches = questions.effort.searches
        for place in range(first, len(priced), few):
            if not base.rules_share:
                questions = base.asked(without_rules(problem, priced[place][1]))
            questions.effort.searches = searches
            found[place] = _rule_price(base, questions, known, *priced[place])
        better.extend(known)

    tasks = [partial(in_turn, first) for first in range(min(few, len(priced)))]
    together(tasks, lambda _: progress(f"rules: {len(found)} of {len(priced)}"), threads(base))
    return [found[place] for place in range(len(priced))]


def _rule_price(
    base: Base, questions: Asked, better: list[FloatArray], outcome: RuleOutcome, ids: set[str]
) -> RulePrice | Rough | None:
    """What a rule costs in worth and in money; None where time did not allow it. better: the plan found that keeps all
    rules and is worth more than the base's, if any."""
    if base.left() <= 0:
        return None
    try:
        return solved_without(base, questions, better, outcome, ids)
    except SolverFailure:
        return None


def solved_without(
    base: Base, questions: Asked, better: list[FloatArray], outcome: RuleOutcome, ids: set[str]
) -> RulePrice | Rough | None:
    free = without_rules(base.prepared.problem, ids)
    best = solved_near(base, questions, free, _OF_GAIN, better)
    if best is None:
        return "rough" if base.left() > 0 else None
    problem = base.prepared.problem
    gain, worth = max(0.0, best.value - base.best.value), max(base.best.value, 1e-300)
    if gain and keeps_everything(problem, best.decision):  # a better plan, and not the rule's doing
        gain, better[:] = 0.0, [best.decision]
    share, most = gain / worth, max(0.0, best.bound - base.best.value) / worth
    if share <= 1e-9:
        return RulePrice(outcome.cell, outcome.text, 0.0, 0.0, 0.0, most=most)
    money = _money_saved(base, questions, ids, gain, best.insertions) if settled_by_search(free) else None
    error = value_error(base.prepared, base.best.insertions, best.insertions)
    return RulePrice(outcome.cell, outcome.text, gain, share, money, error, most)


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


def solved_near(
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
    near, sharp = base.best.decision, float(np.clip(of_gain * gain, SHARP, _ROUGHLY / 2))
    if relaxed.point is None:
        return None
    if not keeps_everything(problem, near) and problem.whole and problem.insertions_only:
        room = questions.with_room(problem, base.plan)
        near = near if room is None else room
    if isinstance(questions, Questions) and searched_by_tree(problem):
        of_trees = _OF_GAPS if base.within_a_gap else _OF_TREES
        gap = max(sharp, of_trees if of_gain else SETTLED)
        return _not_rough(questions.within_gap(problem, gap, base.left(), [near, *better]))
    # Where searches do not settle it, they are too few to look ever further.
    below = base.whole_gap if settled_by_search(problem) else None
    return _not_rough(best_near(questions, problem, near, relaxed, base.left(), sharp=sharp, below=below))


def _not_rough(found: Allocation) -> Allocation | None:
    return found if found.gap <= _ROUGHLY else None
