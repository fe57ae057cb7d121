"""A bound that knows how often people are met, where that counts: as the objective, or in goals.

The relaxation knows of n+ reach that it is at most reach, and contacts / n. Once the search has ended, a programme of
its own has planes above n+ reach besides (models.programme.often), low at the best plan first, then at its own answers.
The planes need to lie above those plans alone that are worth more than an aim: no plan is worth more than the aim, or
what the programme then says, whichever is more. The aim is the best plan's worth first, then halfway from there to the
bound: the nearer it is to the bound, the fewer plans there are, and the lower the planes. Where that rules an aim out,
it is the bound, and planes for a lower aim are made anew, for those made lie above the plans beyond theirs alone.

Between a bound and the aim the programme charges every number of insertions something. Schedules that are charged so
little that they can be worth most are valued one by one, as far down as they are few: no other is worth more. The same
for least money, with goals on n+ reach: those that can be cheapest are looked at, whether they meet the goals.
"""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from models.problem.problem import Problem
from models.problem.schedule_rows import schedule_rows
from models.programme.answers import Relaxed
from models.programme.often.clock import Clock, Late
from models.programme.often.rows import Counted, Often, counted_often
from models.programme.plans.listing import schedules_charged_less
from models.programme.relaxation import Relaxation
from models.purchase.columns import WHOLE
from models.search.often_listed import look_at
from models.search.work import Work

_CUTS = 6
_NEXT = 0.85  # of the way from the best plan to a bound, the next aim below it
_GAIN = 1e-3  # of the bound, from which on what other planes can gain is worth their while
_TOLERANCE = 1e-3
_LISTED, _ROUNDING = 150_000, 1e-7  # schedules, half made ones too; of the bound, or of the people
_PARTS = (0.2, 0.4, 0.6, 0.8, 1.0)  # of the way from a bound down to the aim


def closer_bound(work: Work) -> None:
    """Lower the bound, as far as time allows. Plans worth less than the best one need not keep what is stated here."""
    _all_on_offer(work)
    counted = [] if work.closed() else counted_often(work.problem)
    if work.best is None or not counted or work.value >= work.settings.enough or work.left() <= 0:
        return
    work.tell("how often people are met, for the bound")
    with suppress(Late):
        _lower(work, counted)


def _all_on_offer(work: Work) -> None:
    """No plan meets more people than the one that buys all on offer."""
    problem, effective = work.problem, work.problem.objective.effective
    if effective is not None:
        upper = problem.system.upper[: problem.n_vehicles]
        most = effective.people_reached(problem.model, np.floor(upper + WHOLE) if problem.whole else upper)
        work.bound = min(work.bound, max(most + _ROUNDING * float(effective.people.sum()), work.value))


def _lower(work: Work, counted: Sequence[Counted]) -> None:
    """The same, until the clock ends it."""
    going_on = _aimed(work, counted, work.value, rising=True)
    while going_on:
        before = work.bound
        aim = work.value + _NEXT * (before - work.value)
        going_on = _aimed(work, counted, aim, rising=False) and before - work.bound > _GAIN * abs(before)


def _aimed(work: Work, counted: Sequence[Counted], aim: float, *, rising: bool) -> bool:
    """Lower the bound by planes for plans worth more than an aim; whether there are hardly any. rising: whether the aim
    goes on towards the bound."""
    assert work.best is not None
    relaxation = Relaxation(work.problem, deadline=work.deadline)  # in HiGHS, for its duals
    often = Often(relaxation, counted, "highs", Clock(work.deadline))
    relaxation.cut_at(work.best)
    bought, before, lists = often.of(work.insertions(work.best)), np.inf, True
    for _ in range(_CUTS):
        # Planes that gain nothing are no reason to end: nearer to the bound the aim itself may be the next.
        if work.closed() or work.bound - aim <= _GAIN * abs(work.bound):
            return not work.closed() and aim > work.value + _GAIN * abs(work.bound)
        if not often.cut(bought, aim):
            work.bound = min(work.bound, aim)
            return True
        found = relaxation.relax(_TOLERANCE)
        work.bound = min(work.bound, max(found.bound, aim))
        if not found.settled:
            return found.bound <= aim
        if not rising and found.bound > before - _GAIN * abs(before):
            return False
        assert relaxation.values is not None
        lists = lists and _list(work, often, relaxation, found, aim)
        bought, before = often.bought(relaxation.values), found.bound
        aim = (aim + work.bound) / 2 if rising else aim
    return False


def _listable(problem: Problem) -> bool:
    """Whether schedules tell what plans are worth: n+ reach of whole insertions, or their money alone."""
    objective = problem.objective
    of_money = objective.saves_money and problem.insertions_only
    return problem.whole and (objective.effective is not None or of_money)


def _list(work: Work, often: Often, relaxation: Relaxation, found: Relaxed, aim: float) -> bool:
    """Look at the schedules that can be worth most by a relaxation's answer, as far down to the aim as they are few;
    whether some part of the way."""
    problem, reduced = work.problem, relaxation.reduced
    if not _listable(problem) or reduced is None or not found.charged.each:
        return False
    charged, rows = often.charged(found, reduced), schedule_rows(problem)
    row_worth = found.row_worth if problem.insertions_only else None
    plans, least = None, found.bound
    for part in _PARTS:
        room = part * (found.bound - aim)
        listed = schedules_charged_less(
            problem, rows, charged, row_worth, room + _ROUNDING * abs(found.bound), _LISTED, work.deadline
        )
        if listed is None:
            break
        plans, least = listed, found.bound - room
    if plans is not None:
        look_at(work, plans, least)
    return plans is not None
