"""A bound that knows how often plans meet people, where that counts: as the objective, or in goals.

The relaxation knows of n+ reach that it is at most reach, and contacts / n. Once the search has ended, a programme of
its own has planes above n+ reach besides (models.programme.often), low at the best plan first, then at its own answers.
"""

from collections.abc import Sequence
from contextlib import suppress

from models.programme.clock import Clock, Late
from models.programme.often import Counted, Often, counted_often
from models.programme.relaxation import Relaxation
from models.search.work import Work

_CUTS = 4
_GAIN = 1e-3  # of the bound, from which on another plane is worth its while
_TOLERANCE = 1e-3


def closer_bound(work: Work) -> None:
    """Lower the bound, as far as time allows. Plans worth less than the best one need not keep what is stated here."""
    counted = counted_often(work.problem)
    if work.best is None or not counted or work.value >= work.settings.enough:
        return
    work.tell("how often people are met, for the bound")
    with suppress(Late):
        _lower(work, counted)


def _lower(work: Work, counted: Sequence[Counted]) -> None:
    """The same, until the clock ends it."""
    assert work.best is not None
    relaxation = Relaxation(work.problem, solver=work.settings.solver, deadline=work.deadline)
    often = Often(relaxation, counted, work.value, work.settings.solver, Clock(work.deadline))
    relaxation.cut_at(work.best)
    bought = often.of(work.insertions(work.best))
    for _ in range(_CUTS):
        if work.closed() or work.left() <= 0:
            return
        often.cut(bought)
        before, found = work.bound, relaxation.relax(_TOLERANCE)
        if not found.settled or relaxation.values is None:
            return
        work.bound = min(work.bound, max(found.bound, work.value))
        if before - work.bound <= _GAIN * abs(before):
            return
        bought = often.bought(relaxation.values)
