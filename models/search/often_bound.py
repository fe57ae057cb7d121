"""A bound that knows how often people are met, where that counts: as the objective, or in goals.

The relaxation knows of n+ reach that it is at most reach, and contacts / n. Once the search has ended, a programme of
its own has planes above n+ reach besides (models.programme.often), low at the best plan first, then at its own answers.
The planes need to lie above those plans alone that are worth more than an aim: no plan is worth more than the aim, or
what the programme then says, whichever is more. The aim is the best plan's worth first, then halfway from there to the
bound: the nearer it is to the bound, the fewer plans there are, and the lower the planes.
"""

from collections.abc import Sequence
from contextlib import suppress

from models.programme.often.clock import Clock, Late
from models.programme.often.rows import Counted, Often, counted_often
from models.programme.relaxation import Relaxation
from models.search.work import Work

_CUTS = 6
_GAIN = 1e-3  # of the bound, from which on what other planes can gain is worth their while
_TOLERANCE = 1e-3


def closer_bound(work: Work) -> None:
    """Lower the bound, as far as time allows. Plans worth less than the best one need not keep what is stated here."""
    counted = counted_often(work.problem)
    if work.best is None or not counted or work.value >= work.settings.enough or work.left() <= 0:
        return
    work.tell("how often people are met, for the bound")
    with suppress(Late):
        _lower(work, counted)


def _lower(work: Work, counted: Sequence[Counted]) -> None:
    """The same, until the clock ends it."""
    assert work.best is not None
    relaxation = Relaxation(work.problem, deadline=work.deadline)  # in HiGHS, for its duals
    often = Often(relaxation, counted, "highs", Clock(work.deadline))
    relaxation.cut_at(work.best)
    bought, aim = often.of(work.insertions(work.best)), work.value
    for _ in range(_CUTS):
        # Planes that gain nothing are no reason to end: nearer to the bound the aim itself may be the next.
        if work.closed() or work.bound - aim <= _GAIN * abs(work.bound):
            return
        better_plans = often.cut(bought, aim)
        found = relaxation.relax(_TOLERANCE) if better_plans else None
        bound = aim if found is None else max(found.bound, aim)
        work.bound = min(work.bound, bound)
        if found is None or not found.settled:
            return
        assert relaxation.values is not None
        bought, aim = often.bought(relaxation.values), (aim + work.bound) / 2
