"""Local search on respondents for effective reach: most people met n times or more, exact by recursion.

D_i[k], k < n: the chance that a plan meets respondent i exactly k times. One contact more with chance p (Howard 1972):

    D'[k] = (1 - p) D[k] + p D[k - 1]        so one insertion of j adds  sum_i w_i p_ij D_i[n - 1]

F, the share met n times or more, is not concave: a plan's first insertions add nothing. So plans are bought greedily
for F, for the nearly concave pull E min(N, n) / n, and for both (one insertion of j adds  sum_i w_i p_ij sum_k D_i[k]
/ n to the pull); then purchases are given back one by one and replaced while F grows. No plan so found is proven best.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.respondents.exposure import Exposure
from models.search.admissible import Admissible, Moves

PULLS = (0.0, 0.5, 1.0)  # share of F itself in what is bought for; the rest is the pull
_TRIED = 3  # replacements of each purchase given back that are completed
_LEAST = 1e-12  # relative: less is no gain


@dataclass(frozen=True, eq=False)
class Met:
    """Whole insertions (n_vehicles,), the chance (n, times) of exactly 0 to times - 1 contacts, and people met often
    enough."""

    insertions: IntArray
    fewer: FloatArray
    value: float


class ContactMoves:
    """Of one problem, for people met n times or more: its objective, or one of its goals. Where a plan is more than
    insertions, packages and weeks are found that go with them (models.search.admissible)."""

    def __init__(self, problem: Problem, exposure: Exposure, effective: Effective, deadline: float) -> None:
        self.problem, self.exposure, self.deadline = problem, exposure, deadline
        self.people, self.times = effective.people, effective.times
        self.within = Admissible(problem)
        self.price = np.maximum(self.within.prices.price, 1e-12)

    @property
    def late(self) -> bool:
        """Whether the search should end."""
        return time.monotonic() > self.deadline or self.within.tired

    def at(self, insertions: IntArray) -> Met:
        """Where whole insertions (n_vehicles,) stand."""
        fewer = np.zeros((self.exposure.size, self.times))
        fewer[:, 0] = 1.0
        for j in np.flatnonzero(insertions):
            for _ in range(int(insertions[j])):
                self._met_once_more(fewer, int(j))
        return self._met(insertions, fewer)

    def _met(self, insertions: IntArray, fewer: FloatArray) -> Met:
        return Met(insertions, fewer, float(self.people @ (1 - fewer.sum(axis=1))))

    def _met_once_more(self, fewer: FloatArray, vehicle: int) -> None:
        chance = self.exposure.chance
        own = slice(chance.indptr[vehicle], chance.indptr[vehicle + 1])
        rows, p = chance.indices[own], chance.data[own][:, None]
        before = fewer[rows]
        after = before * (1 - p)
        after[:, 1:] += before[:, :-1] * p
        fewer[rows] = after

    def keeps(self, state: Met) -> bool:
        """Whether it keeps every rule, floor and goal, by their own check."""
        plan = self.within.plan(state.insertions.astype(float))
        return plan is not None and not self.problem.broken(plan)

    def _purchases(self, insertions: IntArray) -> Moves:
        """What may be bought next, so far as insertions alone tell."""
        if self.within.rows is not None:
            return self.within.purchases(insertions, self.within.activity(insertions))
        vehicles = np.flatnonzero(self.within.room(insertions.astype(float), (1,))[:, 0])
        return vehicles, np.ones(len(vehicles), dtype=np.int64)

    def _gains(self, state: Met, sharp: float) -> FloatArray:
        """(n_vehicles,) of one insertion more: so much of F itself, the rest of the pull."""
        pull = state.fewer.sum(axis=1) / self.times
        return self.exposure.gains(self.people * (sharp * state.fewer[:, -1] + (1 - sharp) * pull))

    def filled(self, state: Met, sharp: float, closed: int = -1) -> Met:
        """Bought greedily, most for its money first, while rules allow it; not of `closed`. Where packages and weeks
        must go with insertions, a vehicle of which one more found none is not asked about again."""
        insertions, fewer = state.insertions.copy(), state.fewer.copy()
        refused = {closed}
        while not self.late:
            vehicles, steps = self._purchases(insertions)
            gains = self._gains(Met(insertions, fewer, 0.0), sharp)[vehicles]
            open_ = (gains > 0) & ~np.isin(vehicles, list(refused))
            rate = np.where(open_, gains / self.price[vehicles], -1.0)
            if not len(rate) or rate.max() <= 0:
                break
            best = int(np.argmax(rate))
            vehicle = int(vehicles[best])
            insertions[vehicle] += steps[best]
            if self.within.rows is None and not self.within.rows_allow(insertions.astype(float)):
                insertions[vehicle] -= steps[best]
                refused.add(vehicle)
                continue
            for _ in range(int(steps[best])):
                self._met_once_more(fewer, vehicle)
        return self._met(insertions, fewer)

    def plans(self, starts: list[IntArray]) -> Iterator[Met]:
        """Plans that keep the rules: starts filled up, greedy ones from nothing and from each package, and the best of
        all improved."""
        packages = self.problem.tariff.in_packages.astype(np.int64)
        bases = [self.within.lower, *(np.maximum(self.within.lower, package) for package in packages)]
        found = [self.filled(self.at(start), 1.0) for start in starts]
        for base in bases:
            if self.within.rows_allow(base.astype(float)):
                found += [self.filled(self.filled(self.at(base), sharp), 1.0) for sharp in PULLS]
        kept = [state for state in found if self.keeps(state)]
        yield from kept
        if kept:
            yield self.improved(max(kept, key=lambda state: state.value))

    def improved(self, best: Met) -> Met:
        """A plan that no exchange betters, or the best when time ends."""
        again = True
        while again and not self.late:
            again = False
            for better in self._exchanges(best):
                if better.value > best.value * (1 + _LEAST) and self.keeps(better):
                    best, again = better, True
                    break
        return best

    def _exchanges(self, state: Met) -> Iterator[Met]:
        """Plans with one purchase given back and the most promising others in its place, filled up."""
        for j, step in zip(*self.within.given_back(state.insertions), strict=True):
            insertions = state.insertions.copy()
            insertions[j] -= step
            without = self.at(insertions)
            yield self.filled(without, 1.0, closed=int(j))
            fewest = self.within.fewest(insertions)
            gains = self._gains(without, 1.0)
            gains[[j, *np.flatnonzero(insertions >= self.within.upper)]] = -1.0
            for k in np.argsort(-gains, kind="stable")[:_TRIED]:
                other = insertions.copy()
                other[k] += fewest[k]
                if self.within.rows_allow(other.astype(float)):
                    yield self.filled(self.at(other), 1.0)
                if self.late:
                    return

    # --- for least money ---

    def cheapened(self, insertions: IntArray) -> Met:
        """Purchases given back, the dearest first, or exchanged for cheaper ones, as long as everything holds."""
        state, again = self.at(insertions), True
        while again and not self.late:
            again = False
            for cheaper in self._cheaper(state):
                if self.keeps(cheaper):
                    state, again = cheaper, True
                    break
        return state

    def _cheaper(self, state: Met) -> Iterator[Met]:
        """Plans with one purchase given back, then with a cheaper one in its place that gains most for its money."""
        vehicles, steps = self.within.given_back(state.insertions)
        saved = self.within.prices.back(state.insertions, (vehicles, steps))
        order = np.argsort(-saved, kind="stable")
        without = []
        for j, step, money in zip(vehicles[order], steps[order], saved[order], strict=True):
            insertions = state.insertions.copy()
            insertions[j] -= step
            without.append((self.at(insertions), int(j), float(money)))
            yield without[-1][0]
        for fewer, j, money in without:
            fewest = self.within.fewest(fewer.insertions)
            price = self.price * fewest
            gains = self._gains(fewer, 0.5) / self.price
            open_ = (price < money * (1 - _LEAST)) & (fewer.insertions + fewest <= self.within.upper)
            open_[j] = False
            for k in np.argsort(-np.where(open_, gains, -1.0), kind="stable")[:_TRIED]:
                if open_[k] and not self.late:
                    other = fewer.insertions.copy()
                    other[k] += fewest[k]
                    yield self.at(other)
