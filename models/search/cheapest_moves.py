"""Local search for the least money that meets goals on reach and n+ reach.

A plan is a set of insertions that meets every goal. It is made cheaper by moves that end in such a plan again:

    strip    single insertions out, the dearest first, as long as everything is still met
    swap     one insertion of a vehicle out, or all of them; then the cheapest single purchase that makes up for it,
             or else, again and again, what makes up most per money; strip
    force    more of a vehicle in, then strip the others

From the plans given and from what is bought greedily for the goals alone. Every plan is checked by every rule's
own arithmetic, and n+ reach by the exact distribution, before it counts.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem
from models.reach.contacts import Tally
from models.search.admissible import Admissible, Moves, one_or_all
from models.search.local_search import Candidate, LocalSearch
from models.search.making_up import MakingUp

_FORCED = 30
_PATIENCE = 100
_MOVES = ("exchange", "force")  # an exchange makes up for what is given back, all of a vehicle included
_SHAKES = 8  # in vain, before the search ends
_CLOSE = 2e-6  # of a goal: how far the search's own n+ reach may be from the exact


class CheapestValuation(MakingUp):
    """What plans are worth to local search where money is saved: less money; they are completed by making up."""

    patience = _PATIENCE

    def __init__(self, problem: Problem, deadline: float = np.inf) -> None:
        self.local = LocalSearch(self, deadline)
        super().__init__(problem, Admissible(problem), lambda: self.local.late)

    def plan(self, tally: Tally) -> FloatArray | None:
        """The cheapest plan (plan_size,) of these insertions, if it keeps everything, exactly."""
        plan = self.within.plan(tally.insertions)
        if plan is None or (self.met(tally) < 1 - _CLOSE).any():
            return None
        outcome = self.problem.outcome(plan)
        return plan if all(goal.holds(outcome) for goal in self.problem.effective) else None

    def moved(self, state: Tally, vehicle: int, step: int) -> Tally:
        return self.contacts.moved(state, vehicle, step)

    def worth(self, state: Tally) -> float:
        """Less money: of insertions, or of the cheapest plan of them (minus infinity where there is none)."""
        if self.within.rows is not None:
            return -self.cost(state)
        plan = self.plan(state)
        return -np.inf if plan is None else -self.problem.tariff.total(plan)

    def goal(self, state: Tally) -> float:
        return self.worth(state) * (1 - 1e-9)

    def keeps(self, state: Tally) -> bool:
        return self.plan(state) is not None

    def begun(self, state: Tally) -> Tally:
        stripped = self.stripped(state)  # where plans hold further choices, rules may be broken then
        return stripped if self.keeps(stripped) else state

    def outs(self, state: Tally) -> Sequence[Moves]:
        """One insertion of each bought vehicle, and all of them, the dearest first."""
        bought = np.flatnonzero(state.insertions > self.within.lower)
        dearest = bought[np.argsort(-self.price[bought], kind="stable")]
        return one_or_all(state.insertions, dearest, self.within.lower, self.steps.block)

    def likely(self, state: Tally) -> Sequence[Moves]:
        """A few more of those that add most to the goals per money."""
        steps = self.steps
        sizes = np.array(steps.sizes)
        one = sizes == steps.block[:, None]
        unmet = np.ones(len(self.goals), dtype=bool)
        gains = (self.gains(state, 0.5, unmet, one) / self.money)[one]
        order = np.argsort(-gains, kind="stable")[:_FORCED]
        return [(np.full(steps.usual[j].sum(), j), sizes[steps.usual[j]]) for j in order.tolist()]

    def exchanges(self, state: Tally, out: Moves) -> Iterator[Candidate[Tally]]:
        """Without what is given back: what makes up for it is bought in completing."""
        for vehicle, less in zip(out[0].tolist(), out[1].tolist(), strict=True):
            base = self.moved(state, vehicle, -less)
            yield Candidate(base, state, closed=np.array([vehicle]), screened=True)

    def may_stay(self, state: Tally) -> bool:
        """More is never too much here: others are given back for it."""
        return True

    def least_missed(self, state: Tally, kept: int) -> tuple[int, int] | None:
        return None

    def hopeless(self, candidate: Candidate[Tally], goal: float) -> bool:
        return False

    def completed(self, candidate: Candidate[Tally], goal: float) -> Tally | None:
        """Made up for, by others than those closed and for less money; and what is not needed any more given back."""
        made: Tally | None = candidate.state
        if candidate.closed is not None:
            made = self.made_up(candidate.state, self.cost(candidate.than), candidate.closed)
        return None if made is None else self.stripped(made, candidate.kept)


class CheapestSearch:
    """For one problem of minimum cost; whole insertions."""

    def __init__(self, problem: Problem, deadline: float = np.inf) -> None:
        self.problem = problem
        self.making = CheapestValuation(problem, deadline)
        self.within, self.local = self.making.within, self.making.local

    def improve(self, start: FloatArray) -> FloatArray:
        """The cheapest plan found, from a plan that keeps everything; never a dearer one."""
        best, total = start, self.problem.tariff.total(start)
        insertions = self.problem.columns.insertions(start)
        # The cheapest first: a start far dearer than a greedy plan would take all the time.
        starts = (self.making.contacts.tally(np.rint(insertions)), *self._greedy())
        for tally in sorted(starts, key=self.making.cost):
            plan = (
                self.making.plan(self.local.climb(tally, moves=_MOVES)) if self.making.keeps(tally) else None
            )
            if plan is not None and self.problem.tariff.total(plan) < total:
                best, total = plan, self.problem.tariff.total(plan)
        kept = self.making.contacts.tally(self.problem.columns.insertions(best))
        shaken = self.making.plan(self.local.shaken(kept, self._shaken, _SHAKES, moves=_MOVES))
        return shaken if shaken is not None and self.problem.tariff.total(shaken) < total else best

    def first(self) -> FloatArray | None:
        """A plan bought greedily for all goals at once, None where that leads to none."""
        plans = (self.making.plan(tally) for tally in self._greedy())
        return next((plan for plan in plans if plan is not None), None)

    def _shaken(self, tally: Tally, rng: np.random.Generator) -> Tally | None:
        """A few vehicles out at random, made up for by others."""
        taken = self.local.taken_out(tally, rng)
        if taken is None:
            return None
        # A little dearer at first: the climb that follows makes it cheaper.
        closed = taken[1] if rng.random() < 0.5 else None
        made = self.making.made_up(
            self.making.contacts.tally(taken[0]), 1.2 * self.making.cost(tally), closed, float(rng.random())
        )
        return made if made is not None and self.making.keeps(made) else None

    def _greedy(self) -> Iterator[Tally]:
        """Bought for the goals alone, from the least that the rules ask for."""
        nothing = self.making.contacts.tally(np.ceil(self.within.lower - 1e-9) + 0.0)
        for soft in (0.0, 1.0, 0.5):
            found = self.making.made_up(nothing, np.inf, None, soft)
            if found is not None:
                yield found
