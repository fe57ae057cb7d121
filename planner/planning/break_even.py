"""The influencer multiplier at which tailoring begins to pay."""

import time
from dataclasses import replace

import numpy as np

from models.after.beating import nearby_plan_worth_more
from models.after.questions import Questions
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, SolverFailure
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.search.allocate import Settings, allocate, strategy_of
from planner.campaign.population import retuned
from planner.campaign.prepare import Prepared, objective_of
from planner.planning.options import Clock, Options
from planner.planning.questions import Solved
from planner.planning.turning import HIGHEST_MULTIPLIER, Sought, at_multiplier

_HALVINGS = 6
_BREAK_EVEN_GAIN = 1e-4  # a gain of this share counts as one
_SHORT_SECONDS = 3.0  # for one multiplier on respondents
_PROOF_SECONDS = 3.0  # for showing that no plan pays at the highest multiplier
_NO_TIME = 0.1  # seconds left, or less


def break_even(prepared: Prepared, solved: Solved, clock: Clock) -> Sought:
    """The smallest multiplier of every influencer at which a tailored plan is worth more than the ordinary one by
    over 0.01 %, as far as short searches show, to about 4 % of the multiplier."""
    known = [solved.ordinary.decision, solved.tailored.decision]
    low, high = 1.0, HIGHEST_MULTIPLIER
    pays = _pays_at(high, prepared, solved, clock, known, seconds=_PROOF_SECONDS)
    for _ in range(_HALVINGS):
        if not pays:
            break
        middle = float(np.sqrt(low * high))
        pays_here = _pays_at(middle, prepared, solved, clock, known)
        if pays_here is None and clock.left() <= _NO_TIME:
            return Sought(None, False)
        low, high = (low, middle) if pays_here else (middle, high)
    return Sought(high if pays else None, pays is not None)


def _pays_at(
    multiplier: float,
    prepared: Prepared,
    solved: Solved,
    clock: Clock,
    known: list[FloatArray],
    seconds: float = 0.0,
) -> bool | None:
    """Whether tailoring pays at a multiplier; None where time, or so short a search, allows no answer. A plan found
    joins the known ones, from which the next search starts. seconds: for a search everywhere, where a short one leaves
    the question open."""
    campaign = at_multiplier(prepared.campaign, multiplier)
    objective = objective_of(campaign, retuned(prepared.people, campaign))
    problem = replace(solved.problem, objective=objective)
    target = problem.value(solved.ordinary.decision) / (1 - _BREAK_EVEN_GAIN)
    if strategy_of(problem) == "respondents":
        return _pays_on_respondents(problem, target, min(seconds or _SHORT_SECONDS, clock.left()), known)
    relaxation = solved.relaxation or Relaxation(problem)
    relaxation.deadline = time.monotonic() + clock.left()
    found = nearby_plan_worth_more(problem, target, 2 * _BREAK_EVEN_GAIN, relaxation, known)
    if not found.settled and found.plan is None and seconds > 0:
        allowed = min(seconds, clock.left() / 2)
        questions = Questions(problem, relaxation=relaxation)
        found = questions.plan_worth_more(problem, target, allowed, known, 2 * _BREAK_EVEN_GAIN)
    if found.plan is not None:
        known.append(found.plan)
    return found.plan is not None if found.settled else None


def _pays_on_respondents(
    problem: Problem, target: float, seconds: float, known: list[FloatArray]
) -> bool | None:
    """Whether a plan on respondents is worth more than the target; None where a short search leaves that open."""
    settings = Settings(_BREAK_EVEN_GAIN, max(seconds, 0.1), thorough=False, sharpen=False)
    try:
        found = allocate(problem, settings, known)
    except InfeasiblePlan:
        return None
    if found.value > target:
        known.append(found.decision)
        return True
    return False if found.bound <= target * (1 + 2 * _BREAK_EVEN_GAIN) else None


def break_even_sought(
    prepared: Prepared, solved: Solved, insertions: FloatArray, options: Options, clock: Clock
) -> Sought | None:
    """At which multiplier tailoring begins to pay; None where that is not asked for, nothing is tailored, or the
    insertions given (n_vehicles,) are not those of the tailored plan."""
    objective = prepared.problem.objective
    weighs = objective.effective is None and not objective.saves_money
    edited = not np.array_equal(insertions, solved.tailored.insertions)
    if not options.break_even or edited or not weighs or prepared.people.masks.get("influencers") is None:
        return None
    options.progress("break-even")
    try:
        return break_even(prepared, solved, clock)
    except SolverFailure:
        return Sought(None, determined=False)  # the plan is there: it is not lost with a question about it
