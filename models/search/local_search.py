"""Local search over whole insertions, whatever a plan is worth: reach, people met several times, or money saved.

A plan is improved by moves until none helps: exchange one purchase for another and complete the plan; take a vehicle
out altogether and complete; force more of one in, make room by what is missed least, and complete. What completes a
plan is the valuation's own: reach and n+ reach spend the money left, least money buys what goals still want and gives
back what they do not. Every plan kept on the way keeps all rules and goals; the worth never falls.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from models.arrays import FloatArray, IntArray
from models.search.admissible import Admissible, Moves


class State(Protocol):
    """A plan and what a valuation knows of it. insertions: (n_vehicles,)."""

    @property
    def insertions(self) -> FloatArray | IntArray: ...


S = TypeVar("S", bound=State)


@dataclass(frozen=True, eq=False)
class Candidate(Generic[S]):
    """A plan half made. than: the plan that it should be better than. closed: vehicles of which no more is bought;
    kept: one of which nothing is given back. gained: (n_vehicles,) no less than an insertion gains, where that is
    known. screened: it is known to leave hope."""

    state: S
    than: S
    closed: IntArray | None = None
    kept: int = -1
    gained: FloatArray | None = None
    screened: bool = False


class Valuation(Protocol[S]):
    """What plans are worth to a local search, and how it completes them.

    worth: any unit. goal: what a plan must be worth to count as better than a state. keeps: every rule, floor and n+
    goal. begun: where a search from a state begins. outs, likely: what exchanges give back and what is forced in, the
    most promising first, in groups tried together. exchanges: candidates that leave hope. may_stay: whether rows
    allow a candidate. least_missed: what to give back for room, not of `kept`. hopeless: whether a candidate cannot
    reach the goal. completed: None where that fails.
    """

    within: Admissible
    patience: int

    def moved(self, state: S, vehicle: int, step: int) -> S: ...
    def worth(self, state: S) -> float: ...
    def goal(self, state: S) -> float: ...
    def keeps(self, state: S) -> bool: ...
    def begun(self, state: S) -> S: ...
    def outs(self, state: S) -> Sequence[Moves]: ...
    def likely(self, state: S) -> Sequence[Moves]: ...
    def exchanges(self, state: S, out: Moves) -> Iterator[Candidate[S]]: ...
    def may_stay(self, state: S) -> bool: ...
    def least_missed(self, state: S, kept: int) -> tuple[int, int] | None: ...
    def hopeless(self, candidate: Candidate[S], goal: float) -> bool: ...
    def completed(self, candidate: Candidate[S], goal: float) -> S | None: ...


class LocalSearch(Generic[S]):
    """Of one valuation, until a deadline on time.monotonic's clock."""

    def __init__(self, valuation: Valuation[S], deadline: float = np.inf) -> None:
        self.valuation, self.deadline = valuation, deadline
        self._failed: set[int] = set()  # hashes of plans with a move that did not better them

    @property
    def late(self) -> bool:
        """Whether the search should end."""
        return time.monotonic() > self.deadline or self.valuation.within.tired

    def climb(
        self, state: S, enough: float = np.inf, moves: Sequence[str] = ("exchange", "drop", "force")
    ) -> S:
        """A local optimum of these moves, or a plan worth `enough`, or the best before many moves in vain."""
        state, before, in_vain = self.valuation.begun(state), None, 0
        while state is not before and in_vain < self.valuation.patience:
            before = state
            for move in moves:
                state, in_vain = self._bettered(move, state, enough, in_vain)
        return state

    def _bettered(self, move: str, state: S, enough: float, in_vain: int) -> tuple[S, int]:
        """The plan bettered by all moves of a kind, one after the other, and how many have been in vain since the last
        that was not."""
        trials = deque(self._trials(move, state))
        while trials and in_vain < self.valuation.patience and not self._ends(state, enough):
            trial = trials.popleft()
            better = self._made_once(move, state, trial)
            in_vain = 0 if better is not None else in_vain + len(np.unique(trial[0]))
            if better is None:
                continue
            state = better
            if len(trial[0]) > 1 and not trials:  # all at once: again
                trials.extend(self._trials(move, state))
        return state, in_vain

    def _ends(self, state: S, enough: float) -> bool:
        """Whether time is up, or a plan is worth enough."""
        return self.late or (bool(np.isfinite(enough)) and self.valuation.worth(state) >= enough)

    def shaken(
        self,
        best: S,
        shake: Callable[[S, np.random.Generator], S | None],
        shakes: int,
        enough: float = np.inf,
        moves: Sequence[str] = ("exchange", "drop", "force"),
    ) -> S:
        """The best plan shaken, and made good again by these moves first, until that has not helped `shakes` times."""
        rng, in_vain = np.random.default_rng(0), 0  # the same plan every time
        while in_vain < shakes and not self.late and self.valuation.worth(best) < enough:
            start = shake(best, rng)
            found = None if start is None else self.climb(start, enough, moves)
            in_vain += 1
            if found is None or self.valuation.worth(found) <= self.valuation.goal(best):
                continue
            if self.valuation.keeps(found):
                best, in_vain = found if len(moves) > 1 else self.climb(found, enough), 0
        return best

    def taken_out(self, state: S, rng: np.random.Generator) -> tuple[FloatArray, IntArray] | None:
        """Insertions without one to three bought vehicles drawn at random, and these; None where nothing is bought."""
        within = self.valuation.within
        bought = np.flatnonzero(state.insertions > within.lower)
        if len(bought) == 0:
            return None
        out = rng.choice(bought, size=min(len(bought), int(rng.integers(1, 4))), replace=False)
        insertions = state.insertions.astype(float)
        insertions[out] = within.lower[out]
        return insertions, out

    # --- moves ---

    def _trials(self, move: str, state: S) -> Sequence[Moves]:
        if move == "exchange":
            return self.valuation.outs(state)
        if move == "force":
            return self.valuation.likely(state)
        within = self.valuation.within
        bought = np.flatnonzero(state.insertions > within.lower)
        free = (state.insertions - within.lower).astype(np.int64)
        return [(bought[i : i + 1], free[bought[i : i + 1]]) for i in range(len(bought))]

    def _made_once(self, move: str, state: S, trial: Moves) -> S | None:
        """The plan bettered by a move, None where that fails, or has failed before: shakes end at the same plans again
        and again."""
        key = hash((state.insertions.tobytes(), move, trial[0].tobytes(), trial[1].tobytes()))
        if key in self._failed:
            return None
        found = self._made(move, state, trial)
        if found is None and not self.late:
            self._failed.add(key)
        return found

    def _made(self, move: str, state: S, trial: Moves) -> S | None:
        if move == "exchange":
            return self._exchange(state, trial)
        each = zip(trial[0].tolist(), trial[1].tolist(), strict=True)
        make = self._drop if move == "drop" else self._force
        return next((found for j, step in each if (found := make(state, j, step)) is not None), None)

    def _exchange(self, state: S, out: Moves) -> S | None:
        goal = self.valuation.goal(state)
        for candidate in self.valuation.exchanges(state, out):
            better = self._better(candidate, goal)
            if better is not None:
                return better
        return None

    def _drop(self, state: S, vehicle: int, _: int) -> S | None:
        """All free insertions of a vehicle out; there may be more or fewer by now."""
        free = int(state.insertions[vehicle] - self.valuation.within.lower[vehicle])
        if free <= 0:
            return None
        base = self.valuation.moved(state, vehicle, -free)
        return self._better(Candidate(base, state, closed=np.array([vehicle])), self.valuation.goal(state))

    def _force(self, state: S, vehicle: int, step: int) -> S | None:
        """So many more of a vehicle, room made by what is missed least."""
        if state.insertions[vehicle] + step > self.valuation.within.upper[vehicle]:
            return None
        forced = self.valuation.moved(state, vehicle, step)
        for _ in range(8 * step):
            if self.valuation.may_stay(forced):
                return self._better(Candidate(forced, state, kept=vehicle), self.valuation.goal(state))
            out = self.valuation.least_missed(forced, vehicle)
            if out is None:
                return None
            forced = self.valuation.moved(forced, out[0], -out[1])
        return None

    def _better(self, candidate: Candidate[S], goal: float) -> S | None:
        """The candidate completed, if it keeps everything and is worth more than the goal."""
        if not candidate.screened and self.valuation.hopeless(candidate, goal):
            return None
        found = self.valuation.completed(candidate, goal)
        if found is None or self.valuation.worth(found) <= goal or not self.valuation.keeps(found):
            return None
        return found
