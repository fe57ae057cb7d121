"""Local search on respondents: buy, and exchange one purchase for another, each judged by the exact worth.

The worth of many exchanges at once is one product of matrices: with w_i = worth_i m_i,

    give back j, buy k:   sum_i w_i / (1 - p_ij) p_ik  -  sum_i w_i p_ij / (1 - p_ij)

with worth_i of a little more reach where the plan stands (word of mouth makes it fall). Money that an exchange frees
counts at the price of the last purchase; the plan is then completed greedily, and kept where it is worth more by its
own arithmetic. Rules come from models.search.admissible, all moves at once.
"""

import time
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.respondents.exposure import Exposure
from models.search.admissible import Admissible, Moves

_TOGETHER = 24  # given back at once, in one product of matrices
_TRIED = 12  # exchanges of one such product that are completed, the most promising first
_ASKED = 4_000  # of them are held against the rules
_FREED = 0.9  # of the best purchase's worth for its money: what freed money is taken to bring
_SHAKEN = 0.3  # of the vehicles bought, at most, are given back
_LEAST = 1e-12  # relative: less is no gain
_WHOLE = 1e-6  # of an insertion: nearer to a whole number is one


@dataclass(frozen=True, eq=False)
class Bought:
    """Whole insertions (n_vehicles,), the chance of each respondent to be missed (n,), and what a little more of his
    reach is worth (n,)."""

    insertions: IntArray
    missed: FloatArray
    worth: FloatArray
    value: float


class RespondentMoves:
    """Of one problem whose plans are insertions only. deadline: on time.monotonic's clock."""

    def __init__(self, problem: Problem, exposure: Exposure, deadline: float = np.inf) -> None:
        self.problem, self.exposure, self.deadline = problem, exposure, deadline
        self.within = Admissible(problem)
        self.linear = problem.objective.insertion_worth
        self.price = np.maximum(self.within.prices.price, 1e-12)

    @property
    def late(self) -> bool:
        """Whether the search should end."""
        return time.monotonic() > self.deadline

    def at(self, insertions: IntArray) -> Bought:
        """Where whole insertions stand."""
        missed = self.exposure.missed(insertions.astype(float))
        objective, reach = self.problem.objective, 1 - missed
        value = objective.value(reach, insertions.astype(float))
        return Bought(insertions, missed, objective.worth_of_reach(reach), value)

    def keeps(self, state: Bought) -> bool:
        """Whether it keeps every rule and floor, by their own check."""
        return not self.problem.broken(state.insertions.astype(float))

    # --- buying ---

    def filled(self, state: Bought, closed: int = -1) -> Bought:
        """Bought greedily, most worth for its money first, while rules allow it; not of `closed`.

        Gains only fall as more is bought (the worth is submodular), so a gain once known is an upper bound, and only
        the most promising are worked out again.
        """
        insertions, missed = state.insertions.copy(), state.missed.copy()
        known = self.exposure.gains(state.worth * missed) + self.linear
        while not self.late:
            vehicles, steps = self.within.purchases(insertions, self.within.activity(insertions))
            open_ = (vehicles != closed) & (known[vehicles] > 0)
            vehicles, steps = vehicles[open_], steps[open_]
            if not len(vehicles):
                break
            j, step = self._next((vehicles, steps), known, state.worth * missed)
            if known[j] <= 0:
                continue
            insertions[j] += step
            rows, level = _met_by(self.exposure, j)
            missed[rows] *= np.exp(-level * step)
        return self.at(insertions)

    def _next(self, moves: Moves, known: FloatArray, weight: FloatArray) -> tuple[int, int]:
        """The purchase of most worth for its money; `known` gains are brought up to date on the way."""
        vehicles, steps = moves
        fresh: set[int] = set()
        while True:
            rate = known[vehicles] / self.price[vehicles]
            at = int(np.argmax(rate))
            j = int(vehicles[at])
            if j in fresh:
                return j, int(steps[at])
            rows, level = _met_by(self.exposure, j)
            known[j] = float(weight[rows] @ -np.expm1(-level)) + self.linear[j]
            fresh.add(j)

    # --- exchanging ---

    def improved(self, insertions: IntArray, enough: float = np.inf) -> Bought:
        """A plan that no exchange betters, or that is worth `enough`, or the best when time ends."""
        best = self.filled(self.at(insertions))
        if not self.keeps(best):
            best = self.at(insertions)
        again = True
        while again and not self.late and best.value < enough:
            again = False
            for out in self._portions(best):
                better = self._exchanged(best, out)
                if better is not None:
                    best, again = better, True
                    break
                if self.late:
                    break
        return best

    def shaken(self, best: Bought, shakes: int, enough: float = np.inf) -> Bought:
        """The best plan with some purchases given back at random and made good again, until that has not helped
        `shakes` times, or time ends."""
        rng, in_vain = np.random.default_rng(0), 0  # the same plan every time
        while in_vain < shakes and not self.late and best.value < enough:
            insertions = best.insertions.copy()
            free = np.flatnonzero(insertions > np.maximum(self.within.lower, 0))
            if not len(free):
                return best
            size = int(rng.integers(1, max(2, int(_SHAKEN * len(free)) + 1)))
            for j in rng.choice(free, min(size, len(free)), replace=False):
                insertions[j] = max(int(self.within.lower[j]), 0)
            tried = self.improved(insertions, enough)
            if tried.value > best.value * (1 + _LEAST) and self.keeps(tried):
                best, in_vain = tried, 0
            else:
                in_vain += 1
        return best

    def cheapened(self, insertions: IntArray, least: float, kept: int) -> Bought:
        """Purchases given back one by one, the one whose money is missed least first, as long as the rules hold and the
        plan is worth more than `least`; not of the vehicle `kept`."""
        state, refused = self.at(insertions), {kept}
        while not self.late:
            vehicles, steps = self.within.given_back(state.insertions)
            free = ~np.isin(vehicles, list(refused))
            vehicles, steps = vehicles[free], steps[free]
            if not len(vehicles):
                break
            lost = self.exposure.losses(state.worth * state.missed, vehicles) * steps
            place = int(np.argmin(lost / (self.price[vehicles] * steps)))
            fewer = state.insertions.copy()
            fewer[vehicles[place]] -= steps[place]
            without = self.at(fewer)
            if without.value > least and self.keeps(without):
                state = without
            else:
                refused.add(int(vehicles[place]))
        return state

    def drawn(self, point: FloatArray, tries: int, enough: float = np.inf, seed: int = 0) -> Bought | None:
        """The best of plans next to a point (n_vehicles,) of parts: each part is bought with its own size for a chance
        (Raghavan and Thompson 1987), what rules forbid is given back, the smallest parts first, and local search makes
        the rest of it. None where none keeps the rules."""
        rng, best = np.random.default_rng(seed), None
        whole = np.floor(point + _WHOLE)
        order = np.argsort(point - whole, kind="stable")
        for _ in range(tries):
            more = rng.random(len(point)) < point - whole
            found = self.improved(_cut_back(self.within, (whole + more).astype(np.int64), order), enough)
            if (best is None or found.value > best.value) and self.keeps(found):
                best = found
            if self.late or (best is not None and best.value >= enough):
                break
        return best

    def _portions(self, state: Bought) -> list[Moves]:
        """What may be given back, what is missed least for its money first, in portions."""
        vehicles, steps = self.within.given_back(state.insertions)
        if not len(vehicles):
            return []
        lost = self.exposure.losses(state.worth * state.missed, vehicles) * steps
        order = np.argsort(lost / (self.price[vehicles] * steps), kind="stable")
        vehicles, steps = vehicles[order], steps[order]
        parts = range(0, len(vehicles), _TOGETHER)
        return [(vehicles[at : at + _TOGETHER], steps[at : at + _TOGETHER]) for at in parts]

    def _exchanged(self, state: Bought, out: Moves) -> Bought | None:
        """The best exchange that gains by itself; else the first that, completed, is worth more; None where none is."""
        direct, promise = self._promise(state, out)
        least = _LEAST * max(abs(state.value), 1.0)
        for worth, tries in ((direct, 3), (promise, _TRIED)):
            for given, taken in self._candidates(state, out, worth, least, tries):
                better = self._made(state, (int(out[0][given]), int(out[1][given])), taken)
                if better.value > state.value * (1 + _LEAST) and self.keeps(better):
                    return better
                if self.late:
                    return None
        return None

    def _candidates(
        self, state: Bought, out: Moves, worth: FloatArray, least: float, tries: int
    ) -> list[tuple[int, int]]:
        """The most promising exchanges that rows allow: places in `out`, and vehicles."""
        given, taken = np.nonzero(worth > least)
        order = np.argsort(-worth[given, taken], kind="stable")[:_ASKED]
        given, taken = given[order], taken[order]
        if not len(given):
            return []
        fewest = self.within.fewest(state.insertions)
        gone, come = (out[0][given], out[1][given]), (taken, fewest[taken])
        kept = np.flatnonzero(self.within.exchanges_allowed(state.insertions, gone, come))[:tries]
        return list(zip(given[kept].tolist(), taken[kept].tolist(), strict=True))

    def _promise(self, state: Bought, out: Moves) -> tuple[FloatArray, FloatArray]:
        """(n_out, n_vehicles) what each exchange adds, one insertion bought; and with the money it frees, at the price
        of the best purchase now."""
        weight, (vehicles, steps) = state.worth * state.missed, out
        loaded = self.exposure.without(weight, vehicles, steps)
        lost = (loaded - weight[:, None]).sum(axis=0) + self.linear[vehicles] * steps
        direct = self.exposure.gains(loaded).T + self.linear - lost[:, None]
        now = self.exposure.gains(weight) + self.linear
        free = state.insertions < self.within.upper
        direct[:, ~free] = -np.inf
        direct[np.arange(len(vehicles)), vehicles] = -np.inf
        if not np.isfinite(self.within.prices.amount):
            return direct, direct
        rate = float(np.max(np.where(free, now / self.price, 0.0), initial=0.0))
        money = (self.price[vehicles] * steps)[:, None] - self.price[None, :]
        return direct, direct + _FREED * rate * np.maximum(money, 0.0)

    def _made(self, state: Bought, out: tuple[int, int], into: int) -> Bought:
        insertions = state.insertions.copy()
        insertions[out[0]] -= out[1]
        insertions[into] += int(self.within.fewest(state.insertions)[into])
        return self.filled(self.at(insertions), closed=out[0])


def _met_by(exposure: Exposure, vehicle: int) -> tuple[IntArray, FloatArray]:
    """Who can be met by a vehicle, and l of each."""
    columns = exposure.columns
    own = slice(columns.indptr[vehicle], columns.indptr[vehicle + 1])
    return columns.indices[own], columns.data[own]


def _cut_back(within: Admissible, insertions: IntArray, order: IntArray) -> IntArray:
    """Without so many purchases, in this order, that no row is above what it allows at most."""
    found = np.clip(insertions, within.lower, within.upper)
    for j in order:
        if within.rows is None or (within.activity(found) <= within.rows.most + within.rows.tolerance).all():
            break
        found[j] = max(int(within.lower[j]), 0) if found[j] > within.lower[j] else found[j]
    return np.asarray(found)
